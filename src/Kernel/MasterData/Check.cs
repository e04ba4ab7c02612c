using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.MasterData;

/// <summary>The checks that many kinds of master data share; each answers a refusal or null.</summary>
public static class Check
{
    /// <summary>The first refusal of several, or null.</summary>
    public static Refusal? First(params ReadOnlySpan<Refusal?> checks)
    {
        foreach (var check in checks)
            if (check is not null) return check;
        return null;
    }

    /// <summary>A code: 1 to 40 letters, digits and the signs - _ . / without spaces.</summary>
    public static Refusal? Code(string code, string at = "/code") =>
        code.Length is >= 1 and <= 40 && code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/') ? null : MasterRefusals.CodeInvalid(at);

    /// <summary>Words of one line: not empty, not longer than <paramref name="longest"/>, no control characters, nothing before or after; none at all is right.</summary>
    public static Refusal? Text(string? text, string at, int longest = 200) =>
        text is null || (text.Length >= 1 && text.Length <= longest && text == text.Trim() && !text.Any(char.IsControl) && IsWhole(text)) ? null : MasterRefusals.TextInvalid(at, longest);

    internal static Refusal? OneOf(string? word, string at, params IReadOnlyList<string> words) =>
        word is null || words.Contains(word) ? null : MasterRefusals.ChoiceInvalid(at, words);

    internal static Refusal? Between(long? value, long least, long most, string at, string bounds) =>
        value is null || (value >= least && value <= most) ? null : MasterRefusals.NumberOutOfRange(at, bounds);

    /// <summary>Whether another row has the code; the caller's own id is left aside.</summary>
    public static async Task<bool> Taken(Tx tx, string table, string column, string code, Guid own, CancellationToken ct) =>
        await tx.Number($"select count(*) from {Sql.Raw(table)} where {Sql.Raw(column)} = {code} and id <> {own}", ct) > 0;

    /// <summary>Whether a row is there.</summary>
    public static async Task<bool> Exists(Tx tx, string table, Guid id, CancellationToken ct) =>
        await tx.Number($"select count(*) from {Sql.Raw(table)} where id = {id}", ct) > 0;

    /// <summary>An amount in minor units as text, and back.</summary>
    public static string? Amount(long? minor, int exponent) => minor is { } value ? DecimalText.Format(value, exponent, exponent) : null;

    internal static bool TryAmount(string? text, int exponent, out long? minor)
    {
        minor = null;
        if (text is null) return true;
        if (!DecimalText.TryParse(text, exponent, out var value)) return false;
        minor = value;
        return true;
    }

    private static bool IsWhole(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (!char.IsHighSurrogate(text[at]) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1])) return false;
            at++;
        }

        return true;
    }
}
