using System.Text;

namespace Plug1.Kernel.Values;

/// <summary>Text as people search for it: small letters, without accents, one space between words.</summary>
/// <remarks>Written out for Latin letters, because the process runs without culture data.</remarks>
public static class SearchText
{
    /// <summary>The highest character there is: the end of every range of texts with one beginning.</summary>
    public const string Highest = "\U0010FFFF";

    private const string Accented = "àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľŀłñńņňòóôõöøōŏőŕŗřśŝşšţťŧùúûüũūŭůűųŵýÿŷźżžșțạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựơưỳỵỷỹ";
    private const string Plain = "aaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiiijklllllnnnnooooooooorrrsssstttuuuuuuuuuuwyyyzzzstaaaaaaaaaaaaeeeeeeeeiioooooooooooouuuuuuuouyyyy";
    private static readonly Dictionary<char, char> Letters = Accented.Zip(Plain).ToDictionary(pair => pair.First, pair => pair.Second);

    /// <summary>The text in its searched form. <c>"  Café  Crème "</c> is <c>"cafe creme"</c>; ß, æ and œ become ss, ae and oe.</summary>
    public static string Fold(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsWhiteSpace(letter) || char.IsControl(letter))
            {
                if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
                continue;
            }

            var small = char.ToLowerInvariant(letter);
            switch (small)
            {
                case < '\u0080': folded.Append(small); break;
                case 'ß': folded.Append("ss"); break;
                case 'æ': folded.Append("ae"); break;
                case 'œ': folded.Append("oe"); break;
                case >= '\u0300' and <= '\u036f': break; // a combining accent of its own
                default: folded.Append(Letters.GetValueOrDefault(small, small)); break;
            }
        }

        return folded.ToString().TrimEnd();
    }

    /// <summary>The words of a text in searched form, cut at everything that is neither letter nor digit.</summary>
    public static IEnumerable<string> Words(string? text)
    {
        var folded = Fold(text);
        var start = -1;
        for (var at = 0; at <= folded.Length; at++)
        {
            var inside = at < folded.Length && (char.IsLetterOrDigit(folded[at]) || char.IsSurrogate(folded[at]));
            if (inside && start < 0) start = at;
            if (inside || start < 0) continue;
            yield return folded[start..at];
            start = -1;
        }
    }

    /// <summary>The end of the range of texts that begin with a text, itself not included.</summary>
    public static string EndOf(string beginning) => beginning + Highest;
}
