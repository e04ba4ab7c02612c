using System.Text.Json;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Search;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Imports;

/// <summary>Taking items away again that an import made, and setting back those that it changed.</summary>
public sealed partial class ItemImport
{
    /// <inheritdoc/>
    /// <remarks>
    /// An item that the import made is used when anything names it: a price, a line of a document, a lot, the ledger. One that it changed is used
    /// when it was sold, or booked in any other way, since. A barcode that another item has by now stays with that one, and the item as it is.
    /// </remarks>
    public override async Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, CancellationToken ct)
    {
        var (ids, horizon) = (changes.Select(change => change.RecordId).ToList(), changes.Min(change => change.Horizon));
        var lockRows = Dialect.ForUpdate(tx.Engine);
        var rows = await tx.Query($"select id, version, sku from item where id {Sql.List(ids)} order by id{lockRows}", row => (Id: row.Guid(0), Version: row.Long(1), Sku: row.Text(2)), ct);
        var made = changes.Where(change => change.IsNew).Select(change => change.RecordId).ToList();
        var used = await ReferencedBy.Any(tx, ReferencedBy.Item, ["item_barcode"], made, horizon, ct);
        used.UnionWith(await ReferencedBy.Facts(tx, "item_id", [.. ids.Except(made)], horizon, ct));
        var booked = (await tx.Query($"select code from unit where code {Sql.List(rows.Select(row => "ITEM:" + row.Sku))}", row => row.Text(0), ct)).ToHashSet(StringComparer.Ordinal);
        used.UnionWith(rows.Where(row => made.Contains(row.Id) && booked.Contains("ITEM:" + row.Sku)).Select(row => row.Id));
        var kept = Kept(changes, rows.ToDictionary(row => row.Id, row => row.Version), used);

        var back = changes.Where(change => !change.IsNew && !kept.ContainsKey(change.Seq)).Select(change => (change.Seq, change.RecordId, State: JsonSerializer.Deserialize<ItemState>(change.Before!)!)).ToList();
        var codes = back.SelectMany(one => one.State.Barcodes).Select(barcode => barcode.Code).ToList();
        var undone = changes.Where(change => !kept.ContainsKey(change.Seq)).Select(change => change.RecordId).ToHashSet();
        var owners = (await tx.Query($"select barcode, item_id from item_barcode where barcode {Sql.List(codes)}", row => (Code: row.Text(0), Item: row.Guid(1)), ct)).ToDictionary(row => row.Code, row => row.Item);
        foreach (var (seq, item, state) in back)
            if (state.Barcodes.Any(barcode => owners.TryGetValue(barcode.Code, out var owner) && owner != item && !undone.Contains(owner))) kept[seq] = UndoRefusals.Used;

        var open = changes.Where(change => !kept.ContainsKey(change.Seq)).ToList();
        var standing = back.Where(one => !kept.ContainsKey(one.Seq)).ToList();
        tx.Stage($"delete from item_barcode where item_id {Sql.List(open.Select(change => change.RecordId))}");
        tx.Stage($"delete from search_text where subject_id {Sql.List(open.Select(change => change.RecordId))}");
        tx.Stage($"delete from item where id {Sql.List(open.Where(change => change.IsNew).Select(change => change.RecordId))}");
        if (open.Exists(change => change.IsNew)) CatalogueBook.Removed(tx);
        tx.Insert(Items, [.. standing.Select(one => new object?[]
        {
            one.RecordId, one.State.Sku, one.State.Name, one.State.CategoryId, one.State.Unit, one.State.TaxCodeId, one.State.Kind, one.State.Tracking, one.State.Valuation,
            one.State.StandardCost, one.State.Sellable, one.State.Active,
        })]);
        tx.Insert(ItemMaster.BarcodeRows, [.. standing.SelectMany(one => one.State.Barcodes.Select(barcode => new object?[] { barcode.Code, one.RecordId, barcode.Factor, barcode.Unit }))]);
        SearchIndex.Stage(tx, [.. standing.SelectMany(one => new[]
        {
            ItemMaster.Named(one.RecordId, one.State.Sku, one.State.Name), ItemMaster.Coded(one.RecordId, one.State.Sku, one.State.Barcodes.Select(barcode => barcode.Code)),
        })]);
        CatalogueBook.Changed(tx, [.. standing.Select(one => one.RecordId)]);
        return kept;
    }

    private static string StateOf(Item item, IEnumerable<BarcodeState> barcodes) => JsonSerializer.Serialize(new ItemState(
        item.Sku, item.Name, item.CategoryId, item.Unit, item.TaxCodeId, item.Kind.Word(), item.Tracking.Word(), item.Valuation.Word(), item.StandardCost?.Millionths, item.Sellable,
        item.Active, [.. barcodes]));

    private sealed record ItemState(
        string Sku, string Name, Guid CategoryId, string Unit, Guid TaxCodeId, string Kind, string Tracking, string Valuation, long? StandardCost, bool Sellable, bool Active,
        IReadOnlyList<BarcodeState> Barcodes);

    private sealed record BarcodeState(string Code, long Factor, string? Unit);
}
