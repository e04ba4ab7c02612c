using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>A figure with where it came from.</summary>
/// <param name="Function">Function.</param>
/// <param name="Key">Measure; on dashboards of several functions with the function before it.</param>
/// <param name="Label">Heading.</param>
/// <param name="Type">Type of the value.</param>
/// <param name="Better">up, down or none.</param>
/// <param name="Value">Value of the range; null for a ratio over zero.</param>
/// <param name="Previous">Value of the range before it.</param>
/// <param name="ChangeRate">Change against it in millionths: 125,000 is 12.5 % more; null when there was nothing before.</param>
/// <param name="Spark">Values by day, or by week when the range is longer than two months; null for a ratio over zero.</param>
/// <param name="SparkDays">First days of the values.</param>
public sealed record Kpi(
    Function Function, string Key, string Label, string Type, string Better, long? Value, long? Previous, long? ChangeRate,
    IReadOnlyList<long?> Spark, IReadOnlyList<DateOnly> SparkDays);

/// <summary>A document that waits for somebody.</summary>
public sealed record QueueEntry(Guid Id, string? Number, string Function, string What, long Amount, string Currency, long AgeMinutes);

/// <summary>How many exceptions are not resolved, by severity, and the gravest of them.</summary>
public sealed record ExceptionCounts(long Critical, long High, long Medium, long Low, IReadOnlyList<ExceptionEntry> Top);

/// <summary>Something that happened.</summary>
public sealed record ActivityEntry(
    long Seq, DateTimeOffset At, string User, string Function, string Action, string ObjectKind, Guid? ObjectId, string? Number, Guid? BranchId, string Outcome);

/// <summary>A dashboard.</summary>
public sealed record DashboardAnswer(
    DateOnly From, DateOnly To, IReadOnlyList<Kpi> Kpis, IReadOnlyList<QueueEntry> Queue, ExceptionCounts Exceptions, IReadOnlyList<ActivityEntry> Timeline,
    IReadOnlyList<(Function Function, QuickAction Action)> QuickActions);

/// <summary>What a dashboard was asked: the range and what it is drilled down to.</summary>
/// <param name="From">First business day.</param>
/// <param name="To">Last business day, included.</param>
/// <param name="Branch">Codes or ids of branches; null for all that the reader may see.</param>
/// <param name="Filters">Further filters of the figures: user, shift, category, item, channel, ...</param>
public sealed record DashboardRequest(DateOnly From, DateOnly To, string? Branch, IReadOnlyDictionary<string, string> Filters);

/// <summary>The dashboard of a function, a module or the whole: everything in one round trip, nothing that grows with history.</summary>
public static class Dashboards
{
    private const int QueueLength = 20;
    private const int TimelineLength = 15;
    private const int KpisOfEach = 3;

    /// <summary>Reads the dashboard of one function.</summary>
    /// <returns>Refused as <see cref="FactQuery.Plan"/> and <see cref="Viewer.Scope"/>.</returns>
    public static Task<Result<DashboardAnswer>> OfFunction(Db db, Function function, DashboardRequest request, Viewer viewer, DateTimeOffset now, CancellationToken ct = default) =>
        Read(db, [function], request, viewer, now, all: true, ct);

    /// <summary>Reads the dashboard of several functions: those of them that the reader may see.</summary>
    /// <returns>Refused as <see cref="OfFunction"/>; with <c>PERMISSION_DENIED</c> when none may be seen.</returns>
    public static Task<Result<DashboardAnswer>> OfMany(
        Db db, IReadOnlyList<Function> functions, DashboardRequest request, Viewer viewer, DateTimeOffset now, CancellationToken ct = default)
    {
        var seen = functions.Where(viewer.Sees).ToList();
        return seen.Count == 0
            ? Task.FromResult<Result<DashboardAnswer>>(Commands.CommandRunner.Denied(functions.Count > 0 ? $"{functions[0].Code}.view" : "kernel.view"))
            : Read(db, seen, request, viewer, now, all: false, ct);
    }

    private static async Task<Result<DashboardAnswer>> Read(
        Db db, IReadOnlyList<Function> functions, DashboardRequest request, Viewer viewer, DateTimeOffset now, bool all, CancellationToken ct)
    {
        var figures = new List<(Function Function, FactPlan Plan, Deferred<List<FactRow>> Rows)>();
        var scopes = new List<(Function Function, BranchScope Scope)>();
        var before = Buckets.Compared("previous", null, request.From, request.To);
        foreach (var function in functions)
        {
            var scope = viewer.Scope($"{function.Code}.view", request.Branch);
            if (scope.IsRefused && !all && scope.Refusal.Code == "PERMISSION_DENIED") continue;
            if (scope.IsRefused) return scope.Refusal;
            scopes.Add((function, scope.Value));
            var plan = PlanOf(function, request, before.From, scope.Value, viewer, all);
            if (plan.IsRefused) return plan.Refusal;
            if (plan.Value.Measures.Count > 0) figures.Add((function, plan.Value, plan.Value.Later(db)));
        }

        if (scopes.Count == 0) return Commands.CommandRunner.Denied($"{functions[0].Code}.view");
        var others = scopes.SelectMany(scope => OthersLater(db, scope.Function, scope.Scope, request, before, viewer, prefix: !all)).ToList();
        var queue = Queue.Later(db, scopes, QueueLength);
        var exceptions = RaisedExceptions.CountLater(db, scopes, now);
        var timeline = Activity.Later(db, scopes, TimelineLength);
        await db.Flush(ct);

        var exponent = viewer.Organisation.Company.Currency.Exponent;
        return new DashboardAnswer(request.From, request.To,
            [.. others.Select(other => other()), .. figures.SelectMany(figure => Kpis(figure.Function, figure.Plan, figure.Rows.Value, request, before, exponent, prefix: !all))],
            Queue.Of(queue, now, QueueLength), exceptions(), timeline.Value,
            [.. scopes.SelectMany(scope => scope.Function.QuickActions.Where(action => scope.Scope.Ids.Any(branch => viewer.Actor.May($"{scope.Function.Code}.{action.Action}", branch)))
                .Select(action => (scope.Function, action)))]);
    }

    /// <summary>Asks for the figures that no facts tell, of the range and of the one before it. They are not drilled down by more than the branch.</summary>
    private static IEnumerable<Func<Kpi>> OthersLater(
        Db db, Function function, BranchScope scope, DashboardRequest request, (DateOnly From, DateOnly To) before, Viewer viewer, bool prefix)
    {
        if (request.Filters.Count > 0) yield break;
        foreach (var figure in function.KpiFigures.Where(figure => figure.Permission is null || viewer.MayAtAll($"{function.Code}.{figure.Permission}", scope)))
        {
            Deferred<List<(long? Above, long? Below)>> Ask(DateOnly from, DateOnly to) => db.Later(
                figure.Read(new KpiQuestion(db.Engine, from, to, scope.Filter)), row => (row.LongOrNull(0), figure.Type == "rate" ? row.LongOrNull(1) : null));
            long? Told(Deferred<List<(long? Above, long? Below)>> asked) => asked.Value is not [var (above, below)] ? null
                : figure.Type != "rate" ? above : below is null or 0 ? null : Rounding.DivideToLong((Int128)(above ?? 0) * 1_000_000, below.Value, Rounding.HalfAwayFromZero);
            var (now, then) = (Ask(request.From, request.To), Ask(before.From, before.To));
            yield return () => new Kpi(function, prefix ? $"{function.Code}:{figure.Key}" : figure.Key, prefix ? $"{function.Name}: {figure.Label}" : figure.Label,
                figure.Type, figure.Better, Told(now), Told(then), Change(Told(now), Told(then)), [], []);
        }
    }

    private static Result<FactPlan> PlanOf(Function function, DashboardRequest request, DateOnly from, BranchScope scope, Viewer viewer, bool all)
    {
        var measures = function.KpiMeasures.Select(key => function.Measures.First(measure => measure.Key == key))
            .Where(measure => ReportSet.Shows(measure, action => viewer.MayAtAll($"{function.Code}.{action}", scope)));
        // Both ranges and the sparkline come from one reading by day.
        return new FactQuery(function, [.. all ? measures : measures.Take(KpisOfEach)], ["day"], from, request.To) { Branches = scope.Filter, Filters = request.Filters }.Plan();
    }

    private static IEnumerable<Kpi> Kpis(
        Function function, FactPlan plan, List<FactRow> rows, DashboardRequest request, (DateOnly From, DateOnly To) before, int exponent, bool prefix)
    {
        var bucket = request.To.DayNumber - request.From.DayNumber > 62 ? "week" : "day";
        var starts = Buckets.Starts(bucket, request.From, request.To);
        var places = starts.Select((start, place) => (start, place)).ToDictionary(pair => pair.start, pair => pair.place);
        for (var at = 0; at < plan.Measures.Count; at++)
        {
            var measure = plan.Measures[at];
            var (now, then) = (FactSum.ZeroOf(measure), FactSum.ZeroOf(measure));
            var spark = starts.Select(_ => FactSum.ZeroOf(measure)).ToArray();
            foreach (var row in rows)
            {
                var day = (DateOnly)row.Keys[0];
                if (day <= before.To)
                {
                    then += row.Sums[at];
                    continue;
                }

                now += row.Sums[at];
                spark[places[Buckets.Of(bucket, day).From]] += row.Sums[at];
            }

            var (value, previous) = (now.Value(measure.Type, exponent), then.Value(measure.Type, exponent));
            yield return new Kpi(function, prefix ? $"{function.Code}:{measure.Key}" : measure.Key, prefix ? $"{function.Name}: {measure.Label}" : measure.Label,
                measure.Type, measure.Better, value, previous, Change(value, previous), [.. spark.Select(sum => sum.Value(measure.Type, exponent))], starts);
        }
    }

    /// <summary>By how much a value changed against one before, in millionths of it; null when that was nothing.</summary>
    public static long? Change(long? value, long? previous) => value is null || previous is null or 0
        ? null
        : Rounding.DivideToLong(((Int128)value.Value - previous.Value) * 1_000_000, Int128.Abs(previous.Value), Rounding.HalfAwayFromZero);
}
