using System.Text.Json.Serialization;

namespace Plug1.Kernel.Values;

/// <summary>A count in an item's stock unit, with at most 6 decimals.</summary>
/// <remarks>Overflow throws. As text and in JSON it is a decimal string with at most 6 decimals: <c>3</c>, <c>1.25</c>.</remarks>
/// <param name="Millionths">The count in millionths of the unit: 2500000 is 2.5.</param>
[JsonConverter(typeof(QuantityJsonConverter))]
public readonly record struct Quantity(long Millionths) : IComparable<Quantity>
{
    /// <summary>Zero.</summary>
    public static Quantity Zero => default;

    /// <summary>One.</summary>
    public static Quantity One => new(1_000_000);

    /// <summary>True when it is zero.</summary>
    public bool IsZero => Millionths == 0;

    /// <summary>True below zero.</summary>
    public bool IsNegative => Millionths < 0;

    /// <summary>True above zero.</summary>
    public bool IsPositive => Millionths > 0;

    /// <summary>The same without its sign.</summary>
    public Quantity Absolute => IsNegative ? -this : this;

    /// <summary>Sum.</summary>
    public static Quantity operator +(Quantity left, Quantity right) => new(checked(left.Millionths + right.Millionths));

    /// <summary>Difference.</summary>
    public static Quantity operator -(Quantity left, Quantity right) => new(checked(left.Millionths - right.Millionths));

    /// <summary>The same with its sign turned.</summary>
    public static Quantity operator -(Quantity quantity) => new(checked(-quantity.Millionths));

    /// <summary>A whole number of times.</summary>
    public static Quantity operator *(Quantity quantity, long times) => new(checked(quantity.Millionths * times));

    /// <summary>Less than.</summary>
    public static bool operator <(Quantity left, Quantity right) => left.Millionths < right.Millionths;

    /// <summary>Greater than.</summary>
    public static bool operator >(Quantity left, Quantity right) => left.Millionths > right.Millionths;

    /// <summary>At most.</summary>
    public static bool operator <=(Quantity left, Quantity right) => left.Millionths <= right.Millionths;

    /// <summary>At least.</summary>
    public static bool operator >=(Quantity left, Quantity right) => left.Millionths >= right.Millionths;

    /// <summary>The smaller of two.</summary>
    public static Quantity Min(Quantity left, Quantity right) => left <= right ? left : right;

    /// <summary>The greater of two.</summary>
    public static Quantity Max(Quantity left, Quantity right) => left >= right ? left : right;

    /// <summary>A whole number.</summary>
    public static Quantity Of(long whole) => new(checked(whole * 1_000_000));

    /// <summary>The quantity times a factor, rounded once to the millionth.</summary>
    public Quantity Times(Rate factor, Rounding mode) =>
        new(Rounding.DivideToLong((Int128)Millionths * factor.Millionths, Rate.One.Millionths, mode));

    /// <summary>True when it has no more than so many decimals.</summary>
    /// <param name="decimals">0 to 6, as the unit of measure says.</param>
    public bool FitsDecimals(int decimals) => Millionths % DecimalText.Power(6 - decimals) == 0;

    /// <summary>Reads a decimal with at most 6 decimals.</summary>
    /// <exception cref="FormatException">It is none, or does not fit.</exception>
    public static Quantity Parse(string text) =>
        TryParse(text, out var quantity) ? quantity : throw new FormatException($"'{text}' is no decimal with at most 6 decimals.");

    /// <summary>Reads a decimal, if it is one with at most 6 decimals and fits.</summary>
    public static bool TryParse(string? text, out Quantity quantity)
    {
        var read = DecimalText.TryParse(text, 6, out var millionths);
        quantity = new Quantity(millionths);
        return read;
    }

    /// <summary>Sum of any number; of none, zero.</summary>
    public static Quantity Sum(IEnumerable<Quantity> values)
    {
        var sum = Zero;
        foreach (var value in values) sum += value;
        return sum;
    }

    /// <inheritdoc/>
    public int CompareTo(Quantity other) => Millionths.CompareTo(other.Millionths);

    /// <summary>As the API writes it: <c>3</c>, <c>1.25</c>.</summary>
    public override string ToString() => DecimalText.Format(Millionths, 6, 0);
}
