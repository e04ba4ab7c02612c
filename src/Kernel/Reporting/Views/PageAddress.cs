using Plug1.Kernel.Functions;

namespace Plug1.Kernel.Reporting.Views;

/// <summary>A page that can be kept: the list of a function, one of its reports, its analytics; or a list across functions.</summary>
/// <param name="Function">The function; null for a list across functions, which shows each reader what they may see.</param>
/// <param name="Part">list, reports or analytics; across for a list across functions.</param>
/// <param name="Report">The report's code, where it is one.</param>
public sealed record PageAddress(Function? Function, string Part, string? Report)
{
    private const int LongestPage = 200;
    private static readonly string[] Across = ["/exceptions", "/approvals", "/activity"];

    /// <summary>Whether a reader may open it.</summary>
    public bool IsSeenBy(Viewer viewer) => Function is null || viewer.Sees(Function);

    /// <summary>The permission without which nobody sees a page of a function.</summary>
    public string Permission => $"{Function?.Code}.view";

    /// <summary>Reads an address such as <c>/sales/point-of-sale/reports/daily</c>; null when there is no such page.</summary>
    public static PageAddress? Find(FunctionCatalogue catalogue, string page)
    {
        if (Across.Contains(page)) return new PageAddress(null, "across", null);
        if (page.Length > LongestPage || page.Split('/') is not ["", var module, var slug, var part, .. var rest] || catalogue.Find($"{module}.{slug}") is not { } function) return null;
        return (part, rest) switch
        {
            ("list" or "analytics", []) => new PageAddress(function, part, null),
            ("reports", [var report]) when ReportSet.Of(function, _ => true).Any(one => one.Code == report) => new PageAddress(function, part, report),
            _ => null,
        };
    }
}
