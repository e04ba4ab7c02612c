using System.Globalization;
using System.Text;
using Plug1.Kernel;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>A receipt as the bytes that receipt printers understand: text of 42 columns, a QR code, a partial cut. The drawer is not opened.</summary>
/// <remarks>
/// Text is in code page 1252. What it has not is printed by its base letters, or as a question mark; control characters are blanks, so that no
/// name can command the printer. Source: Epson, ESC/POS command reference: ESC @, ESC t, ESC a, ESC E, GS !, GS ( k, ESC d, GS V.
/// </remarks>
internal static class ReceiptEscPos
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/vnd.escpos";

    /// <summary>Signs on a line: what both 80 mm mechanisms, of 512 and of 576 dots, have at least.</summary>
    public const int Columns = 42;

    private const int Figures = 10;
    private const byte WindowsLatin1 = 16;
    private const byte Plain = 0x00, DoubleHeight = 0x01, DoubleSize = 0x11;

    // Without a fallback of its own .NET takes what looks alike; here what the page has not yields no byte, and is seen.
    private static readonly Encoding Page = CodePagesEncodingProvider.Instance.GetEncoding(1252, new EncoderReplacementFallback(""), DecoderFallback.ReplacementFallback)!;

    /// <summary>Makes the bytes.</summary>
    /// <param name="receipt">The figures.</param>
    /// <param name="address">Where its QR code leads.</param>
    public static byte[] Of(Receipt receipt, string address)
    {
        using var output = new MemoryStream();
        output.Write([0x1B, 0x40, 0x1B, 0x74, WindowsLatin1]);
        foreach (var part in ReceiptSlip.Of(receipt, address))
        {
            switch (part)
            {
                case SlipText text: Middle(output, text); break;
                case SlipRow row: Row(output, row); break;
                case SlipRule: Line(output, new string('-', Columns)); break;
                case SlipQr code: Qr(output, code.Content); break;
                default: throw new InvariantBrokenException($"A receipt printer has no part {part.GetType().Name}.");
            }
        }

        // Four lines up to the knife, then a cut that leaves the paper hanging.
        output.Write([0x1B, 0x64, 4, 0x1D, 0x56, 66, 0]);
        return output.ToArray();
    }

    private static void Middle(MemoryStream output, SlipText text)
    {
        output.Write([0x1B, 0x61, 1]);
        if (text.Bold) output.Write([0x1B, 0x45, 1]);
        foreach (var line in Wrapped(Printable(text.Text), Columns)) Line(output, line);
        if (text.Bold) output.Write([0x1B, 0x45, 0]);
        output.Write([0x1B, 0x61, 0]);
    }

    private static void Row(MemoryStream output, SlipRow row)
    {
        var left = Printable(row.Left);
        var right = string.Concat(row.Right.Select(figure => Printable(figure)).Select(figure => figure.Length < Figures ? figure.PadLeft(Figures) : " " + figure));
        var size = !row.Large ? Plain : left.Length + right.TrimStart().Length < Columns / 2 ? DoubleSize : DoubleHeight;
        var columns = size == DoubleSize ? Columns / 2 : Columns;
        if (size == DoubleSize) right = right.TrimStart();
        if (size != Plain) output.Write([0x1B, 0x45, 1, 0x1D, 0x21, size]);
        // Beside very wide figures there is no room for words: those then stand above.
        var beside = columns - right.Length >= Figures;
        var lines = Wrapped(left, beside ? columns - right.Length : columns);
        foreach (var line in beside ? lines[..^1] : lines) Line(output, line);
        Line(output, ((beside ? lines[^1] : "").PadRight(Math.Max(0, columns - right.Length)) + right).TrimEnd());
        if (size != Plain) output.Write([0x1D, 0x21, Plain, 0x1B, 0x45, 0]);
    }

    /// <summary>Model 2, modules of four dots, error correction level M; the printer draws it.</summary>
    private static void Qr(MemoryStream output, string content)
    {
        var data = Encoding.UTF8.GetBytes(content);
        var length = data.Length + 3;
        output.Write([0x1B, 0x61, 1]);
        output.Write([0x1D, 0x28, 0x6B, 4, 0, 0x31, 0x41, 0x32, 0]);
        output.Write([0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x43, 4]);
        output.Write([0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x45, 0x31]);
        output.Write([0x1D, 0x28, 0x6B, (byte)(length & 0xFF), (byte)(length >> 8), 0x31, 0x50, 0x30]);
        output.Write(data);
        output.Write([0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x51, 0x30]);
        output.Write([0x1B, 0x61, 0]);
    }

    private static void Line(MemoryStream output, string text)
    {
        output.Write(Page.GetBytes(text));
        output.WriteByte((byte)'\n');
    }

    /// <summary>The text in signs that the page has, one byte each.</summary>
    internal static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune)) printable.Append(' ');
            else if (Has(rune)) printable.Append(rune);
            else printable.Append(Plainer(rune));
        }

        return printable.ToString();
    }

    /// <summary>The letter without its accents; a minus; nothing for what has no width; else a question mark.</summary>
    private static string Plainer(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format) return "";
        if (rune.Value == 0x2212) return "-";
        var plain = SearchText.Fold(rune.ToString());
        if (plain.Length != 1 || !char.IsAsciiLetter(plain[0])) return "?";
        return Rune.IsUpper(rune) ? plain.ToUpperInvariant() : plain;
    }

    private static bool Has(Rune rune) => Page.GetByteCount(rune.ToString()) == 1;

    /// <summary>Breaks between words, and within a word that is longer than a line; at least one line.</summary>
    private static List<string> Wrapped(string text, int room)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(word => word.Chunk(room)).Select(part => new string(part)))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        lines.Add(line);
        return lines;
    }
}
