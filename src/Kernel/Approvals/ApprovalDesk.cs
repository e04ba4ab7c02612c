using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Notices;
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
/// <param name="EscalateThen">The roles after that one, as they are kept (<see cref="Rules.EscalationChain"/>).</param>
/// <param name="NeedsVote">True when this role's own vote is needed to pass the level, whoever else decides there.</param>
public sealed record ApprovalRule(Guid Id, string Function, string Kind, string Action, string Figure, long Over, string Role, int Level, int EscalateMinutes, string EscalateRole, string EscalateThen, bool NeedsVote);

/// <summary>Keeps approval rules and requests, and says who may decide. The maker never does.</summary>
public sealed class ApprovalDesk(Database database, TimeProvider clock) : IDisposable
{
    /// <summary>The figure that counts what its maker handed in on a day.</summary>
    public const string CountToday = "count-today";

    /// <summary>The figure that counts what rules found about the document.</summary>
    public const string OpenExceptions = "open-exceptions";

    private static readonly Table Requests = new("approval_request",
        ("id", Kind.Id), ("document_id", Kind.Id), ("function", Kind.Text), ("branch_id", Kind.Id), ("action", Kind.Text), ("level", Kind.Long), ("state", Kind.Text),
        ("requested_by", Kind.Id), ("requested_at", Kind.Instant), ("reason", Kind.Text), ("reason_text", Kind.Text));

    private static readonly Table StepTable = new("approval_step",
        ("request_id", Kind.Id), ("level", Kind.Long), ("role", Kind.Text), ("rule_text", Kind.Text), ("escalates_at", Kind.Instant), ("escalate_role", Kind.Text), ("votes", Kind.Text), ("escalate_minutes", Kind.Long), ("escalate_then", Kind.Text), ("passes_on_at", Kind.Instant));

    private static readonly Table Decisions = new("approval_decision",
        ("request_id", Kind.Id), ("level", Kind.Long), ("decided_by", Kind.Id), ("decided_at", Kind.Instant), ("decision", Kind.Text), ("reason", Kind.Text), ("reason_text", Kind.Text), ("role", Kind.Text), ("on_behalf_of", Kind.Id), ("sent_back", Kind.Bool));

    /// <summary>The rules in force.</summary>
    public StampedCache<IReadOnlyList<ApprovalRule>> Rules { get; } = new(database, "rules", clock, LoadRules);

    private static async Task<IReadOnlyList<ApprovalRule>> LoadRules(Db db, CancellationToken ct) => await db.Query(
        $"select id, function, kind, action, figure, over_value, role, level, escalate_minutes, escalate_role, votes, escalate_then from approval_rule where active order by function, action, level, over_value",
        row => new ApprovalRule(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Long(5), row.Text(6), row.Int(7), row.Int(8), row.Text(9), row.Text(11), row.Text(10) == "all"), ct);

    /// <summary>The rules that a step of a document meets, lowest level first, one a role and level.</summary>
    /// <remarks>
    /// Beside the document's own figures there are <c>count-today</c>, how many of its kind its maker handed in on its business day, this one
    /// among them, and <c>open-exceptions</c>, how many exceptions about it nobody has resolved. They are counted when a rule asks.
    /// </remarks>
    public async ValueTask<IReadOnlyList<ApprovalRule>> Matching(Tx tx, Document document, string action, CancellationToken ct = default)
    {
        var header = document.Header;
        var candidates = (await Rules.Get(ct)).Value.Where(rule => rule.Function == header.Function && rule.Action == action && (rule.Kind.Length == 0 || rule.Kind == header.Kind)).ToList();
        var figures = new Dictionary<string, long>(document.ApprovalFigures, StringComparer.Ordinal);
        if (candidates.Exists(rule => rule.Figure == CountToday))
        {
            figures[CountToday] = 1 + await tx.Number($"""
                select count(*) from document where function = {header.Function} and kind = {header.Kind} and branch_id = {header.BranchId} and business_date = {header.BusinessDate}
                and created_by = {header.CreatedBy} and submitted_at is not null and reversal_of is null and id <> {header.Id}
                """, ct);
        }

        if (candidates.Exists(rule => rule.Figure == OpenExceptions))
        {
            // One that was folded into an item about another document counts too.
            figures[OpenExceptions] = await tx.Number($"""
                select count(*) from exception_item where state <> 'resolved'
                and (document_id = {header.Id} or id in (select exception_id from exception_step where document_id = {header.Id}))
                """, ct);
        }

        var matching = new List<ApprovalRule>();
        foreach (var rule in candidates)
        {
            if (rule.Figure.Length > 0 && (!figures.TryGetValue(rule.Figure, out var figure) || figure <= rule.Over)) continue;
            // Of two rules for one role the stricter counts.
            var at = matching.FindIndex(other => other.Level == rule.Level && other.Role == rule.Role);
            if (at < 0) matching.Add(rule);
            else if (rule.NeedsVote) matching[at] = matching[at] with { NeedsVote = true };
        }

        return matching;
    }

    /// <summary>Opens a request for a document's step, and tells those who decide on its first level.</summary>
    public Guid Open(Tx tx, Document document, string action, IReadOnlyList<ApprovalRule> rules, Stamp stamp, string? reason = null, string? text = null)
    {
        var (id, first, header) = (Ids.New(clock), rules.Min(rule => rule.Level), document.Header);
        tx.Insert(Requests, [[id, header.Id, header.Function, header.BranchId, action, (long)first, "open", stamp.Actor.UserId, stamp.At, reason, text]]);
        tx.Insert(StepTable, [.. rules.Select(rule =>
        {
            DateTimeOffset? until = rule.Level == first && rule.EscalateMinutes > 0 ? stamp.At.AddMinutes(rule.EscalateMinutes) : null;
            return new object?[]
            {
                id, (long)rule.Level, rule.Role, rule.Figure.Length > 0 ? $"{rule.Figure} over {rule.Over}" : "always", until, rule.EscalateRole, rule.NeedsVote ? "all" : "any", (long)rule.EscalateMinutes,
                rule.EscalateThen, rule.EscalateRole.Length > 0 ? until : null,
            };
        })]);
        foreach (var role in rules.Where(rule => rule.Level == first).Select(rule => rule.Role).Distinct())
            NoticeBook.Stage(tx, ApprovalNotices.Waits(id, header, $"{stamp.Actor.Name} asks to {action}", role, [stamp.Actor.UserId, header.CreatedBy]), clock);
        return id;
    }

    /// <summary>The open request of a document, locked.</summary>
    public static async Task<ApprovalRequest?> Find(Tx tx, Guid documentId, CancellationToken ct = default)
    {
        var request = await tx.First($"""
            select id, document_id, action, level, state, requested_by, requested_at from approval_request
            where document_id = {documentId} and state = 'open'{Dialect.ForUpdate(tx.Engine)}
            """, row => new ApprovalRequest(row.Guid(0), row.Guid(1), row.Text(2), row.Int(3), row.Text(4), row.Guid(5), row.Instant(6), [], [], []), ct);
        if (request is null) return null;
        var steps = tx.Later($"select {Sql.Raw(ApprovalStep.Columns)} from approval_step s where s.request_id = {request.Id} order by s.level, s.role", row => ApprovalStep.Read(row));
        var votes = tx.Later($"select level, role, decided_by, on_behalf_of from approval_decision where request_id = {request.Id}", row => new ApprovalVote(row.Int(0), row.Text(1), row.Guid(2), row.GuidOrNull(3)));
        var editors = tx.Later($"select user_id from document_editor where document_id = {documentId}", row => row.Guid(0));
        await tx.Flush(ct);
        return request with { Steps = steps.Value, Votes = votes.Value, Editors = editors.Value };
    }

    /// <summary>Whether somebody may decide the present level: never the maker, nor who edited or asked, nor who decided before; a holder of its role, or of the next after the time.</summary>
    /// <returns>As which role, and for whom who is away.</returns>
    public static Result<ApprovalSeat> MayDecide(ApprovalRequest request, Header header, Stamp stamp)
    {
        Guid?[] makers = [header.CreatedBy, header.EditedBy, header.SubmittedBy];
        if (request.SeatOf(stamp.Actor, header.BranchId, makers, stamp.At) is { } seat) return seat;
        return request.Barred(makers).Contains(stamp.Actor.UserId)
            ? new Refusal("FOUR_EYES", "Whoever made it, asked for it or has decided on it already leaves this decision to another.", Status: 403)
            : new Refusal("PERMISSION_DENIED", $"This waits for the role {request.Current.Role}.", Status: 403, Detail: new Dictionary<string, object?> { ["permission"] = $"role:{request.Current.Role}" });
    }

    /// <summary>Records a decision. An approval that completes the last level, a rejection, or sending it back, ends the request; who asked is told.</summary>
    /// <returns>True when the request has ended.</returns>
    public bool Decide(Tx tx, ApprovalRequest request, Header header, ApprovalSeat seat, Decision decision, Stamp stamp)
    {
        tx.Insert(Decisions, [[request.Id, (long)request.Level, stamp.Actor.UserId, stamp.At, decision.IsApproval ? "approved" : "rejected", decision.Reason, decision.Text, seat.Role, seat.OnBehalfOf, decision.IsSendingBack]]);
        if (decision.IsApproval && !request.IsComplete(seat.Role)) return false;
        NoticeBook.Settle(tx, request.Id, ApprovalNotices.Kind, ApprovalNotices.Became(header, decision, stamp), decision.Text ?? "", stamp.At);
        var next = request.Steps.Select(step => step.Level).Where(level => level > request.Level).DefaultIfEmpty(0).Min();
        if (!decision.IsApproval || next == 0)
        {
            tx.Stage($"update approval_request set state = {(decision.IsApproval ? "approved" : "rejected")}, closed_at = {stamp.At} where id = {request.Id}");
            NoticeBook.Stage(tx, ApprovalNotices.Decided(request, header, decision, stamp), clock);
            return true;
        }

        tx.Stage($"update approval_request set level = {next} where id = {request.Id}");
        foreach (var step in request.Steps.Where(step => step.Level == next))
        {
            // The time of a level begins when the level does.
            if (step.EscalateMinutes > 0)
            {
                var until = stamp.At.AddMinutes(step.EscalateMinutes);
                tx.Stage($"""
                    update approval_step set escalates_at = {until}, passes_on_at = case when escalate_role <> '' then {until} end where request_id = {request.Id} and level = {next} and role = {step.Role}
                    """);
            }

            NoticeBook.Stage(tx, ApprovalNotices.Waits(request.Id, header, $"{stamp.Actor.Name} has approved it", step.Role, [stamp.Actor.UserId, request.RequestedBy, header.CreatedBy]), clock);
        }

        return false;
    }

    /// <summary>Withdraws what waits, when the document is cancelled or taken back.</summary>
    public static void Withdraw(Tx tx, Header header, Stamp stamp)
    {
        var (documentId, title) = (header.Id, $"{ApprovalNotices.Name(header)} was taken back by {stamp.Actor.Name}");
        tx.Stage($"""
            update notice set title = {title}, text = '' where kind = {ApprovalNotices.Kind} and subject_id in (
              select r.id from approval_request r where r.document_id = {documentId} and r.state = 'open')
            """);
        tx.Stage($"""
            update notice_recipient set read_at = {stamp.At} where read_at is null and notice_id in (
              select n.id from notice n join approval_request r on r.id = n.subject_id where r.document_id = {documentId} and r.state = 'open')
            """);
        tx.Stage($"update approval_request set state = 'withdrawn', closed_at = {stamp.At} where document_id = {documentId} and state = 'open'");
    }

    /// <inheritdoc/>
    public void Dispose() => Rules.Dispose();
}
