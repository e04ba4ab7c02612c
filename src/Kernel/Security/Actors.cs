using System.Collections.Concurrent;
using System.Collections.Frozen;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>Who may do what, read from the database and kept until a user, a role or a permission changes.</summary>
public sealed class Actors(Database database, ConfigStamps stamps)
{
    private const int MostCached = 20_000;
    private readonly ConcurrentDictionary<Guid, (long Stamp, Actor? Actor)> cache = [];

    /// <summary>The user with what they are granted; null when there is no such user or they are not active.</summary>
    /// <remarks>A change on this node counts at once, one on another node within a second.</remarks>
    public async Task<Actor?> ByUser(Guid userId, CancellationToken ct = default)
    {
        if (userId == Actor.SystemId) return Actor.System;
        var stamp = await stamps.Current(ConfigStamps.Security, ct);
        if (cache.TryGetValue(userId, out var known) && known.Stamp == stamp) return known.Actor;
        var (read, actor) = await database.Read(db => Read(db, userId, ct), ct);
        if (cache.Count >= MostCached) cache.Clear();
        cache[userId] = (read, actor);
        return actor;
    }

    /// <summary>Reads the stamp anew at the next question.</summary>
    public void Invalidate() => stamps.Invalidate();

    /// <summary>Reads a user's grants in a transaction of the caller, as they stand there.</summary>
    internal static async Task<(long Stamp, Actor? Actor)> Read(Db db, Guid userId, CancellationToken ct)
    {
        var stamp = ConfigStamps.Before(db, ConfigStamps.Security);
        var user = db.Later($"select user_name, name from app_user where id = {userId} and active", row => (UserName: row.Text(0), Name: row.Text(1)));
        var held = db.Later($"select role, branch_id from user_role where user_id = {userId}", row => (Role: row.Text(0), Branch: row.GuidOrNull(1)));
        var granted = db.Later(
            $"select distinct p.role, p.permission from role_permission p join user_role r on r.role = p.role where r.user_id = {userId}",
            row => (Role: row.Text(0), Permission: row.Text(1)));
        var all = db.Later(
            $"""
            select permission from declared_permission
            where exists (select 1 from user_role r where r.user_id = {userId} and r.role = {RoleTemplates.Administrator})
            """,
            row => row.Text(0));
        await db.Flush(ct);
        if (user.Value is not [var found, ..]) return (stamp.Value[0], null);

        var permissions = granted.Value.GroupBy(row => row.Role, row => row.Permission, StringComparer.Ordinal)
            .ToDictionary(role => role.Key, role => role.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
        permissions[RoleTemplates.Administrator] = all.Value.ToFrozenSet(StringComparer.Ordinal);
        var grants = held.Value.Select(row => new Grant(row.Role, row.Branch, permissions.GetValueOrDefault(row.Role, FrozenSet<string>.Empty)));
        return (stamp.Value[0], new Actor(userId, found.UserName, found.Name, [.. grants]));
    }
}
