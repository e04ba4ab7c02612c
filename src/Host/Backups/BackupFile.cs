using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Plug1.Host.CommandLine;

namespace Plug1.Host.Backups;

/// <summary>A backup: a ZIP file of the data and, before it, a manifest that says what the data must be.</summary>
internal static class BackupFile
{
    /// <summary>The format that this program writes.</summary>
    public const int Format = 1;

    private const string ManifestName = "manifest.json";
    private const string DataName = "data";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes a backup, whole or not at all.</summary>
    public static async Task Write(string file, Manifest manifest, string data, CompressionLevel level, CancellationToken ct)
    {
        var partial = file + ".partial";
        try
        {
            await using (var stream = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite))
            {
                await using (var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct))
                {
                    await using (var entry = await zip.CreateEntry(ManifestName).OpenAsync(ct)) await JsonSerializer.SerializeAsync(entry, manifest, Json, ct);
                    await using var target = await zip.CreateEntry(DataName, level).OpenAsync(ct);
                    await using var source = File.OpenRead(data);
                    await source.CopyToAsync(target, ct);
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, file, overwrite: false);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Reads a backup: its manifest, and its data into a file, compared with the manifest.</summary>
    /// <exception cref="CommandFailure">It is no backup, is damaged, or is of a format this program does not know.</exception>
    public static async Task<Manifest> Read(string file, string data, CancellationToken ct)
    {
        if (!File.Exists(file)) throw new CommandFailure($"There is no file {file}.", ExitCode.Unavailable);
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(file, ct);
            var (said, kept) = (zip.GetEntry(ManifestName), zip.GetEntry(DataName));
            if (said is null || kept is null) throw new CommandFailure($"{file} is no backup of Plug1.");
            await using var text = await said.OpenAsync(ct);
            var manifest = await JsonSerializer.DeserializeAsync<Manifest>(text, Json, ct) ?? throw new CommandFailure($"{file} is no backup of Plug1.");
            if (manifest.Format > Format) throw new CommandFailure($"{file} was made by a newer version ({manifest.Program}).");
            await using (var source = await kept.OpenAsync(ct))
            await using (var target = File.Create(data)) await source.CopyToAsync(target, ct);
            if (new FileInfo(data).Length != manifest.Bytes || await Hash(data, ct) != manifest.Sha256)
                throw new CommandFailure($"{file} is damaged: its data has not the SHA-256 that its manifest says.");
            return manifest;
        }
        catch (Exception failure) when (failure is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new CommandFailure($"{file} is damaged, or no backup of Plug1: {failure.Message}");
        }
    }

    /// <summary>SHA-256 of a file.</summary>
    public static async Task<string> Hash(string file, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }
}
