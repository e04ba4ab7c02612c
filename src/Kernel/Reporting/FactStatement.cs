using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>A group of a report with its sums, those of the range compared with, of the group above, and of the whole.</summary>
/// <param name="Keys">Keys by dimension.</param>
/// <param name="Sums">Its sums, by measure.</param>
/// <param name="Other">Sums of the range compared with; null when there is none.</param>
/// <param name="Above">Sums of all groups with the same first key, of both ranges, where subtotals are asked for.</param>
/// <param name="Whole">Sums of all groups, of both ranges, where they are asked for.</param>
internal sealed record GroupRow(object[] Keys, FactSum[] Sums, FactSum[]? Other, (FactSum[] Sums, FactSum[]? Other)? Above = null, (FactSum[] Sums, FactSum[]? Other)? Whole = null);

/// <summary>What the rows of a report are ordered by.</summary>
/// <param name="Sql">The expression.</param>
/// <param name="Descending">Whether the greatest comes first.</param>
/// <param name="Value">Its value in a row.</param>
internal sealed record OrderTerm(string Sql, bool Descending, Func<GroupRow, object> Value);

/// <summary>The statement behind a report: both ranges grouped once, in order, from a row on.</summary>
/// <remarks>
/// The order: with subtotals by the first key (time as it goes, all else the greatest subtotal first); then by time, by the greatest first
/// measure, and by key, so that it is always the same. A page goes on after the last row of the one before, and does not count rows.
/// </remarks>
internal sealed class FactStatement
{
    private readonly Engine engine;
    private readonly FactPlan plan;
    private readonly FactPlan? other;
    private readonly Comparison? comparison;
    private readonly bool subtotals;
    private readonly int sums;

    public FactStatement(Engine engine, FactPlan plan, FactPlan? other, Comparison? comparison, bool subtotals)
    {
        (this.engine, this.plan, this.other, this.comparison, this.subtotals) = (engine, plan, other, comparison, subtotals);
        sums = plan.Measures.Sum(measure => measure.Denominator is null ? 1 : 2);
        Order = Ordered();
    }

    /// <summary>What the rows are ordered by.</summary>
    public IReadOnlyList<OrderTerm> Order { get; }

    /// <summary>The rows in order.</summary>
    /// <param name="after">Values of <see cref="Order"/> of the row to go on after; null for the beginning.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="whole">Whether each row brings the sums of all rows.</param>
    public Sql Rows(IReadOnlyList<object>? after, int? limit, bool whole)
    {
        var rows = Grouped();
        var windows = new List<string>();
        if (subtotals) windows.AddRange(Values().Select(value => $"{Windowed(value, "partition by g0")} as w_{value}"));
        if (whole) windows.AddRange(Values().Select(value => $"{Windowed(value, "")} as t_{value}"));
        if (windows.Count > 0) rows = $"select r.*, {Sql.Raw(string.Join(", ", windows))} from ({rows}) as r";
        var columns = string.Join(", ", [.. Keys(), .. Values(), .. subtotals ? Values().Select(value => $"w_{value}") : [], .. whole ? Values().Select(value => $"t_{value}") : []]);
        var order = Sql.Raw(Order.Count == 0 ? "" : $" order by {string.Join(", ", Order.Select(term => term.Descending ? $"{term.Sql} desc" : term.Sql))}");
        var from = after is null ? Sql.Raw("") : (Sql)$" where {After(after)}";
        var most = limit is { } count ? (Sql)$" limit {count}" : Sql.Raw("");
        return $"select {Sql.Raw(columns)} from ({rows}) as x{from}{order}{most}";
    }

    /// <summary>Reads a row of <see cref="Rows"/>.</summary>
    public GroupRow Read(Row row, bool whole)
    {
        var keys = new object[plan.Groups.Count];
        for (var at = 0; at < keys.Length; at++) keys[at] = plan.Groups[at].Read(row, at);
        var column = keys.Length;
        var now = Sums(row, ref column);
        var before = other is null ? null : Sums(row, ref column);
        (FactSum[], FactSum[]?)? above = subtotals ? (Sums(row, ref column), other is null ? null : Sums(row, ref column)) : null;
        (FactSum[], FactSum[]?)? all = whole ? (Sums(row, ref column), other is null ? null : Sums(row, ref column)) : null;
        return new GroupRow(keys, now, before, above, all);
    }

    private FactSum[] Sums(Row row, ref int column)
    {
        var read = new FactSum[plan.Measures.Count];
        for (var at = 0; at < read.Length; at++) read[at] = new FactSum(row.Long(column++), plan.Measures[at].Denominator is null ? null : row.Long(column++));
        return read;
    }

    private Sql Grouped()
    {
        if (other is null) return plan.Grouped(engine);
        var keys = string.Concat(Keys().Select(key => $"{key}, "));
        var none = string.Join(", ", Enumerable.Range(0, sums).Select(at => $"0 as o{at}"));
        var now = string.Join(", ", Enumerable.Range(0, sums).Select(at => $"v{at}"));
        var zero = string.Join(", ", Enumerable.Range(0, sums).Select(at => $"0 as v{at}"));
        var before = string.Join(", ", Enumerable.Range(0, sums).Select(at => $"v{at} as o{at}"));
        var met = Sql.Join("", plan.Groups.Select((group, at) => group.IsTime ? (Sql)$"{comparison!.Met(engine, $"g{at}")} as {Sql.Raw($"g{at}")}, " : Sql.Raw($"g{at}, ")));
        var added = string.Join(", ", Values().Select(value => $"{Exact.Sum(engine, value)} as {value}"));
        var groups = Sql.Raw(plan.Groups.Count == 0 ? "" : $" group by {string.Join(", ", Enumerable.Range(1, plan.Groups.Count))}");
        return $"""
            select {Sql.Raw($"{keys}{added}")} from (
              select {Sql.Raw($"{keys}{now}, {none}")} from ({plan.Grouped(engine)}) as a union all select {met}{Sql.Raw($"{zero}, {before}")} from ({other.Grouped(engine)}) as b
            ) as c{groups}
            """;
    }

    private List<OrderTerm> Ordered()
    {
        var terms = new List<OrderTerm>();
        void Key(int at)
        {
            var text = !InOrder(plan.Groups[at]) && plan.Groups[at].Type != "integer";
            terms.Add(new OrderTerm(text && engine == Engine.Postgres ? $"g{at} collate \"C\"" : $"g{at}", false, row => row.Keys[at]));
        }

        var first = 0;
        if (subtotals && plan.Groups.Count > 0)
        {
            if (!InOrder(plan.Groups[0]) && sums > 0) terms.Add(new OrderTerm("w_v0", true, row => row.Above!.Value.Sums[0].Above));
            Key(first++);
        }

        for (var at = first; at < plan.Groups.Count; at++)
            if (InOrder(plan.Groups[at])) Key(at);
        if (sums > 0 && plan.Groups.Count > first) terms.Add(new OrderTerm("v0", true, row => row.Sums[0].Above));
        for (var at = first; at < plan.Groups.Count; at++)
            if (!InOrder(plan.Groups[at])) Key(at);
        return terms;
    }

    /// <summary>Time and what counts like it is told as it goes, not by the greatest figure.</summary>
    private static bool InOrder(Dimension group) => group.IsTime || group.Key is "hour" or "weekday";

    /// <summary>The rows after one: later in the first term, or the same there and later in the next.</summary>
    private Sql After(IReadOnlyList<object> values)
    {
        Sql? test = null;
        for (var at = Order.Count - 1; at >= 0; at--)
        {
            var term = Order[at];
            Sql later = $"{Sql.Raw(term.Sql)} {Sql.Raw(term.Descending ? "<" : ">")} {values[at]}";
            test = test is null ? later : $"({later} or ({Sql.Raw(term.Sql)} = {values[at]} and {test}))";
        }

        return test!;
    }

    private IEnumerable<string> Keys() => Enumerable.Range(0, plan.Groups.Count).Select(at => $"g{at}");

    private IEnumerable<string> Values() =>
        Enumerable.Range(0, sums).Select(at => $"v{at}").Concat(other is null ? [] : Enumerable.Range(0, sums).Select(at => $"o{at}"));

    private string Windowed(string value, string over) => engine == Engine.Postgres ? $"(sum({value}) over ({over}))::bigint" : $"sum({value}) over ({over})";
}
