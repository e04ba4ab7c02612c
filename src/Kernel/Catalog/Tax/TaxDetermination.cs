namespace Plug1.Kernel.Catalog.Tax;

/// <summary>What is known about a line when its tax code is looked for.</summary>
/// <param name="ItemClass">The tax class of the item.</param>
/// <param name="SellerRegion">Where it is sold from: a country (<c>DE</c>) or a part of it (<c>US-CA</c>).</param>
/// <param name="BuyerGroup">The tax group of the buyer, such as business, private, exempt; null when unknown.</param>
/// <param name="BuyerRegion">Where it goes to; null when unknown.</param>
public sealed record TaxCase(string ItemClass, string SellerRegion, string? BuyerGroup, string? BuyerRegion);

/// <summary>A tax code for the cases it names. What a rule leaves open matches everything.</summary>
/// <param name="TaxCode">The code to use.</param>
/// <param name="ItemClass">Only this class of items.</param>
/// <param name="SellerRegion">Only from this region or a part of it.</param>
/// <param name="BuyerGroup">Only for this group of buyers.</param>
/// <param name="BuyerRegion">Only into this region or a part of it.</param>
/// <param name="From">From this day on.</param>
/// <param name="To">Up to but without this day.</param>
public sealed record TaxRule(
    string TaxCode,
    string? ItemClass = null,
    string? SellerRegion = null,
    string? BuyerGroup = null,
    string? BuyerRegion = null,
    DateOnly? From = null,
    DateOnly? To = null)
{
    /// <summary>How much the rule says, for comparison: first how many things it names, then which (item class before seller region
    /// before buyer group before buyer region), then how fine its regions are.</summary>
    internal (int Named, int Which, int Fine) Specificity
    {
        get
        {
            int named = 0, which = 0;
            foreach (var part in new[] { ItemClass, SellerRegion, BuyerGroup, BuyerRegion })
            {
                which = (which * 2) + (part is null ? 0 : 1);
                named += part is null ? 0 : 1;
            }

            return (named, which, (SellerRegion?.Length ?? 0) + (BuyerRegion?.Length ?? 0));
        }
    }

    /// <summary>Whether the rule speaks about a case on a day.</summary>
    public bool Matches(TaxCase asked, DateOnly day) =>
        (From is null || From <= day) && (To is null || day < To)
        && (ItemClass is null || ItemClass == asked.ItemClass)
        && (BuyerGroup is null || BuyerGroup == asked.BuyerGroup)
        && Within(asked.SellerRegion, SellerRegion)
        && Within(asked.BuyerRegion, BuyerRegion);

    private static bool Within(string? region, string? wanted) =>
        wanted is null
        || (region is not null
            && region.StartsWith(wanted, StringComparison.Ordinal)
            && (region.Length == wanted.Length || region[wanted.Length] == '-'));
}

/// <summary>Picks the tax code of a line.</summary>
public static class TaxDetermination
{
    /// <summary>The rule that says most about a case: the one that names most of item class, seller region, buyer group and buyer region;
    /// among equals the one that names the earlier of these, then the finer region, then the later <c>From</c>, then the lower code.</summary>
    /// <returns>The rule, so that the answer can say why; refused with <c>TAX_CODE_MISSING</c> when none matches.</returns>
    public static Result<TaxRule> Determine(IEnumerable<TaxRule> rules, TaxCase asked, DateOnly day, string at = "/taxCodeId")
    {
        TaxRule? best = null;
        foreach (var rule in rules)
        {
            if (rule.Matches(asked, day) && (best is null || Beats(rule, best))) best = rule;
        }

        return best is null ? TaxRefusals.CodeMissing(at) : best;
    }

    private static bool Beats(TaxRule rule, TaxRule best)
    {
        var bySpecificity = rule.Specificity.CompareTo(best.Specificity);
        if (bySpecificity != 0) return bySpecificity > 0;
        var byDate = Nullable.Compare(rule.From, best.From);
        return byDate != 0 ? byDate > 0 : string.CompareOrdinal(rule.TaxCode, best.TaxCode) < 0;
    }
}
