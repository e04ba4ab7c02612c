using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Sales.PointOfSale;
using Shouldly;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>What the tests of vouchers that nobody paid for share.</summary>
internal static class Credit
{
    public static VoucherRequest Redress(string amount, DateOnly? expiresOn = null) => new("redress", amount, "COMPLAINT", ExpiresOn: expiresOn);

    public static VoucherRequest Reward(string amount, DateOnly? expiresOn = null) => new("reward", amount, "LOYALTY", ExpiresOn: expiresOn);

    public static Task<Result<VoucherIssueAnswer>> Issue(this Shop shop, Actor actor, VoucherRequest request) =>
        shop.As(actor, (tx, stamp) => shop.Of<IssueVoucher>().Within(tx, stamp, request));

    public static BasketRequest Pay(string code, string sku = "TEA") => Shop.Single(sku) with { Tenders = [new("VOUCHER", Reference: code)] };

    public static Task<VoucherAnswer?> Look(this Shop shop, string code) =>
        shop.Database.Read(db => Vouchers.Find(db, code, DateOnly.FromDateTime(shop.Clock.Now.DateTime), shop.Currency, default));

    /// <summary>A runner of its own, as another node has it.</summary>
    public static VoucherExpiry Expiry(this Shop shop) => new(shop.Database, shop.Of<OrganisationBook>(), shop.Of<LedgerBook>(), shop.Clock);

    /// <summary>Whatever breaks a law of the books.</summary>
    public static Task<List<string>> Violations(this Shop shop) => shop.Database.Read(async db =>
    {
        var found = new List<string>();
        await foreach (var violation in LedgerCheck.Run(db, [.. LedgerCheck.Laws(db.Engine), .. SalesModule.Laws(db.Engine)])) found.Add($"{violation.Law.Code}: {violation.Where}");
        return found;
    });

    /// <summary>The balance by age: up to 90, 180 and 365 days, and older, as the liability report totals it.</summary>
    public static async Task<long[]> LiabilityByAge(this Shop shop, DateOnly from, DateOnly to) => [.. (await Report(shop, from, to)).Totals!.OfType<long>().Skip(5)];

    /// <summary>Opening, issued, redeemed, expired and balance in all, as the liability report totals them.</summary>
    public static async Task<long[]> Liability(this Shop shop, DateOnly from, DateOnly to)
    {
        var report = await Report(shop, from, to);
        var figures = report.Totals!.OfType<long>().ToArray();
        figures[5..].Sum().ShouldBe(figures[4], "the balance by age is the balance");
        return figures[..5];
    }

    private static Task<NamedReportResult> Report(Shop shop, DateOnly from, DateOnly to) =>
        shop.Database.Read(db => shop.Of<PointOfSaleFunction>().Reports.Single(named => named.Code == "stored-value-liability")
            .Run(new ReportCall(db, from, to, [Shop.BranchId], new Dictionary<string, string>(), _ => true), default));
}
