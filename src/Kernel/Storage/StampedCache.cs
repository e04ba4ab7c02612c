namespace Plug1.Kernel.Storage;

/// <summary>Master data kept in memory and read again when its area's stamp has moved, on whichever node the change was made.</summary>
/// <typeparam name="T">What is kept.</typeparam>
/// <param name="database">Where it is read.</param>
/// <param name="area">The area in <c>config_stamp</c>.</param>
/// <param name="clock">Tells when to look again; a stamp is looked at at most twice a second.</param>
/// <param name="load">Reads it.</param>
public sealed class StampedCache<T>(Database database, string area, TimeProvider clock, Func<Db, CancellationToken, Task<T>> load) : IDisposable
    where T : class
{
    private static readonly TimeSpan Trusted = TimeSpan.FromMilliseconds(500);
    private readonly SemaphoreSlim loading = new(1, 1);
    private Entry? entry;
    private long checkedAt;
    // A value counts as read when it was read after the last change; until then nobody is given the one before, not even while another reads it.
    private long changes;
    private long readAfter;

    /// <summary>The value with the stamp it was read at.</summary>
    public sealed record Entry(T Value, long Stamp);

    /// <summary>The present value, at most half a second behind a change on another node.</summary>
    public ValueTask<Entry> Get(CancellationToken ct = default)
    {
        var kept = entry;
        return kept is not null && Interlocked.Read(ref readAfter) == Interlocked.Read(ref changes) && clock.GetElapsedTime(Interlocked.Read(ref checkedAt)) < Trusted
            ? ValueTask.FromResult(kept)
            : new ValueTask<Entry>(Check(ct));
    }

    /// <summary>Reads again at the next use: called after a change on this node has been committed.</summary>
    public void Drop() => Interlocked.Increment(ref changes);

    /// <summary>Moves the stamp of an area within the transaction that changes it.</summary>
    public void Touch(Tx tx)
    {
        tx.Stage($"update config_stamp set stamp = stamp + 1 where area = {area}");
        tx.AfterCommit.Add(Drop);
    }

    private async Task<Entry> Check(CancellationToken ct)
    {
        await loading.WaitAsync(ct);
        try
        {
            var known = Interlocked.Read(ref changes);
            var now = clock.GetTimestamp();
            return await database.Read(async db =>
            {
                var stamp = await db.Number($"select stamp from config_stamp where area = {area}", ct);
                if (entry is null || entry.Stamp != stamp) entry = new Entry(await load(db, ct), stamp);
                Interlocked.Exchange(ref checkedAt, now);
                Interlocked.Exchange(ref readAfter, known);
                return entry;
            }, ct);
        }
        finally
        {
            loading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => loading.Dispose();
}
