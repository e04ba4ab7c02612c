using System.IO.Compression;
using System.Reflection;
using Plug1.Host.CommandLine;
using Plug1.Host.Setup;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Backups;

/// <summary>Makes backups while the business goes on, and proves each by opening it.</summary>
internal static class Backup
{
    private static string Program => Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Writes a backup of the business to a file.</summary>
    /// <returns>The manifest.</returns>
    /// <exception cref="CommandFailure">The file exists, or what was written is not what is there.</exception>
    public static async Task<Manifest> Make(Workplace at, string file, IProgress<Step> progress, CancellationToken ct)
    {
        if (File.Exists(file)) throw new CommandFailure($"{file} exists already; a backup replaces nothing.");
        var target = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        // Beside the target, so that there is room for both or for neither.
        var work = Directory.CreateDirectory($"{target}.{Environment.ProcessId}.work");
        try
        {
            var data = Path.Combine(work.FullName, "data");
            progress.Report(new Step("Copying the database", 0, 4));
            var (totals, migrations, company) = at.Database.Engine == Engine.Sqlite ? await CopySqlite(at.Database, data, ct) : await DumpPostgres(at, data, ct);
            progress.Report(new Step("Hashing the copy", 1, 4));
            var manifest = new Manifest(
                BackupFile.Format, at.Database.Engine == Engine.Sqlite ? "sqlite" : "postgres", Dialect.Micro(at.Get<TimeProvider>().GetUtcNow()), Program, company, migrations, totals,
                new FileInfo(data).Length, await BackupFile.Hash(data, ct));
            progress.Report(new Step("Packing", 2, 4));
            // What pg_dump writes is packed already.
            await BackupFile.Write(target, manifest, data, at.Database.Engine == Engine.Sqlite ? CompressionLevel.Fastest : CompressionLevel.NoCompression, ct);
            File.Delete(data);
            progress.Report(new Step("Verifying", 3, 4));
            await Verify(target, data, ct);
            progress.Report(new Step("Done", 4, 4));
            return manifest;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>Opens a SQLite file as a restore would, and compares what is in it.</summary>
    /// <exception cref="CommandFailure">It is damaged, or its totals differ.</exception>
    public static async Task Compare(string sqliteFile, Manifest manifest, CancellationToken ct)
    {
        await using var copy = Database.Sqlite(sqliteFile);
        var found = await copy.Read(async db =>
        {
            var sound = await db.Query(Sql.Raw("pragma integrity_check"), row => row.Text(0), ct);
            if (sound is not ["ok"]) throw new CommandFailure($"The copy is damaged: {sound[0]}");
            return await Totals.Of(db, ct);
        }, ct);
        if (manifest.Totals.Difference(found) is { } difference) throw new CommandFailure($"The copy is not what its manifest says: {difference}.");
    }

    private static async Task Verify(string file, string data, CancellationToken ct)
    {
        try
        {
            var manifest = await BackupFile.Read(file, data, ct);
            if (manifest.Engine == "sqlite") await Compare(data, manifest, ct);
            else await PostgresTools.List(data, ct);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    private static async Task<(Totals Totals, IReadOnlyList<AppliedMigration> Migrations, string? Company)> CopySqlite(Database database, string data, CancellationToken ct)
    {
        database.CopyTo(data);
        await using var copy = Database.Sqlite(data);
        return await copy.Read(db => Describe(db, ct), ct);
    }

    /// <summary>The dump and the totals are of one moment: both read the same exported snapshot.</summary>
    private static async Task<(Totals Totals, IReadOnlyList<AppliedMigration> Migrations, string? Company)> DumpPostgres(Workplace at, string data, CancellationToken ct) =>
        await Moment.Read(at.Database, async db =>
        {
            var snapshot = await db.First(Sql.Raw("select pg_export_snapshot()"), row => row.Text(0), ct);
            await PostgresTools.Dump(at.Place.Setting, data, snapshot!, ct);
            return await Describe(db, ct);
        }, ct);

    private static async Task<(Totals Totals, IReadOnlyList<AppliedMigration> Migrations, string? Company)> Describe(Db db, CancellationToken ct) =>
        (await Totals.Of(db, ct), await SchemaState.Applied(db, ct), await db.First($"select name from company", row => row.Text(0), ct));
}
