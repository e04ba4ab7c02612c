using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plug1.Host.CommandLine;
using Plug1.Host.Setup;
using Plug1.Http.Security;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;

namespace Plug1.Operations.Tests;

/// <summary>The real server on an empty database, as a first start leaves it.</summary>
internal sealed class Bare : IAsyncDisposable
{
    private readonly TestDatabase test;
    private readonly WebApplication app;

    private Bare(TestDatabase test, WebApplication app) => (this.test, this.app) = (test, app);

    public Uri Address => new(app.Urls.Single());

    public Database Database => test.Database;

    public IServiceProvider Services => app.Services;

    /// <summary>The data folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Sets it up, with olga as administrator and kim as cashier.</summary>
    public async Task<Browser> SetUp()
    {
        var browser = new Browser(Address);
        var made = await browser.Send("POST", "/api/v1/setup", """
            {"company":{"name":"Corner shop","currency":"EUR","country":"AT"},"branch":{"name":"Main street","timeZone":"Europe/Vienna"},"taxes":{"rates":[{"name":"Standard","rate":"0.2"}]},
             "administrator":{"userName":"olga","name":"Olga Owner","password":"a long first password"},"users":[{"userName":"kim","name":"Kim","password":"a long first password","role":"cashier"}]}
            """);
        if (made.Status != 201) throw new InvalidOperationException(made.Text);
        await browser.SignIn("olga", "a long first password");
        return browser;
    }

    public static async Task<Bare> Open(Engine engine, string listen = "127.0.0.1")
    {
        var made = await TestDatabase.Create(engine, Composition.Migrations);
        var folder = Directory.CreateDirectory(Path.Combine(TestFolder.Path, $"bare-{Guid.CreateVersion7():N}")).FullName;
        var built = Server.Build(made.Database, $"http://{listen}:0", Path.Combine(folder, "plug1.key"), builder =>
        {
            builder.Services.AddSingleton(new Place(folder, made.Setting));
            builder.Logging.ClearProviders();
            builder.Services.Configure<RateLimitOptions>(limits => (limits.SignInBurst, limits.WriteBurst, limits.WritesPerSecond) = (100_000, 1_000_000, 1_000_000));
            builder.Services.Configure<SecurityOptions>(options => options.PasswordRounds = 1000);
        });
        await Server.Prepare(made.Database, built.Services);
        await built.StartAsync();
        return new Bare(made, built) { Folder = folder };
    }

    public Task<long> Count(string sql) => test.Database.Read(db => db.Number(Sql.Raw(sql)));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await test.DisposeAsync();
    }
}
