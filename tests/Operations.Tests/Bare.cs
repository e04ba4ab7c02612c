using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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

    public static async Task<Bare> Open(Engine engine, string listen = "127.0.0.1")
    {
        var test = await TestDatabase.Create(engine, Composition.Migrations);
        var app = Server.Build(test.Database, $"http://{listen}:0", Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.key"), builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.Configure<RateLimitOptions>(limits => (limits.SignInBurst, limits.WriteBurst, limits.WritesPerSecond) = (100_000, 1_000_000, 1_000_000));
            builder.Services.Configure<SecurityOptions>(options => options.PasswordRounds = 1000);
        });
        await Server.Prepare(test.Database, app.Services);
        await app.StartAsync();
        return new Bare(test, app);
    }

    public Task<long> Count(string sql) => test.Database.Read(db => db.Number(Sql.Raw(sql)));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await test.DisposeAsync();
    }
}
