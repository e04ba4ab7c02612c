using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>The tier that a member has.</summary>
/// <param name="Tier">Its place in the programme's tiers.</param>
/// <param name="ValidUntil">The last day of its term.</param>
internal sealed record TierHeld(int Tier, DateOnly ValidUntil);

/// <summary>A tier that somebody granted: the member does not fall below it while it lasts.</summary>
/// <param name="Tier">Its place in the programme's tiers.</param>
/// <param name="Until">The last day.</param>
internal sealed record TierFloor(int Tier, DateOnly Until);

/// <summary>Finds the tier of a member.</summary>
internal static class Tiers
{
    /// <summary>The place of a member without tier.</summary>
    public const int None = -1;

    /// <summary>The highest tier whose threshold is reached; <see cref="None"/> when there is none.</summary>
    /// <param name="tiers">The programme's, the lowest first.</param>
    /// <param name="measured">What the member has of the basis of a tier in its window.</param>
    public static int Qualified(IReadOnlyList<LoyaltyTier> tiers, Func<LoyaltyTier, Quantity> measured)
    {
        for (var at = tiers.Count - 1; at >= 0; at--)
        {
            if (tiers[at].Threshold <= measured(tiers[at])) return at;
        }

        return None;
    }

    /// <summary>The tier that a member has after a review.</summary>
    /// <remarks>Up at once; down only when the term of the tier is over, by at most its steps down. A tier that is still reached when its term
    /// is over begins another term. The months of a term count from the day of the review.</remarks>
    /// <param name="tiers">The programme's, the lowest first.</param>
    /// <param name="measured">What the member has of the basis of a tier in its window.</param>
    /// <param name="held">What the member has now; null for no tier.</param>
    /// <param name="floor">What was granted; null for nothing.</param>
    /// <param name="on">The day.</param>
    /// <returns>Null for no tier.</returns>
    public static TierHeld? Review(IReadOnlyList<LoyaltyTier> tiers, Func<LoyaltyTier, Quantity> measured, TierHeld? held, TierFloor? floor, DateOnly on)
    {
        var reached = Qualified(tiers, measured);
        if (floor is not null && on <= floor.Until) reached = Math.Max(reached, floor.Tier);
        var now = held?.Tier ?? None;
        if (reached <= now && held is not null && on <= held.ValidUntil) return held;
        if (reached < now && tiers[now].MaxStepsDown is > 0 and var steps) reached = Math.Max(reached, now - steps);
        return reached == None ? null : new TierHeld(reached, on.AddMonths(tiers[reached].ValidMonths));
    }
}
