using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

public sealed class ReportTests
{
    private static readonly DateOnly Today = new(2026, 3, 31);

    private static Task<Result<ReportAnswer>> Run(Shop shop, ReportRequest request, Viewer? viewer = null) =>
        shop.Database.Read(db => ReportSet.Run(db, Deliveries.Instance, request, viewer ?? shop.Manager, Today));

    private static Task<long> Plain(Shop shop, string where, string sum = "amount") =>
        shop.Database.Read(db => db.Number(Sql.Raw($"select sum({sum}) from fact where {where}")));

    [Theory, OnBothEngines]
    public async Task Totals_are_the_sum_of_the_rows_and_of_the_facts(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(2, 300);
        await shop.Rollups.Facts(chunk: 300);
        foreach (var report in new[] { "daily", "weekly", "monthly", "by-branch", "by-user", "by-channel", "by-shift" })
        {
            var answer = (await Run(shop, new ReportRequest(report) { From = new DateOnly(2026, 1, 5), To = new DateOnly(2026, 3, 3) })).Value;
            var net = answer.Columns.ToList().FindIndex(column => column.Key == "net");
            answer.Rows.Sum(row => (long)row.Cells[net]!).ShouldBe((long)answer.Totals![net]!);
            answer.Totals[net].ShouldBe(await Plain(shop, "grain = 0 and business_date between '2026-01-05' and '2026-03-03'"));
        }

        var items = (await Run(shop, new ReportRequest("by-item") { From = new DateOnly(2026, 1, 5), To = new DateOnly(2026, 3, 3) })).Value;
        items.Columns.Select(column => column.Key).ShouldBe(["item", "net", "units", "margin"]);
        items.Rows.Count.ShouldBe(7);
        items.Rows.Select(row => (long)row.Cells[1]!).ShouldBe(items.Rows.Select(row => (long)row.Cells[1]!).OrderDescending());
        items.Totals![1].ShouldBe(await Plain(shop, "grain = 1 and business_date between '2026-01-05' and '2026-03-03'"));
    }

    [Theory, OnBothEngines]
    public async Task An_average_is_divided_once_and_a_week_begins_on_Monday(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        foreach (var (day, amount) in new[] { (new DateOnly(2026, 2, 2), 100L), (new DateOnly(2026, 2, 8), 100L), (new DateOnly(2026, 2, 8), 101L), (new DateOnly(2026, 2, 9), 7L) })
            await shop.Database.Write(tx =>
            {
                Facts.Stage(tx, shop.StampOf(shop.North, day), new Fact { Document = shop.Draft(shop.North, day), Event = "posted", Amount = amount });
                return Task.CompletedTask;
            });
        for (var step = 0; step < 2; step++)
        {
            var weeks = (await Run(shop, new ReportRequest("weekly") { From = new DateOnly(2026, 2, 2), To = new DateOnly(2026, 2, 15) })).Value;
            weeks.Rows.Select(row => row.Cells[0]).ShouldBe([new DateOnly(2026, 2, 2), new DateOnly(2026, 2, 9)]);
            weeks.Rows.Select(row => (row.Cells[1], row.Cells[4])).ShouldBe([(301L, 100L), (7L, 7L)]);
            weeks.Totals![4].ShouldBe(77L);
            await shop.Rollups.CatchUp();
        }
    }

    [Theory, OnBothEngines]
    public async Task A_period_stands_beside_the_one_before_and_the_same_a_year_ago(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(4, 300);
        var february = new ReportRequest("daily") { From = new DateOnly(2026, 2, 1), To = new DateOnly(2026, 2, 28), Compare = "previous" };
        var answer = (await Run(shop, february)).Value;
        (answer.Compare!.From, answer.Compare.To).ShouldBe((new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31)));
        answer.Compare.Totals[1].ShouldBe(await Plain(shop, "grain = 0 and business_date between '2026-01-01' and '2026-01-31'"));
        // 29 to 31 January have no day in February to stand against, and so a row of their own.
        (answer.Rows.Count, answer.Compare.Rows.Count, answer.Rows[28].Cells[0], answer.Rows[28].Cells[1]).ShouldBe((29, 29, null, 0L));
        answer.Compare.Rows[28].Cells[1].ShouldBe(await Plain(shop, "grain = 0 and business_date between '2026-01-29' and '2026-01-31'"));
        answer.Compare.Rows.Sum(row => (long)row.Cells[1]!).ShouldBe((long)answer.Compare.Totals[1]!);
        answer.Compare.Rows[4].Drill!["from"].ShouldBe("2026-01-05");
        (answer.Compare.Rows[4].Cells[1] ?? 0L).ShouldBe(await Plain(shop, "grain = 0 and business_date = '2026-01-05'"));

        var year = (await Run(shop, february with { Compare = "year" })).Value.Compare!;
        (year.From, year.To, year.Totals[1]).ShouldBe((new DateOnly(2025, 2, 1), new DateOnly(2025, 2, 28), 0L));
        var byBranch = (await Run(shop, new ReportRequest("by-branch") { From = new DateOnly(2026, 2, 1), To = new DateOnly(2026, 2, 28), Compare = "previous" })).Value;
        byBranch.Compare!.Rows.Select(row => row.Key).ShouldBe(byBranch.Rows.Select(row => row.Key));
    }

    [Theory, OnBothEngines]
    public async Task A_row_leads_to_a_report_with_the_same_figure(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(5, 200);
        var months = (await Run(shop, new ReportRequest("monthly") { From = new DateOnly(2026, 1, 10), To = new DateOnly(2026, 3, 20), GroupBy = "branch,driver,channel" })).Value;
        months.Rows.Count.ShouldBeGreaterThan(20);
        foreach (var row in months.Rows)
        {
            var drill = row.Drill!;
            var below = (await Run(shop, new ReportRequest("daily")
            {
                From = DateOnly.Parse(drill["from"]),
                To = DateOnly.Parse(drill["to"]),
                Branch = drill["branch"],
                Filters = new Dictionary<string, string> { ["driver"] = drill["driver"], ["channel"] = drill["channel"] },
            })).Value;
            below.Totals![1].ShouldBe(row.Cells[4]);
        }
    }

    [Theory, OnBothEngines]
    public async Task Pages_of_a_report_follow_one_another_and_totals_stay_those_of_the_whole(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(6, 100);
        var request = new ReportRequest("daily") { From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 3, 1), Limit = 25 };
        var (days, after, totals) = (new List<object?>(), (string?)null, new HashSet<object?>());
        do
        {
            var page = (await Run(shop, request with { After = after })).Value;
            days.AddRange(page.Rows.Select(row => row.Cells[0]));
            totals.Add(page.Totals![1]);
            after = page.Next;
        }
        while (after is not null);
        (days.Count, days.Distinct().Count(), totals.Count).ShouldBe((60, 60, 1));
    }

    [Theory, OnBothEngines]
    public async Task Nobody_sees_other_branches_or_measures_that_are_not_theirs(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(7, 100);
        var request = new ReportRequest("by-branch") { From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 3, 31) };
        var south = (await Run(shop, request, shop.Southerner)).Value;
        south.Rows.Select(row => row.Cells[0]).ShouldBe(["South"]);
        south.Columns.Select(column => column.Key).ShouldNotContain("margin");
        south.Totals![1].ShouldBe(await Plain(shop, $"grain = 0 and branch_id = '{shop.South:D}'"));
        (await Run(shop, request with { Branch = "N" }, shop.Southerner)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await Run(shop, request with { Branch = "X" })).Refusal!.Code.ShouldBe("FILTER_INVALID");
        (await Run(shop, request with { GroupBy = "moon" })).Refusal!.Code.ShouldBe("GROUP_UNKNOWN");
        (await Run(shop, request with { Filters = new Dictionary<string, string> { ["moon"] = "1" } })).Refusal!.Code.ShouldBe("FILTER_UNKNOWN");
        (await Run(shop, request with { Filters = new Dictionary<string, string> { ["user"] = "1" } })).Refusal!.Code.ShouldBe("FILTER_INVALID");
        (await Run(shop, request with { From = new DateOnly(2026, 5, 1) })).Refusal!.Code.ShouldBe("RANGE_INVALID");
        (await Run(shop, request with { Limit = 0 })).Refusal!.Code.ShouldBe("LIMIT_INVALID");
        (await Run(shop, request with { After = "x" })).Refusal!.Code.ShouldBe("CURSOR_INVALID");
        (await Run(shop, new ReportRequest("moons"))).Refusal!.Code.ShouldBe("NOT_FOUND");
    }

    [Theory, OnBothEngines]
    public async Task A_file_shows_what_the_page_shows(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(8, 50);
        var answer = (await Run(shop, new ReportRequest("by-channel") { From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 3, 31) })).Value;
        using var file = new MemoryStream();
        await CsvExport.Write(ReportExport.ToTable(ReportRows.Of(answer), "Shop", shop.Organisation.Company.Currency, [], shop.Clock.Now), file);
        var lines = System.Text.Encoding.UTF8.GetString(file.ToArray()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("Channel,Net (EUR),Units,Deliveries,Average (EUR),Margin (EUR)");
        lines[1].ShouldStartWith($"{answer.Rows[0].Cells[0]},{Shown.Money((long)answer.Rows[0].Cells[1]!, 2)},");
        lines.Length.ShouldBe(3);
    }

    [Theory, OnBothEngines]
    public async Task A_dashboard_tells_the_range_the_one_before_and_what_waits(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(9, 300);
        await shop.Rollups.Facts(chunk: 200);
        var draft = shop.Draft(shop.North, new DateOnly(2026, 3, 1));
        await shop.Database.Write(tx =>
        {
            Kernel.Documents.Headers.Insert(tx, draft);
            return Task.CompletedTask;
        });
        var request = new DashboardRequest(new DateOnly(2026, 2, 1), new DateOnly(2026, 2, 28), null, new Dictionary<string, string>());
        var answer = (await shop.Database.Read(db => Dashboards.OfFunction(db, Deliveries.Instance, request, shop.Manager, shop.Clock.Now))).Value;
        var net = answer.Kpis[0];
        net.Value.ShouldBe(await Plain(shop, "grain = 0 and business_date between '2026-02-01' and '2026-02-28'"));
        net.Previous.ShouldBe(await Plain(shop, "grain = 0 and business_date between '2026-01-01' and '2026-01-31'"));
        net.Spark.Sum().ShouldBe(net.Value);
        net.Spark.Count.ShouldBe(28);
        answer.Queue.Select(entry => (entry.Id, entry.What)).ShouldBe([(draft.Id, "draft")]);
        (await shop.Database.Read(db => Dashboards.OfFunction(db, Deliveries.Instance, request, shop.Southerner, shop.Clock.Now))).Value.Queue.ShouldBeEmpty();

        var item = (await shop.Database.Read(db => Dashboards.OfFunction(db, Deliveries.Instance,
            request with { Branch = "S", Filters = new Dictionary<string, string> { ["item"] = shop.Items[0].ToString() } }, shop.Manager, shop.Clock.Now))).Value;
        item.Kpis.Select(kpi => kpi.Key).ShouldBe(["net", "units", "margin"]);
        item.Kpis[0].Value.ShouldBe(await Plain(shop,
            $"grain = 1 and item_id = '{shop.Items[0]:D}' and branch_id = '{shop.South:D}' and business_date between '2026-02-01' and '2026-02-28'"));
    }
}
