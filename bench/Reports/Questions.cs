using System.Globalization;
using System.Text.Json;
using Plug1.Kernel.Storage;

namespace Plug1.Bench.Reports;

/// <summary>Something that is asked over HTTP, and the least that the database itself has to do for the same answer.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Address">The address of the n-th time.</param>
/// <param name="Raw">The statements of the n-th time; null where there is nothing to compare with.</param>
internal sealed record Question(string Name, Func<int, string> Address, Func<int, IReadOnlyList<Sql>>? Raw = null)
{
    /// <summary>Whether it is one of the dashboards whose growth is judged.</summary>
    public bool IsDashboard => Name.StartsWith("dashboard", StringComparison.Ordinal);
}

/// <summary>What is asked of a shop with years of sales.</summary>
internal static class Questions
{
    private const string Api = "/api/v1", Pos = $"{Api}/sales/point-of-sale", Code = "sales.point-of-sale";
    private const string Sums = "sum(count), sum(amount), sum(quantity), sum(cost), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6)";
    private const string Header = "d.id, d.number, d.business_date, d.kind, d.status, d.branch_id, d.total, d.currency, d.source_channel, d.created_at, d.posted_at, s.net, s.tax, s.cost";
    private const string Listed = $"select {Header} from document d left join pos_sale s on s.document_id = d.id where d.function = '{Code}'";
    private const string Raised = "select id, rule, severity, function, document_id, message, raised_at, state from exception_item";
    private const string Asked = "select r.id, d.number, d.total, r.action, r.state, r.requested_at from approval_request r join document d on d.id = r.document_id";

    /// <summary>All of them. Places deep in the lists are found first.</summary>
    public static async Task<IReadOnlyList<Question>> Of(HttpClient client, Engine engine, DateOnly today)
    {
        (DateOnly From, DateOnly To) Month(int round) => (today.AddDays(-30 - (round % 11 * 30)), today.AddDays(-(round % 11 * 30)));
        string MonthAt(int round) => Range(Month(round).From, Month(round).To);
        var first = new DateOnly(today.Year, today.Month, 1).AddMonths(-11);
        var year = Range(first, today);
        var deep = await Rows(client, $"{Pos}?{Range(today.AddDays(-340), today.AddDays(-330))}&limit=200");
        var cursor = deep.GetProperty("next").GetString()!;
        var (lastDay, lastId) = (today.AddDays(-330), deep.GetProperty("items").EnumerateArray().Last().GetProperty("id").GetGuid());
        var numbers = deep.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("number").GetString()!).ToList();
        var number = Sql.Raw(engine == Engine.Postgres ? "coalesce(d.number, '') collate \"C\"" : "coalesce(d.number, '')");
        string Number(int round) => numbers[round % numbers.Count][..^1];
        Sql[] Numbered(int round, int limit) => [$"{Sql.Raw(Listed)} and {number} >= {Number(round)} and {number} < {Number(round) + "\uFFFD"} order by {number}, d.id limit {limit}"];
        Sql[] Dashboard(int round) => DashboardOf(Month(round));
        return
        [
            new("dashboard of the function, a month", round => $"{Pos}/dashboard?{MonthAt(round)}", Dashboard),
            new("dashboard of the module, a month", round => $"{Api}/modules/sales/dashboard?{MonthAt(round)}", Dashboard),
            new("dashboard of operations, a month", round => $"{Api}/operations/dashboard/summary?{MonthAt(round)}", Dashboard),
            new("report, daily, a month", round => $"{Pos}/reports/daily?{MonthAt(round)}", round => [ByDay(Month(round))]),
            new("report, monthly, a year", _ => $"{Pos}/reports/monthly?{year}", _ =>
                [$"select business_date, kind, event, {Sql.Raw(Sums)} from fact_document_month where function = {Code} and business_date >= {first} and business_date <= {today} group by 1, 2, 3"]),
            new("report, by item, a month", round => $"{Pos}/reports/by-item?{MonthAt(round)}", round =>
                [$"select item_id, {Sql.Raw(Sums)} from fact_item_day where function = {Code} and business_date >= {Month(round).From} and business_date <= {Month(round).To} group by 1 order by 3 desc limit 500"]),
            new("report, by category and month, a year", _ => $"{Pos}/reports/by-category?groupBy=category,month&{year}", _ =>
                [$"select category_id, business_date, {Sql.Raw(Sums)} from fact_category_month where function = {Code} and business_date >= {first} and business_date <= {today} group by 1, 2 order by 1, 2"]),
            new("report, by user, a month", round => $"{Pos}/reports/by-user?{MonthAt(round)}"),
            new("report, documents, a month", round => $"{Pos}/reports/documents?{MonthAt(round)}"),
            new("report, tender summary, a month", round => $"{Pos}/reports/tender-summary?{MonthAt(round)}"),
            new("list, first page", _ => Pos, _ => [$"{Sql.Raw(Listed)} order by d.business_date desc, d.id desc limit 51"]),
            new("list, a page deep in it", _ => $"{Pos}?after={cursor}", _ => [$"{Sql.Raw(Listed)} and (d.business_date, d.id) < ({lastDay}, {lastId}) order by d.business_date desc, d.id desc limit 51"]),
            new("list, number begins with", round => $"{Pos}?q={Number(round)}", round => Numbered(round, 51)),
            new("search by number", round => $"{Api}/search?q={Number(round)}", round => Numbered(round, 5)),
            new("exceptions", _ => $"{Api}/exceptions", _ => [$"{Sql.Raw(Raised)} where state in ('open', 'acknowledged') order by raised_at desc limit 51"]),
            new("exceptions, resolved ones too", _ => $"{Api}/exceptions?state=all"),
            new("exceptions of one rule", _ => $"{Api}/exceptions?state=all&rule=POS_PRICE_OVERRIDE"),
            new("approvals", _ => $"{Api}/approvals", _ => [$"{Sql.Raw(Asked)} where r.state = 'open' order by r.requested_at limit 51"]),
            new("approvals, decided", _ => $"{Api}/approvals?state=decided"),
            new("analytics, trend", _ => $"{Pos}/analytics/trend?compare=previous", _ => [ByDay((today.AddDays(-60), today))]),
            new("analytics of all functions", _ => $"{Api}/analytics"),
            new("operations, today by hour", _ => $"{Api}/operations/dashboard/demand"),
            new("operations, what waits", _ => $"{Api}/operations/dashboard/waiting"),
            new("activity", _ => $"{Api}/activity"),
        ];
    }

    /// <summary>Sums by day of two months, what waits, what is open, what happened last.</summary>
    private static Sql[] DashboardOf((DateOnly From, DateOnly To) month) =>
    [
        ByDay((month.From.AddDays(-31), month.To)),
        $"{Sql.Raw(Asked)} where r.state = 'open' order by r.requested_at limit 20",
        $"select id, number, status, total, created_at from document where function = {Code} and status = 'draft' order by business_date desc limit 20",
        $"select severity, count(*) from exception_item where state in ('open', 'acknowledged') group by severity",
        $"{Sql.Raw(Raised)} where state = 'open' and severity = 'medium' order by raised_at desc limit 5",
        $"select seq, at, user_name, action, object_kind, object_id, outcome from audit_event where function = {Code} order by seq desc limit 15",
    ];

    private static Sql ByDay((DateOnly From, DateOnly To) range) =>
        $"select business_date, kind, event, {Sql.Raw(Sums)} from fact_document_day where function = {Code} and business_date >= {range.From} and business_date <= {range.To} group by 1, 2, 3";

    private static async Task<JsonElement> Rows(HttpClient client, string address)
    {
        using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri(address, UriKind.Relative)));
        return answer.RootElement.Clone();
    }

    private static string Range(DateOnly from, DateOnly to) => $"from={from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}&to={to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
}
