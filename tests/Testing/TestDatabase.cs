using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Plug1.Kernel.Storage;

namespace Plug1.Testing;

/// <summary>A fresh, migrated database of its own for one test, on either engine; dropped when it is disposed.</summary>
/// <example><code>
/// [Theory, OnBothEngines]
/// public async Task A_sale_is_there(Engine engine)
/// {
///     await using var test = await TestDatabase.Create(engine);
///     await test.Database.Write(tx => tx.Execute($"..."));
/// }
/// </code></example>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<(Engine Engine, string Hash), Lazy<Task<string>>> Templates = new();
    private static int made;
    private readonly Func<Task> drop;
    private readonly List<Database> others = [];

    private TestDatabase(Engine engine, string setting, Func<Task> drop)
    {
        (Engine, Setting, this.drop) = (engine, setting, drop);
        Database = Database.Open(setting);
    }

    /// <summary>The migrations of the kernel alone: what a database has when none are named.</summary>
    public static IReadOnlyList<Migration> KernelSchema { get; } = Migration.Of("kernel", typeof(Database).Assembly);

    /// <summary>The engine.</summary>
    public Engine Engine { get; }

    /// <summary>What <see cref="Kernel.Storage.Database.Open"/> takes: <c>sqlite:FILE</c> or a connection string.</summary>
    public string Setting { get; }

    /// <summary>The database.</summary>
    public Database Database { get; }

    /// <summary>Makes one by copying a template that is migrated once a run.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="schema">The migrations, all of them, in order; the kernel's when null; an empty list leaves it bare.</param>
    public static async Task<TestDatabase> Create(Engine engine, IReadOnlyList<Migration>? schema = null)
    {
        schema ??= KernelSchema;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', schema.Select(m => $"{m.Module} {m.Number} {m.Hash}")))))[..16];
        var template = await Templates.GetOrAdd((engine, hash), _ => new Lazy<Task<string>>(
            () => engine == Engine.Sqlite ? SqliteTemplate(hash, schema) : PostgresTemplate(hash, schema))).Value;
        return engine == Engine.Sqlite ? CopySqlite(template) : await CopyPostgres(template);
    }

    /// <summary>Opens the same database once more, as a second process would.</summary>
    public Database OpenAgain()
    {
        var other = Database.Open(Setting);
        others.Add(other);
        return other;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var other in others) await other.DisposeAsync();
        await Database.DisposeAsync();
        await drop();
    }

    private static async Task<string> SqliteTemplate(string hash, IReadOnlyList<Migration> schema)
    {
        var file = Path.Combine(TestFolder.Path, $"template-{hash}.db");
        await using var database = Database.Sqlite(file);
        if (schema.Count > 0) await Migrations.Apply(database, schema, TimeProvider.System);
        return file;
    }

    private static TestDatabase CopySqlite(string template)
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestFolder.Path, $"db-{Interlocked.Increment(ref made)}"));
        var file = Path.Combine(folder.FullName, "plug1.db");
        if (File.Exists(template)) File.Copy(template, file);
        return new TestDatabase(Engine.Sqlite, $"sqlite:{file}", () =>
        {
            folder.Delete(recursive: true);
            return Task.CompletedTask;
        });
    }

    /// <summary>Makes the template under a name that says what is in it, so that the next test assembly on the same server finds it.</summary>
    private static async Task<string> PostgresTemplate(string hash, IReadOnlyList<Migration> schema)
    {
        var name = $"plug1_template_{hash}";
        // Not pooled: a pooled connection would keep the lock until it is used again.
        await using var server = await Server(pooled: false);
        await Execute(server, "select pg_advisory_lock(7101)");
        await using (var known = new NpgsqlCommand($"select 1 from pg_database where datname = '{name}'", server))
        {
            if (await known.ExecuteScalarAsync() is not null) return name;
        }

        // Built under another name: a half migrated template is never taken for a whole one.
        var building = $"{name}_{Environment.ProcessId}";
        await Execute(server, $"create database {building}");
        await using (var database = Database.Postgres(await SettingOf(building)))
        {
            if (schema.Count > 0) await Migrations.Apply(database, schema, TimeProvider.System);
        }

        await Execute(server, $"alter database {building} rename to {name}");
        return name;
    }

    private static async Task<TestDatabase> CopyPostgres(string template)
    {
        var name = $"plug1_test_{Environment.ProcessId}_{Interlocked.Increment(ref made)}";
        await using (var server = await Server()) await Execute(server, $"create database {name} template {template}");
        return new TestDatabase(Engine.Postgres, await SettingOf(name), async () =>
        {
            await using var server = await Server();
            await Execute(server, $"drop database {name} with (force)");
        });
    }

    private static async Task<NpgsqlConnection> Server(bool pooled = true)
    {
        var settings = new NpgsqlConnectionStringBuilder((await PostgresCluster.Shared()).ConnectionString) { Pooling = pooled };
        var connection = new NpgsqlConnection(settings.ToString());
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<string> SettingOf(string name) =>
        new NpgsqlConnectionStringBuilder((await PostgresCluster.Shared()).ConnectionString) { Database = name, MaxPoolSize = 30 }.ToString();

    private static async Task Execute(NpgsqlConnection server, string text)
    {
        await using var command = new NpgsqlCommand(text, server);
        await command.ExecuteNonQueryAsync();
    }
}
