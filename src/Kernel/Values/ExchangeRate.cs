using System.Text.Json.Serialization;

namespace Plug1.Kernel.Values;

/// <summary>Company currency for one unit of another currency, with at most 12 decimals.</summary>
/// <remarks>Up to 9,223,372.03. As text and in JSON it is a decimal string without needless zeros: <c>0.92</c>.</remarks>
/// <param name="Trillionths">The rate in millionths of millionths: 920000000000 is 0.92.</param>
[JsonConverter(typeof(ExchangeRateJsonConverter))]
public readonly record struct ExchangeRate(long Trillionths) : IComparable<ExchangeRate>
{
    private const int Decimals = 12;

    /// <summary>One for one: a currency and itself.</summary>
    public static ExchangeRate One => new(1_000_000_000_000);

    /// <summary>True above zero, as every real rate is.</summary>
    public bool IsPositive => Trillionths > 0;

    /// <summary>Less than.</summary>
    public static bool operator <(ExchangeRate left, ExchangeRate right) => left.Trillionths < right.Trillionths;

    /// <summary>Greater than.</summary>
    public static bool operator >(ExchangeRate left, ExchangeRate right) => left.Trillionths > right.Trillionths;

    /// <summary>At most.</summary>
    public static bool operator <=(ExchangeRate left, ExchangeRate right) => left.Trillionths <= right.Trillionths;

    /// <summary>At least.</summary>
    public static bool operator >=(ExchangeRate left, ExchangeRate right) => left.Trillionths >= right.Trillionths;

    /// <summary>Reads a decimal with at most 12 decimals.</summary>
    /// <exception cref="FormatException">It is none, or does not fit.</exception>
    public static ExchangeRate Parse(string text) =>
        TryParse(text, out var rate) ? rate : throw new FormatException($"'{text}' is no decimal with at most 12 decimals.");

    /// <summary>Reads a decimal, if it is one with at most 12 decimals and fits.</summary>
    public static bool TryParse(string? text, out ExchangeRate rate)
    {
        var read = DecimalText.TryParse(text, Decimals, out var trillionths);
        rate = new ExchangeRate(trillionths);
        return read;
    }

    /// <summary>What an amount is worth in company currency: USD 1,000.00 at 0.92 is EUR 920.00.</summary>
    /// <param name="foreign">The amount in the other currency.</param>
    /// <param name="company">The company currency.</param>
    /// <param name="mode">How it is rounded, once, to the company's minor unit.</param>
    /// <exception cref="OverflowException">The amount does not fit.</exception>
    public Money Convert(Money foreign, Currency company, Rounding mode = Rounding.HalfAwayFromZero)
    {
        // The scale of the rate and of both currencies meet in one power of ten, so the product stays within 128 bits.
        var product = (Int128)foreign.Minor * Trillionths;
        var scale = Decimals + foreign.Currency.Exponent - company.Exponent;
        Int128 denominator = DecimalText.Power(Math.Min(scale, Decimals));
        if (scale > Decimals) denominator *= DecimalText.Power(scale - Decimals);
        return new Money(Rounding.DivideToLong(product, denominator, mode), company);
    }

    /// <inheritdoc/>
    public int CompareTo(ExchangeRate other) => Trillionths.CompareTo(other.Trillionths);

    /// <summary>As the API writes it: <c>0.92</c>.</summary>
    public override string ToString() => DecimalText.Format(Trillionths, Decimals, 0);
}
