using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>How much a role may take off.</summary>
/// <param name="Role">The role.</param>
/// <param name="UpTo">Share of list value, inclusive; null for no limit.</param>
public sealed record AuthorityLevel(string Role, Rate? UpTo);

/// <summary>A line whose discount is judged. Amounts in the basis of the document.</summary>
/// <param name="ListValue">Quantity at list price: the price before any override.</param>
/// <param name="Value">Amount at the price charged, less manual discount and shares of document discounts; promotions not taken off.</param>
/// <param name="Net">The net of the line, after promotions too.</param>
/// <param name="Cost">Estimated cost of the line; null where there is none.</param>
public sealed record AuthorityLine(Money ListValue, Money Value, Money Net, Money? Cost = null);

/// <summary>Whether the maker may give what they gave.</summary>
/// <param name="Share">The greatest share of list value given on a line or the document, for the eye.</param>
/// <param name="NeededRole">The lowest role that may approve; null when nobody needs to.</param>
/// <param name="Reasons">Why it waits: <c>DISCOUNT_NEEDS_APPROVAL</c>, <c>BELOW_COST_NEEDS_APPROVAL</c>.</param>
public sealed record AuthorityDecision(Rate Share, string? NeededRole, IReadOnlyList<Refusal> Reasons)
{
    /// <summary>True when the maker may go on alone.</summary>
    public bool IsAllowed => NeededRole is null;
}

/// <summary>Who may give how much discount by hand: manual discounts and price overrides, as a share of list value.</summary>
/// <remarks>The share of each line and of the document must both lie within the limit. A price above list is no discount, and does not
/// make room for one elsewhere. Shares are compared exactly: 5 % of 9.99 is not rounded.</remarks>
public sealed class DiscountAuthority
{
    private readonly IReadOnlyList<AuthorityLevel> levels;
    private readonly string belowCostRole;

    /// <summary>An authority with given levels.</summary>
    /// <param name="levels">From the lowest role to the highest; the last one has no limit.</param>
    /// <param name="belowCostRole">The role that approves a sale below cost; one of the levels.</param>
    /// <exception cref="InvariantBrokenException">The levels do not rise, or the last one has a limit.</exception>
    public DiscountAuthority(IReadOnlyList<AuthorityLevel> levels, string belowCostRole)
    {
        Invariant.Holds(levels.Count > 0 && levels[^1].UpTo is null, "The highest role has no limit.");
        for (var i = 1; i < levels.Count; i++)
        {
            Invariant.Holds(levels[i - 1].UpTo is { } lower && (levels[i].UpTo is not { } upper || lower < upper), "The limits rise.");
        }

        this.levels = levels;
        this.belowCostRole = belowCostRole;
        Invariant.Holds(Rank(belowCostRole) >= 0, "The role for sales below cost is one of the levels.");
    }

    /// <summary>Cashier 5 %, sales 10 %, store manager 25 %, administrator above; below cost the store manager.</summary>
    public static DiscountAuthority Default { get; } = new(
        [
            new("cashier", Rate.Percent(5)), new("sales", Rate.Percent(10)),
            new("store-manager", Rate.Percent(25)), new("administrator", null),
        ],
        "store-manager");

    /// <summary>Judges a document. A pure function.</summary>
    /// <param name="makerRoles">The roles of the maker; the highest counts, none of the levels means no discount at all.</param>
    /// <param name="maySellBelowCost">True when the maker holds that permission.</param>
    /// <param name="lines">The lines; those without positive list value (returns, texts) give no discount.</param>
    public AuthorityDecision Decide(IReadOnlyCollection<string> makerRoles, bool maySellBelowCost, IReadOnlyList<AuthorityLine> lines)
    {
        var own = -1;
        foreach (var role in makerRoles) own = Math.Max(own, Rank(role));

        var reasons = new List<Refusal>();
        var needed = -1;
        long given = 0, listed = 0;
        var share = Rate.Zero;
        for (var i = 0; i < lines.Count; i++)
        {
            var (list, value, net, cost) = lines[i];
            if (cost is { } estimated && !list.IsNegative && net < estimated && !maySellBelowCost && own < Rank(belowCostRole))
            {
                reasons.Add(PricingRefusals.BelowCostNeedsApproval(belowCostRole, i));
                needed = Math.Max(needed, Rank(belowCostRole));
            }

            if (!list.IsPositive) continue;
            var discount = Math.Max(0, list.Minor - value.Minor);
            given += discount;
            listed += list.Minor;
            Judge(discount, list.Minor, i);
        }

        if (listed > 0) Judge(given, listed, line: null);
        return new AuthorityDecision(share, needed < 0 ? null : levels[needed].Role, reasons);

        void Judge(long discount, long of, int? line)
        {
            if (discount == 0) return;
            var ratio = Rate.Ratio(discount, of, Rounding.HalfAwayFromZero);
            share = Rate.Max(share, ratio);
            var lowest = LowestFor(discount, of);
            if (lowest <= own) return;
            reasons.Add(PricingRefusals.DiscountNeedsApproval(levels[lowest].Role, ratio, line));
            needed = Math.Max(needed, lowest);
        }
    }

    private int LowestFor(long discount, long of)
    {
        for (var i = 0; i < levels.Count - 1; i++)
        {
            if ((Int128)discount * Rate.One.Millionths <= (Int128)of * levels[i].UpTo!.Value.Millionths) return i;
        }

        return levels.Count - 1;
    }

    private int Rank(string role)
    {
        for (var i = 0; i < levels.Count; i++)
        {
            if (levels[i].Role == role) return i;
        }

        return -1;
    }
}
