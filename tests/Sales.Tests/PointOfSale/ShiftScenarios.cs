using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>The scenarios of the point of sale that prove the drawer, number for number, on both engines.</summary>
public class ShiftScenarios
{
    [Theory]
    [InlineData(Engine.Sqlite, "477.35")]
    [InlineData(Engine.Postgres, "477.35")]
    [InlineData(Engine.Sqlite, "467.35")]
    [InlineData(Engine.Postgres, "467.35")]
    public async Task Scenario_6_a_small_variance_is_posted_and_a_large_one_waits(Engine engine, string counted)
    {
        await using var shop = await Shop.Open(engine);
        var (cashier, manager) = (await shop.Person("cashier", "kim"), await shop.Person("store-manager", "maria"));
        var shift = await TradedShift(shop, cashier, manager);

        var count = (await shop.As(cashier, (tx, stamp) => shop.Shifts.CountWithin(tx, stamp, shift.Id, new CountRequest(null, [new("CASH", counted)]), default))).Value;
        var cash = count.Tenders.Single(tender => tender.Method == "CASH");
        cash.Expected.ShouldBe("479.35");
        cash.Variance.ShouldBe(counted == "477.35" ? "-2.00" : "-12.00");

        var closed = (await shop.As(cashier, (tx, stamp) => shop.Shifts.CloseWithin(tx, stamp, shift.Id, new CloseShiftRequest("200.00"), default))).Value;
        if (counted == "477.35")
        {
            closed.Status.ShouldBe("posted");
            (await shop.Moved(AccountRoles.CashOverShort, closed.Id)).ShouldBe(200);
            (await shop.Moved(AccountRoles.CashDrawer, subject: Shop.Till1.ToString())).ShouldBe(20_000);
            (await shop.Count("select count(*) from document where kind = 'sale' and status = 'closed'")).ShouldBeGreaterThan(0);
        }
        else
        {
            (closed.Status, closed.WaitsFor).ShouldBe(("submitted", "store-manager"));
            (await shop.Moved(AccountRoles.CashOverShort)).ShouldBe(0);
            (await shop.Of<LifecycleDesk>().Run(shop.Call(manager), "sales.point-of-sale", new LifecycleStep(Verb.Approve, closed.Id, null))).IsRefused.ShouldBeFalse();
            (await shop.Moved(AccountRoles.CashOverShort, closed.Id)).ShouldBe(1200);
            (await shop.Count("select count(*) from exception_item where rule = 'POS_CASH_VARIANCE'")).ShouldBe(1);
        }

        (await shop.Count("select count(*) from work_session where state = 'closed'")).ShouldBe(1);
        (await shop.OpenShift(cashier)).IsRefused.ShouldBeFalse();
    }

    [Theory, OnBothEngines]
    public async Task Scenario_7_receipts_101_and_103_leave_a_gap_that_names_102(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        var shift = (await shop.OpenShift(cashier)).Value;
        shop.Clock.Advance(TimeSpan.FromMinutes(30));
        foreach (var number in new[] { "HQ-T1-000101", "HQ-T1-000103" })
        {
            (await shop.Sell(cashier, Shop.Single("TEA") with { OfflineAt = shop.Clock.Now.AddMinutes(-5), ReceiptNumber = number })).IsRefused.ShouldBeFalse();
        }

        (await shop.Sell(cashier, Shop.Single("TEA") with { OfflineAt = shop.Clock.Now.AddMinutes(-5), ReceiptNumber = "HQ-T1-000103" })).Refusal!.Code.ShouldBe("POS_RECEIPT_NUMBER_TAKEN");
        await CountAndClose(shop, cashier, shift.Id, "210.00");

        var messages = await shop.Database.Read(db => db.Query($"select message from exception_item where rule = 'POS_RECEIPT_GAP'", row => row.Text(0)));
        messages.Single().ShouldContain("102");
    }

    [Theory, OnBothEngines]
    public async Task A_till_has_one_open_shift_even_when_two_open_it_at_once(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (kim, lee) = (await shop.Person("cashier", "kim"), await shop.Person("cashier", "lee"));
        var both = await Task.WhenAll(
            Task.Run(() => shop.Shifts.Open(shop.Call(kim), "T1", new OpenShiftRequest("100.00"))),
            Task.Run(() => shop.Shifts.Open(shop.Call(lee), "T1", new OpenShiftRequest("100.00"))));
        both.Count(result => !result.IsRefused).ShouldBe(1);
        both.Single(result => result.IsRefused).Refusal!.Code.ShouldBe("SHIFT_ALREADY_OPEN");
        (await shop.Moved(AccountRoles.CashDrawer)).ShouldBe(10_000);
        (await shop.Moved(AccountRoles.Safe)).ShouldBe(-10_000);
    }

    [Theory, OnBothEngines]
    public async Task What_is_paid_out_above_50_waits_for_the_store_manager(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (cashier, manager) = (await shop.Person("cashier", "kim"), await shop.Person("store-manager", "maria"));
        await shop.OpenShift(cashier);
        var small = (await shop.As(cashier, (tx, stamp) => shop.Shifts.MoveWithin(tx, stamp, new CashMovementRequest("T1", "paid-out", "50.00", "PETTY_CASH"), default))).Value;
        small.Status.ShouldBe("posted");
        var large = (await shop.As(cashier, (tx, stamp) => shop.Shifts.MoveWithin(tx, stamp, new CashMovementRequest("T1", "paid-out", "50.01", "SUPPLIER"), default))).Value;
        (large.Status, large.WaitsFor).ShouldBe(("submitted", "store-manager"));
        (await shop.Moved(AccountRoles.PettyCash)).ShouldBe(5000);
        (await shop.Of<LifecycleDesk>().Run(shop.Call(manager), "sales.point-of-sale", new LifecycleStep(Verb.Reject, large.Id, null))).Refusal!.Code.ShouldBe("REASON_REQUIRED");
        (await shop.Of<LifecycleDesk>().Run(shop.Call(manager), "sales.point-of-sale", new LifecycleStep(Verb.Reject, large.Id, null, "NOT_JUSTIFIED"))).IsRefused.ShouldBeFalse();
        (await shop.Moved(AccountRoles.PettyCash)).ShouldBe(5000);
        (await shop.As(cashier, (tx, stamp) => shop.Shifts.MoveWithin(tx, stamp, new CashMovementRequest("T1", "paid-out", "1.00", "HOLIDAY"), default))).Refusal!.Code.ShouldBe("REASON_REQUIRED");
    }

    [Theory, OnBothEngines]
    public async Task A_count_is_blind_complete_and_matches_its_denominations(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        var shift = (await shop.OpenShift(cashier)).Value;
        await shop.Sell(cashier, Shop.Basket(new TenderRequest("CARD", "20.96")));
        var before = await shop.Shifts.Find(shift.Id, Shop.BranchId, action => cashier.May("sales.point-of-sale." + action, Shop.BranchId));
        before!.Tenders.ShouldAllBe(tender => tender.Expected == null);

        (await shop.As(cashier, (tx, stamp) => shop.Shifts.CountWithin(tx, stamp, shift.Id, new CountRequest(null, [new("CASH", "200.00")]), default))).Refusal!.Code.ShouldBe("POS_COUNT_MISSING");
        var wrong = new CountRequest([new("50.00", 3)], [new("CASH", "200.00"), new("CARD", "20.96")]);
        (await shop.As(cashier, (tx, stamp) => shop.Shifts.CountWithin(tx, stamp, shift.Id, wrong, default))).Refusal!.Code.ShouldBe("POS_COUNT_MISMATCH");
        var right = new CountRequest([new("50.00", 3), new("10.00", 5)], [new("CARD", "20.96")]);
        var counted = (await shop.As(cashier, (tx, stamp) => shop.Shifts.CountWithin(tx, stamp, shift.Id, right, default))).Value;
        counted.Tenders.ShouldAllBe(tender => tender.Variance == "0.00");
        (await shop.Sell(cashier, Shop.Single("TEA"))).Refusal!.Code.ShouldBe("SHIFT_NOT_OPEN");
    }

    [Theory, OnBothEngines]
    public async Task Parked_baskets_keep_a_shift_from_being_counted(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        var shift = (await shop.OpenShift(cashier)).Value;
        await shop.Of<Parking>().Park(shop.Call(cashier), Shop.Basket());
        (await shop.As(cashier, (tx, stamp) => shop.Shifts.CountWithin(tx, stamp, shift.Id, new CountRequest(null, [new("CASH", "200.00")]), default))).Refusal!.Code.ShouldBe("POS_SHIFT_HAS_PARKED");
    }

    [Theory, OnBothEngines]
    public async Task A_handover_counts_one_cashier_out_and_the_next_one_in_with_the_same_cash(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        var next = await shop.Account("cashier", "lee");
        var shift = (await shop.OpenShift(cashier)).Value;
        await shop.Sell(cashier, Shop.Basket(new TenderRequest("CASH")));
        var handed = await shop.Shifts.Handover(shop.Call(cashier), shift.Id, new HandoverRequest("lee", "a long password", null, [new("CASH", "220.95")]));
        handed.IsRefused.ShouldBeFalse(handed.ToString());
        var open = await shop.Database.Read(db => db.First($"select user_id, number from work_session where state = 'open'", row => (row.Guid(0), row.Text(1))));
        open.ShouldBe((next.Id, "SHIFT-T1-00002"));
        (await shop.Moved(AccountRoles.CashDrawer)).ShouldBe(22_095);
    }

    [Theory, OnBothEngines]
    public async Task The_Z_report_of_a_shift_sums_what_its_documents_say(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        var shift = (await shop.OpenShift(cashier)).Value;
        await shop.Sell(cashier, Shop.Basket(new TenderRequest("CASH")));
        await shop.Sell(cashier, Shop.Basket(new TenderRequest("CARD", "20.96")));
        (await shop.Of<ShiftReports>().Make(shift.Id, "z", Shop.BranchId, _ => true, default)).Refusal!.Code.ShouldBe("POS_SHIFT_STILL_OPEN");
        await CountAndClose(shop, cashier, shift.Id, "220.95", new TenderCount("CARD", "20.96"));

        var z = (await shop.Of<ShiftReports>().Make(shift.Id, "z", Shop.BranchId, _ => true, default)).Value;
        (z.Sales, z.Net, z.Tax, z.Total, z.Rounding).ShouldBe((2, "35.76", "6.16", "41.92", "-0.01"));
        (z.FirstReceipt, z.LastReceipt).ShouldBe(("HQ-T1-000001", "HQ-T1-000002"));
        z.Taxes.Select(tax => tax.Amount).ShouldBe(["5.82", "0.34"]);
        z.Gaps.ShouldBeEmpty();
    }

    /// <summary>200.00 float + 1,254.35 cash sales - 45.00 refunds + 0 - 30.00 paid out - 900.00 dropped = 479.35.</summary>
    private static async Task<ShiftAnswer> TradedShift(Shop shop, Actor cashier, Actor manager)
    {
        var shift = (await shop.OpenShift(cashier)).Value;
        await shop.Receive(("LAMP", "1000", "3000.00"));
        BasketRequest Lamps(string quantity, string price) => new("T1", [new(Sku: "LAMP", Quantity: Quantity.Parse(quantity), UnitPrice: UnitPrice.Parse(price), OverrideReason: "MANAGER")], Tenders: [new("CASH")]);
        (await shop.Sell(manager, Lamps("1", "1209.35"))).IsRefused.ShouldBeFalse();
        var back = (await shop.Sell(manager, Lamps("1", "45.00"))).Value;
        var asked = await shop.As(cashier, (tx, stamp) => shop.Of<Reversal>().Within(tx, stamp, back.Id, (long?)null, new ReverseSaleRequest("WRONG_ITEM")));
        asked.IsRefused.ShouldBeFalse(asked.ToString());
        var other = await shop.Person("store-manager", "otto");
        (await shop.Of<LifecycleDesk>().Run(shop.Call(other), "sales.point-of-sale", new LifecycleStep(Verb.Approve, back.Id, null))).IsRefused.ShouldBeFalse();
        (await shop.Sell(manager, Lamps("1", "45.00"))).IsRefused.ShouldBeFalse();
        (await shop.As(cashier, (tx, stamp) => shop.Shifts.MoveWithin(tx, stamp, new CashMovementRequest("T1", "paid-out", "30.00", "PETTY_CASH"), default))).Value.Status.ShouldBe("posted");
        (await shop.As(cashier, (tx, stamp) => shop.Shifts.MoveWithin(tx, stamp, new CashMovementRequest("T1", "drop", "945.00", ""), default))).Value.Status.ShouldBe("posted");
        return shift;
    }

    private static async Task CountAndClose(Shop shop, Actor cashier, Guid shift, string cash, params TenderCount[] others)
    {
        (await shop.As(cashier, (tx, stamp) => shop.Shifts.CountWithin(tx, stamp, shift, new CountRequest(null, [new("CASH", cash), .. others]), default))).IsRefused.ShouldBeFalse();
        (await shop.As(cashier, (tx, stamp) => shop.Shifts.CloseWithin(tx, stamp, shift, new CloseShiftRequest("200.00"), default))).IsRefused.ShouldBeFalse();
    }
}
