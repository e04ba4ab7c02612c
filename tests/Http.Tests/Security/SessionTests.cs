using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Kernel.Security;
using Plug1.Testing;
using Shouldly;
using Xunit;
using Engine = Plug1.Kernel.Storage.Engine;

namespace Plug1.Http.Tests.Security;

public sealed class SessionTests
{
    [Theory, OnBothEngines]
    public async Task Signing_in_answers_who_where_and_what_they_may_do(Engine engine)
    {
        await using var server = await Server.Start(engine);
        using var browser = server.NewBrowser();
        (await browser.Get("/api/v1/session")).Code.ShouldBe("SIGN_IN_REQUIRED");
        var answer = await browser.SignIn("cashier");
        answer.Status.ShouldBe(HttpStatusCode.OK);
        var cookie = answer.Message.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("plug1_session=");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        var session = (await browser.Get("/api/v1/session")).Body;
        session.GetProperty("user").GetProperty("userName").GetString().ShouldBe("cashier");
        session.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).ShouldBe(["cashier"]);
        session.GetProperty("permissions").EnumerateArray().Select(permission => permission.GetString()).Where(permission => permission!.StartsWith("sales.", StringComparison.Ordinal)).ShouldBe(["sales.point-of-sale.create"]);
        session.GetProperty("branches").EnumerateArray().Select(branch => branch.GetProperty("code").GetString()).ShouldBe(["HQ"]);
        session.GetProperty("branch").GetProperty("code").GetString().ShouldBe("HQ");
        session.GetProperty("company").GetProperty("currency").GetString().ShouldBe("EUR");
        session.GetProperty("company").GetProperty("exponent").GetInt32().ShouldBe(2);
        session.GetProperty("mustChangePassword").GetBoolean().ShouldBeFalse();
        (await browser.Send("DELETE", "/api/v1/session", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await browser.Get("/api/v1/session")).Code.ShouldBe("SIGN_IN_REQUIRED");
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_are_answered_alike()
    {
        await using var server = await Server.Start();
        using var browser = server.NewBrowser();
        var wrong = await browser.SignIn("cashier", "wrong");
        var unknown = await browser.SignIn("nobody", "wrong");
        wrong.Status.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Code.ShouldBe("SIGN_IN_FAILED");
        unknown.Body.GetRawText().ShouldBe(wrong.Body.GetRawText());
    }

    [Fact]
    public async Task A_write_with_the_cookie_needs_the_antiforgery_header_of_that_session()
    {
        await using var server = await Server.Start();
        using var browser = await server.SignedIn("cashier");
        var csrf = browser.Csrf;
        browser.Csrf = null;
        (await browser.Text("/api/v1/baskets", "{}")).Code.ShouldBe("CSRF_INVALID");
        browser.Csrf = "made-up";
        (await browser.Text("/api/v1/baskets", "{}")).Code.ShouldBe("CSRF_INVALID");
        using var other = await server.SignedIn("cashier");
        browser.Csrf = other.Csrf;
        (await browser.Text("/api/v1/baskets", "{}")).Code.ShouldBe("CSRF_INVALID");
        browser.Csrf = csrf;
        (await browser.Text("/api/v1/baskets", "{}")).Code.ShouldBe("BODY_INVALID");
    }

    [Fact]
    public async Task The_branch_is_the_one_named_when_the_user_works_there()
    {
        await using var server = await Server.Start();
        using var cashier = await server.SignedIn("cashier");
        cashier.Headers["X-Device"] = "till-7";
        var body = """{"title":"a","quantity":"1","lines":[]}""";
        var here = (await cashier.Text("/api/v1/baskets", body)).Body;
        (here.GetProperty("branch").GetString(), here.GetProperty("device").GetString()).ShouldBe(("HQ", "till-7"));
        cashier.Headers["X-Branch"] = "NORTH";
        (await cashier.Text("/api/v1/baskets", body)).Code.ShouldBe("BRANCH_NOT_GRANTED");
        cashier.Headers["X-Branch"] = "ATLANTIS";
        (await cashier.Text("/api/v1/baskets", body)).Code.ShouldBe("BRANCH_NOT_GRANTED");
        using var admin = await server.SignedIn("admin");
        admin.Headers["X-Branch"] = "NORTH";
        (await admin.Text("/api/v1/baskets", body)).Body.GetProperty("branch").GetString().ShouldBe("NORTH");
    }

    [Fact]
    public async Task A_user_who_must_choose_a_new_password_does_nothing_before_that()
    {
        await using var server = await Server.Start();
        using var admin = await server.SignedIn("admin");
        (await admin.Send("PUT", $"/api/v1/users/{server.Cashier}/password", new { password = "first password" })).Status.ShouldBe(HttpStatusCode.OK);
        using var cashier = server.NewBrowser();
        (await cashier.SignIn("cashier", "first password")).Body.GetProperty("mustChangePassword").GetBoolean().ShouldBeTrue();
        (await cashier.Text("/api/v1/baskets", "{}")).Code.ShouldBe("PASSWORD_CHANGE_REQUIRED");
        (await cashier.Send("PUT", "/api/v1/session/password", new { current = "wrong", @new = "second password" })).Code.ShouldBe("PASSWORD_WRONG");
        (await cashier.Send("PUT", "/api/v1/session/password", new { current = "first password", @new = "second password" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await cashier.Text("/api/v1/baskets", "{}")).Code.ShouldBe("BODY_INVALID");
    }

    [Fact]
    public async Task A_program_signs_in_by_its_token_until_that_is_revoked()
    {
        await using var server = await Server.Start();
        using var admin = await server.SignedIn("admin");
        var made = await admin.Send("POST", "/api/v1/tokens", new { name = "web shop", userId = server.Cashier });
        made.Status.ShouldBe(HttpStatusCode.Created);
        var token = made.Body.GetProperty("token").GetString()!;
        using var program = server.NewBrowser();
        program.Headers["Authorization"] = $"Bearer {token}";
        (await program.Text("/api/v1/baskets", """{"title":"a","quantity":"1","lines":[]}""")).Status.ShouldBe(HttpStatusCode.OK, "a program sends no antiforgery header");
        (await program.Get("/api/v1/session")).Body.TryGetProperty("csrfToken", out _).ShouldBeFalse();
        (await program.Send("POST", "/api/v1/session/totp", null)).Code.ShouldBe("PERMISSION_DENIED");
        (await admin.Get("/api/v1/tokens")).Body.GetRawText().ShouldNotContain(token);
        var id = made.Body.GetProperty("details").GetProperty("id").GetGuid();
        (await admin.Send("DELETE", $"/api/v1/tokens/{id}", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await program.Get("/api/v1/session")).Code.ShouldBe("SIGN_IN_REQUIRED");
    }

    [Theory, OnBothEngines]
    public async Task An_administrator_keeps_users_roles_and_the_matrix_and_a_cashier_sees_none_of_it(Engine engine)
    {
        await using var server = await Server.Start(engine);
        using var admin = await server.SignedIn("admin");
        using var cashier = await server.SignedIn("cashier");
        foreach (var path in new[] { "/users", "/roles", "/permissions", "/tokens", $"/users/{Guid.CreateVersion7()}" })
        {
            var denied = await cashier.Get($"/api/v1{path}");
            (denied.Status, denied.Code).ShouldBe((HttpStatusCode.Forbidden, "PERMISSION_DENIED"));
            denied.Body.GetProperty("permission").GetString()!.ShouldStartWith("kernel.");
        }

        var made = await admin.Send("POST", "/api/v1/users", new { userName = "eva", name = "Eva", password = "long enough", roles = new[] { new { role = "cashier" } } });
        made.Status.ShouldBe(HttpStatusCode.Created);
        var path1 = made.Message.Headers.Location!.ToString();
        (await admin.Get(path1)).Body.GetProperty("mustChange").GetBoolean().ShouldBeTrue();
        admin.Headers["If-Match"] = "\"7\"";
        var stale = await admin.Send("PATCH", path1, new { name = "Eve" });
        (stale.Status, stale.Code, stale.Body.GetProperty("version").GetInt32()).ShouldBe((HttpStatusCode.PreconditionFailed, "VERSION_CONFLICT", 1));
        admin.Headers["If-Match"] = "\"1\"";
        (await admin.Send("PATCH", path1, new { name = "Eve" })).Body.GetProperty("version").GetInt32().ShouldBe(2);
        admin.Headers["If-Match"] = "yesterday";
        (await admin.Send("PATCH", path1, new { name = "Eve" })).Code.ShouldBe("PARAMETER_INVALID");
        admin.Headers.Remove("If-Match");
        (await admin.Send("PUT", $"{path1}/roles", new { roles = new[] { new { role = "auditor" } } })).Status.ShouldBe(HttpStatusCode.OK);
        (await admin.Send("POST", $"{path1}/deactivate", null)).Body.GetProperty("active").GetBoolean().ShouldBeFalse();
        var page = (await admin.Get("/api/v1/users?limit=2")).Body;
        page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("userName").GetString()).ShouldBe(["admin", "cashier"]);
        (await admin.Get($"/api/v1/users?limit=2&after={page.GetProperty("next").GetString()}")).Body.GetProperty("items").GetArrayLength().ShouldBe(1);

        (await admin.Send("POST", "/api/v1/roles", new { code = "helper", name = "Helper" })).Status.ShouldBe(HttpStatusCode.Created);
        (await admin.Send("PUT", "/api/v1/roles/helper/permissions/sales.point-of-sale.create", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        var matrix = (await admin.Get("/api/v1/permissions")).Body;
        matrix.GetProperty("roles").GetArrayLength().ShouldBe(23);
        Row(matrix, "sales.point-of-sale.create").ShouldBe(["administrator", "cashier", "helper"]);
        (await admin.Send("DELETE", "/api/v1/roles/helper/permissions/sales.point-of-sale.create", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await admin.Send("DELETE", "/api/v1/roles/administrator/permissions/sales.point-of-sale.create", null)).Code.ShouldBe("ROLE_FIXED");
    }

    [Fact]
    public async Task Too_many_sign_ins_from_one_address_and_too_many_writes_of_one_user_have_to_wait()
    {
        await using var server = await Server.Start(limits: limits => (limits.SignInBurst, limits.SignInsPerSecond, limits.WriteBurst, limits.WritesPerSecond) = (3, 1, 12, 1));
        using var browser = await server.SignedIn("cashier");
        using var other = server.NewBrowser();
        var attempts = new List<Answered>();
        for (var attempt = 0; attempt < 5; attempt++) attempts.Add(await other.SignIn("nobody", "wrong"));
        attempts.ShouldContain(attempt => attempt.Code == "TOO_MANY_REQUESTS" && attempt.Status == HttpStatusCode.TooManyRequests);
        attempts.Last(attempt => attempt.Code == "TOO_MANY_REQUESTS").Message.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        var writes = new List<Answered>();
        for (var write = 0; write < 30; write++) writes.Add(await browser.Text("/api/v1/baskets", "{}"));
        writes.Count(write => write.Code == "BODY_INVALID").ShouldBeInRange(12, 20);
        writes.ShouldContain(write => write.Code == "TOO_MANY_REQUESTS");
        (await browser.Get("/api/v1/session")).Status.ShouldBe(HttpStatusCode.OK, "reading is not limited");
    }

    [Fact]
    public async Task A_one_time_code_is_asked_for_after_its_secret_was_confirmed()
    {
        await using var server = await Server.Start();
        using var browser = await server.SignedIn("cashier");
        (await browser.Send("PUT", "/api/v1/session/totp", new { code = "123456" })).Code.ShouldBe("TOTP_NOT_STARTED");
        var started = await browser.Send("POST", "/api/v1/session/totp", null);
        started.Body.GetProperty("uri").GetString().ShouldStartWith("otpauth://totp/");
        (await browser.Send("PUT", "/api/v1/session/totp", new { code = "no code" })).Code.ShouldBe("TOTP_CODE_WRONG");
        (await browser.Send("DELETE", "/api/v1/session/totp", null)).Status.ShouldBe(HttpStatusCode.BadRequest);
        var guessed = await browser.Send("DELETE", "/api/v1/session/totp", new { password = "a guess of mine" });
        (guessed.Code, string.Join(',', guessed.Errors)).ShouldBe(("PASSWORD_WRONG", "/password PASSWORD_WRONG"));
        (await browser.Send("DELETE", "/api/v1/session/totp", new { password = Server.Password })).Status.ShouldBe(HttpStatusCode.NoContent);
        server.Services.GetRequiredService<SecondPerson>().ShouldNotBeNull();
    }

    private static IEnumerable<string?> Row(JsonElement matrix, string permission) => matrix.GetProperty("permissions").EnumerateArray()
        .Single(row => row.GetProperty("permission").GetString() == permission).GetProperty("roles").EnumerateArray().Select(role => role.GetString());
}
