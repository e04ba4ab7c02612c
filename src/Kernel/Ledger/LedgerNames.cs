using System.Globalization;
using System.Text;

namespace Plug1.Kernel.Ledger;

/// <summary>The names that accounts and units have in files for other bookkeeping programs: legal there, one for one, and the same in every export.</summary>
/// <remarks>
/// <para>An account is <c>Root:GL-Role:Subject</c>; a subject of several parts, as an item in a warehouse, has one component a part.
/// A component begins with a capital letter or a digit and has letters, digits and dashes; what is not, and every capital Z, is written
/// as Z with four hexadecimal digits, so that no two subjects meet in one name.</para>
/// <para>Sources: the hledger manual, <i>Journal</i>; the Beancount Language Syntax, <i>Accounts</i> and <i>Commodities</i>.</para>
/// </remarks>
public static class LedgerNames
{
    private const int LongestCommodity = 24;

    /// <summary>The name of an account.</summary>
    public static string Account(string kind, string gl, string role, string subject)
    {
        var name = new StringBuilder(Root(kind)).Append(':').Append(Component($"{gl}-{role}"));
        if (subject.Length > 0)
        {
            foreach (var part in subject.Split('/')) name.Append(':').Append(Component(part));
        }

        return name.ToString();
    }

    /// <summary>The root and, for what is no money, the group of a kind of account.</summary>
    public static string Root(string kind) => kind switch
    {
        "asset" => "Assets",
        "liability" => "Liabilities",
        "equity" => "Equity",
        "income" => "Income",
        "expense" => "Expenses",
        "location" => "Equity:Locations",
        "holding" => "Equity:Holdings",
        _ => "Equity:Memorandum",
    };

    /// <summary>A unit as hledger writes it: quoted unless it is letters only.</summary>
    public static string Hledger(string unit)
    {
        if (unit.Length > 0 && unit.All(char.IsAsciiLetter)) return unit;
        var text = new StringBuilder("\"");
        foreach (var sign in unit)
        {
            if (sign is '"' or ';' or '%' || char.IsControl(sign)) text.Append('%').Append(((int)sign).ToString("X4", CultureInfo.InvariantCulture));
            else text.Append(sign);
        }

        return text.Append('"').ToString();
    }

    /// <summary>A unit as Beancount writes it; one whose code cannot be written there is named by its number.</summary>
    public static string Beancount(string unit, long id)
    {
        var plain = unit.Replace(':', '.');
        var legal = !unit.Contains('.', StringComparison.Ordinal) && plain.Length is >= 2 and <= LongestCommodity && char.IsAsciiLetterUpper(plain[0])
            && (char.IsAsciiLetterUpper(plain[^1]) || char.IsAsciiDigit(plain[^1]))
            && plain.All(sign => char.IsAsciiLetterUpper(sign) || char.IsAsciiDigit(sign) || sign is '.' or '_' or '-');
        return legal ? plain : $"UNIT.{id}";
    }

    private static string Component(string part)
    {
        if (part.Length == 0) return "Z0000";
        var text = new StringBuilder(part.Length + 8);
        for (var at = 0; at < part.Length; at++)
        {
            var sign = part[at];
            var plain = at == 0
                ? char.IsAsciiDigit(sign) || (char.IsAsciiLetterUpper(sign) && sign != 'Z')
                : sign == '-' || char.IsAsciiDigit(sign) || (char.IsAsciiLetter(sign) && sign != 'Z');
            if (plain) text.Append(sign);
            else text.Append('Z').Append(((int)sign).ToString("X4", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
