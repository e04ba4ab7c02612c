using System.Collections.Immutable;

namespace Plug1.Kernel.Organisation;

/// <summary>What a target is counted in.</summary>
public enum SlaUnit
{
    /// <summary>Minutes of the working calendar.</summary>
    WorkingMinutes,

    /// <summary>Open days; due at the end of the last interval of the n-th open day after the start.</summary>
    BusinessDays,

    /// <summary>Days of the calendar, closed ones too; due at the end of the n-th day after the start.</summary>
    CalendarDays,
}

/// <summary>How long something may take.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Amount">How many; more than zero.</param>
public sealed record SlaTarget(SlaUnit Unit, int Amount);

/// <summary>How a clock stands.</summary>
public enum SlaState
{
    /// <summary>Running and in time.</summary>
    Running,

    /// <summary>Paused and in time.</summary>
    Paused,

    /// <summary>Stopped not later than due.</summary>
    Met,

    /// <summary>Stopped later than due, or past due and not stopped.</summary>
    Missed,

    /// <summary>Cancelled; counts neither as met nor as missed.</summary>
    Cancelled,
}

/// <summary>A clock read at some instant.</summary>
/// <param name="Due">When it is due; while paused, when it would be due if work went on now.</param>
/// <param name="TargetMinutes">The target in minutes of its clock: working minutes, or elapsed ones for calendar days.</param>
/// <param name="UsedMinutes">The minutes used so far, pauses left out, seconds floored.</param>
/// <param name="State">How it stands.</param>
public sealed record SlaReading(DateTimeOffset Due, int TargetMinutes, int UsedMinutes, SlaState State)
{
    /// <summary>Minutes in hand, target less used; negative when missed.</summary>
    public int VarianceMinutes => TargetMinutes - UsedMinutes;
}

/// <summary>The clock of a promise: it starts, pauses, goes on, stops, and goes on again when the case is reopened.</summary>
/// <remarks>
/// A value: every move gives a new clock. A change of target or calendar counts anew from the start with every pause kept.
/// The time from a stop to the reopening is a pause.
/// </remarks>
public sealed record SlaClock
{
    private ImmutableList<Pause> Pauses { get; init; } = [];

    /// <summary>Starts a clock.</summary>
    /// <param name="calendar">The working calendar that it runs on.</param>
    /// <param name="target">How long it may take.</param>
    /// <param name="startedAt">From when it counts.</param>
    public SlaClock(WorkingCalendar calendar, SlaTarget target, DateTimeOffset startedAt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Amount, 1);
        Calendar = calendar;
        Target = target;
        StartedAt = startedAt;
    }

    /// <summary>The working calendar that it runs on.</summary>
    public WorkingCalendar Calendar { get; private init; }

    /// <summary>How long it may take.</summary>
    public SlaTarget Target { get; private init; }

    /// <summary>From when it counts.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Since when it is paused; null when it is not.</summary>
    public DateTimeOffset? PausedAt { get; private init; }

    /// <summary>When it was stopped; null when it was not.</summary>
    public DateTimeOffset? StoppedAt { get; private init; }

    /// <summary>Whether it was cancelled.</summary>
    public bool IsCancelled { get; private init; }

    /// <summary>Pauses it.</summary>
    /// <exception cref="InvalidOperationException">It is paused, stopped or cancelled already.</exception>
    public SlaClock Pause(DateTimeOffset at) => PausedAt is null ? Moving(at) with { PausedAt = at } : throw Wrong("paused", "paused");

    /// <summary>Lets it go on.</summary>
    /// <exception cref="InvalidOperationException">It is not paused.</exception>
    public SlaClock Resume(DateTimeOffset at) => PausedAt is { } from && at >= from
        ? Moving(at) with { PausedAt = null, Pauses = Pauses.Add(new Pause(from, at)) }
        : throw Wrong("resumed", "not paused then");

    /// <summary>Stops it; a pause ends with it.</summary>
    /// <exception cref="InvalidOperationException">It is stopped or cancelled already.</exception>
    public SlaClock Stop(DateTimeOffset at) => (PausedAt is null ? Moving(at) : Resume(at)) with { StoppedAt = at };

    /// <summary>Lets a stopped clock go on; the time since the stop does not count.</summary>
    /// <exception cref="InvalidOperationException">It is not stopped.</exception>
    public SlaClock Reopen(DateTimeOffset at) => StoppedAt is { } from && at >= from && !IsCancelled
        ? this with { StoppedAt = null, Pauses = Pauses.Add(new Pause(from, at)) }
        : throw Wrong("reopened", "not stopped then");

    /// <summary>Cancels it: it counts no longer.</summary>
    public SlaClock Cancel() => this with { IsCancelled = true };

    /// <summary>The same clock under another promise, counted anew from the start with every pause kept.</summary>
    public SlaClock Under(WorkingCalendar calendar, SlaTarget target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Amount, 1);
        return this with { Calendar = calendar, Target = target };
    }

    /// <summary>Reads it.</summary>
    /// <param name="now">The present; a stopped clock reads the same ever after.</param>
    public SlaReading Read(DateTimeOffset now)
    {
        var end = StoppedAt ?? now;
        IReadOnlyList<Pause> pauses = PausedAt is { } since && since < end ? Pauses.Add(new Pause(since, end)) : Pauses;
        var (due, target, used) = Target.Unit == SlaUnit.CalendarDays ? Elapsed(end, pauses) : Worked(end, pauses);
        var state = IsCancelled ? SlaState.Cancelled
            : StoppedAt is not null ? (end <= due ? SlaState.Met : SlaState.Missed)
            : end > due ? SlaState.Missed
            : PausedAt is null ? SlaState.Running : SlaState.Paused;
        return new SlaReading(due, target, used, state);
    }

    private (DateTimeOffset Due, int Target, int Used) Worked(DateTimeOffset end, IReadOnlyList<Pause> pauses)
    {
        var used = Calendar.WorkingMinutesBetween(StartedAt, end, pauses);
        if (Target.Unit == SlaUnit.WorkingMinutes) return (Calendar.AddWorkingMinutes(StartedAt, Target.Amount, pauses), Target.Amount, used);
        var day = Calendar.AddBusinessDays(Calendar.DayOf(StartedAt), Target.Amount);
        var minutes = Calendar.WorkingMinutesBetween(StartedAt, Calendar.EndOf(day));
        // Without pauses the day decides, to the second; with them the working time that they took is added.
        return (pauses.Count == 0 ? Calendar.EndOf(day) : Calendar.AddWorkingMinutes(StartedAt, minutes, pauses), minutes, used);
    }

    private (DateTimeOffset Due, int Target, int Used) Elapsed(DateTimeOffset end, IReadOnlyList<Pause> pauses)
    {
        var first = Calendar.EndOfDay(Calendar.DayOf(StartedAt).AddDays(Target.Amount));
        var (due, used) = (first, end - StartedAt);
        foreach (var pause in Merged(pauses))
        {
            if (pause.From < due) due += pause.To - pause.From;
            if (pause.From < end) used -= (pause.To < end ? pause.To : end) - pause.From;
        }

        return (due, Minutes(first - StartedAt), Math.Max(0, Minutes(used)));
    }

    private static IEnumerable<Pause> Merged(IEnumerable<Pause> pauses)
    {
        Pause? open = null;
        foreach (var pause in pauses.OrderBy(pause => pause.From))
        {
            if (open is { } before && pause.From <= before.To) open = before with { To = pause.To > before.To ? pause.To : before.To };
            else
            {
                if (open is { } done) yield return done;
                open = pause;
            }
        }

        if (open is { } last) yield return last;
    }

    private SlaClock Moving(DateTimeOffset at) => StoppedAt is null && !IsCancelled && at >= StartedAt ? this : throw Wrong("moved", "stopped, cancelled or not yet started");

    private static int Minutes(TimeSpan span) => checked((int)(span.Ticks / TimeSpan.TicksPerMinute));

    private static InvalidOperationException Wrong(string verb, string state) => new($"The clock cannot be {verb}: it is {state}.");
}
