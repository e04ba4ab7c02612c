using System.CommandLine;
using System.Net;
using Plug1.Host.Setup;
using Plug1.Http.Setup;
using Plug1.Kernel.Setup;
using Plug1.Kernel.Storage;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 serve</c>: the web application and the API.</summary>
internal static class ServeCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "The port; 0 takes one that is free.", HelpName = "N", DefaultValueFactory = _ => 5080 };

    private static readonly Option<string?> Listen = new("--listen")
    {
        Description = "The address to listen on: an IP address, localhost, or * for all. Default: PLUG1_LISTEN, else loopback.",
        HelpName = "ADDRESS",
    };

    private static readonly Option<bool> Demo = new("--demo") { Description = "Fill a database without a company with the demo company." };

    private static readonly Option<bool> Empty = new("--empty") { Description = "Leave a database without a company empty: the web application asks for the company at the first visit." };

    /// <summary>The command.</summary>
    public static Command Make() => new Command("serve", "Serve the web application and the API.") { Port, Listen, Demo, Empty }.Does(Run);

    private static async Task<int> Run(ParseResult parsed, CancellationToken ct)
    {
        var place = Common.PlaceOf(parsed);
        var url = UrlOf(parsed.GetValue(Listen) ?? Environment.GetEnvironmentVariable("PLUG1_LISTEN"), parsed.GetValue(Port));
        using var mark = place.SqliteFile is { } file
            ? DataLock.TryTake(file) ?? throw new CommandFailure($"Another plug1 serves {file} already.", ExitCode.Unavailable) : null;
        Directory.CreateDirectory(place.Folder);
        await using var database = Database.Open(place.Setting);
        await using var app = Server.Build(database, url, place.KeyFile, builder => builder.Services.AddSingleton(place));
        var applied = await Server.Prepare(database, app.Services, ct);
        if (applied.Count > 0) await Console.Error.WriteLineAsync($"The schema was brought up to date: {applied.Count} migrations.");
        await Fill(parsed, database, app.Services, ct);

        await app.StartAsync(ct);
        foreach (var address in app.Urls) Console.WriteLine($"Plug1 Operations is at {address}");
        await Greet(database, app, ct);
        await Console.Out.FlushAsync(ct);
        await app.WaitForShutdownAsync(ct);
        return ExitCode.Done;
    }

    private static async Task Fill(ParseResult parsed, Database database, IServiceProvider services, CancellationToken ct)
    {
        if (await FirstCompany.Exists(database, ct)) return;
        if (parsed.GetValue(Demo)) await DemoCommand.Fill(services, ct);
        else if (!parsed.GetValue(Empty)) await Console.Error.WriteLineAsync("There is no company yet: the web application asks for it; 'plug1 demo' or 'plug1 company' makes one too.");
    }

    private static async Task Greet(Database database, WebApplication app, CancellationToken ct)
    {
        if (await app.Services.GetRequiredService<FirstRun>().Needed(ct))
        {
            Console.WriteLine("There is no company yet: open the address to set it up.");
            if (app.Urls.Any(url => !new Uri(url.Replace("*", "0.0.0.0", StringComparison.Ordinal)).IsLoopback))
                Console.WriteLine($"From another machine the set-up asks for this code: {app.Services.GetRequiredService<SetupGate>().Code}");
            return;
        }

        var users = await DemoCommand.Users(database, ct);
        if (users.Count == 0) return;
        Console.WriteLine("This is the demo company. Sign in as one of:");
        foreach (var (name, password, role) in users) Console.WriteLine($"  {name,-24} {password,-20} {role}");
    }

    /// <summary>Only addresses of the machine itself unless somebody says otherwise: the first start is nobody else's business.</summary>
    private static string UrlOf(string? listen, int port)
    {
        if (port is < 0 or > 65535) throw new CommandFailure("A port is a number from 0 to 65535.", ExitCode.Usage);
        if (string.IsNullOrWhiteSpace(listen)) return $"http://127.0.0.1:{port}";
        if (listen is "*" or "localhost") return port == 0 && listen == "localhost" ? "http://127.0.0.1:0" : $"http://{listen}:{port}";
        if (!IPAddress.TryParse(listen, out var address)) throw new CommandFailure($"'{listen}' is no IP address.", ExitCode.Usage);
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"http://[{address}]:{port}" : $"http://{address}:{port}";
    }
}
