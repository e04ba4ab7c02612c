namespace Plug1.Kernel.Analytics;

/// <summary>A way to carry a series without season forward. An instance serves one series: it keeps the parameters it found.</summary>
internal abstract class Smoother
{
    private const int SearchedValues = 800;

    /// <summary>What people call it.</summary>
    public abstract string Name { get; }

    /// <summary>The next values.</summary>
    /// <param name="series">What is known, oldest first.</param>
    /// <param name="horizon">How many.</param>
    /// <param name="refit">Whether to look for parameters anew; else those of the last fit are used on this longer series.</param>
    public abstract double[] Forecast(double[] series, int horizon, bool refit);

    /// <summary>The newest part of a long series, enough to find parameters on.</summary>
    protected static double[] Newest(double[] series, int least = 0) =>
        series.Length <= Math.Max(SearchedValues, least) ? series : series[^Math.Max(SearchedValues, least)..];
}

/// <summary>The last value again.</summary>
internal sealed class LastValue : Smoother
{
    public override string Name => "Naive";

    public override double[] Forecast(double[] series, int horizon, bool refit)
    {
        var ahead = new double[horizon];
        Array.Fill(ahead, series[^1]);
        return ahead;
    }
}

/// <summary>The last cycle again.</summary>
internal sealed class LastCycle(int length) : Smoother
{
    public override string Name => "Seasonal naive";

    public override double[] Forecast(double[] series, int horizon, bool refit)
    {
        var ahead = new double[horizon];
        for (var j = 0; j < horizon; j++) ahead[j] = j < length ? series[series.Length - length + j] : ahead[j - length];
        return ahead;
    }
}

/// <summary>Simple exponential smoothing, with the Theta method's drift when asked.</summary>
/// <remarks>
/// Errors are linear in the first level, so for every smoothing weight the best first level is known in closed form and only
/// the weight is searched. With drift this is the standard Theta method: half the slope of the straight line through the series.
/// Source: Assimakopoulos and Nikolopoulos (2000); Hyndman and Billah, <i>Unmasking the Theta method</i> (2003).
/// </remarks>
internal sealed class SimpleSmoothing(bool withDrift) : Smoother
{
    private double weight = double.NaN;

    public override string Name => withDrift ? "Theta" : "Simple exponential smoothing";

    public override double[] Forecast(double[] series, int horizon, bool refit)
    {
        if (refit || double.IsNaN(weight)) Search(Newest(series));
        var first = Fit(series, weight).First;
        var level = first;
        foreach (var value in series) level += weight * (value - level);

        var drift = withDrift ? Slope(series) / 2 : 0;
        var reach = (1 - Math.Pow(1 - weight, series.Length)) / weight;
        var ahead = new double[horizon];
        for (var j = 0; j < horizon; j++) ahead[j] = level + (drift * (j + reach));
        return ahead;
    }

    private void Search(double[] series) => weight = NelderMead.Minimise(w => Fit(series, w).SquaredError, 0.01, 0.99);

    private static (double SquaredError, double First) Fit(double[] series, double weight)
    {
        double level = 0, share = 1, squares = 0, cross = 0, shares = 0;
        foreach (var value in series)
        {
            var error = value - level;
            squares += error * error;
            cross += error * share;
            shares += share * share;
            level += weight * error;
            share *= 1 - weight;
        }

        return (squares - (cross * cross / shares), cross / shares);
    }

    internal static double Slope(ReadOnlySpan<double> series)
    {
        var middle = (series.Length - 1) / 2.0;
        double cross = 0, squares = 0;
        for (var t = 0; t < series.Length; t++)
        {
            cross += (t - middle) * series[t];
            squares += (t - middle) * (t - middle);
        }

        return squares == 0 ? 0 : cross / squares;
    }
}

/// <summary>Exponential smoothing of level and trend, the trend kept (Holt) or fading (damped).</summary>
/// <remarks>
/// Errors are linear in the first level and trend, so the best first state solves two equations and only the weights are
/// searched. Source: Holt (1957); Gardner and McKenzie, <i>Forecasting trends in time series</i> (1985).
/// </remarks>
internal sealed class TrendSmoothing(bool isDamped) : Smoother
{
    private static readonly double[] Low = [0.02, 0.001, 0.80];
    private static readonly double[] High = [0.99, 0.60, 0.98];
    private double[]? weights;

    public override string Name => isDamped ? "Damped trend" : "Holt";

    public override double[] Forecast(double[] series, int horizon, bool refit)
    {
        if (refit || weights is null) weights = Search(Newest(series));
        var phi = isDamped ? weights[2] : 1;
        var (_, level, trend) = Fit(series, weights[0], weights[0] * weights[1], phi);
        foreach (var value in series)
        {
            var expected = level + (phi * trend);
            var error = value - expected;
            level = expected + (weights[0] * error);
            trend = (phi * trend) + (weights[0] * weights[1] * error);
        }

        var ahead = new double[horizon];
        double step = phi, fade = phi;
        for (var j = 0; j < horizon; j++)
        {
            ahead[j] = level + (step * trend);
            fade *= phi;
            step += fade;
        }

        return ahead;
    }

    private double[] Search(double[] series)
    {
        double Error(double[] w) => Fit(series, w[0], w[0] * w[1], isDamped ? w[2] : 1).SquaredError;
        double[][] starts = isDamped
            ? [[0.2, 0.05, 0.9], [0.6, 0.05, 0.9], [0.9, 0.05, 0.95], [0.5, 0.3, 0.9]]
            : [[0.2, 0.05], [0.6, 0.05], [0.9, 0.02], [0.5, 0.3]];
        var start = weights ?? starts.MinBy(Error)!;
        var size = start.Length;
        return NelderMead.Minimise(Error, start, Low[..size], High[..size], 60);
    }

    private static (double SquaredError, double Level, double Trend) Fit(double[] series, double alpha, double beta, double phi)
    {
        // Three runs at once: from nothing with the values, and without values from a level of one and from a trend of one.
        double level = 0, trend = 0, levelL = 1, trendL = 0, levelT = 0, trendT = 1;
        double squares = 0, el = 0, et = 0, ll = 0, lt = 0, tt = 0;
        foreach (var value in series)
        {
            var expected = level + (phi * trend);
            var expectedL = levelL + (phi * trendL);
            var expectedT = levelT + (phi * trendT);
            var error = value - expected;
            squares += error * error;
            el += error * expectedL;
            et += error * expectedT;
            ll += expectedL * expectedL;
            lt += expectedL * expectedT;
            tt += expectedT * expectedT;
            level = expected + (alpha * error);
            trend = (phi * trend) + (beta * error);
            levelL = (1 - alpha) * expectedL;
            trendL = (phi * trendL) - (beta * expectedL);
            levelT = (1 - alpha) * expectedT;
            trendT = (phi * trendT) - (beta * expectedT);
        }

        var determinant = (ll * tt) - (lt * lt);
        if (Math.Abs(determinant) < 1e-12 * ll * tt) return (squares - (el * el / ll), el / ll, 0);
        var first = ((el * tt) - (et * lt)) / determinant;
        var slope = ((et * ll) - (el * lt)) / determinant;
        return (squares - (first * el) - (slope * et), first, slope);
    }
}

/// <summary>The dynamic optimised Theta model: smoothing whose drift follows the straight line through all values so far.</summary>
/// <remarks>
/// For every smoothing weight, the first level and the share of the line solve two equations.
/// Source: Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, <i>Models for optimising the theta method</i>, IJF 32 (2016).
/// </remarks>
internal sealed class DynamicTheta : Smoother
{
    private const double LargestShare = 0.98;
    private double weight = double.NaN;
    private double share;

    public override string Name => "Dynamic Theta";

    public override double[] Forecast(double[] series, int horizon, bool refit)
    {
        if (refit || double.IsNaN(weight))
        {
            var newest = Newest(series);
            weight = NelderMead.Minimise(w => Fit(newest, w).SquaredError, 0.05, 0.99);
            share = Fit(series, weight).Share;
        }

        var level = Fit(series, weight).First;
        var line = default(Line);
        var power = 1.0;
        foreach (var value in series) Step(value);
        var ahead = new double[horizon];
        for (var j = 0; j < horizon; j++)
        {
            ahead[j] = level + (share * Reach(line, power, weight));
            Step(ahead[j]);
        }

        return ahead;

        void Step(double value)
        {
            level += weight * (value - level);
            line = line.With(value);
            power *= 1 - weight;
        }
    }

    private static double Reach(Line line, double power, double weight) =>
        (power * line.Start) + ((1 - (power * (1 - weight))) / weight * line.Slope);

    private static (double SquaredError, double First, double Share) Fit(double[] series, double weight)
    {
        var line = default(Line);
        double level = 0, power = 1, squares = 0, es = 0, eg = 0, ss = 0, sg = 0, gg = 0;
        for (var t = 0; t < series.Length; t++)
        {
            var error = series[t] - level;
            // The line through one or two points says nothing yet.
            if (t >= 2)
            {
                var reach = Reach(line, power, weight);
                squares += error * error;
                es += error * power;
                eg += error * reach;
                ss += power * power;
                sg += power * reach;
                gg += reach * reach;
            }

            level += weight * error;
            line = line.With(series[t]);
            power *= 1 - weight;
        }

        if (ss <= 1e-12) return (squares, series[0], 0);
        var determinant = (ss * gg) - (sg * sg);
        var found = determinant > 1e-12 * ss * gg ? ((eg * ss) - (es * sg)) / determinant : 0;
        found = Math.Clamp(found, 0, LargestShare);
        var first = (es - (found * sg)) / ss;
        var total = squares - (2 * first * es) - (2 * found * eg) + (first * first * ss) + (2 * first * found * sg) + (found * found * gg);
        return (total, first, found);
    }

    /// <summary>The least squares line through the first values, one more at a time.</summary>
    private readonly record struct Line(int Count, double Mean, double Slope, double Start)
    {
        public Line With(double value)
        {
            var count = Count + 1;
            var slope = count < 2 ? 0 : (((count - 2) * Slope) + (6.0 / count * (value - Mean))) / (count + 1);
            var mean = Mean + ((value - Mean) / count);
            return new Line(count, mean, slope, mean - ((count + 1) / 2.0 * slope));
        }
    }
}
