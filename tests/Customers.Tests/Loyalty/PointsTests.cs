using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Loyalty;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Loyalty;

public sealed class PointsTests
{
    private static readonly RedemptionTerms OnePerHundred = new() { PointValue = Usd2("1.00"), PerPoints = Quantity.Of(100) };

    private static PointLot Lot(string name, string issued, string? expires, long left, Guid? sale = null) =>
        new(Ids.Of(name), Day(issued), expires is null ? null : Day(expires), Quantity.Of(left), sale);

    [Fact]
    public void At_1_00_for_100_730_points_pay_7_30_and_7_35_takes_740_in_steps_of_10()
    {
        Points.Redeem(Quantity.Of(730), OnePerHundred).ShouldBe(Usd2("7.30"));
        Points.PointsFor(Usd2("7.35"), OnePerHundred with { Step = Quantity.Of(10) }).ShouldBe(Quantity.Of(740));
        Points.Redeem(Quantity.Parse("99.99"), OnePerHundred).ShouldBe(Usd2("0.99"));
        Points.PointsFor(Usd2("7.30"), OnePerHundred with { Step = Quantity.Of(10) }).ShouldBe(Quantity.Of(730));
    }

    [Fact]
    public void What_may_be_used_is_cut_to_the_sale_the_step_the_minimum_and_the_balance()
    {
        Points.Redeemable(Quantity.Of(730), null, OnePerHundred).ShouldBe(new Redeemable(Quantity.Of(730), Usd2("7.30")));
        Points.Redeemable(Quantity.Of(730), Usd2("10.00"), OnePerHundred with { MaxShareOfSale = Rate.Percent(50), Step = Quantity.Of(30) })
            .ShouldBe(new Redeemable(Quantity.Of(480), Usd2("4.80")));
        Points.Redeemable(Quantity.Of(730), null, OnePerHundred with { MinPoints = Quantity.Of(731) }).ShouldBe(new Redeemable(Quantity.Zero, Usd2("0.00")));
        Points.Redeemable(Quantity.Of(-5), null, OnePerHundred).Points.ShouldBe(Quantity.Zero);
    }

    [Fact]
    public void Returns_of_20_25_and_35_of_80_00_give_back_125_156_and_219_of_500_points()
    {
        var steps = Restored(50_000, 8_000, [2_000, 2_500, 3_500], 0);
        steps.ShouldBe([Quantity.Of(12_500), Quantity.Of(15_625), Quantity.Of(21_875)]);
        Restored(500, 8_000, [2_000, 2_500, 3_500], 0).ShouldBe([Quantity.Of(125), Quantity.Of(156), Quantity.Of(219)]);
    }

    [Fact]
    public void Points_come_back_into_their_lot_and_a_lapsed_one_lives_thirty_days()
    {
        Points.RestoredUntil(Day("2026-06-30"), Day("2026-06-30")).ShouldBe(Day("2026-06-30"));
        Points.RestoredUntil(Day("2026-06-30"), Day("2026-07-01")).ShouldBe(Day("2026-07-31"));
        Points.RestoredUntil(null, Day("2026-07-01")).ShouldBeNull();
    }

    [Fact]
    public void Of_350_points_300_of_may_and_50_of_june_go()
    {
        PointLot[] lots = [Lot("june", "2025-06-30", "2026-06-30", 100), Lot("never", "2025-01-01", null, 200), Lot("may", "2025-05-31", "2026-05-31", 300)];
        var pick = Points.PickLots(lots, Quantity.Of(350));
        pick.Takes.ShouldBe([new LotTake(Ids.Of("may"), Quantity.Of(300)), new LotTake(Ids.Of("june"), Quantity.Of(50))]);
        pick.Missing.ShouldBe(Quantity.Zero);
        Points.PickLots(lots, Quantity.Of(650)).ShouldSatisfyAllConditions(
            all => all.Missing.ShouldBe(Quantity.Of(50)), all => all.Takes[^1].ShouldBe(new LotTake(Ids.Of("never"), Quantity.Of(200))));
    }

    [Fact]
    public void Lots_that_lapse_together_go_by_age_and_then_by_id()
    {
        var (low, high) = (new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), new Guid(2, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));
        PointLot[] lots = [new(high, Day("2026-01-02"), null, Quantity.One), new(low, Day("2026-01-02"), null, Quantity.One), new(Ids.Of("old"), Day("2026-01-01"), null, Quantity.One)];
        Points.PickLots(lots, Quantity.Of(3)).Takes.Select(take => take.Lot).ShouldBe([Ids.Of("old"), low, high]);
    }

    [Fact]
    public void A_claw_back_takes_the_lot_of_the_sale_first_then_the_oldest_and_the_rest_is_debt()
    {
        var sale = Ids.Of("sale");
        PointLot[] lots = [Lot("old", "2025-01-01", "2026-05-31", 20), Lot("own", "2026-03-01", null, 80, sale)];
        var pick = Points.PickClawedBack(lots, Quantity.Of(200), sale);
        pick.Takes.ShouldBe([new LotTake(Ids.Of("own"), Quantity.Of(80)), new LotTake(Ids.Of("old"), Quantity.Of(20))]);
        pick.Missing.ShouldBe(Quantity.Of(100));
    }

    [Fact]
    public void The_worked_sale_returned_after_120_of_its_200_were_spent_leaves_minus_120_and_the_next_150_leave_30()
    {
        var sale = Ids.Of("sale");
        var pick = Points.PickClawedBack([Lot("own", "2026-03-01", null, 80, sale)], Quantity.Of(200), sale);
        (pick.Takes.Count, pick.Missing).ShouldBe((1, Quantity.Of(120)));
        (Quantity.Of(150) - pick.Missing).ShouldBe(Quantity.Of(30));
        Points.Redeemable(-pick.Missing, null, OnePerHundred).Points.ShouldBe(Quantity.Zero);
    }

    [Fact]
    public void Twelve_months_from_29_february_2024_last_until_28_february_2025()
    {
        var end = Points.LotEnd(new ExpiryPolicy(ExpiryKind.Months, 12), Day("2024-02-29"));
        end.ShouldBe(Day("2025-02-28"));
        Points.IsUsable(end, Day("2025-02-28")).ShouldBeTrue();
        Points.IsUsable(end, Day("2025-03-01")).ShouldBeFalse();
        Points.LotEnd(new ExpiryPolicy(ExpiryKind.MonthEnd, 12), Day("2024-03-02")).ShouldBe(Day("2025-03-31"));
        Points.LotEnd(new ExpiryPolicy(ExpiryKind.FixedDate, On: Day("2026-12-31")), Day("2024-03-02")).ShouldBe(Day("2026-12-31"));
        Points.LotEnd(new ExpiryPolicy(ExpiryKind.LastMovement, 6), Day("2024-03-02"), Day("2024-08-31")).ShouldBe(Day("2025-02-28"));
        Points.LotEnd(new ExpiryPolicy(ExpiryKind.LastMovement, 6), Day("2024-03-02")).ShouldBe(Day("2024-09-02"));
        Points.LotEnd(new ExpiryPolicy(ExpiryKind.Never), Day("2024-03-02")).ShouldBeNull();
        Points.IsUsable(null, Day("2099-01-01")).ShouldBeTrue();
    }

    [Fact]
    public void Steps_of_giving_back_sum_to_what_was_redeemed() =>
        Prop.ForAll(Gen.Choose(0, 10_000).SelectMany(redeemed => Gen.Choose(1, 9_999).ArrayOf().Where(nets => nets.Length > 0).Select(nets => (redeemed, nets))).ToArbitrary(), sold =>
        {
            var steps = Restored(sold.redeemed, sold.nets.Sum(), sold.nets, 0);
            return Quantity.Sum(steps) == Quantity.Of(sold.redeemed) && steps.TrueForAll(step => !step.IsNegative);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Takes_and_what_is_missing_sum_to_what_was_asked_and_no_lot_gives_more_than_it_has() =>
        Prop.ForAll(Gen.Choose(0, 500).ArrayOf().SelectMany(lefts => Gen.Choose(0, 3_000).Select(points => (lefts, points))).ToArbitrary(), asked =>
        {
            var lots = asked.lefts.Select((left, at) => Lot($"lot {at}", "2026-01-01", at % 3 == 0 ? null : $"2026-0{1 + (at % 9)}-01", left)).ToList();
            var pick = Points.PickLots(lots, Quantity.Of(asked.points));
            return Quantity.Sum(pick.Takes.Select(take => take.Points)) + pick.Missing == Quantity.Of(asked.points)
                && pick.Takes.All(take => take.Points.IsPositive && take.Points <= lots.Single(lot => lot.Id == take.Lot).Left)
                && (pick.Missing.IsZero || pick.Takes.Count == lots.Count(lot => lot.Left.IsPositive));
        }).QuickCheckThrowOnFailure();

    private static List<Quantity> Restored(long redeemed, long saleNet, IEnumerable<int> returns, int decimals)
    {
        var (returned, steps) = (0L, new List<Quantity>());
        foreach (var net in returns)
        {
            returned += net;
            steps.Add(Points.Restore(Quantity.Of(redeemed), Cents(returned), Cents(saleNet), Quantity.Sum(steps), decimals));
        }

        return steps;
    }
}
