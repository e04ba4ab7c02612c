using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>The till asks the directory who a customer is.</summary>
public sealed class CustomerAtTheTillTests
{
    [Theory, OnBothEngines]
    public async Task A_blocked_customer_buys_nothing_and_the_attempt_is_told_once(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "cash");
        (await shop.OpenShift(cashier)).Refusal.ShouldBeNull();
        var basket = Shop.Single("TEA") with { CustomerId = Shop.CustomerId };
        await Set(shop, "blocked");
        var refused = await shop.Checkout.Run(shop.Call(cashier), basket);
        (refused.Refusal!.Code, refused.Refusal.At).ShouldBe(("DIRECTORY_BLOCKED", "/customerId"));
        (await shop.Checkout.Run(shop.Call(cashier), basket)).Refusal!.Code.ShouldBe("DIRECTORY_BLOCKED");
        (await shop.Count("select max(count) from exception_item where rule = 'DIRECTORY_BLOCKED_ATTEMPT'")).ShouldBe(2);
        (await shop.Count("select count(*) from exception_item where rule = 'DIRECTORY_BLOCKED_ATTEMPT'")).ShouldBe(1);
        (await shop.Count("select count(*) from document where kind = 'sale'")).ShouldBe(0);
        await Set(shop, "erased");
        (await shop.Checkout.Run(shop.Call(cashier), basket)).Refusal!.Code.ShouldBe("DIRECTORY_ERASED");
    }

    [Theory, OnBothEngines]
    public async Task A_sale_to_somebody_merged_is_the_survivors(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var cashier = await shop.Person("cashier", "cash");
        (await shop.OpenShift(cashier)).Refusal.ShouldBeNull();
        var survivor = Guid.CreateVersion7();
        await shop.Database.Write(tx =>
        {
            tx.Stage($"insert into party (id, number, kind, name, created_at) values ({survivor}, 'C-2', 'person', 'Ada M. Merton', {shop.Clock.GetUtcNow()})");
            tx.Stage($"insert into party_role (party_id, role) values ({survivor}, 'customer')");
            tx.Stage($"update party set state = 'merged', canonical_id = {survivor} where id = {Shop.CustomerId}");
            return Task.CompletedTask;
        });
        var sold = await shop.Sell(cashier, Shop.Single("TEA") with { CustomerId = Shop.CustomerId });
        sold.Refusal.ShouldBeNull();
        (await shop.Database.Read(db => db.First($"select party_id from document where id = {sold.Value.Id}", row => row.Guid(0)))).ShouldBe(survivor);
    }

    private static Task Set(Shop shop, string state) => shop.Database.Write(async tx => await tx.Execute($"update party set state = {state} where id = {Shop.CustomerId}"));
}
