using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Statements;

/// <summary>Sums of the accounts of the statements by branch: by month and by day behind the watermark, and the entries after it.</summary>
/// <remarks>What the close of a year booked is kept apart, so that the income statement of a closed year still tells what was earned in it.</remarks>
internal static class BookSums
{
    private const string Watermark = "books", Keys = "business_date, branch_id, gl_code, unit_id, closing";

    /// <summary>What the kernel fills in the background.</summary>
    public static FunctionSums Declared { get; } = new(Watermark, ["book_day", "book_month"], (engine, after, upTo) =>
        [Add(engine, "book_day", "e.business_date", after, upTo), Add(engine, "book_month", MonthOf(engine, "e.business_date"), after, upTo)], Of: "ledger_transaction");

    /// <summary>Whether an account's entries were booked by the close of a year.</summary>
    private static string Closing => $"case when a.role = '{Journals.BookAccounts.YearEnd.Code}' then 1 else 0 end";

    private static Sql Add(Engine engine, string table, string day, long after, long upTo)
    {
        var postgres = engine == Engine.Postgres;
        var join = Sql.Raw(postgres ? "join" : "cross join");
        var figures = string.Join(", ", new[] { "e.amount", "case when e.amount > 0 then e.amount else 0 end", "case when e.amount < 0 then -e.amount else 0 end" }.Select(figure => Exact.Sum(engine, figure)));
        var adding = string.Join(", ", new[] { "amount", "debit", "credit", "entries" }.Select(column => $"{column} = {Exact.Add(engine, $"{table}.{column}", $"excluded.{column}")}"));
        // Both engines are made to begin with the chunk: from the accounts of the chart they would read all entries there are.
        return $"""
            {Sql.Raw($"insert into {table} ({Keys}, amount, debit, credit, entries) select {day}, {(postgres ? "e" : "t")}.branch_id, a.gl_code, a.unit_id, {Closing}, {figures}, count(*) from")}
            {Sql.Raw(postgres ? "(select t.branch_id, e.account_id, e.business_date, e.amount from ledger_transaction t join" : "ledger_transaction t cross join")} entry e on e.transaction_id = t.id
            and t.tx > {after} and t.tx <= {upTo}{Sql.Raw(postgres ? " offset 0) as e" : "")}
            {join} account a on a.id = e.account_id {join} gl_account g on g.code = a.gl_code where g.kind {Sql.List(AccountKinds.Money)}
            {Sql.Raw($"group by 1, 2, 3, 4, 5 on conflict ({Keys}) do update set {adding}")}
            """;
    }

    /// <summary>Amounts of a range of days: <c>branch_id, gl_code, closing, amount, debit, credit</c>, several rows for one key.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="currency">Only entries in this currency.</param>
    /// <param name="from">First day, or null for the beginning of the books.</param>
    /// <param name="to">Last day, included.</param>
    /// <param name="scope">The branches.</param>
    public static Sql Between(Engine engine, string currency, DateOnly? from, DateOnly to, BranchScope scope)
    {
        Sql unit = $"unit_id = (select id from unit where code = {currency})";
        Sql branches = scope.Filter is { } ids ? $" and branch_id {Sql.List(ids)}" : Sql.Raw("");
        Sql ofTransaction = scope.Filter is { } among ? $" and t.branch_id {Sql.List(among)}" : Sql.Raw("");
        Sql since = from is { } first ? $" and e.business_date >= {first}" : Sql.Raw("");
        var columns = Sql.Raw("branch_id, gl_code, closing, amount, debit, credit");
        // Months that lie within the range as a whole; what is left at its ends is read by day.
        var months = from is { } begin ? begin.Day == 1 ? begin : FirstOf(begin).AddMonths(1) : DateOnly.MinValue;
        var end = FirstOf(to.AddDays(1));
        Sql whole = months < end ? (Sql)$"select {columns} from book_month where {unit}{branches} and business_date >= {months} and business_date < {end} union all" : Sql.Raw("");
        Sql days = months < end
            ? from is { } start && start < months ? (Sql)$"((business_date >= {start} and business_date < {months}) or (business_date >= {end} and business_date <= {to}))" : (Sql)$"business_date >= {end} and business_date <= {to}"
            : (Sql)$"business_date >= {from ?? DateOnly.MinValue} and business_date <= {to}";
        var join = Sql.Raw(engine == Engine.Postgres ? "join" : "cross join");
        return $"""
            {whole} select {columns} from book_day where {unit}{branches} and {days}
            union all
            select t.branch_id, a.gl_code, {Sql.Raw(Closing)}, e.amount, case when e.amount > 0 then e.amount else 0 end, case when e.amount < 0 then -e.amount else 0 end
            from {Fresh(engine)} {join} account a on a.id = e.account_id {join} gl_account g on g.code = a.gl_code
            where g.kind {Sql.List(AccountKinds.Money)} and a.{unit}{ofTransaction}{since} and e.business_date <= {to}
            """;
    }

    /// <summary>Reads several ranges at one moment, in one statement.</summary>
    /// <returns>By the place of the range, branch and account.</returns>
    public static async Task<IReadOnlyList<BookSum>> Read(Db db, string currency, BranchScope scope, IReadOnlyList<(DateOnly? From, DateOnly To)> ranges, CancellationToken ct)
    {
        var parts = ranges.Select((range, at) => (Sql)$"select {Sql.Raw(at.ToString(System.Globalization.CultureInfo.InvariantCulture))} as part, s.* from ({Between(db.Engine, currency, range.From, range.To, scope)}) as s");
        return await db.Query($"""
            select part, branch_id, gl_code, closing, {Sql.Raw(Exact.Sum(db.Engine, "amount"))}, {Sql.Raw(Exact.Sum(db.Engine, "debit"))}, {Sql.Raw(Exact.Sum(db.Engine, "credit"))}
            from ({Sql.Join(" union all ", parts)}) as ranges group by part, branch_id, gl_code, closing
            """, row => new BookSum(row.Int(0), row.Guid(1), row.Text(2), row.Long(3) != 0, row.Long(4), row.Long(5), row.Long(6)), ct);
    }

    /// <summary>What must hold between the sums and the entries, for the check of the ledger.</summary>
    public static IReadOnlyList<LedgerLaw> Laws(Engine engine) =>
    [
        SumsLaw("book-days", "The sums by day and branch are those of the entries behind the watermark.", "book_day", "e.business_date"),
        SumsLaw("book-months", "The sums by month and branch are those of the entries behind the watermark.", "book_month", MonthOf(engine, "e.business_date")),
    ];

    private static LedgerLaw SumsLaw(string code, string law, string table, string day) => new(code, law, $"""
        {Sql.Raw($"select {Keys}, sum(amount) as amount, sum(debit) as debit, sum(credit) as credit, sum(entries) as entries from (select {Keys}, amount, debit, credit, entries from {table}")}
        {Sql.Raw($"union all select {day}, t.branch_id, a.gl_code, a.unit_id, {Closing}, -e.amount, case when e.amount > 0 then -e.amount else 0 end, case when e.amount < 0 then e.amount else 0 end, -1")}
        from ledger_transaction t join entry e on e.transaction_id = t.id join account a on a.id = e.account_id join gl_account g on g.code = a.gl_code
        where t.tx <= (select tx from watermark where name = 'books') and g.kind {Sql.List(AccountKinds.Money)}) as compared
        {Sql.Raw($"group by {Keys} having sum(amount) <> 0 or sum(debit) <> 0 or sum(credit) <> 0 or sum(entries) <> 0")}
        """);

    /// <summary>Entries of transactions after the watermark; both engines are made to begin with these few.</summary>
    private static Sql Fresh(Engine engine) => Sql.Raw(engine == Engine.Postgres
        ? "(select id, branch_id from ledger_transaction where tx > (select tx from watermark where name = 'books') and tx < 9223372036854775807 offset 0) as t join entry e on e.transaction_id = t.id"
        : "(select id, branch_id from ledger_transaction where tx > (select tx from watermark where name = 'books') limit -1) as t cross join entry e on e.transaction_id = t.id");

    private static string MonthOf(Engine engine, string day) => engine == Engine.Postgres ? $"date_trunc('month', {day}::timestamp)::date" : $"date({day}, 'start of month')";

    private static DateOnly FirstOf(DateOnly day) => new(day.Year, day.Month, 1);
}

/// <summary>What an account moved at a branch within a range.</summary>
/// <param name="Part">Place of the range among those asked for.</param>
/// <param name="Branch">Branch.</param>
/// <param name="Account">Account of the chart.</param>
/// <param name="Closing">Whether the close of a year booked it.</param>
/// <param name="Amount">Debits less credits, minor units.</param>
/// <param name="Debit">Debits.</param>
/// <param name="Credit">Credits, above zero.</param>
internal sealed record BookSum(int Part, Guid Branch, string Account, bool Closing, long Amount, long Debit, long Credit);
