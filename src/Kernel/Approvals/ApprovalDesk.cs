using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Approvals;

/// <summary>A rule: when a step of a document waits for somebody else.</summary>
/// <param name="Id">Id.</param>
/// <param name="Function">Function code.</param>
/// <param name="Kind">Document kind, or empty for all kinds.</param>
/// <param name="Action">submit, reverse, or a sensitive action of the function.</param>
/// <param name="Figure">The figure compared, such as <c>amount</c>; empty for always.</param>
/// <param name="Over">The rule holds when the figure is above this.</param>
/// <param name="Role">Who decides.</param>
/// <param name="Level">Order of decisions, from 1.</param>
/// <param name="EscalateMinutes">After how long the next role may decide too; zero for never.</param>
/// <param name="EscalateRole">The next role.</param>
public sealed record ApprovalRule(Guid Id, string Function, string Kind, string Action, string Figure, long Over, string Role, int Level, int EscalateMinutes, string EscalateRole);

/// <summary>A request that waits.</summary>
public sealed record ApprovalRequest(Guid Id, Guid DocumentId, string Action, int Level, string State, Guid RequestedBy, DateTimeOffset RequestedAt, IReadOnlyList<ApprovalStep> Steps)
{
    /// <summary>The step that is to be decided now.</summary>
    public ApprovalStep Current => Steps.First(step => step.Level == Level);

    /// <summary>How many levels there are.</summary>
    public int Levels => Steps.Max(step => step.Level);
}

/// <summary>One level of a request: who decides, and who may from when on.</summary>
public sealed record ApprovalStep(int Level, string Role, string RuleText, DateTimeOffset? EscalatesAt, string EscalateRole);

/// <summary>Keeps approval rules and requests, and says who may decide. The maker never does.</summary>
public sealed class ApprovalDesk(Database database, TimeProvider clock) : IDisposable
{
    private static readonly Table Requests = new("approval_request",
        ("id", Kind.Id), ("document_id", Kind.Id), ("function", Kind.Text), ("branch_id", Kind.Id), ("action", Kind.Text), ("level", Kind.Long), ("state", Kind.Text),
        ("requested_by", Kind.Id), ("requested_at", Kind.Instant), ("reason", Kind.Text), ("reason_text", Kind.Text));

    private static readonly Table StepTable = new("approval_step",
        ("request_id", Kind.Id), ("level", Kind.Long), ("role", Kind.Text), ("rule_text", Kind.Text), ("escalates_at", Kind.Instant), ("escalate_role", Kind.Text));

    private static readonly Table Decisions = new("approval_decision",
        ("request_id", Kind.Id), ("level", Kind.Long), ("decided_by", Kind.Id), ("decided_at", Kind.Instant), ("decision", Kind.Text), ("reason", Kind.Text), ("reason_text", Kind.Text));

    /// <summary>The rules in force.</summary>
    public StampedCache<IReadOnlyList<ApprovalRule>> Rules { get; } = new(database, "rules", clock, LoadRules);

    private static async Task<IReadOnlyList<ApprovalRule>> LoadRules(Db db, CancellationToken ct) => await db.Query(
        $"select id, function, kind, action, figure, over_value, role, level, escalate_minutes, escalate_role from approval_rule where active order by function, action, level, over_value",
        row => new ApprovalRule(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Long(5), row.Text(6), row.Int(7), row.Int(8), row.Text(9)), ct);

    /// <summary>The rules that a step of a document meets, lowest level first, one a level.</summary>
    public async ValueTask<IReadOnlyList<ApprovalRule>> Matching(string function, string kind, string action, IReadOnlyDictionary<string, long> figures, CancellationToken ct = default)
    {
        var matching = new List<ApprovalRule>();
        foreach (var rule in (await Rules.Get(ct)).Value)
        {
            if (rule.Function != function || rule.Action != action || (rule.Kind.Length > 0 && rule.Kind != kind)) continue;
            if (rule.Figure.Length > 0 && (!figures.TryGetValue(rule.Figure, out var figure) || figure <= rule.Over)) continue;
            if (!matching.Exists(other => other.Level == rule.Level && other.Role == rule.Role)) matching.Add(rule);
        }

        return matching;
    }

    /// <summary>Opens a request for a document's step.</summary>
    public Guid Open(Tx tx, Document document, string action, IReadOnlyList<ApprovalRule> rules, Stamp stamp, string? reason = null, string? text = null)
    {
        var id = Ids.New(clock);
        tx.Insert(Requests, [[id, document.Header.Id, document.Header.Function, document.Header.BranchId, action, (long)rules.Min(rule => rule.Level), "open", stamp.Actor.UserId, stamp.At, reason, text]]);
        tx.Insert(StepTable, [.. rules.Select(rule => new object?[]
        {
            id, (long)rule.Level, rule.Role, rule.Figure.Length > 0 ? $"{rule.Figure} over {rule.Over}" : "always",
            rule.EscalateMinutes > 0 ? stamp.At.AddMinutes(rule.EscalateMinutes) : null, rule.EscalateRole,
        })]);
        return id;
    }

    /// <summary>The open request of a document, locked.</summary>
    public static async Task<ApprovalRequest?> Find(Tx tx, Guid documentId, CancellationToken ct = default)
    {
        var request = await tx.First($"""
            select id, document_id, action, level, state, requested_by, requested_at from approval_request
            where document_id = {documentId} and state = 'open'{Dialect.ForUpdate(tx.Engine)}
            """, row => new ApprovalRequest(row.Guid(0), row.Guid(1), row.Text(2), row.Int(3), row.Text(4), row.Guid(5), row.Instant(6), []), ct);
        if (request is null) return null;
        var steps = await tx.Query($"select level, role, rule_text, escalates_at, escalate_role from approval_step where request_id = {request.Id} order by level, role",
            row => new ApprovalStep(row.Int(0), row.Text(1), row.Text(2), row.InstantOrNull(3), row.Text(4)), ct);
        return request with { Steps = steps };
    }

    /// <summary>Whether somebody may decide the present level: never the maker, nor who edited or asked; a holder of its role, or of the next after the time.</summary>
    public static Result MayDecide(ApprovalRequest request, Header header, Stamp stamp)
    {
        var user = stamp.Actor.UserId;
        if (user == header.CreatedBy || user == header.EditedBy || user == header.SubmittedBy || user == request.RequestedBy)
            return new Refusal("FOUR_EYES", "Whoever made or requested it cannot decide on it.", Status: 403);
        var allowed = request.Steps.Where(step => step.Level == request.Level).Any(step => stamp.Actor.Has(step.Role, header.BranchId)
            || stamp.Actor.Has("administrator", header.BranchId)
            || (step.EscalatesAt is { } at && at <= stamp.At && step.EscalateRole.Length > 0 && stamp.Actor.Has(step.EscalateRole, header.BranchId)));
        return allowed ? Result.Done : new Refusal("PERMISSION_DENIED", $"This waits for the role {request.Current.Role}.", Status: 403,
            Detail: new Dictionary<string, object?> { ["permission"] = $"role:{request.Current.Role}" });
    }

    /// <summary>Records a decision. An approval of the last level, or a rejection, ends the request.</summary>
    /// <returns>True when the request has ended.</returns>
    public static bool Decide(Tx tx, ApprovalRequest request, bool approved, Stamp stamp, string? reason, string? text)
    {
        tx.Insert(Decisions, [[request.Id, (long)request.Level, stamp.Actor.UserId, stamp.At, approved ? "approved" : "rejected", reason, text]]);
        var next = request.Steps.Select(step => step.Level).Where(level => level > request.Level).DefaultIfEmpty(0).Min();
        var ended = !approved || next == 0;
        if (ended) tx.Stage($"update approval_request set state = {(approved ? "approved" : "rejected")}, closed_at = {stamp.At} where id = {request.Id}");
        else tx.Stage($"update approval_request set level = {next} where id = {request.Id}");
        return ended;
    }

    /// <summary>Withdraws what waits, when the document is cancelled or edited.</summary>
    public static void Withdraw(Tx tx, Guid documentId, Stamp stamp) =>
        tx.Stage($"update approval_request set state = 'withdrawn', closed_at = {stamp.At} where document_id = {documentId} and state = 'open'");

    /// <inheritdoc/>
    public void Dispose() => Rules.Dispose();
}
