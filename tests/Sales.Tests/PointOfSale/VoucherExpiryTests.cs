using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Sales.PointOfSale;
using Plug1.Sales.Tests.PointOfSale.Misuse;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>What is left on a voucher when its last day is over is revenue: to the cent, and once.</summary>
public class VoucherExpiryTests
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Theory, OnBothEngines]
    public async Task What_is_left_is_revenue_the_day_after_the_last_day_and_only_once(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (manager, cashier) = (await shop.Person("store-manager", "maria"), await shop.Person("cashier", "kim"));
        await shop.OpenShift(cashier);
        var spent = (await shop.Issue(manager, Credit.Redress("4.99", Today.AddDays(1)))).Value;
        var partly = (await shop.Issue(manager, Credit.Redress("25.00", Today.AddDays(1)))).Value;
        var whole = (await shop.Issue(manager, Credit.Reward("7.50", Today.AddDays(1)))).Value;
        await shop.Issue(manager, Credit.Reward("3.00", Today.AddDays(9)));
        await shop.Issue(manager, Credit.Reward("2.00"));
        foreach (var code in new[] { spent.Code, partly.Code }) (await shop.Sell(cashier, Credit.Pay(code))).IsRefused.ShouldBeFalse();

        shop.Clock.Advance(TimeSpan.FromDays(1));
        (await shop.Expiry().Run()).ShouldBe(0, "its last day is a day on which it can be paid with");
        shop.Clock.Advance(TimeSpan.FromDays(1));
        var job = shop.Expiry();
        (await job.Run()).ShouldBe(2);
        (await job.Run()).ShouldBe(0);
        (await shop.Expiry().Run()).ShouldBe(0);

        var document = await shop.Database.Read(db => db.First($"select id, number, total, status from document where kind = 'voucher-expiry'", row => (Id: row.Guid(0), Number: row.Text(1), Total: row.Long(2), Status: row.Text(3))));
        (document.Number, document.Total, document.Status).ShouldBe(("EXPIRY-2026-000001", 2001 + 750, "posted"));
        (await shop.Moved(AccountRoles.BreakageRevenue, document.Id)).ShouldBe(-2751);
        (await shop.Moved(AccountRoles.StoredValue, document.Id)).ShouldBe(2751);
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(-500);
        foreach (var voucher in new[] { spent, partly, whole }) (await shop.Look(voucher.Code))!.Balance.ShouldBe("0.00");

        // Issued 42.49, spent 9.98, expired 27.51, left 5.00.
        (await shop.Liability(Today, Today.AddDays(2))).ShouldBe([0, 4249, 998, 2751, 500]);
        (await shop.Liability(Today.AddDays(2), Today.AddDays(2))).ShouldBe([3251, 0, 0, 2751, 500]);
        (await shop.Step(manager, Verb.Reverse, document.Id, "WRONG_ITEM")).Refusal!.Code.ShouldBe("POS_EXPIRY_STANDS");
        (await shop.Step(manager, Verb.Reverse, whole.Id, "WRONG_ITEM")).Refusal!.Code.ShouldBe("POS_VOUCHER_SPENT");
        var detail = await shop.Database.Read(async db => await shop.Of<PointOfSaleFunction>().Detail(db, (await db.First($"select {Sql.Raw(Headers.Columns)} from document d where d.id = {document.Id}", row => Headers.Read(row)))!, _ => true, default));
        detail.Tables.Single().Rows.Select(row => (row[0], row[4])).ShouldBe([($"…{partly.Code[^4..]}", 2001L), ($"…{whole.Code[^4..]}", 750L)], ignoreOrder: true);
        (await shop.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Two_nodes_at_once_post_each_voucher_once(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var manager = await shop.Person("store-manager", "maria");
        for (var at = 0; at < 230; at++) (await shop.Issue(manager, Credit.Redress("1.10", Today))).IsRefused.ShouldBeFalse();
        shop.Clock.Advance(TimeSpan.FromDays(1));
        var posted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => shop.Expiry().Run())));
        posted.Sum().ShouldBe(230);
        (await shop.Moved(AccountRoles.BreakageRevenue)).ShouldBe(-230 * 110);
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(0);
        (await shop.Count("select count(*) from document where kind = 'voucher-expiry'")).ShouldBeInRange(2, 4);
        (await shop.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task The_day_is_that_of_the_branch_which_issued_it(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.OpenNorth();
        var (here, north) = (await shop.Person("store-manager", "maria"), await shop.PersonAt("store-manager", "nobu", Abuse.North));
        await shop.Issue(here, Credit.Redress("5.00", Today));
        (await shop.Of<IssueVoucher>().Run(Abuse.CallAt(north, Abuse.North), Credit.Redress("8.00", Today))).IsRefused.ShouldBeFalse();

        // In Tokyo it is half past midnight on the third, in Vienna half past four on the second.
        shop.Clock.Now = new DateTimeOffset(2026, 3, 2, 15, 30, 0, TimeSpan.Zero);
        var job = shop.Expiry();
        (await job.Run()).ShouldBe(1);
        (await shop.Moved(AccountRoles.BreakageRevenue)).ShouldBe(-800);
        (await shop.Database.Read(db => db.First($"select branch_id, business_date from document where kind = 'voucher-expiry'", row => (row.Guid(0), row.Date(1))))).ShouldBe((Abuse.North, Today.AddDays(1)));
        shop.Clock.Advance(TimeSpan.FromHours(8));
        (await job.Run()).ShouldBe(1);
        (await shop.Moved(AccountRoles.BreakageRevenue)).ShouldBe(-1300);
    }

    [Theory, OnBothEngines]
    public async Task While_the_period_is_closed_it_waits_for_the_first_open_day(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var manager = await shop.Person("store-manager", "maria");
        await shop.Issue(manager, Credit.Redress("5.00", Today));
        await shop.Database.Write(tx => tx.Execute($"insert into period (start_date, end_date, state) values ({new DateOnly(2026, 3, 1)}, {new DateOnly(2026, 4, 1)}, 'closed')"));
        shop.Clock.Advance(TimeSpan.FromDays(1));
        var job = shop.Expiry();
        (await job.Run()).ShouldBe(0);
        (await shop.Moved(AccountRoles.BreakageRevenue)).ShouldBe(0);
        shop.Clock.Now = new DateTimeOffset(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);
        (await job.Run()).ShouldBe(1);
        (await shop.Moved(AccountRoles.BreakageRevenue)).ShouldBe(-500);
        (await shop.Database.Read(db => db.First($"select business_date from document where kind = 'voucher-expiry'", row => row.Date(0)))).ShouldBe(new DateOnly(2026, 4, 1));
    }

    [Theory, OnBothEngines]
    public async Task What_a_reversal_gives_back_to_an_expired_card_expires_the_next_day(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (manager, cashier) = (await shop.Person("store-manager", "maria"), await shop.Person("cashier", "kim"));
        await shop.Account("store-manager", "otto");
        await shop.OpenShift(cashier);
        var issued = (await shop.Issue(manager, Credit.Redress("10.00", Today))).Value;
        var sale = (await shop.Sell(cashier, Credit.Pay(issued.Code))).Value;
        shop.Clock.Advance(TimeSpan.FromDays(1));
        var job = shop.Expiry();
        (await job.Run()).ShouldBe(1);
        (await job.Run()).ShouldBe(0);
        (await shop.Reverse(cashier, sale.Id, await shop.Grant("otto", "grant-reversal", cashier))).IsRefused.ShouldBeFalse();
        (await shop.Look(issued.Code))!.Usable.ShouldBeFalse();
        shop.Clock.Advance(TimeSpan.FromDays(1));
        (await job.Run()).ShouldBe(1);
        (await shop.Moved(AccountRoles.BreakageRevenue)).ShouldBe(-1000);
        (await shop.Moved(AccountRoles.StoredValue)).ShouldBe(0);
        (await shop.Count("select count(*) from document where kind = 'voucher-expiry'")).ShouldBe(2);
    }
}
