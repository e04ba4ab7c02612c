using Plug1.Host.CommandLine;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Diagnostics;

/// <summary>How large the database is, by queries that read no table.</summary>
internal static class Sizes
{
    private const int Largest = 25;

    /// <summary>Above this a SQLite file is not walked page by page to tell its tables apart.</summary>
    private const long WalkedUpTo = 256L << 20;

    /// <summary>Free and all bytes of the disk that a folder is on.</summary>
    public static (long Free, long Total) FreeOf(string folder)
    {
        var disk = new DriveInfo(Directory.Exists(folder) ? folder : Path.GetPathRoot(Path.GetFullPath(folder))!);
        return (disk.AvailableFreeSpace, disk.TotalSize);
    }

    /// <summary>Measures.</summary>
    public static async Task<SizesAnswer> Of(Db db, Place place, string? file, CancellationToken ct)
    {
        var free = FreeOf(place.Folder).Free;
        return db.Engine == Engine.Postgres ? await OfPostgres(db, free, ct) : await OfSqlite(db, file, free, ct);
    }

    private static async Task<SizesAnswer> OfPostgres(Db db, long free, CancellationToken ct)
    {
        var tables = await db.Query($"""
            select c.relname, sum(greatest(p.reltuples, 0))::bigint, sum(pg_total_relation_size(p.oid))::bigint
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_class p on p.oid = c.oid or p.oid in (select inhrelid from pg_inherits where inhparent = c.oid)
            where n.nspname = current_schema() and c.relkind in ('r', 'p') and not c.relispartition
            group by c.relname order by 3 desc limit {Largest}
            """, row => new TableSize(row.Text(0), row.Long(1), row.Long(2)), ct);
        return new SizesAnswer(await db.Number(Sql.Raw("select pg_database_size(current_database())"), ct), null, free, tables);
    }

    private static async Task<SizesAnswer> OfSqlite(Db db, string? file, long free, CancellationToken ct)
    {
        var bytes = await db.Number(Sql.Raw("select page_count * page_size from pragma_page_count(), pragma_page_size()"), ct);
        var names = await db.Query(Sql.Raw("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and sql not like '%without rowid%' order by name"), row => row.Text(0), ct);
        // The last row number is near the count where little is deleted, and is read without reading the table.
        var rows = names.Select(name => (Name: name, Last: db.Later(Sql.Raw($"select max(rowid) from \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""), row => row.LongOrNull(0) ?? 0))).ToList();
        await db.Flush(ct);
        var walked = bytes <= WalkedUpTo ? await Walked(db, ct) : [];
        var log = file is not null && File.Exists($"{file}-wal") ? new FileInfo($"{file}-wal").Length : 0;
        return new SizesAnswer(bytes, log, free, [.. rows.Select(row => new TableSize(row.Name, row.Last.Value[0], walked.TryGetValue(row.Name, out var size) ? size : null))
            .OrderByDescending(table => table.Bytes ?? 0).ThenByDescending(table => table.Rows).Take(Largest)]);
    }

    /// <summary>Bytes by table with its indexes; nothing where the engine was built without the table of pages.</summary>
    private static async Task<Dictionary<string, long>> Walked(Db db, CancellationToken ct)
    {
        try
        {
            var sizes = await db.Query(Sql.Raw("select m.tbl_name, sum(s.pgsize) from dbstat s join sqlite_master m on m.name = s.name where s.aggregate group by m.tbl_name"),
                row => (Name: row.Text(0), Bytes: row.Long(1)), ct);
            return sizes.ToDictionary(row => row.Name, row => row.Bytes, StringComparer.Ordinal);
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            return [];
        }
    }
}
