using Plug1.Kernel.Analytics;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Analytics;

public class TrendTests
{
    private static readonly DateTime Monday = new(2026, 1, 5);

    private static List<TrendPoint> Days(int count, Func<int, double> value) =>
        [.. Enumerable.Range(0, count).Select(day => new TrendPoint(Monday.AddDays(day), value(day)))];

    [Fact]
    public void A_moving_average_begins_when_it_has_enough_values()
    {
        Trend.MovingAverage([1, 2, 3, 4, 10], 3).ShouldBe([null, null, 2, 3, 17.0 / 3]);
        Should.Throw<ArgumentOutOfRangeException>(() => Trend.MovingAverage([1], 0));
    }

    [Fact]
    public void A_moving_average_does_not_carry_rounding_on()
    {
        // The NIST NumAcc3 series: values that differ in the eighth digit only. Their mean is certified as 1,000,000.2.
        var values = Enumerable.Range(0, 1001).Select(n => n == 0 ? 1_000_000.2 : n % 2 == 1 ? 1_000_000.1 : 1_000_000.3).ToList();
        Trend.MovingAverage(values, 1001)[^1]!.Value.ShouldBe(1_000_000.2, 1e-8);
        Trend.MovingAverage([1e16, 1, 2, 3], 3)[^1].ShouldBe(2);
    }

    [Fact]
    public void Weekdays_show_their_index_over_a_rising_level()
    {
        double[] index = [0.8, 0.9, 1.0, 1.0, 1.1, 1.4, 0.8];
        var found = Trend.ByWeekday(Days(140, day => (100 + (day * 0.5)) * index[day % 7]));
        found.Select(place => place.Place).ShouldBe([0, 1, 2, 3, 4, 5, 6]);
        for (var day = 0; day < 7; day++) found[day].Index.ShouldBe(index[day], 0.02);
        found.Sum(place => place.Count).ShouldBe(134);   // three days at either end have no whole week around them
    }

    [Fact]
    public void Months_show_their_index()
    {
        var months = Enumerable.Range(0, 48).Select(m => new TrendPoint(new DateTime(2022, 1, 1).AddMonths(m), m % 12 == 11 ? 200 : 100)).ToList();
        var found = Trend.ByMonth(months);
        (found[11].Index / found[0].Index).ShouldBe(2, 1e-9);
    }

    [Fact]
    public void A_period_is_compared_in_amount_and_in_share()
    {
        Trend.Compare([60, 60], [100]).ShouldBe(new PeriodDelta(120, 100, 20, 0.2));
        Trend.Compare([5], [-10]).Share.ShouldBe(1.5);
        Trend.Compare([5], []).Share.ShouldBeNull();
    }

    [Fact]
    public void A_quiet_saturday_is_found_though_it_is_louder_than_a_monday()
    {
        var noise = new Random(3);
        var days = Days(120, day => (day % 7 == 5 ? 300 : 100) + (noise.NextDouble() * 6) - 3);
        days[54] = days[54] with { Value = 150 };   // a Saturday, half of its usual
        var anomaly = Trend.Anomalies(days, Grain.Day).ShouldHaveSingleItem();
        anomaly.At.ShouldBe(days[54].At);
        anomaly.Expected.ShouldBe(300, 6);
        anomaly.Score.ShouldBeLessThan(-10);
        anomaly.Reason.ShouldStartWith("Saturday 2026-02-28: 150 is ");
        anomaly.Reason.ShouldContain(" usual for a Saturday at that time");
    }

    [Fact]
    public void Many_anomalies_do_not_hide_each_other()
    {
        var noise = new Random(4);
        var days = Days(200, _ => 100 + (noise.NextDouble() * 4) - 2);
        for (var at = 10; at < 200; at += 20) days[at] = days[at] with { Value = 500 };
        Trend.Anomalies(days, Grain.Day).Select(anomaly => anomaly.Value).ShouldBe(Enumerable.Repeat(500.0, 10));
    }

    [Fact]
    public void A_level_that_grows_steadily_is_no_anomaly_and_constants_have_none()
    {
        Trend.Anomalies(Days(120, day => 100 + day), Grain.Day).ShouldBeEmpty();
        Trend.Anomalies(Days(120, _ => 7), Grain.Day).ShouldBeEmpty();
        Trend.Anomalies(Days(5, day => day * 100), Grain.Day).ShouldBeEmpty();
    }

    [Fact]
    public void One_spike_in_a_constant_series_is_found()
    {
        var days = Days(60, day => day == 30 ? 8 : 7);
        Trend.Anomalies(days, Grain.Day).ShouldHaveSingleItem().At.ShouldBe(days[30].At);
    }

    [Fact]
    public void Hours_are_compared_with_the_same_hour_of_the_same_weekday()
    {
        var noise = new Random(5);
        var hours = Enumerable.Range(0, 24 * 7 * 8).Select(hour => new TrendPoint(Monday.AddHours(hour), (hour % 24 is >= 9 and < 18 ? 50 : 5) + noise.NextDouble())).ToList();
        hours[(24 * 30) + 3] = hours[(24 * 30) + 3] with { Value = 50 };   // busy at three in the morning
        var anomaly = Trend.Anomalies(hours, Grain.Hour, threshold: 8).ShouldHaveSingleItem();
        anomaly.Reason.ShouldContain("usual for a Wednesday at 03:00");
    }
}
