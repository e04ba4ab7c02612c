using System.Globalization;
using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Statements;

/// <summary>What entries behind a figure were asked for.</summary>
/// <param name="Accounts">Codes of accounts of the chart.</param>
/// <param name="From">First day; null for the beginning of the books.</param>
/// <param name="To">Last day.</param>
/// <param name="Scope">Branches.</param>
/// <param name="WithoutClosing">Leave out what closes of years booked.</param>
/// <param name="CashOnly">Only of transactions that move cash.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="After">Cursor.</param>
internal sealed record EntriesRequest(IReadOnlyList<string> Accounts, DateOnly? From, DateOnly To, BranchScope Scope, bool WithoutClosing, bool CashOnly, int Limit, string? After);

/// <summary>The entries behind a figure, oldest first, in pages.</summary>
internal static class BookEntries
{
    public static async Task<Result<BookEntriesAnswer>> Read(Db db, EntriesRequest request, Viewer viewer, CancellationToken ct)
    {
        var currency = viewer.Organisation.Company.Currency;
        var tests = Tests(request, currency.Code);
        var page = tests;
        if (!string.IsNullOrEmpty(request.After))
        {
            if (request.After.Split('_') is not [var day, var id, var number] || !DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                || !Guid.TryParse(id, out var transaction) || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var line)) return Refusals.CursorInvalid();
            page = $"{tests} and e.business_date >= {date} and (e.business_date, e.transaction_id, e.line) > ({date}, {transaction}, {line})";
        }

        var rows = db.Later($"""
            with page as (
              select e.transaction_id, e.line, e.business_date, e.amount, a.subject, a.gl_code, t.document_id, t.branch_id, t.memo from account a join entry e on e.account_id = a.id join ledger_transaction t on t.id = e.transaction_id
              where {page} order by e.business_date, e.transaction_id, e.line limit {request.Limit + 1}
            )
            select p.transaction_id, p.line, p.business_date, p.gl_code, g.name, p.branch_id, p.amount, p.subject, p.memo, d.id, d.number, d.function, d.kind
            from page p join gl_account g on g.code = p.gl_code join document d on d.id = p.document_id order by p.business_date, p.transaction_id, p.line
            """, row => (Transaction: row.Guid(0), Line: row.Long(1), Date: row.Date(2), Account: row.Text(3), Name: row.Text(4), Branch: row.Guid(5), Amount: row.Long(6), Subject: row.Text(7), Memo: row.TextOrNull(8),
                Document: new BookDocument(row.Guid(9), row.TextOrNull(10), row.Text(11), row.Text(12))));
        // Of transactions that move cash there are no sums: their entries are added up.
        var added = request.CashOnly ? db.Later($"select {Sql.Raw(Exact.Sum(db.Engine, "e.amount"))} from account a join entry e on e.account_id = a.id join ledger_transaction t on t.id = e.transaction_id where {tests}", row => row.Long(0)) : null;
        var ranges = new List<(DateOnly?, DateOnly)> { (request.From, request.To) };
        if (request.From is { } from && from > DateOnly.MinValue) ranges.Add((null, from.AddDays(-1)));
        var sums = (await BookSums.Read(db, currency.Code, request.Scope, ranges, ct)).Where(sum => request.Accounts.Contains(sum.Account) && !(request.WithoutClosing && sum.Closing)).ToList();

        var told = rows.Value.Take(request.Limit).ToList();
        var subjects = await SubjectNames.For(db, told.Select(row => row.Subject), ct);
        string Money(long minor) => Shown.Money(minor, currency.Exponent);
        var items = told.Select(row => new BookEntryItem(row.Transaction, row.Line, row.Date, row.Account, row.Name, viewer.BranchName(row.Branch), row.Amount > 0 ? Money(row.Amount) : null,
            row.Amount < 0 ? Money(-row.Amount) : null, row.Subject.Length == 0 ? null : subjects.GetValueOrDefault(row.Subject, row.Subject), row.Memo, row.Document)).ToList();
        var next = rows.Value.Count > request.Limit ? string.Create(CultureInfo.InvariantCulture, $"{told[^1].Date:yyyyMMdd}_{told[^1].Transaction:D}_{told[^1].Line}") : null;
        return new BookEntriesAnswer(request.From ?? DateOnly.MinValue, request.To, currency.Code, Money(sums.Where(sum => sum.Part == 1).Sum(sum => sum.Amount)),
            Money(added is null ? sums.Where(sum => sum.Part == 0).Sum(sum => sum.Amount) : added.Value[0]), items, next);
    }

    private static Sql Tests(EntriesRequest request, string currency)
    {
        var tests = new List<Sql> { $"a.gl_code {Sql.List(request.Accounts)} and a.unit_id = (select id from unit where code = {currency}) and e.business_date <= {request.To}" };
        if (request.From is { } from) tests.Add($"e.business_date >= {from}");
        if (request.Scope.Filter is { } branches) tests.Add($"t.branch_id {Sql.List(branches)}");
        if (request.WithoutClosing) tests.Add($"a.role <> {Journals.BookAccounts.YearEnd.Code}");
        if (request.CashOnly) tests.Add(CashMovement.MovesCash);
        return Sql.Join(" and ", tests);
    }
}
