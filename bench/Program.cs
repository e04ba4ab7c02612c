using Plug1.Bench;

var json = args.Contains("--json");
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;

switch (args.FirstOrDefault())
{
    case "forecast":
        return ForecastBenchmark.Run(Option("--data", Environment.GetEnvironmentVariable("PLUG1_BENCH_DATA") ?? "data"), json);
    default:
        Console.Error.WriteLine("Usage: Plug1.Bench forecast [--data <folder with forecast-m3, forecast-m4, forecast-tourism>] [--json]");
        return 2;
}
