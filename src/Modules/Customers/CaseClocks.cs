using Plug1.Kernel.Organisation;

namespace Plug1.Customers;

/// <summary>What happens to a case that moves its clocks.</summary>
internal enum CaseEventKind
{
    /// <summary>The customer wrote or called.</summary>
    CustomerMessage,

    /// <summary>A machine confirmed the receipt; it stops no clock.</summary>
    AutomaticReply,

    /// <summary>A person replied.</summary>
    Reply,

    /// <summary>A stage began in which nobody here can work on it.</summary>
    PauseBegun,

    /// <summary>That stage ended.</summary>
    PauseEnded,

    /// <summary>It was resolved.</summary>
    Resolved,

    /// <summary>It was opened again.</summary>
    Reopened,

    /// <summary>It was cancelled: its clocks count no longer.</summary>
    Cancelled,
}

/// <summary>One event of a case.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When.</param>
internal readonly record struct CaseEvent(CaseEventKind Kind, DateTimeOffset At);

/// <summary>What a policy promises; a target that is missing is no promise.</summary>
/// <param name="FirstResponse">Until the first reply that a person wrote.</param>
/// <param name="NextResponse">From a customer's oldest unanswered message until the reply or the resolution.</param>
/// <param name="Resolution">Until it is resolved.</param>
internal sealed record CasePolicy(SlaTarget? FirstResponse, SlaTarget? NextResponse, SlaTarget? Resolution);

/// <summary>The three clocks of a case, made from its events.</summary>
/// <param name="FirstResponse">Null without a target.</param>
/// <param name="NextResponse">The clocks of the customer's messages after the receipt, oldest first; the last one may be running.</param>
/// <param name="Resolution">Null without a target.</param>
internal sealed record CaseClocks(SlaClock? FirstResponse, IReadOnlyList<SlaClock> NextResponse, SlaClock? Resolution)
{
    /// <summary>Makes the clocks of a case; a change of policy or priority makes them anew, with every pause kept.</summary>
    /// <remarks>All clocks skip pauses and the time from resolved to reopened. A reply stops the first response for good. A case that is
    /// resolved without a reply is answered by the resolution.</remarks>
    /// <param name="calendar">The working calendar of the branch.</param>
    /// <param name="policy">What is promised.</param>
    /// <param name="receivedAt">When the case was received: the customer's first message.</param>
    /// <param name="events">What happened since, in order of time.</param>
    public static CaseClocks Of(WorkingCalendar calendar, CasePolicy policy, DateTimeOffset receivedAt, IEnumerable<CaseEvent> events)
    {
        var first = policy.FirstResponse is { } toFirst ? new SlaClock(calendar, toFirst, receivedAt) : null;
        var resolution = policy.Resolution is { } toResolution ? new SlaClock(calendar, toResolution, receivedAt) : null;
        var (done, next, answered, waiting) = (new List<SlaClock>(), (SlaClock?)null, false, false);
        foreach (var (kind, at) in events)
        {
            if (kind == CaseEventKind.CustomerMessage && answered && next is null && policy.NextResponse is { } toNext)
            {
                next = new SlaClock(calendar, toNext, at);
                if (waiting) next = next.Pause(at);
            }

            if (kind == CaseEventKind.Cancelled)
                return new CaseClocks(Cancelled(first), [.. done, .. Some(Cancelled(next))], Cancelled(resolution));
            var replies = kind is CaseEventKind.Reply or CaseEventKind.Resolved;
            first = first is null ? null : replies && first.StoppedAt is null ? first.Stop(at) : first.StoppedAt is null ? Moved(first, kind, at) : first;
            next = next is null ? null : replies ? next.Stop(at) : Moved(next, kind, at);
            if (next?.StoppedAt is not null) (done, next) = ([.. done, next], null);
            resolution = resolution is null ? null : Moved(resolution, kind, at);
            answered |= replies;
            waiting = kind == CaseEventKind.PauseBegun || (waiting && kind is not (CaseEventKind.PauseEnded or CaseEventKind.Resolved));
        }

        return new CaseClocks(first, [.. done, .. Some(next)], resolution);
    }

    /// <summary>The share of promises that were kept: met ÷ (met + missed); running and past due counts as missed, cancelled not at all.</summary>
    /// <param name="states">How the clocks stand.</param>
    /// <returns>The share; null when none is met or missed yet.</returns>
    public static Ratio? MetShare(IEnumerable<SlaState> states)
    {
        var (met, missed) = (0, 0);
        foreach (var state in states)
        {
            if (state == SlaState.Met) met++;
            if (state == SlaState.Missed) missed++;
        }

        return met + missed == 0 ? null : new Ratio(met, met + missed);
    }

    private static SlaClock Moved(SlaClock clock, CaseEventKind kind, DateTimeOffset at) => kind switch
    {
        CaseEventKind.PauseBegun when clock.PausedAt is null && clock.StoppedAt is null => clock.Pause(at),
        CaseEventKind.PauseEnded when clock.PausedAt is not null => clock.Resume(at),
        CaseEventKind.Resolved when clock.StoppedAt is null => clock.Stop(at),
        CaseEventKind.Reopened when clock.StoppedAt is not null => clock.Reopen(at),
        _ => clock,
    };

    // A promise that was kept or broken before stays that.
    private static SlaClock? Cancelled(SlaClock? clock) => clock?.StoppedAt is null ? clock?.Cancel() : clock;

    private static IEnumerable<SlaClock> Some(SlaClock? clock) => clock is null ? [] : [clock];
}
