using System.Collections.Frozen;
using System.Diagnostics;
using Plug1.Kernel;
using Plug1.Kernel.Analytics;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Bench;

/// <summary>How long lists, reports and dashboards take over a year of sales: 3 branches, 6 tills, 1,000 items, three lines a sale.</summary>
internal static class ReadsBenchmark
{
    private static readonly DateOnly LastDay = new(2025, 12, 31);

    /// <summary>Fills an empty database and measures. Prints milliseconds: median and 95th of a hundred.</summary>
    public static async Task<int> Run(string setting, int sales, int days, int rounds)
    {
        await using var database = Database.Open(setting);
        await Migrations.Apply(database, Migration.Of("kernel", typeof(Database).Assembly), TimeProvider.System);
        var world = new World();
        var watch = Stopwatch.StartNew();
        if (await database.Read(db => db.Number($"select count(*) from company")) == 0) await world.Fill(database, sales, days);
        else await world.Recall(database);
        Console.WriteLine($"{database.Engine}: {sales:N0} sales over {days} days, filled in {watch.Elapsed.TotalSeconds:0.0} s");
        watch.Restart();
        var chunks = await new Rollups(database).CatchUp();
        Console.WriteLine($"summed in {watch.Elapsed.TotalSeconds:0.0} s, {chunks} chunks");
        if (database.Engine == Engine.Postgres) await database.Write(tx => tx.Execute($"analyze"));
        // Some facts that are not summed yet: what ten busy seconds of a large chain leave.
        await world.Sell(database, 500, 1, new Random(99));

        foreach (var (name, read) in world.Reads())
        {
            var times = new List<double>();
            for (var round = -3; round < rounds; round++)
            {
                watch.Restart();
                await database.Read(async db =>
                {
                    var refusal = await read(db, Math.Max(0, round));
                    if (refusal is not null) throw new InvalidOperationException($"{name}: {refusal.Code} {refusal.Message}");
                    return true;
                });
                if (round >= 0) times.Add(watch.Elapsed.TotalMilliseconds);
            }

            times.Sort();
            Console.WriteLine(FormattableString.Invariant($"{name,-46} p50 {times[times.Count / 2],7:0.0}  p95 {times[times.Count * 95 / 100],7:0.0} ms"));
        }

        return 0;
    }

    private sealed class World
    {
        private readonly List<Guid> branches = [];
        private readonly List<(Guid Id, Guid Branch)> shifts = [];
        private readonly List<Guid> users = [.. Enumerable.Range(0, 9).Select(_ => Guid.CreateVersion7())];
        private readonly List<Guid> items = [];
        private readonly List<Guid> categories = [];
        private int number;

        private Viewer Viewer => new(
            new Actor(Guid.CreateVersion7(), "reader", "Reader", [new Grant("manager", null, new[] { $"{Counter.Instance.Code}.view" }.ToFrozenSet())]),
            new OrganisationView(new Company("Shop", new Currency("EUR", 2), "document"), [.. branches.Select((id, at) => new Branch(id, $"B{at}", $"Branch {at}", "UTC", "", true))], [], []));

        private Viewer OfOneBranch => Viewer with
        {
            Actor = Viewer.Actor with { Grants = [new Grant("manager", branches[0], new[] { $"{Counter.Instance.Code}.view" }.ToFrozenSet())] },
        };

        public async Task Fill(Database database, int sales, int days)
        {
            await database.Write(tx =>
            {
                tx.Stage($"insert into company (id, name, currency, exponent, created_at) values (1, 'Shop', 'EUR', 2, {TimeProvider.System.GetUtcNow()})");
                tx.Stage($"insert into unit_of_measure (code, name, decimals) values ('PCS', 'Piece', 0)");
                var tax = Guid.CreateVersion7();
                tx.Stage($"insert into tax_code (id, code, name, category) values ({tax}, 'S', 'Standard', 'S')");
                for (var at = 0; at < 3; at++)
                {
                    branches.Add(Guid.CreateVersion7());
                    tx.Stage($"insert into branch (id, code, name, time_zone) values ({branches[at]}, {"B" + at}, {"Branch " + at}, 'UTC')");
                }

                for (var at = 0; at < 20; at++)
                {
                    categories.Add(Guid.CreateVersion7());
                    tx.Stage($"insert into category (id, code, name) values ({categories[at]}, {"C" + at}, {"Category " + at})");
                }

                for (var at = 0; at < 1_000; at++)
                {
                    items.Add(Guid.CreateVersion7());
                    tx.Stage($"insert into item (id, sku, name, category_id, unit_code, tax_code_id) values ({items[at]}, {"SKU-" + at}, {"Item " + at}, {categories[at % 20]}, 'PCS', {tax})");
                }

                return Task.CompletedTask;
            });
            await Sell(database, sales, days, new Random(1));
        }

        public async Task Recall(Database database)
        {
            branches.AddRange(await database.Read(db => db.Query($"select id from branch order by code", row => row.Guid(0))));
            categories.AddRange(await database.Read(db => db.Query($"select id from category order by code", row => row.Guid(0))));
            items.AddRange(await database.Read(db => db.Query($"select id from item order by sku", row => row.Guid(0))));
            number = (int)await database.Read(db => db.Number($"select count(*) from document"));
        }

        public async Task Sell(Database database, int sales, int days, Random random)
        {
            var perDay = Math.Max(1, sales / days);
            for (var done = 0; done < sales;)
            {
                var day = LastDay.AddDays(-Math.Max(0, days - 1 - (done / perDay)));
                if (shifts.Count == 0 || done % perDay == 0)
                {
                    shifts.Clear();
                    for (var till = 0; till < 6; till++) shifts.Add((Guid.CreateVersion7(), branches[till % 3]));
                }

                var count = Math.Min(Math.Min(1_000, perDay - (done % perDay)), sales - done);
                await database.Write(tx =>
                {
                    for (var at = 0; at < count; at++) Sale(tx, day, random);
                    return Task.CompletedTask;
                });
                done += count;
            }
        }

        private void Sale(Tx tx, DateOnly day, Random random)
        {
            var till = random.Next(6);
            var (shift, branch) = shifts[till];
            var at = new DateTimeOffset(day.ToDateTime(new TimeOnly(random.Next(8, 20), random.Next(60))), TimeSpan.Zero);
            var actor = new Actor(users[till], "cashier", "Cashier", []);
            var stamp = new Stamp(actor, branch, at, day, at.Hour);
            var header = Header.Draft(Guid.CreateVersion7(at), Counter.Instance.Code, "sale", stamp, "EUR");
            header.SessionId = shift;
            header.Number = $"B{till}-{++number:000000}";
            header.MoveTo(Status.Posted, stamp);
            long total = 0;
            var facts = new List<Fact>(4);
            for (var line = 0; line < 3; line++)
            {
                var item = (int)(items.Count * Math.Pow(random.NextDouble(), 2));
                var amount = random.Next(50, 5_000);
                total += amount;
                facts.Add(new Fact { Document = header, Event = Status.Posted, OfLine = true, ItemId = items[item], CategoryId = categories[item % 20], Amount = amount, Quantity = 1_000_000, Cost = amount / 2 });
            }

            header.Total = total;
            facts.Add(new Fact { Document = header, Event = Status.Posted, Amount = total, Quantity = 3_000_000, Cost = total / 2 });
            Headers.Insert(tx, header);
            Facts.Stage(tx, stamp, facts);
        }

        public IEnumerable<(string Name, Func<Db, int, Task<Refusal?>> Read)> Reads()
        {
            var function = Counter.Instance;
            async Task<Refusal?> List(Db db, ListRequest request, Viewer? viewer = null) => (await Lists.Page(db, function, request, viewer ?? Viewer)).Refusal;
            async Task<Refusal?> Report(Db db, ReportRequest request) => (await ReportSet.Run(db, function, request, Viewer, LastDay)).Refusal;
            async Task<Refusal?> Dashboard(Db db, DateOnly from, DateOnly to, string? branch = null, params (string, string)[] filters) =>
                (await Dashboards.OfFunction(db, function, new DashboardRequest(from, to, branch, filters.ToDictionary(f => f.Item1, f => f.Item2)), Viewer, TimeProvider.System.GetUtcNow())).Refusal;
            MeasureAnalytics Analytics() => new(function, Viewer, LastDay);
            var none = new AnalyticsRequest(null, null, null, null, new Dictionary<string, string>());
            DateOnly Start(int round) => LastDay.AddDays(-30 - (round % 11 * 30));

            yield return ("list, latest first", (db, _) => List(db, new ListRequest()));
            yield return ("list, one branch of three", (db, _) => List(db, new ListRequest(), OfOneBranch));
            yield return ("list, by number", (db, _) => List(db, new ListRequest { Sort = "number" }));
            yield return ("list, number begins with", (db, round) => List(db, new ListRequest { Q = $"B2-0{round % 10}" }));
            yield return ("list, greatest total of a month", (db, round) => List(db, new ListRequest { Sort = "-total", From = Start(round), To = Start(round).AddDays(30) }));
            yield return ("list, with total of all", (db, _) => List(db, new ListRequest { Total = true }));
            yield return ("dashboard of a month", (db, round) => Dashboard(db, Start(round), Start(round).AddDays(30)));
            yield return ("dashboard of a month, one branch, one item", (db, round) => Dashboard(db, Start(round), Start(round).AddDays(30), "B1", ("item", items[round].ToString())));
            yield return ("dashboard of a month, one category", (db, round) => Dashboard(db, Start(round), Start(round).AddDays(30), null, ("category", categories[round % 20].ToString())));
            yield return ("daily, a month, against the one before", (db, round) => Report(db, new ReportRequest("daily") { From = Start(round), To = Start(round).AddDays(30), Compare = "previous" }));
            yield return ("monthly, a year", (db, _) => Report(db, new ReportRequest("monthly")));
            yield return ("weekly by branch, a quarter", (db, _) => Report(db, new ReportRequest("weekly") { GroupBy = "branch" }));
            yield return ("by user, a month", (db, round) => Report(db, new ReportRequest("by-user") { From = Start(round), To = Start(round).AddDays(30) }));
            yield return ("by shift, a month", (db, round) => Report(db, new ReportRequest("by-shift") { From = Start(round), To = Start(round).AddDays(30) }));
            yield return ("by category, a month", (db, round) => Report(db, new ReportRequest("by-category") { From = Start(round), To = Start(round).AddDays(30) }));
            yield return ("by item, a month", (db, round) => Report(db, new ReportRequest("by-item") { From = Start(round), To = Start(round).AddDays(30) }));
            yield return ("by item, a year", (db, _) => Report(db, new ReportRequest("by-item") { From = LastDay.AddDays(-364), To = LastDay }));
            yield return ("by category and month, a year", (db, _) => Report(db, new ReportRequest("monthly") { GroupBy = "category" }));
            yield return ("by party, a month", (db, round) => Report(db, new ReportRequest("daily") { GroupBy = "party", From = Start(round), To = Start(round).AddDays(30) }));
            yield return ("trend, 60 days", async (db, _) => (await Analytics().Trend(db, none, "day", "previous")).Refusal);
            yield return ("variance, a month", async (db, _) => (await Analytics().Variance(db, none)).Refusal);
            yield return ("heatmap of sales, 90 days", async (db, _) => (await Analytics().Heatmap(db, none with { Measure = "net" }, "weekday", "hour")).Refusal);
            yield return ("forecast, 14 days", async (db, _) => (await Analytics().Forecast(db, none, "day", null)).Refusal);
        }
    }

    private sealed class Counter : Function
    {
        public static readonly Counter Instance = new();

        public override string Module => "bench";

        public override string Slug => "counter";

        public override string Name => "Counter";

        public override string Summary => "Sells.";

        public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new("sale", "Sale")];

        public override IReadOnlyList<ActionDeclaration> Actions { get; } = [new("view", "See", [])];

        public override IReadOnlyList<MeasureDeclaration> Measures { get; } =
        [
            new("net", "Net sales", "money", "case when event in ('posted', 'reversed') then amount else 0 end"),
            new("units", "Units", "quantity", "case when event in ('posted', 'reversed') then quantity else 0 end"),
            new("sales", "Sales", "integer", "case when event in ('posted', 'reversed') then count else 0 end", LineGrain: false),
            new("average", "Average sale", "money", "case when event in ('posted', 'reversed') then amount else 0 end", "case when event in ('posted', 'reversed') then count else 0 end", LineGrain: false),
            new("margin", "Margin", "money", "case when event in ('posted', 'reversed') then amount - cost else 0 end"),
            new("marginRate", "Margin %", "rate", "case when event in ('posted', 'reversed') then amount - cost else 0 end", "case when event in ('posted', 'reversed') then amount else 0 end"),
        ];

        public override Task<Document> Load(Tx tx, Header header, CancellationToken ct) => throw new NotSupportedException();

        public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => Task.FromResult(new DetailView([], []));
    }
}
