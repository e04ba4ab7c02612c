using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Bench.Checkout;
using Plug1.Customers.Segments;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Host.Setup;

namespace Plug1.Bench;

/// <summary>How long it takes to tell who is in a segment, and to score all customers, beside the bare sum of their sales by customer.</summary>
internal static class SegmentsBenchmark
{
    private const int SalesEach = 4;
    private const string Definition = """{"all":[{"measure":"recencyDays","op":"<=","value":"90"},{"measure":"sales","op":">=","value":"100.00"},{"not":{"measure":"orders","op":"<","value":"2"}}]}""";

    public static async Task<int> Run(Engine engine, int customers, bool json)
    {
        await using var shop = await BenchShop.Open(engine);
        await using var database = Database.Open(shop.Setting);
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddPlug1(database).BuildServiceProvider();
        var branch = await database.Read(db => db.First($"select id from branch", row => row.Guid(0)));
        var stamp = await services.GetRequiredService<CommandRunner>().StampOf(new CommandCall(Actor.System, branch));
        await Fill(database, stamp, branch, customers);

        var raw = await Timed(() => database.Read(db => db.Number($"select count(*) from (select party_id, max(business_date), count(*), sum(amount) from fact where function = 'sales.point-of-sale' and grain = 0 and event = 'posted' and party_id is not null group by party_id) x")));
        var desk = services.GetRequiredService<SegmentDesk>();
        var count = 0L;
        var preview = await Timed(async () => count = (await desk.Preview(stamp, JsonDocument.Parse(Definition).RootElement)).Value.Count);
        var (segment, run) = await Define(services, database, stamp);
        var first = await Timed(() => database.Write(tx => run.Refresh(tx, stamp, segment)));
        var again = await Timed(() => database.Write(tx => run.Refresh(tx, stamp with { At = stamp.At.AddSeconds(1) }, segment)));
        var scores = await Timed(() => database.Write(tx => SegmentRuns.Scores(tx, stamp)));
        var rescored = await Timed(() => database.Write(tx => SegmentRuns.Scores(tx, stamp with { At = stamp.At.AddSeconds(2) })));
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { engine = engine.ToString(), customers, members = count, raw, preview, previewRatio = preview / raw, refreshFirst = first, refreshAgain = again, scoreFirst = scores, scoreAgain = rescored, scoreRatio = rescored / raw }));
        else Console.WriteLine($"{engine}, {customers:N0} customers with {SalesEach} sales each, {count:N0} members: bare sum {raw:N2} s; preview {preview:N2} s ({preview / raw:N1} times); refresh {first:N2} s, again {again:N2} s; scores {scores:N2} s, again {rescored:N2} s ({rescored / raw:N1} times)");
        return 0;
    }

    private static async Task<(Guid Segment, SegmentRuns Runs)> Define(IServiceProvider services, Database database, Stamp stamp)
    {
        var desk = services.GetRequiredService<SegmentDesk>();
        var lifecycle = services.GetRequiredService<Kernel.Documents.LifecycleDesk>();
        var made = await database.Write(tx => desk.CreateWithin(tx, stamp, new SegmentRequest("BENCH", "Bench", "rule", JsonDocument.Parse(Definition).RootElement, "manual")));
        await database.Write(tx => lifecycle.Within(tx, stamp, services.GetRequiredService<SegmentFunction>(), new Kernel.Documents.LifecycleStep(Kernel.Documents.Verb.Submit, made.Value.Id, null)));
        return ((await database.Read(db => SegmentTables.SegmentOf(db, made.Value.Id, default)))!.Value, services.GetRequiredService<SegmentRuns>());
    }

    private static async Task<double> Timed(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3);
    }

    /// <summary>Customers, and facts of sales spread over two years without a pattern that a planner could use.</summary>
    private static async Task Fill(Database database, Stamp stamp, Guid branch, int customers)
    {
        var postgres = database.Engine == Engine.Postgres;
        Sql numbers = postgres ? (Sql)$"select g.n from generate_series(1, cast({customers} as bigint)) as g(n)" : (Sql)$"with recursive g(n) as (select 1 union all select n + 1 from g where n < {customers}) select n from g";
        string Id(string tail) => postgres ? $"cast(lpad(to_hex({tail}), 32, '0') as uuid)" : $"printf('00000000-0000-0000-0000-%012x', {tail})";
        var day = postgres ? (Sql)$"cast({stamp.BusinessDate} as date) - cast((g.n * 7919 + s.n * 104729) % 730 as integer)" : (Sql)$"date({stamp.BusinessDate}, '-' || ((g.n * 7919 + s.n * 104729) % 730) || ' days')";
        var each = Sql.Join(" union all ", Enumerable.Range(1, SalesEach).Select(n => (Sql)$"select cast({(long)n} as bigint) as n"));
        await database.Write(async tx =>
        {
            await tx.Execute($"insert into party (id, number, kind, name, created_at) select {Sql.Raw(Id("g.n"))}, 'B-' || g.n, 'person', 'Customer ' || g.n, {stamp.At} from ({numbers}) g");
            await tx.Execute($"insert into party_role (party_id, role) select {Sql.Raw(Id("g.n"))}, 'customer' from ({numbers}) g");
            await tx.Execute($"""
                insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, channel, party_id, document_id, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
                select 'sales.point-of-sale', 'sale', 'posted', 0, {day}, 9, {branch}, {stamp.Actor.UserId}, 'in-store', {Sql.Raw(Id("g.n"))}, {Sql.Raw(Id("g.n * 10 + s.n"))}, 1, 100 + (g.n * 6151 + s.n * 3571) % 12000, 1000000, 50, 0, 0, 0, 0, 0, 0, 0
                from ({numbers}) g cross join ({each}) s
                """);
        });
        await database.Write(tx => tx.Execute(Sql.Raw("analyze")));
    }
}
