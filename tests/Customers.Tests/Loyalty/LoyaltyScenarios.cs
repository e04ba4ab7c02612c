using Plug1.Customers.Loyalty;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Customers.Tests.Loyalty;

/// <summary>The acceptance scenarios of loyalty, number for number, through documents and the ledger.</summary>
public sealed class LoyaltyScenarios
{
    [Theory, OnBothEngines]
    public async Task The_worked_sale_earns_200_in_one_lot_and_the_return_of_B_takes_150(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Enter(Worked((await club.Shop.Of<Kernel.Catalog.CatalogueBook>().Get()).BySku("CUP")!.Id));
        (await club.Run(LoyaltyRun.TierReview)).Value.Done.ShouldBe(1);
        var (sale, earned) = await club.Earn(("TEA", "40.00"), ("CUP", "60.01"), (null, "25.00"));
        earned.ShouldBe(Quantity.Of(200));
        var member = await club.Member();
        (member.Tier, member.Balance, member.Lots.Count).ShouldBe(("GOLD", "200", 1));

        var remaining = await club.Basket(("TEA", "40.00"), (null, "25.00"));
        var clawed = await club.Document<Quantity>(async (tx, stamp, posting) => await club.Shop.Of<ILoyalty>().ClawBack(tx, stamp, posting, sale, remaining));
        clawed.Value.ShouldBe(Quantity.Of(150));
        (await club.Member()).Balance.ShouldBe("50");
        (await club.Ledger()).ShouldBe(50);
        (await club.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Of_two_tills_that_spend_400_of_500_points_at_once_one_succeeds(Engine engine)
    {
        await using var club = await Club.Open(engine, Club.Terms with { Rules = [new RuleRequest("BASE", "base", Quantity.One, "1.00", MinEligible: "1000.00")] });
        var other = await club.Shop.Person("cashier", "cora");
        (await club.Shop.OpenShift(other, "T2")).Refusal.ShouldBeNull();
        await club.Give(500);
        var both = await Task.WhenAll(
            Task.Run(() => club.Sell("T1", [new TenderRequest("POINTS", "4.00"), new TenderRequest("CARD")])), Task.Run(() => club.Sell("T2", [new TenderRequest("POINTS", "4.00"), new TenderRequest("CARD")])));
        both.Count(one => !one.IsRefused).ShouldBe(1);
        both.Single(one => one.IsRefused).Refusal!.Code.ShouldBe("LOYALTY_INSUFFICIENT_POINTS");
        (await club.Member()).Balance.ShouldBe("100");
        (await club.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Of_350_points_300_go_from_the_lot_of_May_and_50_from_that_of_June(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Give(100, "2026-06-30");
        await club.Give(200);
        await club.Give(300, "2026-05-31");
        (await club.Redeem("3.50")).Value.Points.ShouldBe(Quantity.Of(350));
        var lots = (await club.Member()).Lots;
        lots.Select(lot => (lot.ExpiresOn, lot.Left)).ShouldBe([(Club.Day("2026-06-30"), "50"), (null, "200")]);
        (await club.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_sale_that_is_taken_back_after_120_of_its_200_points_were_spent_leaves_a_debt_that_the_next_points_fill(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var (sale, earned) = await club.Earn(("TEA", "200.00"));
        earned.ShouldBe(Quantity.Of(200));
        (await club.Redeem("1.20")).Refusal.ShouldBeNull();
        await club.Undo(sale);
        var member = await club.Member();
        (member.Balance, member.Debt).ShouldBe(("-120", "120"));
        (await club.Redeem("0.10")).Refusal!.Code.ShouldBe("LOYALTY_NEGATIVE_MEMBER");
        await club.Earn(("TEA", "150.00"));
        member = await club.Member();
        (member.Balance, member.Debt).ShouldBe(("30", "0"));
        (await club.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Runs_of_revenue_post_168_and_then_94_50_and_a_month_is_run_once(Engine engine)
    {
        var terms = Club.Terms with { Deferral = true, BreakageRate = Rate.Parse("0.25"), Redemption = new RedemptionRequest("56.00", Quantity.Of(3000)) };
        await using var club = await Club.Open(engine, terms);
        await club.Give(12_000, "2026-03-31");
        await club.Give(18_000);
        (await club.Redeem("168.00")).Value.Points.ShouldBe(Quantity.Of(9_000));
        (await club.Run(LoyaltyRun.Revenue, Club.Day("2026-03-01"))).Value.Amount.ShouldBe("168.00");
        (await club.Run(LoyaltyRun.Revenue, Club.Day("2026-03-15"))).Refusal!.Code.ShouldBe("RUN_EXISTS");

        club.Shop.Clock.Now = new DateTimeOffset(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);
        var lapsed = (await club.Run(LoyaltyRun.Expire)).Value;
        (lapsed.Done, lapsed.Points).ShouldBe((1, "3000"));
        (await club.Redeem("112.00")).Value.Points.ShouldBe(Quantity.Of(6_000));
        await club.Enter(terms with { BreakageRate = Rate.Parse("0.2") });
        var run = (await club.Run(LoyaltyRun.Revenue, Club.Day("2026-04-01"))).Value;
        run.Amount.ShouldBe("94.50");
        (await club.Shop.Moved(LoyaltyAccounts.Liability)).ShouldBe(-(42_000 - 26_250));
        (await club.Shop.Moved(LoyaltyAccounts.Release)).ShouldBe(-26_250);
        (await club.Run(LoyaltyRun.Revenue, Club.Day("2026-02-01"))).Refusal!.Code.ShouldBe("LOYALTY_RUN_MONTH");
        (await club.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Points_of_29_February_last_until_28_February_and_are_gone_on_1_March(Engine engine)
    {
        await using var club = await Club.Open(engine, Club.Terms with { Expiry = new ExpiryRequest("months", 12) });
        club.Shop.Clock.Now = new DateTimeOffset(2024, 2, 29, 9, 0, 0, TimeSpan.Zero);
        await club.Earn(("TEA", "100.00"));
        club.Shop.Clock.Now = new DateTimeOffset(2025, 2, 28, 9, 0, 0, TimeSpan.Zero);
        (await club.Run(LoyaltyRun.Expire)).Value.Done.ShouldBe(0);
        (await club.Member()).Balance.ShouldBe("100");
        club.Shop.Clock.Now = new DateTimeOffset(2025, 3, 1, 9, 0, 0, TimeSpan.Zero);
        (await club.Member()).Balance.ShouldBe("0");
        (await club.Redeem("0.50")).Refusal!.Code.ShouldBe("LOYALTY_INSUFFICIENT_POINTS");
        (await club.Run(LoyaltyRun.Expire)).Value.Points.ShouldBe("100");
        (await club.Ledger("PointsExpired")).ShouldBe(100);
        (await club.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Points_used_come_back_into_their_lots_as_goods_come_back(Engine engine)
    {
        await using var club = await Club.Open(engine);
        await club.Give(300, "2026-05-31");
        await club.Give(300);
        var (sale, _) = (await club.Redeem("5.00")).Value;
        var back = new List<Quantity>();
        foreach (var soFar in new[] { "20.00", "45.00", "80.00" })
        {
            back.Add((await club.Document<Quantity>(async (tx, stamp, posting) =>
                await club.Shop.Of<ILoyalty>().Restore(tx, stamp, posting, sale, Money.Parse(soFar, club.Shop.Currency), Money.Parse("80.00", club.Shop.Currency)))).Value);
        }

        back.ShouldBe([Quantity.Of(125), Quantity.Of(156), Quantity.Of(219)]);
        (await club.Member()).Lots.Select(lot => lot.Left).ShouldBe(["300", "300"]);
        (await club.Violations()).ShouldBeEmpty();
    }

    /// <summary>1 point for 1.00, CUP doubled, Gold from nothing on with 1.25.</summary>
    private static ProgrammeRequest Worked(Guid cup) => Club.Terms with
    {
        Rules = [new RuleRequest("BASE", "base", Quantity.One, "1.00"), new RuleRequest("CUPS", "multiplier", Factor: Rate.Of(2), Selector: new SelectorRequest(Items: [cup]))],
        Tiers = [new TierRequest("GOLD", Quantity.Zero, EarnFactor: Rate.Parse("1.25"))],
    };
}
