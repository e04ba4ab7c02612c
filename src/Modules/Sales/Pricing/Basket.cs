using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>What a line is, as far as prices care.</summary>
public enum LineKind
{
    /// <summary>Goods or a service.</summary>
    Item,

    /// <summary>Freight, a fee and the like: taxed, but document discounts leave it alone unless they name it.</summary>
    Charge,

    /// <summary>A voucher sold: no revenue and no tax yet.</summary>
    Voucher,

    /// <summary>A payment in advance, taxed in the mix of its order; negative where it is deducted.</summary>
    Deposit,

    /// <summary>A text without amount.</summary>
    Text,
}

/// <summary>One line to calculate.</summary>
public sealed record BasketLine
{
    /// <summary>What the line is.</summary>
    public LineKind Kind { get; init; } = LineKind.Item;

    /// <summary>How much; negative for what comes back. Not zero, except on a text.</summary>
    public Quantity Quantity { get; init; } = Quantity.One;

    /// <summary>Price of <see cref="PriceBaseQuantity"/>, in the basis of the basket.</summary>
    public UnitPrice UnitPrice { get; init; }

    /// <summary>The quantity that the price is for; more than zero.</summary>
    public Quantity PriceBaseQuantity { get; init; } = Quantity.One;

    /// <summary>Discount given by hand as a share of the amount, 0 to 1.</summary>
    public Rate ManualRate { get; init; }

    /// <summary>Discount given by hand as an amount, in the basis of the basket, with the sign of the line's amount.</summary>
    public Money? ManualAmount { get; init; }

    /// <summary>The tax code with the rates of the day; not needed by texts and vouchers.</summary>
    public TaxScheme? Tax { get; init; }
}

/// <summary>Which lines a document discount is about: one of the three.</summary>
public sealed record DiscountScope
{
    private DiscountScope(IReadOnlyList<int>? lines, string? taxCode)
    {
        Lines = lines;
        TaxCode = taxCode;
    }

    /// <summary>All item lines.</summary>
    public static DiscountScope AllItems { get; } = new(null, null);

    /// <summary>Zero-based numbers of the lines named, or null.</summary>
    public IReadOnlyList<int>? Lines { get; }

    /// <summary>The tax code whose item lines are meant, or null.</summary>
    public string? TaxCode { get; }

    /// <summary>The lines named, whatever amount they have: items, charges or deposits.</summary>
    /// <param name="lines">Zero-based line numbers.</param>
    public static DiscountScope Named(params IReadOnlyList<int> lines) => new(lines, null);

    /// <summary>The item lines of one tax code.</summary>
    public static DiscountScope OfTaxCode(string taxCode) => new(null, taxCode);
}

/// <summary>A discount on the document, shared by the positive lines of its scope.</summary>
public sealed record DocumentDiscount
{
    /// <summary>Share of the positive lines in scope, 0 to 1; rounded half away from zero.</summary>
    public Rate Rate { get; init; }

    /// <summary>Amount in the basis of the basket, not negative; it is cut to what the positive lines in scope are worth.</summary>
    public Money? Amount { get; init; }

    /// <summary>The lines it is about.</summary>
    public DiscountScope Scope { get; init; } = DiscountScope.AllItems;

    /// <summary>Why, for the printed document.</summary>
    public string? Reason { get; init; }
}

/// <summary>Everything the calculator needs to know.</summary>
/// <param name="Currency">The currency of all amounts.</param>
/// <param name="Basis">Whether unit prices and discounts are without or with tax.</param>
/// <param name="TaxRounding">Where tax is rounded.</param>
/// <param name="Lines">The lines, in order; the order decides ties.</param>
public sealed record Basket(Currency Currency, TaxBasis Basis, TaxRounding TaxRounding, IReadOnlyList<BasketLine> Lines)
{
    /// <summary>Discounts on the document, taken in order, each on what is left.</summary>
    public IReadOnlyList<DocumentDiscount> Discounts { get; init; } = [];

    /// <summary>What promotions take off; null where there are none.</summary>
    public IPromotionStages? Promotions { get; init; }

    /// <summary>What was paid before, in the currency of the basket.</summary>
    public Money? Prepaid { get; init; }
}
