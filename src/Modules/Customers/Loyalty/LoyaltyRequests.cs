using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>The terms of a programme as they are entered: a new programme, or the next version of one that has the code.</summary>
/// <param name="Code">Code: letters and digits; its points are the unit <c>PTS:</c> with it.</param>
/// <param name="Name">Name.</param>
/// <param name="ValidFrom">First day on which it earns.</param>
/// <param name="ValidTo">Last day; null for no end.</param>
/// <param name="PointDecimals">Decimals of a point: 0, 1 or 2.</param>
/// <param name="Basis">net or gross.</param>
/// <param name="Rounding">floor, nearest or ceiling.</param>
/// <param name="Stacking">sum or best.</param>
/// <param name="EarnAtTier">before or after.</param>
/// <param name="PendingDays">How many days points wait before they can be used, 0 to 366.</param>
/// <param name="Expiry">When points lapse; never without it.</param>
/// <param name="Redemption">How points pay; without it they do not.</param>
/// <param name="Deferral">Whether revenue is deferred for points.</param>
/// <param name="BreakageRate">The share that is never used.</param>
/// <param name="Exclusions">What earns nothing.</param>
/// <param name="Rules">At most 50.</param>
/// <param name="Tiers">At most 10, the lowest first.</param>
public sealed record ProgrammeRequest(
    string Code, string Name, DateOnly ValidFrom, DateOnly? ValidTo = null, int PointDecimals = 0, string Basis = "net", string Rounding = "floor", string Stacking = "sum",
    string EarnAtTier = "before", int PendingDays = 0, ExpiryRequest? Expiry = null, RedemptionRequest? Redemption = null, bool Deferral = false, Rate? BreakageRate = null,
    ExclusionsRequest? Exclusions = null, IReadOnlyList<RuleRequest>? Rules = null, IReadOnlyList<TierRequest>? Tiers = null);

/// <summary>When points lapse.</summary>
/// <param name="Kind">never, months, month-end, fixed-date or last-movement.</param>
/// <param name="Months">1 to 240, where months count.</param>
/// <param name="On">The date, where there is one for all.</param>
public sealed record ExpiryRequest(string Kind, int Months = 0, DateOnly? On = null);

/// <summary>How points pay.</summary>
/// <param name="PointValue">What <paramref name="PerPoints"/> points pay.</param>
/// <param name="PerPoints">How many points that takes.</param>
/// <param name="MinPoints">The fewest at a time.</param>
/// <param name="Step">Used in multiples of this.</param>
/// <param name="MaxShareOfSale">The largest part of a sale that they pay.</param>
/// <param name="EarnOnPointsPaid">Whether what is paid in points earns points.</param>
public sealed record RedemptionRequest(string PointValue, Quantity PerPoints, Quantity? MinPoints = null, Quantity? Step = null, Rate? MaxShareOfSale = null, bool EarnOnPointsPaid = false);

/// <summary>What earns nothing, beside gift cards and deposits.</summary>
public sealed record ExclusionsRequest(IReadOnlyList<Guid>? Items = null, IReadOnlyList<Guid>? Categories = null, bool Delivery = false);

/// <summary>Which sales and lines a rule is about; what is left out asks nothing.</summary>
/// <param name="Items">Items.</param>
/// <param name="Categories">Categories with all beneath them.</param>
/// <param name="Branches">Branches.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Weekdays">1 for Monday to 7 for Sunday.</param>
/// <param name="From">From which time of day at the branch.</param>
/// <param name="To">Until which, not included.</param>
public sealed record SelectorRequest(
    IReadOnlyList<Guid>? Items = null, IReadOnlyList<Guid>? Categories = null, IReadOnlyList<Guid>? Branches = null, IReadOnlyList<string>? Channels = null,
    IReadOnlyList<int>? Weekdays = null, TimeOnly? From = null, TimeOnly? To = null);

/// <summary>A rule.</summary>
/// <param name="Code">Its name.</param>
/// <param name="Type">base, multiplier or bonus.</param>
/// <param name="Points">How many points a base rule gives for <paramref name="PerAmount"/>, a bonus for a unit or a sale.</param>
/// <param name="PerAmount">The amount of a base rule.</param>
/// <param name="PerUnit">A bonus for each unit rather than once.</param>
/// <param name="Factor">What a multiplier multiplies by.</param>
/// <param name="MinEligible">The eligible total that a sale must reach.</param>
/// <param name="CapPerSale">The most it gives a sale.</param>
/// <param name="CapPerDay">The most it gives a member a day.</param>
/// <param name="Selector">Which sales and lines; all without it.</param>
public sealed record RuleRequest(
    string Code, string Type, Quantity? Points = null, string? PerAmount = null, bool PerUnit = false, Rate? Factor = null, string? MinEligible = null,
    Quantity? CapPerSale = null, Quantity? CapPerDay = null, SelectorRequest? Selector = null);

/// <summary>A tier.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Threshold">How much it takes: money in major units, points or visits.</param>
/// <param name="Basis">spend, points or visits.</param>
/// <param name="Window">rolling-months, calendar-year or lifetime.</param>
/// <param name="WindowMonths">1 to 120.</param>
/// <param name="EarnFactor">What points are multiplied by.</param>
/// <param name="ValidMonths">How many months it lasts, 1 to 120.</param>
/// <param name="MaxStepsDown">How many tiers down a review takes at most; 0 for any.</param>
public sealed record TierRequest(
    string Code, Quantity Threshold, string Basis = "spend", string Window = "rolling-months", int WindowMonths = 12, Rate? EarnFactor = null, int ValidMonths = 12, int MaxStepsDown = 0);

/// <summary>Where a programme stands.</summary>
public sealed record ProgrammeAnswer(Guid Id, string Code, string Name, string Status, long Version, long Revision);

/// <summary>A programme that can be joined.</summary>
/// <param name="Id">Document of its active version.</param>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Revision">Its version.</param>
/// <param name="Members">How many members it has.</param>
public sealed record ProgrammeItem(Guid Id, string Code, string Name, long Revision, long Members);

/// <summary>The programmes in force.</summary>
public sealed record ProgrammesAnswer(IReadOnlyList<ProgrammeItem> Items);

/// <summary>Somebody joins.</summary>
/// <param name="PartyId">Who.</param>
/// <param name="Programme">Code; may be left out where there is one programme.</param>
/// <param name="Card">Number of the card.</param>
public sealed record EnrolRequest(Guid PartyId, string? Programme = null, string? Card = null);

/// <summary>Where an enrolment stands.</summary>
public sealed record EnrolAnswer(Guid Id, string? Number, string Status, string Programme);

/// <summary>Points that lapse.</summary>
public sealed record ExpiringPoints(string Points, DateOnly On);

/// <summary>How many points can be used, and what they pay.</summary>
public sealed record RedeemablePoints(string Points, string Amount);

/// <summary>The next tier.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Gap">How much it takes still.</param>
/// <param name="Basis">Of what: spend, points or visits.</param>
public sealed record TierGap(string Code, string Gap, string Basis);

/// <summary>A lot of points.</summary>
public sealed record LotItem(Guid Id, DateOnly IssuedOn, DateOnly? ExpiresOn, DateOnly UsableOn, bool Pending, string Left);

/// <summary>A change of a member's points.</summary>
public sealed record MovementItem(DateOnly On, string Kind, string Points, Guid DocumentId, string? Number);

/// <summary>A member.</summary>
/// <param name="Id">The enrolment.</param>
/// <param name="PartyId">Who.</param>
/// <param name="Name">Their name.</param>
/// <param name="Programme">Code of the programme.</param>
/// <param name="ProgrammeName">Its name.</param>
/// <param name="Card">Card.</param>
/// <param name="EnrolledOn">Since when.</param>
/// <param name="Balance">Points that can be used; below zero in debt.</param>
/// <param name="Pending">Points that cannot be used yet.</param>
/// <param name="Debt">Points owed.</param>
/// <param name="Redeemable">What can be used now, of any sale.</param>
/// <param name="NextExpiries">What lapses next.</param>
/// <param name="Tier">Tier, if any.</param>
/// <param name="TierUntil">Last day of its term.</param>
/// <param name="NextTier">What the next one takes.</param>
/// <param name="Lots">What is left, by lot.</param>
/// <param name="Movements">The last changes.</param>
public sealed record MemberAnswer(
    Guid Id, Guid PartyId, string Name, string Programme, string ProgrammeName, string? Card, DateOnly EnrolledOn, string Balance, string Pending, string Debt, RedeemablePoints? Redeemable,
    IReadOnlyList<ExpiringPoints> NextExpiries, string? Tier, DateOnly? TierUntil, TierGap? NextTier, IReadOnlyList<LotItem> Lots, IReadOnlyList<MovementItem> Movements);

/// <summary>A line of a sale to quote.</summary>
/// <param name="ItemId">Item; null for a gift card or a deposit, which earn nothing.</param>
/// <param name="Net">Its net after all discounts.</param>
/// <param name="Tax">Its tax.</param>
/// <param name="Quantity">How much; 1 when left out.</param>
public sealed record QuoteLine(Guid? ItemId, string Net, string? Tax = null, Quantity? Quantity = null);

/// <summary>A sale to quote.</summary>
/// <param name="PartyId">The customer.</param>
/// <param name="Lines">At most 500.</param>
/// <param name="Total">What is to be paid; the sum of the lines when left out.</param>
/// <param name="PointsAmount">What is paid in points.</param>
public sealed record QuoteRequest(Guid PartyId, IReadOnlyList<QuoteLine> Lines, string? Total = null, string? PointsAmount = null);

/// <summary>What a sale would earn, and what could be used on it.</summary>
public sealed record QuoteAnswer(string Earn, string? Tier, string Balance, string Pending, RedeemablePoints Redeemable, ExpiringPoints? NextExpiry);

/// <summary>Points given or taken by hand.</summary>
/// <param name="PartyId">Whose.</param>
/// <param name="Points">How many; below zero they are taken.</param>
/// <param name="Reason">Why, from the list.</param>
/// <param name="ExpiresOn">Their last day; by the programme when left out.</param>
/// <param name="Text">Free text beside the reason.</param>
public sealed record AdjustRequest(Guid PartyId, Quantity Points, string Reason, DateOnly? ExpiresOn = null, string? Text = null);

/// <summary>Points handed from one member to another.</summary>
/// <param name="FromPartyId">Who gives.</param>
/// <param name="ToPartyId">Who gets.</param>
/// <param name="Points">How many.</param>
/// <param name="Reason">Why, from the list of adjustments.</param>
/// <param name="Text">Free text beside it.</param>
public sealed record TransferRequest(Guid FromPartyId, Guid ToPartyId, Quantity Points, string Reason, string? Text = null);

/// <summary>Where an adjustment or a transfer stands.</summary>
public sealed record AdjustAnswer(Guid Id, string? Number, string Status, string Points, string? WaitsFor);

/// <summary>A run.</summary>
/// <param name="Month">Of the revenue run: a day of its month; last month when left out.</param>
public sealed record RunRequest(DateOnly? Month = null);

/// <summary>What a run did.</summary>
/// <param name="Id">Document.</param>
/// <param name="Number">Number.</param>
/// <param name="Kind">expire, release-pending, tier-review or revenue.</param>
/// <param name="On">Day, or first of the month.</param>
/// <param name="Done">How many lots, members or cohorts.</param>
/// <param name="Points">Points moved.</param>
/// <param name="Amount">Revenue recognised.</param>
public sealed record RunAnswer(Guid Id, string? Number, string Kind, DateOnly On, long Done, string Points, string Amount);
