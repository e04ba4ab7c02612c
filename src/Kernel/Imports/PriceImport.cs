using System.Text.Json;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Imports;

/// <summary>Prices by list, item, first day and least quantity. A row without a first day is valid from today on.</summary>
public sealed class PriceImport(CatalogueBook book) : ImportTarget
{
    private static readonly Table Prices = new Table("price",
        ("id", Storage.Kind.Id), ("price_list_id", Storage.Kind.Id), ("item_id", Storage.Kind.Id), ("valid_from", Storage.Kind.Date), ("min_quantity", Storage.Kind.Long),
        ("price", Storage.Kind.Long), ("valid_to", Storage.Kind.Date))
        .On("on conflict (price_list_id, item_id, valid_from, min_quantity) do update set price = excluded.price, valid_to = excluded.valid_to, version = price.version + 1");

    /// <inheritdoc/>
    public override string Kind => "prices";

    /// <inheritdoc/>
    public override string Name => "Prices";

    /// <inheritdoc/>
    public override IReadOnlyList<ImportField> Fields { get; } =
        [new("sku", true), new("priceList", true), new("price", true), new("minQuantity"), new("validFrom"), new("validTo")];

    /// <inheritdoc/>
    public override void Begin(Tx tx) => book.Touch(tx);

    /// <inheritdoc/>
    public override string? KeyOf(ImportRow row)
    {
        var (list, sku) = (row.Required("priceList"), row.Required("sku"));
        return list.Length > 0 && sku.Length > 0 ? $"{list}\n{sku}\n{row.Date("validFrom"):O}\n{row.Millionths("minQuantity") ?? 0}" : null;
    }

    /// <inheritdoc/>
    public override async Task<ImportPlan> Plan(Db db, IReadOnlyList<ImportRow> rows, Stamp stamp, CancellationToken ct)
    {
        var skus = rows.Select(row => row.Text("sku")!).Distinct(StringComparer.Ordinal).ToList();
        var items = db.Later($"select sku, id from item where sku {Sql.List(skus)}", row => (Sku: row.Text(0), Id: row.Guid(1)));
        var lists = db.Later($"select code, id from price_list", row => (Code: row.Text(0), Id: row.Guid(1)));
        var prices = db.Later($"select price_list_id, item_id, valid_from, min_quantity, price, valid_to, id, version from price where item_id in (select id from item where sku {Sql.List(skus)})",
            row => (Key: (List: row.Guid(0), Item: row.Guid(1), From: row.Date(2), Quantity: row.Long(3)), Price: row.Long(4), To: row.DateOrNull(5), Id: row.Guid(6), Version: row.Long(7)));
        await db.Flush(ct);
        var itemOf = items.Value.ToDictionary(row => row.Sku, row => row.Id, StringComparer.Ordinal);
        var listOf = lists.Value.ToDictionary(row => row.Code, row => row.Id, StringComparer.Ordinal);
        var standing = prices.Value.ToDictionary(row => row.Key);

        var (created, updated, unchanged) = (0, 0, 0);
        var writes = new Dictionary<(Guid List, Guid Item, DateOnly From, long Quantity), (Guid Id, long Price, DateOnly? To)>();
        var changes = new List<ImportChange>();
        foreach (var row in rows)
        {
            if (!itemOf.TryGetValue(row.Text("sku")!, out var item)) row.Refuse("sku", MasterRefusals.ItemUnknown);
            if (!listOf.TryGetValue(row.Text("priceList")!, out var list)) row.Refuse("priceList", MasterRefusals.PriceListUnknown);
            row.Required("price");
            var price = row.Millionths("price");
            row.Refuse("price", Check.Between(price, 0, long.MaxValue, "/price", "at zero or above"));
            var quantity = row.Millionths("minQuantity") ?? 0;
            row.Refuse("minQuantity", Check.Between(quantity, 0, long.MaxValue, "/minQuantity", "at zero or above"));
            var (from, to) = (row.Date("validFrom") ?? stamp.BusinessDate, row.Date("validTo"));
            if (to <= from) row.Refuse("validTo", MasterRefusals.PriceDatesInvalid);
            var key = (list, item, from, quantity);
            if (row.Fault is null && writes.ContainsKey(key)) row.Refuse("validFrom", "IMPORT_ROW_TWICE", "An earlier row is about the same.");
            if (row.Fault is not null) continue;

            var fresh = (price!.Value, to);
            var known = standing.TryGetValue(key, out var old);
            if (known && (old.Price, old.To) == fresh)
            {
                unchanged++;
                continue;
            }

            if (known) updated++;
            else created++;
            var id = known ? old.Id : Guid.CreateVersion7(stamp.At);
            writes[key] = (id, fresh.Value, fresh.to);
            changes.Add(new ImportChange("price", id, $"{row.Text("priceList")} {row.Text("sku")} {from:yyyy-MM-dd}", known ? JsonSerializer.Serialize(new PriceState(old.Price, old.To)) : null, known ? old.Version + 1 : 1));
        }

        return new ImportPlan(created, updated, unchanged, tx =>
        {
            if (writes.Count == 0) return;
            tx.Insert(Prices, [.. writes.Select(write => new object?[]
            {
                write.Value.Id, write.Key.List, write.Key.Item, write.Key.From, write.Key.Quantity, write.Value.Price, write.Value.To,
            })]);
            CatalogueBook.Changed(tx, [.. writes.Keys.Select(key => key.Item).Distinct()]);
        }, changes);
    }

    /// <inheritdoc/>
    /// <remarks>A price is used when its item was sold, or booked in any other way, since.</remarks>
    public override async Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, CancellationToken ct)
    {
        var lockRows = Dialect.ForUpdate(tx.Engine);
        var rows = await tx.Query($"select id, version, item_id from price where id {Sql.List(changes.Select(change => change.RecordId))} order by id{lockRows}",
            row => (Id: row.Guid(0), Version: row.Long(1), Item: row.Guid(2)), ct);
        var sold = await ReferencedBy.Facts(tx, "item_id", [.. rows.Select(row => row.Item).Distinct()], changes.Min(change => change.Horizon), ct);
        var kept = Kept(changes, rows.ToDictionary(row => row.Id, row => row.Version), rows.Where(row => sold.Contains(row.Item)).Select(row => row.Id).ToHashSet());
        var open = changes.Where(change => !kept.ContainsKey(change.Seq)).ToList();
        tx.Stage($"delete from price where id {Sql.List(open.Where(change => change.IsNew).Select(change => change.RecordId))}");
        // Rows that say the same go back in one statement.
        foreach (var same in open.Where(change => !change.IsNew).GroupBy(change => change.Before!, StringComparer.Ordinal))
        {
            var before = JsonSerializer.Deserialize<PriceState>(same.Key)!;
            tx.Stage($"update price set price = {before.Price}, valid_to = {before.To}, version = version + 1 where id {Sql.List(same.Select(change => change.RecordId))}");
        }

        var items = rows.ToDictionary(row => row.Id, row => row.Item);
        CatalogueBook.Changed(tx, [.. open.Select(change => items[change.RecordId]).Distinct()]);
        return kept;
    }

    private sealed record PriceState(long Price, DateOnly? To);
}
