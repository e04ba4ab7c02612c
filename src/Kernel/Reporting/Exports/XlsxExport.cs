using System.Globalization;
using System.IO.Compression;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Plug1.Kernel.Reporting.Exports;

/// <summary>
/// Writes a report as an Excel workbook: the data with a frozen heading row on the first sheet, title, company and filters on the last.
/// </summary>
/// <remarks>
/// <para>The sheet is written element by element into the zip entry, so memory does not grow with the rows. Numbers are the
/// exact decimal text of the stored integer and are never a binary fraction on the way.</para>
/// <para>Rows beyond what a sheet holds go on to another sheet. Excel itself reads 15 significant digits.</para>
/// <para>Source: ECMA-376 part 1, SpreadsheetML.</para>
/// </remarks>
public static class XlsxExport
{
    /// <summary>The media type of the file.</summary>
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Rows of data that one sheet takes, one heading and one totals row less than the format allows.</summary>
    public const int RowsPerSheet = 1_048_574;

    /// <summary>Writes all rows of a report to a stream, which stays open and need not seek.</summary>
    /// <param name="table">The report; its rows are read once.</param>
    /// <param name="target">Where to; only written asynchronously.</param>
    /// <param name="ct">Stops between rows.</param>
    /// <exception cref="ArgumentException">A cell does not fit its column.</exception>
    public static Task Write(ReportTable table, Stream target, CancellationToken ct = default) => Write(table, target, RowsPerSheet, ct);

    internal static async Task Write(ReportTable table, Stream target, int rowsPerSheet, CancellationToken ct)
    {
        await using var drain = new DrainStream(target);
        using (var zip = new ZipArchive(drain, ZipArchiveMode.Create, leaveOpen: true))
        {
            var names = new List<string>();
            await using var rows = table.Rows.GetAsyncEnumerator(ct);
            var more = await rows.MoveNextAsync();
            do
            {
                names.Add(SheetName(table.Title, names.Count + 1));
                var sheet = new XlsxSheet(table, isFirst: names.Count == 1);
                await using var entry = Open(zip, $"xl/worksheets/sheet{names.Count}.xml");
                using var xml = OpenXmlWriter.Create(entry);
                sheet.Begin(xml);
                for (var count = 0; more && count < rowsPerSheet; count++)
                {
                    sheet.Row(xml, table.Checked(rows.Current), isTotal: false);
                    await drain.DrainWhenFull(ct);
                    more = await rows.MoveNextAsync();
                }

                if (!more && table.Totals?.Invoke() is { } totals) sheet.Row(xml, table.Checked(totals), isTotal: true);
                sheet.End(xml);
            }
            while (more);

            names.Add("About");
            XlsxPackage.WriteAbout(Open(zip, $"xl/worksheets/sheet{names.Count}.xml"), table);
            XlsxPackage.WriteFrame(part => Open(zip, part), names);
        }

        await drain.Drain(ct);
    }

    private static Stream Open(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);   // the same report gives the same bytes
        return entry.Open();
    }

    private static string SheetName(string title, int number)
    {
        var clean = new string([.. title.Select(letter => "[]:*?/\\'".Contains(letter) || char.IsControl(letter) ? ' ' : letter)]).Trim();
        if (clean is "" || clean.Equals("About", StringComparison.OrdinalIgnoreCase)
            || clean.Equals("History", StringComparison.OrdinalIgnoreCase)) clean = "Report";
        var suffix = number == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" {number}");
        return (clean.Length > 31 - suffix.Length ? clean[..(31 - suffix.Length)] : clean) + suffix;
    }
}

/// <summary>One data sheet, written from top to bottom.</summary>
internal sealed class XlsxSheet(ReportTable table, bool isFirst)
{
    private const int LongestText = 32_767;
    private const int InstantDigits = 10;
    private static readonly DateOnly Epoch = new(1899, 12, 30);
    private readonly int[] styles = [.. table.Columns.Select(XlsxStyles.Of)];
    private int rowNumber;
    private int dataRows;

    public void Begin(OpenXmlWriter xml)
    {
        xml.WriteStartDocument(standalone: true);
        xml.WriteStartElement(new Worksheet());
        var frozen = new Pane
        {
            VerticalSplit = 1,
            TopLeftCell = "A2",
            ActivePane = PaneValues.BottomLeft,
            State = PaneStateValues.Frozen,
        };
        xml.WriteElement(new SheetViews(new SheetView(frozen) { TabSelected = isFirst, WorkbookViewId = 0 }));
        xml.WriteElement(new Columns(table.Columns.Select((column, at) => new Column
        {
            Min = (uint)at + 1,
            Max = (uint)at + 1,
            CustomWidth = true,
            Width = Width(column),
        })));
        xml.WriteStartElement(new SheetData());
        StartRow(xml);
        foreach (var column in table.Columns) Text(xml, column.Heading, XlsxStyles.Heading);
        xml.WriteEndElement();
    }

    public void Row(OpenXmlWriter xml, object?[] row, bool isTotal)
    {
        StartRow(xml);
        if (!isTotal) dataRows++;
        for (var at = 0; at < row.Length; at++) Cell(xml, table.Columns[at], row[at], styles[at], isTotal);
        xml.WriteEndElement();
    }

    public void End(OpenXmlWriter xml)
    {
        xml.WriteEndElement();
        xml.WriteElement(new AutoFilter { Reference = $"A1:{Letters(table.Columns.Count)}{dataRows + 1}" });
        xml.WriteEndElement();
    }

    private void StartRow(OpenXmlWriter xml) =>
        xml.WriteStartElement(new Row(), [new OpenXmlAttribute("r", "", (++rowNumber).ToString(CultureInfo.InvariantCulture))]);

    private static void Cell(OpenXmlWriter xml, ReportColumn column, object? cell, int style, bool isTotal)
    {
        if (cell is ScaledCell scaled) style = XlsxStyles.Decimals(scaled.Decimals);
        if (isTotal) style = XlsxStyles.Bold(style);
        switch (cell)
        {
            case null: Value(xml, null, null, style); break;
            case string words when !column.IsNumber: Text(xml, words, style); break;
            default:
                switch (column.Type)
                {
                    case ColumnType.Text or ColumnType.Id: Text(xml, ExactText.Words(column, cell), style); break;
                    case ColumnType.Boolean: Value(xml, "b", ExactText.Truth(column, cell) ? "1" : "0", style); break;
                    case ColumnType.Date: Value(xml, null, Days(ExactText.Day(column, cell)), style); break;
                    case ColumnType.Instant: Value(xml, null, Days(ExactText.Instant(column, cell)), style); break;
                    default: Value(xml, null, ExactText.Number(column, cell), style); break;
                }

                break;
        }
    }

    // A day counts from 30 December 1899, which makes every day since 1 March 1900 right.
    private static string Days(DateOnly day) => (day.DayNumber - Epoch.DayNumber).ToString(CultureInfo.InvariantCulture);

    private static string Days(DateTimeOffset instant)
    {
        var day = DateOnly.FromDateTime(instant.DateTime).DayNumber - Epoch.DayNumber;
        var part = Math.Round((decimal)instant.TimeOfDay.Ticks / TimeSpan.TicksPerDay, InstantDigits, MidpointRounding.AwayFromZero);
        return (day + part).ToString("0.##########", CultureInfo.InvariantCulture);
    }

    internal static void Text(OpenXmlWriter xml, string words, int style)
    {
        xml.WriteStartElement(new Cell(), [Style(style), new OpenXmlAttribute("t", "", "inlineStr")]);
        xml.WriteElement(new InlineString(new Text(Printable(words)) { Space = SpaceProcessingModeValues.Preserve }));
        xml.WriteEndElement();
    }

    private static void Value(OpenXmlWriter xml, string? type, string? value, int style)
    {
        OpenXmlAttribute[] attributes = type is null ? [Style(style)] : [Style(style), new OpenXmlAttribute("t", "", type)];
        xml.WriteStartElement(new Cell(), attributes);
        if (value is not null) xml.WriteElement(new CellValue(value));
        xml.WriteEndElement();
    }

    private static OpenXmlAttribute Style(int style) => new("s", "", style.ToString(CultureInfo.InvariantCulture));

    // XML knows no control characters and no half surrogates; Excel no cell longer than this.
    private static string Printable(string words)
    {
        if (words.Length > LongestText) words = words[..LongestText];
        for (var at = 0; at < words.Length; at++)
        {
            if (!System.Xml.XmlConvert.IsXmlChar(words[at]))
                return string.Concat(words.EnumerateRunes().Select(rune =>
                    rune.Value > 0xFFFF || System.Xml.XmlConvert.IsXmlChar((char)rune.Value) ? rune.ToString() : "\uFFFD"));
        }

        return words;
    }

    private static double Width(ReportColumn column) => Math.Max(column.Heading.Length + 2, column.Type switch
    {
        ColumnType.Text => 28,
        ColumnType.Id => 38,
        ColumnType.Instant => 19,
        ColumnType.Boolean => 8,
        ColumnType.Integer => 10,
        _ => 14,
    });

    private static string Letters(int column)
    {
        var letters = "";
        for (; column > 0; column = (column - 1) / 26) letters = (char)('A' + ((column - 1) % 26)) + letters;
        return letters;
    }
}
