using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Bench.Checkout;
using Plug1.Bench.Reads;
using Plug1.Host.Setup;
using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Bench.Reports;

/// <summary>What to measure.</summary>
/// <param name="Engine">On which engine.</param>
/// <param name="Small">Documents of the younger shop.</param>
/// <param name="Large">Documents of the older one.</param>
/// <param name="Rounds">How often each question is asked of each.</param>
/// <param name="Json">Whether the last line is one JSON object.</param>
/// <param name="Keep">A folder in which the filled databases are kept; null drops them at the end.</param>
/// <param name="Only">Asks only the questions whose names have this text.</param>
internal sealed record ReportsOptions(Engine Engine, int Small, int Large, int Rounds, bool Json, string? Keep, string Only);

/// <summary>Whether dashboards, reports and lists stay as fast while history grows: two shops that sell 500 times a day, one five times as old, asked in turns over HTTP.</summary>
/// <remarks>Raw is the least that the database has to do for the same answer: hand-written statements by the same driver in this process, without rights, HTTP and JSON.</remarks>
internal static class ReportsBenchmark
{
    private const int SalesOfDay = 500;
    private const double Aim = 100;

    private sealed record Figure(Question Question, double[] Small, double[] Large, double[]? RawSmall, double[]? RawLarge)
    {
        public double Growth => Percentile(Large, 0.95) / Percentile(Small, 0.95);

        public double MedianGrowth => Percentile(Large, 0.5) / Percentile(Small, 0.5);
    }

    public static async Task<int> Run(ReportsOptions options)
    {
        await using var small = await Subject.Open(options, options.Small);
        await using var large = await Subject.Open(options, options.Large);
        var figures = new List<Figure>();
        for (var at = 0; at < small.Questions.Count; at++)
        {
            if (!small.Questions[at].Name.Contains(options.Only, StringComparison.Ordinal)) continue;
            var figure = await Measure(small, large, at, options.Rounds);
            figures.Add(figure);
            Console.WriteLine(Told(figure));
        }

        if (figures.Count == 0) return 2;
        var dashboards = figures.Where(figure => figure.Question.IsDashboard).Select(figure => figure.Growth).DefaultIfEmpty(0).Max();
        var worst = figures.Max(figure => Percentile(figure.Large, 0.95));
        Console.WriteLine(FormattableString.Invariant($"dashboard growth {dashboards:0.00} (the worst of them); the slowest of all {worst:0.0} ms at the 95th percentile"));
        if (options.Json)
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                engine = options.Engine == Engine.Sqlite ? "sqlite" : "postgres",
                documents = new[] { options.Small, options.Large },
                dashboard_growth = Math.Round(dashboards, 3),
                worst_p95_ms = Math.Round(worst, 1),
                beyond_aim = figures.Count(figure => Percentile(figure.Large, 0.95) > Aim),
                questions = figures.ToDictionary(figure => figure.Question.Name, figure => new
                {
                    p50_ms = new[] { Rounded(figure.Small, 0.5), Rounded(figure.Large, 0.5) },
                    p95_ms = new[] { Rounded(figure.Small, 0.95), Rounded(figure.Large, 0.95) },
                    growth = Math.Round(figure.Growth, 2),
                    growth_p50 = Math.Round(figure.MedianGrowth, 2),
                    raw_p95_ms = figure.RawLarge is null ? null : new[] { Rounded(figure.RawSmall!, 0.95), Rounded(figure.RawLarge, 0.95) },
                    ratio_to_raw = figure.RawLarge is null ? (double?)null : Math.Round(Percentile(figure.Large, 0.95) / Percentile(figure.RawLarge, 0.95), 2),
                }),
            }));
        return 0;
    }

    /// <summary>Turn and turn about, so that what else the machine does meets both alike.</summary>
    private static async Task<Figure> Measure(Subject small, Subject large, int at, int rounds)
    {
        const int warmUp = 5;
        var subjects = new[] { small, large };
        var (times, raw) = (new[] { new double[rounds], new double[rounds] }, new[] { new double[rounds], new double[rounds] });
        for (var round = -warmUp; round < rounds; round++)
        {
            for (var subject = 0; subject < subjects.Length; subject++)
            {
                var (served, bare) = (await subjects[subject].Ask(at, Math.Max(0, round)), await subjects[subject].AskRaw(at, Math.Max(0, round)));
                if (round >= 0) (times[subject][round], raw[subject][round]) = (served, bare);
            }
        }

        foreach (var sample in times.Concat(raw)) Array.Sort(sample);
        var compared = small.Questions[at].Raw is not null;
        return new Figure(small.Questions[at], times[0], times[1], compared ? raw[0] : null, compared ? raw[1] : null);
    }

    private static string Told(Figure figure)
    {
        var p95 = Percentile(figure.Large, 0.95);
        var raw = figure.RawLarge is { } bare ? FormattableString.Invariant($"  raw {Percentile(figure.RawSmall!, 0.95),6:0.0} {Percentile(bare, 0.95),6:0.0}  ratio {p95 / Percentile(bare, 0.95),5:0.0}") : "";
        return FormattableString.Invariant($"{figure.Question.Name,-40} p50 {Percentile(figure.Small, 0.5),6:0.0} {Percentile(figure.Large, 0.5),6:0.0}  p95 {Percentile(figure.Small, 0.95),6:0.0} {p95,6:0.0} ms  growth {figure.Growth:0.00}{raw}{(p95 > Aim ? "  beyond the aim" : "")}");
    }

    private static double Rounded(double[] sorted, double share) => Math.Round(Percentile(sorted, share), 1);

    private static double Percentile(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];

    /// <summary>One shop with its server, and its database beside it.</summary>
    private sealed class Subject(BenchShop shop, ServerProcess server, HttpClient client, Database database, IReadOnlyList<Question> questions) : IAsyncDisposable
    {
        public IReadOnlyList<Question> Questions => questions;

        public static async Task<Subject> Open(ReportsOptions options, int documents)
        {
            var folder = options.Keep is null ? null : Path.Combine(options.Keep, $"{documents}");
            var kept = KeptShop.Find(folder, options.Engine, documents);
            var shop = kept is null ? await BenchShop.Open(options.Engine, folder) : BenchShop.Reopen(options.Engine, kept.Setting, kept.OfficeToken);
            var today = kept?.Today ?? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            if (kept is null)
            {
                await Fill(shop, documents);
                if (folder is not null) new KeptShop(shop.Setting, shop.OfficeToken, documents, today).Save(folder, options.Engine);
            }

            var server = await ServerProcess.Start(shop.Setting);
            var client = new HttpClient { BaseAddress = server.Address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", shop.OfficeToken);
            return new Subject(shop, server, client, Database.Open(shop.Setting), await Reports.Questions.Of(client, options.Engine, today));
        }

        public async Task<double> Ask(int question, int round)
        {
            var asked = questions[question].Address(round);
            var started = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(new Uri(asked, UriKind.Relative));
            var body = await answer.Content.ReadAsByteArrayAsync();
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return answer.IsSuccessStatusCode ? took : throw new InvalidOperationException($"{asked}: {(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}");
        }

        public async Task<double> AskRaw(int question, int round)
        {
            if (questions[question].Raw is not { } raw) return 0;
            var started = Stopwatch.GetTimestamp();
            await database.Read(async db =>
            {
                foreach (var statement in raw(round)) db.Later(statement, row => Cells(row));
                await db.Flush();
                return true;
            });
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        private static object?[] Cells(Row row)
        {
            var cells = new object?[row.Count];
            for (var at = 0; at < cells.Length; at++) cells[at] = row.Value(at);
            return cells;
        }

        /// <summary>A day through the real checkout, the days before it, and the sums and statistics as they are a minute later.</summary>
        private static async Task Fill(BenchShop shop, int documents)
        {
            var clock = Stopwatch.StartNew();
            using (var server = await ServerProcess.Start(shop.Setting))
            using (var tills = new TillDriver(server.Address, shop.Token, BenchShop.Tills))
                tills.Run(BenchShop.Tills, SalesOfDay);
            await using var database = Database.Open(shop.Setting);
            await new History(shop.Engine, SalesOfDay, documents / SalesOfDay).Make(database, TimeProvider.System.GetUtcNow());
            var made = clock.Elapsed;
            await using var services = new ServiceCollection().AddPlug1(database, options => options.KeyFile = Path.Combine(Path.GetTempPath(), $"plug1-bench-{Environment.ProcessId}.key")).BuildServiceProvider();
            var rollups = new Rollups(database, services.GetServices<Function>());
            await rollups.CatchUp();
            var (facts, sums) = await database.Read(async db => (await db.Number($"select sum(amount) from fact where grain = 0"), await db.Number($"select sum(amount) from fact_document_month")));
            Invariant.Holds(facts == sums, $"The facts sum to {facts}, their sums by month to {sums}.");
            if (shop.Engine == Engine.Postgres) await BenchShop.Execute(shop.Setting, "vacuum analyze");
            Console.WriteLine(FormattableString.Invariant($"{shop.Engine}: {documents} documents of {documents / SalesOfDay} days made in {made.TotalSeconds:0} s, summed in {(clock.Elapsed - made).TotalSeconds:0} s"));
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            server.Dispose();
            await database.DisposeAsync();
            await shop.DisposeAsync();
        }
    }
}
