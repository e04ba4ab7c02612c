using System.Globalization;
using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Pdf;

namespace Plug1.Kernel.Reporting.Exports;

/// <summary>The report has more rows than a printed export takes.</summary>
public sealed class ExportTooLargeException() : Exception(
    $"A PDF takes at most {PdfExport.MaxRows:N0} rows. Set a narrower filter, or export as XLSX or CSV.");

/// <summary>Prints a report as PDF: A4, upright or wide by what the columns need, every page with heading row and page number.</summary>
/// <remarks>
/// <para>Figures stand at the right, in full: where the columns are too many, the type gets smaller, never the figures fewer.
/// Long words wrap. The document is held in memory until it is written, hence <see cref="MaxRows"/>.</para>
/// <para>Needs a TrueType font on the machine; see <see cref="FontMissingException"/>.</para>
/// </remarks>
public static class PdfExport
{
    /// <summary>The media type of the file.</summary>
    public const string MediaType = "application/pdf";

    /// <summary>The most rows that a PDF takes, about a thousand pages.</summary>
    public const int MaxRows = 50_000;

    /// <summary>Writes all rows of a report to a stream, which stays open.</summary>
    /// <param name="table">The report; its rows are read once.</param>
    /// <param name="target">Where to; only written asynchronously.</param>
    /// <param name="ct">Stops between rows.</param>
    /// <exception cref="ArgumentException">A cell does not fit its column.</exception>
    /// <exception cref="ExportTooLargeException">There are more than <see cref="MaxRows"/> rows.</exception>
    /// <exception cref="FontMissingException">The machine has no font.</exception>
    public static async Task Write(ReportTable table, Stream target, CancellationToken ct = default)
    {
        ReportFonts.Install();
        var rows = new List<string[]>();
        await foreach (var row in table.Rows.WithCancellation(ct))
        {
            if (rows.Count == MaxRows) throw new ExportTooLargeException();
            rows.Add(Texts(table, row));
        }

        var totals = table.Totals?.Invoke() is { } cells ? Texts(table, cells) : null;
        using var document = new PdfDocument();
        document.Info.Title = table.Title;
        document.Info.Author = table.Company;
        document.Info.Creator = "Plug1 Operations";
        document.Info.CreationDate = table.GeneratedAt.UtcDateTime;
        new PdfPages(document, table, PdfLayout.Fit(table, rows, totals)).Draw(rows, totals);

        using var file = new MemoryStream();
        document.Save(file, closeStream: false);
        file.Position = 0;
        await file.CopyToAsync(target, ct);
    }

    private static string[] Texts(ReportTable table, object?[] row) =>
        [.. table.Checked(row).Select((cell, at) => ExactText.Shown(table.Columns[at], cell).ReplaceLineEndings(" "))];
}

/// <summary>Draws the pages of a laid out report.</summary>
internal sealed class PdfPages(PdfDocument document, ReportTable table, PdfLayout layout)
{
    private const double TitleSize = 13;
    private const double SmallSize = 8;
    private const double CellPadding = 2.5;
    private static readonly XPen Hairline = new(XColor.FromArgb(200, 200, 200), 0.4);
    private static readonly XPen Rule = new(XColors.Black, 0.8);
    private static readonly XBrush HeadBack = new XSolidBrush(XColor.FromArgb(238, 240, 243));
    private readonly XFont titleFont = new(ReportFonts.Family, TitleSize, XFontStyleEx.Bold);
    private readonly XFont smallFont = new(ReportFonts.Family, SmallSize, XFontStyleEx.Regular);
    private XGraphics? page;
    private double y;
    private int number;
    private int count;

    /// <summary>Draws all rows; page breaks are worked out first, so that every page can say of how many it is.</summary>
    public void Draw(IReadOnlyList<string[]> rows, string[]? totals)
    {
        var heading = layout.Wrap([.. table.Columns.Select(column => column.Heading)], layout.BoldFont);
        var top = PdfLayout.Margin + (TitleSize * 1.5) + (SmallSize * 1.5 * (table.Filters.Count + 1)) + 6;
        var laterTop = PdfLayout.Margin + (SmallSize * 1.5) + 6;
        var bottom = layout.PageHeight - PdfLayout.Margin - (SmallSize * 2);
        var wrapped = rows.Select(row => layout.Wrap(row, layout.Font)).ToList();
        var totalLines = totals is null ? null : layout.Wrap(totals, layout.BoldFont);
        count = Paged(wrapped, totalLines, heading, top, laterTop, bottom, draw: false);
        Paged(wrapped, totalLines, heading, top, laterTop, bottom, draw: true);
        page?.Dispose();
    }

    private int Paged(List<string[][]> rows, string[][]? totals, string[][] heading, double top, double laterTop, double bottom, bool draw)
    {
        var pages = 0;
        Turn();
        foreach (var row in rows) Put(row, isTotal: false);
        if (totals is not null) Put(totals, isTotal: true);
        return pages;

        void Turn()
        {
            pages++;
            if (draw) StartPage(isFirst: pages == 1);
            y = pages == 1 ? top : laterTop;
            if (draw) Row(heading, layout.BoldFont, back: HeadBack, rule: Rule);
            y += layout.Height(heading);
        }

        void Put(string[][] row, bool isTotal)
        {
            if (y + layout.Height(row) > bottom) Turn();
            if (draw) Row(row, isTotal ? layout.BoldFont : layout.Font, back: null, rule: isTotal ? Rule : Hairline, ruleAbove: isTotal);
            y += layout.Height(row);
        }
    }

    private void StartPage(bool isFirst)
    {
        page?.Dispose();
        var sheet = document.AddPage();
        sheet.Size = PageSize.A4;
        sheet.Orientation = layout.IsWide ? PageOrientation.Landscape : PageOrientation.Portrait;
        page = XGraphics.FromPdfPage(sheet);
        number++;

        var at = PdfLayout.Margin;
        var right = layout.PageWidth - PdfLayout.Margin;
        if (isFirst)
        {
            page.DrawString(table.Title, titleFont, XBrushes.Black, new XPoint(PdfLayout.Margin, at + TitleSize));
            at += TitleSize * 1.5;
            foreach (var line in (IEnumerable<string>)[table.Company, .. table.Filters])
            {
                page.DrawString(line, smallFont, XBrushes.Black, new XPoint(PdfLayout.Margin, at + SmallSize));
                at += SmallSize * 1.5;
            }
        }
        else
        {
            page.DrawString(table.Title, smallFont, XBrushes.Black, new XPoint(PdfLayout.Margin, at + SmallSize));
        }

        var foot = layout.PageHeight - PdfLayout.Margin;
        var made = table.GeneratedAt.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
        page.DrawString($"Generated {made}", smallFont, XBrushes.Black, new XPoint(PdfLayout.Margin, foot));
        page.DrawString($"Page {number} of {count}", smallFont, XBrushes.Black,
            new XRect(PdfLayout.Margin, foot - SmallSize, right - PdfLayout.Margin, SmallSize), XStringFormats.BottomRight);
    }

    private void Row(string[][] cells, XFont font, XBrush? back, XPen rule, bool ruleAbove = false)
    {
        var height = layout.Height(cells);
        var x = PdfLayout.Margin;
        var width = layout.Widths.Sum();
        if (back is not null) page!.DrawRectangle(back, x, y, width, height);
        for (var at = 0; at < cells.Length; at++)
        {
            var format = table.Columns[at].IsNumber ? XStringFormats.TopRight : XStringFormats.TopLeft;
            for (var line = 0; line < cells[at].Length; line++)
            {
                var box = new XRect(x + CellPadding, y + (layout.LineHeight * line) + 1, layout.Widths[at] - (2 * CellPadding), layout.LineHeight);
                page!.DrawString(cells[at][line], font, XBrushes.Black, box, format);
            }

            x += layout.Widths[at];
        }

        var edge = ruleAbove ? y : y + height;
        page!.DrawLine(rule, PdfLayout.Margin, edge, PdfLayout.Margin + width, edge);
    }
}
