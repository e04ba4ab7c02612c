using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale.Misuse;

/// <summary>What one branch may do with the sales, baskets and shifts of another.</summary>
public class BranchTests
{
    [Theory, OnBothEngines]
    public async Task A_till_does_not_reverse_the_sale_of_another_branch_with_a_grant_of_its_own(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.OpenNorth();
        var cashier = await shop.Person("cashier", "kim");
        var stranger = await shop.PersonAt("cashier", "nora", Abuse.North);
        await shop.PersonAt("store-manager", "nils", Abuse.North);
        await shop.OpenShift(cashier);
        var sold = (await shop.Sell(cashier, Shop.Single("TEA"))).Value;
        var grant = await shop.Grant("nils", "grant-reversal", stranger, Abuse.North);

        var tried = await shop.Of<Reversal>().Run(Abuse.CallAt(stranger, Abuse.North), sold.Id, (long?)null, new ReverseSaleRequest("WRONG_ITEM", null, grant));
        tried.Refusal!.Code.ShouldBe("NOT_FOUND");
        (await shop.Count("select count(*) from document where status = 'reversed'")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task A_step_taken_from_another_branch_is_booked_in_the_documents_own(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.OpenNorth();
        var cashier = await shop.Person("cashier", "kim");
        var manager = await shop.Person("store-manager", "maria");
        await shop.OpenShift(cashier);
        // 22:30 in Vienna, the morning of the next day in Tokyo.
        shop.Clock.Now = new DateTimeOffset(2026, 3, 2, 21, 30, 0, TimeSpan.Zero);
        var sold = (await shop.Sell(cashier, Shop.Single("TEA"))).Value;
        (await shop.Reverse(cashier, sold.Id)).Value.Status.ShouldBe("reversal-requested");

        (await shop.Step(manager, Verb.Approve, sold.Id, branch: Abuse.North)).IsRefused.ShouldBeFalse();
        (await shop.Database.Read(db => db.Query($"select branch_id, business_date from document where kind = 'sale'", row => (row.Guid(0), row.Date(1)))))
            .ShouldAllBe(row => row.Item1 == Shop.BranchId && row.Item2 == new DateOnly(2026, 3, 2));
        (await shop.Database.Read(db => db.Number($"select count(*) from ledger_transaction where branch_id = {Abuse.North}"))).ShouldBe(0);
        (await shop.Database.Read(db => db.Number($"select count(*) from fact where branch_id = {Abuse.North}"))).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task A_shift_is_told_to_its_own_branch_only(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.OpenNorth();
        var cashier = await shop.Person("cashier", "kim");
        var shift = (await shop.OpenShift(cashier)).Value;
        (await shop.Shifts.Find(shift.Id, Abuse.North, _ => true)).ShouldBeNull();
        (await shop.Shifts.Find(shift.Id, Shop.BranchId, _ => true)).ShouldNotBeNull();
        (await shop.Of<ShiftReports>().Make(shift.Id, "x", Abuse.North, _ => true, default)).Refusal!.Status.ShouldBe(404);
        (await shop.Of<ShiftReports>().Make(shift.Id, "z", Abuse.North, _ => true, default)).Refusal!.Status.ShouldBe(404);
        (await shop.Shifts.Count(Abuse.CallAt(cashier, Abuse.North), shift.Id, new CountRequest(null, [new("CASH", "0.00")]))).Refusal!.Status.ShouldBe(404);
        (await shop.Shifts.Close(Abuse.CallAt(cashier, Abuse.North), shift.Id, new CloseShiftRequest("0.00"))).Refusal!.Status.ShouldBe(404);
    }

    [Theory, OnBothEngines]
    public async Task A_parked_basket_is_not_taken_up_by_another_branch(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.OpenNorth();
        var cashier = await shop.Person("cashier", "kim");
        var stranger = await shop.PersonAt("cashier", "nora", Abuse.North);
        await shop.OpenShift(cashier);
        await shop.Of<Parking>().Park(shop.Call(cashier), Shop.Basket());
        var parked = (await shop.Of<Parking>().List(await shop.Stamp(cashier), "T1")).Single();

        (await shop.Of<Parking>().Park(Abuse.CallAt(stranger, Abuse.North), Shop.Single("TEA", till: "N1") with { ParkedId = parked.Id })).Refusal!.Code.ShouldBe("POS_NOT_PARKED");
        (await shop.Of<Parking>().List(await shop.Stamp(cashier), "T1")).Count.ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_parked_basket_becomes_one_sale_whoever_is_quicker(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (kim, lee) = (await shop.Person("cashier", "kim"), await shop.Person("cashier", "lee"));
        await shop.OpenShift(kim);
        await shop.OpenShift(lee, "T2");
        await shop.Of<Parking>().Park(shop.Call(kim), Shop.Basket());
        var parked = (await shop.Of<Parking>().List(await shop.Stamp(kim), "T1")).Single();

        BasketRequest At(string till) => Shop.Single("TEA", till: till) with { ParkedId = parked.Id };
        var both = await Task.WhenAll(
            Task.Run(() => shop.Checkout.Run(shop.Call(kim), At("T1"))),
            Task.Run(() => shop.Checkout.Run(shop.Call(lee), At("T2"))));
        both.Count(result => !result.IsRefused).ShouldBe(1);
        both.Single(result => result.IsRefused).Refusal!.Code.ShouldBe("POS_NOT_PARKED");
        (await shop.Sell(kim, At("T1"))).Refusal!.Code.ShouldBe("POS_NOT_PARKED");
        (await shop.Sell(kim, Shop.Single("TEA") with { ParkedId = Guid.CreateVersion7() })).Refusal!.Code.ShouldBe("POS_NOT_PARKED");
        (await shop.Count("select count(*) from pos_sale_line")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_resumed_basket_is_sold_once_by_the_one_who_resumed_it(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (kim, lee) = (await shop.Person("cashier", "kim"), await shop.Person("cashier", "lee"));
        await shop.OpenShift(kim);
        await shop.Of<Parking>().Park(shop.Call(kim), Shop.Basket());
        var parked = (await shop.Of<Parking>().List(await shop.Stamp(kim), "T1")).Single();
        (await shop.Of<Parking>().Resume(shop.Call(lee), parked.Id)).IsRefused.ShouldBeFalse();

        var basket = Shop.Basket(new TenderRequest("CASH")) with { ParkedId = parked.Id };
        (await shop.Sell(kim, basket)).Refusal!.Code.ShouldBe("POS_NOT_PARKED");
        (await shop.Sell(lee, basket)).IsRefused.ShouldBeFalse();
        (await shop.Sell(lee, basket)).Refusal!.Code.ShouldBe("POS_NOT_PARKED");
        (await shop.Database.Read(db => db.Number($"select count(*) from document_relation where from_id = {parked.Id} and relation = 'became'"))).ShouldBe(1);
    }
}
