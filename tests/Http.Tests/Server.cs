using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;

namespace Plug1.Http.Tests;

/// <summary>The HTTP interface on a loopback port, with an administrator and a cashier of the branch HQ.</summary>
internal sealed class Server : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    private readonly TestDatabase database;
    private readonly WebApplication host;
    private readonly string home;

    private Server(TestDatabase database, WebApplication host, string home) => (this.database, this.host, this.home) = (database, host, home);

    public Uri Address => new(host.Urls.Single());

    public IServiceProvider Services => host.Services;

    public Guid Cashier { get; private set; }

    /// <summary>What an endpoint of a function may take: every form that a body can have.</summary>
    public sealed record Basket(string Title, Quantity Quantity, IReadOnlyList<Line> Lines, string? Note = null);

    public sealed record Line(string Sku, int Pieces);

    public static async Task<Server> Start(Engine engine = Engine.Sqlite, Action<RateLimitOptions>? limits = null)
    {
        var test = await TestDatabase.Create(engine);
        var folder = Directory.CreateTempSubdirectory("plug1-http-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(test.Database);
        builder.Services.AddSingleton<OrganisationBook>();
        builder.Services.AddPlug1Security(options =>
        {
            options.KeyFile = Path.Combine(folder, "plug1.key");
            options.PasswordRounds = 1_000;
        });
        builder.Services.AddPlug1Http(limits);
        builder.Services.AddSingleton(from => new CommandRunner(test.Database, from.GetRequiredService<OrganisationBook>(), TimeProvider.System, Plug1Json.Options));
        builder.Services.AddSingleton(new FunctionCatalogue([]));
        builder.Services.AddSingleton<ApprovalDesk>();
        builder.Services.AddSingleton(new StampedCache<AccountRules>(test.Database, "accounts", TimeProvider.System, AccountRules.Load));
        builder.Services.AddExceptions();
        builder.Services.AddMasterData();
        var app = builder.Build();
        app.UsePlug1Http();
        var api = app.MapPlug1Api();
        api.MapMasterData();
        api.MapPost("/baskets", (Basket basket, RequestActor actor) => Microsoft.AspNetCore.Http.Results.Ok(new { basket.Title, branch = actor.Branch.Code, actor.Device }));
        api.MapGet("/broken", string () => throw new InvariantBrokenException("The secret of the ledger."));
        api.MapGet("/refused", () => new Refusal("STOCK_SHORT", "Two are left.", "/lines/0/quantity", Status: 409,
            Detail: new Dictionary<string, object?>(StringComparer.Ordinal) { ["available"] = "2" }).ToHttp());
        api.MapGet("/number", (int limit) => limit);

        var server = new Server(test, app, folder);
        var (hq, north) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await test.Database.Write(async tx =>
        {
            tx.Stage($"insert into company (id, name, currency, exponent, created_at) values (1, 'Corner shop', 'EUR', 2, {TimeProvider.System.GetUtcNow()})");
            foreach (var (id, code) in new[] { (hq, "HQ"), (north, "NORTH") })
                tx.Stage($"insert into branch (id, code, name, time_zone) values ({id}, {code}, {code}, 'UTC')");
            await RoleTemplates.Seed(tx, [new PermissionDeclaration("sales.point-of-sale.create", "Sell", ["cashier"]), .. MasterDataPermissions.All], TimeProvider.System);
        });
        var users = app.Services.GetRequiredService<Users>();
        await users.Create(Caller.System, new NewUser("admin", "Ada", Password, [new RoleAssignment(RoleTemplates.Administrator)], MustChange: false));
        server.Cashier = (await users.Create(Caller.System, new NewUser("cashier", "Carl", Password, [new RoleAssignment("cashier", hq)], MustChange: false))).Value.Id;
        await app.StartAsync();
        return server;
    }

    public Browser NewBrowser() => new(Address);

    public async Task<Browser> SignedIn(string userName)
    {
        var browser = NewBrowser();
        (await browser.SignIn(userName)).Status.ShouldBeOk();
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await host.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }
}

/// <summary>An answer, with its body read.</summary>
internal sealed record Answered(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Message)
{
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    public IReadOnlyList<string> Errors => Body.TryGetProperty("errors", out var errors)
        ? [.. errors.EnumerateArray().Select(error => $"{error.GetProperty("pointer").GetString()} {error.GetProperty("code").GetString()}")]
        : [];
}

/// <summary>A browser with its cookies and the antiforgery token of its session; or a program, with neither.</summary>
internal sealed class Browser(Uri address) : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseCookies = true }) { BaseAddress = address };

    public string? Csrf { get; set; }

    public Dictionary<string, string> Headers { get; } = [];

    public async Task<Answered> SignIn(string userName, string password = Server.Password, string? code = null)
    {
        var answer = await Send("POST", "/api/v1/session", code is null ? new { userName, password } : new { userName, password, code });
        if (answer.Status == HttpStatusCode.OK) Csrf = answer.Body.GetProperty("csrfToken").GetString();
        return answer;
    }

    public Task<Answered> Get(string path) => Send("GET", path, null);

    public Task<Answered> Send(string method, string path, object? body) =>
        Raw(method, path, body is null ? null : JsonContent.Create(body, options: new JsonSerializerOptions(JsonSerializerDefaults.Web)));

    public Task<Answered> Text(string path, string body, string type = "application/json") => Raw("POST", path, new StringContent(body, Encoding.UTF8, type));

    public async Task<Answered> Raw(string method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        if (Csrf is not null) request.Headers.Add("X-Csrf-Token", Csrf);
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        var message = await client.SendAsync(request);
        var text = await message.Content.ReadAsStringAsync();
        return new Answered(message.StatusCode, text.Length > 0 ? JsonDocument.Parse(text).RootElement : default, message);
    }

    public void Dispose() => client.Dispose();
}

internal static class Expectations
{
    public static void ShouldBeOk(this HttpStatusCode status) => Shouldly.ShouldBeTestExtensions.ShouldBe(status, HttpStatusCode.OK);
}
