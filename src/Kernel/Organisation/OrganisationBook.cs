using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Organisation;

/// <summary>The company that keeps its books here.</summary>
public sealed record Company(string Name, Currency Currency, string TaxRounding);

/// <summary>A place of business with its own clock.</summary>
public sealed record Branch(Guid Id, string Code, string Name, string TimeZone, string Region, bool Active)
{
    /// <summary>Its time zone.</summary>
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>The business day at an instant.</summary>
    public DateOnly DayAt(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);
}

/// <summary>Where goods are kept.</summary>
public sealed record Warehouse(Guid Id, Guid BranchId, string Code, string Name, bool Active);

/// <summary>A till.</summary>
/// <param name="Id">Id.</param>
/// <param name="BranchId">Its branch.</param>
/// <param name="WarehouseId">Where its goods come from.</param>
/// <param name="Code">Short code printed on receipts.</param>
/// <param name="Name">Name.</param>
/// <param name="Basis">gross: prices include tax; net: they do not.</param>
/// <param name="PriceListId">Its own price list, or null.</param>
/// <param name="Active">Whether it may be used.</param>
public sealed record Terminal(Guid Id, Guid BranchId, Guid WarehouseId, string Code, string Name, string Basis, Guid? PriceListId, bool Active);

/// <summary>The organisation as it stands, kept in memory.</summary>
public sealed class OrganisationView(Company company, IReadOnlyList<Branch> branches, IReadOnlyList<Warehouse> warehouses, IReadOnlyList<Terminal> terminals)
{
    private readonly Dictionary<Guid, Branch> branchById = branches.ToDictionary(b => b.Id);
    private readonly Dictionary<string, Branch> branchByCode = branches.ToDictionary(b => b.Code);
    private readonly Dictionary<Guid, Terminal> terminalById = terminals.ToDictionary(t => t.Id);
    private readonly Dictionary<string, Terminal> terminalByCode = terminals.ToDictionary(t => t.Code);

    /// <summary>The company.</summary>
    public Company Company => company;

    /// <summary>All branches by code.</summary>
    public IReadOnlyList<Branch> Branches => branches;

    /// <summary>All warehouses.</summary>
    public IReadOnlyList<Warehouse> Warehouses => warehouses;

    /// <summary>All terminals.</summary>
    public IReadOnlyList<Terminal> Terminals => terminals;

    /// <summary>A branch that is known to exist.</summary>
    public Branch Branch(Guid id) => branchById.TryGetValue(id, out var branch) ? branch : throw new InvariantBrokenException($"Branch {id} is unknown.");

    /// <summary>A branch by code or id text, or null.</summary>
    public Branch? FindBranch(string codeOrId) =>
        branchByCode.TryGetValue(codeOrId, out var branch) ? branch
        : Guid.TryParse(codeOrId, out var id) && branchById.TryGetValue(id, out branch) ? branch : null;

    /// <summary>A terminal by code or id text, or null.</summary>
    public Terminal? FindTerminal(string codeOrId) =>
        terminalByCode.TryGetValue(codeOrId, out var terminal) ? terminal
        : Guid.TryParse(codeOrId, out var id) && terminalById.TryGetValue(id, out terminal) ? terminal : null;
}

/// <summary>Gives the organisation as it stands.</summary>
public sealed class OrganisationBook(Database database, TimeProvider clock) : IDisposable
{
    /// <summary>The cache behind it, for those who change the organisation.</summary>
    public StampedCache<OrganisationView> Cache { get; } = new(database, "organisation", clock, Load);

    /// <summary>The present organisation.</summary>
    public async ValueTask<OrganisationView> Get(CancellationToken ct = default) => (await Cache.Get(ct)).Value;

    private static async Task<OrganisationView> Load(Db db, CancellationToken ct)
    {
        var companies = db.Later($"select name, currency, exponent, tax_rounding from company",
            row => new Company(row.Text(0), new Currency(row.Text(1), row.Int(2)), row.Text(3)));
        var branches = db.Later($"select id, code, name, time_zone, region, active from branch order by code",
            row => new Branch(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Bool(5)));
        var warehouses = db.Later($"select id, branch_id, code, name, active from warehouse order by code",
            row => new Warehouse(row.Guid(0), row.Guid(1), row.Text(2), row.Text(3), row.Bool(4)));
        var terminals = db.Later($"select id, branch_id, warehouse_id, code, name, basis, price_list_id, active from terminal order by code",
            row => new Terminal(row.Guid(0), row.Guid(1), row.Guid(2), row.Text(3), row.Text(4), row.Text(5), row.GuidOrNull(6), row.Bool(7)));
        await db.Flush(ct);
        var company = companies.Value.Count > 0 ? companies.Value[0] : new Company("", new Currency("USD", 2), "document");
        return new OrganisationView(company, branches.Value, warehouses.Value, terminals.Value);
    }

    /// <inheritdoc/>
    public void Dispose() => Cache.Dispose();
}
