using Microsoft.Data.Sqlite;

namespace Plug1.Kernel.Storage;

/// <summary>Moves what was committed from the log of a SQLite database into its file beside the writer, so that no command waits for it.</summary>
/// <remarks>
/// The engine starts its log anew only when nothing in it is left to move, which a busy writer outruns; therefore the writer
/// moves the little that is left by itself once the log has <see cref="PagesAtMost"/> pages.
/// </remarks>
internal sealed class SqliteCheckpoints : IAsyncDisposable
{
    /// <summary>From how many pages of log on each commit of the writer moves what is left: 32 MB.</summary>
    public const int PagesAtMost = 8_000;

    /// <summary>A command changes some forty pages, so this is a log of about 5 MB.</summary>
    private const int CommandsBetween = 32;
    private readonly SemaphoreSlim due = new(0);
    private readonly CancellationTokenSource closing = new();
    private readonly string file;
    private readonly Task work;
    private int commands;

    public SqliteCheckpoints(string file)
    {
        this.file = file;
        work = Task.Run(Work);
    }

    /// <summary>Counts commands that a commit has made durable. Called by the writer alone.</summary>
    public void Committed(int count)
    {
        commands += count;
        if (commands < CommandsBetween) return;
        commands = 0;
        if (due.CurrentCount == 0) due.Release();
    }

    private async Task Work()
    {
        SqliteSession? session = null;
        try
        {
            while (true)
            {
                await due.WaitAsync(closing.Token);
                try
                {
                    session ??= SqliteSession.Open(file, readOnly: false, home: null);
                    session.Run("pragma wal_checkpoint(passive)");
                }
                catch (SqliteException)
                {
                    // Full disk, another process at work: the log stays as it is, and the writer, which meets the same, tells its caller.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
        finally
        {
            session?.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await work;
        closing.Dispose();
        due.Dispose();
    }
}
