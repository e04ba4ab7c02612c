using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Values;

public sealed class SplitTests
{
    private static readonly Arbitrary<long[]> Weights =
        Gen.Choose(0, 100_000).Select(weight => (long)weight).ArrayOf().Where(weights => weights.Length > 0).ToArbitrary();

    private static readonly Arbitrary<int> Totals = Gen.Choose(-1_000_000, 1_000_000).ToArbitrary();

    [Fact]
    public void A_discount_of_5_00_is_split_3_50_0_70_0_80() =>
        Split.Largest(500, [5397L, 1090, 1230]).ShouldBe([350L, 70, 80]);

    [Fact]
    public void Ties_go_to_the_lower_line() => Split.Largest(100, [1L, 1, 1]).ShouldBe([34L, 33, 33]);

    [Fact]
    public void A_negative_total_is_the_mirror() => Split.Largest(-100, [1L, 1, 1]).ShouldBe([-34L, -33, -33]);

    [Fact]
    public void Weights_of_zero_count_as_equal() => Split.Largest(5, [0L, 0, 0, 0]).ShouldBe([2L, 1, 1, 1]);

    [Fact]
    public void A_weight_of_zero_beside_others_gets_nothing() => Split.Largest(100, [0L, 1, 2]).ShouldBe([0L, 33, 67]);

    // 1001 over 3, -1: 1501.5 and -500.5; floors 1501 and -501; the one left over goes to the first of two equal fractions.
    [Fact]
    public void Signed_weights_floor_towards_minus_infinity() => Split.Largest(1001, [3L, -1]).ShouldBe([1502L, -501]);

    [Fact]
    public void All_negative_weights_split_like_positive_ones() => Split.Largest(500, [-5397L, -1090, -1230]).ShouldBe([350L, 70, 80]);

    [Fact]
    public void What_cannot_be_split_is_our_bug()
    {
        Should.Throw<InvariantBrokenException>(() => Split.Largest(1, [1L, -1]));
        Should.Throw<InvariantBrokenException>(() => Split.Largest(1, Array.Empty<long>()));
        Split.Largest(0, Array.Empty<long>()).ShouldBeEmpty();
        Split.IsPossible([1, -1]).ShouldBeFalse();
        Split.IsPossible([0, 0]).ShouldBeTrue();
    }

    [Fact]
    public void The_parts_sum_to_the_whole() =>
        Prop.ForAll(Totals, Weights, (total, weights) => Split.Largest(total, weights).Sum() == total).QuickCheckThrowOnFailure();

    [Fact]
    public void Signed_weights_sum_to_the_whole_too() =>
        Prop.ForAll(
            Totals,
            Gen.Choose(-1000, 1000).Select(weight => (long)weight).ArrayOf().Where(weights => weights.Sum() != 0).ToArbitrary(),
            (total, weights) => Split.Largest(total, weights).Sum() == total).QuickCheckThrowOnFailure();

    [Fact]
    public void Each_part_is_within_one_of_its_exact_share() =>
        Prop.ForAll(Totals, Weights, (total, weights) =>
        {
            var sum = (Int128)weights.Sum();
            return sum == 0 || Split.Largest(total, weights).Zip(weights).All(part =>
                Int128.Abs(((Int128)part.First * sum) - ((Int128)total * part.Second)) < sum);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_equal_weights_the_earlier_line_never_gets_less_of_a_positive_total() =>
        Prop.ForAll(Gen.Choose(0, 100_000).ToArbitrary(), Weights, (total, weights) =>
        {
            var parts = Split.Largest(total, weights);
            for (var i = 0; i < weights.Length; i++)
            {
                for (var j = i + 1; j < weights.Length; j++)
                {
                    if (weights[i] == weights[j] && parts[i] < parts[j]) return false;
                    if (weights[i] > weights[j] && parts[i] < parts[j]) return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Many_lines_are_split_like_few()
    {
        // 100 lines take the sorting path. 1010 over 1008: 98 lines have 10.02, lines 7 and 90 have 14.03; floors leave two over.
        var weights = Enumerable.Repeat(10L, 100).ToArray();
        weights[7] = 14;
        weights[90] = 14;
        var parts = Split.Largest(1010, weights);
        parts[7].ShouldBe(15);
        parts[90].ShouldBe(15);
        parts.Count(part => part == 10).ShouldBe(98);
    }

    [Fact]
    public void Ten_in_three_equal_steps_is_3_33_3_34_3_33()
    {
        long taken = 0;
        var steps = new List<long>();
        for (var step = 1; step <= 3; step++)
        {
            steps.Add(CumulativeShare.Step(1000, step, 3, taken));
            taken += steps[^1];
        }

        steps.ShouldBe([333L, 334, 333]);
    }

    [Fact]
    public void Steps_of_any_size_exhaust_the_whole() =>
        Prop.ForAll(Totals, Weights, (whole, sizes) =>
        {
            Int128 cumulative = 0;
            Int128 total = sizes.Sum();
            long taken = 0;
            foreach (var size in sizes)
            {
                cumulative += size;
                taken += CumulativeShare.Step(whole, cumulative, total, taken);
            }

            return taken == whole;
        }).QuickCheckThrowOnFailure();
}
