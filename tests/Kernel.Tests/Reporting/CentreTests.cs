using Plug1.Kernel.Analytics;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>The parts of the operations dashboard and the analytics hub, in figures.</summary>
public sealed class CentreTests
{
    // A Tuesday.
    private static readonly DateOnly Today = new(2026, 3, 31);

    private static Task Sell(Shop shop, params IEnumerable<(Guid Branch, DateOnly Day, int Hour, long Amount)> sales) => shop.Database.Write(tx =>
    {
        foreach (var (branch, day, hour, amount) in sales)
            Facts.Stage(tx, shop.StampOf(branch, day, hour), new Fact { Document = shop.Draft(branch, day, hour), Event = "posted", Amount = amount });
        return Task.CompletedTask;
    });

    private static Viewer Nobody(Shop shop) => new(new Actor(Guid.CreateVersion7(), "nobody", "Nobody", []), shop.Organisation);

    [Theory, OnBothEngines]
    public async Task Today_by_hour_stands_beside_the_median_of_the_same_weekday(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        // Four Tuesdays before: 100, 120, 0 and 121 at ten. A Monday counts for nothing.
        await Sell(shop, (shop.North, Today.AddDays(-28), 10, 100L), (shop.North, Today.AddDays(-21), 10, 120L), (shop.South, Today.AddDays(-7), 10, 121L), (shop.North, Today.AddDays(-1), 10, 9_999L),
            (shop.North, Today, 10, 90L), (shop.South, Today, 12, 7L));
        for (var step = 0; step < 2; step++)
        {
            var curve = (await shop.Database.Read(db => Demand.Read(db, [Deliveries.Instance], shop.Manager, null, (Today, 12)))).Value;
            var net = curve.Series.Single();
            (net.Measure.Key, net.Weeks, net.Usual[10], net.Usual[12], net.Today[10], net.Today[12], net.Today[13]).ShouldBe(("net", 4, 110L, 0L, 90L, 7L, null));
            (net.SoFar, net.UsualSoFar, net.ChangeRate).ShouldBe((90L, 110L, -181_818L));
            var south = (await shop.Database.Read(db => Demand.Read(db, [Deliveries.Instance], shop.Manager, "S", (Today, 12)))).Value.Series.Single();
            (south.Weeks, south.Usual[10], south.SoFar, south.Today[12]).ShouldBe((1, 121L, 0L, 7L));
            (await shop.Database.Read(db => Demand.Read(db, [Deliveries.Instance], shop.Southerner, null, (Today, 12)))).Value.Series.Single().Today.ShouldBe(south.Today);
            await shop.Settle();
        }

        foreach (var (viewer, branch, code) in new[] { (Nobody(shop), null, "PERMISSION_DENIED"), (shop.Southerner, "N", "PERMISSION_DENIED"), (shop.Manager, "nowhere", "FILTER_INVALID") })
            (await shop.Database.Read(db => Demand.Read(db, [Deliveries.Instance], viewer, branch, (Today, 12)))).Refusal!.Code.ShouldBe(code);
    }

    [Theory, OnBothEngines]
    public async Task The_hub_tells_thirteen_weeks_what_stood_out_and_which_targets_were_missed(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var yesterday = Today.AddDays(-1);
        // 10.00 a day in the north and 1.00 in the south, a few cents more or less; the twentieth of March brings ten times as much. Today is not over.
        var days = Enumerable.Range(0, 91).Select(back => yesterday.AddDays(-back)).ToList();
        var odd = new DateOnly(2026, 3, 20);
        await Sell(shop, days.Select(day => (shop.North, day, 9, day == odd ? 10_000L : 1_000L + (day.DayNumber * 7 % 11) - 5)).Concat(days.Select(day => (shop.South, day, 9, 100L))).Append((shop.North, Today, 9, 77_777L)));
        await shop.Database.Write(tx =>
        {
            void Target(string measure, string branch, DateOnly from, DateOnly to, long amount) =>
                tx.Stage($"insert into target (id, function, measure, branch_id, start_date, end_date, amount) values ({Guid.CreateVersion7()}, 'test.deliveries', {measure}, {branch}, {from}, {to}, {amount})");
            // The south should bring 310.00 in March: 300.00 until the thirtieth, of which it brought 30.00.
            Target("net", shop.South.ToString("D"), new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31), 31_000);
            Target("net", shop.North.ToString("D"), new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31), 10_000);
            Target("average", "", new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31), 800);
            Target("net", "", new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31), 9_999_999);
            return Task.CompletedTask;
        });
        var hub = (await shop.Database.Read(db => AnalyticsHub.Read(db, [Deliveries.Instance], shop.Manager, null, Today))).Value;
        (hub.From, hub.Since, hub.To).ShouldBe((new DateOnly(2025, 12, 30), new DateOnly(2026, 3, 1), yesterday));
        var net = hub.Functions.Single().Measures[0];
        var facts = await shop.Database.Read(db => db.Number($"select sum(amount) from fact where business_date >= {hub.Since} and business_date <= {hub.To}"));
        (net.Value, net.Weeks.Count, net.Weeks.Sum()).ShouldBe((facts, 13, await shop.Database.Read(db => db.Number($"select sum(amount) from fact where business_date <= {hub.To}"))));
        net.Anomalies.Select(one => (one.Date, one.Value)).ShouldBe([(odd, 10_100L)]);
        net.Anomalies[0].Reason.ShouldContain("101 is ");
        hub.Missed.Select(missed => (missed.Measure.Key, missed.Target.BranchId, missed.Expected, missed.Actual, missed.MissedBy)).ShouldBe(
            [("net", shop.South, 30_000L, 3_000L, -900_000L), ("average", null, 800L, 700L, -125_000L)]);

        // Who sees the south alone has its figures, its target, no cost, and nothing of the company's targets.
        var south = (await shop.Database.Read(db => AnalyticsHub.Read(db, [Deliveries.Instance], shop.Southerner, null, Today))).Value;
        south.Functions[0].Measures.Select(one => one.Measure.Key).ShouldBe(["net", "units", "deliveries", "average"]);
        south.Functions[0].Measures[0].Value.ShouldBe(3_000L);
        south.Missed.Select(missed => missed.Target.BranchId).ShouldBe([shop.South]);
        (await shop.Database.Read(db => AnalyticsHub.Read(db, [Deliveries.Instance], Nobody(shop), null, Today))).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
    }

    [Theory, OnBothEngines]
    public async Task What_one_person_left_waits_for_that_person_alone(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var (mine, others) = (shop.Draft(shop.South, Today), shop.Draft(shop.South, Today));
        await shop.Database.Write(async tx =>
        {
            Kernel.Documents.Headers.Insert(tx, mine);
            Kernel.Documents.Headers.Insert(tx, others);
            await tx.Flush();
            tx.Stage($"update document set created_by = {shop.Manager.Actor.UserId} where id = {others.Id}");
        });
        var viewer = new Viewer(new Actor(Actor.SystemId, "system", "System", shop.Southerner.Actor.Grants), shop.Organisation);
        var work = await shop.Database.Read(db => WaitingForOne.Read(db, [Deliveries.Instance], viewer, shop.Clock.Now));
        (work.Drafts.Count, work.Drafts.More, work.Drafts.First.Single().Id).ShouldBe((1L, false, mine.Id));
        (work.Approvals.Count, work.Exceptions.Count, work.Notices.Count).ShouldBe((0L, 0L, 0L));
        (await shop.Database.Read(db => WaitingForOne.Read(db, [Deliveries.Instance], Nobody(shop), shop.Clock.Now))).Drafts.First.ShouldBeEmpty();
    }
}
