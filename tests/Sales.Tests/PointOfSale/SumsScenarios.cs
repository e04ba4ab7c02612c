using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>Named reports read sums; they tell the same before anything is summed, half way, and when all is.</summary>
public class SumsScenarios
{
    private static readonly DateOnly From = new(2026, 3, 1), To = new(2026, 3, 31);

    private static async Task<List<string>> Told(Shop shop, Dictionary<string, string>? filters = null)
    {
        var told = new List<string>();
        await using var db = await shop.Database.Reader();
        foreach (var report in shop.Of<PointOfSaleFunction>().Reports)
        {
            var answer = await report.Run(new ReportCall(db, From, To, [Shop.BranchId], filters ?? [], _ => true), default);
            told.AddRange(answer.Rows.Select(row => $"{report.Code}: {string.Join('|', row)}"));
            if (answer.Totals is { } totals) told.Add($"{report.Code} in all: {string.Join('|', totals)}");
        }

        return told;
    }

    /// <summary>Two cashiers at two tills on two days, a payment in two parts, a reversal by another person.</summary>
    private static async Task Trade(Shop shop, Actor kim, Actor lee, int sales)
    {
        for (var at = 0; at < sales; at++)
        {
            (await shop.Sell(kim, Shop.Single("TEA", at % 2 == 0 ? "CARD" : "CASH", $"{1 + (at % 3)}"))).IsRefused.ShouldBeFalse();
            var sold = (await shop.Sell(lee, Shop.Basket(new("CARD", "10.00"), new("CASH", Tendered: "11.00")) with { TerminalId = "T2" })).Value;
            if (at % 3 != 0) continue;
            var grant = (await shop.Of<SecondPerson>().Authorise("maria", "a long password", "sales.point-of-sale.grant-reversal", Shop.BranchId, "T1", null, new Caller(kim, Shop.BranchId, null, null))).Value;
            (await shop.As(kim, (tx, stamp) => shop.Of<Reversal>().Within(tx, stamp, sold.Id, (long?)null, new ReverseSaleRequest("WRONG_ITEM", null, new(grant.Token))))).Value.Status.ShouldBe("reversed");
        }
    }

    [Theory, OnBothEngines]
    public async Task Named_reports_tell_the_same_before_half_way_and_after_summing(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (kim, lee) = (await shop.Person("store-manager", "kim"), await shop.Person("store-manager", "lee"));
        await shop.Account("store-manager", "maria");
        await shop.OpenShift(kim);
        await shop.OpenShift(lee, "T2");
        await Trade(shop, kim, lee, 4);
        shop.Clock.Now += TimeSpan.FromDays(1);
        await Trade(shop, lee, kim, 3);

        var narrowed = new Dictionary<string, string> { ["channel"] = "in-store", ["user"] = kim.UserId.ToString("D") };
        var (before, before2) = (await Told(shop), await Told(shop, narrowed));
        // 7 single sales, half of them by card; 7 paid in two parts, 3 of these reversed.
        before.ShouldContain(row => row.StartsWith("tender-summary: CASH|Cash|10|", StringComparison.Ordinal));
        before.ShouldContain(row => row.StartsWith("shift-register: ", StringComparison.Ordinal) && row.EndsWith("|HQ-T2-000001|HQ-T2-000007", StringComparison.Ordinal));
        var item = await shop.Database.Read(db => db.First($"select id from item where sku = 'TEA'", row => row.Guid(0).ToString("D")));
        // What no sum knows reads the documents themselves, and every sale has tea in it.
        var plain = await Told(shop, new Dictionary<string, string> { ["item"] = item! });
        foreach (var report in new[] { "tender-summary", "cashier-performance", "shift-register" })
            before.Where(row => row.StartsWith(report, StringComparison.Ordinal)).ShouldBe(plain.Where(row => row.StartsWith(report, StringComparison.Ordinal)));

        var rollups = shop.Of<Rollups>();
        // On PostgreSQL a watermark waits for transactions of other tests on the same server.
        while (!await rollups.OfFunction(SaleSums.Declared, chunk: 20)) await Task.Delay(20);
        (await Told(shop)).ShouldBe(before);
        (await Told(shop, narrowed)).ShouldBe(before2);
        while (await shop.Count("select count(*) from fact where tx > (select min(tx) from watermark where name in ('fact', 'pos-sale'))") > 0
            || await shop.Count("select count(*) from ledger_transaction where tx > (select tx from watermark where name = 'ledger')") > 0)
        {
            await rollups.CatchUp(chunk: 10);
            await Task.Delay(20);
        }

        (await shop.Count("select sum(count) from pos_sale_day")).ShouldBe(17);
        (await Told(shop)).ShouldBe(before);
        (await Told(shop, narrowed)).ShouldBe(before2);

        await using var reader = await shop.Database.Reader();
        foreach (var law in LedgerCheck.Laws(engine).Concat(SaleLaws.All(engine)))
            (await reader.Query(law.Violations, _ => law.Code)).ShouldBeEmpty();
        await shop.Database.Write(tx => tx.Execute(Sql.Raw("update pos_sale_day set last_receipt = '1000000000099HQ-T1-000099'")));
        (await reader.Query(SaleLaws.All(engine).First(law => law.Code == "pos-sums").Violations, _ => 0)).ShouldNotBeEmpty();
    }
}
