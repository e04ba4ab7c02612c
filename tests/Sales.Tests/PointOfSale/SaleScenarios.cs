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

/// <summary>The scenarios of the point of sale that sell, number for number, on both engines.</summary>
public class SaleScenarios
{
    [Theory, OnBothEngines]
    public async Task Scenario_1_cash_of_50_for_20_96_gives_29_05_back_and_books_every_cent(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);

        var sold = (await shop.Sell(cashier, Shop.Basket(new TenderRequest("CASH", Tendered: "50.00")) with { ExpectedTotal = "20.96" })).Value;

        sold.ShouldSatisfyAllConditions(() => sold.Net.ShouldBe("17.88"), () => sold.Tax.ShouldBe("3.08"), () => sold.Total.ShouldBe("20.96"),
            () => sold.Rounding.ShouldBe("-0.01"), () => sold.Change.ShouldBe("29.05"), () => sold.Number.ShouldBe("HQ-T1-000001"), () => sold.Status.ShouldBe("posted"));
        (await shop.Moved(AccountRoles.CashDrawer, sold.Id)).ShouldBe(2095);
        (await shop.Moved(AccountRoles.CashRounding, sold.Id)).ShouldBe(1);
        (await shop.Moved(AccountRoles.SalesRevenue, sold.Id)).ShouldBe(-1788);
        (await shop.Database.Read(db => db.Query($"""
            select e.amount from entry e join account a on a.id = e.account_id join ledger_transaction t on t.id = e.transaction_id
            where a.role = 'OutputTax' and t.document_id = {sold.Id} order by e.amount
            """, row => row.Long(0)))).ShouldBe([-291, -17]);
        (await shop.OnHand("TEA")).ShouldBe(997_000_000);
        // 3 × 1.50, 1 × 0.90 and 2 × 0.70 at moving average.
        (await shop.Moved(AccountRoles.CostOfSales, sold.Id)).ShouldBe(450 + 90 + 140);
        (await shop.Moved(AccountRoles.Inventory, sold.Id)).ShouldBe(-680);
    }

    [Theory, OnBothEngines]
    public async Task Scenario_2_card_10_then_cash_11_rounds_the_rest_and_gives_5_cents(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);

        var sold = (await shop.Sell(cashier, Shop.Basket(new("CARD", "10.00"), new("CASH", Tendered: "11.00")))).Value;
        sold.Change.ShouldBe("0.05");
        sold.Rounding.ShouldBe("-0.01");
        (await shop.Moved(AccountRoles.CashDrawer, sold.Id)).ShouldBe(1095);
        (await shop.Moved(AccountRoles.CardClearing, sold.Id)).ShouldBe(1000);

        (await shop.Sell(cashier, Shop.Basket(new TenderRequest("CARD", "25.00")))).Refusal!.Code.ShouldBe("POS_CHANGE_NOT_ALLOWED");
    }

    [Theory, OnBothEngines]
    public async Task Scenario_3_the_last_piece_is_sold_once_when_two_tills_check_out_at_once(Engine engine)
    {
        await using var shop = await Shop.Open(engine, stocked: false);
        await shop.Receive(("LAMP", "1", "5.00"));
        var (one, two) = (await shop.Person("cashier", "kim"), await shop.Person("cashier", "lee"));
        await shop.OpenShift(one);
        await shop.OpenShift(two, "T2");

        var both = await Task.WhenAll(
            Task.Run(() => shop.Checkout.Run(shop.Call(one, "a"), Shop.Single("LAMP"))),
            Task.Run(() => shop.Checkout.Run(shop.Call(two, "b"), Shop.Single("LAMP", till: "T2"))));

        both.Count(result => !result.IsRefused && result.Value.Status == 201).ShouldBe(1);
        var refused = both.Single(result => result.IsRefused).Refusal!;
        (refused.Code, refused.Status).ShouldBe(("STOCK_SHORT", 409));
        refused.Detail!["available"].ShouldBe("0");
        (await shop.OnHand("LAMP")).ShouldBe(0);
        (await shop.Count("select count(*) from document where kind = 'sale'")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task Scenario_4_the_same_key_twice_is_one_receipt_one_transaction_and_the_same_answer(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var basket = Shop.Basket(new TenderRequest("CASH"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => shop.Checkout.Run(shop.Call(cashier, "key-1"), basket))));
        var again = await shop.Checkout.Run(shop.Call(cashier, "key-1"), basket);

        answers.ShouldAllBe(answer => answer.Value == again.Value);
        (await shop.Count("select count(*) from document where kind = 'sale'")).ShouldBe(1);
        (await shop.Count("select count(*) from ledger_transaction t join document d on d.id = t.document_id where d.kind = 'sale'")).ShouldBe(1);
        (await shop.Checkout.Run(shop.Call(cashier, "key-1", "another body"), basket)).Refusal!.Code.ShouldBe("IDEMPOTENCY_KEY_REUSED");
    }

    [Theory, OnBothEngines]
    public async Task Scenario_5_a_price_cut_by_an_eighth_waits_for_the_store_manager_and_nobody_grants_to_themselves(Engine engine)
    {
        await using var shop = await Shop.Open(engine, stocked: false);
        await shop.Receive(("LAMP", "10", "50.00"));
        var sales = await shop.Person("sales", "sam");
        var manager = await shop.Account("store-manager", "maria");
        await shop.OpenShift(sales);
        var cut = new BasketRequest("T1", [new(Sku: "LAMP", UnitPrice: UnitPrice.Parse("7.00"), OverrideReason: "DAMAGED")], Tenders: [new("CASH")]);

        var waits = (await shop.Sell(sales, cut)).Refusal!;
        waits.Code.ShouldBe("DISCOUNT_NEEDS_APPROVAL");
        waits.Detail!["roles"].ShouldBe(new[] { "store-manager" });

        var second = shop.Of<SecondPerson>();
        var seller = await shop.Account("sales", "sara");
        var sara = new Caller((await shop.Of<Actors>().ByUser(seller.Id))!, Shop.BranchId, null, null);
        (await second.Authorise("sara", "a long password", "sales.point-of-sale.override-price", Shop.BranchId, "T1", null, sara)).Refusal!.Code.ShouldBe("FOUR_EYES");

        var grant = (await second.Authorise("maria", "a long password", "sales.point-of-sale.override-price", Shop.BranchId, "T1", null, new Caller(sales, Shop.BranchId, null, null))).Value;
        var sold = (await shop.Sell(sales, cut with { Approval = new(grant.Token) })).Value;
        sold.Total.ShouldBe("7.00");
        (await shop.Database.Read(db => db.First($"select approved_by from document where id = {sold.Id}", row => row.Guid(0)))).ShouldBe(manager.Id);
        (await shop.Sell(sales, cut with { Approval = new(grant.Token) })).IsRefused.ShouldBeTrue("a grant is good for one sale");
    }

    [Theory, OnBothEngines]
    public async Task Scenario_8_an_offline_sale_keeps_its_price_and_flags_the_difference(Engine engine)
    {
        await using var shop = await Shop.Open(engine, stocked: false);
        await shop.Receive(("LAMP", "5", "20.00"));
        var cashier = await shop.Person("cashier", "kim");
        await shop.Database.Write(async tx =>
        {
            shop.Of<Kernel.Catalog.CatalogueBook>().Touch(tx);
            Kernel.Catalog.CatalogueBook.Changed(tx, [(await shop.Of<Kernel.Catalog.CatalogueBook>().Get()).BySku("LAMP")!.Id]);
            tx.Stage($"insert into price (id, price_list_id, item_id, valid_from, price) select {Ids.New(shop.Clock)}, price_list_id, item_id, {new DateOnly(2026, 3, 1)}, 7500000 from price where item_id = (select id from item where sku = 'LAMP')");
            tx.Stage($"insert into price (id, price_list_id, item_id, valid_from, price) select {Ids.New(shop.Clock)}, price_list_id, item_id, {new DateOnly(2026, 3, 3)}, 8000000 from price where item_id = (select id from item where sku = 'LAMP') and valid_from = {new DateOnly(2020, 1, 1)}");
        });
        await shop.OpenShift(cashier);
        // Sold at ten to midnight at the price of that day, sent in when the next day's is higher.
        shop.Clock.Now = new DateTimeOffset(2026, 3, 2, 23, 5, 0, TimeSpan.Zero);

        var sold = (await shop.Sell(cashier, new BasketRequest("T1", [new(Sku: "LAMP", UnitPrice: UnitPrice.Parse("7.50"))], Tenders: [new("CASH")],
            OfflineAt: shop.Clock.Now.AddMinutes(-15), ReceiptNumber: "HQ-T1-000101"))).Value;

        sold.Total.ShouldBe("7.50");
        sold.Number.ShouldBe("HQ-T1-000101");
        var message = await shop.Database.Read(db => db.First($"select message from exception_item where rule = 'POS_OFFLINE_PRICE_DIFF' and document_id = {sold.Id}", row => row.Text(0)));
        message.ShouldNotBeNull().ShouldContain("0.50");
        (await shop.Sell(cashier, Shop.Single("LAMP"))).Value.Number.ShouldBe("HQ-T1-000102");
    }

    [Theory, OnBothEngines]
    public async Task Without_an_open_shift_nothing_is_sold(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        (await shop.Sell(cashier, Shop.Single("TEA"))).Refusal!.Code.ShouldBe("SHIFT_NOT_OPEN");
        (await shop.Count("select count(*) from document where kind = 'sale'")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task A_manager_sells_below_zero_at_the_last_average_and_the_receipt_posts_the_difference(Engine engine)
    {
        await using var shop = await Shop.Open(engine, stocked: false);
        await shop.Receive(("LAMP", "2", "4.00"));
        var manager = await shop.Person("store-manager", "maria");
        await shop.OpenShift(manager);

        (await shop.Sell(manager, Shop.Single("LAMP", quantity: "5"))).IsRefused.ShouldBeFalse();
        (await shop.OnHand("LAMP")).ShouldBe(-3_000_000);
        (await shop.Moved(AccountRoles.Inventory)).ShouldBe(-600);
        (await shop.Count("select count(*) from exception_item where rule = 'POS_NEGATIVE_STOCK'")).ShouldBe(1);

        await shop.Receive(("LAMP", "10", "25.00"));
        (await shop.OnHand("LAMP")).ShouldBe(7_000_000);
        (await shop.Moved(AccountRoles.Inventory)).ShouldBe(1750);
        (await shop.Moved(AccountRoles.InventoryAdjustment)).ShouldBe(150);
    }

    [Theory, OnBothEngines]
    public async Task A_reversal_at_the_till_gives_goods_money_and_facts_back_to_the_cent(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.Account("store-manager", "maria");
        await shop.OpenShift(cashier);
        var sold = (await shop.Sell(cashier, Shop.Basket(new("CARD", "10.00"), new("CASH", Tendered: "11.00")))).Value;

        var grant = (await shop.Of<SecondPerson>().Authorise("maria", "a long password", "sales.point-of-sale.grant-reversal", Shop.BranchId, "T1", null, new Caller(cashier, Shop.BranchId, null, null))).Value;
        var undone = (await shop.As(cashier, (tx, stamp) => shop.Of<Reversal>().Within(tx, stamp, sold.Id, (long?)null, new ReverseSaleRequest("WRONG_ITEM", null, new(grant.Token))))).Value;

        undone.Status.ShouldBe("reversed");
        foreach (var role in new[] { AccountRoles.CardClearing, AccountRoles.CashRounding, AccountRoles.SalesRevenue, AccountRoles.OutputTax, AccountRoles.CostOfSales })
            (await shop.Moved(role)).ShouldBe(0, role.Code);
        (await shop.OnHand("TEA")).ShouldBe(1000_000_000);
        (await shop.Moved(AccountRoles.Inventory)).ShouldBe(310_000);
        (await shop.Count("select sum(amount) from fact where kind = 'sale' and event in ('posted', 'reversed') and grain = 0")).ShouldBe(0);
        (await shop.Count("select sum(quantity) from fact where kind = 'sale' and grain = 1")).ShouldBe(0);
        var second = await shop.As(cashier, (tx, stamp) => shop.Of<Reversal>().Within(tx, stamp, sold.Id, (long?)null, new ReverseSaleRequest("WRONG_ITEM")));
        second.Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED");
    }

    [Theory, OnBothEngines]
    public async Task A_reversal_leaves_no_value_where_no_goods_are(Engine engine)
    {
        await using var shop = await Shop.Open(engine, stocked: false);
        var (manager, other) = (await shop.Person("store-manager", "maria"), await shop.Person("store-manager", "otto"));
        await shop.OpenShift(manager);
        await shop.Receive(("LAMP", "1", "3.00"));
        var dear = (await shop.Sell(manager, Shop.Single("LAMP"))).Value;
        await shop.Receive(("LAMP", "1", "2.00"));
        await shop.Sell(manager, Shop.Single("LAMP"));
        await shop.Sell(manager, Shop.Single("LAMP"));
        (await shop.OnHand("LAMP")).ShouldBe(-1_000_000);
        (await shop.Moved(AccountRoles.Inventory)).ShouldBe(-200);

        await shop.As(manager, (tx, stamp) => shop.Of<Reversal>().Within(tx, stamp, dear.Id, (long?)null, new ReverseSaleRequest("WRONG_ITEM")));
        (await shop.Of<LifecycleDesk>().Run(shop.Call(other), "sales.point-of-sale", new LifecycleStep(Verb.Approve, dear.Id, null))).IsRefused.ShouldBeFalse();
        (await shop.OnHand("LAMP")).ShouldBe(0);
        (await shop.Moved(AccountRoles.Inventory)).ShouldBe(0);
        (await shop.Moved(AccountRoles.InventoryAdjustment)).ShouldBe(100);
    }

    [Theory, OnBothEngines]
    public async Task A_reversal_without_a_grant_waits_and_the_cashier_cannot_approve_it(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        var manager = await shop.Person("store-manager", "maria");
        await shop.OpenShift(cashier);
        var sold = (await shop.Sell(cashier, Shop.Basket(new TenderRequest("CASH")))).Value;
        var asked = (await shop.As(cashier, (tx, stamp) => shop.Of<Reversal>().Within(tx, stamp, sold.Id, (long?)null, new ReverseSaleRequest("CUSTOMER_LEFT")))).Value;
        (asked.Status, asked.WaitsFor).ShouldBe(("reversal-requested", "store-manager"));

        var desk = shop.Of<LifecycleDesk>();
        (await desk.Run(shop.Call(cashier), "sales.point-of-sale", new LifecycleStep(Verb.Approve, sold.Id, null))).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await desk.Run(shop.Call(manager), "sales.point-of-sale", new LifecycleStep(Verb.Approve, sold.Id, 1))).Refusal!.Code.ShouldBe("VERSION_CONFLICT");
        (await desk.Run(shop.Call(manager), "sales.point-of-sale", new LifecycleStep(Verb.Approve, sold.Id, null))).IsRefused.ShouldBeFalse();
        (await shop.Moved(AccountRoles.SalesRevenue)).ShouldBe(0);
        (await shop.Count("select count(*) from document where kind = 'sale' and status = 'reversed'")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_gift_card_is_sold_without_tax_and_pays_until_it_is_empty(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var card = (await shop.Sell(cashier, new BasketRequest("T1", [new(Voucher: "", UnitPrice: UnitPrice.Parse("30.00"))], Tenders: [new("CASH")]))).Value;
        card.Tax.ShouldBe("0.00");
        var code = card.Vouchers!.Single();
        Vouchers.IsCode(code).ShouldBeTrue();
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(-3000);
        (await shop.Moved(AccountRoles.SalesRevenue)).ShouldBe(0);

        (await shop.Sell(cashier, Shop.Basket(new TenderRequest("VOUCHER", "20.96", Reference: code)))).IsRefused.ShouldBeFalse();
        var short_ = (await shop.Sell(cashier, Shop.Basket(new TenderRequest("VOUCHER", "20.96", Reference: code)))).Refusal!;
        short_.Code.ShouldBe("POS_VOUCHER_INSUFFICIENT");
        short_.Detail!["available"].ShouldBe("9.04");
        (await shop.Sell(cashier, Shop.Basket(new TenderRequest("VOUCHER", "20.96", Reference: "0000000000000000")))).Refusal!.Code.ShouldBe("POS_VOUCHER_UNKNOWN");
        (await shop.Sell(cashier, Shop.Basket(new("VOUCHER", "9.04", Reference: code), new("CASH")))).IsRefused.ShouldBeFalse();
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task Serials_lots_and_fifo_leave_stock_as_they_came(Engine engine)
    {
        await using var shop = await Shop.Open(engine, stocked: false);
        await shop.Receive(new GoodsIn("PHONE", "1", "200.00", "SN-1", Serial: true), new GoodsIn("PHONE", "1", "210.00", "SN-2", Serial: true),
            new GoodsIn("MILK", "10", "5.00", "L1", new DateOnly(2026, 3, 1)), new GoodsIn("MILK", "10", "6.00", "L2", new DateOnly(2026, 3, 20)));
        await shop.Receive(("COIN", "2", "6.00"));
        shop.Clock.Advance(TimeSpan.FromDays(1));
        await shop.Receive(("COIN", "3", "12.00"));
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);

        (await shop.Sell(cashier, Shop.Single("PHONE"))).Refusal!.Code.ShouldBe("STOCK_SERIAL_REQUIRED");
        BasketRequest Phone(string serial) => new("T1", [new(Sku: "PHONE", Serials: [serial])], Tenders: [new("CARD")]);
        (await shop.Sell(cashier, Phone("SN-9"))).Refusal!.Code.ShouldBe("POS_SERIAL_NOT_IN_STOCK");
        var phone = (await shop.Sell(cashier, Phone("SN-2"))).Value;
        (await shop.Sell(cashier, Phone("SN-2"))).Refusal!.Code.ShouldBe("POS_SERIAL_NOT_IN_STOCK");
        (await shop.Moved(AccountRoles.Customer, phone.Id)).ShouldBe(1_000_000);

        BasketRequest Milk(string lot) => new("T1", [new(Sku: "MILK", Lot: lot)], Tenders: [new("CARD")]);
        (await shop.Sell(cashier, Milk("L1"))).Refusal!.Code.ShouldBe("STOCK_LOT_NOT_USABLE");
        (await shop.Sell(cashier, Milk("L2"))).IsRefused.ShouldBeFalse();
        (await shop.Sell(cashier, Shop.Single("MILK", "CARD"))).Refusal!.Code.ShouldBe("STOCK_LOT_REQUIRED");

        // First in, first out: two at 3.00, then one at 4.00.
        var coins = (await shop.Sell(cashier, Shop.Single("COIN", "CARD", "3"))).Value;
        (await shop.Moved(AccountRoles.CostOfSales, coins.Id)).ShouldBe(600 + 400);
    }

    [Theory, OnBothEngines]
    public async Task A_parked_basket_comes_back_once_and_becomes_a_sale(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var parking = shop.Of<Parking>();
        (await parking.Park(shop.Call(cashier, "p1"), Shop.Basket() with { Label = "Red coat" })).Value.Status.ShouldBe(201);
        var parked = (await parking.List(await shop.Stamp(cashier), "T1")).Single();
        (parked.Label, parked.Total, parked.Lines).ShouldBe(("Red coat", "20.96", 3));

        var resumed = await Task.WhenAll(Task.Run(() => parking.Resume(shop.Call(cashier), parked.Id)), Task.Run(() => parking.Resume(shop.Call(cashier), parked.Id)));
        resumed.Count(result => !result.IsRefused).ShouldBe(1);
        resumed.Single(result => result.IsRefused).Refusal!.Code.ShouldBe("POS_NOT_PARKED");
        (await parking.List(await shop.Stamp(cashier), "T1")).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task What_the_customer_was_told_is_what_they_pay(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var told = (await shop.Sell(cashier, Shop.Basket(new TenderRequest("CASH")) with { ExpectedTotal = "19.96" })).Refusal!;
        (told.Code, told.Status).ShouldBe(("TOTAL_CHANGED", 409));
        ((Preview)told.Detail!["calculation"]!).Total.ShouldBe("20.96");
        (await shop.Count("select count(*) from document where kind = 'sale'")).ShouldBe(0);
    }
}
