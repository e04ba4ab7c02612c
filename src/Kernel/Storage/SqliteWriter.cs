using Microsoft.Data.Sqlite;

namespace Plug1.Kernel.Storage;

/// <summary>The one writer of a SQLite database: commands queue, and those that wait share a commit.</summary>
/// <remarks>
/// Each command runs inside a savepoint of its own, so one that is refused or fails undoes only itself. Its answer is given
/// after the shared commit is on disk, so nobody is told of a sale that a power cut could still take back.
/// </remarks>
internal sealed class SqliteWriter(SqliteSession session, SqliteCheckpoints checkpoints) : IAsyncDisposable
{
    private const int MostShared = 64;
    private const int ForeignKeyViolation = 787;
    private readonly SemaphoreSlim gate = new(1, 1);
    private int waiting;
    private int closed;
    private Shared? open;

    private sealed class Shared
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Commands { get; set; }
    }

    public Tx NewTransaction() => new(session);

    public async Task<Result<T>> Run<T>(Tx tx, Func<Tx, Task<Result<T>>> work, CancellationToken ct)
    {
        await Enter();
        Shared? shared = null;
        var result = default(Result<T>);
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        try
        {
            ct.ThrowIfCancellationRequested();
            shared = Begin();
            result = await InSavepoint(tx, work, ct);
        }
        catch (Exception thrown)
        {
            failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(thrown);
        }
        finally
        {
            tx.End();
            CommitWhenDue();
            gate.Release();
        }

        // A refusal or a failure waits as well: it may rest on what a command before it in the same batch has written.
        if (shared is not null) await (failure is null ? shared.Done.Task : shared.Done.Task.ContinueWith(_ => { }, TaskScheduler.Default));
        failure?.Throw();
        return result;
    }

    /// <summary>Runs a command that shares its commit with nobody and needs no savepoint: for those that write a great deal.</summary>
    /// <remarks>SQLite keeps what a savepoint would restore as one list, which each later statement walks; so a savepoint makes long work slow by the square of its length.</remarks>
    public async Task<Result<T>> RunAlone<T>(Tx tx, Func<Tx, Task<Result<T>>> work, CancellationToken ct)
    {
        await Enter();
        var begun = false;
        try
        {
            // The command before may have left the shared commit to this one.
            CommitNow();
            ct.ThrowIfCancellationRequested();
            session.Run("begin immediate");
            begun = true;
            var result = await work(tx);
            if (result.IsRefused) return result;
            await tx.Flush(ct);
            session.Run("commit");
            begun = false;
            checkpoints.Committed(MostShared);
            return result;
        }
        finally
        {
            tx.End();
            if (begun) Rollback();
            gate.Release();
        }
    }

    /// <summary>Queues. The wait cannot be cancelled: the command before may have left the shared commit to this one.</summary>
    private async Task Enter()
    {
        Interlocked.Increment(ref waiting);
        if (Volatile.Read(ref closed) != 0)
        {
            Interlocked.Decrement(ref waiting);
            throw new ObjectDisposedException(nameof(Database));
        }

        await gate.WaitAsync();
        Interlocked.Decrement(ref waiting);
    }

    private async Task<Result<T>> InSavepoint<T>(Tx tx, Func<Tx, Task<Result<T>>> work, CancellationToken ct)
    {
        session.Run("savepoint command");
        var kept = false;
        try
        {
            var result = await work(tx);
            if (result.IsRefused) return result;
            await tx.Flush(ct);
            if (session.HasOpenReferences) throw new SqliteException("FOREIGN KEY constraint failed", 19, ForeignKeyViolation);
            session.Run("release command");
            kept = true;
            return result;
        }
        finally
        {
            if (!kept) Undo();
        }
    }

    private void Undo()
    {
        try
        {
            session.Run("rollback to command");
            session.Run("release command");
        }
        catch (SqliteException failure)
        {
            // The engine has already rolled the whole transaction back (disk full, I/O error): all of its commands must hear it.
            Fail(new IOException("The database could not write; nothing of this batch was kept.", failure));
        }
    }

    private Shared Begin()
    {
        if (open is null)
        {
            session.Run("begin immediate");
            open = new Shared();
        }

        open.Commands++;
        return open;
    }

    private void CommitWhenDue()
    {
        if (open is not null && (Volatile.Read(ref waiting) == 0 || open.Commands >= MostShared)) CommitNow();
    }

    private void CommitNow()
    {
        if (open is null) return;
        try
        {
            session.Run("commit");
            checkpoints.Committed(open.Commands);
            open.Done.SetResult();
            open = null;
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    /// <summary>Tells every command of the batch that nothing of it was kept, and makes sure that this is so.</summary>
    private void Fail(Exception failure)
    {
        var ending = open;
        open = null;
        Rollback();
        ending?.Done.SetException(failure);
    }

    private void Rollback()
    {
        try
        {
            session.Run("rollback");
        }
        catch (SqliteException)
        {
            // Nothing was open any more.
        }
    }

    /// <summary>Lets those who queue finish, then closes the file; whoever comes later is told that it is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) != 0) return;
        while (true)
        {
            await gate.WaitAsync();
            CommitWhenDue();
            if (open is null && Volatile.Read(ref waiting) == 0) break;
            gate.Release();
            await Task.Yield();
        }

        await checkpoints.DisposeAsync();
        session.Dispose();
        gate.Dispose();
    }
}
