using System.Globalization;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>Raw values as the API writes them.</summary>
public static class Shown
{
    /// <summary>Money with all decimals of its currency, quantities, prices, rates and numbers as short decimals, days and instants as ISO 8601.</summary>
    /// <param name="raw">Minor units, millionths, a day, an instant, a text, ...</param>
    /// <param name="type">The column's type.</param>
    /// <param name="exponent">Decimals of the currency's minor unit.</param>
    /// <returns>A text, a <see cref="long"/>, a <see cref="bool"/>, or null.</returns>
    public static object? Of(object? raw, string type, int exponent) => raw switch
    {
        null or string or bool => raw,
        Guid id => id.ToString("D"),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString(Dialect.InstantFormat, CultureInfo.InvariantCulture),
        int number => Number(number, type, exponent),
        long number => Number(number, type, exponent),
        Quantity quantity => quantity.ToString(),
        UnitPrice price => price.ToString(),
        Rate rate => rate.ToString(),
        Money money => money.ToText(),
        _ => raw,
    };

    /// <summary>Money as text.</summary>
    public static string Money(long minor, int exponent) => DecimalText.Format(minor, exponent, exponent);

    /// <summary>Millionths as a short decimal.</summary>
    public static string Millionths(long value) => DecimalText.Format(value, 6, 0);

    /// <summary>The decimals of a currency's minor unit.</summary>
    public static int Exponent(string? currency, Currency company) =>
        currency is null || currency == company.Code ? company.Exponent : Currencies.TryOf(currency, out var known) ? known.Exponent : company.Exponent;

    private static object Number(long number, string type, int exponent) => type switch
    {
        "money" => Money(number, exponent),
        "quantity" or "price" or "rate" or "number" => Millionths(number),
        _ => number,
    };
}
