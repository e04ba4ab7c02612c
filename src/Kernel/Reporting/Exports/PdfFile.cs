using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Plug1.Kernel.Reporting.Exports;

/// <summary>A font as one document uses it: it remembers the glyphs that were drawn, so that only those are embedded.</summary>
internal sealed class PdfFont(TrueTypeFont face, string name)
{
    private readonly SortedDictionary<ushort, Rune> used = [];

    public TrueTypeFont Face => face;
    public string Name => name;
    public IReadOnlyDictionary<ushort, Rune> Used => used;

    /// <summary>A text as the hexadecimal glyph numbers that a page shows.</summary>
    public string Encoded(string text)
    {
        var codes = new StringBuilder(text.Length * 4);
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = face.Glyph(rune);
            used.TryAdd(glyph, rune);
            codes.Append(CultureInfo.InvariantCulture, $"{glyph:X4}");
        }

        return codes.ToString();
    }
}

/// <summary>The smallest PDF writer that prints tables: pages of text and lines, embedded TrueType fonts, text that can be searched.</summary>
/// <remarks>
/// Objects leave as soon as they are complete; only their offsets are kept. Fonts come last, when all used glyphs are known.
/// Source: ISO 32000-1, sections 7.5 (file structure), 9.7 (composite fonts) and 9.10 (extraction of text).
/// </remarks>
internal sealed class PdfFile
{
    private const int Catalog = 1;
    private const int Pages = 2;
    private const int Info = 3;
    private const int Resources = 4;
    private const int FirstFree = 5;
    private readonly Stream output;
    private readonly IReadOnlyList<PdfFont> fonts;
    private readonly SortedDictionary<int, long> offsets = [];
    private readonly List<int> pages = [];
    private int next = FirstFree;
    private long position;

    public PdfFile(Stream output, IReadOnlyList<PdfFont> fonts)
    {
        this.output = output;
        this.fonts = fonts;
        // The second line tells old mail programs that the file is binary.
        Put(Encoding.Latin1.GetBytes("%PDF-1.7\n%\u00E2\u00E3\u00CF\u00D3\n"));
    }

    /// <summary>Adds a page of drawing operators; sides in points.</summary>
    public void AddPage(double width, double height, string content)
    {
        var stream = AddStream("", Encoding.ASCII.GetBytes(content));
        pages.Add(Add(Invariant($"<</Type/Page/Parent {Pages} 0 R/MediaBox[0 0 {width} {height}]/Resources {Resources} 0 R/Contents {stream} 0 R>>")));
    }

    /// <summary>Writes fonts, page tree and cross-reference table.</summary>
    public void End(string title, string author, DateTimeOffset createdAt)
    {
        var fontList = string.Concat(fonts.Select(font => Invariant($"/{font.Name} {AddFont(font)} 0 R")));
        Write(Resources, $"<</Font<<{fontList}>>>>");
        Write(Pages, Invariant($"<</Type/Pages/Count {pages.Count}/Kids[{string.Join(' ', pages.Select(page => $"{page} 0 R"))}]>>"));
        Write(Catalog, $"<</Type/Catalog/Pages {Pages} 0 R>>");
        Write(Info, Invariant($"<</Title {Words(title)}/Author {Words(author)}/Producer(Plug1 Operations)/CreationDate(D:{createdAt.UtcDateTime:yyyyMMddHHmmss}Z)>>"));
        var start = position;
        var table = new StringBuilder(Invariant($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n"));
        foreach (var offset in offsets.Values) table.Append(CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n");
        table.Append(CultureInfo.InvariantCulture, $"trailer<</Size {offsets.Count + 1}/Root {Catalog} 0 R/Info {Info} 0 R>>\nstartxref\n{start}\n%%EOF\n");
        Put(Encoding.ASCII.GetBytes(table.ToString()));
    }

    private int AddFont(PdfFont font)
    {
        var program = font.Face.Subset(font.Used.Keys);
        var file = AddStream(Invariant($"/Length1 {program.Length}"), program);
        var box = string.Join(' ', font.Face.Bounds);
        var name = $"/PLUGON+Report{font.Name}";
        var descriptor = Add(Invariant($"<</Type/FontDescriptor/FontName{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent {font.Face.Ascent}")
            + Invariant($"/Descent {font.Face.Descent}/CapHeight {font.Face.Ascent}/StemV 80/FontFile2 {file} 0 R>>"));
        var widths = string.Concat(font.Used.Keys.Select(glyph => Invariant($"{glyph}[{font.Face.Advance(glyph)}]")));
        var descendant = Add(Invariant($"<</Type/Font/Subtype/CIDFontType2/BaseFont{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>")
            + Invariant($"/FontDescriptor {descriptor} 0 R/W[{widths}]/CIDToGIDMap/Identity>>"));
        var unicode = AddStream("", Encoding.ASCII.GetBytes(UnicodeMap(font)));
        return Add(Invariant($"<</Type/Font/Subtype/Type0/BaseFont{name}/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>"));
    }

    // Glyph numbers back to characters, so that search, copying and screen readers work.
    private static string UnicodeMap(PdfFont font)
    {
        var map = new StringBuilder("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def"
            + "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n1 begincodespacerange<0000><FFFF>endcodespacerange\n");
        foreach (var chunk in font.Used.Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{chunk.Length} beginbfchar\n");
            foreach (var (glyph, rune) in chunk) map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}><{Utf16(rune.ToString())}>\n");
            map.Append("endbfchar\n");
        }

        return map.Append("endcmap CMapName currentdict/CMap defineresource pop end end").ToString();
    }

    private int AddStream(string entries, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zip.Write(bytes);
        var number = next++;
        offsets[number] = position;
        Put(Encoding.ASCII.GetBytes(Invariant($"{number} 0 obj\n<</Filter/FlateDecode/Length {packed.Length}{entries}>>stream\n")));
        Put(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Put("\nendstream\nendobj\n"u8);
        return number;
    }

    private int Add(string body)
    {
        var number = next++;
        Write(number, body);
        return number;
    }

    private void Write(int number, string body)
    {
        offsets[number] = position;
        Put(Encoding.ASCII.GetBytes(Invariant($"{number} 0 obj\n{body}\nendobj\n")));
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        position += bytes.Length;
    }

    private static string Words(string text) => $"<FEFF{Utf16(text)}>";
    private static string Utf16(string text) => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));
    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
