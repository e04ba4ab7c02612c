using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.MasterData;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Http.Tests.MasterData;

public sealed class MasterDataTests
{
    [Theory, OnBothEngines]
    public async Task Items_are_entered_found_and_changed_over_http(Engine engine)
    {
        await using var server = await Server.Start(engine);
        using var admin = await server.SignedIn("admin");
        var category = await Made(admin, "/catalogue/categories", """{"code":"FOOD","name":"Food"}""");
        await Made(admin, "/catalogue/units", """{"code":"EA","name":"Each","decimals":0}""");
        var tax = await Made(admin, "/catalogue/tax-codes", """{"code":"S20","name":"Standard","category":"S","components":[{"code":"VAT","name":"VAT","rates":[{"from":"2020-01-01","rate":"0.2"}]}]}""");
        var body = $$"""{"sku":"A-1","name":"Coffee","categoryId":"{{category}}","unit":"EA","taxCodeId":"{{tax}}","standardCost":"1.25","barcodes":[{"code":"400","factor":"6","unitName":"six"}]}""";
        var item = await Made(admin, "/catalogue/items", body);
        var twice = await admin.Text("/api/v1/catalogue/items", body);
        ((int)twice.Status, twice.Code, string.Join(',', twice.Errors)).ShouldBe((409, "ITEM_SKU_TAKEN", "/sku ITEM_SKU_TAKEN"));

        var read = await admin.Get($"/api/v1/catalogue/items/{item}");
        read.Body.GetRawText().ShouldBe($$"""
            {"id":"{{item}}","sku":"A-1","name":"Coffee","categoryId":"{{category}}","unit":"EA","unitDecimals":0,"taxCodeId":"{{tax}}","kind":"goods","tracking":"none","valuation":"average","standardCost":"1.25","sellable":true,"active":true,"barcodes":[{"code":"400","factor":"6","unitName":"six"}],"version":1}
            """.Trim());
        var list = await admin.Get("/api/v1/catalogue/items?q=coff&active=true&limit=1&total=true");
        list.Body.GetProperty("items").GetArrayLength().ShouldBe(1);
        list.Body.GetProperty("total").GetInt64().ShouldBe(1);

        (await Patch(admin, $"/catalogue/items/{item}", null, """{"name":"Tea"}""")).Code.ShouldBe("VERSION_REQUIRED");
        (await Patch(admin, $"/catalogue/items/{item}", "\"1\"", """{"name":"Tea","standardCost":null}""")).Body.GetProperty("version").GetInt64().ShouldBe(2);
        var stale = await Patch(admin, $"/catalogue/items/{item}", "\"1\"", """{"name":"Milk"}""");
        ((int)stale.Status, stale.Code, stale.Body.GetProperty("version").GetInt64()).ShouldBe((412, "VERSION_CONFLICT", 2));
        var misspelt = await Patch(admin, $"/catalogue/items/{item}", "\"2\"", """{"nome":"Milk"}""");
        (misspelt.Code, string.Join(',', misspelt.Errors)).ShouldBe(("BODY_INVALID", "/nome MEMBER_UNKNOWN"));
        (await Patch(admin, $"/catalogue/items/{item}", "*", """[1]""")).Code.ShouldBe("BODY_INVALID");
        (await admin.Get($"/api/v1/catalogue/items/{item}/stock")).Body.GetProperty("onHand").GetString().ShouldBe("0");
    }

    [Fact]
    public async Task A_cashier_sees_items_but_enters_none()
    {
        await using var server = await Server.Start();
        using var cashier = await server.SignedIn("cashier");
        (await cashier.Get("/api/v1/catalogue/items")).Status.ShouldBe(HttpStatusCode.OK);
        var denied = await cashier.Text("/api/v1/catalogue/categories", """{"code":"FOOD","name":"Food"}""");
        (denied.Code, denied.Body.GetProperty("permission").GetString()).ShouldBe(("PERMISSION_DENIED", "kernel.catalogue.create"));
        (await cashier.Get("/api/v1/ledger/chart")).Code.ShouldBe("PERMISSION_DENIED");
        (await cashier.Get("/api/v1/number-series")).Code.ShouldBe("PERMISSION_DENIED");
    }

    [Fact]
    public async Task Company_branches_periods_and_coins_are_kept_over_http()
    {
        await using var server = await Server.Start();
        using var admin = await server.SignedIn("admin");
        (await admin.Get("/api/v1/organisation/company")).Body.GetProperty("currency").GetString().ShouldBe("EUR");
        (await Patch(admin, "/organisation/company", "\"1\"", """{"name":"Corner shop Ltd"}""")).Body.GetProperty("name").GetString().ShouldBe("Corner shop Ltd");
        var mars = await admin.Text("/api/v1/organisation/branches", """{"code":"M","name":"Mars","timeZone":"Mars/Olympus"}""");
        ((int)mars.Status, mars.Code, string.Join(',', mars.Errors)).ShouldBe((422, "TIME_ZONE_UNKNOWN", "/timeZone TIME_ZONE_UNKNOWN"));
        await Made(admin, "/organisation/branches", """{"code":"B","name":"Berlin","timeZone":"Europe/Berlin"}""");
        (await admin.Get("/api/v1/organisation/branches?limit=2")).Body.GetProperty("next").GetString().ShouldNotBeNull();
        (await admin.Text("/api/v1/ledger/periods/2025-01/soft-close", "")).Body.GetProperty("state").GetString().ShouldBe("soft");
        (await admin.Get("/api/v1/ledger/periods")).Body.GetProperty("items").GetArrayLength().ShouldBeGreaterThan(10);
        var coins = await admin.Raw("PUT", "/api/v1/payments/denominations/EUR", Json("""{"values":["2.00","0.50"]}"""));
        coins.Body.GetRawText().ShouldBe("""{"currency":"EUR","values":["2.00","0.50"]}""");
        (await admin.Get("/api/v1/reasons")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        var anna = await Made(admin, "/parties", """{"name":"Anna Berg","phone":"+49 170 123"}""");
        (await admin.Get("/api/v1/parties?q=berg&role=customer")).Body.GetProperty("items")[0].GetProperty("id").GetString().ShouldBe(anna);
    }

    [Fact]
    public async Task Every_endpoint_names_a_permission_that_is_declared()
    {
        await using var server = await Server.Start();
        var declared = MasterDataPermissions.All.Select(declaration => declaration.Permission).ToHashSet(StringComparer.Ordinal);
        var asked = Endpoints(server).Select(endpoint => endpoint.Metadata.GetMetadata<AsksFor>()!.Permission).ToList();
        asked.Where(permission => !declared.Contains(permission)).ShouldBeEmpty();
        asked.Distinct().Count().ShouldBeGreaterThan(10);
    }

    private static IEnumerable<RouteEndpoint> Endpoints(Server server) => server.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<AsksFor>() is not null);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<string> Made(Browser browser, string path, string body)
    {
        var answer = await browser.Text($"/api/v1{path}", body);
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body.ToString());
        return answer.Body.TryGetProperty("id", out var id) ? id.GetString()! : answer.Body.GetProperty("code").GetString()!;
    }

    private static async Task<Answered> Patch(Browser browser, string path, string? version, string body)
    {
        if (version is not null) browser.Headers["If-Match"] = version;
        else browser.Headers.Remove("If-Match");
        return await browser.Raw("PATCH", $"/api/v1{path}", Json(body));
    }
}
