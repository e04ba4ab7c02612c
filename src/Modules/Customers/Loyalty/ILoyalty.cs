using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>What a line of a sale is, as far as points care.</summary>
public enum LoyaltyItemKind
{
    /// <summary>Goods or a service.</summary>
    Item,

    /// <summary>A delivery charge.</summary>
    Delivery,

    /// <summary>A gift card sold: earns nothing.</summary>
    Voucher,

    /// <summary>A payment in advance: earns nothing.</summary>
    Deposit,
}

/// <summary>A line of a sale.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="ItemId">The item; null for a voucher or a deposit.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Net">Its net after all discounts, those of the document spread over the lines.</param>
/// <param name="Tax">Its tax.</param>
public sealed record LoyaltyBasketLine(LoyaltyItemKind Kind, Guid? ItemId, Quantity Quantity, Money Net, Money Tax);

/// <summary>A sale, as the module that makes it tells it.</summary>
/// <param name="Branch">Branch.</param>
/// <param name="Channel">Channel: in-store, online, ...</param>
/// <param name="At">When, on the clock of the branch.</param>
/// <param name="Day">Business day.</param>
/// <param name="Total">What is to be paid.</param>
/// <param name="Lines">Lines.</param>
/// <param name="Offline">Whether it was made while the till was offline.</param>
public sealed record LoyaltyBasket(Guid Branch, string Channel, DateTime At, DateOnly Day, Money Total, IReadOnlyList<LoyaltyBasketLine> Lines, bool Offline = false);

/// <summary>What a sale did to the points of its customer.</summary>
/// <param name="Programme">Code of the programme.</param>
/// <param name="Earned">Points earned.</param>
/// <param name="Redeemed">Points used.</param>
/// <param name="Balance">Points after it; below zero in debt.</param>
public sealed record LoyaltyOutcome(string Programme, Quantity Earned, Quantity Redeemed, Quantity Balance);

/// <summary>Points of sales, in the transaction and the posting of the sale. Points are in millionths of a point.</summary>
public interface ILoyalty
{
    /// <summary>Locks the member that a customer is and asks for all that the sale needs; answered with the next flush. Asked before goods are locked,
    /// everywhere, so that two tills never wait for each other crosswise.</summary>
    /// <param name="tx">The transaction of the sale.</param>
    /// <param name="party">The customer.</param>
    /// <param name="day">Business day of the sale.</param>
    LoyaltyVisit Ask(Tx tx, Guid party, DateOnly day);

    /// <summary>What a sale would earn and what could be used on it; null when the customer is no member of a programme in force.</summary>
    Task<QuoteAnswer?> Quote(Guid party, LoyaltyBasket basket, Money? paidInPoints = null, CancellationToken ct = default);

    /// <summary>Takes the points that pay an amount. The money side, <c>LoyaltyRedemption</c> of the programme, is posted by the caller.</summary>
    /// <param name="visit">Asked and flushed.</param>
    /// <param name="posting">Gets the entries of the points.</param>
    /// <param name="basket">The sale.</param>
    /// <param name="amount">What is paid; more than zero.</param>
    /// <returns>The points; refused with <c>LOYALTY_NOT_ENROLLED</c>, <c>LOYALTY_OFFLINE_REFUSED</c>, <c>LOYALTY_PROGRAMME_INACTIVE</c>, <c>LOYALTY_NO_REDEMPTION</c>,
    /// <c>LOYALTY_NEGATIVE_MEMBER</c>, <c>LOYALTY_BELOW_MINIMUM</c>, <c>LOYALTY_SHARE_EXCEEDED</c> or <c>LOYALTY_INSUFFICIENT_POINTS</c>.</returns>
    Result<Quantity> Redeem(LoyaltyVisit visit, Posting posting, LoyaltyBasket basket, Money amount);

    /// <summary>Gives the points of a sale and defers their revenue, after <see cref="Redeem"/>; gathers all that is written.</summary>
    /// <param name="tx">The transaction of the sale.</param>
    /// <param name="stamp">Who and when.</param>
    /// <param name="visit">Asked and flushed.</param>
    /// <param name="posting">The posting of the sale: gets the entries of the points.</param>
    /// <param name="basket">The sale.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Null when the customer is no member.</returns>
    ValueTask<LoyaltyOutcome?> Earn(Tx tx, Stamp stamp, LoyaltyVisit visit, Posting posting, LoyaltyBasket basket, CancellationToken ct = default);

    /// <summary>Takes back what returned goods had earned: by the version and the tier of the sale.</summary>
    /// <param name="tx">The transaction of the return.</param>
    /// <param name="stamp">Who and when.</param>
    /// <param name="posting">The posting of the return: gets the entries of the points.</param>
    /// <param name="sale">The sale.</param>
    /// <param name="remaining">The sale as it would be of the lines that remain.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>The points taken back; zero when the sale earned none.</returns>
    Task<Quantity> ClawBack(Tx tx, Stamp stamp, Posting posting, Guid sale, LoyaltyBasket remaining, CancellationToken ct = default);

    /// <summary>Gives back the points that returned goods were paid with, into the lots that they came from.</summary>
    /// <param name="tx">The transaction of the return.</param>
    /// <param name="stamp">Who and when.</param>
    /// <param name="posting">The posting of the return: gets the entries of the points.</param>
    /// <param name="sale">The sale.</param>
    /// <param name="returnedNet">The net returned so far, this return included.</param>
    /// <param name="saleNet">The net of the sale.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>The points given back.</returns>
    Task<Quantity> Restore(Tx tx, Stamp stamp, Posting posting, Guid sale, Money returnedNet, Money saleNet, CancellationToken ct = default);

    /// <summary>What a sale did to points, for its receipt; with the next flush. Empty when it did nothing.</summary>
    Deferred<List<LoyaltyOutcome>> Of(Db db, Guid sale);

    /// <summary>Locks the members whose points a document moved; with the next flush. Asked before the document is mirrored.</summary>
    void Hold(Tx tx, Guid document);

    /// <summary>Undoes what a document did to lots and debts, once its entries are mirrored: points that were spent meanwhile become debt, points that lapsed are not taken twice.</summary>
    Task Reverse(Tx tx, Stamp stamp, Guid document, Guid mirror, CancellationToken ct = default);
}
