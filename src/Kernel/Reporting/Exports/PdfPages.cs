using System.Globalization;
using System.Text;

namespace Plug1.Kernel.Reporting.Exports;

/// <summary>One drawn page; sides in points.</summary>
internal sealed record PdfPage(double Width, double Height, string Content);

/// <summary>Draws the pages of a laid out report. Positions are counted from the top and turned when written, as PDF counts from the bottom.</summary>
internal sealed class PdfPages(ReportTable table, PdfLayout layout)
{
    private const double TitleSize = 13;
    private const double SmallSize = 8;
    private const double CellPadding = 2.5;
    private readonly StringBuilder page = new();

    /// <summary>Draws all rows. Page breaks are worked out first, so that every page can say of how many it is.</summary>
    public IEnumerable<PdfPage> Draw(IReadOnlyList<string[]> rows, string[]? totals)
    {
        var heading = layout.Wrap([.. table.Columns.Select(column => column.Heading)], layout.BoldFont);
        var breaks = Breaks(rows, totals, layout.Height(heading));
        var from = 0;
        for (var number = 1; number <= breaks.Count; number++)
        {
            page.Clear();
            DrawFrame(number, breaks.Count);
            var y = Top(number);
            DrawRow(heading, layout.BoldFont, y, isHeading: true);
            y += layout.Height(heading);
            for (; from < breaks[number - 1]; from++)
            {
                var isTotal = from == rows.Count;
                var font = isTotal ? layout.BoldFont : layout.Font;
                var cells = layout.Wrap(isTotal ? totals! : rows[from], font);
                DrawRow(cells, font, y, ruleAbove: isTotal);
                y += layout.Height(cells);
            }

            yield return new PdfPage(layout.PageWidth, layout.PageHeight, page.ToString());
        }
    }

    // The index after the last row of each page; the totals row counts as one more row.
    private List<int> Breaks(IReadOnlyList<string[]> rows, string[]? totals, double headingHeight)
    {
        var breaks = new List<int>();
        var bottom = layout.PageHeight - PdfLayout.Margin - (SmallSize * 2);
        var count = rows.Count + (totals is null ? 0 : 1);
        var y = Top(1) + headingHeight;
        for (var at = 0; at < count; at++)
        {
            var isTotal = at == rows.Count;
            var height = layout.Height(layout.Wrap(isTotal ? totals! : rows[at], isTotal ? layout.BoldFont : layout.Font));
            if (y + height > bottom)
            {
                breaks.Add(at);
                y = Top(breaks.Count + 1) + headingHeight;
            }

            y += height;
        }

        breaks.Add(count);
        return breaks;
    }

    private double Top(int pageNumber) => pageNumber > 1
        ? PdfLayout.Margin + (SmallSize * 1.5) + 6
        : PdfLayout.Margin + (TitleSize * 1.5) + (SmallSize * 1.5 * (table.Filters.Count + 1)) + 6;

    private void DrawFrame(int number, int count)
    {
        var at = PdfLayout.Margin;
        if (number == 1)
        {
            Text(table.Title, layout.BoldFont, TitleSize, PdfLayout.Margin, at);
            at += TitleSize * 1.5;
            foreach (var line in (IEnumerable<string>)[table.Company, .. table.Filters])
            {
                Text(line, layout.Font, SmallSize, PdfLayout.Margin, at);
                at += SmallSize * 1.5;
            }
        }
        else
        {
            Text(table.Title, layout.Font, SmallSize, PdfLayout.Margin, at);
        }

        var foot = layout.PageHeight - PdfLayout.Margin - SmallSize;
        var made = table.GeneratedAt.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
        Text($"Generated {made}", layout.Font, SmallSize, PdfLayout.Margin, foot);
        var place = string.Create(CultureInfo.InvariantCulture, $"Page {number} of {count}");
        Text(place, layout.Font, SmallSize, layout.PageWidth - PdfLayout.Margin - layout.Font.Face.Width(place, SmallSize), foot);
    }

    private void DrawRow(string[][] cells, PdfFont font, double y, bool isHeading = false, bool ruleAbove = false)
    {
        var height = layout.Height(cells);
        var width = layout.Widths.Sum();
        var x = PdfLayout.Margin;
        if (isHeading) Operators($"0.93 g {x:0.##} {layout.PageHeight - y - height:0.##} {width:0.##} {height:0.##} re f 0 g\n");
        for (var at = 0; at < cells.Length; at++)
        {
            for (var line = 0; line < cells[at].Length; line++)
            {
                var text = cells[at][line];
                var left = table.Columns[at].IsNumber
                    ? x + layout.Widths[at] - CellPadding - font.Face.Width(text, layout.Size)
                    : x + CellPadding;
                Text(text, font, layout.Size, left, y + 1.5 + (layout.LineHeight * line));
            }

            x += layout.Widths[at];
        }

        var edge = layout.PageHeight - (ruleAbove ? y : y + height);
        var (pen, grey) = isHeading || ruleAbove ? (0.8, 0.0) : (0.4, 0.8);
        Operators($"{grey:0.##} G {pen:0.##} w {PdfLayout.Margin:0.##} {edge:0.##} m {PdfLayout.Margin + width:0.##} {edge:0.##} l S\n");
    }

    private void Text(string text, PdfFont font, double size, double left, double top)
    {
        if (text.Length == 0) return;
        Operators($"BT /{font.Name} {size:0.##} Tf {left:0.##} {layout.PageHeight - top - size:0.##} Td <{font.Encoded(text)}> Tj ET\n");
    }

    private void Operators(FormattableString operators) => page.Append(operators.ToString(CultureInfo.InvariantCulture));
}
