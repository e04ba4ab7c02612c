using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Why loyalty says no, in the order in which it is checked.</summary>
internal static class LoyaltyRefusals
{
    public static Refusal ProgrammeCode { get; } = new("LOYALTY_CODE_INVALID", "The code of a programme has 1 to 20 capital letters and digits.", "/code");

    public static Refusal Choice(string at, string words) => new("LOYALTY_CHOICE_INVALID", $"It is one of {words}.", at);

    public static Refusal Number(string at, string bounds) => new("LOYALTY_NUMBER_INVALID", $"It is {bounds}.", at);

    public static Refusal Amount(string at) => new("LOYALTY_AMOUNT_INVALID", "The amount is not below zero and has no more decimals than the currency.", at);

    public static Refusal Dates { get; } = new("LOYALTY_DATES_INVALID", "The programme begins after 1990 and ends no earlier than it begins.", "/validTo");

    public static Refusal TooMany(string at, int most) => new("LOYALTY_TOO_MANY", $"There are at most {most}.", at);

    public static Refusal RuleCodes(string at) => new("LOYALTY_RULE_CODE_TAKEN", "Two of them have the same code.", at);

    public static Refusal RuleOverlap(string at) => new("LOYALTY_RULE_OVERLAP", "Two base rules give equally much for the same lines; of such the best cannot be told.", at);

    public static Refusal TierOrder(string at) => new("LOYALTY_TIER_ORDER", "Tiers ask for more and more of the same, the lowest first.", at);

    public static Refusal ProgrammeUnknown(string at) => new("LOYALTY_PROGRAMME_UNKNOWN", "There is no such programme; where there are several, one is named.", at);

    public static Refusal ProgrammeInactive { get; } = new("LOYALTY_PROGRAMME_INACTIVE", "The programme is not in force.", Status: 409);

    public static Refusal CustomerUnknown(string at) => new("LOYALTY_CUSTOMER_UNKNOWN", "There is no such customer, or they are blocked.", at);

    public static Refusal AlreadyEnrolled { get; } = new("LOYALTY_ALREADY_ENROLLED", "This customer is a member already.", "/partyId", 409);

    public static Refusal CardTaken { get; } = new("LOYALTY_CARD_TAKEN", "Another member has this card.", "/card", 409);

    public static Refusal NotEnrolled(string at) => new("LOYALTY_NOT_ENROLLED", "This customer is not a member.", at);

    public static Refusal MemberUnknown { get; } = new("LOYALTY_NOT_ENROLLED", "This customer is not a member.", Status: 404);

    public static Refusal Offline { get; } = new("LOYALTY_OFFLINE_REFUSED", "Points are not used while the till is offline.", "/tenders");

    public static Refusal NoRedemption { get; } = new("LOYALTY_NO_REDEMPTION", "The points of this programme do not pay.", "/tenders");

    public static Refusal NegativeMember(Quantity balance) => new("LOYALTY_NEGATIVE_MEMBER", $"The member owes {-balance} points.", "/tenders",
        Detail: new Dictionary<string, object?> { ["balance"] = balance.ToString() });

    public static Refusal Insufficient(Quantity balance, string at = "/tenders") => new("LOYALTY_INSUFFICIENT_POINTS", $"There are {balance} points.", at, 409,
        new Dictionary<string, object?> { ["balance"] = balance.ToString() });

    public static Refusal BelowMinimum(Quantity least) => new("LOYALTY_BELOW_MINIMUM", $"At least {least} points are used at a time.", "/tenders");

    public static Refusal ShareExceeded(Rate share) => new("LOYALTY_SHARE_EXCEEDED", $"Points pay at most {share} of a sale.", "/tenders");

    public static Refusal PointsInvalid(string at) => new("LOYALTY_POINTS_INVALID", "Points are other than zero, at most a billion, with the decimals of the programme.", at);

    public static Refusal ExpiryPast { get; } = new("LOYALTY_EXPIRY_PAST", "Points given last until today at least.", "/expiresOn");

    public static Refusal TransferSelf { get; } = new("LOYALTY_TRANSFER_SELF", "Points go to somebody else.", "/toPartyId");

    public static Refusal OtherProgramme { get; } = new("LOYALTY_OTHER_PROGRAMME", "Both are members of the same programme.", "/toPartyId");

    public static Refusal RunKind { get; } = new("LOYALTY_RUN_UNKNOWN", "A run is expire, release-pending, tier-review or revenue.", "/kind");

    public static Refusal RunMonth { get; } = new("LOYALTY_RUN_MONTH", "A month is run once it has begun, and none before one that was run.", "/month");

    public static Refusal RunExists { get; } = new("RUN_EXISTS", "This has been run already.", "/month", 409);

    public static Refusal RunNotLast { get; } = new("LOYALTY_RUN_NOT_LAST", "Only the last run of its kind is reversed.", "/status", 409);

    public static Refusal RunStands { get; } = new("LOYALTY_RUN_STANDS", "Only runs of expiry and revenue are reversed.", "/status", 409);

    public static Refusal MirrorNotReversed { get; } = new("LOYALTY_IS_MIRROR", "A mirror is not reversed.", "/status", 409);

    public static Refusal MemberMoved { get; } = new("LOYALTY_MEMBER_HAS_POINTS", "The member has had points; an enrolment with points is not reversed.", "/status", 409);

    public static Refusal ProgrammeStands { get; } = new("LOYALTY_PROGRAMME_STANDS", "A programme is closed, not reversed: points were given by it.", "/status", 409);
}
