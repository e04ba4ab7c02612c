using System.Globalization;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>The reports that every function has, made from its description, and its own named ones.</summary>
public static class ReportSet
{
    /// <summary>The most rows of a page.</summary>
    public const int MostRows = 5_000;

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
    /// <returns>Refused with <c>PERMISSION_DENIED</c>, <c>NOT_FOUND</c>, <c>LIMIT_INVALID</c>, <c>CURSOR_INVALID</c>, <c>PARAMETER_INVALID</c>,
    /// <c>REPORT_TOO_LARGE</c> and as <see cref="FactQuery.Plan"/>.</returns>
    public static async Task<Result<ReportAnswer>> Run(Db db, Function function, ReportRequest request, Viewer viewer, DateOnly today, CancellationToken ct = default)
    {
        var scope = viewer.Scope($"{function.Code}.view", request.Branch);
        if (scope.IsRefused) return scope.Refusal;
        bool May(string action) => viewer.MayAtAll($"{function.Code}.{action}", scope.Value);
        if (Of(function, May).FirstOrDefault(report => report.Code == request.Report) is not { } description) return Refusals.NotFound("report");
        if (request.Period is not (null or "day" or "week" or "month")) return Refusals.ParameterInvalid("period", request.Period);
        if (request.Compare is not (null or "" or "previous" or "year")) return Refusals.ParameterInvalid("compare", request.Compare);
        if (request.Limit is < 1 or > FactQuery.MostRows) return Refusals.LimitInvalid(MostRows);
        if (!TryOffset(request.After, out var offset)) return Refusals.CursorInvalid();

        var bucket = request.Period ?? description.Bucket;
        var to = request.To ?? today;
        var from = request.From ?? DefaultFrom(bucket, to);
        if (to < from || to.DayNumber - from.DayNumber > FactQuery.LongestDays) return Refusals.RangeInvalid();
        if (description.Named) return Page(await Named(db, function, description, request, scope.Value, from, to, May, ct), offset, request.Limit);
        if (StandingReports.Has(description.Code))
            return Page(await StandingReports.Run(db, function, description, scope.Value, from, to, ct), offset, request.Limit);

        var groups = (request.GroupBy ?? description.GroupBy ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (groups.Length == 0 && bucket is null) bucket = "day";
        var query = new FactQuery(function, [.. function.Measures.Where(measure => Shows(measure, May))], bucket is null ? groups : [bucket, .. groups], from, to)
        {
            Branches = scope.Value.Filter,
            Filters = request.Filters,
        };
        return await new FactReport(description, query, request, viewer).Run(db, offset, ct);
    }

    private static async Task<ReportAnswer> Named(
        Db db, Function function, ReportDescription description, ReportRequest request, BranchScope scope, DateOnly from, DateOnly to, Func<string, bool> may, CancellationToken ct)
    {
        var report = function.Reports.First(named => named.Code == description.Code);
        var answer = await report.Run(new ReportCall(db, from, to, scope.Ids, request.Filters, may), ct);
        var documents = answer.Documents ?? [];
        return new ReportAnswer(description.Code, description.Name, from, to, answer.Columns,
            [.. answer.Rows.Select((cells, at) => new ReportLine(null, cells,
                at < documents.Count && documents[at] is { } id ? new Dictionary<string, string> { ["document"] = id.ToString("D") } : null))], answer.Totals);
    }

    private static ReportAnswer Page(ReportAnswer answer, int offset, int limit) => answer with
    {
        Rows = [.. answer.Rows.Skip(offset).Take(limit)],
        Next = answer.Rows.Count > offset + limit ? Cursor(offset + limit) : null,
    };

    // A month of days, a quarter of weeks, a year of months.
    private static DateOnly DefaultFrom(string? bucket, DateOnly to) => bucket switch
    {
        "week" => Buckets.Of("week", to.AddDays(-84)).From,
        "month" => new DateOnly(to.Year, to.Month, 1).AddMonths(-11),
        _ => to.AddDays(-29),
    };

    internal static string Cursor(int offset) => offset.ToString(CultureInfo.InvariantCulture);

    private static bool TryOffset(string? cursor, out int offset)
    {
        offset = 0;
        return string.IsNullOrEmpty(cursor) || int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }
}
