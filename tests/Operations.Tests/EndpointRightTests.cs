using Plug1.Kernel.Security;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>Every endpoint against every role template: allowed, or refused by name; never silently done, never an error of ours.</summary>
public sealed class EndpointRightTests
{
    private static readonly string[] Last = ["changePassword", "startTotp", "confirmTotp", "removeTotp", "signOut"];

    [Fact]
    public async Task Every_endpoint_says_what_it_asks_for_and_what_it_asks_for_can_be_granted()
    {
        await using var site = await Site.Open();
        var declared = (await site.Shop.Database.Read(db => db.Query($"select permission from declared_permission", row => row.Text(0)))).ToHashSet();
        var routes = site.Routes;
        routes.Count.ShouldBeGreaterThan(90);
        routes.Where(route => Rights.Of(route, site.Functions) is null).ShouldBeEmpty("an endpoint without a declared right");
        routes.Where(route => Rights.Of(route, site.Functions) is { IsPermission: true } right && !declared.Contains(right.Permission))
            .Select(route => $"{route}: {Rights.Of(route, site.Functions)!.Permission}").ShouldBeEmpty("a right that nobody can be given");
        routes.Where(route => route.IsApi && Rights.IsAnonymous(route) && Rights.Of(route, site.Functions) != Right.Open).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_not_signed_in_reaches_only_what_is_open()
    {
        await using var site = await Site.Open();
        using var stranger = new Browser(site.Address);
        var wrong = new List<string>();
        foreach (var route in site.Routes)
        {
            var open = Rights.Of(route, site.Functions) == Right.Open;
            var answer = await Call(stranger, route, new Ids(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()));
            if (open ? answer.Status >= 500 : (answer.Status, answer.Code) != (401, "SIGN_IN_REQUIRED")) wrong.Add($"{route}: {answer.Status} {answer.Text}");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_endpoint_is_allowed_or_refused_to_every_role_template_as_its_permissions_say()
    {
        await using var site = await Site.Open();
        var ids = await Furnish(site);
        var routes = site.Routes.Where(route => route.IsApi && Rights.Of(route, site.Functions) is { } right && right != Right.Open)
            .OrderBy(route => Array.IndexOf(Last, route.Name)).ToList();
        var granted = (await site.Shop.Database.Read(db => db.Query($"select role, permission from role_permission", row => (row.Text(0), row.Text(1))))).ToHashSet();
        var (wrong, tried, denied) = (new List<string>(), 0, 0);
        foreach (var (role, _) in RoleTemplates.All)
        {
            using var browser = await site.SignedIn(role);
            foreach (var route in routes)
            {
                var right = Rights.Of(route, site.Functions)!;
                var allowed = !right.IsPermission || role == RoleTemplates.Administrator || granted.Contains((role, right.Permission));
                var answer = await Call(browser, route, ids);
                tried++;
                if (!allowed) denied++;
                if (Fault(right, allowed, answer) is { } fault) wrong.Add($"{role}: {route}: {fault}: {answer.Status} {answer.Text}");
            }
        }

        wrong.ShouldBeEmpty();
        site.Incidents.ShouldBeEmpty();
        tried.ShouldBe(routes.Count * RoleTemplates.All.Count);
        denied.ShouldBeGreaterThan(tried / 3);
    }

    private static string? Fault(Right right, bool allowed, Answered answer)
    {
        if (answer.Status >= 500) return "an error of ours";
        if (answer.Status >= 400 && answer.Code is null) return "a failure without a code";
        if (answer.Status == 401 && answer.Code == "SIGN_IN_REQUIRED") return "not signed in";
        var refused = (answer.Status, answer.Code) == (403, "PERMISSION_DENIED");
        if (right == Right.Filtered) return null;
        if (allowed) return refused && answer.Text.Contains(right.Permission, StringComparison.Ordinal) ? "refused what is granted" : null;
        return refused ? null : "not refused";
    }

    /// <summary>Calls an endpoint with the least it can read.</summary>
    private static Task<Answered> Call(Browser browser, Route route, Ids ids)
    {
        var path = route.Fill(name => (name, route.Pattern) switch
        {
            ("id", var pattern) when pattern.Contains("/shifts/", StringComparison.Ordinal) => ids.Shift.ToString(),
            ("id", var pattern) when pattern.Contains("/exceptions/", StringComparison.Ordinal) => ids.Exception.ToString(),
            ("id", var pattern) when pattern.Contains("/point-of-sale/", StringComparison.Ordinal) => ids.Sale.ToString(),
            ("id" or "partyId", _) => "00000000-0000-7000-8000-0000000000ff",
            ("file", _) => "00000000-0000-7000-8000-0000000000fe",
            ("terminal", _) => "T1",
            ("report", _) => "daily",
            ("module", _) => "sales",
            ("month", _) => "1999-01",
            ("currency", _) => "EUR",
            ("documentName", _) => "v1",
            _ => "nothing",
        });
        var query = route.Name switch { "register" => "?terminal=T1", "posCustomers" => "?q=ada", _ => "" };
        var body = route.Reads || route.Body is null ? null : route.Name == "authorise"
            ? """{"userName":"nobody","password":"wrong","action":"discount"}"""
            : Bodies.Least(route.Body)!.ToJsonString();
        return browser.Send(route.Method, path + query, body, headers: [("If-Match", "\"1\"")]);
    }

    /// <summary>A sale, its shift, and an exception that it raised.</summary>
    private static async Task<Ids> Furnish(Site site)
    {
        var manager = await site.SignedIn("store-manager");
        var shift = await manager.Post("/api/v1/sales/point-of-sale/shifts/T1/open", new { @float = "100.00" });
        shift.Status.ShouldBe(201, shift.Text);
        var sale = await manager.Post("/api/v1/sales/point-of-sale/checkout", new { terminalId = "T1", lines = new[] { new { sku = "LAMP" } }, tenders = new[] { new { method = "CASH" } } });
        sale.Status.ShouldBe(201, sale.Text);
        var exception = await site.Shop.Database.Read(db => db.First($"select id from exception_item", row => row.Guid(0)));
        return new Ids(Guid.Parse(sale["id"]), Guid.Parse(shift["id"]), exception);
    }

    private sealed record Ids(Guid Sale, Guid Shift, Guid Exception);
}
