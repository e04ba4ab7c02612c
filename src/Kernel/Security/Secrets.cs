using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Plug1.Kernel.Security;

/// <summary>Random secrets that are handed out once and kept only as a hash.</summary>
public static class Secrets
{
    /// <summary>256 random bits as 43 characters that need no escaping.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 in hexadecimal. A secret of 256 random bits cannot be guessed, so it needs no slow hash.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares without telling by its duration where the difference lies.</summary>
    public static bool Same(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}

/// <summary>Keeps secrets that must be read again: AES-256-GCM under a key in a file beside the data.</summary>
/// <remarks>
/// <para>A sealed text is nonce (12 bytes), tag (16 bytes), cipher text; what it belongs to is authenticated with it, so the
/// secret of one user opens nothing in the row of another.</para>
/// <para>Source: NIST SP 800-38D.</para>
/// </remarks>
public sealed class SecretBox
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] key;

    private SecretBox(byte[] key) => this.key = key;

    /// <summary>Takes the key from the file, or makes a new one that only the owner of the process may read.</summary>
    /// <exception cref="InvalidOperationException">The file is no key.</exception>
    public static SecretBox FromFile(string file)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        if (!File.Exists(file)) Make(file);
        var bytes = File.ReadAllBytes(file);
        return bytes.Length == KeyBytes ? new SecretBox(bytes) : throw new InvalidOperationException($"The key file {file} has not {KeyBytes} bytes.");
    }

    /// <summary>Seals a text for one owner.</summary>
    public byte[] Seal(string text, Guid owner)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var @sealed = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(@sealed.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(@sealed.AsSpan(0, NonceBytes), plain, @sealed.AsSpan(NonceBytes + TagBytes), @sealed.AsSpan(NonceBytes, TagBytes), owner.ToByteArray());
        return @sealed;
    }

    /// <summary>Opens what was sealed for the owner.</summary>
    /// <exception cref="CryptographicException">Another key, another owner, or changed bytes.</exception>
    public string Open(byte[] @sealed, Guid owner)
    {
        if (@sealed.Length < NonceBytes + TagBytes) throw new CryptographicException("A sealed secret is too short.");
        var plain = new byte[@sealed.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(@sealed.AsSpan(0, NonceBytes), @sealed.AsSpan(NonceBytes + TagBytes), @sealed.AsSpan(NonceBytes, TagBytes), plain, owner.ToByteArray());
        return Encoding.UTF8.GetString(plain);
    }

    private static void Make(string file)
    {
        // Written aside and moved, so that a process that starts at the same moment never reads half a key.
        var fresh = $"{file}.{Environment.ProcessId}.{Guid.CreateVersion7():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(fresh, options))
        {
            stream.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(fresh, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(fresh);
        }
    }
}
