using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale.Misuse;

/// <summary>Figures at the edge of what there is, and calls that come again.</summary>
public class MoneyTests
{
    private static readonly UnitPrice Greatest = UnitPrice.Parse("9223372036854.775807");

    [Theory, OnBothEngines]
    public async Task Baskets_too_large_to_count_are_refused_by_name(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var manager = await shop.Person("store-manager", "maria");
        await shop.OpenShift(manager);
        async Task<string?> Code(BasketRequest basket) => (await shop.Checkout.Run(shop.Call(manager), basket)).Refusal?.Code;
        BasketRequest Tea(Quantity quantity, UnitPrice? price = null, params TenderRequest[] tenders) =>
            new("T1", [new(Sku: "TEA", Quantity: quantity, UnitPrice: price, OverrideReason: "MANAGER")], Tenders: tenders.Length > 0 ? tenders : [new("CASH")]);

        (await Code(Tea(Quantity.Of(1_000_000), Greatest))).ShouldBe("AMOUNT_TOO_LARGE");
        (await Code(Tea(Quantity.One, Greatest))).ShouldBeNull();
        (await Code(Tea(Quantity.Of(1_000_001)))).ShouldBe("QUANTITY_INVALID");
        (await Code(Tea(Quantity.Parse("-1")))).ShouldBe("QUANTITY_INVALID");
        (await Code(Tea(Quantity.Parse("0.5")))).ShouldBe("QUANTITY_INVALID");
        (await Code(Tea(new Quantity(long.MaxValue)))).ShouldBe("QUANTITY_INVALID");
        (await Code(Tea(Quantity.One, UnitPrice.Parse("-1.00")))).ShouldBe("AMOUNT_INVALID");
        (await Code(Tea(Quantity.One, null, new TenderRequest("CASH", Tendered: "92233720368547758.07")))).ShouldBe("AMOUNT_TOO_LARGE");
        (await Code(Tea(Quantity.One, null, new TenderRequest("CASH", Tendered: "9999999999999.00"), new TenderRequest("CASH", Tendered: "9999999999999.00")))).ShouldBeNull();
        (await Code(Tea(Quantity.One, null, new TenderRequest("CARD", "5.00")))).ShouldBe("POS_CHANGE_NOT_ALLOWED");
        (await Code(Tea(Quantity.One, null, [.. Enumerable.Repeat(new TenderRequest("CASH", "0.01"), 21)]))).ShouldBe("TENDERS_TOO_MANY");
        (await Code(new("T1", [.. Enumerable.Repeat(new BasketLineRequest(Sku: "TEA"), 501)]))).ShouldBe("LINES_TOO_MANY");
        (await Code(Tea(Quantity.One) with { DiscountRate = Rate.Parse("1.01"), DiscountReason = "MANAGER" })).ShouldBe("DISCOUNT_EXCEEDS_LINE");
        (await Code(Tea(Quantity.One) with { DiscountRate = Rate.Parse("-0.5"), DiscountReason = "MANAGER" })).ShouldBe("DISCOUNT_EXCEEDS_LINE");
        (await Code(Tea(Quantity.One) with { DiscountAmount = "-1.00", DiscountReason = "MANAGER" })).ShouldBe("AMOUNT_INVALID");
        (await Code(new("T1", [new(Sku: "TEA", DiscountAmount: "5.00")], Tenders: [new("CASH")]))).ShouldBe("DISCOUNT_EXCEEDS_LINE");
        (await Code(new("T1", [new(Sku: "TEA", DiscountRate: Rate.Parse("1.5"))], Tenders: [new("CASH")]))).ShouldBe("DISCOUNT_EXCEEDS_LINE");
    }

    [Theory, OnBothEngines]
    public async Task A_tender_of_nothing_is_no_tender_and_a_sale_of_nothing_needs_none(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.OpenShift(Shop.System);
        var free = new BasketRequest("T1", [new(Sku: "TEA")], DiscountRate: Rate.One, DiscountReason: "MANAGER", Tenders: []);
        var sold = (await shop.Sell(Shop.System, free)).Value;
        (sold.Total, sold.Change).ShouldBe(("0.00", "0.00"));
        (await shop.Moved(AccountRoles.CostOfSales, sold.Id)).ShouldBe(150);
        (await shop.Moved(AccountRoles.SalesRevenue, sold.Id)).ShouldBe(0);
        (await shop.Reverse(Shop.System, sold.Id)).IsRefused.ShouldBeFalse();
    }

    [Theory, OnBothEngines]
    public async Task A_sale_takes_from_stock_what_it_charges_for_and_no_more(Engine engine)
    {
        await using var shop = await Shop.Open(engine, stocked: false);
        await shop.Receive(new GoodsIn("MILK", "10", "6.00", "L2", new DateOnly(2026, 3, 20)), new GoodsIn("PHONE", "1", "200.00", "SN-1", Serial: true));
        await shop.Receive(("COIN", "5", "15.00"));
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        async Task<string?> Sell(BasketLineRequest line) => (await shop.Checkout.Run(shop.Call(cashier), new("T1", [line], Tenders: [new("CARD")]))).Refusal?.Code;

        (await Sell(new(Sku: "MILK", Serials: ["L2", "L2", "L2"]))).ShouldBe("STOCK_SERIAL_NOT_KEPT");
        (await Sell(new(Sku: "MILK", Quantity: Quantity.Of(5), Serials: ["L2"]))).ShouldBe("STOCK_SERIAL_NOT_KEPT");
        (await Sell(new(Sku: "COIN", Quantity: Quantity.Of(2), Serials: ["X"]))).ShouldBe("STOCK_SERIAL_NOT_KEPT");
        (await Sell(new(Sku: "PHONE", Serials: ["SN-1", "SN-1"]))).ShouldBe("STOCK_SERIAL_REQUIRED");
        (await Sell(new(Sku: "PHONE", Quantity: Quantity.Of(2), Serials: ["SN-1", "SN-1"]))).ShouldBe("STOCK_SERIAL_REQUIRED");
        (await shop.Checkout.Run(shop.Call(cashier), new("T1", [new(Sku: "PHONE", Serials: ["SN-1"]), new(Sku: "PHONE", Serials: ["SN-1"])], Tenders: [new("CARD")])))
            .Refusal!.Code.ShouldBe("POS_SERIAL_NOT_IN_STOCK");
        (await shop.OnHand("MILK")).ShouldBe(10_000_000);
        (await Sell(new(Sku: "MILK", Quantity: Quantity.Of(3), Lot: "L2"))).ShouldBeNull();
        (await shop.OnHand("MILK")).ShouldBe(7_000_000);
    }

    [Theory, OnBothEngines]
    public async Task A_basket_of_500_lines_with_discounts_sums_to_the_cent(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.OpenShift(Shop.System);
        var basket = new BasketRequest("T1", [.. Enumerable.Range(0, 500).Select(at => new BasketLineRequest(Sku: at % 3 == 0 ? "TEA" : at % 3 == 1 ? "CUP" : "BREAD"))],
            DiscountAmount: "123.47", DiscountReason: "MANAGER", Tenders: [new("CARD")]);
        var sold = (await shop.Sell(Shop.System, basket)).Value;
        (await shop.Count("select sum(document_discount) from pos_sale_line")).ShouldBe(12_347);
        (await shop.Count("select sum(net + tax) from pos_sale_line")).ShouldBe(await shop.Moved(AccountRoles.CardClearing, sold.Id));
        (await shop.Count("select sum(tax) from pos_sale_line")).ShouldBe(-await shop.Moved(AccountRoles.OutputTax, sold.Id));
        (await shop.Count("select sum(value) from pos_sale_line")).ShouldBe(await shop.Moved(AccountRoles.CardClearing, sold.Id));
    }

    [Theory, OnBothEngines]
    public async Task A_key_belongs_to_its_user_and_to_its_body_and_survives_a_refusal(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (kim, lee) = (await shop.Person("cashier", "kim"), await shop.Person("cashier", "lee"));
        (await shop.Checkout.Run(shop.Call(kim, "k"), Shop.Single("TEA"))).Refusal!.Code.ShouldBe("SHIFT_NOT_OPEN");
        await shop.OpenShift(kim);
        var first = (await shop.Checkout.Run(shop.Call(kim, "k"), Shop.Single("TEA"))).Value;
        (await shop.Checkout.Run(shop.Call(kim, "k"), Shop.Single("TEA"))).Value.ShouldBe(first);
        (await shop.Checkout.Run(shop.Call(kim, "k", "another"), Shop.Single("CUP"))).Refusal!.Code.ShouldBe("IDEMPOTENCY_KEY_REUSED");
        (await shop.Checkout.Run(shop.Call(lee, "k"), Shop.Single("TEA"))).Value.Json.ShouldNotBe(first.Json);
        (await shop.Checkout.Run(new CommandCall(kim, Shop.BranchId, IdempotencyKey: new string('x', 101), RequestHash: "body"), Shop.Single("TEA"))).Refusal!.Code.ShouldBe("IDEMPOTENCY_KEY_INVALID");
        var parallel = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => shop.Checkout.Run(shop.Call(kim, "p"), Shop.Single("TEA")))));
        parallel.Select(answer => answer.Value.Json).Distinct().Count().ShouldBe(1);
        (await shop.Count("select count(*) from document where kind = 'sale'")).ShouldBe(3);
    }

    [Theory, OnBothEngines]
    public async Task A_cash_movement_is_reversed_once_and_its_mirror_never(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (cashier, manager) = (await shop.Person("cashier", "kim"), await shop.Person("store-manager", "maria"));
        await shop.OpenShift(cashier);
        var moved = (await shop.Move(cashier, "paid-out", "20.00")).Value;
        (await shop.Step(cashier, Verb.Reverse, moved.Id, "WRONG_ITEM")).IsRefused.ShouldBeFalse();
        (await shop.Step(manager, Verb.Approve, moved.Id)).IsRefused.ShouldBeFalse();
        (await shop.Moved(AccountRoles.PettyCash)).ShouldBe(0);
        var mirror = await shop.Database.Read(db => db.First($"select id from document where reversal_of = {moved.Id}", row => row.Guid(0)));
        (await shop.Step(cashier, Verb.Reverse, mirror, "WRONG_ITEM")).Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED");
    }
}
