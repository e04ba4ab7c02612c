using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Statements;

/// <summary>Each account with what it had, what moved and what it has; and the trial balance, its last column by side.</summary>
internal static class GeneralLedger
{
    /// <summary>The general ledger of a period.</summary>
    public static async Task<Statement> Make(Db db, StatementRequest request, CancellationToken ct)
    {
        var (chart, of) = await Read(db, request, ct);
        StatementColumn[] columns = [new("opening", "Opening", null, request.From.AddDays(-1)), new("debit", "Debit", request.From, request.To), new("credit", "Credit", request.From, request.To), new("closing", "Closing", null, request.To)];
        var rows = chart.Where(account => of.ContainsKey(account.Code)).Select(account =>
        {
            var (opening, debit, credit) = of[account.Code];
            return (Account: account, Figures: new[] { opening, debit, credit, checked(opening + debit - credit) });
        }).ToList();
        return new Statement("general-ledger", "General ledger", columns, Lines(rows, 4), Balanced(rows, 1, 2));
    }

    /// <summary>The trial balance at the end of a period: debit balances and credit balances have the same sum.</summary>
    public static async Task<Statement> TrialBalance(Db db, StatementRequest request, CancellationToken ct)
    {
        var (chart, of) = await Read(db, request, ct);
        StatementColumn[] columns = [new("debit", "Debit", null, request.To), new("credit", "Credit", null, request.To)];
        var rows = chart.Where(account => of.ContainsKey(account.Code)).Select(account =>
        {
            var (opening, debit, credit) = of[account.Code];
            var balance = checked(opening + debit - credit);
            return (Account: account, Figures: balance > 0 ? new[] { balance, 0 } : [0, checked(-balance)]);
        }).Where(row => row.Figures.Any(figure => figure != 0)).ToList();
        return new Statement("trial-balance", "Trial balance", columns, Lines(rows, 2), Balanced(rows, 0, 1));
    }

    private static async Task<(IReadOnlyList<ChartAccount> Chart, Dictionary<string, (long Opening, long Debit, long Credit)> Of)> Read(Db db, StatementRequest request, CancellationToken ct)
    {
        var chart = await LedgerReports.Chart(db, ct);
        var sums = await BookSums.Read(db, request.Currency.Code, request.Scope, [(null, request.From.AddDays(-1)), (request.From, request.To)], ct);
        return (chart, sums.GroupBy(sum => sum.Account, StringComparer.Ordinal).ToDictionary(account => account.Key, account => (
            account.Where(sum => sum.Part == 0).Sum(sum => sum.Amount), account.Where(sum => sum.Part == 1).Sum(sum => sum.Debit), account.Where(sum => sum.Part == 1).Sum(sum => sum.Credit)), StringComparer.Ordinal));
    }

    private static IReadOnlyList<StatementLine> Lines(List<(ChartAccount Account, long[] Figures)> rows, int columns) =>
    [
        .. rows.Select(row => new StatementLine(row.Account.Code, "account", 0, $"{row.Account.Code} {row.Account.Name}", [row.Account.Code], [.. row.Figures.Select(figure => (long?)figure)])),
        new StatementLine("total", "total", 0, "Total", [], StatementParts.Sum(rows.Select(row => row.Figures), columns)),
    ];

    private static StatementCheck[] Balanced(List<(ChartAccount Account, long[] Figures)> rows, int debit, int credit) =>
        [new("balanced", "Debits equal credits", rows.Sum(row => row.Figures[debit]), rows.Sum(row => row.Figures[credit]))];
}
