using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;

namespace Plug1.Customers.Tests;

public sealed class RatioTests
{
    private static readonly Arbitrary<(int Above, int Below)> Fractions =
        Gen.Choose(-100_000, 100_000).SelectMany(above => Gen.Choose(1, 5_000).Select(below => (above, below))).ToArbitrary();

    [Fact]
    public void Equal_values_are_equal_whatever_they_were_made_of()
    {
        new Ratio(2, 4).ShouldBe(new Ratio(-1, -2));
        default(Ratio).ShouldBe(new Ratio(0, 7));
        default(Ratio).Denominator.ShouldBe(1);
        Should.Throw<InvariantBrokenException>(() => new Ratio(1, 0));
        (new Ratio(1, 3) < new Ratio(1, 2)).ShouldBeTrue();
        new Ratio(2, 3).ToRate().ShouldBe(new Rate(666_667));
        new Ratio(2, 3).ToString().ShouldBe("2/3");
    }

    [Fact]
    public void It_rounds_as_the_kernel_divides() =>
        Prop.ForAll(Fractions, fraction => Enum.GetValues<Rounding>().All(mode =>
            new Ratio(fraction.Above, fraction.Below).Round(mode) == Rounding.DivideToLong(fraction.Above, fraction.Below, mode))).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_added_and_taken_away_leaves_what_was() =>
        Prop.ForAll(Fractions, Fractions, (one, two) =>
        {
            var (left, right) = (new Ratio(one.Above, one.Below), new Ratio(two.Above, two.Below));
            return left + right - right == left && (right.IsZero || left * right / right == left);
        }).QuickCheckThrowOnFailure();
}
