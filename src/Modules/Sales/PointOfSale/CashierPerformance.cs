using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>How each cashier sold, and what a second look may be worth.</summary>
/// <remarks>
/// A sale and its reversal belong to whoever rang it up; net is less returns. Net in minor units, vouchers sold left out: they are no sale. Items a minute
/// is units over the minutes from first scan to posting, of sales that told both: 12 units in 90 seconds are 8. Cash variance is
/// counted less expected of the cash methods of the cashier's shifts closed in the range; openings are of shifts opened in it.
/// </remarks>
internal static class CashierPerformance
{
    private static readonly IReadOnlyList<ReportField> Columns =
    [
        new("userId", "Id", "id"), new("user", "Cashier", "text"), new("transactions", "Transactions", "integer"), new("net", "Net sales", "money"), new("itemsPerMinute", "Items a minute", "number"),
        new("reversals", "Reversals", "integer"), new("overrides", "Overrides", "integer"), new("noSaleOpenings", "No-sale openings", "integer"), new("cashVariance", "Cash variance", "money"),
    ];

    private sealed record Cashier(Guid Id, string Name, long Sales, long Net, long Units, long Seconds, long Reversals, long Overrides, long Openings, long Variance)
    {
        public object?[] Cells => [Id, Name, Sales, Net, Pace(Units, Seconds), Reversals, Overrides, Openings, Variance];
    }

    public static async Task<NamedReportResult> Run(ReportCall call, CancellationToken ct)
    {
        var shifts = await ReportScope.OpenedInRange(call, ct);
        Sql Sum(string expression) => Sql.Raw(Dialect.SumLong(call.Db.Engine, expression));
        // Closes are few and are found by their kind; the index by date would read all sales of the range for them.
        var day = Sql.Raw(call.Db.Engine == Engine.Postgres ? "(d.business_date + 0)" : "+d.business_date");
        var found = await call.Db.Query($"""
            select c.user_id, coalesce(u.name, ''), {Sum("c.sales")}, {Sum("c.net")}, {Sum("c.units")}, {Sum("c.seconds")}, {Sum("c.reversals")}, {Sum("c.overrides")}, {Sum("c.openings")}, {Sum("c.variance")}
            from (
              select x.user_id, case when x.mirror = 0 and x.kind = 'sale' then x.count else 0 end as sales, x.net as net, x.timed_units as units, x.seconds as seconds,
                case when x.mirror = 1 then x.count else 0 end as reversals, x.overrides as overrides, 0 as openings, 0 as variance
              from {SaleSums.Sales.Of(call)} as x
              union all
              select p.user_id, 0, 0, 0, 0, 0, 0, 1, 0
              from work_session w join pos_drawer_opening p on p.session_id = w.id
              where {shifts}{Narrowed(call, "p.user_id")}
              union all
              select w.user_id, 0, 0, 0, 0, 0, 0, 0, v.variance
              from document d join work_session w on w.id = d.session_id join pos_shift_tender v on v.session_id = w.id left join payment_method m on m.code = v.method
              where d.function = {PointOfSaleFunction.FunctionCode} and {day} >= {call.From} and {day} <= {call.To} and d.kind = 'shift-close' and d.posted_at is not null
                and coalesce(m.type, 'cash') = 'cash' and d.branch_id {Sql.List(call.Branches)}{Narrowed(call, "w.user_id")}
            ) as c left join app_user u on u.id = c.user_id
            group by c.user_id, u.name order by {Sum("c.net")} desc, u.name
            """, row => new Cashier(row.Guid(0), row.Text(1), row.Long(2), row.Long(3), row.Long(4), row.Long(5), row.Long(6), row.Long(7), row.Long(8), row.Long(9)), ct);

        var rows = found.Select(cashier => cashier.Cells).ToList();
        object?[] totals = [null, null, .. Enumerable.Range(2, 7).Select(column => column == 4 ? Pace(found.Sum(cashier => cashier.Units), found.Sum(cashier => cashier.Seconds)) : (object?)ReportScope.Sum(rows, column))];
        return new NamedReportResult(Columns, rows, totals);
    }

    private static long? Pace(long units, long seconds) => ReportScope.Ratio((Int128)units * 60, (Int128)seconds * 1_000_000, 2);

    /// <summary>User and shift; what is told of drawers knows no item, party or channel.</summary>
    private static Sql Narrowed(ReportCall call, string user)
    {
        var tests = new List<Sql> { Sql.Raw("") };
        if (ReportScope.Ids(call, "user") is { } users) tests.Add($" and {Sql.Raw(user)} {users}");
        if (ReportScope.Ids(call, "shift") is { } shifts) tests.Add($" and w.id {shifts}");
        return Sql.Join(" ", tests);
    }
}
