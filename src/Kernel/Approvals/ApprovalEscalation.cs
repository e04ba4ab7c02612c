using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Approvals;

/// <summary>Passes on what was not decided in time: the next role is told, and the path shows when.</summary>
/// <remarks>
/// Whether the next role may decide follows from the time alone (<see cref="ApprovalRequest.SeatOf"/>); this tells them. A node
/// passes over the rows that another holds, and what was passed on is due again only when the next role's time is over.
/// </remarks>
public sealed class ApprovalEscalation(Database database, OrganisationBook organisation, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>Every minute.</summary>
    public Job EveryMinute => new("escalate-approvals", "Pass on approvals that were not decided in time", TimeSpan.FromMinutes(1), Escalate);

    /// <summary>Passes on what is due now: of a chain whose time is over twice, both roles are told, one after the other.</summary>
    /// <returns>How many steps.</returns>
    public async Task<long> Escalate(CancellationToken ct = default)
    {
        var view = await organisation.Get(ct);
        long all = 0;
        while (true)
        {
            var passed = 0;
            await database.Write(async tx => passed = await Some(tx, view, ct), ct);
            if (passed == 0) return all;
            all += passed;
        }
    }

    private async Task<int> Some(Tx tx, OrganisationView view, CancellationToken ct)
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        var passOver = Sql.Raw(tx.Engine == Engine.Postgres ? " for update of s skip locked" : "");
        var due = await tx.Query($"""
            select r.id, r.document_id, d.kind, d.number, r.function, r.branch_id, d.version, r.requested_by, d.created_by, {Sql.Raw(ApprovalStep.Columns)}
            from approval_step s join approval_request r on r.id = s.request_id and r.level = s.level join document d on d.id = r.document_id
            where s.passes_on_at <= {now} and r.state = 'open' order by s.passes_on_at, r.id limit {AtOnce}{passOver}
            """, row => new Late(row.Guid(0), row.Guid(1), row.Text(2), row.TextOrNull(3), row.Text(4), row.Guid(5), row.Long(6), [row.Guid(7), row.Guid(8)], ApprovalStep.Read(row, 9)), ct);
        if (due.Count == 0) return 0;
        var next = due.Select(late => (Sql)$"""
            select {late.Request} as request_id, {(long)late.Step.Level} as level, {late.Step.Role} as role, {(late.After is null ? 0L : 1L)} as more, {late.After?.From ?? now} as next
            """);
        tx.Stage($"""
            update approval_step set escalated_at = {now}, passed_on = approval_step.passed_on + 1, passes_on_at = case when v.more = 1 then v.next end from ({Sql.Join(" union all ", next)}) v
            where approval_step.request_id = v.request_id and approval_step.level = v.level and approval_step.role = v.role
            """);
        foreach (var late in due) Tell(tx, late, view, now);
        await tx.Flush(ct);
        return due.Count;
    }

    private void Tell(Tx tx, Late late, OrganisationView view, DateTimeOffset now)
    {
        var (before, next) = (late.Before, late.Step.Turns[late.Step.PassedOn].Role);
        NoticeBook.Stage(tx, ApprovalNotices.Escalated(late.Request, ApprovalNotices.Name(late.Kind, late.Number), next, before, late.Branch, late.Version, late.Makers), clock);
        var local = TimeZoneInfo.ConvertTime(now, view.Branch(late.Branch).Zone);
        var stamp = new Stamp(Actor.System, late.Branch, now, DateOnly.FromDateTime(local.DateTime), local.Hour);
        AuditTrail.Stage(tx, new AuditEvent(stamp, late.Function, "escalate", late.Kind, late.Document, ReasonText: $"{before} did not decide in time; {next} may decide too."), clock);
    }

    private sealed record Late(
        Guid Request, Guid Document, string Kind, string? Number, string Function, Guid Branch, long Version, IReadOnlyCollection<Guid> Makers, ApprovalStep Step)
    {
        /// <summary>Who had the time that is over now.</summary>
        public string Before => Step.PassedOn == 0 ? Step.Role : Step.Turns[Step.PassedOn - 1].Role;

        /// <summary>Who comes after the one that is told now; null for nobody.</summary>
        public ApprovalTurn? After => Step.Turns.Count > Step.PassedOn + 1 ? Step.Turns[Step.PassedOn + 1] : null;
    }
}
