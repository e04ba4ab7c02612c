using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Segments;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Segments;

public sealed class RfmTests
{
    private static readonly (int R, int F, long M)[] Ten =
    [
        (3, 14, 1450), (12, 6, 610), (12, 2, 95), (40, 9, 880), (75, 1, 40), (90, 3, 210), (120, 1, 55), (180, 4, 1200), (260, 1, 40), (330, 2, 70),
    ];

    private static List<string> Cells(IEnumerable<(int R, int F, long M)> customers, RfmModel? model = null) =>
        [.. Rfm.Score([.. customers.Select(one => new RfmFigures(one.R, one.F, Cents(one.M * 100)))], model ?? new()).Select(score => $"{score} {Rfm.Cell(score, model ?? new())}")];

    [Fact]
    public void The_ten_customers_stand_in_these_cells() => Cells(Ten).ShouldBe(
    [
        "555 Champions", "444 Champions", "423 Potential loyalist", "454 Champions", "311 About to sleep", "333 Needs attention", "212 Hibernating", "245 Cannot lose", "111 Lost",
        "122 Lost",
    ]);

    [Fact]
    public void When_the_fifth_buys_for_900_00_it_moves_to_524_and_the_fourth_to_354_and_all_others_stay()
    {
        var (before, after) = (Cells(Ten), Cells(Ten.Select((one, at) => at == 4 ? (0, 2, 940L) : one)));
        after[4].ShouldBe("524 Potential loyalist");
        after[3].ShouldBe("354 Loyal");
        before.Zip(after).Count(pair => pair.First[4..] != pair.Second[4..]).ShouldBe(2);
    }

    [Fact]
    public void Every_score_of_the_seeded_grid_has_a_name()
    {
        var model = new RfmModel();
        for (var r = 1; r <= 5; r++)
        {
            for (var f = 1; f <= 5; f++)
            {
                for (var m = 1; m <= 5; m++) Rfm.Cell(new RfmScore(r, f, m), model).ShouldNotBeEmpty();
            }
        }

        Rfm.Cell(new RfmScore(5, 1, 1), model).ShouldBe("New");
        Rfm.Cell(new RfmScore(4, 1, 1), model).ShouldBe("Promising");
        Rfm.Cell(new RfmScore(2, 3, 4), model).ShouldBe("At risk");
    }

    [Fact]
    public void Fixed_limits_score_without_regard_to_others()
    {
        var model = new RfmModel { Bins = 3, Scoring = RfmScoring.Bands, Bands = new RfmBands([90, 30], [2, 5], [10_000, 50_000]) };
        Rfm.Score([new(30, 5, Cents(50_000)), new(31, 4, Cents(49_999)), new(91, 1, Cents(0))], model).Select(score => score.ToString()).ShouldBe(["333", "222", "111"]);
    }

    [Fact]
    public void Figures_count_days_with_a_sale_within_the_window_and_take_returns_off()
    {
        Purchase[] bought =
        [
            new(Day("2025-03-31"), Usd2("500.00")), new(Day("2025-04-01"), Usd2("10.00")), new(Day("2026-03-01"), Usd2("20.00")), new(Day("2026-03-01"), Usd2("5.00")),
            new(Day("2026-03-30"), Usd2("-5.00")), new(Day("2026-04-01"), Usd2("99.00")),
        ];
        Rfm.Measure(bought, Day("2026-03-31"), 12).ShouldBe(new RfmFigures(30, 2, Usd2("30.00")));
        Rfm.Measure(bought, Day("2024-03-31"), 12).ShouldBeNull();
    }

    [Fact]
    public void A_history_takes_the_sales_of_a_day_as_one_and_the_spend_of_the_days_after_the_first()
    {
        Purchase[] bought =
        [
            new(Day("2026-01-01"), Usd2("29.33")), new(Day("2026-01-18"), Usd2("20.00")), new(Day("2026-01-18"), Usd2("9.73")), new(Day("2026-01-20"), Usd2("-9.73")),
            new(Day("2026-02-05"), Usd2("14.96")), new(Day("2026-09-01"), Usd2("1.00")),
        ];
        Rfm.History(bought, Day("2026-03-05")).ShouldBe(new PurchaseHistory(2, 35, 63, Usd2("44.69")));
        Rfm.History(bought, Day("2025-12-31")).ShouldBeNull();
    }

    [Fact]
    public void Equal_values_have_equal_scores_and_better_ones_none_that_are_lower() =>
        Prop.ForAll(Gen.Choose(0, 9).Select(value => (long)value).ArrayOf().Where(values => values.Length > 0).ToArbitrary(), Gen.Choose(3, 5).ToArbitrary(), (values, bins) =>
        {
            var scores = Rfm.Ranked(values, bins);
            return values.Zip(scores).All(one => one.Second >= 1 && one.Second <= bins
                && values.Zip(scores).All(other => one.First != other.First || one.Second == other.Second)
                && values.Zip(scores).All(other => one.First <= other.First || one.Second >= other.Second));
        }).QuickCheckThrowOnFailure();
}
