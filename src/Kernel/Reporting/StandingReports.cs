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
        var rows = await db.Query($"""
            select rule, severity, count(*), sum(case when state = 'open' then 1 else 0 end), sum(case when state = 'acknowledged' then 1 else 0 end),
              sum(case when state = 'resolved' then 1 else 0 end)
            from exception_item where function = {function.Code} and business_date >= {from} and business_date <= {to}{InScope(scope)}
            group by rule, severity order by 3 desc, rule
            """, row => (Rule: row.Text(0), Severity: row.Text(1), Counts: new[] { row.Long(2), row.Long(3), row.Long(4), row.Long(5) }), ct);
        var names = function.Exceptions.ToDictionary(rule => rule.Code, rule => rule.Name);
        return new ReportAnswer(description.Code, $"{function.Name}: {description.Name}", from, to,
            [new("rule", "Rule", "text"), new("name", "Meaning", "text"), new("severity", "Severity", "text"), new("raised", "Raised", "integer"),
                new("open", "Open", "integer"), new("acknowledged", "Acknowledged", "integer"), new("resolved", "Resolved", "integer")],
            [.. rows.Select(row => new ReportLine(row.Rule,
                [row.Rule, names.GetValueOrDefault(row.Rule, row.Rule), row.Severity, .. row.Counts.Cast<object>()],
                new Dictionary<string, string> { ["rule"] = row.Rule, ["function"] = function.Code }))],
            [null, null, null, .. Enumerable.Range(0, 4).Select(at => (object)rows.Sum(row => row.Counts[at]))]);
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
