using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Payments;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog;

/// <summary>Gives the catalogue as it stands. After a change only the items that moved are read again.</summary>
public sealed class CatalogueBook : IDisposable
{
    /// <summary>The area in <c>config_stamp</c>.</summary>
    public const string Area = "catalogue";

    private const string RemovedArea = "catalogue-removed";

    // Only the loader touches it, and the cache lets one loader in at a time.
    private CatalogueView? last;
    private long removed;

    /// <summary>A book over a database.</summary>
    public CatalogueBook(Database database, TimeProvider clock) => Cache = new(database, Area, clock, Load);

    /// <summary>The cache behind it.</summary>
    public StampedCache<CatalogueView> Cache { get; }

    /// <summary>The present catalogue.</summary>
    public async ValueTask<CatalogueView> Get(CancellationToken ct = default) => (await Cache.Get(ct)).Value;

    /// <summary>Moves the stamp; comes before everything that <see cref="Changed"/> marks in the same transaction.</summary>
    /// <remarks>On PostgreSQL the row of the stamp is a lock until the commit, so that stamps become visible in their order.</remarks>
    public void Touch(Tx tx) => Cache.Touch(tx);

    /// <summary>Marks items whose own row, barcodes or prices change in this transaction; <see cref="Touch"/> came before.</summary>
    public static void Changed(Tx tx, IReadOnlyCollection<Guid> items) =>
        tx.Stage($"update item set changed = (select stamp from config_stamp where area = {Area}) where id {Sql.List(items)}");

    /// <summary>Says that items are taken away in this transaction, so that all are read again; <see cref="Touch"/> came before.</summary>
    public static void Removed(Tx tx) => tx.Stage($"update config_stamp set stamp = stamp + 1 where area = {RemovedArea}");

    private async Task<CatalogueView> Load(Db db, CancellationToken ct)
    {
        // The stamp is read before what it stands for: what commits in between is read again at the next look, never missed.
        var stamp = await db.Number($"select stamp from config_stamp where area = {Area}", ct);
        var gone = await db.Number($"select stamp from config_stamp where area = {RemovedArea}", ct);
        var parts = await LoadParts(db, ct);
        var kept = last is not null && last.Stamp <= stamp && gone == removed && last.Parts.IsSameForItems(parts) ? last : null;
        var items = kept is null
            ? ItemTable.Of(await LoadItems(db, parts, null, ct))
            : kept.Items.With(await LoadItems(db, parts, kept.Stamp, ct));
        removed = gone;
        var same = kept is not null && kept.Parts.IsSameAs(parts);
        return last = new CatalogueView(same ? kept!.Parts : parts, items, stamp, same ? kept!.WholeSince : stamp);
    }

    private static async Task<CatalogueParts> LoadParts(Db db, CancellationToken ct)
    {
        var currency = db.Later($"select currency from company", row => row.Text(0));
        var categories = db.Later($"select id, code, name, parent_id, active, version from category order by code",
            row => new Category(row.Guid(0), row.Text(1), row.Text(2), row.GuidOrNull(3), row.Bool(4), row.Long(5)));
        var units = db.Later($"select code, name, decimals, version from unit_of_measure order by code",
            row => new UnitOfMeasure(row.Text(0), row.Text(1), row.Int(2), row.Long(3)));
        var codes = db.Later($"select id, code, name, category, exemption_reason, active, version from tax_code order by code",
            row => new CatalogueParts.TaxCodeRow(row.Guid(0), row.Text(1), row.Text(2), Enum.Parse<TaxCategory>(row.Text(3)), row.TextOrNull(4), row.Bool(5), row.Long(6)));
        var rates = db.Later($"select tax_code_id, seq, code, name, compound, valid_from, rate from tax_component order by tax_code_id, seq, valid_from",
            row => new CatalogueParts.TaxRateRow(row.Guid(0), row.Long(1), row.Text(2), row.Text(3), row.Bool(4), new DatedRate(row.Date(5), new Rate(row.Long(6)))));
        var lists = db.Later($"select id, code, name, currency, basis, is_base, branch_id, channel, active, version from price_list order by code",
            row => new PriceList(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4) == "net" ? TaxBasis.Net : TaxBasis.Gross, row.Bool(5),
                row.GuidOrNull(6), row.TextOrNull(7), row.Bool(8), row.Long(9)));
        var methods = db.Later($"""
            select code, name, type, rounding_step, rounding_mode, needs_reference, over_tender, refund_priority, max_amount, offline, active, version
            from payment_method order by refund_priority, code
            """, Method);
        var denominations = db.Later($"select currency, value from denomination order by currency, value", row => new Denomination(row.Text(0), row.Long(1)));
        await db.Flush(ct);
        return new CatalogueParts
        {
            Currency = currency.Value is [var only, ..] ? only : "USD",
            Categories = categories.Value,
            Units = units.Value,
            TaxCodeRows = codes.Value,
            TaxRateRows = rates.Value,
            PriceLists = lists.Value,
            Methods = methods.Value,
            Denominations = denominations.Value,
        };
    }

    private static PaymentMethod Method(Row row)
    {
        PaymentMethod.TryMode(row.Text(4), out var mode);
        return new PaymentMethod(
            row.Text(0), row.Text(1), Words.Read<PaymentType>(row.Text(2)), row.LongOrNull(3), mode, row.Bool(5), row.Bool(6), row.Long(7),
            row.LongOrNull(8), row.Bool(9), row.Bool(10), row.Long(11));
    }

    private static async Task<List<ItemCard>> LoadItems(Db db, CatalogueParts parts, long? since, CancellationToken ct)
    {
        var which = since is { } known ? (Sql)$" where changed > {known}" : Sql.Raw("");
        var whose = since is { } before ? (Sql)$" where item_id in (select id from item where changed > {before})" : Sql.Raw("");
        var codes = new Dictionary<string, UnitOfMeasure>(parts.UnitByCode, StringComparer.Ordinal);
        var items = db.Later(
            $"select id, sku, name, category_id, unit_code, tax_code_id, kind, tracking, valuation, standard_cost, sellable, active, changed, version from item{which}",
            row => (Item: ReadItem(row, codes), Changed: row.Long(12)));
        var barcodes = db.Later($"select item_id, barcode, factor, unit_name from item_barcode{whose} order by barcode",
            row => (Item: row.Guid(0), Barcode: new Barcode(row.Text(1), new Quantity(row.Long(2)), row.TextOrNull(3))));
        var prices = db.Later($"select item_id, id, price_list_id, price, min_quantity, valid_from, valid_to from price{whose}",
            row => (Item: row.Guid(0), Price: new Price(row.Guid(1), row.Guid(2), new UnitPrice(row.Long(3)), new Quantity(row.Long(4)), row.Date(5), row.DateOrNull(6))));
        await db.Flush(ct);

        var barcodesOf = Grouped(barcodes.Value.Select(pair => KeyValuePair.Create(pair.Item, pair.Barcode)));
        var pricesOf = Grouped(prices.Value.Select(pair => KeyValuePair.Create(pair.Item, pair.Price)));
        return [.. items.Value.Select(pair => new ItemCard(
            pair.Item, barcodesOf.TryGetValue(pair.Item.Id, out var own) ? [.. own] : [],
            pricesOf.TryGetValue(pair.Item.Id, out var priced) ? [.. priced] : [], pair.Changed))];
    }

    private static Item ReadItem(Row row, Dictionary<string, UnitOfMeasure> units)
    {
        // The unit's own text, so that a hundred thousand items do not each keep one. One made a moment ago is read with the next look.
        var code = row.Text(4);
        var unit = units.GetValueOrDefault(code) ?? new UnitOfMeasure(code, code, 0);
        return new Item(
            row.Guid(0), row.Text(1), row.Text(2), row.Guid(3), unit.Code, unit.Decimals, row.Guid(5), Words.Read<ItemKind>(row.Text(6)),
            Words.Read<Tracking>(row.Text(7)), Words.Read<Valuation>(row.Text(8)), row.LongOrNull(9) is { } cost ? new UnitPrice(cost) : null,
            row.Bool(10), row.Bool(11), row.Long(13));
    }

    private static Dictionary<Guid, List<T>> Grouped<T>(IEnumerable<KeyValuePair<Guid, T>> pairs)
    {
        var groups = new Dictionary<Guid, List<T>>();
        foreach (var (key, value) in pairs)
        {
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = new List<T>(1);
            group.Add(value);
        }

        return groups;
    }

    /// <inheritdoc/>
    public void Dispose() => Cache.Dispose();
}
