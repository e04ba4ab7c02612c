using System.Globalization;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting.Files;
using Plug1.Kernel.Reporting.Views;

namespace Plug1.Kernel.Reporting.Schedules;

/// <summary>The file that a page's address asks for, with the days and branches of a schedule in place of its own.</summary>
internal static class ScheduledOrder
{
    // What belongs to the page as it is looked at, and not to what it tells.
    private static readonly string[] OfThePage = ["after", "page", "limit", "total", "format", "from", "to", "view", "measure"];

    /// <summary>Reads a page with its query.</summary>
    /// <param name="page">A list or a report.</param>
    /// <param name="query">The query of its address.</param>
    /// <param name="format">Format.</param>
    /// <param name="branches">Codes in place of those in the query; empty to keep them.</param>
    /// <param name="days">The days that it tells.</param>
    public static FileOrder Of(PageAddress page, string query, string format, IReadOnlyList<string> branches, (DateOnly From, DateOnly To) days)
    {
        var words = Parse(query);
        if (branches.Count > 0) words["branch"] = string.Join(',', branches);
        string? Take(string name) => words.Remove(name, out var value) ? value : null;
        if (page.Report is { } report)
        {
            var asked = new ReportRequest(report)
            {
                Period = Take("period"),
                From = days.From,
                To = days.To,
                GroupBy = Take("groupBy"),
                Compare = Take("compare"),
                CompareFrom = Date(Take("compareFrom")),
                CompareTo = Date(Take("compareTo")),
                Subtotals = Take("subtotals") != "false",
                Lines = Take("lines") == "true",
                Branch = Take("branch"),
            };
            return new FileOrder(page.Function!, format, Report: asked with { Filters = words });
        }

        var list = new ListRequest { Sort = Take("sort") ?? Lists.DefaultSort, Q = Take("q"), Fields = Take("fields"), From = days.From, To = days.To };
        return new FileOrder(page.Function!, format, List: list with { Filters = words });
    }

    private static Dictionary<string, string> Parse(string query)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at < 0 ? (part, "") : (part[..at], part[(at + 1)..]);
            var key = Plain(name);
            if (value.Length > 0 && !OfThePage.Contains(key)) words[key] = Plain(value);
        }

        return words;
    }

    private static string Plain(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static DateOnly? Date(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
