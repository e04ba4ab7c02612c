namespace Plug1.Kernel.Analytics;

/// <summary>Which candidates a series of this length and season is worth.</summary>
internal static class Candidates
{
    // A year of days is a pattern to be taken out, too long a memory to be smoothed day by day.
    private const int LongestSmoothedSeason = 200;

    // Pure noise over two to five years explains about a twentieth.
    private const double LeastStrength = 0.15;

    /// <summary>The cycle lengths that the series is long enough for and shows.</summary>
    public static int[] Seasons(ReadOnlySpan<double> series, IReadOnlyList<int> lengths)
    {
        var seasons = new List<int>();
        foreach (var length in lengths.Distinct().Order())
        {
            if (length < 2 || series.Length < 2 * length) continue;
            // A long cycle drowns in the short ones before it and in its own slowness, so it is judged by what it explains of the rest.
            var shows = length > LongestSmoothedSeason
                ? SeasonalPattern.Strength(SeasonalPattern.Of(series, [.. seasons]).Remove(series), length) > LeastStrength
                : SeasonalPattern.IsSeasonal(series, length);
            if (shows) seasons.Add(length);
        }

        return [.. seasons];
    }

    /// <summary>All candidates, the last value first.</summary>
    public static IReadOnlyList<Candidate> For(int[] seasons)
    {
        int[] none = [];
        var all = new List<Candidate> { new(new LastValue(), none) };
        var treatments = new List<int[]> { none };
        treatments.AddRange(seasons.Select(season => (int[])[season]));
        if (seasons.Length > 1) treatments.Add(seasons);
        foreach (var cycles in treatments)
        {
            if (cycles.Length > 0) all.Add(new Candidate(new LastValue(), cycles));
            all.Add(new Candidate(new SimpleSmoothing(withDrift: false), cycles));
            all.Add(new Candidate(new SimpleSmoothing(withDrift: true), cycles));
            all.Add(new Candidate(new DynamicTheta(), cycles));
            all.Add(new Candidate(new TrendSmoothing(isDamped: true), cycles));
            all.Add(new Candidate(new TrendSmoothing(isDamped: false), cycles));
        }

        foreach (var season in seasons)
        {
            all.Add(new Candidate(new LastCycle(season), none));
            if (season > LongestSmoothedSeason) continue;
            all.Add(new Candidate(new HoltWinters(season, isFactor: false, hasTrend: true), none));
            all.Add(new Candidate(new HoltWinters(season, isFactor: true, hasTrend: true), none));
            all.Add(new Candidate(new HoltWinters(season, isFactor: false, hasTrend: false), none));
            all.Add(new Candidate(new HoltWinters(season, isFactor: true, hasTrend: false), none));
        }

        return all;
    }
}
