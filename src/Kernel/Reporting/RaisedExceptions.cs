using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>Something that a rule raised.</summary>
public sealed record ExceptionEntry(
    Guid Id, string Rule, string Severity, string Function, Guid? DocumentId, string? Number, Guid BranchId, DateTimeOffset RaisedAt, string Message, string State,
    string? Owner, string? Reason, string? ReasonText, long Version);

/// <summary>What rules raised, and what became of it.</summary>
public static class RaisedExceptions
{
    private const string Columns = """
        e.id, e.rule, e.severity, e.function, e.document_id, d.number, e.branch_id, e.raised_at, e.message, e.state, u.name, e.reason, e.reason_text, e.version
        from exception_item e left join document d on d.id = e.document_id left join app_user u on u.id = e.owner_id
        """;

    private static readonly string[] Severities = ["high", "medium", "low"];

    /// <summary>A page, the latest first.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="scopes">Functions with the branches where the reader sees them.</param>
    /// <param name="state">open, acknowledged or resolved; null for all that is not resolved.</param>
    /// <param name="severity">Only of this severity.</param>
    /// <param name="rule">Only of this rule.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Id and instant of the last one of the page before.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<ExceptionEntry>> Page(
        Db db, IReadOnlyList<(Function Function, BranchScope Scope)> scopes, string? state, string? severity, string? rule, int limit,
        (DateTimeOffset At, Guid Id)? after, CancellationToken ct = default)
    {
        if (scopes.Count == 0) return [];
        var tests = new List<Sql> { Visible(scopes) };
        if (state is null) tests.Add($"e.state in ('open', 'acknowledged')");
        else tests.Add($"e.state = {state}");
        if (severity is not null) tests.Add($"e.severity = {severity}");
        if (rule is not null) tests.Add($"e.rule = {rule}");
        if (after is { } last) tests.Add($"(e.raised_at, e.id) < ({last.At}, {last.Id})");
        return await db.Query($"select {Sql.Raw(Columns)} where {Sql.Join(" and ", tests)} order by e.raised_at desc, e.id desc limit {limit}", Read, ct);
    }

    /// <summary>One that the reader may see, or null.</summary>
    public static async Task<ExceptionEntry?> Find(Db db, Guid id, Viewer viewer, CancellationToken ct = default)
    {
        var found = await db.First($"select {Sql.Raw(Columns)} where e.id = {id}", Read, ct);
        return found is not null && viewer.Actor.May($"{found.Function}.view", found.BranchId) ? found : null;
    }

    /// <summary>Acknowledges (open to acknowledged) or resolves (to resolved), once, with a reason, and leaves a trace in the audit trail.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="id">The exception.</param>
    /// <param name="state">acknowledged or resolved.</param>
    /// <param name="reason">Reason code; needed to resolve.</param>
    /// <param name="text">Free text.</param>
    /// <param name="stamp">Who and when; the branch is the exception's.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused with <c>NOT_FOUND</c>, <c>STATUS_NOT_ALLOWED</c> or <c>REASON_REQUIRED</c>.</returns>
    public static async Task<Result<ExceptionEntry>> Move(
        Tx tx, Guid id, string state, string? reason, string? text, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        var lockRow = Dialect.ForUpdate(tx.Engine);
        var was = await tx.First($"select state, function, branch_id from exception_item where id = {id}{lockRow}",
            row => new { State = row.Text(0), Function = row.Text(1), Branch = row.Guid(2) }, ct);
        if (was is null || was.Branch != stamp.BranchId || !stamp.May($"{was.Function}.view")) return Refusals.NotFound("exception");
        if (was.State == "resolved" || was.State == state)
            return new Refusal("STATUS_NOT_ALLOWED", $"An exception that is {was.State} cannot become {state}.", "/state", 409);
        if (state == "resolved" && string.IsNullOrWhiteSpace(reason)) return new Refusal("REASON_REQUIRED", "Give a reason.", "/reason");

        tx.Stage($"""
            update exception_item set state = {state}, owner_id = {stamp.Actor.UserId}, reason = {reason}, reason_text = {text}, changed_at = {stamp.At}, version = version + 1
            where id = {id}
            """);
        AuditTrail.Stage(tx, new AuditEvent(stamp, was.Function, state == "resolved" ? "resolve" : "acknowledge", "exception", id,
            Before: $$"""{"state":"{{was.State}}"}""", After: $$"""{"state":"{{state}}"}""", Reason: reason, ReasonText: text), clock);
        return (await tx.First($"select {Sql.Raw(Columns)} where e.id = {id}", Read, ct))!;
    }

    /// <summary>Counts what is not resolved, and reads the gravest, in the next flush.</summary>
    internal static Func<ExceptionCounts> CountLater(Db db, IReadOnlyList<(Function Function, BranchScope Scope)> scopes, int top = 5)
    {
        var counts = db.Later($"""
            select e.severity, count(*) from exception_item e where e.state in ('open', 'acknowledged') and {Visible(scopes)} group by e.severity
            """, row => (Severity: row.Text(0), Count: row.Long(1)));
        // By severity, each from the end of the index of what is open.
        var gravest = Severities.Select(severity => db.Later($"""
            select {Sql.Raw(Columns)} where e.state = 'open' and e.severity = {severity} and {Visible(scopes)} order by e.raised_at desc limit {top}
            """, Read)).ToList();
        return () => new ExceptionCounts(Of("high"), Of("medium"), Of("low"), [.. gravest.SelectMany(found => found.Value).Take(top)]);
        long Of(string severity) => counts.Value.Where(count => count.Severity == severity).Sum(count => count.Count);
    }

    private static Sql Visible(IReadOnlyList<(Function Function, BranchScope Scope)> scopes)
    {
        var tests = Queue.ByScope(scopes).Select(group =>
        {
            var codes = Sql.List(group.Codes);
            return group.Scope.All ? (Sql)$"e.function {codes}" : (Sql)$"(e.function {codes} and e.branch_id {Sql.List(group.Scope.Ids)})";
        });
        return $"({Sql.Join(" or ", tests)})";
    }

    private static ExceptionEntry Read(Row row) => new(
        row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.GuidOrNull(4), row.TextOrNull(5), row.Guid(6), row.Instant(7), row.Text(8), row.Text(9),
        row.TextOrNull(10), row.TextOrNull(11), row.TextOrNull(12), row.Long(13));
}
