using System.Globalization;
using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Organisation;

/// <summary>The company as the API tells it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Currency">Currency code of its books.</param>
/// <param name="Exponent">Decimals of the currency's minor unit.</param>
/// <param name="TaxRounding">Where tax is rounded: document or line.</param>
/// <param name="Version">Version, for changes.</param>
public sealed record CompanyView(string Name, string Currency, int Exponent, string TaxRounding, long Version);

/// <summary>What is entered of the company.</summary>
/// <param name="Name">Name.</param>
/// <param name="Currency">Currency code of its books; stays once something is booked.</param>
/// <param name="TaxRounding">document or line.</param>
public sealed record CompanyWrite(string Name, string Currency, string TaxRounding = "document");

/// <summary>A branch as the API tells it.</summary>
public sealed record BranchView(Guid Id, string Code, string Name, string TimeZone, string Region, bool Active, long Version);

/// <summary>What is entered of a branch.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="TimeZone">A name of the IANA database, such as <c>Africa/Nairobi</c>.</param>
/// <param name="Region">Country or part of it, such as <c>DE</c> or <c>US-CA</c>.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record BranchWrite(string Code, string Name, string TimeZone, string Region = "", bool Active = true, Guid? Id = null);

/// <summary>A warehouse as the API tells it.</summary>
public sealed record WarehouseView(Guid Id, Guid BranchId, string Code, string Name, bool Active, long Version);

/// <summary>What is entered of a warehouse.</summary>
public sealed record WarehouseWrite(Guid BranchId, string Code, string Name, bool Active = true, Guid? Id = null);

/// <summary>A terminal as the API tells it.</summary>
public sealed record TerminalView(Guid Id, Guid BranchId, Guid WarehouseId, string Code, string Name, string Basis, Guid? PriceListId, bool Active, long Version);

/// <summary>What is entered of a terminal.</summary>
/// <param name="BranchId">Its branch.</param>
/// <param name="WarehouseId">Where its goods come from; of the same branch.</param>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Basis">gross: prices shown include tax; net: they do not.</param>
/// <param name="PriceListId">Its own price list, or null.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record TerminalWrite(
    Guid BranchId, Guid WarehouseId, string Code, string Name, string Basis = "gross", Guid? PriceListId = null, bool Active = true, Guid? Id = null);

/// <summary>What branches, warehouses and terminals have in common.</summary>
/// <inheritdoc cref="Master{TView, TWrite}"/>
public abstract class OrganisationMaster<TView, TWrite>(OrganisationBook book) : Master<TView, TWrite>
    where TView : class
    where TWrite : class
{
    /// <inheritdoc/>
    public override string Function => "kernel.organisation";

    /// <inheritdoc/>
    public override void Touch(Tx tx) => book.Cache.Touch(tx);
}

/// <summary>The company: one, known by the id <c>company</c>; made by the first start.</summary>
public sealed class CompanyMaster(OrganisationBook book) : OrganisationMaster<CompanyView, CompanyWrite>(book)
{
    /// <inheritdoc/>
    public override string Thing => "company";

    /// <inheritdoc/>
    public override Task<CompanyView?> Find(Db db, string id, bool locked, CancellationToken ct) => db.First(
        $"select name, currency, exponent, tax_rounding, version from company{Lock(db, locked)}",
        row => new CompanyView(row.Text(0), row.Text(1), row.Int(2), row.Text(3), row.Long(4)), ct);

    /// <inheritdoc/>
    public override async Task<MasterPage<CompanyView>> List(Db db, MasterQuery query, CancellationToken ct) =>
        new(await Find(db, "company", false, ct) is { } only ? [only] : []);

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(CompanyView view) => ("company", null, view.Version);

    /// <inheritdoc/>
    public override CompanyWrite WriteOf(CompanyView view) => new(view.Name, view.Currency, view.TaxRounding);

    /// <inheritdoc/>
    public override Task<Result<CompanyView>> Insert(Tx tx, CompanyWrite write, Stamp stamp, CancellationToken ct) =>
        throw new InvariantBrokenException("There is one company, made by the first start.");

    /// <inheritdoc/>
    public override async Task<Result<CompanyView>> Change(Tx tx, CompanyView before, CompanyWrite write, Stamp stamp, CancellationToken ct)
    {
        if (Check.First(Check.Text(write.Name, "/name"), Check.OneOf(write.TaxRounding, "/taxRounding", "document", "line")) is { } no) return no;
        if (!Currencies.TryOf(write.Currency, out var currency)) return MasterRefusals.CurrencyUnknown;
        if (write.Currency != before.Currency && await tx.Number($"select count(*) from (select 1 from ledger_transaction limit 1) booked", ct) > 0) return MasterRefusals.CurrencyFixed;
        var after = new CompanyView(write.Name, currency.Code, currency.Exponent, write.TaxRounding, before.Version + 1);
        tx.Stage($"update company set name = {after.Name}, currency = {after.Currency}, exponent = {after.Exponent}, tax_rounding = {after.TaxRounding}, version = {after.Version}");
        return after;
    }
}

/// <summary>Branches.</summary>
public sealed class BranchMaster(OrganisationBook book) : OrganisationMaster<BranchView, BranchWrite>(book)
{
    private const string Columns = "select id, code, name, time_zone, region, active, version from branch";

    /// <inheritdoc/>
    public override string Thing => "branch";

    /// <inheritdoc/>
    public override async Task<BranchView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <inheritdoc/>
    public override async Task<MasterPage<BranchView>> List(Db db, MasterQuery query, CancellationToken ct) =>
        PageOf(await db.Query(Sql.Raw(Columns), row => Read(row), ct), query, row => row.Code, row => $"{row.Code} {row.Name} {row.Region}", row => row.Active);

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(BranchView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override BranchWrite WriteOf(BranchView view) => new(view.Code, view.Name, view.TimeZone, view.Region, view.Active, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<BranchView>> Insert(Tx tx, BranchWrite write, Stamp stamp, CancellationToken ct)
    {
        var made = new BranchView(write.Id ?? Guid.CreateVersion7(stamp.At), write.Code, write.Name, write.TimeZone, write.Region, write.Active, 1);
        if (await Checked(tx, made, ct) is { } no) return no;
        tx.Stage($"insert into branch (id, code, name, time_zone, region, active) values ({made.Id}, {made.Code}, {made.Name}, {made.TimeZone}, {made.Region}, {made.Active})");
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<BranchView>> Change(Tx tx, BranchView before, BranchWrite write, Stamp stamp, CancellationToken ct)
    {
        var after = new BranchView(before.Id, write.Code, write.Name, write.TimeZone, write.Region, write.Active, before.Version + 1);
        if (await Checked(tx, after, ct) is { } no) return no;
        if (before.Active && !after.Active && await tx.Number($"""
            select (select count(*) from terminal where branch_id = {after.Id} and active) + (select count(*) from warehouse where branch_id = {after.Id} and active)
            """, ct) > 0) return MasterRefusals.BranchInUse;
        tx.Stage($"""
            update branch set code = {after.Code}, name = {after.Name}, time_zone = {after.TimeZone}, region = {after.Region}, active = {after.Active}, version = {after.Version}
            where id = {after.Id}
            """);
        return after;
    }

    /// <summary>Whether a text is a time zone of the IANA database that this machine knows.</summary>
    public static bool IsTimeZone(string name) =>
        name.Length is > 0 and <= 64 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '+')
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;

    private static async Task<Refusal?> Checked(Tx tx, BranchView branch, CancellationToken ct) =>
        Check.First(Check.Code(branch.Code), Check.Text(branch.Name, "/name"), branch.Region.Length == 0 ? null : Check.Code(branch.Region, "/region"))
        ?? (!IsTimeZone(branch.TimeZone) ? MasterRefusals.TimeZoneUnknown
            : await Check.Taken(tx, "branch", "code", branch.Code, branch.Id, ct) ? MasterRefusals.CodeTaken("/code") : null);

    private static BranchView Read(Row row) => new(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Bool(5), row.Long(6));
}

/// <summary>Warehouses.</summary>
public sealed class WarehouseMaster(OrganisationBook book) : OrganisationMaster<WarehouseView, WarehouseWrite>(book)
{
    private const string Columns = "select id, branch_id, code, name, active, version from warehouse";

    /// <inheritdoc/>
    public override string Thing => "warehouse";

    /// <inheritdoc/>
    public override async Task<WarehouseView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <inheritdoc/>
    public override async Task<MasterPage<WarehouseView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var rows = await db.Query(Sql.Raw(Columns), row => Read(row), ct);
        if (query.IdFilter("branch") is { } branch) rows = rows.FindAll(row => row.BranchId == branch);
        return PageOf(rows, query, row => row.Code, row => $"{row.Code} {row.Name}", row => row.Active);
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(WarehouseView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override WarehouseWrite WriteOf(WarehouseView view) => new(view.BranchId, view.Code, view.Name, view.Active, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<WarehouseView>> Insert(Tx tx, WarehouseWrite write, Stamp stamp, CancellationToken ct)
    {
        var made = new WarehouseView(write.Id ?? Guid.CreateVersion7(stamp.At), write.BranchId, write.Code, write.Name, write.Active, 1);
        if (await Checked(tx, made, ct) is { } no) return no;
        tx.Stage($"insert into warehouse (id, branch_id, code, name, active) values ({made.Id}, {made.BranchId}, {made.Code}, {made.Name}, {made.Active})");
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<WarehouseView>> Change(Tx tx, WarehouseView before, WarehouseWrite write, Stamp stamp, CancellationToken ct)
    {
        var after = new WarehouseView(before.Id, write.BranchId, write.Code, write.Name, write.Active, before.Version + 1);
        if (await Checked(tx, after, ct) is { } no) return no;
        if ((after.BranchId != before.BranchId || (before.Active && !after.Active)) && await InUse(tx, before.Id, ct)) return MasterRefusals.WarehouseInUse;
        tx.Stage($"update warehouse set branch_id = {after.BranchId}, code = {after.Code}, name = {after.Name}, active = {after.Active}, version = {after.Version} where id = {after.Id}");
        return after;
    }

    private static async Task<bool> InUse(Tx tx, Guid id, CancellationToken ct)
    {
        var subject = id.ToString("D", CultureInfo.InvariantCulture);
        return await tx.Number($"""
            select (select count(*) from terminal where warehouse_id = {id} and active)
              + (select count(*) from account a join balance b on b.account_id = a.id
                 where a.role = 'store' and b.amount <> 0 and (a.subject = {subject} or a.subject like {subject + "/%"}))
            """, ct) > 0;
    }

    private static async Task<Refusal?> Checked(Tx tx, WarehouseView warehouse, CancellationToken ct) =>
        Check.First(Check.Code(warehouse.Code), Check.Text(warehouse.Name, "/name"))
        ?? (!await Check.Exists(tx, "branch", warehouse.BranchId, ct) ? MasterRefusals.BranchUnknown
            : await Check.Taken(tx, "warehouse", "code", warehouse.Code, warehouse.Id, ct) ? MasterRefusals.CodeTaken("/code") : null);

    private static WarehouseView Read(Row row) => new(row.Guid(0), row.Guid(1), row.Text(2), row.Text(3), row.Bool(4), row.Long(5));
}

/// <summary>Terminals.</summary>
public sealed class TerminalMaster(OrganisationBook book) : OrganisationMaster<TerminalView, TerminalWrite>(book)
{
    private const string Columns = "select id, branch_id, warehouse_id, code, name, basis, price_list_id, active, version from terminal";

    /// <inheritdoc/>
    public override string Thing => "terminal";

    /// <inheritdoc/>
    public override async Task<TerminalView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <inheritdoc/>
    public override async Task<MasterPage<TerminalView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var rows = await db.Query(Sql.Raw(Columns), row => Read(row), ct);
        if (query.IdFilter("branch") is { } branch) rows = rows.FindAll(row => row.BranchId == branch);
        return PageOf(rows, query, row => row.Code, row => $"{row.Code} {row.Name}", row => row.Active);
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(TerminalView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override TerminalWrite WriteOf(TerminalView view) =>
        new(view.BranchId, view.WarehouseId, view.Code, view.Name, view.Basis, view.PriceListId, view.Active, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<TerminalView>> Insert(Tx tx, TerminalWrite write, Stamp stamp, CancellationToken ct)
    {
        var made = View(write.Id ?? Guid.CreateVersion7(stamp.At), write, 1);
        if (await Checked(tx, made, ct) is { } no) return no;
        tx.Stage($"""
            insert into terminal (id, branch_id, warehouse_id, code, name, basis, price_list_id, active)
            values ({made.Id}, {made.BranchId}, {made.WarehouseId}, {made.Code}, {made.Name}, {made.Basis}, {made.PriceListId}, {made.Active})
            """);
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<TerminalView>> Change(Tx tx, TerminalView before, TerminalWrite write, Stamp stamp, CancellationToken ct)
    {
        var after = View(before.Id, write, before.Version + 1);
        if (await Checked(tx, after, ct) is { } no) return no;
        var moves = after.BranchId != before.BranchId || after.WarehouseId != before.WarehouseId || after.Basis != before.Basis || (before.Active && !after.Active);
        if (moves && await tx.Number($"select count(*) from work_session where terminal_id = {after.Id} and state <> 'closed'", ct) > 0) return MasterRefusals.TerminalShiftOpen;
        tx.Stage($"""
            update terminal set branch_id = {after.BranchId}, warehouse_id = {after.WarehouseId}, code = {after.Code}, name = {after.Name}, basis = {after.Basis},
              price_list_id = {after.PriceListId}, active = {after.Active}, version = {after.Version}
            where id = {after.Id}
            """);
        return after;
    }

    private static async Task<Refusal?> Checked(Tx tx, TerminalView terminal, CancellationToken ct)
    {
        if (Check.First(Check.Code(terminal.Code), Check.Text(terminal.Name, "/name"), Check.OneOf(terminal.Basis, "/basis", "gross", "net")) is { } no) return no;
        if (!await Check.Exists(tx, "branch", terminal.BranchId, ct)) return MasterRefusals.BranchUnknown;
        var branch = await tx.Query($"select branch_id from warehouse where id = {terminal.WarehouseId}", row => row.Guid(0), ct);
        if (branch.Count == 0) return MasterRefusals.WarehouseUnknown;
        if (branch[0] != terminal.BranchId) return MasterRefusals.WarehouseElsewhere;
        if (terminal.PriceListId is { } list && !await Check.Exists(tx, "price_list", list, ct)) return MasterRefusals.PriceListUnknown;
        return await Check.Taken(tx, "terminal", "code", terminal.Code, terminal.Id, ct) ? MasterRefusals.CodeTaken("/code") : null;
    }

    private static TerminalView View(Guid id, TerminalWrite write, long version) =>
        new(id, write.BranchId, write.WarehouseId, write.Code, write.Name, write.Basis, write.PriceListId, write.Active, version);

    private static TerminalView Read(Row row) =>
        new(row.Guid(0), row.Guid(1), row.Guid(2), row.Text(3), row.Text(4), row.Text(5), row.GuidOrNull(6), row.Bool(7), row.Long(8));
}
