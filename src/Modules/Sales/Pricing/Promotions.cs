using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>When in a calculation promotions take something off.</summary>
public enum PromotionStage
{
    /// <summary>Single lines.</summary>
    Line = 1,

    /// <summary>Sets of units over several lines.</summary>
    MultiBuy = 2,

    /// <summary>The basket, after document discounts.</summary>
    Basket = 3,

    /// <summary>Charges such as freight.</summary>
    Charge = 4,
}

/// <summary>What one promotion takes off one line.</summary>
/// <param name="Stage">When.</param>
/// <param name="Line">Zero-based line number.</param>
/// <param name="Promotion">The version of the promotion.</param>
/// <param name="Amount">More than zero and at most what is left of the line.</param>
public sealed record PromotionAmount(PromotionStage Stage, int Line, Guid Promotion, Money Amount);

/// <summary>Decides what promotions take off, stage by stage.</summary>
public interface IPromotionStages
{
    /// <summary>The amounts of one stage.</summary>
    /// <param name="stage">The stage that is due.</param>
    /// <param name="basket">The basket that is calculated.</param>
    /// <param name="values">What is left of each line, in minor units.</param>
    IReadOnlyList<PromotionAmount> At(PromotionStage stage, Basket basket, ReadOnlySpan<long> values);
}

/// <summary>Promotion amounts that were decided before.</summary>
public sealed class GivenPromotions(IReadOnlyList<PromotionAmount> amounts) : IPromotionStages
{
    /// <inheritdoc/>
    public IReadOnlyList<PromotionAmount> At(PromotionStage stage, Basket basket, ReadOnlySpan<long> values)
    {
        List<PromotionAmount>? due = null;
        foreach (var amount in amounts)
        {
            if (amount.Stage == stage) (due ??= []).Add(amount);
        }

        return due ?? (IReadOnlyList<PromotionAmount>)[];
    }
}
