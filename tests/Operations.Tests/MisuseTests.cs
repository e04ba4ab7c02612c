using Microsoft.Extensions.DependencyInjection;
using Plug1.Host.Background;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>What somebody may learn or break over HTTP who has an account but not the permission.</summary>
public sealed class MisuseTests
{
    private const string Pos = "/api/v1/sales/point-of-sale";

    [Theory, OnBothEngines]
    public async Task The_entries_of_a_sale_tell_its_cost_to_who_may_see_it_only(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var till = await site.SignedIn("cashier");
        using var manager = await site.SignedIn("store-manager");
        await till.Post($"{Pos}/shifts/T1/open", new { @float = "0.00" });
        var sale = await till.Post($"{Pos}/checkout", new { terminalId = "T1", lines = new[] { new { sku = "TEA" } }, tenders = new[] { new { method = "CARD" } } });
        sale.Status.ShouldBe(201, sale.Text);

        var hidden = (await till.Get($"{Pos}/{sale["id"]}/entries")).Text;
        hidden.ShouldContain("SalesRevenue");
        hidden.ShouldContain("\"role\":\"store\"");
        hidden.ShouldNotContain("CostOfSales");
        hidden.ShouldNotContain("Inventory");
        hidden.ShouldNotContain("1.50");
        var shown = (await manager.Get($"{Pos}/{sale["id"]}/entries")).Text;
        shown.ShouldContain("CostOfSales");
        shown.ShouldContain("1.50");
        foreach (var path in new[] { "", "/timeline", "/related" }) (await till.Get($"{Pos}/{sale["id"]}{path}")).Text.ShouldNotContain("1.50");
        (await till.Get($"{Pos}?sort=cost&from=2026-03-01&to=2026-03-31")).Code.ShouldBe("SORT_UNKNOWN");
        (await till.Get($"{Pos}?cost=1.50")).Code.ShouldBe("FILTER_UNKNOWN");
        site.Incidents.ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task What_a_drawer_took_is_not_told_by_a_report_before_it_is_counted(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var till = await site.SignedIn("cashier");
        using var manager = await site.SignedIn("store-manager");
        var shift = await till.Post($"{Pos}/shifts/T1/open", new { @float = "0.00" });
        await till.Post($"{Pos}/checkout", new { terminalId = "T1", lines = new[] { new { sku = "TEA" } }, tenders = new[] { new { method = "CASH" } } });
        var today = TimeProvider.System.GetUtcNow().Date;
        var report = $"{Pos}/reports/tender-summary?from={today.AddDays(-2):yyyy-MM-dd}&to={today.AddDays(2):yyyy-MM-dd}";
        (await till.Get(report)).Json["rows"]!.AsArray().Count.ShouldBe(0);
        (await manager.Get(report)).Json["rows"]!.AsArray().Count.ShouldBe(1);
        (await till.Get($"{Pos}/shifts/{shift["id"]}/report?kind=x")).Json["tenders"]!.AsArray().ShouldAllBe(tender => tender!["expected"] == null);
        (await till.Post($"{Pos}/shifts/{shift["id"]}/count", new { denominations = Array.Empty<object>(), tenders = new[] { new { method = "CASH", counted = "5.00" } } })).Status.ShouldBe(200);
        (await till.Get(report)).Json["rows"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_named_report_is_turned_page_by_page_to_its_last_row(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var manager = await site.SignedIn("store-manager");
        await manager.Post($"{Pos}/shifts/T1/open", new { @float = "0.00" });
        foreach (var method in new[] { "CASH", "CARD" })
            (await manager.Post($"{Pos}/checkout", new { terminalId = "T1", lines = new[] { new { sku = "TEA" } }, tenders = new[] { new { method } } })).Status.ShouldBe(201);
        var today = TimeProvider.System.GetUtcNow().Date;
        var report = $"{Pos}/reports/tender-summary?from={today.AddDays(-2):yyyy-MM-dd}&to={today.AddDays(2):yyyy-MM-dd}&limit=1";
        var first = await manager.Get(report);
        first.Json["rows"]!.AsArray().Count.ShouldBe(1);
        var last = await manager.Get($"{report}&after={first["next"]}");
        last.Json["rows"]!.AsArray().Count.ShouldBe(1);
        last.Json["next"].ShouldBeNull();
        last.Json["rows"]!.ToJsonString().ShouldNotBe(first.Json["rows"]!.ToJsonString());
    }

    [Theory, OnBothEngines]
    public async Task Texts_that_are_no_text_are_refused_on_both_engines(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var till = await site.SignedIn("cashier");
        await till.Post($"{Pos}/shifts/T1/open", new { @float = "0.00" });
        string Park(string label) => $$"""{"terminalId":"T1","lines":[{"sku":"TEA"}],"label":"{{label}}"}""";
        (await till.Send("POST", $"{Pos}/park", Park("\\ud800"))).Code.ShouldBe("BODY_INVALID");
        (await till.Send("POST", $"{Pos}/park", Park("\\u0000"))).Code.ShouldBe("BODY_INVALID");
        (await till.Send("POST", $"{Pos}/park", Park("a" + string.Concat(Enumerable.Repeat("\\ud83d\\ude00", 59))))).Status.ShouldBe(201);
        (await till.Send("POST", $"{Pos}/checkout", """{"terminalId":"T1","terminalId":"T2","lines":[]}""")).Code.ShouldBe("BODY_INVALID");
        (await till.Send("POST", $"{Pos}/checkout", """{"terminalId":"T1","lines":[{"sku":"TEA","quantity":1e0}]}""")).Code.ShouldBe("BODY_INVALID");
        (await till.Send("POST", $"{Pos}/checkout", """{"terminalId":"T1","lines":[{"sku":"TEA","quantity":"1e0"}]}""")).Code.ShouldBe("BODY_INVALID");
        (await till.Send("POST", $"{Pos}/checkout", """{"terminalId":"T1","lines":[]}""", "text/plain")).Status.ShouldBe(415);
        (await till.Send("POST", $"{Pos}/checkout", new string('[', 100_000))).Code.ShouldBe("BODY_INVALID");
        site.Incidents.ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Housekeeping_forgets_what_has_had_its_time_and_nothing_else(Engine engine)
    {
        await using var site = await Site.Open(engine);
        var (clock, services) = (site.Shop.Clock, site.Services);
        clock.Now = TimeProvider.System.GetUtcNow();
        var house = new Housekeeping(site.Services, site.Shop.Database, services.GetRequiredService<Sessions>(), services.GetRequiredService<TimeProvider>());
        using var till = await site.SignedIn("cashier");
        await till.Post($"{Pos}/shifts/T1/open", new { @float = "0.00" }, ("Idempotency-Key", "open"));
        await till.Post($"{Pos}/park", new { terminalId = "T1", lines = new[] { new { sku = "TEA" } } });
        await site.Shop.Database.Write(tx =>
        {
            var old = TimeProvider.System.GetUtcNow().AddDays(-8);
            var user = Guid.CreateVersion7();
            tx.Stage($"insert into idempotency (user_id, key, request_hash, status, response, at) values ({user}, 'old', '', 201, '', {old})");
            tx.Stage($"insert into user_session (id, token_hash, user_id, csrf, created_at, seen_at, expires_at) select {user}, 'old', id, 'x', {old}, {old}, {old} from app_user where user_name = 'cashier'");
            return Task.CompletedTask;
        });

        (await house.Tidy()).ShouldBe((0, 0, 1, 1));
        (await house.Tidy()).ShouldBe((0, 0, 0, 0));
        (await till.Get("/api/v1/session")).Status.ShouldBe(200);
        (await site.Shop.Count("select count(*) from idempotency")).ShouldBe(1);
        (await site.Shop.Count("select count(*) from document where status = 'draft'")).ShouldBe(1);
    }
}
