using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Host.Tests;

/// <summary>The program as an operator meets it: first start, second start, tokens, users, the API's description.</summary>
public sealed class ServeTests
{
    [Theory, OnBothEngines]
    public async Task The_first_start_waits_to_be_set_up_and_the_second_keeps_the_company_and_takes_seconds(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        await using (var first = await plug1.Serve("--empty"))
        {
            (await first.Http.GetStringAsync("/api/v1/setup")).ShouldStartWith("""{"needed":true,"codeRequired":false""");
            using var made = await first.Http.PostAsync("/api/v1/setup", new StringContent("""
                {"company":{"name":"Corner shop","currency":"EUR","country":"AT"},"branch":{"name":"Main street","timeZone":"Europe/Vienna"},
                 "taxes":{"rates":[]},"administrator":{"userName":"olga","name":"Olga","password":"a long first password"}}
                """, System.Text.Encoding.UTF8, "application/json"));
            made.StatusCode.ShouldBe(HttpStatusCode.Created);
            (await first.Http.GetStringAsync("/health/live")).ShouldBe("alive");
            (await first.Http.GetStringAsync("/health/ready")).ShouldBe("ready");
            (await first.Stop()).ShouldBe(0);
        }

        var clock = Stopwatch.StartNew();
        await using var second = await plug1.Serve("--empty");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        (await second.Http.GetStringAsync("/api/v1/setup")).ShouldBe("""{"needed":false,"codeRequired":false}""");
        (await second.Http.GetStringAsync("/health/ready")).ShouldBe("ready");
    }

    [Theory, OnBothEngines]
    public async Task A_token_is_printed_alone_and_opens_the_api_until_it_is_revoked(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        (await plug1.Run("company", "--name", "Corner shop", "--currency", "EUR", "--time-zone", "Europe/Berlin")).ExitCode.ShouldBe(0);
        var made = await plug1.Run("token", "create", "--user", "admin");
        made.ExitCode.ShouldBe(0, made.Error);
        var token = made.Out.TrimEnd('\n');
        token.ShouldMatch("^plug1_[A-Za-z0-9_-]{43}$");

        await using var server = await plug1.Serve();
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await server.Http.SendAsync(ask);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var session = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        session.RootElement.GetProperty("company").GetProperty("name").GetString().ShouldBe("Corner shop");
        session.RootElement.GetProperty("branches")[0].GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");

        (await plug1.Run("token", "list")).Out.ShouldContain(token[..12]);
        (await plug1.Run("token", "revoke", token[..12])).ExitCode.ShouldBe(0);
        await Task.Delay(2500);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        again.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var refused = await server.Http.SendAsync(again);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Users_are_made_with_roles_at_a_branch_and_a_password_from_standard_input()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await plug1.Run("company");
        var made = await plug1.Run("a good long password", ["user", "create", "ann", "--name", "Ann Other", "--role", "cashier@MAIN", "--password-stdin"]);
        made.ExitCode.ShouldBe(0, made.Error);
        made.Out.ShouldNotContain("password");
        (await plug1.Run("user", "list")).Out.ShouldContain("ann\tAnn Other\tactive\tcashier@MAIN");
        (await plug1.Run("user", "roles", "ann", "--role", "store-manager", "auditor")).Out.ShouldContain("auditor, store-manager");
        (await plug1.Run("user", "password", "ann")).Out.ShouldContain("shown once");
        (await plug1.Run("user", "unlock", "ann")).ExitCode.ShouldBe(0);

        var unknown = await plug1.Run("user", "unlock", "nobody");
        unknown.ExitCode.ShouldBe(1);
        unknown.Error.ShouldBe("plug1: There is no user 'nobody'. 'plug1 user list' shows them.\n");
        (await plug1.Run("user", "create", "bob", "--role", "emperor")).Error.ShouldContain("ROLE");
    }

    [Fact]
    public async Task What_is_wrong_is_told_in_one_line_with_an_exit_code()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        var none = await plug1.Run("token", "create", "--user", "admin");
        none.ExitCode.ShouldBe(3);
        none.Error.ShouldStartWith("plug1: There is no database at ");
        File.Exists(plug1.SqliteFile).ShouldBeFalse();
        (await plug1.Run("ledger", "export", "--format", "excel")).ExitCode.ShouldBe(2);
        (await plug1.Run("company", "--currency", "XXX")).Error.ShouldBe("plug1: ISO 4217 has no currency 'XXX'.\n");
        (await plug1.Run("company", "--time-zone", "Mars/Base")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await using var other = await Plug1.At(Engine.Sqlite);
        await using var server = await plug1.Serve("--empty");
        var refused = await other.Run("serve", "--port", $"{server.Http.BaseAddress!.Port}");
        refused.ExitCode.ShouldBe(3);
        refused.Error.ShouldContain("address already in use");
        (await plug1.Run("serve", "--port", "0")).Error.ShouldContain("serves");
    }

    [Fact]
    public async Task The_description_of_the_api_has_stable_names_and_says_how_to_sign_in()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        var file = Path.Combine(plug1.Folder, "openapi.json");
        var written = await plug1.Run("openapi", "--out", file);
        written.ExitCode.ShouldBe(0, written.Error);
        using var text = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        text.RootElement.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        var components = text.RootElement.GetProperty("components");
        components.GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ShouldAllBe(name => !char.IsAsciiDigit(name.Last()));
        components.GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).ShouldBe(["session", "csrf", "token"], ignoreOrder: true);
        text.RootElement.GetProperty("paths").TryGetProperty("/api/v1/sales/point-of-sale/checkout", out var checkout).ShouldBeTrue();
        checkout.GetProperty("post").GetProperty("security").GetArrayLength().ShouldBe(2);

        await using var server = await plug1.Serve("--empty");
        (await server.Http.GetStringAsync("/openapi/v1.json")).ShouldContain("\"3.1");
        using var docs = await server.Http.GetAsync("/docs/index.html");
        docs.StatusCode.ShouldBe(HttpStatusCode.OK);
        docs.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
        (await docs.Content.ReadAsStringAsync()).ShouldNotContain("<script>");
    }

    [Fact]
    public async Task The_description_that_the_web_application_is_typed_from_is_what_the_program_answers()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        var file = Path.Combine(plug1.Folder, "openapi.json");
        (await plug1.Run("openapi", "--out", file)).ExitCode.ShouldBe(0);
        var kept = (await File.ReadAllTextAsync(Path.Combine(Checkout(), "web", "openapi.json"))).Split('\n');
        var told = (await File.ReadAllTextAsync(file)).Split('\n');
        // The first difference says more than two texts of 20,000 lines.
        var at = Enumerable.Range(0, Math.Max(kept.Length, told.Length)).FirstOrDefault(line => kept.ElementAtOrDefault(line)?.TrimEnd() != told.ElementAtOrDefault(line)?.TrimEnd(), -1);
        at.ShouldBe(-1, $"web/openapi.json is not current from line {at + 1} on: '{kept.ElementAtOrDefault(at)}' is '{told.ElementAtOrDefault(at)}' now. "
            + "Write it again with: ./plug1 openapi --out web/openapi.json && (cd web && npm run types)");
    }

    private static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Plug1.slnx"))) return folder.FullName;
        throw new InvalidOperationException("These tests run inside the checkout.");
    }

    [Fact]
    public async Task Text_is_sent_compressed_but_never_the_session_and_an_unknown_api_address_is_a_problem()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await using var server = await plug1.Serve("--empty");
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        ask.Headers.AcceptEncoding.ParseAdd("br");
        using var packed = await server.Http.SendAsync(ask);
        packed.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        using var session = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        session.Headers.AcceptEncoding.ParseAdd("br");
        using var plain = await server.Http.SendAsync(session);
        plain.Content.Headers.ContentEncoding.ShouldBeEmpty();
        using var unknown = await server.Http.GetAsync("/api/v1/nothing");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        unknown.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var page = await server.Http.GetAsync("/sales/point-of-sale");
        page.Content.Headers.ContentType!.MediaType.ShouldBeOneOf("text/html", "text/plain");
    }
}
