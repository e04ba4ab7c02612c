using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers;

/// <summary>How the last day of a term is found.</summary>
internal enum EndRule
{
    /// <summary>The day with the same number, that day included; of a month without it, its last day.</summary>
    SameDay,

    /// <summary>The day before it; of a month without it, its last day.</summary>
    DayBefore,
}

/// <summary>A length of time in calendar units.</summary>
/// <param name="Amount">How many; not negative.</param>
/// <param name="Unit">What is counted.</param>
internal readonly record struct Length(int Amount, PeriodUnit Unit)
{
    /// <summary>So many months.</summary>
    public static Length Months(int amount) => new(amount, PeriodUnit.Month);

    /// <summary>So many days.</summary>
    public static Length Days(int amount) => new(amount, PeriodUnit.Day);
}

/// <summary>When a term ends that begins on some day.</summary>
internal static class Term
{
    /// <summary>The last day of a term, that day included.</summary>
    /// <remarks>
    /// <para>The day of the event is not counted: from 2026-03-15 two years last until 2028-03-15 included; by
    /// <see cref="EndRule.DayBefore"/> until 2028-03-14. From 31 January one month lasts until 28 February by either rule.</para>
    /// <para>Source: Regulation (EEC, Euratom) 1182/71, article 3.</para>
    /// </remarks>
    /// <param name="start">The day of the event.</param>
    /// <param name="length">How long it lasts.</param>
    /// <param name="rule">How the last day is found.</param>
    public static DateOnly End(DateOnly start, Length length, EndRule rule = EndRule.SameDay)
    {
        Invariant.Holds(length.Amount >= 0, "A term does not end before it begins.");
        var end = Period.Boundary(start, 1, Math.Max(1, length.Amount), length.Unit);
        if (length.Amount == 0) end = start;
        var corresponds = length.Unit is PeriodUnit.Day or PeriodUnit.Week || end.Day == start.Day;
        return rule == EndRule.SameDay || !corresponds || length.Amount == 0 ? end : end.AddDays(-1);
    }

    /// <summary>The whole months that have passed from one day to another; negative when the second is before the first.</summary>
    public static int MonthsCompleted(DateOnly from, DateOnly to) => Period.IndexOf(from, to, 1, PeriodUnit.Month);
}
