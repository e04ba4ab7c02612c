using Plug1.Kernel;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>Makes every price, discount, tax and total of sales documents. Nothing else in the suite has arithmetic of its own.</summary>
/// <remarks>
/// <para>Units: minor units of the basket's currency. Rounding: half away from zero on the exact value wherever a step says round;
/// splits by the largest remainder, ties to the lower line.</para>
/// <para>1. <c>amount = round(quantity × price ÷ price base)</c>. 2. Manual discount <c>round(amount × rate) + amount given</c>.
/// 3. Promotion stages 1 and 2. 4. Document discounts in order, split over the positive lines in scope by their value; promotion stages
/// 3 and 4. 5. What is left is the line's value. 6. Tax by tax code, see <see cref="TaxCalculation"/>. 7. Sums.</para>
/// <para>Net: 3 × 19.99 less 10 % and 2 × 5.45 at 20 %, 12.30 at 5 %, document discount 5.00: net 72.17, tax 12.71, total 84.88.</para>
/// <para>Source: EN 16931-1, rules BR-CO-10 to BR-CO-17, which documents rounded by document satisfy.</para>
/// </remarks>
public static class Calculator
{
    /// <summary>Calculates a basket. A pure function.</summary>
    /// <returns>The calculation, refused with <c>QUANTITY_INVALID</c>, <c>AMOUNT_TOO_LARGE</c>, <c>TAX_CODE_MISSING</c>,
    /// <c>CURRENCY_MISMATCH</c>, <c>DISCOUNT_EXCEEDS_LINE</c> or <c>DISCOUNT_SCOPE_INVALID</c>.</returns>
    /// <exception cref="InvariantBrokenException">A promotion takes off more than is left of a line.</exception>
    public static Result<Calculation> Calculate(Basket basket)
    {
        if (basket.Prepaid is { } prepaid && prepaid.Currency != basket.Currency)
            return ValueRefusals.CurrencyMismatch("/prepaid", basket.Currency);

        var sheet = new Worksheet(basket);
        if (sheet.PriceLines() is { } unpriced) return unpriced;
        sheet.Promote(PromotionStage.Line);
        sheet.Promote(PromotionStage.MultiBuy);
        if (sheet.DiscountDocument() is { } undiscounted) return undiscounted;
        sheet.Promote(PromotionStage.Basket);
        sheet.Promote(PromotionStage.Charge);
        sheet.Tax();
        return sheet.Finish();
    }
}
