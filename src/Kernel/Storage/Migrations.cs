using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Plug1.Kernel.Storage;

/// <summary>One numbered SQL file of a module.</summary>
/// <param name="Module">Which module it belongs to.</param>
/// <param name="Number">Its place within the module.</param>
/// <param name="Name">File name.</param>
/// <param name="Text">The text as written, before the engine's types are filled in.</param>
public sealed record Migration(string Module, int Number, string Name, string Text)
{
    /// <summary>SHA-256 of the text: a file that was applied may never change.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>The numbered SQL files embedded in a module's assembly, in order.</summary>
    public static IReadOnlyList<Migration> Of(string module, Assembly assembly) =>
        [.. assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => new Migration(module, int.Parse(name.AsSpan(0, 4)), name, Read(assembly, name)))];

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

/// <summary>Brings a database to the schema of this version, in order, under a lock, each file once.</summary>
public static partial class Migrations
{
    private const long LockKey = 0x506C756731;

    /// <summary>Applies what is missing.</summary>
    /// <returns>The names of the files applied now.</returns>
    /// <exception cref="InvalidOperationException">A file applied earlier has changed, one was added below it, the files are out of order, or the
    /// database is newer than this program.</exception>
    public static async Task<IReadOnlyList<string>> Apply(Database database, IEnumerable<Migration> all, TimeProvider clock, CancellationToken ct = default)
    {
        var applied = new List<string>();
        var migrations = all.ToList();
        RefuseDisorder(migrations);
        await database.Write(async tx =>
        {
            applied.Clear();
            if (tx.Engine == Engine.Postgres) await tx.Execute($"select pg_advisory_xact_lock({LockKey})", ct);
            await tx.Execute(Sql.Raw(Dialect.Expand(tx.Engine,
                "create table if not exists migration (module text not null, number {long} not null, name text not null, hash text not null, applied_at {instant} not null, primary key (module, number))")), ct);
            var known = (await tx.Query($"select module, number, hash from migration", row => (row.Text(0), row.Int(1), row.Text(2)), ct))
                .ToDictionary(row => (row.Item1, row.Item2), row => row.Item3);
            var here = migrations.ToDictionary(migration => (migration.Module, migration.Number));
            if (known.Keys.FirstOrDefault(key => !here.ContainsKey(key)) is { Item1: not null } newer)
                throw new InvalidOperationException($"The database is newer than this program: it has {newer.Item1} {newer.Item2:0000}.");

            var highest = known.Keys.GroupBy(key => key.Item1).ToDictionary(module => module.Key, module => module.Max(key => key.Item2));
            foreach (var migration in migrations)
            {
                if (known.TryGetValue((migration.Module, migration.Number), out var hash))
                {
                    if (hash != migration.Hash) throw new InvalidOperationException($"Migration {migration.Module}/{migration.Name} was changed after it had been applied.");
                    continue;
                }

                if (highest.TryGetValue(migration.Module, out var last) && migration.Number < last)
                    throw new InvalidOperationException($"Migration {migration.Module}/{migration.Name} was added below {last:0000}, which is applied already.");
                foreach (var statement in Statements(tx.Engine, migration.Text)) await tx.Execute(Sql.Raw(statement), ct);
                await tx.Execute($"insert into migration (module, number, name, hash, applied_at) values ({migration.Module}, {migration.Number}, {migration.Name}, {migration.Hash}, {clock.GetUtcNow()})", ct);
                applied.Add($"{migration.Module}/{migration.Name}");
            }
        }, ct);
        return applied;
    }

    private static void RefuseDisorder(IEnumerable<Migration> migrations)
    {
        foreach (var module in migrations.GroupBy(migration => migration.Module))
        {
            foreach (var (before, after) in module.Zip(module.Skip(1)))
                if (after.Number <= before.Number) throw new InvalidOperationException($"Migration {module.Key}/{after.Name} comes after {before.Name}.");
        }
    }

    /// <summary>Splits a file into statements, keeping only the sections of the engine: a section starts with <c>-- only: sqlite</c>,
    /// <c>-- only: postgres</c> or <c>-- both</c>; a statement ends with a semicolon at the end of a line, a trigger with <c>end;</c> or <c>$$;</c>.</summary>
    internal static IEnumerable<string> Statements(Engine engine, string text)
    {
        var mine = engine == Engine.Postgres ? "postgres" : "sqlite";
        var keep = true;
        var statement = new StringBuilder();
        var inBody = false;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd();
            if (line.StartsWith("-- only:", StringComparison.Ordinal))
            {
                keep = line["-- only:".Length..].Trim() == mine;
                continue;
            }

            if (line == "-- both")
            {
                keep = true;
                continue;
            }

            if (!keep || line.Length == 0 || line.TrimStart().StartsWith("--", StringComparison.Ordinal)) continue;
            statement.Append(line).Append('\n');
            if (BodyStart().IsMatch(line)) inBody = true;
            var ends = inBody ? line is "end;" or "$$;" || line.EndsWith("$$;", StringComparison.Ordinal) : line.EndsWith(';');
            if (!ends) continue;
            inBody = false;
            yield return Dialect.Expand(engine, statement.ToString().TrimEnd().TrimEnd(';') + (statement.ToString().TrimEnd().EndsWith("end;", StringComparison.Ordinal) ? ";" : ""));
            statement.Clear();
        }

        if (statement.ToString().Trim() is { Length: > 0 } rest) throw new InvalidOperationException($"A migration ends inside a statement: {rest}");
    }

    [GeneratedRegex(@"^begin$|as \$\$$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex BodyStart();
}
