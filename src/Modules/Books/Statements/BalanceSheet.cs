using Plug1.Kernel;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Statements;

/// <summary>What there is, and whose it is, at the end of a day. Assets equal liabilities and equity in every column, or it is not shown.</summary>
/// <remarks>
/// <para>What income and expenses have brought since the last close of a year stands as a line of equity, until the next close books it to retained earnings.</para>
/// <para>An account that has changed its side by its sign stands on the side where it is, column by column: an overdrawn bank among the liabilities, too
/// much paid among the assets. Contra accounts stay and lower what they belong to; stock sold before it came stays among the assets, below zero.</para>
/// </remarks>
internal static class BalanceSheet
{
    public static async Task<Statement> Make(Db db, StatementRequest request, OrganisationView view, CancellationToken ct)
    {
        var compared = request.ByBranch ? null : StatementParts.Compared(request.Compare, new DateOnly(request.To.Year, request.To.Month, 1), request.To);
        var ranges = new List<(DateOnly?, DateOnly)> { (null, request.To) };
        if (compared is { } other) ranges.Add((null, other.To));
        var chart = await LedgerReports.Chart(db, ct);
        var lastClose = db.Later($"select max(last_day) from book_year_end where active and last_day <= {request.To}", row => row.DateOrNull(0));
        var sums = await BookSums.Read(db, request.Currency.Code, request.Scope, ranges, ct);
        var columns = Columns.Of(request, view, compared, asOf: true);
        var figures = Columns.Figures(sums, request, columns);

        var (assets, liabilities, equity) = (new List<(ChartAccount, long[])>(), new List<(ChartAccount, long[])>(), new List<(ChartAccount, long[])>());
        var result = new long[columns.Count];
        var ofResult = new List<string>();
        foreach (var account in chart)
        {
            if (!figures.TryGetValue(account.Code, out var row)) continue;
            switch (account.Kind)
            {
                case "asset" or "liability":
                    var (asset, liability) = Split(account, row);
                    if (asset.Any(figure => figure != 0)) assets.Add((account, asset));
                    if (liability.Any(figure => figure != 0)) liabilities.Add((account, liability));
                    break;
                case "equity":
                    equity.Add((account, Columns.Signed(row, -1)));
                    break;
                case "income" or "expense":
                    for (var at = 0; at < row.Length; at++) result[at] = checked(result[at] - row[at]);
                    ofResult.Add(account.Code);
                    break;
            }
        }

        var (left, owed) = (StatementParts.Sum(assets.Select(one => one.Item2), columns.Count), StatementParts.Sum(liabilities.Select(one => one.Item2), columns.Count));
        var own = StatementParts.Sum(equity.Select(one => one.Item2).Append(result), columns.Count);
        var right = Columns.Plus(owed, own);
        for (var at = 0; at < columns.Count; at++) Invariant.Holds(left[at] == right[at], $"Assets equal liabilities and equity in {columns[at].Key}.");

        var none = columns.Select(_ => (long?)null).ToList();
        var lines = new List<StatementLine> { new("assets", "section", 0, "Assets", [], none) };
        lines.AddRange(StatementParts.Groups("assets", assets));
        lines.Add(new("assets/total", "total", 0, "Total assets", [], left));
        lines.Add(new("liabilities", "section", 0, "Liabilities", [], none));
        lines.AddRange(StatementParts.Groups("liabilities", liabilities));
        lines.Add(new("liabilities/total", "total", 0, "Total liabilities", [], owed));
        lines.Add(new("equity", "section", 0, "Equity", [], none));
        lines.AddRange(StatementParts.Groups("equity", equity));
        var since = lastClose.Value[0] is { } closed ? $"Result since {closed.AddDays(1):yyyy-MM-dd}, not closed yet" : "Result not closed yet";
        if (result.Any(figure => figure != 0)) lines.Add(new("equity/result", "figure", 1, since, ofResult, [.. result.Select(figure => (long?)figure)]));
        lines.Add(new("equity/total", "total", 0, "Total equity", [], own));
        lines.Add(new("right/total", "total", 0, "Total liabilities and equity", [], right));
        return new Statement("balance-sheet", "Balance sheet", columns, lines, [.. columns.Select((column, at) => new StatementCheck($"balanced-{column.Key}", $"Assets equal liabilities and equity, {column.Label}", left[at]!.Value, right[at]!.Value))]);
    }

    /// <summary>An account's figures on either side, each above zero but for contra accounts and stock.</summary>
    private static (long[] Asset, long[] Liability) Split(ChartAccount account, long[] row)
    {
        var (asset, liability) = (new long[row.Length], new long[row.Length]);
        var stays = account.Contra || account.Group == "inventory";
        for (var at = 0; at < row.Length; at++)
        {
            if (stays ? account.Kind == "asset" : row[at] >= 0) asset[at] = row[at];
            else liability[at] = checked(-row[at]);
        }

        return (asset, liability);
    }
}
