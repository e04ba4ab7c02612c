namespace Plug1.Kernel.Analytics;

/// <summary>Exponential smoothing of level, trend (kept, fading or none) and season (differences or factors).</summary>
/// <remarks>
/// First seasons come from classical decomposition, first level and trend from a line through the first cycles without them.
/// Source: Winters (1960); Hyndman, Koehler, Ord and Snyder, <i>Forecasting with Exponential Smoothing</i> (2008), table 2.1.
/// </remarks>
internal sealed class HoltWinters(int length, bool isFactor, bool hasTrend) : Smoother
{
    private static readonly double[] Low = [0.01, 0.001, 0.001, 0.80];
    private static readonly double[] High = [0.95, 0.50, 0.70, 0.98];
    private double[]? weights;

    public override string Name => (hasTrend ? "Damped Holt-Winters" : "Seasonal smoothing") + (isFactor ? ", multiplicative" : ", additive");

    public override double[] Forecast(double[] series, int horizon, bool refit)
    {
        var start = Begin(series);
        if (refit || weights is null)
        {
            var newest = Newest(series, 3 * length);
            weights = Search(newest, newest.Length == series.Length ? start : Begin(newest));
        }

        var seasons = (double[])start.Seasons.Clone();
        var (_, level, trend) = Run(series, start, seasons, weights);
        var phi = hasTrend ? weights[3] : 0;
        var ahead = new double[horizon];
        double step = phi, fade = phi;
        for (var j = 0; j < horizon; j++)
        {
            var season = seasons[(series.Length + j) % length];
            ahead[j] = isFactor ? (level + (step * trend)) * season : level + (step * trend) + season;
            fade *= phi;
            step += fade;
        }

        return ahead;
    }

    private double[] Search(double[] series, (double Level, double Trend, double[] Seasons) start)
    {
        var scratch = new double[length];
        double Error(double[] w)
        {
            start.Seasons.CopyTo(scratch, 0);
            return Run(series, start, scratch, hasTrend ? w : [w[0], 0, w[1], 0]).SquaredError;
        }

        if (!hasTrend)
        {
            var two = NelderMead.Minimise(Error, weights is null ? [0.3, 0.1] : [weights[0], weights[2]], [Low[0], Low[2]], [High[0], High[2]], 45);
            return [two[0], 0, two[1], 0];
        }

        return NelderMead.Minimise(Error, weights ?? [0.3, 0.05, 0.1, 0.95], Low, High, 80);
    }

    private (double Level, double Trend, double[] Seasons) Begin(double[] series)
    {
        var pattern = SeasonalPattern.Of(series, length);
        var plain = pattern.Remove(series)[..Math.Min(series.Length, Math.Max(2 * length, 10))];
        var slope = hasTrend ? SimpleSmoothing.Slope(plain) : 0;
        var level = SeasonalPattern.Mean(plain) - (slope * (plain.Length + 1) / 2);
        return (level, slope, [.. pattern.Indices]);
    }

    private (double SquaredError, double Level, double Trend) Run(
        double[] series, (double Level, double Trend, double[] Seasons) start, double[] seasons, double[] w)
    {
        var (level, trend) = (start.Level, start.Trend);
        double alpha = w[0], beta = w[0] * w[1], gamma = w[2] * (1 - w[0]), phi = hasTrend ? w[3] : 0, squares = 0;
        var place = 0;
        foreach (var value in series)
        {
            var season = seasons[place];
            var expected = level + (phi * trend);
            double error;
            if (isFactor)
            {
                error = value - (expected * season);
                level = expected + (alpha * error / season);
                trend = (phi * trend) + (beta * error / season);
                seasons[place] = Math.Max(1e-3, season + (gamma * error / (Math.Abs(expected) < 1e-9 ? 1 : expected)));
            }
            else
            {
                error = value - expected - season;
                level = expected + (alpha * error);
                trend = (phi * trend) + (beta * error);
                seasons[place] = season + (gamma * error);
            }

            squares += error * error;
            if (++place == length) place = 0;
        }

        return (squares, level, trend);
    }
}
