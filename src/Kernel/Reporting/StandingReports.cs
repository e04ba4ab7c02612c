using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>Two reports that come from the kernel's own tables: what rules raised, and how long approvals took.</summary>
internal static class StandingReports
{
    public const string Exceptions = "exceptions";
    public const string Approvals = "approvals";

    public static bool Has(string code) => code is Exceptions or Approvals;

    public static Task<ReportAnswer> Run(Db db, Function function, ReportDescription description, BranchScope scope, DateOnly from, DateOnly to, CancellationToken ct) =>
        description.Code == Exceptions ? OfExceptions(db, function, description, scope, from, to, ct) : OfApprovals(db, function, description, scope, from, to, ct);

    private static async Task<ReportAnswer> OfExceptions(
        Db db, Function function, ReportDescription description, BranchScope scope, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var items = db.Later($"""
            select rule, severity, count(*), sum(case when state = 'open' then 1 else 0 end), sum(case when state = 'acknowledged' then 1 else 0 end),
              sum(case when state = 'resolved' then 1 else 0 end)
            from exception_item where function = {function.Code} and business_date >= {from} and business_date <= {to}{InScope(scope)}
            group by rule, severity order by 3 desc, rule
            """, row => (Rule: row.Text(0), Severity: row.Text(1), Counts: new[] { row.Long(2), row.Long(3), row.Long(4), row.Long(5) }));
        // Each time is a fact, also one that was folded into an item that stood already: the rate of a rule is documents caught over documents posted.
        var facts = db.Later($"""
            select d1, {Sql.Raw(Dialect.SumLong(db.Engine, "count"))}, count(distinct document_id) from fact
            where function = {function.Code} and event = 'exception' and d1 is not null and business_date >= {from} and business_date <= {to}{InScope(scope)} group by d1
            """, row => (Rule: row.Text(0), Times: row.Long(1), Documents: row.Long(2)));
        var posted = db.Later($"""
            select kind, count(*) from document where function = {function.Code} and business_date >= {from} and business_date <= {to} and posted_at is not null and reversal_of is null{InScope(scope)}
            group by kind
            """, row => (Kind: row.Text(0), Count: row.Long(1)));
        await db.Flush(ct);
        var declared = function.Exceptions.ToDictionary(rule => rule.Code);
        var documents = posted.Value.ToDictionary(row => row.Kind, row => row.Count);
        var times = facts.Value.ToDictionary(row => row.Rule);
        // A rule whose severity was changed has two lines of items, and its rate stands on the first.
        var lines = new List<ReportLine>();
        foreach (var rule in items.Value.Select(row => row.Rule).Concat(times.Keys.Order(StringComparer.Ordinal)).Distinct().ToList())
        {
            var (name, kind) = declared.TryGetValue(rule, out var known) ? (known.Name, known.Of ?? function.Kinds[0].Code) : (rule, function.Kinds[0].Code);
            var (caught, over) = (times.GetValueOrDefault(rule), documents.GetValueOrDefault(kind));
            object?[] rates = [caught.Times, caught.Documents, over, over > 0 ? (long)((Int128)caught.Documents * 1_000_000 / over) : null];
            var drill = new Dictionary<string, string> { ["rule"] = rule, ["function"] = function.Code };
            foreach (var row in items.Value.Where(row => row.Rule == rule).DefaultIfEmpty((rule, known?.Severity ?? "", new long[4])))
            {
                lines.Add(new ReportLine(rule, [rule, name, row.Item2, .. row.Item3.Cast<object>(), .. rates], drill));
                rates = [null, null, null, null];
            }
        }

        return new ReportAnswer(description.Code, $"{function.Name}: {description.Name}", from, to,
            [new("rule", "Rule", "text"), new("name", "Meaning", "text"), new("severity", "Severity", "text"), new("raised", "Raised", "integer"),
                new("open", "Open", "integer"), new("acknowledged", "Acknowledged", "integer"), new("resolved", "Resolved", "integer"),
                new("times", "Times", "integer"), new("documents", "Documents caught", "integer"), new("over", "Documents", "integer"), new("rate", "Rate", "rate")],
            lines, [null, null, null, .. Enumerable.Range(0, 4).Select(at => (object)items.Value.Sum(row => row.Counts[at])), facts.Value.Sum(row => row.Times), null, null, null]);
    }

    /// <summary>Lag in minutes from the request to the decision, on average over those that ended.</summary>
    private static async Task<ReportAnswer> OfApprovals(
        Db db, Function function, ReportDescription description, BranchScope scope, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var (start, end) = (Midnight(from), Midnight(to.AddDays(1)));
        var requests = await db.Query($"""
            select action, state, requested_at, closed_at from approval_request
            where function = {function.Code} and requested_at >= {start} and requested_at < {end}{InScope(scope)}
            """, row => (Action: row.Text(0), State: row.Text(1), At: row.Instant(2), Closed: row.InstantOrNull(3)), ct);
        object?[] Cells(string? action, List<(string Action, string State, DateTimeOffset At, DateTimeOffset? Closed)> of)
        {
            var decided = of.Where(request => request is { Closed: not null, State: not "withdrawn" }).Select(request => (long)(request.Closed!.Value - request.At).TotalMinutes).ToList();
            return [action, (long)of.Count, Count("open"), Count("approved"), Count("rejected"), Count("withdrawn"),
                decided.Count == 0 ? null : decided.Sum() / decided.Count, decided.Count == 0 ? null : decided.Max()];
            object Count(string state) => (long)of.Count(request => request.State == state);
        }

        return new ReportAnswer(description.Code, $"{function.Name}: {description.Name}", from, to,
            [new("action", "Step", "text"), new("requested", "Requested", "integer"), new("open", "Open", "integer"), new("approved", "Approved", "integer"),
                new("rejected", "Rejected", "integer"), new("withdrawn", "Withdrawn", "integer"), new("lag", "Average minutes", "integer"), new("longest", "Longest minutes", "integer")],
            [.. requests.GroupBy(request => request.Action).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new ReportLine(group.Key, Cells(group.Key, [.. group]), null))],
            Cells(null, requests));
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static Sql InScope(BranchScope scope) => scope.All ? Sql.Raw("") : $" and branch_id {Sql.List(scope.Ids)}";
}
