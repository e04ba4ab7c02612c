using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Organisation;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Organisation;

public class WorkingCalendarTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly WorkingInterval[] Split = [new(new(9, 0), new(12, 30)), new(new(13, 30), new(18, 0))];
    private static readonly WorkingInterval[] AllDay = [new(TimeOnly.MinValue, TimeOnly.MinValue)];
    private static readonly WorkingCalendar Office = Weekdays(Split);

    private static WorkingCalendar Weekdays(WorkingInterval[] hours, params (DateOnly Day, WorkingInterval[] Hours)[] exceptions) => new(
        Berlin,
        new[] { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday }
            .ToDictionary(day => day, _ => (IReadOnlyList<WorkingInterval>)hours),
        exceptions.ToDictionary(pair => pair.Day, pair => (IReadOnlyList<WorkingInterval>)pair.Hours));

    private static DateTimeOffset At(int month, int day, int hour, int minute = 0, int second = 0)
    {
        var local = new DateTime(2026, month, day, hour, minute, second);
        return new DateTimeOffset(local, Berlin.GetUtcOffset(local));
    }

    [Fact]
    public void Four_working_hours_from_friday_afternoon_end_on_monday_before_noon() =>
        Office.AddWorkingMinutes(At(3, 6, 16, 45), 240).ShouldBe(At(3, 9, 11, 45));

    [Fact]
    public void A_pause_moves_the_end_over_the_lunch_break() =>
        Office.AddWorkingMinutes(At(3, 6, 16, 45), 240, [new Pause(At(3, 9, 9, 30), At(3, 9, 10, 30))]).ShouldBe(At(3, 9, 13, 45));

    [Fact]
    public void No_minutes_are_the_start_itself_even_on_a_closed_day_and_the_end_is_the_earliest_instant()
    {
        Office.AddWorkingMinutes(At(3, 7, 3), 0).ShouldBe(At(3, 7, 3));
        Office.AddWorkingMinutes(At(3, 6, 17), 60).ShouldBe(At(3, 6, 18));
    }

    [Fact]
    public void Minutes_between_skip_breaks_nights_weekends_and_pauses_and_floor_seconds_once()
    {
        Office.WorkingMinutesBetween(At(3, 6, 16, 45), At(3, 9, 11, 45)).ShouldBe(240);
        Office.WorkingMinutesBetween(At(3, 6, 9, 0, 40), At(3, 6, 9, 2, 20)).ShouldBe(1);
        Office.WorkingMinutesBetween(At(3, 6, 9), At(3, 6, 18), [new Pause(At(3, 6, 10), At(3, 6, 12)), new Pause(At(3, 6, 11), At(3, 6, 14))]).ShouldBe(60 + 240);
        Office.WorkingMinutesBetween(At(3, 9, 9), At(3, 6, 9)).ShouldBe(0);
    }

    [Fact]
    public void A_day_of_clock_change_counts_what_truly_passed()
    {
        var always = new WorkingCalendar(Berlin, Enum.GetValues<DayOfWeek>().ToDictionary(day => day, _ => (IReadOnlyList<WorkingInterval>)AllDay));
        always.WorkingMinutesBetween(At(3, 29, 0), At(3, 30, 0)).ShouldBe(23 * 60);
        always.WorkingMinutesBetween(At(10, 25, 0), At(10, 26, 0)).ShouldBe(25 * 60);
        always.AddWorkingMinutes(At(3, 29, 0), 23 * 60).ShouldBe(At(3, 30, 0));
    }

    [Fact]
    public void An_interval_that_begins_in_the_skipped_hour_begins_when_the_clock_changes()
    {
        var night = new WorkingCalendar(Berlin, new Dictionary<DayOfWeek, IReadOnlyList<WorkingInterval>>
        {
            [DayOfWeek.Sunday] = [new WorkingInterval(new(2, 30), new(5, 0))],
        });
        night.WorkingMinutesBetween(At(3, 29, 0), At(3, 30, 0)).ShouldBe(120);       // 03:00 to 05:00
        night.WorkingMinutesBetween(At(10, 25, 0), At(10, 26, 0)).ShouldBe(210);     // 02:30 comes twice, from the first on
    }

    [Fact]
    public void An_interval_that_ends_in_the_hour_that_comes_twice_ends_the_second_time()
    {
        var night = new WorkingCalendar(Berlin, new Dictionary<DayOfWeek, IReadOnlyList<WorkingInterval>>
        {
            [DayOfWeek.Sunday] = [new WorkingInterval(new(1, 0), new(2, 30))],
        });
        night.WorkingMinutesBetween(At(10, 25, 0), At(10, 26, 0)).ShouldBe(150);
        night.EndOf(new(2026, 10, 25)).Offset.ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Holidays_close_and_overtime_opens()
    {
        var calendar = Weekdays(Split, (new(2026, 4, 3), []), (new(2026, 4, 4), [new(new(10, 0), new(12, 0))]));
        calendar.AddWorkingMinutes(At(4, 2, 17, 30), 60).ShouldBe(At(4, 4, 10, 30));
        calendar.AddBusinessDays(new(2026, 4, 2), 1).ShouldBe(new DateOnly(2026, 4, 4));
        calendar.EndOf(new(2026, 4, 4)).ShouldBe(At(4, 4, 12));
    }

    [Fact]
    public void Business_days_are_counted_strictly_after_the_day_forward_and_back()
    {
        Office.AddBusinessDays(new(2026, 3, 6), 1).ShouldBe(new DateOnly(2026, 3, 9));
        Office.AddBusinessDays(new(2026, 3, 7), 5).ShouldBe(new DateOnly(2026, 3, 13));
        Office.AddBusinessDays(new(2026, 3, 9), -1).ShouldBe(new DateOnly(2026, 3, 6));
    }

    [Fact]
    public void A_date_on_a_closed_day_is_moved_by_its_rule()
    {
        var sunday = new DateOnly(2026, 5, 31);
        Office.Adjust(sunday, BusinessDayRule.Following).ShouldBe(new DateOnly(2026, 6, 1));
        Office.Adjust(sunday, BusinessDayRule.ModifiedFollowing).ShouldBe(new DateOnly(2026, 5, 29));
        Office.Adjust(sunday, BusinessDayRule.Preceding).ShouldBe(new DateOnly(2026, 5, 29));
        Office.Adjust(new(2026, 5, 29), BusinessDayRule.Following).ShouldBe(new DateOnly(2026, 5, 29));
    }

    [Fact]
    public void Months_keep_the_month_end_when_counted_from_the_first_date()
    {
        var first = new DateOnly(2026, 1, 31);
        WorkingCalendar.AddMonths(first, 1).ShouldBe(new DateOnly(2026, 2, 28));
        WorkingCalendar.AddMonths(first, 2).ShouldBe(new DateOnly(2026, 3, 31));
        WorkingCalendar.AddMonths(new(2026, 3, 15), 24).ShouldBe(new DateOnly(2028, 3, 15));
    }

    [Fact]
    public void What_was_added_is_what_lies_between() =>
        Prop.ForAll(Gen.Choose(0, 20_000).ToArbitrary(), Gen.Choose(0, 500_000).ToArbitrary(), (minutes, offset) =>
        {
            var start = At(1, 1, 0).AddMinutes(offset);
            Pause[] pauses = [new(start.AddHours(3), start.AddHours(9)), new(start.AddHours(50), start.AddHours(53))];
            return Office.WorkingMinutesBetween(start, Office.AddWorkingMinutes(start, minutes, pauses), pauses) == minutes;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_calendar_that_never_opens_or_overlaps_is_an_error()
    {
        var closed = new WorkingCalendar(Berlin, new Dictionary<DayOfWeek, IReadOnlyList<WorkingInterval>>());
        Should.Throw<InvalidOperationException>(() => closed.AddWorkingMinutes(At(3, 6, 9), 1));
        Should.Throw<InvalidOperationException>(() => closed.AddBusinessDays(new(2026, 3, 6), 1));
        Should.Throw<ArgumentException>(() => Weekdays([new(new(9, 0), new(12, 0)), new(new(11, 0), new(13, 0))]));
        Should.Throw<ArgumentException>(() => Weekdays([new(new(9, 0), new(8, 0))]));
    }

    // The clock of promises, on the same calendar.
    private static SlaClock Clock(int minutes) => new(Office, new SlaTarget(SlaUnit.WorkingMinutes, minutes), At(3, 6, 16, 45));

    [Fact]
    public void A_clock_is_met_when_it_stops_not_later_than_due()
    {
        var clock = Clock(240);
        clock.Stop(At(3, 9, 11, 45)).Read(At(4, 1, 0)).ShouldBe(new SlaReading(At(3, 9, 11, 45), 240, 240, SlaState.Met));
        var late = clock.Stop(At(3, 9, 11, 45).AddTicks(1)).Read(At(4, 1, 0));
        late.State.ShouldBe(SlaState.Missed);
        clock.Stop(At(3, 9, 14)).Read(At(4, 1, 0)).VarianceMinutes.ShouldBe(-75);
    }

    [Fact]
    public void A_running_clock_past_due_counts_as_missed_and_a_cancelled_one_not_at_all()
    {
        Clock(240).Read(At(3, 9, 9)).State.ShouldBe(SlaState.Running);
        Clock(240).Read(At(3, 9, 12)).State.ShouldBe(SlaState.Missed);
        Clock(240).Cancel().Read(At(3, 9, 12)).State.ShouldBe(SlaState.Cancelled);
    }

    [Fact]
    public void A_pause_moves_the_due_instant_and_while_it_lasts_nothing_is_used()
    {
        var paused = Clock(240).Pause(At(3, 9, 9, 30));
        var reading = paused.Read(At(3, 9, 10, 30));
        reading.ShouldBe(new SlaReading(At(3, 9, 13, 45), 240, 105, SlaState.Paused));
        paused.Resume(At(3, 9, 10, 30)).Read(At(3, 9, 10, 30)).Due.ShouldBe(At(3, 9, 13, 45));
    }

    [Fact]
    public void The_days_between_answer_and_reopening_are_not_counted()
    {
        var clock = Clock(600).Stop(At(3, 9, 10)).Reopen(At(3, 19, 10)).Stop(At(3, 19, 11));
        var reading = clock.Read(At(4, 1, 0));
        reading.UsedMinutes.ShouldBe(75 + 60 + 60);
        reading.State.ShouldBe(SlaState.Met);
    }

    [Fact]
    public void Turnaround_less_the_wait_for_the_customer_is_four_hundred_and_twenty_minutes()
    {
        var shop = Weekdays([new(new(9, 0), new(17, 0))]);
        var clock = new SlaClock(shop, new SlaTarget(SlaUnit.BusinessDays, 3), At(3, 9, 9)).Pause(At(3, 9, 12)).Resume(At(3, 11, 12)).Stop(At(3, 11, 16));
        clock.Read(At(4, 1, 0)).UsedMinutes.ShouldBe(420);
    }

    [Fact]
    public void Business_days_are_due_at_the_end_of_the_last_interval_and_pauses_add_to_them()
    {
        var clock = new SlaClock(Office, new SlaTarget(SlaUnit.BusinessDays, 2), At(3, 6, 16, 45));
        clock.Read(At(3, 6, 17)).Due.ShouldBe(At(3, 10, 18));
        clock.Pause(At(3, 9, 9)).Resume(At(3, 9, 10)).Read(At(3, 9, 10)).Due.ShouldBe(At(3, 11, 10));
    }

    [Fact]
    public void Calendar_days_count_closed_days_too()
    {
        var clock = new SlaClock(Office, new SlaTarget(SlaUnit.CalendarDays, 2), At(3, 6, 16, 45));
        clock.Read(At(3, 6, 17)).Due.ShouldBe(At(3, 9, 0));
        clock.Pause(At(3, 7, 0)).Resume(At(3, 8, 0)).Read(At(3, 8, 0)).Due.ShouldBe(At(3, 10, 0));
        clock.Stop(At(3, 7, 16, 45)).Read(At(4, 1, 0)).UsedMinutes.ShouldBe(1440);
    }

    [Fact]
    public void Another_priority_counts_anew_from_the_start_with_every_pause_kept()
    {
        var clock = Clock(600).Pause(At(3, 9, 9, 30)).Resume(At(3, 9, 10, 30)).Under(Office, new SlaTarget(SlaUnit.WorkingMinutes, 240));
        clock.Read(At(3, 9, 11)).Due.ShouldBe(At(3, 9, 13, 45));
    }

    [Fact]
    public void Moves_out_of_order_are_errors()
    {
        Should.Throw<InvalidOperationException>(() => Clock(10).Resume(At(3, 9, 9)));
        Should.Throw<InvalidOperationException>(() => Clock(10).Pause(At(3, 9, 9)).Pause(At(3, 9, 10)));
        Should.Throw<InvalidOperationException>(() => Clock(10).Stop(At(3, 9, 9)).Stop(At(3, 9, 10)));
        Should.Throw<InvalidOperationException>(() => Clock(10).Reopen(At(3, 9, 9)));
        Should.Throw<InvalidOperationException>(() => Clock(10).Stop(At(3, 5, 9)));
    }
}
