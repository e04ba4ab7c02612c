using Plug1.Kernel.Functions;

namespace Plug1.Sales.PointOfSale;

/// <summary>The named reports of the point of sale, beside those that every function has.</summary>
internal static class PointOfSaleReports
{
    /// <summary>All of them.</summary>
    /// <param name="function">The function, for those that are told from facts.</param>
    public static IReadOnlyList<NamedReport> Of(Function function) =>
    [
        new("tender-summary", "Tender summary", TenderSummary.Run),
        new("hourly-sales", "Hourly sales", (call, ct) => HourlySales.Run(function, call, ct)),
        new("cashier-performance", "Cashier performance", CashierPerformance.Run),
        new("basket-affinity", "Basket affinity", BasketAffinity.Run),
        new("stored-value-liability", "Stored value liability", StoredValueLiability.Run),
        new("shift-register", "Shift register", ShiftRegister.Run),
    ];
}
