using System.Collections.Concurrent;
using Npgsql;

namespace Plug1.Kernel.Storage;

/// <summary>The database of one business: reads from snapshots, writes as transactions that happen whole or not at all.</summary>
public sealed class Database : IAsyncDisposable
{
    private const int Attempts = 6;
    private const int MostReadersKept = 32;
    private readonly NpgsqlDataSource? source;
    private readonly NpgsqlDataSource? writing;
    private readonly SqliteWriter? writer;
    private readonly ConcurrentStack<SqliteSession> readers = [];
    private readonly string? file;

    // The transaction in whose work the present code runs, to tell a nested one from a parallel one.
    private readonly AsyncLocal<Tx?> running = new();
    private int readersKept;
    private int closed;

    private Database(NpgsqlDataSource source, NpgsqlDataSource writing) => (Engine, this.source, this.writing) = (Engine.Postgres, source, writing);

    private Database(string file)
    {
        (Engine, this.file) = (Engine.Sqlite, file);
        writer = new SqliteWriter(SqliteSession.Open(file, readOnly: false, home: null), new SqliteCheckpoints(file));
    }

    /// <summary>The engine.</summary>
    public Engine Engine { get; }

    /// <summary>The file of a SQLite database.</summary>
    public string? File => file;

    /// <summary>Opens a business kept in a SQLite file, making the file when it is not there.</summary>
    public static Database Sqlite(string file)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        return new Database(Path.GetFullPath(file));
    }

    /// <summary>Opens a business kept on PostgreSQL.</summary>
    public static Database Postgres(string connectionString)
    {
        // Nothing here changes a session's settings or leaves locks and temporary tables in it, so nothing is to be reset when it is given back.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 400, AutoPrepareMinUsages = 2, NoResetOnClose = true };
        if (!connectionString.Contains("Pool", StringComparison.OrdinalIgnoreCase)) settings.MaxPoolSize = 20;
        // Statements here take milliseconds; compiling one that the server thinks dear takes ten times as long.
        settings.Options = $"{settings.Options} -c jit=off".Trim();
        // What a command runs goes by keys, and one plan serves for all values. Left to itself the server plans many of these statements
        // anew each time, which costs a checkout a third of its time; a report's plan hangs on its dates.
        var ofWriters = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Options = $"{settings.Options} -c plan_cache_mode=force_generic_plan".Trim() };
        return new Database(NpgsqlDataSource.Create(settings), NpgsqlDataSource.Create(ofWriters));
    }

    /// <summary>Opens what a setting names: <c>sqlite:FILE</c> or a PostgreSQL connection string.</summary>
    public static Database Open(string setting) =>
        setting.StartsWith("sqlite:", StringComparison.Ordinal) ? Sqlite(setting["sqlite:".Length..]) : Postgres(setting);

    /// <summary>A session for reading; dispose it to give it back.</summary>
    public async Task<Db> Reader(CancellationToken ct = default)
    {
        if (Engine == Engine.Postgres) return new Db(await source!.OpenConnectionAsync(ct));
        ObjectDisposedException.ThrowIf(Volatile.Read(ref closed) != 0, this);
        if (!readers.TryPop(out var session)) return new Db(SqliteSession.Open(file!, readOnly: true, GiveBack));
        Interlocked.Decrement(ref readersKept);
        return new Db(session);
    }

    /// <summary>A session whose statements all see one moment, for files that are read for long; dispose it to give it back.</summary>
    public async Task<Db> Snapshot(CancellationToken ct = default)
    {
        var db = await Reader(ct);
        try
        {
            await db.BeginSnapshot(ct);
            return db;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads with a session that is given back afterwards.</summary>
    public async Task<T> Read<T>(Func<Db, Task<T>> work, CancellationToken ct = default)
    {
        await using var db = await Reader(ct);
        return await work(db);
    }

    /// <summary>Runs work as one transaction. A refusal or an exception undoes all of it; a deadlock, and a connection lost before
    /// the commit was sent, make it run again from the start.</summary>
    /// <returns>What the work answered, after the commit is on disk.</returns>
    /// <exception cref="InvariantBrokenException">It was called inside the work of another transaction of this database: SQLite
    /// has one writer, so it would wait for itself.</exception>
    public Task<Result<T>> Write<T>(Func<Tx, Task<Result<T>>> work, CancellationToken ct = default) => Write(work, alone: false, ct);

    /// <summary>The same for work that writes thousands of rows: on SQLite it shares its commit with nobody.</summary>
    public async Task WriteMuch(Func<Tx, Task> work, CancellationToken ct = default) => await Write<bool>(async tx =>
    {
        await work(tx);
        return true;
    }, alone: true, ct);

    private async Task<Result<T>> Write<T>(Func<Tx, Task<Result<T>>> work, bool alone, CancellationToken ct)
    {
        Invariant.Holds(running.Value is not { HasEnded: false }, "A transaction was started inside another one.");
        for (var attempt = 1; ; attempt++)
        {
            Tx? tx = null;
            Result<T> result;
            try
            {
                if (writer is not null)
                {
                    running.Value = tx = writer.NewTransaction();
                    result = alone ? await writer.RunAlone(tx, work, ct) : await writer.Run(tx, work, ct);
                }
                else
                {
                    await using var connection = await writing!.OpenConnectionAsync(ct);
                    running.Value = tx = new Tx(connection);
                    result = await RunPostgres(tx, work, ct);
                }
            }
            catch (Exception failure) when (attempt < Attempts && MayTryAgain(failure, tx))
            {
                await Task.Delay(Random.Shared.Next(1, 8 * attempt), ct);
                continue;
            }

            if (!result.IsRefused)
            {
                foreach (var action in tx.AfterCommit) action();
            }

            return result;
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

    private static bool MayTryAgain(Exception failure, Tx? tx) =>
        Dialect.IsTransient(failure) || (Dialect.IsLostConnection(failure) && tx is not { CommitSent: true });

    private static async Task<Result<T>> RunPostgres<T>(Tx tx, Func<Tx, Task<Result<T>>> work, CancellationToken ct)
    {
        try
        {
            var result = await work(tx);
            if (result.IsRefused) await tx.Rollback();
            else await tx.Commit(ct);
            return result;
        }
        catch
        {
            await tx.Rollback();
            throw;
        }
    }

    /// <summary>Copies the SQLite database to a file while it is in use, and reads from it what it held at the moment of the copy.</summary>
    /// <param name="target">The file; it must not exist.</param>
    /// <param name="read">What to read; it sees exactly what is copied.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="InvalidOperationException">The database is on PostgreSQL.</exception>
    public async Task<T> CopyTo<T>(string target, Func<Db, Task<T>> read)
    {
        if (Engine != Engine.Sqlite) throw new InvalidOperationException("Only a SQLite database is copied as a file.");
        using var from = SqliteSession.Open(file!, readOnly: true, home: null);
        using var to = SqliteSession.Open(target, readOnly: false, home: null);
        // The first read fixes the snapshot, and the copy is made inside the same transaction.
        from.Run("begin");
        await using var db = new Db(from);
        var seen = await read(db);
        from.Connection.BackupDatabase(to.Connection);
        from.Run("rollback");
        return seen;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref closed, 1);
        if (source is not null) await source.DisposeAsync();
        if (writing is not null) await writing.DisposeAsync();
        CloseReaders();
        if (writer is not null) await writer.DisposeAsync();
    }

    /// <summary>Keeps a reading session for the next one who asks; a crowd's are closed again.</summary>
    private void GiveBack(SqliteSession session)
    {
        if (Interlocked.Increment(ref readersKept) > MostReadersKept)
        {
            Interlocked.Decrement(ref readersKept);
            session.Dispose();
            return;
        }

        readers.Push(session);
        if (Volatile.Read(ref closed) != 0) CloseReaders();
    }

    private void CloseReaders()
    {
        while (readers.TryPop(out var session)) session.Dispose();
    }
}
