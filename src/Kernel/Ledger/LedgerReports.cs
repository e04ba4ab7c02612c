using System.Globalization;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Ledger;

/// <summary>One line of a trial balance.</summary>
/// <param name="Account">Account of the chart.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">asset, liability, equity, income, expense, ...</param>
/// <param name="Group">Its group.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Scale">Decimals of the unit.</param>
/// <param name="Balance">Debits less credits.</param>
public sealed record TrialLine(string Account, string Name, string Kind, string Group, string Unit, int Scale, long Balance);

/// <summary>One entry of an account.</summary>
public sealed record AccountEntry(
    Guid Transaction, long Line, DateOnly BusinessDate, DateTimeOffset PostedAt, Guid DocumentId, string? Number, string Function, Guid BranchId, string Role, string Subject,
    string Unit, int Scale, long Amount, string? Memo);

/// <summary>An account of the chart.</summary>
public sealed record ChartAccount(string Code, string Name, string Kind, string Group, bool Contra, bool Active);

/// <summary>A transaction of a document with its entries.</summary>
public sealed record DocumentTransaction(Guid Id, DateOnly BusinessDate, DateTimeOffset PostedAt, Guid? ReversalOf, IReadOnlyList<DocumentEntry> Entries);

/// <summary>An entry of a document.</summary>
public sealed record DocumentEntry(string Account, string AccountName, string Role, string Subject, string Unit, int Scale, long Amount);

/// <summary>Reads the ledger: sums by month and day behind the watermark, and the entries after it, in one statement.</summary>
public static class LedgerReports
{
    /// <summary>The balances of the accounts of the chart at the end of a day, by unit; accounts at zero are left out.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="at">The day, included.</param>
    /// <param name="moneyOnly">Only the accounts of the financial statements.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<TrialLine>> TrialBalance(Db db, DateOnly at, bool moneyOnly = true, CancellationToken ct = default)
    {
        var sum = Sql.Raw(Exact.Sum(db.Engine, "s.amount"));
        var balances = moneyOnly
            ? OfChart(db.Engine, at)
            : $"select a.gl_code, a.unit_id, b.amount from ({UpTo(db.Engine, at, Sql.Raw(""))}) as b join account a on a.id = b.account_id";
        return await db.Query($"""
            select g.code, g.name, g.kind, g.account_group, u.code, u.scale, {sum}
            from ({balances}) as s join gl_account g on g.code = s.gl_code join unit u on u.id = s.unit_id
            group by g.code, g.name, g.kind, g.account_group, u.code, u.scale having sum(s.amount) <> 0 order by g.code, u.code
            """, row => new TrialLine(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Int(5), row.Long(6)), ct);
    }

    /// <summary>The balance of an account of the chart before a day, by unit.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> Opening(Db db, string account, string? subject, DateOnly before, CancellationToken ct = default)
    {
        var sum = Sql.Raw(Exact.Sum(db.Engine, "s.amount"));
        var balances = subject is null && await IsMoney(db, account, ct)
            ? $"select b.unit_id, b.amount from ({OfChart(db.Engine, before.AddDays(-1))}) as b where b.gl_code = {account}"
            : (Sql)$"""
                select a.unit_id, b.amount from ({UpTo(db.Engine, before.AddDays(-1), $" and account_id in (select a.id from account a where {Accounts(account, subject)})")}) as b
                join account a on a.id = b.account_id
                """;
        return (await db.Query($"select u.code, {sum} from ({balances}) as s join unit u on u.id = s.unit_id group by u.code", row => (row.Text(0), row.Long(1)), ct))
            .ToDictionary(row => row.Item1, row => row.Item2);
    }

    /// <summary>Entries of an account of the chart within a range of days, oldest first.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="account">Code of the account of the chart.</param>
    /// <param name="subject">Only of this subject.</param>
    /// <param name="from">First day.</param>
    /// <param name="to">Last day, included.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">The cursor of the page before, from <see cref="CursorOf"/>.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused with <c>CURSOR_INVALID</c>.</returns>
    public static async Task<Result<IReadOnlyList<AccountEntry>>> Entries(
        Db db, string account, string? subject, DateOnly from, DateOnly to, int limit, string? after, CancellationToken ct = default)
    {
        var tests = new List<Sql> { $"{Accounts(account, subject)} and e.business_date >= {from}" };
        var begun = from;
        if (!string.IsNullOrEmpty(after))
        {
            if (after.Split('_') is not [var day, var id, var number]
                || !DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                || !Guid.TryParse(id, out var transaction) || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var line))
                return Refusals.CursorInvalid();
            tests.Add($"e.business_date >= {date} and (e.business_date, e.transaction_id, e.line) > ({date}, {transaction}, {line})");
            if (date >= from) begun = date.AddDays(1);
        }

        var last = await DayOfTheLast(db, account, subject, begun, to, limit, ct);
        return Result.Of<IReadOnlyList<AccountEntry>>(await db.Query($"""
            with page as (
              select e.transaction_id, e.line, e.business_date, e.amount, a.role, a.subject, a.unit_id from account a join entry e on e.account_id = a.id
              where {Sql.Join(" and ", tests)} and e.business_date <= {last} order by e.business_date, e.transaction_id, e.line limit {limit}
            )
            select p.transaction_id, p.line, p.business_date, t.posted_at, t.document_id, d.number, d.function, t.branch_id, p.role, p.subject, u.code, u.scale, p.amount, t.memo
            from page p join ledger_transaction t on t.id = p.transaction_id join document d on d.id = t.document_id join unit u on u.id = p.unit_id
            order by p.business_date, p.transaction_id, p.line
            """, row => new AccountEntry(row.Guid(0), row.Long(1), row.Date(2), row.Instant(3), row.Guid(4), row.TextOrNull(5), row.Text(6), row.Guid(7), row.Text(8), row.Text(9),
                row.Text(10), row.Int(11), row.Long(12), row.TextOrNull(13)), ct));
    }

    /// <summary>The day on which the sums have seen so many entries: a page reads and sorts the entries up to then, and not those of the whole range.</summary>
    /// <remarks>Entries that are not summed yet can only fill the page earlier.</remarks>
    private static async Task<DateOnly> DayOfTheLast(Db db, string account, string? subject, DateOnly from, DateOnly to, int limit, CancellationToken ct)
    {
        var summed = subject is null && await IsMoney(db, account, ct)
            ? $"chart_day s where s.gl_code = {account}"
            : (Sql)$"account a join account_day s on s.account_id = a.id where {Accounts(account, subject)}";
        return await db.First($"""
            select s.business_date from (
              select d.business_date, sum(d.entries) over (order by d.business_date) as entries from (
                select s.business_date, sum(s.entries) as entries from {summed} and s.business_date >= {from} and s.business_date <= {to} group by s.business_date
              ) as d
            ) as s where s.entries >= {limit} order by s.business_date limit 1
            """, row => (DateOnly?)row.Date(0), ct) ?? to;
    }

    private static Sql Accounts(string account, string? subject) => subject is null ? $"a.gl_code = {account}" : (Sql)$"a.gl_code = {account} and a.subject = {subject}";

    private static async Task<bool> IsMoney(Db db, string account, CancellationToken ct) =>
        await db.Number($"select count(*) from gl_account where code = {account} and kind {Sql.List(AccountKinds.Money)}", ct) > 0;

    /// <summary>The cursor behind an entry.</summary>
    public static string CursorOf(AccountEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.BusinessDate:yyyyMMdd}_{entry.Transaction:D}_{entry.Line}");

    /// <summary>The accounts of the chart.</summary>
    public static async Task<IReadOnlyList<ChartAccount>> Chart(Db db, CancellationToken ct = default) => await db.Query(
        $"select code, name, kind, account_group, contra, active from gl_account order by code",
        row => new ChartAccount(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Bool(4), row.Bool(5)), ct);

    /// <summary>What a document wrote to the ledger, in order.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="documentId">The document.</param>
    /// <param name="showCost">Whether the reader may see what goods cost; without it the money of goods is left out, debit and credit alike.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<DocumentTransaction>> OfDocument(Db db, Guid documentId, bool showCost = true, CancellationToken ct = default)
    {
        var hidden = showCost ? Sql.Raw("") : $" and not (u.kind = 'currency' and a.role {Sql.List(AccountRoles.CostOfGoods.Select(role => role.Code))})";
        var rows = await db.Query($"""
            select t.id, t.business_date, t.posted_at, t.reversal_of, g.code, g.name, a.role, a.subject, u.code, u.scale, e.amount
            from ledger_transaction t join entry e on e.transaction_id = t.id join account a on a.id = e.account_id
              join gl_account g on g.code = a.gl_code join unit u on u.id = a.unit_id
            where t.document_id = {documentId}{hidden} order by t.posted_at, t.id, e.line
            """, row => (Id: row.Guid(0), Date: row.Date(1), At: row.Instant(2), Of: row.GuidOrNull(3),
                Entry: new DocumentEntry(row.Text(4), row.Text(5), row.Text(6), row.Text(7), row.Text(8), row.Int(9), row.Long(10))), ct);
        return [.. rows.GroupBy(row => row.Id).Select(group => new DocumentTransaction(
            group.Key, group.First().Date, group.First().At, group.First().Of, [.. group.Select(row => row.Entry)]))];
    }

    /// <summary>Amounts up to a day by account.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="at">The day, included.</param>
    /// <param name="narrowed">A further condition on <c>account_id</c>.</param>
    private static Sql UpTo(Engine engine, DateOnly at, Sql narrowed)
    {
        var month = new DateOnly(at.Year, at.Month, 1);
        return $"""
            select account_id, amount from account_month where business_date < {month}{narrowed}
            union all select account_id, amount from account_day where business_date >= {month} and business_date <= {at}{narrowed}
            union all select e.account_id, e.amount from {Fresh(engine)} where e.business_date <= {at}{narrowed}
            """;
    }

    /// <summary>Amounts up to a day by account of the chart, of the accounts of the financial statements.</summary>
    private static Sql OfChart(Engine engine, DateOnly at)
    {
        var month = new DateOnly(at.Year, at.Month, 1);
        return $"""
            select gl_code, unit_id, amount from chart_month where business_date < {month}
            union all select gl_code, unit_id, amount from chart_day where business_date >= {month} and business_date <= {at}
            union all select a.gl_code, a.unit_id, e.amount from {Fresh(engine)}{Rollups.OfChart(engine)} and e.business_date <= {at}
            """;
    }

    /// <summary>Entries of transactions after the watermark. Both engines are made to begin with these few: from the accounts they would read all their entries.</summary>
    /// <remarks>Between two bounds PostgreSQL expects few rows where it knows nothing; of one it expects a third of the table.</remarks>
    private static Sql Fresh(Engine engine) => Sql.Raw(engine == Engine.Postgres
        ? "(select id from ledger_transaction where tx > (select tx from watermark where name = 'ledger') and tx < 9223372036854775807 offset 0) as t join entry e on e.transaction_id = t.id"
        : "(select id from ledger_transaction where tx > (select tx from watermark where name = 'ledger') limit -1) as t cross join entry e on e.transaction_id = t.id");
}
