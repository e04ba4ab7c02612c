using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale.Misuse;

/// <summary>"It was sold offline" is a claim of the till: it does not make prices free, nor last for ever.</summary>
public class OfflineTests
{
    private static BasketRequest Lamp(Shop shop, string price, TimeSpan ago) =>
        new("T1", [new(Sku: "LAMP", UnitPrice: UnitPrice.Parse(price), OverrideReason: "DAMAGED")], Tenders: [new("CASH")], OfflineAt: shop.Clock.Now - ago);

    [Theory, OnBothEngines]
    public async Task A_cashier_cannot_choose_a_price_by_calling_the_sale_offline(Engine engine)
    {
        await using var shop = await Shop.Open(engine, stocked: false);
        await shop.Receive(("LAMP", "5", "1.00"));
        var cashier = await shop.Person("cashier", "kim");
        await shop.Account("store-manager", "maria");
        await shop.OpenShift(cashier);
        shop.Clock.Advance(TimeSpan.FromMinutes(30));

        (await shop.Sell(cashier, Lamp(shop, "0.50", TimeSpan.FromMinutes(10)))).Refusal!.Code.ShouldBe("DISCOUNT_NEEDS_APPROVAL");
        (await shop.Sell(cashier, Lamp(shop, "7.99", TimeSpan.FromMinutes(10)))).Refusal!.Code.ShouldBe("APPROVAL_REQUIRED");
        var rebate = new BasketRequest("T1", [new(Sku: "LAMP")], DiscountRate: Rate.Percent(50), DiscountReason: "DAMAGED", Tenders: [new("CASH")], OfflineAt: shop.Clock.Now.AddMinutes(-10));
        (await shop.Sell(cashier, rebate)).Refusal!.Code.ShouldBe("DISCOUNT_NEEDS_APPROVAL");
        (await shop.Count("select count(*) from document where kind = 'sale'")).ShouldBe(0);

        var granted = Lamp(shop, "7.00", TimeSpan.FromMinutes(10)) with { Approval = await shop.Grant("maria", "override-price", cashier) };
        (await shop.Sell(cashier, granted)).Value.Total.ShouldBe("7.00");
        (await shop.Count("select count(*) from exception_item where rule = 'POS_OFFLINE_PRICE_DIFF'")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task An_offline_sale_lies_in_its_shift_and_in_the_last_days(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        BasketRequest Tea(TimeSpan ago) => Shop.Single("TEA") with { OfflineAt = shop.Clock.Now - ago };
        await shop.OpenShift(cashier);
        shop.Clock.Advance(TimeSpan.FromHours(1));

        (await shop.Sell(cashier, Tea(TimeSpan.FromHours(-1)))).Refusal!.Code.ShouldBe("POS_OFFLINE_TIME_INVALID");
        (await shop.Sell(cashier, Tea(TimeSpan.FromHours(2)))).Refusal!.Code.ShouldBe("POS_OFFLINE_TIME_INVALID");
        (await shop.Sell(cashier, Tea(TimeSpan.FromMinutes(59)))).IsRefused.ShouldBeFalse();
        shop.Clock.Advance(TimeSpan.FromDays(4));
        (await shop.Sell(cashier, Tea(TimeSpan.FromDays(3.5)))).Refusal!.Code.ShouldBe("POS_OFFLINE_TIME_INVALID");
    }

    [Theory, OnBothEngines]
    public async Task A_receipt_number_far_ahead_is_not_taken_so_that_the_series_cannot_be_used_up(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        shop.Clock.Advance(TimeSpan.FromMinutes(30));
        var far = Shop.Single("TEA") with { OfflineAt = shop.Clock.Now.AddMinutes(-5), ReceiptNumber = "HQ-T1-999999999" };
        (await shop.Sell(cashier, far)).Refusal!.Code.ShouldBe("POS_RECEIPT_NUMBER_INVALID");
        (await shop.Sell(cashier, Shop.Single("TEA"))).Value.Number.ShouldBe("HQ-T1-000001");
    }

    [Theory, OnBothEngines]
    public async Task An_item_without_a_price_is_not_sold_at_the_cashiers_own(Engine engine)
    {
        await using var shop = await Shop.Open(engine, stocked: false);
        await shop.Receive(("LAMP", "5", "1.00"));
        var (cashier, manager) = (await shop.Person("cashier", "kim"), await shop.Person("store-manager", "maria"));
        await shop.OpenShift(cashier);
        await shop.Database.Write(async tx =>
        {
            shop.Of<Kernel.Catalog.CatalogueBook>().Touch(tx);
            tx.Stage($"delete from price where item_id = (select id from item where sku = 'LAMP')");
            Kernel.Catalog.CatalogueBook.Changed(tx, [(await shop.Of<Kernel.Catalog.CatalogueBook>().Get()).BySku("LAMP")!.Id]);
        });
        BasketRequest At(string price) => new("T1", [new(Sku: "LAMP", UnitPrice: UnitPrice.Parse(price), OverrideReason: "MANAGER")], Tenders: [new("CASH")]);

        (await shop.Sell(cashier, At("0.50"))).IsRefused.ShouldBeTrue();
        (await shop.Sell(cashier, At("8.00"))).Refusal!.Code.ShouldBe("APPROVAL_REQUIRED");
        (await shop.Sell(cashier, At("0.00"))).IsRefused.ShouldBeTrue();
        (await shop.Sell(manager, At("8.00"))).Value.Total.ShouldBe("8.00");
    }

    [Theory, OnBothEngines]
    public async Task A_sale_is_not_booked_on_a_day_to_come_nor_in_a_closed_month(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "kim");
        await shop.OpenShift(cashier);
        var tomorrow = Shop.Single("TEA") with { BusinessDate = new DateOnly(2026, 3, 3) };
        (await shop.Sell(cashier, tomorrow)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await shop.Sell(Shop.System, tomorrow)).Refusal!.Code.ShouldBe("BUSINESS_DATE_INVALID");
        await shop.Database.Write(tx =>
        {
            tx.Stage($"insert into period (start_date, end_date, state) values ({new DateOnly(2026, 2, 1)}, {new DateOnly(2026, 3, 1)}, 'closed')");
            return Task.CompletedTask;
        });
        (await shop.Sell(Shop.System, Shop.Single("TEA") with { BusinessDate = new DateOnly(2026, 2, 28) })).Refusal!.Code.ShouldBe("PERIOD_CLOSED");
    }
}
