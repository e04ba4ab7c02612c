using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Loyalty;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Loyalty;

public sealed class EarningTests
{
    private static readonly Guid A = Ids.Of("A");
    private static readonly Guid B = Ids.Of("B");
    private static readonly Rate Gold = Rate.Parse("1.25");
    private static readonly LoyaltyRule OneForOne = new() { Code = "base", Type = LoyaltyRuleType.Base, Points = Quantity.One, PerAmount = Usd2("1.00") };
    private static readonly LoyaltyRule DoubleB = new() { Code = "double", Type = LoyaltyRuleType.Multiplier, Factor = Rate.Of(2), Selector = new() { Items = new HashSet<Guid> { B } } };
    private static readonly LoyaltyProgrammeTerms Terms = new() { Currency = Usd, Rules = [OneForOne, DoubleB] };

    private static readonly LoyaltySale Worked = new()
    {
        Lines = [Line(A, "40.00"), Line(B, "60.01"), new LoyaltyLine { Kind = LoyaltyLineKind.Voucher, Net = Usd2("25.00") }],
    };

    private static readonly Arbitrary<(int[] Nets, int Keep, int Tender)> Sales = Gen.Choose(1, 50_000).ArrayOf().Where(nets => nets.Length > 0)
        .SelectMany(nets => Gen.Choose(0, nets.Length).SelectMany(keep => Gen.Choose(0, 20_000).Select(tender => (nets, keep, tender)))).ToArbitrary();

    private static LoyaltyLine Line(Guid item, string net) => new() { Item = item, Net = Usd2(net) };

    private static Quantity Earned(LoyaltyProgrammeTerms terms, LoyaltySale sale, Rate? tier = null) => Earning.Earn(terms, sale, tier ?? Gold).Points;

    private static LoyaltyProgrammeTerms With(params LoyaltyRule[] rules) => Terms with { Rules = rules };

    [Fact]
    public void The_worked_sale_earns_200_and_nothing_for_the_gift_card()
    {
        var earned = Earning.Earn(Terms, Worked, Gold);
        earned.Points.ShouldBe(Quantity.Of(200));
        earned.Eligible.ShouldBe(Usd2("100.01"));
        earned.ByRule.ShouldBe([new RulePoints("base", Quantity.Of(200))]);
        Earned(Terms with { PointDecimals = 2 }, Worked).ShouldBe(Quantity.Parse("200.02"));
        Earned(Terms with { PointDecimals = 2, Rounding = PointRounding.Nearest }, Worked).ShouldBe(Quantity.Parse("200.03"));
        Earned(Terms with { Rounding = PointRounding.Ceiling }, Worked).ShouldBe(Quantity.Of(201));
    }

    [Fact]
    public void With_20_00_paid_in_points_it_earns_160()
    {
        var earned = Earning.Earn(Terms, Worked with { PointsTendered = Usd2("20.00") }, Gold);
        (earned.Points, earned.Eligible).ShouldBe((Quantity.Of(160), Usd2("80.01")));
        Earned(Terms with { PointDecimals = 2, Rounding = PointRounding.Nearest }, Worked with { PointsTendered = Usd2("20.00") }).ShouldBe(Quantity.Parse("160.03"));
        Earned(Terms with { Redemption = new() { PointValue = Usd2("1.00"), EarnOnPointsPaid = true } }, Worked with { PointsTendered = Usd2("20.00") }).ShouldBe(Quantity.Of(200));
        Earned(Terms with { Redemption = new() { PointValue = Usd2("1.00"), EarnOnPointsPaid = true } }, new LoyaltySale { Lines = [Line(A, "32.00"), Line(B, "48.01")], PointsDiscount = Usd2("20.00") })
            .ShouldBe(Quantity.Of(200));
        Earned(Terms, Worked with { PointsTendered = Usd2("125.01") }).ShouldBe(Quantity.Zero);
    }

    [Fact]
    public void Returning_B_takes_150_and_then_A_the_last_50()
    {
        var remains = Earned(Terms, new LoyaltySale { Lines = [Line(A, "40.00")] });
        remains.ShouldBe(Quantity.Of(50));
        Earning.ClawBack(Quantity.Of(200), remains, Quantity.Zero).ShouldBe(Quantity.Of(150));
        Earning.ClawBack(Quantity.Of(200), Quantity.Zero, Quantity.Of(150)).ShouldBe(Quantity.Of(50));
        Earning.ClawBack(Quantity.Of(200), Quantity.Of(60), Quantity.Of(150)).ShouldBe(Quantity.Zero);
    }

    [Fact]
    public void Gross_points_count_tax_and_excluded_lines_count_not()
    {
        var sale = new LoyaltySale
        {
            Lines =
            [
                new LoyaltyLine { Item = A, Net = Usd2("10.00"), Tax = Usd2("2.00") }, new LoyaltyLine { Kind = LoyaltyLineKind.Delivery, Net = Usd2("5.00") },
                new LoyaltyLine { Item = B, Net = Usd2("7.00"), Labels = new HashSet<string> { "tobacco" } }, new LoyaltyLine { Kind = LoyaltyLineKind.Deposit, Net = Usd2("50.00") },
                new LoyaltyLine { Item = A, Net = Usd2("3.00"), Categories = new HashSet<Guid> { B } },
            ],
        };
        Earned(With(OneForOne), sale, Rate.One).ShouldBe(Quantity.Of(25));
        Earned(With(OneForOne) with { Basis = PointBasis.Gross }, sale, Rate.One).ShouldBe(Quantity.Of(27));
        var excluded = new Exclusions { Delivery = true, Labels = new HashSet<string> { "tobacco" }, Categories = new HashSet<Guid> { B } };
        Earned(With(OneForOne) with { Exclusions = excluded }, sale, Rate.One).ShouldBe(Quantity.Of(10));
        Earned(With(OneForOne) with { Exclusions = new() { Items = new HashSet<Guid> { A } } }, sale, Rate.One).ShouldBe(Quantity.Of(12));
    }

    [Fact]
    public void Base_rates_are_summed_or_the_best_counts_and_multipliers_are_multiplied()
    {
        var more = new LoyaltyRule { Code = "more", Type = LoyaltyRuleType.Base, Points = Quantity.Of(3), PerAmount = Usd2("2.00") };
        var triple = DoubleB with { Code = "triple", Factor = Rate.Of(3) };
        var sale = new LoyaltySale { Lines = [Line(A, "10.00"), Line(B, "10.00")] };
        Earned(With(OneForOne, more), sale, Rate.One).ShouldBe(Quantity.Of(50));
        Earned(With(OneForOne, more) with { Stacking = Stacking.Best }, sale, Rate.One).ShouldBe(Quantity.Of(30));
        Earned(With(OneForOne, DoubleB, triple), sale, Rate.One).ShouldBe(Quantity.Of(70));
        Earning.Earn(With(OneForOne, more), sale, Rate.One).ByRule.ShouldBe([new("base", Quantity.Of(20)), new("more", Quantity.Of(30))]);
    }

    [Fact]
    public void Bonuses_come_on_top_without_tier_and_a_minimum_must_be_reached()
    {
        var perUnit = new LoyaltyRule { Code = "unit", Type = LoyaltyRuleType.Bonus, PerUnit = true, Points = Quantity.Of(5), Selector = new() { Items = new HashSet<Guid> { B } } };
        var once = new LoyaltyRule { Code = "once", Type = LoyaltyRuleType.Bonus, Points = Quantity.Of(100), MinEligible = Usd2("20.00") };
        var sale = new LoyaltySale { Lines = [Line(A, "10.00"), Line(B, "10.00") with { Quantity = Quantity.Of(3) }] };
        Earning.Earn(With(OneForOne, perUnit, once), sale, Gold).ByRule.ShouldBe([new("base", Quantity.Of(25)), new("unit", Quantity.Of(15)), new("once", Quantity.Of(100))]);
        Earned(With(OneForOne, perUnit, once with { MinEligible = Usd2("20.01") }), sale).ShouldBe(Quantity.Of(40));
        Earned(With(perUnit), new LoyaltySale { Lines = [Line(A, "10.00")] }).ShouldBe(Quantity.Zero);
    }

    [Fact]
    public void A_cap_holds_what_a_rule_gives_a_sale_and_a_day()
    {
        var sale = new LoyaltySale { Lines = [Line(A, "40.00"), Line(B, "60.00")] };
        Earned(With(OneForOne with { CapPerSale = Quantity.Of(70) }, DoubleB), sale, Rate.One).ShouldBe(Quantity.Of(70));
        Earned(With(OneForOne, DoubleB with { CapPerSale = Quantity.Of(20) }), sale, Rate.One).ShouldBe(Quantity.Of(120));
        var daily = new LoyaltyRule { Code = "daily", Type = LoyaltyRuleType.Bonus, Points = Quantity.Of(50), CapPerDay = Quantity.Of(80) };
        Earning.Earn(With(daily), sale, Rate.One, new Dictionary<string, Quantity> { ["daily"] = Quantity.Of(50) }).Points.ShouldBe(Quantity.Of(30));
        Earning.Earn(With(daily), sale, Rate.One, new Dictionary<string, Quantity> { ["daily"] = Quantity.Of(90) }).Points.ShouldBe(Quantity.Zero);
    }

    [Fact]
    public void A_rule_asks_for_branch_channel_segment_weekday_and_hours()
    {
        var sale = Worked with { At = new DateTime(2026, 3, 6, 22, 30, 0), Branch = A, Channel = "till", Segments = new HashSet<Guid> { B } };
        bool Meant(RuleSelector selector) => selector.Matches(sale);
        Meant(new() { Branches = new HashSet<Guid> { A }, Channels = new HashSet<string> { "till" }, Segments = new HashSet<Guid> { B }, Weekdays = new HashSet<DayOfWeek> { DayOfWeek.Friday } })
            .ShouldBeTrue();
        Meant(new() { Branches = new HashSet<Guid> { B } }).ShouldBeFalse();
        Meant(new() { Channels = new HashSet<string> { "web" } }).ShouldBeFalse();
        Meant(new() { Segments = new HashSet<Guid> { A } }).ShouldBeFalse();
        Meant(new() { Weekdays = new HashSet<DayOfWeek> { DayOfWeek.Saturday } }).ShouldBeFalse();
        Meant(new() { From = new(22, 0), To = new(6, 0) }).ShouldBeTrue();
        Meant(new() { From = new(9, 0), To = new(22, 30) }).ShouldBeFalse();
        Meant(new() { From = new(22, 31) }).ShouldBeFalse();
        Meant(new() { To = new(22, 31) }).ShouldBeTrue();
    }

    [Fact]
    public void What_is_earned_less_what_returns_take_is_never_negative_and_the_last_return_takes_all() =>
        Prop.ForAll(Sales, sold =>
        {
            LoyaltySale Of(IEnumerable<int> nets) => new() { Lines = [.. nets.Select((net, at) => new LoyaltyLine { Item = at % 2 == 0 ? A : B, Net = Cents(net) })] };
            var earned = Earned(Terms, Of(sold.Nets));
            var first = Earning.ClawBack(earned, Earned(Terms, Of(sold.Nets.Take(sold.Keep))), Quantity.Zero);
            var rest = Earning.ClawBack(earned, Earned(Terms, Of([])), first);
            return !first.IsNegative && first <= earned && first + rest == earned;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Points_by_rule_sum_to_the_points_and_paying_in_points_never_earns_more() =>
        Prop.ForAll(Sales, sold =>
        {
            var second = OneForOne with { Code = "second", Points = Quantity.Parse("0.37") };
            var sale = new LoyaltySale { Lines = [.. sold.Nets.Select((net, at) => new LoyaltyLine { Item = at % 2 == 0 ? A : B, Net = Cents(net) })] };
            var plain = Earning.Earn(With(OneForOne, second, DoubleB), sale, Gold);
            var paid = Earning.Earn(With(OneForOne, second), sale with { PointsTendered = Cents(sold.Tender) }, Gold);
            return Quantity.Sum(plain.ByRule.Select(part => part.Points)) == plain.Points && !paid.Points.IsNegative && paid.Points <= plain.Points
                && paid.Eligible == Cents(Math.Max(0, sold.Nets.Sum() - sold.Tender));
        }).QuickCheckThrowOnFailure();
}
