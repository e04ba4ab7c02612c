using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Analytics;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Analytics;

public class VarianceTests
{
    private const long One = 1_000_000;

    [Fact]
    public void A_difference_is_taken_apart_as_in_the_worked_example()
    {
        var result = Variance.Of([
            new VarianceLine("tea", (15 * One, 10 * One), (2700, 2000)),
            new VarianceLine("coffee", (5 * One, 10 * One), (2000, 4000)),
        ]);
        result.Difference.ShouldBe(-1300);
        result.Effects.ShouldBe(new VarianceEffects(Volume: 0, Mix: -1000, Price: -300));
        result.Share!.Value.ShouldBe(-1300 / 6000.0, 1e-12);
    }

    [Fact]
    public void More_of_everything_at_the_same_prices_is_volume_alone()
    {
        var result = Variance.Of([
            new VarianceLine("a", (12 * One, 10 * One), (1200, 1000)),
            new VarianceLine("b", (24 * One, 20 * One), (4800, 4000)),
        ]);
        result.Effects.ShouldBe(new VarianceEffects(1000, 0, 0));
    }

    [Fact]
    public void An_item_that_was_not_planned_is_mix_and_a_plan_without_quantity_has_no_effects()
    {
        Variance.Of([new VarianceLine("a", (10 * One, 10 * One), (1000, 1000)), new VarianceLine("new", (0, 0), (50, 0))]).Effects
            .ShouldBe(new VarianceEffects(0, 50, 0));
        Variance.Of([new VarianceLine("a", (10 * One, 0), (1000, 0))]).Effects.ShouldBeNull();
        Variance.Of(150, 0).Share.ShouldBeNull();
    }

    [Fact]
    public void Effects_sum_to_the_whole_to_the_cent_whatever_the_figures() =>
        Prop.ForAll(Lines.ToArbitrary(), lines =>
        {
            var result = Variance.Of(lines);
            return result.Effects is null
                || (result.Effects.Total == result.Difference
                    && lines.Zip(result.Lines).All(pair => pair.Second.Effects.Total == pair.First.Amount.Actual - pair.First.Amount.Target)
                    && result.Lines.Sum(line => line.Effects.Price) == result.Effects.Price);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_trailing_mean_rounds_half_away_from_zero()
    {
        Variance.TrailingMean([1, 2]).ShouldBe(2);
        Variance.TrailingMean([-1, -2]).ShouldBe(-2);
        Variance.TrailingMean([long.MaxValue, long.MaxValue, long.MaxValue]).ShouldBe(long.MaxValue);
        Should.Throw<ArgumentException>(() => Variance.TrailingMean([]));
    }

    private static Gen<VarianceLine[]> Lines =>
        (from actualQuantity in Gen.Choose(0, 2_000_000_000)
         from targetQuantity in Gen.Choose(0, 2_000_000_000)
         from actual in Gen.Choose(-100_000_000, 100_000_000)
         from target in Gen.Choose(-100_000_000, 100_000_000)
         select new VarianceLine("x", (actualQuantity * 7L, targetQuantity * 3L), (actual * 11L, target * 13L))).ArrayOf();
}
