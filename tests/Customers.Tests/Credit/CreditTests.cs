using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Credit;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Credit;

public sealed class CreditTests
{
    private static readonly DateOnly Today = Day("2026-03-09");
    private static readonly CreditPolicy Policy = new();

    private static readonly CreditPosition Example = new()
    {
        Limit = new CreditLimit(Usd2("5000.00"), Day("2026-01-01")),
        Exposure = Exposure.Of(Usd2("2800.00"), Usd2("1150.00"), Usd2("300.00"), Policy),
    };

    private static CreditAnswer Ask(string amount, CreditPosition? position = null, CheckPoint at = CheckPoint.Order, string committed = "0.00", CreditPolicy? policy = null) =>
        CreditCheck.Check(new CreditQuestion(Usd2(amount), Usd2(committed), at, Today), position ?? Example, policy ?? Policy);

    private static CreditPosition Of(string limit, string receivable = "0.00", string committed = "0.00") => new()
    {
        Limit = new CreditLimit(Usd2(limit), Day("2026-01-01")),
        Exposure = new Exposure(Usd2(receivable), Usd2(committed), Usd2("0.00")),
    };

    [Fact]
    public void The_example_has_an_exposure_of_4_250_00_which_is_85_percent_and_leaves_750_00()
    {
        Example.Exposure.Total.ShouldBe(Usd2("4250.00"));
        Example.Exposure.UsedOf(Usd2("5000.00")).ShouldBe(Rate.Percent(85));
        Example.Exposure.AvailableOf(Usd2("5000.00")).ShouldBe(Usd2("750.00"));
        CreditCheck.Status(Example, Policy, Example.Exposure.Total, Today).ShouldBe(CreditStanding.Ok);
    }

    [Fact]
    public void An_order_of_760_00_is_over_by_10_00_and_waits_and_at_a_till_it_is_refused()
    {
        var order = Ask("760.00");
        order.Findings.ShouldBe([new CreditFinding(CreditGround.LimitExceeded, CreditAction.Approve, Usd2("10.00"))]);
        (order.Action, order.Standing, order.StandingAfter, order.Limit).ShouldBe((CreditAction.Approve, CreditStanding.Ok, CreditStanding.Over, Usd2("5000.00")));
        Ask("760.00", at: CheckPoint.Till).Action.ShouldBe(CreditAction.Block);
    }

    [Fact]
    public void An_order_of_750_00_passes_and_one_of_400_00_makes_93_percent_and_is_watched()
    {
        Ask("750.00").Action.ShouldBe(CreditAction.Pass);
        Ask("400.00").StandingAfter.ShouldBe(CreditStanding.Watch);
        (Example.Exposure with { Receivable = Usd2("3200.00") }).UsedOf(Usd2("5000.00")).ShouldBe(Rate.Percent(93));
    }

    [Fact]
    public void An_order_up_to_its_limit_passes_and_its_deposit_invoice_moves_exposure_without_changing_it()
    {
        Ask("1000.00", Of("1000.00")).Action.ShouldBe(CreditAction.Pass);
        var released = CreditCheck.Released(Usd2("400.00"), Usd2("1000.00"));
        var after = new Exposure(Usd2("400.00"), Usd2("1000.00") - released, Usd2("0.00"));
        (after.Committed, after.Total).ShouldBe((Usd2("600.00"), Usd2("1000.00")));
        CreditCheck.Released(Usd2("700.00"), Usd2("600.00")).ShouldBe(Usd2("600.00"));
        Ask("400.00", Of("1000.00", committed: "1000.00"), CheckPoint.Invoice, committed: "400.00").Action.ShouldBe(CreditAction.Pass);
    }

    [Fact]
    public void Of_two_tills_with_600_00_each_and_750_00_available_the_second_is_refused_with_fresh_figures()
    {
        Ask("600.00", at: CheckPoint.Till).Action.ShouldBe(CreditAction.Pass);
        var second = Ask("600.00", Example with { Exposure = Example.Exposure with { Receivable = Usd2("3400.00") } }, CheckPoint.Till);
        second.Findings.ShouldBe([new CreditFinding(CreditGround.LimitExceeded, CreditAction.Block, Usd2("450.00"))]);
    }

    [Fact]
    public void Six_days_late_with_a_grace_of_five_is_refused_though_4_000_00_is_free()
    {
        var late = Of("5000.00", "1000.00") with { OldestOverdueDays = 6 };
        var answer = Ask("100.00", late);
        answer.Findings.ShouldBe([new CreditFinding(CreditGround.Overdue, CreditAction.Block)]);
        answer.Standing.ShouldBe(CreditStanding.Overdue);
        Ask("100.00", late, policy: Policy with { OverdueGraceDays = 6 }).Action.ShouldBe(CreditAction.Pass);
    }

    [Fact]
    public void A_closed_order_of_900_00_opened_again_beside_one_of_800_00_is_over_by_700_00() =>
        Ask("900.00", Of("1000.00", committed: "800.00")).Findings.ShouldBe([new CreditFinding(CreditGround.LimitExceeded, CreditAction.Approve, Usd2("700.00"))]);

    [Fact]
    public void All_findings_are_told_in_order_and_the_worst_decides()
    {
        var bad = Example with { Party = PartyState.Blocked, Hold = HoldLevel.Stop, OldestOverdueDays = 40 };
        var answer = Ask("760.00", bad);
        answer.Findings.Select(finding => finding.Ground).ShouldBe([CreditGround.Party, CreditGround.Hold, CreditGround.Overdue, CreditGround.LimitExceeded]);
        (answer.Action, answer.Standing).ShouldBe((CreditAction.Block, CreditStanding.Stop));
    }

    [Fact]
    public void Without_a_limit_it_is_cash_only_or_unlimited_as_the_policy_says_and_a_limit_that_is_over_is_none()
    {
        var none = Example with { Limit = null };
        Ask("1.00", none).Findings.ShouldBe([new CreditFinding(CreditGround.NoLimit, CreditAction.Block)]);
        Ask("1.00", none, policy: Policy with { NoLimitMeans = NoLimitMeans.Unlimited }).ShouldSatisfyAllConditions(
            answer => answer.Findings.ShouldBeEmpty(), answer => answer.Standing.ShouldBe(CreditStanding.Ok), answer => answer.Limit.ShouldBeNull());
        var over = Example with { Limit = new CreditLimit(Usd2("5000.00"), Day("2025-01-01"), Today.AddDays(-1)) };
        Ask("1.00", over).Findings.ShouldBe([new CreditFinding(CreditGround.LimitExpired, CreditAction.Block)]);
        Ask("1.00", Example with { Limit = new CreditLimit(Usd2("5000.00"), Today.AddDays(1)) }).Findings.Select(finding => finding.Ground).ShouldBe([CreditGround.NoLimit]);
        Ask("1.00", Example with { Limit = new CreditLimit(Usd2("5000.00"), Day("2025-01-01"), Today) }).Action.ShouldBe(CreditAction.Pass);
    }

    [Fact]
    public void A_temporary_limit_counts_on_its_days_and_a_tolerance_lifts_the_limit()
    {
        Ask("760.00", Example with { Temporary = [new(Usd2("10.00"), Today, Today)] }).Action.ShouldBe(CreditAction.Pass);
        Ask("760.00", Example with { Temporary = [new(Usd2("10.00"), Today.AddDays(-9), Today.AddDays(-1))] }).Action.ShouldBe(CreditAction.Approve);
        Ask("800.00", policy: Policy with { ToleranceRate = Rate.Percent(1) }).Action.ShouldBe(CreditAction.Pass);
        Ask("800.01", policy: Policy with { ToleranceRate = Rate.Percent(1) }).Findings[0].OverBy.ShouldBe(Usd2("0.01"));
    }

    [Fact]
    public void What_the_policy_does_not_count_is_no_exposure()
    {
        Exposure.Of(Usd2("1.00"), Usd2("2.00"), Usd2("4.00"), Policy with { CountUncleared = false }).Total.ShouldBe(Usd2("3.00"));
        Exposure.Of(Usd2("1.00"), Usd2("2.00"), Usd2("4.00"), Policy with { IncludeOrders = false }).Total.ShouldBe(Usd2("5.00"));
        CreditCheck.Status(Of("100.00") with { Hold = HoldLevel.Watch }, Policy, Usd2("0.00"), Today).ShouldBe(CreditStanding.Watch);
    }

    [Fact]
    public void A_1_000_at_10_days_500_at_none_and_500_at_20_are_10_days_beyond_terms()
    {
        CreditRating.DaysBeyondTerms([new(Usd2("1000.00"), 10), new(Usd2("500.00"), 0), new(Usd2("500.00"), 20)]).ShouldBe(Ratio.Of(10));
        CreditRating.DaysBeyondTerms([new(Usd2("500.00"), -7)]).ShouldBe(Ratio.Zero);
        CreditRating.DaysBeyondTerms([]).ShouldBe(Ratio.Zero);
    }

    [Fact]
    public void The_rating_example_is_73_grade_B_and_proposes_4_162_50()
    {
        var score = CreditRating.Rate(new CreditBehaviour(Ratio.Of(10), Rate.Percent(70), 18, 0, 20));
        new[] { score.Payment, score.Use, score.Tenure, score.Conduct, score.Overdue }.Select(part => (part * Ratio.Of(10)).Round(Rounding.HalfAwayFromZero))
            .ShouldBe([333L, 150, 50, 150, 50]);
        (score.Score, score.Grade).ShouldBe((73, CreditGrade.B));
        CreditRating.ProposedLimit(Usd2("1850.00"), Rate.Parse("1.5"), CreditGrade.B).ShouldBe(Usd2("4162.50"));
        CreditRating.ProposedLimit(Usd2("1850.00"), Rate.Parse("1.5"), CreditGrade.E).ShouldBe(Usd2("0.00"));
    }

    [Fact]
    public void Ratings_end_at_100_and_at_nothing()
    {
        CreditRating.Rate(new CreditBehaviour(Ratio.Zero, Rate.Zero, 400, 0, 0)).Score.ShouldBe(100);
        CreditRating.Rate(new CreditBehaviour(Ratio.Of(90), Rate.Of(2), 0, 9, 31)).ShouldSatisfyAllConditions(
            score => score.Score.ShouldBe(0), score => score.Grade.ShouldBe(CreditGrade.E));
        CreditRating.Rate(new CreditBehaviour(Ratio.Zero, Rate.Zero, 36, 1, 30)).Score.ShouldBe(88);
        new[] { 80, 79, 65, 64, 50, 49, 35, 34 }.Select(CreditRating.GradeOf)
            .ShouldBe([CreditGrade.A, CreditGrade.B, CreditGrade.B, CreditGrade.C, CreditGrade.C, CreditGrade.D, CreditGrade.D, CreditGrade.E]);
    }

    [Fact]
    public void Whatever_is_available_passes_and_one_cent_more_does_not() =>
        Prop.ForAll(Gen.Choose(1, 1_000_000).SelectMany(limit => Gen.Choose(0, limit).Select(used => (limit, used))).ToArbitrary(), figures =>
        {
            var position = new CreditPosition { Limit = new(Cents(figures.limit), Today), Exposure = new(Cents(figures.used), Cents(0), Cents(0)) };
            CreditAction Action(long amount) => CreditCheck.Check(new(Cents(amount), Cents(0), CheckPoint.Till, Today), position, Policy).Action;
            return Action(figures.limit - figures.used) == CreditAction.Pass && Action(figures.limit - figures.used + 1) == CreditAction.Block;
        }).QuickCheckThrowOnFailure();
}
