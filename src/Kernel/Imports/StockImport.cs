using System.Text.Json;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Imports;

/// <summary>Opening stock and receipts of the branch worked in: documents of <c>kernel.stock</c>, some hundred lines each, through the lifecycle like any other.</summary>
/// <remarks>Undone by reversing the documents, the last first; one whose goods have left stays and is named; where a reversal needs approval, it is asked for.</remarks>
public sealed class StockImport(Database database, CommandRunner runner, CatalogueBook catalogue, OrganisationBook organisation, GoodsReceipts receipts, LifecycleDesk lifecycle, StockFunction function) : ImportKind
{
    private const int RowsAStep = 500;

    /// <inheritdoc/>
    public override string Code => "stock";

    /// <inheritdoc/>
    public override string Name => "Opening stock and receipts";

    /// <inheritdoc/>
    public override string? AlsoNeeds => "kernel.stock.create";

    /// <inheritdoc/>
    public override bool CountsTwice => true;

    /// <inheritdoc/>
    public override int UndoAtOnce => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<ImportField> Fields { get; } =
        [new("sku", true), new("warehouse", true), new("quantity", true), new("unitCost"), new("kind"), new("lot"), new("expiresOn"), new("serials")];

    /// <inheritdoc/>
    public override async Task<Result<ImportReport>> Preview(WorkRun run, byte[] content, ImportInput input, CancellationToken ct)
    {
        var read = await Read(run, content, input, ct);
        if (read.IsRefused) return read.Refusal;
        var (rows, good, refused) = read.Value;
        refused.Add(rows);
        await refused.Keep(run, input, Mark.Of(null).ToString(), ct);
        return new ImportReport(rows.Count, good.Count, 0, 0, refused.Count, refused.First, input.Sha256);
    }

    /// <inheritdoc/>
    public override async Task<Result<ImportReport>> Run(WorkRun run, byte[] content, ImportInput input, CancellationToken ct)
    {
        var read = await Read(run, content, input, ct);
        if (read.IsRefused) return read.Refusal;
        var (rows, good, refused) = read.Value;
        var (mark, stamp) = (Mark.Of(run.Checkpoint), await runner.StampOf(run.Call, ct));
        // Blocks are rows of the file, so that what an earlier run had done is known whatever has become of the catalogue since.
        var blocks = rows.Chunk(RowsAStep).ToList();
        for (var at = 0; at < blocks.Count; at++)
        {
            var lines = good.Where(line => line.Row.Line >= blocks[at][0].Line && line.Row.Line <= blocks[at][^1].Line).ToList();
            if (at >= mark.Blocks) mark = await Take(run, lines, mark, at, input, stamp, ct);
            if (mark.Refused.TryGetValue(at, out var no))
                foreach (var line in lines) line.Row.Refuse(FieldOf(no.Code), no.Code, no.Reason);
            run.Tell(Math.Min(rows.Count, (at + 1) * RowsAStep), rows.Count, "Posting");
        }

        refused.Add(rows);
        await refused.Keep(run, input, Mark.Of(null).ToString(), ct);
        return new ImportReport(rows.Count, mark.Created, 0, 0, refused.Count, refused.First, input.Sha256);
    }

    /// <summary>Posts the rows of a block, a document for each warehouse and kind, or notes why it could not be.</summary>
    private async Task<Mark> Take(WorkRun run, List<Line> lines, Mark mark, int at, ImportInput input, Stamp stamp, CancellationToken ct)
    {
        var stepped = await run.Step(async tx =>
        {
            var made = new List<ImportChange>();
            foreach (var group in lines.GroupBy(line => (line.Kind, line.Warehouse)))
            {
                var document = await receipts.Within(tx, stamp, new StockDocumentRequest(group.Key.Kind, group.Key.Warehouse, [.. group.Select(line => line.Request)], Note: $"Import of {input.FileName}"), ct);
                if (document.IsRefused) return document.Refusal;
                made.Add(new ImportChange("stock-document", document.Value.Id, document.Value.Number, null, 0));
            }

            var last = ImportChanges.Stage(tx, run.Work.Id, mark.Changes, 0, made);
            return Result.Of((mark with { Blocks = at + 1, Created = mark.Created + lines.Count, Changes = last }).ToString());
        }, ct);
        if (stepped.Refusal is { } no)
        {
            var passed = mark with { Blocks = at + 1, Refused = new Dictionary<int, Refused>(mark.Refused) { [at] = new Refused(no.Code, no.Message) } };
            await run.Step(_ => Task.FromResult(Result.Of(passed.ToString())), ct);
        }

        return Mark.Of(run.Checkpoint);
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, WorkRun run, CancellationToken ct)
    {
        var change = changes[0];
        var stamp = await runner.StampOf(run.Call, ct);
        var status = await tx.First($"select status from document where id = {change.RecordId}", row => row.Text(0), ct);
        var (verb, done) = status is Status.Submitted or Status.Approved or Status.Rejected ? (Verb.Cancel, Status.Cancelled) : (Verb.Reverse, Status.Reversed);
        var moved = await lifecycle.Within(tx, stamp, function, new LifecycleStep(verb, change.RecordId, null, "ENTERED_TWICE", "The import was undone."), ct);
        if (moved.Refusal is { } no) return new Dictionary<long, Refusal> { [change.Seq] = no };
        return moved.Value.Status == done ? new Dictionary<long, Refusal>() : new Dictionary<long, Refusal> { [change.Seq] = UndoRefusals.Waits(moved.Value.WaitsFor ?? "") };
    }

    private async Task<Result<(List<ImportRow> Rows, List<Line> Good, RefusedFile Refused)>> Read(WorkRun run, byte[] content, ImportInput input, CancellationToken ct)
    {
        using var file = new MemoryStream(content, writable: false);
        var opened = await ImportFile.Open(file, input.Mapping, Fields);
        if (opened.IsRefused) return opened.Refusal;
        var rows = new List<ImportRow>();
        await foreach (var row in opened.Value.WithCancellation(ct)) rows.Add(row);
        run.Tell(0, rows.Count, "Looking at the rows");
        var (goods, view) = (await catalogue.Get(ct), await organisation.Get(ct));
        var warehouses = view.Warehouses.Where(known => known.BranchId == run.Work.BranchId && known.Active).ToDictionary(known => known.Code, known => known.Id, StringComparer.Ordinal);
        var lines = rows.Select(row => Judge(row, goods, warehouses)).OfType<Line>().ToList();
        await Lots(lines, run.Work.Id, ct);
        return (rows, [.. lines.Where(line => line.Row.Fault is null)], await RefusedFile.Of(content, input.Mapping));
    }

    private static Line? Judge(ImportRow row, CatalogueView goods, Dictionary<string, Guid> warehouses)
    {
        if (!warehouses.TryGetValue(row.Required("warehouse"), out var warehouse)) row.Refuse("warehouse", StockRefusals.WarehouseUnknown);
        var kind = row.Text("kind")?.ToLowerInvariant() ?? StockDocument.Opening;
        if (kind is not (StockDocument.Opening or StockDocument.Receipt)) row.Refuse("kind", "IMPORT_CHOICE_INVALID", $"'{kind}' is neither opening nor receipt.");
        var item = goods.BySku(row.Required("sku"));
        if (item is not { IsStocked: true }) row.Refuse("sku", StockRefusals.NotStocked(0));
        row.Required("quantity");
        var (quantity, cost, serials) = (new Quantity(row.Millionths("quantity") ?? 0), row.Millionths("unitCost"), row.List("serials") ?? []);
        var (lot, expires) = (row.Text("lot"), row.Date("expiresOn"));
        if (row.Fault is not null || item is null) return null;
        if (!quantity.IsPositive || !quantity.FitsDecimals(item.Decimals)) row.Refuse("quantity", StockRefusals.LineInvalid(0));
        if (cost < 0) row.Refuse("unitCost", StockRefusals.LineInvalid(0));
        if (item.Tracking == Tracking.Serial ? serials.Distinct(StringComparer.Ordinal).Count() * Quantity.One.Millionths != quantity.Millionths : serials.Count > 0) row.Refuse("serials", StockRefusals.LineInvalid(0));
        return row.Fault is not null ? null
            : new Line(row, kind, warehouse, new StockLineRequest(item.Id, quantity, cost is { } value ? new UnitPrice(value) : null, lot, expires, serials.Count > 0 ? serials : null));
    }

    /// <summary>A delivery makes its lots, so none of them may be there, nor come twice.</summary>
    private async Task Lots(List<Line> lines, Guid work, CancellationToken ct)
    {
        var named = lines.SelectMany(line => (line.Request.Serials ?? (line.Request.Lot is { } lot ? [lot] : [])).Select(code => (Line: line, Key: (line.Request.ItemId, code)))).ToList();
        if (named.Count == 0) return;
        var (items, codes) = (named.Select(one => one.Key.ItemId).Distinct(), named.Select(one => one.Key.code).Distinct(StringComparer.Ordinal));
        // Those that an earlier run of this work made are its own.
        var seen = (await database.Read(db => db.Query($"""
            select item_id, code from lot where item_id {Sql.List(items)} and code {Sql.List(codes)}
              and not exists (select 1 from import_change c where c.work_id = {work} and c.record_id = lot.origin_document_id)
            """, row => (row.Guid(0), row.Text(1)), ct), ct)).ToHashSet();
        foreach (var (line, key) in named)
            if (!seen.Add(key)) line.Row.Refuse(line.Request.Serials is null ? "lot" : "serials", StockRefusals.LotDuplicate(key.code, line.Request.Serials is not null));
    }

    private static string FieldOf(string code) => code.Contains("LOT", StringComparison.Ordinal) ? "lot" : code.Contains("SERIAL", StringComparison.Ordinal) ? "serials" : "";

    private sealed record Refused(string Code, string Reason);

    private sealed record Mark(int Blocks, long Created, long Changes, IReadOnlyDictionary<int, Refused> Refused)
    {
        public static Mark Of(string? checkpoint) => checkpoint is null ? new(0, 0, 0, new Dictionary<int, Refused>()) : JsonSerializer.Deserialize<Mark>(checkpoint)!;

        public override string ToString() => JsonSerializer.Serialize(this);
    }

    private sealed record Line(ImportRow Row, string Kind, Guid Warehouse, StockLineRequest Request);
}
