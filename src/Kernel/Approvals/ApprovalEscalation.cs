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
/// Whether the next role may decide follows from the time alone (<see cref="ApprovalRequest.SeatOf"/>); this tells them. A step is claimed
/// by the update that marks it, so of several nodes one tells.
/// </remarks>
public sealed class ApprovalEscalation(Database database, OrganisationBook organisation, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>Every minute.</summary>
    public Job EveryMinute => new("escalate-approvals", "Pass on approvals that were not decided in time", TimeSpan.FromMinutes(1), Escalate);

    /// <summary>Passes on what is due now.</summary>
    /// <returns>How many steps.</returns>
    public async Task<long> Escalate(CancellationToken ct = default)
    {
        var view = await organisation.Get(ct);
        long all = 0;
        while (true)
        {
            var passed = 0;
            await database.Write(async tx =>
            {
                var now = Dialect.Micro(clock.GetUtcNow());
                var due = await tx.Query($"""
                    select r.id, r.document_id, d.kind, d.number, r.function, r.branch_id, d.version, r.requested_by, d.created_by, s.level, s.role, s.escalate_role
                    from approval_request r join approval_step s on s.request_id = r.id and s.level = r.level join document d on d.id = r.document_id
                    where r.state = 'open' and s.escalated_at is null and s.escalates_at <= {now} and s.escalate_role <> '' order by r.requested_at, r.id limit {AtOnce}
                    """, row => new Late(row.Guid(0), row.Guid(1), row.Text(2), row.TextOrNull(3), row.Text(4), row.Guid(5), row.Long(6), [row.Guid(7), row.Guid(8)], row.Int(9), row.Text(10), row.Text(11)), ct);
                if (due.Count == 0) return;
                var claimed = (await tx.Query($"""
                    update approval_step set escalated_at = {now} where request_id {Sql.List(due.ConvertAll(late => late.Request))} and escalated_at is null and escalates_at <= {now} and escalate_role <> ''
                    returning request_id, level, role
                    """, row => (row.Guid(0), row.Int(1), row.Text(2)), ct)).ToHashSet();
                foreach (var late in due.Where(late => claimed.Contains((late.Request, late.Level, late.Role)))) Tell(tx, late, view, now);
                passed = due.Count;
            }, ct);
            all += passed;
            if (passed < AtOnce) return all;
        }
    }

    private void Tell(Tx tx, Late late, OrganisationView view, DateTimeOffset now)
    {
        NoticeBook.Stage(tx, ApprovalNotices.Escalated(late.Request, ApprovalNotices.Name(late.Kind, late.Number), late.Next, late.Role, late.Branch, late.Version, late.Makers), clock);
        var local = TimeZoneInfo.ConvertTime(now, view.Branch(late.Branch).Zone);
        var stamp = new Stamp(Actor.System, late.Branch, now, DateOnly.FromDateTime(local.DateTime), local.Hour);
        AuditTrail.Stage(tx, new AuditEvent(stamp, late.Function, "escalate", late.Kind, late.Document, ReasonText: $"{late.Role} did not decide in time; {late.Next} may decide too."), clock);
    }

    private sealed record Late(
        Guid Request, Guid Document, string Kind, string? Number, string Function, Guid Branch, long Version, IReadOnlyCollection<Guid> Makers, int Level, string Role, string Next);
}
