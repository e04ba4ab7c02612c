using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Interactions;

/// <summary>What customers answered when they were asked.</summary>
internal static class Survey
{
    private const int Promoter = 9;
    private const int Detractor = 6;
    private const int Satisfied = 4;

    /// <summary>The net promoter score: <c>(share of 9 to 10 − share of 0 to 6) × 100</c>, with one decimal, half away from zero.</summary>
    /// <remarks>58, 25 and 17 of 100 are 41.0. Source: Reichheld, <i>The One Number You Need to Grow</i>, Harvard Business Review (2003).</remarks>
    /// <param name="scores">0 to 10.</param>
    /// <returns>In tenths, from -1000 to 1000: 410 is 41.0. Null without an answer.</returns>
    public static int? NpsTenths(IReadOnlyCollection<int> scores)
    {
        Invariant.Holds(scores.All(score => score is >= 0 and <= 10), "A score goes from 0 to 10.");
        return NpsTenths(scores.Count(score => score >= Promoter), scores.Count(score => score <= Detractor), scores.Count);
    }

    /// <summary>The net promoter score of counted answers, in tenths.</summary>
    /// <param name="promoters">Answers of 9 and 10.</param>
    /// <param name="detractors">Answers of 0 to 6.</param>
    /// <param name="responses">All answers.</param>
    /// <returns>Null without an answer.</returns>
    public static int? NpsTenths(int promoters, int detractors, int responses) =>
        responses == 0 ? null : (int)Rounding.Divide((promoters - detractors) * (Int128)1000, responses, Rounding.HalfAwayFromZero);

    /// <summary>The share of answers of 4 and 5 on a scale of 5.</summary>
    /// <param name="scores">1 to 5.</param>
    /// <returns>Null without an answer.</returns>
    public static Ratio? Csat(IReadOnlyCollection<int> scores)
    {
        Invariant.Holds(scores.All(score => score is >= 1 and <= 5), "A score goes from 1 to 5.");
        return scores.Count == 0 ? null : new Ratio(scores.Count(score => score >= Satisfied), scores.Count);
    }
}

/// <summary>How often a party may be written to for marketing.</summary>
/// <param name="Most">How many times at most.</param>
/// <param name="Days">Within how many days.</param>
internal sealed record ContactCap(int Most = 4, int Days = 30)
{
    /// <summary>Whether one more on a day would be too many: those of that day and the days before it, so many in all, are counted.</summary>
    /// <param name="contacts">The days of earlier ones.</param>
    /// <param name="on">The day of the next.</param>
    public bool IsReached(IEnumerable<DateOnly> contacts, DateOnly on) => contacts.Count(day => day <= on && day > on.AddDays(-Days)) >= Most;
}
