using Npgsql;

namespace Plug1.Kernel.Storage;

/// <summary>A transaction. On PostgreSQL its <c>begin</c> and <c>commit</c> travel with the first and the last statements.</summary>
public sealed class Tx : Db
{
    private readonly bool ownsTransaction;
    private bool begun;

    internal Tx(NpgsqlConnection connection)
        : base(connection) => ownsTransaction = true;

    internal Tx(SqliteSession session)
        : base(session)
    {
    }

    /// <summary>Work done after the commit: caches dropped, watchers told. Not run when the transaction is undone.</summary>
    public List<Action> AfterCommit { get; } = [];

    /// <summary>True once the work is over; nothing may use the transaction any more.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>True from the moment at which a lost connection leaves it open whether the work was kept.</summary>
    internal bool CommitSent { get; private set; }

    private protected override bool IsOpen => !HasEnded && base.IsOpen;

    internal async Task Commit(CancellationToken ct)
    {
        if (begun || HasPending)
        {
            var begin = Begin();
            CommitSent = true;
            await Send(begin, "commit", ct);
        }

        HasEnded = true;
    }

    /// <summary>Undoes all of it; never throws, so that the reason for undoing it is what the caller hears.</summary>
    internal async Task Rollback()
    {
        Forget();
        if (!HasEnded && begun)
        {
            try
            {
                await Send("rollback", null, CancellationToken.None);
                ForgetStatements();
            }
            catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException)
            {
                // The connection is gone, and the transaction with it.
            }
        }

        HasEnded = true;
    }

    /// <summary>The work is over; what it had not sent is dropped.</summary>
    internal void End()
    {
        Forget();
        HasEnded = true;
    }

    private protected override string? Begin()
    {
        if (!ownsTransaction || begun) return null;
        begun = true;
        return "begin";
    }
}
