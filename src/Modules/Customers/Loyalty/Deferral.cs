using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>The points of one programme that were given in one month.</summary>
/// <param name="Deferred">The revenue that was deferred for them.</param>
/// <param name="Issued">Given, less clawed back.</param>
/// <param name="Redeemed">Used, less restored.</param>
/// <param name="Expired">Lapsed.</param>
internal sealed record PointCohort(Money Deferred, Quantity Issued, Quantity Redeemed, Quantity Expired)
{
    /// <summary>Those that can still be used.</summary>
    public Quantity Outstanding => Issued - Redeemed - Expired;
}

/// <summary>The revenue of points: deferred when they are given, recognised as they are used.</summary>
/// <remarks>Source: IFRS 15 <i>Revenue from Contracts with Customers</i>, paragraphs B39 to B47 and example 52.</remarks>
internal static class Deferral
{
    /// <summary>What a number of points stands for: <c>points × value × (1 − breakage)</c>, exact, in minor units.</summary>
    public static Ratio StandAlone(Quantity points, RedemptionTerms terms, Rate breakage) =>
        Ratio.Of(points) * Ratio.Of(terms.PointValue) / Ratio.Of(terms.PerPoints) * Ratio.Of(Rate.One - breakage);

    /// <summary>The part of a sale that belongs to its points: <c>net × v ÷ (net + v)</c>, rounded once, half away from zero.</summary>
    /// <remarks>Net 250.00, 250 points at 0.02, breakage 30 %: v is 3.50 and 3.45 is deferred.</remarks>
    /// <param name="net">The net of the lines that earned them; nothing is deferred of none.</param>
    /// <param name="points">The points earned.</param>
    /// <param name="terms">What points are worth.</param>
    /// <param name="breakage">The share that is never used.</param>
    public static Money Defer(Money net, Quantity points, RedemptionTerms terms, Rate breakage)
    {
        var value = StandAlone(points, terms, breakage);
        return !net.IsPositive || !value.IsPositive ? Money.Zero(net.Currency)
            : net with { Minor = (Ratio.Of(net) * value / (Ratio.Of(net) + value)).Round(Rounding.HalfAwayFromZero) };
    }

    /// <summary>The revenue of a cohort that is to be recognised by now.</summary>
    /// <remarks>
    /// <para><c>deferred × redeemed ÷ E</c>, rounded half away from zero, with <c>E = min(max(issued × (1 − breakage), redeemed), redeemed +
    /// outstanding)</c>, the points that are expected to be used; all of it when nothing is outstanding.</para>
    /// <para>Deferred 420.00 for 30,000 points: 9,000 used at 25 % are 168.00; 15,000 used, 3,000 lapsed at 20 % are 262.50.</para>
    /// </remarks>
    public static Money ReleaseTarget(PointCohort cohort, Rate breakage)
    {
        if (!cohort.Outstanding.IsPositive) return cohort.Deferred;
        if (!cohort.Redeemed.IsPositive) return Money.Zero(cohort.Deferred.Currency);
        var expected = Ratio.Min(
            Ratio.Max(Ratio.Of(cohort.Issued) * Ratio.Of(Rate.One - breakage), Ratio.Of(cohort.Redeemed)),
            Ratio.Of(cohort.Redeemed + cohort.Outstanding));
        return cohort.Deferred with { Minor = (Ratio.Of(cohort.Deferred) * Ratio.Of(cohort.Redeemed) / expected).Round(Rounding.HalfAwayFromZero) };
    }

    /// <summary>What a run posts: the target less what earlier runs recognised; negative when points came back.</summary>
    public static Money Release(PointCohort cohort, Rate breakage, Money recognised) => ReleaseTarget(cohort, breakage) - recognised;
}
