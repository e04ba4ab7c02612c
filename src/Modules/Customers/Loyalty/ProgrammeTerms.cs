using System.Text.Json;
using System.Text.Json.Serialization;
using Plug1.Kernel;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Reads the terms of a programme as they were entered, and says what is wrong with them.</summary>
internal static class ProgrammeTerms
{
    private const int MostRules = 50, MostTiers = 10, MostListed = 500;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly DateOnly Earliest = new(1990, 1, 1), Latest = new(2199, 12, 31);

    /// <summary>As text, for the database.</summary>
    public static string Write(ProgrammeRequest request) => JsonSerializer.Serialize(request, Json);

    /// <summary>From the database, where it was right once.</summary>
    public static ProgrammeRequest Read(string text) => JsonSerializer.Deserialize<ProgrammeRequest>(text, Json) ?? throw new InvariantBrokenException("A programme has terms.");

    /// <summary>The terms of a programme that stands in the database.</summary>
    public static LoyaltyProgrammeTerms Of(string text, Currency currency) => Of(Read(text), currency).Value;

    /// <summary>The terms, or the first thing that is wrong.</summary>
    public static Result<LoyaltyProgrammeTerms> Of(ProgrammeRequest request, Currency currency)
    {
        if (Head(request) is { } no) return no;
        var (rules, tiers, excluded) = (request.Rules ?? [], request.Tiers ?? [], request.Exclusions ?? new ExclusionsRequest());
        if (rules.Count > MostRules) return LoyaltyRefusals.TooMany("/rules", MostRules);
        if (tiers.Count > MostTiers) return LoyaltyRefusals.TooMany("/tiers", MostTiers);
        if (excluded.Items?.Count > MostListed || excluded.Categories?.Count > MostListed) return LoyaltyRefusals.TooMany("/exclusions", MostListed);
        var expiry = Expiry(request.Expiry);
        if (expiry.Refusal is { } lapse) return lapse;
        var redemption = Redemption(request.Redemption, currency);
        if (redemption.Refusal is { } pays) return pays;
        var ruled = Rules(request, currency);
        if (ruled.Refusal is { } rule) return rule;
        var tiered = Tiered(tiers);
        if (tiered.Refusal is { } tier) return tier;
        return new LoyaltyProgrammeTerms
        {
            Currency = currency,
            PointDecimals = request.PointDecimals,
            Basis = request.Basis == "gross" ? PointBasis.Gross : PointBasis.Net,
            Rounding = request.Rounding switch { "ceiling" => PointRounding.Ceiling, "nearest" => PointRounding.Nearest, _ => PointRounding.Floor },
            Stacking = request.Stacking == "best" ? Stacking.Best : Stacking.Sum,
            EarnAtTier = request.EarnAtTier == "after" ? EarnTier.After : EarnTier.Before,
            PendingDays = request.PendingDays,
            Expiry = expiry.Value,
            Redemption = redemption.Value,
            Deferral = request.Deferral,
            BreakageRate = request.BreakageRate ?? Rate.Zero,
            Exclusions = new Exclusions { Items = Set(excluded.Items), Categories = Set(excluded.Categories), Delivery = excluded.Delivery },
            Rules = ruled.Value,
            Tiers = tiered.Value,
        };
    }

    private static Refusal? Head(ProgrammeRequest request)
    {
        if (request.Code.Length is < 1 or > 20 || !request.Code.All(letter => letter is (>= 'A' and <= 'Z') or (>= '0' and <= '9'))) return LoyaltyRefusals.ProgrammeCode;
        if (request.Name.Length == 0 || Check.Text(request.Name, "/name") is not null) return Check.Text("", "/name");
        if (request.ValidFrom < Earliest || request.ValidTo < request.ValidFrom || request.ValidTo > Latest) return LoyaltyRefusals.Dates;
        if (request.PointDecimals is < 0 or > 2) return LoyaltyRefusals.Number("/pointDecimals", "0, 1 or 2");
        if (request.PendingDays is < 0 or > 366) return LoyaltyRefusals.Number("/pendingDays", "0 to 366");
        if (request.BreakageRate is { } breakage && (breakage.IsNegative || breakage >= Rate.One)) return LoyaltyRefusals.Number("/breakageRate", "0 to below 1");
        return Word(request.Basis, "/basis", "net", "gross") ?? Word(request.Rounding, "/rounding", "floor", "nearest", "ceiling")
            ?? Word(request.Stacking, "/stacking", "sum", "best") ?? Word(request.EarnAtTier, "/earnAtTier", "before", "after");
    }

    private static Refusal? Word(string word, string at, params string[] words) => words.Contains(word) ? null : LoyaltyRefusals.Choice(at, string.Join(", ", words));

    private static Result<ExpiryPolicy> Expiry(ExpiryRequest? entered)
    {
        if (entered is null || entered.Kind == "never") return new ExpiryPolicy(ExpiryKind.Never);
        if (entered.Kind == "fixed-date")
            return entered.On is { } on && on > Earliest && on < Latest ? new ExpiryPolicy(ExpiryKind.FixedDate, On: on) : LoyaltyRefusals.Number("/expiry/on", "a date, where points lapse on one");
        if (Word(entered.Kind, "/expiry/kind", "never", "months", "month-end", "fixed-date", "last-movement") is { } no) return no;
        if (entered.Months is < 1 or > 240) return LoyaltyRefusals.Number("/expiry/months", "1 to 240");
        return new ExpiryPolicy(entered.Kind switch { "months" => ExpiryKind.Months, "month-end" => ExpiryKind.MonthEnd, _ => ExpiryKind.LastMovement }, entered.Months);
    }

    private static Result<RedemptionTerms?> Redemption(RedemptionRequest? entered, Currency currency)
    {
        if (entered is null) return (Result<RedemptionTerms?>)(RedemptionTerms?)null;
        if (!Money.TryParse(entered.PointValue, currency, out var value) || !value.IsPositive || value.Minor > ValueRefusals.GreatestMinor) return LoyaltyRefusals.Amount("/redemption/pointValue");
        if (!IsCount(entered.PerPoints) || entered.PerPoints.IsZero) return LoyaltyRefusals.Number("/redemption/perPoints", "above zero");
        if (entered.MinPoints is { } least && !IsCount(least)) return LoyaltyRefusals.Number("/redemption/minPoints", "not below zero");
        if (entered.Step is { } step && (!IsCount(step) || step.IsZero)) return LoyaltyRefusals.Number("/redemption/step", "above zero");
        if (entered.MaxShareOfSale is { } share && (!share.IsPositive || share > Rate.One)) return LoyaltyRefusals.Number("/redemption/maxShareOfSale", "above 0 and at most 1");
        return (RedemptionTerms?)new RedemptionTerms
        {
            PointValue = value,
            PerPoints = entered.PerPoints,
            MinPoints = entered.MinPoints ?? Quantity.Zero,
            Step = entered.Step ?? Quantity.One,
            MaxShareOfSale = entered.MaxShareOfSale ?? Rate.One,
            As = RedemptionAs.Tender,
            EarnOnPointsPaid = entered.EarnOnPointsPaid,
        };
    }

    private static Result<IReadOnlyList<LoyaltyRule>> Rules(ProgrammeRequest request, Currency currency)
    {
        var rules = new List<LoyaltyRule>();
        foreach (var (entered, at) in (request.Rules ?? []).Select((rule, place) => (rule, $"/rules/{place}")))
        {
            var read = Rule(entered, at, currency);
            if (read.Refusal is { } no) return no;
            if (rules.Exists(other => other.Code == read.Value.Code)) return LoyaltyRefusals.RuleCodes($"{at}/code");
            if (request.Stacking == "best" && read.Value.Type == LoyaltyRuleType.Base && rules.Exists(other => IsRival(other, read.Value))) return LoyaltyRefusals.RuleOverlap(at);
            rules.Add(read.Value);
        }

        return rules;
    }

    private static bool IsRival(LoyaltyRule one, LoyaltyRule other) => one.Type == LoyaltyRuleType.Base
        && Ratio.Of(one.Points) / Ratio.Of(one.PerAmount!.Value) == Ratio.Of(other.Points) / Ratio.Of(other.PerAmount!.Value)
        && (one.Selector.Items.Count == 0 || other.Selector.Items.Count == 0 || one.Selector.Items.Overlaps(other.Selector.Items));

    private static Result<LoyaltyRule> Rule(RuleRequest entered, string at, Currency currency)
    {
        if (entered.Code.Length is < 1 or > 40 || Check.Text(entered.Code, $"{at}/code", 40) is not null) return Check.Text("", $"{at}/code", 40)!;
        if (Word(entered.Type, $"{at}/type", "base", "multiplier", "bonus") is { } type) return type;
        Money per = default, least = default;
        if (entered.Type == "base" && (!Money.TryParse(entered.PerAmount, currency, out per) || !per.IsPositive || per.Minor > ValueRefusals.GreatestMinor)) return LoyaltyRefusals.Amount($"{at}/perAmount");
        if (entered.MinEligible is not null && (!Money.TryParse(entered.MinEligible, currency, out least) || least.IsNegative || least.Minor > ValueRefusals.GreatestMinor)) return LoyaltyRefusals.Amount($"{at}/minEligible");
        if (entered.Type != "multiplier" && (entered.Points is not { IsPositive: true } points || !IsCount(points))) return LoyaltyRefusals.Number($"{at}/points", "above zero");
        if (entered.Type == "multiplier" && (entered.Factor is not { IsPositive: true } factor || factor > Rate.Of(1000))) return LoyaltyRefusals.Number($"{at}/factor", "above 0 and at most 1000");
        if (entered.CapPerSale is { } sale && !IsCount(sale)) return LoyaltyRefusals.Number($"{at}/capPerSale", "not below zero");
        if (entered.CapPerDay is { } day && !IsCount(day)) return LoyaltyRefusals.Number($"{at}/capPerDay", "not below zero");
        var selected = entered.Selector ?? new SelectorRequest();
        if (new[] { selected.Items?.Count, selected.Categories?.Count, selected.Branches?.Count, selected.Channels?.Count }.Any(count => count > MostListed)) return LoyaltyRefusals.TooMany($"{at}/selector", MostListed);
        if (selected.Weekdays?.Any(weekday => weekday is < 1 or > 7) == true) return LoyaltyRefusals.Number($"{at}/selector/weekdays", "1 for Monday to 7 for Sunday");
        return new LoyaltyRule
        {
            Code = entered.Code,
            Type = entered.Type switch { "base" => LoyaltyRuleType.Base, "multiplier" => LoyaltyRuleType.Multiplier, _ => LoyaltyRuleType.Bonus },
            Points = entered.Points ?? Quantity.Zero,
            PerAmount = entered.Type == "base" ? per : null,
            PerUnit = entered.PerUnit,
            Factor = entered.Factor ?? Rate.One,
            MinEligible = entered.MinEligible is null ? null : least,
            CapPerSale = entered.CapPerSale,
            CapPerDay = entered.CapPerDay,
            Selector = new RuleSelector
            {
                Items = Set(selected.Items),
                Categories = Set(selected.Categories),
                Branches = Set(selected.Branches),
                Channels = new HashSet<string>(selected.Channels ?? [], StringComparer.Ordinal),
                Weekdays = new HashSet<DayOfWeek>((selected.Weekdays ?? []).Select(weekday => (DayOfWeek)(weekday % 7))),
                From = selected.From,
                To = selected.To,
            },
        };
    }

    private static Result<IReadOnlyList<LoyaltyTier>> Tiered(IReadOnlyList<TierRequest> entered)
    {
        var tiers = new List<LoyaltyTier>();
        for (var place = 0; place < entered.Count; place++)
        {
            var (tier, at) = (entered[place], $"/tiers/{place}");
            if (tier.Code.Length is < 1 or > 40 || Check.Text(tier.Code, $"{at}/code", 40) is not null) return Check.Text("", $"{at}/code", 40)!;
            if ((Word(tier.Basis, $"{at}/basis", "spend", "points", "visits") ?? Word(tier.Window, $"{at}/window", "rolling-months", "calendar-year", "lifetime")) is { } word) return word;
            if (!IsCount(tier.Threshold)) return LoyaltyRefusals.Number($"{at}/threshold", "not below zero");
            if (tier.WindowMonths is < 1 or > 120) return LoyaltyRefusals.Number($"{at}/windowMonths", "1 to 120");
            if (tier.ValidMonths is < 1 or > 120) return LoyaltyRefusals.Number($"{at}/validMonths", "1 to 120");
            if (tier.MaxStepsDown is < 0 or > MostTiers) return LoyaltyRefusals.Number($"{at}/maxStepsDown", "0 to 10");
            if (tier.EarnFactor is { } factor && (!factor.IsPositive || factor > Rate.Of(100))) return LoyaltyRefusals.Number($"{at}/earnFactor", "above 0 and at most 100");
            if (tiers.Exists(other => other.Code == tier.Code)) return LoyaltyRefusals.RuleCodes($"{at}/code");
            if (place > 0 && (tier.Threshold <= entered[place - 1].Threshold || tier.Basis != entered[place - 1].Basis)) return LoyaltyRefusals.TierOrder($"{at}/threshold");
            tiers.Add(new LoyaltyTier
            {
                Code = tier.Code,
                Threshold = tier.Threshold,
                Basis = tier.Basis switch { "points" => TierBasis.Points, "visits" => TierBasis.Visits, _ => TierBasis.Spend },
                Window = tier.Window switch { "calendar-year" => TierWindow.CalendarYear, "lifetime" => TierWindow.Lifetime, _ => TierWindow.RollingMonths },
                WindowMonths = tier.WindowMonths,
                EarnFactor = tier.EarnFactor ?? Rate.One,
                ValidMonths = tier.ValidMonths,
                MaxStepsDown = tier.MaxStepsDown,
            });
        }

        return tiers;
    }

    /// <summary>Points, thresholds and the like: not below zero, at most a billion.</summary>
    private static bool IsCount(Quantity quantity) => !quantity.IsNegative && quantity <= Quantity.Of(1_000_000_000);

    private static HashSet<Guid> Set(IReadOnlyList<Guid>? ids) => [.. ids ?? []];
}
