using Plug1.Kernel.Catalog;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Stock;

/// <summary>Goods taken in and written off: what every module with goods shares.</summary>
public sealed class StockFunction(StockPosting desks, CatalogueBook catalogue, OrganisationBook organisation) : Function
{
    /// <summary>Its code.</summary>
    public const string FunctionCode = "kernel.stock";

    private const string Manager = "store-manager", Accountant = "accountant", Auditor = "auditor", Steward = "data-steward";

    /// <inheritdoc/>
    public override string Module => "kernel";

    /// <inheritdoc/>
    public override string Slug => "stock";

    /// <inheritdoc/>
    public override string Name => "Stock documents";

    /// <inheritdoc/>
    public override string Summary => "Take goods into a warehouse and write off what is lost, at their value.";

    /// <inheritdoc/>
    public override IReadOnlyList<KindDeclaration> Kinds { get; } =
        [new(StockDocument.Receipt, "Goods receipt"), new(StockDocument.Opening, "Opening stock"), new(StockDocument.Found, "Goods found"), new(StockDocument.WriteOff, "Write-off")];

    /// <inheritdoc/>
    public override IReadOnlyList<ActionDeclaration> Actions { get; } =
    [
        new("view", "See stock documents", [Manager, Accountant, Auditor, Steward]),
        new("create", "Take goods in and write them off", [Manager, Steward]),
        new("submit", "Hand in and cancel", [Manager, Steward]),
        new("approve", "Approve and reject what waits", [Manager, Accountant]),
        new("post", "Post what was approved", [Manager, Accountant]),
        new("reverse", "Reverse a document whose goods are still there", [Manager, Accountant]),
        new("close", "Close and reopen documents", [Manager, Accountant]),
        new("export", "Export lists and reports", [Manager, Accountant, Auditor]),
        new("view-cost", "See values", [Manager, Accountant, Auditor], true),
    ];

    /// <inheritdoc/>
    public override string ListSource => "left join stock_document s on s.document_id = d.id left join warehouse w on w.id = s.warehouse_id";

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnDeclaration> Columns { get; } =
    [
        new("warehouse", "Warehouse", "text", "w.code", Filterable: true, Choices: "warehouse"),
        new("lineCount", "Lines", "integer", "s.line_count", Shown: false),
        new("quantity", "Quantity", "quantity", "s.quantity"),
        new("value", "Value", "money", "s.value", Permission: "view-cost"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<MeasureDeclaration> Measures { get; } =
    [
        new("received", "Goods received", "money", "case when kind = 'receipt' and event in ('posted', 'reversed') then amount else 0 end", Better: "none", Permission: "view-cost"),
        new("writtenOff", "Written off", "money", "case when kind = 'write-off' and event in ('posted', 'reversed') then -amount else 0 end", Better: "down", Permission: "view-cost"),
        new("found", "Found", "money", "case when kind = 'found' and event in ('posted', 'reversed') then amount else 0 end", Better: "none", Permission: "view-cost"),
        new("documents", "Documents", "integer", "case when event in ('posted', 'reversed') then count else 0 end", Better: "none", LineGrain: false),
        new("quantity", "Quantity", "quantity", "case when event in ('posted', 'reversed') then quantity else 0 end", Better: "none"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<ApprovalDefault> ApprovalDefaults { get; } = [new(StockDocument.WriteOff, Verb.Submit, "amount", 100_000, Accountant), new(StockDocument.Found, Verb.Submit, "amount", 100_000, Accountant), new("", Verb.Reverse, "", 0, Accountant)];

    /// <inheritdoc/>
    public override IReadOnlyList<ReasonDefault> ReasonDefaults { get; } =
    [
        new(Verb.Reverse, "WRONG_DELIVERY", "Wrong delivery"), new(Verb.Reverse, "ENTERED_TWICE", "Entered twice"),
        new(Verb.Reject, "NOT_JUSTIFIED", "Not justified"), new(Verb.Reject, "COUNT_AGAIN", "Count again"),
    ];

    /// <inheritdoc/>
    public override async Task<Document> Load(Tx tx, Header header, CancellationToken ct)
    {
        var view = await catalogue.Get(ct);
        var head = tx.Later($"select warehouse_id, supplier_id from stock_document where document_id = {header.Id}", row => (Warehouse: row.Guid(0), Supplier: row.GuidOrNull(1)));
        var lines = tx.Later($"select item_id, name, quantity, value, lot, serial, expires_on from stock_document_line where document_id = {header.Id} order by line",
            row => new StockLine(StockItem.Of(view.Item(row.Guid(0)) ?? throw new InvariantBrokenException("An item of a stock document is gone.")),
                row.Text(1), row.Long(2), row.Long(3), row.TextOrNull(4), row.Bool(5), row.DateOrNull(6)));
        await tx.Flush(ct);
        var currency = (await organisation.Get(ct)).Company.Currency;
        // A mirror has no lines of its own: it is the ledger's, and is never posted again.
        return new StockDocument(header, head.Value is [var known, ..] ? new StockDocumentData(known.Warehouse, known.Supplier, currency, lines.Value) : new StockDocumentData(Guid.Empty, null, currency, []), desks);
    }

    /// <inheritdoc/>
    public override async Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct)
    {
        var of = header.ReversalOf ?? header.Id;
        var head = db.Later($"select w.name, coalesce(p.name, ''), s.quantity, s.value from stock_document s join warehouse w on w.id = s.warehouse_id left join party p on p.id = s.supplier_id where s.document_id = {of}",
            row => (Warehouse: row.Text(0), Supplier: row.Text(1), Quantity: row.Long(2), Value: row.Long(3)));
        var lines = db.Later($"select line, sku, name, coalesce(lot, ''), expires_on, quantity, value from stock_document_line where document_id = {of} order by line",
            row => new object?[] { row.Long(0), row.Text(1), row.Text(2), row.Text(3), row.DateOrNull(4), row.Long(5), row.Long(6) });
        await db.Flush(ct);
        var showCost = may("view-cost");
        var (warehouse, supplier, quantity, value) = head.Value[0];
        List<DetailField> fields = [new("Warehouse", warehouse, "text"), new("Supplier", supplier.Length > 0 ? supplier : null, "text"), new("Quantity", quantity, "quantity")];
        if (showCost) fields.Add(new("Value", value, "money"));
        List<ReportField> columns =
            [new("line", "Line", "integer"), new("sku", "SKU", "text"), new("name", "Item", "text"), new("lot", "Lot", "text"), new("expiresOn", "Expires", "date"), new("quantity", "Quantity", "quantity")];
        if (showCost) columns.Add(new("value", "Value", "money"));
        return new DetailView([new DetailSection(Name, fields)], [new DetailTable("lines", "Lines", columns, showCost ? lines.Value : [.. lines.Value.Select(row => row[..^1])])]);
    }
}
