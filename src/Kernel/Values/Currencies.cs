using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Plug1.Kernel.Values;

/// <summary>The currencies of ISO 4217 with the decimals of their minor units.</summary>
/// <remarks>Source: ISO 4217, list one (current currencies). Metals, test codes and units of account without a minor unit are left out.</remarks>
public static class Currencies
{
    private const string None = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

    private const string Two =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP " +
        "COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES " +
        "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD " +
        "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD " +
        "TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

    private const string Three = "BHD IQD JOD KWD LYD OMR TND";

    private const string Four = "CLF UYW";

    private static readonly FrozenDictionary<string, Currency> ByCode = Table();

    /// <summary>All known currencies, by code.</summary>
    public static IReadOnlyCollection<Currency> All => ByCode.Values;

    /// <summary>The currency of a code.</summary>
    /// <param name="code">Three capital letters.</param>
    /// <exception cref="InvariantBrokenException">ISO 4217 has no such code; what a user typed goes through <see cref="TryOf"/>.</exception>
    public static Currency Of(string code)
    {
        Invariant.Holds(TryOf(code, out var currency), $"ISO 4217 has no currency '{code}'.");
        return currency;
    }

    /// <summary>The currency of a code, if there is one.</summary>
    /// <param name="code">Three capital letters.</param>
    /// <param name="currency">The currency found.</param>
    public static bool TryOf([NotNullWhen(true)] string? code, out Currency currency)
    {
        currency = default;
        return code is not null && ByCode.TryGetValue(code, out currency);
    }

    private static FrozenDictionary<string, Currency> Table()
    {
        var table = new Dictionary<string, Currency>(StringComparer.Ordinal);
        foreach (var (codes, exponent) in new[] { (None, 0), (Two, 2), (Three, 3), (Four, 4) })
        {
            foreach (var code in codes.Split(' ')) table.Add(code, new Currency(code, exponent));
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
