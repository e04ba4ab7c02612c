using Plug1.Host.CommandLine;
using Plug1.Host.Setup;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Backups;

/// <summary>Puts a backup in the place of a business. What is wrong with the backup is found before anything is touched.</summary>
internal static class Restore
{
    /// <summary>Restores.</summary>
    /// <param name="place">Where to.</param>
    /// <param name="file">The backup.</param>
    /// <param name="key">Its key, or null when it is not encrypted.</param>
    /// <param name="replace">Whether a PostgreSQL database that has tables may be replaced. A SQLite file is moved aside and kept.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The manifest, and where the database that was there is kept now, or null.</returns>
    /// <exception cref="CommandFailure">The backup is damaged, newer, of the other engine or needs another key, or the place is in use.</exception>
    public static async Task<(Manifest Manifest, string? Kept)> Run(
        Place place, string file, byte[]? key, bool replace, IProgress<Step> progress, TimeProvider clock, CancellationToken ct)
    {
        progress.Report(new Step("Restoring beside to verify the backup", 0, 2));
        await using var backup = await BackupFile.Open(file, key, ct);
        var manifest = backup.Manifest;
        Fits(place, manifest);
        using var work = WorkFolder.In(place.Folder, "restore");
        string? kept = null;
        if (place.SqliteFile is { } present)
        {
            await Backup.RestoreBeside(place, work, backup, manifest.Totals, ct);
            progress.Report(new Step("Putting it in place", 1, 2));
            kept = Swap(present, work.Data, clock);
        }
        else
        {
            await IntoPostgres(place, work, backup, replace, async () =>
            {
                progress.Report(new Step("Putting it in place", 1, 2));
                return await BackupFile.Open(file, key, ct);
            }, ct);
        }

        progress.Report(new Step("Done", 2, 2));
        return (manifest, kept);
    }

    private static void Fits(Place place, Manifest manifest)
    {
        var state = SchemaState.Compare(manifest.Migrations);
        if (state.Unknown.Count > 0) throw new CommandFailure($"The backup is newer than this program ({manifest.Program}): it has {state.Unknown[0]}.");
        if (state.Changed.Count > 0) throw new CommandFailure($"The backup's schema is not this program's: {state.Changed[0]} differs.");
        if (place.SqliteFile is not null != (manifest.Engine == "sqlite")) throw new CommandFailure($"The backup is of {manifest.Engine}, the database here is not.");
    }

    private static string? Swap(string file, string data, TimeProvider clock)
    {
        using var mark = DataLock.TryTake(file) ?? throw new CommandFailure($"A running plug1 serves {file}. Stop it first.", ExitCode.Unavailable);
        string? kept = null;
        if (File.Exists(file))
        {
            // What the write-ahead log holds belongs to the old file: it is folded in before the file moves, or moves with it.
            kept = $"{file}.before-restore-{clock.GetUtcNow():yyyyMMddHHmmssfff}";
            File.Move(file, kept);
            foreach (var part in new[] { "-wal", "-shm" })
                if (File.Exists(file + part)) File.Move(file + part, kept + part);
        }

        File.Move(data, file);
        return kept;
    }

    private static async Task IntoPostgres(Place place, WorkFolder work, BackupFile backup, bool replace, Func<Task<BackupFile>> again, CancellationToken ct)
    {
        await using var database = Database.Open(place.Setting);
        var tables = await database.Read(db => db.Number(Sql.Raw("select count(*) from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'"), ct), ct);
        if (tables > 0 && !replace) throw new CommandFailure("The PostgreSQL database has tables already. Name an empty one, or add --replace to lose what is there.");
        await Backup.RestoreBeside(place, work, backup, backup.Manifest.Totals, ct);
        await using var once = await again();
        await PostgresTools.Restore(place.Setting, to => once.CopyTo(to, ct), tables > 0, ct);
        await RenumberTransactions(database, ct);
        var found = await database.Read(db => Totals.Of(db, ct), ct);
        if (once.Manifest.Totals.Difference(found) is { } difference) throw new CommandFailure($"What was restored is not what the manifest says: {difference}.");
    }

    /// <summary>Transaction numbers are the server's own, so those of another server mean nothing here: all rows count as old, and are summed again.</summary>
    private static async Task RenumberTransactions(Database database, CancellationToken ct) => await database.Write(async tx =>
    {
        // What is sealed keeps a number behind the mark of the seals, what waits for its block one past it.
        foreach (var (table, mark) in new[] { ("ledger_transaction", "audit-ledger"), ("audit_event", "audit") })
        {
            tx.Stage(Sql.Raw($"alter table {table} disable trigger user"));
            tx.Stage(Sql.Raw($"update {table} set tx = case when tx <= (select tx from watermark where name = '{mark}') then 1 else 2 end"));
            tx.Stage(Sql.Raw($"alter table {table} enable trigger user"));
        }

        tx.Stage(Sql.Raw("update fact set tx = 1"));
        foreach (var sums in Rollups.Tables.Concat(Setup.Composition.Sums)) tx.Stage(Sql.Raw($"delete from {sums}"));
        tx.Stage(Sql.Raw("update watermark set tx = case when name in ('audit', 'audit-ledger') then 1 else 0 end"));
        await tx.Flush(ct);
    }, ct);
}
