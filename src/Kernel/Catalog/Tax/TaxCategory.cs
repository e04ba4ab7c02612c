namespace Plug1.Kernel.Catalog.Tax;

/// <summary>The tax category of EN 16931 (code list UNTDID 5305, as the standard restricts it).</summary>
public enum TaxCategory
{
    /// <summary>Standard or reduced rate, above zero.</summary>
    S,

    /// <summary>Zero rated goods.</summary>
    Z,

    /// <summary>Exempt from tax.</summary>
    E,

    /// <summary>Reverse charge: the buyer owes the tax.</summary>
    AE,

    /// <summary>Supply of goods within the community, exempt.</summary>
    K,

    /// <summary>Export outside the community, not taxed.</summary>
    G,

    /// <summary>Not within the scope of tax.</summary>
    O,
}

/// <summary>What a category asks for.</summary>
/// <remarks>Source: EN 16931 rules BR-S-05, BR-Z-05, BR-E-05, BR-AE-02, BR-AE-05, BR-IC-02, BR-G-05, and the rules BR-*-10 on reasons.</remarks>
public static class TaxCategories
{
    /// <summary>True for the one category with a rate above zero.</summary>
    public static bool IsTaxed(this TaxCategory category) => category == TaxCategory.S;

    /// <summary>True when the document must say why there is no tax.</summary>
    public static bool NeedsReason(this TaxCategory category) => category is not (TaxCategory.S or TaxCategory.Z);

    /// <summary>True when the buyer must be identified for tax.</summary>
    public static bool NeedsBuyerTaxId(this TaxCategory category) => category is TaxCategory.AE or TaxCategory.K;
}
