using System.Text.RegularExpressions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>A question to the facts: measures of a function, told by some dimensions, over a range of days.</summary>
/// <param name="Function">The function.</param>
/// <param name="Measures">What is summed.</param>
/// <param name="GroupBy">Keys of dimensions, in the order of the columns.</param>
/// <param name="From">First business day.</param>
/// <param name="To">Last business day, included.</param>
public sealed partial record FactQuery(Function Function, IReadOnlyList<MeasureDeclaration> Measures, IReadOnlyList<string> GroupBy, DateOnly From, DateOnly To)
{
    /// <summary>The longest range.</summary>
    public const int LongestDays = 3_700;

    /// <summary>The most groups that a query answers with.</summary>
    public const int MostRows = 200_000;

    /// <summary>Branches whose facts may be read; null for all.</summary>
    public IReadOnlyList<Guid>? Branches { get; init; }

    /// <summary>Filters by the keys of dimensions; several values are separated by commas.</summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether lines are read even when nothing else asks for them.</summary>
    public bool OfLines { get; init; }

    /// <summary>Checks it and makes a plan that can be run.</summary>
    /// <returns>Refused with <c>RANGE_INVALID</c>, <c>GROUP_UNKNOWN</c>, <c>FILTER_UNKNOWN</c> or <c>FILTER_INVALID</c>.</returns>
    public Result<FactPlan> Plan()
    {
        if (To < From || To.DayNumber - From.DayNumber > LongestDays) return Refusals.RangeInvalid();
        var groups = new List<Dimension>();
        foreach (var key in GroupBy)
        {
            if (Dimension.Find(Function, key) is not { } dimension || groups.Contains(dimension) || (dimension.IsTime && groups.Exists(g => g.IsTime)))
                return Refusals.GroupUnknown(key);
            groups.Add(dimension);
        }

        var filters = new List<(Dimension Dimension, Members Values)>();
        foreach (var (key, text) in Filters)
        {
            if (Dimension.Find(Function, key) is not { } dimension) return Refusals.FilterUnknown(key);
            var values = dimension.Values(text);
            if (values.IsRefused) return values.Refusal;
            filters.Add((dimension, values.Value));
        }

        // Category and item are known by lines alone; a measure of whole documents cannot be told by them.
        var lines = OfLines || groups.Exists(g => g.OfLines) || filters.Exists(f => f.Dimension.OfLines);
        return new FactPlan(this, groups, filters, lines, lines ? [.. Measures.Where(measure => measure.LineGrain)] : Measures);
    }

    /// <summary>The columns of facts that an expression names, texts within quotes left out.</summary>
    internal static IEnumerable<string> ColumnsOf(string expression) =>
        Words().Matches(Quoted().Replace(expression, "")).Select(word => word.Value).Where(FactColumns.All.Contains);

    [GeneratedRegex("'[^']*'", RegexOptions.None, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("[a-z_][a-z0-9_]*", RegexOptions.None, 1000)]
    private static partial Regex Words();
}

/// <summary>A checked question, ready to run.</summary>
public sealed class FactPlan
{
    private readonly FactQuery query;
    private readonly IReadOnlyList<(Dimension Dimension, Members Values)> filters;

    internal FactPlan(
        FactQuery query, IReadOnlyList<Dimension> groups, IReadOnlyList<(Dimension, Members)> filters, bool lines, IReadOnlyList<MeasureDeclaration> measures)
    {
        (this.query, this.filters) = (query, filters);
        (Groups, Lines, Measures) = (groups, lines, measures);
    }

    /// <summary>The dimensions it groups by.</summary>
    public IReadOnlyList<Dimension> Groups { get; }

    /// <summary>True when it reads lines.</summary>
    public bool Lines { get; }

    /// <summary>The measures that can be told: all, or those of lines.</summary>
    public IReadOnlyList<MeasureDeclaration> Measures { get; }

    /// <summary>Adds it to the next flush. Rows come in no order, at most <see cref="FactQuery.MostRows"/> and one.</summary>
    public Deferred<List<FactRow>> Later(Db db)
    {
        var measures = Measures;
        var groups = Groups;
        return db.Later(ToSql(db.Engine), row =>
        {
            var keys = new object[groups.Count];
            for (var at = 0; at < keys.Length; at++) keys[at] = groups[at].Read(row, at);
            var sums = new FactSum[measures.Count];
            var column = keys.Length;
            for (var at = 0; at < sums.Length; at++)
                sums[at] = new FactSum(row.Long(column++), measures[at].Denominator is null ? null : row.Long(column++));
            return new FactRow(keys, sums);
        });
    }

    /// <summary>Runs it now.</summary>
    public async Task<List<FactRow>> Run(Db db, CancellationToken ct = default)
    {
        var rows = Later(db);
        await db.Flush(ct);
        return rows.Value;
    }

    internal Sql ToSql(Engine engine) => $"{Grouped(engine)} limit {FactQuery.MostRows + 1}";

    /// <summary>All groups: their keys as <c>g0</c>, <c>g1</c>, ..., and the sums behind the measures as <c>v0</c>, <c>v1</c>, ..., that of a denominator after its numerator's.</summary>
    internal Sql Grouped(Engine engine)
    {
        var sums = Measures.SelectMany(measure => measure.Denominator is { } below ? new[] { measure.Numerator, below } : [measure.Numerator]).ToList();
        var columns = Groups.Select(group => group.Column).Concat(sums.SelectMany(FactQuery.ColumnsOf)).ToHashSet(StringComparer.Ordinal);
        var byMonthOnly = !Groups.Any(group => group.Column == "business_date" && group.Key != "month") && filters.All(filter => filter.Dimension.Key != "weekday");
        // A filter narrows where the facts stand, so its column must be there, but need not be handed on.
        var need = new FactNeed(query.Function.Code, Lines, query.From, query.To, columns.Union(filters.Select(filter => filter.Dimension.Column)).ToHashSet(StringComparer.Ordinal),
            query.Branches, filters, byMonthOnly);

        // Plain figures are summed first, by the groups and whatever else the measures ask about, so that their conditions are looked at once a sum and not once a row.
        var figures = columns.Where(RollupTable.Figures.Contains).DefaultIfEmpty("count").Order(StringComparer.Ordinal).ToList();
        var asked = sums.SelectMany(FactQuery.ColumnsOf).Where(column => !RollupTable.Figures.Contains(column)).Distinct().Order(StringComparer.Ordinal);
        var keys = Groups.Select((group, at) => $"{group.Expression(engine)} as g{at}").Concat(asked).ToList();
        var inner = string.Join(", ", keys.Concat(figures.Select(figure => $"{Exact.Sum(engine, figure)} as {figure}")));
        var outer = string.Join(", ", Groups.Select((_, at) => $"g{at}").Concat(sums.Select((sum, at) => $"{Exact.Sum(engine, sum)} as v{at}")));
        return $"select {Sql.Raw(outer)} from (select {Sql.Raw(inner)} from {FactSource.Of(engine, need)} as f{Sql.Raw(GroupBy(keys.Count))}) as s{Sql.Raw(GroupBy(Groups.Count))}";
    }

    private static string GroupBy(int columns) => columns == 0 ? "" : $" group by {string.Join(", ", Enumerable.Range(1, columns))}";
}

/// <summary>The exact sum behind a measure.</summary>
/// <param name="Above">The sum, or the numerator's of a ratio.</param>
/// <param name="Below">The denominator's sum, null when it is no ratio.</param>
public readonly record struct FactSum(long Above, long? Below)
{
    /// <summary>Zero, of a measure.</summary>
    public static FactSum ZeroOf(MeasureDeclaration measure) => new(0, measure.Denominator is null ? null : 0);

    /// <summary>Adds exactly; overflow throws.</summary>
    public static FactSum operator +(FactSum left, FactSum right) =>
        new(checked(left.Above + right.Above), left.Below is null && right.Below is null ? null : checked((left.Below ?? 0) + (right.Below ?? 0)));

    /// <summary>What is shown, rounded once, half away from zero.</summary>
    /// <remarks>
    /// Units: money in minor units, integer as it is; quantity, rate, price and number in millionths. A price is money over a
    /// count, in major units: 1,250.00 over 4 is 312.50. A rate of 1 over 3 is 0.333333.
    /// </remarks>
    /// <param name="type">The measure's type.</param>
    /// <param name="exponent">Decimals of the currency's minor unit.</param>
    /// <returns>Null for a ratio over zero.</returns>
    public long? Value(string type, int exponent)
    {
        Int128 above = Above;
        if (Below is null) return type == "number" ? checked((long)(above * 1_000_000)) : Above;
        if (Below is 0) return null;
        above = type switch
        {
            "rate" or "number" => above * 1_000_000,
            "price" => above * DecimalText.Power(6 - exponent),
            _ => above,
        };
        var value = Rounding.DivideToLong(above, Below.Value, Rounding.HalfAwayFromZero);
        // A quantity a document (units a sale) is an average: two decimals are for the eye.
        return type == "quantity" ? Rounding.DivideToLong(value, 10_000, Rounding.HalfAwayFromZero) * 10_000 : value;
    }
}

/// <summary>One group with its sums.</summary>
/// <param name="Keys">Keys by dimension: a <see cref="DateOnly"/>, a <see cref="long"/> or a text (ids as text, empty for none).</param>
/// <param name="Sums">Sums by measure.</param>
public sealed record FactRow(object[] Keys, FactSum[] Sums);
