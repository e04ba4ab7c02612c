using Plug1.Kernel.Functions;

namespace Plug1.Kernel.Reporting.Views;

/// <summary>A page of a function that can be kept: its list, one of its reports, its analytics.</summary>
/// <param name="Function">The function.</param>
/// <param name="Part">list, reports or analytics.</param>
/// <param name="Report">The report's code, where it is one.</param>
public sealed record PageAddress(Function Function, string Part, string? Report)
{
    private const int LongestPage = 200;

    /// <summary>The permission without which nobody sees the page.</summary>
    public string Permission => $"{Function.Code}.view";

    /// <summary>Reads an address such as <c>/sales/point-of-sale/reports/daily</c>; null when there is no such page.</summary>
    public static PageAddress? Find(FunctionCatalogue catalogue, string page)
    {
        if (page.Length > LongestPage || page.Split('/') is not ["", var module, var slug, var part, .. var rest] || catalogue.Find($"{module}.{slug}") is not { } function) return null;
        return (part, rest) switch
        {
            ("list" or "analytics", []) => new PageAddress(function, part, null),
            ("reports", [var report]) when ReportSet.Of(function, _ => true).Any(one => one.Code == report) => new PageAddress(function, part, report),
            _ => null,
        };
    }
}
