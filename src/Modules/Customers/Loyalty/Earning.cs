using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>The points of one rule.</summary>
/// <param name="Rule">Its code.</param>
/// <param name="Points">How many of the total it gave.</param>
internal readonly record struct RulePoints(string Rule, Quantity Points);

/// <summary>What a sale earns.</summary>
/// <param name="Points">All together, with the programme's decimals; never negative.</param>
/// <param name="Eligible">The total that points were reckoned from.</param>
/// <param name="ByRule">What of it came from which base rule (with its multipliers) and which bonus; sums to the total.</param>
internal sealed record EarnedPoints(Quantity Points, Money Eligible, IReadOnlyList<RulePoints> ByRule);

/// <summary>Reckons the points of a sale.</summary>
internal static class Earning
{
    /// <summary>The points that a sale earns.</summary>
    /// <remarks>
    /// <para>Points of a line = base × sum (or best) of the matching base rates × product of the matching multipliers × tier factor. The base
    /// of a line is its net, or gross, less its part of what was paid in points; that part is spread over the eligible lines by the largest
    /// remainder. All lines are summed exactly and rounded once; each bonus is rounded once and comes on top.</para>
    /// <para>Caps: a base rule gives no more than its cap, multipliers included; a multiplier adds no more than its own cap; a bonus gives no
    /// more than its cap. Caps are taken off before the rounding, which comes to the same for caps with the programme's decimals.</para>
    /// <para>Worked: 40.00 of A, 60.01 of B, a gift card of 25.00; 1 point for 1.00, B doubled, Gold × 1.25:
    /// (40.00 + 120.02) × 1.25 = 200.025, floored 200. With 20.00 paid in points 8.00 and 12.00 come off: 160.</para>
    /// </remarks>
    /// <param name="terms">The programme's version that the sale is under.</param>
    /// <param name="sale">The sale; to claw back, what remains of it.</param>
    /// <param name="tierFactor">The factor of the member's tier, before or after the sale as the programme says; 1 without a tier.</param>
    /// <param name="givenToday">What rules with a limit a day have given the holder on that day before.</param>
    public static EarnedPoints Earn(LoyaltyProgrammeTerms terms, LoyaltySale sale, Rate tierFactor, IReadOnlyDictionary<string, Quantity>? givenToday = null)
    {
        var lines = sale.Lines.Where(line => IsEligible(line, terms.Exclusions)).ToList();
        var bases = Bases(terms, sale, lines);
        var total = Money.Sum(terms.Currency, bases);
        var rules = terms.Rules.Where(rule => rule.Selector.Matches(sale) && (rule.MinEligible is not { } least || total >= least)).ToList();

        var given = Multiplied(terms, rules, lines, BasePoints(terms, rules, lines, bases, tierFactor), givenToday);
        var parts = new List<(string Rule, Ratio Points)>();
        foreach (var (rule, points) in given) parts.Add((rule.Code, Capped(rule, Ratio.Sum(points), givenToday)));

        var rounded = OnGrid(Ratio.Max(Ratio.Zero, Ratio.Sum(parts.Select(part => part.Points))), terms);
        var byRule = Shared(rounded, parts, terms);
        foreach (var rule in rules.Where(rule => rule.Type == LoyaltyRuleType.Bonus))
        {
            var matching = lines.Where(rule.Selector.Matches).ToList();
            if (matching.Count == 0) continue;
            var times = rule.PerUnit ? Ratio.Sum(matching.Select(line => Ratio.Of(line.Quantity))) : Ratio.One;
            var bonus = OnGrid(Ratio.Max(Ratio.Zero, Capped(rule, Ratio.Of(rule.Points) * times, givenToday)), terms);
            if (bonus.IsPositive) byRule.Add(new RulePoints(rule.Code, bonus));
        }

        return new EarnedPoints(Quantity.Sum(byRule.Select(part => part.Points)), total, byRule);
    }

    /// <summary>The points that a return takes back: what was earned, less what the lines that remain earn by the same terms and tier, less what
    /// was taken back before. Never negative.</summary>
    /// <remarks>Worked: 200 earned, 40.00 of A remain at Gold: 50, so 150 go.</remarks>
    /// <param name="earned">What the sale earned.</param>
    /// <param name="ofWhatRemains">What <see cref="Earn"/> gives for the lines that remain.</param>
    /// <param name="clawedBack">What earlier returns of the sale took.</param>
    public static Quantity ClawBack(Quantity earned, Quantity ofWhatRemains, Quantity clawedBack) =>
        Quantity.Max(Quantity.Zero, earned - ofWhatRemains - clawedBack);

    private static bool IsEligible(LoyaltyLine line, Exclusions excluded) =>
        line.Kind is LoyaltyLineKind.Item or LoyaltyLineKind.Delivery
        && !(line.Kind == LoyaltyLineKind.Delivery && excluded.Delivery)
        && !excluded.Items.Contains(line.Item) && !excluded.Categories.Overlaps(line.Categories) && !excluded.Labels.Overlaps(line.Labels);

    private static List<Money> Bases(LoyaltyProgrammeTerms terms, LoyaltySale sale, List<LoyaltyLine> lines)
    {
        var bases = lines.ConvertAll(line => terms.Basis == PointBasis.Gross && line.Tax is { } tax ? line.Net + tax : line.Net);
        var total = Money.Sum(terms.Currency, bases);
        var earns = terms.Redemption?.EarnOnPointsPaid ?? false;
        var change = earns ? sale.PointsDiscount ?? Money.Zero(terms.Currency) : -(sale.PointsTendered ?? Money.Zero(terms.Currency));
        if (change.IsZero || !total.IsPositive) return bases;

        // No more can be paid in points than the eligible lines come to; the rest was paid for lines that earn nothing.
        change = Money.Max(change, -total);
        var parts = Split.Largest(change.Minor, [.. bases.Select(amount => amount.Minor)]);
        for (var at = 0; at < parts.Length; at++) bases[at] += new Money(parts[at], terms.Currency);
        return bases;
    }

    private static List<(LoyaltyRule Rule, Ratio[] Points)> BasePoints(
        LoyaltyProgrammeTerms terms, List<LoyaltyRule> rules, List<LoyaltyLine> lines, List<Money> bases, Rate tierFactor)
    {
        var bearing = rules.Where(rule => rule.Type == LoyaltyRuleType.Base && rule.PerAmount is not null).Select(rule => (Rule: rule, Points: new Ratio[lines.Count])).ToList();
        for (var at = 0; at < lines.Count; at++)
        {
            var matching = bearing.FindAll(one => one.Rule.Selector.Matches(lines[at]));
            if (terms.Stacking == Stacking.Best && matching.Count > 1) matching = [matching.MaxBy(one => RateOf(one.Rule))];
            foreach (var (rule, points) in matching) points[at] = Ratio.Of(bases[at]) * RateOf(rule) * Ratio.Of(tierFactor);
        }

        return bearing;
    }

    private static List<(LoyaltyRule Rule, Ratio[] Points)> Multiplied(
        LoyaltyProgrammeTerms terms, List<LoyaltyRule> rules, List<LoyaltyLine> lines, List<(LoyaltyRule Rule, Ratio[] Points)> given, IReadOnlyDictionary<string, Quantity>? givenToday)
    {
        Invariant.Holds(terms.PointDecimals is >= 0 and <= 6);
        foreach (var multiplier in rules.Where(rule => rule.Type == LoyaltyRuleType.Multiplier))
        {
            var more = Ratio.Of(multiplier.Factor) - Ratio.One;
            var meant = lines.Select(multiplier.Selector.Matches).ToList();
            var extra = more * Ratio.Sum(given.SelectMany(one => one.Points.Where((_, at) => meant[at])));
            var capped = Capped(multiplier, extra, givenToday);
            if (capped != extra) more *= capped / extra;
            foreach (var (_, points) in given)
            {
                for (var at = 0; at < points.Length; at++)
                {
                    if (meant[at]) points[at] += points[at] * more;
                }
            }
        }

        return given;
    }

    // Points for one minor unit.
    private static Ratio RateOf(LoyaltyRule rule) => Ratio.Of(rule.Points) / Ratio.Of(rule.PerAmount!.Value);

    private static Ratio Capped(LoyaltyRule rule, Ratio points, IReadOnlyDictionary<string, Quantity>? givenToday)
    {
        if (rule.CapPerSale is { } most) points = Ratio.Min(points, Ratio.Of(most));
        if (rule.CapPerDay is not { } daily) return points;
        var left = daily - (givenToday?.GetValueOrDefault(rule.Code) ?? Quantity.Zero);
        return Ratio.Min(points, Ratio.Of(Quantity.Max(Quantity.Zero, left)));
    }

    private static Quantity OnGrid(Ratio points, LoyaltyProgrammeTerms terms) => PointGrid.Round(points, terms.PointDecimals, terms.Rounding switch
    {
        PointRounding.Floor => Rounding.Floor,
        PointRounding.Ceiling => Rounding.Up,
        _ => Rounding.HalfAwayFromZero,
    });

    private static List<RulePoints> Shared(Quantity total, List<(string Rule, Ratio Points)> parts, LoyaltyProgrammeTerms terms)
    {
        if (!total.IsPositive) return [];
        var grain = PointGrid.Grain(terms.PointDecimals);
        var shares = Split.Largest(total.Millionths / grain, [.. parts.Select(part => (part.Points * Ratio.Of(Quantity.One.Millionths)).Round(Rounding.Floor))]);
        return [.. parts.Select((part, at) => new RulePoints(part.Rule, new Quantity(shares[at] * grain))).Where(part => !part.Points.IsZero)];
    }
}

/// <summary>Points with so many decimals.</summary>
internal static class PointGrid
{
    /// <summary>The smallest number of points with so many decimals, in millionths.</summary>
    /// <param name="decimals">From 0 to 6.</param>
    public static long Grain(int decimals)
    {
        var grain = Quantity.One.Millionths;
        for (var left = decimals; left > 0; left--) grain /= 10;
        return grain;
    }

    /// <summary>Rounds exact points once to so many decimals.</summary>
    public static Quantity Round(Ratio points, int decimals, Rounding mode)
    {
        var grain = Grain(decimals);
        return new Quantity(checked((points * Ratio.Of(Quantity.One.Millionths) / Ratio.Of(grain)).Round(mode) * grain));
    }
}
