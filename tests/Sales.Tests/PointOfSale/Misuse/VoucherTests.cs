using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale.Misuse;

/// <summary>A gift card is money: it is spent once, wherever and however it is tried.</summary>
public class VoucherTests
{
    private static BasketRequest Pay(string code, string till = "T1") => Shop.Single("TEA", till: till) with { Tenders = [new("VOUCHER", Reference: code)] };

    [Theory, OnBothEngines]
    public async Task A_gift_card_for_one_tea_buys_one_however_many_tills_try_at_once(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        await shop.OpenShift(cashier, "T2");
        var (_, code) = await shop.GiftCard(cashier, "4.99");
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(at => Task.Run(() => shop.Checkout.Run(shop.Call(cashier), Pay(code, at % 2 == 0 ? "T1" : "T2")))));
        all.Count(result => !result.IsRefused).ShouldBe(1);
        all.Where(result => result.IsRefused).ShouldAllBe(result => result.Refusal!.Code == "POS_VOUCHER_INSUFFICIENT" || result.Refusal.Code == "BALANCE_LIMIT");
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task A_gift_card_is_not_counted_twice_in_one_sale(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var (_, code) = await shop.GiftCard(cashier, "4.00");
        var twice = Shop.Single("TEA") with { Tenders = [new("VOUCHER", "4.00", Reference: code), new("VOUCHER", "0.99", Reference: code)] };
        (await shop.Sell(cashier, twice)).Refusal!.Code.ShouldBe("POS_VOUCHER_INSUFFICIENT");
        var within = Shop.Single("TEA") with { Tenders = [new("VOUCHER", "1.00", Reference: code), new("VOUCHER", "3.00", Reference: code), new("CASH")] };
        (await shop.Sell(cashier, within)).IsRefused.ShouldBeFalse();
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task A_gift_card_of_one_branch_is_spent_in_another_and_then_nowhere(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.OpenNorth();
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var north = Abuse.CallAt(cashier, Abuse.North);
        (await shop.Shifts.Open(north, "N1", new OpenShiftRequest("0.00"))).IsRefused.ShouldBeFalse();
        // The branches keep their gift cards on accounts of their own in the chart: the card is one all the same.
        await shop.Database.Write(async tx =>
        {
            tx.Stage($"insert into gl_account (code, name, kind) values ('2499', 'Gift cards north', 'liability')");
            tx.Stage($"insert into account_rule (role, branch_id, category_id, gl_code) values ('StoredValue', {Abuse.North.ToString("D")}, '', '2499')");
            await tx.Flush();
            shop.Of<StampedCache<AccountRules>>().Touch(tx);
        });
        var (_, code) = await shop.GiftCard(cashier, "5.00");

        BasketRequest Card(string value) => new("N1", [new(Voucher: "", UnitPrice: UnitPrice.Parse(value))], Tenders: [new("VOUCHER", Reference: code)]);
        (await shop.Checkout.Run(north, Card("3.00"))).IsRefused.ShouldBeFalse();
        (await shop.Checkout.Run(north, Card("3.00"))).Refusal!.Code.ShouldBe("POS_VOUCHER_INSUFFICIENT");
        (await shop.Checkout.Run(north, Card("2.00"))).IsRefused.ShouldBeFalse();
        (await shop.Sell(cashier, Pay(code))).Refusal!.Code.ShouldBe("POS_VOUCHER_INSUFFICIENT");
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(-500);
    }

    [Theory, OnBothEngines]
    public async Task Reversing_gives_a_card_back_once_and_takes_no_spent_card_back(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.Account("store-manager", "maria");
        await shop.OpenShift(cashier);
        var (issue, code) = await shop.GiftCard(cashier, "10.00");
        var spent = (await shop.Sell(cashier, Pay(code))).Value;
        async Task<string> Undo(Guid id)
        {
            var grant = await shop.Grant("maria", "grant-reversal", cashier);
            var undone = await shop.Of<Reversal>().Run(shop.Call(cashier), id, (long?)null, new ReverseSaleRequest("WRONG_ITEM", null, grant));
            return undone.Refusal?.Code ?? "done";
        }

        (await Undo(issue)).ShouldBe("POS_VOUCHER_SPENT");
        (await Undo(spent.Id)).ShouldBe("done");
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(-1000);
        (await Undo(spent.Id)).ShouldBe("STATUS_NOT_ALLOWED");
        (await Undo(issue)).ShouldBe("done");
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(0);
        (await shop.Sell(cashier, Pay(code))).Refusal!.Code.ShouldBe("POS_VOUCHER_INSUFFICIENT");
    }

    [Theory, OnBothEngines]
    public async Task A_gift_card_is_worth_at_least_a_cent_and_its_code_is_used_once(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        async Task<string?> Sell(string value, string code = "") =>
            (await shop.Checkout.Run(shop.Call(cashier), new BasketRequest("T1", [new(Voucher: code, UnitPrice: UnitPrice.Parse(value))], Tenders: [new("CASH")]))).Refusal?.Code;

        (await Sell("0.00")).ShouldBe("POS_VOUCHER_AMOUNT_INVALID");
        (await Sell("0.004")).ShouldBe("POS_VOUCHER_AMOUNT_INVALID");
        (await Sell("10.005")).ShouldBe("POS_VOUCHER_AMOUNT_INVALID");
        (await Sell("-5.00")).ShouldBe("POS_VOUCHER_AMOUNT_INVALID");
        (await Sell("5.00", "6011000990139424")).ShouldBeNull();
        (await Sell("5.00", "6011000990139424")).ShouldBe("POS_VOUCHER_CODE_TAKEN");
        (await Sell("5.00", "6011000990139425")).ShouldBe("POS_VOUCHER_AMOUNT_INVALID");
        (await shop.Count("select count(*) from voucher")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task The_code_of_a_gift_card_is_shown_to_nobody_but_the_till_that_sold_it(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var (issue, code) = await shop.GiftCard(cashier, "50.00");
        async Task<string> Printed(Guid id, Guid? reader) => System.Text.Json.JsonSerializer.Serialize(await shop.Of<Receipts>().Find(id, Shop.BranchId, reader, default));
        (await Printed(issue, cashier.UserId)).ShouldContain(code);
        (await Printed(issue, Guid.CreateVersion7())).ShouldNotContain(code);
        var spent = (await shop.Sell(cashier, Pay(code))).Value;
        (await shop.Database.Read(db => db.Query($"select coalesce(diff, '') from audit_event", row => row.Text(0)))).ShouldAllBe(diff => !diff.Contains(code));

        var function = shop.Of<PointOfSaleFunction>();
        foreach (var id in new[] { issue, spent.Id })
        {
            var view = await shop.Database.Read(async db =>
            {
                var header = await db.First($"select {Sql.Raw(Headers.Columns)} from document d where d.id = {id}", row => Headers.Read(row));
                return await function.Detail(db, header!, _ => true, default);
            });
            System.Text.Json.JsonSerializer.Serialize(view).ShouldNotContain(code);
            (await Printed(id, cashier.UserId)).ShouldNotContain(code);
        }

        var report = await shop.Database.Read(db => function.Reports.Single(named => named.Code == "stored-value-liability")
            .Run(new Kernel.Functions.ReportCall(db, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31), [Shop.BranchId], new Dictionary<string, string>(), _ => true), default));
        report.Rows.Single()[0].ShouldBe($"…{code[^4..]}");
    }
}
