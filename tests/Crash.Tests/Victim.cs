using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Plug1.Testing;

namespace Plug1.Crash.Tests;

/// <summary>The built program as a process of its own, serving a database until it is killed.</summary>
internal sealed partial class Victim : IAsyncDisposable
{
    private readonly Process process;

    private Victim(Process process, Uri address, string token)
    {
        this.process = process;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public HttpClient Http { get; }

    /// <summary>Starts it and waits until it says where it is.</summary>
    public static async Task<Victim> Serve(string setting, string token)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "plug1.dll"), "serve", "--port", "0", "--data", Directory.CreateDirectory(Path.Combine(TestFolder.Path, "crash-data")).FullName })
            start.ArgumentList.Add(argument);
        start.Environment["PLUG1_DATABASE"] = setting;
        start.Environment.Remove("PLUG1_LISTEN");
        var started = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        var errors = started.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await started.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            if (Address().Match(line) is { Success: true } address) return new Victim(started, new Uri(address.Value), token);
        throw new InvalidOperationException($"The server ended: {await errors}");
    }

    /// <summary>Rings up a sale under a key.</summary>
    /// <returns>Status and body; null when the process was gone before it answered.</returns>
    public async Task<(int Status, string Body)?> Post(string path, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await Http.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>SIGKILL: it has no moment left to tidy up.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!process.HasExited) await Kill();
        process.Dispose();
    }

    [GeneratedRegex(@"http://\S+", RegexOptions.None, 1000)]
    private static partial Regex Address();
}
