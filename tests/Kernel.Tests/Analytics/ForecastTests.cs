using Plug1.Kernel.Analytics;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Analytics;

public class ForecastTests
{
    // Monthly airline passengers 1949 to 1960 in thousands (Box and Jenkins, series G).
    private static readonly double[] Passengers =
    [
        112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
        145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
        196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
        242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
        315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
        360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
    ];

    private static ForecastResult Of(IEnumerable<double> values, int horizon, params int[] seasons) =>
        Forecasts.Of(new ForecastRequest([.. values], horizon) { SeasonLengths = seasons });

    [Fact]
    public void Airline_passengers_of_the_last_year_are_forecast_within_five_per_cent()
    {
        var actual = Passengers[^12..];
        var forecast = Of(Passengers[..^12], 12, 12);
        var smape = forecast.Points.Zip(actual, (point, value) => 200 * Math.Abs(point.Value - value) / (point.Value + value)).Average();
        smape.ShouldBeLessThan(5);
        forecast.Points.Zip(actual).Count(pair => pair.Second >= pair.First.Low95 && pair.Second <= pair.First.High95).ShouldBeGreaterThanOrEqualTo(11);
        forecast.Smape!.Value.ShouldBeLessThan(6);
        forecast.Mase!.Value.ShouldBeLessThan(0.9);
        forecast.Reason.ShouldContain("it repeats every 12 periods");
        forecast.Shares.Sum(share => share.Weight).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_straight_line_is_carried_on()
    {
        var forecast = Of(Enumerable.Range(0, 60).Select(t => 100 + (3.0 * t)), 5);
        for (var j = 0; j < 5; j++) forecast.Points[j].Value.ShouldBe(100 + (3.0 * (60 + j)), 1.5);
    }

    [Fact]
    public void An_exact_weekly_pattern_is_carried_on()
    {
        double[] week = [10, 20, 30, 40, 50, 90, 5];
        var forecast = Of(Enumerable.Range(0, 140).Select(t => week[t % 7]), 14, 7);
        for (var j = 0; j < 14; j++) forecast.Points[j].Value.ShouldBe(week[j % 7], 0.5);
    }

    [Fact]
    public void A_week_is_found_though_a_year_was_offered_too()
    {
        var noise = new Random(2);
        double Value(int day) => (500 + (0.2 * day)) * (day % 7 >= 5 ? 1.6 : 0.8) * (1 + (0.25 * Math.Sin(day * Math.Tau / 365))) * (0.95 + (0.1 * noise.NextDouble()));
        var values = Enumerable.Range(0, 1825 + 28).Select(Value).ToArray();
        var forecast = Of(values[..1825], 28, 7, 365);
        var smape = forecast.Points.Zip(values[1825..], (point, value) => 200 * Math.Abs(point.Value - value) / (point.Value + value)).Average();
        smape.ShouldBeLessThan(5);   // the noise alone makes 2.5
        forecast.Reason.ShouldContain("every 7 and every 365 periods");
    }

    [Fact]
    public void Noise_around_a_level_is_forecast_by_the_level_with_ranges_that_hold()
    {
        var noise = new Random(11);
        var (inside80, inside95, count) = (0, 0, 0);
        for (var round = 0; round < 60; round++)
        {
            var values = Enumerable.Range(0, 110).Select(_ => 100 + (10 * Normal(noise))).ToArray();
            var forecast = Of(values[..100], 10);
            for (var j = 0; j < 10; j++, count++)
            {
                forecast.Points[j].Value.ShouldBe(100, 15);
                var actual = values[100 + j];
                if (actual >= forecast.Points[j].Low80 && actual <= forecast.Points[j].High80) inside80++;
                if (actual >= forecast.Points[j].Low95 && actual <= forecast.Points[j].High95) inside95++;
            }
        }

        ((double)inside95 / count).ShouldBeInRange(0.92, 1.0);
        ((double)inside80 / count).ShouldBeInRange(0.75, 0.95);
    }

    [Fact]
    public void Counts_are_never_forecast_below_zero()
    {
        var falling = Enumerable.Range(0, 40).Select(t => Math.Max(0.0, 80 - (2 * t))).ToArray();
        var forecast = Forecasts.Of(new ForecastRequest(falling, 12) { NeverNegative = true });
        forecast.Points.ShouldAllBe(point => point.Value >= 0 && point.Low80 >= 0 && point.Low95 >= 0 && point.High95 >= point.Value);
        Of(falling, 12).Points.Min(point => point.Low95).ShouldBeLessThan(0);
    }

    [Fact]
    public void The_same_series_gives_the_same_forecast_and_ranges_nest()
    {
        var one = Of(Passengers, 18, 12);
        var two = Of(Passengers, 18, 12);
        two.Points.ShouldBe(one.Points);
        two.Reason.ShouldBe(one.Reason);
        one.Points.ShouldAllBe(p => p.Low95 <= p.Low80 && p.Low80 <= p.Value && p.Value <= p.High80 && p.High80 <= p.High95);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(25)]
    public void Short_series_get_an_answer_that_says_what_it_rests_on(int count)
    {
        var forecast = Of(Enumerable.Range(0, count).Select(t => 10.0 + (t * t % 5)), 30, 7, 12);
        forecast.Points.Count.ShouldBe(30);
        forecast.Points.ShouldAllBe(point => double.IsFinite(point.Value) && double.IsFinite(point.Low95) && double.IsFinite(point.High95));
        forecast.Reason.ShouldNotBeEmpty();
    }

    [Fact]
    public void Constant_zero_and_rare_sales_do_no_harm()
    {
        Of(Enumerable.Repeat(4.0, 50), 3, 7).Points.ShouldAllBe(point => point.Value == 4 && point.High95 == 4);
        Of(Enumerable.Repeat(0.0, 50), 3, 7).Points.ShouldAllBe(point => point.Value == 0);
        var rare = Forecasts.Of(new ForecastRequest([.. Enumerable.Range(0, 200).Select(t => t % 23 == 0 ? 3.0 : 0)], 14) { SeasonLengths = [7], NeverNegative = true });
        rare.Points.ShouldAllBe(point => point.Value >= 0 && point.Value < 3 && double.IsFinite(point.High95));
        var late = Of(Enumerable.Range(0, 60).Select(t => t < 55 ? 0.0 : 10), 5, 7);
        late.Points.ShouldAllBe(point => double.IsFinite(point.Value) && double.IsFinite(point.High95));
    }

    [Fact]
    public void What_cannot_be_forecast_is_an_error()
    {
        Should.Throw<ArgumentException>(() => Of([], 3));
        Should.Throw<ArgumentException>(() => Of([1, double.NaN], 3));
        Should.Throw<ArgumentException>(() => Of([1, 2, 3], 0));
    }

    [Fact]
    public void The_standard_theta_method_has_the_figures_done_by_hand()
    {
        // A straight line with slope 2: smoothing settles at its highest weight, the drift is half the slope.
        var ahead = new SimpleSmoothing(withDrift: true).Forecast([.. Enumerable.Range(1, 20).Select(t => 2.0 * t)], 3, refit: true);
        (ahead[1] - ahead[0]).ShouldBe(1, 1e-9);
        (ahead[2] - ahead[1]).ShouldBe(1, 1e-9);
        new TrendSmoothing(isDamped: false).Forecast([.. Enumerable.Range(1, 20).Select(t => 2.0 * t)], 2, refit: true)[1].ShouldBe(44, 1e-6);
    }

    [Fact]
    public void Classical_decomposition_gives_the_indices_that_the_series_was_made_with()
    {
        double[] quarters = [0.5, 1.0, 1.5, 1.0];
        var pattern = SeasonalPattern.Of([.. Enumerable.Range(0, 24).Select(t => 100 * quarters[t % 4])], 4);
        for (var q = 0; q < 4; q++) pattern.Indices[q].ShouldBe(quarters[q], 1e-12);
        pattern.Restore([100, 100], 25).ShouldBe([100, 150]);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
}
