using Plug1.Customers.Segments;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Customers.Tests.Segments;

/// <summary>Segments through their documents: who is in, who was, and what customers are worth.</summary>
public sealed class SegmentScenarios
{
    /// <summary>Days since the last purchase, purchase days and sales of the ten customers of the guide.</summary>
    private static readonly (int R, int F, long M)[] Ten =
        [(3, 14, 1450_00), (12, 6, 610_00), (12, 2, 95_00), (40, 9, 880_00), (75, 1, 40_00), (90, 3, 210_00), (120, 1, 55_00), (180, 4, 1200_00), (260, 1, 40_00), (330, 2, 70_00)];

    private static readonly string[] Cells =
    [
        "555 Champions", "444 Champions", "423 Potential loyalist", "454 Champions", "311 About to sleep", "333 Needs attention", "212 Hibernating", "245 Cannot lose", "111 Lost", "122 Lost",
    ];

    [Theory, OnBothEngines]
    public async Task Ten_customers_get_their_cells_and_two_move_when_one_of_them_buys(Engine engine)
    {
        await using var market = await Market.Open(engine);
        var ten = await TheTen(market);
        await market.Score();
        for (var at = 0; at < 10; at++) (await market.Standing(ten[at])).ShouldBe(Cells[at]);
        var sleepy = await market.Define("SLEEPY", """{"measure":"rfmCell","op":"=","value":"About to sleep"}""", "rfm");
        (await market.Refresh(sleepy)).ShouldSatisfyAllConditions(run => run.Evaluated.ShouldBe(10), run => run.Entered.ShouldBe(1), run => run.Members.ShouldBe(1));
        (await market.Members("SLEEPY")).ShouldBe([ten[4]]);
        var grid = await market.Report("rfm-grid", Market.Today, Market.Today);
        grid.Rows[0].ShouldBe(["Champions", 3L, 2940_00L, 632_258L, 980_00L]);

        // The fifth buys on the day itself for 900.00.
        var before = market.Clock.GetUtcNow();
        market.Clock.Now = before.AddHours(1);
        await market.Sell((ten[4], Market.Today, 900_00));
        await market.Score();
        (await market.Refresh(sleepy)).ShouldSatisfyAllConditions(run => run.Entered.ShouldBe(0), run => run.Left.ShouldBe(1), run => run.Members.ShouldBe(0));
        (await market.Standing(ten[4])).ShouldBe("524 Potential loyalist");
        (await market.Standing(ten[3])).ShouldBe("354 Loyal");
        foreach (var at in new[] { 0, 1, 2, 5, 6, 7, 8, 9 }) (await market.Standing(ten[at]))[4..].ShouldBe(Cells[at][4..]);
        (await market.Members("SLEEPY")).ShouldBeEmpty();
        (await market.Members("SLEEPY", before)).ShouldBe([ten[4]]);
        var moves = await market.Report("migration", Market.Today, Market.Today);
        moves.Rows.Select(row => $"{row[0]} > {row[1]}: {row[2]}").ShouldBe(["About to sleep > Potential loyalist: 1", "Champions > Loyal: 1"]);
    }

    [Theory, OnBothEngines]
    public async Task A_question_as_of_last_month_is_answered_by_the_rule_of_then(Engine engine)
    {
        await using var market = await Market.Open(engine);
        var ids = await market.Customers("Ada", "Ben", "Cem");
        market.Clock.Now = new DateTimeOffset(2026, 2, 10, 10, 0, 0, TimeSpan.Zero);
        await market.Sell((ids[0], new(2026, 2, 1), 100_00), (ids[1], new(2026, 2, 2), 600_00));
        var first = await market.Define("GOOD", """{"measure":"sales","op":">=","value":"50.00"}""");
        (await market.Of<SegmentRuns>().Due()).ShouldBe(2);
        (await market.Of<SegmentRuns>().Due()).ShouldBe(0);
        market.Clock.Now = new DateTimeOffset(2026, 3, 31, 10, 0, 0, TimeSpan.Zero);
        var second = await market.Define("GOOD", """{"measure":"sales","op":">=","value":"500.00"}""");
        await market.Of<SegmentRuns>().Due();
        (await market.Members("GOOD")).ShouldBe([ids[1]]);
        var stamp = await market.Stamp();
        (await market.Of<Membership>().Members(stamp, second, new DateOnly(2026, 2, 28), 50, null)).Value.Items.Select(one => one.Name).Order().ShouldBe(["Ada", "Ben"]);
        (await market.Of<Membership>().Members(stamp, first, null, 50, null)).Value.Count.ShouldBe(1);
        (await market.Of<Membership>().Changes(stamp, second, new DateOnly(2026, 3, 1), null)).Value.Items.Select(one => $"{one.Name} {one.Change}").ShouldBe(["Ada left"]);
        (await market.Database.Read(db => db.Query($"select number, status from document where kind = 'segment' order by number", row => $"{row.Text(0)} {row.Text(1)}"))).ShouldBe(["GOOD/1 closed", "GOOD/2 posted"]);
        (await market.Database.Read(db => market.Of<ISegments>().IsMember(db, "GOOD", ids[0], new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)))).ShouldBeTrue();
        (await market.Database.Read(db => market.Of<ISegments>().IsMember(db, "GOOD", ids[0], market.Clock.GetUtcNow()))).ShouldBeFalse();

        // Retired, nobody is in it.
        (await market.Step(Verb.Close, second)).Refusal.ShouldBeNull();
        (await market.Members("GOOD")).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task What_is_no_rule_is_refused_by_its_code(Engine engine)
    {
        await using var market = await Market.Open(engine);
        (await market.RefusalOf("""{}""")).ShouldBe("SEGMENTS_EMPTY_RULE");
        (await market.RefusalOf("""{"all":[]}""")).ShouldBe("SEGMENTS_EMPTY_RULE");
        (await market.RefusalOf("""{"measure":"shoeSize","op":">","value":"1"}""")).ShouldBe("SEGMENTS_UNKNOWN_MEASURE");
        (await market.RefusalOf("""{"measure":"sales","op":">","value":"much"}""")).ShouldBe("SEGMENTS_TYPE_MISMATCH");
        (await market.RefusalOf("""{"measure":"rfmCell","op":"<","value":"Loyal"}""")).ShouldBe("SEGMENTS_TYPE_MISMATCH");
        (await market.RefusalOf("""{"measure":"segment","op":"=","value":"NONE"}""")).ShouldBe("SEGMENTS_TYPE_MISMATCH");
        (await market.RefusalOf("""{"measure":"sales","op":">","value":"1","or":"drop table"}""")).ShouldBe("SEGMENTS_RULE_MEMBER");
        var six = """{"not":{"not":{"not":{"not":{"not":{"measure":"orders","op":">","value":"0"}}}}}}""";
        (await market.RefusalOf(six)).ShouldBeNull();
        (await market.RefusalOf($$"""{"all":[{{six}}]}""")).ShouldBe("SEGMENTS_DEPTH");

        // A segment in itself, by way of another; and one that is used is not retired.
        var a = await market.Define("A", """{"measure":"orders","op":">","value":"0"}""");
        await market.Define("B", """{"measure":"segment","op":"=","value":"A"}""");
        var again = await market.Write((tx, stamp) => market.Of<SegmentDesk>().CreateWithin(tx, stamp, Market.Request("A", """{"not":{"measure":"segment","op":"=","value":"B"}}""")));
        (await market.Step(Verb.Submit, again.Value.Id)).Refusal!.Code.ShouldBe("SEGMENTS_CYCLE");
        (await market.Step(Verb.Close, a)).Refusal!.Code.ShouldBe("SEGMENTS_IN_USE");
        (await market.Step(Verb.Reverse, a, "CORRECTION")).Refusal!.Code.ShouldBe("SEGMENTS_NOT_REVERSED");
        (await market.Write((tx, stamp) => market.Of<SegmentDesk>().CreateWithin(tx, stamp, Market.Request("C", """{"measure":"orders","op":">","value":"0"}""", "rfm")))).Refusal!.Code.ShouldBe("SEGMENTS_TYPE_NEEDS");
    }

    [Theory, OnBothEngines]
    public async Task With_60_customers_who_came_back_no_model_is_fitted_and_the_fallback_is_shown(Engine engine)
    {
        await using var market = await Market.Open(engine);
        var ids = await market.Customers([.. Enumerable.Range(0, 60).Select(at => $"Customer {at}")]);
        await market.Sell([.. ids.SelectMany(id => new[] { (id, Market.Today.AddDays(-60), 40_00L), (id, Market.Today.AddDays(-30), 60_00L) })]);
        var stamp = await market.Stamp();
        var refused = (await market.Of<CustomerValues>().Fit(stamp, 12, Rate.Percent(1))).Refusal!;
        (refused.Code, refused.Detail!["repeatCustomers"]).ShouldBe(("SEGMENTS_MODEL_DATA", (object)60L));
        (await market.Of<SegmentDesk>().Fit(new Kernel.Commands.CommandCall(market.Manager, Market.Main), new FitRequest())).Refusal!.Code.ShouldBe("SEGMENTS_MODEL_DATA");
        var worth = (await market.Of<CustomerValues>().Of(stamp, ids[0])).Value;
        (worth.Basis, worth.Expected, worth.Alive).ShouldBe(("fallback", "100.00", null));
    }

    [Theory, OnBothEngines]
    public async Task The_example_customer_is_alive_with_0_7299_buys_1_1543_times_and_is_worth_159_61(Engine engine)
    {
        await using var market = await Market.Open(engine);
        var id = (await market.Customers("Example"))[0];
        // First 26 weeks ago, the last of four further days 20 weeks after it, 48.50 a day in the mean.
        var first = Market.Today.AddDays(-26 * 7);
        await market.Sell((id, first, 10_00), (id, first.AddDays(30), 40_00), (id, first.AddDays(60), 57_00), (id, first.AddDays(90), 50_00), (id, first.AddDays(140), 27_00), (id, first.AddDays(140), 20_00));
        var model = new ValueModel(new BgNbdParameters(0.35, 6, 0.9, 3), new GammaGammaParameters(6, 4, 15), Market.Today, -1, 1, 1, null, 12, Rate.Percent(1));
        (await market.Write((tx, stamp) => market.Of<CustomerValues>().Keep(tx, stamp, model))).Refusal.ShouldBeNull();
        var worth = (await market.Of<CustomerValues>().Of(await market.Stamp(), id)).Value;
        (worth.Basis, Rate.Parse(worth.Alive!).Millionths / 1e6, Rate.Parse(worth.Purchases!).Millionths / 1e6, worth.Spend, worth.Expected).ShouldSatisfyAllConditions(told => told.Item2.ShouldBe(0.7299, 0.00005), told => told.Item3.ShouldBe(1.1543, 0.00005), told => (told.Basis, told.Spend, told.Expected).ShouldBe(("model", "46.44", "159.61")));
        (await market.Preview("""{"measure":"expectedValue","op":"=","value":"159.61"}""")).Count.ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_sale_that_was_reversed_counts_until_its_reversal_and_customers_that_are_one_count_as_one(Engine engine)
    {
        await using var market = await Market.Open(engine);
        var ids = await market.Customers("Ada", "Ada again", "Ben");
        var sales = await market.Sell((ids[0], new(2026, 3, 1), 100_00), (ids[1], new(2026, 3, 2), 50_00), (ids[0], new(2026, 3, 5), -20_00));
        await market.Database.Write(tx => tx.Execute($"update party set state = 'merged', canonical_id = {ids[0]} where id = {ids[1]}"));
        var example = (await market.Preview("""{"all":[{"measure":"sales","op":"=","value":"130.00"},{"measure":"orders","op":"=","value":"2"},{"measure":"averageSale","op":"=","value":"75.00"},{"measure":"returnRate","op":"=","value":"0.133333"},{"measure":"recencyDays","op":"=","value":"29"},{"measure":"firstSale","op":"=","value":"2026-03-01"},{"measure":"margin","op":"=","value":"65.00"}]}""")).Examples.ShouldHaveSingleItem();
        (example.PartyId, example.Figures["sales"], example.Figures["recencyDays"]).ShouldBe((ids[0], "130.00", (object)29L));
        await market.Reverse(sales[0], new(2026, 3, 10));
        (await market.Preview("""{"all":[{"measure":"sales","op":"=","value":"30.00"},{"measure":"orders","op":"=","value":"1"}]}""")).Count.ShouldBe(1);

        // Who never bought has no days since, whichever way they are asked for, and is found by what is not.
        (await market.Preview("""{"measure":"recencyDays","op":"<>","value":"5"}""")).Count.ShouldBe(1);
        (await market.Preview("""{"not":{"measure":"recencyDays","op":">=","value":"0"}}""")).Examples.ShouldHaveSingleItem().Name.ShouldBe("Ben");
        (await market.Preview("""{"measure":"orders","op":"=","value":"0"}""")).Count.ShouldBe(1);
    }

    /// <summary>Each of the ten buys on as many days within the year as the guide says, the last time on the day it says.</summary>
    private static async Task<IReadOnlyList<Guid>> TheTen(Market market)
    {
        var ids = await market.Customers([.. Enumerable.Range(1, 10).Select(at => $"C{at}")]);
        await market.Sell([.. Ten.SelectMany((one, at) => Enumerable.Range(0, one.F).Select(day =>
            (ids[at], Market.Today.AddDays(-one.R - (day * 2)), day == 0 ? one.M - ((one.F - 1) * 1_00) : 1_00)))]);
        return ids;
    }
}
