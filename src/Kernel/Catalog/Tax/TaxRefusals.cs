namespace Plug1.Kernel.Catalog.Tax;

/// <summary>Every reason for which tax says no.</summary>
public static class TaxRefusals
{
    /// <summary>A rate is below zero or above 1000 %, or its category does not allow it.</summary>
    public static Refusal RateInvalid(string code, string why) => new("TAX_RATE_INVALID", $"Tax code {code}: {why}", "/components");

    /// <summary>The rates of a component do not follow each other by date.</summary>
    public static Refusal DatesInvalid(string code, string component) =>
        new("TAX_DATES_INVALID", $"Tax code {code}: the rates of {component} must have different dates, in order.", "/components");

    /// <summary>A category without tax gives no reason.</summary>
    public static Refusal ExemptionReasonRequired(string code, TaxCategory category, string at) =>
        new("TAX_EXEMPTION_REASON_REQUIRED", $"Tax code {code} is of category {category} and needs a reason why there is no tax.", at);

    /// <summary>A category that needs the buyer's tax identifier met a buyer without one.</summary>
    public static Refusal BuyerTaxIdRequired(TaxCategory category) =>
        new("BUYER_TAX_ID_REQUIRED", $"Category {category} needs the buyer's tax identifier.", "/partyId");

    /// <summary>A line has no tax code, or no rule gives one.</summary>
    public static Refusal CodeMissing(string at) => new("TAX_CODE_MISSING", "No tax code is given and no rule determines one.", at);
}
