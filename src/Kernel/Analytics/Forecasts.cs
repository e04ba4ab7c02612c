namespace Plug1.Kernel.Analytics;

/// <summary>What is to be forecast.</summary>
/// <param name="Values">What was measured, one value a period without gaps, oldest first; at least one, all finite.</param>
/// <param name="Horizon">How many periods ahead; at least one.</param>
public sealed record ForecastRequest(IReadOnlyList<double> Values, int Horizon)
{
    /// <summary>Cycle lengths that may be in the series, in periods: 7 and 365 for days, 12 for months, 24 and 168 for hours. Those that do not show are not used.</summary>
    public IReadOnlyList<int> SeasonLengths { get; init; } = [];

    /// <summary>Whether the measure cannot be below zero, as a count or a turnover; nothing below zero is then forecast.</summary>
    public bool NeverNegative { get; init; }
}

/// <summary>One period ahead: the most likely value and the ranges that hold the actual one 80 and 95 times in a hundred.</summary>
public sealed record ForecastPoint(double Value, double Low80, double High80, double Low95, double High95);

/// <summary>What share a method has in a forecast.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Weight">Between 0 and 1; those of a forecast sum to 1.</param>
public sealed record ForecastShare(string Method, double Weight);

/// <summary>A forecast with its own record.</summary>
/// <param name="Points">One a period ahead.</param>
/// <param name="Model">The method, or the mix of methods, that was used.</param>
/// <param name="Shares">The methods in it, the weightiest first.</param>
/// <param name="Smape">Symmetric mean absolute error in the back-test, per cent of 0 to 200; null when the series is too short to test.</param>
/// <param name="Mase">Error in the back-test against that of repeating the last season within the series; null when too short or constant.</param>
/// <param name="Trials">From how many earlier points of the series the method was tried.</param>
/// <param name="Reason">Why this method, in one or two sentences.</param>
public sealed record ForecastResult(
    IReadOnlyList<ForecastPoint> Points, string Model, IReadOnlyList<ForecastShare> Shares, double? Smape, double? Mase, int Trials, string Reason);

/// <summary>Forecasts a measure: many methods are tried on the series' own past, and those that did well are mixed by how well they did.</summary>
/// <remarks>
/// <para>Deterministic: the same series gives the same forecast. Figures are <see cref="double"/>; nothing here is posted.</para>
/// <para>Accuracy on the M3 and M4 competitions and coverage of the ranges: <c>Plug1.Bench forecast</c>.</para>
/// <para>Source of the idea: Makridakis, Spiliotis and Assimakopoulos, <i>The M4 Competition</i>, IJF 36 (2020): mixes of statistical
/// methods beat each of them. Errors are those of Hyndman and Koehler, <i>Another look at measures of forecast accuracy</i> (2006).</para>
/// </remarks>
public static class Forecasts
{
    private const int ShortestTraining = 6;

    // Beyond this, old values say little about the next and cost time: three years of days and more, eleven weeks of hours.
    private const int LongestHistory = 1_900;

    /// <summary>Forecasts a series.</summary>
    /// <param name="request">The series and how far to look.</param>
    /// <exception cref="ArgumentException">No values, a value that is not finite, or no horizon.</exception>
    public static ForecastResult Of(ForecastRequest request)
    {
        double[] series = [.. request.Values.TakeLast(LongestHistory)];
        if (series.Length == 0) throw new ArgumentException("There are no values.", nameof(request));
        if (!Array.TrueForAll(series, double.IsFinite)) throw new ArgumentException("A value is not a finite number.", nameof(request));
        if (request.Horizon < 1) throw new ArgumentException("The horizon is less than one period.", nameof(request));
        if (Array.TrueForAll(series, value => value == series[0])) return Constant(series, request);

        var seasons = Candidates.Seasons(series, request.SeasonLengths);
        var training = Math.Max(ShortestTraining, seasons.Length == 0 ? 0 : (2 * seasons[^1]) + 2);
        if (series.Length <= training) (seasons, training) = ([], ShortestTraining);
        if (series.Length <= ShortestTraining) return TooShort(series, request);

        var candidates = Candidates.For(seasons);
        var trial = new BackTest(series, request.Horizon, candidates, training);
        var mix = Mixture.Of(trial, candidates);
        var ranges = new ForecastRanges(series, trial.Origins, mix.Past, request.Horizon);
        var points = mix.Ahead.Select((value, at) => ranges.Around(value, at, request.NeverNegative)).ToList();
        var (absolute, smape) = trial.Errors(mix.Past);
        return new ForecastResult(points, mix.Name, mix.Shares, smape, absolute / Scale(series, seasons), trial.Origins.Length,
            Why(mix, trial, smape, seasons));
    }

    /// <summary>The mean absolute change over one season within a series: the yardstick of MASE.</summary>
    private static double Scale(double[] series, int[] seasons)
    {
        var lag = seasons.Length == 0 ? 1 : seasons[0];
        var sum = 0.0;
        for (var t = lag; t < series.Length; t++) sum += Math.Abs(series[t] - series[t - lag]);
        return sum / (series.Length - lag);
    }

    private static string Why(Mixture mix, BackTest trial, double smape, int[] seasons)
    {
        var naive = trial.Errors(trial.Past[0]).Smape;
        var season = seasons.Length == 0 ? "no season shows" : $"it repeats every {string.Join(" and every ", seasons)} periods";
        var choice = mix.Shares.Count == 1
            ? $"{mix.Shares[0].Method} was clearly the best of {trial.Past.Length} methods"
            : $"the {mix.Shares.Count} best of {trial.Past.Length} methods are mixed by how well they did, {mix.Shares[0].Method} first";
        return FormattableString.Invariant($"Tried from {trial.Origins.Length} earlier points of this series ({season}), {choice}: ")
            + FormattableString.Invariant($"error {smape:0.0} % against {naive:0.0} % when the last value is simply repeated.");
    }

    private static ForecastResult Constant(double[] series, ForecastRequest request)
    {
        var value = request.NeverNegative ? Math.Max(0, series[0]) : series[0];
        var points = Enumerable.Repeat(new ForecastPoint(value, value, value, value, value), request.Horizon).ToList();
        return new ForecastResult(points, "Naive", [new ForecastShare("Naive", 1)], null, null, 0,
            "All values so far are the same, so the same is expected; how far it may stray cannot be said from them.");
    }

    private static ForecastResult TooShort(double[] series, ForecastRequest request)
    {
        var ranges = new ForecastRanges(series, [], [], request.Horizon);
        var points = Enumerable.Range(0, request.Horizon).Select(at => ranges.Around(series[^1], at, request.NeverNegative)).ToList();
        return new ForecastResult(points, "Naive", [new ForecastShare("Naive", 1)], null, null, 0,
            FormattableString.Invariant($"There are only {series.Length} values, too few to try methods on; the last value is carried on."));
    }
}
