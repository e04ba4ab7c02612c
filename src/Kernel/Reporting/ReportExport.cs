using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>A report on its way to a file: the same cells as on the page.</summary>
public static class ReportExport
{
    private const string Level = "level";

    /// <summary>The table that the writers of CSV, XLSX and PDF take.</summary>
    /// <remarks>
    /// With another range beside it every figure has three columns more: the other range's, the difference and the difference as a share
    /// of the other's. With subtotals the first column says which rows are such, so that a program can leave them out.
    /// </remarks>
    /// <param name="report">The whole report, not a page of it.</param>
    /// <param name="company">Whose it is.</param>
    /// <param name="currency">Of its money.</param>
    /// <param name="filters">The filters that were set, a sentence each.</param>
    /// <param name="now">When it was made.</param>
    public static ReportTable ToTable(ReportRows report, string company, Currency currency, IReadOnlyList<string> filters, DateTimeOffset now)
    {
        var columns = report.Columns.SelectMany(column => Columns(column, currency, report.Compare is not null));
        return new ReportTable(report.Title, [.. report.HasSubtotals ? [new ReportColumn(Level, "Row", ColumnType.Text)] : Array.Empty<ReportColumn>(), .. columns],
            report.Rows.Select(row => Cells(report, row.Now.Cells, row.Other?.Cells, row.Now.Level > 0 ? "Subtotal" : null)))
        {
            Totals = () => report.Totals() is var (totals, other) && totals is not null ? Cells(report, totals, other, "Total") : null,
            Filters =
            [
                $"{report.From:yyyy-MM-dd} to {report.To:yyyy-MM-dd}",
                .. report.Compare is var (from, to) ? [$"Compared with {from:yyyy-MM-dd} to {to:yyyy-MM-dd}"] : Array.Empty<string>(),
                .. filters,
            ],
            Company = company,
            GeneratedAt = now,
        };
    }

    /// <summary>Whether a column's cells are figures that can be compared.</summary>
    public static bool IsFigure(ReportField field) => field.Type is "money" or "quantity" or "price" or "rate" or "number" || (field.Type == "integer" && field.Key != "hour");

    private static IEnumerable<ReportColumn> Columns(ReportField field, Currency currency, bool compared)
    {
        var column = ToColumn(field, currency);
        yield return column;
        if (!compared || !IsFigure(field)) yield break;
        yield return column with { Key = $"{field.Key}Before", Label = $"{field.Label}, before" };
        yield return column with { Key = $"{field.Key}Change", Label = $"{field.Label}, change" };
        yield return new ReportColumn($"{field.Key}ChangeRate", $"{field.Label}, change %", ColumnType.Percent);
    }

    private static object?[] Cells(ReportRows report, object?[] now, object?[]? before, string? level)
    {
        var cells = new List<object?>(now.Length * 2);
        if (report.HasSubtotals) cells.Add(level);
        for (var at = 0; at < now.Length; at++)
        {
            var (here, there) = (Cell(now[at]), Cell(before?[at]));
            cells.Add(here);
            if (report.Compare is not null && IsFigure(report.Columns[at])) cells.AddRange([there, FigureChange.Difference(here, there), FigureChange.Rate(here, there)]);
        }

        return [.. cells];
    }

    private static object? Cell(object? raw) => raw switch
    {
        Quantity quantity => quantity.Millionths,
        Rate rate => rate.Millionths,
        Money money => money.Minor,
        _ => raw,
    };

    internal static ReportColumn ToColumn(ReportField field, Currency currency) => field.Type switch
    {
        "money" => new ReportColumn(field.Key, field.Label, ColumnType.Money, currency.Code, currency.Exponent),
        "integer" => new ReportColumn(field.Key, field.Label, ColumnType.Integer),
        "quantity" => new ReportColumn(field.Key, field.Label, ColumnType.Quantity),
        "price" => new ReportColumn(field.Key, field.Label, ColumnType.Rate, currency.Code),
        "number" => new ReportColumn(field.Key, field.Label, ColumnType.Rate),
        "rate" => new ReportColumn(field.Key, field.Label, ColumnType.Percent),
        "date" => new ReportColumn(field.Key, field.Label, ColumnType.Date),
        "instant" => new ReportColumn(field.Key, field.Label, ColumnType.Instant),
        "id" => new ReportColumn(field.Key, field.Label, ColumnType.Id),
        "boolean" => new ReportColumn(field.Key, field.Label, ColumnType.Boolean),
        _ => new ReportColumn(field.Key, field.Label, ColumnType.Text),
    };
}
