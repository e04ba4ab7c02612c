using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Values;

public sealed class PeriodTests
{
    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    [Fact]
    public void Months_are_counted_from_the_anchor_and_clamped()
    {
        var anchor = Day("2025-01-31");
        Period.Boundary(anchor, 1, 1, PeriodUnit.Month).ShouldBe(Day("2025-02-28"));
        Period.Boundary(anchor, 2, 1, PeriodUnit.Month).ShouldBe(Day("2025-03-31"));
        Period.Boundary(anchor, 3, 1, PeriodUnit.Month).ShouldBe(Day("2025-04-30"));
        Period.Boundary(anchor, -2, 1, PeriodUnit.Month).ShouldBe(Day("2024-11-30"));
        Period.Boundary(Day("2024-02-29"), 1, 1, PeriodUnit.Year).ShouldBe(Day("2025-02-28"));
        Period.Boundary(Day("2024-02-29"), 4, 1, PeriodUnit.Year).ShouldBe(Day("2028-02-29"));
        Period.Boundary(Day("2025-01-06"), 2, 2, PeriodUnit.Week).ShouldBe(Day("2025-02-03"));
    }

    [Fact]
    public void A_period_contains_its_first_day_and_not_the_day_it_ends_on()
    {
        var march = Period.MonthOf(Day("2025-03-18"));
        march.ToString().ShouldBe("2025-03-01..2025-04-01");
        march.Days.ShouldBe(31);
        march.Contains(Day("2025-03-01")).ShouldBeTrue();
        march.Contains(Day("2025-04-01")).ShouldBeFalse();
        march.Overlaps(Period.MonthOf(Day("2025-04-01"))).ShouldBeFalse();
        march.Intersect(new Period(Day("2025-03-18"), Day("2025-05-01"))).Days.ShouldBe(14);
        march.Intersect(Period.YearOf(Day("2026-01-01"))).IsEmpty.ShouldBeTrue();
        Should.Throw<InvariantBrokenException>(() => new Period(Day("2025-03-02"), Day("2025-03-01")));
    }

    [Fact]
    public void Every_day_is_in_the_period_that_encloses_it() =>
        Prop.ForAll(
            Gen.Choose(0, 20_000).ToArbitrary(), Gen.Choose(0, 40_000).ToArbitrary(),
            (from every in Gen.Choose(1, 14) from unit in Gen.Elements(Enum.GetValues<PeriodUnit>()) select (every, unit)).ToArbitrary(),
            (anchorDay, dayNumber, interval) =>
            {
                var anchor = Day("1990-01-01").AddDays(anchorDay);
                var day = Day("1980-01-01").AddDays(dayNumber);
                return Period.Enclosing(anchor, day, interval.every, interval.unit).Contains(day);
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(DayCount.Act365, "2025-03-10", "2025-04-05", 26, 365)]
    [InlineData(DayCount.Act360, "2025-03-10", "2025-04-05", 26, 360)]
    [InlineData(DayCount.Act364, "2025-03-10", "2025-04-05", 26, 364)]
    [InlineData(DayCount.Act365, "2025-04-05", "2025-03-10", -26, 365)]
    [InlineData(DayCount.Thirty360, "2025-01-31", "2025-02-28", 28, 360)]
    [InlineData(DayCount.Thirty360, "2025-01-30", "2025-03-31", 60, 360)]
    [InlineData(DayCount.Thirty360, "2025-01-15", "2025-03-31", 76, 360)]
    [InlineData(DayCount.Thirty360, "2025-01-01", "2026-01-01", 360, 360)]
    [InlineData(DayCount.ActActIsda, "2025-01-01", "2026-01-01", 365, 365)]
    [InlineData(DayCount.ActActIsda, "2024-01-01", "2024-07-01", 182, 366)]
    [InlineData(DayCount.ActActIsda, "2003-11-01", "2004-05-01", (61 * 366) + (121 * 365), 365 * 366)]
    public void A_day_count_is_an_exact_part_of_a_year(DayCount convention, string from, string to, long numerator, long denominator) =>
        convention.YearFraction(Day(from), Day(to)).ShouldBe(new Fraction(numerator, denominator));

    [Fact]
    public void Day_counts_are_known_by_their_codes()
    {
        foreach (var convention in Enum.GetValues<DayCount>())
        {
            DayCounting.TryParse(convention.Code(), out var read).ShouldBeTrue();
            read.ShouldBe(convention);
        }

        DayCounting.TryParse("act/366", out _).ShouldBeFalse();
    }
}
