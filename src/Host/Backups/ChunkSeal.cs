using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Plug1.Host.Backups;

/// <summary>What one file needs of a key: never the key itself, so that no two files share a key and a nonce.</summary>
/// <param name="Cipher">The AES-256 key of the file.</param>
/// <param name="NoncePrefix">The first seven bytes of its nonces.</param>
/// <param name="Check">Sixteen bytes to tell a wrong key before anything is read.</param>
internal sealed record FileKeys(byte[] Cipher, byte[] NoncePrefix, byte[] Check)
{
    /// <summary>The length of the nonces' prefix: twelve bytes less the number of the chunk and the mark of the last.</summary>
    public const int PrefixLength = 7;

    /// <summary>HKDF-SHA-256 (RFC 5869) of the key with the file's salt.</summary>
    public static FileKeys Derive(byte[] key, byte[] salt)
    {
        var all = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, BackupKey.Length + PrefixLength + 16, salt, "plug1-backup-2"u8.ToArray());
        return new FileKeys(all[..BackupKey.Length], all[BackupKey.Length..(BackupKey.Length + PrefixLength)], all[(BackupKey.Length + PrefixLength)..]);
    }
}

/// <summary>Protects the chunks of a backup: a chunk that was changed, moved, taken away or comes from another file does not open.</summary>
/// <remarks>
/// Encrypted, a chunk is AES-256-GCM with the nonce <c>prefix, number (four bytes), 1 when it is the last</c>, the header's hash being
/// authenticated with it; so is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: <i>Online Authenticated-Encryption and its
/// Nonce-Reuse Misuse-Resistance</i>, 2015). Not encrypted, the tag is the first half of a SHA-256 over the same things: it finds damage, not forgery.
/// </remarks>
internal sealed class ChunkSeal : IDisposable
{
    /// <summary>Bytes behind each chunk.</summary>
    public const int TagLength = 16;

    private readonly byte[] headerHash;
    private readonly byte[] nonce = new byte[FileKeys.PrefixLength + 5];
    private readonly AesGcm? aes;

    /// <summary>Makes one.</summary>
    /// <param name="headerHash">The hash of the header.</param>
    /// <param name="keys">The keys of the file, or null when nothing is encrypted.</param>
    public ChunkSeal(byte[] headerHash, FileKeys? keys)
    {
        this.headerHash = headerHash;
        if (keys is null) return;
        keys.NoncePrefix.CopyTo(nonce, 0);
        aes = new AesGcm(keys.Cipher, TagLength);
    }

    /// <summary>Closes a chunk: writes as many bytes as it has, and its tag behind them.</summary>
    public void Close(uint number, bool last, ReadOnlySpan<byte> content, Span<byte> to)
    {
        Number(number, last);
        var tag = to.Slice(content.Length, TagLength);
        if (aes is not null)
        {
            aes.Encrypt(nonce, content, to[..content.Length], tag, headerHash);
            return;
        }

        content.CopyTo(to);
        Digest(content)[..TagLength].CopyTo(tag);
    }

    /// <summary>Opens a chunk with its tag behind it; false when it is not what was closed under this number.</summary>
    public bool TryOpen(uint number, bool last, ReadOnlySpan<byte> chunk, Span<byte> to)
    {
        Number(number, last);
        var content = chunk[..^TagLength];
        var tag = chunk[^TagLength..];
        if (aes is null)
        {
            content.CopyTo(to);
            return Digest(content)[..TagLength].SequenceEqual(tag);
        }

        try
        {
            aes.Decrypt(nonce, content, tag, to[..content.Length], headerHash);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => aes?.Dispose();

    private void Number(uint number, bool last)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(FileKeys.PrefixLength), number);
        nonce[^1] = last ? (byte)1 : (byte)0;
    }

    private ReadOnlySpan<byte> Digest(ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(headerHash);
        hash.AppendData(nonce);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }
}
