using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>A report on its way to a file: the same cells as on the page.</summary>
public static class ReportExport
{
    /// <summary>The table that the writers of CSV, XLSX and PDF take.</summary>
    /// <param name="answer">The whole report, not a page of it.</param>
    /// <param name="company">Whose it is.</param>
    /// <param name="currency">Of its money.</param>
    /// <param name="filters">The filters that were set, a sentence each.</param>
    /// <param name="now">When it was made.</param>
    public static ReportTable ToTable(ReportAnswer answer, string company, Currency currency, IReadOnlyList<string> filters, DateTimeOffset now) =>
        ReportTable.Of(answer.Title, [.. answer.Columns.Select(column => ToColumn(column, currency))], answer.Rows.Select(row => row.Cells.Select(Cell).ToArray())) with
        {
            Totals = () => answer.Totals?.Select(Cell).ToArray(),
            Filters = [$"{answer.From:yyyy-MM-dd} to {answer.To:yyyy-MM-dd}", .. filters],
            Company = company,
            GeneratedAt = now,
        };

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
