namespace Plug1.Kernel.Values;

/// <summary>The reasons to say no that values have, the same in every function.</summary>
public static class ValueRefusals
{
    /// <summary>The greatest amount a line or a document takes, either way, in minor units: ten million millions of a currency with cents.</summary>
    /// <remarks>Far above any real one, and low enough that sums and taxes of many such lines stay within 64 bits.</remarks>
    public const long GreatestMinor = 1_000_000_000_000_000;

    /// <summary>A quantity is zero, or has more decimals than its unit.</summary>
    public static Refusal QuantityInvalid(string at) =>
        new("QUANTITY_INVALID", "The quantity is zero or has more decimals than its unit.", at);

    /// <summary>An amount is in another currency than the document.</summary>
    public static Refusal CurrencyMismatch(string at, Currency expected) =>
        new("CURRENCY_MISMATCH", $"The amount must be in {expected}.", at);

    /// <summary>An amount is beyond <see cref="GreatestMinor"/>.</summary>
    public static Refusal AmountTooLarge(string at) => new("AMOUNT_TOO_LARGE", "The amount is too large.", at);
}
