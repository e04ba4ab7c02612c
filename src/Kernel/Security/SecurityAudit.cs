using System.Text.Json;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Security;

/// <summary>What happened to a user, a session, a role or a token.</summary>
/// <param name="Function">Such as <c>kernel.users</c>.</param>
/// <param name="Action">Such as <c>create</c>.</param>
/// <param name="Kind">Kind of the object.</param>
/// <param name="ObjectId">The object; null when it has no id.</param>
/// <param name="Outcome"><c>done</c>, <c>refused</c> or <c>denied</c>.</param>
/// <param name="Changes">What changed: path, before, after. Never a secret or a hash of one.</param>
/// <param name="Reason">Code of a refusal, or the reason given.</param>
internal sealed record SecurityEvent(
    string Function, string Action, string Kind, Guid? ObjectId, string Outcome = "done",
    IReadOnlyList<(string Path, object? Before, object? After)>? Changes = null, string? Reason = null);

/// <summary>Writes the audit events of this folder.</summary>
internal static class SecurityAudit
{
    private static readonly Table Events = new(
        "audit_event",
        ("id", Kind.Id), ("at", Kind.Instant), ("user_id", Kind.Id), ("user_name", Kind.Text), ("roles", Kind.Text), ("branch_id", Kind.Id),
        ("device", Kind.Text), ("address", Kind.Text), ("function", Kind.Text), ("action", Kind.Text), ("object_kind", Kind.Text),
        ("object_id", Kind.Id), ("outcome", Kind.Text), ("diff", Kind.Text), ("reason", Kind.Text));

    /// <summary>Adds an event to the transaction of what it tells of.</summary>
    public static void Stage(Db tx, TimeProvider clock, Caller caller, SecurityEvent happened) => Stage(
        tx, clock, caller, caller.Actor.UserId, caller.Actor.UserName,
        string.Join(' ', caller.Actor.Grants.Select(grant => grant.Role).Distinct(StringComparer.Ordinal)), happened);

    /// <summary>Adds an event of somebody who is not signed in; the name is given only when it is a user's.</summary>
    public static void StageStranger(Db tx, TimeProvider clock, User? user, string? address, SecurityEvent happened) =>
        Stage(tx, clock, new Caller(Actor.System, Address: address), user?.Id, user?.UserName ?? "", "", happened);

    private static void Stage(Db tx, TimeProvider clock, Caller caller, Guid? userId, string userName, string roles, SecurityEvent happened)
    {
        var diff = happened.Changes is { Count: > 0 } changes
            ? JsonSerializer.Serialize(changes.Select(change => new { path = change.Path, before = change.Before, after = change.After }))
            : null;
        tx.Insert(Events, [
            Ids.New(clock), clock.GetUtcNow(), userId, userName, roles, caller.BranchId, caller.Device, caller.Address,
            happened.Function, happened.Action, happened.Kind, happened.ObjectId, happened.Outcome, diff, happened.Reason,
        ]);
    }
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
