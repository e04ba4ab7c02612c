using System.Globalization;
using Plug1.Bench;
using Plug1.Bench.Checkout;
using Plug1.Bench.Export;
using Plug1.Bench.Reads;
using Plug1.Bench.Reports;
using Plug1.Kernel.Storage;

var json = args.Contains("--json");
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1]
    : Array.Find(args, argument => argument.StartsWith(name + "=", StringComparison.Ordinal)) is { } joined ? joined[(name.Length + 1)..] : otherwise;
int Number(string name, int otherwise) => int.Parse(Option(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
string? Keep() => Option("--keep", "") is { Length: > 0 } keep ? Path.GetFullPath(keep) : null;
Engine WhichEngine() => Option("--engine", "sqlite") == "postgres" ? Engine.Postgres : Engine.Sqlite;

switch (args.FirstOrDefault())
{
    case "forecast":
        return ForecastBenchmark.Run(Option("--data", Environment.GetEnvironmentVariable("PLUG1_BENCH_DATA") ?? "data"), json);
    case "reads":
        return await ReadsBenchmark.Run(new ReadsOptions(WhichEngine(), Number("--sales", 200_000), Number("--rounds", 100), json, Keep(), Option("--only", "")));
    case "reports":
        return await ReportsBenchmark.Run(new ReportsOptions(WhichEngine(), Number("--small", 200_000), Number("--large", 1_000_000), Number("--rounds", 100), json, Keep(), Option("--only", "")));
    case "checkout":
        return await CheckoutBenchmark.Run(new CheckoutOptions(WhichEngine(), Number("--sales", 10_000), Number("--grow", 200_000), json));
    case "export":
        return await ExportBenchmark.Run(new ExportOptions(WhichEngine(), Number("--rows", 1_000_000), json));
    case "audit":
        return await AuditBenchmark.Run(WhichEngine(), Number("--events", 200_000), json);
    case "segments":
        return await SegmentsBenchmark.Run(WhichEngine(), Number("--customers", 1_000_000), json);
    case "serve":
        return await ServerProcess.Serve(Option("--database", ""));
    default:
        Console.Error.WriteLine("""
            Usage: Plug1.Bench forecast [--data <folder with forecast-m3, forecast-m4, forecast-tourism>] [--json]
                   Plug1.Bench checkout [--engine sqlite|postgres] [--sales <for each number of clients>] [--grow <sales, 0 for none>] [--json]
                   Plug1.Bench reads [--engine sqlite|postgres] [--sales <of the year>] [--rounds <for each address>] [--only <part of a name>]
                                     [--keep <folder; the filled database stays there and is used again by the next run>] [--json]
                   Plug1.Bench reports [--engine sqlite|postgres] [--small 200000] [--large 1000000] [--rounds <for each question>] [--only <part of a name>] [--keep <folder>] [--json]
                   Plug1.Bench export [--engine sqlite|postgres] [--rows 1000000] [--json]
                   Plug1.Bench segments [--engine sqlite|postgres] [--customers 1000000] [--json]
                   Plug1.Bench audit [--engine sqlite|postgres] [--events 200000] [--json]
            """);
        return 2;
}
