namespace Plug1.Kernel.Analytics;

/// <summary>How a series repeats: one index for each place in the cycle, as factors (mean 1) or as differences (mean 0).</summary>
/// <remarks>
/// Classical decomposition: the series over (or less) its centred moving average of one cycle, averaged by place in the cycle.
/// Source: Makridakis, Wheelwright and Hyndman, <i>Forecasting</i> (1998), chapter 3; the test is that of the M4 benchmark Naive2.
/// </remarks>
internal sealed class SeasonalPattern
{
    private const int SmoothedFrom = 300;
    private const int SmoothedBy = 10;
    private readonly double[][] indices;
    private readonly bool isFactor;

    private SeasonalPattern(double[][] indices, bool isFactor)
    {
        this.indices = indices;
        this.isFactor = isFactor;
    }

    /// <summary>No pattern at all.</summary>
    public static SeasonalPattern None { get; } = new([], isFactor: false);

    /// <summary>The indices of the first cycle length; empty without a pattern.</summary>
    public IReadOnlyList<double> Indices => indices.Length == 0 ? [] : indices[0];

    /// <summary>Measures one or more cycles, each on what the ones before left over.</summary>
    /// <param name="series">At least two of the longest cycle.</param>
    /// <param name="lengths">Cycle lengths, shortest first.</param>
    public static SeasonalPattern Of(ReadOnlySpan<double> series, params ReadOnlySpan<int> lengths)
    {
        var factors = AllPositive(series);
        var found = new double[lengths.Length][];
        var left = series.ToArray();
        for (var at = 0; at < lengths.Length; at++)
        {
            found[at] = Measure(left, lengths[at], factors);
            Apply(left, found[at], factors, sign: -1, offset: 0);
        }

        return new SeasonalPattern(found, factors);
    }

    /// <summary>Whether the autocorrelation at a cycle length is more than chance at 90 %.</summary>
    public static bool IsSeasonal(ReadOnlySpan<double> series, int length)
    {
        if (length < 2 || series.Length < 2 * length) return false;
        var mean = Mean(series);
        double Covariance(ReadOnlySpan<double> y, int lag)
        {
            var sum = 0.0;
            for (var t = lag; t < y.Length; t++) sum += (y[t] - mean) * (y[t - lag] - mean);
            return sum;
        }

        var variance = Covariance(series, 0);
        if (variance <= 0) return false;
        var squares = 0.0;
        // The autocorrelations of the first lag cover long cycles well enough; all of them would cost a square of the length.
        for (var lag = 1; lag < length; lag++)
        {
            var correlation = Covariance(series, lag) / variance;
            squares += correlation * correlation;
        }

        var limit = 1.645 * Math.Sqrt((1 + (2 * squares)) / series.Length);
        return Math.Abs(Covariance(series, length) / variance) > limit;
    }

    /// <summary>How much of the variance around a straight line a cycle explains, 0 to 1.</summary>
    /// <remarks>Source: Wang, Smith and Hyndman, <i>Characteristic-based clustering for time series data</i> (2006).</remarks>
    public static double Strength(ReadOnlySpan<double> series, int length)
    {
        var whole = AroundLine(series);
        return whole <= 0 ? 0 : Math.Max(0, 1 - (AroundLine(Of(series, length).Remove(series)) / whole));
    }

    /// <summary>The series without its pattern.</summary>
    public double[] Remove(ReadOnlySpan<double> series)
    {
        var left = series.ToArray();
        foreach (var cycle in indices) Apply(left, cycle, isFactor, sign: -1, offset: 0);
        return left;
    }

    /// <summary>Puts the pattern back on values that follow a series of so many.</summary>
    public double[] Restore(double[] ahead, int seriesLength)
    {
        foreach (var cycle in indices) Apply(ahead, cycle, isFactor, sign: 1, seriesLength);
        return ahead;
    }

    internal static bool AllPositive(ReadOnlySpan<double> series)
    {
        foreach (var value in series) if (value <= 0) return false;
        return true;
    }

    internal static double Mean(ReadOnlySpan<double> series)
    {
        var sum = 0.0;
        foreach (var value in series) sum += value;
        return sum / series.Length;
    }

    private static double AroundLine(ReadOnlySpan<double> series)
    {
        var (slope, mean, middle, sum) = (SimpleSmoothing.Slope(series), Mean(series), (series.Length - 1) / 2.0, 0.0);
        for (var t = 0; t < series.Length; t++)
        {
            var miss = series[t] - mean - (slope * (t - middle));
            sum += miss * miss;
        }

        return sum;
    }

    private static void Apply(double[] values, double[] cycle, bool isFactor, int sign, int offset)
    {
        var place = offset % cycle.Length;
        for (var t = 0; t < values.Length; t++)
        {
            values[t] = (isFactor, sign) switch
            {
                (true, 1) => values[t] * cycle[place],
                (true, _) => values[t] / cycle[place],
                (false, 1) => values[t] + cycle[place],
                _ => values[t] - cycle[place],
            };
            if (++place == cycle.Length) place = 0;
        }
    }

    // A year of days has been seen a few times only: each day borrows from three weeks around it.
    private static double[] Smoothed(double[] cycle)
    {
        var smooth = new double[cycle.Length];
        for (var place = 0; place < cycle.Length; place++)
        {
            for (var offset = -SmoothedBy; offset <= SmoothedBy; offset++)
                smooth[place] += cycle[(place + offset + cycle.Length) % cycle.Length] / ((2 * SmoothedBy) + 1);
        }

        return smooth;
    }

    private static double[] Measure(double[] series, int length, bool isFactor)
    {
        var sums = new double[length];
        var counts = new int[length];
        var half = length / 2;
        var window = 0.0;
        for (var t = 0; t < length && t < series.Length; t++) window += series[t];
        for (var t = half; t + half < series.Length; t++)
        {
            // An even cycle is centred by half a value on either side.
            var first = t - half;
            if (length % 2 == 1 && first > 0) window += series[t + half] - series[first - 1];
            if (length % 2 == 0 && first > 0) window += series[t + half - 1] - series[first - 1];
            var average = length % 2 == 1 ? window / length : (window + ((series[t + half] - series[first]) / 2)) / length;
            sums[t % length] += isFactor ? series[t] / average : series[t] - average;
            counts[t % length]++;
        }

        var cycle = new double[length];
        for (var place = 0; place < length; place++)
            cycle[place] = counts[place] == 0 ? (isFactor ? 1 : 0) : sums[place] / counts[place];
        if (length >= SmoothedFrom) cycle = Smoothed(cycle);
        var mean = Mean(cycle);
        for (var place = 0; place < length; place++) cycle[place] = isFactor ? Math.Max(cycle[place] / mean, 1e-3) : cycle[place] - mean;
        return cycle;
    }
}
