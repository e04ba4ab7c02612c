using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Complaints;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests;

/// <summary>The figures about clocks and terms that the module's functions rely on.</summary>
public sealed class ClockTests
{
    private static readonly WorkingInterval[] Split = [new(new(9, 0), new(12, 30)), new(new(13, 30), new(18, 0))];
    private static readonly WorkingCalendar Office = Weekdays(Split);
    private static readonly CasePolicy Policy = new(new SlaTarget(SlaUnit.WorkingMinutes, 60), new SlaTarget(SlaUnit.WorkingMinutes, 120), new SlaTarget(SlaUnit.WorkingMinutes, 480));

    internal static WorkingCalendar Weekdays(WorkingInterval[] hours, params DateOnly[] holidays) => new(
        TimeZoneInfo.Utc,
        new[] { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday }.ToDictionary(day => day, _ => (IReadOnlyList<WorkingInterval>)hours),
        holidays.ToDictionary(day => day, _ => (IReadOnlyList<WorkingInterval>)[]));

    internal static DateTimeOffset At(string text) => DateTimeOffset.Parse(text + "Z");

    [Fact]
    public void Four_hours_from_friday_16_45_are_due_on_monday_11_45_and_with_an_hours_pause_at_13_45()
    {
        var clock = new SlaClock(Office, new SlaTarget(SlaUnit.WorkingMinutes, 240), At("2026-03-06 16:45"));
        clock.Read(At("2026-03-06 17:00")).Due.ShouldBe(At("2026-03-09 11:45"));
        clock.Pause(At("2026-03-09 09:30")).Resume(At("2026-03-09 10:30")).Read(At("2026-03-09 11:00")).Due.ShouldBe(At("2026-03-09 13:45"));
        Office.WorkingMinutesBetween(At("2026-03-06 16:45"), At("2026-03-07 00:00")).ShouldBe(75);
    }

    [Fact]
    public void A_month_from_the_31st_of_january_is_the_28th_of_february()
    {
        WorkingCalendar.AddMonths(Day("2026-01-31"), 1).ShouldBe(Day("2026-02-28"));
        Term.End(Day("2026-01-31"), Length.Months(1)).ShouldBe(Day("2026-02-28"));
        Term.End(Day("2026-01-31"), Length.Months(2)).ShouldBe(Day("2026-03-31"));
    }

    [Fact]
    public void A_term_ends_on_its_corresponding_day_or_the_day_before_or_on_the_last_of_a_month_without_it()
    {
        Term.End(Day("2026-03-15"), Length.Months(24)).ShouldBe(Day("2028-03-15"));
        Term.End(Day("2026-03-15"), Length.Months(24), EndRule.DayBefore).ShouldBe(Day("2028-03-14"));
        Term.End(Day("2026-01-31"), Length.Months(1), EndRule.DayBefore).ShouldBe(Day("2026-02-28"));
        Term.End(Day("2024-02-29"), new Length(1, PeriodUnit.Year), EndRule.DayBefore).ShouldBe(Day("2025-02-28"));
        Term.End(Day("2026-01-31"), Length.Days(1), EndRule.DayBefore).ShouldBe(Day("2026-01-31"));
        Term.End(Day("2026-03-01"), new Length(2, PeriodUnit.Week)).ShouldBe(Day("2026-03-15"));
        Term.End(Day("2026-03-01"), Length.Days(0), EndRule.DayBefore).ShouldBe(Day("2026-03-01"));
    }

    [Fact]
    public void A_complaint_of_30_april_before_a_bank_holiday_is_due_on_5_and_8_may_and_25_june()
    {
        var calendar = Weekdays([new(new(9, 0), new(17, 0))], Day("2026-05-04"));
        var received = At("2026-04-30 10:00");
        DateOnly DueOn(SlaTarget target) => calendar.DayOf(new SlaClock(calendar, target, received).Read(received).Due.AddTicks(-1));

        var house = ComplaintTargets.House(ComplaintPriority.P2);
        DueOn(house.Acknowledge).ShouldBe(Day("2026-05-05"));
        DueOn(house.Response).ShouldBe(Day("2026-05-08"));
        DueOn(ComplaintTargets.UkDisp.Acknowledge).ShouldBe(Day("2026-05-08"));
        DueOn(ComplaintTargets.UkDisp.Response).ShouldBe(Day("2026-06-25"));
        DueOn(ComplaintTargets.UkDisp.Summary!).ShouldBe(Day("2026-05-06"));
        new SlaClock(calendar, house.Acknowledge, received).Read(received).Due.ShouldBe(At("2026-05-05 17:00"));
    }

    [Fact]
    public void Ten_days_between_the_answer_and_the_reopening_are_not_counted()
    {
        var answered = CaseClocks.Of(Office, Policy, At("2026-03-02 09:00"), [new(CaseEventKind.Resolved, At("2026-03-02 12:00"))]);
        var again = CaseClocks.Of(Office, Policy, At("2026-03-02 09:00"),
        [
            new(CaseEventKind.Resolved, At("2026-03-02 12:00")),
            new(CaseEventKind.Reopened, At("2026-03-12 12:00")),
            new(CaseEventKind.Resolved, At("2026-03-12 14:00")),
        ]);

        answered.Resolution!.Read(At("2026-03-20 09:00")).UsedMinutes.ShouldBe(180);
        var read = again.Resolution!.Read(At("2026-03-20 09:00"));
        (read.UsedMinutes, read.VarianceMinutes, read.State).ShouldBe((180 + 60, 240, SlaState.Met));
    }

    [Fact]
    public void A_machines_reply_does_not_stop_the_first_response_and_a_persons_does()
    {
        var clocks = CaseClocks.Of(Office, Policy, At("2026-03-02 09:00"), [new(CaseEventKind.AutomaticReply, At("2026-03-02 09:01"))]);
        clocks.FirstResponse!.Read(At("2026-03-02 10:30")).State.ShouldBe(SlaState.Missed);

        clocks = CaseClocks.Of(Office, Policy, At("2026-03-02 09:00"), [new(CaseEventKind.Reply, At("2026-03-02 10:00")), new(CaseEventKind.Reopened, At("2026-03-02 11:00"))]);
        clocks.FirstResponse!.Read(At("2026-03-05 10:30")).ShouldBe(new SlaReading(At("2026-03-02 10:00"), 60, 60, SlaState.Met));
    }

    [Fact]
    public void The_next_response_runs_from_the_oldest_unanswered_message_to_the_reply_or_the_resolution()
    {
        var clocks = CaseClocks.Of(Office, Policy, At("2026-03-02 09:00"),
        [
            new(CaseEventKind.CustomerMessage, At("2026-03-02 09:10")),
            new(CaseEventKind.Reply, At("2026-03-02 09:30")),
            new(CaseEventKind.CustomerMessage, At("2026-03-02 10:00")),
            new(CaseEventKind.CustomerMessage, At("2026-03-02 11:00")),
            new(CaseEventKind.Reply, At("2026-03-02 11:30")),
            new(CaseEventKind.CustomerMessage, At("2026-03-02 13:30")),
            new(CaseEventKind.Resolved, At("2026-03-02 16:00")),
            new(CaseEventKind.CustomerMessage, At("2026-03-02 17:00")),
        ]);

        clocks.NextResponse.Select(clock => clock.Read(At("2026-03-02 17:30")))
            .Select(read => (read.UsedMinutes, read.State))
            .ShouldBe([(90, SlaState.Met), (150, SlaState.Missed), (30, SlaState.Running)]);
    }

    [Fact]
    public void All_clocks_skip_a_pause_and_a_change_of_policy_keeps_it()
    {
        CaseEvent[] events =
        [
            new(CaseEventKind.PauseBegun, At("2026-03-02 09:30")),
            new(CaseEventKind.PauseEnded, At("2026-03-02 11:30")),
        ];
        var clocks = CaseClocks.Of(Office, Policy, At("2026-03-02 09:00"), events);
        clocks.FirstResponse!.Read(At("2026-03-02 11:30")).Due.ShouldBe(At("2026-03-02 12:00"));

        var urgent = CaseClocks.Of(Office, Policy with { Resolution = new SlaTarget(SlaUnit.WorkingMinutes, 120) }, At("2026-03-02 09:00"), events);
        urgent.Resolution!.Read(At("2026-03-02 11:30")).Due.ShouldBe(At("2026-03-02 14:00"));
    }

    [Fact]
    public void A_cancelled_case_counts_neither_way_but_a_promise_kept_before_stays_kept()
    {
        var clocks = CaseClocks.Of(Office, Policy, At("2026-03-02 09:00"), [new(CaseEventKind.Reply, At("2026-03-02 09:30")), new(CaseEventKind.Cancelled, At("2026-03-02 10:00"))]);
        var states = new[] { clocks.FirstResponse!, clocks.Resolution! }.Select(clock => clock.Read(At("2026-03-20 09:00")).State).ToList();
        states.ShouldBe([SlaState.Met, SlaState.Cancelled]);
        CaseClocks.MetShare(states).ShouldBe(Ratio.One);
        CaseClocks.MetShare([SlaState.Met, SlaState.Met, SlaState.Met, SlaState.Missed, SlaState.Running]).ShouldBe(new Ratio(3, 4));
        CaseClocks.MetShare([SlaState.Running, SlaState.Cancelled]).ShouldBeNull();
    }

    [Fact]
    public void A_pause_of_whatever_length_leaves_the_minutes_in_hand_as_they_were() =>
        Prop.ForAll(Gen.Choose(0, 200).SelectMany(from => Gen.Choose(0, 5_000).Select(length => (from, length))).ToArbitrary(), pause =>
        {
            var received = At("2026-03-02 09:00");
            var (from, to) = (received.AddMinutes(pause.from), received.AddMinutes(pause.from + pause.length));
            var plain = CaseClocks.Of(Office, Policy, received, []).Resolution!.Read(from);
            var paused = CaseClocks.Of(Office, Policy, received, [new(CaseEventKind.PauseBegun, from), new(CaseEventKind.PauseEnded, to)]).Resolution!.Read(to);
            return paused.VarianceMinutes == plain.VarianceMinutes && paused.Due >= plain.Due;
        }).QuickCheckThrowOnFailure();
}
