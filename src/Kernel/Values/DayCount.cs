namespace Plug1.Kernel.Values;

/// <summary>An exact ratio that is rounded only where it is used.</summary>
/// <param name="Numerator">Above the line.</param>
/// <param name="Denominator">Below the line; more than zero.</param>
public readonly record struct Fraction(long Numerator, long Denominator)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Numerator}/{Denominator}";
}

/// <summary>How the days between two dates become a part of a year.</summary>
public enum DayCount
{
    /// <summary><c>act/365</c>: actual days over 365 (fixed).</summary>
    Act365,

    /// <summary><c>act/360</c>: actual days over 360.</summary>
    Act360,

    /// <summary><c>act/364</c>: actual days over 364, 52 weeks.</summary>
    Act364,

    /// <summary><c>act/act</c> ISDA: actual days in leap years over 366, in other years over 365.</summary>
    ActActIsda,

    /// <summary><c>30/360</c>: months of 30 days (bond basis).</summary>
    Thirty360,
}

/// <summary>The arithmetic behind <see cref="DayCount"/>.</summary>
/// <remarks>Source: 2006 ISDA Definitions, section 4.16 (b), (d), (e) and (f).</remarks>
public static class DayCounting
{
    /// <summary>The part of a year from one day to another, exact.</summary>
    /// <param name="convention">How days are counted.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The day after the last; when it is before <paramref name="from"/>, the part is negative.</param>
    public static Fraction YearFraction(this DayCount convention, DateOnly from, DateOnly to)
    {
        if (to < from)
        {
            var mirrored = convention.YearFraction(to, from);
            return mirrored with { Numerator = -mirrored.Numerator };
        }

        var days = to.DayNumber - from.DayNumber;
        return convention switch
        {
            DayCount.Act365 => new Fraction(days, 365),
            DayCount.Act360 => new Fraction(days, 360),
            DayCount.Act364 => new Fraction(days, 364),
            DayCount.Thirty360 => new Fraction(ThirtyDays(from, to), 360),
            _ => ActualActual(from, to),
        };
    }

    /// <summary>The code as specifications and the API write it: <c>act/365</c>.</summary>
    public static string Code(this DayCount convention) => convention switch
    {
        DayCount.Act365 => "act/365",
        DayCount.Act360 => "act/360",
        DayCount.Act364 => "act/364",
        DayCount.Thirty360 => "30/360",
        _ => "act/act",
    };

    /// <summary>Reads a code, if it is one.</summary>
    public static bool TryParse(string? code, out DayCount convention)
    {
        foreach (var candidate in Enum.GetValues<DayCount>())
        {
            if (candidate.Code() != code) continue;
            convention = candidate;
            return true;
        }

        convention = default;
        return false;
    }

    private static long ThirtyDays(DateOnly from, DateOnly to)
    {
        // A 31st counts as the 30th; at the end only if the beginning is the 30th or 31st too.
        var first = Math.Min(from.Day, 30);
        var last = to.Day == 31 && first == 30 ? 30 : to.Day;
        return (360L * (to.Year - from.Year)) + (30 * (to.Month - from.Month)) + last - first;
    }

    private static Fraction ActualActual(DateOnly from, DateOnly to)
    {
        long leap = 0;
        for (var year = from.Year; year <= to.Year; year++)
        {
            if (DateTime.IsLeapYear(year)) leap += Period.YearOf(new DateOnly(year, 1, 1)).Intersect(new Period(from, to)).Days;
        }

        var common = to.DayNumber - from.DayNumber - leap;
        return leap == 0 ? new Fraction(common, 365)
            : common == 0 ? new Fraction(leap, 366)
            : new Fraction((common * 366) + (leap * 365), 365 * 366);
    }
}
