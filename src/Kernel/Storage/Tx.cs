using Npgsql;

namespace Plug1.Kernel.Storage;

/// <summary>A transaction. On PostgreSQL its <c>begin</c> and <c>commit</c> travel with the first and the last statements.</summary>
public sealed class Tx : Db
{
    private readonly bool ownsTransaction;
    private bool begun;
    private bool ended;

    internal Tx(NpgsqlConnection connection)
        : base(connection) => ownsTransaction = true;

    internal Tx(SqliteSession session)
        : base(session)
    {
    }

    /// <summary>Work done after the commit: caches dropped, watchers told. Not run when the transaction is undone.</summary>
    public List<Action> AfterCommit { get; } = [];

    internal async Task Commit(CancellationToken ct)
    {
        if (ownsTransaction && (begun || HasPending)) await Send(Begin(), "commit", ct);
        else if (HasPending) await Send(null, null, ct);
        ended = true;
        foreach (var action in AfterCommit) action();
    }

    internal async Task Rollback()
    {
        Forget();
        if (!ownsTransaction || !begun || ended) return;
        ended = true;
        try
        {
            await Send("rollback", null, CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and the transaction with it.
        }
    }

    private protected override string? Begin()
    {
        if (!ownsTransaction || begun) return null;
        begun = true;
        return "begin";
    }
}
