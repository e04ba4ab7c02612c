using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>One line, calculated. Amounts are in the basis of the basket unless they say otherwise.</summary>
public sealed record CalculatedLine
{
    /// <summary>The line as it was given.</summary>
    public required BasketLine Line { get; init; }

    /// <summary>Quantity times price, before any discount.</summary>
    public required Money Amount { get; init; }

    /// <summary>Discount by hand.</summary>
    public required Money Manual { get; init; }

    /// <summary>What promotions of all stages took off.</summary>
    public required Money Promotion { get; init; }

    /// <summary>Shares of document discounts.</summary>
    public required Money DocumentDiscount { get; init; }

    /// <summary>What is left: amount less all discounts. It is what credits are measured by.</summary>
    public required Money Value { get; init; }

    /// <summary>Without tax.</summary>
    public required Money Net { get; init; }

    /// <summary>What the net would be without any discount; equal to <see cref="Net"/> when there is none.</summary>
    public required Money NetBeforeDiscounts { get; init; }

    /// <summary>The tax, one amount a component of the line's tax code; none for vouchers and texts.</summary>
    public required IReadOnlyList<Money> Taxes { get; init; }

    /// <summary>All components together.</summary>
    public required Money Tax { get; init; }

    /// <summary>Net and tax.</summary>
    public Money Total => Net + Tax;

    /// <summary>All discounts, without tax.</summary>
    public Money DiscountNet => NetBeforeDiscounts - Net;
}

/// <summary>A document discount, calculated.</summary>
/// <param name="Discount">The discount as it was given.</param>
/// <param name="Amount">What it took off, in the basis of the basket.</param>
/// <param name="Shares">What it took off each line; the shares sum to the amount.</param>
public sealed record CalculatedDiscount(DocumentDiscount Discount, Money Amount, IReadOnlyList<Money> Shares);

/// <summary>The tax of one component of one code on a document.</summary>
/// <param name="Component">The component with its rate.</param>
/// <param name="Base">What the rate applies to: the net, and if compound the components before it.</param>
/// <param name="Amount">The tax; the sum over the lines.</param>
public sealed record ComponentTax(TaxSchemeComponent Component, Money Base, Money Amount);

/// <summary>A row of the tax table: one tax code.</summary>
/// <param name="Scheme">The code with the rates of the day.</param>
/// <param name="Net">The sum of the nets of its lines.</param>
/// <param name="Tax">The sum of the taxes of its lines.</param>
/// <param name="Components">The tax by component; empty where the code has none.</param>
public sealed record TaxRow(TaxScheme Scheme, Money Net, Money Tax, IReadOnlyList<ComponentTax> Components);

/// <summary>A document, calculated.</summary>
public sealed record Calculation
{
    /// <summary>What was asked.</summary>
    public required Basket Basket { get; init; }

    /// <summary>One for each line asked, in order.</summary>
    public required IReadOnlyList<CalculatedLine> Lines { get; init; }

    /// <summary>One for each document discount asked, in order.</summary>
    public required IReadOnlyList<CalculatedDiscount> Discounts { get; init; }

    /// <summary>What promotions took off, in the order in which they did.</summary>
    public required IReadOnlyList<PromotionAmount> Promotions { get; init; }

    /// <summary>The tax table, by tax code in the order of the lines.</summary>
    public required IReadOnlyList<TaxRow> TaxTable { get; init; }

    /// <summary>Sum of the lines before any discount, in the basis of the basket.</summary>
    public required Money Amount { get; init; }

    /// <summary>All discounts by hand on lines, promotions and document discounts, in the basis of the basket.</summary>
    public required Money Discount { get; init; }

    /// <summary>Sum of the nets.</summary>
    public required Money Net { get; init; }

    /// <summary>Sum of the taxes.</summary>
    public required Money Tax { get; init; }

    /// <summary>What was paid before.</summary>
    public required Money Prepaid { get; init; }

    /// <summary>Rounding of a cash tender, see <see cref="TenderSettlement"/>.</summary>
    public required Money Rounding { get; init; }

    /// <summary>Net and tax.</summary>
    public Money Total => Net + Tax;

    /// <summary>Total less what was paid before, with rounding.</summary>
    public Money Payable => Total - Prepaid + Rounding;
}
