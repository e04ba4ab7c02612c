using Plug1.Kernel.Values;

namespace Plug1.Customers.Credit;

/// <summary>What it means that a party has no limit.</summary>
internal enum NoLimitMeans
{
    /// <summary>It pays at once.</summary>
    CashOnly,

    /// <summary>It may owe what it likes.</summary>
    Unlimited,
}

/// <summary>Where a check is made.</summary>
internal enum CheckPoint
{
    /// <summary>When an order is confirmed.</summary>
    Order,

    /// <summary>When goods leave.</summary>
    Delivery,

    /// <summary>When an invoice is posted.</summary>
    Invoice,

    /// <summary>When a sale is charged to the account at a till.</summary>
    Till,
}

/// <summary>What a finding leads to; the later, the worse.</summary>
internal enum CreditAction
{
    /// <summary>It passes.</summary>
    Pass,

    /// <summary>It passes with an exception.</summary>
    Warn,

    /// <summary>It waits for an override.</summary>
    Approve,

    /// <summary>It is refused.</summary>
    Block,
}

/// <summary>How hard a party is held.</summary>
internal enum HoldLevel
{
    /// <summary>It is looked at.</summary>
    Watch,

    /// <summary>It gets nothing on account.</summary>
    Stop,
}

/// <summary>How a party stands with its credit; the later, the worse.</summary>
internal enum CreditStanding
{
    /// <summary>Nothing to say.</summary>
    Ok,

    /// <summary>Near its limit, or being looked at.</summary>
    Watch,

    /// <summary>Above its limit.</summary>
    Over,

    /// <summary>An open item is too late.</summary>
    Overdue,

    /// <summary>Held.</summary>
    Stop,
}

/// <summary>The house's policy.</summary>
internal sealed record CreditPolicy
{
    /// <summary>What no limit means.</summary>
    public NoLimitMeans NoLimitMeans { get; init; }

    /// <summary>Where checks are made.</summary>
    public IReadOnlySet<CheckPoint> CheckAt { get; init; } = new HashSet<CheckPoint> { CheckPoint.Order, CheckPoint.Invoice, CheckPoint.Till };

    /// <summary>What an amount above the limit leads to; where nothing is said, it blocks.</summary>
    public IReadOnlyDictionary<CheckPoint, CreditAction> OverAction { get; init; } =
        new Dictionary<CheckPoint, CreditAction> { [CheckPoint.Order] = CreditAction.Approve };

    /// <summary>The part of the limit from which a party is watched.</summary>
    public Rate WatchRatio { get; init; } = Rate.Percent(90);

    /// <summary>How many days late an open item may be.</summary>
    public int OverdueGraceDays { get; init; } = 5;

    /// <summary>Whether instruments that are not cleared yet count.</summary>
    public bool CountUncleared { get; init; } = true;

    /// <summary>Whether orders that are not invoiced yet count.</summary>
    public bool IncludeOrders { get; init; } = true;

    /// <summary>How far above the limit an exposure may be, as a part of it.</summary>
    public Rate ToleranceRate { get; init; }
}

/// <summary>The limit of a party or credit group.</summary>
/// <param name="Amount">How much.</param>
/// <param name="ValidFrom">The first day.</param>
/// <param name="ValidTo">The last day; null for none.</param>
internal sealed record CreditLimit(Money Amount, DateOnly ValidFrom, DateOnly? ValidTo = null);

/// <summary>An amount on top of the limit for some days.</summary>
/// <param name="Extra">How much.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
internal sealed record TemporaryLimit(Money Extra, DateOnly From, DateOnly To);

/// <summary>What a party owes or is about to owe.</summary>
/// <param name="Receivable">Open items; unapplied credits and advances have lowered it.</param>
/// <param name="Committed">Orders not yet invoiced, with tax, as far as they count.</param>
/// <param name="Uncleared">Instruments not cleared yet, as far as they count.</param>
internal sealed record Exposure(Money Receivable, Money Committed, Money Uncleared)
{
    /// <summary>The exposure by a policy: what does not count is zero.</summary>
    public static Exposure Of(Money receivable, Money committed, Money uncleared, CreditPolicy policy)
    {
        var none = Money.Zero(receivable.Currency);
        return new Exposure(receivable, policy.IncludeOrders ? committed : none, policy.CountUncleared ? uncleared : none);
    }

    /// <summary>All of it.</summary>
    public Money Total => Receivable + Committed + Uncleared;

    /// <summary>The part of a limit that is used, for the eye; zero of no limit.</summary>
    public Rate UsedOf(Money limit) => limit.IsZero ? Rate.Zero : Rate.Ratio(Total.Minor, limit.Minor, Rounding.HalfAwayFromZero);

    /// <summary>What is left of a limit; below zero when more is used.</summary>
    public Money AvailableOf(Money limit) => limit - Total;
}
