namespace Plug1.Kernel.Analytics;

/// <summary>One way to forecast: a pattern of the season taken out, a smoother, the pattern put back.</summary>
/// <param name="Smoother">What carries the rest forward.</param>
/// <param name="Cycles">The cycle lengths taken out before; empty for none.</param>
internal sealed record Candidate(Smoother Smoother, int[] Cycles)
{
    /// <summary>What people call it.</summary>
    public string Name => Cycles.Length == 0 ? Smoother.Name : $"{Smoother.Name} with season {string.Join('+', Cycles)}";
}

/// <summary>Every candidate tried on the series' own past: from several origins forward, and then from its end.</summary>
/// <remarks>
/// Source: Tashman, <i>Out-of-sample tests of forecasting accuracy</i>, IJF 16 (2000). Long series look for parameters at the
/// first origin and at the end only; what is learnt in between is state, not parameters.
/// </remarks>
internal sealed class BackTest
{
    private const int MostOrigins = 6;
    private const int RefitBelow = 150;
    private readonly double[] series;
    private readonly int horizon;
    private readonly IReadOnlyList<Candidate> candidates;

    public BackTest(double[] series, int horizon, IReadOnlyList<Candidate> candidates, int shortestTraining)
    {
        this.series = series;
        this.horizon = horizon;
        this.candidates = candidates;
        Origins = Spread(Math.Max(shortestTraining, series.Length - (3 * horizon)), series.Length - Math.Max(1, horizon / 2));
        Past = [.. candidates.Select(_ => new double[Origins.Length][])];
        Ahead = new double[candidates.Count][];
        for (var at = 0; at < Origins.Length; at++) Try(series[..Origins[at]], refit: at == 0 || Origins[at] < RefitBelow, (index, ahead) => Past[index][at] = ahead);
        Try(series, refit: true, (index, ahead) => Ahead[index] = ahead);
    }

    /// <summary>How many values were known at each origin.</summary>
    public int[] Origins { get; }

    /// <summary>By candidate and origin: what it forecast there.</summary>
    public double[][][] Past { get; }

    /// <summary>By candidate: its forecast from the end of the series.</summary>
    public double[][] Ahead { get; }

    /// <summary>The errors of forecasts made at all origins: mean absolute, and symmetric in per cent.</summary>
    public (double Absolute, double Smape) Errors(double[][] past)
    {
        double absolute = 0, symmetric = 0;
        var count = 0;
        for (var at = 0; at < Origins.Length; at++)
        {
            var (a, s) = ErrorsAt(past, at);
            absolute += a;
            symmetric += s;
            count += Math.Min(horizon, series.Length - Origins[at]);
        }

        return count == 0 ? (double.NaN, double.NaN) : (absolute / count, symmetric / count);
    }

    /// <summary>The sums of the errors of a forecast made at one origin.</summary>
    public (double Absolute, double Smape) ErrorsAt(double[][] past, int at)
    {
        double absolute = 0, symmetric = 0;
        for (var j = 0; j < horizon && Origins[at] + j < series.Length; j++)
        {
            var actual = series[Origins[at] + j];
            var miss = Math.Abs(actual - past[at][j]);
            var scale = Math.Abs(actual) + Math.Abs(past[at][j]);
            absolute += miss;
            symmetric += scale == 0 ? 0 : 200 * miss / scale;
        }

        return (absolute, symmetric);
    }

    private int[] Spread(int first, int last)
    {
        if (last < first) return [];
        var count = Math.Min(MostOrigins, last - first + 1);
        return [.. Enumerable.Range(0, count).Select(at => count == 1 ? last : first + (int)((long)(last - first) * at / (count - 1))).Distinct()];
    }

    private void Try(double[] known, bool refit, Action<int, double[]> keep)
    {
        var patterns = new List<(int[] Cycles, SeasonalPattern Pattern, double[] Plain)>();
        for (var index = 0; index < candidates.Count; index++)
        {
            var cycles = candidates[index].Cycles;
            var found = patterns.FirstOrDefault(known => known.Cycles == cycles);
            if (found.Pattern is null)
            {
                var pattern = cycles.Length == 0 ? SeasonalPattern.None : SeasonalPattern.Of(known, cycles);
                found = (cycles, pattern, pattern.Remove(known));
                patterns.Add(found);
            }

            keep(index, found.Pattern.Restore(candidates[index].Smoother.Forecast(found.Plain, horizon, refit), known.Length));
        }
    }
}
