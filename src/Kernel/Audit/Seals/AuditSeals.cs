using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Audit.Seals;

/// <summary>Seals what was written since the last block: a Merkle tree over events and ledger transactions, chained block to block.</summary>
/// <remarks>
/// What lies behind the marks does not change any more, so it is read and hashed outside the transaction that keeps the block;
/// that one only makes sure that nobody else was faster. Marks go no further than <see cref="Dialect.SafeHorizon"/>.
/// </remarks>
public sealed class AuditSeals(Database database, TimeProvider clock)
{
    /// <summary>Events, and ledger transactions, of one block, about: what one database transaction wrote is not parted.</summary>
    public const int Chunk = 2_000;

    /// <summary>Name of the mark of events.</summary>
    internal const string EventMark = "audit";

    /// <summary>Name of the mark of ledger transactions.</summary>
    internal const string LedgerMark = "audit-ledger";

    private static readonly Table BlockTable = new("seal_block",
        ("number", Kind.Long), ("sealed_at", Kind.Instant), ("events", Kind.Long), ("first_seq", Kind.Long), ("last_seq", Kind.Long), ("transactions", Kind.Long),
        ("first_transaction", Kind.Id), ("last_transaction", Kind.Id),
        ("root", Kind.Text), ("previous", Kind.Text), ("hash", Kind.Text), ("event_leaves", Kind.Bytes), ("transaction_leaves", Kind.Bytes));

    private sealed record Draft(long EventsAfter, long EventsUpTo, long LedgerAfter, long LedgerUpTo, IReadOnlyList<Leaf> Events, long FirstSeq, long LastSeq, IReadOnlyList<Leaf> Transactions, SealBlock Block);

    /// <summary>Seals every minute: so long somebody with access to the database could change what was written without a trace.</summary>
    public Job EveryMinute => new("seal-audit", "Seal the audit trail and the ledger", TimeSpan.FromMinutes(1), async ct => await CatchUp(ct: ct));

    /// <summary>Seals what may be sealed now. What is written meanwhile waits for the next time, or a busy shop would have a block for every sale.</summary>
    /// <param name="chunk">How much one block takes, about.</param>
    /// <param name="ct">Stops between blocks.</param>
    /// <returns>How many blocks were made.</returns>
    public async Task<int> CatchUp(int chunk = Chunk, CancellationToken ct = default)
    {
        var blocks = 0;
        while (await Next(chunk, ct) is { } made)
        {
            blocks++;
            if (made.Events < chunk && made.Transactions < chunk) break;
        }

        return blocks;
    }

    /// <summary>The last block; null when nothing is sealed yet.</summary>
    public static async Task<SealBlock?> Last(Db db, CancellationToken ct = default) =>
        await db.First($"select {Sql.Raw(SealRows.Columns)} from seal_block b order by b.number desc limit 1", row => SealRows.Block(row), ct);

    /// <summary>The heads of blocks before a number, latest first.</summary>
    public static async Task<IReadOnlyList<SealBlock>> Blocks(Db db, long before, int limit, CancellationToken ct = default) =>
        await db.Query($"select {Sql.Raw(SealRows.Columns)} from seal_block b where b.number < {before} order by b.number desc limit {limit}", row => SealRows.Block(row), ct);

    /// <summary>How many events and ledger transactions wait for the next block.</summary>
    public static async Task<(long Events, long Transactions)> Waiting(Db db, CancellationToken ct = default)
    {
        var column = Sql.Raw(SealedRows.EventMark(db.Engine));
        var events = db.Later($"select count(*) from audit_event where {column} > (select tx from watermark where name = {EventMark})", row => row.Long(0));
        var transactions = db.Later($"select count(*) from ledger_transaction where tx > (select tx from watermark where name = {LedgerMark})", row => row.Long(0));
        await db.Flush(ct);
        return (events.Value[0], transactions.Value[0]);
    }

    private async Task<SealBlock?> Next(int chunk, CancellationToken ct)
    {
        if (await database.Read(db => Read(db, chunk, ct), ct) is not { } draft) return null;
        var kept = await database.Write<bool>(async tx =>
        {
            var marks = await tx.Query($"select name, tx from watermark where name in ({EventMark}, {LedgerMark}) order by name{Dialect.ForUpdate(tx.Engine)}", row => row.Long(1), ct);
            if (marks is not [var events, var ledger] || events != draft.EventsAfter || ledger != draft.LedgerAfter) return false;
            var block = draft.Block;
            tx.Insert(BlockTable, [[block.Number, block.SealedAt, block.Events, draft.FirstSeq, draft.LastSeq, block.Transactions, OneOf(draft.Transactions, ids => ids.Min(StringComparer.Ordinal)), OneOf(draft.Transactions, ids => ids.Max(StringComparer.Ordinal)), block.Root, block.Previous, block.Hash,
                Leaves.Pack(draft.Events), Leaves.Pack(draft.Transactions)]]);
            tx.Stage($"update watermark set tx = {draft.EventsUpTo} where name = {EventMark}");
            tx.Stage($"update watermark set tx = {draft.LedgerUpTo} where name = {LedgerMark}");
            await tx.Flush(ct);
            return true;
        }, ct);
        return kept.Value ? draft.Block : null;
    }

    /// <summary>Ids are compared by their text, which is how both engines sort them.</summary>
    private static object? OneOf(IReadOnlyList<Leaf> leaves, Func<IEnumerable<string>, string?> choose) =>
        leaves.Count == 0 ? null : Guid.Parse(choose(leaves.Select(leaf => leaf.Id.ToString("D")))!);

    private async Task<Draft?> Read(Db db, int chunk, CancellationToken ct)
    {
        var mark = SealedRows.EventMark(db.Engine);
        var marks = await db.Query($"select name, tx from watermark where name in ({EventMark}, {LedgerMark}) order by name", row => row.Long(1), ct);
        var (events, ledger) = (marks[0], marks[1]);
        var eventsUpTo = await UpTo(db, "audit_event", mark, events, chunk, ct);
        var ledgerUpTo = await UpTo(db, "ledger_transaction", "tx", ledger, chunk, ct);
        if (eventsUpTo <= events && ledgerUpTo <= ledger) return null;

        var bytes = new CanonicalBytes();
        var column = Sql.Raw("e." + mark);
        var sealing = await db.Query($"select {Sql.Raw(SealedRows.EventColumns)} from audit_event e where {column} > {events} and {column} <= {eventsUpTo} order by {column}, e.seq",
            row => (Seq: row.Long(0), Leaf: SealedRows.EventLeaf(bytes, row, db.Engine)), ct);
        List<Leaf> eventLeaves = [.. sealing.Select(one => one.Leaf)];
        var transactions = await SealedRows.TransactionLeaves(db, $"t.tx > {ledger} and t.tx <= {ledgerUpTo}", new AccountKeys(), withParts: true, ct);
        var last = await Last(db, ct);
        var root = Convert.ToHexStringLower(Merkle.Root(Leaves.Hashes([.. eventLeaves, .. transactions])));
        var block = SealBlock.Make((last?.Number ?? 0) + 1, Dialect.Micro(clock.GetUtcNow()), eventLeaves.Count, transactions.Count, root, last?.Hash ?? SealBlock.Nothing);
        return new Draft(events, Math.Max(events, eventsUpTo), ledger, Math.Max(ledger, ledgerUpTo), eventLeaves,
            sealing.Count == 0 ? 0 : sealing.Min(one => one.Seq), sealing.Count == 0 ? 0 : sealing.Max(one => one.Seq), transactions, block);
    }

    private static async Task<long> UpTo(Db db, string table, string mark, long after, int chunk, CancellationToken ct)
    {
        var (rows, column) = (Sql.Raw(table), Sql.Raw(mark));
        var horizon = db.Engine == Engine.Sqlite ? Sql.Raw($"(select coalesce(max({mark}), 0) from {table})") : Sql.Raw(Dialect.SafeHorizon(db.Engine, table));
        return await db.Number($"select max(mark) from (select {column} as mark from {rows} where {column} > {after} and {column} <= {horizon} order by {column} limit {chunk}) as next", ct);
    }
}

/// <summary>Reads the heads of blocks.</summary>
internal static class SealRows
{
    public const string Columns = "b.number, b.sealed_at, b.events, b.transactions, b.root, b.previous, b.hash";

    public static SealBlock Block(Row row) => new(row.Long(0), row.Instant(1), row.Long(2), row.Long(3), row.Text(4), row.Text(5), row.Text(6));
}
