using Plug1.Kernel.Approvals;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>What the till's rules flag at post and on schedule, and that a dry run over the same history finds the same.</summary>
public class SaleRuleScenarios
{
    private static readonly string[] AtPost =
        [SaleRules.PriceOverride, SaleRules.DiscountHigh, SaleRules.CashVariance, SaleRules.ReversedAfterTender, SaleRules.NegativeStock, SaleRules.NoSaleOpenings, SaleRules.ReceiptGap, SaleRules.OfflinePriceDiff];

    [Theory]
    [InlineData(Engine.Sqlite, 1)]
    [InlineData(Engine.Postgres, 1)]
    [InlineData(Engine.Sqlite, 2)]
    [InlineData(Engine.Postgres, 2)]
    public async Task A_dry_run_finds_in_history_what_each_rule_raised_at_post(Engine engine, int seed)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Database.Write(tx => tx.Execute($"update approval_rule set active = false"));
        shop.Of<ApprovalDesk>().Rules.Drop();
        var dice = new Random(seed);
        for (var day = 0; day < 4; day++)
        {
            await Trade(shop, dice, gap: day == 1);
            shop.Clock.Advance(TimeSpan.FromDays(1));
        }

        foreach (var code in AtPost)
        {
            var run = await Try(shop, code);
            run.Caught.ShouldBe(run.Raised, code);
            run.Raised.ShouldBeGreaterThan(0, code);
            var raised = (await shop.Database.Read(db => db.Query($"select distinct document_id from fact where event = 'exception' and d1 = {code}", row => row.Guid(0)))).ToHashSet();
            run.First.ShouldAllBe(found => raised.Contains(found.DocumentId ?? found.SessionId!.Value));
        }

        // With other parameters it tells what they would have caught: half of the goods given away is more than any of these sales.
        (await Try(shop, SaleRules.DiscountHigh, ("above", 500_000))).Caught.ShouldBe(0);
        (await Try(shop, SaleRules.DiscountHigh, ("above", 0))).Caught.ShouldBeGreaterThan((await Try(shop, SaleRules.DiscountHigh)).Caught);
        (await Try(shop, SaleRules.CashVariance, ("above", 0))).Caught.ShouldBe(4);
    }

    [Theory, OnBothEngines]
    public async Task What_waits_too_long_is_flagged_once_by_schedule(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        var runs = shop.Of<RuleRuns>();
        var shift = (await shop.OpenShift(cashier)).Value;
        var sold = (await shop.Sell(cashier, Shop.Single("TEA"))).Value;
        (await shop.As(cashier, (tx, stamp) => shop.Of<Reversal>().Within(tx, stamp, sold.Id, (long?)null, new ReverseSaleRequest("WRONG_ITEM")))).Value.Status.ShouldBe(Status.ReversalRequested);
        (await shop.Of<Parking>().Park(shop.Call(cashier), Shop.Single("CUP") with { Label = "Blue coat" })).IsRefused.ShouldBeFalse();
        shop.Clock.Advance(TimeSpan.FromHours(4));
        (await runs.Run()).ShouldBe(0);
        await At(1, "POS_HELD_LONG", "low", "The held sale Blue coat has waited for 4 hours.");
        shop.Clock.Advance(TimeSpan.FromHours(4));
        await At(1, "POS_APPROVAL_WAITS", "medium", $"{sold.Number} waits for approval for 480 minutes.");
        shop.Clock.Advance(TimeSpan.FromHours(8));
        await At(1, "POS_SHIFT_OPEN_LONG", "low", $"{shift.Number} is open for 16 hours.");
        foreach (var code in new[] { SaleRules.HeldLong, SaleRules.ApprovalWaits, SaleRules.ShiftOpenLong })
        {
            var run = await Try(shop, code);
            (run.Caught, run.Raised).ShouldBe((1, 1), code);
        }

        (await shop.Count("select count(*) from exception_item where document_id is null and session_id is not null")).ShouldBe(1);

        async Task At(long found, string rule, string severity, string message)
        {
            shop.Clock.Advance(TimeSpan.FromSeconds(1));
            (await runs.Run()).ShouldBe(found);
            (await runs.Run()).ShouldBe(0);
            (await shop.Database.Read(db => db.First($"select rule, severity, message from exception_item order by raised_at desc limit 1", row => (row.Text(0), row.Text(1), row.Text(2)))))
                .ShouldBe((rule, severity, message));
        }
    }

    private static async Task Trade(Shop shop, Random dice, bool gap)
    {
        var shift = (await shop.OpenShift(Shop.System)).Value;
        for (var at = 0; at < 15; at++)
        {
            shop.Clock.Advance(TimeSpan.FromMinutes(7));
            var sku = dice.Next(6) == 0 ? "LAMP" : "TEA";
            var line = new BasketLineRequest(Sku: sku, Quantity: Quantity.Of(dice.Next(1, 4)));
            if (dice.Next(3) == 0)
                line = line with { UnitPrice = UnitPrice.Parse($"{(sku == "LAMP" ? 8.00m : 4.99m) * dice.Next(70, 100) / 100m:0.00}"), OverrideReason = "DAMAGED" };
            var sold = await shop.Sell(Shop.System, new BasketRequest("T1", [line], DiscountRate: dice.Next(3) == 0 ? Rate.Percent(dice.Next(5, 45)) : null, DiscountReason: "MANAGER", Tenders: [new("CARD", Reference: "1")]));
            sold.IsRefused.ShouldBeFalse(sold.ToString());
            if (dice.Next(6) == 0)
                (await shop.As(Shop.System, (tx, stamp) => shop.Of<Reversal>().Within(tx, stamp, sold.Value.Id, (long?)null, new ReverseSaleRequest("WRONG_ITEM")))).IsRefused.ShouldBeFalse();
        }

        if (gap)
        {
            var last = await shop.Count("select max(receipt_seq) from pos_sale");
            var offline = await shop.Sell(Shop.System, new BasketRequest("T1", [new(Sku: "CUP", UnitPrice: UnitPrice.Parse("2.00"), OverrideReason: "DAMAGED")], Tenders: [new("CASH")], OfflineAt: shop.Clock.Now.AddMinutes(-2), ReceiptNumber: $"HQ-T1-{last + 3:000000}"));
            offline.IsRefused.ShouldBeFalse(offline.ToString());
            for (var at = 0; at < 7; at++) (await shop.Shifts.OpenDrawer(shop.Call(Shop.System), new OpenDrawerRequest("T1", "change"))).IsRefused.ShouldBeFalse();
        }

        var missing = new[] { "185.00", "199.00", "201.00", "215.05" }[dice.Next(4)];
        if (gap) missing = "150.00";
        var tenders = await shop.Database.Read(db => db.Query($"select method, sum(amount) from pos_tender where session_id = {shift.Id} and method <> 'CASH' group by method", row => new TenderCount(row.Text(0), $"{row.Long(1) / 100m:0.00}")));
        var counted = await shop.As(Shop.System, (tx, stamp) => shop.Shifts.CountWithin(tx, stamp, shift.Id, new CountRequest(null, [new("CASH", missing), .. tenders]), default));
        counted.IsRefused.ShouldBeFalse(counted.ToString());
        (await shop.As(Shop.System, (tx, stamp) => shop.Shifts.CloseWithin(tx, stamp, shift.Id, new CloseShiftRequest("100.00"), default))).Value.Status.ShouldBe(Status.Posted);
    }

    private static async Task<DryRun> Try(Shop shop, string code, params (string Name, long Value)[] instead)
    {
        var function = shop.Of<PointOfSaleFunction>();
        var branches = (await shop.Of<OrganisationBook>().Get()).Branches.Select(branch => branch.Id).ToList();
        return await shop.Database.Read(db => shop.Of<RuleRuns>().Try(db, function, function.Exceptions.Single(rule => rule.Code == code), branches, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31),
            instead.ToDictionary(pair => pair.Name, pair => pair.Value)));
    }
}
