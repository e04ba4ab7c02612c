using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Rules;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Exceptions;

/// <summary>Hands what nobody has acknowledged or resolved in time to the next role.</summary>
/// <remarks>Several nodes may run it: rows that another holds are passed over, and what was handed on is due no more.</remarks>
public sealed class Escalation(Database database, OrganisationBook organisation, TimeProvider clock)
{
    private const int AtOnce = 500;

    private sealed record Due(Guid Id, string Function, Guid Branch, string From, string To, string Message, string Then);

    /// <summary>Hands on what is due.</summary>
    /// <returns>How many items.</returns>
    public async Task<long> Run(CancellationToken ct = default)
    {
        long all = 0;
        while (true)
        {
            var some = 0;
            await database.Write(async tx => some = await Some(tx, ct), ct);
            all += some;
            if (some < AtOnce) return all;
        }
    }

    private async Task<int> Some(Tx tx, CancellationToken ct)
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        var passOver = Sql.Raw(tx.Engine == Engine.Postgres ? " for update skip locked" : "");
        var due = await tx.Query($"""
            select id, function, branch_id, owner_role, escalate_role, message, escalate_then from exception_item
            where escalates_at <= {now} and state = 'open' and (snoozed_until is null or snoozed_until <= {now}) order by escalates_at, id limit {AtOnce}{passOver}
            """, row => new Due(row.Guid(0), row.Text(1), row.Guid(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6)), ct);
        if (due.Count == 0) return 0;
        // Items with the same roles to come go alike; there are few such groups.
        foreach (var alike in due.GroupBy(item => item.Then))
        {
            var then = EscalationChain.Read(alike.Key);
            var (role, minutes) = then is [var next, ..] ? (next.Role, next.Minutes) : ("", 0);
            DateTimeOffset? again = minutes > 0 ? Dialect.Micro(now.AddMinutes(minutes)) : null;
            tx.Stage($"""
                update exception_item set owner_role = escalate_role, escalate_role = {role}, escalate_minutes = {(long)minutes}, escalate_then = {EscalationChain.Write(then.Skip(1))}, escalates_at = {again},
                  escalated_at = {now}, changed_at = {now}, version = version + 1 where id {Sql.List(alike.Select(item => item.Id))}
                """);
        }

        ExceptionDesk.StageEscalated(tx, due.Select(item => (item.Id, item.From, item.To)), now, clock);
        var branches = await organisation.Get(ct);
        AuditTrail.StageAll(tx, due.Select(item =>
        {
            var local = TimeZoneInfo.ConvertTime(now, branches.Branch(item.Branch).Zone);
            var stamp = new Stamp(Actor.System, item.Branch, now, DateOnly.FromDateTime(local.DateTime), local.Hour);
            return new AuditEvent(stamp, item.Function, "escalate", "exception", item.Id, Before: Role(item.From), After: Role(item.To));
        }), clock);
        foreach (var role in due.GroupBy(item => (item.To, item.Branch))) NoticeBook.Stage(tx, NoticeOf(role.Key.To, role.Key.Branch, [.. role]), clock);
        await tx.Flush(ct);
        return due.Count;
    }

    /// <summary>One notice for all that goes to a role at a branch at once: after a quiet weekend nobody wants a hundred.</summary>
    private static Notice NoticeOf(string role, Guid branch, IReadOnlyList<Due> items) => items.Count == 1
        ? new Notice("exception", "An exception was passed on to you", items[0].Message, $"/exceptions?open={items[0].Id:D}") { ToRole = role, BranchId = branch, Subject = items[0].Id }
        : new Notice("exception", $"{items.Count} exceptions were passed on to you", string.Join('\n', items.Take(5).Select(item => item.Message)), $"/exceptions?role={role}") { ToRole = role, BranchId = branch };

    private static string Role(string role) => System.Text.Json.JsonSerializer.Serialize(new { ownerRole = role });
}
