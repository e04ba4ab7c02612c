using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog.Tax;

/// <summary>A rate from a day on, until the next one of its component.</summary>
/// <param name="From">The first day.</param>
/// <param name="Rate">The rate: 0.2 is 20 %.</param>
public sealed record DatedRate(DateOnly From, Rate Rate);

/// <summary>One tax within a code, such as a federal and a provincial one.</summary>
/// <param name="Code">Short code, unique in its tax code; accounts are determined by it.</param>
/// <param name="Name">What documents call it.</param>
/// <param name="Compound">True when it is also taken on the components before it.</param>
/// <param name="Rates">Its rates, by date. Before the first one the component does not apply.</param>
public sealed record TaxComponent(string Code, string Name, bool Compound, IReadOnlyList<DatedRate> Rates)
{
    /// <summary>The rate of a day; null before the first one.</summary>
    public Rate? On(DateOnly day)
    {
        for (var i = Rates.Count - 1; i >= 0; i--)
        {
            if (Rates[i].From <= day) return Rates[i].Rate;
        }

        return null;
    }
}

/// <summary>How a line is taxed: its components with their dated rates, and the category that an invoice names.</summary>
/// <param name="Code">Short code, unique in the company.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Category">The category of EN 16931.</param>
/// <param name="Components">In the order in which they are taken; none where there is no tax.</param>
/// <param name="ExemptionReason">Why there is no tax; asked for by every category but S and Z.</param>
public sealed record TaxCode(
    string Code,
    string Name,
    TaxCategory Category,
    IReadOnlyList<TaxComponent> Components,
    string? ExemptionReason = null)
{
    private static readonly Rate Greatest = Rate.Of(10);

    /// <summary>The code with the rates of a day, ready to calculate with. Keep it: it is the same for all lines of the day.</summary>
    public TaxScheme On(DateOnly day)
    {
        var components = new List<TaxSchemeComponent>(Components.Count);
        foreach (var component in Components)
        {
            if (component.On(day) is { } rate) components.Add(new TaxSchemeComponent(component.Code, component.Name, rate, component.Compound));
        }

        return new TaxScheme(Code, Category, components, ExemptionReason);
    }

    /// <summary>Whether the code may be used.</summary>
    /// <returns>Refused with <c>TAX_RATE_INVALID</c>, <c>TAX_DATES_INVALID</c> or <c>TAX_EXEMPTION_REASON_REQUIRED</c>.</returns>
    public Result Check()
    {
        var taxed = false;
        foreach (var component in Components)
        {
            DatedRate? before = null;
            foreach (var dated in component.Rates)
            {
                if (dated.Rate.IsNegative || dated.Rate > Greatest) return TaxRefusals.RateInvalid(Code, "a rate lies between 0 and 1000 %.");
                if (before is not null && before.From >= dated.From) return TaxRefusals.DatesInvalid(Code, component.Code);
                taxed |= dated.Rate.IsPositive;
                before = dated;
            }
        }

        if (taxed && !Category.IsTaxed()) return TaxRefusals.RateInvalid(Code, $"category {Category} has no rate above zero.");
        if (!taxed && Category.IsTaxed()) return TaxRefusals.RateInvalid(Code, "category S has a rate above zero.");
        return Category.NeedsReason() && string.IsNullOrWhiteSpace(ExemptionReason)
            ? TaxRefusals.ExemptionReasonRequired(Code, Category, "/exemptionReason")
            : Result.Done;
    }
}
