namespace Plug1.Kernel.Organisation;

/// <summary>Opening hours within one day, on the clock of the place.</summary>
/// <param name="From">When work begins.</param>
/// <param name="To">When it ends; midnight (00:00) means the end of the day.</param>
public readonly record struct WorkingInterval(TimeOnly From, TimeOnly To);

/// <summary>A stretch of time that does not count.</summary>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends.</param>
public readonly record struct Pause(DateTimeOffset From, DateTimeOffset To);

/// <summary>Where a date goes that falls on a closed day.</summary>
public enum BusinessDayRule
{
    /// <summary>To the next day that is open.</summary>
    Following,

    /// <summary>To the next day that is open, unless that is in the next month; then to the one before.</summary>
    ModifiedFollowing,

    /// <summary>To the day before that is open.</summary>
    Preceding,
}

/// <summary>When a branch or a resource works: a time zone, intervals a weekday, and dated exceptions for holidays and overtime.</summary>
/// <remarks>
/// Minutes are counted in time that really passes: an interval over a change of clock is an hour shorter or longer.
/// Source: Regulation (EEC, Euratom) 1182/71, article 3, for months and days; ISDA 2006 definitions, section 4.12, for adjustment.
/// </remarks>
public sealed class WorkingCalendar
{
    private const int LongestSearchDays = 3_660;
    private readonly TimeZoneInfo zone;
    private readonly Dictionary<DayOfWeek, IReadOnlyList<WorkingInterval>> week;
    private readonly Dictionary<DateOnly, IReadOnlyList<WorkingInterval>> exceptions;

    /// <summary>Sets up a calendar.</summary>
    /// <param name="zone">The time zone of the place.</param>
    /// <param name="week">Intervals by weekday, in order and apart from each other; a day that is missing is closed.</param>
    /// <param name="exceptions">Intervals of particular days in place of those of their weekday; none for a holiday.</param>
    /// <exception cref="ArgumentException">Intervals of a day overlap, are out of order or end before they begin.</exception>
    public WorkingCalendar(
        TimeZoneInfo zone,
        IReadOnlyDictionary<DayOfWeek, IReadOnlyList<WorkingInterval>> week,
        IReadOnlyDictionary<DateOnly, IReadOnlyList<WorkingInterval>>? exceptions = null)
    {
        this.zone = zone;
        this.week = new(week);
        this.exceptions = exceptions is null ? [] : new(exceptions);
        foreach (var intervals in this.week.Values.Concat(this.exceptions.Values))
        {
            long end = 0;
            foreach (var interval in intervals)
            {
                if (interval.From.Ticks < end || EndTicks(interval) <= interval.From.Ticks)
                    throw new ArgumentException($"The interval {interval.From} to {interval.To} overlaps another or ends before it begins.", nameof(week));
                end = EndTicks(interval);
            }
        }
    }

    /// <summary>The intervals of a day; none when it is closed.</summary>
    public IReadOnlyList<WorkingInterval> IntervalsOn(DateOnly day) =>
        exceptions.TryGetValue(day, out var own) ? own : week.TryGetValue(day.DayOfWeek, out var usual) ? usual : [];

    /// <summary>Whether there is any work on a day.</summary>
    public bool IsBusinessDay(DateOnly day) => IntervalsOn(day).Count > 0;

    /// <summary>The day that an instant falls on at this place.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The earliest instant, not before the start, by which so many working minutes have passed outside pauses.</summary>
    /// <remarks>Worked: Mon–Fri 09:00–12:30 and 13:30–18:00, from Friday 16:45, 240 minutes: 75 on Friday, 165 on Monday, so Monday 11:45.</remarks>
    /// <param name="start">From when on; zero minutes give it back.</param>
    /// <param name="minutes">Working minutes; not negative.</param>
    /// <param name="pauses">What does not count, in any order; they may overlap.</param>
    /// <returns>The instant, on the clock of the place.</returns>
    /// <exception cref="InvalidOperationException">The calendar does not hold so many minutes within ten years.</exception>
    public DateTimeOffset AddWorkingMinutes(DateTimeOffset start, int minutes, IReadOnlyList<Pause>? pauses = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minutes);
        var left = TimeSpan.FromMinutes(minutes);
        if (left == TimeSpan.Zero) return TimeZoneInfo.ConvertTime(start, zone);
        foreach (var (from, to) in Working(start, DateTimeOffset.MaxValue, pauses ?? []))
        {
            if (to - from >= left) return TimeZoneInfo.ConvertTime(from + left, zone);
            left -= to - from;
        }

        throw new InvalidOperationException("The working calendar has not enough open hours in ten years.");
    }

    /// <summary>The working minutes between two instants outside pauses, seconds floored once at the end; zero when the second is not later.</summary>
    public int WorkingMinutesBetween(DateTimeOffset from, DateTimeOffset to, IReadOnlyList<Pause>? pauses = null)
    {
        var sum = TimeSpan.Zero;
        foreach (var part in Working(from, to, pauses ?? [])) sum += part.To - part.From;
        return checked((int)(sum.Ticks / TimeSpan.TicksPerMinute));
    }

    /// <summary>The n-th open day after a day; before it when n is negative. Zero gives the day itself.</summary>
    /// <exception cref="InvalidOperationException">There are not so many open days within ten years.</exception>
    public DateOnly AddBusinessDays(DateOnly day, int count)
    {
        var step = Math.Sign(count);
        for (var (left, gone) = (Math.Abs(count), 0); left > 0; gone++)
        {
            if (gone > LongestSearchDays) throw new InvalidOperationException("The working calendar has not enough open days in ten years.");
            day = day.AddDays(step);
            if (IsBusinessDay(day)) left--;
        }

        return day;
    }

    /// <summary>The instant when the last interval of an open day ends; the end of the day when it is closed.</summary>
    public DateTimeOffset EndOf(DateOnly day)
    {
        var intervals = IntervalsOn(day);
        return TimeZoneInfo.ConvertTime(Instant(day, intervals.Count == 0 ? TimeSpan.TicksPerDay : EndTicks(intervals[^1]), late: true), zone);
    }

    /// <summary>The instant when a day ends at this place, open or not.</summary>
    public DateTimeOffset EndOfDay(DateOnly day) => TimeZoneInfo.ConvertTime(Instant(day, TimeSpan.TicksPerDay, late: true), zone);

    /// <summary>Moves a date that falls on a closed day.</summary>
    public DateOnly Adjust(DateOnly day, BusinessDayRule rule)
    {
        if (IsBusinessDay(day)) return day;
        if (rule == BusinessDayRule.Preceding) return AddBusinessDays(day, -1);
        var next = AddBusinessDays(day, 1);
        return rule == BusinessDayRule.ModifiedFollowing && next.Month != day.Month ? AddBusinessDays(day, -1) : next;
    }

    /// <summary>The same day some months on, or the last day of a month that has no such day: 31 January and one month is 28 February.</summary>
    /// <remarks>Always counted from the first date, never from the one before, so that a month-end stays a month-end.</remarks>
    public static DateOnly AddMonths(DateOnly first, int months) => first.AddMonths(months);

    // The stretches of work outside pauses, in order.
    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Working(DateTimeOffset start, DateTimeOffset end, IReadOnlyList<Pause> pauses)
    {
        var ordered = pauses.OrderBy(pause => pause.From).ToList();
        var day = DayOf(start);
        for (var gone = 0; gone <= LongestSearchDays; gone++, day = day.AddDays(1))
        {
            foreach (var interval in IntervalsOn(day))
            {
                var from = Instant(day, interval.From.Ticks, late: false);
                var to = Instant(day, EndTicks(interval), late: true);
                if (from >= end) yield break;
                if (from < start) from = start;
                if (to > end) to = end;
                foreach (var pause in ordered)
                {
                    if (pause.To <= from) continue;
                    if (pause.From >= to) break;
                    if (pause.From > from) yield return (from, pause.From);
                    from = pause.To;
                }

                if (to > from) yield return (from, to);
            }
        }
    }

    // A time that the clock skips is the instant of the change; of a time that comes twice an interval takes all it can.
    private DateTimeOffset Instant(DateOnly day, long ticks, bool late)
    {
        var local = day.ToDateTime(TimeOnly.MinValue).AddTicks(ticks);
        if (zone.IsInvalidTime(local))
        {
            // Gaps begin on a whole minute: the first one that is skipped is, on the clock before, the instant of the change.
            local = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));
            while (zone.IsInvalidTime(local.AddMinutes(-1))) local = local.AddMinutes(-1);
            return new DateTimeOffset(local, zone.GetUtcOffset(local.AddMinutes(-1))).ToUniversalTime();
        }

        if (!zone.IsAmbiguousTime(local)) return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        return new DateTimeOffset(local, late ? offsets.Min() : offsets.Max()).ToUniversalTime();
    }

    private static long EndTicks(WorkingInterval interval) => interval.To == TimeOnly.MinValue ? TimeSpan.TicksPerDay : interval.To.Ticks;
}
