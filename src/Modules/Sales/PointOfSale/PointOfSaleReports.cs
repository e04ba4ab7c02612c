using Plug1.Kernel.Functions;

namespace Plug1.Sales.PointOfSale;

/// <summary>The named reports of the point of sale.</summary>
internal static class PointOfSaleReports
{
    public static IReadOnlyList<NamedReport> All { get; } = [];
}
