using Plug1.Kernel.Values;

namespace Plug1.Customers.Tests;

/// <summary>Amounts as a test writes them.</summary>
internal static class Amounts
{
    public static readonly Currency Usd = new("USD", 2);

    public static Money Usd2(string text) => Money.Parse(text, Usd);

    public static Money Cents(long minor) => new(minor, Usd);

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");
}
