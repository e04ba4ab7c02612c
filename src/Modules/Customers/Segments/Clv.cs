using Plug1.Kernel.Values;

namespace Plug1.Customers.Segments;

/// <summary>What a customer can be expected to bring.</summary>
internal static class Clv
{
    /// <summary>How many customers with a repeat purchase a model needs.</summary>
    public const int FewestRepeatCustomers = 100;

    private const double WeeksAMonth = 30.4375 / 7;

    /// <summary>Whether there are enough customers who came back to fit a model.</summary>
    public static bool IsEnough(IEnumerable<PurchaseHistory> histories) => histories.Count(one => one.Repeats > 0) >= FewestRepeatCustomers;

    /// <summary>The expected sales of the months to come, discounted: <c>Σ (E(i) − E(i − 1)) × spend ÷ (1 + d)^i</c>, E the purchases expected up
    /// to the end of month i, a month being 30.4375 days.</summary>
    /// <param name="parameters">The model of purchases.</param>
    /// <param name="repeats">x.</param>
    /// <param name="lastWeeks">t_x.</param>
    /// <param name="ageWeeks">T.</param>
    /// <param name="spend">Expected spend of a purchase, in major units.</param>
    /// <param name="months">How many months are looked at.</param>
    /// <param name="monthlyRate">The discount rate of a month (d).</param>
    /// <returns>Major units.</returns>
    public static double Discounted(BgNbdParameters parameters, int repeats, double lastWeeks, double ageWeeks, double spend, int months, Rate monthlyRate)
    {
        var (sum, before, factor) = (0.0, 0.0, 1 + (monthlyRate.Millionths / 1e6));
        for (var month = 1; month <= months; month++)
        {
            var expected = BgNbd.Expected(parameters, repeats, lastWeeks, ageWeeks, month * WeeksAMonth);
            sum += (expected - before) * spend / Math.Pow(factor, month);
            before = expected;
        }

        return sum;
    }

    /// <summary>What stands in for it where too few customers came back: the sales of the last 12 months times the share of the customer's cell
    /// that stayed, rounded half away from zero.</summary>
    public static Money Fallback(Money trailingSales, Rate retention) => trailingSales.Times(retention);
}
