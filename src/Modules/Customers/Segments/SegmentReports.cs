using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>The named reports of segments. They look at the company: a customer belongs to no branch.</summary>
internal static class SegmentReports
{
    public static IReadOnlyList<NamedReport> All { get; } =
    [
        new("rfm-grid", "Grid of scores", Grid),
        new("migration", "Moves between cells", Migration),
        new("segment-profile", "Segments against all customers", Profile),
        new("value-deciles", "Customers by expected value", Deciles),
        new("cohort-retention", "Customers who stay, by the month of their first purchase", Cohorts),
    ];

    private static async Task<MeasureQuestion> Question(ReportCall call, CancellationToken ct) =>
        new(call.Db.Engine, call.To, new DateTimeOffset(call.To.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)) { Rfm = await RfmModelDocument.InForce(call.Db, ct) };

    private static Sql Sum(ReportCall call, string expression) => Sql.Raw(Dialect.SumLong(call.Db.Engine, expression));

    /// <summary>Cell, customers, sales, share and average, as of the last day.</summary>
    private static async Task<NamedReportResult> Grid(ReportCall call, CancellationToken ct)
    {
        var rows = await call.Db.Query($"""
            select s.cell, count(*) as customers, {Sum(call, "s.net")} as net from ({RfmSql.Scores(await Question(call, ct))}) s group by s.cell order by net desc, s.cell
            """, row => (Cell: row.Text(0), Customers: row.Long(1), Net: row.Long(2)), ct);
        var (all, customers) = (rows.Sum(row => row.Net), rows.Sum(row => row.Customers));
        return new NamedReportResult(
            [new("cell", "Cell", "text"), new("customers", "Customers", "integer"), new("sales", "Sales", "money"), new("share", "Share of sales", "rate"), new("average", "Average", "money")],
            rows.ConvertAll(row => new object?[] { row.Cell, row.Customers, row.Net, Share(row.Net, all), Mean(row.Net, row.Customers) }), [null, customers, all, all == 0 ? null : 1_000_000L, Mean(all, customers)]);
    }

    /// <summary>From which cell to which customers went, with their sales of the window before and after.</summary>
    private static async Task<NamedReportResult> Migration(ReportCall call, CancellationToken ct)
    {
        var (start, end) = (new DateTimeOffset(call.From.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), new DateTimeOffset(call.To.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        var rows = await call.Db.Query($"""
            select o.cell, n.cell, count(*), {Sum(call, "o.net")}, {Sum(call, "n.net")} from rfm_standing n join rfm_standing o on o.party_id = n.party_id and o.to_at = n.from_at
            where n.from_at >= {start} and n.from_at < {end} and o.cell <> n.cell group by o.cell, n.cell order by count(*) desc, o.cell, n.cell
            """, row => new object?[] { row.Text(0), row.Text(1), row.Long(2), row.Long(3), row.Long(4) }, ct);
        return new NamedReportResult(
            [new("from", "From", "text"), new("to", "To", "text"), new("customers", "Customers", "integer"), new("before", "Sales before", "money"), new("after", "Sales after", "money")], rows,
            [null, null, .. Enumerable.Range(2, 3).Select(column => (object?)rows.Sum(row => (long)row[column]!))]);
    }

    /// <summary>Each segment as it is now against all customers, by what they bought in the range.</summary>
    private static async Task<NamedReportResult> Profile(ReportCall call, CancellationToken ct)
    {
        var question = await Question(call, ct);
        Sql bought = $"""
            select s.party_id, {Sum(call, "s.amount")} as net, {Sum(call, "s.amount - s.cost")} as margin, {Sum(call, "case when s.kind = 'sale' then 1 else 0 end")} as visits
            from ({SaleMeasures.Facts(question, "f.cost", after: call.From.AddDays(-1))}) s group by s.party_id
            """;
        var rows = await call.Db.Query($"""
            select g.code, count(m.party_id), {Sum(call, "b.net")}, {Sum(call, "b.visits")}, {Sum(call, "b.margin")} from segment g join segment_member m on m.segment_id = g.id and m.to_at is null
            left join ({bought}) b on b.party_id = m.party_id where g.current_id is not null group by g.code
            union all select '', count(*), {Sum(call, "b.net")}, {Sum(call, "b.visits")}, {Sum(call, "b.margin")} from ({bought}) b order by 1
            """, row => (Code: row.Text(0), Customers: row.Long(1), Net: row.Long(2), Visits: row.Long(3), Margin: row.Long(4)), ct);
        var costs = call.May("view-cost");
        return new NamedReportResult(
            [new("segment", "Segment", "text"), new("customers", "Customers", "integer"), new("sales", "Sales", "money"), new("visits", "Purchases", "integer"), new("basket", "Average basket", "money"), new("average", "Sales of a customer", "money"),
                .. costs ? new ReportField[] { new("margin", "Margin", "money") } : []],
            rows.ConvertAll(row => (object?[])[row.Code.Length == 0 ? "All who bought" : row.Code, row.Customers, row.Net, row.Visits, Mean(row.Net, row.Visits), Mean(row.Net, row.Customers), .. costs ? new object?[] { row.Margin } : []]));
    }

    /// <summary>Customers by expected value in ten parts of equal size, with what they have bought in the 13 weeks up to the last day.</summary>
    private static async Task<NamedReportResult> Deciles(ReportCall call, CancellationToken ct)
    {
        var question = await Question(call, ct);
        var rows = await call.Db.Query($"""
            select v.decile, count(*), {Sum(call, "v.expected")}, {Sum(call, "b.net")} from (select party_id, expected, ntile(10) over (order by expected desc, party_id) as decile from customer_value) v
            left join (select s.party_id, {Sum(call, "s.amount")} as net from ({SaleMeasures.Facts(question, after: call.To.AddDays(-7 * ValueModel.HoldOutWeeks))}) s group by s.party_id) b on b.party_id = v.party_id
            group by v.decile order by v.decile
            """, row => new object?[] { row.Long(0), row.Long(1), row.Long(2), row.Long(3) }, ct);
        return new NamedReportResult(
            [new("decile", "Tenth", "integer"), new("customers", "Customers", "integer"), new("expected", "Expected value", "money"), new("actual", "Sales of the last 13 weeks", "money")], rows,
            [null, .. Enumerable.Range(1, 3).Select(column => (object?)rows.Sum(row => (long)row[column]!))]);
    }

    /// <summary>By the month of the first purchase: how many of them bought so many months later.</summary>
    private static async Task<NamedReportResult> Cohorts(ReportCall call, CancellationToken ct)
    {
        var question = await Question(call, ct);
        Sql Month(string column) => Sql.Raw(call.Db.Engine == Engine.Postgres
            ? $"cast(extract(year from {column}) * 12 + extract(month from {column}) - 1 as bigint)"
            : $"(cast(strftime('%Y', {column}) as integer) * 12 + cast(strftime('%m', {column}) as integer) - 1)");
        var found = await call.Db.Query($"""
            select c.born, c.month - c.born as months, count(*) from (
              select distinct s.party_id, {Month("s.first_on")} as born, {Month("s.business_date")} as month from (
                select x.party_id, x.business_date, min(x.business_date) over (partition by x.party_id) as first_on from ({SaleMeasures.Facts(question)}) x where x.kind = 'sale'
              ) s where s.first_on >= {call.From}
            ) c group by c.born, c.month - c.born order by c.born, months
            """, row => (Born: row.Long(0), Months: row.Long(1), Customers: row.Long(2)), ct);
        var sizes = found.Where(row => row.Months == 0).ToDictionary(row => row.Born, row => row.Customers);
        return new NamedReportResult(
            [new("cohort", "First purchase", "date"), new("months", "Months later", "integer"), new("customers", "Customers", "integer"), new("active", "Active", "rate")],
            found.ConvertAll(row => new object?[] { new DateOnly((int)(row.Born / 12), (int)(row.Born % 12) + 1, 1), row.Months, row.Customers, Share(row.Customers, sizes[row.Born]) }));
    }

    private static object? Share(long part, long whole) => whole == 0 ? null : Kernel.Values.Rate.Ratio(part, whole, Kernel.Values.Rounding.HalfAwayFromZero).Millionths;

    private static object? Mean(long sum, long count) => count == 0 ? null : new Ratio(sum, count).Round(Kernel.Values.Rounding.HalfAwayFromZero);
}
