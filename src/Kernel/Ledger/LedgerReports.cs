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
        var kinds = moneyOnly ? (Sql)$" where g.kind {Sql.List(AccountKinds.Money)}" : Sql.Raw("");
        var sum = Sql.Raw(Exact.Sum(db.Engine, "s.amount"));
        return await db.Query($"""
            select g.code, g.name, g.kind, g.account_group, u.code, u.scale, {sum}
            from ({UpTo(at)}) as s join account a on a.id = s.account_id join gl_account g on g.code = a.gl_code join unit u on u.id = a.unit_id{kinds}
            group by g.code, g.name, g.kind, g.account_group, u.code, u.scale having sum(s.amount) <> 0 order by g.code, u.code
            """, row => new TrialLine(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Int(5), row.Long(6)), ct);
    }

    /// <summary>The balance of an account of the chart before a day, by unit.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> Opening(Db db, string account, string? subject, DateOnly before, CancellationToken ct = default)
    {
        var ofSubject = subject is null ? Sql.Raw("") : $" and a.subject = {subject}";
        var sum = Sql.Raw(Exact.Sum(db.Engine, "s.amount"));
        return (await db.Query($"""
            select u.code, {sum} from ({UpTo(before.AddDays(-1))}) as s join account a on a.id = s.account_id join unit u on u.id = a.unit_id
            where a.gl_code = {account}{ofSubject} group by u.code
            """, row => (row.Text(0), row.Long(1)), ct)).ToDictionary(row => row.Item1, row => row.Item2);
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
        var tests = new List<Sql> { $"a.gl_code = {account} and e.business_date >= {from} and e.business_date <= {to}" };
        if (subject is not null) tests.Add($"a.subject = {subject}");
        if (!string.IsNullOrEmpty(after))
        {
            if (after.Split('_') is not [var day, var id, var number]
                || !DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                || !Guid.TryParse(id, out var transaction) || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var line))
                return Refusals.CursorInvalid();
            tests.Add($"(e.business_date, e.transaction_id, e.line) > ({date}, {transaction}, {line})");
        }

        return Result.Of<IReadOnlyList<AccountEntry>>(await db.Query($"""
            select e.transaction_id, e.line, e.business_date, t.posted_at, t.document_id, d.number, d.function, t.branch_id, a.role, a.subject, u.code, u.scale, e.amount, t.memo
            from account a join entry e on e.account_id = a.id join ledger_transaction t on t.id = e.transaction_id
              join document d on d.id = t.document_id join unit u on u.id = a.unit_id
            where {Sql.Join(" and ", tests)} order by e.business_date, e.transaction_id, e.line limit {limit}
            """, row => new AccountEntry(row.Guid(0), row.Long(1), row.Date(2), row.Instant(3), row.Guid(4), row.TextOrNull(5), row.Text(6), row.Guid(7), row.Text(8), row.Text(9),
                row.Text(10), row.Int(11), row.Long(12), row.TextOrNull(13)), ct));
    }

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

    private static Sql UpTo(DateOnly at)
    {
        var month = new DateOnly(at.Year, at.Month, 1);
        return $"""
            select account_id, amount from account_month where business_date < {month}
            union all select account_id, amount from account_day where business_date >= {month} and business_date <= {at}
            union all select e.account_id, e.amount from ledger_transaction t join entry e on e.transaction_id = t.id
            where t.tx > (select tx from watermark where name = 'ledger') and e.business_date <= {at}
            """;
    }
}
