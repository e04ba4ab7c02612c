using System.Globalization;

namespace Plug1.Kernel.Values;

/// <summary>Reads and writes whole numbers of a decimal fraction as text, without ever being a floating number.</summary>
/// <remarks>The form is that of the API: optional minus, digits, optionally a point and digits. No plus, spaces, groups or exponent.</remarks>
internal static class DecimalText
{
    private static readonly long[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
        10_000_000_000, 100_000_000_000, 1_000_000_000_000];

    /// <summary>Ten to the power of <paramref name="exponent"/>, 0 to 12.</summary>
    public static long Power(int exponent) => Powers[exponent];

    /// <summary>Reads a decimal as a whole number of 10^-<paramref name="scale"/>.</summary>
    /// <returns>False when it is no decimal, has more than <paramref name="scale"/> decimals or does not fit.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, int scale, out long value)
    {
        value = 0;
        var negative = text is ['-', ..];
        if (negative) text = text[1..];

        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var decimals = point < 0 ? [] : text[(point + 1)..];
        if (whole.IsEmpty || decimals.Length > scale || (point >= 0 && decimals.IsEmpty)) return false;

        UInt128 magnitude = 0;
        var limit = negative ? (UInt128)long.MaxValue + 1 : (UInt128)long.MaxValue;
        if (!Append(whole, limit, ref magnitude) || !Append(decimals, limit, ref magnitude)) return false;

        magnitude *= (UInt128)Power(scale - decimals.Length);
        if (magnitude > limit) return false;
        value = negative ? (long)-(Int128)magnitude : (long)magnitude;
        return true;
    }

    /// <summary>Writes a whole number of 10^-<paramref name="scale"/> with at least <paramref name="least"/> decimals and no further zeros.</summary>
    public static string Format(long value, int scale, int least)
    {
        var magnitude = value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
        var (whole, fraction) = Math.DivRem(magnitude, (ulong)Power(scale));
        Span<char> buffer = stackalloc char[40];
        var length = 0;
        if (value < 0) buffer[length++] = '-';
        whole.TryFormat(buffer[length..], out var written, provider: CultureInfo.InvariantCulture);
        length += written;

        var decimals = scale;
        while (decimals > least && fraction % 10 == 0)
        {
            fraction /= 10;
            decimals--;
        }

        if (decimals > 0)
        {
            buffer[length++] = '.';
            for (var i = decimals - 1; i >= 0; i--)
            {
                buffer[length + i] = (char)('0' + (fraction % 10));
                fraction /= 10;
            }

            length += decimals;
        }

        return new string(buffer[..length]);
    }

    private static bool Append(ReadOnlySpan<char> digits, UInt128 limit, ref UInt128 magnitude)
    {
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '9') return false;
            magnitude = (magnitude * 10) + (UInt128)(digit - '0');
            if (magnitude > limit) return false;
        }

        return true;
    }
}
