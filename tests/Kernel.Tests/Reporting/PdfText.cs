using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PdfSharp.Pdf;
using PdfSharp.Pdf.Advanced;
using PdfSharp.Pdf.Content;
using PdfSharp.Pdf.Content.Objects;
using PdfSharp.Pdf.IO;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>Reads the words of a PDF back, page by page: each shown string through its font's own Unicode map.</summary>
internal static partial class PdfText
{
    public static IReadOnlyList<IReadOnlyList<string>> Pages(Stream file)
    {
        file.Position = 0;
        using var document = PdfReader.Open(file, PdfDocumentOpenMode.Import);
        return [.. document.Pages.Cast<PdfPage>().Select(page => (IReadOnlyList<string>)Words(page))];
    }

    private static List<string> Words(PdfPage page)
    {
        var fonts = page.Elements.GetDictionary("/Resources")!.Elements.GetDictionary("/Font")!;
        var maps = new Dictionary<string, Dictionary<int, string>>();
        var words = new List<string>();
        Dictionary<int, string> map = [];
        Visit(ContentReader.ReadContent(page));
        return words;

        void Visit(CSequence sequence)
        {
            foreach (var item in sequence.OfType<COperator>())
            {
                if (item.OpCode.Name == "Tf")
                {
                    var name = ((CName)item.Operands[0]).Name;
                    if (!maps.TryGetValue(name, out map!)) maps[name] = map = Map(fonts.Elements.GetDictionary(name)!);
                }

                if (item.OpCode.Name is not ("Tj" or "TJ")) continue;
                var strings = item.Operands[0] is CArray parts ? parts.OfType<CString>() : item.Operands.OfType<CString>();
                words.Add(string.Concat(strings.Select(text => Decoded(text.Value, map))));
            }
        }
    }

    private static string Decoded(string codes, Dictionary<int, string> map)
    {
        var text = new StringBuilder();
        for (var at = 0; at + 1 < codes.Length; at += 2) text.Append(map.GetValueOrDefault((codes[at] << 8) | codes[at + 1], "?"));
        return text.ToString();
    }

    private static Dictionary<int, string> Map(PdfDictionary font)
    {
        var stream = ((PdfDictionary)((PdfReference)font.Elements["/ToUnicode"]!).Value).Stream;
        var cmap = Encoding.ASCII.GetString(stream.UnfilteredValue);
        var map = new Dictionary<int, string>();
        foreach (Match range in Range().Matches(cmap))
        {
            var from = int.Parse(range.Groups[1].Value, NumberStyles.HexNumber);
            var to = int.Parse(range.Groups[2].Value, NumberStyles.HexNumber);
            var unicode = int.Parse(range.Groups[3].Value, NumberStyles.HexNumber);
            for (var code = from; code <= to; code++) map[code] = char.ConvertFromUtf32(unicode + code - from);
        }

        return map;
    }

    [GeneratedRegex("<([0-9A-Fa-f]{4})>\\s*<([0-9A-Fa-f]{4})>\\s*<([0-9A-Fa-f]{4})>")]
    private static partial Regex Range();
}
