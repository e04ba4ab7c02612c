using Plug1.Kernel.Parties;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Credit;

/// <summary>Why a check finds something, in the order in which it looks.</summary>
internal enum CreditGround
{
    /// <summary>The party is blocked, merged or erased.</summary>
    Party,

    /// <summary>The party is held.</summary>
    Hold,

    /// <summary>It has no limit and pays at once.</summary>
    NoLimit,

    /// <summary>Its limit is over.</summary>
    LimitExpired,

    /// <summary>An open item is too late.</summary>
    Overdue,

    /// <summary>The limit is not enough.</summary>
    LimitExceeded,
}

/// <summary>One finding of a check.</summary>
/// <param name="Ground">Why.</param>
/// <param name="Action">What it leads to.</param>
/// <param name="OverBy">How much is too much; null where it is no matter of amounts.</param>
internal sealed record CreditFinding(CreditGround Ground, CreditAction Action, Money? OverBy = null);

/// <summary>What is known of a party when it is checked.</summary>
internal sealed record CreditPosition
{
    /// <summary>How the party stands in the directory.</summary>
    public PartyState Party { get; init; }

    /// <summary>Its hold; null for none.</summary>
    public HoldLevel? Hold { get; init; }

    /// <summary>Its limit; null for none.</summary>
    public CreditLimit? Limit { get; init; }

    /// <summary>Its temporary limits, those that are over too.</summary>
    public IReadOnlyList<TemporaryLimit> Temporary { get; init; } = [];

    /// <summary>What it owes, by the policy.</summary>
    public required Exposure Exposure { get; init; }

    /// <summary>How many days late its oldest open item is; 0 for none.</summary>
    public int OldestOverdueDays { get; init; }
}

/// <summary>What is asked.</summary>
/// <param name="Amount">The total of the document, with tax.</param>
/// <param name="AlreadyCommitted">What of it its own order has committed before.</param>
/// <param name="At">Where it is asked.</param>
/// <param name="On">The business day.</param>
internal sealed record CreditQuestion(Money Amount, Money AlreadyCommitted, CheckPoint At, DateOnly On);

/// <summary>The answer.</summary>
/// <param name="Action">The worst of the findings.</param>
/// <param name="Limit">The limit with the temporary ones that are valid; null for none.</param>
/// <param name="Standing">How the party stands now.</param>
/// <param name="StandingAfter">How it would stand with the amount.</param>
/// <param name="Findings">All of them, in order.</param>
internal sealed record CreditAnswer(CreditAction Action, Money? Limit, CreditStanding Standing, CreditStanding StandingAfter, IReadOnlyList<CreditFinding> Findings);

/// <summary>Decides who may buy on account.</summary>
internal static class CreditCheck
{
    /// <summary>Checks an amount.</summary>
    /// <remarks>In this order, all findings kept, the worst deciding: the party, its hold, its limit, what is overdue, and whether
    /// <c>exposure + amount − committed by the same order</c> is above <c>limit × (1 + tolerance)</c>. Equal is allowed. Compared exactly;
    /// the amount over is taken from the limit with its tolerance, floored to the minor unit.</remarks>
    public static CreditAnswer Check(CreditQuestion question, CreditPosition position, CreditPolicy policy)
    {
        var limit = LimitOn(position, question.On);
        var findings = new List<CreditFinding>();
        if (position.Party != PartyState.Active) findings.Add(new CreditFinding(CreditGround.Party, CreditAction.Block));
        if (position.Hold == HoldLevel.Stop) findings.Add(new CreditFinding(CreditGround.Hold, CreditAction.Block));
        if (position.Limit is { ValidTo: { } last } && last < question.On) findings.Add(new CreditFinding(CreditGround.LimitExpired, CreditAction.Block));
        else if (limit is null && policy.NoLimitMeans == NoLimitMeans.CashOnly) findings.Add(new CreditFinding(CreditGround.NoLimit, CreditAction.Block));
        if (position.OldestOverdueDays > policy.OverdueGraceDays) findings.Add(new CreditFinding(CreditGround.Overdue, CreditAction.Block));

        var after = position.Exposure.Total + question.Amount - question.AlreadyCommitted;
        if (limit is { } least && after > Allowed(least, policy.ToleranceRate))
        {
            var action = policy.OverAction.GetValueOrDefault(question.At, CreditAction.Block);
            findings.Add(new CreditFinding(CreditGround.LimitExceeded, action, after - Allowed(least, policy.ToleranceRate)));
        }

        var worst = findings.Count == 0 ? CreditAction.Pass : findings.Max(finding => finding.Action);
        return new CreditAnswer(worst, limit, Status(position, policy, position.Exposure.Total, question.On), Status(position, policy, after, question.On), findings);
    }

    /// <summary>The limit on a day with the temporary ones that are valid; null when there is none that day.</summary>
    public static Money? LimitOn(CreditPosition position, DateOnly on)
    {
        if (position.Limit is not { } limit || on < limit.ValidFrom || on > limit.ValidTo) return null;
        return limit.Amount + Money.Sum(limit.Amount.Currency, position.Temporary.Where(extra => extra.From <= on && on <= extra.To).Select(extra => extra.Extra));
    }

    /// <summary>How a party stands: stopped, else overdue, else above its limit, else watched (held so, or at least the watch ratio of the limit
    /// used), else well.</summary>
    /// <remarks>The tolerance does not count here: who is above the limit is told so. Without a limit, one that pays at once is above it with
    /// any exposure, one without bounds never.</remarks>
    /// <param name="position">What is known.</param>
    /// <param name="policy">The house's policy.</param>
    /// <param name="exposure">The exposure that is looked at.</param>
    /// <param name="on">The business day.</param>
    public static CreditStanding Status(CreditPosition position, CreditPolicy policy, Money exposure, DateOnly on)
    {
        if (position.Hold == HoldLevel.Stop) return CreditStanding.Stop;
        if (position.OldestOverdueDays > policy.OverdueGraceDays) return CreditStanding.Overdue;
        var limit = LimitOn(position, on) ?? (policy.NoLimitMeans == NoLimitMeans.CashOnly ? Money.Zero(exposure.Currency) : null);
        if (limit is { } most)
        {
            if (exposure > most) return CreditStanding.Over;
            if (exposure.IsPositive && (Int128)exposure.Minor * Rate.One.Millionths >= (Int128)most.Minor * policy.WatchRatio.Millionths) return CreditStanding.Watch;
        }

        return position.Hold == HoldLevel.Watch ? CreditStanding.Watch : CreditStanding.Ok;
    }

    /// <summary>What an invoice releases of its order's commitment: the smaller of its total and what is still committed.</summary>
    public static Money Released(Money invoiceTotal, Money stillCommitted) => Money.Min(invoiceTotal, stillCommitted);

    private static Money Allowed(Money limit, Rate tolerance) => limit + limit.Times(tolerance, Rounding.Floor);
}
