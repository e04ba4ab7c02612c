using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>The reports that every function has, made from its description, and its own named ones.</summary>
public static class ReportSet
{
    /// <summary>The most rows of a page.</summary>
    public const int MostRows = 5_000;

    /// <summary>The report whose rows are documents: where the rows of all others lead.</summary>
    public const string Documents = "documents";

    private static readonly IReadOnlyList<ReportDescription> Standard =
    [
        new("daily", "Daily summary", false, "day"),
        new("weekly", "Weekly summary", false, "week"),
        new("monthly", "Monthly summary", false, "month"),
        new("by-branch", "By branch", false, null, "branch"),
        new("by-user", "By user", false, null, "user"),
        new("by-shift", "By shift", false, null, "shift"),
        new("by-category", "By category", false, null, "category"),
        new("by-item", "By item", false, null, "item"),
        new("by-channel", "By channel", false, null, "channel"),
        new("by-party", "By party", false, null, "party"),
        new("by-status", "By step", false, null, "status"),
        new(Documents, "Documents", false, null, "document"),
        new(StandingReports.Exceptions, "Exceptions", false),
        new(StandingReports.Approvals, "Approvals", false),
    ];

    /// <summary>The reports of a function that a reader may run.</summary>
    public static IReadOnlyList<ReportDescription> Of(Function function, Func<string, bool> may) =>
    [
        .. Standard.Where(report => report.Bucket is null && report.GroupBy is null
            || function.Measures.Any(measure => Shows(measure, may) && (report.GroupBy is not ("category" or "item") || measure.LineGrain))),
        .. function.Reports.Where(report => report.Permission is null || may(report.Permission)).Select(report => new ReportDescription(report.Code, report.Name, true)),
    ];

    /// <summary>Whether a reader may see a measure.</summary>
    public static bool Shows(MeasureDeclaration measure, Func<string, bool> may) => measure.Permission is null || may(measure.Permission);

    /// <summary>Runs a report.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="function">The function.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="viewer">Who asks; needs <c>view</c> of the function.</param>
    /// <param name="today">The reader's business day.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>A page. Refused with <c>PERMISSION_DENIED</c>, <c>NOT_FOUND</c>, <c>LIMIT_INVALID</c>, <c>CURSOR_INVALID</c>, <c>PARAMETER_INVALID</c>
    /// and as <see cref="FactQuery.Plan"/>.</returns>
    public static async Task<Result<ReportAnswer>> Run(Db db, Function function, ReportRequest request, Viewer viewer, DateOnly today, CancellationToken ct = default)
    {
        if (request.Limit is < 1 or > MostRows) return Refusals.LimitInvalid(MostRows);
        var scope = viewer.Scope($"{function.Code}.view", request.Branch);
        if (scope.IsRefused) return scope.Refusal;
        var asked = Asked.Of(db.Engine, function, request, viewer, scope.Value, today);
        if (asked.IsRefused) return asked.Refusal;
        return asked.Value.Facts is { } facts ? await facts.Page(db, ct) : ReportPages.Cut(await asked.Value.Whole(db, ct), request);
    }

    /// <summary>Reads a whole report for a file, row by row.</summary>
    /// <param name="db">A session that does nothing else until the rows are read.</param>
    /// <param name="names">Another, in which names are looked up meanwhile.</param>
    /// <param name="function">The function.</param>
    /// <param name="request">What was asked; limit and cursor do not matter.</param>
    /// <param name="viewer">Who asks; needs <c>export</c> at each branch whose rows are told, see <see cref="Viewer.ExportScope"/>.</param>
    /// <param name="today">The reader's business day.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused as <see cref="Run"/>.</returns>
    public static async Task<Result<ReportRows>> Stream(
        Db db, Db names, Function function, ReportRequest request, Viewer viewer, DateOnly today, CancellationToken ct = default)
    {
        var scope = viewer.ExportScope(function, request.Branch);
        if (scope.IsRefused) return scope.Refusal;
        var asked = Asked.Of(db.Engine, function, request, viewer, scope.Value, today);
        if (asked.IsRefused) return asked.Refusal;
        return asked.Value.Facts is { } facts ? facts.Stream(db, names) : asked.Value.Streamed(db, ct) ?? ReportRows.Of(await asked.Value.Whole(db, ct));
    }

    /// <summary>The days that a report tells when nobody says which: a month of days, a quarter of weeks, a year of months.</summary>
    private static DateOnly DefaultFrom(string? bucket, DateOnly to) => bucket switch
    {
        "week" => Buckets.Of("week", to.AddDays(-84)).From,
        "month" => new DateOnly(to.Year, to.Month, 1).AddMonths(-11),
        _ => to.AddDays(-29),
    };

    /// <summary>A request that was checked.</summary>
    private sealed record Asked(Function Function, ReportDescription Description, ReportRequest Request, BranchScope Scope, DateOnly From, DateOnly To, Func<string, bool> May, FactReport? Facts)
    {
        public static Result<Asked> Of(Engine engine, Function function, ReportRequest request, Viewer viewer, BranchScope scope, DateOnly today)
        {
            bool May(string action) => viewer.MayAtAll($"{function.Code}.{action}", scope);
            if (ReportSet.Of(function, May).FirstOrDefault(report => report.Code == request.Report) is not { } description) return Refusals.NotFound("report");
            if (request.Period is not (null or "day" or "week" or "month")) return Refusals.ParameterInvalid("period", request.Period);
            if (request.Compare is not (null or "" or "previous" or "year" or "chosen")) return Refusals.ParameterInvalid("compare", request.Compare);
            var bucket = request.Period ?? description.Bucket;
            var to = request.To ?? today;
            var from = request.From ?? DefaultFrom(bucket, to);
            if (to < from || to.DayNumber - from.DayNumber > FactQuery.LongestDays) return Refusals.RangeInvalid();
            var asked = new Asked(function, description, request, scope, from, to, May, null);
            if (description.Named || StandingReports.Has(description.Code))
                return Comparison.Of(request, null, from, to) is { IsRefused: true } no ? no.Refusal : asked;

            var groups = (request.GroupBy ?? description.GroupBy ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (groups.Length == 0 && bucket is null) bucket = "day";
            var query = new FactQuery(function, [.. function.Measures.Where(measure => Shows(measure, May))], bucket is null ? groups : [bucket, .. groups], from, to)
            {
                Branches = scope.Filter,
                Filters = request.Filters,
                OfLines = request.Lines,
            };
            var facts = FactReport.Of(description, query, request, viewer, engine);
            return facts.IsRefused ? facts.Refusal : asked with { Facts = facts.Value };
        }

        /// <summary>All rows of a report that is no report over facts, beside those of the range compared with.</summary>
        public async Task<ReportAnswer> Whole(Db db, CancellationToken ct)
        {
            var answer = await Once(db, From, To, ct);
            return Comparison.Of(Request, null, From, To).Value is { } comparison ? ReportPages.Beside(answer, await Once(db, comparison.From, comparison.To, ct)) : answer;
        }

        /// <summary>The rows of a named report that can be read one by one; null for others, and where another range stands beside.</summary>
        public ReportRows? Streamed(Db db, CancellationToken ct)
        {
            if (!Description.Named || !string.IsNullOrEmpty(Request.Compare) || Function.Reports.First(named => named.Code == Description.Code).Stream is not { } stream) return null;
            var rows = stream(new ReportCall(db, From, To, Scope.Ids, Request.Filters, May), ct);
            return new ReportRows(Description.Code, Description.Name, From, To, rows.Columns, Lines(rows.Rows), () => (rows.Totals?.Invoke(), null));
        }

        private static async IAsyncEnumerable<(ReportLine Now, ReportLine? Other)> Lines(IAsyncEnumerable<(object?[] Cells, Guid? Document)> rows)
        {
            await foreach (var (cells, document) in rows) yield return (new ReportLine(null, cells, ReportPages.ToDocument(document)), null);
        }

        private async Task<ReportAnswer> Once(Db db, DateOnly from, DateOnly to, CancellationToken ct)
        {
            if (!Description.Named) return await StandingReports.Run(db, Function, Description, Scope, from, to, ct);
            var report = Function.Reports.First(named => named.Code == Description.Code);
            var answer = await report.Run(new ReportCall(db, from, to, Scope.Ids, Request.Filters, May), ct);
            var documents = answer.Documents ?? [];
            return new ReportAnswer(Description.Code, Description.Name, from, to, answer.Columns,
                [.. answer.Rows.Select((cells, at) => new ReportLine(null, cells, ReportPages.ToDocument(at < documents.Count ? documents[at] : null)))], answer.Totals);
        }
    }
}
