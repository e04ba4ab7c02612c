using System.Text.Json;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Sales.PointOfSale;
using Plug1.Sales.Tests.PointOfSale.Misuse;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>Gift cards and store credit that nobody paid for: who may issue them, what they cost, and that they are money.</summary>
public class IssuedVoucherTests
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Theory, OnBothEngines]
    public async Task A_redress_costs_goodwill_buys_goods_and_is_not_taken_back_once_spent(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (manager, cashier) = (await shop.Person("store-manager", "maria"), await shop.Person("cashier", "kim"));
        await shop.OpenShift(cashier);
        var issued = (await shop.Issue(manager, Credit.Redress("25.00") with { PartyId = Shop.CustomerId, Text = "Cold tea" })).Value;
        (issued.Status, issued.Number, issued.Amount, issued.WaitsFor).ShouldBe(("posted", "VOUCHER-2026-000001", "25.00", null));
        Vouchers.IsCode(issued.Code).ShouldBeTrue();
        (await shop.Moved(AccountRoles.GoodwillExpense, issued.Id, "COMPLAINT")).ShouldBe(2500);
        (await shop.Moved(AccountRoles.StoredValue, issued.Id)).ShouldBe(-2500);
        var known = (await shop.Look(issued.Code))!;
        (known.Amount, known.Balance, known.IssuedOn, known.Usable).ShouldBe(("25.00", "25.00", Today, true));

        (await shop.Sell(cashier, Credit.Pay(issued.Code))).IsRefused.ShouldBeFalse();
        (await shop.Look(issued.Code))!.Balance.ShouldBe("20.01");
        (await shop.Liability(Today, Today)).ShouldBe([0, 2500, 499, 0, 2001]);
        foreach (var (days, place) in new[] { (0, 0), (90, 0), (91, 1), (180, 1), (181, 2), (365, 2), (366, 3) })
            (await shop.LiabilityByAge(Today, Today.AddDays(days))).ShouldBe([.. Enumerable.Range(0, 4).Select(at => at == place ? 2001L : 0L)], $"after {days} days");
        (await shop.Step(manager, Verb.Reverse, issued.Id, "ISSUED_IN_ERROR")).Refusal!.Code.ShouldBe("POS_VOUCHER_SPENT");
        (await shop.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_reward_costs_loyalty_and_is_taken_back_by_a_second_person(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (manager, other, cashier) = (await shop.Person("store-manager", "maria"), await shop.Person("store-manager", "otto"), await shop.Person("cashier", "kim"));
        await shop.OpenShift(cashier);
        var issued = (await shop.Issue(manager, Credit.Reward("10.00", Today.AddDays(30)))).Value;
        (await shop.Moved(AccountRoles.LoyaltyRedemption, issued.Id, "LOYALTY")).ShouldBe(1000);
        (await shop.Look(issued.Code))!.ExpiresOn.ShouldBe(Today.AddDays(30));

        (await shop.Step(manager, Verb.Reverse, issued.Id, "ISSUED_IN_ERROR")).IsRefused.ShouldBeFalse();
        (await shop.Step(manager, Verb.Approve, issued.Id)).Refusal!.Code.ShouldBe("FOUR_EYES");
        (await shop.Step(other, Verb.Approve, issued.Id)).IsRefused.ShouldBeFalse();
        (await shop.Moved(AccountRoles.LoyaltyRedemption)).ShouldBe(0);
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(0);
        (await shop.Sell(cashier, Credit.Pay(issued.Code))).Refusal!.Code.ShouldBe("POS_VOUCHER_INSUFFICIENT");
        (await shop.Liability(Today, Today)).ShouldBe([0, 0, 0, 0, 0]);
        var mirror = await shop.Database.Read(db => db.First($"select id from document where reversal_of = {issued.Id}", row => row.Guid(0)));
        (await shop.Step(manager, Verb.Reverse, mirror, "ISSUED_IN_ERROR")).Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED");
        (await shop.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Above_the_limit_nothing_can_be_paid_with_before_another_manager_approves(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (manager, other, cashier) = (await shop.Person("store-manager", "maria"), await shop.Person("store-manager", "otto"), await shop.Person("cashier", "kim"));
        await shop.OpenShift(cashier);
        (await shop.Issue(manager, Credit.Redress("50.00"))).Value.Status.ShouldBe("posted");
        var waiting = (await shop.Issue(manager, Credit.Redress("50.01"))).Value;
        (waiting.Status, waiting.WaitsFor).ShouldBe(("submitted", "store-manager"));
        (await shop.Look(waiting.Code)).ShouldBeNull();
        (await shop.Sell(cashier, Credit.Pay(waiting.Code))).Refusal!.Code.ShouldBe("POS_VOUCHER_UNKNOWN");
        (await shop.Moved(AccountRoles.GoodwillExpense)).ShouldBe(5000);
        (await shop.Step(manager, Verb.Approve, waiting.Id)).Refusal!.Code.ShouldBe("FOUR_EYES");
        (await shop.Step(cashier, Verb.Approve, waiting.Id)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await shop.Step(other, Verb.Approve, waiting.Id)).IsRefused.ShouldBeFalse();
        (await shop.Moved(AccountRoles.GoodwillExpense)).ShouldBe(10001);
        (await shop.Sell(cashier, Credit.Pay(waiting.Code))).IsRefused.ShouldBeFalse();

        var rejected = (await shop.Issue(manager, Credit.Reward("60.00"))).Value;
        (await shop.Step(other, Verb.Reject, rejected.Id, "NOT_JUSTIFIED")).IsRefused.ShouldBeFalse();
        (await shop.Look(rejected.Code)).ShouldBeNull();
        (await shop.Moved(AccountRoles.LoyaltyRedemption)).ShouldBe(0);

        // One that waited past its last day is not worth anything any more.
        var late = (await shop.Issue(manager, Credit.Redress("60.00", Today))).Value;
        shop.Clock.Advance(TimeSpan.FromDays(1));
        (await shop.Step(other, Verb.Approve, late.Id)).Refusal!.Code.ShouldBe("POS_EXPIRY_PAST");
        (await shop.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Only_who_may_issues_and_every_reason_to_say_no_is_told(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (manager, cashier) = (await shop.Person("store-manager", "maria"), await shop.Person("cashier", "kim"));
        (await shop.Of<IssueVoucher>().Run(shop.Call(cashier), Credit.Redress("5.00"))).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        async Task<string> Refused(VoucherRequest request)
        {
            var no = (await shop.Issue(manager, request)).Refusal!;
            return $"{no.Code} {no.At}";
        }

        (await Refused(new VoucherRequest("gift", "5.00", "COMPLAINT"))).ShouldBe("POS_PURPOSE_UNKNOWN /purpose");
        (await Refused(Credit.Redress("0.00"))).ShouldBe("AMOUNT_INVALID /amount");
        (await Refused(Credit.Redress("5.001"))).ShouldBe("AMOUNT_INVALID /amount");
        (await Refused(Credit.Redress("-5.00"))).ShouldBe("AMOUNT_INVALID /amount");
        (await Refused(Credit.Redress("5.00", Today.AddDays(-1)))).ShouldBe("POS_EXPIRY_PAST /expiresOn");
        (await Refused(Credit.Redress("5.00") with { PartyId = Guid.CreateVersion7() })).ShouldBe("POS_CUSTOMER_UNKNOWN /partyId");
        (await Refused(Credit.Redress("5.00") with { Reason = "LOYALTY" })).ShouldBe("REASON_REQUIRED /reason");
        (await shop.Count("select count(*) from voucher")).ShouldBe(0);
        (await shop.Count("select count(*) from document where kind = 'voucher'")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task The_same_key_twice_issues_one_voucher_and_tells_its_code_again(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var manager = await shop.Person("store-manager", "maria");
        var first = (await shop.Of<IssueVoucher>().Run(shop.Call(manager, "k1"), Credit.Redress("25.00"))).Value;
        var again = (await shop.Of<IssueVoucher>().Run(shop.Call(manager, "k1"), Credit.Redress("25.00"))).Value;
        again.Json.ShouldBe(first.Json);
        first.Status.ShouldBe(201);
        using var told = JsonDocument.Parse(first.Json);
        Vouchers.IsCode(told.RootElement.GetProperty("code").GetString()!).ShouldBeTrue();
        (await shop.Count("select count(*) from voucher")).ShouldBe(1);
        (await shop.Moved(AccountRoles.GoodwillExpense)).ShouldBe(2500);
        (await shop.Of<IssueVoucher>().Run(shop.Call(manager, "k1", "another body"), Credit.Redress("26.00"))).Refusal!.Code.ShouldBe("IDEMPOTENCY_KEY_REUSED");
    }

    [Theory, OnBothEngines]
    public async Task Its_code_is_told_to_who_issued_it_and_shown_nowhere(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var manager = await shop.Person("store-manager", "maria");
        var issued = (await shop.Issue(manager, Credit.Redress("25.00") with { PartyId = Shop.CustomerId })).Value;
        var function = shop.Of<PointOfSaleFunction>();
        var (view, header) = await shop.Database.Read(async db =>
        {
            var found = await db.First($"select {Sql.Raw(Headers.Columns)} from document d where d.id = {issued.Id}", row => Headers.Read(row));
            return (await function.Detail(db, found!, _ => true, default), found!);
        });
        header.PartyId.ShouldBe(Shop.CustomerId);
        var fields = view.Sections.Single().Fields.ToDictionary(field => field.Label, field => field.Value);
        (fields["Purpose"], fields["Amount"], fields["Reason"], fields["Customer"], fields["Left"]).ShouldBe(("redress", 2500L, "Complaint", "Ada Merton", 2500L));
        fields["Code"].ShouldBe($"…{issued.Code[^4..]}");
        var viewer = new Viewer(manager, await shop.Of<Kernel.Organisation.OrganisationBook>().Get());
        var listed = (await shop.Database.Read(db => Lists.Page(db, function, new ListRequest { Filters = new Dictionary<string, string> { ["kind"] = "voucher" } }, viewer))).Value;
        listed.Rows.Single().Id.ShouldBe(issued.Id);
        foreach (var told in new[] { JsonSerializer.Serialize(view), JsonSerializer.Serialize(listed) }) told.ShouldNotContain(issued.Code);
        (await shop.Database.Read(db => db.Query($"select coalesce(diff, '') from audit_event", row => row.Text(0)))).ShouldAllBe(diff => !diff.Contains(issued.Code));
        (await shop.Count("select count(*) from fact where kind = 'voucher' and event = 'posted' and amount = 2500 and d1 = 'redress'")).ShouldBe(1);
    }
}
