using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>One event of the audit trail as it is read.</summary>
public sealed record AuditEntry(
    long Seq, Guid Id, DateTimeOffset At, string User, string Roles, Guid? BranchId, string? Device, string? Address, string Function, string Action,
    string ObjectKind, Guid? ObjectId, string Outcome, string? Diff, string? Reason, string? ReasonText, string? BeforeHash, string? AfterHash);

/// <summary>Reads what happened: for everybody as far as they may see it, and the whole trail for auditors.</summary>
public static class Activity
{
    /// <summary>The latest events of functions at the branches that the reader sees, in the next flush.</summary>
    internal static Deferred<List<ActivityEntry>> Later(Db db, IReadOnlyList<(Function Function, BranchScope Scope)> scopes, int limit, long? before = null)
    {
        var earlier = before is { } seq ? (Sql)$" and seq < {seq}" : Sql.Raw("");
        // One reading a function, each from the end of its index, then the latest of them all.
        var parts = scopes.Select(scope =>
        {
            var branches = scope.Scope.All ? Sql.Raw("") : $" and branch_id {Sql.List(scope.Scope.Ids)}";
            return (Sql)$"""
                select * from (select seq, at, user_id, user_name, function, action, object_kind, object_id, branch_id, outcome from audit_event
                where function = {scope.Function.Code}{earlier}{branches} order by seq desc limit {limit}) as part
                """;
        });
        return db.Later($"""
            select a.seq, a.at, coalesce(u.name, a.user_name), a.function, a.action, a.object_kind, a.object_id, d.number, a.branch_id, a.outcome
            from ({Sql.Join(" union all ", parts)}) as a left join document d on d.id = a.object_id left join app_user u on u.id = a.user_id order by a.seq desc limit {limit}
            """, row => new ActivityEntry(
                row.Long(0), row.Instant(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.GuidOrNull(6), row.TextOrNull(7), row.GuidOrNull(8), row.Text(9)));
    }

    /// <summary>What happened lately in the functions that the reader may see.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="functions">The functions.</param>
    /// <param name="viewer">Who reads.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="before">Only events before this one, for the next page.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<ActivityEntry>> Recent(
        Db db, IReadOnlyList<Function> functions, Viewer viewer, int limit, long? before = null, CancellationToken ct = default)
    {
        var scopes = functions.Where(viewer.Sees).Select(function => (function, viewer.Scope($"{function.Code}.view").Value)).ToList();
        if (scopes.Count == 0) return [];
        var entries = Later(db, scopes, limit, before);
        await db.Flush(ct);
        return entries.Value;
    }

    /// <summary>The audit trail, latest first.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="scope">Branches of the reader; events of no branch are told to those who see all.</param>
    /// <param name="objectId">Only of this object.</param>
    /// <param name="userId">Only by this user.</param>
    /// <param name="function">Only of this function.</param>
    /// <param name="from">Only from this instant on.</param>
    /// <param name="to">Only before this instant.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="before">Only events before this one, for the next page.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<AuditEntry>> Trail(
        Db db, BranchScope scope, Guid? objectId, Guid? userId, string? function, DateTimeOffset? from, DateTimeOffset? to, int limit, long? before, CancellationToken ct = default)
    {
        var tests = new List<Sql> { $"seq > 0" };
        if (!scope.All) tests.Add($"branch_id {Sql.List(scope.Ids)}");
        if (objectId is { } o) tests.Add($"object_id = {o}");
        if (userId is { } u) tests.Add($"user_id = {u}");
        if (function is { } f) tests.Add($"function = {f}");
        if (from is { } at) tests.Add($"at >= {at}");
        if (to is { } end) tests.Add($"at < {end}");
        if (before is { } seq) tests.Add($"seq < {seq}");
        return await db.Query($"""
            select seq, id, at, user_name, roles, branch_id, device, address, function, action, object_kind, object_id, outcome, diff, reason, reason_text, before_hash, after_hash
            from audit_event where {Sql.Join(" and ", tests)} order by seq desc limit {limit}
            """, row => new AuditEntry(
                row.Long(0), row.Guid(1), row.Instant(2), row.Text(3), row.Text(4), row.GuidOrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.Text(8), row.Text(9),
                row.Text(10), row.GuidOrNull(11), row.Text(12), row.TextOrNull(13), row.TextOrNull(14), row.TextOrNull(15), row.TextOrNull(16), row.TextOrNull(17)), ct);
    }
}
