using Plug1.Kernel.Values;

namespace Plug1.Customers.Interactions;

/// <summary>How an opportunity stands.</summary>
internal enum OpportunityState
{
    /// <summary>In a stage of its pipeline.</summary>
    Open,

    /// <summary>Won.</summary>
    Won,

    /// <summary>Lost.</summary>
    Lost,
}

/// <summary>An opportunity, as far as its weight goes.</summary>
/// <param name="Amount">Its amount.</param>
/// <param name="Probability">0 to 1: its own, or that of its stage.</param>
/// <param name="State">How it stands; won counts 1, lost 0.</param>
internal readonly record struct WeightedOpportunity(Money Amount, Rate Probability, OpportunityState State = OpportunityState.Open);

/// <summary>The figures of a sales pipeline.</summary>
internal static class Pipeline
{
    /// <summary>The weighted value of one: <c>round(amount × probability)</c>, half away from zero.</summary>
    public static Money Weighted(WeightedOpportunity opportunity) => opportunity.State switch
    {
        OpportunityState.Won => opportunity.Amount,
        OpportunityState.Lost => Money.Zero(opportunity.Amount.Currency),
        _ => opportunity.Amount.Times(opportunity.Probability),
    };

    /// <summary>The weighted value of many, each rounded, then summed: 12,000.00 at 0.10, 4,999.99 at 0.35 and 800.00 at 0.75 are 3,550.00.</summary>
    public static Money Weighted(IEnumerable<WeightedOpportunity> opportunities, Currency currency) => Money.Sum(currency, opportunities.Select(Weighted));

    /// <summary>Won ÷ (won + lost), of those closed in a period.</summary>
    /// <returns>Null when none was closed.</returns>
    public static Ratio? WinRate(int won, int lost) => won + lost == 0 ? null : new Ratio(won, won + lost);

    /// <summary>Those that entered the next stage ÷ those that entered this one in the month.</summary>
    /// <returns>Null when none entered.</returns>
    public static Ratio? StageConversion(int enteredNext, int enteredThis) => enteredThis == 0 ? null : new Ratio(enteredNext, enteredThis);
}
