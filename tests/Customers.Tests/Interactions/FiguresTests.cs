using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.Interactions;
using Plug1.Kernel;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Interactions;

public sealed class FiguresTests
{
    [Fact]
    public void The_three_opportunities_weigh_3_550_00()
    {
        WeightedOpportunity[] three = [new(Usd2("12000.00"), Rate.Percent(10)), new(Usd2("4999.99"), Rate.Percent(35)), new(Usd2("800.00"), Rate.Percent(75))];
        three.Select(Pipeline.Weighted).ShouldBe([Usd2("1200.00"), Usd2("1750.00"), Usd2("600.00")]);
        Pipeline.Weighted(three, Usd).ShouldBe(Usd2("3550.00"));
    }

    [Fact]
    public void Won_counts_whole_and_lost_not_at_all() =>
        Pipeline.Weighted([new(Usd2("10.00"), Rate.Percent(10), OpportunityState.Won), new(Usd2("99.00"), Rate.Percent(90), OpportunityState.Lost)], Usd).ShouldBe(Usd2("10.00"));

    [Fact]
    public void A_hundred_answers_of_58_25_and_17_are_a_score_of_41_0()
    {
        int[] scores = [.. Enumerable.Repeat(9, 30), .. Enumerable.Repeat(10, 28), .. Enumerable.Repeat(7, 20), .. Enumerable.Repeat(8, 5), .. Enumerable.Repeat(6, 10), .. Enumerable.Repeat(0, 7)];
        Survey.NpsTenths(scores).ShouldBe(410);
        Survey.NpsTenths(58, 17, 100).ShouldBe(410);
        Survey.NpsTenths(0, 1, 3).ShouldBe(-333);
        Survey.NpsTenths([]).ShouldBeNull();
        Should.Throw<InvariantBrokenException>(() => Survey.NpsTenths([11]));
    }

    [Fact]
    public void Satisfied_are_those_who_give_4_or_5()
    {
        Survey.Csat([5, 4, 3, 1]).ShouldBe(new Ratio(1, 2));
        Survey.Csat([]).ShouldBeNull();
        Should.Throw<InvariantBrokenException>(() => Survey.Csat([0]));
    }

    [Fact]
    public void Rates_of_winning_and_moving_on_are_exact_and_none_without_cases()
    {
        Pipeline.WinRate(2, 4).ShouldBe(new Ratio(1, 3));
        Pipeline.WinRate(0, 0).ShouldBeNull();
        Pipeline.StageConversion(3, 4).ShouldBe(new Ratio(3, 4));
        Pipeline.StageConversion(0, 0).ShouldBeNull();
    }

    [Fact]
    public void A_fifth_contact_in_thirty_days_is_too_many()
    {
        var cap = new ContactCap();
        DateOnly[] four = [Day("2026-03-01"), Day("2026-03-05"), Day("2026-03-10"), Day("2026-03-20")];
        cap.IsReached(four, Day("2026-03-30")).ShouldBeTrue();
        cap.IsReached(four, Day("2026-03-31")).ShouldBeFalse();
    }

    [Fact]
    public void A_score_lies_between_minus_100_and_100_and_turns_its_sign_with_the_answers() =>
        Prop.ForAll(Gen.Choose(0, 500).SelectMany(up => Gen.Choose(0, 500).SelectMany(down => Gen.Choose(1, 500).Select(rest => (up, down, rest)))).ToArbitrary(), counts =>
        {
            var all = counts.up + counts.down + counts.rest;
            return Survey.NpsTenths(counts.up, counts.down, all) is >= -1000 and <= 1000 and var score && Survey.NpsTenths(counts.down, counts.up, all) == -score;
        }).QuickCheckThrowOnFailure();
}
