using System.Text.Json;

namespace Plug1.Host.Backups;

/// <summary>The last backup of a business that was verified, as its data folder remembers it.</summary>
/// <remarks>A file and no row: a backup only reads the business, and what is restored must not claim to have been backed up later than it was.</remarks>
/// <param name="File">Where it was written.</param>
/// <param name="TakenAt">The moment it shows.</param>
/// <param name="VerifiedAt">When it had been restored beside and compared.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of the file, in lower case hexadecimal.</param>
/// <param name="Encrypted">Whether it needs a key.</param>
/// <param name="Documents">Documents in it.</param>
/// <param name="Entries">Ledger entries in it.</param>
/// <param name="AuditEvents">Audit events in it.</param>
/// <param name="Audit">Where its sealed audit trail ends.</param>
/// <param name="Ledger">Its money, by currency; null for a backup of an earlier version.</param>
internal sealed record LastBackup(
    string File, DateTimeOffset TakenAt, DateTimeOffset VerifiedAt, long Bytes, string Sha256, bool Encrypted, long Documents, long Entries, long AuditEvents, AuditState Audit,
    IReadOnlyList<LedgerTotal>? Ledger = null)
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "last-backup.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads it; null when there is none, or the file is no such thing.</summary>
    public static async Task<LastBackup?> Read(string dataFolder, CancellationToken ct)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (!System.IO.File.Exists(path)) return null;
        try
        {
            await using var stream = System.IO.File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<LastBackup>(stream, Json, ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it in the place of the one before.</summary>
    public async Task Write(string dataFolder, CancellationToken ct)
    {
        var path = Path.Combine(dataFolder, FileName);
        await System.IO.File.WriteAllTextAsync(path + ".partial", JsonSerializer.Serialize(this, Json) + "\n", ct);
        System.IO.File.Move(path + ".partial", path, overwrite: true);
    }
}
