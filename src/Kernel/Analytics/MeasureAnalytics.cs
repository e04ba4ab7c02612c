using System.Globalization;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Analytics;

/// <summary>What analytics were asked: a measure over a range, narrowed as a report is.</summary>
/// <param name="Measure">Key of the measure; null for the function's first.</param>
/// <param name="From">First day; null leaves it to the answer.</param>
/// <param name="To">Last day, included; null for today.</param>
/// <param name="Branch">Codes or ids of branches; null for all that the reader may see.</param>
/// <param name="Filters">Further filters by the keys of dimensions.</param>
public sealed record AnalyticsRequest(string? Measure, DateOnly? From, DateOnly? To, string? Branch, IReadOnlyDictionary<string, string> Filters);

/// <summary>A bucket of a measure. Values are raw: minor units, millionths, counts.</summary>
public sealed record MeasurePoint(DateOnly Date, long Value, long? Average = null, long? Seasonal = null, double? Score = null, string? Reason = null);

/// <summary>How a measure went.</summary>
public sealed record MeasureTrend(MeasureDeclaration Measure, IReadOnlyList<MeasurePoint> Points, IReadOnlyList<MeasurePoint>? Compare, IReadOnlyList<double> Weekday, string Sentence);

/// <summary>A measure against target and baseline.</summary>
public sealed record MeasureVariance(MeasureDeclaration Measure, long? Actual, long? Target, long? Baseline, VarianceEffects? Effects);

/// <summary>Where a measure concentrates. Cells are raw values.</summary>
public sealed record MeasureHeatmap(string Type, Heatmap Map, string Sentence);

/// <summary>A measure's history and what comes next.</summary>
public sealed record MeasureForecast(MeasureDeclaration Measure, IReadOnlyList<MeasurePoint> History, IReadOnlyList<DateOnly> Days, ForecastResult Forecast);

/// <summary>Analytics of any function from its facts. What is read is bounded by the range, never by the history.</summary>
/// <param name="function">The function.</param>
/// <param name="viewer">Who asks; needs <c>view</c> of the function.</param>
/// <param name="today">The reader's business day.</param>
public sealed class MeasureAnalytics(Function function, Viewer viewer, DateOnly today)
{
    private const int BaselinePeriods = 4;
    private Company Company => viewer.Organisation.Company;

    /// <summary>A measure by day, week or month, with its moving average, its weekdays and what was out of the ordinary.</summary>
    /// <returns>Refused as <see cref="FactQuery.Plan"/>; with <c>MEASURE_UNKNOWN</c> or <c>PARAMETER_INVALID</c>.</returns>
    public async Task<Result<MeasureTrend>> Trend(Db db, AnalyticsRequest request, string bucket, string? compare, CancellationToken ct = default)
    {
        if (bucket is not ("day" or "week" or "month")) return Refusals.ParameterInvalid("bucket", bucket);
        if (compare is not (null or "" or "previous" or "year")) return Refusals.ParameterInvalid("compare", compare);
        var to = request.To ?? today;
        var from = request.From ?? bucket switch { "week" => Buckets.Of("week", to.AddDays(-180)).From, "month" => new DateOnly(to.Year, to.Month, 1).AddMonths(-11), _ => to.AddDays(-59) };
        var plan = Plan(request, ["day"], from, to);
        if (plan.IsRefused) return plan.Refusal;
        var measure = plan.Value.Measures[0];
        var other = string.IsNullOrEmpty(compare) ? default : Buckets.Compared(compare, bucket, from, to);
        var otherPlan = string.IsNullOrEmpty(compare) ? default : Plan(request, ["day"], other.From, other.To);
        if (otherPlan.IsRefused) return otherPlan.Refusal;
        var reading = plan.Value.Later(db);
        var readingOther = string.IsNullOrEmpty(compare) ? null : otherPlan.Value.Later(db);
        await db.Flush(ct);

        var days = Fold(reading.Value, measure, "day", from, to);
        var series = bucket == "day" ? days : Fold(reading.Value, measure, bucket, from, to);
        var points = series.Select(point => new TrendPoint(point.Date.ToDateTime(TimeOnly.MinValue), point.Value)).ToList();
        var averages = Analytics.Trend.MovingAverage([.. points.Select(point => point.Value)], bucket switch { "day" => 7, "week" => 4, _ => 3 });
        var weekday = Analytics.Trend.ByWeekday([.. days.Select(point => new TrendPoint(point.Date.ToDateTime(TimeOnly.MinValue), point.Value))])
            .OrderBy(index => index.Place).Select(index => index.Index).ToList();
        // Sentences about single values are in the units that people read.
        var unit = UnitOf(measure.Type, Company.Currency.Exponent);
        var odd = Analytics.Trend.Anomalies([.. points.Select(point => point with { Value = point.Value / unit })], bucket switch { "day" => Grain.Day, "week" => Grain.Week, _ => Grain.Month }).ToDictionary(anomaly => DateOnly.FromDateTime(anomaly.At));
        var told = series.Select((point, at) => point with
        {
            Average = Whole(averages[at]),
            Seasonal = bucket == "day" && weekday.Count == 7 && averages[at] is { } level ? Whole(level * weekday[((int)point.Date.DayOfWeek + 6) % 7]) : null,
            Score = odd.TryGetValue(point.Date, out var anomaly) ? anomaly.Score : null,
            Reason = anomaly?.Reason,
        }).ToList();
        var compared = readingOther is null ? null : Fold(readingOther.Value, measure, bucket, other.From, other.To);
        return new MeasureTrend(measure, told, compared, weekday, TrendSentence(measure, reading.Value, readingOther?.Value, from, to, weekday, odd.Count));
    }

    /// <summary>The KPI measures against their targets and against the mean of the four equal periods before.</summary>
    /// <remarks>
    /// A target that covers the range in part counts by its days. Ratios have no target in proportion: theirs is the one that covers
    /// the range, and their baseline is the ratio over all four periods. Volume, price and mix are told of the first measure of
    /// money that lines know, against the baseline, by item.
    /// </remarks>
    /// <returns>Refused as <see cref="FactQuery.Plan"/>.</returns>
    public async Task<Result<IReadOnlyList<MeasureVariance>>> Variance(Db db, AnalyticsRequest request, CancellationToken ct = default)
    {
        var to = request.To ?? today;
        var from = request.From ?? new DateOnly(to.Year, to.Month, 1);
        var days = to.DayNumber - from.DayNumber + 1;
        if (days < 1) return Refusals.RangeInvalid();
        var start = from.AddDays(-days * BaselinePeriods);
        var scope = viewer.Scope($"{function.Code}.view", request.Branch);
        if (scope.IsRefused) return scope.Refusal;
        var shown = Shown(scope.Value);
        var kpis = request.Measure is null
            ? function.KpiMeasures.Select(key => shown.FirstOrDefault(measure => measure.Key == key)).OfType<MeasureDeclaration>().ToList()
            : [.. shown.Where(measure => measure.Key == request.Measure)];
        if (kpis.Count == 0) return Refusals.MeasureUnknown(request.Measure ?? "");
        var plan = Query(request, scope.Value, kpis, ["day"], start, to).Plan();
        if (plan.IsRefused) return plan.Refusal;
        var reading = plan.Value.Later(db);
        var targets = db.Later($"""
            select measure, branch_id, start_date, end_date, amount from target where function = {function.Code} and start_date <= {to} and end_date >= {from}
            """, row => new Target(row.Text(0), row.Text(1), row.Date(2), row.Date(3), row.Long(4)));
        await db.Flush(ct);

        var exponent = Company.Currency.Exponent;
        var cards = new List<MeasureVariance>();
        for (var at = 0; at < plan.Value.Measures.Count; at++)
        {
            var measure = plan.Value.Measures[at];
            var place = at;
            var actual = Sum(measure, reading.Value.Where(row => (DateOnly)row.Keys[0] >= from).Select(row => row.Sums[place]));
            var before = Sum(measure, reading.Value.Where(row => (DateOnly)row.Keys[0] < from).Select(row => row.Sums[place]));
            var baseline = before.Value(measure.Type, exponent) is { } value
                ? measure.Denominator is null ? Rounding.DivideToLong(value, BaselinePeriods, Rounding.HalfAwayFromZero) : value
                : (long?)null;
            cards.Add(new MeasureVariance(measure, actual.Value(measure.Type, exponent), TargetOf(measure, targets.Value, scope.Value, from, to), baseline, null));
        }

        return Result.Of<IReadOnlyList<MeasureVariance>>(await WithEffects(db, request, scope.Value, cards, start, from, to, ct));
    }

    /// <summary>Where exceptions, or a measure, concentrate on two dimensions.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="request">The measure: <c>exceptions</c> when null.</param>
    /// <param name="rows">weekday, branch or rule; for a measure any dimension.</param>
    /// <param name="columns">hour, branch or rule; for a measure any dimension.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused as <see cref="FactQuery.Plan"/>; with <c>PARAMETER_INVALID</c> when rows and columns are the same or unknown.</returns>
    public async Task<Result<MeasureHeatmap>> Heatmap(Db db, AnalyticsRequest request, string rows, string columns, CancellationToken ct = default)
    {
        var to = request.To ?? today;
        var from = request.From ?? to.AddDays(-89);
        if (rows == columns) return Refusals.ParameterInvalid("columns", columns);
        if (to < from || to.DayNumber - from.DayNumber > FactQuery.LongestDays) return Refusals.RangeInvalid();
        var counted = request.Measure is null or "exceptions"
            ? await RaisedBy(db, request, rows, columns, from, to, ct)
            : await MeasuredBy(db, request, rows, columns, from, to, ct);
        if (counted.IsRefused) return counted.Refusal;
        var (cells, type) = counted.Value;
        var map = Analytics.Heatmap.Of(cells, Axis(rows), Axis(columns));
        var most = map.Fullest.Count == 0 ? "Nothing was counted." : FormattableString.Invariant(
            $"{map.Fullest[0].Row}, {map.Fullest[0].Column} holds most ({map.Fullest[0].Share:P0}); {map.CellsForMost} of {map.Rows.Count * map.Columns.Count} cells hold four fifths of all.");
        return new MeasureHeatmap(type, map, most);
    }

    /// <summary>What a measure will be, from its own past, up to the last complete bucket.</summary>
    /// <returns>Refused as <see cref="FactQuery.Plan"/>; with <c>MEASURE_UNKNOWN</c> or <c>PARAMETER_INVALID</c>.</returns>
    public async Task<Result<MeasureForecast>> Forecast(Db db, AnalyticsRequest request, string bucket, int? horizon, CancellationToken ct = default)
    {
        if (bucket is not ("day" or "week" or "month")) return Refusals.ParameterInvalid("bucket", bucket);
        var ahead = horizon ?? bucket switch { "day" => 14, "week" => 8, _ => 6 };
        if (ahead is < 1 or > 92) return Refusals.ParameterInvalid("horizon", ahead.ToString(CultureInfo.InvariantCulture));
        var to = Buckets.Of(bucket, request.To ?? today).From.AddDays(-1);
        var from = request.From ?? bucket switch { "day" => to.AddDays(-371), "week" => Buckets.Of("week", to.AddDays(-7 * 103)).From, _ => new DateOnly(to.Year, to.Month, 1).AddMonths(-35) };
        var plan = Plan(request, [bucket], from, to);
        if (plan.IsRefused) return plan.Refusal;
        var rows = await plan.Value.Run(db, ct);
        var history = Fold(rows, plan.Value.Measures[0], bucket, from, to).ToList();
        // Days before the first sale are no history.
        var first = rows.Count == 0 ? history.Count - 1 : history.FindIndex(point => point.Date == rows.Min(row => (DateOnly)row.Keys[0]));
        history = history[Math.Max(0, first)..];
        var forecast = Forecasts.Of(new ForecastRequest([.. history.Select(point => (double)point.Value)], ahead)
        {
            SeasonLengths = bucket switch { "day" => [7], "month" => [12], _ => [] },
            NeverNegative = history.TrueForAll(point => point.Value >= 0),
        });
        var next = history[^1].Date;
        var days = new List<DateOnly>();
        for (var at = 0; at < ahead; at++) days.Add(next = Buckets.Of(bucket, next).To);
        return new MeasureForecast(plan.Value.Measures[0], history, days, forecast);
    }

    /// <summary>How many raw units one unit that people read is: 100 for money with two decimals.</summary>
    internal static double UnitOf(string type, int exponent) => type switch { "money" => Math.Pow(10, exponent), "quantity" or "price" or "rate" or "number" => 1e6, _ => 1 };

    private Result<FactPlan> Plan(AnalyticsRequest request, IReadOnlyList<string> groups, DateOnly from, DateOnly to)
    {
        var scope = viewer.Scope($"{function.Code}.view", request.Branch);
        if (scope.IsRefused) return scope.Refusal;
        var measure = request.Measure is null ? Shown(scope.Value).FirstOrDefault() : Shown(scope.Value).FirstOrDefault(m => m.Key == request.Measure);
        if (measure is null) return Refusals.MeasureUnknown(request.Measure ?? "");
        var plan = Query(request, scope.Value, [measure], groups, from, to).Plan();
        return !plan.IsRefused && plan.Value.Measures.Count == 0 ? Refusals.MeasureUnknown(measure.Key) : plan;
    }

    private List<MeasureDeclaration> Shown(BranchScope scope) =>
        [.. function.Measures.Where(measure => ReportSet.Shows(measure, action => viewer.MayAtAll($"{function.Code}.{action}", scope)))];

    private FactQuery Query(AnalyticsRequest request, BranchScope scope, IReadOnlyList<MeasureDeclaration> measures, IReadOnlyList<string> groups, DateOnly from, DateOnly to) =>
        new(function, measures, groups, from, to) { Branches = scope.Filter, Filters = request.Filters };

    private List<MeasurePoint> Fold(List<FactRow> rows, MeasureDeclaration measure, string bucket, DateOnly from, DateOnly to)
    {
        var sums = Buckets.Starts(bucket, from, to).ToDictionary(start => start, _ => FactSum.ZeroOf(measure));
        foreach (var row in rows) sums[Buckets.Of(bucket, (DateOnly)row.Keys[0]).From] += row.Sums[0];
        return [.. sums.Select(pair => new MeasurePoint(pair.Key, pair.Value.Value(measure.Type, Company.Currency.Exponent) ?? 0))];
    }

    private static FactSum Sum(MeasureDeclaration measure, IEnumerable<FactSum> sums) => sums.Aggregate(FactSum.ZeroOf(measure), (all, one) => all + one);

    private static long? Whole(double? value) => value is { } number ? checked((long)Math.Round(number, MidpointRounding.AwayFromZero)) : null;

    private async Task<IReadOnlyList<MeasureVariance>> WithEffects(
        Db db, AnalyticsRequest request, BranchScope scope, List<MeasureVariance> cards, DateOnly start, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var place = cards.FindIndex(card => card.Measure is { Type: "money", LineGrain: true, Denominator: null });
        if (place < 0 || function.Measures.FirstOrDefault(measure => measure is { Type: "quantity", LineGrain: true, Denominator: null }) is not { } units) return cards;
        var now = Query(request, scope, [cards[place].Measure, units], ["item"], from, to).Plan();
        var before = Query(request, scope, [cards[place].Measure, units], ["item"], start, from.AddDays(-1)).Plan();
        if (now.IsRefused || before.IsRefused) return cards;
        var (actual, baseline) = (now.Value.Later(db), before.Value.Later(db));
        await db.Flush(ct);

        // Four times the actual against the sum of four periods: nothing is rounded before the end.
        var (actuals, baselines) = (ByItem(actual.Value, BaselinePeriods), ByItem(baseline.Value, 1));
        var lines = actuals.Keys.Union(baselines.Keys).Order(StringComparer.Ordinal).Select(item =>
        {
            var (a, b) = (actuals.GetValueOrDefault(item), baselines.GetValueOrDefault(item));
            return new VarianceLine(item, (a.Quantity, b.Quantity), (a.Amount, b.Amount));
        }).ToList();
        if (Analytics.Variance.Of(lines).Effects is not { } whole || cards[place] is not { Actual: { } value, Baseline: { } against }) return cards;
        var volume = Rounding.DivideToLong(whole.Volume, BaselinePeriods, Rounding.HalfAwayFromZero);
        var price = Rounding.DivideToLong(whole.Price, BaselinePeriods, Rounding.HalfAwayFromZero);
        cards[place] = cards[place] with { Effects = new VarianceEffects(volume, checked(value - against - volume - price), price) };
        return cards;
    }

    private static Dictionary<string, (long Quantity, long Amount)> ByItem(List<FactRow> rows, long times) =>
        rows.ToDictionary(row => (string)row.Keys[0], row => (checked(row.Sums[1].Above * times), checked(row.Sums[0].Above * times)));

    private sealed record Target(string Measure, string Branch, DateOnly Start, DateOnly End, long Amount);

    private static long? TargetOf(MeasureDeclaration measure, List<Target> targets, BranchScope scope, DateOnly from, DateOnly to)
    {
        var own = targets.Where(target => target.Measure == measure.Key).ToList();
        // The company's own target counts for the whole; otherwise those of the branches shown.
        var chosen = scope.All && own.Exists(target => target.Branch.Length == 0)
            ? own.Where(target => target.Branch.Length == 0).ToList()
            : own.Where(target => Guid.TryParse(target.Branch, out var branch) && scope.Ids.Contains(branch)).ToList();
        if (measure.Denominator is not null) return chosen.Find(target => target.Start <= from && target.End >= to)?.Amount;
        if (chosen.Count == 0) return null;
        long sum = 0;
        foreach (var target in chosen)
        {
            var first = target.Start > from ? target.Start : from;
            var last = target.End < to ? target.End : to;
            var days = last.DayNumber - first.DayNumber + 1;
            sum = checked(sum + Rounding.DivideToLong((Int128)target.Amount * days, target.End.DayNumber - target.Start.DayNumber + 1, Rounding.HalfAwayFromZero));
        }

        return sum;
    }

    private async Task<Result<(List<(string, string, long)> Cells, string Type)>> RaisedBy(
        Db db, AnalyticsRequest request, string rows, string columns, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var scope = viewer.Scope($"{function.Code}.view", request.Branch);
        if (scope.IsRefused) return scope.Refusal;
        if (Expression(db.Engine, rows) is not { } r) return Refusals.ParameterInvalid("rows", rows);
        if (Expression(db.Engine, columns) is not { } c) return Refusals.ParameterInvalid("columns", columns);
        var branches = scope.Value.All ? Sql.Raw("") : $" and branch_id {Sql.List(scope.Value.Ids)}";
        var counts = await db.Query($"""
            select {Sql.Raw(r)}, {Sql.Raw(c)}, count(*) from exception_item
            where function = {function.Code} and business_date >= {from} and business_date <= {to}{branches} group by 1, 2
            """, row => (Name(rows, row.Text(0)), Name(columns, row.Text(1)), row.Long(2)), ct);
        return (counts, "integer");
    }

    private async Task<Result<(List<(string, string, long)> Cells, string Type)>> MeasuredBy(
        Db db, AnalyticsRequest request, string rows, string columns, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var plan = Plan(request, [rows, columns], from, to);
        if (plan.IsRefused) return plan.Refusal;
        var measure = plan.Value.Measures[0];
        var found = await plan.Value.Run(db, ct);
        var labels = await Labels.For(db, viewer.Organisation, plan.Value.Groups, [.. found.Select(row => row.Keys)], ct);
        return (found.Select(row => (Cell(0, row), Cell(1, row), Math.Max(0, row.Sums[0].Value(measure.Type, Company.Currency.Exponent) ?? 0))).ToList(), measure.Type);
        string Cell(int at, FactRow row) => labels.Of(plan.Value.Groups[at], row.Keys[at]) switch
        {
            null => "-",
            long hour => $"{hour:00}",
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            var name => (string)name,
        };
    }

    private static string? Expression(Engine engine, string axis) => axis switch
    {
        "weekday" => $"cast({FactColumns.WeekdayOf(engine, "business_date")} as text)",
        "hour" => "cast(hour as text)",
        "branch" => "cast(branch_id as text)",
        "rule" => "rule",
        _ => null,
    };

    private string Name(string axis, string key) => axis switch
    {
        "weekday" => Labels.Weekday(int.Parse(key, CultureInfo.InvariantCulture)),
        "hour" => key.PadLeft(2, '0'),
        "branch" => viewer.BranchName(Guid.Parse(key)),
        _ => key,
    };

    private static IReadOnlyList<string>? Axis(string axis) => axis switch
    {
        "weekday" => Analytics.Heatmap.Weekdays,
        "hour" => Analytics.Heatmap.Hours,
        _ => null,
    };

    private string TrendSentence(MeasureDeclaration measure, List<FactRow> rows, List<FactRow>? others, DateOnly from, DateOnly to, List<double> weekday, int odd)
    {
        var exponent = Company.Currency.Exponent;
        var value = Sum(measure, rows.Select(row => row.Sums[0])).Value(measure.Type, exponent);
        var sentence = $"{measure.Label} from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}: {Reporting.Shown.Of(value ?? 0, measure.Type, exponent)}";
        if (others is not null && Dashboards.Change(value, Sum(measure, others.Select(row => row.Sums[0])).Value(measure.Type, exponent)) is { } change)
            sentence += FormattableString.Invariant($", {Math.Abs(change) / 10_000m:0.0} % {(change < 0 ? "less" : "more")} than in the period compared");
        if (weekday.Count == 7) sentence += $"; {Labels.Weekday(weekday.IndexOf(weekday.Max()) + 1)} is the strongest day";
        return sentence + odd switch { 0 => ".", 1 => "; one value is out of the ordinary.", _ => $"; {odd} values are out of the ordinary." };
    }
}
