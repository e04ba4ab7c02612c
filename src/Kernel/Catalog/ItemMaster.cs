using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Search;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog;

/// <summary>A barcode as it is entered and told.</summary>
/// <param name="Code">What is read.</param>
/// <param name="Factor">How many stock units it stands for; one when it is left out.</param>
/// <param name="UnitName">What the pack is called, or null.</param>
public sealed record BarcodeWrite(string Code, Quantity? Factor = null, string? UnitName = null);

/// <summary>What is entered of an item.</summary>
/// <param name="Sku">Code of the item, unique; stays once goods were booked.</param>
/// <param name="Name">Name.</param>
/// <param name="CategoryId">Its category.</param>
/// <param name="Unit">Code of its stock unit.</param>
/// <param name="TaxCodeId">Its tax code.</param>
/// <param name="Kind">goods, service or charge.</param>
/// <param name="Tracking">none, lot or serial.</param>
/// <param name="Valuation">average or fifo.</param>
/// <param name="StandardCost">Estimated cost of one stock unit.</param>
/// <param name="Sellable">Whether it may be sold.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Barcodes">Its barcodes.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record ItemWrite(
    string Sku, string Name, Guid CategoryId, string Unit, Guid TaxCodeId, ItemKind Kind = ItemKind.Goods, Tracking Tracking = Tracking.None,
    Valuation Valuation = Valuation.Average, UnitPrice? StandardCost = null, bool Sellable = true, bool Active = true,
    IReadOnlyList<BarcodeWrite>? Barcodes = null, Guid? Id = null);

/// <summary>An item as the API tells it.</summary>
public sealed record ItemView(
    Guid Id, string Sku, string Name, Guid CategoryId, string Unit, int UnitDecimals, Guid TaxCodeId, ItemKind Kind, Tracking Tracking, Valuation Valuation,
    UnitPrice? StandardCost, bool Sellable, bool Active, IReadOnlyList<BarcodeWrite> Barcodes, long Version);

/// <summary>Items with their barcodes.</summary>
public sealed class ItemMaster(CatalogueBook book) : CatalogueMaster<ItemView, ItemWrite>(book)
{
    private const int MostBarcodes = 100;
    internal static readonly Table BarcodeRows = new("item_barcode", ("barcode", Storage.Kind.Text), ("item_id", Storage.Kind.Id), ("factor", Storage.Kind.Long), ("unit_name", Storage.Kind.Text));

    /// <inheritdoc/>
    public override string Thing => "item";

    /// <inheritdoc/>
    public override async Task<ItemView?> Find(Db db, string id, bool locked, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var key)) return null;
        var items = db.Later($"""
            select i.id, i.sku, i.name, i.category_id, i.unit_code, u.decimals, i.tax_code_id, i.kind, i.tracking, i.valuation, i.standard_cost, i.sellable, i.active, i.version
            from item i join unit_of_measure u on u.code = i.unit_code where i.id = {key}{(locked && db.Engine == Engine.Postgres ? Sql.Raw(" for update of i") : Sql.Raw(""))}
            """, row => new ItemView(
                row.Guid(0), row.Text(1), row.Text(2), row.Guid(3), row.Text(4), row.Int(5), row.Guid(6), Words.Read<ItemKind>(row.Text(7)), Words.Read<Tracking>(row.Text(8)),
                Words.Read<Valuation>(row.Text(9)), row.LongOrNull(10) is { } cost ? new UnitPrice(cost) : null, row.Bool(11), row.Bool(12), [], row.Long(13)));
        var barcodes = db.Later($"select barcode, factor, unit_name from item_barcode where item_id = {key} order by barcode",
            row => new BarcodeWrite(row.Text(0), new Quantity(row.Long(1)), row.TextOrNull(2)));
        await db.Flush(ct);
        return items.Value is [var only] ? only with { Barcodes = barcodes.Value } : null;
    }

    /// <inheritdoc/>
    public override async Task<MasterPage<ItemView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var view = await Book.Get(ct);
        var category = query.IdFilter("category");
        var rows = view.Search(query.Text, category, query.Active, after: Cursor.Read(query.After)).Take(query.Limit + 1).ToList();
        return new MasterPage<ItemView>(
            [.. rows.Take(query.Limit).Select(ViewOf)], rows.Count > query.Limit ? Cursor.Of(rows[query.Limit - 1].Item.Sku) : null,
            query.Total ? view.Search(query.Text, category, query.Active).LongCount() : null);
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(ItemView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override ItemWrite WriteOf(ItemView view) => new(
        view.Sku, view.Name, view.CategoryId, view.Unit, view.TaxCodeId, view.Kind, view.Tracking, view.Valuation, view.StandardCost, view.Sellable, view.Active, view.Barcodes, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<ItemView>> Insert(Tx tx, ItemWrite write, Stamp stamp, CancellationToken ct)
    {
        var id = write.Id ?? Guid.CreateVersion7(stamp.At);
        if (await Checked(tx, write, id, ct) is { } no) return no;
        tx.Stage($"""
            insert into item (id, sku, name, category_id, unit_code, tax_code_id, kind, tracking, valuation, standard_cost, sellable, active)
            values ({id}, {write.Sku}, {write.Name}, {write.CategoryId}, {write.Unit}, {write.TaxCodeId}, {write.Kind.Word()}, {write.Tracking.Word()},
              {write.Valuation.Word()}, {write.StandardCost?.Millionths}, {write.Sellable}, {write.Active})
            """);
        return await Written(tx, id, write, ct);
    }

    /// <inheritdoc/>
    public override async Task<Result<ItemView>> Change(Tx tx, ItemView before, ItemWrite write, Stamp stamp, CancellationToken ct)
    {
        if (await Checked(tx, write, before.Id, ct) is { } no) return no;
        if (await Fixed(tx, before, write, ct) is { } stays) return stays;
        tx.Stage($"""
            update item set sku = {write.Sku}, name = {write.Name}, category_id = {write.CategoryId}, unit_code = {write.Unit}, tax_code_id = {write.TaxCodeId},
              kind = {write.Kind.Word()}, tracking = {write.Tracking.Word()}, valuation = {write.Valuation.Word()}, standard_cost = {write.StandardCost?.Millionths},
              sellable = {write.Sellable}, active = {write.Active}, version = version + 1
            where id = {before.Id}
            """);
        tx.Stage($"delete from item_barcode where item_id = {before.Id}");
        return await Written(tx, before.Id, write, ct);
    }

    private async Task<Result<ItemView>> Written(Tx tx, Guid id, ItemWrite write, CancellationToken ct)
    {
        tx.Insert(BarcodeRows, [.. (write.Barcodes ?? []).Select(barcode => new object?[] { barcode.Code, id, (barcode.Factor ?? Quantity.One).Millionths, barcode.UnitName })]);
        SearchIndex.Stage(tx, [Named(id, write.Sku, write.Name), Coded(id, write.Sku, (write.Barcodes ?? []).Select(barcode => barcode.Code))]);
        CatalogueBook.Changed(tx, [id]);
        return (await Find(tx, id.ToString(), locked: false, ct))!;
    }

    /// <summary>An item is found by its code and the words of its name.</summary>
    public static SearchEntry Named(Guid id, string sku, string name) => new("item", id, "name", name, $"{sku} {name}");

    /// <summary>An item is found by its barcodes too.</summary>
    public static SearchEntry Coded(Guid id, string sku, IEnumerable<string> barcodes) => new("item", id, "codes", sku, $"{sku} {string.Join(' ', barcodes)}");

    private static async Task<Refusal?> Checked(Tx tx, ItemWrite item, Guid id, CancellationToken ct)
    {
        var barcodes = item.Barcodes ?? [];
        if (Check.First(Sku(item.Sku), Check.Text(item.Name, "/name"), Check.Between(barcodes.Count, 0, MostBarcodes, "/barcodes", $"between 0 and {MostBarcodes}"),
            Check.Between(item.StandardCost?.Millionths, 0, long.MaxValue, "/standardCost", "at zero or above")) is { } no) return no;
        if (item.Kind != ItemKind.Goods && (item.Tracking != Tracking.None || item.Valuation != Valuation.Average)) return MasterRefusals.ValuationNeedsGoods;
        for (var at = 0; at < barcodes.Count; at++)
        {
            if (Check.First(Barcode(barcodes[at].Code, $"/barcodes/{at}/code"), Check.Text(barcodes[at].UnitName, $"/barcodes/{at}/unitName", 40),
                Check.Between(barcodes[at].Factor?.Millionths, 1, 1_000_000_000_000, $"/barcodes/{at}/factor", "above zero and at most a million")) is { } wrong) return wrong;
            if (barcodes.Take(at).Any(other => other.Code == barcodes[at].Code)) return MasterRefusals.BarcodeTaken(barcodes[at].Code, at);
        }

        var units = tx.Later($"select code from unit_of_measure where code = {item.Unit}", row => row.Text(0));
        var categories = tx.Later($"select id from category where id = {item.CategoryId}", row => row.Guid(0));
        var taxes = tx.Later($"select id from tax_code where id = {item.TaxCodeId}", row => row.Guid(0));
        var skus = tx.Later($"select id from item where sku = {item.Sku} and id <> {id}", row => row.Guid(0));
        var codes = barcodes.Count == 0 ? null
            : tx.Later($"select barcode from item_barcode where item_id <> {id} and barcode {Sql.List(barcodes.Select(barcode => barcode.Code))}", row => row.Text(0));
        await tx.Flush(ct);
        return units.Value.Count == 0 ? MasterRefusals.UnitUnknown
            : categories.Value.Count == 0 ? MasterRefusals.CategoryUnknown
            : taxes.Value.Count == 0 ? MasterRefusals.TaxCodeUnknown
            : skus.Value.Count > 0 ? MasterRefusals.ItemSkuTaken
            : codes?.Value is [var taken, ..] ? MasterRefusals.BarcodeTaken(taken, barcodes.ToList().FindIndex(barcode => barcode.Code == taken))
            : null;
    }

    /// <summary>What the ledger has counted keeps its name, its unit and the accounts it stands on.</summary>
    private static async Task<Refusal?> Fixed(Tx tx, ItemView before, ItemWrite write, CancellationToken ct)
    {
        var renamed = write.Sku != before.Sku;
        var recounted = write.Unit != before.Unit || write.Kind != before.Kind || write.Tracking != before.Tracking || write.Valuation != before.Valuation;
        var moved = write.CategoryId != before.CategoryId;
        if (!renamed && !recounted && !moved) return null;
        if (await tx.Number($"select count(*) from unit where code = {"ITEM:" + before.Sku}", ct) == 0) return null;
        if (renamed) return MasterRefusals.ItemSkuFixed;
        if (recounted) return MasterRefusals.ItemBooked;
        var mapped = await tx.Number($"""
            select count(*) from account_rule where role = 'Inventory' and category_id {Sql.List([before.CategoryId.ToString("D"), write.CategoryId.ToString("D")])}
            """, ct);
        return mapped > 0 ? MasterRefusals.ItemCategoryFixed : null;
    }

    internal static Refusal? Sku(string sku) => Check.Text(sku, "/sku", 64) ?? (sku.Contains(' ', StringComparison.Ordinal) ? MasterRefusals.CodeInvalid("/sku") : null);

    internal static Refusal? Barcode(string code, string at) => Check.Text(code, at, 64) ?? (code.Contains(' ', StringComparison.Ordinal) ? MasterRefusals.CodeInvalid(at) : null);

    private static ItemView ViewOf(ItemCard card)
    {
        var item = card.Item;
        return new ItemView(
            item.Id, item.Sku, item.Name, item.CategoryId, item.Unit, item.Decimals, item.TaxCodeId, item.Kind, item.Tracking, item.Valuation, item.StandardCost,
            item.Sellable, item.Active, [.. card.Barcodes.Select(barcode => new BarcodeWrite(barcode.Code, barcode.Factor, barcode.UnitName))], item.Version);
    }
}
