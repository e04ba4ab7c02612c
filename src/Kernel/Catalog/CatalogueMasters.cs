using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog;

/// <summary>What is entered of a category.</summary>
public sealed record CategoryWrite(string Code, string Name, Guid? ParentId = null, bool Active = true, Guid? Id = null);

/// <summary>What is entered of a unit of measure.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Decimals">How many decimals a quantity may have, 0 to 6.</param>
public sealed record UnitWrite(string Code, string Name, int Decimals);

/// <summary>A rate of a tax component from a day on.</summary>
/// <param name="From">First day.</param>
/// <param name="Rate">The rate: 0.2 is 20 %.</param>
public sealed record TaxRateWrite(DateOnly From, Rate Rate);

/// <summary>One tax within a code.</summary>
/// <param name="Code">Short code; accounts are determined by it.</param>
/// <param name="Name">What documents call it.</param>
/// <param name="Rates">Its rates by date.</param>
/// <param name="Compound">Whether it is also taken on the components before it.</param>
public sealed record TaxComponentWrite(string Code, string Name, IReadOnlyList<TaxRateWrite> Rates, bool Compound = false);

/// <summary>What is entered of a tax code.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Category">Category of EN 16931: S, Z, E, AE, K, G or O.</param>
/// <param name="Components">Its components, in the order in which they are taken.</param>
/// <param name="ExemptionReason">Why there is no tax.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record TaxCodeWrite(
    string Code, string Name, string Category, IReadOnlyList<TaxComponentWrite> Components, string? ExemptionReason = null, bool Active = true, Guid? Id = null);

/// <summary>A tax code as the API tells it.</summary>
public sealed record TaxCodeView(
    Guid Id, string Code, string Name, string Category, IReadOnlyList<TaxComponentWrite> Components, string? ExemptionReason, bool Active, long Version);

/// <summary>What all master data of the catalogue has in common.</summary>
/// <inheritdoc cref="Master{TView, TWrite}"/>
public abstract class CatalogueMaster<TView, TWrite>(CatalogueBook book) : Master<TView, TWrite>
    where TView : class
    where TWrite : class
{
    /// <summary>The book that is read.</summary>
    protected CatalogueBook Book => book;

    /// <inheritdoc/>
    public override string Function => "kernel.catalogue";

    /// <inheritdoc/>
    public override string CreateAction => "create";

    /// <inheritdoc/>
    public override string UpdateAction => "update";

    /// <inheritdoc/>
    public override void Touch(Tx tx) => book.Touch(tx);
}

/// <summary>Categories.</summary>
public sealed class CategoryMaster(CatalogueBook book) : CatalogueMaster<Category, CategoryWrite>(book)
{
    private const string Columns = "select id, code, name, parent_id, active, version from category";

    /// <inheritdoc/>
    public override string Thing => "category";

    /// <inheritdoc/>
    public override async Task<Category?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) ? await db.First($"{Sql.Raw(Columns)} where id = {key}{Lock(db, locked)}", row => Read(row), ct) : null;

    /// <inheritdoc/>
    public override async Task<MasterPage<Category>> List(Db db, MasterQuery query, CancellationToken ct) =>
        PageOf(await db.Query(Sql.Raw(Columns), row => Read(row), ct), query, row => row.Code, row => $"{row.Code} {row.Name}", row => row.Active);

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(Category view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override CategoryWrite WriteOf(Category view) => new(view.Code, view.Name, view.ParentId, view.Active, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<Category>> Insert(Tx tx, CategoryWrite write, Stamp stamp, CancellationToken ct)
    {
        var made = new Category(write.Id ?? Guid.CreateVersion7(stamp.At), write.Code, write.Name, write.ParentId, write.Active);
        if (await Checked(tx, made, ct) is { } no) return no;
        tx.Stage($"insert into category (id, code, name, parent_id, active) values ({made.Id}, {made.Code}, {made.Name}, {made.ParentId}, {made.Active})");
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<Category>> Change(Tx tx, Category before, CategoryWrite write, Stamp stamp, CancellationToken ct)
    {
        var after = new Category(before.Id, write.Code, write.Name, write.ParentId, write.Active, before.Version + 1);
        if (await Checked(tx, after, ct) is { } no) return no;
        tx.Stage($"update category set code = {after.Code}, name = {after.Name}, parent_id = {after.ParentId}, active = {after.Active}, version = {after.Version} where id = {after.Id}");
        return after;
    }

    private static async Task<Refusal?> Checked(Tx tx, Category category, CancellationToken ct)
    {
        if (Check.First(Check.Code(category.Code), Check.Text(category.Name, "/name")) is { } no) return no;
        if (await Check.Taken(tx, "category", "code", category.Code, category.Id, ct)) return MasterRefusals.CodeTaken("/code");
        if (category.ParentId is not { } parent) return null;
        var parents = (await tx.Query($"select id, parent_id from category", row => (Id: row.Guid(0), Parent: row.GuidOrNull(1)), ct)).ToDictionary(row => row.Id, row => row.Parent);
        if (parent != category.Id && !parents.ContainsKey(parent)) return MasterRefusals.CategoryUnknown with { At = "/parentId" };
        for (Guid? above = parent; above is { } at; above = parents.GetValueOrDefault(at))
            if (at == category.Id) return MasterRefusals.CategoryCycle;
        return null;
    }

    private static Category Read(Row row) => new(row.Guid(0), row.Text(1), row.Text(2), row.GuidOrNull(3), row.Bool(4), row.Long(5));
}

/// <summary>Units of measure, known by their code.</summary>
public sealed class UnitMaster(CatalogueBook book) : CatalogueMaster<UnitOfMeasure, UnitWrite>(book)
{
    private const string Columns = "select code, name, decimals, version from unit_of_measure";

    /// <inheritdoc/>
    public override string Thing => "unit-of-measure";

    /// <inheritdoc/>
    public override Task<UnitOfMeasure?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        db.First($"{Sql.Raw(Columns)} where code = {id}{Lock(db, locked)}", row => Read(row), ct);

    /// <inheritdoc/>
    public override async Task<MasterPage<UnitOfMeasure>> List(Db db, MasterQuery query, CancellationToken ct) =>
        PageOf(await db.Query(Sql.Raw(Columns), row => Read(row), ct), query, row => row.Code, row => $"{row.Code} {row.Name}");

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(UnitOfMeasure view) => (view.Code, null, view.Version);

    /// <inheritdoc/>
    public override UnitWrite WriteOf(UnitOfMeasure view) => new(view.Code, view.Name, view.Decimals);

    /// <inheritdoc/>
    public override async Task<Result<UnitOfMeasure>> Insert(Tx tx, UnitWrite write, Stamp stamp, CancellationToken ct)
    {
        if (Checked(write) is { } no) return no;
        if (await tx.Number($"select count(*) from unit_of_measure where code = {write.Code}", ct) > 0) return MasterRefusals.CodeTaken("/code");
        tx.Stage($"insert into unit_of_measure (code, name, decimals) values ({write.Code}, {write.Name}, {write.Decimals})");
        return new UnitOfMeasure(write.Code, write.Name, write.Decimals);
    }

    /// <inheritdoc/>
    public override async Task<Result<UnitOfMeasure>> Change(Tx tx, UnitOfMeasure before, UnitWrite write, Stamp stamp, CancellationToken ct)
    {
        if (Checked(write) is { } no) return no;
        if (write.Code != before.Code) return MasterRefusals.UnitInUse with { At = "/code" };
        if (write.Decimals != before.Decimals && await tx.Number($"select count(*) from (select 1 from item where unit_code = {before.Code} limit 1) used", ct) > 0)
            return MasterRefusals.UnitInUse;
        var after = new UnitOfMeasure(write.Code, write.Name, write.Decimals, before.Version + 1);
        tx.Stage($"update unit_of_measure set name = {after.Name}, decimals = {after.Decimals}, version = {after.Version} where code = {after.Code}");
        return after;
    }

    private static Refusal? Checked(UnitWrite unit) =>
        Check.First(Check.Code(unit.Code), Check.Text(unit.Name, "/name"), Check.Between(unit.Decimals, 0, 6, "/decimals", "between 0 and 6"));

    private static UnitOfMeasure Read(Row row) => new(row.Text(0), row.Text(1), row.Int(2), row.Long(3));
}

/// <summary>Tax codes with their components and dated rates.</summary>
public sealed class TaxCodeMaster(CatalogueBook book) : CatalogueMaster<TaxCodeView, TaxCodeWrite>(book)
{
    private const int MostComponents = 12;
    private static readonly string[] Categories = Enum.GetNames<TaxCategory>();
    private static readonly Table Components = new("tax_component",
        ("tax_code_id", Kind.Id), ("seq", Kind.Long), ("code", Kind.Text), ("name", Kind.Text), ("valid_from", Kind.Date), ("rate", Kind.Long), ("compound", Kind.Bool));

    /// <inheritdoc/>
    public override string Thing => "tax-code";

    /// <inheritdoc/>
    public override async Task<TaxCodeView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) && await Read(db, (Sql)$" where id = {key}", locked, ct) is [var only] ? only : null;

    /// <inheritdoc/>
    public override async Task<MasterPage<TaxCodeView>> List(Db db, MasterQuery query, CancellationToken ct) =>
        PageOf(await Read(db, Sql.Raw(""), false, ct), query, row => row.Code, row => $"{row.Code} {row.Name}", row => row.Active);

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(TaxCodeView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override TaxCodeWrite WriteOf(TaxCodeView view) => new(view.Code, view.Name, view.Category, view.Components, view.ExemptionReason, view.Active, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<TaxCodeView>> Insert(Tx tx, TaxCodeWrite write, Stamp stamp, CancellationToken ct)
    {
        var made = View(write.Id ?? Guid.CreateVersion7(stamp.At), write, 1);
        if (await Checked(tx, made, ct) is { } no) return no;
        tx.Stage($"insert into tax_code (id, code, name, category, exemption_reason, active) values ({made.Id}, {made.Code}, {made.Name}, {made.Category}, {made.ExemptionReason}, {made.Active})");
        StageComponents(tx, made);
        return made;
    }

    /// <inheritdoc/>
    public override async Task<Result<TaxCodeView>> Change(Tx tx, TaxCodeView before, TaxCodeWrite write, Stamp stamp, CancellationToken ct)
    {
        var after = View(before.Id, write, before.Version + 1);
        if (await Checked(tx, after, ct) is { } no) return no;
        tx.Stage($"""
            update tax_code set code = {after.Code}, name = {after.Name}, category = {after.Category}, exemption_reason = {after.ExemptionReason}, active = {after.Active},
              version = {after.Version}
            where id = {after.Id}
            """);
        tx.Stage($"delete from tax_component where tax_code_id = {after.Id}");
        StageComponents(tx, after);
        return after;
    }

    private static void StageComponents(Tx tx, TaxCodeView code) => tx.Insert(Components, [.. code.Components.SelectMany((component, seq) => component.Rates.Select(rate =>
        new object?[] { code.Id, (long)seq + 1, component.Code, component.Name, rate.From, rate.Rate.Millionths, component.Compound }))]);

    private static async Task<Refusal?> Checked(Tx tx, TaxCodeView code, CancellationToken ct)
    {
        if (Check.First(Check.Code(code.Code), Check.Text(code.Name, "/name"), Check.OneOf(code.Category, "/category", Categories), Check.Text(code.ExemptionReason, "/exemptionReason", 500),
            Check.Between(code.Components.Count, 0, MostComponents, "/components", $"between 0 and {MostComponents}")) is { } no) return no;
        for (var at = 0; at < code.Components.Count; at++)
        {
            var component = code.Components[at];
            if (Check.First(Check.Code(component.Code, $"/components/{at}/code"), Check.Text(component.Name, $"/components/{at}/name"),
                Check.Between(component.Rates.Count, 1, 200, $"/components/{at}/rates", "between 1 and 200")) is { } wrong) return wrong;
            if (code.Components.Take(at).Any(other => other.Code == component.Code)) return MasterRefusals.CodeTaken($"/components/{at}/code");
        }

        var pure = new TaxCode(code.Code, code.Name, Enum.Parse<TaxCategory>(code.Category), [.. code.Components.Select(component => new TaxComponent(
            component.Code, component.Name, component.Compound, [.. component.Rates.Select(rate => new DatedRate(rate.From, rate.Rate))]))], code.ExemptionReason);
        return pure.Check() is { IsRefused: true } refused ? refused.Refusal
            : await Check.Taken(tx, "tax_code", "code", code.Code, code.Id, ct) ? MasterRefusals.CodeTaken("/code") : null;
    }

    private static async Task<List<TaxCodeView>> Read(Db db, Sql where, bool locked, CancellationToken ct)
    {
        var codes = db.Later($"select id, code, name, category, exemption_reason, active, version from tax_code{where}{Lock(db, locked)}",
            row => new TaxCodeView(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), [], row.TextOrNull(4), row.Bool(5), row.Long(6)));
        var rates = db.Later($"select tax_code_id, seq, code, name, compound, valid_from, rate from tax_component where tax_code_id in (select id from tax_code{where}) order by tax_code_id, seq, valid_from",
            row => (Code: row.Guid(0), Seq: row.Long(1), Component: row.Text(2), Name: row.Text(3), Compound: row.Bool(4), Rate: new TaxRateWrite(row.Date(5), new Rate(row.Long(6)))));
        await db.Flush(ct);
        var components = rates.Value.GroupBy(row => row.Code).ToDictionary(group => group.Key, group => group.GroupBy(row => row.Seq).Select(component =>
            new TaxComponentWrite(component.Last().Component, component.Last().Name, [.. component.Select(row => row.Rate)], component.Last().Compound)).ToList());
        return [.. codes.Value.Select(code => code with { Components = components.GetValueOrDefault(code.Id) ?? [] })];
    }

    private static TaxCodeView View(Guid id, TaxCodeWrite write, long version) =>
        new(id, write.Code, write.Name, write.Category, write.Components, write.ExemptionReason, write.Active, version);
}
