using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PastSales;

/// <summary>Takes in what must have been there before the first sale: as much of each item as keeps its stock from falling below zero.</summary>
/// <remarks>
/// Of an item of which 5 are on hand, sold 4, returned 2, sold 6: the lowest point is -8 against what was there, so 3 are taken in.
/// It is reckoned from what is on hand and still to be posted, so a run that goes on takes in nothing twice. Cost: the item's standard cost.
/// </remarks>
internal sealed class PastOpening(Database database, GoodsReceipts receipts, CatalogueBook catalogue)
{
    // A document has at most 2000 lines.
    private const int MostLines = 2000;

    /// <summary>What is missing, by item code, in millionths.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Missing(PastPlan plan, PastPlace place, CancellationToken ct)
    {
        var (running, lowest) = (new Dictionary<string, long>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var document in plan.Fresh)
        {
            foreach (var line in document.Lines)
            {
                if (plan.ItemOf(line) is not { IsStocked: true } item) continue;
                // Sales are above zero in the file and leave; returns and write-offs are below zero, of which the former come back.
                var moved = document.Kind is PastKind.Sale or PastKind.Return ? -line.Quantity : line.Quantity;
                var now = running[item.Sku] = running.GetValueOrDefault(item.Sku) + moved;
                if (now < lowest.GetValueOrDefault(item.Sku)) lowest[item.Sku] = now;
            }
        }

        var store = place.Terminal.WarehouseId.ToString("D");
        var onHand = (await database.Read(db => db.Query(
            $"select u.code, b.amount from account a join unit u on u.id = a.unit_id join balance b on b.account_id = a.id where a.role = 'store' and a.subject = {store}",
            row => (Sku: row.Text(0)["ITEM:".Length..], Amount: row.Long(1)), ct), ct)).ToDictionary(row => row.Sku, row => row.Amount, StringComparer.Ordinal);
        return lowest.Select(low => (low.Key, Missing: -(low.Value + onHand.GetValueOrDefault(low.Key)))).Where(item => item.Missing > 0)
            .ToDictionary(item => item.Key, item => item.Missing, StringComparer.Ordinal);
    }

    /// <summary>Takes in what is missing on a day.</summary>
    public async Task<Result> Receive(IReadOnlyDictionary<string, long> missing, PastPlan plan, PastPlace place, DateOnly day, DateTimeOffset now, CancellationToken ct)
    {
        if (missing.Count == 0) return Result.Done;
        var view = await catalogue.Get(ct);
        var costs = plan.Items.Values.DistinctBy(item => item.Sku).ToDictionary(item => item.Sku, item => item.Cost(place.Mapping.CostPercent), StringComparer.Ordinal);
        var stamp = new Stamp(Actor.System, place.Branch.Id, now, day, 0);
        foreach (var chunk in missing.OrderBy(item => item.Key, StringComparer.Ordinal).Chunk(MostLines))
        {
            var lines = chunk.Select(item =>
            {
                var known = view.BySku(item.Key)!;
                return new StockLineRequest(known.Id, new Quantity(item.Value), known.StandardCost ?? new UnitPrice(costs[item.Key]));
            }).ToList();
            var made = await database.Write(tx => receipts.Within(
                tx, stamp, new StockDocumentRequest(StockDocument.Opening, place.Terminal.WarehouseId, lines, Note: $"What {place.Mapping.Source} sold must have been there"), ct), ct);
            if (made.IsRefused) return made.Refusal;
        }

        return Result.Done;
    }
}
