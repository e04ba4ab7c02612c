namespace Plug1.Kernel.Storage;

/// <summary>The one writer of a SQLite database: commands queue, and those that wait share a commit.</summary>
/// <remarks>
/// Each command runs inside a savepoint of its own, so one that is refused or fails undoes only itself. Its answer is given
/// after the shared commit is on disk, so nobody is told of a sale that a power cut could still take back.
/// </remarks>
internal sealed class SqliteWriter(SqliteSession session) : IAsyncDisposable
{
    private const int MostShared = 64;
    private readonly SemaphoreSlim gate = new(1, 1);
    private int waiting;
    private Shared? open;

    private sealed class Shared
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Commands { get; set; }
    }

    public async Task<Result<T>> Run<T>(Func<Tx, Task<Result<T>>> work)
    {
        Interlocked.Increment(ref waiting);
        await gate.WaitAsync();
        Interlocked.Decrement(ref waiting);
        Shared shared;
        Result<T> result;
        var tx = new Tx(session);
        try
        {
            shared = Begin();
            result = await InSavepoint(tx, work);
        }
        finally
        {
            CommitWhenDue();
            gate.Release();
        }

        await shared.Done.Task;
        if (!result.IsRefused)
        {
            foreach (var action in tx.AfterCommit) action();
        }

        return result;
    }

    private async Task<Result<T>> InSavepoint<T>(Tx tx, Func<Tx, Task<Result<T>>> work)
    {
        session.Run("savepoint command");
        var kept = false;
        try
        {
            var result = await work(tx);
            if (result.IsRefused) return result;
            await tx.Flush();
            session.Run("release command");
            kept = true;
            return result;
        }
        finally
        {
            if (!kept) Undo(tx);
        }
    }

    private void Undo(Tx tx)
    {
        tx.Forget();
        try
        {
            session.Run("rollback to command");
            session.Run("release command");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The engine has already rolled the whole transaction back (disk full, I/O error): all of its commands must hear it.
            open?.Done.TrySetException(new IOException("The database could not write; nothing of this batch was kept."));
            open = null;
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
        if (open is null || (Volatile.Read(ref waiting) > 0 && open.Commands < MostShared)) return;
        var ending = open;
        open = null;
        try
        {
            session.Run("commit");
            ending.Done.SetResult();
        }
        catch (Exception failure)
        {
            try
            {
                session.Run("rollback");
            }
            catch (Microsoft.Data.Sqlite.SqliteException)
            {
                // Nothing was open any more.
            }

            ending.Done.SetException(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        session.Dispose();
        gate.Dispose();
    }
}
