using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Reporting.Exports;

namespace Plug1.Books.Statements;

/// <summary>A statement as the API tells it. A figure leads to its entries by the accounts of its line and the days and branch of its column.</summary>
/// <param name="Statement">trial-balance, general-ledger, income, balance-sheet or cash-movement.</param>
/// <param name="Title">Title.</param>
/// <param name="Currency">Currency of all figures.</param>
/// <param name="Branches">Codes of the branches in it.</param>
/// <param name="WithoutClosing">Whether what closes of years booked is left out: pass it on to the entries.</param>
/// <param name="CashOnly">Whether only transactions that move cash are in it: pass it on to the entries.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Lines">Lines.</param>
/// <param name="Checks">What agrees.</param>
public sealed record StatementAnswer(
    string Statement, string Title, string Currency, IReadOnlyList<string> Branches, bool WithoutClosing, bool CashOnly, IReadOnlyList<StatementColumnAnswer> Columns,
    IReadOnlyList<StatementLineAnswer> Lines, IReadOnlyList<StatementCheckAnswer> Checks);

/// <summary>A column of figures.</summary>
/// <param name="Key">Name.</param>
/// <param name="Label">Heading.</param>
/// <param name="From">First day of its entries; none for the beginning of the books.</param>
/// <param name="To">Last day.</param>
/// <param name="Branch">Code of its branch; none for all in the statement.</param>
public sealed record StatementColumnAnswer(string Key, string Label, DateOnly? From, DateOnly To, string? Branch);

/// <summary>A line of figures.</summary>
/// <param name="Key">Name, unique in the statement.</param>
/// <param name="Kind">section, group, account, total or figure.</param>
/// <param name="Level">How far it is moved in.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Accounts">The accounts whose entries it tells; empty where it is worked out from other lines.</param>
/// <param name="Amounts">A figure a column; empty text where there is none.</param>
public sealed record StatementLineAnswer(string Key, string Kind, int Level, string Label, IReadOnlyList<string> Accounts, IReadOnlyList<string> Amounts);

/// <summary>Something that must agree.</summary>
public sealed record StatementCheckAnswer(string Code, string Label, bool Holds, string Left, string Right);

/// <summary>Entries behind a figure.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Currency">Currency of all figures.</param>
/// <param name="Opening">Balance of the accounts before the first day.</param>
/// <param name="Movement">What they moved within the days, debits less credits; of all entries, not of this page alone.</param>
/// <param name="Items">Entries, oldest first.</param>
/// <param name="Next">Cursor of the next page; none at the end.</param>
public sealed record BookEntriesAnswer(DateOnly From, DateOnly To, string Currency, string Opening, string Movement, IReadOnlyList<BookEntryItem> Items, string? Next);

/// <summary>One entry with the document that wrote it.</summary>
public sealed record BookEntryItem(
    Guid Transaction, long Line, DateOnly Date, string Account, string AccountName, string Branch, string? Debit, string? Credit, string? Subject, string? Memo, BookDocument Document);

/// <summary>The document of an entry.</summary>
public sealed record BookDocument(Guid Id, string? Number, string Function, string Kind);

/// <summary>Turns statements into what the API writes and what files have.</summary>
internal static class StatementTelling
{
    public static StatementAnswer Of(Statement statement, StatementRequest request, Viewer viewer)
    {
        var exponent = request.Currency.Exponent;
        return new StatementAnswer(statement.Code, statement.Title, request.Currency.Code, [.. request.Scope.Ids.Select(viewer.BranchCode)], statement.WithoutClosing, statement.CashOnly,
            [.. statement.Columns.Select(column => new StatementColumnAnswer(column.Key, column.Label, column.From, column.To, column.Branch is { } branch ? viewer.BranchCode(branch) : null))],
            [.. statement.Lines.Select(line => new StatementLineAnswer(line.Key, line.Kind, line.Level, line.Label, line.Accounts, [.. line.Amounts.Select(amount => amount is { } figure ? Shown.Money(figure, exponent) : "")]))],
            [.. statement.Checks.Select(check => new StatementCheckAnswer(check.Code, check.Label, check.Holds, Shown.Money(check.Left, exponent), Shown.Money(check.Right, exponent)))]);
    }

    /// <summary>The same lines and figures as a file.</summary>
    public static ReportTable Table(Statement statement, StatementRequest request, Viewer viewer, DateTimeOffset now)
    {
        var company = viewer.Organisation.Company;
        var columns = new List<ReportColumn> { new("line", statement.Title, ColumnType.Text) };
        columns.AddRange(statement.Columns.Select(column => new ReportColumn(column.Key, column.Label, ColumnType.Money, company.Currency.Code, company.Currency.Exponent)));
        return ReportTable.Of(statement.Title, columns, statement.Lines.Select(line => (object?[])[new string(' ', line.Level * 2) + line.Label, .. line.Amounts.Select(amount => (object?)amount)])) with
        {
            Company = company.Name,
            GeneratedAt = now,
            Filters = [statement.Code == "balance-sheet" ? $"As at {request.To:yyyy-MM-dd}" : $"{request.From:yyyy-MM-dd} to {request.To:yyyy-MM-dd}",
                .. request.Scope.All ? Array.Empty<string>() : [$"Branches: {string.Join(", ", request.Scope.Ids.Select(viewer.BranchName))}"]],
        };
    }
}
