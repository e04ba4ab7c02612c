using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>What a query needs of the facts.</summary>
/// <param name="Function">Function code.</param>
/// <param name="Lines">True for line facts, false for whole documents.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Columns">Columns that groups, filters and measures name.</param>
/// <param name="Branches">Branches, or null for all.</param>
/// <param name="Filters">Dimensions with the values that they may have.</param>
/// <param name="ByMonthOnly">True when no group is finer than a month, so that sums by month serve.</param>
internal sealed record FactNeed(
    string Function, bool Lines, DateOnly From, DateOnly To, IReadOnlySet<string> Columns, IReadOnlyList<Guid>? Branches,
    IReadOnlyList<(Dimension Dimension, Members Values)> Filters, bool ByMonthOnly);

/// <summary>Where facts are read: the sums behind the watermark and the facts after it, in one statement and so in one snapshot.</summary>
internal static class FactSource
{
    /// <summary>A table expression with the columns that are needed; the same row may come in several parts.</summary>
    public static Sql Of(Engine engine, FactNeed need)
    {
        var columns = need.Columns.Order(StringComparer.Ordinal).ToList();
        if (columns.Count == 0) columns = ["count"];
        if (columns.Exists(FactColumns.OnlyInFact.Contains))
            return $"(select {Sql.Raw(string.Join(", ", columns.Select(c => $"{FactColumns.InFact(c)} as {c}")))} from fact where {Where(engine, need, need.From, need.To, grain: true, FactColumns.InFact)})";

        var parts = new List<Sql>();
        var listed = Sql.Raw(string.Join(", ", columns));
        var (day, month) = RollupTable.ByCoarseness.First(tables => tables.Day.Knows(need.Lines, columns));
        var (first, end) = month is not null && need.ByMonthOnly ? WholeMonths(need.From, need.To) : (need.From, need.From);
        void Add(RollupTable table, DateOnly from, DateOnly to)
        {
            if (from <= to) parts.Add($"select {listed} from {Sql.Raw(table.Name)} where {Where(engine, need, from, to, grain: table.Grain is null)}");
        }

        if (first < end)
        {
            Add(month!, first, end.AddDays(-1));
            Add(day, need.From, first.AddDays(-1));
            Add(day, end, need.To);
        }
        else
        {
            Add(day, need.From, need.To);
        }

        parts.Add(Tail(engine, need, columns));
        return $"({Sql.Join(" union all ", parts)})";
    }

    /// <summary>Facts after the watermark. Both engines are kept from the index by date, which would read the whole range to find the few that are new.</summary>
    /// <remarks>Without an upper bound PostgreSQL expects a third of all facts to be new, and plans and compiles for ever more of them.</remarks>
    private static Sql Tail(Engine engine, FactNeed need, IReadOnlyList<string> columns)
    {
        var listed = Sql.Raw(string.Join(", ", columns.Select(c => $"{FactColumns.InFact(c)} as {c}")));
        if (engine == Engine.Postgres)
        {
            return $"""
                select {listed} from (select * from fact where tx > (select tx from watermark where name = 'fact') and tx < 9223372036854775807 offset 0) as fresh
                where {Where(engine, need, need.From, need.To, grain: true, FactColumns.InFact)}
                """;
        }

        return $"""
            select {listed} from fact where tx > (select tx from watermark where name = 'fact')
            and {Where(engine, need, need.From, need.To, grain: true, column => column is "function" or "grain" or "business_date" ? $"+{column}" : FactColumns.InFact(column))}
            """;
    }

    private static Sql Where(Engine engine, FactNeed need, DateOnly from, DateOnly to, bool grain, Func<string, string>? write = null)
    {
        write ??= column => column;
        var tests = new List<Sql> { $"{Sql.Raw(write("function"))} = {need.Function}" };
        if (grain) tests.Add($"{Sql.Raw(write("grain"))} = {(need.Lines ? 1L : 0L)}");
        tests.Add($"{Sql.Raw(write("business_date"))} >= {from} and {Sql.Raw(write("business_date"))} <= {to}");
        if (need.Branches is { } branches) tests.Add($"branch_id {Sql.List(branches)}");
        foreach (var (dimension, values) in need.Filters) tests.Add($"{Sql.Raw(dimension.Filtered(engine, write))} {values}");
        return Sql.Join(" and ", tests);
    }

    /// <summary>The calendar months that lie wholly within a range: first day, and the day after the last.</summary>
    internal static (DateOnly First, DateOnly End) WholeMonths(DateOnly from, DateOnly to)
    {
        var first = from.Day == 1 ? from : new DateOnly(from.Year, from.Month, 1).AddMonths(1);
        var after = to.AddDays(1);
        var end = new DateOnly(after.Year, after.Month, 1);
        return first < end ? (first, end) : (from, from);
    }
}
