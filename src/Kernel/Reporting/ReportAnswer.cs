using Plug1.Kernel.Functions;

namespace Plug1.Kernel.Reporting;

/// <summary>What a report was asked.</summary>
/// <param name="Report">The report's code.</param>
public sealed record ReportRequest(string Report)
{
    /// <summary>The words of an address that are no filters.</summary>
    public static ReadOnlySpan<string> Words => WordsOfAddress;

    private static readonly string[] WordsOfAddress =
        ["period", "from", "to", "groupBy", "compare", "compareFrom", "compareTo", "subtotals", "lines", "branch", "format", "limit", "after"];

    /// <summary>day, week or month; null leaves it to the report.</summary>
    public string? Period { get; init; }

    /// <summary>First business day; null leaves it to the report.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last business day, included; null for today.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Further dimensions, separated by commas; null leaves it to the report.</summary>
    public string? GroupBy { get; init; }

    /// <summary>previous, year, or chosen for <see cref="CompareFrom"/> to <see cref="CompareTo"/>; null for none.</summary>
    public string? Compare { get; init; }

    /// <summary>First business day of the range chosen to compare with.</summary>
    public DateOnly? CompareFrom { get; init; }

    /// <summary>Its last business day, included.</summary>
    public DateOnly? CompareTo { get; init; }

    /// <summary>Whether a row after each group of the first dimension tells its sums, where there are two dimensions or more.</summary>
    public bool Subtotals { get; init; }

    /// <summary>Whether it is told from the lines of documents: so the subtotal of items leads to what those items came to.</summary>
    public bool Lines { get; init; }

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
/// <param name="Level">0 for a row, 1 for the subtotal of the rows before it that have its first cell.</param>
public sealed record ReportLine(string? Key, object?[] Cells, IReadOnlyDictionary<string, string>? Drill, int Level = 0);

/// <summary>The same rows of another range: line by line what stands against <see cref="ReportAnswer.Rows"/>.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Rows">As many as the report's. A report over facts has a row for whatever either range has, so they sum to the totals.</param>
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
/// <param name="TotalsDrill">The query that shows what the totals are made of; null when there is none.</param>
public sealed record ReportAnswer(
    string Report, string Title, DateOnly From, DateOnly To, IReadOnlyList<ReportField> Columns, IReadOnlyList<ReportLine> Rows, object?[]? Totals,
    ReportComparison? Compare = null, string? Next = null, IReadOnlyDictionary<string, string>? TotalsDrill = null);

/// <summary>A whole report on its way to a file: rows that are read once and never held all at once.</summary>
/// <param name="Report">Code.</param>
/// <param name="Title">Title.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Rows">Each row with the one it is compared with.</param>
/// <param name="Totals">Totals of both ranges, asked for after the last row.</param>
/// <param name="Compare">The range compared with.</param>
/// <param name="HasSubtotals">Whether some rows are subtotals.</param>
public sealed record ReportRows(
    string Report, string Title, DateOnly From, DateOnly To, IReadOnlyList<ReportField> Columns, IAsyncEnumerable<(ReportLine Now, ReportLine? Other)> Rows,
    Func<(object?[]? Now, object?[]? Other)> Totals, (DateOnly From, DateOnly To)? Compare = null, bool HasSubtotals = false)
{
    /// <summary>The rows of an answer that is at hand.</summary>
    public static ReportRows Of(ReportAnswer answer) => new(answer.Report, answer.Title, answer.From, answer.To, answer.Columns, Each(answer),
        () => (answer.Totals, answer.Compare?.Totals), answer.Compare is { } other ? (other.From, other.To) : null, answer.Rows.Any(row => row.Level > 0));

    private static async IAsyncEnumerable<(ReportLine Now, ReportLine? Other)> Each(ReportAnswer answer)
    {
        await Task.CompletedTask;
        for (var at = 0; at < answer.Rows.Count; at++) yield return (answer.Rows[at], answer.Compare?.Rows[at]);
    }
}

/// <summary>A report that a function has.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Title.</param>
/// <param name="Named">True when the function made it itself.</param>
/// <param name="Bucket">The bucket it is told by, or null.</param>
/// <param name="GroupBy">The dimension it is told by, or null.</param>
public sealed record ReportDescription(string Code, string Name, bool Named, string? Bucket = null, string? GroupBy = null);
