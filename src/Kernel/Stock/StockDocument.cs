using System.Text.Json;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Stock;

/// <summary>One line of a stock document. Quantity in millionths of the stock unit, more than zero; value in minor units, not negative.</summary>
/// <param name="Item">Item.</param>
/// <param name="Name">Its name when the document was made.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Value">What it is worth; of a write-off an estimate at standard cost until it is posted.</param>
/// <param name="Lot">Lot or serial code.</param>
/// <param name="Serial">The lot is one piece with a serial number.</param>
/// <param name="ExpiresOn">Last day of use.</param>
public sealed record StockLine(StockItem Item, string Name, long Quantity, long Value, string? Lot = null, bool Serial = false, DateOnly? ExpiresOn = null);

/// <summary>Goods taken into a warehouse (<c>opening</c>, <c>receipt</c>, <c>found</c>) or thrown away (<c>write-off</c>).</summary>
/// <remarks>
/// Opening: adjustment to store, Dr Inventory Cr OpeningBalance. Receipt: supplier to store, Dr Inventory Cr GoodsReceivedNotInvoiced.
/// Found: adjustment to store, Dr Inventory Cr InventoryAdjustment.
/// Write-off: store to scrap at cost, Dr InventoryAdjustment Cr Inventory.
/// </remarks>
public sealed class StockDocument(Header header, StockDocumentData data, StockPosting desks) : Document(header)
{
    /// <summary>The kinds.</summary>
    public const string Opening = "opening", Receipt = "receipt", WriteOff = "write-off", Found = "found";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public override bool PostsWhenApproved => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long> ApprovalFigures => new Dictionary<string, long> { ["amount"] = Math.Abs(Header.Total) };

    /// <inheritdoc/>
    public override string Snapshot => JsonSerializer.Serialize(new { Header.Number, Header.Status, Header.Total, lines = data.Lines.Count }, Json);

    /// <inheritdoc/>
    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var posting = new Posting(Header.Id, Header.BusinessDate, Header.Kind);
        var lines = data.Lines;
        if (Header.Kind == WriteOff)
        {
            var issued = await Issue(tx, posting, ct);
            if (issued.Refusal is { } missing) return missing;
            lines = issued.Value;
            Header.Total = lines.Sum(line => line.Value);
        }
        else
        {
            // What is found is credited to the adjustments of its category, so each category is received by itself.
            foreach (var group in lines.GroupBy(line => Header.Kind == Found ? line.Item.CategoryId : Guid.Empty))
            {
                var (from, counter) = Counter(group.Key);
                var received = await desks.Receipts.Receive(tx, posting,
                    [.. group.Select(line => new ReceiptLine(line.Item, data.WarehouseId, line.Quantity, line.Value, line.Lot, line.ExpiresOn, line.Serial))], from, counter, data.Currency, Header.BranchId, ct);
                if (received.Refusal is { } no) return no;
            }
        }

        await desks.Ledger.Post(tx, posting, stamp, null, ct);
        Facts.Stage(tx, stamp, FactsOf(Header, lines));
        return Result.Done;
    }

    private (AccountRole From, AccountKey Counter) Counter(Guid category) => Header.Kind switch
    {
        Opening => (AccountRoles.Adjustment, new AccountKey(AccountRoles.OpeningBalance, Header.Currency, "", Header.BranchId)),
        Found => (AccountRoles.Adjustment, new AccountKey(AccountRoles.InventoryAdjustment, Header.Currency, category.ToString("D"), Header.BranchId, category)),
        _ => (AccountRoles.Supplier, new AccountKey(AccountRoles.GoodsReceivedNotInvoiced, Header.Currency, data.SupplierId?.ToString("D") ?? "", Header.BranchId)),
    };

    /// <summary>Goods that have left again cannot be taken back to where they came from.</summary>
    public override async Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (Header.ReversalOf is not null) return StockRefusals.MirrorStays;
        if (Header.Kind == WriteOff) return Result.Done;
        foreach (var group in data.Lines.GroupBy(line => (line.Item.Unit, line.Lot)))
        {
            var onHand = await tx.Number(group.Key.Lot is { } code
                ? (Sql)$"""
                    select b.amount from lot l join account a on a.role = 'store' join unit u on u.id = a.unit_id join balance b on b.account_id = a.id
                    where l.code = {code} and l.item_id = {group.First().Item.Id} and u.code = {group.Key.Unit} and a.subject = {data.WarehouseId.ToString("D") + "/"} || l.id
                    """
                : (Sql)$"""
                    select {Sql.Raw(Dialect.SumLong(tx.Engine, "b.amount"))} from account a join unit u on u.id = a.unit_id join balance b on b.account_id = a.id
                    where u.code = {group.Key.Unit} and a.role = 'store' and a.subject like {data.WarehouseId.ToString("D") + "%"}
                    """, ct);
            if (onHand < group.Sum(line => line.Quantity)) return StockRefusals.UsedAlready(group.First().Item.Sku);
        }

        return Result.Done;
    }

    private async Task<Result<IReadOnlyList<StockLine>>> Issue(Tx tx, Posting posting, CancellationToken ct)
    {
        var requests = data.Lines.Select((line, at) => new IssueRequest(line.Item, data.WarehouseId, line.Quantity,
            line.Lot is { } lot ? [new LotPick(lot, line.Quantity)] : [], MayGoNegative: false, $"/lines/{at}", AnyStanding: true)).ToList();
        var locked = await desks.Desk.Lock(tx, requests, data.Currency, Header.BranchId, ct);
        await tx.Flush(ct);
        var lines = new List<StockLine>(requests.Count);
        for (var at = 0; at < requests.Count; at++)
        {
            var line = data.Lines[at];
            var charge = new AccountKey(AccountRoles.InventoryAdjustment, Header.Currency, line.Item.CategoryId.ToString("D"), Header.BranchId, line.Item.CategoryId);
            var taken = await locked.Issue(tx, posting, requests[at], new AccountKey(AccountRoles.Scrap, line.Item.Unit), charge, Header.BusinessDate, ct);
            if (taken.Refusal is { } no) return no;
            lines.Add(line with { Value = taken.Value.Cost });
            tx.Stage($"update stock_document_line set value = {taken.Value.Cost} where document_id = {Header.Id} and line = {at + 1}");
        }

        tx.Stage($"update stock_document set value = {lines.Sum(line => line.Value)} where document_id = {Header.Id}");
        return lines;
    }

    /// <summary>One fact for the document, one a line: value as amount, quantity; of a write-off both negative.</summary>
    public static IReadOnlyList<Fact> FactsOf(Header header, IReadOnlyList<StockLine> lines)
    {
        var sign = header.Kind == WriteOff ? -1 : 1;
        var facts = new List<Fact>(lines.Count + 1)
        {
            new() { Document = header, Event = Status.Posted, Amount = sign * lines.Sum(line => line.Value), Quantity = sign * lines.Sum(line => line.Quantity), Cost = sign * lines.Sum(line => line.Value) },
        };
        facts.AddRange(lines.Select(line => new Fact
        {
            Document = header,
            Event = Status.Posted,
            OfLine = true,
            ItemId = line.Item.Id,
            CategoryId = line.Item.CategoryId,
            Amount = sign * line.Value,
            Quantity = sign * line.Quantity,
            Cost = sign * line.Value,
        }));
        return facts;
    }
}

/// <summary>Typed data of a stock document.</summary>
public sealed record StockDocumentData(Guid WarehouseId, Guid? SupplierId, Currency Currency, IReadOnlyList<StockLine> Lines);

/// <summary>What stock documents post with.</summary>
public sealed record StockPosting(LedgerBook Ledger, StockDesk Desk, StockReceipts Receipts);

/// <summary>Every reason a stock document says no, in the order in which they are checked.</summary>
public static class StockRefusals
{
    /// <summary>Unknown kind.</summary>
    public static Refusal KindUnknown { get; } = new("STOCK_KIND_UNKNOWN", "Goods are taken in as opening, receipt or found, and thrown away as write-off.", "/kind");

    /// <summary>Unknown warehouse.</summary>
    public static Refusal WarehouseUnknown { get; } = new("STOCK_WAREHOUSE_UNKNOWN", "There is no such warehouse in this branch.", "/warehouseId");

    /// <summary>The item is not kept in stock.</summary>
    public static Refusal NotStocked(int line) => new("STOCK_ITEM_NOT_STOCKED", "This item is unknown or not kept in stock.", $"/lines/{line}/itemId");

    /// <summary>A quantity or a cost that cannot be.</summary>
    public static Refusal LineInvalid(int line) => new("STOCK_LINE_INVALID", "The quantity must be above zero with the decimals of its unit, the cost not negative, and serial numbers one a piece.", $"/lines/{line}/quantity");

    /// <summary>The lot is known already.</summary>
    public static Refusal LotDuplicate(string code, bool serial) => serial
        ? new("STOCK_SERIAL_DUPLICATE", $"Serial number {code} is known already.", "/lines", 409)
        : new("STOCK_LOT_DUPLICATE", $"Lot {code} is known already; a delivery makes a new lot.", "/lines", 409);

    /// <summary>Goods of the receipt have left.</summary>
    public static Refusal UsedAlready(string sku) => new("STOCK_RECEIPT_USED", $"Some of {sku} has left the warehouse; write off what is wrong instead.", "/id", 409);

    /// <summary>A mirror stays.</summary>
    public static Refusal MirrorStays { get; } = new("STOCK_MIRROR_STAYS", "What a reversal wrote is not reversed.", "/status", 409);
}
