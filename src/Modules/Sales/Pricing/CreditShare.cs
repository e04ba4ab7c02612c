using Plug1.Kernel;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>A posted line as far as credits care; all amounts as posted.</summary>
/// <param name="Basis">The basis of the document.</param>
/// <param name="Quantity">What was sold; not zero.</param>
/// <param name="Value">The line's value in the document's basis after all discounts (<see cref="CalculatedLine.Value"/>).</param>
/// <param name="Taxes">Tax by component.</param>
/// <param name="Promotions">What each promotion took off.</param>
/// <param name="Cost">Cost of the goods, in company currency.</param>
public sealed record CreditOrigin(
    TaxBasis Basis, Quantity Quantity, Money Value, IReadOnlyList<Money> Taxes, IReadOnlyList<Money> Promotions, Money Cost);

/// <summary>A credit of a line, or all its credits to date.</summary>
/// <param name="Quantity">Units credited; zero for a price allowance.</param>
/// <param name="Value">Value credited in the document's basis.</param>
/// <param name="Allowance">The part of <paramref name="Value"/> that was credited without units.</param>
/// <param name="Net">Value without tax.</param>
/// <param name="Tax">All tax components.</param>
/// <param name="Taxes">Tax by component.</param>
/// <param name="Promotions">What goes back to each promotion.</param>
/// <param name="Cost">Cost that goes back.</param>
public sealed record Credit(
    Quantity Quantity, Money Value, Money Allowance, Money Net, Money Tax,
    IReadOnlyList<Money> Taxes, IReadOnlyList<Money> Promotions, Money Cost)
{
    /// <summary>Net and tax.</summary>
    public Money Total => Net + Tax;

    /// <summary>No credit yet.</summary>
    public static Credit None(CreditOrigin origin)
    {
        var zero = Money.Zero(origin.Value.Currency);
        return new Credit(
            Quantity.Zero, zero, zero, zero, zero,
            [.. origin.Taxes.Select(_ => zero)], [.. origin.Promotions.Select(_ => zero)], Money.Zero(origin.Cost.Currency));
    }

    /// <summary>Two credits of one line together.</summary>
    public static Credit operator +(Credit left, Credit right) => new(
        left.Quantity + right.Quantity, left.Value + right.Value, left.Allowance + right.Allowance, left.Net + right.Net,
        left.Tax + right.Tax, [.. left.Taxes.Zip(right.Taxes, (a, b) => a + b)],
        [.. left.Promotions.Zip(right.Promotions, (a, b) => a + b)], left.Cost + right.Cost);
}

/// <summary>What a credit of a posted line is worth. Prices are never calculated again.</summary>
/// <remarks>
/// <para>The value follows from the quantity, a given amount, or days; tax, promotions and cost follow the cumulative value
/// (<see cref="CumulativeShare"/>), so the last credit takes the exact remainder. A line without value follows its quantity.</para>
/// <para>A gross line of 10.00 at 20 % (net 8.33, tax 1.67), 3 units returned one by one: totals 3.33, 3.34, 3.33 with tax 0.56, 0.55,
/// 0.56.</para>
/// </remarks>
public static class CreditShare
{
    /// <summary>Credits units.</summary>
    /// <param name="origin">The posted line.</param>
    /// <param name="credited">All its credits so far.</param>
    /// <param name="quantity">How much is credited now, with the sign of the line; not zero.</param>
    /// <returns>The credit, refused with <c>QUANTITY_INVALID</c> or <c>CREDIT_EXCEEDS_ORIGIN</c>.</returns>
    public static Result<Credit> OfQuantity(CreditOrigin origin, Credit credited, Quantity quantity)
    {
        if (quantity.IsZero || quantity.IsNegative != origin.Quantity.IsNegative) return ValueRefusals.QuantityInvalid("/quantity");
        var left = origin.Quantity - credited.Quantity;
        if (quantity.Absolute > left.Absolute) return PricingRefusals.CreditExceedsOrigin(left.ToString());

        // Allowances came off the price of the units: what units can still bring is the value less the allowances.
        var units = (origin.Value - credited.Allowance).Minor;
        var byUnits = (credited.Value - credited.Allowance).Minor;
        var step = CumulativeShare.Step(units, (credited.Quantity + quantity).Millionths, origin.Quantity.Millionths, byUnits);

        // An allowance after the first units may have taken more than these units had left; the last ones take the rest.
        if (units < 0 ? step > 0 : step < 0) step = 0;
        return Follow(origin, credited, quantity, origin.Value with { Minor = step }, Money.Zero(origin.Value.Currency));
    }

    /// <summary>Credits an amount without units: a price allowance.</summary>
    /// <param name="origin">The posted line.</param>
    /// <param name="credited">All its credits so far.</param>
    /// <param name="value">The amount in the document's basis, with the sign of the line's value.</param>
    /// <returns>The credit, refused with <c>CURRENCY_MISMATCH</c> or <c>CREDIT_EXCEEDS_ORIGIN</c>.</returns>
    public static Result<Credit> OfAmount(CreditOrigin origin, Credit credited, Money value)
    {
        if (value.Currency != origin.Value.Currency) return ValueRefusals.CurrencyMismatch("/value", origin.Value.Currency);
        var left = origin.Value - credited.Value;
        var opposite = value.IsNegative != origin.Value.IsNegative && !value.IsZero;
        return opposite || value.Absolute > left.Absolute
            ? PricingRefusals.CreditExceedsOrigin(left.ToText())
            : Follow(origin, credited, Quantity.Zero, value, value);
    }

    /// <summary>Credits the unused days of a line that was billed in advance: <c>value - round(value × used days ÷ days)</c>,
    /// at most what is not yet credited.</summary>
    /// <param name="origin">The posted line.</param>
    /// <param name="credited">All its credits so far.</param>
    /// <param name="usedDays">Days served, from zero to <paramref name="days"/>.</param>
    /// <param name="days">Days the line was billed for; more than zero.</param>
    /// <returns>The credit; 18.00 of 30.00 when 12 of 30 days are used.</returns>
    public static Result<Credit> OfDays(CreditOrigin origin, Credit credited, int usedDays, int days)
    {
        Invariant.Holds(days > 0 && usedDays >= 0 && usedDays <= days);
        var unused = origin.Value - origin.Value.Share(usedDays, days, Rounding.HalfAwayFromZero);
        var left = origin.Value - credited.Value;
        return OfAmount(origin, credited, unused.Absolute > left.Absolute ? left : unused);
    }

    private static Credit Follow(CreditOrigin origin, Credit credited, Quantity quantity, Money value, Money allowance)
    {
        var free = origin.Value.IsZero;
        Int128 cumulative = free ? (credited.Quantity + quantity).Millionths : (credited.Value + value).Minor;
        Int128 whole = free ? origin.Quantity.Millionths : origin.Value.Minor;
        Money Step(Money total, Money taken) => total with { Minor = CumulativeShare.Step(total.Minor, cumulative, whole, taken.Minor) };

        Money[] taxes = [.. origin.Taxes.Zip(credited.Taxes, Step)];
        Money[] promotions = [.. origin.Promotions.Zip(credited.Promotions, Step)];
        var tax = Money.Sum(value.Currency, taxes);
        var net = origin.Basis == TaxBasis.Gross ? value - tax : value;
        return new Credit(quantity, value, allowance, net, tax, taxes, promotions, Step(origin.Cost, credited.Cost));
    }
}
