using System.Buffers.Binary;
using System.Text;

namespace Plug1.Kernel.Reporting.Exports;

/// <summary>What a PDF needs of a TrueType font: which glyph draws a character, how wide it is, and a file of the used glyphs only.</summary>
/// <remarks>Source: OpenType specification 1.9, tables head, hhea, hmtx, maxp, cmap (formats 4 and 12), loca, glyf.</remarks>
internal sealed class TrueTypeFont
{
    private static readonly string[] Kept = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];
    private readonly byte[] file;
    private readonly Dictionary<string, (int Offset, int Length)> tables = [];
    private readonly Dictionary<int, ushort> glyphs = [];
    private readonly ushort[] advances;
    private readonly bool longLoca;
    private readonly int unitsPerEm;

    /// <summary>Reads a font file.</summary>
    /// <exception cref="InvalidDataException">It is no TrueType font with outlines.</exception>
    public TrueTypeFont(byte[] file)
    {
        this.file = file;
        try
        {
            var count = U16(4);
            for (var at = 0; at < count; at++)
            {
                var entry = 12 + (16 * at);
                tables[Encoding.ASCII.GetString(file, entry, 4)] = (S32(entry + 8), S32(entry + 12));
            }

            var head = tables["head"].Offset;
            unitsPerEm = U16(head + 18);
            longLoca = U16(head + 50) != 0;
            Bounds = [.. Enumerable.Range(0, 4).Select(at => PerMille(S16(head + 36 + (2 * at))))];
            var hhea = tables["hhea"].Offset;
            Ascent = PerMille(S16(hhea + 4));
            Descent = PerMille(S16(hhea + 6));
            advances = Advances(tables["hmtx"].Offset, U16(hhea + 34), U16(tables["maxp"].Offset + 4));
            ReadCharacterMap(tables["cmap"].Offset);
            _ = tables["glyf"];
        }
        catch (Exception problem) when (problem is KeyNotFoundException or IndexOutOfRangeException or ArgumentException)
        {
            throw new InvalidDataException("The file is not a TrueType font with outlines.", problem);
        }
    }

    /// <summary>Height above the baseline, in thousandths of the type size.</summary>
    public int Ascent { get; }

    /// <summary>Depth below the baseline, negative, in thousandths of the type size.</summary>
    public int Descent { get; }

    /// <summary>The box around all glyphs, in thousandths of the type size.</summary>
    public int[] Bounds { get; }

    /// <summary>The glyph of a character; 0, an empty box, where the font has none.</summary>
    public ushort Glyph(Rune character) => glyphs.GetValueOrDefault(character.Value);

    /// <summary>The width of a glyph, in thousandths of the type size.</summary>
    public int Advance(ushort glyph) => PerMille(advances[Math.Min(glyph, advances.Length - 1)]);

    /// <summary>The width of a text, in points.</summary>
    public double Width(string text, double size)
    {
        var units = 0L;
        foreach (var rune in text.EnumerateRunes()) units += Advance(Glyph(rune));
        return units * size / 1000;
    }

    /// <summary>The font with the outlines of these glyphs only; numbers of glyphs stay, the others are empty.</summary>
    public byte[] Subset(IEnumerable<ushort> used)
    {
        var keep = new SortedSet<ushort>(used) { 0 };
        foreach (var glyph in keep.ToList()) AddParts(glyph, keep);

        var glyf = new MemoryStream();
        var loca = new byte[4 * (advances.Length + 1)];
        for (var glyph = 0; glyph < advances.Length; glyph++)
        {
            BinaryPrimitives.WriteInt32BigEndian(loca.AsSpan(4 * glyph), (int)glyf.Length);
            if (!keep.Contains((ushort)glyph)) continue;
            var (offset, length) = Outline(glyph);
            glyf.Write(file, offset, length);
            while (glyf.Length % 4 != 0) glyf.WriteByte(0);
        }

        BinaryPrimitives.WriteInt32BigEndian(loca.AsSpan(4 * advances.Length), (int)glyf.Length);
        var head = Table("head");
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        return Assembled(name => name switch { "glyf" => glyf.ToArray(), "loca" => loca, "head" => head, _ => Table(name) });
    }

    private byte[] Assembled(Func<string, byte[]> content)
    {
        var names = Kept.Where(tables.ContainsKey).ToList();
        var result = new MemoryStream();
        var directory = new byte[12 + (16 * names.Count)];
        BinaryPrimitives.WriteInt32BigEndian(directory, 0x00010000);
        BinaryPrimitives.WriteInt16BigEndian(directory.AsSpan(4), (short)names.Count);
        result.Write(directory);
        for (var at = 0; at < names.Count; at++)
        {
            var bytes = content(names[at]);
            var entry = directory.AsSpan(12 + (16 * at));
            Encoding.ASCII.GetBytes(names[at], entry);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Checksum(bytes));
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], (int)result.Length);
            BinaryPrimitives.WriteInt32BigEndian(entry[12..], bytes.Length);
            result.Write(bytes);
            while (result.Length % 4 != 0) result.WriteByte(0);
        }

        result.Position = 0;
        result.Write(directory);
        return result.ToArray();
    }

    // An accented letter is drawn from the outlines of others, which must come along.
    private void AddParts(ushort glyph, SortedSet<ushort> keep)
    {
        var (offset, length) = Outline(glyph);
        if (length == 0 || S16(offset) >= 0) return;
        const int wordArguments = 1, oneScale = 8, more = 32, twoScales = 64, matrix = 128;
        var at = offset + 10;
        int flags;
        do
        {
            flags = U16(at);
            var part = (ushort)U16(at + 2);
            if (keep.Add(part)) AddParts(part, keep);
            at += 4 + ((flags & wordArguments) != 0 ? 4 : 2);
            at += (flags & oneScale) != 0 ? 2 : (flags & twoScales) != 0 ? 4 : (flags & matrix) != 0 ? 8 : 0;
        }
        while ((flags & more) != 0);
    }

    private (int Offset, int Length) Outline(int glyph)
    {
        var loca = tables["loca"].Offset;
        var from = longLoca ? S32(loca + (4 * glyph)) : 2 * U16(loca + (2 * glyph));
        var to = longLoca ? S32(loca + (4 * glyph) + 4) : 2 * U16(loca + (2 * glyph) + 2);
        return (tables["glyf"].Offset + from, to - from);
    }

    private void ReadCharacterMap(int cmap)
    {
        var subtables = Enumerable.Range(0, U16(cmap + 2)).Select(at => cmap + S32(cmap + 8 + (8 * at))).ToList();
        foreach (var at in subtables.Where(at => U16(at) == 4)) ReadFormat4(at);
        foreach (var at in subtables.Where(at => U16(at) == 12)) ReadFormat12(at);
    }

    private void ReadFormat4(int at)
    {
        var doubled = U16(at + 6);
        for (var segment = 0; segment < doubled; segment += 2)
        {
            var last = U16(at + 14 + segment);
            var first = U16(at + 16 + doubled + segment);
            var delta = U16(at + 16 + (2 * doubled) + segment);
            var rangeAt = at + 16 + (3 * doubled) + segment;
            for (var code = first; code <= last && code < 0xFFFF; code++)
            {
                var glyph = U16(rangeAt) == 0 ? code : U16(rangeAt + U16(rangeAt) + (2 * (code - first)));
                if (glyph != 0) glyphs.TryAdd(code, (ushort)(glyph + delta));
            }
        }
    }

    private void ReadFormat12(int at)
    {
        for (var group = at + 16; group < at + 16 + (12 * S32(at + 12)); group += 12)
        {
            for (var code = S32(group); code <= S32(group + 4); code++) glyphs[code] = (ushort)(S32(group + 8) + code - S32(group));
        }
    }

    private ushort[] Advances(int hmtx, int measured, int count) =>
        [.. Enumerable.Range(0, count).Select(glyph => (ushort)U16(hmtx + (4 * Math.Min(glyph, measured - 1))))];

    private byte[] Table(string name) => file.AsSpan(tables[name].Offset, tables[name].Length).ToArray();

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var at = 0; at < bytes.Length; at++) sum = unchecked(sum + ((uint)bytes[at] << (24 - (8 * (at % 4)))));
        return sum;
    }

    private int PerMille(int units) => units * 1000 / unitsPerEm;
    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));
    private int S16(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));
    private int S32(int at) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
}
