using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>One line of a basket as the till sends it; the item by barcode, SKU or id.</summary>
/// <param name="Barcode">Scanned code.</param>
/// <param name="Sku">Item code.</param>
/// <param name="ItemId">Item id.</param>
/// <param name="Quantity">How much; 1 when left out.</param>
/// <param name="UnitPrice">A price other than the list's: an override.</param>
/// <param name="OverrideReason">Why.</param>
/// <param name="DiscountRate">Discount on the line as a rate.</param>
/// <param name="DiscountAmount">Discount on the line as an amount.</param>
/// <param name="Serials">Serial numbers, one a piece.</param>
/// <param name="Lot">Lot code.</param>
/// <param name="Voucher">A voucher is sold: its code, or empty for a new one; its value is the unit price.</param>
public sealed record BasketLineRequest(
    string? Barcode = null, string? Sku = null, Guid? ItemId = null, Quantity? Quantity = null, UnitPrice? UnitPrice = null, string? OverrideReason = null,
    Rate? DiscountRate = null, string? DiscountAmount = null, IReadOnlyList<string>? Serials = null, string? Lot = null, string? Voucher = null);

/// <summary>One payment as the till sends it.</summary>
/// <param name="Method">Payment method code.</param>
/// <param name="Amount">What it pays; what is left to pay when neither amount nor tendered is given.</param>
/// <param name="Tendered">What was handed over, for methods that give change.</param>
/// <param name="Reference">Card slip, voucher code.</param>
public sealed record TenderRequest(string Method, string? Amount = null, string? Tendered = null, string? Reference = null);

/// <summary>A second person's grant, from <c>POST /authorise</c>.</summary>
public sealed record ApprovalRequestToken(string Token);

/// <summary>A basket to preview, park or check out.</summary>
/// <param name="TerminalId">Till code or id.</param>
/// <param name="Lines">Lines.</param>
/// <param name="Id">Document id made by the client, so that a repeat cannot book twice.</param>
/// <param name="CustomerId">Customer.</param>
/// <param name="DiscountRate">Discount on the whole basket as a rate.</param>
/// <param name="DiscountAmount">Discount on the whole basket as an amount.</param>
/// <param name="DiscountReason">Why.</param>
/// <param name="Tenders">Payments.</param>
/// <param name="Approval">A second person's grant.</param>
/// <param name="ExpectedTotal">The total that the customer was told; another one is refused.</param>
/// <param name="Label">Name of a parked basket.</param>
/// <param name="StartedAt">When the first item was scanned.</param>
/// <param name="OfflineAt">When it was sold while the till was offline, within the shift and the last 72 hours: the list's price of that day and
/// stock below zero are then accepted and flagged; any other price needs who may change it, as it does online.</param>
/// <param name="ReceiptNumber">The number given offline from the till's own series.</param>
/// <param name="ParkedId">The parked basket that this one came from.</param>
/// <param name="BusinessDate">An earlier business day, for holders of <c>backdate</c>.</param>
public sealed record BasketRequest(
    string TerminalId, IReadOnlyList<BasketLineRequest> Lines, Guid? Id = null, Guid? CustomerId = null, Rate? DiscountRate = null, string? DiscountAmount = null,
    string? DiscountReason = null, IReadOnlyList<TenderRequest>? Tenders = null, ApprovalRequestToken? Approval = null, string? ExpectedTotal = null, string? Label = null,
    DateTimeOffset? StartedAt = null, DateTimeOffset? OfflineAt = null, string? ReceiptNumber = null, Guid? ParkedId = null, DateOnly? BusinessDate = null);

/// <summary>A calculated line.</summary>
public sealed record PreviewLine(string? Sku, string Name, string Quantity, string ListPrice, string UnitPrice, string PriceSource, string Amount, string Discount, string Net, string Tax, string Total);

/// <summary>A row of the tax table.</summary>
public sealed record PreviewTax(string Code, string Component, string Rate, string Base, string Amount);

/// <summary>Whose approval a basket waits for.</summary>
public sealed record PreviewApproval(string Reason, string Permission, IReadOnlyList<string> Roles);

/// <summary>A rule that says no, as a preview shows it.</summary>
public sealed record PreviewRefusal(string Code, string Detail, string? Pointer);

/// <summary>A basket calculated, nothing stored.</summary>
public sealed record Preview(
    IReadOnlyList<PreviewLine> Lines, IReadOnlyList<PreviewTax> Taxes, string Net, string Tax, string Discount, string Total, string Payable, string? CashDue, string Rounding, string Change,
    PreviewApproval? NeedsApproval, IReadOnlyList<PreviewRefusal> Refusals);

/// <summary>A sale that was rung up.</summary>
public sealed record CheckoutAnswer(Guid Id, string Number, string Status, string Net, string Tax, string Total, string Rounding, string Change, string ReceiptUrl, IReadOnlyList<string>? Vouchers = null,
    LoyaltyAnswer? Loyalty = null);

/// <summary>What a sale did to the points of its customer.</summary>
/// <param name="Programme">Code of the programme.</param>
/// <param name="Earned">Points earned.</param>
/// <param name="Redeemed">Points used.</param>
/// <param name="Balance">Points after it.</param>
public sealed record LoyaltyAnswer(string Programme, string Earned, string Redeemed, string Balance);
