using System.Globalization;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>A report over facts: rows by time and dimensions, exact totals, another range beside it, and where each row leads.</summary>
internal sealed class FactReport(ReportDescription description, FactQuery query, ReportRequest request, Viewer viewer)
{
    private readonly int exponent = viewer.Organisation.Company.Currency.Exponent;

    public async Task<Result<ReportAnswer>> Run(Db db, int offset, CancellationToken ct)
    {
        var planned = query.Plan();
        if (planned.IsRefused) return planned.Refusal;
        var plan = planned.Value;
        var compare = string.IsNullOrEmpty(request.Compare) ? null : request.Compare;
        var bucket = plan.Groups.FirstOrDefault(group => group.IsTime)?.Key;
        var other = compare is null ? default : Buckets.Compared(compare, bucket, query.From, query.To);
        var otherPlan = compare is null ? default : (query with { From = other.From, To = other.To }).Plan();
        if (otherPlan.IsRefused) return otherPlan.Refusal;

        // Both ranges in one round trip.
        var reading = plan.Later(db);
        var readingOther = compare is null ? null : otherPlan.Value.Later(db);
        await db.Flush(ct);
        var rows = reading.Value;
        if (rows.Count > FactQuery.MostRows) return Refusals.ReportTooLarge(FactQuery.MostRows);
        if (bucket is not null && plan.Groups.Count == 1) AddEmpty(rows, bucket, plan.Measures);
        rows.Sort((left, right) => Order(plan, left, right));

        var page = rows.Skip(offset).Take(request.Limit).ToList();
        var labels = await Labels.For(db, viewer.Organisation, plan.Groups, [.. page.Select(row => row.Keys)], ct);
        var answer = new ReportAnswer(description.Code, $"{query.Function.Name}: {description.Name}", query.From, query.To, Columns(plan),
            [.. page.Select(row => Line(plan, labels, row.Keys, row.Sums, drill: true))], Totals(plan, rows),
            Next: rows.Count > offset + request.Limit ? ReportSet.Cursor(offset + request.Limit) : null);
        return readingOther is null
            ? answer
            : answer with { Compare = Compared(plan, labels, page, readingOther.Value, compare!, bucket, other) };
    }

    private static IReadOnlyList<ReportField> Columns(FactPlan plan) =>
    [
        .. plan.Groups.Select(group => new ReportField(group.Key, group.Label, group.Key == "weekday" ? "text" : group.Type)),
        .. plan.Measures.Select(measure => new ReportField(measure.Key, measure.Label, measure.Type)),
    ];

    private ReportLine Line(FactPlan plan, Labels labels, object[] keys, FactSum[]? sums, bool drill)
    {
        var cells = new object?[keys.Length + plan.Measures.Count];
        for (var at = 0; at < keys.Length; at++) cells[at] = labels.Of(plan.Groups[at], keys[at]);
        for (var at = 0; sums is not null && at < sums.Length; at++) cells[keys.Length + at] = sums[at].Value(plan.Measures[at].Type, exponent);
        return new ReportLine(KeyOf(keys), cells, drill ? Drill(plan, keys) : null);
    }

    private object?[] Totals(FactPlan plan, IEnumerable<FactRow> rows)
    {
        var sums = plan.Measures.Select(FactSum.ZeroOf).ToArray();
        foreach (var row in rows)
            for (var at = 0; at < sums.Length; at++) sums[at] += row.Sums[at];
        return [.. plan.Groups.Select(_ => (object?)null), .. sums.Select((sum, at) => (object?)sum.Value(plan.Measures[at].Type, exponent))];
    }

    private ReportComparison Compared(
        FactPlan plan, Labels labels, List<FactRow> page, List<FactRow> others, string compare, string? bucket, (DateOnly From, DateOnly To) other)
    {
        var byKey = others.ToDictionary(row => KeyOf(row.Keys));
        var lines = page.Select(row =>
        {
            var keys = (object[])row.Keys.Clone();
            if (bucket is not null)
            {
                if (Buckets.Counterpart(compare, bucket, (DateOnly)keys[0], query.From, other.From) is not { } day)
                    return new ReportLine(null, new object?[keys.Length + plan.Measures.Count], null);
                keys[0] = day;
            }

            return Line(plan, labels, keys, byKey.GetValueOrDefault(KeyOf(keys))?.Sums, drill: false);
        });
        return new ReportComparison(other.From, other.To, [.. lines], Totals(plan, others));
    }

    /// <summary>What shows the row's parts: its days, the next finer bucket, its members.</summary>
    private Dictionary<string, string> Drill(FactPlan plan, object[] keys)
    {
        var drill = new Dictionary<string, string>(query.Filters, StringComparer.Ordinal);
        if (!string.IsNullOrEmpty(request.Branch)) drill["branch"] = request.Branch;
        var (from, to) = (query.From, query.To);
        for (var at = 0; at < keys.Length; at++)
        {
            var group = plan.Groups[at];
            if (keys[at] is DateOnly start)
            {
                var days = Buckets.Of(group.Key, start);
                (from, to) = (days.From > from ? days.From : from, days.To.AddDays(-1) < to ? days.To.AddDays(-1) : to);
                if (group.Key != "day") drill["period"] = group.Key == "month" ? "week" : "day";
            }
            else if (group.Key != "weekday")
            {
                drill[group.Key] = KeyText(keys[at]) is { Length: > 0 } text ? text : Dimension.None;
            }
        }

        drill["from"] = Day(from);
        drill["to"] = Day(to);
        return drill;
    }

    /// <summary>By time; then the greatest first measure first; then by key, so that the order is always the same.</summary>
    private static int Order(FactPlan plan, FactRow left, FactRow right)
    {
        for (var at = 0; at < left.Keys.Length; at++)
        {
            if (!plan.Groups[at].IsTime && plan.Groups[at].Key is not ("hour" or "weekday")) continue;
            var order = ((IComparable)left.Keys[at]).CompareTo(right.Keys[at]);
            if (order != 0) return order;
        }

        if (left.Sums.Length > 0)
        {
            var order = right.Sums[0].Above.CompareTo(left.Sums[0].Above);
            if (order != 0) return order;
        }

        return string.CompareOrdinal(KeyOf(left.Keys), KeyOf(right.Keys));
    }

    private void AddEmpty(List<FactRow> rows, string bucket, IReadOnlyList<MeasureDeclaration> measures)
    {
        var there = rows.Select(row => (DateOnly)row.Keys[0]).ToHashSet();
        foreach (var start in Buckets.Starts(bucket, query.From, query.To))
            if (there.Add(start)) rows.Add(new FactRow([start], [.. measures.Select(FactSum.ZeroOf)]));
    }

    private static string KeyOf(object[] keys) => string.Join('|', keys.Select(KeyText));

    private static string KeyText(object key) => key switch
    {
        DateOnly day => Day(day),
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => (string)key,
    };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
