using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plug1.Host.Setup;
using Plug1.Http.Security;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Sales.Tests.PointOfSale;
using Plug1.Testing;

namespace Plug1.Operations.Tests;

/// <summary>The corner shop served by the real server on a free loopback port, with one user for each role template.</summary>
internal sealed class Site : IAsyncDisposable
{
    public const string Password = "a long password";
    private readonly WebApplication app;

    private Site(Shop shop, WebApplication app) => (Shop, this.app) = (shop, app);

    public Shop Shop { get; }

    public IServiceProvider Services => app.Services;

    public Uri Address => new(app.Urls.Single());

    /// <summary>What the server logged as an error of its own.</summary>
    public ConcurrentQueue<string> Incidents { get; } = new();

    public IReadOnlyList<Function> Functions => Services.GetRequiredService<FunctionCatalogue>().All;

    /// <summary>All endpoints that the server has, one for each method.</summary>
    public IReadOnlyList<Route> Routes =>
    [
        .. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new Route(endpoint, method)))
            .OrderBy(route => route.Name, StringComparer.Ordinal),
    ];

    public static async Task<Site> Open(Engine engine = Engine.Sqlite)
    {
        var shop = await Shop.Open(engine);
        Site? site = null;
        var built = Server.Build(shop.Database, "http://127.0.0.1:0", Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.key"), builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(new Listener(text => site?.Incidents.Enqueue(text)));
            builder.Services.Configure<RateLimitOptions>(limits => (limits.SignInBurst, limits.WriteBurst, limits.WritesPerSecond) = (100_000, 1_000_000, 1_000_000));
            builder.Services.Configure<SecurityOptions>(options => (options.PasswordRounds, options.AttemptsBeforeLock) = (1000, 1_000_000));
        });
        site = new Site(shop, built);
        await Server.Prepare(shop.Database, built.Services);
        foreach (var (role, _) in RoleTemplates.All) await shop.Account(role, role);
        await built.StartAsync();
        return site;
    }

    /// <summary>A browser in which somebody is signed in.</summary>
    public async Task<Browser> SignedIn(string userName)
    {
        var browser = new Browser(Address);
        var answer = await browser.SignIn(userName, Password);
        if (answer.Status != 200) throw new InvalidOperationException($"{userName} cannot sign in: {answer.Text}");
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await Shop.DisposeAsync();
    }

    private sealed class Listener(Action<string> tell) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) tell(string.Create(CultureInfo.InvariantCulture, $"{formatter(state, exception)} {exception}"));
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>An endpoint with one of its methods.</summary>
internal sealed record Route(RouteEndpoint Endpoint, string Method)
{
    public string Pattern => "/" + Endpoint.RoutePattern.RawText!.Trim('/');

    public string Name => Endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? $"{Method} {Pattern}";

    public bool IsApi => Pattern.StartsWith("/api/", StringComparison.Ordinal);

    public bool Reads => Method is "GET" or "HEAD";

    /// <summary>What the body is read as; null when there is none.</summary>
    public Type? Body => Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;

    /// <summary>The address with each parameter filled in.</summary>
    public string Fill(Func<string, string> value) => string.Join('/', Pattern.Split('/').Select(part =>
        part.StartsWith('{') ? Uri.EscapeDataString(value(part.Trim('{', '}').Split(':')[0])) : part));

    public override string ToString() => $"{Method} {Pattern} ({Name})";
}
