using System.Text.Json;
using Plug1.Kernel.Analytics;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Search;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using SQLitePCL;
using Xunit;
using Xunit.Abstractions;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>What pages cost as history grows, counted by the engines themselves: nothing is timed.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const int DocumentsOfDay = 40, Days = 130, Times = 5;

    /// <summary>Of rows, pages and steps; the height of an index grows with its size.</summary>
    private const double MostGrowth = 1.3;

    /// <summary>Rows, pages or steps that do not count: where there are hardly any, one level of an index more is a third.</summary>
    private const int Few = 20;

    private static readonly DateOnly Today = new(2026, 3, 31);
    private static readonly Function[] Functions = [Deliveries.Instance];

    /// <summary>What answering cost. Rows: those that PostgreSQL has visited, in tables and indexes; work: pages that it looked at, or steps of SQLite's programs.</summary>
    private sealed record Cost(long Rows, long Work)
    {
        public static Cost operator -(Cost left, Cost right) => new(left.Rows - right.Rows, left.Work - right.Work);
    }

    [Theory, OnBothEngines]
    public async Task Five_times_the_history_costs_dashboards_lists_and_centres_no_more(Engine engine)
    {
        await using var young = await ShopOf(engine, Days);
        await using var old = await ShopOf(engine, Days * Times);
        var questions = Questions();
        var costs = new Dictionary<string, (Cost Young, Cost Old)>(StringComparer.Ordinal);
        foreach (var (name, ask) in questions) costs[name] = (await CostOf(young, ask), await CostOf(old, ask));

        foreach (var (name, (before, after)) in costs) output.WriteLine($"{name}: rows {before.Rows} and {after.Rows}, work {before.Work} and {after.Work}");
        costs.Where(pair => Grew(pair.Value.Young.Work, pair.Value.Old.Work) || Grew(pair.Value.Young.Rows, pair.Value.Old.Rows)).Select(pair => pair.Key).ShouldBeEmpty();
        // What is measured does grow with what is read: all documents there are.
        var (few, all) = (await CostOf(young, CountAll), await CostOf(old, CountAll));
        ((double)all.Work / few.Work).ShouldBeGreaterThan(Times * 0.8);
    }

    [Fact]
    public async Task PostgreSQL_expects_no_more_work_of_a_dashboard_with_five_times_the_history()
    {
        await using var young = await ShopOf(Engine.Postgres, Days);
        await using var old = await ShopOf(Engine.Postgres, Days * Times);
        // What is planned for far more rows than there are is compiled, or shared out among processes, before a row is read.
        // A two-hundredth of all facts is what it takes for those after the watermark, of which there are none.
        var plan = Shop.Ask(new DateOnly(2026, 3, 1), Today, "net", "day").Plan().Value;
        var (before, after, all) = (await Expected(young, plan.ToSql(Engine.Postgres)), await Expected(old, plan.ToSql(Engine.Postgres)), await Expected(old, $"select sum(amount) from fact"));
        output.WriteLine($"expected {before} and {after}, of all facts {all}");
        after.ShouldBeLessThan((before * MostGrowth) + (all / 20));
        (await young.Database.Read(db => db.First(Sql.Raw("show jit"), row => row.Text(0)))).ShouldBe("off");
    }

    private static async Task<double> Expected(Shop shop, Sql asked)
    {
        var explained = await shop.Database.Read(db => db.First($"explain (format json) {asked}", row => (string)row.Value(0)!));
        using var json = JsonDocument.Parse(explained!);
        return json.RootElement[0].GetProperty("Plan").GetProperty("Total Cost").GetDouble();
    }

    private static bool Grew(long young, long old) => old > (young * MostGrowth) + Few;

    private static Task CountAll(Db db, Shop shop) => db.Number($"select sum(total + version) from document where note is null");

    private static List<(string Name, Func<Db, Shop, Task> Ask)> Questions()
    {
        var month = new DashboardRequest(new DateOnly(2026, 3, 1), Today, null, new Dictionary<string, string>());
        ListRequest list = new(), deep = list with { After = new ListCursor(Lists.DefaultSort, "2025-12-20", Guid.Empty).ToText() };
        ReportRequest Report(string code) => new(code) { From = month.From, To = month.To };
        async Task Answered<T>(Task<Result<T>> answer) => (await answer).IsRefused.ShouldBeFalse();
        return
        [
            ("dashboard of a function", (db, shop) => Answered(Dashboards.OfFunction(db, Deliveries.Instance, month, shop.Manager, Now(shop)))),
            ("dashboard of several functions", (db, shop) => Answered(Dashboards.OfMany(db, Functions, month, shop.Manager, Now(shop)))),
            ("dashboard of one branch", (db, shop) => Answered(Dashboards.OfFunction(db, Deliveries.Instance, month, shop.Southerner, Now(shop)))),
            ("today by hour", (db, shop) => Answered(Demand.Read(db, Functions, shop.Manager, null, (Today, 12)))),
            ("what waits", (db, shop) => WaitingForOne.Read(db, Functions, shop.Manager, Now(shop))),
            ("activity", (db, shop) => Activity.Recent(db, Functions, shop.Manager, 50)),
            ("analytics of all functions", (db, shop) => Answered(AnalyticsHub.Read(db, Functions, shop.Manager, null, Today))),
            ("exceptions", (db, shop) => Raised(db, shop, new ExceptionFilter())),
            ("exceptions, resolved ones too", (db, shop) => Raised(db, shop, new ExceptionFilter("all"))),
            ("exceptions of one rule", (db, shop) => Raised(db, shop, new ExceptionFilter("all", Rule: "LATE"))),
            ("approvals", (db, shop) => Asked(db, shop, "open")),
            ("approvals, decided", (db, shop) => Asked(db, shop, "decided")),
            ("list, first page", (db, shop) => Answered(Lists.Page(db, Deliveries.Instance, list, shop.Manager))),
            ("list, a page deep in it", (db, shop) => Answered(Lists.Page(db, Deliveries.Instance, deep, shop.Manager))),
            ("list, number begins with", (db, shop) => Answered(Lists.Page(db, Deliveries.Instance, list with { Q = "M-4321" }, shop.Manager))),
            ("search by number", (db, shop) => Finder.Find(db, new FunctionCatalogue(Functions), shop.Manager, "M-4321")),
            ("report by day", (db, shop) => Answered(ReportSet.Run(db, Deliveries.Instance, Report("daily"), shop.Manager, Today))),
            ("report by item", (db, shop) => Answered(ReportSet.Run(db, Deliveries.Instance, Report("by-item"), shop.Manager, Today))),
            ("report of exceptions", (db, shop) => Answered(ReportSet.Run(db, Deliveries.Instance, Report("exceptions"), shop.Manager, Today))),
            ("report of approvals", (db, shop) => Answered(ReportSet.Run(db, Deliveries.Instance, Report("approvals"), shop.Manager, Today))),
        ];
    }

    private static DateTimeOffset Now(Shop shop) => shop.Clock.GetUtcNow();

    private static async Task Raised(Db db, Shop shop, ExceptionFilter filter) =>
        (await RaisedExceptions.Page(db, [(Deliveries.Instance, shop.Manager.Scope("test.deliveries.view").Value)], filter, Now(shop), 20, null)).Count.ShouldBeGreaterThan(5);

    private static async Task Asked(Db db, Shop shop, string state) =>
        (await ApprovalQueue.Read(db, shop.Manager, Functions, new ApprovalAsk(state, null, false, false, null, 20), Now(shop), CancellationToken.None)).Count.ShouldBeGreaterThan(5);

    private static async Task<Cost> CostOf(Shop shop, Func<Db, Shop, Task> ask)
    {
        await using var db = await shop.Database.Snapshot();
        if (db.Sqlite is { } session)
        {
            var steps = 0L;
            var handle = session.Connection.Handle!;
            raw.sqlite3_progress_handler(handle, 1, _ => { steps++; return 0; }, null);
            await ask(db, shop);
            raw.sqlite3_progress_handler(handle, 0, null, null);
            return new Cost(0, steps);
        }

        // So few rows are read whole sooner than by an index; that there is one to read by is what matters when they are many.
        await db.Execute(Sql.Raw("set local enable_seqscan = off"));
        // Asked once before, so that what the engine itself has to look up about tables is known.
        await ask(db, shop);
        var before = await Counted(db);
        await ask(db, shop);
        return await Counted(db) - before;
    }

    private static async Task<Cost> Counted(Db db)
    {
        return (await db.First(
            $"select sum(pg_stat_get_xact_tuples_returned(oid))::bigint, sum(pg_stat_get_xact_blocks_fetched(oid))::bigint from pg_class where relnamespace = 'public'::regnamespace",
            row => new Cost(row.Long(0), row.Long(1))))!;
    }

    /// <summary>A shop with so many days behind it, every day alike; what waits is the same however old it is.</summary>
    private static async Task<Shop> ShopOf(Engine engine, int days)
    {
        var shop = await Shop.Open(engine);
        var first = Today.AddDays(1 - days);
        await shop.Database.WriteMuch(async tx =>
        {
            var header = shop.Draft(shop.North, first);
            (header.Status, header.Total, header.Number) = (Status.Posted, 1_000, "M-0");
            Headers.Insert(tx, header);
            await tx.Flush();
            await Rows.Multiply(tx, header.Id, days * DocumentsOfDay, first, days);
            foreach (var statement in Behind(shop, days, Today.AddDays(-20))) await tx.Execute(statement);
        });
        await shop.Settle();
        // As the server does by itself after a minute; SQLite keeps no statistics.
        if (engine == Engine.Postgres) await shop.Database.WriteMuch(tx => tx.Execute(Sql.Raw("analyze")));
        return shop;
    }

    /// <summary>Facts and events of each document; one in ten raised an exception, and another one was approved.</summary>
    private static IEnumerable<Sql> Behind(Shop shop, int days, DateOnly resolvedUntil)
    {
        var postgres = shop.Engine == Engine.Postgres;
        // Numbers go round the days, so what is left is a document's place in its day.
        var place = Sql.Raw(FormattableString.Invariant($"(cast(substr(number, 3) as {(postgres ? "bigint" : "integer")}) / {days})"));
        var at = Sql.Raw(postgres ? "(business_date::timestamp at time zone 'UTC')" : "business_date || 'T09:00:00.000000Z'");
        yield return $"update document set branch_id = {shop.South} where {place} % 2 = 0";
        yield return $"update document set status = 'submitted' where business_date = {Today} and {place} % 4 = 1";
        foreach (var (grain, item) in new[] { (0, (Guid?)null), (1, shop.Items[0]), (1, shop.Items[1]) })
        {
            yield return $"""
                insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, channel, item_id, category_id, document_id, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
                select function, kind, 'posted', {grain}, business_date, 9, branch_id, created_by, source_channel, {item}, {(item is null ? (Guid?)null : shop.Categories[0])}, id, 1, total, 1000000, total / 2, 0, 0, 0, 0, 0, 0, 0 from document
                """;
        }

        yield return $"""
            insert into audit_event (id, at, user_name, roles, branch_id, function, action, object_kind, object_id, outcome)
            select id, {at}, 'system', '', branch_id, function, 'post', kind, id, 'done' from document order by business_date
            """;
        yield return $"""
            insert into exception_item (id, rule, function, severity, branch_id, document_id, message, raised_at, business_date, hour, state, last_seen_at)
            select id, case when {place} % 20 = 3 then 'LATE' else 'DEAR' end, function, 'medium', branch_id, id, 'Look at it.', {at}, business_date, 9, case when business_date <= {resolvedUntil} then 'resolved' else 'open' end, {at}
            from document where {place} % 10 = 3
            """;
        yield return $"""
            insert into approval_request (id, document_id, function, branch_id, action, level, state, requested_by, requested_at)
            select id, id, function, branch_id, 'submit', 1, case when business_date <= {resolvedUntil} then 'approved' else 'open' end, created_by, {at} from document where {place} % 10 = 4
            """;
        yield return $"insert into approval_step (request_id, level, role, rule_text) select id, 1, 'manager', 'All' from approval_request";
    }
}
