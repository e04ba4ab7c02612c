using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Loyalty;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Loyalty;

public sealed class TierAndDeferralTests
{
    private static readonly RedemptionTerms TwoCents = new() { PointValue = Usd2("2.00"), PerPoints = Quantity.Of(100) };

    private static readonly LoyaltyTier[] Three =
    [
        new() { Code = "SILVER", Threshold = Quantity.Of(100), ValidMonths = 12 }, new() { Code = "GOLD", Threshold = Quantity.Of(500), ValidMonths = 12 },
        new() { Code = "PLATINUM", Threshold = Quantity.Of(2_000), ValidMonths = 6, MaxStepsDown = 1 },
    ];

    private static TierHeld? Review(long spend, TierHeld? held, string on, TierFloor? floor = null) => Tiers.Review(Three, _ => Quantity.Of(spend), held, floor, Day(on));

    private static PointCohort Cohort(string deferred, long issued, long redeemed, long expired) => new(Usd2(deferred), Quantity.Of(issued), Quantity.Of(redeemed), Quantity.Of(expired));

    [Fact]
    public void The_highest_threshold_that_is_reached_is_the_tier()
    {
        new[] { 99L, 100, 499, 500, 2_000, 9_999 }.Select(spend => Tiers.Qualified(Three, _ => Quantity.Of(spend))).ShouldBe([Tiers.None, 0, 0, 1, 2, 2]);
        Tiers.Qualified(Three, tier => tier.Code == "GOLD" ? Quantity.Of(500) : Quantity.Zero).ShouldBe(1);
    }

    [Fact]
    public void Up_at_once_and_down_only_at_the_end_of_the_term()
    {
        Review(50, null, "2026-01-15").ShouldBeNull();
        var gold = Review(600, null, "2026-01-15");
        gold.ShouldBe(new TierHeld(1, Day("2027-01-15")));
        Review(2_500, gold, "2026-02-01").ShouldBe(new TierHeld(2, Day("2026-08-01")));
        Review(0, gold, "2027-01-15").ShouldBe(gold);
        Review(0, gold, "2027-01-16").ShouldBeNull();
        Review(150, gold, "2027-01-16").ShouldBe(new TierHeld(0, Day("2028-01-16")));
        Review(600, gold, "2027-01-16").ShouldBe(new TierHeld(1, Day("2028-01-16")));
    }

    [Fact]
    public void Down_by_no_more_than_its_steps_and_not_below_what_was_granted_while_that_lasts()
    {
        Review(0, new TierHeld(2, Day("2026-01-31")), "2026-02-01").ShouldBe(new TierHeld(1, Day("2027-02-01")));
        Review(0, new TierHeld(1, Day("2026-01-31")), "2026-02-01", new TierFloor(1, Day("2026-02-01"))).ShouldBe(new TierHeld(1, Day("2027-02-01")));
        Review(0, new TierHeld(1, Day("2026-01-31")), "2026-02-02", new TierFloor(1, Day("2026-02-01"))).ShouldBeNull();
        Review(0, null, "2026-01-15", new TierFloor(2, Day("2026-12-31"))).ShouldBe(new TierHeld(2, Day("2026-07-15")));
    }

    [Fact]
    public void Of_250_00_with_250_points_at_0_02_and_30_percent_breakage_3_45_is_deferred()
    {
        Deferral.StandAlone(Quantity.Of(250), TwoCents, Rate.Percent(30)).ShouldBe(Ratio.Of(350));
        Deferral.Defer(Usd2("250.00"), Quantity.Of(250), TwoCents, Rate.Percent(30)).ShouldBe(Usd2("3.45"));
        Deferral.Defer(Usd2("0.00"), Quantity.Of(250), TwoCents, Rate.Percent(30)).ShouldBe(Usd2("0.00"));
        Deferral.Defer(Usd2("250.00"), Quantity.Zero, TwoCents, Rate.Percent(30)).ShouldBe(Usd2("0.00"));
    }

    [Fact]
    public void The_cohort_of_420_00_recognises_168_00_then_262_50_then_381_82_then_all()
    {
        Deferral.ReleaseTarget(Cohort("420.00", 30_000, 9_000, 0), Rate.Percent(25)).ShouldBe(Usd2("168.00"));
        Deferral.ReleaseTarget(Cohort("420.00", 30_000, 15_000, 3_000), Rate.Percent(20)).ShouldBe(Usd2("262.50"));
        Deferral.Release(Cohort("420.00", 30_000, 15_000, 3_000), Rate.Percent(20), Usd2("168.00")).ShouldBe(Usd2("94.50"));
        Deferral.ReleaseTarget(Cohort("420.00", 30_000, 20_000, 8_000), Rate.Percent(20)).ShouldBe(Usd2("381.82"));
        Deferral.ReleaseTarget(Cohort("420.00", 30_000, 21_000, 9_000), Rate.Percent(20)).ShouldBe(Usd2("420.00"));
        Deferral.ReleaseTarget(Cohort("420.00", 30_000, 0, 0), Rate.One).ShouldBe(Usd2("0.00"));
    }

    [Fact]
    public void What_is_deferred_is_less_than_the_sale_and_what_the_points_stand_for() =>
        Prop.ForAll(Gen.Choose(1, 1_000_000).SelectMany(net => Gen.Choose(0, 1_000_000).SelectMany(points => Gen.Choose(0, 100).Select(breakage => (net, points, breakage)))).ToArbitrary(), sold =>
        {
            var deferred = Deferral.Defer(Cents(sold.net), Quantity.Of(sold.points), TwoCents, Rate.Percent(sold.breakage));
            return !deferred.IsNegative && deferred <= Cents(sold.net) && Ratio.Of(deferred) <= Deferral.StandAlone(Quantity.Of(sold.points), TwoCents, Rate.Percent(sold.breakage)) + new Ratio(1, 2);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Releases_sum_to_the_deferred_once_nothing_is_outstanding() =>
        Prop.ForAll(Gen.Choose(1, 500).ArrayOf().Where(steps => steps.Length > 0).SelectMany(steps => Gen.Choose(0, 100).SelectMany(breakage => Gen.Choose(1, 1_000_000).Select(deferred => (steps, breakage, deferred)))).ToArbitrary(), lived =>
        {
            var issued = lived.steps.Sum();
            var (recognised, redeemed, expired) = (Cents(0), 0, 0);
            for (var at = 0; at < lived.steps.Length; at++)
            {
                if (at % 3 == 2) expired += lived.steps[at];
                else redeemed += lived.steps[at];
                var cohort = new PointCohort(Cents(lived.deferred), Quantity.Of(issued), Quantity.Of(redeemed), Quantity.Of(expired));
                recognised += Deferral.Release(cohort, Rate.Percent(lived.breakage), recognised);
                if (recognised.IsNegative || recognised > cohort.Deferred) return false;
            }

            return recognised == Cents(lived.deferred);
        }).QuickCheckThrowOnFailure();
}
