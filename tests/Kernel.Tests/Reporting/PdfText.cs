using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>Reads the words of a PDF back, page by page, the way a viewer does: by the cross-reference table and the fonts' Unicode maps.</summary>
internal static partial class PdfText
{
    public static IReadOnlyList<IReadOnlyList<string>> Pages(MemoryStream file)
    {
        var bytes = file.ToArray();
        var text = Encoding.Latin1.GetString(bytes);
        var start = int.Parse(Regex.Match(text, @"startxref\n(\d+)\n%%EOF\n$").Groups[1].Value);
        var offsets = Regex.Matches(text[start..], @"(\d{10}) 00000 n ").Select(match => int.Parse(match.Groups[1].Value)).ToList();
        string Object(string number)
        {
            var from = offsets[int.Parse(number) - 1];
            if (!text[from..].StartsWith($"{number} 0 obj\n", StringComparison.Ordinal)) throw new InvalidDataException($"Object {number} is not where the table says.");
            return text[from..text.IndexOf("endobj", from, StringComparison.Ordinal)];
        }

        string Stream(string number)
        {
            var head = Object(number);
            var from = offsets[int.Parse(number) - 1] + head.IndexOf("stream\n", StringComparison.Ordinal) + 7;
            using var packed = new ZLibStream(new MemoryStream(bytes, from, int.Parse(Regex.Match(head, @"/Length (\d+)").Groups[1].Value)), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            packed.CopyTo(plain);
            return Encoding.Latin1.GetString(plain.ToArray());
        }

        string Link(string from, string key) => Regex.Match(from, key + @"[ \[]*(\d+) 0 R").Groups[1].Value;

        var pages = Object(Link(Object(Link(text[start..], "/Root")), "/Pages"));
        var result = new List<IReadOnlyList<string>>();
        foreach (Match kid in Reference().Matches(pages[pages.IndexOf("/Kids", StringComparison.Ordinal)..]))
        {
            var page = Object(kid.Groups[1].Value);
            var resources = Object(Link(page, "/Resources"));
            var maps = Regex.Matches(resources, @"/(F\d) (\d+) 0 R")
                .ToDictionary(font => font.Groups[1].Value, font => Map(Stream(Link(Object(font.Groups[2].Value), "/ToUnicode"))));
            result.Add([.. Shown().Matches(Stream(Link(page, "/Contents"))).Select(shown => Decoded(shown.Groups[2].Value, maps[shown.Groups[1].Value]))]);
        }

        return result;
    }

    private static string Decoded(string codes, Dictionary<string, string> map) => string.Concat(codes.Chunk(4).Select(code => map[new string(code)]));

    private static Dictionary<string, string> Map(string cmap)
    {
        var map = new Dictionary<string, string>();
        foreach (Match block in Block().Matches(cmap))
        {
            var pairs = Pair().Matches(block.Groups["pairs"].Value);
            if (pairs.Count != int.Parse(block.Groups["count"].Value)) throw new InvalidDataException("A block of the Unicode map has another count than it says.");
            foreach (Match pair in pairs) map[pair.Groups["code"].Value] = Encoding.BigEndianUnicode.GetString(Convert.FromHexString(pair.Groups["text"].Value));
        }

        return map;
    }

    [GeneratedRegex(@"(?<count>\d+) beginbfchar\n(?<pairs>.*?)endbfchar\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex(@"(\d+) 0 R")]
    private static partial Regex Reference();

    [GeneratedRegex(@"BT /(F\d) .*? <([0-9A-F]*)> Tj ET")]
    private static partial Regex Shown();

    [GeneratedRegex("^<(?<code>[0-9A-F]{4})><(?<text>[0-9A-F]+)>$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();
}
