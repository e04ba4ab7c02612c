using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.AfterSales;
using Plug1.Customers.Warranties;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Warranties;

public sealed class WarrantyTests
{
    private static readonly DateOnly Start = Day("2026-03-15");
    private static readonly Length TwoYears = Length.Months(24);

    [Fact]
    public void Two_years_from_15_march_2026_cover_15_march_2028_and_not_the_day_after()
    {
        var end = Warranty.End(Start, TwoYears);
        end.ShouldBe(Day("2028-03-15"));
        Warranty.Standing(Start, end, null, Day("2028-03-15")).ShouldBe(WarrantyStanding.UnderWarranty);
        Warranty.Standing(Start, end, null, Day("2028-03-16")).ShouldBe(WarrantyStanding.Expired);
        Warranty.Standing(Start, end, Day("2029-03-15"), Day("2028-03-16")).ShouldBe(WarrantyStanding.Extended);
        Warranty.Standing(Start, end, null, Day("2026-03-14")).ShouldBe(WarrantyStanding.NotStarted);
        Warranty.End(Start, Length.Months(12)).ShouldBe(Day("2027-03-15"));
    }

    [Fact]
    public void Nine_days_in_the_workshop_move_the_last_day_to_24_march()
    {
        var stay = new Downtime(Day("2027-05-10"), Day("2027-05-19"));
        stay.Days.ShouldBe(9);
        Warranty.End(Start, TwoYears, downtimes: [stay]).ShouldBe(Day("2028-03-24"));
    }

    [Fact]
    public void The_day_of_failing_decides_when_it_is_reported_within_60_days()
    {
        Warranty.DecidingDay(Day("2028-03-15"), Day("2028-05-14")).ShouldBe(Day("2028-03-15"));
        Warranty.DecidingDay(Day("2028-03-15"), Day("2028-05-15")).ShouldBe(Day("2028-05-15"));
    }

    [Fact]
    public void A_limit_of_use_ends_the_cover_before_its_day()
    {
        var terms = new WarrantyTerms(TwoYears, UsageLimit: Quantity.Of(30_000));
        Warranty.IsUsedUp(terms, Quantity.Of(12), Quantity.Of(30_012)).ShouldBeFalse();
        Warranty.IsUsedUp(terms, Quantity.Of(12), Quantity.Of(30_013)).ShouldBeTrue();
        Warranty.IsUsedUp(terms with { UsageLimit = null }, Quantity.Zero, Quantity.Of(99_999)).ShouldBeFalse();
    }

    [Fact]
    public void A_battery_of_36_months_12_in_full_failing_after_20_is_covered_by_two_thirds()
    {
        var terms = new WarrantyTerms(Length.Months(36), WarrantyShape.StraightLine, 12);
        var share = Warranty.Share(terms, Day("2026-01-31"), Day("2027-09-30"));
        share.ShouldBe(new Fraction(16, 24));
        Ratio.Of(share).ToRate().ShouldBe(Rate.Parse("0.666667"));
        Service.Split(Usd2("180.00"), share).Covered.ShouldBe(Usd2("120.00"));
        Warranty.Share(terms, Day("2026-01-31"), Day("2026-12-31")).ShouldBe(new Fraction(1, 1));
        Warranty.Share(terms with { Length = new Length(3, PeriodUnit.Year) }, Day("2026-01-31"), Day("2027-09-30")).ShouldBe(new Fraction(16, 24));
        Warranty.Share(new WarrantyTerms(TwoYears), Start, Day("2027-09-30")).ShouldBe(new Fraction(1, 1));
        Warranty.Share(36, 12, 40).ShouldBe(new Fraction(0, 24));
        Warranty.Share(12, 12, 11).ShouldBe(new Fraction(1, 1));
    }

    [Fact]
    public void A_replacement_on_day_60_of_90_ends_with_the_old_one_or_90_days_after_it_was_handed_over()
    {
        var (end, handedOver) = (Warranty.End(Start, Length.Days(90)), Start.AddDays(60));
        Warranty.Replacement(ReplacementRule.Remaining, end, handedOver, Length.Days(90)).ShouldBe(Start.AddDays(90));
        Warranty.Replacement(ReplacementRule.AtLeast, end, handedOver, Length.Days(90), atLeastDays: 90).ShouldBe(handedOver.AddDays(90));
        Warranty.Replacement(ReplacementRule.AtLeast, end, handedOver, Length.Days(90), atLeastDays: 10).ShouldBe(end);
        Warranty.Replacement(ReplacementRule.Restart, Day("2028-03-15"), Day("2027-06-30"), TwoYears).ShouldBe(Day("2029-06-30"));
    }

    [Fact]
    public void A_repaired_part_has_its_own_days_when_they_end_later()
    {
        Warranty.RepairedPartEnd(Day("2028-03-15"), Day("2028-03-01"), 90).ShouldBe(Day("2028-05-30"));
        Warranty.RepairedPartEnd(Day("2028-03-15"), Day("2027-03-01"), 90).ShouldBe(Day("2028-03-15"));
    }

    [Fact]
    public void The_supplier_gives_back_its_share_while_its_own_term_ran()
    {
        Warranty.SupplierRecovery(Usd2("56.25"), Rate.Percent(50), Day("2026-01-10"), 12, Day("2027-01-10")).ShouldBe(Usd2("28.13"));
        Warranty.SupplierRecovery(Usd2("56.25"), Rate.Percent(50), Day("2026-01-10"), 12, Day("2027-01-11")).ShouldBe(Usd2("0.00"));
    }

    [Fact]
    public void The_defect_classes_make_0_018_and_48_250_00_of_sales_accrue_868_50()
    {
        var rate = Provision.Rate([new(Rate.Percent(92), Rate.Zero), new(Rate.Percent(6), Rate.Percent(10)), new(Rate.Percent(2), Rate.Percent(60))]);
        rate.ToRate().ShouldBe(Rate.Parse("0.018"));
        Provision.Accrual(Usd2("48250.00"), rate).ShouldBe(Usd2("868.50"));
    }

    [Fact]
    public void At_december_the_provision_of_january_must_hold_470_44_and_releases_278_06()
    {
        var trueUp = Provision.TrueUp([new(Day("2026-01-31"), Usd2("868.50"))], 24, Day("2026-12-01"), Usd2("868.50") - Usd2("120.00"));
        trueUp.ShouldBe(new TrueUp(Usd2("470.44"), Usd2("278.06")));
        Provision.TrueUp([new(Day("2024-01-31"), Usd2("868.50"))], 24, Day("2026-12-01"), Usd2("-5.00")).ShouldBe(new TrueUp(Usd2("0.00"), Usd2("-5.00")));
    }

    [Fact]
    public void An_extended_warranty_of_120_00_earns_5_09_in_july_and_5_09_in_august()
    {
        var (from, to) = (Day("2026-07-01"), Day("2028-06-30"));
        var july = Provision.EarnedIncome(Usd2("120.00"), from, to, Day("2026-07-31"), Usd2("0.00"));
        july.ShouldBe(Usd2("5.09"));
        Provision.EarnedToDate(Usd2("120.00"), from, to, Day("2026-08-31")).ShouldBe(Usd2("10.18"));
        Provision.EarnedIncome(Usd2("120.00"), from, to, Day("2026-08-31"), july).ShouldBe(Usd2("5.09"));
        Provision.Unearned(Usd2("120.00"), from, to, Day("2026-08-31")).ShouldBe(Usd2("109.82"));
        Provision.EarnedToDate(Usd2("120.00"), from, to, Day("2026-06-30")).ShouldBe(Usd2("0.00"));
        Provision.EarnedToDate(Usd2("120.00"), from, to, Day("2030-01-01")).ShouldBe(Usd2("120.00"));
    }

    [Fact]
    public void Monthly_runs_recognise_the_whole_price_and_never_take_back() =>
        Prop.ForAll(Gen.Choose(1, 1_000_000).SelectMany(price => Gen.Choose(1, 1_500).Select(days => (price, days))).ToArbitrary(), sold =>
        {
            var (from, to, price) = (Day("2026-01-17"), Day("2026-01-17").AddDays(sold.days - 1), Cents(sold.price));
            var (sum, rising) = (Cents(0), true);
            for (var month = Day("2026-01-01"); month <= to; month = month.AddMonths(1))
            {
                var run = Provision.EarnedIncome(price, from, to, month.AddMonths(1).AddDays(-1), sum);
                rising &= !run.IsNegative;
                sum += run;
            }

            return rising && sum == price;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_share_never_rises_with_the_months() =>
        Prop.ForAll(Gen.Choose(1, 60).SelectMany(n => Gen.Choose(0, n).SelectMany(full => Gen.Choose(0, 80).Select(k => (n, full, k)))).ToArbitrary(), at =>
            Ratio.Of(Warranty.Share(at.n, at.full, at.k)) >= Ratio.Of(Warranty.Share(at.n, at.full, at.k + 1))).QuickCheckThrowOnFailure();
}
