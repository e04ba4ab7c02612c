using System.Globalization;

namespace Plug1.Kernel.Reporting;

/// <summary>Pages and comparisons of reports whose rows are all at hand: named reports and those of the kernel's own tables.</summary>
internal static class ReportPages
{
    private static readonly string[] Figures = ["integer", "money", "quantity", "price", "rate", "number"];

    /// <summary>The page after a row, found by what the row is called and not by its place.</summary>
    /// <returns>Refused with <c>CURSOR_INVALID</c> also when that row is no longer there.</returns>
    public static Result<ReportAnswer> Cut(ReportAnswer answer, ReportRequest request)
    {
        var keys = Keys(answer);
        var first = 0;
        if (!string.IsNullOrEmpty(request.After))
        {
            if (ReportCursor.Read(answer.Report, request.After) is not [string after] || (first = keys.IndexOf(after) + 1) == 0) return Refusals.CursorInvalid();
        }

        var last = Math.Min(keys.Count, first + request.Limit);
        return answer with
        {
            Rows = [.. Enumerable.Range(first, last - first).Select(at => answer.Rows[at] with { Key = keys[at] })],
            Compare = answer.Compare is null ? null : answer.Compare with { Rows = [.. answer.Compare.Rows.Skip(first).Take(last - first)] },
            Next = last < keys.Count ? ReportCursor.Write(answer.Report, [keys[last - 1]]) : null,
        };
    }

    /// <summary>Another range beside a report: each row with the one of the same words. Where words name no single row, or are days, only totals stand beside.</summary>
    public static ReportAnswer Beside(ReportAnswer answer, ReportAnswer other)
    {
        var empty = new object?[answer.Columns.Count];
        var nothing = new ReportLine(null, empty, null);
        var lines = answer.Rows.Select(_ => nothing).ToList();
        if (!answer.Columns.Any(column => column.Type is "date" or "instant") && ByWords(answer) is { } here && ByWords(other) is { } there)
            lines = [.. here.Select(row => there.TryGetValue(row.Key, out var found) ? found : nothing)];
        return answer with { Compare = new ReportComparison(other.From, other.To, lines, other.Totals ?? empty) };
    }

    /// <summary>Where a row of a document leads.</summary>
    public static Dictionary<string, string>? ToDocument(Guid? document) => document is { } id ? new Dictionary<string, string> { ["document"] = id.ToString("D") } : null;

    /// <summary>What each row is called: its document, or its words; the second of the same name gets a number.</summary>
    private static List<string> Keys(ReportAnswer answer)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. answer.Rows.Select(row =>
        {
            var name = row.Key ?? row.Drill?.GetValueOrDefault("document") ?? Words(answer, row);
            seen[name] = seen.GetValueOrDefault(name) + 1;
            return seen[name] == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}#{seen[name]}");
        })];
    }

    private static OrderedDictionary<string, ReportLine>? ByWords(ReportAnswer answer)
    {
        var rows = new OrderedDictionary<string, ReportLine>(StringComparer.Ordinal);
        return answer.Rows.All(row => rows.TryAdd(Words(answer, row), row)) ? rows : null;
    }

    private static string Words(ReportAnswer answer, ReportLine row) => string.Join('|', answer.Columns.Select((column, at) => Figures.Contains(column.Type) && column.Key != "hour" ? null : row.Cells[at])
        .Select(cell => cell switch { null => "", IFormattable value => value.ToString(null, CultureInfo.InvariantCulture), _ => cell.ToString() }));
}
