using System.Data.Common;
using System.Diagnostics.Metrics;
using Npgsql;

namespace Plug1.Kernel.Storage;

/// <summary>One answer that is there after the next <see cref="Db.Flush"/>.</summary>
public sealed class Deferred<T>
{
    private T? value;
    private bool there;

    /// <summary>The answer; asking before the flush is our bug.</summary>
    public T Value => there ? value! : throw new InvariantBrokenException("A deferred answer was read before it was fetched.");

    internal void Set(T answer)
    {
        value = answer;
        there = true;
    }
}

/// <summary>One session on the database: statements are gathered and sent together, in one round trip on PostgreSQL.</summary>
/// <remarks>SQLite answers in the process, so there each statement runs when it is flushed, one after the other.</remarks>
public class Db : IAsyncDisposable
{
    private static readonly Meter Meter = new("Plug1.Storage");
    private static readonly Counter<long> Trips = Meter.CreateCounter<long>("plug1.storage.round_trips");
    private static long roundTrips;

    private readonly List<Pending> pending = [];
    private readonly SqliteSession? sqlite;
    private readonly NpgsqlConnection? postgres;
    private int disposed;
    private bool statementsInDoubt;
    private bool inSnapshot;

    internal Db(SqliteSession session) => (Engine, sqlite) = (Engine.Sqlite, session);

    internal Db(NpgsqlConnection connection) => (Engine, postgres) = (Engine.Postgres, connection);

    /// <summary>How many times this process has waited for the PostgreSQL server, or run a SQLite batch, for a benchmark to read.</summary>
    public static long RoundTrips => Interlocked.Read(ref roundTrips);

    /// <summary>The engine behind this session.</summary>
    public Engine Engine { get; }

    /// <summary>The session of SQLite, whose counters say what a question has cost; null on PostgreSQL.</summary>
    internal SqliteSession? Sqlite => sqlite;

    /// <summary>Adds a query whose rows are there after the next flush.</summary>
    public Deferred<List<T>> Later<T>(Sql sql, Func<Row, T> map)
    {
        var deferred = new Deferred<List<T>>();
        pending.Add(new Pending(sql, null, null, reader =>
        {
            var rows = new List<T>();
            while (reader.Read()) rows.Add(map(new Row(reader, Engine)));
            deferred.Set(rows);
        }, null));
        return deferred;
    }

    /// <summary>Adds a statement to the next flush.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="affected">Told how many rows it changed.</param>
    public void Stage(Sql sql, Action<int>? affected = null) => pending.Add(new Pending(sql, null, null, null, affected));

    /// <summary>Adds rows of one table to the next flush.</summary>
    public void Insert(Table table, params IReadOnlyList<object?[]> rows)
    {
        if (rows.Count > 0) pending.Add(new Pending(null, table, rows, null, null));
    }

    /// <summary>Runs a query at once, with all that was gathered before it.</summary>
    public async Task<List<T>> Query<T>(Sql sql, Func<Row, T> map, CancellationToken ct = default)
    {
        var rows = Later(sql, map);
        await Flush(ct);
        return rows.Value;
    }

    /// <summary>The first row or the default.</summary>
    public async Task<T?> First<T>(Sql sql, Func<Row, T> map, CancellationToken ct = default)
    {
        var rows = await Query(sql, map, ct);
        return rows.Count > 0 ? rows[0] : default;
    }

    /// <summary>The first column of the first row as an integer, or zero.</summary>
    public async Task<long> Number(Sql sql, CancellationToken ct = default) =>
        await First(sql, row => row.LongOrNull(0) ?? 0, ct);

    /// <summary>Runs a statement at once and says how many rows it changed.</summary>
    public async Task<int> Execute(Sql sql, CancellationToken ct = default)
    {
        var changed = 0;
        Stage(sql, rows => changed = rows);
        await Flush(ct);
        return changed;
    }

    /// <summary>Sends all that was gathered: one round trip on PostgreSQL.</summary>
    public Task Flush(CancellationToken ct = default) => pending.Count == 0 ? Task.CompletedTask : Send(Begin(), null, ct);

    /// <summary>What must travel before the first statement.</summary>
    private protected virtual string? Begin() => null;

    /// <summary>Whether statements may still be sent.</summary>
    private protected virtual bool IsOpen => disposed == 0;

    /// <summary>Streams a large answer in constant memory. Nothing else may run on this session meanwhile.</summary>
    public async IAsyncEnumerable<T> Stream<T>(Sql sql, Func<Row, T> map, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct = default)
    {
        await Send(Begin(), null, ct);
        var (text, values) = Dialect.Finish(Engine, sql);
        Count();
        await using DbCommand command = sqlite is not null ? sqlite.Uncached(text, values) : Postgres(text, values);
        await using var reader = await Reader(command, ct);
        while (await reader.ReadAsync(ct)) yield return map(new Row(reader, Engine));
    }

    /// <summary>From here on all statements see the same moment.</summary>
    internal async Task BeginSnapshot(CancellationToken ct)
    {
        if (sqlite is not null)
        {
            // What a long reading sorts goes to a file: it may be larger than memory.
            sqlite.Run("pragma temp_store = file");
            sqlite.Run("begin");
        }
        else
        {
            await Send("begin transaction isolation level repeatable read read only", null, ct);
        }

        inSnapshot = true;
    }

    private async ValueTask EndSnapshot()
    {
        inSnapshot = false;
        if (sqlite is not null)
        {
            sqlite.Run("rollback");
            sqlite.Run("pragma temp_store = memory");
            return;
        }

        try
        {
            await using var command = new NpgsqlCommand("rollback", postgres);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and its snapshot with it.
        }
    }

    internal bool HasPending => pending.Count > 0;

    internal void Forget() => pending.Clear();

    /// <summary>Sends the gathered statements between two of the transaction's own, in the same round trip.</summary>
    internal async Task Send(string? before, string? after, CancellationToken ct)
    {
        if (pending.Count == 0 && before is null && after is null) return;
        Invariant.Holds(IsOpen, "A session was used after it had been given back.");
        ct.ThrowIfCancellationRequested();
        var batch = pending.ToArray();
        pending.Clear();
        Count();
        if (sqlite is not null)
        {
            if (before is not null) sqlite.Run(before);
            foreach (var item in batch) sqlite.Run(item, this);
            if (after is not null) sqlite.Run(after);
        }
        else
        {
            await SendPostgres(before, batch, after, ct);
        }
    }

    private static void Count()
    {
        Interlocked.Increment(ref roundTrips);
        Trips.Add(1);
    }

    private async Task SendPostgres(string? before, Pending[] batch, string? after, CancellationToken ct)
    {
        await using var command = new NpgsqlBatch(postgres);
        if (before is not null) command.BatchCommands.Add(new NpgsqlBatchCommand(before));
        foreach (var item in batch) command.BatchCommands.Add(ToCommand(item));
        if (after is not null) command.BatchCommands.Add(new NpgsqlBatchCommand(after));
        var first = before is null ? 0 : 1;
        try
        {
            if (batch.Any(item => item.Read is not null)) await ReadAnswers(command, batch, first, ct);
            else await command.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException failure) when (MayHaveFailedWhileBinding(failure))
        {
            Doubt();
            throw;
        }

        for (var at = 0; at < batch.Length; at++)
            batch[at].Affected?.Invoke(checked((int)command.BatchCommands[at + first].RecordsAffected));
    }

    private async Task<DbDataReader> Reader(DbCommand command, CancellationToken ct)
    {
        try
        {
            return await command.ExecuteReaderAsync(ct);
        }
        catch (PostgresException failure) when (MayHaveFailedWhileBinding(failure))
        {
            Doubt();
            throw;
        }
    }

    /// <summary>A transaction that has failed takes no more statements, so it forgets when it is rolled back.</summary>
    private void Doubt()
    {
        statementsInDoubt = true;
        if (this is not Tx) ForgetStatements();
    }

    /// <summary>What constraints and triggers refuse, they refuse while a statement runs; all else may come up before.</summary>
    private static bool MayHaveFailedWhileBinding(PostgresException failure) =>
        !failure.SqlState.StartsWith("23", StringComparison.Ordinal) && failure.SqlState != PostgresErrorCodes.RaiseException;

    /// <summary>Has the server and the driver forget the session's prepared statements after a failure that may have come while values were bound.</summary>
    /// <remarks>
    /// By then the driver counts the statement among the prepared ones, but has not heard yet that it answers rows: from then on
    /// it would pass over its empty answers, and take a full one for an error of the server.
    /// </remarks>
    private protected void ForgetStatements()
    {
        if (!statementsInDoubt || postgres is not { State: System.Data.ConnectionState.Open }) return;
        statementsInDoubt = false;
        try
        {
            postgres.UnprepareAll();
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and its statements with it; what failed before is what the caller hears.
        }
    }

    /// <summary>Hands each answer to the query that asked for it.</summary>
    /// <remarks>
    /// The reader visits only statements that answer rows and does not say which. A statement that is complete has a type, so
    /// the present one is the first without, or the one before it when its answer is empty and therefore complete already: a
    /// staged <c>select</c> or <c>returning</c> shifts no answer to another query.
    /// </remarks>
    private static async Task ReadAnswers(NpgsqlBatch command, Pending[] batch, int first, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var next = first;
        do
        {
            while (next < first + batch.Length && command.BatchCommands[next].StatementType != StatementType.Unknown) next++;
            var at = (reader.HasRows ? next : next - 1) - first;
            if (reader.FieldCount > 0) batch[at].Read?.Invoke(reader);
        }
        while (await reader.NextResultAsync(ct));
    }

    private static NpgsqlBatchCommand ToCommand(Pending item)
    {
        if (item.Table is { } table)
        {
            var rows = item.Rows!;
            if (rows.Count == 1)
            {
                var single = new NpgsqlBatchCommand(table.OneRow);
                for (var at = 0; at < table.Columns.Count; at++) single.Parameters.Add(Named(at, Dialect.ToPostgres(rows[0][at])));
                return single;
            }

            var many = new NpgsqlBatchCommand(table.ManyRows);
            for (var at = 0; at < table.Columns.Count; at++) many.Parameters.Add(Named(at, Dialect.ToPostgres(table.ColumnArray(at, rows))));
            return many;
        }

        var (text, values) = Dialect.Finish(Engine.Postgres, item.Sql!);
        var command = new NpgsqlBatchCommand(text);
        for (var at = 0; at < values.Count; at++) command.Parameters.Add(Named(at, Dialect.ToPostgres(values[at])));
        return command;
    }

    private NpgsqlCommand Postgres(string text, IReadOnlyList<object?> values)
    {
        var command = new NpgsqlCommand(text, postgres);
        for (var at = 0; at < values.Count; at++) command.Parameters.Add(Named(at, Dialect.ToPostgres(values[at])));
        return command;
    }

    private static readonly string[] Names = [.. Enumerable.Range(0, 400).Select(at => $"p{at}")];

    private static NpgsqlParameter Named(int at, NpgsqlParameter parameter)
    {
        parameter.ParameterName = at < Names.Length ? Names[at] : $"p{at}";
        return parameter;
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        // Given back once: a session returned twice would serve two readers at the same time.
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        if (inSnapshot) await EndSnapshot();
        if (postgres is not null) await postgres.DisposeAsync();
        sqlite?.Return();
        GC.SuppressFinalize(this);
    }

    internal sealed record Pending(Sql? Sql, Table? Table, IReadOnlyList<object?[]>? Rows, Action<DbDataReader>? Read, Action<int>? Affected);
}
