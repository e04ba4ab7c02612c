namespace Plug1.Kernel.Values;

/// <summary>An amount in a currency, exact in minor units.</summary>
/// <remarks>Two amounts meet only in one currency; anything else is our bug. Overflow throws. Nothing here rounds unless it says so.</remarks>
/// <param name="Minor">The amount in minor units: 1250 is 12.50 EUR.</param>
/// <param name="Currency">The currency, which says how many decimals the minor unit has.</param>
public readonly record struct Money(long Minor, Currency Currency) : IComparable<Money>
{
    /// <summary>True when nothing is owed either way.</summary>
    public bool IsZero => Minor == 0;

    /// <summary>True below zero.</summary>
    public bool IsNegative => Minor < 0;

    /// <summary>True above zero.</summary>
    public bool IsPositive => Minor > 0;

    /// <summary>The amount without its sign.</summary>
    public Money Absolute => IsNegative ? -this : this;

    /// <summary>Sum of two amounts of one currency.</summary>
    /// <exception cref="InvariantBrokenException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.Minor + left.Same(right)), left.Currency);

    /// <summary>Difference of two amounts of one currency.</summary>
    /// <exception cref="InvariantBrokenException">The currencies differ.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.Minor - left.Same(right)), left.Currency);

    /// <summary>The amount with its sign turned.</summary>
    public static Money operator -(Money money) => money with { Minor = checked(-money.Minor) };

    /// <summary>The amount a whole number of times.</summary>
    public static Money operator *(Money money, long times) => money with { Minor = checked(money.Minor * times) };

    /// <summary>Less than, in one currency.</summary>
    public static bool operator <(Money left, Money right) => left.Minor < left.Same(right);

    /// <summary>Greater than, in one currency.</summary>
    public static bool operator >(Money left, Money right) => left.Minor > left.Same(right);

    /// <summary>At most, in one currency.</summary>
    public static bool operator <=(Money left, Money right) => left.Minor <= left.Same(right);

    /// <summary>At least, in one currency.</summary>
    public static bool operator >=(Money left, Money right) => left.Minor >= left.Same(right);

    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(Currency currency) => new(0, currency);

    /// <summary>The smaller of two amounts of one currency.</summary>
    public static Money Min(Money left, Money right) => left <= right ? left : right;

    /// <summary>The greater of two amounts of one currency.</summary>
    public static Money Max(Money left, Money right) => left >= right ? left : right;

    /// <summary>Sum of any number of amounts of one currency; of none, zero.</summary>
    /// <param name="currency">The currency of all of them.</param>
    /// <param name="amounts">What is summed.</param>
    /// <exception cref="InvariantBrokenException">One of them is in another currency.</exception>
    public static Money Sum(Currency currency, IEnumerable<Money> amounts)
    {
        var sum = Zero(currency);
        foreach (var amount in amounts) sum += amount;
        return sum;
    }

    /// <summary>The price of a quantity: <c>quantity × price ÷ base</c>, rounded once, half away from zero, to the minor unit.</summary>
    /// <remarks>3 × 19.99 is 59.97; 2.5 kg at 1.35 for 1 kg is 3.38 (3.375).</remarks>
    /// <param name="quantity">How much; may be negative.</param>
    /// <param name="price">Price in major units for <paramref name="per"/>.</param>
    /// <param name="currency">The currency of the price.</param>
    /// <param name="per">The quantity that the price is for; one when null, never zero.</param>
    /// <exception cref="OverflowException">The amount does not fit.</exception>
    public static Money Of(Quantity quantity, UnitPrice price, Currency currency, Quantity? per = null)
    {
        // millionths × millionths ÷ millionths is millionths of a major unit; the minor unit is 10^-exponent of it.
        var numerator = (Int128)quantity.Millionths * price.Millionths;
        var denominator = (Int128)(per ?? Quantity.One).Millionths * DecimalText.Power(6 - currency.Exponent);
        return new Money(Rounding.DivideToLong(numerator, denominator, Rounding.HalfAwayFromZero), currency);
    }

    /// <summary>Reads a decimal such as <c>12.50</c>.</summary>
    /// <exception cref="FormatException">It is no decimal, or has more decimals than the currency.</exception>
    public static Money Parse(string text, Currency currency) =>
        TryParse(text, currency, out var money) ? money : throw new FormatException($"'{text}' is no amount in {currency}.");

    /// <summary>Reads a decimal such as <c>12.50</c>, if it is one with at most the currency's decimals and fits.</summary>
    public static bool TryParse(string? text, Currency currency, out Money money)
    {
        var read = DecimalText.TryParse(text, currency.Exponent, out var minor);
        money = new Money(minor, currency);
        return read;
    }

    /// <summary>The part of this amount that <paramref name="part"/> is of <paramref name="whole"/>, rounded once.</summary>
    /// <param name="part">Any number.</param>
    /// <param name="whole">Not zero, in the same unit as <paramref name="part"/>.</param>
    /// <param name="mode">How it is rounded to the minor unit.</param>
    /// <exception cref="InvariantBrokenException"><paramref name="whole"/> is zero.</exception>
    /// <exception cref="OverflowException">The share does not fit.</exception>
    public Money Share(Int128 part, Int128 whole, Rounding mode) =>
        this with { Minor = Rounding.DivideToLong(checked(Minor * part), whole, mode) };

    /// <inheritdoc cref="Share(Int128, Int128, Rounding)"/>
    public Money Share(long part, long whole, Rounding mode) => Share((Int128)part, whole, mode);

    /// <inheritdoc cref="Share(Int128, Int128, Rounding)"/>
    public Money Share(Quantity part, Quantity whole, Rounding mode) => Share((Int128)part.Millionths, whole.Millionths, mode);

    /// <inheritdoc cref="Share(Int128, Int128, Rounding)"/>
    /// <exception cref="InvariantBrokenException">Part and whole are in different currencies.</exception>
    public Money Share(Money part, Money whole, Rounding mode) => Share((Int128)part.Minor, part.Same(whole), mode);

    /// <summary>This amount times a rate, rounded once: 50.00 at 0.075 is 3.75.</summary>
    public Money Times(Rate rate, Rounding mode = Rounding.HalfAwayFromZero) => Share((Int128)rate.Millionths, Rate.One.Millionths, mode);

    /// <inheritdoc/>
    /// <exception cref="InvariantBrokenException">The currencies differ.</exception>
    public int CompareTo(Money other) => Minor.CompareTo(Same(other));

    /// <summary>The amount as the API writes it, with all decimals of the currency and without its code: <c>12.50</c>.</summary>
    public string ToText() => DecimalText.Format(Minor, Currency.Exponent, Currency.Exponent);

    /// <inheritdoc cref="ToText"/>
    public override string ToString() => ToText();

    private long Same(Money other)
    {
        if (Currency != other.Currency) throw new InvariantBrokenException($"{Currency} and {other.Currency} do not meet in one amount.");
        return other.Minor;
    }
}
