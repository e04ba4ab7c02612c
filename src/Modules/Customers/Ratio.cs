using System.Numerics;
using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers;

/// <summary>An exact fraction of whole numbers of any length, for what is rounded only once at the end.</summary>
/// <remarks>Kept in lowest terms with a denominator above zero, so that equal values are equal. Nothing here rounds but <see cref="Round"/>.</remarks>
internal readonly record struct Ratio : IComparable<Ratio>
{
    private readonly BigInteger below;

    /// <summary>A fraction.</summary>
    /// <param name="numerator">Above the line.</param>
    /// <param name="denominator">Below the line; not zero.</param>
    /// <exception cref="InvariantBrokenException"><paramref name="denominator"/> is zero.</exception>
    public Ratio(BigInteger numerator, BigInteger denominator)
    {
        Invariant.Holds(!denominator.IsZero, "A fraction has no zero below the line.");
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / common;
        below = (denominator / common) - 1;
    }

    /// <summary>Zero.</summary>
    public static Ratio Zero => default;

    /// <summary>One.</summary>
    public static Ratio One => new(1, 1);

    /// <summary>Above the line.</summary>
    public BigInteger Numerator { get; }

    /// <summary>Below the line; more than zero.</summary>
    public BigInteger Denominator => below + 1;

    /// <summary>True above zero.</summary>
    public bool IsPositive => Numerator.Sign > 0;

    /// <summary>True when it is zero.</summary>
    public bool IsZero => Numerator.IsZero;

    /// <summary>A whole number.</summary>
    public static Ratio Of(long whole) => new(whole, 1);

    /// <summary>A rate, exactly.</summary>
    public static Ratio Of(Rate rate) => new(rate.Millionths, Rate.One.Millionths);

    /// <summary>A quantity, exactly.</summary>
    public static Ratio Of(Quantity quantity) => new(quantity.Millionths, Quantity.One.Millionths);

    /// <summary>An amount in minor units, exactly.</summary>
    public static Ratio Of(Money money) => new(money.Minor, 1);

    /// <summary>A fraction of the kernel, exactly.</summary>
    public static Ratio Of(Fraction fraction) => new(fraction.Numerator, fraction.Denominator);

    /// <summary>Sum.</summary>
    public static Ratio operator +(Ratio left, Ratio right) =>
        new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    /// <summary>Difference.</summary>
    public static Ratio operator -(Ratio left, Ratio right) =>
        new((left.Numerator * right.Denominator) - (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    /// <summary>Product.</summary>
    public static Ratio operator *(Ratio left, Ratio right) => new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <summary>Quotient.</summary>
    /// <exception cref="InvariantBrokenException">The divisor is zero.</exception>
    public static Ratio operator /(Ratio left, Ratio right) => new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    /// <summary>Less than.</summary>
    public static bool operator <(Ratio left, Ratio right) => left.CompareTo(right) < 0;

    /// <summary>Greater than.</summary>
    public static bool operator >(Ratio left, Ratio right) => left.CompareTo(right) > 0;

    /// <summary>At most.</summary>
    public static bool operator <=(Ratio left, Ratio right) => left.CompareTo(right) <= 0;

    /// <summary>At least.</summary>
    public static bool operator >=(Ratio left, Ratio right) => left.CompareTo(right) >= 0;

    /// <summary>The smaller of two.</summary>
    public static Ratio Min(Ratio left, Ratio right) => left <= right ? left : right;

    /// <summary>The greater of two.</summary>
    public static Ratio Max(Ratio left, Ratio right) => left >= right ? left : right;

    /// <summary>Sum of any number; of none, zero.</summary>
    public static Ratio Sum(IEnumerable<Ratio> values)
    {
        var sum = Zero;
        foreach (var value in values) sum += value;
        return sum;
    }

    /// <inheritdoc/>
    public int CompareTo(Ratio other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The nearest whole number by a rounding, once.</summary>
    /// <param name="mode">How what is left over is rounded.</param>
    /// <exception cref="OverflowException">It does not fit into 64 bits.</exception>
    public long Round(Rounding mode)
    {
        var floor = BigInteger.DivRem(Numerator, Denominator, out var left);
        if (left.Sign < 0) (floor, left) = (floor - 1, left + Denominator);
        var twice = (left * 2).CompareTo(Denominator);
        var up = !left.IsZero && mode switch
        {
            Rounding.Floor => false,
            Rounding.Down => Numerator.Sign < 0,
            Rounding.Up => Numerator.Sign > 0,
            _ => twice > 0 || (twice == 0 && Numerator.Sign > 0),
        };
        return checked((long)(up ? floor + 1 : floor));
    }

    /// <summary>The value in millionths, rounded once, half away from zero: a computed ratio for the eye.</summary>
    public Rate ToRate() => new((this * Of(Rate.One.Millionths)).Round(Rounding.HalfAwayFromZero));

    /// <inheritdoc/>
    public override string ToString() => $"{Numerator}/{Denominator}";
}
