using Microsoft.Extensions.DependencyInjection.Extensions;
using Plug1.Books;
using Plug1.Customers;
using Plug1.Host.Background;
using Plug1.Host.Backups;
using Plug1.Host.CommandLine;
using Plug1.Host.Diagnostics;
using Plug1.Http;
using Plug1.Http.Functions;
using Plug1.Http.MasterData;
using Plug1.Http.Operations;
using Plug1.Http.Setup;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Sales;

namespace Plug1.Host.Setup;

/// <summary>Puts the web server together.</summary>
internal static class Server
{
    /// <summary>Builds the application on a database that has been, or will be, brought up to date before it starts.</summary>
    /// <param name="database">The business.</param>
    /// <param name="urls">Where to listen; loopback unless configured otherwise.</param>
    /// <param name="keyFile">The file of the key that seals secrets.</param>
    /// <param name="configure">Further changes, for tests.</param>
    public static WebApplication Build(Database database, string urls, string keyFile, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "plug1", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(urls);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // The command prints where the server is, and says in one line why it could not start.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddPlug1(database, options => options.KeyFile = keyFile);
        builder.Services.AddPlug1Http();
        builder.Services.AddPlug1Description();
        builder.Services.AddPlug1Compression();
        builder.Services.AddPlug1Background();
        builder.Services.AddPlug1Diagnostics();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        configure?.Invoke(builder);
        builder.Services.TryAddSingleton(new Place(Path.GetDirectoryName(Path.GetFullPath(keyFile))!, database.File is { } file ? $"sqlite:{file}" : ""));
        var app = builder.Build();
        Map(app);
        return app;
    }

    /// <summary>Brings the schema and the seeds of a database up to date.</summary>
    /// <returns>The migrations applied now.</returns>
    public static async Task<IReadOnlyList<string>> Prepare(Database database, IServiceProvider services, CancellationToken ct = default)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var applied = await Migrations.Apply(database, Composition.Migrations, clock, ct);
        await database.Write(tx => KernelSeed.Apply(tx, services.GetRequiredService<FunctionCatalogue>(), clock, ct: ct), ct);
        return applied;
    }

    private static void Map(WebApplication app)
    {
        app.UsePlug1Compression();
        app.UseWebPages();
        app.UseApiBrowser();
        app.UsePlug1Http();
        app.UsePageFallback();
        var api = app.MapPlug1Api();
        foreach (var function in app.Services.GetRequiredService<FunctionCatalogue>().All)
            api.MapLifecycle(function, SalesModule.OwnVerbs.GetValueOrDefault(function.Code) ?? new HashSet<string>());
        SalesModule.Map(api);
        CustomersModule.Map(api);
        BooksModule.Map(api);
        api.MapMasterData();
        api.MapFunctionReads(app.Services.GetRequiredService<FunctionCatalogue>());
        api.MapOperations();
        api.MapSetup();
        api.MapBackups();
        api.MapDiagnostics();
        app.MapPlug1Description();
        app.MapHealth();
    }
}
