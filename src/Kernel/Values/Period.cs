namespace Plug1.Kernel.Values;

/// <summary>The unit in which periods are counted.</summary>
public enum PeriodUnit
{
    /// <summary>Days.</summary>
    Day,

    /// <summary>Weeks of seven days.</summary>
    Week,

    /// <summary>Calendar months.</summary>
    Month,

    /// <summary>Calendar years.</summary>
    Year,
}

/// <summary>A span of days, half-open: the first day belongs to it, the day it ends on does not.</summary>
/// <remarks>Months are counted from the anchor, never from the boundary before, and clamped to the month's end:
/// from 01-31 monthly 02-28, 03-31, 04-30.</remarks>
public readonly record struct Period
{
    /// <summary>A span from a day to another that is not before it.</summary>
    /// <exception cref="InvariantBrokenException">It ends before it begins.</exception>
    public Period(DateOnly from, DateOnly to)
    {
        Invariant.Holds(from <= to, "A period does not end before it begins.");
        From = from;
        To = to;
    }

    /// <summary>The first day.</summary>
    public DateOnly From { get; }

    /// <summary>The day after the last one.</summary>
    public DateOnly To { get; }

    /// <summary>How many days it has.</summary>
    public int Days => To.DayNumber - From.DayNumber;

    /// <summary>True when no day belongs to it.</summary>
    public bool IsEmpty => From == To;

    /// <summary>The calendar month of a day.</summary>
    public static Period MonthOf(DateOnly day) => Nth(new DateOnly(day.Year, day.Month, 1), 0, 1, PeriodUnit.Month);

    /// <summary>The calendar year of a day.</summary>
    public static Period YearOf(DateOnly day) => Nth(new DateOnly(day.Year, 1, 1), 0, 1, PeriodUnit.Year);

    /// <summary>Boundary number <paramref name="index"/> of periods that begin at an anchor: the anchor plus so many intervals.</summary>
    /// <param name="anchor">Boundary 0.</param>
    /// <param name="index">Any whole number, also negative.</param>
    /// <param name="every">Units an interval has; more than zero.</param>
    /// <param name="unit">The unit.</param>
    public static DateOnly Boundary(DateOnly anchor, int index, int every, PeriodUnit unit)
    {
        Invariant.Holds(every > 0);
        var units = checked(index * every);
        return unit switch
        {
            PeriodUnit.Day => anchor.AddDays(units),
            PeriodUnit.Week => anchor.AddDays(checked(units * 7)),
            PeriodUnit.Month => anchor.AddMonths(units),
            _ => anchor.AddYears(units),
        };
    }

    /// <summary>The period from boundary <paramref name="index"/> to the next.</summary>
    public static Period Nth(DateOnly anchor, int index, int every, PeriodUnit unit) =>
        new(Boundary(anchor, index, every, unit), Boundary(anchor, checked(index + 1), every, unit));

    /// <summary>The index of the period that a day is in; negative before the anchor.</summary>
    public static int IndexOf(DateOnly anchor, DateOnly day, int every, PeriodUnit unit)
    {
        Invariant.Holds(every > 0);
        long units = unit switch
        {
            PeriodUnit.Day => day.DayNumber - anchor.DayNumber,
            PeriodUnit.Week => (long)Rounding.Divide(day.DayNumber - anchor.DayNumber, 7, Rounding.Floor),
            PeriodUnit.Month => ((day.Year - anchor.Year) * 12) + day.Month - anchor.Month,
            _ => day.Year - anchor.Year,
        };
        var index = (int)Rounding.Divide(units, every, Rounding.Floor);

        // Within its month or year the day may still be before the anchor's day.
        return day < Boundary(anchor, index, every, unit) ? index - 1 : index;
    }

    /// <summary>The period that a day is in, of those that begin at an anchor.</summary>
    public static Period Enclosing(DateOnly anchor, DateOnly day, int every, PeriodUnit unit) =>
        Nth(anchor, IndexOf(anchor, day, every, unit), every, unit);

    /// <summary>True when the day belongs to it.</summary>
    public bool Contains(DateOnly day) => From <= day && day < To;

    /// <summary>True when both have a day in common.</summary>
    public bool Overlaps(Period other) => From < other.To && other.From < To && !IsEmpty && !other.IsEmpty;

    /// <summary>The days both have in common; empty, at the later beginning, when there are none.</summary>
    public Period Intersect(Period other)
    {
        var from = From > other.From ? From : other.From;
        var to = To < other.To ? To : other.To;
        return new Period(from, to < from ? from : to);
    }

    /// <summary>ISO 8601 dates of both ends.</summary>
    public override string ToString() => $"{From:yyyy-MM-dd}..{To:yyyy-MM-dd}";
}
