using System.Text;

namespace Plug1.Kernel.MasterData;

/// <summary>The place in a list where a page ended, as a text that fits into an address.</summary>
public static class Cursor
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The cursor after a key.</summary>
    public static string Of(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The key of a cursor; null when there is none or somebody has made it up.</summary>
    public static string? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor) || cursor.Length > 2000) return null;
        var bytes = new byte[cursor.Length];
        var padded = cursor.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (cursor.Length % 4)) % 4);
        if (!Convert.TryFromBase64String(padded, bytes, out var length)) return null;
        try
        {
            var key = Strict.GetString(bytes, 0, length);
            return key.Contains('\0', StringComparison.Ordinal) ? null : key;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
