using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>What each payment method took, and what reversals and returns gave back.</summary>
/// <remarks>
/// Amounts in minor units. <c>amount</c> is what sales put on the method, change taken off; <c>net</c> is that less what reversals
/// and returns of the range gave back, and so what the method's accounts moved by sales. Who may not see what a drawer should
/// hold before it is counted is told of shifts that are counted only: the cash taken is nearly all of it.
/// </remarks>
internal static class TenderSummary
{
    private static readonly IReadOnlyList<ReportField> Columns =
    [
        new("method", "Method", "text"), new("name", "Name", "text"), new("count", "Payments", "integer"), new("amount", "Amount", "money"), new("change", "Change given", "money"),
        new("reversals", "Reversals and returns", "integer"), new("reversed", "Given back", "money"), new("net", "Net", "money"),
    ];

    public static async Task<NamedReportResult> Run(ReportCall call, CancellationToken ct)
    {
        Sql Sum(string expression) => Sql.Raw(Dialect.SumLong(call.Db.Engine, expression));
        var counted = call.May("view-expected") ? Sql.Raw("") : Sql.Raw(" where not exists (select 1 from work_session w where cast(w.id as text) = t.session_id and w.state = 'open')");
        const string sold = "t.mirror = 0 and t.kind = 'sale'";
        var rows = await call.Db.Query($"""
            select t.method, max(m.name), {Sum($"case when {sold} then t.count else 0 end")}, {Sum($"case when {sold} then t.amount else 0 end")},
              {Sum($"case when {sold} then t.change else 0 end")}, {Sum($"case when {sold} then 0 else t.count end")},
              {Sum($"case when {sold} then 0 else -t.amount end")}, {Sum("t.amount")}
            from {SaleSums.Tenders.Of(call)} as t left join payment_method m on m.code = t.method{counted} group by t.method order by t.method
            """, row => new object?[] { row.Text(0), row.TextOrNull(1) ?? row.Text(0), row.Long(2), row.Long(3), row.Long(4), row.Long(5), row.Long(6), row.Long(7) }, ct);
        return new NamedReportResult(Columns, rows, [null, null, .. Enumerable.Range(2, 6).Select(column => (object?)ReportScope.Sum(rows, column))]);
    }
}
