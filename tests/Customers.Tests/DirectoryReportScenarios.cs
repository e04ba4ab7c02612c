using Plug1.Customers.Directory;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Customers.Tests;

/// <summary>The directory's reports and figures, checked by hand.</summary>
public sealed class DirectoryReportScenarios
{
    private static async Task Sell(Counter counter, Guid party, string day, long amount, long cost = 0, string kind = "sale") =>
        (await counter.As<bool>(Actor.System, (tx, stamp) =>
        {
            var header = Header.Draft(Ids.New(counter.Clock), "sales.point-of-sale", kind, stamp, "USD");
            (header.BusinessDate, header.Total, header.PartyId) = (Day(day), amount, party);
            foreach (var status in new[] { Status.Submitted, Status.Approved, Status.Posted }) header.MoveTo(status, stamp);
            Headers.Insert(tx, header);
            Facts.Stage(tx, stamp, new Fact { Document = header, Event = Status.Posted, Amount = amount, Cost = cost });
            return Task.FromResult<Plug1.Kernel.Result<bool>>(true);
        })).Refusal.ShouldBeNull();

    private static async Task<NamedReportResult> Run(Counter counter, string report, string from, string to, bool costs = true)
    {
        var named = counter.Of<DirectoryFunction>().Reports.Single(one => one.Code == report);
        return await counter.Database.Read(db => named.Run(new ReportCall(db, Day(from), Day(to), [Counter.Main, Counter.West], new Dictionary<string, string>(), _ => costs), default));
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Theory, OnBothEngines]
    public async Task Customers_are_won_come_again_and_go_quiet(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var quiet = (await counter.Quick(new QuickCustomerRequest("Quiet"))).Value.Id;
        var again = (await counter.Quick(new QuickCustomerRequest("Again"))).Value.Id;
        var steady = (await counter.Quick(new QuickCustomerRequest("Steady", AcquisitionSource: "online"))).Value.Id;
        await Sell(counter, quiet, "2025-02-10", 1000);
        await Sell(counter, again, "2024-12-01", 1000);
        await Sell(counter, again, "2026-02-05", 1000);
        await Sell(counter, steady, "2025-02-10", 1000);
        await Sell(counter, steady, "2025-06-10", 1000);
        await Sell(counter, steady, "2026-02-11", 1000);

        var january = await Run(counter, "new-and-lost", "2026-01-01", "2026-01-31");
        january.Rows.Select(row => string.Join('|', row)).ShouldBe(["2026-01|Main|online|1|0|0|1", "2026-01|Main|walk-in|2|0|0|2"]);
        var february = await Run(counter, "new-and-lost", "2026-02-01", "2026-02-28");
        february.Rows.Select(row => string.Join('|', row)).ShouldBe(["2026-02|Main|walk-in|0|1|1|0"]);
    }

    [Theory, OnBothEngines]
    public async Task The_greatest_customers_come_first_with_their_share_and_the_share_up_to_there(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var ann = (await counter.Quick(new QuickCustomerRequest("Ann"))).Value.Id;
        var old = (await counter.Quick(new QuickCustomerRequest("Ann Old"))).Value.Id;
        var bob = (await counter.Quick(new QuickCustomerRequest("Bob"))).Value.Id;
        await counter.Database.Write(async tx => await tx.Execute($"update party set state = 'merged', canonical_id = {ann} where id = {old}"));
        await Sell(counter, ann, "2026-01-10", 5000, 3000);
        await Sell(counter, old, "2026-01-11", 2000, 1000);
        await Sell(counter, ann, "2026-01-12", -1000, -600, "return");
        await Sell(counter, bob, "2026-01-10", 3000, 1000);

        var top = await Run(counter, "top-customers", "2026-01-01", "2026-01-31");
        top.Rows.Select(row => string.Join('|', row)).ShouldBe(["1|C-MAIN-000001|Ann|2|6000|2600|666667|666667", "2|C-MAIN-000003|Bob|1|3000|2000|333333|1000000"]);
        top.Documents![0].ShouldBe(ann);
        (await Run(counter, "top-customers", "2026-01-01", "2026-01-31", costs: false)).Columns.Select(column => column.Key).ShouldNotContain("margin");
    }

    [Theory, OnBothEngines]
    public async Task Data_quality_and_consents_are_told_as_they_stand(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var full = (await counter.Quick(new QuickCustomerRequest("Full", "(212) 555-0142", "full@example.org"))).Value.Id;
        await counter.Party(new PartyDraft(PartyKind.Person, "From a file", PartyRoles.Customer, Phone: "5551"));
        await counter.Agree(full, new ConsentRequest("marketing", "email", true, "Form"));
        await counter.Agree(full, new ConsentRequest("service", "sms", true, "Form", ExpiresOn: new DateOnly(2026, 1, 18)));
        counter.Clock.Advance(TimeSpan.FromMinutes(1));
        await counter.Agree(full, new ConsentRequest("marketing", "email", false));

        var quality = await Run(counter, "data-quality", "2026-01-01", "2026-01-31");
        // Full: name, telephone, e-mail 60; the consent for service messages has expired by the 31st. From a file: name and a telephone number, which is none.
        quality.Rows.Select(row => string.Join('|', row)).ShouldBe(["Main|System|1|40000000|1", "Main|desk|1|60000000|0"]);
        quality.Totals![3].ShouldBe(50_000_000L);
        var register = await Run(counter, "consent-register", "2026-01-01", "2026-01-31");
        register.Rows.Select(row => string.Join('|', row)).ShouldBe(["marketing|email|0|1|0", "service|sms|0|0|1"]);
    }

    [Theory, OnBothEngines]
    public async Task The_dashboard_tells_who_is_active_and_who_came_again(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var buyers = new List<Guid>();
        for (var at = 0; at < 4; at++) buyers.Add((await counter.Quick(new QuickCustomerRequest($"Buyer {at}"))).Value.Id);
        foreach (var buyer in buyers) await Sell(counter, buyer, "2026-01-05", 1000);
        foreach (var buyer in buyers.Take(3)) await Sell(counter, buyer, "2026-01-12", 1000);
        await Sell(counter, buyers[0], "2025-09-01", 1000);

        var viewer = await counter.Viewer(counter.Manager);
        var request = new DashboardRequest(Day("2026-01-08"), Day("2026-01-14"), null, new Dictionary<string, string>());
        var dashboard = (await counter.Database.Read(db => Dashboards.OfFunction(db, counter.Of<DirectoryFunction>(), request, viewer, counter.Clock.GetUtcNow()))).Value;
        dashboard.Kpis.Single(kpi => kpi.Key == "activeCustomers").Value.ShouldBe(4);
        dashboard.Kpis.Single(kpi => kpi.Key == "retention").Value.ShouldBe(750_000);
        dashboard.Kpis.ShouldContain(kpi => kpi.Key == "newCustomers");
    }
}
