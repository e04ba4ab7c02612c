using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>What points are reckoned from.</summary>
internal enum PointBasis
{
    /// <summary>Sales without tax.</summary>
    Net,

    /// <summary>Sales with tax.</summary>
    Gross,
}

/// <summary>How the points of a sale become a number with the programme's decimals.</summary>
internal enum PointRounding
{
    /// <summary>Towards zero points.</summary>
    Floor,

    /// <summary>To the nearest, a half up.</summary>
    Nearest,

    /// <summary>Up.</summary>
    Ceiling,
}

/// <summary>What happens when several base rules match a line.</summary>
internal enum Stacking
{
    /// <summary>Their rates are summed.</summary>
    Sum,

    /// <summary>The best rate alone counts; of equal ones the first.</summary>
    Best,
}

/// <summary>Which tier's factor a sale earns at.</summary>
internal enum EarnTier
{
    /// <summary>The tier before the sale.</summary>
    Before,

    /// <summary>The tier that the sale itself leads to.</summary>
    After,
}

/// <summary>How points lapse.</summary>
internal enum ExpiryKind
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>The same day some months after they were given.</summary>
    Months,

    /// <summary>The end of that month.</summary>
    MonthEnd,

    /// <summary>On one date for all.</summary>
    FixedDate,

    /// <summary>Some months after the member's last movement.</summary>
    LastMovement,
}

/// <summary>When points lapse.</summary>
/// <param name="Kind">How.</param>
/// <param name="Months">After how many months, where months count.</param>
/// <param name="On">The date, where there is one for all.</param>
internal sealed record ExpiryPolicy(ExpiryKind Kind, int Months = 0, DateOnly? On = null);

/// <summary>How points pay.</summary>
internal enum RedemptionAs
{
    /// <summary>As a discount: it lowers revenue and tax.</summary>
    Discount,

    /// <summary>As a tender: it pays the total.</summary>
    Tender,
}

/// <summary>What points are worth and how they may be used.</summary>
internal sealed record RedemptionTerms
{
    /// <summary>What <see cref="PerPoints"/> points pay.</summary>
    public required Money PointValue { get; init; }

    /// <summary>How many points are worth <see cref="PointValue"/>; more than zero.</summary>
    public Quantity PerPoints { get; init; } = Quantity.One;

    /// <summary>The fewest points that may be used at a time.</summary>
    public Quantity MinPoints { get; init; }

    /// <summary>Points are used in multiples of this; more than zero.</summary>
    public Quantity Step { get; init; } = Quantity.One;

    /// <summary>The largest part of a sale that points may pay.</summary>
    public Rate MaxShareOfSale { get; init; } = Rate.One;

    /// <summary>As what they pay.</summary>
    public RedemptionAs As { get; init; }

    /// <summary>Whether what is paid in points earns points.</summary>
    public bool EarnOnPointsPaid { get; init; }
}

/// <summary>What never earns points, beside vouchers sold and deposits.</summary>
internal sealed record Exclusions
{
    /// <summary>Items.</summary>
    public IReadOnlySet<Guid> Items { get; init; } = new HashSet<Guid>();

    /// <summary>Categories.</summary>
    public IReadOnlySet<Guid> Categories { get; init; } = new HashSet<Guid>();

    /// <summary>Labels of items.</summary>
    public IReadOnlySet<string> Labels { get; init; } = new HashSet<string>();

    /// <summary>Delivery charges.</summary>
    public bool Delivery { get; init; }
}

/// <summary>Which sales and lines a rule is about; what is empty asks nothing.</summary>
internal sealed record RuleSelector
{
    /// <summary>Items.</summary>
    public IReadOnlySet<Guid> Items { get; init; } = new HashSet<Guid>();

    /// <summary>Categories, with all beneath them.</summary>
    public IReadOnlySet<Guid> Categories { get; init; } = new HashSet<Guid>();

    /// <summary>Labels of items.</summary>
    public IReadOnlySet<string> Labels { get; init; } = new HashSet<string>();

    /// <summary>Branches.</summary>
    public IReadOnlySet<Guid> Branches { get; init; } = new HashSet<Guid>();

    /// <summary>Channels.</summary>
    public IReadOnlySet<string> Channels { get; init; } = new HashSet<string>();

    /// <summary>Segments, one of which the member is in.</summary>
    public IReadOnlySet<Guid> Segments { get; init; } = new HashSet<Guid>();

    /// <summary>Days of the week at the branch.</summary>
    public IReadOnlySet<DayOfWeek> Weekdays { get; init; } = new HashSet<DayOfWeek>();

    /// <summary>From which time of day at the branch, included.</summary>
    public TimeOnly? From { get; init; }

    /// <summary>Until which time of day, not included; before <see cref="From"/> it is past midnight.</summary>
    public TimeOnly? To { get; init; }

    /// <summary>Whether a sale is meant.</summary>
    public bool Matches(LoyaltySale sale) =>
        Asks(Branches, sale.Branch) && Asks(Channels, sale.Channel) && (Segments.Count == 0 || Segments.Overlaps(sale.Segments))
        && Asks(Weekdays, sale.At.DayOfWeek) && IsWithinHours(TimeOnly.FromDateTime(sale.At));

    /// <summary>Whether a line of such a sale is meant.</summary>
    public bool Matches(LoyaltyLine line) =>
        Asks(Items, line.Item) && (Categories.Count == 0 || Categories.Overlaps(line.Categories)) && (Labels.Count == 0 || Labels.Overlaps(line.Labels));

    private static bool Asks<T>(IReadOnlySet<T> wanted, T value) => wanted.Count == 0 || wanted.Contains(value);

    private bool IsWithinHours(TimeOnly time) => (From, To) switch
    {
        (null, null) => true,
        ({ } from, null) => time >= from,
        (null, { } to) => time < to,
        ({ } from, { } to) => from <= to ? time >= from && time < to : time >= from || time < to,
    };
}

/// <summary>What a rule does.</summary>
internal enum LoyaltyRuleType
{
    /// <summary>So many points for an amount.</summary>
    Base,

    /// <summary>Multiplies what base rules give.</summary>
    Multiplier,

    /// <summary>Points beside, per unit or per sale.</summary>
    Bonus,

    /// <summary>Points for what is no sale; a sale passes it over.</summary>
    Event,
}

/// <summary>One rule of a programme.</summary>
internal sealed record LoyaltyRule
{
    /// <summary>Its name in answers and limits a day.</summary>
    public required string Code { get; init; }

    /// <summary>What it does.</summary>
    public required LoyaltyRuleType Type { get; init; }

    /// <summary>Which sales and lines it is about.</summary>
    public RuleSelector Selector { get; init; } = new();

    /// <summary>How many points: for <see cref="PerAmount"/> by a base rule, for a unit or a sale by a bonus.</summary>
    public Quantity Points { get; init; }

    /// <summary>The amount that a base rule gives <see cref="Points"/> for; more than zero.</summary>
    public Money? PerAmount { get; init; }

    /// <summary>A bonus for each unit rather than once for the sale.</summary>
    public bool PerUnit { get; init; }

    /// <summary>What a multiplier multiplies by.</summary>
    public Rate Factor { get; init; } = Rate.One;

    /// <summary>The eligible total that a sale must reach; null for any.</summary>
    public Money? MinEligible { get; init; }

    /// <summary>The most it gives a sale; null for no limit.</summary>
    public Quantity? CapPerSale { get; init; }

    /// <summary>The most it gives a holder a day; null for no limit.</summary>
    public Quantity? CapPerDay { get; init; }
}

/// <summary>What a tier asks for.</summary>
internal enum TierBasis
{
    /// <summary>Eligible sales, in major units of the programme's currency.</summary>
    Spend,

    /// <summary>Points given.</summary>
    Points,

    /// <summary>Days with a sale.</summary>
    Visits,
}

/// <summary>Over which time.</summary>
internal enum TierWindow
{
    /// <summary>The months up to the day.</summary>
    RollingMonths,

    /// <summary>The calendar year of the day.</summary>
    CalendarYear,

    /// <summary>Since the member joined.</summary>
    Lifetime,
}

/// <summary>One tier of a programme.</summary>
internal sealed record LoyaltyTier
{
    /// <summary>Its code.</summary>
    public required string Code { get; init; }

    /// <summary>How much it takes: major units, points or visits.</summary>
    public required Quantity Threshold { get; init; }

    /// <summary>Of what.</summary>
    public TierBasis Basis { get; init; }

    /// <summary>Over which time.</summary>
    public TierWindow Window { get; init; }

    /// <summary>How many months a rolling window has.</summary>
    public int WindowMonths { get; init; } = 12;

    /// <summary>What points of base rules are multiplied by.</summary>
    public Rate EarnFactor { get; init; } = Rate.One;

    /// <summary>How many months the tier lasts once reached.</summary>
    public int ValidMonths { get; init; } = 12;

    /// <summary>How many tiers down a review may take at most; 0 for any.</summary>
    public int MaxStepsDown { get; init; }
}

/// <summary>The terms of a programme, as one version of it says.</summary>
internal sealed record LoyaltyProgrammeTerms
{
    /// <summary>Currency of its amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Decimals of a point: 0, 1 or 2.</summary>
    public int PointDecimals { get; init; }

    /// <summary>What points are reckoned from.</summary>
    public PointBasis Basis { get; init; }

    /// <summary>How the points of a sale are rounded.</summary>
    public PointRounding Rounding { get; init; }

    /// <summary>What happens when several base rules match.</summary>
    public Stacking Stacking { get; init; }

    /// <summary>Which tier a sale earns at.</summary>
    public EarnTier EarnAtTier { get; init; }

    /// <summary>How many days points wait before they can be used.</summary>
    public int PendingDays { get; init; }

    /// <summary>When points lapse.</summary>
    public ExpiryPolicy Expiry { get; init; } = new(ExpiryKind.Never);

    /// <summary>How points pay; null where they only lead to rewards.</summary>
    public RedemptionTerms? Redemption { get; init; }

    /// <summary>Whether revenue is deferred for points given.</summary>
    public bool Deferral { get; init; }

    /// <summary>The share of points that is never used.</summary>
    public Rate BreakageRate { get; init; }

    /// <summary>What earns nothing.</summary>
    public Exclusions Exclusions { get; init; } = new();

    /// <summary>Its rules, in their order.</summary>
    public IReadOnlyList<LoyaltyRule> Rules { get; init; } = [];

    /// <summary>Its tiers, the lowest first.</summary>
    public IReadOnlyList<LoyaltyTier> Tiers { get; init; } = [];
}

/// <summary>What a line of a sale is, as far as points care.</summary>
internal enum LoyaltyLineKind
{
    /// <summary>Goods or a service.</summary>
    Item,

    /// <summary>A delivery charge.</summary>
    Delivery,

    /// <summary>A voucher sold: earns nothing.</summary>
    Voucher,

    /// <summary>A payment in advance: earns nothing.</summary>
    Deposit,
}

/// <summary>One line of a sale.</summary>
internal sealed record LoyaltyLine
{
    /// <summary>What it is.</summary>
    public LoyaltyLineKind Kind { get; init; }

    /// <summary>The item.</summary>
    public Guid Item { get; init; }

    /// <summary>Its category and all above.</summary>
    public IReadOnlySet<Guid> Categories { get; init; } = new HashSet<Guid>();

    /// <summary>Its labels.</summary>
    public IReadOnlySet<string> Labels { get; init; } = new HashSet<string>();

    /// <summary>How much.</summary>
    public Quantity Quantity { get; init; } = Quantity.One;

    /// <summary>Its net after all discounts, those of the document spread over the lines.</summary>
    public required Money Net { get; init; }

    /// <summary>Its tax.</summary>
    public Money? Tax { get; init; }
}

/// <summary>A sale, as far as points care.</summary>
internal sealed record LoyaltySale
{
    /// <summary>When, on the clock of the branch.</summary>
    public DateTime At { get; init; }

    /// <summary>The branch.</summary>
    public Guid Branch { get; init; }

    /// <summary>The channel.</summary>
    public string Channel { get; init; } = "";

    /// <summary>The segments that the member was in then.</summary>
    public IReadOnlySet<Guid> Segments { get; init; } = new HashSet<Guid>();

    /// <summary>Its lines.</summary>
    public required IReadOnlyList<LoyaltyLine> Lines { get; init; }

    /// <summary>What was paid in points as a tender; null for nothing. The nets of the lines still contain it.</summary>
    public Money? PointsTendered { get; init; }

    /// <summary>What was taken off as a discount for points; null for nothing. The nets of the lines no longer contain it.</summary>
    public Money? PointsDiscount { get; init; }
}
