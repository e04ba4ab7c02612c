using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Approvals;

/// <summary>A request that waits, as the queue shows it. Total in minor units.</summary>
/// <param name="Id">The request.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Number">Its number.</param>
/// <param name="Function">Function code.</param>
/// <param name="Kind">Document kind.</param>
/// <param name="BranchId">Branch.</param>
/// <param name="Total">Total.</param>
/// <param name="Currency">Currency code.</param>
/// <param name="Version">Version of the document.</param>
/// <param name="Action">The step that waits.</param>
/// <param name="State">open, approved, rejected or withdrawn.</param>
/// <param name="Level">The level that is to be decided.</param>
/// <param name="Levels">How many levels there are.</param>
/// <param name="Role">Who decides: roles of which one does, or all must, with a slash or a plus between.</param>
/// <param name="Rule">Which rule asked.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="EscalatesAt">From when on the next role may decide too.</param>
/// <param name="NextRole">The next role.</param>
/// <param name="MayDecide">Whether the reader may decide now.</param>
public sealed record WaitingApproval(
    Guid Id, Guid DocumentId, string? Number, string Function, string Kind, Guid BranchId, long Total, string Currency, long Version, string Action, string State, int Level, int Levels,
    string Role, string Rule, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? EscalatesAt, string? NextRole, bool MayDecide);

/// <summary>What waits for approval across functions, the oldest first, and what was decided, the latest first.</summary>
public static class ApprovalQueue
{
    /// <summary>Requests of functions that the reader may see.</summary>
    /// <param name="db">A session.</param>
    /// <param name="viewer">Who reads.</param>
    /// <param name="functions">The functions asked about.</param>
    /// <param name="state">open, approved, rejected or withdrawn; or decided, for approved and rejected.</param>
    /// <param name="now">Now, for escalation.</param>
    /// <param name="after">The last request of the page before, or null.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<WaitingApproval>> Read(
        Db db, Viewer viewer, IReadOnlyList<Function> functions, string state, DateTimeOffset now, (DateTimeOffset At, Guid Id)? after, int limit, CancellationToken ct)
    {
        var seen = functions.Select(function => (Function: function, Scope: viewer.Scope($"{function.Code}.view"))).Where(pair => !pair.Scope.IsRefused).ToList();
        if (seen.Count == 0) return [];
        var branches = seen.SelectMany(pair => pair.Scope.Value.Ids).Distinct().ToList();
        // What waits longest comes first; of what is decided, the latest.
        var (beyond, order) = state == "open" ? (Sql.Raw(">"), Sql.Raw("asc")) : (Sql.Raw("<"), Sql.Raw("desc"));
        Sql onward = after is { } last ? $" and (r.requested_at {beyond} {last.At} or (r.requested_at = {last.At} and r.id {beyond} {last.Id}))" : Sql.Raw("");
        Sql asked = state == "decided" ? Sql.Raw("r.state in ('approved', 'rejected')") : (Sql)$"r.state = {state}";
        var rows = await db.Query($"""
            select r.id, d.id, d.number, d.function, d.kind, d.branch_id, d.total, d.currency, d.version, r.action, r.state, r.level, coalesce(u.name, ''), r.requested_at,
              r.requested_by, d.created_by, d.edited_by, d.submitted_by
            from approval_request r join document d on d.id = r.document_id left join app_user u on u.id = r.requested_by
            where {asked} and r.function {Sql.List(seen.Select(pair => pair.Function.Code))} and r.branch_id {Sql.List(branches)}{onward}
            order by r.requested_at {order}, r.id {order} limit {limit}
            """, row => new
        {
            Request = new ApprovalRequest(row.Guid(0), row.Guid(1), row.Text(9), row.Int(11), row.Text(10), row.Guid(14), row.Instant(13), [], []),
            Number = row.TextOrNull(2),
            Function = row.Text(3),
            Kind = row.Text(4),
            Branch = row.Guid(5),
            Total = row.Long(6),
            Currency = row.Text(7),
            Version = row.Long(8),
            By = row.Text(12),
            Makers = (IReadOnlyList<Guid?>)[row.Guid(15), row.GuidOrNull(16), row.GuidOrNull(17)],
        }, ct);
        var ids = rows.ConvertAll(row => row.Request.Id);
        if (ids.Count == 0) return [];
        var steps = db.Later($"select request_id, level, role, rule_text, escalates_at, escalate_role, votes from approval_step where request_id {Sql.List(ids)} order by level, role",
            row => (Request: row.Guid(0), Step: new ApprovalStep(row.Int(1), row.Text(2), row.Text(3), row.InstantOrNull(4), row.Text(5), row.Text(6) == "all")));
        var votes = db.Later($"select request_id, level, role, decided_by, on_behalf_of from approval_decision where request_id {Sql.List(ids)}", row => (Request: row.Guid(0), Vote: new ApprovalVote(row.Int(1), row.Text(2), row.Guid(3), row.GuidOrNull(4))));
        await db.Flush(ct);
        var (stepsOf, votesOf) = (steps.Value.ToLookup(one => one.Request, one => one.Step), votes.Value.ToLookup(one => one.Request, one => one.Vote));
        return [.. rows.Where(row => seen.Exists(pair => pair.Function.Code == row.Function && pair.Scope.Value.Ids.Contains(row.Branch))).Select(row =>
        {
            var request = row.Request with { Steps = [.. stepsOf[row.Request.Id]], Votes = [.. votesOf[row.Request.Id]] };
            var current = request.Current;
            var may = request.State == "open" && viewer.Actor.May($"{row.Function}.{Verb.Approve}", row.Branch) && request.SeatOf(viewer.Actor, row.Branch, row.Makers, now) is not null;
            return new WaitingApproval(
                request.Id, request.DocumentId, row.Number, row.Function, row.Kind, row.Branch, row.Total, row.Currency, row.Version, request.Action, request.State, request.Level, request.Levels,
                string.Join(request.Waiting.All(step => step.NeedsVote) ? " + " : " / ", request.Waiting.Select(step => step.Role)), current.RuleText, row.By, request.RequestedAt, current.EscalatesAt,
                current.EscalateRole.Length > 0 ? current.EscalateRole : null, may);
        })];
    }

    /// <summary>The document behind a request, with the function it belongs to; null when there is none.</summary>
    public static Task<(Guid Document, string Function)> Find(Db db, Guid request, CancellationToken ct) =>
        db.First($"select document_id, function from approval_request where id = {request}", row => (row.Guid(0), row.Text(1)), ct);
}
