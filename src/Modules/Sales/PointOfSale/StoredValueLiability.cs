using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>What is owed to the holders of vouchers: brought forward, issued, redeemed, expired, and left at the end of the range.</summary>
/// <remarks>
/// From the ledger: opening + issued - redeemed - expired = balance, and the balances of all branches are the account <c>StoredValue</c>. What a reversal takes
/// back is taken off what it mirrors, so issued and redeemed are what stood. A voucher belongs to the branch that issued it,
/// wherever it is redeemed, and is told while it owes or moves; the filters are on the document that issued it. The balance stands again by age.
/// </remarks>
internal static class StoredValueLiability
{
    /// <summary>The balance by age: days from the issue to the end of the range, at most.</summary>
    private static readonly IReadOnlyList<(string Key, string Label, int Days)> Ages =
        [("age90", "Up to 90 days", 90), ("age180", "91 to 180 days", 180), ("age365", "181 to 365 days", 365), ("older", "Older", int.MaxValue)];

    private static readonly IReadOnlyList<ReportField> Columns =
    [
        new("code", "Voucher", "text"), new("issuedOn", "Issued on", "date"), new("expiresOn", "Expires", "date"),
        new("opening", "Brought forward", "money"), new("issued", "Issued", "money"), new("redeemed", "Redeemed", "money"), new("expired", "Expired", "money"), new("balance", "Balance", "money"),
        .. Ages.Select(age => new ReportField(age.Key, age.Label, "money")),
    ];

    public static async Task<NamedReportResult> Run(ReportCall call, CancellationToken ct)
    {
        Sql Sum(string expression) => Sql.Raw(Dialect.SumLong(call.Db.Engine, expression));
        // An issue credits; its mirror debits. A redemption debits; its mirror credits.
        const string issue = "(e.amount < 0 and t.reversal_of is null or e.amount > 0 and t.reversal_of is not null)";
        const string what = $"case when k.kind = '{ExpiredVouchers.Kind}' then 'expired' when {issue} then 'issued' else 'redeemed' end";
        Sql within = $"e.business_date >= {call.From}";
        var found = await call.Db.Query($"""
            select v.document_id, v.code, v.issued_on, v.expires_on, m.opening, m.issued, m.redeemed, m.expired, m.balance
            from (
              select x.subject, {Sum("case when x.fresh = 0 then -x.amount else 0 end")} as opening, {Sum("case when x.fresh = 1 and x.what = 'issued' then -x.amount else 0 end")} as issued,
                {Sum("case when x.fresh = 1 and x.what = 'redeemed' then x.amount else 0 end")} as redeemed, {Sum("case when x.fresh = 1 and x.what = 'expired' then x.amount else 0 end")} as expired, {Sum("-x.amount")} as balance
              from (
                select a.subject, e.amount, case when {within} then 1 else 0 end as fresh, {Sql.Raw(what)} as what
                from account a join entry e on e.account_id = a.id join ledger_transaction t on t.id = e.transaction_id join document k on k.id = t.document_id
                where a.role = 'StoredValue' and e.business_date <= {call.To}
              ) as x group by x.subject
            ) as m join voucher v on {Sales.IdText("v.id", call.Db.Engine)} = m.subject join document d on d.id = v.document_id
            where (m.opening <> 0 or m.issued <> 0 or m.redeemed <> 0 or m.expired <> 0) and {ReportScope.Of(call, "d.posted_by")}
            order by v.issued_on, v.id
            """, row => (Document: row.Guid(0), Cells: new object?[] { Vouchers.Masked(row.Text(1)), row.Date(2), row.DateOrNull(3), row.Long(4), row.Long(5), row.Long(6), row.Long(7), row.Long(8) }), ct);
        var rows = found.ConvertAll(voucher => (object?[])[.. voucher.Cells, .. ByAge(call.To.DayNumber - ((DateOnly)voucher.Cells[1]!).DayNumber, (long)voucher.Cells[7]!)]);
        return new NamedReportResult(Columns, rows, [null, null, null, .. Enumerable.Range(3, 5 + Ages.Count).Select(column => (object?)ReportScope.Sum(rows, column))],
            [.. found.Select(voucher => (Guid?)voucher.Document)]);
    }

    /// <summary>The balance in the column of its age, zero in the others: the columns sum to the balance.</summary>
    private static IEnumerable<object?> ByAge(int days, long balance)
    {
        var place = Ages.TakeWhile(age => days > age.Days).Count();
        return Ages.Select((_, at) => (object?)(at == place ? balance : 0L));
    }
}
