using System.Text.Json.Serialization;

namespace Plug1.Kernel.Values;

/// <summary>A ratio: tax, discount, interest a year, share, factor. 0.075 is 7.5 %.</summary>
/// <remarks>Overflow throws. As text and in JSON it is a decimal string with at most 6 decimals: <c>0.075</c>, <c>1</c>.</remarks>
/// <param name="Millionths">The ratio in millionths: 75000 is 7.5 %.</param>
[JsonConverter(typeof(RateJsonConverter))]
public readonly record struct Rate(long Millionths) : IComparable<Rate>
{
    /// <summary>Zero.</summary>
    public static Rate Zero => default;

    /// <summary>One.</summary>
    public static Rate One => new(1_000_000);

    /// <summary>True when it is zero.</summary>
    public bool IsZero => Millionths == 0;

    /// <summary>True below zero.</summary>
    public bool IsNegative => Millionths < 0;

    /// <summary>True above zero.</summary>
    public bool IsPositive => Millionths > 0;

    /// <summary>The same without its sign.</summary>
    public Rate Absolute => IsNegative ? -this : this;

    /// <summary>Sum.</summary>
    public static Rate operator +(Rate left, Rate right) => new(checked(left.Millionths + right.Millionths));

    /// <summary>Difference.</summary>
    public static Rate operator -(Rate left, Rate right) => new(checked(left.Millionths - right.Millionths));

    /// <summary>The same with its sign turned.</summary>
    public static Rate operator -(Rate rate) => new(checked(-rate.Millionths));

    /// <summary>A whole number of times.</summary>
    public static Rate operator *(Rate rate, long times) => new(checked(rate.Millionths * times));

    /// <summary>Less than.</summary>
    public static bool operator <(Rate left, Rate right) => left.Millionths < right.Millionths;

    /// <summary>Greater than.</summary>
    public static bool operator >(Rate left, Rate right) => left.Millionths > right.Millionths;

    /// <summary>At most.</summary>
    public static bool operator <=(Rate left, Rate right) => left.Millionths <= right.Millionths;

    /// <summary>At least.</summary>
    public static bool operator >=(Rate left, Rate right) => left.Millionths >= right.Millionths;

    /// <summary>The smaller of two.</summary>
    public static Rate Min(Rate left, Rate right) => left <= right ? left : right;

    /// <summary>The greater of two.</summary>
    public static Rate Max(Rate left, Rate right) => left >= right ? left : right;

    /// <summary>A whole number.</summary>
    public static Rate Of(long whole) => new(checked(whole * 1_000_000));

    /// <summary>So many hundredths: <c>Rate.Percent(20)</c> is 0.2.</summary>
    public static Rate Percent(long percent) => new(checked(percent * 10_000));

    /// <summary>A computed ratio for the eye; what is posted is never made from it.</summary>
    /// <param name="part">Any number.</param>
    /// <param name="whole">Not zero, in the same unit.</param>
    /// <param name="mode">How it is rounded to the millionth.</param>
    public static Rate Ratio(Int128 part, Int128 whole, Rounding mode) =>
        new(Rounding.DivideToLong(checked(part * One.Millionths), whole, mode));

    /// <summary>Reads a decimal with at most 6 decimals.</summary>
    /// <exception cref="FormatException">It is none, or does not fit.</exception>
    public static Rate Parse(string text) =>
        TryParse(text, out var rate) ? rate : throw new FormatException($"'{text}' is no decimal with at most 6 decimals.");

    /// <summary>Reads a decimal, if it is one with at most 6 decimals and fits.</summary>
    public static bool TryParse(string? text, out Rate rate)
    {
        var read = DecimalText.TryParse(text, 6, out var millionths);
        rate = new Rate(millionths);
        return read;
    }

    /// <summary>Sum of any number; of none, zero.</summary>
    public static Rate Sum(IEnumerable<Rate> values)
    {
        var sum = Zero;
        foreach (var value in values) sum += value;
        return sum;
    }

    /// <inheritdoc/>
    public int CompareTo(Rate other) => Millionths.CompareTo(other.Millionths);

    /// <summary>As the API writes it: <c>0.075</c>, <c>1</c>.</summary>
    public override string ToString() => DecimalText.Format(Millionths, 6, 0);
}
