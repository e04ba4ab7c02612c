using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Analytics;

/// <summary>A day of a measure that was out of the ordinary. The value is raw: minor units, millionths, a count.</summary>
public sealed record HubAnomaly(DateOnly Date, long Value, double Score, string Reason);

/// <summary>A measure as the hub shows it. Values are raw: minor units, millionths, counts.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Value">Of the last thirty days; null for a ratio over zero.</param>
/// <param name="Previous">Of the thirty days before them.</param>
/// <param name="ChangeRate">Change against them in millionths; null when there was nothing before.</param>
/// <param name="Weeks">Of thirteen times seven days, the oldest first; null for a ratio over zero.</param>
/// <param name="Anomalies">Of the last thirty days, the latest first.</param>
public sealed record HubMeasure(
    MeasureDeclaration Measure, long? Value, long? Previous, long? ChangeRate, IReadOnlyList<long?> Weeks, IReadOnlyList<HubAnomaly> Anomalies);

/// <summary>A function with its measures that may be seen.</summary>
public sealed record HubFunction(Function Function, IReadOnlyList<HubMeasure> Measures);

/// <summary>A target that the days counted did not reach. Amounts are raw.</summary>
/// <param name="Function">The function.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Target">The target as it was set.</param>
/// <param name="From">First day that counts: of the target and of the last thirty.</param>
/// <param name="To">Last day that counts.</param>
/// <param name="Expected">What these days should have brought: the target's share by days, or all of a ratio's.</param>
/// <param name="Actual">What they brought.</param>
public sealed record MissedTarget(Function Function, MeasureDeclaration Measure, TargetEntry Target, DateOnly From, DateOnly To, long Expected, long Actual)
{
    /// <summary>How far off it is, in millionths of what was expected; null when that was nothing.</summary>
    public long? MissedBy => Dashboards.Change(Actual, Expected);
}

/// <summary>Analytics of all functions on one page.</summary>
/// <param name="From">First day of the thirteen weeks.</param>
/// <param name="Since">First of the last thirty days.</param>
/// <param name="To">The last day that is over.</param>
/// <param name="Functions">Functions with their measures.</param>
/// <param name="Missed">Targets missed, the furthest off first.</param>
public sealed record HubAnswer(DateOnly From, DateOnly Since, DateOnly To, IReadOnlyList<HubFunction> Functions, IReadOnlyList<MissedTarget> Missed);

/// <summary>How all measures of all functions went lately: their weeks, what stood out, and which targets were missed.</summary>
public static class AnalyticsHub
{
    /// <summary>How many weeks the lines go back.</summary>
    public const int Weeks = 13;

    /// <summary>How many days "lately" is.</summary>
    public const int Lately = 30;

    /// <summary>Reads it in two round trips, however long the history: one of targets, one of facts.</summary>
    /// <remarks>
    /// It ends yesterday, as a day that is not over looks like a slump. What stood out is found as a trend by day of the same
    /// thirteen weeks finds it, see <see cref="Trend.Anomalies"/>; a ratio over zero has no value that could. A target of the company counts only for who sees all branches.
    /// </remarks>
    /// <param name="db">A session for reading.</param>
    /// <param name="functions">The functions.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="branch">Codes or ids of branches; null for all that the reader may see.</param>
    /// <param name="today">The reader's business day.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused as <see cref="Demand.Read"/>.</returns>
    public static async Task<Result<HubAnswer>> Read(Db db, IReadOnlyList<Function> functions, Viewer viewer, string? branch, DateOnly today, CancellationToken ct = default)
    {
        var scopes = Scopes.Of(functions, viewer, branch);
        if (scopes.IsRefused) return scopes.Refusal;
        var to = today.AddDays(-1);
        var (from, since) = (to.AddDays(1 - (7 * Weeks)), to.AddDays(1 - Lately));
        var readings = new List<Reading>();
        foreach (var (function, scope) in scopes.Value)
        {
            var measures = function.Measures.Where(measure => ReportSet.Shows(measure, action => viewer.MayAtAll($"{function.Code}.{action}", scope))).ToList();
            if (measures.Count == 0) continue;
            var plan = new FactQuery(function, measures, ["day", "branch"], from, to) { Branches = scope.Filter }.Plan();
            if (plan.IsRefused) return plan.Refusal;
            readings.Add(new Reading(function, scope, plan.Value.Measures, plan.Value.Later(db)));
        }

        var targets = await Targets.Page(db, null, null, since, to, ct);
        await db.Flush(ct);
        var exponent = viewer.Organisation.Company.Currency.Exponent;
        return new HubAnswer(from, since, to,
            [.. readings.Select(reading => new HubFunction(reading.Function, [.. reading.Measures.Select((_, at) => MeasureOf(reading, at, from, since, to, exponent))]))],
            [.. readings.SelectMany(reading => Missed(reading, targets, since, to, exponent)).OrderByDescending(missed => Math.Abs(missed.MissedBy ?? long.MaxValue))]);
    }

    private sealed record Reading(Function Function, BranchScope Scope, IReadOnlyList<MeasureDeclaration> Measures, Deferred<List<FactRow>> Rows)
    {
        /// <summary>The sum of a measure from one day to another, of one branch or of all that were read.</summary>
        public FactSum Sum(int at, DateOnly from, DateOnly to, Guid? branch = null) => Rows.Value
            .Where(row => (DateOnly)row.Keys[0] >= from && (DateOnly)row.Keys[0] <= to && (branch is null || Guid.Parse((string)row.Keys[1]) == branch))
            .Aggregate(FactSum.ZeroOf(Measures[at]), (sum, row) => sum + row.Sums[at]);
    }

    private static HubMeasure MeasureOf(Reading reading, int at, DateOnly from, DateOnly since, DateOnly to, int exponent)
    {
        var measure = reading.Measures[at];
        var days = new FactSum[to.DayNumber - from.DayNumber + 1];
        Array.Fill(days, FactSum.ZeroOf(measure));
        foreach (var row in reading.Rows.Value) days[((DateOnly)row.Keys[0]).DayNumber - from.DayNumber] += row.Sums[at];
        FactSum Of(int first, int count) => days.AsSpan(first, count).ToArray().Aggregate(FactSum.ZeroOf(measure), (sum, day) => sum + day);

        var value = Of(days.Length - Lately, Lately).Value(measure.Type, exponent);
        var previous = Of(days.Length - (2 * Lately), Lately).Value(measure.Type, exponent);
        return new HubMeasure(measure, value, previous, Dashboards.Change(value, previous),
            [.. Enumerable.Range(0, Weeks).Select(week => Of(7 * week, 7).Value(measure.Type, exponent))],
            StoodOut(measure, [.. days.Select(day => day.Value(measure.Type, exponent))], from, since, exponent));
    }

    private static List<HubAnomaly> StoodOut(MeasureDeclaration measure, long?[] days, DateOnly from, DateOnly since, int exponent)
    {
        var unit = MeasureAnalytics.UnitOf(measure.Type, exponent);
        var points = days.Select((value, at) => new TrendPoint(from.AddDays(at).ToDateTime(TimeOnly.MinValue), (value ?? 0) / unit)).ToList();
        return [.. Trend.Anomalies(points, Grain.Day).Select(odd => (Day: DateOnly.FromDateTime(odd.At), Odd: odd)).OrderByDescending(odd => odd.Day)
            .Where(odd => odd.Day >= since && days[odd.Day.DayNumber - from.DayNumber] is not null)
            .Select(odd => new HubAnomaly(odd.Day, days[odd.Day.DayNumber - from.DayNumber]!.Value, odd.Odd.Score, odd.Odd.Reason))];
    }

    private static IEnumerable<MissedTarget> Missed(Reading reading, IReadOnlyList<TargetEntry> targets, DateOnly since, DateOnly to, int exponent)
    {
        foreach (var target in targets.Where(target => target.Function == reading.Function.Code))
        {
            var at = reading.Measures.ToList().FindIndex(measure => measure.Key == target.Measure);
            if (at < 0 || (target.BranchId is { } branch ? !reading.Scope.Ids.Contains(branch) : !reading.Scope.All)) continue;
            var measure = reading.Measures[at];
            var (first, last) = (target.From > since ? target.From : since, target.To < to ? target.To : to);
            var share = measure.Denominator is not null
                ? target.Amount
                : Rounding.DivideToLong((Int128)target.Amount * (last.DayNumber - first.DayNumber + 1), target.To.DayNumber - target.From.DayNumber + 1, Rounding.HalfAwayFromZero);
            if (reading.Sum(at, first, last, target.BranchId).Value(measure.Type, exponent) is not { } actual) continue;
            if (measure.Better == "up" ? actual < share : measure.Better == "down" && actual > share)
                yield return new MissedTarget(reading.Function, measure, target, first, last, share, actual);
        }
    }
}
