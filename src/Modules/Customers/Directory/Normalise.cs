using System.Text;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Directory;

/// <summary>Names, mail addresses and telephone numbers in the form in which they are compared.</summary>
internal static class Normalise
{
    private const int LongestNumber = 15;
    private const int ShortestNumber = 7;

    private static readonly HashSet<string> LegalForms = new(StringComparer.Ordinal)
    {
        "ab", "ag", "aps", "as", "bv", "bvba", "co", "corp", "corporation", "cv", "doo", "eg", "eirl", "ek", "eurl", "ev", "gbr", "gmbh", "inc",
        "incorporated", "kft", "kg", "limited", "llc", "llp", "ltd", "ltda", "nv", "og", "ohg", "oy", "oyj", "plc", "pte", "pty", "pvt", "sa", "sarl",
        "sas", "sasu", "se", "sl", "slu", "snc", "sp", "spa", "srl", "sro", "ug", "zoo",
    };

    /// <summary>A name as it is compared: small letters without marks, its words sorted, one space between them.</summary>
    /// <remarks>Apostrophes and full stops vanish (<c>O'Brien</c> is <c>obrien</c>, <c>G.m.b.H.</c> is <c>gmbh</c>), every other punctuation ends a
    /// word. Letters are folded as the kernel's search does, since the process runs without the tables of NFKD; of the compatible forms those
    /// of full width become plain. Legal forms of an organisation are dropped, unless nothing else is left.</remarks>
    /// <param name="name">As entered.</param>
    /// <param name="kind">Person or organisation.</param>
    public static string Name(string? name, PartyKind kind)
    {
        if (string.IsNullOrWhiteSpace(name)) return "";
        var plain = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (letter is '\'' or '’' or 'ʼ' or '`' or '´' or '.') continue;
            plain.Append(letter is >= '！' and <= '～' ? (char)(letter - 0xFEE0) : letter == '　' ? ' ' : letter);
        }

        var words = SearchText.Words(plain.ToString()).ToList();
        var kept = kind == PartyKind.Organisation ? words.FindAll(word => !LegalForms.Contains(word)) : words;
        if (kept.Count == 0) kept = words;
        kept.Sort(StringComparer.Ordinal);
        return string.Join(' ', kept);
    }

    /// <summary>A mail address as it is compared: trimmed, in small letters, nothing else. <c>" A.B@X.org "</c> is <c>"a.b@x.org"</c>.</summary>
    /// <returns>Null when there is none.</returns>
    public static string? Email(string? email) => string.IsNullOrWhiteSpace(email) ? null : email.Trim().ToLowerInvariant();

    /// <summary>A telephone number as it is compared: a plus, the country's calling code and the national number without its trunk prefix.</summary>
    /// <remarks>Source: ITU-T E.164, section 6: at most 15 digits. <c>(212) 555-0142</c> at home in code 1 and <c>+1 212 555 0142</c> are both
    /// <c>+12125550142</c>. <c>0044 20 7946 0000</c> begins with the international prefix 00.</remarks>
    /// <param name="phone">As entered.</param>
    /// <param name="callingCode">The calling code of the branch's country: <c>49</c>.</param>
    /// <param name="trunkPrefix">What is dialled before a national number and is no part of it: <c>0</c>; empty where there is none.</param>
    /// <returns>Null when it cannot be read; it is kept as entered then and matches nothing.</returns>
    public static string? Phone(string? phone, string callingCode, string trunkPrefix = "0")
    {
        if (phone is null || PartyText.Phone(phone.Replace("(0)", "", StringComparison.Ordinal)) is not { } digits) return null;
        var number = digits.StartsWith('+') ? digits[1..]
            : digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..]
            : callingCode + (trunkPrefix.Length > 0 && digits.StartsWith(trunkPrefix, StringComparison.Ordinal) ? digits[trunkPrefix.Length..] : digits);
        return number.Length is >= ShortestNumber and <= LongestNumber && number[0] != '0' ? "+" + number : null;
    }
}
