using Plug1.Http;
using Plug1.Http.Functions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Sales;

namespace Plug1.Host.Setup;

/// <summary>Puts the web server together.</summary>
internal static class Server
{
    /// <summary>Builds the application on a database that has been brought up to date.</summary>
    /// <param name="database">The business.</param>
    /// <param name="urls">Where to listen; loopback unless configured otherwise.</param>
    /// <param name="keyFile">The file of the key that seals secrets.</param>
    /// <param name="configure">Further changes, for tests.</param>
    public static WebApplication Build(Database database, string urls, string keyFile, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "plug1" });
        builder.WebHost.UseUrls(urls);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddPlug1(database, options => options.KeyFile = keyFile);
        builder.Services.AddPlug1Http();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UsePlug1Http();
        var api = app.MapPlug1Api();
        foreach (var function in app.Services.GetRequiredService<FunctionCatalogue>().All)
            api.MapLifecycle(function, SalesModule.OwnVerbs.GetValueOrDefault(function.Code) ?? new HashSet<string>());
        SalesModule.Map(api);
        api.MapFunctionReads(app.Services.GetRequiredService<FunctionCatalogue>());
        app.MapGet("/health/live", () => Results.Text("alive"));
        app.MapGet("/health/ready", async (Database db, CancellationToken ct) => await db.Read(reader => reader.Number($"select count(*) from company", ct), ct) >= 0 ? Results.Text("ready") : Results.StatusCode(503));
        return app;
    }

    /// <summary>Brings the schema and the seeds of a database up to date.</summary>
    public static async Task Prepare(Database database, IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        await Migrations.Apply(database, Composition.Migrations, clock);
        await database.Write(tx => Seed.Apply(tx, services.GetRequiredService<FunctionCatalogue>(), clock));
    }
}
