using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Plug1.Kernel.Reporting.Exports;

/// <summary>Cell formats of the workbook, by index into its style sheet: each number format once plain and once bold.</summary>
internal static class XlsxStyles
{
    private static readonly string[] Formats =
    [
        "General", "@", "#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000", "#,##0.00000", "#,##0.000000",
        "0.00##%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss",
    ];

    /// <summary>The format of the heading row.</summary>
    public static int Heading => Bold(1);

    /// <summary>The format of a column's cells.</summary>
    public static int Of(ReportColumn column) => column.Type switch
    {
        ColumnType.Integer => Decimals(0),
        ColumnType.Money => Decimals(column.Exponent),
        ColumnType.Percent => 9,
        ColumnType.Date => 10,
        ColumnType.Instant => 11,
        ColumnType.Text or ColumnType.Id => 1,
        _ => 0,
    };

    /// <summary>Grouped thousands with so many decimals.</summary>
    public static int Decimals(int decimals) => 2 + Math.Clamp(decimals, 0, 6);

    /// <summary>The bold twin of a format.</summary>
    public static int Bold(int style) => style + Formats.Length;

    /// <summary>The style sheet that these indexes point into.</summary>
    public static Stylesheet Sheet()
    {
        const uint firstCustom = 164;
        var numbers = new NumberingFormats(Formats.Select((code, at) =>
            new NumberingFormat { NumberFormatId = firstCustom + (uint)at, FormatCode = code }));
        var cells = Enumerable.Range(0, 2 * Formats.Length).Select(at => new CellFormat
        {
            NumberFormatId = at % Formats.Length == 0 ? 0 : firstCustom + (uint)(at % Formats.Length),
            FontId = at < Formats.Length ? 0u : 1u,
            FillId = 0,
            BorderId = 0,
            FormatId = 0,
            ApplyNumberFormat = true,
            ApplyFont = true,
        });
        return new Stylesheet(
            numbers,
            new Fonts(
                new Font(new FontSize { Val = 11 }, new FontName { Val = "Calibri" }),
                new Font(new Bold(), new FontSize { Val = 11 }, new FontName { Val = "Calibri" })),
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }),
                new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
            new Borders(new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder())),
            new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }),
            new CellFormats(cells),
            new CellStyles(new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }));
    }
}

/// <summary>The parts of the workbook beside its data: relationships, content types, the list of sheets, the sheet about the report.</summary>
internal static class XlsxPackage
{
    private const string Relationships = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string OfficeDocument = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Main = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    /// <summary>Writes title, company, filters and time onto a sheet of their own, away from the data.</summary>
    public static void WriteAbout(Stream part, ReportTable table)
    {
        using var entry = part;
        using var xml = OpenXmlWriter.Create(entry);
        xml.WriteStartDocument(standalone: true);
        xml.WriteStartElement(new Worksheet());
        xml.WriteElement(new Columns(new Column { Min = 1, Max = 1, Width = 16, CustomWidth = true },
            new Column { Min = 2, Max = 2, Width = 80, CustomWidth = true }));
        xml.WriteStartElement(new SheetData());
        Line("Report", table.Title);
        Line("Company", table.Company);
        Line("Generated", table.GeneratedAt.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
        foreach (var filter in table.Filters) Line("Filter", filter);
        xml.WriteEndElement();
        xml.WriteEndElement();

        void Line(string label, string text)
        {
            xml.WriteStartElement(new Row());
            XlsxSheet.Text(xml, label, XlsxStyles.Heading);
            XlsxSheet.Text(xml, text, 1);
            xml.WriteEndElement();
        }
    }

    /// <summary>Writes everything that ties the sheets into one workbook.</summary>
    public static void WriteFrame(Func<string, Stream> open, IReadOnlyList<string> sheetNames)
    {
        using (var styles = open("xl/styles.xml")) Element(styles, XlsxStyles.Sheet());
        using (var book = open("xl/workbook.xml"))
        {
            Element(book, new Workbook(new Sheets(sheetNames.Select((name, at) =>
                new Sheet { Name = name, SheetId = (uint)at + 1, Id = $"rId{at + 1}" }))));
        }

        var links = new StringBuilder();
        var types = new StringBuilder();
        for (var number = 1; number <= sheetNames.Count; number++)
        {
            links.Append(Invariant($"<Relationship Id=\"rId{number}\" Type=\"{OfficeDocument}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"));
            types.Append(Invariant($"<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{Main}.worksheet+xml\"/>"));
        }

        links.Append(Invariant($"<Relationship Id=\"rId{sheetNames.Count + 1}\" Type=\"{OfficeDocument}/styles\" Target=\"styles.xml\"/>"));
        Text(open("xl/_rels/workbook.xml.rels"), $"<Relationships xmlns=\"{Relationships}\">{links}</Relationships>");
        Text(open("_rels/.rels"), $"<Relationships xmlns=\"{Relationships}\"><Relationship Id=\"rId1\""
            + $" Type=\"{OfficeDocument}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
        Text(open("[Content_Types].xml"), "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
            + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
            + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
            + $"<Override PartName=\"/xl/workbook.xml\" ContentType=\"{Main}.sheet.main+xml\"/>"
            + $"<Override PartName=\"/xl/styles.xml\" ContentType=\"{Main}.styles+xml\"/>{types}</Types>");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Element(Stream part, OpenXmlElement root)
    {
        using var xml = OpenXmlWriter.Create(part);
        xml.WriteStartDocument(standalone: true);
        xml.WriteElement(root);
    }

    private static void Text(Stream part, string body)
    {
        using var text = new StreamWriter(part, new UTF8Encoding(false));
        text.Write("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>");
        text.Write(body);
    }
}
