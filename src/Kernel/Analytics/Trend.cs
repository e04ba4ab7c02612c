using System.Globalization;

namespace Plug1.Kernel.Analytics;

/// <summary>How long the periods of a series are.</summary>
public enum Grain
{
    /// <summary>Hours; they repeat by weekday and hour.</summary>
    Hour,

    /// <summary>Days; they repeat by weekday.</summary>
    Day,

    /// <summary>Weeks; nothing is taken to repeat.</summary>
    Week,

    /// <summary>Months; they repeat by month of the year.</summary>
    Month,
}

/// <summary>A measure in one period.</summary>
/// <param name="At">The period's beginning, on the branch's clock.</param>
/// <param name="Value">What was measured.</param>
public sealed record TrendPoint(DateTime At, double Value);

/// <summary>How a place in the cycle differs from the usual.</summary>
/// <param name="Place">0 is Monday for weekdays and January for months; for hours, weekday times 24 plus hour.</param>
/// <param name="Index">1 is as usual, 1.2 a fifth more.</param>
/// <param name="Count">On how many periods it rests.</param>
public sealed record SeasonIndex(int Place, double Index, int Count);

/// <summary>A period against another.</summary>
/// <param name="Current">The sum of the period.</param>
/// <param name="Previous">The sum of the period it is compared with.</param>
/// <param name="Change">The difference.</param>
/// <param name="Share">The difference as a share of the absolute previous sum; null when that is zero.</param>
public sealed record PeriodDelta(double Current, double Previous, double Change, double? Share);

/// <summary>A period that is out of the ordinary.</summary>
/// <param name="At">Its beginning.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Expected">What would have been ordinary: level of the time, times the place in the cycle.</param>
/// <param name="Score">How many robust standard deviations it is off; negative when too low.</param>
/// <param name="Reason">A sentence for people.</param>
public sealed record Anomaly(DateTime At, double Value, double Expected, double Score, string Reason);

/// <summary>What a series did: level, season, change against another period, and what was out of the ordinary.</summary>
public static class Trend
{
    /// <summary>Scores beyond this are out of the ordinary.</summary>
    /// <remarks>Source: Iglewicz and Hoaglin, <i>How to detect and handle outliers</i> (1993).</remarks>
    public const double UsualThreshold = 3.5;

    // Makes the median absolute deviation of normal values equal to their standard deviation; the second the mean one.
    private const double MedianToSigma = 1.4826;
    private const double MeanToSigma = 1.2533;

    /// <summary>The mean of the last values up to each, null until there are enough.</summary>
    /// <param name="values">Oldest first.</param>
    /// <param name="window">How many values; at least one.</param>
    public static IReadOnlyList<double?> MovingAverage(IReadOnlyList<double> values, int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        var averages = new double?[values.Count];
        for (var at = window - 1; at < values.Count; at++)
        {
            // Summed anew each time: a running sum would carry the rounding of large values into all later ones.
            var sum = 0.0;
            for (var back = 0; back < window; back++) sum += values[at - back];
            averages[at] = sum / window;
        }

        return averages;
    }

    /// <summary>How weekdays differ: the median of each day over the level of its time. Empty unless all levels are above zero.</summary>
    /// <param name="days">Days without gaps, oldest first.</param>
    public static IReadOnlyList<SeasonIndex> ByWeekday(IReadOnlyList<TrendPoint> days) => Season(days, Grain.Day);

    /// <summary>How months of the year differ. Empty unless all levels are above zero.</summary>
    /// <param name="months">Months without gaps, oldest first.</param>
    public static IReadOnlyList<SeasonIndex> ByMonth(IReadOnlyList<TrendPoint> months) => Season(months, Grain.Month);

    /// <summary>Compares the sums of two periods.</summary>
    public static PeriodDelta Compare(IEnumerable<double> current, IEnumerable<double> previous)
    {
        var (now, before) = (current.Sum(), previous.Sum());
        return new PeriodDelta(now, before, now - before, before == 0 ? null : (now - before) / Math.Abs(before));
    }

    /// <summary>Finds the periods that are out of the ordinary for their time and their place in the cycle.</summary>
    /// <remarks>
    /// Expected is a rolling median of the values without season, with the season put back; what is left is measured in median
    /// absolute deviations, so that the anomalies themselves do not hide each other. Fewer than two cycles give none.
    /// </remarks>
    /// <param name="points">Periods without gaps, oldest first.</param>
    /// <param name="grain">How long they are.</param>
    /// <param name="threshold">From which score on.</param>
    public static IReadOnlyList<Anomaly> Anomalies(IReadOnlyList<TrendPoint> points, Grain grain, double threshold = UsualThreshold)
    {
        if (points.Count < Math.Max(8, 2 * Cycle(grain))) return [];
        var factors = Season(points, grain).ToDictionary(index => index.Place, index => index.Index);
        double Factor(TrendPoint point) => factors.TryGetValue(Place(point.At, grain), out var factor) && factor > 0 ? factor : 1;

        var levels = Levels([.. points.Select(point => point.Value / Factor(point))], Cycle(grain), Window(grain));
        var expected = points.Select((point, at) => levels[at] * Factor(point)).ToArray();
        var misses = points.Select((point, at) => point.Value - expected[at]).ToArray();
        var sigma = MedianToSigma * Median([.. misses.Select(Math.Abs)]);
        // More than half the periods exactly as expected leave no median deviation; the mean one still tells the rest apart.
        if (sigma == 0) sigma = MeanToSigma * misses.Average(Math.Abs);
        if (sigma == 0) return [];

        var found = new List<Anomaly>();
        for (var at = 0; at < points.Count; at++)
        {
            var score = misses[at] / sigma;
            if (Math.Abs(score) < threshold) continue;
            found.Add(new Anomaly(points[at].At, points[at].Value, expected[at], score, Sentence(points[at], expected[at], score, grain)));
        }

        return found;
    }

    private static List<SeasonIndex> Season(IReadOnlyList<TrendPoint> points, Grain grain)
    {
        var cycle = Cycle(grain);
        if (grain == Grain.Week || points.Count < 2 * cycle) return [];
        var ratios = new List<(int Place, double Ratio)>();
        for (var at = cycle / 2; at + (cycle / 2) < points.Count; at++)
        {
            var level = Centred(points, at, cycle);
            if (level <= 0) return [];
            ratios.Add((Place(points[at].At, grain), points[at].Value / level));
        }

        var places = ratios.GroupBy(item => item.Place, item => item.Ratio)
            .Select(group => new SeasonIndex(group.Key, Median([.. group]), group.Count())).OrderBy(index => index.Place).ToList();
        var mean = places.Average(place => place.Index);
        return mean <= 0 ? [] : [.. places.Select(place => place with { Index = place.Index / mean })];
    }

    // The mean of one cycle around a period; an even cycle counts half of either end.
    private static double Centred(IReadOnlyList<TrendPoint> points, int at, int cycle)
    {
        var half = cycle / 2;
        var sum = 0.0;
        for (var offset = -half; offset <= half; offset++) sum += points[at + offset].Value;
        if (cycle % 2 == 0) sum -= (points[at - half].Value + points[at + half].Value) / 2;
        return sum / cycle;
    }

    private static int Place(DateTime at, Grain grain) => grain switch
    {
        Grain.Hour => (Weekday(at) * 24) + at.Hour,
        Grain.Day => Weekday(at),
        Grain.Month => at.Month - 1,
        _ => 0,
    };

    private static int Weekday(DateTime at) => ((int)at.DayOfWeek + 6) % 7;

    private static int Cycle(Grain grain) => grain switch { Grain.Hour => 168, Grain.Day => 7, Grain.Month => 12, _ => 4 };

    private static int Window(Grain grain) => grain switch { Grain.Hour => 337, Grain.Day => 29, Grain.Month => 25, _ => 13 };

    // Rolling medians. At either end the window stays whole and its own slope leads on to the value.
    private static double[] Levels(double[] values, int cycle, int window)
    {
        var levels = new double[values.Length];
        var size = Math.Min(window, values.Length);
        var lag = Math.Max(1, Math.Min(size - 1, size / 2 / cycle * cycle));
        for (var at = 0; at < values.Length; at++)
        {
            var from = Math.Clamp(at - (size / 2), 0, values.Length - size);
            var beyond = at - from - ((size - 1) / 2.0);
            var part = values[from..(from + size)];
            var slope = Math.Abs(beyond) < 1 ? 0 : Median([.. Enumerable.Range(0, size - lag).Select(i => (part[i + lag] - part[i]) / lag)]);
            levels[at] = Median(part) + (slope * beyond);
        }

        return levels;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static string Sentence(TrendPoint point, double expected, double score, Grain grain)
    {
        var when = grain switch
        {
            Grain.Hour => point.At.ToString("dddd yyyy-MM-dd HH:00", CultureInfo.InvariantCulture),
            Grain.Day => point.At.ToString("dddd yyyy-MM-dd", CultureInfo.InvariantCulture),
            Grain.Week => point.At.ToString("'Week of' yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => point.At.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
        };
        var usual = grain switch
        {
            Grain.Hour => point.At.ToString("'a' dddd 'at' HH:00", CultureInfo.InvariantCulture),
            Grain.Day => point.At.ToString("'a' dddd", CultureInfo.InvariantCulture),
            Grain.Week => "a week",
            _ => point.At.ToString("'a' MMMM", CultureInfo.InvariantCulture),
        };
        return FormattableString.Invariant($"{when}: {point.Value:0.##} is {Math.Abs(point.Value - expected):0.##} {(score < 0 ? "below" : "above")} ")
            + FormattableString.Invariant($"the {expected:0.##} usual for {usual} at that time, {Math.Abs(score):0.0} times the usual spread.");
    }
}
