using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Host.Setup;

/// <summary>A company to begin with: one branch with a warehouse and a till, a base price list, and somebody who may sign in.</summary>
/// <param name="Name">The company's name.</param>
/// <param name="Currency">ISO 4217 code of its books.</param>
/// <param name="Branch">Name of the branch.</param>
/// <param name="TimeZone">The branch's time zone.</param>
internal sealed record FirstCompany(string Name, string Currency, string Branch, string TimeZone)
{
    /// <summary>The code of the first branch and of its warehouse.</summary>
    public const string BranchCode = "MAIN";

    /// <summary>The code of the first till.</summary>
    public const string TerminalCode = "T1";

    /// <summary>What is made when nobody says otherwise: books in US dollars, the clock of this machine.</summary>
    public static FirstCompany Default { get; } = new("My company", "USD", "Main branch", TimeZoneInfo.Local.HasIanaId && TimeZoneInfo.Local.Id.Length > 0 ? TimeZoneInfo.Local.Id : "UTC");

    /// <summary>What was made.</summary>
    /// <param name="Name">The company's name.</param>
    /// <param name="Branch">The branch's code.</param>
    /// <param name="Terminal">The till's code.</param>
    /// <param name="Password">The first password of <c>admin</c>; null when there was a user already.</param>
    internal sealed record Made(string Name, string Branch, string Terminal, string? Password);

    /// <summary>What is wrong with the wishes, or null.</summary>
    public string? Problem =>
        Name.Trim() is not { Length: >= 1 and <= 200 } ? "The company's name has 1 to 200 characters."
        : Branch.Trim() is not { Length: >= 1 and <= 200 } ? "The branch's name has 1 to 200 characters."
        : !Currencies.TryOf(Currency, out _) ? $"ISO 4217 has no currency '{Currency}'."
        : !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _) ? $"There is no time zone '{TimeZone}' on this machine."
        : null;

    /// <summary>Whether a company is there.</summary>
    public static async Task<bool> Exists(Database database, CancellationToken ct = default) =>
        await database.Read(db => db.Number($"select count(*) from company", ct), ct) > 0;

    /// <summary>Makes the company, and the user <c>admin</c> when nobody may sign in yet.</summary>
    public async Task<Made> Create(IServiceProvider services, CancellationToken ct = default)
    {
        var database = services.GetRequiredService<Database>();
        var clock = services.GetRequiredService<TimeProvider>();
        await database.Write(tx =>
        {
            KernelSeed.Company(tx, new SeedOptions(Name.Trim(), Currencies.Of(Currency)), clock);
            var (branch, warehouse) = (Ids.New(clock), Ids.New(clock));
            tx.Stage($"insert into branch (id, code, name, time_zone) values ({branch}, {BranchCode}, {Branch.Trim()}, {TimeZone})");
            tx.Stage($"insert into warehouse (id, branch_id, code, name) values ({warehouse}, {branch}, {BranchCode}, {Branch.Trim()})");
            tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name) values ({Ids.New(clock)}, {branch}, {warehouse}, {TerminalCode}, {"Till 1"})");
            tx.Stage($"insert into price_list (id, code, name, currency, is_base) values ({Ids.New(clock)}, {"BASE"}, {"Base prices"}, {Currency}, {true})");
            return Task.CompletedTask;
        }, ct);
        services.GetRequiredService<OrganisationBook>().Cache.Drop();
        var users = services.GetRequiredService<Users>();
        if ((await users.List(Caller.System, limit: 1, ct: ct)).Value.Count > 0) return new Made(Name, BranchCode, TerminalCode, null);
        var password = Secrets.New()[..20];
        var made = await users.Create(Caller.System, new NewUser("admin", "Administrator", password, [new RoleAssignment(RoleTemplates.Administrator)]), ct);
        return made.Refusal is { } no ? throw new InvalidOperationException(no.Message) : new Made(Name, BranchCode, TerminalCode, password);
    }
}
