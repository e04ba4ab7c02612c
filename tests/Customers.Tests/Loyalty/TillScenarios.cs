using Plug1.Customers.Loyalty;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;
using Plug1.Sales.Tests.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Customers.Tests.Loyalty;

/// <summary>Points at the till, by hand and in runs.</summary>
public sealed class TillScenarios
{
    [Theory, OnBothEngines]
    public async Task A_sale_earns_and_is_paid_in_points_and_its_reversal_undoes_both(Engine engine)
    {
        await using var club = await Club.Open(engine, Club.Terms with { Deferral = true });
        await club.Give(500);
        var sale = (await club.Sell(new TenderRequest("POINTS", "3.00"), new TenderRequest("CARD"))).Value;
        // 41.58 net less 3.00 paid in points: 38.58.
        sale.Loyalty.ShouldBe(new LoyaltyAnswer("CLUB", "38", "300", "238"));
        (await club.Shop.Moved(AccountRoles.LoyaltyRedemption, sale.Id)).ShouldBe(300);
        // 0.38 stand for 38 points: 38.58 × 0.38 ÷ 38.96 is 0.376.
        (await club.Shop.Moved(LoyaltyAccounts.Deferral, sale.Id)).ShouldBe(38);
        var receipt = await club.Shop.Of<Receipts>().Find(sale.Id, Shop.BranchId, null, default);
        receipt!.Points.ShouldBe(new LoyaltyAnswer("CLUB", "38", "300", "238"));

        await Reverse(club, sale.Id);
        var member = await club.Member();
        (member.Balance, member.Debt).ShouldBe(("500", "0"));
        (await club.Ledger()).ShouldBe(500);
        (await club.Shop.Moved(LoyaltyAccounts.Liability)).ShouldBe(-500);
        (await club.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_sale_whose_points_were_spent_leaves_the_member_in_debt_when_it_is_reversed(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var sale = (await club.Sell(new TenderRequest("CASH"))).Value;
        sale.Loyalty!.Earned.ShouldBe("41");
        (await club.Sell(new TenderRequest("POINTS", "0.30"), new TenderRequest("CARD"))).Value.Loyalty!.Balance.ShouldBe("52");
        (await club.Sell(new TenderRequest("POINTS", "0.50"), new TenderRequest("CARD"))).Value.Loyalty!.Balance.ShouldBe("43");
        await Reverse(club, sale.Id);
        (await club.Member()).Balance.ShouldBe("2");
        (await club.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task What_a_programme_does_not_allow_is_refused_by_name(Engine engine)
    {
        await using var club = await Club.Open(engine, Club.Terms with { Redemption = new RedemptionRequest("1.00", Quantity.Of(100), MinPoints: Quantity.Of(200), Step: Quantity.Of(10), MaxShareOfSale: Rate.Parse("0.1")) });
        await club.Give(500);
        (await club.Redeem("1.00")).Refusal!.Code.ShouldBe("LOYALTY_BELOW_MINIMUM");
        (await club.Sell(new TenderRequest("POINTS", "5.00"), new TenderRequest("CARD"))).Refusal!.Code.ShouldBe("LOYALTY_SHARE_EXCEEDED");
        (await club.Redeem("6.00")).Refusal!.Code.ShouldBe("LOYALTY_INSUFFICIENT_POINTS");
        (await club.Shop.Sell(club.Cashier, Shop.Single("TEA", "POINTS"))).Refusal!.Code.ShouldBe("POS_CUSTOMER_REQUIRED");
        (await club.Shop.As(club.Cashier, (tx, stamp) => club.Shop.Of<MemberDesk>().EnrolWithin(tx, stamp, new EnrolRequest(Club.Ada)))).Refusal!.Code.ShouldBe("LOYALTY_ALREADY_ENROLLED");
        (await Enter(club, Club.Terms with { Tiers = [new TierRequest("A", Quantity.Of(10)), new TierRequest("B", Quantity.Of(5))] })).ShouldBe("LOYALTY_TIER_ORDER");
        (await Enter(club, Club.Terms with { Stacking = "best", Rules = [new RuleRequest("A", "base", Quantity.One, "1.00"), new RuleRequest("B", "base", Quantity.Of(2), "2.00")] })).ShouldBe("LOYALTY_RULE_OVERLAP");
    }

    [Theory, OnBothEngines]
    public async Task Points_by_hand_wait_for_whom_their_number_asks_and_go_to_others_once_approved(Engine engine)
    {
        await using var club = await Club.Open(engine);
        var small = await Adjust(club, 500);
        (small.Status, small.WaitsFor).ShouldBe(("posted", null));
        var large = await Adjust(club, 501);
        (large.Status, large.WaitsFor).ShouldBe(("submitted", "store-manager"));
        await club.Step(club.Manager, Verb.Approve, large.Id);
        (await club.Member()).Balance.ShouldBe("1001");

        var ben = Guid.CreateVersion7();
        await club.Shop.Database.Write(async tx => await tx.Execute($"insert into party (id, number, kind, name, created_at) values ({ben}, 'C-2', 'person', 'Ben Wolf', {club.Shop.Clock.GetUtcNow()})"));
        (await Hand(club, Club.Ada, 10)).Refusal!.Code.ShouldBe("LOYALTY_TRANSFER_SELF");
        (await Hand(club, ben, 10)).Refusal!.Code.ShouldBe("LOYALTY_NOT_ENROLLED");
        (await club.Shop.As(club.Cashier, (tx, stamp) => club.Shop.Of<MemberDesk>().EnrolWithin(tx, stamp, new EnrolRequest(ben)))).Refusal.ShouldBeNull();
        var handed = (await Hand(club, ben, 400)).Value;
        handed.Status.ShouldBe("submitted");
        await club.Step(club.Manager, Verb.Approve, handed.Id);
        (await club.Member()).Balance.ShouldBe("601");
        (await club.TryStep(club.Accountant, Verb.Reverse, handed.Id, "WRONG_MEMBER")).Refusal.ShouldBeNull();
        (await club.Member()).Balance.ShouldBe("1001");
        (await club.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Pending_points_become_usable_by_the_daily_job_and_a_run_of_expiry_is_taken_back(Engine engine)
    {
        await using var club = await Club.Open(engine, Club.Terms with { PendingDays = 14, Expiry = new ExpiryRequest("months", 1) });
        var (sale, _) = await club.Earn(("TEA", "100.00"));
        var member = await club.Member();
        (member.Balance, member.Pending).ShouldBe(("0", "100"));
        club.Shop.Clock.Now = new DateTimeOffset(2026, 3, 16, 9, 0, 0, TimeSpan.Zero);
        (await club.Shop.Of<LoyaltyRuns>().Daily()).ShouldBe(1);
        (await club.Member()).Balance.ShouldBe("100");
        club.Shop.Clock.Now = new DateTimeOffset(2026, 4, 3, 9, 0, 0, TimeSpan.Zero);
        var run = (await club.Run(LoyaltyRun.Expire)).Value;
        (await club.Run(LoyaltyRun.Expire)).Refusal!.Code.ShouldBe("RUN_EXISTS");
        // The mirror of the sale would take from pending points, and what has lapsed already: neither is taken twice.
        await club.Undo(sale);
        (await club.Ledger(), await club.Ledger("PointsPending")).ShouldBe((0, 0));
        (await club.Violations()).ShouldBeEmpty();
        run.Points.ShouldBe("100");
    }

    [Theory, OnBothEngines]
    public async Task Whatever_happens_to_points_in_whatever_order_lots_and_ledger_agree(Engine engine)
    {
        await using var club = await Club.Open(engine, Club.Terms with { Deferral = true, Expiry = new ExpiryRequest("months", 1) });
        var dice = new Random(20_260_302);
        var (earned, used) = (new List<Guid>(), new List<Guid>());
        for (var step = 0; step < 40; step++)
        {
            switch (dice.Next(6))
            {
                case 0 or 1: earned.Add((await club.Earn(("TEA", $"{dice.Next(1, 300)}.00"))).Id); break;
                case 2 when (await club.Redeem($"{dice.Next(1, 4)}.{dice.Next(10, 99)}")) is { IsRefused: false } done: used.Add(done.Value.Id); break;
                case 3 when earned.Count > 0: await Take(club, earned, dice); break;
                case 4 when used.Count > 0: await Take(club, used, dice); break;
                case 5:
                    club.Shop.Clock.Advance(TimeSpan.FromDays(dice.Next(1, 20)));
                    (await club.Run(LoyaltyRun.Expire)).Refusal.ShouldBeNull();
                    break;
            }
        }

        (await club.Violations()).ShouldBeEmpty();
    }

    private static async Task Take(Club club, List<Guid> from, Random dice)
    {
        var at = dice.Next(from.Count);
        await club.Undo(from[at]);
        from.RemoveAt(at);
    }

    private static async Task<AdjustAnswer> Adjust(Club club, long points) => (await club.Shop.As(club.Accountant, (tx, stamp) =>
        club.Shop.Of<MemberDesk>().AdjustWithin(tx, stamp, new AdjustRequest(Club.Ada, Quantity.Of(points), "GOODWILL")))).Value;

    private static Task<Kernel.Result<AdjustAnswer>> Hand(Club club, Guid to, long points) => club.Shop.As(club.Accountant, (tx, stamp) =>
        club.Shop.Of<MemberDesk>().TransferWithin(tx, stamp, new TransferRequest(Club.Ada, to, Quantity.Of(points), "CORRECTION")));

    private static async Task<string> Enter(Club club, ProgrammeRequest terms) =>
        (await club.Shop.As(club.Manager, (tx, stamp) => club.Shop.Of<MemberDesk>().EnterWithin(tx, stamp, terms))).Refusal!.Code;

    private static async Task Reverse(Club club, Guid sale) => (await club.Shop.As<bool>(Shop.System, async (tx, stamp) =>
    {
        var function = club.Shop.Of<PointOfSaleFunction>();
        var header = (await Headers.Lock(tx, function.Code, sale, null)).Value;
        var document = await function.Load(tx, header, default);
        (await document.MayReverse(tx, stamp, default)).Refusal.ShouldBeNull();
        (await club.Shop.Of<LifecycleDesk>().ReverseNow(tx, stamp, function, document)).Refusal.ShouldBeNull();
        Headers.Update(tx, header);
        return true;
    })).Refusal.ShouldBeNull();
}
