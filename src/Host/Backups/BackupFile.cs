using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Plug1.Host.CommandLine;

namespace Plug1.Host.Backups;

/// <summary>A backup that is being read: what it says of itself, and its data as a stream. Nothing unauthenticated is given out.</summary>
/// <remarks>The content of the chunks is the length of the manifest (four bytes, big endian), the manifest as JSON, and the data in zlib's form.</remarks>
internal sealed class BackupFile : IAsyncDisposable
{
    private const int LongestManifest = 1 << 28;
    private readonly string name;
    private readonly FileStream source;
    private readonly ChunkSeal opener;
    private readonly OpeningStream chunks;

    private BackupFile(string name, FileStream source, ChunkSeal opener, OpeningStream chunks, bool encrypted, Manifest manifest) =>
        (this.name, this.source, this.opener, this.chunks, IsEncrypted, Manifest) = (name, source, opener, chunks, encrypted, manifest);

    /// <summary>How header and manifest are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>What the backup says of itself.</summary>
    public Manifest Manifest { get; }

    /// <summary>Whether a key was needed.</summary>
    public bool IsEncrypted { get; }

    /// <summary>Writes a backup, whole or not at all.</summary>
    /// <param name="file">The file, readable by its owner alone.</param>
    /// <param name="manifest">What it says of itself.</param>
    /// <param name="key">The key, or null to leave it readable.</param>
    /// <param name="data">Writes the data.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task Write(string file, Manifest manifest, byte[]? key, Func<Stream, Task> data, CancellationToken ct)
    {
        try
        {
            var (header, bytes) = BackupHeader.Make(manifest.Program, key);
            await using var stream = new FileStream(file, BackupKey.OwnersOnly(FileMode.CreateNew));
            using var seal = new ChunkSeal(bytes[^SHA256.HashSizeInBytes..], key is null ? null : FileKeys.Derive(key, header.Salt));
            await using var content = new ClosingStream(stream, seal, header.ChunkBytes);
            await stream.WriteAsync(bytes, ct);
            var said = JsonSerializer.SerializeToUtf8Bytes(manifest, Json);
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, said.Length);
            await content.WriteAsync(length, ct);
            await content.WriteAsync(said, ct);
            await using (var packed = new ZLibStream(content, CompressionLevel.Fastest, leaveOpen: true)) await data(packed);
            await content.Complete(ct);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    /// <summary>Opens a backup and reads what it says of itself.</summary>
    /// <exception cref="CommandFailure">It is none, is damaged, is of a newer version, or the key is not its key.</exception>
    public static async Task<BackupFile> Open(string file, byte[]? key, CancellationToken ct)
    {
        if (!File.Exists(file)) throw new CommandFailure($"There is no file {file}.", ExitCode.Unavailable);
        FileStream? stream = null;
        ChunkSeal? seal = null;
        try
        {
            stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 4_096, useAsync: true);
            var (header, hash) = await BackupHeader.Read(stream, file, ct);
            seal = new ChunkSeal(hash, Keys(file, header, key));
            var content = new OpeningStream(stream, seal, header.ChunkBytes);
            var opened = new BackupFile(file, stream, seal, content, key is not null, await Said(content, file, ct));
            (stream, seal) = (null, null);
            return opened;
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw Damaged(file, failure);
        }
        finally
        {
            seal?.Dispose();
            if (stream is not null) await stream.DisposeAsync();
        }
    }

    /// <summary>Copies the data, once, and makes sure that the file ends where it should.</summary>
    /// <exception cref="CommandFailure">The file is damaged; part of the data has been copied.</exception>
    public async Task CopyTo(Stream to, CancellationToken ct)
    {
        var buffer = new byte[1 << 17];
        await using var data = new ZLibStream(chunks, CompressionMode.Decompress, leaveOpen: true);
        while (await Next(data, buffer, ct) is > 0 and var length) await to.WriteAsync(buffer.AsMemory(0, length), ct);
        if (await Next(chunks, buffer, ct) > 0) throw Damaged(name, new InvalidDataException("it has more than its data"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await chunks.DisposeAsync();
        opener.Dispose();
        await source.DisposeAsync();
    }

    /// <summary>Only what goes wrong while reading is damage; the one who is written to has errors of their own.</summary>
    private async Task<int> Next(Stream from, byte[] buffer, CancellationToken ct)
    {
        try
        {
            return await from.ReadAsync(buffer, ct);
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw Damaged(name, failure);
        }
    }

    private static FileKeys? Keys(string file, BackupHeader header, byte[]? key)
    {
        if (header.Cipher == BackupHeader.Plain)
            return key is null ? null : throw new CommandFailure($"{file} is not encrypted, so anybody may have written it; leave the key file out to take it all the same.");
        if (key is null) throw new CommandFailure($"{file} is encrypted: name its key with --key-file.");
        var keys = FileKeys.Derive(key, header.Salt);
        return CryptographicOperations.FixedTimeEquals(keys.Check, header.KeyCheck) ? keys : throw new CommandFailure($"{file} was encrypted with another key than the one named.");
    }

    private static async Task<Manifest> Said(OpeningStream content, string file, CancellationToken ct)
    {
        var length = new byte[4];
        await content.ReadExactlyAsync(length, ct);
        if (BinaryPrimitives.ReadInt32BigEndian(length) is not (> 0 and <= LongestManifest and var bytes)) throw new InvalidDataException("it says nothing of itself");
        var said = new byte[bytes];
        await content.ReadExactlyAsync(said, ct);
        return JsonSerializer.Deserialize<Manifest>(said, Json) ?? throw new CommandFailure($"{file} says nothing of itself.");
    }

    private static bool IsDamage(Exception failure) => failure is InvalidDataException or JsonException or EndOfStreamException or KeyNotFoundException or InvalidOperationException;

    private static CommandFailure Damaged(string file, Exception failure) =>
        new($"{file} is damaged: {(failure is InvalidDataException ? failure.Message : "its content ends too early or makes no sense")}.");
}
