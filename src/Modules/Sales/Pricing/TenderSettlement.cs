using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>What a payment method is.</summary>
public enum TenderType
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

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>A payment method as far as a settlement cares.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Type">What it is.</param>
public sealed record TenderMethod(string Code, TenderType Type)
{
    /// <summary>Smallest amount of cash there is; null or zero for none. Read for cash only.</summary>
    public Money? RoundingStep { get; init; }

    /// <summary>How cash is rounded: half away from zero, down or up, the sign aside.</summary>
    public Rounding RoundingMode { get; init; } = Rounding.HalfAwayFromZero;

    /// <summary>True when each payment needs a reference.</summary>
    public bool NeedsReference { get; init; }

    /// <summary>True when more may be given than is due, against change.</summary>
    public bool OverTender { get; init; }

    /// <summary>The most that one payment takes; null for no limit.</summary>
    public Money? MaxAmount { get; init; }

    /// <summary>True when it can be taken while the till is offline.</summary>
    public bool Offline { get; init; } = true;

    /// <summary>True when it belongs to a customer.</summary>
    public bool NeedsCustomer => Type is TenderType.Account or TenderType.Points;
}

/// <summary>One payment as it was entered.</summary>
/// <param name="Method">The method.</param>
/// <param name="Given">What was handed over, or paid back when negative; null for exactly what is left to pay.</param>
/// <param name="Reference">Card slip, voucher code and the like.</param>
public sealed record Tender(TenderMethod Method, Money? Given = null, string? Reference = null);

/// <summary>One payment, settled.</summary>
/// <param name="Method">The method.</param>
/// <param name="Amount">What it pays: given less change.</param>
/// <param name="Given">What was handed over.</param>
/// <param name="Change">What is handed back, in cash.</param>
/// <param name="Reference">As entered.</param>
public sealed record SettledTender(TenderMethod Method, Money Amount, Money Given, Money Change, string? Reference);

/// <summary>How a due amount is paid. The amounts of the tenders sum to due and rounding together.</summary>
/// <param name="Due">What was due; negative when it is paid back.</param>
/// <param name="Tenders">The payments: cash last, the others in the order entered.</param>
/// <param name="CashDue">What was due in cash after rounding; null without a cash tender.</param>
/// <param name="Rounding">What rounding added or took off.</param>
/// <param name="Change">What is handed back.</param>
public sealed record Settlement(Money Due, IReadOnlyList<SettledTender> Tenders, Money? CashDue, Money Rounding, Money Change)
{
    /// <summary>Due and rounding.</summary>
    public Money Payable => Due + Rounding;
}

/// <summary>What a till knows when it settles.</summary>
/// <param name="Offline">True when the sale was made offline.</param>
/// <param name="HasCustomer">True when the sale names a customer.</param>
public sealed record TillState(bool Offline = false, bool HasCustomer = false);

/// <summary>Settles a due amount with tenders.</summary>
/// <remarks>
/// <para>Other tenders pay first, in the order entered; the rest R is for cash: cash due is |R| rounded to the step, sign put back;
/// rounding is cash due less R, change is what was given less cash due. Without a cash tender nothing is rounded.</para>
/// <para>20.96 with step 0.05, paid 50.00 in cash: cash due 20.95, rounding -0.01, change 29.05.</para>
/// </remarks>
public static class TenderSettlement
{
    /// <summary>Settles. A pure function.</summary>
    /// <param name="due">Total less what was paid before; negative to pay back.</param>
    /// <param name="tenders">The payments as entered.</param>
    /// <param name="state">What the till knows.</param>
    /// <returns>The settlement, refused with <c>CURRENCY_MISMATCH</c>, <c>AMOUNT_TOO_LARGE</c>, <c>POS_TENDER_OFFLINE</c>,
    /// <c>POS_TENDER_REFERENCE_REQUIRED</c>, <c>POS_CUSTOMER_REQUIRED</c>, <c>POS_TENDER_NOT_ALLOWED</c>,
    /// <c>POS_CHANGE_NOT_ALLOWED</c> or <c>POS_PAYMENT_MISMATCH</c>.</returns>
    public static Result<Settlement> Settle(Money due, IReadOnlyList<Tender> tenders, TillState state)
    {
        if (Check(due.Currency, tenders, state) is { } refusal) return refusal;

        var rest = due;
        var settled = new List<SettledTender>(tenders.Count);
        for (var i = 0; i < tenders.Count; i++)
        {
            if (tenders[i].Method.Type == TenderType.Cash) continue;
            var paid = Pay(tenders[i], tenders[i].Given, rest, due.IsNegative, $"/tenders/{i}");
            if (paid.Refusal is { } no) return no;
            settled.Add(paid.Value);
            rest -= paid.Value.Amount;
        }

        Money? cashDue = null;
        var rounding = Money.Zero(due.Currency);
        if (Cash(tenders, out var at) is { } cash)
        {
            var step = cash.Method.RoundingStep?.Minor ?? 0;
            cashDue = rest with { Minor = Rounding.RoundToStep(Math.Abs(rest.Minor), step, cash.Method.RoundingMode) * Math.Sign(rest.Minor) };
            var paid = Pay(cash, cash.Given, cashDue.Value, due.IsNegative, at);
            if (paid.Refusal is { } no) return no;
            settled.Add(paid.Value);
            rounding = cashDue.Value - rest;
            rest = cashDue.Value - paid.Value.Amount;
        }

        if (!rest.IsZero) return PricingRefusals.PaymentMismatch(rest);
        var change = Money.Zero(due.Currency);
        foreach (var tender in settled) change += tender.Change;
        return new Settlement(due, settled, cashDue, rounding, change);
    }

    private static Refusal? Check(Currency currency, IReadOnlyList<Tender> tenders, TillState state)
    {
        string? cash = null;
        for (var i = 0; i < tenders.Count; i++)
        {
            var (method, given, reference) = tenders[i];
            var at = $"/tenders/{i}";
            if (given is { } amount)
            {
                if (amount.Currency != currency) return ValueRefusals.CurrencyMismatch(at + "/amount", currency);
                if (amount.Minor is > ValueRefusals.GreatestMinor or < -ValueRefusals.GreatestMinor)
                    return ValueRefusals.AmountTooLarge(at + "/amount");
            }

            if (state.Offline && !method.Offline) return PricingRefusals.TenderOffline(method.Code, at);
            if (method.NeedsReference && string.IsNullOrWhiteSpace(reference))
                return PricingRefusals.TenderReferenceRequired(method.Code, at + "/reference");
            if (method.NeedsCustomer && !state.HasCustomer) return PricingRefusals.CustomerRequired(method.Code);
            if (method.Type != TenderType.Cash) continue;
            if (cash is not null && cash != method.Code) return PricingRefusals.TenderNotAllowed(method.Code, "one cash method a sale", at);
            cash = method.Code;
        }

        return null;
    }

    /// <summary>All cash handed over is one payment.</summary>
    private static Tender? Cash(IReadOnlyList<Tender> tenders, out string at)
    {
        at = "/tenders";
        Tender? cash = null;
        for (var i = 0; i < tenders.Count; i++)
        {
            if (tenders[i].Method.Type != TenderType.Cash) continue;
            at = $"/tenders/{i}";
            cash = cash is null ? tenders[i]
                : cash with { Given = cash.Given is { } before && tenders[i].Given is { } more ? before + more : null };
        }

        return cash;
    }

    private static Result<SettledTender> Pay(Tender tender, Money? entered, Money rest, bool back, string at)
    {
        var method = tender.Method;
        var given = entered ?? rest;
        if (back ? given.IsPositive : given.IsNegative) return PricingRefusals.PaymentMismatch(rest, at);

        var over = back ? given < rest : given > rest;
        if (over && back) return PricingRefusals.PaymentMismatch(rest, at);
        if (over && !method.OverTender) return PricingRefusals.ChangeNotAllowed(method.Code, rest, at);

        var amount = over ? rest : given;
        return method.MaxAmount is { } most && amount.Absolute > most
            ? PricingRefusals.TenderNotAllowed(method.Code, $"at most {most} at once", at)
            : new SettledTender(method, amount, given, given - amount, tender.Reference);
    }
}
