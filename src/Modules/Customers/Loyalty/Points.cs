using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Points of a member that were given together and lapse together.</summary>
/// <param name="Id">Identifies it.</param>
/// <param name="IssuedOn">When they were given.</param>
/// <param name="ExpiresOn">The last day they can be used; null for never.</param>
/// <param name="Left">How many are left.</param>
/// <param name="Source">The sale that gave them, if one did.</param>
internal sealed record PointLot(Guid Id, DateOnly IssuedOn, DateOnly? ExpiresOn, Quantity Left, Guid? Source = null);

/// <summary>What is taken from one lot.</summary>
internal readonly record struct LotTake(Guid Lot, Quantity Points);

/// <summary>What is taken from lots, and what they lack.</summary>
/// <param name="Takes">In the order in which they go.</param>
/// <param name="Missing">What no lot has: a debt when it is clawed back, a refusal when it is redeemed.</param>
internal sealed record LotPick(IReadOnlyList<LotTake> Takes, Quantity Missing);

/// <summary>How many points may be used, and what they pay.</summary>
internal readonly record struct Redeemable(Quantity Points, Money Amount);

/// <summary>Using points, giving them back, and when they lapse.</summary>
internal static class Points
{
    /// <summary>How long points live at least that come back into a lot that has lapsed meanwhile.</summary>
    public const int RestoredDays = 30;

    /// <summary>What points pay: <c>points × value ÷ per points</c>, floored to the minor unit. 730 at 1.00 for 100 pay 7.30.</summary>
    /// <param name="points">Not negative.</param>
    /// <param name="terms">What points are worth.</param>
    public static Money Redeem(Quantity points, RedemptionTerms terms)
    {
        Invariant.Holds(!points.IsNegative && terms.PerPoints.IsPositive);
        return terms.PointValue.Share(points, terms.PerPoints, Rounding.Floor);
    }

    /// <summary>The points that pay an amount, up to the next step: 7.35 at 1.00 for 100 in steps of 10 takes 740.</summary>
    /// <param name="amount">Not negative.</param>
    /// <param name="terms">What points are worth; more than nothing.</param>
    public static Quantity PointsFor(Money amount, RedemptionTerms terms)
    {
        Invariant.Holds(!amount.IsNegative && terms.PointValue.IsPositive && terms.Step.IsPositive);
        var steps = Ratio.Of(amount) * Ratio.Of(terms.PerPoints) / Ratio.Of(terms.PointValue) / Ratio.Of(terms.Step);
        return terms.Step * steps.Round(Rounding.Up);
    }

    /// <summary>The most points that a member may use on a sale, in whole steps, and what they pay; none below the minimum.</summary>
    /// <param name="balance">What the member has; in debt nothing may be used.</param>
    /// <param name="sale">The total of the sale; null when no sale is meant.</param>
    /// <param name="terms">What points are worth and how they may be used.</param>
    public static Redeemable Redeemable(Quantity balance, Money? sale, RedemptionTerms terms)
    {
        var most = Ratio.Of(Quantity.Max(balance, Quantity.Zero));
        if (sale is { } total)
        {
            var payable = total.Times(terms.MaxShareOfSale, Rounding.Floor);
            most = Ratio.Min(most, Ratio.Of(Money.Max(payable, Money.Zero(payable.Currency))) * Ratio.Of(terms.PerPoints) / Ratio.Of(terms.PointValue));
        }

        var points = terms.Step * (most / Ratio.Of(terms.Step)).Round(Rounding.Floor);
        return points < terms.MinPoints || points.IsZero ? new Redeemable(Quantity.Zero, Redeem(Quantity.Zero, terms)) : new Redeemable(points, Redeem(points, terms));
    }

    /// <summary>The redeemed points that a return gives back: <c>round(redeemed × returned net so far ÷ net of the sale)</c>, half away from zero,
    /// less what came back before. The return of everything gives back the rest.</summary>
    /// <remarks>500 points on 80.00; returns of 20.00, 25.00 and 35.00 give back 125, 156 and 219.</remarks>
    /// <param name="redeemed">The points used on the sale.</param>
    /// <param name="returnedNet">The net returned so far, this return included.</param>
    /// <param name="saleNet">The net of the sale.</param>
    /// <param name="restored">What earlier returns gave back.</param>
    /// <param name="pointDecimals">Decimals of a point.</param>
    public static Quantity Restore(Quantity redeemed, Money returnedNet, Money saleNet, Quantity restored, int pointDecimals = 0)
    {
        var toDate = returnedNet == saleNet ? redeemed
            : PointGrid.Round(Ratio.Of(redeemed) * Ratio.Of(returnedNet) / Ratio.Of(saleNet), pointDecimals, Rounding.HalfAwayFromZero);
        return toDate - restored;
    }

    /// <summary>The last day of a lot that points come back into: its own, or <see cref="RestoredDays"/> from the day when it has lapsed.</summary>
    public static DateOnly? RestoredUntil(DateOnly? lotEnd, DateOnly on) => lotEnd is { } end && !IsUsable(end, on) ? on.AddDays(RestoredDays) : lotEnd;

    /// <summary>Which lots pay: the earliest to lapse first, those that never do last; then the older; then by id.</summary>
    /// <param name="lots">Those that can be used on the day.</param>
    /// <param name="points">How many are taken; not negative.</param>
    public static LotPick PickLots(IEnumerable<PointLot> lots, Quantity points) =>
        Take(lots.OrderBy(lot => lot.ExpiresOn ?? DateOnly.MaxValue).ThenBy(lot => lot.ExpiresOn is null).ThenBy(lot => lot.IssuedOn).ThenBy(lot => lot.Id), points);

    /// <summary>Which lots a claw-back takes from: those of the sale first, then the oldest; what is missing becomes debt.</summary>
    /// <param name="lots">All of the member's.</param>
    /// <param name="points">How many are taken back; not negative.</param>
    /// <param name="sale">The sale that is returned.</param>
    public static LotPick PickClawedBack(IEnumerable<PointLot> lots, Quantity points, Guid sale) =>
        Take(lots.OrderByDescending(lot => lot.Source == sale).ThenBy(lot => lot.IssuedOn).ThenBy(lot => lot.Id), points);

    /// <summary>The last day on which points can be used; the run takes them the day after.</summary>
    /// <remarks>12 months from 2024-02-29 last until 2025-02-28 included.</remarks>
    /// <param name="policy">When points lapse.</param>
    /// <param name="issuedOn">When they were given.</param>
    /// <param name="lastMovementOn">The member's last movement; the day they were given when null.</param>
    /// <returns>Null when they never lapse.</returns>
    public static DateOnly? LotEnd(ExpiryPolicy policy, DateOnly issuedOn, DateOnly? lastMovementOn = null) => policy.Kind switch
    {
        ExpiryKind.Months => issuedOn.AddMonths(policy.Months),
        ExpiryKind.MonthEnd => Period.MonthOf(issuedOn.AddMonths(policy.Months)).To.AddDays(-1),
        ExpiryKind.FixedDate => policy.On,
        ExpiryKind.LastMovement => (lastMovementOn ?? issuedOn).AddMonths(policy.Months),
        _ => null,
    };

    /// <summary>Whether points that last until a day can be used on another.</summary>
    public static bool IsUsable(DateOnly? lotEnd, DateOnly on) => lotEnd is null || on <= lotEnd;

    private static LotPick Take(IEnumerable<PointLot> ordered, Quantity points)
    {
        Invariant.Holds(!points.IsNegative);
        var (takes, left) = (new List<LotTake>(), points);
        foreach (var lot in ordered)
        {
            if (left.IsZero) break;
            if (!lot.Left.IsPositive) continue;
            var taken = Quantity.Min(lot.Left, left);
            takes.Add(new LotTake(lot.Id, taken));
            left -= taken;
        }

        return new LotPick(takes, left);
    }
}
