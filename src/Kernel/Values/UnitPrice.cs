using System.Text.Json.Serialization;

namespace Plug1.Kernel.Values;

/// <summary>The price of one unit (or of a base quantity) in major currency units, with at most 6 decimals.</summary>
/// <remarks>Overflow throws. As text and in JSON it is a decimal string with at most 6 decimals: <c>4.99</c>, <c>0.0125</c>.</remarks>
/// <param name="Millionths">The price in millionths of the major unit: 4990000 is 4.99.</param>
[JsonConverter(typeof(UnitPriceJsonConverter))]
public readonly record struct UnitPrice(long Millionths) : IComparable<UnitPrice>
{
    /// <summary>Zero.</summary>
    public static UnitPrice Zero => default;

    /// <summary>True when it is zero.</summary>
    public bool IsZero => Millionths == 0;

    /// <summary>True below zero.</summary>
    public bool IsNegative => Millionths < 0;

    /// <summary>True above zero.</summary>
    public bool IsPositive => Millionths > 0;

    /// <summary>The same without its sign.</summary>
    public UnitPrice Absolute => IsNegative ? -this : this;

    /// <summary>Sum.</summary>
    public static UnitPrice operator +(UnitPrice left, UnitPrice right) => new(checked(left.Millionths + right.Millionths));

    /// <summary>Difference.</summary>
    public static UnitPrice operator -(UnitPrice left, UnitPrice right) => new(checked(left.Millionths - right.Millionths));

    /// <summary>The same with its sign turned.</summary>
    public static UnitPrice operator -(UnitPrice price) => new(checked(-price.Millionths));

    /// <summary>A whole number of times.</summary>
    public static UnitPrice operator *(UnitPrice price, long times) => new(checked(price.Millionths * times));

    /// <summary>Less than.</summary>
    public static bool operator <(UnitPrice left, UnitPrice right) => left.Millionths < right.Millionths;

    /// <summary>Greater than.</summary>
    public static bool operator >(UnitPrice left, UnitPrice right) => left.Millionths > right.Millionths;

    /// <summary>At most.</summary>
    public static bool operator <=(UnitPrice left, UnitPrice right) => left.Millionths <= right.Millionths;

    /// <summary>At least.</summary>
    public static bool operator >=(UnitPrice left, UnitPrice right) => left.Millionths >= right.Millionths;

    /// <summary>The smaller of two.</summary>
    public static UnitPrice Min(UnitPrice left, UnitPrice right) => left <= right ? left : right;

    /// <summary>The greater of two.</summary>
    public static UnitPrice Max(UnitPrice left, UnitPrice right) => left >= right ? left : right;

    /// <summary>A whole number.</summary>
    public static UnitPrice Of(long whole) => new(checked(whole * 1_000_000));

    /// <summary>The price times a rate, rounded once to the millionth.</summary>
    public UnitPrice Times(Rate rate, Rounding mode) =>
        new(Rounding.DivideToLong((Int128)Millionths * rate.Millionths, Rate.One.Millionths, mode));

    /// <summary>Reads a decimal with at most 6 decimals.</summary>
    /// <exception cref="FormatException">It is none, or does not fit.</exception>
    public static UnitPrice Parse(string text) =>
        TryParse(text, out var price) ? price : throw new FormatException($"'{text}' is no decimal with at most 6 decimals.");

    /// <summary>Reads a decimal, if it is one with at most 6 decimals and fits.</summary>
    public static bool TryParse(string? text, out UnitPrice price)
    {
        var read = DecimalText.TryParse(text, 6, out var millionths);
        price = new UnitPrice(millionths);
        return read;
    }

    /// <summary>Sum of any number; of none, zero.</summary>
    public static UnitPrice Sum(IEnumerable<UnitPrice> values)
    {
        var sum = Zero;
        foreach (var value in values) sum += value;
        return sum;
    }

    /// <inheritdoc/>
    public int CompareTo(UnitPrice other) => Millionths.CompareTo(other.Millionths);

    /// <summary>As the API writes it: <c>4.99</c>, <c>0.0125</c>.</summary>
    public override string ToString() => DecimalText.Format(Millionths, 6, 2);
}
