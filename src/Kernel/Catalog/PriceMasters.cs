using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog;

/// <summary>A price list as the API tells it.</summary>
public sealed record PriceListView(
    Guid Id, string Code, string Name, string Currency, string Basis, bool IsBase, Guid? BranchId, string? Channel, bool Active, long Version);

/// <summary>What is entered of a price list.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Currency">Currency code of its prices; the company's when it is left out.</param>
/// <param name="Basis">gross: prices include tax; net: they do not.</param>
/// <param name="IsBase">Whether it is the list for everyone.</param>
/// <param name="BranchId">Only for this branch, or null.</param>
/// <param name="Channel">Only for this channel, or null.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record PriceListWrite(
    string Code, string Name, string? Currency = null, string Basis = "gross", bool IsBase = false, Guid? BranchId = null, string? Channel = null, bool Active = true, Guid? Id = null);

/// <summary>A row of a price list as the API tells it.</summary>
public sealed record PriceView(Guid Id, Guid PriceListId, Guid ItemId, UnitPrice Price, Quantity MinQuantity, DateOnly ValidFrom, DateOnly? ValidTo, long Version);

/// <summary>What is entered of a price.</summary>
/// <param name="PriceListId">The list.</param>
/// <param name="ItemId">The item.</param>
/// <param name="Price">Price of one stock unit.</param>
/// <param name="ValidFrom">First day; today when it is left out.</param>
/// <param name="MinQuantity">From this quantity on.</param>
/// <param name="ValidTo">First day without it, or null.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record PriceWrite(Guid PriceListId, Guid ItemId, UnitPrice Price, DateOnly? ValidFrom = null, Quantity? MinQuantity = null, DateOnly? ValidTo = null, Guid? Id = null);

/// <summary>Price lists.</summary>
public sealed class PriceListMaster(CatalogueBook book) : CatalogueMaster<PriceListView, PriceListWrite>(book)
{
    private const string Columns = "select id, code, name, currency, basis, is_base, branch_id, channel, active, version from price_list";

    /// <inheritdoc/>
    public override string Thing => "price-list";

    /// <inheritdoc/>
    public override async Task<PriceListView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <inheritdoc/>
    public override async Task<MasterPage<PriceListView>> List(Db db, MasterQuery query, CancellationToken ct) =>
        PageOf(await db.Query(Sql.Raw(Columns), row => Read(row), ct), query, row => row.Code, row => $"{row.Code} {row.Name} {row.Channel}", row => row.Active);

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(PriceListView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override PriceListWrite WriteOf(PriceListView view) =>
        new(view.Code, view.Name, view.Currency, view.Basis, view.IsBase, view.BranchId, view.Channel, view.Active, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<PriceListView>> Insert(Tx tx, PriceListWrite write, Stamp stamp, CancellationToken ct)
    {
        var made = View(write.Id ?? Guid.CreateVersion7(stamp.At), write, write.Currency ?? await tx.First($"select currency from company", row => row.Text(0), ct) ?? "", 1);
        if (await Checked(tx, made, ct) is { } no) return no;
        tx.Stage($"""
            insert into price_list (id, code, name, currency, basis, is_base, branch_id, channel, active)
            values ({made.Id}, {made.Code}, {made.Name}, {made.Currency}, {made.Basis}, {made.IsBase}, {made.BranchId}, {made.Channel}, {made.Active})
            """);
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<PriceListView>> Change(Tx tx, PriceListView before, PriceListWrite write, Stamp stamp, CancellationToken ct)
    {
        var after = View(before.Id, write, write.Currency ?? before.Currency, before.Version + 1);
        if (await Checked(tx, after, ct) is { } no) return no;
        if (after.Currency != before.Currency && await tx.Number($"select count(*) from (select 1 from price where price_list_id = {after.Id} limit 1) priced", ct) > 0)
            return MasterRefusals.ListCurrencyFixed;
        tx.Stage($"""
            update price_list set code = {after.Code}, name = {after.Name}, currency = {after.Currency}, basis = {after.Basis}, is_base = {after.IsBase},
              branch_id = {after.BranchId}, channel = {after.Channel}, active = {after.Active}, version = {after.Version}
            where id = {after.Id}
            """);
        return after;
    }

    private static async Task<Refusal?> Checked(Tx tx, PriceListView list, CancellationToken ct)
    {
        if (Check.First(Check.Code(list.Code), Check.Text(list.Name, "/name"), Check.OneOf(list.Basis, "/basis", "gross", "net"),
            list.Channel is { } channel ? Check.Code(channel, "/channel") : null) is { } no) return no;
        if (!Currencies.TryOf(list.Currency, out _)) return MasterRefusals.CurrencyUnknown;
        if (list.IsBase && (list.BranchId is not null || list.Channel is not null)) return MasterRefusals.BaseListForAll;
        if (list.BranchId is { } branch && !await Check.Exists(tx, "branch", branch, ct)) return MasterRefusals.BranchUnknown;
        if (await Check.Taken(tx, "price_list", "code", list.Code, list.Id, ct)) return MasterRefusals.CodeTaken("/code");
        return list is { IsBase: true, Active: true }
            && await tx.Number($"select count(*) from price_list where is_base and active and currency = {list.Currency} and id <> {list.Id}", ct) > 0
            ? MasterRefusals.BaseListTaken : null;
    }

    private static PriceListView View(Guid id, PriceListWrite write, string currency, long version) =>
        new(id, write.Code, write.Name, currency, write.Basis, write.IsBase, write.BranchId, write.Channel, write.Active, version);

    private static PriceListView Read(Row row) => new(
        row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Bool(5), row.GuidOrNull(6), row.TextOrNull(7), row.Bool(8), row.Long(9));
}

/// <summary>Prices: rows of price lists.</summary>
public sealed class PriceMaster(CatalogueBook book) : CatalogueMaster<PriceView, PriceWrite>(book)
{
    private const string Columns = "select id, price_list_id, item_id, price, min_quantity, valid_from, valid_to, version from price";

    /// <inheritdoc/>
    public override string Thing => "price";

    /// <inheritdoc/>
    public override async Task<PriceView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <summary>Prices by id; filters <c>item</c> and <c>list</c>.</summary>
    public override async Task<MasterPage<PriceView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var parts = new List<Sql> { Sql.Raw("1 = 1") };
        if (query.IdFilter("item") is { } item) parts.Add($"item_id = {item}");
        if (query.IdFilter("list") is { } list) parts.Add($"price_list_id = {list}");
        var total = query.Total ? db.Later($"select count(*) from price where {Sql.Join(" and ", parts)}", row => row.Long(0)) : null;
        if (Guid.TryParse(Cursor.Read(query.After), out var after)) parts.Add($"id > {after}");
        var rows = await db.Query($"{Sql.Raw(Columns)} where {Sql.Join(" and ", parts)} order by id limit {query.Limit + 1}", row => Read(row), ct);
        return new MasterPage<PriceView>([.. rows.Take(query.Limit)], rows.Count > query.Limit ? Cursor.Of(rows[query.Limit - 1].Id.ToString()) : null, total?.Value[0]);
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(PriceView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override PriceWrite WriteOf(PriceView view) => new(view.PriceListId, view.ItemId, view.Price, view.ValidFrom, view.MinQuantity, view.ValidTo, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<PriceView>> Insert(Tx tx, PriceWrite write, Stamp stamp, CancellationToken ct)
    {
        var made = View(write.Id ?? Guid.CreateVersion7(stamp.At), write, stamp, 1);
        if (await Checked(tx, made, ct) is { } no) return no;
        tx.Stage($"""
            insert into price (id, price_list_id, item_id, price, min_quantity, valid_from, valid_to)
            values ({made.Id}, {made.PriceListId}, {made.ItemId}, {made.Price.Millionths}, {made.MinQuantity.Millionths}, {made.ValidFrom}, {made.ValidTo})
            """);
        CatalogueBook.Changed(tx, [made.ItemId]);
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<PriceView>> Change(Tx tx, PriceView before, PriceWrite write, Stamp stamp, CancellationToken ct)
    {
        var after = View(before.Id, write, stamp, before.Version + 1);
        if (await Checked(tx, after, ct) is { } no) return no;
        tx.Stage($"""
            update price set price_list_id = {after.PriceListId}, item_id = {after.ItemId}, price = {after.Price.Millionths}, min_quantity = {after.MinQuantity.Millionths},
              valid_from = {after.ValidFrom}, valid_to = {after.ValidTo}, version = {after.Version}
            where id = {after.Id}
            """);
        CatalogueBook.Changed(tx, [before.ItemId, after.ItemId]);
        return after;
    }

    private static async Task<Refusal?> Checked(Tx tx, PriceView price, CancellationToken ct)
    {
        if (Check.First(Check.Between(price.Price.Millionths, 0, long.MaxValue, "/price", "at zero or above"),
            Check.Between(price.MinQuantity.Millionths, 0, long.MaxValue, "/minQuantity", "at zero or above")) is { } no) return no;
        if (price.ValidTo is { } end && end <= price.ValidFrom) return MasterRefusals.PriceDatesInvalid;
        if (!await Check.Exists(tx, "price_list", price.PriceListId, ct)) return MasterRefusals.PriceListUnknown;
        if (!await Check.Exists(tx, "item", price.ItemId, ct)) return MasterRefusals.ItemUnknown;
        return await tx.Number($"""
            select count(*) from price where price_list_id = {price.PriceListId} and item_id = {price.ItemId} and valid_from = {price.ValidFrom}
              and min_quantity = {price.MinQuantity.Millionths} and id <> {price.Id}
            """, ct) > 0 ? MasterRefusals.PriceRowTaken : null;
    }

    private static PriceView View(Guid id, PriceWrite write, Stamp stamp, long version) => new(
        id, write.PriceListId, write.ItemId, write.Price, write.MinQuantity ?? Quantity.Zero, write.ValidFrom ?? stamp.BusinessDate, write.ValidTo, version);

    private static PriceView Read(Row row) => new(
        row.Guid(0), row.Guid(1), row.Guid(2), new UnitPrice(row.Long(3)), new Quantity(row.Long(4)), row.Date(5), row.DateOrNull(6), row.Long(7));
}
