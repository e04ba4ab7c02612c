using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Reporting;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>Targets of what was reached and some per cent: rounded once, split so that the parts sum to the whole.</summary>
public sealed class TargetCopyTests
{
    [Fact]
    public void Five_per_cent_more_is_rounded_once_and_split_by_the_largest_remainder()
    {
        var (company, branches) = TargetCopy.Grow([1000, 1000, 1001], 5_000_000);
        company.ShouldBe(3151);
        branches.ShouldBe([1050, 1050, 1051]);
    }

    [Fact]
    public void A_negative_percentage_takes_away_and_minus_a_hundred_leaves_nothing()
    {
        var (company, branches) = TargetCopy.Grow([1999, 1], -2_500_000);
        (company, branches[0], branches[1]).ShouldBe((1950, 1949, 1));
        TargetCopy.Grow([1999, 1], -100_000_000).Company.ShouldBe(0);
    }

    [Fact]
    public void The_branches_always_sum_to_the_company_and_none_is_a_unit_away_from_its_own_exact_share() =>
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt[]>().Filter(parts => parts.Length > 0), ArbMap.Default.ArbFor<int>(), (parts, per) =>
        {
            var percent = (per % 100) * 1_000_003L;
            var actuals = parts.Select(part => (long)part.Get).ToArray();
            var (company, branches) = TargetCopy.Grow(actuals, percent);
            return branches.Sum() == company && actuals.Zip(branches).All(pair => Math.Abs((pair.First * (100_000_000m + percent) / 100_000_000m) - pair.Second) < 1.5m);
        }).QuickCheckThrowOnFailure();
}
