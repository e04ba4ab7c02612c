using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Stock;

/// <summary>Goods that come in.</summary>
/// <param name="Item">Item.</param>
/// <param name="WarehouseId">Where they go.</param>
/// <param name="Quantity">Millionths of the stock unit; more than zero.</param>
/// <param name="Value">What they are worth together, in minor units.</param>
/// <param name="Lot">Lot or serial code; FIFO items without lots get one made.</param>
/// <param name="ExpiresOn">Last day of use of the lot.</param>
/// <param name="Serial">The lot is a single piece with a serial number.</param>
public sealed record ReceiptLine(StockItem Item, Guid WarehouseId, long Quantity, long Value, string? Lot = null, DateOnly? ExpiresOn = null, bool Serial = false);

/// <summary>Takes goods into stock at their value.</summary>
/// <remarks>
/// A receipt that fills a hole (goods sold before they were there) posts what the hole cost more or less than it was booked at:
/// 3 sold at 2.00 each below zero, 10 received at 2.50: 1.50 goes to InventoryAdjustment and 7 stay at 17.50.
/// </remarks>
public sealed class StockReceipts(LedgerBook ledger, TimeProvider clock)
{
    private static readonly Table LotTable = new("lot",
        ("id", Kind.Id), ("item_id", Kind.Id), ("code", Kind.Text), ("serial", Kind.Bool), ("expires_on", Kind.Date), ("received_on", Kind.Date), ("origin_document_id", Kind.Id));

    /// <summary>Gathers the entries of goods coming in.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="posting">Where the entries go.</param>
    /// <param name="lines">The goods.</param>
    /// <param name="from">The location that gives them; its unit is set by the item.</param>
    /// <param name="counter">The account that is credited with their value.</param>
    /// <param name="currency">Company currency.</param>
    /// <param name="branch">Branch.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<Result> Receive(Tx tx, Posting posting, IReadOnlyList<ReceiptLine> lines, AccountRole from, AccountKey counter, Currency currency, Guid branch, CancellationToken ct = default)
    {
        var lots = lines.Select(line => line.Item.UsesLots ? Ids.New(clock) : (Guid?)null).ToArray();
        for (var at = 0; at < lines.Count; at++)
        {
            if (lots[at] is not { } lot) continue;
            var line = lines[at];
            if (line.Lot is null && line.Item.LotRequired) return new Refusal("STOCK_LOT_REQUIRED", $"{line.Item.Sku} is kept by lot; name the lot.", $"/lines/{at}/lot");
            tx.Insert(LotTable, [[lot, line.Item.Id, line.Lot ?? lot.ToString("N"), line.Serial, line.ExpiresOn, posting.BusinessDate, posting.DocumentId]]);
        }

        var keys = lines.SelectMany((line, at) => new[] { StockDesk.StoreOf(line.Item, line.WarehouseId, lots[at]), ValueKey(line, lots[at], currency, branch) }).Distinct().ToList();
        var accounts = await ledger.Accounts.Resolve(tx, keys, ct);
        var locked = Balances.Lock(tx, [.. accounts.Values.Select(account => account.Id).Order()]);
        await tx.Flush(ct);
        var amounts = locked.Value.ToDictionary(pair => pair.Account, pair => pair.Amount);

        for (var at = 0; at < lines.Count; at++)
        {
            var line = lines[at];
            Invariant.Holds(line.Quantity > 0);
            var store = StockDesk.StoreOf(line.Item, line.WarehouseId, lots[at]);
            var value = ValueKey(line, lots[at], currency, branch);
            var (onHand, worth) = (amounts[accounts[store].Id], amounts[accounts[value].Id]);
            var difference = onHand < 0 ? Difference(line, onHand, worth) : 0;
            posting.Move(new AccountKey(from, line.Item.Unit), store, line.Quantity);
            posting.Debit(value, line.Value).Credit(counter, line.Value);
            posting.Debit(new AccountKey(AccountRoles.InventoryAdjustment, currency.Code, line.Item.CategoryId.ToString("D"), branch, line.Item.CategoryId), difference).Credit(value, difference);
            amounts[accounts[store].Id] = onHand + line.Quantity;
            amounts[accounts[value].Id] = worth + line.Value - difference;
        }

        return Result.Done;
    }

    /// <summary>What the goods that were missing cost beyond what they left at: half away from zero, once a receipt.</summary>
    private static long Difference(ReceiptLine line, long onHand, long worth)
    {
        var hole = -onHand;
        var filled = Math.Min(hole, line.Quantity);
        var costs = filled == line.Quantity ? line.Value : Rounding.DivideToLong((Int128)line.Value * filled, line.Quantity, Rounding.HalfAwayFromZero);
        var booked = filled == hole ? -worth : Rounding.DivideToLong((Int128)(-worth) * filled, hole, Rounding.HalfAwayFromZero);
        return costs - booked;
    }

    private static AccountKey ValueKey(ReceiptLine line, Guid? lot, Currency currency, Guid branch) =>
        StockDesk.ValueOf(line.Item, currency, line.WarehouseId, branch, line.Item.Fifo ? lot : null);
}
