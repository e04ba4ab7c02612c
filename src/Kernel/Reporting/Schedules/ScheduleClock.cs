using System.Globalization;

namespace Plug1.Kernel.Reporting.Schedules;

/// <summary>When a report is due: every day, every week or every month at a time by the clock of a branch.</summary>
/// <remarks>A time that the clock leaves out in spring is taken at the first minute after; one that comes twice in autumn is taken the first time.</remarks>
/// <param name="Every">daily, weekly or monthly.</param>
/// <param name="OnDay">Of a week 1 for Monday to 7; of a month 1 to 31, its last day where it has fewer.</param>
/// <param name="Minute">Minutes after midnight.</param>
/// <param name="Zone">The clock.</param>
public sealed record ScheduleClock(string Every, int OnDay, int Minute, TimeZoneInfo Zone)
{
    /// <summary>The periods that a file can tell.</summary>
    public static readonly IReadOnlyList<string> Periods = ["yesterday", "last-week", "last-month", "month-to-date"];

    /// <summary>The first due time after an instant.</summary>
    public DateTimeOffset After(DateTimeOffset instant)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime).AddDays(-1);
        while (true)
        {
            day = NextDay(day);
            if (At(day) is var due && due > instant) return due;
            day = day.AddDays(1);
        }
    }

    /// <summary>The last due time up to an instant, that one included.</summary>
    public DateTimeOffset UpTo(DateTimeOffset instant)
    {
        // A step back that is longer than the longest pause, and then forward.
        var due = After(instant.AddDays(-40));
        while (After(due) is var next && next <= instant) due = next;
        return due;
    }

    /// <summary>The days that a file due at an instant tells.</summary>
    /// <remarks>By the branch's clock: <c>yesterday</c>; <c>last-week</c> from Monday to Sunday; <c>last-month</c> the whole of it;
    /// <c>month-to-date</c> from the first up to yesterday, on the first of a month the whole month before.</remarks>
    public (DateOnly From, DateOnly To) Days(string period, DateTimeOffset due)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(due, Zone).DateTime);
        var yesterday = today.AddDays(-1);
        var month = new DateOnly(today.Year, today.Month, 1);
        switch (period)
        {
            case "last-week":
                var monday = Buckets.Of("week", today).From;
                return (monday.AddDays(-7), monday.AddDays(-1));
            case "last-month": return (month.AddMonths(-1), month.AddDays(-1));
            case "month-to-date": return (new DateOnly(yesterday.Year, yesterday.Month, 1), yesterday);
            default: return (yesterday, yesterday);
        }
    }

    /// <summary>Reads <c>06:30</c> as minutes after midnight; null when it is no time.</summary>
    public static int? MinuteOf(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute : null;

    /// <summary>Minutes after midnight as <c>06:30</c>.</summary>
    public static string Text(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private DateOnly NextDay(DateOnly from) => Every switch
    {
        "weekly" => from.AddDays((OnDay - WeekdayOf(from) + 7) % 7),
        "monthly" => OfMonth(from) is var day && day >= from ? day : OfMonth(new DateOnly(from.Year, from.Month, 1).AddMonths(1)),
        _ => from,
    };

    private DateOnly OfMonth(DateOnly any) => new(any.Year, any.Month, Math.Min(OnDay, DateTime.DaysInMonth(any.Year, any.Month)));

    private static int WeekdayOf(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;

    private DateTimeOffset At(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue).AddMinutes(Minute);
        while (Zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
