using System.CommandLine;
using Plug1.Host.Backups;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 backup</c> and <c>plug1 restore</c>.</summary>
internal static class BackupCommands
{
    private static readonly Option<string> Out = new("--out") { Description = "The file to write; it must not exist.", HelpName = "FILE", Required = true };

    private static readonly Option<string> From = new("--from") { Description = "The backup.", HelpName = "FILE", Required = true };

    private static readonly Option<string?> Key = new("--key-file") { Description = "The key of an encrypted backup: 'plug1 backup key new FILE' makes one.", HelpName = "FILE" };

    private static readonly Option<bool> Replace = new("--replace") { Description = "Replace a PostgreSQL database that has tables. A SQLite file is always moved aside and kept." };

    private static readonly Argument<string> KeyFile = new("FILE") { Description = "The file to write; it must not exist." };

    /// <summary><c>plug1 backup</c>.</summary>
    public static Command MakeBackup() => new Command("backup", "Write the whole business to one file while it is in use, restore it beside, and compare.")
    {
        Out,
        Key,
        new Command("key", "The key of encrypted backups.") { new Command("new", "Write a new random key.") { KeyFile }.Does(NewKey) },
    }.Works(async (at, parsed, ct) =>
    {
        var (file, key) = (parsed.GetRequiredValue(Out), await KeyOf(parsed, ct));
        var made = await Progress.Show($"Backing up {at.Place.Shown}.", progress => Backup.Make(at, file, key, progress, ct));
        Console.WriteLine($"{file}: {made.Documents} documents, {made.Entries} ledger entries, {made.AuditEvents} audit events, sealed up to block {made.Audit.Block}; verified; SHA-256 {made.Sha256}.");
        Console.WriteLine($"Keep {at.Place.KeyFile} apart from it: one-time codes of users cannot be read without it.");
        if (key is not null) Console.WriteLine($"It is encrypted: without {parsed.GetValue(Key)} nobody can restore it. Keep a copy of that key elsewhere.");
        return ExitCode.Done;
    });

    /// <summary><c>plug1 restore</c>.</summary>
    public static Command MakeRestore() => new Command("restore", "Put a backup in place. A damaged or newer one is refused, and nothing is changed.") { From, Key, Replace }.Does(async (parsed, ct) =>
    {
        var (place, key) = (Common.PlaceOf(parsed), await KeyOf(parsed, ct));
        var (manifest, kept) = await Progress.Show($"Restoring into {place.Shown}.", progress =>
            Restore.Run(place, parsed.GetRequiredValue(From), key, parsed.GetValue(Replace), progress, TimeProvider.System, ct));
        Console.WriteLine($"{manifest.Company ?? "A database without a company"}, as it was at {manifest.CreatedAt:u}: {manifest.Totals.Documents} documents, {manifest.Totals.Entries} ledger entries.");
        if (kept is not null) Console.WriteLine($"What was there before is kept as {kept}.");
        return ExitCode.Done;
    });

    private static async Task<byte[]?> KeyOf(ParseResult parsed, CancellationToken ct) => parsed.GetValue(Key) is { } file ? await BackupKey.Read(file, ct) : null;

    private static async Task<int> NewKey(ParseResult parsed, CancellationToken ct)
    {
        var file = parsed.GetRequiredValue(KeyFile);
        await BackupKey.New(file, ct);
        Console.WriteLine($"{file} is a new key. Keep a copy of it elsewhere than the backups: without it nobody can restore them.");
        return ExitCode.Done;
    }
}
