using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Setup;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>An empty database becomes a company that sells: once, whole or not at all, by whoever sits at the server or has its code.</summary>
public sealed class SetupTests
{
    private const string Password = "a long first password";

    [Theory, OnBothEngines]
    public async Task From_the_empty_database_to_the_first_sale_over_http(Engine engine)
    {
        await using var site = await Bare.Open(engine);
        using var browser = new Browser(site.Address);
        var state = await browser.Get("/api/v1/setup");
        (state["needed"], state["codeRequired"]).ShouldBe(("true", "false"));
        state.Json["choices"]!["countries"]!.AsArray().Count.ShouldBe(249);
        state.Json["choices"]!["timeZones"]!.AsArray().Select(zone => zone!.ToString()).ShouldContain("Europe/Vienna");

        var made = await browser.Send("POST", "/api/v1/setup", Wanted().ToJsonString());
        made.Status.ShouldBe(201, made.Text);
        (made["branch"], made["till"], made["administrator"]).ShouldBe(("MAIN", "T1", "olga"));
        made.Text.ShouldNotContain(Password);

        (await browser.Get("/api/v1/setup")).Text.ShouldBe("""{"needed":false,"codeRequired":false}""");
        var session = await browser.SignIn("olga", Password);
        (session.Status, session.Json["company"]!["currency"]!.ToString(), session.Json["branch"]!["timeZone"]!.ToString()).ShouldBe((200, "EUR", "Europe/Vienna"));
        session.Json["mustChangePassword"]!.GetValue<bool>().ShouldBeFalse();

        await Stock(browser);
        (await browser.Post("/api/v1/sales/point-of-sale/shifts/T1/open", new { @float = "100.00" })).Status.ShouldBe(201);
        var sale = await browser.Post("/api/v1/sales/point-of-sale/checkout", new { terminalId = "T1", lines = new[] { new { sku = "CAKE" } }, tenders = new[] { new { method = "CASH" } } });
        sale.Status.ShouldBe(201, sale.Text);
        // 12.00 with 20 % in it: 10.00 and 2.00.
        (sale["total"], sale["tax"]).ShouldBe(("12.00", "2.00"));

        (await site.Count("select count(*) from audit_event where function = 'kernel.setup' and outcome = 'done'")).ShouldBe(1);
        (await site.Count("select count(*) from audit_event where function = 'kernel.users' and action = 'create'")).ShouldBe(2);
        (await site.Count("select count(*) from audit_event where diff like '%first password%'")).ShouldBe(0);
        using var cashier = new Browser(site.Address);
        (await cashier.SignIn("kim", Password)).Json["mustChangePassword"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory, OnBothEngines]
    public async Task Of_two_who_set_up_at_the_same_time_one_wins_and_the_other_is_told_so(Engine engine)
    {
        await using var site = await Bare.Open(engine);
        using var one = new Browser(site.Address);
        using var other = new Browser(site.Address);
        var second = Wanted();
        second["company"]!["name"] = "Second company";
        var answers = await Task.WhenAll(one.Send("POST", "/api/v1/setup", Wanted().ToJsonString()), other.Send("POST", "/api/v1/setup", second.ToJsonString()));
        answers.Select(answer => answer.Status).Order().ToArray().ShouldBe(new[] { 201, 409 }, string.Join('\n', answers.Select(answer => answer.Text)));
        answers.Single(answer => answer.Status == 409).Code.ShouldBe("SETUP_DONE");
        (await site.Count("select count(*) from company")).ShouldBe(1);
        (await site.Count("select count(*) from app_user where user_name <> 'system'")).ShouldBe(2);
        (await site.Count("select count(*) from branch")).ShouldBe(1);
        (await one.Send("POST", "/api/v1/setup", Wanted().ToJsonString())).Code.ShouldBe("SETUP_DONE");
    }

    [Fact]
    public async Task The_same_call_again_gets_the_same_answer_and_another_under_its_key_is_refused()
    {
        await using var site = await Bare.Open(Engine.Sqlite);
        using var browser = new Browser(site.Address);
        var first = await browser.Send("POST", "/api/v1/setup", Wanted().ToJsonString(), headers: [("Idempotency-Key", "first")]);
        first.Status.ShouldBe(201);
        (await browser.Send("POST", "/api/v1/setup", Wanted().ToJsonString(), headers: [("Idempotency-Key", "first")])).Text.ShouldBe(first.Text);
        var changed = Wanted();
        changed["company"]!["name"] = "Another";
        (await browser.Send("POST", "/api/v1/setup", changed.ToJsonString(), headers: [("Idempotency-Key", "first")])).Code.ShouldBe("IDEMPOTENCY_KEY_REUSED");
        (await browser.Send("POST", "/api/v1/setup", changed.ToJsonString(), headers: [("Idempotency-Key", "second")])).Code.ShouldBe("SETUP_DONE");
    }

    [Fact]
    public async Task What_is_wrong_is_named_by_its_pointer_and_nothing_is_made()
    {
        await using var site = await Bare.Open(Engine.Sqlite);
        using var browser = new Browser(site.Address);
        foreach (var (pointer, value, code) in new (string, JsonNode, string)[]
        {
            ("/company/name", "", "TEXT_INVALID"), ("/company/currency", "EURO", "CURRENCY_UNKNOWN"), ("/company/country", "XX", "COUNTRY_UNKNOWN"),
            ("/branch/code", "A B", "CODE_INVALID"), ("/branch/timeZone", "Mars/Base", "TIME_ZONE_UNKNOWN"), ("/branch/till", " ", "TEXT_INVALID"), ("/chart", "own", "CHOICE_INVALID"),
            ("/taxes/rates/0/rate", "0", "SETUP_RATE_INVALID"), ("/taxes/rates/0/rate", "1.5", "SETUP_RATE_INVALID"), ("/administrator/password", "short", "PASSWORD_WEAK"),
            ("/administrator/userName", "no spaces", "USER_NAME_INVALID"), ("/users/0/role", "emperor", "ROLE_UNKNOWN"), ("/users/0/userName", "OLGA", "SETUP_USER_TWICE"),
            ("/users/0/password", "kim", "PASSWORD_WEAK"), ("/functions", new JsonArray(), "FUNCTIONS_REQUIRED"), ("/functions/0", "no.such", "FUNCTION_UNKNOWN"),
            ("/functions", new JsonArray("sales.point-of-sale"), "FUNCTION_NEEDS_OTHERS"), ("/functions/0", JsonValue.Create("")!, "FUNCTION_UNKNOWN"), ("/taxes/rates", new JsonArray([.. Enumerable.Range(0, 6).Select(_ => Rate())]), "TOO_MANY"),
        })
        {
            var answer = await browser.Send("POST", "/api/v1/setup", With(pointer, value).ToJsonString());
            (answer.Code, answer.Pointers is [var at, ..] ? at : null).ShouldBe((code, pointer), answer.Text);
        }

        (await site.Count("select (select count(*) from company) + (select count(*) from branch) + (select count(*) from tax_code)")).ShouldBe(0);
        (await browser.Get("/api/v1/setup"))["needed"].ShouldBe("true");
    }

    [Fact]
    public async Task From_elsewhere_the_code_of_the_server_is_asked_for_and_no_other_sites_page_gets_in()
    {
        await using var site = await Bare.Open(Engine.Sqlite);
        using var browser = new Browser(site.Address);
        var body = Wanted().ToJsonString();
        async Task<string?> Code(params (string, string)[] headers) => (await browser.Send("POST", "/api/v1/setup", body, headers: headers)).Code;
        (await Code(("X-Forwarded-For", "203.0.113.9"))).ShouldBe("SETUP_CODE_REQUIRED");
        (await Code(("Host", "shop.example"))).ShouldBe("SETUP_CODE_REQUIRED");
        (await Code(("Host", "shop.example"), (SetupGate.Header, "WRONG-WRONG-WRONG"))).ShouldBe("SETUP_CODE_REQUIRED");
        (await Code(("Origin", "https://evil.example"))).ShouldBe("SETUP_FOREIGN_PAGE");
        (await Code(("Sec-Fetch-Site", "cross-site"))).ShouldBe("SETUP_FOREIGN_PAGE");
        (await browser.Send("GET", "/api/v1/setup", headers: [("Host", "shop.example")]))["codeRequired"].ShouldBe("true");
        (await site.Count("select count(*) from company")).ShouldBe(0);

        var code = site.Services.GetRequiredService<SetupGate>().Code;
        code.ShouldMatch("^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$");
        var made = await browser.Send("POST", "/api/v1/setup", body, headers: [("Host", "shop.example"), ("Origin", "http://shop.example"), (SetupGate.Header, code.Replace("-", "").ToLowerInvariant())]);
        made.Status.ShouldBe(201, made.Text);
    }

    [Theory, OnBothEngines]
    public async Task Without_tax_and_with_two_rates_on_top_the_codes_are_as_chosen_and_what_is_not_wanted_is_off(Engine engine)
    {
        await using (var site = await Bare.Open(engine))
        {
            using var browser = new Browser(site.Address);
            (await browser.Send("POST", "/api/v1/setup", With("/taxes", JsonNode.Parse("""{"rates":[]}""")!).ToJsonString())).Json["taxCodes"]!.AsArray().Select(code => code!.ToString()).ShouldBe(["NONE"]);
            (await site.Count("select count(*) from tax_component")).ShouldBe(0);
        }

        await using (var site = await Bare.Open(engine))
        {
            using var browser = new Browser(site.Address);
            var wanted = With("/taxes", JsonNode.Parse("""{"rates":[{"name":"Standard","rate":"0.081"},{"name":"Reduced","rate":"0.026"}],"inclusive":false,"name":"MWST"}""")!);
            wanted["functions"] = new JsonArray("kernel.stock");
            (await browser.Send("POST", "/api/v1/setup", wanted.ToJsonString())).Json["taxCodes"]!.AsArray().Select(code => code!.ToString()).ShouldBe(["STD", "RED", "ZERO"]);
            (await site.Count("select sum(rate) from tax_component")).ShouldBe(107_000);
            (await site.Count("select count(*) from terminal where basis = 'net'")).ShouldBe(1);
            (await site.Count("select count(*) from function_off where function = 'sales.point-of-sale'")).ShouldBe(1);
            await browser.SignIn("olga", Password);
            (await browser.Get("/api/v1/sales/point-of-sale")).Code.ShouldBe("FUNCTION_OFF");
        }
    }

    /// <summary>An item with its price, and ten of it in the store.</summary>
    private static async Task Stock(Browser browser)
    {
        async Task<string> Id(string path, string code) =>
            (await browser.Get($"/api/v1/{path}")).Json["items"]!.AsArray().First(row => (row!["code"] ?? row["sku"])!.ToString() == code)!["id"]!.ToString();
        var item = await browser.Post("/api/v1/catalogue/items", new { sku = "CAKE", name = "Cake", categoryId = await Id("catalogue/categories", "GENERAL"), unit = "EA", taxCodeId = await Id("catalogue/tax-codes", "STD") });
        item.Status.ShouldBe(201, item.Text);
        var price = await browser.Post("/api/v1/catalogue/prices", new { itemId = item["id"], priceListId = await Id("catalogue/price-lists", "BASE"), price = "12.00" });
        price.Status.ShouldBe(201, price.Text);
    }

    private static JsonObject Rate() => new() { ["name"] = "Standard", ["rate"] = "0.2" };

    private static JsonObject Wanted() => new()
    {
        ["company"] = new JsonObject { ["name"] = "Corner shop", ["currency"] = "EUR", ["country"] = "AT" },
        ["branch"] = new JsonObject { ["name"] = "Main street", ["timeZone"] = "Europe/Vienna" },
        ["taxes"] = new JsonObject { ["rates"] = new JsonArray(Rate()) },
        ["administrator"] = new JsonObject { ["userName"] = "olga", ["name"] = "Olga Owner", ["password"] = Password },
        ["users"] = new JsonArray(new JsonObject { ["userName"] = "kim", ["name"] = "Kim", ["password"] = Password, ["role"] = "cashier" }),
    };

    private static JsonObject With(string pointer, JsonNode value)
    {
        var body = Wanted();
        var steps = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (steps is ["functions", _])
        {
            body["functions"] = new JsonArray(value);
            return body;
        }

        JsonNode at = body;
        foreach (var step in steps[..^1]) at = at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : at[step]!;
        at[steps[^1]] = value;
        return body;
    }
}
