using Plug1.Kernel.Storage;

namespace Plug1.Host.Setup;

/// <summary>How the schema of a database stands to this program's.</summary>
/// <param name="Missing">Migrations that were not applied yet.</param>
/// <param name="Unknown">Migrations that this program does not have: the database is newer.</param>
/// <param name="Changed">Migrations whose text has changed since they were applied.</param>
internal sealed record SchemaState(IReadOnlyList<string> Missing, IReadOnlyList<string> Unknown, IReadOnlyList<string> Changed)
{
    /// <summary>Whether the program and the database fit.</summary>
    public bool IsCurrent => Missing.Count == 0 && Unknown.Count == 0 && Changed.Count == 0;

    /// <summary>What is wrong, for a person.</summary>
    public string Sentence =>
        Unknown.Count > 0 ? $"The database is newer than this program: it has {Unknown[0]}."
        : Changed.Count > 0 ? $"Migration {Changed[0]} was changed after it had been applied."
        : Missing.Count > 0 ? "The database has not this version's schema. Run 'plug1 migrate'."
        : "The schema is this version's.";

    /// <summary>Compares.</summary>
    public static async Task<SchemaState> Of(Database database, CancellationToken ct = default) => Compare(await database.Read(db => Applied(db, ct), ct));

    /// <summary>Compares a list of applied migrations, as a backup's manifest has it.</summary>
    public static SchemaState Compare(IReadOnlyList<AppliedMigration> applied)
    {
        var here = Composition.Migrations.ToDictionary(migration => (migration.Module, migration.Number));
        var known = applied.ToDictionary(row => (row.Module, row.Number));
        return new SchemaState(
            [.. here.Values.Where(migration => !known.ContainsKey((migration.Module, migration.Number))).Select(migration => $"{migration.Module}/{migration.Name}")],
            [.. applied.Where(row => !here.ContainsKey((row.Module, row.Number))).Select(row => $"{row.Module}/{row.Name}")],
            [.. applied.Where(row => here.TryGetValue((row.Module, row.Number), out var mine) && mine.Hash != row.Hash).Select(row => $"{row.Module}/{row.Name}")]);
    }

    /// <summary>What was applied, in order; nothing when the database is bare.</summary>
    public static async Task<IReadOnlyList<AppliedMigration>> Applied(Db db, CancellationToken ct)
    {
        var there = await db.Number(Sql.Raw(db.Engine == Engine.Sqlite
            ? "select count(*) from sqlite_master where type = 'table' and name = 'migration'"
            : "select count(*) from information_schema.tables where table_schema = current_schema() and table_name = 'migration'"), ct);
        return there == 0 ? [] : await db.Query($"select module, number, name, hash from migration order by module, number",
            row => new AppliedMigration(row.Text(0), row.Int(1), row.Text(2), row.Text(3)), ct);
    }
}

/// <summary>A migration that a database has.</summary>
internal sealed record AppliedMigration(string Module, int Number, string Name, string Hash);
