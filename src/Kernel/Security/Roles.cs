using System.Text.RegularExpressions;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>A role.</summary>
/// <param name="Code">Such as <c>store-manager</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Template">True for a role that every company starts with.</param>
/// <param name="Users">How many active users hold it.</param>
public sealed record RoleSummary(string Code, string Name, bool Template, long Users);

/// <summary>A permission and the roles that hold it.</summary>
/// <param name="Permission"><c>function.action</c>.</param>
/// <param name="Label">What it allows.</param>
/// <param name="Sensitive">True when the matrix should draw attention to it.</param>
/// <param name="Roles">Codes of the roles that hold it.</param>
public sealed record PermissionRow(string Permission, string Label, bool Sensitive, IReadOnlyList<string> Roles);

/// <summary>Which role may do what.</summary>
/// <param name="Roles">The columns.</param>
/// <param name="Permissions">The rows, in the order of their names.</param>
public sealed record PermissionMatrix(IReadOnlyList<RoleSummary> Roles, IReadOnlyList<PermissionRow> Permissions);

/// <summary>Roles and what they may do.</summary>
public sealed partial class Roles
{
    private readonly Database database;
    private readonly TimeProvider clock;
    private readonly Gate gate;
    private readonly ConfigStamps stamps;

    internal Roles(Database database, TimeProvider clock, Gate gate, ConfigStamps stamps) =>
        (this.database, this.clock, this.gate, this.stamps) = (database, clock, gate, stamps);

    /// <summary>All roles, in the order of their names.</summary>
    public async Task<Result<IReadOnlyList<RoleSummary>>> List(Caller caller, CancellationToken ct = default)
    {
        if (await gate.Denies(caller, KernelPermissions.RolesView, ct) is { } denied) return denied;
        return Result.Of<IReadOnlyList<RoleSummary>>(await database.Read(db => db.Query(Summaries, ReadRole, ct), ct));
    }

    /// <summary>Every declared permission with the roles that hold it.</summary>
    public async Task<Result<PermissionMatrix>> Matrix(Caller caller, CancellationToken ct = default)
    {
        if (await gate.Denies(caller, KernelPermissions.RolesView, ct) is { } denied) return denied;
        await using var db = await database.Reader(ct);
        var roles = db.Later(Summaries, ReadRole);
        var declared = db.Later($"select permission, label, sensitive from declared_permission order by permission", row => (row.Text(0), row.Text(1), row.Bool(2)));
        var granted = db.Later($"select permission, role from role_permission", row => (Permission: row.Text(0), Role: row.Text(1)));
        await db.Flush(ct);
        var holders = granted.Value.Where(row => row.Role != RoleTemplates.Administrator).ToLookup(row => row.Permission, row => row.Role, StringComparer.Ordinal);
        return new PermissionMatrix(
            roles.Value,
            [.. declared.Value.Select(row => new PermissionRow(row.Item1, row.Item2, row.Item3,
                [.. holders[row.Item1].Append(RoleTemplates.Administrator).Order(StringComparer.Ordinal)]))]);
    }

    /// <summary>Makes a role that holds nothing yet.</summary>
    public Task<Result<RoleSummary>> Create(Caller caller, string code, string name, CancellationToken ct = default)
    {
        var trimmed = name.Trim();
        return Change<RoleSummary>(
            caller,
            async tx =>
            {
                var earlier = await CallKeys.Made(tx, caller, ct);
                if (earlier.Refusal is { } reused) return reused;
                if (earlier.Value is { } kept) return (await tx.Query(Summaries, ReadRole, ct)).Find(role => role.Code == kept) is { } known ? known : SecurityRefusals.RoleUnknown;
                if (!CodeForm().IsMatch(code)) return SecurityRefusals.RoleCodeInvalid;
                if (trimmed.Length is < 1 or > 200) return SecurityRefusals.NameInvalid("/name");
                var made = await tx.Execute($"insert into role (code, name, template) values ({code}, {trimmed}, {false}) on conflict (code) do nothing", ct);
                if (made == 0) return SecurityRefusals.RoleExists;
                SecurityAudit.Stage(tx, clock, caller, new SecurityEvent("kernel.roles", "create", "role", null, Changes: [("code", null, code), ("name", null, trimmed)]));
                CallKeys.Keep(tx, caller, code, clock.GetUtcNow());
                return new RoleSummary(code, trimmed, Template: false, Users: 0);
            },
            ct);
    }

    /// <summary>Grants a permission to a role. Granting what it holds already changes nothing.</summary>
    /// <returns>Refused with <c>PERMISSION_DENIED</c> also when the caller does not hold the permission.</returns>
    public async Task<Result> Grant(Caller caller, string role, string permission, CancellationToken ct = default) => await Change<bool>(
        caller,
        async tx =>
        {
            if (await Missing(tx, role, permission, ct) is { } no) return no;
            if (!caller.Actor.MayEverywhere(permission)) return SecurityRefusals.Denied(permission);
            var granted = await tx.Execute($"insert into role_permission (role, permission) values ({role}, {permission}) on conflict (role, permission) do nothing", ct);
            if (granted > 0) Record(tx, caller, "grant", role, null, permission);
            return true;
        },
        ct);

    /// <summary>Takes a permission from a role. Taking what it does not hold changes nothing.</summary>
    public async Task<Result> Revoke(Caller caller, string role, string permission, CancellationToken ct = default) => await Change<bool>(
        caller,
        async tx =>
        {
            if (await Missing(tx, role, permission, ct) is { } no) return no;
            var revoked = await tx.Execute($"delete from role_permission where role = {role} and permission = {permission}", ct);
            if (revoked > 0) Record(tx, caller, "revoke", role, permission, null);
            return true;
        },
        ct);

    private static readonly Sql Summaries = Sql.Raw(
        """
        select r.code, r.name, r.template, (select count(distinct x.user_id) from user_role x join app_user u on u.id = x.user_id where x.role = r.code and u.active)
        from role r order by r.name, r.code
        """);

    private static RoleSummary ReadRole(Row row) => new(row.Text(0), row.Text(1), row.Bool(2), row.Long(3));

    private static async Task<Refusal?> Missing(Tx tx, string role, string permission, CancellationToken ct)
    {
        var roles = tx.Later($"select code from role where code = {role}", row => row.Text(0));
        var permissions = tx.Later($"select permission from declared_permission where permission = {permission}", row => row.Text(0));
        await tx.Flush(ct);
        return roles.Value.Count == 0 ? SecurityRefusals.RoleUnknown
            : permissions.Value.Count == 0 ? SecurityRefusals.PermissionUnknown
            : role == RoleTemplates.Administrator ? SecurityRefusals.RoleFixed
            : null;
    }

    private void Record(Tx tx, Caller caller, string action, string role, string? before, string? after) => SecurityAudit.Stage(
        tx, clock, caller, new SecurityEvent("kernel.roles", action, "role", RoleHistory.IdOf(role), Changes: [(role, before, after)]));

    /// <summary>What a role gained and lost: against the template that it began as, and by each change of it.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="role">The role's code.</param>
    /// <param name="declared">What the program declares, with the roles that get it at first.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Result<RoleStanding>> Standing(Caller caller, string role, IEnumerable<PermissionDeclaration> declared, CancellationToken ct = default)
    {
        if (await gate.Denies(caller, KernelPermissions.RolesView, ct) is { } denied) return denied;
        await using var db = await database.Reader(ct);
        var known = db.Later($"select template from role where code = {role}", row => row.Bool(0));
        var held = db.Later($"select permission from role_permission where role = {role}", row => row.Text(0));
        var events = RoleHistory.Later(db, role);
        await db.Flush(ct);
        if (known.Value is not [var template]) return SecurityRefusals.RoleUnknown;
        var changes = RoleHistory.Group(events.Value);
        // The administrator holds all, always: there is nothing to compare.
        if (!template || role == RoleTemplates.Administrator) return new RoleStanding(role, template, [], [], changes);
        var first = KernelPermissions.All.Concat(declared).Where(permission => permission.Roles.Contains(role)).Select(permission => permission.Permission).ToHashSet(StringComparer.Ordinal);
        return new RoleStanding(role, template, [.. held.Value.Except(first).Order(StringComparer.Ordinal)], [.. first.Except(held.Value).Order(StringComparer.Ordinal)], changes);
    }

    private async Task<Result<T>> Change<T>(Caller caller, Func<Tx, Task<Result<T>>> work, CancellationToken ct)
    {
        if (await gate.Denies(caller, KernelPermissions.RolesConfigure, ct) is { } denied) return denied;
        var done = await database.Write<T>(
            tx =>
            {
                stamps.Move(tx, ConfigStamps.Security);
                return work(tx);
            },
            ct);
        return done.Refusal is { Status: 403 } beyond ? await gate.Deny(caller, KernelPermissions.RolesConfigure, beyond, ct) : done;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,39}$", RegexOptions.None, 1000)]
    private static partial Regex CodeForm();
}
