using Plug1.Kernel.Functions;

namespace Plug1.Kernel.Reporting.Files;

/// <summary>A file that somebody wants: a list or a report of a function, in a format.</summary>
/// <param name="Function">The function.</param>
/// <param name="Format">csv, xlsx or pdf.</param>
/// <param name="List">What the list is asked, or null.</param>
/// <param name="Report">What the report is asked, or null.</param>
public sealed record FileOrder(Function Function, string Format, ListRequest? List = null, ReportRequest? Report = null)
{
    /// <summary>The formats.</summary>
    public static readonly IReadOnlyList<string> Formats = ["csv", "xlsx", "pdf"];

    /// <summary>The branches that were chosen, or null.</summary>
    public string? Branch => Report is { } report ? report.Branch : List?.Filters.GetValueOrDefault("branch");
}

/// <summary>A file that was written.</summary>
/// <param name="Name">Its name with the ending.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Title">What it tells.</param>
/// <param name="Rows">How many rows of data it has.</param>
public sealed record WrittenFile(string Name, string MediaType, string Title, long Rows);
