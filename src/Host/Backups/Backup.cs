using System.Reflection;
using System.Security.Cryptography;
using Plug1.Host.CommandLine;
using Plug1.Host.Setup;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Backups;

/// <summary>Makes backups while the business goes on, and proves each by restoring it beside.</summary>
internal static class Backup
{
    private static string Program => Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Writes a backup of the business to a file. The file has its name only when it was verified.</summary>
    /// <param name="at">The business.</param>
    /// <param name="file">The file; it must not exist.</param>
    /// <param name="key">The key to encrypt it with, or null.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>What the data folder remembers of it.</returns>
    /// <exception cref="CommandFailure">The file exists, or what was written does not restore to what is there.</exception>
    public static async Task<LastBackup> Make(Workplace at, string file, byte[]? key, IProgress<Step> progress, CancellationToken ct)
    {
        if (File.Exists(file)) throw new CommandFailure($"{file} exists already; a backup replaces nothing.");
        var (target, clock) = (Path.GetFullPath(file), at.Get<TimeProvider>());
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var partial = $"{target}.{Environment.ProcessId}.partial";
        using var work = WorkFolder.In(at.Place.Folder, "backup");
        try
        {
            File.Delete(partial);
            progress.Report(new Step("Copying the database", 0, 4));
            var manifest = at.Database.Engine == Engine.Sqlite ? await OfSqlite(at, work, partial, key, progress, ct) : await OfPostgres(at, partial, key, progress, ct);
            progress.Report(new Step("Restoring it beside to verify it", 2, 4));
            await Verify(at.Place, work, partial, key, manifest.Totals, ct);
            progress.Report(new Step("Hashing the file", 3, 4));
            var (totals, bytes, hash) = (manifest.Totals, new FileInfo(partial).Length, await Hash(partial, ct));
            File.Move(partial, target, overwrite: false);
            var made = new LastBackup(
                target, manifest.CreatedAt, Dialect.Micro(clock.GetUtcNow()), bytes, hash, key is not null, totals.Documents, totals.Entries, totals.AuditEvents, totals.Audit, LedgerTotal.Of(totals));
            await made.Write(at.Place.Folder, ct);
            progress.Report(new Step("Done", 4, 4));
            return made;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Opens a SQLite file as a restore would, and compares what is in it.</summary>
    /// <exception cref="CommandFailure">It is damaged, or its totals differ.</exception>
    public static async Task Compare(string setting, Totals held, CancellationToken ct)
    {
        await using var copy = Database.Open(setting);
        var found = await copy.Read(async db =>
        {
            if (db.Engine == Engine.Sqlite && await db.Query(Sql.Raw("pragma integrity_check"), row => row.Text(0), ct) is not ["ok"] and [var wrong, ..])
                throw new CommandFailure($"What was restored beside is damaged: {wrong}");
            return await Totals.Of(db, ct);
        }, ct);
        if (held.Difference(found) is { } difference) throw new CommandFailure($"What was restored beside is not what the backup should hold: {difference}.");
    }

    private static async Task Verify(Place place, WorkFolder work, string file, byte[]? key, Totals held, CancellationToken ct)
    {
        try
        {
            await using var backup = await BackupFile.Open(file, key, ct);
            await RestoreBeside(place, work, backup, held, ct);
        }
        catch (CommandFailure failure)
        {
            throw new CommandFailure($"The backup did not verify and was deleted. {failure.Message}", failure.ExitCode);
        }
    }

    /// <summary>Restores a backup where it touches nothing, compares, and leaves the SQLite file of it in the work folder.</summary>
    public static async Task RestoreBeside(Place place, WorkFolder work, BackupFile backup, Totals held, CancellationToken ct)
    {
        if (place.SqliteFile is not null)
        {
            await using (var data = new FileStream(work.Data, BackupKey.OwnersOnly(FileMode.Create))) await backup.CopyTo(data, ct);
            await Compare($"sqlite:{work.Data}", held, ct);
            return;
        }

        await using var beside = await BesideDatabase.Create(place.Setting, ct);
        await PostgresTools.Restore(beside.Setting, to => backup.CopyTo(to, ct), replace: false, ct);
        await Compare(beside.Setting, held, ct);
    }

    private static async Task<Manifest> OfSqlite(Workplace at, WorkFolder work, string file, byte[]? key, IProgress<Step> progress, CancellationToken ct)
    {
        var manifest = await at.Database.CopyTo(work.Data, db => Describe(at, db, ct));
        progress.Report(new Step("Writing the backup", 1, 4));
        await BackupFile.Write(file, manifest, key, async to =>
        {
            await using var data = File.OpenRead(work.Data);
            await data.CopyToAsync(to, 1 << 17, ct);
        }, ct);
        File.Delete(work.Data);
        return manifest;
    }

    /// <summary>The dump and the totals are of one moment: both read the same exported snapshot.</summary>
    private static Task<Manifest> OfPostgres(Workplace at, string file, byte[]? key, IProgress<Step> progress, CancellationToken ct) => Moment.Read(at.Database, async db =>
    {
        var manifest = await Describe(at, db, ct);
        var snapshot = await db.First(Sql.Raw("select pg_export_snapshot()"), row => row.Text(0), ct);
        progress.Report(new Step("Writing the backup", 1, 4));
        await BackupFile.Write(file, manifest, key, to => PostgresTools.Dump(at.Place.Setting, to, snapshot!, ct), ct);
        return manifest;
    }, ct);

    private static async Task<Manifest> Describe(Workplace at, Db db, CancellationToken ct) => new(
        db.Engine == Engine.Sqlite ? "sqlite" : "postgres", Dialect.Micro(at.Get<TimeProvider>().GetUtcNow()), Program,
        await db.First($"select name from company", row => row.Text(0), ct), await SchemaState.Applied(db, ct), await Totals.Of(db, ct));

    private static async Task<string> Hash(string file, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }
}
