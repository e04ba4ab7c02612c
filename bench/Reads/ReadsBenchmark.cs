using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Bench.Checkout;
using Plug1.Host.Setup;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Bench.Reads;

/// <summary>What to measure.</summary>
/// <param name="Engine">On which engine.</param>
/// <param name="Sales">How many sales the year has.</param>
/// <param name="Rounds">How often each address is asked.</param>
/// <param name="Json">Whether the last line is one JSON object.</param>
/// <param name="Keep">A folder in which the filled database is kept, and found again by the next run; null drops it at the end.</param>
/// <param name="Only">Measures only the addresses whose names have this text.</param>
internal sealed record ReadsOptions(Engine Engine, int Sales, int Rounds, bool Json, string? Keep, string Only);

/// <summary>How long lists, dashboards, reports and analytics take over HTTP, on a year of sales that the real checkout has written.</summary>
internal static class ReadsBenchmark
{
    private const int Days = 365;
    private const double Aim = 100;

    public static async Task<int> Run(ReadsOptions options)
    {
        var kept = KeptShop.Find(options.Keep, options.Engine, options.Sales);
        await using var shop = kept is null ? await BenchShop.Open(options.Engine, options.Keep) : BenchShop.Reopen(options.Engine, kept.Setting, kept.OfficeToken);
        var today = kept?.Today ?? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        using var server = await ServerProcess.Start(shop.Setting);
        if (kept is null) Fill(options, shop, server, today);
        await Settle(shop);
        if (kept is null && options.Keep is { } folder) new KeptShop(shop.Setting, shop.OfficeToken, options.Sales, today).Save(folder, options.Engine);

        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", shop.OfficeToken);
        var figures = new Dictionary<string, object>(StringComparer.Ordinal);
        var (beyond, worst) = (0, 0.0);
        foreach (var (name, address) in await Addresses(client, today))
        {
            if (!name.Contains(options.Only, StringComparison.Ordinal)) continue;
            var times = await Measure(client, address, options.Rounds);
            var (p50, p95) = (Percentile(times, 0.5), Percentile(times, 0.95));
            (beyond, worst) = (beyond + (p95 > Aim ? 1 : 0), Math.Max(worst, p95));
            figures[name] = new { p50_ms = Math.Round(p50, 1), p95_ms = Math.Round(p95, 1) };
            Console.WriteLine(FormattableString.Invariant($"{name,-48} p50 {p50,7:0.0}  p95 {p95,7:0.0} ms{(p95 > Aim ? "  beyond the aim" : "")}"));
        }

        Console.WriteLine(FormattableString.Invariant($"{figures.Count} addresses, {beyond} beyond {Aim:0} ms at the 95th percentile, the slowest {worst:0.0} ms"));
        if (options.Json) Console.WriteLine(JsonSerializer.Serialize(new { engine = options.Engine == Engine.Sqlite ? "sqlite" : "postgres", sales = options.Sales, worst_p95_ms = Math.Round(worst, 1), beyond_aim = beyond, reads = figures }));
        return 0;
    }

    private static void Fill(ReadsOptions options, BenchShop shop, ServerProcess server, DateOnly today)
    {
        var clock = Stopwatch.StartNew();
        using (var tills = new TillDriver(server.Address, shop.OfficeToken, BenchShop.Tills, at => today.AddDays((int)((long)at * Days / options.Sales) - Days + 1)))
            tills.Run(BenchShop.Tills, options.Sales);
        Console.WriteLine(FormattableString.Invariant($"{options.Engine}: {options.Sales} sales over {Days} days, rung up in {clock.Elapsed.TotalSeconds:0} s"));
    }

    /// <summary>The facts are summed, and PostgreSQL knows the sizes of its tables, as both are a minute after the last sale.</summary>
    private static async Task Settle(BenchShop shop)
    {
        await using var database = Database.Open(shop.Setting);
        await using var services = new ServiceCollection().AddPlug1(database, options => options.KeyFile = Path.Combine(Path.GetTempPath(), $"plug1-bench-{Environment.ProcessId}.key")).BuildServiceProvider();
        await new Rollups(database, services.GetServices<Function>()).CatchUp();
        if (shop.Engine == Engine.Postgres) await BenchShop.Execute(shop.Setting, "vacuum analyze");
    }

    private static async Task<IReadOnlyList<(string Name, Func<int, string> Address)>> Addresses(HttpClient client, DateOnly today)
    {
        const string api = "/api/v1", pos = $"{api}/sales/point-of-sale";
        using var list = JsonDocument.Parse(await client.GetStringAsync(new Uri($"{pos}?limit=100", UriKind.Relative)));
        var documents = list.RootElement.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("id").GetString()).ToList();
        using var accounts = JsonDocument.Parse(await client.GetStringAsync(new Uri($"{api}/ledger/accounts", UriKind.Relative)));
        var account = accounts.RootElement.GetProperty("items").EnumerateArray().First(row => row.GetProperty("name").GetString()!.Contains("ales", StringComparison.Ordinal)).GetProperty("code").GetString();
        string Document(int round) => $"{pos}/{documents[round % documents.Count]}";
        string Month(int round) => $"from={Iso(today.AddDays(-30 - (round % 11 * 30)))}&to={Iso(today.AddDays(-(round % 11 * 30)))}";
        var year = $"from={Iso(today.AddDays(1 - Days))}&to={Iso(today)}";
        List<(string, Func<int, string>)> addresses =
        [
            ("list, latest first", _ => pos),
            ("list, by number", _ => $"{pos}?sort=number"),
            ("list, number begins with", round => $"{pos}?q=HQ-T{1 + (round % BenchShop.Tills)}-0000{round % 10}"),
            ("list, greatest total of a month", round => $"{pos}?sort=-total&{Month(round)}"),
            ("list, with the total of all", _ => $"{pos}?total=true"),
            ("document", Document),
            ("document, timeline", round => $"{Document(round)}/timeline"),
            ("document, ledger entries", round => $"{Document(round)}/entries"),
            ("document, related", round => $"{Document(round)}/related"),
            ("document, receipt", round => $"{Document(round)}/receipt"),
            ("shifts", _ => $"{pos}/shifts"),
            ("dashboard of the function, a month", round => $"{pos}/dashboard?{Month(round)}"),
            ("dashboard of the function, a year", _ => $"{pos}/dashboard?{year}"),
            ("dashboard of the module, a month", round => $"{api}/modules/sales/dashboard?{Month(round)}"),
            ("operations summary, a month", round => $"{api}/operations/dashboard/summary?{Month(round)}"),
            ("operations alerts, a month", round => $"{api}/operations/dashboard/alerts?{Month(round)}"),
            ("operations trends, a month", round => $"{api}/operations/dashboard/trends?{Month(round)}"),
            ("activity", _ => $"{api}/activity"),
            ("audit", _ => $"{api}/audit"),
            ("exceptions", _ => $"{api}/exceptions"),
            ("approvals", _ => $"{api}/approvals"),
            ("search", round => $"{api}/search?q=HQ-T{1 + (round % BenchShop.Tills)}-00001{round % 10}"),
            ("trial balance", _ => $"{api}/ledger/trial-balance"),
            ("trial balance of a day", round => $"{api}/ledger/trial-balance?at={Iso(today.AddDays(-(round % 300)))}"),
            ("ledger accounts", _ => $"{api}/ledger/accounts"),
            ("entries of an account", _ => $"{api}/ledger/accounts/{account}/entries"),
            ("analytics, trend", _ => $"{pos}/analytics/trend?compare=previous"),
            ("analytics, trend of a year by week", _ => $"{pos}/analytics/trend?bucket=week&{year}"),
            ("analytics, variance", round => $"{pos}/analytics/variance?{Month(round)}"),
            ("analytics, heatmap of exceptions", _ => $"{pos}/analytics/heatmap"),
            ("analytics, heatmap of sales, a year", _ => $"{pos}/analytics/heatmap?rows=weekday&columns=hour&measure=netSales&{year}"),
            ("analytics, forecast by day", _ => $"{pos}/analytics/forecast?bucket=day"),
            ("analytics, forecast by month", _ => $"{pos}/analytics/forecast?bucket=month"),
        ];
        using var reports = JsonDocument.Parse(await client.GetStringAsync(new Uri($"{pos}/reports", UriKind.Relative)));
        foreach (var report in reports.RootElement.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("code").GetString()))
        {
            addresses.Add(($"report {report}, a month", round => $"{pos}/reports/{report}?{Month(round)}"));
            addresses.Add(($"report {report}, a year", _ => $"{pos}/reports/{report}?{year}"));
        }

        return addresses;
    }

    private static async Task<double[]> Measure(HttpClient client, Func<int, string> address, int rounds)
    {
        const int warmUp = 3;
        var times = new double[rounds];
        for (var round = -warmUp; round < rounds; round++)
        {
            var asked = address(Math.Max(0, round));
            var started = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(new Uri(asked, UriKind.Relative));
            var body = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{asked}: {(int)answer.StatusCode} {body}");
            if (round >= 0) times[round] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        return times;
    }

    private static double Percentile(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
