using System.Collections.Concurrent;
using Npgsql;

namespace Plug1.Kernel.Storage;

/// <summary>The database of one business: reads from snapshots, writes as transactions that happen whole or not at all.</summary>
public sealed class Database : IAsyncDisposable
{
    private const int Attempts = 6;
    private readonly NpgsqlDataSource? source;
    private readonly SqliteWriter? writer;
    private readonly ConcurrentBag<SqliteSession> readers = [];
    private readonly string? file;

    private Database(Engine engine, NpgsqlDataSource? source, string? file)
    {
        (Engine, this.source, this.file) = (engine, source, file);
        if (file is not null) writer = new SqliteWriter(SqliteSession.Open(file, readOnly: false, home: null));
    }

    /// <summary>The engine.</summary>
    public Engine Engine { get; }

    /// <summary>The file of a SQLite database.</summary>
    public string? File => file;

    /// <summary>Opens a business kept in a SQLite file, making the file when it is not there.</summary>
    public static Database Sqlite(string file)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        return new Database(Engine.Sqlite, null, Path.GetFullPath(file));
    }

    /// <summary>Opens a business kept on PostgreSQL.</summary>
    public static Database Postgres(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 400, AutoPrepareMinUsages = 2 };
        if (!connectionString.Contains("Pool", StringComparison.OrdinalIgnoreCase)) settings.MaxPoolSize = 40;
        return new Database(Engine.Postgres, NpgsqlDataSource.Create(settings), null);
    }

    /// <summary>Opens what a setting names: <c>sqlite:FILE</c> or a PostgreSQL connection string.</summary>
    public static Database Open(string setting) =>
        setting.StartsWith("sqlite:", StringComparison.Ordinal) ? Sqlite(setting["sqlite:".Length..]) : Postgres(setting);

    /// <summary>A session for reading; dispose it to give it back.</summary>
    public async Task<Db> Reader(CancellationToken ct = default) => Engine == Engine.Postgres
        ? new Db(await source!.OpenConnectionAsync(ct))
        : new Db(readers.TryTake(out var kept) ? kept : SqliteSession.Open(file!, readOnly: true, readers));

    /// <summary>Reads with a session that is given back afterwards.</summary>
    public async Task<T> Read<T>(Func<Db, Task<T>> work, CancellationToken ct = default)
    {
        await using var db = await Reader(ct);
        return await work(db);
    }

    /// <summary>Runs work as one transaction. A refusal or an exception undoes all of it; deadlocks are tried again.</summary>
    /// <returns>What the work answered, after the commit is on disk.</returns>
    public async Task<Result<T>> Write<T>(Func<Tx, Task<Result<T>>> work, CancellationToken ct = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Engine == Engine.Sqlite ? await writer!.Run(work) : await WritePostgres(work, ct);
            }
            catch (Exception failure) when (attempt < Attempts && Dialect.IsTransient(failure))
            {
                await Task.Delay(Random.Shared.Next(1, 8 * attempt), ct);
            }
        }
    }

    /// <summary>Runs work that cannot be refused as one transaction.</summary>
    public async Task Write(Func<Tx, Task> work, CancellationToken ct = default)
    {
        await Write<bool>(async tx =>
        {
            await work(tx);
            return true;
        }, ct);
    }

    private async Task<Result<T>> WritePostgres<T>(Func<Tx, Task<Result<T>>> work, CancellationToken ct)
    {
        await using var connection = await source!.OpenConnectionAsync(ct);
        var tx = new Tx(connection);
        try
        {
            var result = await work(tx);
            if (result.IsRefused)
            {
                await tx.Rollback();
                return result;
            }

            await tx.Commit(ct);
            return result;
        }
        catch
        {
            await tx.Rollback();
            throw;
        }
    }

    /// <summary>Copies the SQLite database to a file while it is in use.</summary>
    public void CopyTo(string target)
    {
        if (Engine != Engine.Sqlite) throw new InvalidOperationException("Only a SQLite database is copied as a file.");
        using var from = SqliteSession.Open(file!, readOnly: true, home: null);
        using var to = SqliteSession.Open(target, readOnly: false, home: null);
        from.Connection.BackupDatabase(to.Connection);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (source is not null) await source.DisposeAsync();
        while (readers.TryTake(out var session)) session.Dispose();
        if (writer is not null) await writer.DisposeAsync();
    }
}
