using System.Globalization;

namespace Plug1.Kernel.Reporting.Exports;

/// <summary>Cells as text, from exact integers by integer arithmetic alone, so that all exports show the same figures.</summary>
internal static class ExactText
{
    private const int MillionthDecimals = 6;

    /// <summary>A number for machines: <c>-1234.50</c>; no grouping, a point, all decimals of money, no idle zeros of the rest.</summary>
    /// <exception cref="ArgumentException">The cell is not of a type that its column takes.</exception>
    public static string Number(ReportColumn column, object cell)
    {
        var (value, decimals) = Scaled(column, cell);
        var text = Fixed(value, decimals, grouped: false);
        return column.Type == ColumnType.Money ? text : Trimmed(text);
    }

    /// <summary>A cell for people, in a printed report: <c>-1,234.50</c>, <c>12.5 %</c>, <c>2026-03-06 16:45</c>.</summary>
    /// <exception cref="ArgumentException">The cell is not of a type that its column takes.</exception>
    public static string Shown(ReportColumn column, object? cell)
    {
        if (cell is null) return "";
        if (cell is string words) return column.IsNumber ? throw Mismatch(column, cell) : words;
        switch (column.Type)
        {
            case ColumnType.Date: return Day(column, cell).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            case ColumnType.Instant: return Instant(column, cell).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            case ColumnType.Boolean: return Truth(column, cell) ? "yes" : "no";
            case ColumnType.Text or ColumnType.Id: return Words(column, cell);
        }

        var (value, decimals) = Scaled(column, cell);
        // A per cent is the same millionths with the point two places on.
        if (column.Type == ColumnType.Percent) return Trimmed(Fixed(value, decimals - 2, grouped: true)) + " %";
        var text = Fixed(value, decimals, grouped: true);
        return column.Type == ColumnType.Money ? text : Trimmed(text);
    }

    /// <summary>A cell for machines: numbers as <see cref="Number"/>, days and instants in ISO 8601, <c>true</c> and <c>false</c>.</summary>
    /// <exception cref="ArgumentException">The cell is not of a type that its column takes.</exception>
    public static string Plain(ReportColumn column, object? cell) => (cell, column.Type) switch
    {
        (null, _) => "",
        (string words, _) when !column.IsNumber => words,
        (_, ColumnType.Date) => Day(column, cell).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        (_, ColumnType.Instant) => Instant(column, cell).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        (_, ColumnType.Boolean) => Truth(column, cell) ? "true" : "false",
        (_, ColumnType.Text or ColumnType.Id) => Words(column, cell),
        _ => Number(column, cell),
    };

    /// <summary>The exact integer behind a numeric cell and the decimals it has.</summary>
    public static (long Value, int Decimals) Scaled(ReportColumn column, object cell)
    {
        var decimals = column.Type switch
        {
            ColumnType.Integer => 0,
            ColumnType.Money => column.Exponent,
            _ => MillionthDecimals,
        };
        return cell switch
        {
            ScaledCell scaled when column.Type == ColumnType.Money => (scaled.Value, scaled.Decimals),
            long value => (value, decimals),
            int value => (value, decimals),
            _ => throw Mismatch(column, cell),
        };
    }

    /// <summary>The day of a date cell.</summary>
    public static DateOnly Day(ReportColumn column, object cell) => cell is DateOnly day ? day : throw Mismatch(column, cell);

    /// <summary>The instant of an instant cell.</summary>
    public static DateTimeOffset Instant(ReportColumn column, object cell) =>
        cell is DateTimeOffset instant ? instant : throw Mismatch(column, cell);

    /// <summary>The truth of a yes-or-no cell.</summary>
    public static bool Truth(ReportColumn column, object cell) => cell is bool truth ? truth : throw Mismatch(column, cell);

    /// <summary>The words of a text or identifier cell.</summary>
    public static string Words(ReportColumn column, object cell) => cell switch
    {
        string words => words,
        Guid id => id.ToString("D"),
        long number => number.ToString(CultureInfo.InvariantCulture),
        int number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw Mismatch(column, cell),
    };

    private static string Fixed(long value, int decimals, bool grouped)
    {
        // Int128 because the absolute value of the smallest long is no long.
        var digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var whole = digits[..^decimals];
        if (grouped)
        {
            for (var at = whole.Length - 3; at > 0; at -= 3) whole = whole.Insert(at, ",");
        }

        var text = decimals == 0 ? whole : $"{whole}.{digits[^decimals..]}";
        return value < 0 ? "-" + text : text;
    }

    private static string Trimmed(string text) => text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;

    private static ArgumentException Mismatch(ReportColumn column, object cell) =>
        new($"Column '{column.Key}' is {column.Type} and cannot hold a {cell.GetType().Name}.", nameof(cell));
}
