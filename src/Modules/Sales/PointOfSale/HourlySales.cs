using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>When customers come: transactions, net sales and units a basket by weekday and hour at the branch.</summary>
/// <remarks>
/// Told from facts, so it agrees with the daily report: a reversal counts against the hour in which it was made. Filtered by item
/// or category, net and units are of the lines that match, and transactions are the sales that have one.
/// </remarks>
internal static class HourlySales
{
    private static readonly IReadOnlyList<ReportField> Columns =
    [
        new("weekday", "Weekday", "text"), new("hour", "Hour", "integer"), new("transactions", "Transactions", "integer"), new("net", "Net sales", "money"),
        new("unitsPerBasket", "Units a basket", "quantity"),
    ];

    private static readonly string[] Filters = ["user", "shift", "category", "item", "channel", "party"];

    private readonly record struct Cell(long Net, long Units, long Transactions)
    {
        public static Cell operator +(Cell left, Cell right) =>
            new(checked(left.Net + right.Net), checked(left.Units + right.Units), left.Transactions + right.Transactions);
    }

    public static async Task<NamedReportResult> Run(Function function, ReportCall call, CancellationToken ct)
    {
        MeasureDeclaration Measure(string key) => function.Measures.First(measure => measure.Key == key);
        var filters = call.Filters.Where(filter => Filters.Contains(filter.Key)).ToDictionary();
        var planned = new FactQuery(function, [Measure("netSales"), Measure("units"), Measure("transactions")], ["weekday", "hour"], call.From, call.To)
        {
            Branches = call.Branches,
            Filters = filters,
        }.Plan();
        if (planned.IsRefused) return new NamedReportResult(Columns, [], [null, null, 0L, 0L, null]);

        var facts = planned.Value.Later(call.Db);
        var baskets = planned.Value.Lines ? Baskets(call) : null;
        await call.Db.Flush(ct);
        var counted = baskets?.Value.ToDictionary(row => (row.Weekday, row.Hour), row => row.Count);
        var cells = facts.Value.Select(fact =>
        {
            var key = (Weekday: (long)fact.Keys[0], Hour: (long)fact.Keys[1]);
            return (Key: key, Cell: new Cell(fact.Sums[0].Above, fact.Sums[1].Above, counted is null ? fact.Sums[2].Above : counted.GetValueOrDefault(key)));
        }).Where(found => found.Cell != default).OrderBy(found => found.Key).ToList();

        var all = cells.Aggregate(default(Cell), (sum, found) => sum + found.Cell);
        return new NamedReportResult(Columns, [.. cells.Select(found => Row(Labels.Weekday((int)found.Key.Weekday), found.Key.Hour, found.Cell))], Row(null, null, all));
    }

    private static object?[] Row(string? weekday, long? hour, Cell cell) =>
        [weekday, hour, cell.Transactions, cell.Net, ReportScope.Ratio(cell.Units, (Int128)cell.Transactions * 1_000_000, 2)];

    /// <summary>Sales with a line that matches, less reversals of such; lines alone cannot tell how many sales they are of.</summary>
    private static Deferred<List<(long Weekday, long Hour, long Count)>> Baskets(ReportCall call)
    {
        var weekday = Sql.Raw(call.Db.Engine == Engine.Postgres ? "extract(isodow from f.business_date)::bigint" : "((cast(strftime('%w', f.business_date) as integer) + 6) % 7 + 1)");
        var tests = new List<Sql>
        {
            $"f.function = {PointOfSaleFunction.FunctionCode} and f.grain = 1 and f.business_date >= {call.From} and f.business_date <= {call.To} and f.kind = 'sale'",
            $"f.branch_id {Sql.List(call.Branches)}",
        };
        foreach (var (filter, column) in new[] { ("user", "f.user_id"), ("shift", "f.session_id"), ("category", "f.category_id"), ("item", "f.item_id"), ("party", "f.party_id") })
            if (ReportScope.Ids(call, filter) is { } ids) tests.Add($"{Sql.Raw(column)} {ids}");
        if (call.Filters.TryGetValue("channel", out var channels)) tests.Add($"f.channel {Sql.List(channels.Split(',', StringSplitOptions.TrimEntries))}");
        return call.Db.Later($"""
            select {weekday}, f.hour, count(distinct case when f.event = 'posted' then f.document_id end) - count(distinct case when f.event = 'reversed' then f.document_id end)
            from fact f where {Sql.Join(" and ", tests)} group by 1, 2
            """, row => (row.Long(0), row.Long(1), row.Long(2)));
    }
}
