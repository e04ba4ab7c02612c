using Plug1.Kernel;
using Plug1.Kernel.Storage;

namespace Plug1.Bench.Reports;

/// <summary>Gives a shop the years before a day that was sold through the real checkout: that day again and again, each time a day earlier.</summary>
/// <remarks>
/// All is made in the database, table by table, the oldest days first, so that rows lie on disk as time would have laid them. What a sale wrote is copied
/// with ids, numbers, shifts, days and hours of its own; its facts are among that, so every sum is true. Entries of the ledger are left out: no question of this
/// benchmark reads them. One sale in a hundred raised an exception and one in 250 went through an approval; what is older than a fortnight is resolved.
/// </remarks>
internal sealed class History(Engine engine, int salesOfDay, int days)
{
    private const int DaysOfStep = 25;
    private const int OpenDays = 14;

    // Given by the database itself.
    private static readonly HashSet<string> Given = ["fact.tx", "audit_event.seq"];

    private static readonly (string Table, string Template, string Key)[] Copied =
    [
        ("work_session", Sessions, "id"), ("pos_shift", Sessions, "session_id"), ("document", Sales, "id"), ("pos_sale", Sales, "document_id"), ("pos_sale_line", Sales, "document_id"),
        ("pos_sale_tax", Sales, "document_id"), ("pos_tender", Sales, "document_id"), ("fact", Sales, "document_id"), ("audit_event", Sales, "object_id"),
    ];

    private const string Sales = "bench_sale";
    private const string Sessions = "(select distinct session_id as id, 8 as hour, 0 as place, 0 as most from bench_sale)";

    private bool OnPostgres => engine == Engine.Postgres;

    /// <summary>Makes them.</summary>
    public async Task Make(Database database, DateTimeOffset now)
    {
        var columns = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        await database.WriteMuch(async tx =>
        {
            foreach (var (table, _, _) in Copied) columns[table] = await Columns(tx, table);
            Templates(tx);
            foreach (var part in Enumerable.Range(1, days - 1).Chunk(200))
                tx.Stage($"insert into bench_day (n, back, prefix) values {Sql.Join(", ", part.Select(n => (Sql)$"({n}, {days - n}, {Prefix(now, days - n)})"))}");
            await tx.Flush();
            Invariant.Holds(await tx.Number($"select count(*) from bench_sale") == salesOfDay);
        });

        for (var first = 1; first < days; first += DaysOfStep)
        {
            var step = $"k.n >= {first} and k.n < {first + DaysOfStep}";
            await database.WriteMuch(async tx =>
            {
                foreach (var (table, template, key) in Copied) tx.Stage(Sql.Raw(Copy(table, columns[table], template, key, step)));
                foreach (var statement in Exceptions(step).Concat(Approvals(step))) tx.Stage(Sql.Raw(statement));
                await tx.Flush();
            });
        }

        await database.WriteMuch(async tx =>
        {
            tx.Stage($"update number_series set last_number = {(long)salesOfDay * (days + 1)} where id like 'sales.point-of-sale/%'");
            foreach (var statement in Waiting()) tx.Stage(Sql.Raw(statement));
            foreach (var table in new[] { "bench_sale", "bench_day" }) tx.Stage(Sql.Raw($"drop table {table}"));
            await tx.Flush();
        });
    }

    /// <summary>The first half of the milliseconds with which an id of a day begins; the rest of it is the copied sale's.</summary>
    private static string Prefix(DateTimeOffset now, int back) => $"{now.AddDays(-back).ToUnixTimeMilliseconds() >> 16:x8}";

    /// <summary>The sales that are copied, with their hour of the day and their place at their till.</summary>
    private static void Templates(Tx tx)
    {
        tx.Stage($"create table bench_day (n bigint primary key, back bigint not null, prefix text not null)");
        tx.Stage($"""
            create table bench_sale as select d.id, d.session_id, row_number() over (order by d.id) as at, 9 + (row_number() over (order by d.id)) % 11 as hour,
              row_number() over (partition by d.session_id order by d.number) as place, 0 as most
            from document d where d.function = 'sales.point-of-sale' and d.kind = 'sale' and d.status = 'posted'
            """);
        tx.Stage($"update bench_sale set most = (select max(place) from bench_sale)");
    }

    private static async Task<IReadOnlyList<string>> Columns(Tx tx, string table) => [.. (await tx.Query(Sql.Raw(tx.Engine == Engine.Postgres
        ? $"select column_name::text from information_schema.columns where table_schema = current_schema() and table_name = '{table}' and is_generated = 'NEVER' order by ordinal_position"
        : $"select name from pragma_table_info('{table}')"), row => row.Text(0))).Where(column => !Given.Contains($"{table}.{column}"))];

    private string Copy(string table, IReadOnlyList<string> columns, string template, string key, string step) => $"""
        insert into {table} ({string.Join(", ", columns)}) select {string.Join(", ", columns.Select(column => Value(table, column)))}
        from bench_day k cross join {template} b {(OnPostgres ? "join" : "cross join")} {table} x on x.{key} = b.id where {step}{(OnPostgres ? " order by k.n, b.place" : "")}
        """;

    private string Value(string table, string column) => (table, column) switch
    {
        ("work_session", "state") => "'closed'",
        ("work_session", "closed_at") => Instant("x.opened_at", "20"),
        ("work_session", "number") => "x.number || '-' || k.n",
        ("document", "number") => OnPostgres ? "left(x.number, -6) || lpad((k.n * b.most + b.place)::text, 6, '0')" : "substr(x.number, 1, length(x.number) - 6) || printf('%06d', k.n * b.most + b.place)",
        ("pos_sale", "receipt_seq") => "k.n * b.most + b.place",
        ("fact", "hour") => "b.hour",
        (_, "document_id" or "session_id" or "object_id") or ("document" or "work_session" or "audit_event", "id") => Id($"x.{column}"),
        (_, "business_date") => OnPostgres ? "(x.business_date - k.back::int)" : "date(x.business_date, '-' || k.back || ' days')",
        _ when column == "at" || column.EndsWith("_at", StringComparison.Ordinal) => Instant($"x.{column}", "b.hour"),
        _ => $"x.{column}",
    };

    private string Id(string id) => OnPostgres ? $"(k.prefix || substr({id}::text, 9))::uuid" : $"k.prefix || substr({id}, 9)";

    /// <summary>The same minutes and seconds, days earlier, in the hour of the sale: an hour of Vienna in winter.</summary>
    private string Instant(string at, string hour) => OnPostgres
        ? $"(date_trunc('day', {at}, 'UTC') - make_interval(days => k.back::int) + make_interval(hours => ({hour} - 1)::int) + ({at} - date_trunc('hour', {at}, 'UTC')))"
        : $"date(substr({at}, 1, 10), '-' || k.back || ' days') || printf('T%02d', {hour} - 1) || substr({at}, 14)";

    private IEnumerable<string> Exceptions(string step)
    {
        var day = Value("document", "business_date");
        var at = Instant("x.posted_at", "b.hour");
        var from = $"from bench_day k cross join bench_sale b join document x on x.id = b.id where {step} and b.at % 100 = 1";
        const string rule = "case b.at % 300 when 1 then 'POS_PRICE_OVERRIDE' when 101 then 'POS_DISCOUNT_HIGH' else 'POS_NEGATIVE_STOCK' end";
        var state = $"case when k.back > {OpenDays} then 'resolved' when k.back % 3 = 0 then 'acknowledged' else 'open' end";
        yield return $"""
            insert into exception_item (id, rule, function, severity, branch_id, document_id, session_id, message, raised_at, business_date, hour, state, owner_id, reason, changed_at, fold_key,
              last_seen_at, owner_role)
            select {Id("x.id")}, {rule}, x.function, case b.at % 300 when 1 then 'low' else 'medium' end, x.branch_id, {Id("x.id")}, {Id("x.session_id")}, 'Somebody should look at this sale.',
              {at}, {day}, b.hour, {state}, x.created_by, case when k.back > {OpenDays} then 'CHECKED' end, {at}, case when k.back <= {OpenDays} then {rule} || '|' || {(OnPostgres ? $"{Id("x.id")}::text" : Id("x.id"))} end, {at}, 'store-manager' {from}
            """;
        yield return $"insert into exception_step (id, exception_id, at, user_id, step, text, document_id) select {Id("x.id")}, {Id("x.id")}, {at}, x.created_by, 'raised', 'Somebody should look at this sale.', {Id("x.id")} {from}";
        yield return $"""
            insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, session_id, channel, document_id, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6, d1)
            select x.function, x.kind, 'exception', 0, {day}, b.hour, x.branch_id, x.created_by, {Id("x.session_id")}, x.source_channel, {Id("x.id")}, 1, x.total, 0, 0, 0, 0, 0, 0, 0, 0, 0, {rule} {from}
            """;
    }

    private IEnumerable<string> Approvals(string step)
    {
        var at = Instant("x.posted_at", "b.hour");
        var from = $"from bench_day k cross join bench_sale b join document x on x.id = b.id where {step} and b.at % 250 = 2";
        yield return $"insert into approval_request (id, document_id, function, branch_id, action, level, state, requested_by, requested_at, closed_at) select {Id("x.id")}, {Id("x.id")}, x.function, x.branch_id, 'submit', 1, 'approved', x.created_by, {at}, {at} {from}";
        yield return $"insert into approval_step (request_id, level, role, rule_text) select {Id("x.id")}, 1, 'store-manager', 'Every one' {from}";
        yield return $"insert into approval_decision (request_id, level, decided_by, decided_at, decision, role) select {Id("x.id")}, 1, u.id, {at}, 'approved', 'store-manager' from (select id from app_user where user_name = 'office') u cross join {from["from ".Length..]}";
    }

    /// <summary>What waits today, however old the shop is: twenty drafts, and twenty payments out of drawers that wait for approval.</summary>
    private IEnumerable<string> Waiting()
    {
        foreach (var (status, kind, which, head) in new[] { ("draft", "sale", "b.at between 1 and 20", "0000000d"), ("submitted", "cash-movement", "b.at between 21 and 40", "0000000e") })
        {
            var id = OnPostgres ? $"('{head}' || substr(x.id::text, 9))::uuid" : $"'{head}' || substr(x.id, 9)";
            yield return $"""
                insert into document (id, function, kind, branch_id, status, business_date, currency, total, source_channel, session_id, created_at, created_by, submitted_at, submitted_by)
                select {id}, x.function, '{kind}', x.branch_id, '{status}', x.business_date, x.currency, x.total, x.source_channel, x.session_id, x.created_at, x.created_by,
                  {(status == "draft" ? "null, null" : "x.created_at, x.created_by")} from bench_sale b join document x on x.id = b.id where {which}
                """;
            if (status == "draft") continue;
            yield return $"insert into approval_request (id, document_id, function, branch_id, action, level, state, requested_by, requested_at) select {id}, {id}, x.function, x.branch_id, 'submit', 1, 'open', x.created_by, x.created_at from bench_sale b join document x on x.id = b.id where {which}";
            yield return $"insert into approval_step (request_id, level, role, rule_text) select {id}, 1, 'store-manager', 'paid-out over 50.00' from bench_sale b join document x on x.id = b.id where {which}";
        }
    }
}
