namespace Plug1.Kernel.Reporting.Exports;

/// <summary>What the cells of a column are, and so how each export writes them.</summary>
public enum ColumnType
{
    /// <summary>Words. Cells are <see cref="string"/>.</summary>
    Text,

    /// <summary>Whole numbers. Cells are <see cref="long"/> or <see cref="int"/>.</summary>
    Integer,

    /// <summary>Amounts. Cells are <see cref="long"/> minor units of the column's exponent, or <see cref="ScaledCell"/> where currencies mix.</summary>
    Money,

    /// <summary>Quantities. Cells are <see cref="long"/> millionths.</summary>
    Quantity,

    /// <summary>Rates and factors, shown as they are. Cells are <see cref="long"/> millionths.</summary>
    Rate,

    /// <summary>Shares of one, shown as per cent. Cells are <see cref="long"/> millionths of one: 125,000 is 12.5 %.</summary>
    Percent,

    /// <summary>Business days. Cells are <see cref="DateOnly"/>.</summary>
    Date,

    /// <summary>Points in time. Cells are <see cref="DateTimeOffset"/>, shown at the offset that they carry.</summary>
    Instant,

    /// <summary>Identifiers. Cells are <see cref="Guid"/> or <see cref="string"/>.</summary>
    Id,

    /// <summary>Yes or no. Cells are <see cref="bool"/>.</summary>
    Boolean,
}

/// <summary>An exact number with its own count of decimals, for columns whose rows differ in currency.</summary>
/// <param name="Value">The number times ten to the power of <paramref name="Decimals"/>.</param>
/// <param name="Decimals">Decimals, 0 to 6.</param>
public readonly record struct ScaledCell(long Value, int Decimals);

/// <summary>One column of a report.</summary>
/// <param name="Key">Its name in the API, such as <c>net_minor</c>.</param>
/// <param name="Label">Its heading for people.</param>
/// <param name="Type">What its cells are.</param>
/// <param name="Unit">Currency or unit of measure, shown in the heading; null where there is none.</param>
/// <param name="Exponent">Decimals of the currency's minor unit; only <see cref="ColumnType.Money"/> reads it.</param>
public sealed record ReportColumn(string Key, string Label, ColumnType Type, string? Unit = null, int Exponent = 2)
{
    /// <summary>The heading with its unit: <c>Net (EUR)</c>.</summary>
    public string Heading => Unit is null or "" ? Label : $"{Label} ({Unit})";

    /// <summary>Whether cells are figures, and so stand at the right.</summary>
    public bool IsNumber => Type is ColumnType.Integer or ColumnType.Money or ColumnType.Quantity or ColumnType.Rate or ColumnType.Percent;
}

/// <summary>A report on its way out: headings, rows that are read once and never held all at once, totals.</summary>
/// <param name="Title">The report's name.</param>
/// <param name="Columns">At least one.</param>
/// <param name="Rows">Each with one cell a column, in the columns' order; null is an empty cell.</param>
public sealed record ReportTable(string Title, IReadOnlyList<ReportColumn> Columns, IAsyncEnumerable<object?[]> Rows)
{
    /// <summary>The totals row, asked for after the last row was read, so that it can be summed on the way; null for none.</summary>
    public Func<object?[]?>? Totals { get; init; }

    /// <summary>The filters that were set, a sentence each.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Whose report it is.</summary>
    public string Company { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset GeneratedAt { get; init; }

    /// <summary>A report of rows that are at hand already.</summary>
    /// <param name="title">The report's name.</param>
    /// <param name="columns">At least one.</param>
    /// <param name="rows">Each with one cell a column.</param>
    public static ReportTable Of(string title, IReadOnlyList<ReportColumn> columns, IEnumerable<object?[]> rows) =>
        new(title, columns, Streamed(rows));

    private static async IAsyncEnumerable<object?[]> Streamed(IEnumerable<object?[]> rows)
    {
        await Task.CompletedTask;
        foreach (var row in rows) yield return row;
    }

    internal object?[] Checked(object?[] row) => row.Length == Columns.Count
        ? row
        : throw new ArgumentException($"A row of report '{Title}' has {row.Length} cells for {Columns.Count} columns.", nameof(row));
}
