using Plug1.Kernel.Functions;
using Plug1.Kernel.Rules;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>Something that a rule raised, as it stands now.</summary>
/// <param name="Id">The item.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">critical, high, medium or low.</param>
/// <param name="Function">Function code.</param>
/// <param name="DocumentId">The document, or null.</param>
/// <param name="Number">Its number.</param>
/// <param name="BranchId">The branch.</param>
/// <param name="RaisedAt">When it was raised first.</param>
/// <param name="Message">What was told last.</param>
/// <param name="State">open, acknowledged, snoozed or resolved.</param>
/// <param name="Owner">Name of who looks after it.</param>
/// <param name="Reason">Why it was resolved.</param>
/// <param name="ReasonText">Free text beside it.</param>
/// <param name="Version">Version, of the steps that people took.</param>
/// <param name="OwnerId">Who looks after it.</param>
/// <param name="OwnerRole">The role that looks after it now; empty for none in particular.</param>
/// <param name="Count">How many times it was raised.</param>
/// <param name="LastSeenAt">When last.</param>
/// <param name="SnoozedUntil">Until when it is put off; null when it is not.</param>
/// <param name="EscalatesAt">When it goes to the next role.</param>
/// <param name="EscalateRole">The next role; empty for none.</param>
/// <param name="EscalatedAt">When it went to its present role.</param>
/// <param name="EscalateThen">The roles after the next one.</param>
public sealed record ExceptionEntry(
    Guid Id, string Rule, string Severity, string Function, Guid? DocumentId, string? Number, Guid BranchId, DateTimeOffset RaisedAt, string Message, string State,
    string? Owner, string? Reason, string? ReasonText, long Version, Guid? OwnerId, string OwnerRole, long Count, DateTimeOffset LastSeenAt, DateTimeOffset? SnoozedUntil,
    DateTimeOffset? EscalatesAt, string EscalateRole, DateTimeOffset? EscalatedAt, IReadOnlyList<EscalationLink> EscalateThen);

/// <summary>One step of an item's history.</summary>
/// <param name="At">When.</param>
/// <param name="User">Who.</param>
/// <param name="Step">raised, repeated, acknowledged, assigned, snoozed, escalated or resolved.</param>
/// <param name="Text">What was told or written.</param>
/// <param name="DocumentId">The document of this time, or null.</param>
/// <param name="Number">Its number.</param>
/// <param name="Reason">Reason code.</param>
/// <param name="FromRole">The role before an escalation.</param>
/// <param name="ToRole">The role after it.</param>
/// <param name="Person">To whom it was assigned.</param>
/// <param name="Until">Until when it was put off.</param>
public sealed record ExceptionStepEntry(
    DateTimeOffset At, string User, string Step, string? Text, Guid? DocumentId, string? Number, string? Reason, string? FromRole, string? ToRole, string? Person, DateTimeOffset? Until);

/// <summary>Which exceptions are listed; null asks for nothing in particular.</summary>
/// <param name="State">open, acknowledged, snoozed, resolved or all; null for open and acknowledged.</param>
/// <param name="Severity">Only of this severity.</param>
/// <param name="Rule">Only of this rule.</param>
/// <param name="Owner">Only of this owner; the empty id for those that nobody looks after.</param>
/// <param name="OwnerRole">Only those that this role looks after.</param>
/// <param name="RaisedBefore">Only those raised before: how old they are at least.</param>
public sealed record ExceptionFilter(
    string? State = null, string? Severity = null, string? Rule = null, Guid? Owner = null, string? OwnerRole = null, DateTimeOffset? RaisedBefore = null);

/// <summary>What rules raised, and what became of it.</summary>
public static class RaisedExceptions
{
    /// <summary>The longest history that is told.</summary>
    public const int LongestHistory = 500;

    private const string Columns = """
        e.id, e.rule, e.severity, e.function, e.document_id, d.number, e.branch_id, e.raised_at, e.message, e.state, u.name, e.reason, e.reason_text, e.version,
        e.owner_id, e.owner_role, e.count, e.last_seen_at, e.snoozed_until, e.escalates_at, e.escalate_role, e.escalated_at, e.escalate_then
        from exception_item e left join document d on d.id = e.document_id left join app_user u on u.id = e.owner_id
        """;

    /// <summary>A page, the latest first.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="scopes">Functions with the branches where the reader sees them.</param>
    /// <param name="filter">Which.</param>
    /// <param name="now">Now, for what is put off.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Id and instant of the last one of the page before.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<ExceptionEntry>> Page(
        Db db, IReadOnlyList<(Function Function, BranchScope Scope)> scopes, ExceptionFilter filter, DateTimeOffset now, int limit,
        (DateTimeOffset At, Guid Id)? after, CancellationToken ct = default)
    {
        if (scopes.Count == 0) return [];
        now = Dialect.Micro(now);
        var tests = new List<Sql> { Visible(db.Engine, scopes) };
        var awake = (Sql)$"(e.snoozed_until is null or e.snoozed_until <= {now})";
        switch (filter.State)
        {
            case "all": break;
            case null: tests.Add($"e.state in ('open', 'acknowledged') and {awake}"); break;
            case "snoozed": tests.Add($"e.state in ('open', 'acknowledged') and e.snoozed_until > {now}"); break;
            case "resolved": tests.Add($"e.state = 'resolved'"); break;
            default: tests.Add($"e.state = {filter.State} and {awake}"); break;
        }

        if (filter.Severity is not null) tests.Add($"e.severity = {filter.Severity}");
        if (filter.Rule is not null) tests.Add($"e.rule = {filter.Rule}");
        if (filter.Owner is { } owner) tests.Add(owner == Guid.Empty ? (Sql)$"e.owner_id is null" : (Sql)$"e.owner_id = {owner}");
        if (filter.OwnerRole is not null) tests.Add($"e.owner_role = {filter.OwnerRole}");
        if (filter.RaisedBefore is { } before) tests.Add($"e.raised_at < {Dialect.Micro(before)}");
        if (after is { } last) tests.Add($"(e.raised_at, e.id) < ({last.At}, {last.Id})");
        return await db.Query($"select {Sql.Raw(Columns)} where {Sql.Join(" and ", tests)} order by e.raised_at desc, e.id desc limit {limit}", row => Read(row, now), ct);
    }

    /// <summary>One that the reader may see, or null.</summary>
    public static async Task<ExceptionEntry?> Find(Db db, Guid id, Viewer viewer, DateTimeOffset now, CancellationToken ct = default)
    {
        var found = await db.First($"select {Sql.Raw(Columns)} where e.id = {id}", row => Read(row, now), ct);
        return found is not null && viewer.Actor.May($"{found.Function}.view", found.BranchId) ? found : null;
    }

    /// <summary>Several, as they stand; whether they may be seen was asked before.</summary>
    public static async Task<IReadOnlyList<ExceptionEntry>> Of(Db db, IEnumerable<Guid> ids, DateTimeOffset now, CancellationToken ct = default) =>
        await db.Query($"select {Sql.Raw(Columns)} where e.id {Sql.List(ids)}", row => Read(row, now), ct);

    /// <summary>The latest steps of an item's history, latest first.</summary>
    public static async Task<IReadOnlyList<ExceptionStepEntry>> History(Db db, Guid id, CancellationToken ct = default) => await db.Query($"""
        select s.at, coalesce(u.name, ''), s.step, s.text, s.document_id, d.number, s.reason, s.from_role, s.to_role, p.name, s.until
        from exception_step s left join app_user u on u.id = s.user_id left join app_user p on p.id = s.person_id left join document d on d.id = s.document_id
        where s.exception_id = {id} order by s.at desc, s.id desc limit {LongestHistory}
        """, row => new ExceptionStepEntry(row.Instant(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.GuidOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7),
            row.TextOrNull(8), row.TextOrNull(9), row.InstantOrNull(10)), ct);

    /// <summary>Counts what is neither resolved nor put off, and reads the gravest, in the next flush.</summary>
    internal static Func<ExceptionCounts> CountLater(Db db, IReadOnlyList<(Function Function, BranchScope Scope)> scopes, DateTimeOffset now, int top = 5)
    {
        now = Dialect.Micro(now);
        var awake = (Sql)$"(e.snoozed_until is null or e.snoozed_until <= {now})";
        var counts = db.Later($"""
            select e.severity, count(*) from exception_item e where e.state in ('open', 'acknowledged') and {awake} and {Visible(db.Engine, scopes)} group by e.severity
            """, row => (Severity: row.Text(0), Count: row.Long(1)));
        // By severity, each from the end of the index of what is open.
        var gravest = ExceptionDeclaration.Severities.Select(severity => db.Later($"""
            select {Sql.Raw(Columns)} where e.state = 'open' and e.severity = {severity} and {awake} and {Visible(db.Engine, scopes)} order by e.raised_at desc limit {top}
            """, row => Read(row, now))).ToList();
        return () => new ExceptionCounts(Of("critical"), Of("high"), Of("medium"), Of("low"), [.. gravest.SelectMany(found => found.Value).Take(top)]);
        long Of(string severity) => counts.Value.Where(count => count.Severity == severity).Sum(count => count.Count);
    }

    /// <summary>What the reader may see: most of what there is, so the other tests and the order find it.</summary>
    private static Sql Visible(Engine engine, IReadOnlyList<(Function Function, BranchScope Scope)> scopes)
    {
        var (function, branch) = (Dialect.Common(engine, "e.function"), Dialect.Common(engine, "e.branch_id"));
        var tests = Queue.ByScope(scopes).Select(group =>
        {
            var codes = Sql.List(group.Codes);
            return group.Scope.All ? (Sql)$"{function} {codes}" : (Sql)$"({function} {codes} and {branch} {Sql.List(group.Scope.Ids)})";
        });
        return $"({Sql.Join(" or ", tests)})";
    }

    private static ExceptionEntry Read(Row row, DateTimeOffset now)
    {
        var (state, snoozed) = (row.Text(9), row.InstantOrNull(18));
        var sleeps = state != "resolved" && snoozed > now;
        return new ExceptionEntry(
            row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.GuidOrNull(4), row.TextOrNull(5), row.Guid(6), row.Instant(7), row.Text(8), sleeps ? "snoozed" : state,
            row.TextOrNull(10), row.TextOrNull(11), row.TextOrNull(12), row.Long(13), row.GuidOrNull(14), row.Text(15), row.Long(16), row.Instant(17), sleeps ? snoozed : null,
            row.InstantOrNull(19), row.Text(20), row.InstantOrNull(21), EscalationChain.Read(row.Text(22)));
    }
}
