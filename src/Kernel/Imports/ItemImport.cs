using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Search;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Imports;

/// <summary>Items by SKU, with their barcodes. What the ledger has counted keeps unit, kind, tracking and valuation.</summary>
public sealed partial class ItemImport(CatalogueBook book) : ImportTarget
{
    private static readonly Table Items = new Table("item",
        ("id", Storage.Kind.Id), ("sku", Storage.Kind.Text), ("name", Storage.Kind.Text), ("category_id", Storage.Kind.Id), ("unit_code", Storage.Kind.Text), ("tax_code_id", Storage.Kind.Id),
        ("kind", Storage.Kind.Text), ("tracking", Storage.Kind.Text), ("valuation", Storage.Kind.Text), ("standard_cost", Storage.Kind.Long), ("sellable", Storage.Kind.Bool), ("active", Storage.Kind.Bool))
        .On("""
            on conflict (sku) do update set name = excluded.name, category_id = excluded.category_id, unit_code = excluded.unit_code, tax_code_id = excluded.tax_code_id,
              kind = excluded.kind, tracking = excluded.tracking, valuation = excluded.valuation, standard_cost = excluded.standard_cost, sellable = excluded.sellable,
              active = excluded.active, version = item.version + 1
            """);

    /// <inheritdoc/>
    public override string Kind => "items";

    /// <inheritdoc/>
    public override string Name => "Items";

    /// <inheritdoc/>
    public override IReadOnlyList<ImportField> Fields { get; } =
    [
        new("sku", true), new("name", true), new("category", true), new("unit", true), new("taxCode", true), new("kind"), new("tracking"), new("valuation"), new("standardCost"),
        new("sellable"), new("active"), new("barcodes"),
    ];

    /// <inheritdoc/>
    public override void Begin(Tx tx) => book.Touch(tx);

    /// <inheritdoc/>
    public override string? KeyOf(ImportRow row) => row.Required("sku") is { Length: > 0 } sku ? sku : null;

    /// <inheritdoc/>
    public override async Task<ImportPlan> Plan(Db db, IReadOnlyList<ImportRow> rows, Stamp stamp, CancellationToken ct)
    {
        var known = await Known.Read(db, rows, ct);
        var (created, updated, unchanged) = (0, 0, 0);
        var writes = new List<(Item Item, IReadOnlyList<string>? Barcodes)>();
        var changes = new List<ImportChange>();
        var barcodeIn = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var before = known.Items.GetValueOrDefault(row.Text("sku")!);
            var after = Read(row, before, known, stamp);
            var barcodes = row.List("barcodes");
            CheckBarcodes(row, after.Id, barcodes, known, barcodeIn);
            if (before is not null && known.Booked.Contains(before.Sku)
                && (before.Unit, before.Kind, before.Tracking, before.Valuation) != (after.Unit, after.Kind, after.Tracking, after.Valuation))
                row.Refuse("unit", MasterRefusals.ItemBooked);
            if (before is not null && before.CategoryId != after.CategoryId && known.Booked.Contains(before.Sku)
                && (known.MappedCategories.Contains(before.CategoryId) || known.MappedCategories.Contains(after.CategoryId)))
                row.Refuse("category", MasterRefusals.ItemCategoryFixed);
            if (row.Fault is not null) continue;

            foreach (var code in barcodes ?? []) barcodeIn[code] = row.Line;
            var owned = known.BarcodesOf.GetValueOrDefault(after.Id) ?? [];
            var sameBarcodes = barcodes is null || owned.SetEquals(barcodes);
            // What an item gives up in one row, a later row may give to another.
            if (!sameBarcodes)
                foreach (var code in owned.Except(barcodes!)) known.BarcodeOwners.Remove(code);
            if (before == after && sameBarcodes)
            {
                unchanged++;
                continue;
            }

            if (before is null) created++;
            else updated++;
            writes.Add((after, sameBarcodes ? null : barcodes));
            changes.Add(new ImportChange("item", after.Id, after.Sku, before is null ? null : StateOf(before, known.OwnBarcodes[before.Id]), before is null ? 1 : before.Version + 1));
        }

        return new ImportPlan(created, updated, unchanged, tx => Write(tx, writes), changes);
    }

    private static void Write(Tx tx, List<(Item Item, IReadOnlyList<string>? Barcodes)> writes)
    {
        if (writes.Count == 0) return;
        tx.Insert(Items, [.. writes.Select(write => write.Item).Select(item => new object?[]
        {
            item.Id, item.Sku, item.Name, item.CategoryId, item.Unit, item.TaxCodeId, item.Kind.Word(), item.Tracking.Word(), item.Valuation.Word(),
            item.StandardCost?.Millionths, item.Sellable, item.Active,
        })]);
        var recoded = writes.Where(write => write.Barcodes is not null).ToList();
        if (recoded.Count > 0)
        {
            // A barcode that stays keeps its factor; only those that are gone go.
            foreach (var (item, barcodes) in recoded)
                tx.Stage($"delete from item_barcode where item_id = {item.Id} and not (barcode {Sql.List(barcodes!)})");
            tx.Insert(ItemMaster.BarcodeRows.On("on conflict (barcode) do nothing"),
                [.. recoded.SelectMany(write => write.Barcodes!.Select(code => new object?[] { code, write.Item.Id, Quantity.One.Millionths, null }))]);
        }

        SearchIndex.Stage(tx, [.. writes.Select(write => ItemMaster.Named(write.Item.Id, write.Item.Sku, write.Item.Name)), .. recoded.Select(write => ItemMaster.Coded(write.Item.Id, write.Item.Sku, write.Barcodes!))]);
        CatalogueBook.Changed(tx, [.. writes.Select(write => write.Item.Id)]);
    }

    private static Item Read(ImportRow row, Item? before, Known known, Stamp stamp)
    {
        var sku = row.Required("sku");
        row.Refuse("sku", ItemMaster.Sku(sku));
        var name = row.Required("name");
        row.Refuse("name", Check.Text(name, "/name"));
        if (!known.Categories.TryGetValue(row.Required("category"), out var category)) row.Refuse("category", MasterRefusals.CategoryUnknown);
        var unit = row.Required("unit");
        if (!known.Units.TryGetValue(unit, out var decimals)) row.Refuse("unit", MasterRefusals.UnitUnknown);
        if (!known.TaxCodes.TryGetValue(row.Required("taxCode"), out var tax)) row.Refuse("taxCode", MasterRefusals.TaxCodeUnknown);
        var cost = row.Millionths("standardCost");
        row.Refuse("standardCost", Check.Between(cost, 0, long.MaxValue, "/standardCost", "at zero or above"));
        var item = new Item(
            before?.Id ?? Guid.CreateVersion7(stamp.At), sku, name, category, unit, decimals, tax, row.Word<ItemKind>("kind") ?? before?.Kind ?? ItemKind.Goods,
            row.Word<Tracking>("tracking") ?? before?.Tracking ?? Tracking.None, row.Word<Valuation>("valuation") ?? before?.Valuation ?? Valuation.Average,
            cost is { } value ? new UnitPrice(value) : row.Has("standardCost") ? null : before?.StandardCost, row.Bool("sellable") ?? before?.Sellable ?? true,
            row.Bool("active") ?? before?.Active ?? true, before?.Version ?? 1);
        if (item.Kind != ItemKind.Goods && (item.Tracking != Tracking.None || item.Valuation != Valuation.Average)) row.Refuse("kind", MasterRefusals.ValuationNeedsGoods);
        return item;
    }

    private static void CheckBarcodes(ImportRow row, Guid item, IReadOnlyList<string>? barcodes, Known known, Dictionary<string, long> barcodeIn)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var code in barcodes ?? [])
        {
            row.Refuse("barcodes", ItemMaster.Barcode(code, "/barcodes"));
            if (barcodeIn.TryGetValue(code, out var line)) row.Refuse("barcodes", "BARCODE_TAKEN", $"The barcode {code} is in line {line} too.");
            if (!seen.Add(code) || (known.BarcodeOwners.TryGetValue(code, out var owner) && owner != item)) row.Refuse("barcodes", "BARCODE_TAKEN", $"The barcode {code} is taken.");
        }
    }

    /// <summary>What the database has of the items and codes that a chunk names.</summary>
    private sealed class Known
    {
        public required Dictionary<string, Item> Items { get; init; }

        public required Dictionary<string, Guid> Categories { get; init; }

        public required Dictionary<string, int> Units { get; init; }

        public required Dictionary<string, Guid> TaxCodes { get; init; }

        public required Dictionary<string, Guid> BarcodeOwners { get; init; }

        public required HashSet<string> Booked { get; init; }

        public required HashSet<Guid> MappedCategories { get; init; }

        public required Dictionary<Guid, HashSet<string>> BarcodesOf { get; init; }

        public required ILookup<Guid, BarcodeState> OwnBarcodes { get; init; }

        public static async Task<Known> Read(Db db, IReadOnlyList<ImportRow> rows, CancellationToken ct)
        {
            var skus = rows.Select(row => row.Text("sku")!).ToList();
            var codes = rows.SelectMany(row => row.List("barcodes") ?? []).Distinct(StringComparer.Ordinal).ToList();
            var items = db.Later($"""
                select i.id, i.sku, i.name, i.category_id, i.unit_code, u.decimals, i.tax_code_id, i.kind, i.tracking, i.valuation, i.standard_cost, i.sellable, i.active, i.version
                from item i join unit_of_measure u on u.code = i.unit_code where i.sku {Sql.List(skus)}
                """, row => new Item(
                    row.Guid(0), row.Text(1), row.Text(2), row.Guid(3), row.Text(4), row.Int(5), row.Guid(6), Words.Read<ItemKind>(row.Text(7)), Words.Read<Tracking>(row.Text(8)),
                    Words.Read<Valuation>(row.Text(9)), row.LongOrNull(10) is { } cost ? new UnitPrice(cost) : null, row.Bool(11), row.Bool(12), row.Long(13)));
            var categories = db.Later($"select code, id from category", row => (Code: row.Text(0), Id: row.Guid(1)));
            var units = db.Later($"select code, decimals from unit_of_measure", row => (Code: row.Text(0), Decimals: row.Int(1)));
            var taxes = db.Later($"select code, id from tax_code", row => (Code: row.Text(0), Id: row.Guid(1)));
            var barcodes = db.Later($"""
                select barcode, item_id, factor, unit_name from item_barcode where barcode {Sql.List(codes)} or item_id in (select id from item where sku {Sql.List(skus)})
                """, row => (Code: row.Text(0), Item: row.Guid(1), Factor: row.Long(2), Unit: row.TextOrNull(3)));
            var booked = db.Later($"select code from unit where code {Sql.List(skus.Select(sku => "ITEM:" + sku))}", row => row.Text(0)["ITEM:".Length..]);
            var mapped = db.Later($"select category_id from account_rule where role = 'Inventory' and category_id <> ''", row => Guid.Parse(row.Text(0)));
            await db.Flush(ct);
            return new Known
            {
                Items = items.Value.ToDictionary(item => item.Sku, StringComparer.Ordinal),
                Categories = categories.Value.ToDictionary(row => row.Code, row => row.Id, StringComparer.Ordinal),
                Units = units.Value.ToDictionary(row => row.Code, row => row.Decimals, StringComparer.Ordinal),
                TaxCodes = taxes.Value.ToDictionary(row => row.Code, row => row.Id, StringComparer.Ordinal),
                BarcodeOwners = barcodes.Value.ToDictionary(row => row.Code, row => row.Item, StringComparer.Ordinal),
                BarcodesOf = barcodes.Value.GroupBy(row => row.Item).ToDictionary(group => group.Key, group => group.Select(row => row.Code).ToHashSet(StringComparer.Ordinal)),
                OwnBarcodes = barcodes.Value.ToLookup(row => row.Item, row => new BarcodeState(row.Code, row.Factor, row.Unit)),
                Booked = [.. booked.Value],
                MappedCategories = [.. mapped.Value],
            };
        }
    }
}
