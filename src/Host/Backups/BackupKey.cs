using System.Security.Cryptography;
using System.Text;
using Plug1.Host.CommandLine;

namespace Plug1.Host.Backups;

/// <summary>The key that encrypts backups: 32 bytes in a file of its owner alone.</summary>
internal static class BackupKey
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Length = 32;

    private const int LongestFile = 1_024;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Writes a new random key, in base64 and one line, readable by its owner alone.</summary>
    /// <exception cref="CommandFailure">The file exists: a key that encrypts backups is never replaced.</exception>
    public static async Task New(string file, CancellationToken ct)
    {
        if (File.Exists(file)) throw new CommandFailure($"{file} exists already; a key is never replaced, since backups may need it.");
        var target = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var stream = new FileStream(target, OwnersOnly(FileMode.CreateNew));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length)) + "\n"), ct);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads a key: 32 bytes as they are, or as 64 hexadecimal digits or base64.</summary>
    /// <exception cref="CommandFailure">There is none, others may read the file, or it holds something else.</exception>
    public static async Task<byte[]> Read(string file, CancellationToken ct)
    {
        if (!File.Exists(file)) throw new CommandFailure($"There is no key file {file}.", ExitCode.Unavailable);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            throw new CommandFailure($"Others than its owner may use the key file {file}: chmod 600 {file}.");
        if (new FileInfo(file).Length > LongestFile) throw NoKey(file);
        var bytes = await File.ReadAllBytesAsync(file, ct);
        if (bytes.Length == Length) return bytes;
        var text = Encoding.ASCII.GetString(bytes).Trim();
        var key = new byte[Length];
        if (text.Length == 2 * Length && text.All(char.IsAsciiHexDigit)) return Convert.FromHexString(text);
        return Convert.TryFromBase64String(text, key, out var length) && length == Length ? key : throw NoKey(file);
    }

    /// <summary>How a file is made that only its owner may read.</summary>
    public static FileStreamOptions OwnersOnly(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        return options;
    }

    private static CommandFailure NoKey(string file) => new($"{file} holds no key: 32 bytes, 64 hexadecimal digits or base64 of 32 bytes.");
}
