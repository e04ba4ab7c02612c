using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>Laws of reports over facts, for every grouping there is: parts sum to wholes, rows lead to documents, ranges stand beside each other.</summary>
public sealed class ReportLawTests
{
    private static readonly DateOnly Today = new(2026, 3, 31);
    private static readonly (DateOnly From, DateOnly To) Range = (new(2026, 1, 10), new(2026, 2, 28));
    private static readonly string[] Periods = ["", "day", "week", "month"];
    private static readonly string[] Dimensions = [.. Dimension.Of(Deliveries.Instance).Select(dimension => dimension.Key)];

    /// <summary>Every single grouping and every pair, by every period.</summary>
    private static readonly (string Period, string Groups)[] Groupings =
    [
        .. from period in Periods from first in Dimensions.Prepend("") where period.Length + first.Length > 0 select (period, first),
        .. from first in Dimensions from second in Dimensions where first != second select ("", $"{first},{second}"),
    ];

    private static async Task<ReportAnswer> Run(Shop shop, ReportRequest request)
    {
        var answer = await shop.Database.Read(db => ReportSet.Run(db, Deliveries.Instance, request, shop.Manager, Today));
        answer.IsRefused.ShouldBeFalse($"{request}: {answer.Refusal}");
        return answer.Value;
    }

    private static ReportRequest Ask(string period, string groups) => new("by-user")
    {
        Period = period.Length > 0 ? period : null,
        GroupBy = groups,
        From = Range.From,
        To = Range.To,
        Limit = ReportSet.MostRows,
    };

    private static ReportRequest Follow(IReadOnlyDictionary<string, string> drill) => new(drill.TryGetValue("period", out var period) ? period == "week" ? "weekly" : "daily" : drill["report"])
    {
        From = DateOnly.Parse(drill["from"]),
        To = DateOnly.Parse(drill["to"]),
        Branch = drill.GetValueOrDefault("branch"),
        Lines = drill.ContainsKey("lines"),
        Filters = drill.Where(one => one.Key is not ("from" or "to" or "branch" or "period" or "report" or "lines")).ToDictionary(),
        Limit = ReportSet.MostRows,
    };

    /// <summary>The plain sums of a line by key, those that can be added up.</summary>
    private static Dictionary<string, long> Figures(ReportAnswer answer, object?[] cells) => answer.Columns.Select((column, at) => (column.Key, Cell: cells[at]))
        .Where(one => one.Key is "net" or "units" or "deliveries" or "margin").ToDictionary(one => one.Key, one => one.Cell is long value ? value : 0);

    private static Dictionary<string, long> Sum(ReportAnswer answer, IEnumerable<ReportLine> lines)
    {
        var sum = Figures(answer, new object?[answer.Columns.Count]);
        foreach (var line in lines)
            foreach (var (key, value) in Figures(answer, line.Cells)) sum[key] += value;
        return sum;
    }

    private static async Task<Shop> Furnished(Engine engine, int seed = 21)
    {
        var shop = await Shop.Open(engine);
        await shop.Deliver(seed, 150);
        await shop.Rollups.Facts(chunk: 200);
        return shop;
    }

    [Theory, OnBothEngines]
    public async Task Subtotals_sum_to_the_whole_and_rows_to_their_subtotal_for_every_grouping(Engine engine)
    {
        await using var shop = await Furnished(engine);
        var twice = Groupings.Where(one => one.Groups.Contains(',') || (one.Period.Length > 0 && one.Groups.Length > 0)).ToList();
        Prop.ForAll(Gen.Elements<(string Period, string Groups)>(twice).ToArbitrary(), grouping => Holds(shop, grouping.Period, grouping.Groups).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

        static async Task<bool> Holds(Shop shop, string period, string groups)
        {
            var what = $"{period} {groups}";
            var answer = await Run(shop, Ask(period, groups) with { Subtotals = true, Compare = "previous" });
            var whole = Figures(answer, answer.Totals!);
            Sum(answer, answer.Rows.Where(row => row.Level == 1)).ShouldBe(whole, what);
            Sum(answer, answer.Rows.Where(row => row.Level == 0)).ShouldBe(whole, what);
            Sum(answer, answer.Compare!.Rows.Where(row => row.Level == 1)).ShouldBe(Figures(answer, answer.Compare.Totals), what);
            var parts = new List<ReportLine>();
            foreach (var row in answer.Rows)
            {
                if (row.Level == 0)
                {
                    parts.Add(row);
                    continue;
                }

                parts.ShouldAllBe(part => Equals(part.Cells[0], row.Cells[0]), what);
                Sum(answer, parts).ShouldBe(Figures(answer, row.Cells), what);
                parts.Clear();
            }

            parts.ShouldBeEmpty();
            var plain = await Run(shop, Ask(period, groups));
            plain.Rows.Count.ShouldBeGreaterThan(0);
            Figures(plain, plain.Totals!).ShouldBe(whole, what);
            return true;
        }
    }

    [Theory, OnBothEngines]
    public async Task Every_row_of_every_grouping_leads_to_documents_whose_figures_sum_to_it(Engine engine)
    {
        await using var shop = await Furnished(engine);
        Prop.ForAll(Gen.Elements<(string Period, string Groups)>(Groupings.Where(one => !one.Groups.Contains("document"))).ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), (grouping, pick) =>
            Holds(shop, grouping.Period, grouping.Groups, pick).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

        static async Task<bool> Holds(Shop shop, string period, string groups, int pick)
        {
            var answer = await Run(shop, Ask(period, groups) with { Subtotals = true, Compare = "chosen", CompareFrom = new DateOnly(2026, 2, 1), CompareTo = new DateOnly(2026, 3, 31) });
            var row = answer.Rows[pick % answer.Rows.Count];
            var other = answer.Compare!.Rows[pick % answer.Rows.Count];
            foreach (var (line, drill) in new[] { (row, row.Drill), (other, other.Drill), (new ReportLine(null, answer.Totals!, null), answer.TotalsDrill) })
            {
                var figures = Figures(answer, line.Cells);
                if (drill is null)
                {
                    figures.Values.ShouldAllBe(value => value == 0);
                    continue;
                }

                var below = await Run(shop, Follow(drill));
                Sum(below, below.Rows).ShouldBe(figures, $"{period} {groups}: {line.Key} by {string.Join(' ', drill)}");
                if (below.Report == ReportSet.Documents) below.Rows.ShouldAllBe(document => document.Drill!.Keys.Single() == "document");
            }

            return true;
        }
    }

    [Theory, OnBothEngines]
    public async Task Pages_go_on_after_a_row_and_show_each_once_whatever_the_order(Engine engine)
    {
        await using var shop = await Furnished(engine);
        foreach (var (period, groups, subtotals) in new[] { ("", "branch,driver", true), ("", "user,channel", false), ("week", "item", true), ("month", "channel,driver", false), ("day", "", false), ("", "weekday,hour", true), ("", "document", false) })
        {
            var request = Ask(period, groups) with { Subtotals = subtotals, Compare = "year" };
            var whole = await Run(shop, request);
            var (rows, after) = (new List<ReportLine>(), (string?)null);
            do
            {
                var page = await Run(shop, request with { Limit = 7, After = after });
                page.Totals.ShouldBe(whole.Totals);
                page.Rows.Count(row => row.Level == 0).ShouldBeLessThanOrEqualTo(7);
                page.Compare!.Rows.Count.ShouldBe(page.Rows.Count);
                rows.AddRange(page.Rows);
                after = page.Next;
            }
            while (after is not null);
            rows.Select(row => row.Key).ShouldBe(whole.Rows.Select(row => row.Key), groups);
            rows.Select(row => row.Cells).ShouldBe(whole.Rows.Select(row => row.Cells), groups);
        }

        var other = (await Run(shop, Ask("", "branch,driver") with { Limit = 1 })).Next;
        (await shop.Database.Read(db => ReportSet.Run(db, Deliveries.Instance, Ask("", "driver,branch") with { After = other }, shop.Manager, Today))).Refusal!.Code.ShouldBe("CURSOR_INVALID");
    }

    [Theory, OnBothEngines]
    public async Task A_streamed_report_has_the_rows_of_its_pages(Engine engine)
    {
        await using var shop = await Furnished(engine);
        foreach (var (period, groups) in new[] { ("", "branch,driver"), ("week", "item"), ("day", ""), ("", "document") })
        {
            var request = Ask(period, groups) with { Subtotals = true, Compare = "previous" };
            var page = await Run(shop, request);
            await using var db = await shop.Database.Snapshot();
            await using var names = await shop.Database.Reader();
            var file = (await ReportSet.Stream(db, names, Deliveries.Instance, request, shop.Manager, Today)).Value;
            var rows = await file.Rows.ToListAsync();
            rows.Select(row => row.Now.Cells).ShouldBe(page.Rows.Select(row => row.Cells));
            rows.Select(row => row.Other!.Cells).ShouldBe(page.Compare!.Rows.Select(row => row.Cells));
            file.Totals().Now.ShouldBe(page.Totals);
            file.Totals().Other.ShouldBe(page.Compare.Totals);
        }
    }

    [Theory, OnBothEngines]
    public async Task The_28th_of_February_stands_against_both_days_of_a_longer_one(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        foreach (var (day, amount) in new[] { (new DateOnly(2024, 2, 28), 200L), (new DateOnly(2024, 2, 29), 100L), (new DateOnly(2025, 2, 28), 450L), (new DateOnly(2024, 2, 27), 5L) })
            await shop.Database.Write(tx =>
            {
                Facts.Stage(tx, shop.StampOf(shop.North, day), new Fact { Document = shop.Draft(shop.North, day), Event = "posted", Amount = amount });
                return Task.CompletedTask;
            });
        var answer = await Run(shop, new ReportRequest("daily") { From = new DateOnly(2025, 2, 26), To = new DateOnly(2025, 2, 28), Compare = "year" });
        answer.Compare!.Rows.Select(row => row.Cells[1]).ShouldBe([0L, 5L, 300L]);
        (answer.Compare.Rows[2].Drill!["from"], answer.Compare.Rows[2].Drill!["to"]).ShouldBe(("2024-02-28", "2024-02-29"));
        FigureChange.Difference(450L, 300L).ShouldBe(150L);
        FigureChange.Rate(450L, 300L).ShouldBe(500_000L);
        FigureChange.Rate(-100L, -200L).ShouldBe(500_000L);
        FigureChange.Rate(4L, 3L).ShouldBe(333_333L);
        FigureChange.Rate(1L, 0L).ShouldBeNull();

        var leap = await Run(shop, new ReportRequest("daily") { From = new DateOnly(2025, 2, 1), To = new DateOnly(2025, 2, 28), Compare = "chosen", CompareFrom = new DateOnly(2024, 2, 1), CompareTo = new DateOnly(2024, 2, 29) });
        leap.Compare!.Rows.Select(row => (long)row.Cells[1]!).Where(value => value != 0).ShouldBe([5L, 200L, 100L]);
        leap.Compare.Rows[^1].Drill!["from"].ShouldBe("2024-02-29");
        var refused = await shop.Database.Read(db => ReportSet.Run(db, Deliveries.Instance, new ReportRequest("daily") { Compare = "chosen" }, shop.Manager, Today));
        (refused.Refusal!.Code, refused.Refusal.At).ShouldBe(("RANGE_INVALID", "/compareFrom"));
    }
}
