using System.Globalization;
using System.Runtime.CompilerServices;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>A report over facts: rows by time and dimensions, subtotals, exact totals, another range beside it, and where each row leads.</summary>
internal sealed class FactReport
{
    private const int RowsAtOnce = 1_000;
    private readonly ReportDescription description;
    private readonly FactQuery query;
    private readonly ReportRequest request;
    private readonly Viewer viewer;
    private readonly FactPlan plan;
    private readonly Comparison? comparison;
    private readonly FactStatement statement;
    private readonly ReportDrill drill;
    private readonly string? bucket;
    private readonly int exponent;

    private FactReport(ReportDescription description, FactQuery query, ReportRequest request, Viewer viewer, FactPlan plan, FactPlan? other, Comparison? comparison, Engine engine)
    {
        (this.description, this.query, this.request, this.viewer, this.plan, this.comparison) = (description, query, request, viewer, plan, comparison);
        bucket = plan.Groups.FirstOrDefault(group => group.IsTime)?.Key;
        exponent = viewer.Organisation.Company.Currency.Exponent;
        drill = new ReportDrill(query, request, plan, comparison);
        statement = new FactStatement(engine, plan, other, comparison, WithSubtotals);
    }

    private bool WithSubtotals => request.Subtotals && plan.Groups.Count > 1;

    /// <summary>Checks what was asked.</summary>
    public static Result<FactReport> Of(ReportDescription description, FactQuery query, ReportRequest request, Viewer viewer, Engine engine)
    {
        var planned = query.Plan();
        if (planned.IsRefused) return planned.Refusal;
        var compared = planned.Value.Measures.Count == 0
            ? Result.Of<Comparison?>(null)
            : Comparison.Of(request, planned.Value.Groups.FirstOrDefault(group => group.IsTime)?.Key, query.From, query.To);
        if (compared.IsRefused) return compared.Refusal;
        if (compared.Value is not { } comparison) return new FactReport(description, query, request, viewer, planned.Value, null, null, engine);
        var other = (query with { From = comparison.From, To = comparison.To }).Plan();
        return other.IsRefused ? other.Refusal : new FactReport(description, query, request, viewer, planned.Value, other.Value, comparison, engine);
    }

    /// <summary>A page of rows with the totals of all.</summary>
    public async Task<Result<ReportAnswer>> Page(Db db, CancellationToken ct)
    {
        IReadOnlyList<object>? after = null;
        if (!string.IsNullOrEmpty(request.After))
        {
            after = ReportCursor.Read(OrderName, request.After);
            if (after is null || !Fits(after)) return Refusals.CursorInvalid();
        }

        var (rows, whole) = IsCalendar ? await Calendar(db, after, ct) : await Some(db, after, ct);
        var more = rows.Count > request.Limit;
        var page = rows.Take(request.Limit).ToList();
        var labels = await Labels.For(db, viewer.Organisation, plan.Groups, [.. page.Select(row => row.Keys)], ct);
        var lines = new List<(ReportLine Now, ReportLine? Other)>();
        for (var at = 0; at < page.Count; at++)
        {
            lines.Add(Line(labels, page[at]));
            if (WithSubtotals && (at + 1 >= rows.Count || !Equals(rows[at + 1].Keys[0], page[at].Keys[0]))) lines.Add(Subtotal(labels, page[at]));
        }

        var totals = (Now: Totals(whole.Sums), Other: whole.Other is { } other ? Totals(other) : null);
        return new ReportAnswer(description.Code, Title, query.From, query.To, Columns, [.. lines.Select(line => line.Now)], totals.Now,
            comparison is null ? null : new ReportComparison(comparison.From, comparison.To, [.. lines.Select(line => line.Other!)], totals.Other!),
            more ? ReportCursor.Write(OrderName, statement.Order.Select(term => term.Value(page[^1]))) : null, drill.OfAll());
    }

    /// <summary>All rows, read one after the other while they are written.</summary>
    /// <param name="db">A session that does nothing else meanwhile.</param>
    /// <param name="names">Another, in which names are looked up.</param>
    public ReportRows Stream(Db db, Db names)
    {
        var sums = new RunningTotals(plan.Measures, comparison is not null);
        return new ReportRows(description.Code, Title, query.From, query.To, Columns, All(db, names, sums),
            () => (Totals(sums.Now), sums.Other is { } other ? Totals(other) : null), comparison is null ? null : (comparison.From, comparison.To), WithSubtotals);
    }

    private string Title => $"{query.Function.Name}: {description.Name}";

    private string OrderName => string.Join(' ', [description.Code, .. plan.Groups.Select(group => group.Key), .. WithSubtotals ? ["subtotals"] : Array.Empty<string>()]);

    /// <summary>One row for every day, week or month of the range, also where nothing was.</summary>
    private bool IsCalendar => bucket is not null && plan.Groups.Count == 1;

    private IReadOnlyList<ReportField> Columns =>
    [
        .. plan.Groups.Select(group => new ReportField(group.Key, group.Label, group.Key == "weekday" ? "text" : group.Type)),
        .. plan.Measures.Select(measure => new ReportField(measure.Key, measure.Label, measure.Type)),
    ];

    private bool Fits(IReadOnlyList<object> after) => after.Count == statement.Order.Count && statement.Order.Zip(after).All(pair =>
        pair.Second.GetType() == pair.First.Value(Example).GetType());

    /// <summary>A row of which only the types matter.</summary>
    private GroupRow Example => Zero([.. plan.Groups.Select(group => group.IsTime ? query.From : group.Type == "integer" ? 0L : (object)"")]) is var zero
        ? zero with { Above = (zero.Sums, zero.Other) } : throw new InvariantBrokenException("There is always a row of zeros.");

    private GroupRow Zero(object[] keys)
    {
        FactSum[] zero = [.. plan.Measures.Select(FactSum.ZeroOf)];
        return new GroupRow(keys, zero, comparison is null ? null : zero);
    }

    private async Task<(List<GroupRow> Rows, (FactSum[] Sums, FactSum[]? Other) Whole)> Some(Db db, IReadOnlyList<object>? after, CancellationToken ct)
    {
        var rows = await db.Query(statement.Rows(after, request.Limit + 1, whole: true), row => statement.Read(row, whole: true), ct);
        // Behind the last row there is none to tell the whole.
        var told = rows.Count > 0 || after is null ? rows : await db.Query(statement.Rows(null, 1, whole: true), row => statement.Read(row, whole: true), ct);
        var none = Zero([]);
        return (rows, told.Count > 0 ? told[0].Whole!.Value : (none.Sums, none.Other));
    }

    private async Task<(List<GroupRow> Rows, (FactSum[] Sums, FactSum[]? Other) Whole)> Calendar(Db db, IReadOnlyList<object>? after, CancellationToken ct)
    {
        var rows = Filled(await db.Query(statement.Rows(null, null, whole: false), row => statement.Read(row, whole: false), ct));
        var sums = new RunningTotals(plan.Measures, comparison is not null);
        foreach (var row in rows) sums.Add(row);
        return ([.. rows.Where(row => after is null || (DateOnly)row.Keys[0] > (DateOnly)after[0])], (sums.Now, sums.Other));
    }

    private List<GroupRow> Filled(List<GroupRow> rows)
    {
        var there = rows.Select(row => (DateOnly)row.Keys[0]).ToHashSet();
        return [.. rows.Concat(Buckets.Starts(bucket!, query.From, query.To).Where(there.Add).Select(start => Zero([start]))).OrderBy(row => (DateOnly)row.Keys[0])];
    }

    private async IAsyncEnumerable<(ReportLine Now, ReportLine? Other)> All(Db db, Db names, RunningTotals sums, [EnumeratorCancellation] CancellationToken ct = default)
    {
        (GroupRow Row, Labels Labels)? last = null;
        await foreach (var some in Chunks(db, ct))
        {
            var labels = await Labels.For(names, viewer.Organisation, plan.Groups, [.. some.Select(row => row.Keys)], ct);
            foreach (var row in some)
            {
                if (WithSubtotals && last is { } before && !Equals(before.Row.Keys[0], row.Keys[0])) yield return Subtotal(before.Labels, before.Row);
                sums.Add(row);
                yield return Line(labels, row);
                last = (row, labels);
            }
        }

        if (WithSubtotals && last is { } end) yield return Subtotal(end.Labels, end.Row);
    }

    private async IAsyncEnumerable<List<GroupRow>> Chunks(Db db, [EnumeratorCancellation] CancellationToken ct)
    {
        if (IsCalendar)
        {
            yield return Filled(await db.Query(statement.Rows(null, null, whole: false), row => statement.Read(row, whole: false), ct));
            yield break;
        }

        var some = new List<GroupRow>(RowsAtOnce);
        await foreach (var row in db.Stream(statement.Rows(null, null, whole: false), row => statement.Read(row, whole: false), ct))
        {
            some.Add(row);
            if (some.Count < RowsAtOnce) continue;
            yield return some;
            some = new List<GroupRow>(RowsAtOnce);
        }

        if (some.Count > 0) yield return some;
    }

    private (ReportLine Now, ReportLine? Other) Line(Labels labels, GroupRow row)
    {
        var key = string.Join('|', row.Keys.Select(ReportDrill.KeyText));
        return (new ReportLine(key, Cells(labels, row.Keys, row.Sums), drill.Of(row.Keys)),
            row.Other is { } other ? new ReportLine(key, Cells(labels, row.Keys, other), drill.OfOther(row.Keys)) : null);
    }

    private (ReportLine Now, ReportLine? Other) Subtotal(Labels labels, GroupRow row)
    {
        var (sums, otherSums) = row.Above!.Value;
        object[] first = [row.Keys[0]];
        var key = $"{ReportDrill.KeyText(row.Keys[0])}|*";
        return (new ReportLine(key, Cells(labels, first, sums), drill.Of(first), Level: 1),
            otherSums is null ? null : new ReportLine(key, Cells(labels, first, otherSums), drill.OfOther(first), Level: 1));
    }

    private object?[] Cells(Labels labels, object[] keys, FactSum[] sums)
    {
        var cells = Totals(sums);
        for (var at = 0; at < keys.Length; at++) cells[at] = keys[at] is DateOnly day && day == Comparison.Beyond ? null : labels.Of(plan.Groups[at], keys[at]);
        return cells;
    }

    private object?[] Totals(FactSum[] sums) =>
        [.. plan.Groups.Select(_ => (object?)null), .. sums.Select((sum, at) => (object?)sum.Value(plan.Measures[at].Type, exponent))];
}

/// <summary>The sums of rows that have gone by.</summary>
internal sealed class RunningTotals(IReadOnlyList<MeasureDeclaration> measures, bool compared)
{
    /// <summary>Sums of the report's range.</summary>
    public FactSum[] Now { get; } = [.. measures.Select(FactSum.ZeroOf)];

    /// <summary>Sums of the range compared with; null when there is none.</summary>
    public FactSum[]? Other { get; } = compared ? [.. measures.Select(FactSum.ZeroOf)] : null;

    /// <summary>Adds a row; overflow throws.</summary>
    public void Add(GroupRow row)
    {
        for (var at = 0; at < Now.Length; at++)
        {
            Now[at] += row.Sums[at];
            if (Other is not null) Other[at] += row.Other![at];
        }
    }
}

/// <summary>Where the rows of a report lead: by time to the next finer bucket, all else to its documents, whose figures sum to the row's.</summary>
internal sealed class ReportDrill(FactQuery query, ReportRequest request, FactPlan plan, Comparison? comparison)
{
    /// <summary>What shows the parts of a row; null when it has none in the report's own range.</summary>
    public IReadOnlyDictionary<string, string>? Of(object[] keys)
    {
        var (from, to) = (query.From, query.To);
        if (Start(keys) is not { } start) return Query(keys, from, to);
        if (start.Day == Comparison.Beyond) return null;
        var days = Buckets.Of(start.Bucket, start.Day);
        return Query(keys, days.From > from ? days.From : from, days.To.AddDays(-1) < to ? days.To.AddDays(-1) : to);
    }

    /// <summary>The same in the range compared with.</summary>
    public IReadOnlyDictionary<string, string>? OfOther(object[] keys) =>
        Start(keys) is not { } start ? Query(keys, comparison!.From, comparison.To)
        : comparison!.Days(start.Day) is { } days ? Query(keys, days.From, days.To) : null;

    /// <summary>What shows the parts of the whole.</summary>
    public IReadOnlyDictionary<string, string> OfAll() => Query([], query.From, query.To);

    /// <summary>A key as text.</summary>
    public static string KeyText(object key) => key switch
    {
        DateOnly day => Day(day),
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => (string)key,
    };

    private (string Bucket, DateOnly Day)? Start(object[] keys)
    {
        for (var at = 0; at < keys.Length; at++)
            if (keys[at] is DateOnly start) return (plan.Groups[at].Key, start);
        return null;
    }

    private Dictionary<string, string> Query(object[] keys, DateOnly from, DateOnly to)
    {
        var drill = new Dictionary<string, string>(query.Filters, StringComparer.Ordinal);
        if (!string.IsNullOrEmpty(request.Branch)) drill["branch"] = request.Branch;
        for (var at = 0; at < keys.Length; at++)
        {
            var group = plan.Groups[at];
            if (group.Key == "document") return new Dictionary<string, string> { ["document"] = (string)keys[at] };
            if (!group.IsTime) drill[group.Key] = KeyText(keys[at]) is { Length: > 0 } text ? Dimension.Escaped(text) : Dimension.None;
            else if (group.Key != "day") drill["period"] = group.Key == "month" ? "week" : "day";
        }

        if (plan.Lines && !drill.Keys.Any(key => Dimension.Find(query.Function, key) is { OfLines: true })) drill["lines"] = "true";
        if (!drill.ContainsKey("period")) drill["report"] = ReportSet.Documents;
        drill["from"] = Day(from);
        drill["to"] = Day(to);
        return drill;
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
