using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>How a day goes by hour against the same weekday's usual. Values are raw: minor units, millionths, counts.</summary>
/// <param name="Function">The function.</param>
/// <param name="Measure">Its first measure that is a plain sum and may be seen.</param>
/// <param name="Today">The day's hours, 0 to 23; null for those that are still to come.</param>
/// <param name="Usual">The median of each hour over <paramref name="Weeks"/>.</param>
/// <param name="Weeks">On how many of the eight weeks before it rests: not on those before the first fact.</param>
/// <param name="SoFar">The sum of the hours that are over.</param>
/// <param name="UsualSoFar">The sum of the same hours' usual.</param>
public sealed record DemandSeries(
    Function Function, MeasureDeclaration Measure, IReadOnlyList<long?> Today, IReadOnlyList<long> Usual, int Weeks, long SoFar, long UsualSoFar)
{
    /// <summary>By how much the hours that are over differ from their usual, in millionths; null when nothing is usual.</summary>
    public long? ChangeRate => Dashboards.Change(SoFar, UsualSoFar);
}

/// <summary>The demand of a day.</summary>
/// <param name="Day">The business day.</param>
/// <param name="Hour">The hour that runs, 0 to 23.</param>
/// <param name="Series">One for each function that had any; in the order of the functions.</param>
public sealed record DemandCurve(DateOnly Day, int Hour, IReadOnlyList<DemandSeries> Series);

/// <summary>Reads the hourly demand of today.</summary>
public static class Demand
{
    /// <summary>How many weeks back the usual looks.</summary>
    public const int Weeks = 8;

    private const int Hours = 24;

    /// <summary>Today by hour of all functions that the reader may see, in one round trip.</summary>
    /// <remarks>
    /// Usual is the median, so that one holiday does not bend it: of 100, 120 and 0 it is 100. Of an even number of weeks it is the
    /// mean of the two in the middle, half away from zero. Hours are those of the branch where something happened.
    /// </remarks>
    /// <param name="db">A session for reading.</param>
    /// <param name="functions">The functions.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="branch">Codes or ids of branches; null for all that the reader may see.</param>
    /// <param name="now">The day and the hour at the reader's branch.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused as <see cref="FactQuery.Plan"/> and <see cref="Viewer.Scope"/>; with <c>PERMISSION_DENIED</c> when no function may be seen.</returns>
    public static async Task<Result<DemandCurve>> Read(
        Db db, IReadOnlyList<Function> functions, Viewer viewer, string? branch, (DateOnly Day, int Hour) now, CancellationToken ct = default)
    {
        var scopes = Scopes.Of(functions, viewer, branch);
        if (scopes.IsRefused) return scopes.Refusal;
        var weekday = new Dictionary<string, string>(StringComparer.Ordinal) { ["weekday"] = $"{(((int)now.Day.DayOfWeek + 6) % 7) + 1}" };
        var readings = new List<(Function Function, MeasureDeclaration Measure, Deferred<List<FactRow>> Rows)>();
        foreach (var (function, scope) in scopes.Value)
        {
            var measure = function.Measures.FirstOrDefault(one => one.Denominator is null && ReportSet.Shows(one, action => viewer.MayAtAll($"{function.Code}.{action}", scope)));
            if (measure is null) continue;
            var plan = new FactQuery(function, [measure], ["day", "hour"], now.Day.AddDays(-7 * Weeks), now.Day) { Branches = scope.Filter, Filters = weekday }.Plan();
            if (plan.IsRefused) return plan.Refusal;
            readings.Add((function, measure, plan.Value.Later(db)));
        }

        await db.Flush(ct);
        var exponent = viewer.Organisation.Company.Currency.Exponent;
        return new DemandCurve(now.Day, now.Hour,
            [.. readings.Where(reading => reading.Rows.Value.Count > 0).Select(reading => Series(reading.Function, reading.Measure, reading.Rows.Value, now, exponent))]);
    }

    private static DemandSeries Series(Function function, MeasureDeclaration measure, List<FactRow> rows, (DateOnly Day, int Hour) now, int exponent)
    {
        var days = rows.GroupBy(row => (DateOnly)row.Keys[0]).ToDictionary(day => day.Key, day => ByHour(day, measure, exponent));
        var first = days.Keys.Min();
        var before = Enumerable.Range(1, Weeks).Select(week => now.Day.AddDays(-7 * week)).Where(day => day >= first).ToList();
        var nothing = new long[Hours];
        var usual = Enumerable.Range(0, Hours).Select(hour => Median([.. before.Select(day => days.GetValueOrDefault(day, nothing)[hour])])).ToList();
        var today = days.GetValueOrDefault(now.Day, nothing);
        long soFar = 0, usualSoFar = 0;
        for (var hour = 0; hour < now.Hour; hour++) (soFar, usualSoFar) = checked((soFar + today[hour], usualSoFar + usual[hour]));
        // A branch further east may have had an hour that is still to come here.
        return new DemandSeries(function, measure, [.. today.Select((value, hour) => hour > now.Hour && value == 0 ? (long?)null : value)], usual, before.Count, soFar, usualSoFar);
    }

    private static long[] ByHour(IEnumerable<FactRow> rows, MeasureDeclaration measure, int exponent)
    {
        var hours = new long[Hours];
        foreach (var row in rows) hours[(int)Math.Clamp((long)row.Keys[1], 0, Hours - 1)] += row.Sums[0].Value(measure.Type, exponent) ?? 0;
        return hours;
    }

    private static long Median(List<long> values)
    {
        if (values.Count == 0) return 0;
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : Rounding.DivideToLong((Int128)values[middle - 1] + values[middle], 2, Rounding.HalfAwayFromZero);
    }
}

/// <summary>Which functions a reader sees at which of the branches they chose.</summary>
internal static class Scopes
{
    /// <summary>Those of the functions that may be seen at all the branches chosen.</summary>
    /// <returns>Refused with <c>FILTER_INVALID</c> for a branch there is not, <c>PERMISSION_DENIED</c> when nothing is left.</returns>
    public static Result<IReadOnlyList<(Function Function, BranchScope Scope)>> Of(IReadOnlyList<Function> functions, Viewer viewer, string? branch)
    {
        var scopes = new List<(Function, BranchScope)>();
        foreach (var function in functions)
        {
            var scope = viewer.Scope($"{function.Code}.view", branch);
            if (scope.IsRefused && scope.Refusal.Code != "PERMISSION_DENIED") return scope.Refusal;
            if (!scope.IsRefused) scopes.Add((function, scope.Value));
        }

        return scopes.Count > 0 ? scopes : Commands.CommandRunner.Denied(functions.Count > 0 ? $"{functions[0].Code}.view" : "kernel.view");
    }
}
