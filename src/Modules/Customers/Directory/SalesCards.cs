using Plug1.Kernel.Commands;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>What a customer bought in the last twelve months.</summary>
internal sealed class SalesCards(OrganisationBook organisation) : IOverviewCards
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<OverviewCard>> Cards(Db db, IReadOnlyList<Guid> parties, Actor actor, Stamp stamp, CancellationToken ct)
    {
        if (!actor.MayAnywhere("sales.point-of-sale.view")) return [];
        var currency = (await organisation.Get(ct)).Company.Currency;
        var since = stamp.BusinessDate.AddYears(-1);
        var sold = await db.First($"""
            select count(*), {Sql.Raw(Dialect.SumLong(db.Engine, "d.total"))}, max(d.business_date) from document d
            where d.party_id {Sql.List(parties)} and d.business_date > {since} and d.currency = {currency.Code} and {Sql.Raw(SalesDocuments.Test)}
            """, row => (Count: row.Long(0), Total: row.LongOrNull(1) ?? 0, Last: row.DateOrNull(2)), ct);
        return
        [
            new("sales12", "Sales, 12 months", Shown.Money(sold.Total, currency.Exponent), "money", currency.Code),
            new("visits12", "Purchases, 12 months", sold.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), "integer"),
            new("lastSale", "Last purchase", sold.Last?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), "date"),
        ];
    }
}
