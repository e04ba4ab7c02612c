using System.Globalization;
using System.Numerics;
using Plug1.Kernel.Values;

namespace Plug1.Host.Backups;

/// <summary>The money of a backup in one currency.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Entries">Ledger entries in it.</param>
/// <param name="Debits">The sum of its debits in the currency's major unit, exact. Credits are as much, or the backup had not verified.</param>
internal sealed record LedgerTotal(string Currency, long Entries, string Debits)
{
    /// <summary>The currencies among the units of a backup.</summary>
    public static IReadOnlyList<LedgerTotal> Of(Totals totals) => [.. totals.Units.Where(unit => Currencies.TryOf(unit.Key, out _)).OrderBy(unit => unit.Key, StringComparer.Ordinal)
        .Select(unit => new LedgerTotal(unit.Key, unit.Value.Entries, Amount(unit.Value.Debits, Currencies.Of(unit.Key).Exponent)))];

    /// <summary>A sum of minor units, which may be larger than any one amount, with its decimals.</summary>
    private static string Amount(string minor, int exponent)
    {
        // Engines write a sum of integers with or without decimals of their own.
        var digits = BigInteger.Parse(minor.Split('.')[0], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture).PadLeft(exponent + 1, '0');
        return exponent == 0 ? digits : $"{digits[..^exponent]}.{digits[^exponent..]}";
    }
}
