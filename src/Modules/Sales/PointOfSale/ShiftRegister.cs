using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>The shifts that were opened in the range, with what they sold and how they were counted; a row leads to its close.</summary>
/// <remarks>
/// Money in minor units; expected, counted and variance are sums over all methods and are there from the count on. Net sales are less reversals and returns of
/// the shift and without vouchers sold. Filters by party, channel, category and item narrow the sales, not the shifts.
/// </remarks>
internal static class ShiftRegister
{
    private static readonly IReadOnlyList<ReportField> Columns =
    [
        new("number", "Shift", "text"), new("terminal", "Till", "text"), new("user", "Cashier", "text"), new("state", "State", "text"), new("openedAt", "Opened", "instant"), new("closedAt", "Closed", "instant"),
        new("float", "Float", "money"), new("sales", "Sales", "integer"), new("reversals", "Reversals", "integer"), new("net", "Net sales", "money"), new("expected", "Expected", "money"),
        new("counted", "Counted", "money"), new("variance", "Variance", "money"), new("firstReceipt", "First receipt", "text"), new("lastReceipt", "Last receipt", "text"),
    ];

    public static async Task<NamedReportResult> Run(ReportCall call, CancellationToken ct)
    {
        Sql Sum(string expression) => Sql.Raw(Dialect.SumLong(call.Db.Engine, expression));
        var shifts = await ReportScope.OpenedInRange(call, ct);
        if (ReportScope.Ids(call, "user") is { } users) shifts = $"{shifts} and w.user_id {users}";
        if (ReportScope.Ids(call, "shift") is { } chosen) shifts = $"{shifts} and w.id {chosen}";
        var found = await call.Db.Query($"""
            with shown as materialized (select w.* from work_session w where {shifts}),
            sold as (
              select session_id, {Sum("case when mirror = 0 and kind = 'sale' then count else 0 end")} as sales, {Sum("case when mirror = 1 then count else 0 end")} as reversals, {Sum("net")} as net,
                substr(min(first_receipt), 14) as first_receipt, substr(max(last_receipt), 14) as last_receipt
              from {SaleSums.Sales.OfShifts(call, "shown")} as x group by session_id
            ), counted as (
              select v.session_id, {Sum("v.expected")} as expected, {Sum("v.counted")} as counted, {Sum("v.variance")} as variance
              from shown w join pos_shift_tender v on v.session_id = w.id group by v.session_id
            )
            select p.close_document_id, w.number, t.code, coalesce(u.name, ''), w.state, w.opened_at, w.closed_at, p.float_amount,
              coalesce(s.sales, 0), coalesce(s.reversals, 0), coalesce(s.net, 0), c.expected, c.counted, c.variance, s.first_receipt, s.last_receipt
            from shown w join pos_shift p on p.session_id = w.id join terminal t on t.id = w.terminal_id left join app_user u on u.id = w.user_id
            left join sold s on s.session_id = cast(w.id as text) left join counted c on c.session_id = w.id
            order by w.opened_at, w.number
            """, row => (Close: row.GuidOrNull(0), Cells: new object?[]
            {
                row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Instant(5), row.InstantOrNull(6), row.Long(7), row.Long(8), row.Long(9), row.Long(10),
                row.LongOrNull(11), row.LongOrNull(12), row.LongOrNull(13), row.TextOrNull(14), row.TextOrNull(15),
            }), ct);
        var rows = found.ConvertAll(shift => shift.Cells);
        return new NamedReportResult(Columns, rows, [.. Columns.Select((_, column) => column is >= 6 and <= 12 ? (object?)ReportScope.Sum(rows, column) : null)],
            [.. found.Select(shift => shift.Close)]);
    }
}
