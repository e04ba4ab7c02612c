using System.CommandLine;
using Plug1.Host.Backups;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 backup</c> and <c>plug1 restore</c>.</summary>
internal static class BackupCommands
{
    private static readonly Option<string> Out = new("--out") { Description = "The file to write; it must not exist.", HelpName = "FILE", Required = true };

    private static readonly Option<string> From = new("--from") { Description = "The backup.", HelpName = "FILE", Required = true };

    private static readonly Option<bool> Replace = new("--replace") { Description = "Replace a PostgreSQL database that has tables. A SQLite file is always moved aside and kept." };

    /// <summary><c>plug1 backup</c>.</summary>
    public static Command MakeBackup() => new Command("backup", "Write the whole business to one file while it is in use, and verify the file.") { Out }.Works(async (at, parsed, ct) =>
    {
        var file = parsed.GetRequiredValue(Out);
        var manifest = await Progress.Show($"Backing up {at.Place.Shown}.", progress => Backup.Make(at, file, progress, ct));
        Console.WriteLine($"{file}: {manifest.Totals.Documents} documents, {manifest.Totals.Entries} ledger entries, {manifest.Totals.AuditEvents} audit events; SHA-256 {manifest.Sha256}.");
        Console.WriteLine($"Keep {at.Place.KeyFile} apart from it: one-time codes of users cannot be read without it.");
        return ExitCode.Done;
    });

    /// <summary><c>plug1 restore</c>.</summary>
    public static Command MakeRestore() => new Command("restore", "Put a backup in place. A damaged or newer one is refused, and nothing is changed.") { From, Replace }.Does(async (parsed, ct) =>
    {
        var place = Common.PlaceOf(parsed);
        var (manifest, kept) = await Progress.Show($"Restoring into {place.Shown}.", progress =>
            Restore.Run(place, parsed.GetRequiredValue(From), parsed.GetValue(Replace), progress, TimeProvider.System, ct));
        Console.WriteLine($"{manifest.Company ?? "A database without a company"}, as it was at {manifest.CreatedAt:u}: {manifest.Totals.Documents} documents, {manifest.Totals.Entries} ledger entries.");
        if (kept is not null) Console.WriteLine($"What was there before is kept as {kept}.");
        return ExitCode.Done;
    });
}
