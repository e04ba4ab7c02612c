using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>Every reason the point of sale says no, in the order in which they are checked. Those of prices, taxes and tenders are in Pricing.</summary>
internal static class Refusals
{
    public static Refusal TerminalUnknown(string terminal) => new("POS_TERMINAL_UNKNOWN", $"There is no till {terminal} in this branch.", "/terminalId");

    public static Refusal ShiftNotOpen { get; } = new("SHIFT_NOT_OPEN", "Open a shift on this till first.", "/terminalId", 409);

    public static Refusal BusinessDateInvalid { get; } = new("BUSINESS_DATE_INVALID", "A sale is not booked on a day to come.", "/businessDate");

    public static Refusal OfflineTimeInvalid { get; } = new("POS_OFFLINE_TIME_INVALID",
        $"An offline sale lies within the open shift of its till and the last {Limits.Offline.TotalHours:0} hours.", "/offlineAt");

    public static Refusal TooManyLines { get; } = new("LINES_TOO_MANY", $"A sale has at most {Limits.Lines} lines.", "/lines", 413);

    public static Refusal LinesEmpty { get; } = new("LINES_EMPTY", "There is nothing to sell.", "/lines");

    public static Refusal ItemUnknown(string what, int line) => new("POS_ITEM_UNKNOWN", $"Nothing is known by {what}.", $"/lines/{line}");

    public static Refusal NotSellable(string sku, int line) => new("ITEM_NOT_SELLABLE", $"{sku} is not for sale.", $"/lines/{line}");

    public static Refusal QuantityInvalid(int line, int decimals) => new("QUANTITY_INVALID", $"The quantity must be above zero, with at most {decimals} decimals.", $"/lines/{line}/quantity");

    public static Refusal PriceNotFound(string sku, int line) => new("PRICE_NOT_FOUND", $"{sku} has no price today.", $"/lines/{line}");

    public static Refusal ReasonRequired(string at) => new("REASON_REQUIRED", "A changed price or a discount needs a reason from the list.", at);

    public static Refusal CustomerUnknown { get; } = new("POS_CUSTOMER_UNKNOWN", "This customer is not known.", "/customerId");

    public static Refusal TooManyTenders { get; } = new("TENDERS_TOO_MANY", $"A sale is paid by at most {Limits.Tenders} tenders.", "/tenders", 413);

    public static Refusal MethodUnknown(string method, int tender) => new("POS_TENDER_NOT_ALLOWED", $"{method} is not taken here.", $"/tenders/{tender}/method");

    public static Refusal SerialRequired(string sku, int line) => new("STOCK_SERIAL_REQUIRED", $"{sku} is sold by serial number: one for each piece.", $"/lines/{line}/serials");

    public static Refusal SerialNotKept(string sku, int line) => new("STOCK_SERIAL_NOT_KEPT", $"No serial numbers are kept of {sku}.", $"/lines/{line}/serials");

    public static Refusal SerialNotInStock(string serial, int line) => new("POS_SERIAL_NOT_IN_STOCK", $"Serial number {serial} is not in stock here.", $"/lines/{line}/serials");

    public static Refusal VoucherUnknown(int tender) => new("POS_VOUCHER_UNKNOWN", "There is no such voucher.", $"/tenders/{tender}/reference");

    public static Refusal VoucherExpired(DateOnly on, int tender) => new("POS_VOUCHER_EXPIRED", $"This voucher was valid until {on:yyyy-MM-dd}.", $"/tenders/{tender}/reference");

    public static Refusal VoucherInsufficient(Money balance, int tender) => new("POS_VOUCHER_INSUFFICIENT", $"There is {balance} on this voucher.", $"/tenders/{tender}/amount", 409,
        new Dictionary<string, object?> { ["available"] = balance.ToString() });

    public static Refusal TotalChanged(object calculation) => new("TOTAL_CHANGED", "Prices have changed; look at the new total.", "/expectedTotal", 409,
        new Dictionary<string, object?> { ["calculation"] = calculation });

    public static Refusal ApprovalRequired(string what, string permission, IReadOnlyList<string> roles) => new("APPROVAL_REQUIRED", what, "/approval", 422,
        new Dictionary<string, object?> { ["permission"] = permission, ["roles"] = roles });

    public static Refusal ReceiptNumberTaken(string number) => new("POS_RECEIPT_NUMBER_TAKEN", $"Receipt number {number} is taken.", "/receiptNumber", 409);

    public static Refusal ReceiptNumberInvalid { get; } = new("POS_RECEIPT_NUMBER_INVALID", "The receipt number is not one of this till's.", "/receiptNumber");

    public static Refusal AmountInvalid(string at) => new("AMOUNT_INVALID", "The amount must be above zero, with no more decimals than the currency has.", at);

    public static Refusal MovementUnknown { get; } = new("POS_MOVEMENT_UNKNOWN", "A cash movement is paid-in, paid-out or drop.", "/movement");

    public static Refusal ShiftUnknown { get; } = new("NOT_FOUND", "There is no such shift.", Status: 404);

    public static Refusal ShiftClosed { get; } = new("POS_SHIFT_CLOSED", "The shift of this sale is closed; take the goods back as a return.", "/id", 409);

    public static Refusal ShiftNotCounted { get; } = new("POS_COUNT_MISSING", "Count the drawer and every tender with movement first.", "/tenders", 409);

    public static Refusal CountMissing(string method) => new("POS_COUNT_MISSING", $"{method} has movement and must be counted.", "/tenders");

    public static Refusal CountTwice(string method, int tender) => new("POS_COUNT_TWICE", $"{method} is counted twice.", $"/tenders/{tender}/method");

    public static Refusal CountMismatch { get; } = new("POS_COUNT_MISMATCH", "The denominations do not sum to the cash counted.", "/denominations");

    public static Refusal HasParked(long count) => new("POS_SHIFT_HAS_PARKED", $"{count} baskets are still parked on this till.", "/id", 409);

    public static Refusal CloseWaits { get; } = new("POS_CLOSE_WAITS", "The close of this shift waits for approval.", "/id", 409);

    public static Refusal HasReturns { get; } = new("POS_HAS_RETURNS", "Goods of this sale have come back already.", "/id", 409);

    public static Refusal AlreadyInvoiced { get; } = new("POS_ALREADY_INVOICED", "An invoice was written for this sale.", "/id", 409);

    public static Refusal NotParked { get; } = new("POS_NOT_PARKED", "This basket is not parked any more.", "/id", 409);

    public static Refusal NextFloatTooLarge { get; } = new("POS_NEXT_FLOAT_INVALID", "The next float is more than the cash that was counted.", "/nextFloat");

    public static Refusal VoucherAmountInvalid(int line) => new("POS_VOUCHER_AMOUNT_INVALID", "A voucher is sold at its price, one at a time, without discount.", $"/lines/{line}");

    public static Refusal VoucherCodeTaken(int line) => new("POS_VOUCHER_CODE_TAKEN", "This code belongs to another voucher.", $"/lines/{line}/voucher", 409);

    public static Refusal VoucherSpent { get; } = new("POS_VOUCHER_SPENT", "What was issued here has been used or has expired: it is not taken back.", "/id", 409);

    public static Refusal PurposeUnknown { get; } = new("POS_PURPOSE_UNKNOWN", "A voucher that nobody pays for is a redress or a reward.", "/purpose");

    public static Refusal ExpiryPast { get; } = new("POS_EXPIRY_PAST", "The last day of this voucher is over already.", "/expiresOn");

    public static Refusal ExpiryStands { get; } = new("POS_EXPIRY_STANDS", "What has expired is not given back; issue a voucher as redress.", "/id", 409);

    public static Refusal MirrorNotReversed { get; } = new("STATUS_NOT_ALLOWED", "A mirror is not reversed.", "/status", 409);

    public static Refusal PersonUnknown(string person) => new("POS_SALESPERSON_UNKNOWN", $"No user is known by {person}.", "/salesperson");
}

/// <summary>Explicit limits of the point of sale.</summary>
internal static class Limits
{
    /// <summary>Lines of one sale.</summary>
    public const int Lines = 500;

    /// <summary>Tenders of one sale.</summary>
    public const int Tenders = 20;

    /// <summary>How long after an offline sale its till may send it in.</summary>
    public static readonly TimeSpan Offline = TimeSpan.FromHours(72);

    /// <summary>By how much the clock of a till may be ahead.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>How far an offline receipt number may be ahead of the last one: what a till sells offline, not what uses the series up.</summary>
    public const long NumbersAhead = 10_000;

    /// <summary>How long a parked basket is kept.</summary>
    public static readonly TimeSpan Parked = TimeSpan.FromHours(24);
}
