using System.Text.Json.Serialization;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Payments;

/// <summary>What a payment method is.</summary>
[JsonConverter(typeof(WordJsonConverter<PaymentType>))]
public enum PaymentType
{
    /// <summary>Notes and coins.</summary>
    Cash,

    /// <summary>A payment card.</summary>
    Card,

    /// <summary>A gift card or store credit.</summary>
    Voucher,

    /// <summary>Loyalty points.</summary>
    Points,

    /// <summary>The customer's account.</summary>
    Account,

    /// <summary>A bank transfer.</summary>
    Bank,

    /// <summary>Mobile money.</summary>
    Mobile,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>A way to pay.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Type">What it is.</param>
/// <param name="RoundingStep">Smallest amount of cash there is, in minor units of the company's currency; null for none.</param>
/// <param name="RoundingMode">How cash is rounded to the step: half away from zero, down or up.</param>
/// <param name="NeedsReference">Whether each payment needs a reference.</param>
/// <param name="OverTender">Whether more may be given than is due, against change.</param>
/// <param name="RefundPriority">Refunds go to the lowest first.</param>
/// <param name="MaxAmount">The most that one payment takes, in minor units; null for no limit.</param>
/// <param name="Offline">Whether it can be taken while the till is offline.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Version">Version, for changes.</param>
public sealed record PaymentMethod(
    string Code, string Name, PaymentType Type, long? RoundingStep, Rounding RoundingMode, bool NeedsReference, bool OverTender,
    long RefundPriority, long? MaxAmount, bool Offline, bool Active, long Version = 1)
{
    /// <summary>The word of a rounding mode: <c>half</c>, <c>down</c>, <c>up</c>.</summary>
    public static string WordOf(Rounding mode) => mode switch { Rounding.Down => "down", Rounding.Up => "up", _ => "half" };

    /// <summary>The rounding mode of a word, if it is one.</summary>
    public static bool TryMode(string? word, out Rounding mode)
    {
        mode = word switch { "down" => Rounding.Down, "up" => Rounding.Up, _ => Rounding.HalfAwayFromZero };
        return word is "half" or "down" or "up";
    }
}

/// <summary>A note or coin.</summary>
/// <param name="Currency">Currency code.</param>
/// <param name="Value">Its value in minor units.</param>
public readonly record struct Denomination(string Currency, long Value);
