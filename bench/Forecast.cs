using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Plug1.Kernel.Analytics;

namespace Plug1.Bench;

/// <summary>One competition series: what the forecaster may see, and what came after.</summary>
internal sealed record CompetitionSeries(string Name, string Period, int Frequency, double[] Train, double[] Test);

/// <summary>How our forecasts did over a group of series.</summary>
internal sealed class Tally
{
    private readonly List<double> elapsed = [];
    private double smape;
    private double mase;
    private int maseCount;
    private int points;
    private int inside80;
    private int inside95;

    public int Series => elapsed.Count;
    public double Smape => smape / Series;
    public double Mase => mase / maseCount;
    public double Coverage80 => (double)inside80 / points;
    public double Coverage95 => (double)inside95 / points;
    public double Milliseconds => elapsed.Average();
    public double SlowestMilliseconds => elapsed.Max();

    public void Add(CompetitionSeries series, ForecastResult forecast, double milliseconds)
    {
        elapsed.Add(milliseconds);
        var (s, m) = Accuracy.Of(series, [.. forecast.Points.Select(point => point.Value)]);
        smape += s;
        if (double.IsFinite(m))
        {
            mase += m;
            maseCount++;
        }

        for (var j = 0; j < series.Test.Length; j++)
        {
            var (point, actual) = (forecast.Points[j], series.Test[j]);
            points++;
            if (actual >= point.Low80 && actual <= point.High80) inside80++;
            if (actual >= point.Low95 && actual <= point.High95) inside95++;
        }
    }
}

/// <summary>The error measures of the competitions, per series.</summary>
internal static class Accuracy
{
    public static (double Smape, double Mase) Of(CompetitionSeries series, double[] forecast)
    {
        double smape = 0, miss = 0, scale = 0;
        for (var j = 0; j < series.Test.Length; j++)
        {
            var error = Math.Abs(series.Test[j] - forecast[j]);
            miss += error;
            var size = Math.Abs(series.Test[j]) + Math.Abs(forecast[j]);
            smape += size == 0 ? 0 : 200 * error / size;
        }

        for (var t = series.Frequency; t < series.Train.Length; t++) scale += Math.Abs(series.Train[t] - series.Train[t - series.Frequency]);
        scale /= series.Train.Length - series.Frequency;
        return (smape / series.Test.Length, miss / series.Test.Length / scale);
    }
}

/// <summary>Forecast accuracy on competition data, beside the published methods on the very same series.</summary>
internal static class ForecastBenchmark
{
    // What a user would say of data of each kind; the forecaster finds out itself what shows.
    private static readonly Dictionary<string, int[]> Cycles = new(StringComparer.Ordinal)
    {
        ["hourly"] = [24, 168],
        ["weekly"] = [52],
        ["monthly"] = [12],
        ["quarterly"] = [4],
        ["yearly"] = [],
        ["other"] = [],
    };

    public static int Run(string dataDir, bool json = false)
    {
        var all = new Tally();
        var m3 = new Tally();
        var owa = new Dictionary<string, double>(StringComparer.Ordinal);
        var m3Theta = (Sum: 0.0, Count: 0);
        foreach (var set in (string[])["forecast-m4", "forecast-m3", "forecast-tourism"])
        {
            var folder = Path.Combine(dataDir, set);
            if (!File.Exists(Path.Combine(folder, "series.csv")))
            {
                Console.Error.WriteLine($"{folder} is not there; give the folder with --data.");
                return 1;
            }

            var published = Published(folder);
            foreach (var period in Read(folder).GroupBy(series => series.Period, StringComparer.Ordinal))
            {
                var tally = new Tally();
                foreach (var series in period)
                {
                    var clock = Stopwatch.GetTimestamp();
                    var forecast = Forecasts.Of(new ForecastRequest(series.Train, series.Test.Length) { SeasonLengths = Cycles[period.Key], NeverNegative = true });
                    var took = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
                    foreach (var counted in set == "forecast-m3" ? new[] { tally, all, m3 } : [tally, all]) counted.Add(series, forecast, took);
                }

                var methods = published.Where(method => method.Period == period.Key).ToList();
                Print(set, period.Key, tally, methods);
                var reference = methods.Find(method => method.Method is "Naive2" or "NAIVE2");
                if (set == "forecast-m4") owa[period.Key] = Owa(tally.Smape, tally.Mase, reference);
                if (set == "forecast-m3")
                {
                    var theta = methods.Find(method => method.Method == "THETA");
                    m3Theta = (m3Theta.Sum + (theta.Smape * tally.Series), m3Theta.Count + tally.Series);
                }
            }
        }

        var daily = DailyMilliseconds();
        Console.WriteLine(FormattableString.Invariant($"M3, all {m3.Series} series: sMAPE {m3.Smape:0.000}, published Theta {m3Theta.Sum / m3Theta.Count:0.000}"));
        Console.WriteLine(FormattableString.Invariant($"All {all.Series} series: 80 % ranges hold {all.Coverage80:0.000}, 95 % ranges hold {all.Coverage95:0.000}; {all.Milliseconds:0.0} ms a series"));
        Console.WriteLine(FormattableString.Invariant($"Five years of daily values, 30 days ahead: {daily:0.0} ms"));
        if (!json) return 0;
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["owa_monthly"] = Math.Round(owa["monthly"], 4),
            ["owa_weekly"] = Math.Round(owa["weekly"], 4),
            ["owa_hourly"] = Math.Round(owa["hourly"], 4),
            ["m3_smape"] = Math.Round(m3.Smape, 4),
            ["m3_theta_smape"] = Math.Round(m3Theta.Sum / m3Theta.Count, 4),
            ["coverage_95"] = Math.Round(all.Coverage95, 4),
            ["ms_per_series"] = Math.Round(all.Milliseconds, 2),
            ["ms_daily_five_years"] = Math.Round(daily, 2),
        }));
        return 0;
    }

    private static double Owa(double smape, double mase, (string Period, string Method, double Smape, double Mase) reference) =>
        ((smape / reference.Smape) + (mase / reference.Mase)) / 2;

    private static void Print(string set, string period, Tally ours, List<(string Period, string Method, double Smape, double Mase)> published)
    {
        Console.WriteLine(FormattableString.Invariant($"{set}, {period}: {ours.Series} series, {ours.Milliseconds:0.0} ms each, slowest {ours.SlowestMilliseconds:0.0}; ")
            + FormattableString.Invariant($"80 % ranges hold {ours.Coverage80:0.000}, 95 % ranges {ours.Coverage95:0.000}"));
        var reference = published.Find(method => method.Method is "Naive2" or "NAIVE2");
        if (reference.Method is null) reference = published.Find(method => method.Method == "calc_snaive");
        published.Add((period, "Plug1", ours.Smape, ours.Mase));
        Console.WriteLine($"  {"method",-14} {"sMAPE",8} {"MASE",8} {"OWA",7}   (OWA against {reference.Method})");
        foreach (var method in published.OrderBy(method => Owa(method.Smape, method.Mase, reference)))
        {
            Console.WriteLine(FormattableString.Invariant($"  {method.Method,-14} {method.Smape,8:0.000} {method.Mase,8:0.000} ")
                + FormattableString.Invariant($"{Owa(method.Smape, method.Mase, reference),7:0.000}{(method.Method == "Plug1" ? " <" : "")}"));
        }

        Console.WriteLine();
    }

    private static double DailyMilliseconds()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 5 * 365).Select(day => Math.Round(Math.Max(0,
            (200 + (day * 0.03)) * (1 + (0.3 * Math.Sin(day * Math.Tau / 7))) * (1 + (0.2 * Math.Sin(day * Math.Tau / 365.25))) * (0.8 + (0.4 * random.NextDouble()))))).ToArray();
        var request = new ForecastRequest(values, 30) { SeasonLengths = [7, 365], NeverNegative = true };
        _ = Forecasts.Of(request);
        const int rounds = 10;
        var clock = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds; round++) _ = Forecasts.Of(request);
        return Stopwatch.GetElapsedTime(clock).TotalMilliseconds / rounds;
    }

    private static List<(string Period, string Method, double Smape, double Mase)> Published(string folder) =>
        [.. Rows(Path.Combine(folder, "known-answers", "errors_by_period_and_method.csv")).Select(row => (row["period"], row["method"], Number(row["smape"]), Number(row["mase"])))];

    private static List<CompetitionSeries> Read(string folder)
    {
        var train = Values(Path.Combine(folder, "train.csv.gz"));
        var test = Values(Path.Combine(folder, "test.csv.gz"));
        return [.. Rows(Path.Combine(folder, "series.csv")).Select(row => new CompetitionSeries(row["series"], row["period"],
            int.Parse(row["frequency"], CultureInfo.InvariantCulture), train[row["series"]], test[row["series"]]))];
    }

    private static Dictionary<string, double[]> Values(string path) => Rows(path).GroupBy(row => row["series"], row => Number(row["y"]), StringComparer.Ordinal)
        .ToDictionary(series => series.Key, series => series.ToArray(), StringComparer.Ordinal);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<Dictionary<string, string>> Rows(string path)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var text = new StreamReader(plain);
        var head = Fields(text.ReadLine()!);
        while (text.ReadLine() is { } line)
        {
            var fields = Fields(line);
            yield return head.Select((name, at) => (name, fields[at])).ToDictionary(pair => pair.name, pair => pair.Item2, StringComparer.Ordinal);
        }
    }

    // Names of series may hold commas, and are quoted then.
    private static List<string> Fields(string line)
    {
        if (!line.Contains('"')) return [.. line.Split(',')];
        var fields = new List<string> { "" };
        var quoted = false;
        foreach (var letter in line)
        {
            if (letter == '"') quoted = !quoted;
            else if (letter == ',' && !quoted) fields.Add("");
            else fields[^1] += letter;
        }

        return fields;
    }
}
