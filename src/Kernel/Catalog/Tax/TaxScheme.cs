using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog.Tax;

/// <summary>Whether prices are without tax or with it.</summary>
public enum TaxBasis
{
    /// <summary>Unit prices are without tax.</summary>
    Net,

    /// <summary>Unit prices are with tax.</summary>
    Gross,
}

/// <summary>Where tax is rounded.</summary>
public enum TaxRounding
{
    /// <summary>Once a tax code, on the sum of its lines; the lines get shares.</summary>
    Document,

    /// <summary>On each line; the document sums them.</summary>
    Line,
}

/// <summary>A component with the rate of its day.</summary>
/// <param name="Code">The component.</param>
/// <param name="Name">What documents call it.</param>
/// <param name="Rate">Its rate that day.</param>
/// <param name="Compound">True when it is also taken on the components before it.</param>
public sealed record TaxSchemeComponent(string Code, string Name, Rate Rate, bool Compound);

/// <summary>One base with its tax.</summary>
/// <param name="Scheme">The tax code with the rates of its day.</param>
/// <param name="Net">The base without tax.</param>
/// <param name="Components">The tax, one amount a component of the scheme.</param>
public sealed record TaxedBase(TaxScheme Scheme, Money Net, IReadOnlyList<Money> Components)
{
    /// <summary>All components together.</summary>
    public Money Tax => Money.Sum(Net.Currency, Components);

    /// <summary>Base and tax.</summary>
    public Money Total => Net + Tax;
}

/// <summary>A tax code with the rates of one day.</summary>
/// <remarks>Effective rates are kept as exact fractions: of a compound component <c>e = r × (1 + sum of the e before it)</c>, else <c>r</c>.</remarks>
public sealed class TaxScheme
{
    private readonly Int128[] effective;

    /// <summary>A scheme of given components; usually made by <see cref="TaxCode.On"/>.</summary>
    public TaxScheme(string code, TaxCategory category, IReadOnlyList<TaxSchemeComponent> components, string? exemptionReason = null)
    {
        Code = code;
        Category = category;
        Components = components;
        ExemptionReason = exemptionReason;
        effective = new Int128[components.Count];
        (Denominator, WithTax) = MakeEffective();
    }

    /// <summary>The tax code.</summary>
    public string Code { get; }

    /// <summary>Its category of EN 16931.</summary>
    public TaxCategory Category { get; }

    /// <summary>Its components in order.</summary>
    public IReadOnlyList<TaxSchemeComponent> Components { get; }

    /// <summary>Why there is no tax, where there is none.</summary>
    public string? ExemptionReason { get; }

    /// <summary>What the effective rates are counted in.</summary>
    internal Int128 Denominator { get; }

    /// <summary>1 + the sum of all effective rates, counted in <see cref="Denominator"/>.</summary>
    internal Int128 WithTax { get; }

    /// <summary>The effective rates, counted in <see cref="Denominator"/>.</summary>
    internal ReadOnlySpan<Int128> Effective => effective;

    /// <summary>True when both tax alike: the same code with the same rates.</summary>
    public bool IsSameAs(TaxScheme other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (Code != other.Code || Components.Count != other.Components.Count) return false;
        for (var i = 0; i < Components.Count; i++)
        {
            if (Components[i] != other.Components[i]) return false;
        }

        return true;
    }

    /// <summary>The tax of a base without tax: each component <c>round(rate × (base + components before it, if compound))</c>.</summary>
    /// <remarks>Half away from zero. 80.00 with 5 % then 9.75 % compound: 4.00 and 8.19.</remarks>
    public TaxedBase OnNet(Money net) => One(TaxBasis.Net, net);

    /// <summary>The base and tax within an amount: base <c>round(amount ÷ (1 + sum of effective rates))</c>, the rest is tax,
    /// split over the components by effective rate.</summary>
    /// <remarks>Half away from zero. 17.46 with 20 %: 14.55 and 2.91.</remarks>
    public TaxedBase OnGross(Money gross) => One(TaxBasis.Gross, gross);

    /// <summary>What is without tax in an amount with tax, rounded half away from zero, in minor units.</summary>
    public long NetOf(long grossMinor) =>
        Rounding.DivideToLong(checked(grossMinor * Denominator), WithTax, Rounding.HalfAwayFromZero);

    private TaxedBase One(TaxBasis basis, Money value)
    {
        Span<long> net = stackalloc long[1];
        var taxes = new long[Components.Count];
        TaxCalculation.Lines(this, basis, TaxRounding.Document, [value.Minor], net, taxes);
        return new TaxedBase(this, value with { Minor = net[0] }, Array.ConvertAll(taxes, tax => value with { Minor = tax }));
    }

    private (Int128 Denominator, Int128 WithTax) MakeEffective()
    {
        Int128 denominator = 1;
        Int128 sum = 0;
        for (var k = 0; k < effective.Length; k++)
        {
            var component = Components[k];
            Invariant.Holds(!component.Rate.IsNegative, "A tax rate is not negative.");
            var own = checked(component.Rate.Millionths * (component.Compound ? denominator + sum : denominator));
            var common = checked(denominator * Rate.One.Millionths);
            for (var j = 0; j < k; j++) effective[j] = checked(effective[j] * Rate.One.Millionths);
            effective[k] = own;

            // Reduced at once, so that 20 % is 1/5 and large amounts stay within 128 bits.
            var divisor = common;
            for (var j = 0; j <= k; j++) divisor = Divisor(divisor, effective[j]);
            denominator = common / divisor;
            sum = 0;
            for (var j = 0; j <= k; j++) sum += effective[j] /= divisor;
        }

        return (denominator, denominator + sum);
    }

    private static Int128 Divisor(Int128 a, Int128 b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
