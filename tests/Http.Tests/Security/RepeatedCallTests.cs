using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Http.Tests.Security;

/// <summary>Users, roles and tokens are made once however often the call comes, and no secret is kept for it.</summary>
public sealed class RepeatedCallTests
{
    private static async Task<List<string>> Kept(Server server) =>
        await server.Services.GetRequiredService<Database>().Read(db => db.Query($"select request_hash || response from idempotency", row => row.Text(0)));

    [Theory, OnBothEngines]
    public async Task A_user_is_made_once_even_when_the_call_comes_five_times_at_once(Engine engine)
    {
        await using var server = await Server.Start(engine);
        using var admin = await server.SignedIn("admin");
        admin.Headers["Idempotency-Key"] = "user-1";
        object Body(string name) => new { userName = "carla", name, password = "a very long password", roles = Array.Empty<object>() };
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => admin.Send("POST", "/api/v1/users", Body("Carla"))));
        all.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        all.Select(answer => answer.Body.GetProperty("id").GetGuid()).Distinct().Count().ShouldBe(1);
        (await admin.Send("POST", "/api/v1/users", Body("Another"))).Code.ShouldBe("IDEMPOTENCY_KEY_REUSED");
        admin.Headers["Idempotency-Key"] = "user-2";
        (await admin.Send("POST", "/api/v1/users", Body("Carla"))).Code.ShouldBe("USER_EXISTS");
        admin.Headers["Idempotency-Key"] = new string('k', 101);
        (await admin.Send("POST", "/api/v1/users", Body("Carla"))).Code.ShouldBe("IDEMPOTENCY_KEY_INVALID");
        // The hash kept is of the request without its password: nobody finds the password by trying hashes.
        admin.Headers["Idempotency-Key"] = "user-1";
        (await admin.Send("POST", "/api/v1/users", new { userName = "carla", name = "Carla", password = "another long password", roles = Array.Empty<object>() })).Status.ShouldBe(HttpStatusCode.Created);
        (await Kept(server)).Count.ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_role_is_made_once(Engine engine)
    {
        await using var server = await Server.Start(engine);
        using var admin = await server.SignedIn("admin");
        admin.Headers["Idempotency-Key"] = "role-1";
        var first = await admin.Send("POST", "/api/v1/roles", new { code = "night-shift", name = "Night shift" });
        var again = await admin.Send("POST", "/api/v1/roles", new { code = "night-shift", name = "Night shift" });
        (first.Status, again.Status).ShouldBe((HttpStatusCode.Created, HttpStatusCode.Created));
        again.Body.GetRawText().ShouldBe(first.Body.GetRawText());
        (await admin.Send("POST", "/api/v1/roles", new { code = "day-shift", name = "Day shift" })).Code.ShouldBe("IDEMPOTENCY_KEY_REUSED");
    }

    [Theory, OnBothEngines]
    public async Task A_token_is_made_once_and_its_secret_is_told_once(Engine engine)
    {
        await using var server = await Server.Start(engine);
        using var admin = await server.SignedIn("admin");
        admin.Headers["Idempotency-Key"] = "token-1";
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => admin.Send("POST", "/api/v1/tokens", new { name = "import" })));
        var made = all.Single(answer => answer.Status == HttpStatusCode.Created).Body;
        var secret = made.GetProperty("token").GetString()!;
        var id = made.GetProperty("details").GetProperty("id").GetString()!;
        all.Count(answer => answer.Code == "TOKEN_MADE" && answer.Body.GetRawText().Contains(id)).ShouldBe(3);
        (await Kept(server)).ShouldAllBe(kept => !kept.Contains(secret) && !kept.Contains("plug1_"));
        (await admin.Get("/api/v1/tokens")).Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }
}
