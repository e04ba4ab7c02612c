using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Directory;

/// <summary>The named reports of the directory.</summary>
internal static class DirectoryReports
{
    /// <summary>Without a sale for so many days a customer is dormant.</summary>
    private const int DormantDays = 365;

    private const int MostCustomers = 500;

    public static IReadOnlyList<NamedReport> All { get; } =
    [
        new("new-and-lost", "New and lost customers", NewAndLost), new("top-customers", "Top customers", TopCustomers),
        new("data-quality", "Data quality", DataQuality), new("consent-register", "Consent register", ConsentRegister),
    ];

    /// <summary>Customers won, come again and gone quiet, by month, branch and source of the record.</summary>
    /// <remarks>
    /// New: records first active in the month, merged ones not counted. Come again: the first sale of the range after more than 365 days without one. Dormant: on the 365th
    /// day after a sale that none followed. Net: new and come again less dormant. A customer belongs to the branch of the record.
    /// </remarks>
    private static async Task<NamedReportResult> NewAndLost(ReportCall call, CancellationToken ct)
    {
        var (engine, quietFrom, quietTo) = (call.Db.Engine, call.From.AddDays(-DormantDays), call.To.AddDays(-DormantDays));
        Sql Month(string day) => Sql.Raw(engine == Engine.Postgres ? $"to_char({day}, 'YYYY-MM')" : $"substr({day}, 1, 7)");
        Sql Later(string day) => Sql.Raw(engine == Engine.Postgres ? $"({day} + {DormantDays})" : $"date({day}, '+{DormantDays} days')");
        Sql sold = Sql.Raw(SalesDocuments.Sold);
        Sql Sales(DateOnly from, DateOnly to, string pick) => $"""
            select coalesce(p.canonical_id, p.id) as party, {Sql.Raw(pick)}(d.business_date) as day from document d join party p on p.id = d.party_id
            where {sold} and d.business_date >= {from} and d.business_date <= {to} group by coalesce(p.canonical_id, p.id)
            """;
        var rows = await call.Db.Query($"""
            select x.month, b.name, x.source, sum(x.won), sum(x.again), sum(x.quiet) from (
              select {Month("d.business_date")} as month, d.branch_id as branch, c.source as source, 1 as won, 0 as again, 0 as quiet
              from document d join customer c on c.document_id = d.id left join party p on p.id = d.id
              where d.function = {DirectoryFunction.FunctionCode} and d.kind = 'customer' and d.business_date >= {call.From} and d.business_date <= {call.To} and d.status in ('posted', 'closed') and coalesce(p.state, '') <> 'merged'
              union all
              select {Month("s.day")}, h.branch_id, c.source, 0, 1, 0 from ({Sales(call.From, call.To, "min")}) s join document h on h.id = s.party join customer c on c.document_id = s.party
              where exists (select 1 from document d join party p on p.id = d.party_id where (d.party_id = s.party or p.canonical_id = s.party) and {sold} and d.business_date < s.day)
                and not exists (select 1 from document d join party p on p.id = d.party_id where (d.party_id = s.party or p.canonical_id = s.party) and {sold} and d.business_date < s.day and {Later("d.business_date")} >= s.day)
              union all
              select {Month(engine == Engine.Postgres ? $"(s.day + {DormantDays})" : $"date(s.day, '+{DormantDays} days')")}, h.branch_id, c.source, 0, 0, 1
              from ({Sales(quietFrom, quietTo, "max")}) s join document h on h.id = s.party join customer c on c.document_id = s.party
              where not exists (select 1 from document d join party p on p.id = d.party_id where (d.party_id = s.party or p.canonical_id = s.party) and {sold} and d.business_date > s.day and d.business_date <= {Later("s.day")})
            ) x join branch b on b.id = x.branch where x.branch {Sql.List(call.Branches)} group by x.month, b.name, x.source order by x.month, b.name, x.source
            """, row => new object?[] { row.Text(0), row.Text(1), row.Text(2), row.Long(3), row.Long(4), row.Long(5), row.Long(3) + row.Long(4) - row.Long(5) }, ct);
        return new NamedReportResult(
            [new("month", "Month", "text"), new("branch", "Branch", "text"), new("source", "Source", "text"), new("new", "New", "integer"), new("reactivated", "Come again", "integer"), new("dormant", "Became dormant", "integer"), new("net", "Net", "integer")],
            rows, [null, null, null, Total(rows, 3), Total(rows, 4), Total(rows, 5), Total(rows, 6)]);
    }

    /// <summary>The customers with the greatest sales, with their share of the sales to customers known by name and the share up to there.</summary>
    /// <remarks>Net sales less returns and reversals, in minor units; margin only for those who see costs. Shares are rounded half away from zero to a millionth, of the exact sums. At most 500 customers.</remarks>
    private static async Task<NamedReportResult> TopCustomers(ReportCall call, CancellationToken ct)
    {
        Sql Sum(string expression) => Sql.Raw(Dialect.SumLong(call.Db.Engine, expression));
        var costs = call.May("view-cost");
        var found = await call.Db.Query($"""
            select c.id, c.number, c.name, {Sum("f.amount")}, {Sum("f.cost")}, {Sum("case when f.kind in ('sale', 'invoice') then f.count else 0 end")}
            from fact f join party p on p.id = f.party_id join party c on c.id = coalesce(p.canonical_id, p.id)
            where f.function in {Sql.Raw(SalesDocuments.Functions)} and f.grain = 0 and f.business_date >= {call.From} and f.business_date <= {call.To} and f.event in ('posted', 'reversed')
              and f.kind in ('sale', 'return', 'invoice', 'credit-note') and f.branch_id {Sql.List(call.Branches)}
            group by c.id, c.number, c.name order by {Sum("f.amount")} desc, c.name, c.id
            """, row => (Id: row.Guid(0), Number: row.Text(1), Name: row.Text(2), Sales: row.Long(3), Cost: row.Long(4), Count: row.Long(5)), ct);
        var whole = found.Sum(one => one.Sales);
        long? Share(long part) => whole <= 0 ? null : Rounding.DivideToLong((Int128)part * 1_000_000, whole, Rounding.HalfAwayFromZero);
        var (rows, upToHere) = (new List<object?[]>(), 0L);
        foreach (var one in found.Take(MostCustomers))
        {
            upToHere += one.Sales;
            object?[] cells = [rows.Count + 1L, one.Number, one.Name, one.Count, one.Sales, .. costs ? [one.Sales - one.Cost] : Array.Empty<object?>(), Share(one.Sales), Share(upToHere)];
            rows.Add(cells);
        }

        ReportField[] columns =
        [
            new("rank", "Rank", "integer"), new("number", "Number", "text"), new("customer", "Customer", "text"), new("purchases", "Purchases", "integer"), new("sales", "Net sales", "money"),
            .. costs ? [new ReportField("margin", "Margin", "money")] : Array.Empty<ReportField>(), new("share", "Share", "rate"), new("cumulative", "Share up to here", "rate"),
        ];
        object?[] totals = [null, null, null, found.Sum(one => one.Count), whole, .. costs ? [whole - found.Sum(one => one.Cost)] : Array.Empty<object?>(), null, null];
        return new NamedReportResult(columns, rows, totals, [.. found.Take(MostCustomers).Select(one => (Guid?)one.Id)]);
    }

    /// <summary>How complete the records are that were entered in the range, by branch and by who entered them.</summary>
    /// <remarks>The average of the completeness of each record, in points of 100, rounded half away from zero to two decimals. An invalid contact is a telephone number of the record that is none of any country.</remarks>
    private static async Task<NamedReportResult> DataQuality(ReportCall call, CancellationToken ct)
    {
        var found = await call.Db.Query($"""
            select b.name, coalesce(u.name, 'System'), count(*), sum(x.complete), sum(x.wrong) from (
              select d.branch_id, d.created_by, {Completeness.Of(call.To)} as complete,
                case when p.phone is not null and p.phone not like '+%' then 1 else 0 end
                  + (select count(*) from customer_contact k where k.document_id = d.id and k.type in ('phone', 'email') and k.normal = '') as wrong
              from document d join customer c on c.document_id = d.id left join party p on p.id = d.id
              where d.function = {DirectoryFunction.FunctionCode} and d.kind = 'customer' and d.business_date >= {call.From} and d.business_date <= {call.To} and d.status = 'posted'
                and coalesce(p.state, '') not in ('merged', 'erased') and d.branch_id {Sql.List(call.Branches)}
            ) x join branch b on b.id = x.branch_id left join app_user u on u.id = x.created_by group by b.name, u.name order by b.name, u.name
            """, row => (Branch: row.Text(0), User: row.Text(1), Records: row.Long(2), Points: row.Long(3), Wrong: row.Long(4)), ct);
        static long? Average(long points, long records) => records == 0 ? null : Rounding.DivideToLong((Int128)points * 100, records, Rounding.HalfAwayFromZero) * 10_000;
        return new NamedReportResult(
            [new("branch", "Branch", "text"), new("user", "Entered by", "text"), new("records", "Records", "integer"), new("completeness", "Completeness", "number"), new("invalidContacts", "Invalid contacts", "integer")],
            [.. found.Select(one => new object?[] { one.Branch, one.User, one.Records, Average(one.Points, one.Records), one.Wrong })],
            [null, null, found.Sum(one => one.Records), Average(found.Sum(one => one.Points), found.Sum(one => one.Records)), found.Sum(one => one.Wrong)]);
    }

    /// <summary>Which consents count on the last day of the range, by purpose and channel: given, withdrawn, expired.</summary>
    private static async Task<NamedReportResult> ConsentRegister(ReportCall call, CancellationToken ct)
    {
        var end = new DateTimeOffset(call.To.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var rows = await call.Db.Query($"""
            select purpose, channel, sum(case when granted and (expires_on is null or expires_on >= {call.To}) then 1 else 0 end), sum(case when granted then 0 else 1 end),
              sum(case when granted and expires_on < {call.To} then 1 else 0 end)
            from (
              select s.purpose, s.channel, s.granted, s.expires_on, row_number() over (partition by coalesce(p.canonical_id, p.id), s.purpose, s.channel order by s.at desc, s.document_id desc) as place
              from customer_consent s join document d on d.id = s.document_id join party p on p.id = s.party_id where s.at < {end} and d.branch_id {Sql.List(call.Branches)}
            ) last where place = 1 group by purpose, channel order by purpose, channel
            """, row => new object?[] { row.Text(0), row.Text(1), row.Long(2), row.Long(3), row.Long(4) }, ct);
        return new NamedReportResult(
            [new("purpose", "Purpose", "text"), new("channel", "Channel", "text"), new("granted", "Given", "integer"), new("withdrawn", "Withdrawn", "integer"), new("expired", "Expired", "integer")],
            rows, [null, null, Total(rows, 2), Total(rows, 3), Total(rows, 4)]);
    }

    private static long Total(List<object?[]> rows, int column) => rows.Sum(row => (long)row[column]!);
}
