using Plug1.Bench;

var json = args.Contains("--json");
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;

switch (args.FirstOrDefault())
{
    case "forecast":
        return ForecastBenchmark.Run(Option("--data", Environment.GetEnvironmentVariable("PLUG1_BENCH_DATA") ?? "data"), json);
    case "reads":
        return await ReadsBenchmark.Run(Option("--database", "sqlite:bench-reads.db"), int.Parse(Option("--sales", "200000")), int.Parse(Option("--days", "365")), int.Parse(Option("--rounds", "100")));
    default:
        Console.Error.WriteLine("Usage: Plug1.Bench forecast [--data <folder with forecast-m3, forecast-m4, forecast-tourism>] [--json]");
        Console.Error.WriteLine("       Plug1.Bench reads [--database sqlite:FILE or a PostgreSQL connection string] [--sales 200000] [--days 365] [--rounds 100]");
        return 2;
}
