using Plug1.Kernel.Approvals;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>Sessions, such as shifts, that are open in a branch.</summary>
/// <param name="Function">The function they belong to.</param>
/// <param name="Kind">Their kind.</param>
/// <param name="BranchId">The branch.</param>
/// <param name="Count">How many.</param>
/// <param name="Since">When the oldest of them was opened.</param>
public sealed record OpenSessions(Function Function, string Kind, Guid BranchId, long Count, DateTimeOffset Since);

/// <summary>A draft that somebody began and left.</summary>
public sealed record LeftDraft(Guid Id, string? Number, string Function, string Kind, Guid BranchId, long Total, string Currency, DateTimeOffset At);

/// <summary>The first of what waits, and how many there are: at most <see cref="WaitingForOne.Most"/> are counted.</summary>
public sealed record Pile<T>(long Count, bool More, IReadOnlyList<T> First);

/// <summary>What waits for one person.</summary>
/// <param name="Approvals">Requests that they may decide now, the oldest first.</param>
/// <param name="Exceptions">Exceptions that were given to them, the latest first.</param>
/// <param name="Notices">What they were told and have not read, the latest first.</param>
/// <param name="Drafts">Documents that they began and left, such as parked baskets, the latest first.</param>
public sealed record WaitingWork(Pile<WaitingApproval> Approvals, Pile<ExceptionEntry> Exceptions, Pile<ReceivedNotice> Notices, Pile<LeftDraft> Drafts);

/// <summary>What is open right now.</summary>
public static class StandingNow
{
    /// <summary>Open sessions of the functions, by branch, at the branches where the reader sees them.</summary>
    /// <returns>Refused as <see cref="Demand.Read"/>.</returns>
    public static async Task<Result<IReadOnlyList<OpenSessions>>> Sessions(Db db, IReadOnlyList<Function> functions, Viewer viewer, string? branch, CancellationToken ct = default)
    {
        var scopes = Scopes.Of(functions, viewer, branch);
        if (scopes.IsRefused) return scopes.Refusal;
        // The kinds are written into the statement: only then is the index of open sessions found, which has nothing of the history.
        var readings = scopes.Value.SelectMany(scope => scope.Function.SessionKinds, (scope, kind) => (scope.Function, Kind: kind, scope.Scope, Rows: db.Later(
            $"select branch_id, count(*), min(opened_at) from work_session where kind = {Sql.Raw($"'{kind}'")} and state <> 'closed' group by branch_id",
            row => (Branch: row.Guid(0), Count: row.Long(1), Since: row.Instant(2))))).ToList();
        await db.Flush(ct);
        return Result.Of<IReadOnlyList<OpenSessions>>([.. readings.SelectMany(reading => reading.Rows.Value.Where(row => reading.Scope.Ids.Contains(row.Branch))
            .Select(row => new OpenSessions(reading.Function, reading.Kind, row.Branch, row.Count, row.Since)))]);
    }
}

/// <summary>What waits for the reader, across functions.</summary>
public static class WaitingForOne
{
    /// <summary>So many of a kind are counted; beyond that it is "more".</summary>
    public const int Most = 100;

    private const int First = 5;

    /// <summary>Reads it; the number of queries does not depend on how much waits.</summary>
    public static async Task<WaitingWork> Read(Db db, IReadOnlyList<Function> functions, Viewer viewer, DateTimeOffset now, CancellationToken ct = default)
    {
        var me = viewer.Actor.UserId;
        var scopes = functions.Select(function => (Function: function, Scope: viewer.Scope($"{function.Code}.view"))).Where(pair => !pair.Scope.IsRefused)
            .Select(pair => (pair.Function, Scope: pair.Scope.Value)).ToList();
        var approvals = (await ApprovalQueue.Read(db, viewer, functions, new ApprovalAsk("open", null, false, false, null, Most + 1), now, ct)).Where(waiting => waiting.MayDecide).ToList();
        var exceptions = await RaisedExceptions.Page(db, scopes, new ExceptionFilter(Owner: me), now, Most + 1, null, ct);
        var notices = await NoticeBook.Page(db, me, unread: true, null, Most + 1, ct);
        return new WaitingWork(PileOf(approvals), PileOf(exceptions), PileOf(notices), PileOf(await Drafts(db, scopes, me, ct)));
    }

    private static async Task<IReadOnlyList<LeftDraft>> Drafts(Db db, IReadOnlyList<(Function Function, BranchScope Scope)> scopes, Guid me, CancellationToken ct)
    {
        if (scopes.Count == 0) return [];
        var seen = Sql.Join(" or ", Queue.ByScope(scopes).Select(group => group.Scope.All
            ? (Sql)$"d.function {Sql.List(group.Codes)}"
            : (Sql)$"(d.function {Sql.List(group.Codes)} and d.branch_id {Sql.List(group.Scope.Ids)})"));
        return await db.Query(DraftsOf(scopes.Select(scope => scope.Function.Code), me, seen),
            row => new LeftDraft(row.Guid(0), row.TextOrNull(1), row.Text(2), row.Text(3), row.Guid(4), row.Long(5), row.Text(6), row.Instant(7)), ct);
    }

    /// <summary>The drafts of one person. The status stands there as a word and not as a value: the index over drafts by who began them holds only those.</summary>
    internal static Sql DraftsOf(IEnumerable<string> functions, Guid me, Sql seen) => $"""
        select d.id, d.number, d.function, d.kind, d.branch_id, d.total, d.currency, d.created_at from document d
        where d.function {Sql.List(functions)} and d.status = 'draft' and d.created_by = {me} and ({seen})
        order by d.created_at desc limit {Most + 1}
        """;

    private static Pile<T> PileOf<T>(IReadOnlyList<T> found) => new(Math.Min(found.Count, Most), found.Count > Most, [.. found.Take(First)]);
}
