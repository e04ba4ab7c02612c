using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Plug1.Kernel.Storage;
using Plug1.Testing;

namespace Plug1.Host.Tests;

/// <summary>What a command answered.</summary>
public sealed record Answered(int ExitCode, string Out, string Error);

/// <summary>A place for one business on either engine, and the built program run on it as a process of its own.</summary>
public sealed partial class Plug1 : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);
    private static int made;
    private readonly TestDatabase? postgres;

    private Plug1(string folder, TestDatabase? postgres) => (Folder, this.postgres) = (folder, postgres);

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>What <see cref="Database.Open"/> takes.</summary>
    public string Setting => postgres?.Setting ?? $"sqlite:{SqliteFile}";

    /// <summary>The SQLite file.</summary>
    public string SqliteFile => Path.Combine(Folder, "plug1.db");

    /// <summary>A place without a database, or with a bare one on PostgreSQL.</summary>
    public static async Task<Plug1> At(Engine engine)
    {
        var folder = Path.Combine(TestFolder.Path, $"host-{Interlocked.Increment(ref made)}");
        Directory.CreateDirectory(folder);
        return new Plug1(folder, engine == Engine.Postgres ? await TestDatabase.Create(Engine.Postgres, []) : null);
    }

    /// <summary>Runs a command to its end.</summary>
    public Task<Answered> Run(params string[] arguments) => Run(null, arguments);

    /// <summary>Runs a command to its end with something on its standard input.</summary>
    public async Task<Answered> Run(string? input, string[] arguments)
    {
        using var process = Start(arguments);
        if (input is not null) await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new Answered(process.ExitCode, await said, await wrong);
    }

    /// <summary>Starts the server on a free port and waits until it says where it is.</summary>
    public async Task<Serving> Serve(params string[] arguments)
    {
        var process = Start(["serve", "--port", "0", .. arguments]);
        var said = new StringBuilder();
        using var limit = new CancellationTokenSource(Longest);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            said.AppendLine(line);
            if (Address().Match(line) is { Success: true } address) return new Serving(process, new Uri(address.Value), said.ToString());
        }

        throw new InvalidOperationException($"The server ended: {await process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (postgres is not null) await postgres.DisposeAsync();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "plug1.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--data");
        start.ArgumentList.Add(Folder);
        start.Environment["PLUG1_DATABASE"] = postgres?.Setting ?? "";
        start.Environment.Remove("PLUG1_LISTEN");
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
    }

    [GeneratedRegex(@"http://\S+", RegexOptions.None, 1000)]
    private static partial Regex Address();
}

/// <summary>A server that runs.</summary>
public sealed class Serving(Process process, Uri address, string said) : IAsyncDisposable
{
    /// <summary>What it printed until it was ready.</summary>
    public string Said => said;

    /// <summary>A client of it.</summary>
    public HttpClient Http { get; } = new() { BaseAddress = address };

    /// <summary>Asks it to stop, as an operator would, and waits.</summary>
    public async Task<int> Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        return process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
