using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;

namespace Plug1.Sales.PastSales;

/// <summary>What posting needs to know beside the plan: items and customers as they are once they were made.</summary>
internal sealed record PastBooks(PastPlan Plan, PastPlace Place, CatalogueView Catalogue, IReadOnlyDictionary<string, Guid> Customers);

/// <summary>Posts some documents of the past in one transaction, as sets: stock, ledger, numbers, documents, facts, audit.</summary>
/// <remarks>
/// Sale: as at the till. Return: Dr SalesReturns by category and OutputTax, Cr the payment method; goods back from the customer, Dr Inventory Cr
/// CostOfSales at the average of the day. Write-off and found goods: documents of <c>kernel.stock</c>. A document is dated when it happened, by
/// the branch's clock; ledger and audit say when it was booked.
/// </remarks>
internal sealed class PastPosting(LedgerBook ledger, StockDesk stock, TimeProvider clock)
{
    /// <summary>Gathers and sends all that the documents write.</summary>
    public async Task Write(Tx tx, IReadOnlyList<PastDocument> documents, PastBooks books, CancellationToken ct)
    {
        var place = books.Place;
        var now = Dialect.Micro(clock.GetUtcNow());
        var entries = documents.Select(document => PastEntry.Of(document, books)).ToList();
        var locks = await stock.Lock(tx, [.. entries.SelectMany(entry => entry.Moves).DistinctBy(move => move.Item.Sku)], place.Currency, place.Branch.Id, ct);
        await tx.Flush(ct);
        foreach (var entry in entries) await Post(tx, entry, locks, ct);

        var stamp = new Stamp(Actor.System, place.Branch.Id, now, DateOnly.FromDateTime(now.UtcDateTime), now.Hour);
        await ledger.PostAll(tx, [.. entries.Where(entry => entry.Posting.Lines.Count > 0).Select(entry => (entry.Posting.Merged(), entry.Header.SessionId))], stamp, ct);
        await Number(tx, entries, place, ct);
        Headers.Insert(tx, [.. entries.Select(entry => entry.Header)]);
        PastRows.Insert(tx, entries, place, now);
        Kernel.Reporting.Facts.StageAll(tx, entries.SelectMany(entry => entry.Facts()));
        AuditTrail.StageAll(tx, entries.Select(entry => new AuditEvent(stamp, entry.Header.Function, "import", entry.Header.Kind, entry.Header.Id, After: Snapshots.Of(new
        {
            source = place.Mapping.Source,
            reference = entry.Document.Reference,
            number = entry.Header.Number,
            total = new Money(entry.Header.Total, place.Currency).ToString(),
        }))), clock);
    }

    private static async Task Post(Tx tx, PastEntry entry, StockLock locks, CancellationToken ct)
    {
        var place = entry.Books.Place;
        for (var at = 0; at < entry.Items.Count; at++)
        {
            if (entry.Items[at] is not { IsStocked: true } item) continue;
            var request = entry.Move(at);
            var location = new AccountKey(entry.Location, item.LedgerUnit);
            var charge = new AccountKey(entry.Charge, place.Currency.Code, item.CategoryId.ToString("D"), place.Branch.Id, item.CategoryId);
            if (entry.Document.Kind is PastKind.Return or PastKind.Found)
            {
                var value = locks.TakeIn(entry.Posting, request.Item, request.WarehouseId, request.Quantity, location, charge);
                entry.Costs[at] = entry.Document.Kind == PastKind.Return ? -value : value;
                continue;
            }

            var issued = await locks.Issue(tx, entry.Posting, request, location, charge, entry.Document.Day, ct);
            Invariant.Holds(!issued.IsRefused, issued.Refusal?.Message ?? "");
            entry.Costs[at] = issued.Value.Cost;
        }

        entry.PostMoney();
        if (entry.IsStock) entry.Header.Total = entry.Costs.Sum();
    }

    /// <summary>Numbers, drawn last: sales and returns from series of their own, stock documents from those of their kind and year.</summary>
    private static async Task Number(Tx tx, IReadOnlyList<PastEntry> entries, PastPlace place, CancellationToken ct)
    {
        foreach (var group in entries.GroupBy(entry => SeriesOf(entry, place)))
        {
            var series = group.ToList();
            var numbers = await Numbers.DrawMany(tx, group.Key.Series, group.Key.Prefix, series.Count, ct: ct);
            for (var at = 0; at < series.Count; at++) (series[at].Header.Number, series[at].Sequence) = numbers[at];
        }
    }

    private static (string Series, string Prefix) SeriesOf(PastEntry entry, PastPlace place) => entry.Document.Kind switch
    {
        PastKind.Sale => ($"{PointOfSaleFunction.FunctionCode}/past/{place.Branch.Code}", $"{place.Branch.Code}-PS-"),
        PastKind.Return => ($"{PointOfSaleFunction.FunctionCode}/past-return/{place.Branch.Code}", $"{place.Branch.Code}-PR-"),
        _ => GoodsReceipts.SeriesOf(entry.Header.Kind, entry.Header.BusinessDate.Year),
    };
}
