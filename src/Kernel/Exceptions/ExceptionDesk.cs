using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Exceptions;

/// <summary>What is done to exceptions.</summary>
/// <param name="Verb">acknowledge, assign, snooze or resolve.</param>
/// <param name="Reason">Code of the list of reasons; needed to resolve.</param>
/// <param name="Text">Free text.</param>
/// <param name="Until">Until when it is put off; needed to snooze.</param>
/// <param name="Owner">Who looks after it from now on; null when it is assigned to nobody.</param>
public sealed record ExceptionMove(string Verb, string? Reason = null, string? Text = null, DateTimeOffset? Until = null, Guid? Owner = null);

/// <summary>What became of one item.</summary>
/// <param name="Id">The item.</param>
/// <param name="Refusal">Why not; null when it was done.</param>
public sealed record Handled(Guid Id, Refusal? Refusal);

/// <summary>Acknowledges, assigns, snoozes and resolves: items locked, versions compared, each step on the item's history and in the audit trail.</summary>
/// <remarks>
/// A snoozed item is an open one with an instant; it is back as soon as the clock has passed that, whether or not any job runs.
/// Its time until escalation begins anew then.
/// </remarks>
public sealed class ExceptionDesk(Actors actors, TimeProvider clock)
{
    /// <summary>The permission that all of it needs, at the branch of the item.</summary>
    public const string Permission = "kernel.exceptions.resolve";

    /// <summary>The action of the reasons, in the list of the item's function.</summary>
    public const string ReasonAction = "exception";

    /// <summary>The most items of one call.</summary>
    public const int MostAtOnce = 200;

    /// <summary>The longest that an item may be put off.</summary>
    public static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(90);

    /// <summary>The reasons that every function with rules starts with.</summary>
    public static readonly IReadOnlyList<ReasonDefault> Reasons =
    [
        new(ReasonAction, "CHECKED", "Checked, in order"), new(ReasonAction, "CORRECTED", "Corrected"), new(ReasonAction, "INSTRUCTED", "The person was instructed"),
        new(ReasonAction, "ACCEPTED", "Accepted as it is"), new(ReasonAction, "FALSE_ALARM", "False alarm"),
    ];

    private const int LongestText = 2_000;

    private static readonly Table Steps = new("exception_step",
        ("id", Kind.Id), ("exception_id", Kind.Id), ("at", Kind.Instant), ("user_id", Kind.Id), ("step", Kind.Text), ("text", Kind.Text), ("reason", Kind.Text), ("from_role", Kind.Text),
        ("to_role", Kind.Text), ("person_id", Kind.Id), ("until", Kind.Instant));

    private sealed record Item(Guid Id, string State, string Function, Guid Branch, long Version, Guid? Owner, DateTimeOffset? Snoozed, long Minutes, string NextRole, string Message)
    {
        public string StateAt(DateTimeOffset now) => State != "resolved" && Snoozed > now ? "snoozed" : State;
    }

    /// <summary>Takes a step with several items: those that may are done as one set, of the others it is said why not.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="items">Items with the version that the writer has seen, or null when any will do.</param>
    /// <param name="move">The step.</param>
    /// <param name="stamp">Who and when.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>One outcome an item: refused with <c>NOT_FOUND</c>, <c>PERMISSION_DENIED</c>, <c>VERSION_CONFLICT</c>, <c>STATUS_NOT_ALLOWED</c>, <c>REASON_REQUIRED</c>,
    /// <c>EXCEPTION_OWNER_INVALID</c>. The whole is refused with <c>SNOOZE_INVALID</c> or <c>TEXT_INVALID</c>.</returns>
    public async Task<Result<IReadOnlyList<Handled>>> Take(Tx tx, IReadOnlyList<(Guid Id, long? Version)> items, ExceptionMove move, Stamp stamp, CancellationToken ct = default)
    {
        if (Wrong(move, stamp.At) is { } wrong) return wrong;
        var asked = items.DistinctBy(item => item.Id).ToList();
        // In the order of their ids, so that two who take the same ones never wait for each other in a circle.
        var rows = tx.Later($"""
            select id, state, function, branch_id, version, owner_id, snoozed_until, escalate_minutes, escalate_role, message from exception_item
            where id {Sql.List(asked.Select(item => item.Id))} order by id{Dialect.ForUpdate(tx.Engine)}
            """, row => new Item(row.Guid(0), row.Text(1), row.Text(2), row.Guid(3), row.Long(4), row.GuidOrNull(5), row.InstantOrNull(6), row.Long(7), row.Text(8), row.Text(9)));
        var reasons = tx.Later($"select function from reason where action = {ReasonAction} and code = {move.Reason ?? ""} and active", row => row.Text(0));
        await tx.Flush(ct);
        var found = rows.Value.ToDictionary(item => item.Id);
        var owner = move is { Verb: "assign", Owner: { } person } ? await actors.ByUser(person, ct) : null;

        var done = new List<Item>();
        var outcomes = new List<Handled>();
        foreach (var (id, version) in asked)
        {
            var no = found.TryGetValue(id, out var item) ? Refuse(item, version, move, owner, reasons.Value, stamp) : Reporting.Refusals.NotFound("exception");
            if (no is null) done.Add(item!);
            if (no?.Code == "PERMISSION_DENIED")
                AuditTrail.Stage(tx, new AuditEvent(stamp with { BranchId = item!.Branch }, "kernel.exceptions", move.Verb, "exception", id, "denied"), clock);
            outcomes.Add(new Handled(id, no));
        }

        if (done.Count > 0) Write(tx, done, move, stamp);
        await tx.Flush(ct);
        return outcomes;
    }

    private static Refusal? Wrong(ExceptionMove move, DateTimeOffset now) =>
        move.Text is { Length: > LongestText } ? MasterData.MasterRefusals.TextInvalid("/text", LongestText)
        : move.Verb == "snooze" && (move.Until is not { } until || until <= now || until > now + LongestSnooze)
            ? new Refusal("SNOOZE_INVALID", $"Say until when, later than now and at most {LongestSnooze.TotalDays:0} days.", "/until") : null;

    private static Refusal? Refuse(Item item, long? version, ExceptionMove move, Actor? owner, List<string> reasons, Stamp stamp)
    {
        if (!stamp.Actor.May($"{item.Function}.view", item.Branch)) return Reporting.Refusals.NotFound("exception");
        if (!stamp.Actor.May(Permission, item.Branch)) return CommandRunner.Denied(Permission);
        if (version is { } seen && seen != item.Version) return Headers.Conflict(item.Version);
        var state = item.StateAt(stamp.At);
        if (state == "resolved" || (move.Verb == "acknowledge" && state == "acknowledged"))
            return new Refusal("STATUS_NOT_ALLOWED", $"An exception that is {state} takes no step '{move.Verb}'.", "/state", 409);
        if (move.Verb == "resolve" && !reasons.Contains(item.Function)) return Documents.Reasons.Required("resolve");
        if (move is { Verb: "assign", Owner: not null } && (owner is null || !owner.May($"{item.Function}.view", item.Branch) || !owner.May(Permission, item.Branch)))
            return new Refusal("EXCEPTION_OWNER_INVALID", "This person does not work at the branch of the exception, or may not look after it.", "/owner");
        return null;
    }

    private void Write(Tx tx, IReadOnlyList<Item> items, ExceptionMove move, Stamp stamp)
    {
        var me = stamp.Actor.UserId;
        Sql all = $"id {Sql.List(items.Select(item => item.Id))}";
        Sql touched = $"changed_at = {stamp.At}, version = version + 1";
        switch (move.Verb)
        {
            case "acknowledge":
                tx.Stage($"update exception_item set state = 'acknowledged', snoozed_until = null, escalates_at = null, owner_id = coalesce(owner_id, {me}), {touched} where {all}");
                break;
            case "resolve":
                tx.Stage($"""
                    update exception_item set state = 'resolved', snoozed_until = null, escalates_at = null, fold_key = null, owner_id = coalesce(owner_id, {me}),
                      reason = {move.Reason}, reason_text = {move.Text}, {touched} where {all}
                    """);
                break;
            case "assign":
                tx.Stage($"update exception_item set owner_id = {move.Owner}, {touched} where {all}");
                break;
            default:
                var until = Dialect.Micro(move.Until!.Value);
                // Items of rules that go alike share the instant at which they escalate; there are few such groups.
                foreach (var alike in items.GroupBy(item => item.NextRole.Length > 0 ? item.Minutes : 0))
                {
                    DateTimeOffset? escalates = alike.Key > 0 ? Dialect.Micro(until.AddMinutes(alike.Key)) : null;
                    tx.Stage($"update exception_item set state = 'open', snoozed_until = {until}, escalates_at = {escalates}, {touched} where id {Sql.List(alike.Select(item => item.Id))}");
                }

                break;
        }

        if (move.Verb is "acknowledge" or "resolve") NoticeBook.Settle(tx, [.. items.Select(item => item.Id)], stamp.At);
        if (move is { Verb: "assign", Owner: { } person } && person != me) NoticeBook.Stage(tx, Given(person, items, stamp), clock);
        tx.Insert(Steps, [.. items.Select(item => new object?[]
        {
            Ids.New(clock), item.Id, stamp.At, me, Past(move.Verb), move.Text, move.Verb == "resolve" ? move.Reason : null, null, null,
            move.Verb == "assign" ? move.Owner : null, move.Verb == "snooze" ? Dialect.Micro(move.Until!.Value) : null,
        })]);
        AuditTrail.StageAll(tx, items.Select(item => new AuditEvent(stamp with { BranchId = item.Branch }, item.Function, move.Verb, "exception", item.Id,
            Before: Snapshot(item.StateAt(stamp.At), item.Owner, item.Snoozed > stamp.At ? item.Snoozed : null),
            After: Snapshot(StateAfter(move.Verb, item.StateAt(stamp.At)), OwnerAfter(move, item, me), move.Verb == "snooze" ? move.Until : move.Verb == "assign" && item.Snoozed > stamp.At ? item.Snoozed : null),
            Reason: move.Verb == "resolve" ? move.Reason : null, ReasonText: move.Text)), clock);
    }

    private static Notice Given(Guid person, IReadOnlyList<Item> items, Stamp stamp) => items.Count == 1
        ? new Notice("exception", $"{stamp.Actor.Name} gave you an exception", items[0].Message, $"/exceptions?open={items[0].Id:D}") { ToUser = person, Subject = items[0].Id }
        : new Notice("exception", $"{stamp.Actor.Name} gave you {items.Count} exceptions", string.Join('\n', items.Take(5).Select(item => item.Message)), "/exceptions?owner=me") { ToUser = person };

    private static Guid? OwnerAfter(ExceptionMove move, Item item, Guid me) => move.Verb switch { "assign" => move.Owner, "snooze" => item.Owner, _ => item.Owner ?? me };

    private static string StateAfter(string verb, string before) => verb switch { "acknowledge" => "acknowledged", "resolve" => "resolved", "snooze" => "snoozed", _ => before };

    private static string Past(string verb) => verb switch { "acknowledge" => "acknowledged", "resolve" => "resolved", "snooze" => "snoozed", _ => "assigned" };

    private static string Snapshot(string state, Guid? owner, DateTimeOffset? until) => System.Text.Json.JsonSerializer.Serialize(new { state, owner, snoozedUntil = until });

    /// <summary>Gathers the escalation of items on their history.</summary>
    internal static void StageEscalated(Tx tx, IEnumerable<(Guid Id, string From, string To)> items, DateTimeOffset at, TimeProvider clock) =>
        tx.Insert(Steps, [.. items.Select(item => new object?[] { Ids.New(clock), item.Id, at, Actor.SystemId, "escalated", null, null, item.From, item.To, null, null })]);
}
