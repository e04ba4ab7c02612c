using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Plug1.Http;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Diagnostics;

/// <summary>A zip for whoever helps: how the server is, and how it is set, without anything personal and without secrets.</summary>
internal sealed class SupportBundle(DiagnosticsDesk desk, Database database, FunctionCatalogue functions)
{
    private const int MostRuns = 200;

    private const string Readme = """
        Support bundle of Plug1 Operations.

        It holds versions, sizes, counts, times by route template, background jobs and errors by incident number. It holds no names,
        addresses, documents, amounts, passwords, tokens or addresses of the network: messages of errors are reduced to the program's own
        words, everything else in them is a star. Open the files before you send them on; they are short.
        """;

    /// <summary>Settings of the environment: whether they are set, never to what.</summary>
    private static readonly string[] Settings = ["PLUG1_DATABASE", "PLUG1_LISTEN", "PLUG1_DIGEST_URL", "PLUG1_DIGEST_SECRET", "PLUG1_BACKUP_FOLDER", "PLUG1_BACKUP_KEY", "PLUG1_SETUP_CODE"];

    private static readonly JsonSerializerOptions Json = new(Plug1Json.Options) { WriteIndented = true };

    /// <summary>Writes it.</summary>
    public async Task Write(Stream to, CancellationToken ct)
    {
        var report = await desk.Read(ct);
        await using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8);
        await Add(zip, "README.txt", Encoding.UTF8.GetBytes(Readme), ct);
        await Add(zip, "health.json", new { report.State, report.Checks }, ct);
        await Add(zip, "about.json", report.About with { Node = "" }, ct);
        await Add(zip, "sizes.json", report.Sizes, ct);
        await Add(zip, "requests.json", new { report.Routes, report.Slow }, ct);
        await Add(zip, "errors.json", new { report.IncidentCount, report.Incidents }, ct);
        await Add(zip, "jobs.json", new { report.Jobs, Runs = (await desk.Runs(MostRuns, ct)).ConvertAll(run => run with { Node = "" }) }, ct);
        await Add(zip, "settings.json", await SettingsOf(ct), ct);
    }

    private async Task<object> SettingsOf(CancellationToken ct)
    {
        var counts = await database.Read(async db =>
        {
            var off = await db.Query($"select function from function_off", row => row.Text(0), ct);
            var organisation = await db.First($"""
                select (select count(*) from branch), (select count(*) from warehouse), (select count(*) from terminal), (select count(*) from app_user where active),
                  (select count(*) from role), (select count(*) from backup_plan where active)
                """, row => new { Branches = row.Long(0), Warehouses = row.Long(1), Terminals = row.Long(2), ActiveUsers = row.Long(3), Roles = row.Long(4), ScheduledBackups = row.Long(5) }, ct);
            return new { Functions = functions.All.Select(function => new { function.Code, On = !off.Contains(function.Code) }), Organisation = organisation };
        }, ct);
        return new { Environment = Settings.Select(name => new { Name = name, Set = Environment.GetEnvironmentVariable(name) is { Length: > 0 } }), counts.Functions, counts.Organisation };
    }

    private static Task Add(ZipArchive zip, string name, object content, CancellationToken ct) => Add(zip, name, JsonSerializer.SerializeToUtf8Bytes(content, Json), ct);

    private static async Task Add(ZipArchive zip, string name, byte[] content, CancellationToken ct)
    {
        await using var entry = await zip.CreateEntry(name, CompressionLevel.Optimal).OpenAsync(ct);
        await entry.WriteAsync(content, ct);
    }
}
