using Plug1.Kernel.Audit;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Stock;

/// <summary>A line of a stock document as it is asked for.</summary>
/// <param name="ItemId">Item.</param>
/// <param name="Quantity">How much, in stock units; above zero.</param>
/// <param name="UnitCost">Cost of one stock unit; not used by a write-off.</param>
/// <param name="Lot">Lot code, for items kept by lot.</param>
/// <param name="ExpiresOn">Last day of use of the lot.</param>
/// <param name="Serials">Serial numbers, one a piece.</param>
public sealed record StockLineRequest(Guid ItemId, Quantity Quantity, UnitPrice? UnitCost = null, string? Lot = null, DateOnly? ExpiresOn = null, IReadOnlyList<string>? Serials = null);

/// <summary>A stock document as it is asked for.</summary>
/// <param name="Kind">opening, receipt, found or write-off.</param>
/// <param name="WarehouseId">Where.</param>
/// <param name="Lines">What.</param>
/// <param name="SupplierId">Who delivered.</param>
/// <param name="Note">A remark.</param>
/// <param name="Id">Id made by the client, so that a repeat cannot book twice.</param>
public sealed record StockDocumentRequest(string Kind, Guid WarehouseId, IReadOnlyList<StockLineRequest> Lines, Guid? SupplierId = null, string? Note = null, Guid? Id = null);

/// <summary>A stock document that was made.</summary>
public sealed record StockDocumentAnswer(Guid Id, string Number, string Status, string Value, string? WaitsFor);

/// <summary>Takes goods into a warehouse, or writes them off: one document, posted at once unless a rule asks for approval.</summary>
public sealed class GoodsReceipts(CommandRunner runner, StockFunction function, StockPosting desks, CatalogueBook catalogue, OrganisationBook organisation, LifecycleDesk lifecycle)
{
    private const int MostLines = 2_000;

    private static readonly Table DocumentTable = new("stock_document",
        ("document_id", Kind.Id), ("warehouse_id", Kind.Id), ("supplier_id", Kind.Id), ("quantity", Kind.Long), ("value", Kind.Long), ("line_count", Kind.Long));

    private static readonly Table LineTable = new("stock_document_line",
        ("document_id", Kind.Id), ("line", Kind.Long), ("item_id", Kind.Id), ("sku", Kind.Text), ("name", Kind.Text), ("lot", Kind.Text), ("serial", Kind.Bool), ("expires_on", Kind.Date),
        ("quantity", Kind.Long), ("value", Kind.Long));

    /// <summary>Runs as a command of its own.</summary>
    public Task<Result<Answer>> Run(CommandCall call, StockDocumentRequest request, CancellationToken ct = default) =>
        runner.Run(call, StockFunction.FunctionCode, "create", 201, (tx, stamp) => Within(tx, stamp, request, ct), ct);

    /// <summary>Makes the document inside a transaction that is open already.</summary>
    public async Task<Result<StockDocumentAnswer>> Within(Tx tx, Stamp stamp, StockDocumentRequest request, CancellationToken ct = default)
    {
        if (request.Kind is not (StockDocument.Opening or StockDocument.Receipt or StockDocument.Found or StockDocument.WriteOff)) return StockRefusals.KindUnknown;
        var view = await organisation.Get(ct);
        if (!view.Warehouses.Any(known => known.Id == request.WarehouseId && known.BranchId == stamp.BranchId && known.Active)) return StockRefusals.WarehouseUnknown;
        if (request.Lines.Count is 0 or > MostLines) return StockRefusals.LineInvalid(0);
        var currency = view.Company.Currency;
        var lines = Lines(request, await catalogue.Get(ct), currency);
        if (lines.Refusal is { } no) return no;
        if (request.Kind != StockDocument.WriteOff && await Duplicate(tx, lines.Value, ct) is { } twice) return twice;

        var header = Header.Draft(request.Id ?? Ids.New(runner.Clock), StockFunction.FunctionCode, request.Kind, stamp, currency.Code);
        header.PartyId = request.SupplierId;
        header.Note = request.Note;
        header.Total = lines.Value.Sum(line => line.Value);
        header.Number = await DrawNumber(tx, header, ct);
        Headers.Insert(tx, header);
        Insert(tx, header, request.WarehouseId, lines.Value);
        var document = new StockDocument(header, new StockDocumentData(request.WarehouseId, request.SupplierId, currency, lines.Value), desks);
        var submitted = await lifecycle.Submit(tx, stamp, document, ct);
        if (submitted.Refusal is { } refused) return refused;
        Headers.Update(tx, header);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "create", request.Kind, header.Id, After: document.Snapshot, ReasonText: request.Note), runner.Clock);
        return new StockDocumentAnswer(header.Id, header.Number, header.Status, new Money(header.Total, currency).ToString(), submitted.Value.WaitsFor);
    }

    /// <summary>The next number of the document's kind and year.</summary>
    public static Task<string> DrawNumber(Tx tx, Header header, CancellationToken ct)
    {
        var (series, prefix) = SeriesOf(header.Kind, header.BusinessDate.Year);
        return Numbers.Draw(tx, series, prefix, ct: ct);
    }

    /// <summary>The series of a kind and year, with what its numbers begin with.</summary>
    public static (string Series, string Prefix) SeriesOf(string kind, int year) => ($"{StockFunction.FunctionCode}/{kind}/{year:0000}", $"{Prefix(kind)}-{year:0000}-");

    /// <summary>Gathers the rows of a stock document.</summary>
    public static void Insert(Tx tx, Header header, Guid warehouse, IReadOnlyList<StockLine> lines) => InsertAll(tx, warehouse, [(header, lines)]);

    /// <summary>Gathers the rows of several stock documents as one set.</summary>
    public static void InsertAll(Tx tx, Guid warehouse, IReadOnlyList<(Header Header, IReadOnlyList<StockLine> Lines)> documents)
    {
        tx.Insert(DocumentTable, [.. documents.Select(document => new object?[]
        {
            document.Header.Id, warehouse, document.Header.PartyId, document.Lines.Sum(line => line.Quantity), document.Lines.Sum(line => line.Value), (long)document.Lines.Count,
        })]);
        tx.Insert(LineTable, [.. documents.SelectMany(document => document.Lines.Select((line, at) => new object?[]
        {
            document.Header.Id, at + 1L, line.Item.Id, line.Item.Sku, line.Name, line.Lot, line.Serial, line.ExpiresOn, line.Quantity, line.Value,
        }))]);
    }

    private static string Prefix(string kind) => kind switch { StockDocument.Opening => "OPEN", StockDocument.Receipt => "GRN", StockDocument.Found => "FND", _ => "WOFF" };

    private static Result<IReadOnlyList<StockLine>> Lines(StockDocumentRequest request, CatalogueView view, Currency currency)
    {
        var lines = new List<StockLine>(request.Lines.Count);
        for (var at = 0; at < request.Lines.Count; at++)
        {
            var line = request.Lines[at];
            if (view.Item(line.ItemId) is not { IsStocked: true } item) return StockRefusals.NotStocked(at);
            if (!line.Quantity.IsPositive || !line.Quantity.FitsDecimals(item.Decimals) || line.UnitCost is { IsNegative: true }) return StockRefusals.LineInvalid(at);
            var stock = StockItem.Of(item);
            var cost = (request.Kind == StockDocument.WriteOff ? null : line.UnitCost) ?? item.StandardCost ?? UnitPrice.Zero;
            var value = Money.Of(line.Quantity, cost, currency).Minor;
            if (line.Serials is not { Count: > 0 } serials)
            {
                if (item.Tracking == Tracking.Serial) return StockRefusals.LineInvalid(at);
                lines.Add(new StockLine(stock, item.Name, line.Quantity.Millionths, value, line.Lot, Serial: false, line.ExpiresOn));
                continue;
            }

            if (serials.Distinct(StringComparer.Ordinal).Count() * Quantity.One.Millionths != line.Quantity.Millionths) return StockRefusals.LineInvalid(at);
            // The value of the line over its pieces, the largest remainder first, so that they sum to it.
            var shares = Split.Largest(value, serials.Select(_ => 1L).ToArray());
            lines.AddRange(serials.Select((serial, piece) => new StockLine(stock, item.Name, Quantity.One.Millionths, shares[piece], serial, Serial: true, line.ExpiresOn)));
        }

        return lines;
    }

    private static async Task<Refusal?> Duplicate(Tx tx, IReadOnlyList<StockLine> lines, CancellationToken ct)
    {
        var named = lines.Where(line => line.Lot is not null).ToList();
        if (named.Count == 0) return null;
        var within = named.GroupBy(line => (line.Item.Id, line.Lot)).FirstOrDefault(group => group.Count() > 1);
        if (within is not null) return StockRefusals.LotDuplicate(within.Key.Lot!, within.First().Serial);
        var items = named.Select(line => line.Item.Id).Distinct().ToList();
        var codes = named.Select(line => line.Lot!).Distinct().ToList();
        var known = (await tx.Query($"select item_id, code from lot where item_id {Sql.List(items)} and code {Sql.List(codes)}", row => (Item: row.Guid(0), Code: row.Text(1)), ct)).ToHashSet();
        var twice = named.FirstOrDefault(line => known.Contains((line.Item.Id, line.Lot!)));
        return twice is null ? null : StockRefusals.LotDuplicate(twice.Lot!, twice.Serial);
    }
}
