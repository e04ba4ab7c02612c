using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Plug1.Kernel.Reporting.Exports;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>Tests that weigh the memory of the process run alone.</summary>
[CollectionDefinition("memory", DisableParallelization = true)]
public class MemoryCollection;

[Collection("memory")]
public class ExportTests
{
    private static readonly ReportColumn[] Columns =
    [
        new("number", "Number", ColumnType.Id),
        new("customer", "Customer", ColumnType.Text),
        new("lines", "Lines", ColumnType.Integer),
        new("total", "Total", ColumnType.Money, "EUR"),
        new("quantity", "Quantity", ColumnType.Quantity, "kg"),
        new("rate", "Tax rate", ColumnType.Percent),
        new("day", "Day", ColumnType.Date),
        new("at", "Posted at", ColumnType.Instant),
        new("paid", "Paid", ColumnType.Boolean),
    ];

    private static readonly DateTimeOffset At = new(2026, 3, 6, 16, 45, 0, TimeSpan.FromHours(1));

    private static ReportTable Sales() => ReportTable.Of("Sales by day", Columns,
    [
        ["R-1", "Müller, \"Bäcker\"", 3L, 123_456_789_012_345L, 1_500_000L, 200_000L, new DateOnly(2026, 3, 6), At, true],
        ["R-2", "=HYPERLINK(1)", 1L, -5L, -250L, 55_000L, new DateOnly(2024, 2, 29), At.AddDays(1), false],
        ["R-3", null, 0L, 0L, 0L, null, null, null, null],
    ])
    with
    {
        Totals = () => ["Total", null, 4L, 123_456_789_012_340L, 1_499_750L, null, null, null, null],
        Filters = ["Branch: Main street", "From 2026-03-01 to 2026-03-31"],
        Company = "Plug1 Bakery",
        GeneratedAt = At,
    };

    [Fact]
    public async Task A_csv_is_rfc_4180_with_exact_figures_and_harmless_text()
    {
        using var file = new MemoryStream();
        await CsvExport.Write(Sales(), file, new CsvOptions(Totals: true));

        var bytes = file.ToArray();
        bytes[..3].ShouldBe(new byte[] { 0xEF, 0xBB, 0xBF });
        Encoding.UTF8.GetString(bytes[3..]).Split("\r\n").ShouldBe(
        [
            "Number,Customer,Lines,Total (EUR),Quantity (kg),Tax rate,Day,Posted at,Paid",
            "R-1,\"Müller, \"\"Bäcker\"\"\",3,1234567890123.45,1.5,0.2,2026-03-06,2026-03-06T16:45:00+01:00,true",
            "R-2,'=HYPERLINK(1),1,-0.05,-0.00025,0.055,2024-02-29,2026-03-07T16:45:00+01:00,false",
            "R-3,,0,0.00,0,,,,",
            "Total,,4,1234567890123.40,1.49975,,,,",
            "",
        ]);
    }

    [Fact]
    public async Task A_csv_for_programs_has_no_mark_no_totals_and_leaves_text_alone()
    {
        using var file = new MemoryStream();
        await CsvExport.Write(Sales(), file, new CsvOptions(ByteOrderMark: false, GuardFormulas: false));

        var lines = Encoding.UTF8.GetString(file.ToArray()).Split("\r\n");
        lines.Length.ShouldBe(5);
        lines[0].ShouldStartWith("Number,");
        lines[2].ShouldContain(",=HYPERLINK(1),");
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+49 30 1234")]
    [InlineData("-cmd")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    public async Task Text_that_a_spreadsheet_would_run_gets_an_apostrophe(string text)
    {
        var table = ReportTable.Of("x", [new("t", "T", ColumnType.Text)], [[text]]);
        using var file = new MemoryStream();
        await CsvExport.Write(table, file, new CsvOptions(ByteOrderMark: false));
        Encoding.UTF8.GetString(file.ToArray()).ShouldContain("'" + text);
    }

    [Fact]
    public async Task A_workbook_is_valid_and_its_cells_are_real_numbers_and_dates()
    {
        using var file = new MemoryStream();
        await XlsxExport.Write(Sales(), new ForwardOnly(file));
        using var book = SpreadsheetDocument.Open(file, isEditable: false);
        new OpenXmlValidator().Validate(book).Select(error => error.Path?.XPath + " " + error.Description).ShouldBeEmpty();

        var sheets = book.WorkbookPart!.Workbook.Sheets!.Cast<Sheet>().ToList();
        sheets.Select(sheet => sheet.Name!.Value).ShouldBe(["Sales by day", "About"]);
        var data = ((WorksheetPart)book.WorkbookPart.GetPartById(sheets[0].Id!)).Worksheet;
        data.Descendants<Pane>().Single().State!.Value.ShouldBe(PaneStateValues.Frozen);
        data.Descendants<AutoFilter>().Single().Reference!.Value.ShouldBe("A1:I4");

        var rows = data.Descendants<Row>().Select(row => row.Elements<Cell>().ToList()).ToList();
        rows[0].Select(cell => cell.InnerText).ShouldBe(Columns.Select(column => column.Heading));
        rows[1].Select(cell => cell.InnerText).ShouldBe(
            ["R-1", "Müller, \"Bäcker\"", "3", "1234567890123.45", "1.5", "0.2", "46087", "46087.6979166667", "1"]);
        rows[2].Select(cell => cell.InnerText).ShouldBe(
            ["R-2", "=HYPERLINK(1)", "1", "-0.05", "-0.00025", "0.055", "45351", "46088.6979166667", "0"]);
        rows[4].Select(cell => cell.InnerText).ShouldBe(["Total", "", "4", "1234567890123.40", "1.49975", "", "", "", ""]);

        var formats = book.WorkbookPart.WorkbookStylesPart!.Stylesheet;
        string Format(Cell cell) => formats.NumberingFormats!.Cast<NumberingFormat>()
            .Single(format => format.NumberFormatId!.Value == formats.CellFormats!.Cast<CellFormat>().ElementAt((int)cell.StyleIndex!.Value).NumberFormatId!.Value)
            .FormatCode!.Value!;
        Format(rows[1][3]).ShouldBe("#,##0.00");
        Format(rows[1][6]).ShouldBe("yyyy-mm-dd");
        Format(rows[1][7]).ShouldBe("yyyy-mm-dd hh:mm:ss");
        DateTime.FromOADate(double.Parse(rows[1][7].InnerText)).ShouldBe(new DateTime(2026, 3, 6, 16, 45, 0), TimeSpan.FromSeconds(1));

        var about = ((WorksheetPart)book.WorkbookPart.GetPartById(sheets[1].Id!)).Worksheet.Descendants<Row>().Select(row => row.InnerText).ToList();
        about.ShouldBe(["ReportSales by day", "CompanyPlug1 Bakery", "Generated2026-03-06 16:45:00 +01:00",
            "FilterBranch: Main street", "FilterFrom 2026-03-01 to 2026-03-31"]);
    }

    [Fact]
    public async Task Rows_beyond_one_sheet_go_on_to_the_next()
    {
        var table = ReportTable.Of("Long [list]", [new("n", "N", ColumnType.Integer)], Enumerable.Range(1, 25).Select(n => new object?[] { (long)n }))
            with
        { Totals = () => [325L] };
        using var file = new MemoryStream();
        await XlsxExport.Write(table, file, rowsPerSheet: 10, CancellationToken.None);

        using var book = SpreadsheetDocument.Open(file, isEditable: false);
        new OpenXmlValidator().Validate(book).ShouldBeEmpty();
        var sheets = book.WorkbookPart!.Workbook.Sheets!.Cast<Sheet>().ToList();
        sheets.Select(sheet => sheet.Name!.Value).ShouldBe(["Long  list", "Long  list 2", "Long  list 3", "About"]);
        sheets.Take(3).Select(sheet => ((WorksheetPart)book.WorkbookPart.GetPartById(sheet.Id!)).Worksheet.Descendants<Row>().Count())
            .ShouldBe([11, 11, 7]);
    }

    [Fact]
    public async Task Characters_that_xml_forbids_do_not_break_a_workbook()
    {
        var table = ReportTable.Of("x", [new("t", "T", ColumnType.Text)], [["a\u0001b\uD800c 😀 <&>"], ["plain 😀"]]);
        using var file = new MemoryStream();
        await XlsxExport.Write(table, file);
        using var book = SpreadsheetDocument.Open(file, isEditable: false);
        var texts = book.WorkbookPart!.WorksheetParts.SelectMany(part => part.Worksheet.Descendants<Cell>()).Select(cell => cell.InnerText).ToList();
        texts.ShouldContain("a\uFFFDb\uFFFDc 😀 <&>");
        texts.ShouldContain("plain 😀");
    }

    [Fact]
    public async Task A_pdf_shows_the_same_figures_with_heading_filters_and_page_numbers()
    {
        using var file = new MemoryStream();
        await PdfExport.Write(Sales(), new ForwardOnly(file));

        var words = PdfText.Pages(file).ShouldHaveSingleItem();
        foreach (var expected in (string[])["Sales by day", "Plug1 Bakery", "Branch: Main street", "From 2026-03-01 to 2026-03-31", "Page 1 of 1",
            "R-1", "Müller, \"Bäcker\"", "1,234,567,890,123.45", "1.5", "20 %", "2026-03-06", "2026-03-06 16:45", "yes",
            "-0.05", "-0.00025", "5.5 %", "0.00", "1,234,567,890,123.40", "1.49975"])
            words.ShouldContain(expected);
    }

    [Fact]
    public async Task Every_page_of_a_pdf_repeats_the_heading_row_and_no_row_is_lost()
    {
        ReportColumn[] columns = [new("n", "Number", ColumnType.Integer), new("a", "Amount", ColumnType.Money, "EUR"), new("t", "Text", ColumnType.Text)];
        var text = string.Join(' ', Enumerable.Repeat("word", 60));
        var rows = Enumerable.Range(1, 200).Select(n => new object?[] { (long)n, n * 101L, n % 50 == 0 ? text : "short" });
        using var file = new MemoryStream();
        await PdfExport.Write(ReportTable.Of("Many", columns, rows) with { Totals = () => [null, 200L * 201 / 2 * 101, null] }, file);

        var pages = PdfText.Pages(file);
        pages.Count.ShouldBeGreaterThan(2);
        pages.ShouldAllBe(page => page.Contains("Number") && page.Contains("Amount (EUR)"));
        for (var page = 1; page <= pages.Count; page++) pages[page - 1].ShouldContain($"Page {page} of {pages.Count}");
        var all = pages.SelectMany(page => page).ToList();
        for (var n = 1; n <= 200; n++) all.ShouldContain((n * 101m / 100).ToString("N2", CultureInfo.InvariantCulture));
        all.ShouldContain("20,301.00");
        all.Sum(part => part.Split(' ').Count(word => word == "word")).ShouldBe(240);
    }

    [Fact]
    public async Task A_wide_report_turns_the_page_and_keeps_every_digit()
    {
        var columns = Enumerable.Range(0, 24).Select(n => new ReportColumn($"c{n}", $"Amount {n}", ColumnType.Money, "EUR")).ToArray();
        var row = Enumerable.Range(0, 24).Select(n => (object?)(99_999_999_00L + n)).ToArray();
        using var file = new MemoryStream();
        await PdfExport.Write(ReportTable.Of("Wide", columns, [row]), file);
        var words = PdfText.Pages(file).ShouldHaveSingleItem();
        for (var n = 0; n < 24; n++) words.ShouldContain($"99,999,999.{n:00}");
    }

    [Fact]
    public async Task All_three_exports_sum_to_the_same_cent()
    {
        ReportColumn[] columns = [new("a", "Amount", ColumnType.Money, "KWD", 3), new("b", "Other", ColumnType.Money, "JPY", 0)];
        var random = new Random(7);
        var rows = Enumerable.Range(0, 300).Select(_ => new object?[] { random.NextInt64(-9_999_999, 9_999_999), random.NextInt64(-999, 999) }).ToList();
        var expected = (rows.Sum(row => (long)row[0]!) / 1000m, (decimal)rows.Sum(row => (long)row[1]!));
        var table = ReportTable.Of("Sum", columns, rows);

        using var csv = new MemoryStream();
        await CsvExport.Write(table, csv, new CsvOptions(ByteOrderMark: false));
        var lines = Encoding.UTF8.GetString(csv.ToArray()).Split("\r\n")[1..^1].Select(line => line.Split(',')).ToList();
        (lines.Sum(line => decimal.Parse(line[0])), lines.Sum(line => decimal.Parse(line[1]))).ShouldBe(expected);

        using var xlsx = new MemoryStream();
        await XlsxExport.Write(table, xlsx);
        using var book = SpreadsheetDocument.Open(xlsx, isEditable: false);
        var cells = book.WorkbookPart!.WorksheetParts.Select(part => part.Worksheet.Descendants<Row>().Skip(1).Select(row => row.Elements<Cell>().ToList()).ToList())
            .Single(found => found.Count == 300);
        (cells.Sum(row => decimal.Parse(row[0].InnerText)), cells.Sum(row => decimal.Parse(row[1].InnerText))).ShouldBe(expected);

        using var pdf = new MemoryStream();
        await PdfExport.Write(table, pdf);
        var words = PdfText.Pages(pdf).SelectMany(page => page).Where(word => decimal.TryParse(word, out _)).Select(word => decimal.Parse(word)).ToList();
        words.Sum().ShouldBe(expected.Item1 + expected.Item2);
    }

    [Fact]
    public async Task A_column_of_mixed_currencies_keeps_each_rows_decimals()
    {
        ReportColumn[] columns = [new("c", "Currency", ColumnType.Text), new("a", "Amount", ColumnType.Money)];
        var table = ReportTable.Of("Mixed", columns, [["JPY", new ScaledCell(1500, 0)], ["KWD", new ScaledCell(1500, 3)]]);
        using var file = new MemoryStream();
        await CsvExport.Write(table, file, new CsvOptions(ByteOrderMark: false));
        Encoding.UTF8.GetString(file.ToArray()).ShouldBe("Currency,Amount\r\nJPY,1500\r\nKWD,1.500\r\n");
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData("12")]
    public async Task A_cell_that_is_not_of_its_column_is_an_error(object cell)
    {
        var table = ReportTable.Of("x", [new("total", "Total", ColumnType.Money)], [[cell]]);
        (await Should.ThrowAsync<ArgumentException>(() => CsvExport.Write(table, Stream.Null))).Message.ShouldContain("'total'");
        (await Should.ThrowAsync<ArgumentException>(() => XlsxExport.Write(table, Stream.Null))).Message.ShouldContain("'total'");
        (await Should.ThrowAsync<ArgumentException>(() => PdfExport.Write(table, Stream.Null))).Message.ShouldContain("'total'");
    }

    [Fact]
    public async Task A_pdf_of_too_many_rows_is_refused_with_a_way_out()
    {
        var rows = Enumerable.Range(0, PdfExport.MaxRows + 1).Select(n => new object?[] { (long)n });
        var table = ReportTable.Of("x", [new("n", "N", ColumnType.Integer)], rows);
        (await Should.ThrowAsync<ExportTooLargeException>(() => PdfExport.Write(table, Stream.Null))).Message.ShouldContain("50,000 rows");
    }

    [Fact]
    public void A_machine_without_fonts_is_told_which_package_to_install()
    {
        var empty = Directory.CreateTempSubdirectory();
        Should.Throw<FontMissingException>(() => ReportFonts.Read([empty.FullName])).Message.ShouldContain("apt-get install fonts-dejavu-core");
        empty.Delete();
    }

    [Fact]
    public async Task Two_hundred_thousand_rows_stream_in_the_memory_of_a_few()
    {
        foreach (var write in (Func<ReportTable, Stream, Task>[])
            [(table, stream) => CsvExport.Write(table, stream), (table, stream) => XlsxExport.Write(table, stream)])
        {
            await write(Long(1_000, () => { }), Stream.Null);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var most = 0L;
            var sink = new Counting();
            await write(Long(200_000, () => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before)), sink);
            sink.Bytes.ShouldBeGreaterThan(2_000_000);
            most.ShouldBeLessThan(4_000_000);
        }
    }

    private static ReportTable Long(int count, Action look)
    {
        IEnumerable<object?[]> Rows()
        {
            for (var n = 0; n < count; n++)
            {
                if (n % 20_000 == 19_999) look();
                yield return [$"R-{n}", "Customer with a name", (long)n, n * 37L, 1_000_000L, 190_000L, new DateOnly(2026, 1, 1).AddDays(n % 365), At.AddMinutes(n), n % 2 == 0];
            }
        }

        return ReportTable.Of("Long", Columns, Rows());
    }

    /// <summary>A stream as an HTTP response is one: no seeking, no synchronous writes.</summary>
    private sealed class ForwardOnly(Stream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);
        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.WriteAsync(buffer, offset, count, cancellationToken);
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Synchronous writes are not allowed.");
        public override void Flush() => throw new InvalidOperationException("Synchronous writes are not allowed.");
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class Counting : MemoryStream
    {
        public long Bytes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Bytes += count;
            return Task.CompletedTask;
        }
    }
}
