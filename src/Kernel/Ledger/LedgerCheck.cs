using System.Globalization;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Ledger;

/// <summary>A law of the books as one query that finds whatever breaks it.</summary>
/// <param name="Code">Name, in kebab case.</param>
/// <param name="Law">What must hold, as one sentence.</param>
/// <param name="Violations">Selects one row a violation: any columns, told by their names.</param>
public sealed record LedgerLaw(string Code, string Law, Sql Violations);

/// <summary>One place where the books break a law.</summary>
/// <param name="Law">The law.</param>
/// <param name="Where">Columns and values of the row that was found.</param>
public sealed record LedgerViolation(LedgerLaw Law, string Where);

/// <summary>Recomputes what the database guards and what the rollups promise, from the entries themselves.</summary>
public static class LedgerCheck
{
    /// <summary>The laws of the kernel; a module adds its own.</summary>
    public static IReadOnlyList<LedgerLaw> Laws(Engine engine) =>
    [
        new("transactions-balance", "Every transaction sums to zero in each unit.", $"""
            select e.transaction_id, u.code as unit, sum(e.amount) as difference from entry e join unit u on u.id = e.unit_id
            group by e.transaction_id, u.code having sum(e.amount) <> 0
            """),
        new("entries-have-transactions", "Every entry belongs to a transaction.", $"""
            select e.transaction_id, count(*) as entries from entry e
            where not exists (select 1 from ledger_transaction t where t.id = e.transaction_id) group by e.transaction_id
            """),
        new("transactions-have-entries", "Every transaction has entries.", $"""
            select t.id as transaction_id from ledger_transaction t where not exists (select 1 from entry e where e.transaction_id = t.id)
            """),
        new("transactions-have-documents", "Every transaction belongs to a document.", $"""
            select t.id as transaction_id, t.document_id from ledger_transaction t where not exists (select 1 from document d where d.id = t.document_id)
            """),
        new("entry-units", "Every entry is in the unit of its account, on the business day of its transaction.", $"""
            select e.transaction_id, e.line, e.unit_id, a.unit_id as unit_of_account, e.business_date
            from entry e join account a on a.id = e.account_id join ledger_transaction t on t.id = e.transaction_id
            where a.unit_id <> e.unit_id or t.business_date <> e.business_date
            """),
        new("mirrors", "A mirror is the exact opposite of what it reverses.", $"""
            select m.id as transaction_id, m.reversal_of from ledger_transaction m
            where m.reversal_of is not null and (
              exists (select 1 from entry e join entry o on o.transaction_id = m.reversal_of and o.line = e.line
                      where e.transaction_id = m.id and (o.account_id <> e.account_id or o.amount + e.amount <> 0))
              or (select count(*) from entry e where e.transaction_id = m.id) <> (select count(*) from entry o where o.transaction_id = m.reversal_of))
            """),
        new("guarded-balances", "Every guarded balance is the sum of its entries.", $"""
            select b.account_id, a.role, a.subject, b.amount as balance, coalesce(s.amount, 0) as entries
            from balance b join account a on a.id = b.account_id
            left join (select account_id, sum(amount) as amount from entry group by account_id) s on s.account_id = b.account_id
            where b.amount <> coalesce(s.amount, 0)
            """),
        new("daily-balances", "The sums by day are those of the entries behind the watermark.", Sums("account_day", Sql.Raw("e.business_date"))),
        new("monthly-balances", "The sums by month are those of the entries behind the watermark.",
            Sums("account_month", Sql.Raw(engine == Engine.Postgres ? "date_trunc('month', e.business_date::timestamp)::date" : "date(e.business_date, 'start of month')"))),
        new("daily-chart", "The sums by day and account of the chart are those of the accounts.", ChartSums("chart_day", "account_day")),
        new("monthly-chart", "The sums by month and account of the chart are those of the accounts.", ChartSums("chart_month", "account_month")),
        .. Reporting.RollupTable.All.Select(table => new LedgerLaw($"facts-{table.Name["fact_".Length..].Replace('_', '-')}", $"The sums of {table.Name} are those of the facts behind the watermark.", table.Violations(engine))),
        new("stock-values", "Stock and its value agree: none is worth nothing, some is worth something not below zero.", StockValues(engine)),
    ];

    private static Sql Sums(string table, Sql day) => $"""
        select account_id, business_date, sum(amount) as amount, sum(debit) as debit, sum(credit) as credit, sum(entries) as entries from (
          select account_id, business_date, amount, debit, credit, entries from {Sql.Raw(table)}
          union all
          select e.account_id, {day}, -e.amount, case when e.amount > 0 then -e.amount else 0 end, case when e.amount < 0 then e.amount else 0 end, -1
          from ledger_transaction t join entry e on e.transaction_id = t.id
          where t.tx <= (select tx from watermark where name = 'ledger')
        ) as compared group by account_id, business_date
        having sum(amount) <> 0 or sum(debit) <> 0 or sum(credit) <> 0 or sum(entries) <> 0
        """;

    private static Sql ChartSums(string table, string accounts) => $"""
        select gl_code, unit_id, business_date, sum(amount) as amount, sum(debit) as debit, sum(credit) as credit, sum(entries) as entries from (
          select gl_code, unit_id, business_date, amount, debit, credit, entries from {Sql.Raw(table)}
          union all
          select a.gl_code, a.unit_id, s.business_date, -s.amount, -s.debit, -s.credit, -s.entries
          from {Sql.Raw(accounts)} s join account a on a.id = s.account_id join gl_account g on g.code = a.gl_code where g.kind {Sql.List(AccountKinds.Money)}
        ) as compared group by gl_code, unit_id, business_date
        having sum(amount) <> 0 or sum(debit) <> 0 or sum(credit) <> 0 or sum(entries) <> 0
        """;

    /// <summary>Over all lots of an item in a warehouse: its store accounts in the item's unit against its inventory accounts in money.</summary>
    private static Sql StockValues(Engine engine)
    {
        // Ids stand in subjects as text of 36 signs: item/warehouse for value, warehouse for quantity, both with the lot after a further slash.
        var item = Sql.Raw(engine == Engine.Postgres ? "i.id::text" : "i.id");
        return $"""
            select item, warehouse, sum(quantity) as quantity, sum(value) as value from (
              select {item} as item, substr(a.subject, 1, 36) as warehouse, b.amount as quantity, 0 as value
              from account a join balance b on b.account_id = a.id join unit u on u.id = a.unit_id join item i on u.code = 'ITEM:' || i.sku
              where a.role = 'store'
              union all
              select substr(a.subject, 1, 36), substr(a.subject, 38, 36), 0, b.amount
              from account a join balance b on b.account_id = a.id where a.role = 'Inventory'
            ) as positions group by item, warehouse
            having (sum(quantity) = 0 and sum(value) <> 0) or (sum(quantity) > 0 and sum(value) < 0) or (sum(quantity) < 0 and sum(value) > 0)
            """;
    }

    /// <summary>Finds every violation of the laws, one law after the other.</summary>
    /// <param name="db">A session for reading; in a transaction that sees one moment, since sales go on meanwhile.</param>
    /// <param name="laws">The laws.</param>
    /// <param name="begun">Told before each law is looked at.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<LedgerViolation> Run(
        Db db, IReadOnlyList<LedgerLaw> laws, Action<LedgerLaw>? begun = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct = default)
    {
        foreach (var law in laws)
        {
            begun?.Invoke(law);
            await foreach (var where in db.Stream(law.Violations, Tell, ct)) yield return new LedgerViolation(law, where);
        }
    }

    private static string Tell(Row row)
    {
        var parts = new string[row.Count];
        for (var at = 0; at < parts.Length; at++) parts[at] = $"{row.Name(at)} {Convert.ToString(row.Value(at), CultureInfo.InvariantCulture)}";
        return string.Join(", ", parts);
    }
}
