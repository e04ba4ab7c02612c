using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Plug1.Host.CommandLine;

namespace Plug1.Host.Backups;

/// <summary>The first bytes of a backup, never encrypted: how the rest is to be read.</summary>
/// <remarks>
/// On disk: <c>PLUG1-BACKUP</c> and a line feed, the length of the JSON (four bytes, big endian), the JSON, and the SHA-256 of all of
/// that. The hash tells damage from a wrong key, and goes into the authentication of every chunk.
/// </remarks>
/// <param name="Format">The format of all that follows.</param>
/// <param name="Program">The version that wrote it.</param>
/// <param name="Cipher"><c>aes-256-gcm</c> or <c>none</c>.</param>
/// <param name="ChunkBytes">Bytes of content in each chunk but the last.</param>
/// <param name="Salt">32 random bytes, from which and the key the key of this file comes.</param>
/// <param name="KeyCheck">16 bytes that only the right key gives; null when nothing is encrypted.</param>
internal sealed record BackupHeader(int Format, string Program, string Cipher, int ChunkBytes, byte[] Salt, byte[]? KeyCheck)
{
    /// <summary>The format that this program writes. The ZIP files of development versions were format 1.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The name of the cipher.</summary>
    public const string Aes = "aes-256-gcm";

    /// <summary>The name of no cipher.</summary>
    public const string Plain = "none";

    private const int Chunk = 1 << 20;
    private const int LargestChunk = 1 << 24;
    private const int LongestHeader = 1 << 16;

    private static ReadOnlySpan<byte> Magic => "PLUG1-BACKUP\n"u8;

    /// <summary>Makes the header of a new backup, with the bytes to write.</summary>
    public static (BackupHeader Header, byte[] Bytes) Make(string program, byte[]? key)
    {
        var salt = RandomNumberGenerator.GetBytes(32);
        var header = new BackupHeader(CurrentFormat, program, key is null ? Plain : Aes, Chunk, salt, key is null ? null : FileKeys.Derive(key, salt).Check);
        var json = JsonSerializer.SerializeToUtf8Bytes(header, BackupFile.Json);
        var bytes = new byte[Magic.Length + 4 + json.Length + SHA256.HashSizeInBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Magic.Length), json.Length);
        json.CopyTo(bytes.AsSpan(Magic.Length + 4));
        SHA256.HashData(bytes.AsSpan(..^SHA256.HashSizeInBytes), bytes.AsSpan(^SHA256.HashSizeInBytes..));
        return (header, bytes);
    }

    /// <summary>Reads a header.</summary>
    /// <returns>The header, and the hash that authenticates the chunks.</returns>
    /// <exception cref="CommandFailure">It is none, or of a format this program does not know.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static async Task<(BackupHeader Header, byte[] Hash)> Read(Stream from, string file, CancellationToken ct)
    {
        var start = new byte[Magic.Length + 4];
        if (await from.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, ct) < start.Length || !start.AsSpan(..^4).SequenceEqual(Magic))
            throw new CommandFailure($"{file} is no backup of Plug1, or is damaged at its beginning.");
        var length = BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(^4..));
        if (length is <= 0 or > LongestHeader) throw new InvalidDataException("its header has no sensible length");
        var all = new byte[start.Length + length + SHA256.HashSizeInBytes];
        start.CopyTo(all, 0);
        await from.ReadExactlyAsync(all.AsMemory(start.Length..), ct);
        var hash = all[^SHA256.HashSizeInBytes..];
        if (!SHA256.HashData(all.AsSpan(..^SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(hash)) throw new InvalidDataException("its header has not the hash that it should have");
        var json = all.AsMemory(start.Length..^SHA256.HashSizeInBytes);
        using (var told = JsonDocument.Parse(json))
        {
            // A later format may say other things; these two members it keeps.
            if (told.RootElement.GetProperty("format").GetInt32() > CurrentFormat)
                throw new CommandFailure($"{file} was made by a newer version of this program ({told.RootElement.GetProperty("program").GetString()}).");
        }

        var header = JsonSerializer.Deserialize<BackupHeader>(json.Span, BackupFile.Json);
        return header is { Format: CurrentFormat, Cipher: Aes or Plain, ChunkBytes: > 0 and <= LargestChunk, Salt.Length: > 0 } && (header.KeyCheck is null) == (header.Cipher == Plain)
            ? (header, hash) : throw new InvalidDataException("its header says nothing that makes sense");
    }
}
