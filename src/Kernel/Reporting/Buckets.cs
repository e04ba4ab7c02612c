using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>Buckets of time: days, weeks from Monday, calendar months.</summary>
public static class Buckets
{
    private static readonly DateOnly Monday = new(2001, 1, 1);

    /// <summary>The unit that a key names: day, week or month.</summary>
    public static PeriodUnit Unit(string key) => key switch
    {
        "week" => PeriodUnit.Week,
        "month" => PeriodUnit.Month,
        _ => PeriodUnit.Day,
    };

    /// <summary>The bucket that a day is in.</summary>
    public static Period Of(string key, DateOnly day) => Period.Enclosing(Monday, day, 1, Unit(key));

    /// <summary>First days of all buckets that a range touches, in order.</summary>
    public static IReadOnlyList<DateOnly> Starts(string key, DateOnly from, DateOnly to)
    {
        var starts = new List<DateOnly>();
        for (var bucket = Of(key, from); bucket.From <= to; bucket = Of(key, bucket.To)) starts.Add(bucket.From);
        return starts;
    }

    /// <summary>The range that one is compared with.</summary>
    /// <remarks>
    /// <c>previous</c>: as many days just before; of whole calendar months, as many whole months before. <c>year</c>: the same
    /// days a year earlier; when told by week, 52 weeks earlier, so that weekdays meet.
    /// </remarks>
    public static (DateOnly From, DateOnly To) Compared(string compare, string? bucket, DateOnly from, DateOnly to)
    {
        if (compare == "year") return bucket == "week" ? (from.AddDays(-364), to.AddDays(-364)) : (from.AddYears(-1), EndOf(to, -12));
        if (from.Day == 1 && to.AddDays(1).Day == 1)
        {
            var months = ((to.Year - from.Year) * 12) + to.Month - from.Month + 1;
            return (from.AddMonths(-months), from.AddDays(-1));
        }

        var days = to.DayNumber - from.DayNumber + 1;
        return (from.AddDays(-days), from.AddDays(-1));
    }

    /// <summary>The bucket that one is set against in the compared range; null when that range has none such, as for 29 February.</summary>
    public static DateOnly? Counterpart(string compare, string bucket, DateOnly start, DateOnly from, DateOnly comparedFrom)
    {
        if (compare == "year")
        {
            if (bucket == "week") return start.AddDays(-364);
            return start.AddYears(-1) is var before && before.Day == start.Day ? before : null;
        }

        // The same place in the range: first day with first day, second week with second week.
        var unit = Unit(bucket);
        var index = Period.IndexOf(Of(bucket, from).From, start, 1, unit);
        return Period.Boundary(Of(bucket, comparedFrom).From, index, 1, unit);
    }

    // The end of a month stays the end of a month: 28 February 2025 goes back to 29 February 2024.
    private static DateOnly EndOf(DateOnly day, int months) => day.AddDays(1).Day == 1 ? day.AddDays(1).AddMonths(months).AddDays(-1) : day.AddMonths(months);
}
