using System.Globalization;
using System.Text;
using Plug1.Kernel.Templates;

namespace Plug1.Kernel.Reporting.Exports;

/// <summary>A part of a slip, from the top down.</summary>
public abstract record SlipPart;

/// <summary>A text in the middle.</summary>
/// <param name="Text">The text; wraps.</param>
/// <param name="Bold">In bold type.</param>
public sealed record SlipText(string Text, bool Bold = false) : SlipPart;

/// <summary>A text at the left and figures in columns at the right.</summary>
/// <param name="Left">The text; wraps, and the figures stand beside its last line.</param>
/// <param name="Right">Figures, the last at the edge; they are never cut.</param>
/// <param name="Large">In large bold type.</param>
public sealed record SlipRow(string Left, IReadOnlyList<string> Right, bool Large = false) : SlipPart;

/// <summary>A rule across.</summary>
public sealed record SlipRule : SlipPart;

/// <summary>A QR code in the middle.</summary>
/// <param name="Content">What a scanner reads.</param>
public sealed record SlipQr(string Content) : SlipPart;

/// <summary>Prints a slip as PDF: 80 mm wide and as long as it needs to be.</summary>
/// <remarks>Needs a TrueType font on the machine; see <see cref="FontMissingException"/>. Source of the longest page: ISO 32000-1, annex C.2.</remarks>
public static class PdfSlip
{
    /// <summary>Makes the file.</summary>
    /// <param name="title">Title of the file.</param>
    /// <param name="author">Whose it is.</param>
    /// <param name="madeAt">When it was made.</param>
    /// <param name="parts">What is on it.</param>
    /// <exception cref="FontMissingException">The machine has no font.</exception>
    public static byte[] Of(string title, string author, DateTimeOffset madeAt, IEnumerable<SlipPart> parts)
    {
        var (regular, bold) = ReportFonts.Load();
        PdfFont[] fonts = [new PdfFont(regular, "F1"), new PdfFont(bold, "F2")];
        using var memory = new MemoryStream();
        var file = new PdfFile(memory, fonts);
        foreach (var page in new SlipDrawing(fonts[0], fonts[1]).Draw(parts)) file.AddPage(page.Width, page.Height, page.Content);
        file.End(title, author, madeAt);
        return memory.ToArray();
    }
}

/// <summary>Draws the parts of a slip. Positions are points from the top: the page is moved up by its height when that is known.</summary>
internal sealed class SlipDrawing(PdfFont font, PdfFont boldFont)
{
    private const double Millimetre = 72 / 25.4;
    private const double Width = 80 * Millimetre;
    private const double Margin = 3 * Millimetre;
    private const double Column = 17 * Millimetre;
    private const double Gap = 4;
    private const double NormalSize = 8.5;
    private const double LargeSize = 12;
    private const double LineHeight = 1.4;
    private const double QrSide = 28 * Millimetre;

    /// <summary>No page is longer than 14,400 points; a part that begins before this line fits on it.</summary>
    private const double Longest = 13_000;

    private readonly StringBuilder page = new();
    private double y = Margin;

    public IEnumerable<PdfPage> Draw(IEnumerable<SlipPart> parts)
    {
        foreach (var part in parts)
        {
            if (y > Longest) yield return Finished();
            switch (part)
            {
                case SlipText text: Middle(text.Text, text.Bold ? boldFont : font); break;
                case SlipRow row: Row(row.Left, row.Right, row.Large ? boldFont : font, row.Large ? LargeSize : NormalSize); break;
                case SlipRule: Rule(); break;
                case SlipQr code: Qr(QrBars.Of(code.Content)); break;
                default: throw new InvariantBrokenException($"A slip has no part {part.GetType().Name}.");
            }
        }

        yield return Finished();
    }

    private PdfPage Finished()
    {
        var height = y + Margin;
        var content = string.Create(CultureInfo.InvariantCulture, $"1 0 0 1 0 {height:0.##} cm\n") + page;
        page.Clear();
        y = Margin;
        return new PdfPage(Width, height, content);
    }

    private void Middle(string text, PdfFont face)
    {
        foreach (var line in Lines(text, face, NormalSize, Width - (2 * Margin)))
        {
            Text(line, face, NormalSize, (Width - face.Face.Width(line, NormalSize)) / 2);
            y += NormalSize * LineHeight;
        }
    }

    private void Row(string left, IReadOnlyList<string> right, PdfFont face, double size)
    {
        var (edge, figures) = (Width - Margin, new List<(string Text, double At)>());
        foreach (var figure in right.Reverse())
        {
            var at = edge - face.Face.Width(figure, size);
            figures.Add((figure, at));
            edge = Math.Min(edge - Column, at - Gap);
        }

        var room = figures.Count == 0 ? edge - Margin : figures[^1].At - Gap - Margin;
        // Beside very wide figures there is no room for words: those then stand above.
        var beside = room >= Column;
        var lines = Lines(left, face, size, beside ? room : Width - (2 * Margin));
        for (var at = 0; at < lines.Count; at++)
        {
            Text(lines[at], face, size, Margin);
            if (at < lines.Count - 1 || !beside) y += size * LineHeight;
        }

        foreach (var (text, at) in figures) Text(text, face, size, at);
        y += size * LineHeight;
    }

    private void Rule()
    {
        y += 3;
        Operators($"0.6 w [2 2] 0 d {Margin:0.##} {-y:0.##} m {Width - Margin:0.##} {-y:0.##} l S [] 0 d\n");
        y += 3;
    }

    private void Qr(QrBars code)
    {
        var (module, left) = (QrSide / code.Size, (Width - QrSide) / 2);
        foreach (var (x, row, width) in code.Bars)
            Operators($"{left + (x * module):0.###} {-(y + ((row + 1) * module)):0.###} {width * module:0.###} {module:0.###} re\n");
        Operators($"f\n");
        y += QrSide;
    }

    private void Text(string text, PdfFont face, double size, double left)
    {
        if (text.Length > 0) Operators($"BT /{face.Name} {size:0.##} Tf {left:0.##} {-(y + size):0.##} Td <{face.Encoded(text)}> Tj ET\n");
    }

    /// <summary>Breaks between words, and within a word that is wider than the room.</summary>
    private static List<string> Lines(string text, PdfFont face, double size, double room)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (face.Face.Width(longer, size) <= room)
            {
                line = longer;
                continue;
            }

            if (line.Length > 0) lines.Add(line);
            line = "";
            foreach (var rune in word.EnumerateRunes())
            {
                if (line.Length > 0 && face.Face.Width(line + rune, size) > room)
                {
                    lines.Add(line);
                    line = "";
                }

                line += rune;
            }
        }

        if (line.Length > 0 || lines.Count == 0) lines.Add(line);
        return lines;
    }

    private void Operators(FormattableString operators) => page.Append(operators.ToString(CultureInfo.InvariantCulture));
}
