namespace Plug1.Kernel.Reporting.Exports;

/// <summary>How a report fits on A4: upright or wide, the size of the type, the width of each column. Units: points.</summary>
internal sealed class PdfLayout
{
    /// <summary>Free space around the page.</summary>
    public const double Margin = 36;

    private const double ShortSide = 595;
    private const double LongSide = 842;
    private const double NormalSize = 8;
    private const double SmallestSize = 3.5;
    private const double NarrowestText = 40;
    private const double WidestText = 190;
    private const double Padding = 6;
    private const int MostLines = 12;
    private readonly ReportTable table;

    private PdfLayout(ReportTable table, PdfFont font, PdfFont boldFont, bool isWide, double size)
    {
        this.table = table;
        IsWide = isWide;
        Font = font;
        BoldFont = boldFont;
        Size = size;
        LineHeight = size * 1.35;
        Widths = [];
    }

    public bool IsWide { get; }
    public PdfFont Font { get; }
    public PdfFont BoldFont { get; }
    public double Size { get; }
    public double LineHeight { get; }
    public double PageWidth => IsWide ? LongSide : ShortSide;
    public double PageHeight => IsWide ? ShortSide : LongSide;

    /// <summary>One a column, with padding; together no wider than the page between its margins.</summary>
    public double[] Widths { get; private set; }

    /// <summary>Upright if all fits at the normal size, else wide, else wide in smaller type.</summary>
    public static PdfLayout Fit(ReportTable table, IReadOnlyList<string[]> rows, string[]? totals, PdfFont font, PdfFont boldFont)
    {
        var longest = Enumerable.Range(0, table.Columns.Count)
            .Select(at => rows.Append(totals ?? []).Where(row => row.Length > 0).Select(row => row[at]).MaxBy(text => text.Length) ?? "").ToArray();
        var upright = new PdfLayout(table, font, boldFont, isWide: false, NormalSize);
        if (table.Columns.Count <= 8 && upright.TryWidths(longest, squeeze: false)) return upright;
        for (var size = NormalSize; ; size -= 0.5)
        {
            var wide = new PdfLayout(table, font, boldFont, isWide: true, size);
            if (wide.TryWidths(longest, squeeze: true) || size <= SmallestSize) return wide;
        }
    }

    /// <summary>The lines of each cell. Figures are one line always.</summary>
    public string[][] Wrap(string[] cells, PdfFont font) => [.. cells.Select((text, at) => Lines(text, Widths[at] - Padding, font))];

    /// <summary>The height of a row of wrapped cells.</summary>
    public double Height(string[][] cells) => (cells.Max(lines => Math.Max(lines.Length, 1)) * LineHeight) + 3;

    private bool TryWidths(string[] longest, bool squeeze)
    {
        var room = PageWidth - (2 * Margin);
        var natural = new double[longest.Length];
        var least = new double[longest.Length];
        for (var at = 0; at < longest.Length; at++)
        {
            // Bold, because the totals row is. A heading wraps, but its longest word stays whole.
            var cell = Wide(longest[at], BoldFont) + Padding;
            var words = table.Columns[at].Heading.Split(' ').Max(word => Wide(word, BoldFont)) + Padding;
            var wraps = table.Columns[at].Type is ColumnType.Text or ColumnType.Id;
            natural[at] = Math.Max(words, wraps ? Math.Min(cell, WidestText) : cell);
            least[at] = wraps ? Math.Min(natural[at], Math.Max(NarrowestText, words)) : natural[at];
        }

        var wanted = natural.Sum();
        if (wanted > room && !squeeze) return false;
        var fits = least.Sum() <= room;
        if (wanted > room && fits)
        {
            // Text columns give up what is missing, each in proportion to what it can spare.
            var share = (wanted - room) / (wanted - least.Sum());
            for (var at = 0; at < natural.Length; at++) natural[at] -= (natural[at] - least[at]) * share;
        }
        else
        {
            var scale = wanted > room ? room / wanted : Math.Min(1.6, room / wanted);
            for (var at = 0; at < natural.Length; at++) natural[at] *= scale;
        }

        Widths = natural;
        return fits;
    }

    private string[] Lines(string text, double width, PdfFont font)
    {
        if (text.Length == 0) return [];
        if (Wide(text, font) <= width) return [text];
        var lines = new List<string>();
        var rest = text;
        while (rest.Length > 0 && lines.Count < MostLines)
        {
            var fits = Fitting(rest, width, font);
            var cut = fits < rest.Length ? rest.LastIndexOf(' ', fits - 1, fits) : rest.Length;
            if (cut <= 0) cut = fits;
            lines.Add(rest[..cut].TrimEnd());
            rest = rest[cut..].TrimStart();
        }

        if (rest.Length > 0) lines[^1] += " …";
        return [.. lines];
    }

    private int Fitting(string text, double width, PdfFont font)
    {
        var low = 1;
        var high = Math.Min(text.Length, 400);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Wide(text[..middle], font) <= width) low = middle;
            else high = middle - 1;
        }

        // Never between the two halves of one character.
        return low < text.Length && low > 1 && char.IsLowSurrogate(text[low]) ? low - 1 : low;
    }

    private double Wide(string text, PdfFont font) => font.Face.Width(text, Size);
}
