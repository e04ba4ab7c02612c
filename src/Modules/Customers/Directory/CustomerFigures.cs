using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>Which documents are sales to customers: those of the functions that sell, and the ones that take back.</summary>
internal static class SalesDocuments
{
    /// <summary>The functions that sell.</summary>
    public const string Functions = "('sales.point-of-sale', 'sales.invoices', 'sales.returns')";

    /// <summary>A test of the document <c>d</c>: it sells or takes back, is in the books, and is neither reversed nor a mirror.</summary>
    public const string Test = $"d.function in {Functions} and d.kind in ('sale', 'return', 'invoice', 'credit-note') and d.status in ('posted', 'closed') and d.reversal_of is null";

    /// <summary>Those among them that sell.</summary>
    public const string Sold = $"{Test} and d.kind in ('sale', 'invoice')";
}

/// <summary>How many different customers bought, and how many came again.</summary>
/// <remarks>
/// Active: distinct parties, each as the one it was merged into, with a posted sale in the 90 days up to the end of the range. Retention: of those with a
/// posted sale in the range of equal length before, the part that has one in this range too: of 4 before, 3 came again: 75 %.
/// </remarks>
internal static class CustomerFigures
{
    private const int ActiveDays = 90;

    public static IReadOnlyList<KpiFigure> All { get; } =
    [
        new("activeCustomers", "Active customers", "integer", "up", asked => $"select count(*) from ({Buyers(asked, asked.To.AddDays(1 - ActiveDays), asked.To)}) b"),
        new("retention", "Retention", "rate", "up", asked =>
        {
            var days = asked.To.DayNumber - asked.From.DayNumber + 1;
            return $"""
                select coalesce(sum(case when n.party is not null then 1 else 0 end), 0), count(*)
                from ({Buyers(asked, asked.From.AddDays(-days), asked.From.AddDays(-1))}) b left join ({Buyers(asked, asked.From, asked.To)}) n on n.party = b.party
                """;
        }),
    ];

    /// <summary>The distinct customers with a sale on some days.</summary>
    private static Sql Buyers(KpiQuestion asked, DateOnly from, DateOnly to) => $"""
        select distinct coalesce(p.canonical_id, p.id) as party from document d join party p on p.id = d.party_id
        where {Sql.Raw(SalesDocuments.Sold)} and d.business_date >= {from} and d.business_date <= {to}{asked.AndAt("d.branch_id")}
        """;
}
