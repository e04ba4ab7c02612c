using System.Collections.Frozen;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>The stamps of master data, by which the caches of every node notice a change.</summary>
/// <remarks>
/// They are read at most once a second. A change on this node is seen at once, on another node within a second.
/// What is cached carries the stamp that was read before it; it counts only while that is the stamp in force.
/// </remarks>
public sealed class ConfigStamps(Database database, TimeProvider clock) : IDisposable
{
    /// <summary>Users, roles and their permissions.</summary>
    public const string Security = "security";

    /// <summary>Sessions and tokens that were taken back.</summary>
    public const string Sessions = "sessions";

    /// <summary>Company, branches, warehouses and terminals.</summary>
    public const string Organisation = "organisation";

    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile Known? known;
    private long generation;

    private sealed record Known(long Generation, long ReadAt, FrozenDictionary<string, long> Stamps);

    /// <summary>The stamp of an area, not older than a second.</summary>
    public async ValueTask<long> Current(string area, CancellationToken ct = default) =>
        (Fresh() ?? await Read(ct)).Stamps.GetValueOrDefault(area);

    /// <summary>Reads the stamps anew at the next question.</summary>
    public void Invalidate() => Interlocked.Increment(ref generation);

    /// <summary>Moves the stamp of an area with the transaction that changes its data.</summary>
    public void Move(Tx tx, string area)
    {
        tx.Stage($"update config_stamp set stamp = stamp + 1 where area = {area}");
        tx.AfterCommit.Add(Invalidate);
    }

    /// <summary>The stamp as a column to be read before the data that it stands for.</summary>
    internal static Deferred<List<long>> Before(Db db, string area) =>
        db.Later($"select stamp from config_stamp where area = {area}", row => row.Long(0));

    private Known? Fresh() =>
        known is { } now && now.Generation == Interlocked.Read(ref generation) && clock.GetElapsedTime(now.ReadAt) < Trusted ? now : null;

    private async Task<Known> Read(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (Fresh() is { } done) return done;
            var (asked, at) = (Interlocked.Read(ref generation), clock.GetTimestamp());
            var rows = await database.Read(db => db.Query($"select area, stamp from config_stamp", row => (row.Text(0), row.Long(1)), ct), ct);
            var read = new Known(asked, at, rows.ToFrozenDictionary(row => row.Item1, row => row.Item2, StringComparer.Ordinal));
            known = read;
            return read;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();
}
