using Plug1.Kernel.Reporting;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Functions;

/// <summary>A list on its way to a file: the same cells as on the page.</summary>
public static class ListExport
{
    /// <summary>The table that the writers of CSV, XLSX and PDF take.</summary>
    /// <remarks>
    /// Money has the decimals of its document's currency. When all documents have one currency it stands in the headings; otherwise
    /// each row has a column with its own. Instants are told by the clock of the document's branch.
    /// </remarks>
    /// <param name="function">The function.</param>
    /// <param name="list">All rows, from <see cref="Lists.Stream"/>.</param>
    /// <param name="viewer">Who asked.</param>
    /// <param name="filters">The filters that were set, a sentence each.</param>
    /// <param name="now">When it was made.</param>
    public static ReportTable ToTable(Function function, ListRows list, Viewer viewer, IReadOnlyList<string> filters, DateTimeOffset now)
    {
        var company = viewer.Organisation.Company;
        var mixed = list.Currency is null && list.Count > 0;
        var currency = list.Currency is { } code && Currencies.TryOf(code, out var only) ? only : company.Currency;
        List<ReportColumn> columns = [.. list.Columns.Select(column => ReportExport.ToColumn(new ReportField(column.Key, column.Label, column.Type), currency) switch
        {
            { Type: ColumnType.Money or ColumnType.Rate } money when mixed => money with { Unit = null },
            var plain => plain,
        })];
        var ownCurrency = mixed && !list.Columns.Any(column => column.Key == "currency");
        if (ownCurrency) columns.Add(new ReportColumn("currency", "Currency", ColumnType.Text));
        return new ReportTable(function.Name, columns, list.Rows.Select(row => Cells(list.Columns, row, viewer, company.Currency, ownCurrency))) with
        {
            Filters = filters,
            Company = company.Name,
            GeneratedAt = now,
        };
    }

    private static object?[] Cells(IReadOnlyList<ColumnDeclaration> columns, ListRow row, Viewer viewer, Currency company, bool ownCurrency)
    {
        var cells = new object?[columns.Count + (ownCurrency ? 1 : 0)];
        var exponent = Shown.Exponent(row.Currency, company);
        for (var at = 0; at < columns.Count; at++)
        {
            cells[at] = (columns[at].Key, columns[at].Type, row.Cells[at]) switch
            {
                ("branch", _, _) => viewer.BranchName(row.BranchId),
                (_, "money", long minor) => new ScaledCell(minor, exponent),
                (_, "instant", DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, viewer.Organisation.Branch(row.BranchId).Zone),
                (_, _, "") => null,
                var (_, _, raw) => raw,
            };
        }

        if (ownCurrency) cells[^1] = row.Currency;
        return cells;
    }
}
