using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Values;

public sealed class RoundingTests
{
    [Theory]
    [InlineData(5, 2, 3, 2, 2, 3)]
    [InlineData(-5, 2, -3, -3, -2, -3)]
    [InlineData(7, 3, 2, 2, 2, 3)]
    [InlineData(-7, 3, -2, -3, -2, -3)]
    [InlineData(8, 3, 3, 2, 2, 3)]
    [InlineData(7, -3, -2, -3, -2, -3)]
    [InlineData(6, 3, 2, 2, 2, 2)]
    [InlineData(0, 3, 0, 0, 0, 0)]
    public void Each_mode_rounds_its_way(long n, long d, long half, long floor, long down, long up)
    {
        Rounding.Divide(n, d, Rounding.HalfAwayFromZero).ShouldBe((Int128)half);
        Rounding.Divide(n, d, Rounding.Floor).ShouldBe((Int128)floor);
        Rounding.Divide(n, d, Rounding.Down).ShouldBe((Int128)down);
        Rounding.Divide(n, d, Rounding.Up).ShouldBe((Int128)up);
    }

    [Fact]
    public void Halves_of_the_largest_numbers_round_without_overflow()
    {
        Rounding.Divide(Int128.MaxValue, Int128.MaxValue - 1, Rounding.HalfAwayFromZero).ShouldBe(Int128.One);
        Rounding.Divide(Int128.MaxValue, 2, Rounding.HalfAwayFromZero).ShouldBe((Int128.MaxValue / 2) + 1);
        Should.Throw<InvariantBrokenException>(() => Rounding.Divide(1, 0, Rounding.Down));
        Should.Throw<OverflowException>(() => Rounding.DivideToLong(Int128.MaxValue, 1, Rounding.Down));
    }

    [Theory]
    [InlineData(2096, 5, Rounding.HalfAwayFromZero, 2095)]
    [InlineData(2098, 5, Rounding.HalfAwayFromZero, 2100)]
    [InlineData(2099, 5, Rounding.Down, 2095)]
    [InlineData(2096, 5, Rounding.Up, 2100)]
    [InlineData(-333, 5, Rounding.HalfAwayFromZero, -335)]
    [InlineData(-333, 5, Rounding.Down, -330)]
    [InlineData(333, 0, Rounding.Up, 333)]
    [InlineData(333, 1, Rounding.Up, 333)]
    [InlineData(25, 10, Rounding.HalfAwayFromZero, 30)]
    public void Cash_rounds_to_its_step(long minor, long step, Rounding mode, long rounded) =>
        Rounding.RoundToStep(minor, step, mode).ShouldBe(rounded);

    [Fact]
    public void Rounded_differs_from_exact_by_less_than_one_and_half_by_at_most_a_half() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), Gen.Choose(1, 1_000_000).ToArbitrary(), (n, d) =>
        {
            var half = Int128.Abs((Rounding.Divide(n, d, Rounding.HalfAwayFromZero) * d) - n) * 2 <= d;
            var floor = n - (Rounding.Divide(n, d, Rounding.Floor) * d);
            var up = Int128.Abs(Rounding.Divide(n, d, Rounding.Up)) >= Int128.Abs(Rounding.Divide(n, d, Rounding.Down));
            return half && floor >= 0 && floor < d && up;
        }).QuickCheckThrowOnFailure();
}
