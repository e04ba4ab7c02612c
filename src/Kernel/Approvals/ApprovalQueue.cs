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
/// <param name="MaySendBack">Whether who decides may give it back to be changed.</param>
/// <param name="Late">Whether the present level has taken longer than it should.</param>
/// <param name="Path">All steps, in the order in which they are decided.</param>
public sealed record WaitingApproval(
    Guid Id, Guid DocumentId, string? Number, string Function, string Kind, Guid BranchId, long Total, string Currency, long Version, string Action, string State, int Level, int Levels,
    string Role, string Rule, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? EscalatesAt, string? NextRole, bool MayDecide, bool MaySendBack, bool Late,
    IReadOnlyList<ApprovalPathStep> Path);

/// <summary>A step on the way of a request: who decides, until when, to whom it is passed on, and what was decided.</summary>
/// <param name="Level">The level.</param>
/// <param name="Role">Who decides.</param>
/// <param name="NeedsVote">Whether this role's own vote is needed.</param>
/// <param name="EscalatesAt">Until when; null before the level begins, or for any time.</param>
/// <param name="NextRole">Who may decide too from then on.</param>
/// <param name="EscalatedAt">When it was last passed on.</param>
/// <param name="Decision">approved, rejected or sent-back; null while it waits.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="Text">What they said.</param>
/// <param name="Chain">All roles to which it is passed on, in their order.</param>
public sealed record ApprovalPathStep(
    int Level, string Role, bool NeedsVote, DateTimeOffset? EscalatesAt, string? NextRole, DateTimeOffset? EscalatedAt, string? Decision, string? DecidedBy, DateTimeOffset? DecidedAt, string? Text,
    IReadOnlyList<ApprovalPathTurn> Chain);

/// <summary>A role to which a step is passed on.</summary>
/// <param name="Role">The role.</param>
/// <param name="From">From when on it may decide too; null before the level begins.</param>
/// <param name="Told">Whether it was told.</param>
public sealed record ApprovalPathTurn(string Role, DateTimeOffset? From, bool Told);

/// <summary>Which requests are asked about.</summary>
/// <param name="State">open, approved, rejected or withdrawn; or decided, for approved and rejected.</param>
/// <param name="Branch">Only of this branch.</param>
/// <param name="LateOnly">Only those whose present level has taken longer than it should.</param>
/// <param name="ByAmount">The largest first, instead of by age.</param>
/// <param name="After">The last request of the page before, or null.</param>
/// <param name="Limit">Rows at most.</param>
public sealed record ApprovalAsk(string State, Guid? Branch, bool LateOnly, bool ByAmount, ApprovalMark? After, int Limit);

/// <summary>A place in the queue: the last request of a page, with what it is ordered by.</summary>
public sealed record ApprovalMark(DateTimeOffset At, long Amount, Guid Id);

/// <summary>What waits for approval across functions, the oldest first, and what was decided, the latest first.</summary>
public static class ApprovalQueue
{
    /// <summary>Requests of functions that the reader may see.</summary>
    /// <param name="db">A session.</param>
    /// <param name="viewer">Who reads.</param>
    /// <param name="functions">The functions asked about.</param>
    /// <param name="ask">Which of them.</param>
    /// <param name="now">Now, for escalation.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<WaitingApproval>> Read(
        Db db, Viewer viewer, IReadOnlyList<Function> functions, ApprovalAsk ask, DateTimeOffset now, CancellationToken ct)
    {
        var seen = functions.Select(function => (Function: function, Scope: viewer.Scope($"{function.Code}.view"))).Where(pair => !pair.Scope.IsRefused).ToList();
        if (seen.Count == 0) return [];
        var branches = seen.SelectMany(pair => pair.Scope.Value.Ids).Where(branch => ask.Branch is null || branch == ask.Branch).Distinct().ToList();
        // What waits longest comes first; of what is decided, the latest.
        var (beyond, order) = ask.State == "open" && !ask.ByAmount ? (Sql.Raw(">"), Sql.Raw("asc")) : (Sql.Raw("<"), Sql.Raw("desc"));
        var by = Sql.Raw(ask.ByAmount ? "abs(d.total)" : "r.requested_at");
        Sql onward = ask.After is not { } last ? Sql.Raw("")
            : ask.ByAmount ? (Sql)$" and (abs(d.total) < {last.Amount} or (abs(d.total) = {last.Amount} and r.id < {last.Id}))"
            : (Sql)$" and (r.requested_at {beyond} {last.At} or (r.requested_at = {last.At} and r.id {beyond} {last.Id}))";
        // Nearly all there are were decided, so they are read in their order.
        Sql asked = ask.State == "decided" ? $"{Dialect.Common(db.Engine, "r.state")} in ('approved', 'rejected')" : (Sql)$"r.state = {ask.State}";
        Sql late = ask.LateOnly ? $" and exists (select 1 from approval_step s where s.request_id = r.id and s.level = r.level and s.escalates_at <= {now})" : Sql.Raw("");
        var rows = await db.Query($"""
            select r.id, d.id, d.number, d.function, d.kind, d.branch_id, d.total, d.currency, d.version, r.action, r.state, r.level, coalesce(u.name, ''), r.requested_at,
              r.requested_by, d.created_by, d.edited_by, d.submitted_by
            from approval_request r join document d on d.id = r.document_id left join app_user u on u.id = r.requested_by
            where {asked} and {Dialect.Common(db.Engine, "r.function")} {Sql.List(seen.Select(pair => pair.Function.Code))} and {Dialect.Common(db.Engine, "r.branch_id")} {Sql.List(branches)}{late}{onward}
            order by {by} {order}, r.id {order} limit {ask.Limit}
            """, row => new
        {
            Request = new ApprovalRequest(row.Guid(0), row.Guid(1), row.Text(9), row.Int(11), row.Text(10), row.Guid(14), row.Instant(13), [], [], []),
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
        var steps = db.Later($"select s.request_id, {Sql.Raw(ApprovalStep.Columns)} from approval_step s where s.request_id {Sql.List(ids)} order by s.level, s.role", row => (Request: row.Guid(0), Step: ApprovalStep.Read(row, 1)));
        var votes = db.Later($"""
            select v.request_id, v.level, v.role, v.decided_by, v.on_behalf_of, v.decision, v.sent_back, coalesce(u.name, ''), v.decided_at, v.reason_text
            from approval_decision v left join app_user u on u.id = v.decided_by where v.request_id {Sql.List(ids)}
            """, row => (Request: row.Guid(0), Vote: new ApprovalVote(row.Int(1), row.Text(2), row.Guid(3), row.GuidOrNull(4)),
                Told: new Told(row.Bool(6) ? "sent-back" : row.Text(5), row.Text(7), row.Instant(8), row.TextOrNull(9))));
        var editors = db.Later($"select document_id, user_id from document_editor where document_id {Sql.List(rows.ConvertAll(row => row.Request.DocumentId))}", row => (Document: row.Guid(0), User: row.Guid(1)));
        await db.Flush(ct);
        var (stepsOf, votesOf, editorsOf) = (steps.Value.ToLookup(one => one.Request, one => one.Step), votes.Value.ToLookup(one => one.Request), editors.Value.ToLookup(one => one.Document, one => one.User));
        return [.. rows.Where(row => seen.Exists(pair => pair.Function.Code == row.Function && pair.Scope.Value.Ids.Contains(row.Branch))).Select(row =>
        {
            var request = row.Request with { Steps = [.. stepsOf[row.Request.Id]], Votes = [.. votesOf[row.Request.Id].Select(one => one.Vote)], Editors = [.. editorsOf[row.Request.DocumentId]] };
            var current = request.Current;
            var may = request.State == "open" && viewer.Actor.May($"{row.Function}.{Verb.Approve}", row.Branch) && request.SeatOf(viewer.Actor, row.Branch, row.Makers, now) is not null;
            return new WaitingApproval(
                request.Id, request.DocumentId, row.Number, row.Function, row.Kind, row.Branch, row.Total, row.Currency, row.Version, request.Action, request.State, request.Level, request.Levels,
                string.Join(request.Waiting.All(step => step.NeedsVote) ? " + " : " / ", request.Waiting.Select(step => step.Role)), current.RuleText, row.By, request.RequestedAt, current.EscalatesAt,
                current.EscalateRole.Length > 0 ? current.EscalateRole : null, may,
                request.Action == Verb.Submit && functions.Any(function => function.Code == row.Function && function.Kinds.Any(kind => kind.Code == row.Kind && kind.Revisable)),
                request.State == "open" && request.Waiting.Any(step => step.EscalatesAt <= now),
                [.. request.Steps.Select(step => PathStep(step, votesOf[row.Request.Id].FirstOrDefault(one => one.Vote.Level == step.Level && one.Vote.Role == step.Role).Told))]);
        })];
    }

    private static ApprovalPathStep PathStep(ApprovalStep step, Told? told) => new(
        step.Level, step.Role, step.NeedsVote, step.EscalatesAt, step.EscalateRole.Length > 0 ? step.EscalateRole : null, step.EscalatedAt, told?.Decision, told?.By, told?.At, told?.Text,
        [.. step.Turns.Select((turn, at) => new ApprovalPathTurn(turn.Role, turn.From, at < step.PassedOn))]);

    private sealed record Told(string Decision, string By, DateTimeOffset At, string? Text);

    /// <summary>The documents behind requests, with the functions they belong to.</summary>
    public static async Task<IReadOnlyDictionary<Guid, (Guid Document, string Function)>> Find(Db db, IReadOnlyCollection<Guid> requests, CancellationToken ct) => (await db.Query(
        $"select id, document_id, function from approval_request where id {Sql.List(requests)}", row => (Id: row.Guid(0), Document: row.Guid(1), Function: row.Text(2)), ct))
        .ToDictionary(row => row.Id, row => (row.Document, row.Function));
}
