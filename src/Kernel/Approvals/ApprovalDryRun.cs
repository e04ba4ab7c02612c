using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Approvals;

/// <summary>A rule that is tried on what has been.</summary>
/// <param name="Kind">Document kind, or empty for all that ask.</param>
/// <param name="Action">submit or reverse.</param>
/// <param name="Figure">The figure compared; empty for always.</param>
/// <param name="Over">The rule holds when the figure is above this: minor units, millionths, or a count.</param>
/// <param name="From">First business day.</param>
/// <param name="To">Last business day, included.</param>
public sealed record TriedRule(string Kind, string Action, string Figure, long Over, DateOnly From, DateOnly To);

/// <summary>What it would have caught at a branch.</summary>
/// <param name="BranchId">The branch.</param>
/// <param name="Asked">Documents that took the step.</param>
/// <param name="Caught">Of these, those for which the rule holds.</param>
/// <param name="Amount">Their total without signs, minor units of the company's currency.</param>
public sealed record TriedBranch(Guid BranchId, long Asked, long Caught, long Amount);

/// <summary>A document that it would have caught.</summary>
/// <param name="Id">Document.</param>
/// <param name="Number">Number.</param>
/// <param name="Kind">Kind.</param>
/// <param name="BranchId">Branch.</param>
/// <param name="BusinessDate">Business day.</param>
/// <param name="Total">Total in minor units.</param>
/// <param name="Currency">Currency.</param>
/// <param name="Maker">Who made it.</param>
/// <param name="Figure">The figure compared; null for always.</param>
public sealed record CaughtDocument(Guid Id, string? Number, string Kind, Guid BranchId, DateOnly BusinessDate, long Total, string Currency, string Maker, long? Figure);

/// <summary>Tries an approval rule on history: how many documents would have waited, and which.</summary>
/// <remarks>Figures are those of the documents as they stand now; reversals count on the business day of what was reversed.</remarks>
public static class ApprovalDryRun
{
    /// <summary>How many documents are told, the greatest figure first.</summary>
    public const int MostTold = 50;

    /// <summary>Figures that the kernel counts itself, for every kind.</summary>
    public static IReadOnlyList<FigureDeclaration> Counted { get; } =
    [
        new("", ApprovalDesk.CountToday, "Handed in by the maker that day", "integer",
            "row_number() over (partition by d.kind, d.branch_id, d.business_date, d.created_by order by d.submitted_at, d.id)"),
        new("", ApprovalDesk.OpenExceptions, "Exceptions about it", "integer",
            "(select count(*) from exception_item e where e.document_id = d.id and e.raised_at <= coalesce(d.submitted_at, d.created_at))"),
    ];

    /// <summary>The figures that rules for a kind can compare; for all kinds those that any has.</summary>
    public static IEnumerable<FigureDeclaration> FiguresOf(Function function, string kind) =>
        function.Figures.Where(figure => kind.Length == 0 || figure.Kind.Length == 0 || figure.Kind == kind).Concat(Counted);

    /// <summary>What is wrong with a rule, because it could never hold; null when it can.</summary>
    /// <returns><c>RULE_NEVER_HOLDS</c>, with a pointer to the action or the figure.</returns>
    public static Refusal? Impossible(Function function, string kind, string action, string figure)
    {
        if (!function.Kinds.Any(known => (kind.Length == 0 || known.Code == kind) && function.AsksApproval(known.Code, action)))
            return new Refusal("RULE_NEVER_HOLDS", "Documents of this kind do not ask for approval at this step.", "/action");
        return figure.Length == 0 || FiguresOf(function, kind).Any(known => known.Name == figure) ? null
            : new Refusal("RULE_NEVER_HOLDS", $"One of: {string.Join(", ", FiguresOf(function, kind).Select(known => known.Name).Distinct())}.", "/figure");
    }

    /// <summary>Tries a rule.</summary>
    /// <param name="db">A session.</param>
    /// <param name="function">The function.</param>
    /// <param name="rule">The rule, one that can hold.</param>
    /// <param name="scope">Branches that the reader may see and has chosen.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<(IReadOnlyList<TriedBranch> Branches, IReadOnlyList<CaughtDocument> First)> Run(Db db, Function function, TriedRule rule, BranchScope scope, CancellationToken ct = default)
    {
        var kinds = function.Kinds.Select(kind => kind.Code).Where(kind => (rule.Kind.Length == 0 || kind == rule.Kind) && function.AsksApproval(kind, rule.Action)).ToList();
        var figures = FiguresOf(function, rule.Kind).Where(figure => figure.Name == rule.Figure).ToList();
        // Of one name each kind has its own expression; a window function is told of all rows, so it stands alone.
        var figure = figures.Count == 0 ? Sql.Raw("0")
            : figures[0].Kind.Length == 0 ? Sql.Raw(figures[0].Sql)
            : $"case d.kind {Sql.Join(" ", figures.Select(one => (Sql)$"when {one.Kind} then {Sql.Raw(one.Sql)}"))} end";
        var holds = rule.Figure.Length == 0 ? Sql.Raw("1 = 1") : (Sql)$"t.figure > {rule.Over}";
        Sql tried = $"""
            with t as (
              select d.id, d.number, d.kind, d.branch_id, d.business_date, d.total, d.currency, d.created_by, case when {Sql.Raw(function.AsksApprovalWhen)} then 1 else 0 end as asks, {figure} as figure from document d
              where d.function = {function.Code} and d.kind {Sql.List(kinds)} and d.branch_id {Sql.List(scope.Ids)} and d.business_date between {rule.From} and {rule.To}
                and d.reversal_of is null and {Took(rule.Action)})
            """;
        var branches = db.Later($"""
            {tried} select t.branch_id, count(*), cast(sum(case when {holds} then 1 else 0 end) as bigint), cast(sum(case when {holds} then abs(t.total) else 0 end) as bigint)
            from t where t.asks = 1 group by t.branch_id order by t.branch_id
            """, row => new TriedBranch(row.Guid(0), row.Long(1), row.Long(2), row.Long(3)));
        var first = db.Later($"""
            {tried} select t.id, t.number, t.kind, t.branch_id, t.business_date, t.total, t.currency, coalesce(u.name, ''), t.figure from t left join app_user u on u.id = t.created_by
            where t.asks = 1 and {holds} order by t.figure desc, t.business_date desc, t.id desc limit {MostTold}
            """, row => new CaughtDocument(
                row.Guid(0), row.TextOrNull(1), row.Text(2), row.Guid(3), row.Date(4), row.Long(5), row.Text(6), row.Text(7), rule.Figure.Length == 0 ? null : row.Long(8)));
        await db.Flush(ct);
        return (branches.Value, first.Value);
    }

    private static Sql Took(string action) => Sql.Raw(action == Verb.Reverse
        ? "(d.reversed_at is not null or d.status = 'reversal-requested' or exists (select 1 from approval_request r where r.document_id = d.id and r.action = 'reverse'))"
        : "d.submitted_at is not null");
}
