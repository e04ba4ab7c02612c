using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Audit;

/// <summary>Who did what to which object, with what became of it.</summary>
/// <param name="Stamp">Who, where, when.</param>
/// <param name="Function">Function code.</param>
/// <param name="Action">Verb, such as <c>checkout</c> or <c>approve</c>.</param>
/// <param name="ObjectKind">Kind of the object.</param>
/// <param name="ObjectId">The object.</param>
/// <param name="Outcome"><c>done</c> or <c>denied</c>.</param>
/// <param name="Before">The object before, as JSON; null when it was made.</param>
/// <param name="After">The object after, as JSON.</param>
/// <param name="Reason">Reason code.</param>
/// <param name="ReasonText">Free text beside it.</param>
public sealed record AuditEvent(
    Stamp Stamp, string Function, string Action, string ObjectKind, Guid? ObjectId, string Outcome = "done",
    string? Before = null, string? After = null, string? Reason = null, string? ReasonText = null);

/// <summary>The audit trail: insert-only.</summary>
public static class AuditTrail
{
    private static readonly Table Table = new("audit_event",
        ("id", Kind.Id), ("at", Kind.Instant), ("user_id", Kind.Id), ("user_name", Kind.Text), ("roles", Kind.Text), ("branch_id", Kind.Id), ("device", Kind.Text),
        ("address", Kind.Text), ("function", Kind.Text), ("action", Kind.Text), ("object_kind", Kind.Text), ("object_id", Kind.Id), ("outcome", Kind.Text),
        ("before_hash", Kind.Text), ("after_hash", Kind.Text), ("diff", Kind.Text), ("reason", Kind.Text), ("reason_text", Kind.Text));

    /// <summary>Gathers an event for the next flush.</summary>
    public static void Stage(Db db, AuditEvent e, TimeProvider clock) => db.Insert(Table, [Row(e, clock)]);

    /// <summary>Gathers events as one set.</summary>
    public static void StageAll(Db db, IEnumerable<AuditEvent> events, TimeProvider clock) => db.Insert(Table, [.. events.Select(e => Row(e, clock))]);

    private static object?[] Row(AuditEvent e, TimeProvider clock) =>
    [
        Ids.New(clock), e.Stamp.At, e.Stamp.Actor.UserId, e.Stamp.Actor.UserName, string.Join(',', e.Stamp.Actor.RolesAt(e.Stamp.BranchId)),
        e.Stamp.BranchId == Guid.Empty ? null : e.Stamp.BranchId, e.Stamp.Device, e.Stamp.Address, e.Function, e.Action, e.ObjectKind, e.ObjectId, e.Outcome,
        Hash(e.Before), Hash(e.After), Diff(e.Before, e.After), e.Reason, e.ReasonText,
    ];

    /// <summary>SHA-256 of a JSON text, in lower case hexadecimal.</summary>
    public static string? Hash(string? json) => json is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    /// <summary>The members that differ, as <c>[{"path","before","after"}]</c>; of a new object its members.</summary>
    public static string? Diff(string? before, string? after)
    {
        if (after is null && before is null) return null;
        if (before is null) return after;
        using var was = JsonDocument.Parse(before);
        using var now = JsonDocument.Parse(after ?? "{}");
        var changes = new List<object>();
        foreach (var name in was.RootElement.EnumerateObject().Select(m => m.Name).Union(now.RootElement.EnumerateObject().Select(m => m.Name)))
        {
            var old = was.RootElement.TryGetProperty(name, out var o) ? o.GetRawText() : null;
            var fresh = now.RootElement.TryGetProperty(name, out var n) ? n.GetRawText() : null;
            if (old != fresh) changes.Add(new { path = "/" + name, before = Parse(old), after = Parse(fresh) });
        }

        return JsonSerializer.Serialize(changes);
    }

    private static JsonElement? Parse(string? raw) => raw is null ? null : JsonSerializer.Deserialize<JsonElement>(raw);
}
