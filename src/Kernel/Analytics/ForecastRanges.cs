using MathNet.Numerics.Distributions;

namespace Plug1.Kernel.Analytics;

/// <summary>How far actual values strayed from the forecasts of the back-test, by horizon, and so how far they may stray again.</summary>
/// <remarks>
/// The variance of errors is taken to grow as a power of the horizon, fitted between the nearer and the farther half. A handful
/// of trials understates it, so the quantiles are Student's, with two degrees of freedom for each horizon of the past that the
/// trials cover. How often the ranges hold the actual values is measured by <c>Plug1.Bench forecast</c>.
/// </remarks>
internal sealed class ForecastRanges
{
    private const double GrowthWhenUnknown = 1.0;
    private const double FreedomPerTrial = 2;
    private const double WideningOfOneTrial = 0.1;
    private readonly double[] spread;
    private readonly double quantile80;
    private readonly double quantile95;

    public ForecastRanges(double[] series, int[] origins, double[][] past, int horizon)
    {
        var squares = new List<(int Step, double Square)>();
        for (var at = 0; at < origins.Length; at++)
        {
            for (var j = 0; j < horizon && origins[at] + j < series.Length; j++)
            {
                var miss = series[origins[at] + j] - past[at][j];
                squares.Add((j + 1, miss * miss));
            }
        }

        // Without trials, what the series does from one period to the next is all there is to go by.
        double change = 0;
        for (var t = 1; t < series.Length; t++) change += (series[t] - series[t - 1]) * (series[t] - series[t - 1]);
        change /= Math.Max(1, series.Length - 1);
        var growth = squares.Count < 4 ? GrowthWhenUnknown : Growth(squares);
        var unit = squares.Count == 0 ? change : squares.Average(error => error.Square / Math.Pow(error.Step, growth));
        spread = [.. Enumerable.Range(1, horizon).Select(step => Math.Sqrt(unit * Math.Pow(step, growth)))];
        // Trials overlap; what counts is how many horizons of the past they cover.
        var covered = origins.Length == 0 ? 0 : (double)(series.Length - origins[0]) / horizon;
        var freedom = Math.Max(FreedomPerTrial, covered * FreedomPerTrial);
        var widening = 1 + (WideningOfOneTrial * FreedomPerTrial / freedom);
        quantile80 = widening * StudentT.InvCDF(0, 1, freedom, 0.90);
        quantile95 = widening * StudentT.InvCDF(0, 1, freedom, 0.975);
    }

    /// <summary>The ranges around a forecast value.</summary>
    /// <param name="value">The forecast.</param>
    /// <param name="at">Its place in the horizon, from 0.</param>
    /// <param name="neverNegative">Whether nothing below zero can be.</param>
    public ForecastPoint Around(double value, int at, bool neverNegative)
    {
        var (near, far) = (spread[at] * quantile80, spread[at] * quantile95);
        double Floor(double bound) => neverNegative ? Math.Max(0, bound) : bound;
        return new ForecastPoint(Floor(value), Floor(value - near), Floor(value + near), Floor(value - far), Floor(value + far));
    }

    private static double Growth(List<(int Step, double Square)> errors)
    {
        var middle = errors.Max(error => error.Step) / 2.0;
        var near = errors.Where(error => error.Step <= middle).ToList();
        var far = errors.Where(error => error.Step > middle).ToList();
        if (near.Count == 0 || far.Count == 0) return GrowthWhenUnknown;
        var rise = Math.Log((far.Average(error => error.Square) + 1e-12) / (near.Average(error => error.Square) + 1e-12));
        var stretch = Math.Log(far.Average(error => (double)error.Step) / near.Average(error => (double)error.Step));
        // Half of what few trials show, half of what a random walk would do.
        return Math.Clamp(((rise / stretch) + GrowthWhenUnknown) / 2, 0, 2);
    }
}
