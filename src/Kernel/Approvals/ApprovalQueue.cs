using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Security;
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
/// <param name="Role">Who decides.</param>
/// <param name="Rule">Which rule asked.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="EscalatesAt">From when on the next role may decide too.</param>
/// <param name="NextRole">The next role.</param>
/// <param name="MayDecide">Whether the reader may decide now.</param>
public sealed record WaitingApproval(
    Guid Id, Guid DocumentId, string? Number, string Function, string Kind, Guid BranchId, long Total, string Currency, long Version, string Action, string State, int Level, int Levels,
    string Role, string Rule, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? EscalatesAt, string? NextRole, bool MayDecide);

/// <summary>What waits for approval across functions, the oldest first.</summary>
public static class ApprovalQueue
{
    /// <summary>Requests of functions that the reader may see.</summary>
    /// <param name="db">A session.</param>
    /// <param name="viewer">Who reads.</param>
    /// <param name="functions">The functions asked about.</param>
    /// <param name="state">open, or what became of it.</param>
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
        Sql onward = after is { } last ? $" and (r.requested_at > {last.At} or (r.requested_at = {last.At} and r.id > {last.Id}))" : Sql.Raw("");
        var rows = await db.Query($"""
            select r.id, d.id, d.number, d.function, d.kind, d.branch_id, d.total, d.currency, d.version, r.action, r.state, r.level,
              (select max(level) from approval_step s where s.request_id = r.id), st.role, st.rule_text, coalesce(u.name, ''), r.requested_at, st.escalates_at, st.escalate_role,
              r.requested_by, d.created_by, d.edited_by, d.submitted_by
            from approval_request r join document d on d.id = r.document_id
            join approval_step st on st.request_id = r.id and st.level = r.level and st.role = (select min(role) from approval_step m where m.request_id = r.id and m.level = r.level)
            left join app_user u on u.id = r.requested_by
            where r.state = {state} and r.function {Sql.List(seen.Select(pair => pair.Function.Code))} and r.branch_id {Sql.List(branches)}{onward}
            order by r.requested_at, r.id limit {limit}
            """, row =>
        {
            var makers = new[] { row.Guid(19), row.Guid(20), row.GuidOrNull(21), row.GuidOrNull(22) };
            var (branch, role, escalates, next) = (row.Guid(5), row.Text(13), row.InstantOrNull(17), row.Text(18));
            return new WaitingApproval(row.Guid(0), row.Guid(1), row.TextOrNull(2), row.Text(3), row.Text(4), branch, row.Long(6), row.Text(7), row.Long(8), row.Text(9), row.Text(10), row.Int(11), row.Int(12),
                role, row.Text(14), row.Text(15), row.Instant(16), escalates, next.Length > 0 ? next : null,
                row.Text(10) == "open" && !makers.Contains(viewer.Actor.UserId) && MayDecide(viewer.Actor, row.Text(3), branch, role, escalates <= now ? next : ""));
        }, ct);
        return [.. rows.Where(row => seen.Exists(pair => pair.Function.Code == row.Function && pair.Scope.Value.Ids.Contains(row.BranchId)))];
    }

    /// <summary>The document behind a request, with the function it belongs to; null when there is none.</summary>
    public static Task<(Guid Document, string Function)> Find(Db db, Guid request, CancellationToken ct) =>
        db.First($"select document_id, function from approval_request where id = {request}", row => (row.Guid(0), row.Text(1)), ct);

    private static bool MayDecide(Actor actor, string function, Guid branch, string role, string next) =>
        actor.May($"{function}.{Verb.Approve}", branch)
        && (actor.Has(role, branch) || actor.Has(RoleTemplates.Administrator, branch) || (next.Length > 0 && actor.Has(next, branch)));
}
