using System.Collections.Concurrent;
using System.Collections.Frozen;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>Who may do what, read from the database and kept until a user, a role or a permission changes.</summary>
public sealed class Actors(Database database, ConfigStamps stamps, TimeProvider clock)
{
    private const int MostCached = 20_000;
    private readonly ConcurrentDictionary<Guid, (long Stamp, Actor? Actor, DateTimeOffset Until)> cache = [];

    /// <summary>The user with what they are granted; null when there is no such user or they are not active.</summary>
    /// <remarks>A change on this node counts at once, one on another node within a second.</remarks>
    public async Task<Actor?> ByUser(Guid userId, CancellationToken ct = default)
    {
        if (userId == Actor.SystemId) return Actor.System;
        var stamp = await stamps.Current(ConfigStamps.Security, ct);
        var now = clock.GetUtcNow();
        if (cache.TryGetValue(userId, out var known) && known.Stamp == stamp && now < known.Until) return known.Actor;
        var (read, actor, until) = await database.Read(db => Read(db, userId, now, ct), ct);
        if (cache.Count >= MostCached) cache.Clear();
        cache[userId] = (read, actor, until);
        return actor;
    }

    /// <summary>Reads the stamp anew at the next question.</summary>
    public void Invalidate() => stamps.Invalidate();

    /// <summary>Reads a user's grants in a transaction of the caller, as they stand there.</summary>
    /// <returns>With the instant at which a delegation begins or ends, so that the grants are others.</returns>
    internal static async Task<(long Stamp, Actor? Actor, DateTimeOffset Until)> Read(Db db, Guid userId, DateTimeOffset now, CancellationToken ct)
    {
        now = Dialect.Micro(now);
        var stamp = ConfigStamps.Before(db, ConfigStamps.Security);
        var user = db.Later($"select user_name, name from app_user where id = {userId} and active", row => (UserName: row.Text(0), Name: row.Text(1)));
        var held = db.Later($"select role, branch_id from user_role where user_id = {userId}", row => (Role: row.Text(0), Branch: row.GuidOrNull(1)));
        var away = db.Later($"""
            select d.from_user, d.starts_at, d.ends_at, r.role, r.branch_id from delegation d join app_user u on u.id = d.from_user and u.active join user_role r on r.user_id = d.from_user
            where d.to_user = {userId} and d.ends_at > {now} and d.revoked_at is null
            """, row => (From: row.Guid(0), Starts: row.Instant(1), Ends: row.Instant(2), Role: row.Text(3), Branch: row.GuidOrNull(4)));
        Sql mine = $"select {userId} union select from_user from delegation where to_user = {userId} and ends_at > {now} and revoked_at is null";
        var granted = db.Later(
            $"select distinct p.role, p.permission from role_permission p join user_role r on r.role = p.role where r.user_id in ({mine})",
            row => (Role: row.Text(0), Permission: row.Text(1)));
        var all = db.Later(
            $"""
            select permission from declared_permission
            where exists (select 1 from user_role r where r.user_id in ({mine}) and r.role = {RoleTemplates.Administrator})
            """,
            row => row.Text(0));
        var off = db.Later($"select function from function_off", row => row.Text(0));
        await db.Flush(ct);
        if (user.Value is not [var found, ..]) return (stamp.Value[0], null, DateTimeOffset.MaxValue);

        var permissions = granted.Value.GroupBy(row => row.Role, row => row.Permission, StringComparer.Ordinal)
            .ToDictionary(role => role.Key, role => role.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
        permissions[RoleTemplates.Administrator] = all.Value.ToFrozenSet(StringComparer.Ordinal);
        var grants = held.Value.Select(row => new Grant(row.Role, row.Branch, permissions.GetValueOrDefault(row.Role, FrozenSet<string>.Empty)))
            .Concat(away.Value.Where(row => row.Starts <= now).Select(row => new Grant(row.Role, row.Branch, SeeingAndApproving(permissions.GetValueOrDefault(row.Role, FrozenSet<string>.Empty)), row.From)));
        var until = away.Value.Select(row => row.Starts > now ? row.Starts : row.Ends).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        return (stamp.Value[0], new Actor(userId, found.UserName, found.Name, [.. grants]) { FunctionsOff = off.Value.ToFrozenSet(StringComparer.Ordinal) }, until);
    }

    /// <summary>What a deputy gains of a role.</summary>
    private static FrozenSet<string> SeeingAndApproving(FrozenSet<string> permissions) => permissions
        .Where(permission => permission.EndsWith(".view", StringComparison.Ordinal) || permission.EndsWith(".approve", StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);
}
