using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Host.Demo;

/// <summary>What the generator knows of an item in a warehouse. Quantities in millionths.</summary>
internal sealed class Shelf
{
    public long OnHand { get; set; }

    /// <summary>Lots in the order in which they expire, serial numbers in the order in which they came.</summary>
    public List<(string Code, DateOnly? ExpiresOn, long Quantity)> Lots { get; } = [];

    /// <summary>Takes from one lot that is good on the day and has enough; null when there is none.</summary>
    public string? TakeLot(long quantity, DateOnly day)
    {
        var at = Lots.FindIndex(lot => lot.Quantity >= quantity && (lot.ExpiresOn is null || lot.ExpiresOn >= day));
        if (at < 0) return null;
        var (code, expires, has) = Lots[at];
        Lots[at] = (code, expires, has - quantity);
        OnHand -= quantity;
        return code;
    }

    public void PutBack(string? lot, long quantity)
    {
        OnHand += quantity;
        var at = lot is null ? -1 : Lots.FindIndex(known => known.Code == lot);
        if (at >= 0) Lots[at] = Lots[at] with { Quantity = Lots[at].Quantity + quantity };
    }
}

/// <summary>Keeps the shelves of the demo company full: opening stock, weekly deliveries, expired goods written off.</summary>
internal sealed class DemoStock(DemoMasters masters, GoodsReceipts receipts, Dice dice)
{
    private readonly Dictionary<(Guid Warehouse, Guid Item), Shelf> shelves = [];
    private readonly long weights = masters.Goods.Sum(item => (long)item.Weight);
    private int delivered;

    public Shelf this[Guid warehouse, Guid item]
    {
        get
        {
            if (!shelves.TryGetValue((warehouse, item), out var shelf)) shelves[(warehouse, item)] = shelf = new Shelf();
            return shelf;
        }
    }

    /// <summary>Fills up to what about two weeks ask for, one document a supplier.</summary>
    public async Task Deliver(Tx tx, PlannedBranch branch, Stamp stamp, string kind, CancellationToken ct)
    {
        delivered++;
        foreach (var group in masters.Goods.GroupBy(item => SupplierOf(item)))
        {
            var lines = group.Select(item => Line(branch, item, stamp.BusinessDate)).OfType<StockLineRequest>().ToList();
            if (lines.Count == 0) continue;
            var made = await receipts.Within(tx, stamp, new StockDocumentRequest(kind, branch.Warehouse, lines, kind == StockDocument.Receipt ? group.Key : null), ct);
            Invariant.Holds(!made.IsRefused, $"Delivery: {made.Refusal?.Code} {made.Refusal?.Message}");
        }
    }

    /// <summary>Throws away what has passed its last day of use.</summary>
    public async Task WriteOff(Tx tx, PlannedBranch branch, Stamp stamp, CancellationToken ct)
    {
        var lines = new List<StockLineRequest>();
        foreach (var item in masters.Goods.Where(item => item.Category.Tracking == Tracking.Lot))
        {
            var shelf = this[branch.Warehouse, item.Id];
            foreach (var (code, expires, quantity) in shelf.Lots.Where(lot => lot.Quantity > 0 && lot.ExpiresOn < stamp.BusinessDate).ToList())
            {
                lines.Add(new StockLineRequest(item.Id, new Quantity(quantity), Lot: code));
                shelf.OnHand -= quantity;
            }

            shelf.Lots.RemoveAll(lot => lot.ExpiresOn < stamp.BusinessDate || lot.Quantity == 0);
        }

        if (lines.Count == 0) return;
        var made = await receipts.Within(tx, stamp, new StockDocumentRequest(StockDocument.WriteOff, branch.Warehouse, lines, Note: "Past the last day of use"), ct);
        Invariant.Holds(!made.IsRefused, $"Write-off: {made.Refusal?.Code} {made.Refusal?.Message}");
    }

    private Guid SupplierOf(PlannedItem item) => masters.Suppliers[item.Category.Code switch { "DAIRY" => 1, "PAPER" or "BOOKS" => 3, "SMALL" or "ACCESS" => 4, "KITCHEN" or "CLEANING" or "GARDEN" => 2, _ => 0 }];

    /// <summary>What is ordered of an item, or null when the shelf is full enough.</summary>
    private StockLineRequest? Line(PlannedBranch branch, PlannedItem item, DateOnly day)
    {
        var shelf = this[branch.Warehouse, item.Id];
        // Sales of a week, 3.4 lines each, 1.6 pieces a line, by the item's weight.
        var week = branch.Sales * 7L * 34 * 16 * item.Weight / (weights * 100);
        var level = item.Category.Tracking switch { Tracking.Serial => Math.Max(4, (week * 2) + 2), Tracking.Lot => (week * 13 / 10) + 4, _ => (week * 2) + 8 };
        var missing = level - (shelf.OnHand / 1_000_000);
        if (missing < Math.Max(2, level / 5)) return null;
        // The purchase price moves a little from delivery to delivery, so that averages and lots have something to show.
        var cost = new UnitPrice(item.Cost * 10_000L * dice.Between(96, 104) / 100);
        if (item.Category.Tracking == Tracking.Serial)
        {
            var serials = Enumerable.Range(1, (int)missing).Select(piece => $"{item.Sku}-{branch.Code}{delivered:000}{piece:00}").ToList();
            shelf.Lots.AddRange(serials.Select(serial => (serial, (DateOnly?)null, 1_000_000L)));
            shelf.OnHand += missing * 1_000_000;
            return new StockLineRequest(item.Id, Quantity.Of(missing), cost, Serials: serials);
        }

        shelf.OnHand += missing * 1_000_000;
        if (item.Category.Tracking != Tracking.Lot) return new StockLineRequest(item.Id, Quantity.Of(missing), cost);
        var (code, expires) = ($"{branch.Code}{day:MMdd}-{item.Sku}", day.AddDays((int)dice.Between(15, 24)));
        shelf.Lots.Add((code, expires, missing * 1_000_000));
        return new StockLineRequest(item.Id, Quantity.Of(missing), cost, code, expires);
    }
}
