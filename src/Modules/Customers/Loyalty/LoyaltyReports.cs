using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Loyalty;

/// <summary>The named reports of loyalty.</summary>
internal static class LoyaltyReports
{
    public static IReadOnlyList<NamedReport> All { get; } =
    [
        new("liability", "Points liability", Liability),
        new("expiry-calendar", "Expiry calendar", Calendar),
        new("breakage", "Breakage", Breakage),
        new("member-statement", "Member statement", Statement),
    ];

    private static async Task<NamedReportResult> Liability(ReportCall call, CancellationToken ct)
    {
        var rows = (await Cohorts.Read(call.Db, call.To, ct)).Select(cohort => new object?[]
        {
            cohort.Programme, cohort.Month, cohort.Issued.Millionths, cohort.Redeemed.Millionths, cohort.Expired.Millionths, cohort.Outstanding.Millionths, cohort.Deferred, cohort.Recognised, cohort.Deferred - cohort.Recognised,
        }).ToList();
        return new NamedReportResult(
            [new("programme", "Programme", "text"), new("cohort", "Issued in", "date"), new("issued", "Issued", "quantity"), new("redeemed", "Redeemed", "quantity"), new("expired", "Expired", "quantity"),
             new("outstanding", "Outstanding", "quantity"), new("deferred", "Deferred", "money"), new("recognised", "Recognised", "money"), new("balance", "Balance", "money")],
            rows, [null, null, .. Enumerable.Range(2, 7).Select(column => (object?)rows.Sum(row => (long)row[column]!))]);
    }

    private static async Task<NamedReportResult> Calendar(ReportCall call, CancellationToken ct)
    {
        var month = Sql.Raw(call.Db.Engine == Engine.Postgres ? "date_trunc('month', l.expires_on::timestamp)::date" : "date(l.expires_on, 'start of month')");
        var rows = await call.Db.Query($"""
            select m.programme, {month}, count(distinct m.id), {Sql.Raw(Dialect.SumLong(call.Db.Engine, "l.points_left"))} from loyalty_lot l join loyalty_member m on m.id = l.member_id
            where l.points_left > 0 and l.expires_on is not null group by m.programme, {month} order by 2, 1
            """, row => new object?[] { row.Text(0), row.Date(1), row.Long(2), row.Long(3) }, ct);
        return new NamedReportResult([new("programme", "Programme", "text"), new("month", "Lapses in", "date"), new("members", "Members", "integer"), new("points", "Points", "quantity")], rows,
            [null, null, null, rows.Sum(row => (long)row[3]!)]);
    }

    private static async Task<NamedReportResult> Breakage(ReportCall call, CancellationToken ct)
    {
        var rows = (await Cohorts.Read(call.Db, call.To, ct)).Where(cohort => cohort.Issued.IsPositive).Select(cohort => new object?[]
        {
            cohort.Programme, cohort.Month, (long)(((call.To.Year - cohort.Month.Year) * 12) + call.To.Month - cohort.Month.Month), cohort.Issued.Millionths,
            (Ratio.Of(cohort.Redeemed) / Ratio.Of(cohort.Issued)).ToRate().Millionths, (Ratio.Of(cohort.Expired) / Ratio.Of(cohort.Issued)).ToRate().Millionths,
        }).ToList();
        return new NamedReportResult(
            [new("programme", "Programme", "text"), new("cohort", "Issued in", "date"), new("age", "Age in months", "integer"), new("issued", "Issued", "quantity"), new("redeemedRate", "Redeemed", "rate"), new("expiredRate", "Expired", "rate")], rows);
    }

    /// <summary>The movements of the range, of one member with the filter <c>party</c>; at most 5,000.</summary>
    private static async Task<NamedReportResult> Statement(ReportCall call, CancellationToken ct)
    {
        var party = call.Filters.TryGetValue("party", out var chosen) && Guid.TryParse(chosen, out var id) ? id : Guid.Empty;
        var found = await call.Db.Query($"""
            select y.name, v.business_date, v.kind, d.number, v.points, v.document_id from loyalty_movement v join loyalty_member m on m.id = v.member_id join party y on y.id = m.party_id join document d on d.id = v.document_id
            where v.business_date >= {call.From} and v.business_date <= {call.To} and d.branch_id {Sql.List(call.Branches)} and ({party == Guid.Empty} or m.party_id = {party}) order by y.name, v.business_date, v.id limit 5000
            """, row => (Cells: new object?[] { row.Text(0), row.Date(1), row.Text(2), row.TextOrNull(3), row.Long(4) }, Document: row.Guid(5)), ct);
        return new NamedReportResult([new("member", "Member", "text"), new("on", "Day", "date"), new("kind", "Movement", "text"), new("number", "Document", "text"), new("points", "Points", "quantity")],
            [.. found.Select(row => row.Cells)], [null, null, null, null, found.Sum(row => (long)row.Cells[4]!)], [.. found.Select(row => (Guid?)row.Document)]);
    }
}
