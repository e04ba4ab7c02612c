using System.Text.Json;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Security;

/// <summary>One change of a role: what somebody granted and revoked in one go.</summary>
/// <param name="At">When it began.</param>
/// <param name="By">Who.</param>
/// <param name="Granted">Permissions gained.</param>
/// <param name="Revoked">Permissions lost.</param>
public sealed record RoleChange(DateTimeOffset At, string By, IReadOnlyList<string> Granted, IReadOnlyList<string> Revoked);

/// <summary>How a role stands to what it was.</summary>
/// <param name="Role">The role.</param>
/// <param name="Template">Whether it began as a template.</param>
/// <param name="Gained">What it holds beyond its template.</param>
/// <param name="Lost">What its template holds and it does not.</param>
/// <param name="Changes">Its changes, the last first.</param>
public sealed record RoleStanding(string Role, bool Template, IReadOnlyList<string> Gained, IReadOnlyList<string> Lost, IReadOnlyList<RoleChange> Changes);

/// <summary>The changes of a role as the audit trail tells them.</summary>
internal static class RoleHistory
{
    private const int MostEvents = 500, MostChanges = 10;

    /// <summary>A page saves permission by permission; what follows within this time is the same change.</summary>
    private static readonly TimeSpan OneGo = TimeSpan.FromMinutes(2);

    internal sealed record Event(DateTimeOffset At, string By, bool Granted, string Permission);

    /// <summary>By what the audit trail knows a role, which has a code and no id.</summary>
    public static Guid IdOf(string role) => Ids.Of($"role {role}");

    public static Deferred<List<Event?>> Later(Db db, string role) => db.Later($"""
        select at, user_name, action, diff from audit_event
        where object_id = {IdOf(role)} and function = 'kernel.roles' and action in ('grant', 'revoke') and outcome = 'done' order by seq desc limit {MostEvents}
        """, row => PermissionOf(row.TextOrNull(3)) is { } permission ? new Event(row.Instant(0), row.Text(1), row.Text(2) == "grant", permission) : null);

    public static IReadOnlyList<RoleChange> Group(IEnumerable<Event?> latestFirst)
    {
        var groups = new List<List<Event>>();
        foreach (var one in latestFirst.OfType<Event>())
        {
            if (groups is [.., var group] && group[^1].By == one.By && group[^1].At - one.At <= OneGo) group.Add(one);
            else groups.Add([one]);
        }

        return [.. groups.Take(MostChanges).Select(group =>
        {
            // The last word on a permission counts: granted and revoked again within one go is neither.
            var last = group.GroupBy(one => one.Permission, StringComparer.Ordinal).Select(same => (same.Key, First: same.Last(), Last: same.First())).Where(same => same.First.Granted == same.Last.Granted).ToList();
            return new RoleChange(group[^1].At, group[0].By, [.. last.Where(same => same.Last.Granted).Select(same => same.Key).Order(StringComparer.Ordinal)],
                [.. last.Where(same => !same.Last.Granted).Select(same => same.Key).Order(StringComparer.Ordinal)]);
        }).Where(change => change.Granted.Count + change.Revoked.Count > 0)];
    }

    /// <summary>Of a grant the new member is told, of a revocation the change.</summary>
    private static string? PermissionOf(string? diff)
    {
        if (diff is null) return null;
        using var told = JsonDocument.Parse(diff);
        return told.RootElement.ValueKind == JsonValueKind.Array
            ? told.RootElement.EnumerateArray().Select(change => change.GetProperty("before").GetString()).FirstOrDefault()
            : told.RootElement.EnumerateObject().Select(member => member.Value.GetString()).FirstOrDefault();
    }
}
