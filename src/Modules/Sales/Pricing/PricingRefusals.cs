using System.Globalization;
using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>Every reason for which prices and tenders say no, in the order they are checked.</summary>
public static class PricingRefusals
{
    /// <summary>No price list has a price.</summary>
    public static Refusal PriceNotFound(string at) => new("PRICE_NOT_FOUND", "No price list has a price for this item, unit, currency and day.", at);

    /// <summary>A discount is not between nothing and all of what it is taken from.</summary>
    public static Refusal DiscountExceedsLine(string at) =>
        new("DISCOUNT_EXCEEDS_LINE", "A discount lies between nothing and the whole amount.", at);

    /// <summary>A document discount names a line that is not there or has no price.</summary>
    public static Refusal DiscountScopeInvalid(string at) =>
        new("DISCOUNT_SCOPE_INVALID", "The discount names a line that is not there or cannot be discounted.", at);

    /// <summary>A discount is beyond the maker's share.</summary>
    public static Refusal DiscountNeedsApproval(string role, Rate share, int? line) =>
        new("DISCOUNT_NEEDS_APPROVAL", $"A discount of {Percent(share)} needs the approval of: {role}.", At(line), Detail: Who(role));

    /// <summary>A line sells below its cost.</summary>
    public static Refusal BelowCostNeedsApproval(string role, int line) =>
        new("BELOW_COST_NEEDS_APPROVAL", $"Selling below cost needs the approval of: {role}.", At(line), Detail: Who(role));

    /// <summary>A credit goes beyond the line it credits.</summary>
    public static Refusal CreditExceedsOrigin(string left) =>
        new("CREDIT_EXCEEDS_ORIGIN", $"No more than {left} of this line can still be credited.");

    /// <summary>A method cannot be used while the till is offline.</summary>
    public static Refusal TenderOffline(string method, string at) =>
        new("POS_TENDER_OFFLINE", $"{method} cannot be taken while the till is offline.", at);

    /// <summary>A method cannot be used here, or not for so much.</summary>
    public static Refusal TenderNotAllowed(string method, string why, string at) =>
        new("POS_TENDER_NOT_ALLOWED", $"{method} cannot be taken: {why}.", at);

    /// <summary>A method asks for a reference.</summary>
    public static Refusal TenderReferenceRequired(string method, string at) =>
        new("POS_TENDER_REFERENCE_REQUIRED", $"{method} needs a reference.", at);

    /// <summary>A method asks for a customer.</summary>
    public static Refusal CustomerRequired(string method) =>
        new("POS_CUSTOMER_REQUIRED", $"{method} needs a customer.", "/partyId");

    /// <summary>More is given by a method that gives no change.</summary>
    public static Refusal ChangeNotAllowed(string method, Money due, string at) =>
        new("POS_CHANGE_NOT_ALLOWED", $"{method} gives no change; at most {due} is to pay.", at);

    /// <summary>The tenders are not what is to pay.</summary>
    public static Refusal PaymentMismatch(Money left) =>
        new("POS_PAYMENT_MISMATCH", left.IsNegative ? $"{-left} is still to pay back." : $"{left} is still to pay.", "/tenders");

    /// <summary>A tender goes the wrong way, or is not what this tender is to pay.</summary>
    public static Refusal PaymentMismatch(Money due, string at) => new("POS_PAYMENT_MISMATCH", $"{due} is to pay by this tender.", at);

    private static string? At(int? line) => line is { } number ? $"/lines/{number}" : null;

    private static Dictionary<string, object?> Who(string role) => new(StringComparer.Ordinal) { ["role"] = role };

    private static string Percent(Rate share) => (share.Millionths / 10_000m).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
