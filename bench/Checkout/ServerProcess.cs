using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Host.Setup;
using Plug1.Http.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Bench.Checkout;

/// <summary>The server in a process of its own, asked over its standard input how often it waited for the database.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>The process.</summary>
    public int Id => process.Id;

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Worked
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts this program once more as the server.</summary>
    public static async Task<ServerProcess> Start(string setting)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(ServerProcess).Assembly.Location);
        foreach (var argument in (string[])["serve", "--database", setting]) start.ArgumentList.Add(argument);
        var started = Process.Start(start)!;
        var address = await started.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        return new ServerProcess(started, new Uri(address));
    }

    /// <summary>How many times the server has waited for its database.</summary>
    public Task<long> RoundTrips() => Told("round-trips");

    /// <summary>The most bytes that its managed heap held since this was asked last, garbage that was not collected yet among them.</summary>
    public Task<long> PeakManaged() => Told("managed");

    private async Task<long> Told(string question)
    {
        await process.StandardInput.WriteLineAsync(question);
        await process.StandardInput.FlushAsync();
        return long.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(30))) process.Kill();
        process.Dispose();
    }

    /// <summary>What the child does: the real server, but that one user may write more often than a person would.</summary>
    public static async Task<int> Serve(string setting)
    {
        await using var database = Database.Open(setting);
        var key = Path.Combine(Path.GetTempPath(), $"plug1-bench-{Environment.ProcessId}.key");
        await using var app = Server.Build(database, "http://127.0.0.1:0", key, builder =>
            builder.Services.Configure<RateLimitOptions>(limits => (limits.WriteBurst, limits.WritesPerSecond) = (1_000_000, 1_000_000)));
        await Server.Prepare(database, app.Services);
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        var peak = 0L;
        await using (new Timer(_ => peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false)), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(20)))
        {
            while (await Console.In.ReadLineAsync() is { } question)
            {
                Console.WriteLine((question == "managed" ? Interlocked.Exchange(ref peak, 0) : Db.RoundTrips).ToString(CultureInfo.InvariantCulture));
            }
        }

        await app.StopAsync();
        File.Delete(key);
        return 0;
    }
}
