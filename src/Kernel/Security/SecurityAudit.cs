using System.Text.Json;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>What happened to a user, a session, a role or a token.</summary>
/// <param name="Function">Such as <c>kernel.users</c>.</param>
/// <param name="Action">Such as <c>create</c>.</param>
/// <param name="Kind">Kind of the object.</param>
/// <param name="ObjectId">The object; null when it has no id.</param>
/// <param name="Outcome"><c>done</c> or <c>denied</c>.</param>
/// <param name="Changes">What changed: name, before, after. Never a secret or a hash of one.</param>
/// <param name="Reason">Code of a refusal, or the reason given.</param>
internal sealed record SecurityEvent(
    string Function, string Action, string Kind, Guid? ObjectId, string Outcome = "done",
    IReadOnlyList<(string Path, object? Before, object? After)>? Changes = null, string? Reason = null);

/// <summary>Writes the audit events of this folder.</summary>
internal static class SecurityAudit
{
    private static readonly Actor Stranger = new(Guid.Empty, "", "", []);

    /// <summary>Adds an event to the transaction of what it tells of.</summary>
    public static void Stage(Db tx, TimeProvider clock, Caller caller, SecurityEvent happened)
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        var stamp = new Stamp(
            caller.Actor, caller.BranchId ?? Guid.Empty, now, DateOnly.FromDateTime(now.UtcDateTime), now.Hour, caller.Device, caller.Address);
        var changes = happened.Changes ?? [];
        AuditTrail.Stage(
            tx,
            new AuditEvent(
                stamp, happened.Function, happened.Action, happened.Kind, happened.ObjectId, happened.Outcome,
                changes.Any(change => change.Before is not null) ? Json(changes.Select(change => (change.Path, change.Before))) : null,
                changes.Any(change => change.After is not null) ? Json(changes.Select(change => (change.Path, change.After))) : null,
                happened.Reason),
            clock);
    }

    /// <summary>Adds an event of somebody who is not signed in. What was typed as a name is written down only when it is a user's:
    /// people type their password there.</summary>
    public static void StageStranger(Db tx, TimeProvider clock, User? user, string? address, SecurityEvent happened) =>
        Stage(tx, clock, new Caller(user is null ? Stranger : new Actor(user.Id, user.UserName, user.Name, []), Address: address), happened);

    private static string Json(IEnumerable<(string Path, object? Value)> members) =>
        JsonSerializer.Serialize(members.ToDictionary(member => member.Path, member => member.Value, StringComparer.Ordinal));
}

/// <summary>Asks for a permission that belongs to no branch, and writes down who asked in vain.</summary>
internal sealed class Gate(Database database, TimeProvider clock)
{
    /// <summary>Null when the caller may; otherwise <c>PERMISSION_DENIED</c>, and the attempt is on record.</summary>
    public async Task<Refusal?> Denies(Caller caller, string permission, CancellationToken ct) =>
        caller.Actor.MayEverywhere(permission) ? null : await Deny(caller, permission, SecurityRefusals.Denied(permission), ct);

    /// <summary>Puts an attempt that was refused on record.</summary>
    public async Task<Refusal> Deny(Caller caller, string permission, Refusal refusal, CancellationToken ct)
    {
        var at = permission.LastIndexOf('.');
        var (function, action) = at < 0 ? ("kernel", permission) : (permission[..at], permission[(at + 1)..]);
        await database.Write(
            tx =>
            {
                SecurityAudit.Stage(tx, clock, caller, new SecurityEvent(function, action, "permission", null, "denied", Reason: refusal.Code));
                return Task.CompletedTask;
            },
            ct);
        return refusal;
    }
}
