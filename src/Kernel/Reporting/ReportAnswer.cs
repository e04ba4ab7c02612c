using Plug1.Kernel.Functions;

namespace Plug1.Kernel.Reporting;

/// <summary>What a report was asked.</summary>
/// <param name="Report">The report's code.</param>
public sealed record ReportRequest(string Report)
{
    /// <summary>day, week or month; null leaves it to the report.</summary>
    public string? Period { get; init; }

    /// <summary>First business day; null leaves it to the report.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last business day, included; null for today.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Further dimensions, separated by commas; null leaves it to the report.</summary>
    public string? GroupBy { get; init; }

    /// <summary>previous or year; null for none.</summary>
    public string? Compare { get; init; }

    /// <summary>Codes or ids of branches, separated by commas; null for all that the reader may see.</summary>
    public string? Branch { get; init; }

    /// <summary>Further filters by the keys of dimensions.</summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = new Dictionary<string, string>();

    /// <summary>Rows of a page.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>The cursor of the page before.</summary>
    public string? After { get; init; }
}

/// <summary>One row of a report.</summary>
/// <param name="Key">What tells it from the others.</param>
/// <param name="Cells">Raw values in the order of the columns: minor units, millionths, days, names.</param>
/// <param name="Drill">The query that shows what it is made of; null when there is none.</param>
public sealed record ReportLine(string? Key, object?[] Cells, IReadOnlyDictionary<string, string>? Drill);

/// <summary>The same rows of another range: line by line what stands against <see cref="ReportAnswer.Rows"/>.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Rows">As many as the report's; null cells where the other range has nothing.</param>
/// <param name="Totals">Totals of the whole other range.</param>
public sealed record ReportComparison(DateOnly From, DateOnly To, IReadOnlyList<ReportLine> Rows, object?[] Totals);

/// <summary>A report's answer.</summary>
/// <param name="Report">Code.</param>
/// <param name="Title">Title.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Rows">The rows of this page.</param>
/// <param name="Totals">Totals of all rows, not of the page; null where none makes sense.</param>
/// <param name="Compare">What it is compared with.</param>
/// <param name="Next">Cursor of the next page.</param>
public sealed record ReportAnswer(
    string Report, string Title, DateOnly From, DateOnly To, IReadOnlyList<ReportField> Columns, IReadOnlyList<ReportLine> Rows, object?[]? Totals,
    ReportComparison? Compare = null, string? Next = null);

/// <summary>A report that a function has.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Title.</param>
/// <param name="Named">True when the function made it itself.</param>
/// <param name="Bucket">The bucket it is told by, or null.</param>
/// <param name="GroupBy">The dimension it is told by, or null.</param>
public sealed record ReportDescription(string Code, string Name, bool Named, string? Bucket = null, string? GroupBy = null);
