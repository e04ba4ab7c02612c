using System.Collections.Frozen;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>Finds users as administrators see them.</summary>
internal static class UserQueries
{
    private static readonly Sql Columns = Sql.Raw(
        "u.id, u.user_name, u.name, u.active, u.must_change, u.totp_secret is not null, u.last_sign_in_at, u.version, u.user_key");

    public static async Task<Result<UserAccount>> One(Db db, Guid userId, CancellationToken ct)
    {
        var users = await Filled(db, $"select {Columns} from app_user u where u.id = {userId}", ct);
        return users is [var user] ? user : SecurityRefusals.UserUnknown;
    }

    public static Task<List<UserAccount>> Page(Db db, string? text, string? after, int limit, CancellationToken ct)
    {
        var part = $"%{(text ?? "").Trim().ToUpperInvariant().Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
        return Filled(
            db,
            $"""
            select {Columns} from app_user u
            where u.id <> {Actor.SystemId} and u.user_key > {User.KeyOf(after ?? "")}
              and (u.user_key like {part} escape '\' or upper(u.name) like {part} escape '\')
            order by u.user_key limit {limit}
            """,
            ct);
    }

    private static async Task<List<UserAccount>> Filled(Db db, Sql select, CancellationToken ct)
    {
        var users = await db.Query(
            select,
            row => (Account: new UserAccount(row.Guid(0), row.Text(1), row.Text(2), row.Bool(3), row.Bool(4), row.Bool(5), null, row.InstantOrNull(6), row.Long(7), []),
                Hash: Secrets.Hash(row.Text(8))),
            ct);
        var roles = db.Later(
            $"select user_id, role, branch_id from user_role where user_id {Sql.List(users.Select(user => user.Account.Id))} order by role, branch_id",
            row => (User: row.Guid(0), Role: new RoleAssignment(row.Text(1), row.GuidOrNull(2))));
        var locks = db.Later(
            $"select name_hash, locked_until from sign_in_attempt where locked_until is not null and name_hash {Sql.List(users.Select(user => user.Hash))}",
            row => (Hash: row.Text(0), Until: row.Instant(1)));
        await db.Flush(ct);
        var held = roles.Value.ToLookup(row => row.User, row => row.Role);
        var locked = locks.Value.ToDictionary(row => row.Hash, row => row.Until, StringComparer.Ordinal);
        return [.. users.Select(user => user.Account with
        {
            Roles = [.. held[user.Account.Id]],
            LockedUntil = locked.TryGetValue(user.Hash, out var until) ? until : null,
        })];
    }
}

/// <summary>The rows that say which roles a user holds.</summary>
internal static class RoleRows
{
    private static readonly Table Table = new("user_role", ("user_id", Kind.Id), ("role", Kind.Text), ("branch_id", Kind.Id));

    public static Task<List<RoleAssignment>> Of(Db db, Guid userId, CancellationToken ct) => db.Query(
        $"select role, branch_id from user_role where user_id = {userId} order by role, branch_id",
        row => new RoleAssignment(row.Text(0), row.GuidOrNull(1)), ct);

    public static void Stage(Db tx, Guid userId, IReadOnlyList<RoleAssignment> roles) =>
        tx.Insert(Table, [.. roles.Distinct().Select(role => new object?[] { userId, role.Role, role.BranchId })]);

    /// <summary>What the roles grant; refused when a role or a branch is not there.</summary>
    public static async Task<Result<IReadOnlyList<Grant>>> Resolve(Db db, IReadOnlyList<RoleAssignment> roles, CancellationToken ct)
    {
        if (roles.Count == 0) return Result.Of<IReadOnlyList<Grant>>([]);
        var codes = Sql.List(roles.Select(role => role.Role).Distinct(StringComparer.Ordinal));
        var known = db.Later($"select code from role where code {codes}", row => row.Text(0));
        var branches = db.Later($"select id from branch where id {Sql.List(roles.Select(role => role.BranchId).OfType<Guid>().Distinct())}", row => row.Guid(0));
        var permissions = db.Later(
            $"""
            select role, permission from role_permission where role {codes}
            union select {RoleTemplates.Administrator}, permission from declared_permission
            """,
            row => (Role: row.Text(0), Permission: row.Text(1)));
        await db.Flush(ct);
        for (var at = 0; at < roles.Count; at++)
        {
            if (!known.Value.Contains(roles[at].Role, StringComparer.Ordinal)) return SecurityRefusals.RoleNamedUnknown($"/roles/{at}/role");
            if (roles[at].BranchId is { } branch && !branches.Value.Contains(branch)) return SecurityRefusals.BranchUnknown($"/roles/{at}/branchId");
        }

        var granted = permissions.Value.GroupBy(row => row.Role, row => row.Permission, StringComparer.Ordinal)
            .ToDictionary(role => role.Key, role => role.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
        return Result.Of<IReadOnlyList<Grant>>(
            [.. roles.Select(role => new Grant(role.Role, role.BranchId, granted.GetValueOrDefault(role.Role, FrozenSet<string>.Empty)))]);
    }

    /// <summary>Roles as an audit event shows them.</summary>
    public static IReadOnlyList<string> Text(IEnumerable<RoleAssignment> roles) =>
        [.. roles.Select(role => role.BranchId is { } branch ? $"{role.Role}@{branch:D}" : role.Role)];
}
