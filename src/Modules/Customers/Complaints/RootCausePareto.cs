using Plug1.Kernel.Values;

namespace Plug1.Customers.Complaints;

/// <summary>What one root cause cost.</summary>
/// <param name="Cause">Its code.</param>
/// <param name="Redress">What was paid for it.</param>
/// <param name="Minutes">How long people worked on it.</param>
internal sealed record CauseCost(string Cause, Money Redress, long Minutes);

/// <summary>One row of the report.</summary>
/// <param name="Cause">Its code.</param>
/// <param name="Cost">Redress and work.</param>
/// <param name="Share">Its part of all cost, for the eye.</param>
/// <param name="Cumulative">Its part with all rows above, for the eye; taken from the amounts, so that the last row is 1.</param>
internal sealed record ParetoRow(string Cause, Money Cost, Rate Share, Rate Cumulative);

/// <summary>Root causes by what they cost, the dearest first.</summary>
internal static class RootCausePareto
{
    /// <summary>The rows: cost = redress + minutes × rate an hour ÷ 60, rounded half away from zero; equal cost by code.</summary>
    /// <param name="causes">One a root cause.</param>
    /// <param name="ratePerHour">What an hour of handling costs.</param>
    public static IReadOnlyList<ParetoRow> Of(IEnumerable<CauseCost> causes, Money ratePerHour)
    {
        var costs = causes
            .Select(cause => (cause.Cause, Cost: cause.Redress + ratePerHour.Share(cause.Minutes, 60, Rounding.HalfAwayFromZero)))
            .OrderByDescending(row => row.Cost.Minor).ThenBy(row => row.Cause, StringComparer.Ordinal)
            .ToList();
        var total = Money.Sum(ratePerHour.Currency, costs.Select(row => row.Cost));
        var rows = new List<ParetoRow>(costs.Count);
        var soFar = Money.Zero(ratePerHour.Currency);
        foreach (var (cause, cost) in costs)
        {
            soFar += cost;
            rows.Add(new ParetoRow(cause, cost, ShareOf(cost), ShareOf(soFar)));
        }

        return rows;

        Rate ShareOf(Money part) => total.IsZero ? Rate.Zero : Rate.Ratio(part.Minor, total.Minor, Rounding.HalfAwayFromZero);
    }
}
