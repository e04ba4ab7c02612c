using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale.Misuse;

/// <summary>A shift that was counted stays as it was counted, and is closed once.</summary>
public class ClosedShiftTests
{
    [Theory, OnBothEngines]
    public async Task A_reversal_that_was_asked_for_is_not_approved_once_its_shift_is_counted(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (cashier, manager) = (await shop.Person("cashier", "kim"), await shop.Person("store-manager", "maria"));
        var shift = (await shop.OpenShift(cashier)).Value;
        var sold = (await shop.Sell(cashier, Shop.Single("TEA", "CARD"))).Value;
        (await shop.Reverse(cashier, sold.Id)).Value.Status.ShouldBe("reversal-requested");
        (await shop.Count(cashier, shift.Id, new("CASH", "200.00"), new("CARD", "4.99"))).IsRefused.ShouldBeFalse();

        (await shop.Step(manager, Verb.Approve, sold.Id)).Refusal!.Code.ShouldBe("POS_SHIFT_CLOSED");
        (await shop.Close(cashier, shift.Id)).Value.Status.ShouldBe("posted");
        (await shop.Step(manager, Verb.Approve, sold.Id)).Refusal!.Code.ShouldBe("POS_SHIFT_CLOSED");
        (await shop.Moved(AccountRoles.CardClearing)).ShouldBe(499);
        (await shop.Step(manager, Verb.Reject, sold.Id, "NOT_JUSTIFIED")).IsRefused.ShouldBeFalse();
    }

    [Theory, OnBothEngines]
    public async Task Cash_that_waits_for_approval_is_not_paid_out_of_a_counted_drawer(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (cashier, manager) = (await shop.Person("cashier", "kim"), await shop.Person("store-manager", "maria"));
        var shift = (await shop.OpenShift(cashier)).Value;
        var paid = (await shop.Move(cashier, "paid-out", "60.00")).Value;
        paid.Status.ShouldBe("submitted");
        (await shop.Count(cashier, shift.Id, new TenderCount("CASH", "200.00"))).IsRefused.ShouldBeFalse();

        (await shop.Step(manager, Verb.Approve, paid.Id)).Refusal!.Code.ShouldBe("POS_SHIFT_CLOSED");
        (await shop.Close(cashier, shift.Id)).Value.Status.ShouldBe("posted");
        (await shop.Step(manager, Verb.Approve, paid.Id)).Refusal!.Code.ShouldBe("POS_SHIFT_CLOSED");
        (await shop.Moved(AccountRoles.CashDrawer)).ShouldBe(0);
        (await shop.Moved(AccountRoles.PettyCash)).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task Giving_up_an_old_close_does_not_open_the_one_that_waits(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (cashier, manager) = (await shop.Person("cashier", "kim"), await shop.Person("store-manager", "maria"));
        var shift = (await shop.OpenShift(cashier)).Value;
        await shop.Count(cashier, shift.Id, new TenderCount("CASH", "150.00"));
        var first = (await shop.Close(cashier, shift.Id)).Value;
        (await shop.Step(manager, Verb.Reject, first.Id, "COUNT_AGAIN")).IsRefused.ShouldBeFalse();
        await shop.Count(cashier, shift.Id, new TenderCount("CASH", "160.00"));
        var second = (await shop.Close(cashier, shift.Id)).Value;
        second.Status.ShouldBe("submitted");

        (await shop.Step(cashier, Verb.Cancel, first.Id)).IsRefused.ShouldBeFalse();
        (await shop.Count(cashier, shift.Id, new TenderCount("CASH", "200.00"))).Refusal!.Code.ShouldBe("POS_CLOSE_WAITS");
        (await shop.Close(cashier, shift.Id)).Refusal!.Code.ShouldBe("POS_CLOSE_WAITS");
        (await shop.Step(manager, Verb.Approve, second.Id)).IsRefused.ShouldBeFalse();
        (await shop.Moved(AccountRoles.CashOverShort)).ShouldBe(4000);
        (await shop.Moved(AccountRoles.CashDrawer)).ShouldBe(0);
        (await shop.Count("select count(*) from document where kind = 'shift-close' and status = 'posted'")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task Sales_and_a_count_at_once_leave_no_sale_out_of_the_count(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        var (manager, accountant) = (await shop.Person("store-manager", "maria"), await shop.Person("accountant", "alf"));
        for (var round = 0; round < 4; round++)
        {
            var shift = (await shop.OpenShift(cashier)).Value;
            var sales = Enumerable.Range(0, 6).Select(_ => Task.Run(() => shop.Checkout.Run(shop.Call(cashier), Shop.Single("TEA", "CARD")))).ToList();
            var count = Task.Run(() => shop.Shifts.Count(shop.Call(cashier), shift.Id, new CountRequest(null, [new("CASH", "200.00"), new("CARD", "0.00")])));
            await Task.WhenAll([.. sales, count]);
            var sold = sales.Count(sale => !sale.Result.IsRefused);
            (await count).IsRefused.ShouldBeFalse();
            sales.Where(sale => sale.Result.IsRefused).ShouldAllBe(sale => sale.Result.Refusal!.Code == "SHIFT_NOT_OPEN");
            var expected = await shop.Database.Read(db => db.Number($"select expected from pos_shift_tender where session_id = {shift.Id} and method = 'CARD'"));
            expected.ShouldBe(sold * 499L);
            var closes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => shop.Shifts.Close(shop.Call(Shop.System), shift.Id, new CloseShiftRequest("200.00")))));
            closes.Count(close => !close.IsRefused).ShouldBe(1);
            if (sold == 0) continue;
            var close = await shop.Database.Read(db => db.First($"select close_document_id from pos_shift where session_id = {shift.Id}", row => row.Guid(0)));
            await shop.Step(manager, Verb.Approve, close);
            await shop.Step(accountant, Verb.Approve, close);
            (await shop.Database.Read(db => db.First($"select state from work_session where id = {shift.Id}", row => row.Text(0)))).ShouldBe("closed");
        }
    }

    [Theory, OnBothEngines]
    public async Task A_count_names_methods_that_there_are_and_amounts_that_can_be(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        var shift = (await shop.OpenShift(cashier)).Value;
        async Task<string?> Code(CountRequest request) => (await shop.As(cashier, (tx, stamp) => shop.Shifts.CountWithin(tx, stamp, shift.Id, request, default))).Refusal?.Code;

        (await Code(new(null, [new("CASH", "200.00"), new("PHANTOM", "9.99")]))).ShouldBe("POS_TENDER_NOT_ALLOWED");
        (await Code(new(null, [new("CASH", "-1.00")]))).ShouldBe("AMOUNT_INVALID");
        (await Code(new(null, [new("CASH", "200.001")]))).ShouldBe("AMOUNT_INVALID");
        (await Code(new(null, [new("CASH", "92233720368547758.07")]))).ShouldBe("AMOUNT_TOO_LARGE");
        (await Code(new(null, [new("CASH", "100.00"), new("CASH", "200.00")]))).ShouldBe("POS_COUNT_TWICE");
        (await Code(new([new("10000000000.00", 2_000_000_000)], []))).ShouldBe("AMOUNT_TOO_LARGE");
        (await Code(new([new("9000000000000.00", 1), new("9000000000000.00", 1)], []))).ShouldBe("AMOUNT_TOO_LARGE");
        (await Code(new([new("50.00", -4)], []))).ShouldBe("AMOUNT_INVALID");
        (await Code(new(null, [new("CASH", "200.00"), new("CARD", "0.00")]))).ShouldBeNull();
    }

    [Theory, OnBothEngines]
    public async Task Cash_moves_in_amounts_that_can_be(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        (await shop.OpenShift(cashier, cash: "92233720368547758.07")).Refusal!.Code.ShouldBe("AMOUNT_TOO_LARGE");
        var shift = (await shop.OpenShift(cashier)).Value;
        (await shop.Move(cashier, "paid-in", "92233720368547758.07")).Refusal!.Code.ShouldBe("AMOUNT_TOO_LARGE");
        (await shop.Move(cashier, "drop", "0.00", "")).Refusal!.Code.ShouldBe("AMOUNT_INVALID");
        (await shop.Move(cashier, "paid-in", "-5.00")).Refusal!.Code.ShouldBe("AMOUNT_INVALID");
        await shop.Count(cashier, shift.Id, new TenderCount("CASH", "200.00"));
        (await shop.Close(cashier, shift.Id, "92233720368547758.07")).IsRefused.ShouldBeTrue();
        (await shop.Close(cashier, shift.Id, "200.01")).Refusal!.Code.ShouldBe("POS_NEXT_FLOAT_INVALID");
    }

    [Theory, OnBothEngines]
    public async Task A_sale_is_reversed_once_however_many_try(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.Account("store-manager", "maria");
        await shop.OpenShift(cashier);
        var sold = (await shop.Sell(cashier, Shop.Single("TEA"))).Value;
        var grants = new List<ApprovalRequestToken>();
        for (var at = 0; at < 4; at++) grants.Add(await shop.Grant("maria", "grant-reversal", cashier));
        var all = await Task.WhenAll(grants.Select(grant => Task.Run(() => shop.Of<Reversal>().Run(shop.Call(cashier), sold.Id, (long?)null, new ReverseSaleRequest("WRONG_ITEM", null, grant)))));

        all.Count(result => !result.IsRefused).ShouldBe(1);
        all.Where(result => result.IsRefused).ShouldAllBe(result => result.Refusal!.Code == "STATUS_NOT_ALLOWED");
        (await shop.Moved(AccountRoles.CashDrawer)).ShouldBe(20_000);
        (await shop.OnHand("TEA")).ShouldBe(1000_000_000);
        var mirror = await shop.Database.Read(db => db.First($"select id from document where reversal_of = {sold.Id}", row => row.Guid(0)));
        (await shop.Reverse(cashier, mirror, await shop.Grant("maria", "grant-reversal", cashier))).Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED");
        (await shop.Database.Read(db => db.Number($"select count(*) from approval_grant where used_at is null"))).ShouldBe(4, "a refused reversal uses no grant up");
    }

    [Theory, OnBothEngines]
    public async Task A_month_that_is_being_closed_gets_no_sale_after_it(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var read = new TaskCompletionSource();
        var accountant = await shop.Person("accountant", "alf");
        long soldAt = 0, closedAt = 0;

        // A sale that has looked at the period and has not committed yet.
        var sale = Task.Run(() => shop.Database.Write<CheckoutAnswer>(async tx =>
        {
            var sold = await shop.Checkout.Within(tx, await shop.Stamp(cashier), Shop.Single("TEA"));
            await tx.Flush();
            read.SetResult();
            await Task.Delay(600);
            soldAt = Environment.TickCount64;
            return sold;
        }));
        await read.Task;
        var close = Task.Run(async () =>
        {
            var done = await shop.As(accountant, (tx, stamp) => shop.Of<PeriodDesk>().Within(tx, stamp, "2026-03", PeriodStep.Close, null, null));
            closedAt = Environment.TickCount64;
            return done;
        });
        (await sale).IsRefused.ShouldBeFalse();
        (await close).Refusal!.Code.ShouldBe("PERIOD_NOT_READY", "its shift is open");
        closedAt.ShouldBeGreaterThanOrEqualTo(soldAt, "the close waits for the sale that is under way");

        // However the month came to be closed, nothing goes into it.
        await shop.Database.Write(tx =>
        {
            tx.Stage($"insert into period (start_date, end_date, state, version) values ({new DateOnly(2026, 3, 1)}, {new DateOnly(2026, 4, 1)}, 'closed', 1)");
            return tx.Flush();
        });
        (await shop.Sell(cashier, Shop.Single("TEA"))).Refusal!.Code.ShouldBe("PERIOD_CLOSED");
        (await shop.Move(cashier, "paid-in", "1.00")).Refusal!.Code.ShouldBe("PERIOD_CLOSED");
        (await shop.OpenShift(cashier, "T2")).Refusal!.Code.ShouldBe("PERIOD_CLOSED");
    }
}
