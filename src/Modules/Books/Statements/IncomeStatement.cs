using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Statements;

/// <summary>What was earned and spent in a period; the close of a year is left out, so a closed year still shows its figures.</summary>
internal static class IncomeStatement
{
    /// <summary>The group of expenses that stands above the gross profit.</summary>
    private const string CostOfSales = "cost-of-sales";

    public static async Task<Statement> Make(Db db, StatementRequest request, OrganisationView view, CancellationToken ct)
    {
        var compared = request.ByBranch ? null : StatementParts.Compared(request.Compare, request.From, request.To);
        var ranges = new List<(DateOnly?, DateOnly)> { (request.From, request.To) };
        if (compared is { } other) ranges.Add((other.From, other.To));
        var chart = await LedgerReports.Chart(db, ct);
        var sums = await BookSums.Read(db, request.Currency.Code, request.Scope, ranges, ct);
        var columns = Columns.Of(request, view, compared);
        var of = Columns.Figures(sums.Where(sum => !sum.Closing), request, columns);

        IReadOnlyList<(ChartAccount Account, long[] Figures)> Of(string kind, Func<string, bool> group, int sign) =>
            [.. chart.Where(account => account.Kind == kind && group(account.Group) && of.ContainsKey(account.Code)).Select(account => (account, Columns.Signed(of[account.Code], sign)))];
        var income = Of("income", _ => true, -1);
        var cost = Of("expense", group => group == CostOfSales, 1);
        var other2 = Of("expense", group => group != CostOfSales, 1);
        var (revenue, costs, expenses) = (StatementParts.Sum(income.Select(one => one.Figures), columns.Count), StatementParts.Sum(cost.Select(one => one.Figures), columns.Count), StatementParts.Sum(other2.Select(one => one.Figures), columns.Count));
        var gross = Columns.Less(revenue, costs);
        var result = Columns.Less(gross, expenses);
        var lines = new List<StatementLine>();
        void Section(string key, string label, IReadOnlyList<(ChartAccount Account, long[] Figures)> accounts, IReadOnlyList<long?> total)
        {
            lines.Add(new StatementLine(key, "section", 0, label, [], [.. columns.Select(_ => (long?)null)]));
            lines.AddRange(StatementParts.Groups(key, accounts));
            lines.Add(new StatementLine($"{key}/total", "total", 0, $"Total {char.ToLowerInvariant(label[0])}{label[1..]}", [.. accounts.Select(one => one.Account.Code)], total));
        }

        Section("income", "Income", income, revenue);
        if (cost.Count > 0)
        {
            Section("cost", "Cost of sales", cost, costs);
            lines.Add(new StatementLine("gross", "total", 0, "Gross profit", [.. income.Concat(cost).Select(one => one.Account.Code)], gross));
        }

        Section("expense", "Expenses", other2, expenses);
        lines.Add(new StatementLine("result", "total", 0, "Result", [.. income.Concat(cost).Concat(other2).Select(one => one.Account.Code)], result));
        return new Statement("income", "Income statement", columns, lines, [], WithoutClosing: true);
    }
}

/// <summary>Columns of periods or of branches, and the figures in them.</summary>
internal static class Columns
{
    public static IReadOnlyList<StatementColumn> Of(StatementRequest request, OrganisationView view, (DateOnly From, DateOnly To)? compared, bool asOf = false)
    {
        DateOnly? From(DateOnly from) => asOf ? null : from;
        if (request.ByBranch)
        {
            return [.. view.Branches.Where(branch => request.Scope.Ids.Contains(branch.Id)).Select(branch => new StatementColumn(branch.Code, branch.Name, From(request.From), request.To, branch.Id)),
                new StatementColumn("all", "All", From(request.From), request.To)];
        }

        var columns = new List<StatementColumn> { new("now", Told(request.From, request.To, asOf), From(request.From), request.To) };
        if (compared is { } other) columns.Add(new("then", Told(other.From, other.To, asOf), From(other.From), other.To));
        return columns;
    }

    /// <summary>The figures of each account, debit above zero, one a column; accounts without any are left out.</summary>
    public static IReadOnlyDictionary<string, long[]> Figures(IEnumerable<BookSum> sums, StatementRequest request, IReadOnlyList<StatementColumn> columns)
    {
        var figures = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var sum in sums)
        {
            if (!figures.TryGetValue(sum.Account, out var row)) figures[sum.Account] = row = new long[columns.Count];
            if (!request.ByBranch)
            {
                row[sum.Part] = checked(row[sum.Part] + sum.Amount);
                continue;
            }

            for (var at = 0; at < columns.Count; at++)
                if (columns[at].Branch is null || columns[at].Branch == sum.Branch) row[at] = checked(row[at] + sum.Amount);
        }

        return figures.Where(account => account.Value.Any(figure => figure != 0)).ToDictionary(StringComparer.Ordinal);
    }

    public static long[] Signed(long[] figures, int sign) => sign > 0 ? figures : [.. figures.Select(figure => checked(-figure))];

    public static IReadOnlyList<long?> Less(IReadOnlyList<long?> left, IReadOnlyList<long?> right) => [.. left.Select((figure, at) => (long?)checked(figure!.Value - right[at]!.Value))];

    public static IReadOnlyList<long?> Plus(IReadOnlyList<long?> left, IReadOnlyList<long?> right) => [.. left.Select((figure, at) => (long?)checked(figure!.Value + right[at]!.Value))];

    private static string Told(DateOnly from, DateOnly to, bool asOf) => asOf ? $"{to:yyyy-MM-dd}" : $"{from:yyyy-MM-dd} to {to:yyyy-MM-dd}";
}
