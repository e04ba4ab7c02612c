using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Audit.Seals;

/// <summary>What a pass over all sealed blocks found.</summary>
/// <param name="Blocks">How many blocks were computed again.</param>
/// <param name="Events">How many events they seal.</param>
/// <param name="Transactions">How many ledger transactions they seal, with all their entries.</param>
/// <param name="Unsealed">Events and transactions that wait for the next block.</param>
/// <param name="Last">The last block.</param>
public sealed record SealFindings(long Blocks, long Events, long Transactions, long Unsealed, SealBlock? Last);

/// <summary>Computes every sealed block again from the rows it seals: each leaf, the tree, the chain.</summary>
/// <remarks>
/// Whoever can change rows, blocks and the marks together can make a consistent forgery of all that follows; a digest kept elsewhere
/// tells even that, for everything up to its block.
/// </remarks>
public static class SealCheck
{
    private const int BlocksAtOnce = 50;

    private sealed record Kept(SealBlock Block, long FirstSeq, long LastSeq, byte[] Events, byte[] Transactions);

    private sealed class Pass(Db db, IReadOnlyDictionary<long, SealDigest> digests, Action<string> differs)
    {
        public AccountKeys Keys { get; } = new();

        public CanonicalBytes Bytes { get; } = new();

        public Db Db => db;

        public SealBlock? Last { get; set; }

        public long Events { get; set; }

        public long Transactions { get; set; }

        public long Differences { get; private set; }

        public SealDigest? DigestOf(long number) => digests.GetValueOrDefault(number);

        public void Differs(string what)
        {
            Differences++;
            differs(what);
        }
    }

    /// <summary>Verifies all blocks in order.</summary>
    /// <param name="db">A session for reading one moment.</param>
    /// <param name="digests">Digests that were kept elsewhere.</param>
    /// <param name="differs">Told of each difference, in the order of the trail.</param>
    /// <param name="seen">Told after each block how many events and transactions were verified.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<SealFindings> Run(Db db, IReadOnlyList<SealDigest> digests, Action<string> differs, Action<long>? seen = null, CancellationToken ct = default)
    {
        var pass = new Pass(db, digests.GroupBy(digest => digest.Block.Number).ToDictionary(group => group.Key, group => group.First()), differs);
        var blocks = 0L;
        while (true)
        {
            var after = pass.Last?.Number ?? 0;
            var next = await db.Query($"select {Sql.Raw(SealRows.Columns)}, b.first_seq, b.last_seq, b.event_leaves, b.transaction_leaves from seal_block b where b.number > {after} order by b.number limit {BlocksAtOnce}",
                row => new Kept(SealRows.Block(row), row.Long(7), row.Long(8), row.Bytes(9), row.Bytes(10)), ct);
            if (next.Count == 0) break;
            foreach (var kept in next)
            {
                await Verify(pass, kept, ct);
                blocks++;
                seen?.Invoke(pass.Events + pass.Transactions);
            }
        }

        foreach (var digest in digests.Where(digest => digest.Block.Number > (pass.Last?.Number ?? 0)))
            pass.Differs($"block {digest.Block.Number} is missing: a digest of it is kept elsewhere.");
        var unsealed = await Strangers(pass, "audit_event", SealedRows.EventMark(db.Engine), AuditSeals.EventMark, "event_leaves", pass.Events, "event", ct)
            + await Strangers(pass, "ledger_transaction", "tx", AuditSeals.LedgerMark, "transaction_leaves", pass.Transactions, "ledger transaction", ct);
        return new SealFindings(blocks, pass.Events, pass.Transactions, unsealed, pass.Last);
    }

    private static async Task Verify(Pass pass, Kept kept, CancellationToken ct)
    {
        var block = kept.Block;
        var (before, events, transactions) = (pass.Last, Leaves.Unpack(kept.Events), Leaves.Unpack(kept.Transactions));
        if (block.Number != (before?.Number ?? 0) + 1) pass.Differs($"block {(before?.Number ?? 0) + 1} is missing.");
        await Events(pass, kept, events, ct);
        await Transactions(pass, kept, transactions, ct);
        if (events.Count != block.Events || transactions.Count != block.Transactions) pass.Differs($"block {block.Number}: it names {block.Events} events and {block.Transactions} transactions and lists {events.Count} and {transactions.Count}.");
        if (Convert.ToHexStringLower(Merkle.Root(Leaves.Hashes([.. events, .. transactions]))) != block.Root) pass.Differs($"block {block.Number}: its root is not that of its leaves.");
        if (block.Previous != (before?.Hash ?? SealBlock.Nothing)) pass.Differs($"block {block.Number}: it does not name the hash of the block before.");
        if (SealBlock.HashOf(block) != block.Hash) pass.Differs($"block {block.Number}: its hash is not that of its head.");
        if (pass.DigestOf(block.Number) is { } digest && digest.Block != block) pass.Differs($"block {block.Number}: it is not the one whose digest is kept elsewhere.");
        (pass.Last, pass.Events, pass.Transactions) = (block, pass.Events + events.Count, pass.Transactions + transactions.Count);
    }

    private static async Task Events(Pass pass, Kept kept, List<Leaf> leaves, CancellationToken ct)
    {
        if (leaves.Count == 0) return;
        var found = await pass.Db.Query($"select {Sql.Raw(SealedRows.EventColumns)} from audit_event e where e.seq >= {kept.FirstSeq} and e.seq <= {kept.LastSeq} order by e.seq",
            row => (Seq: row.Long(0), Leaf: SealedRows.EventLeaf(pass.Bytes, row, pass.Db.Engine)), ct);

        // Sealed in the order of the sequence, as SQLite always does and PostgreSQL mostly, they are met one by one.
        if (found.Count == leaves.Count && found.Zip(leaves).All(pair => pair.First.Leaf.Id == pair.Second.Id && pair.First.Leaf.Hash.AsSpan().SequenceEqual(pair.Second.Hash))) return;
        var byId = found.ToDictionary(one => one.Leaf.Id);
        foreach (var leaf in leaves)
        {
            if (!byId.TryGetValue(leaf.Id, out var now)) pass.Differs($"event {leaf.Id:D} is missing in block {kept.Block.Number}, where it was sealed.");
            else if (!now.Leaf.Hash.AsSpan().SequenceEqual(leaf.Hash)) pass.Differs($"event {now.Seq} ({leaf.Id:D}) is not as it was sealed in block {kept.Block.Number}.");
        }
    }

    private static async Task Transactions(Pass pass, Kept kept, List<Leaf> leaves, CancellationToken ct)
    {
        if (leaves.Count == 0) return;
        var found = (await SealedRows.TransactionLeaves(pass.Db, $"t.id {Sql.List(leaves.ConvertAll(leaf => leaf.Id))}", pass.Keys, ct)).ToDictionary(leaf => leaf.Id);
        foreach (var leaf in leaves)
        {
            if (!found.TryGetValue(leaf.Id, out var now)) pass.Differs($"ledger transaction {leaf.Id:D} is missing in block {kept.Block.Number}, where it was sealed.");
            else if (!now.Hash.AsSpan().SequenceEqual(leaf.Hash)) pass.Differs($"{WhatOf(leaf, now)} of ledger transaction {leaf.Id:D} is not as it was sealed in block {kept.Block.Number}.");
        }
    }

    private static string WhatOf(Leaf was, Leaf now)
    {
        for (var at = 0; at < was.Parts.Length; at += Leaves.PartLength)
        {
            if (at >= now.Parts.Length) return $"entry {at / Leaves.PartLength} is missing: the end";
            if (!was.Parts.AsSpan(at, Leaves.PartLength).SequenceEqual(now.Parts.AsSpan(at, Leaves.PartLength))) return at == 0 ? "the head" : $"entry {at / Leaves.PartLength}";
        }

        return now.Parts.Length > was.Parts.Length ? $"entry {was.Parts.Length / Leaves.PartLength} was added: the end" : "the whole";
    }

    /// <summary>Rows behind the mark that no block lists were put there afterwards; those past it wait for the next block.</summary>
    private static async Task<long> Strangers(Pass pass, string table, string mark, string name, string leaves, long sealedRows, string what, CancellationToken ct)
    {
        var (rows, column, list) = (Sql.Raw(table), Sql.Raw(mark), Sql.Raw(leaves));
        var upTo = await pass.Db.Number($"select tx from watermark where name = {name}", ct);
        var behind = await pass.Db.Number($"select count(*) from {rows} where {column} <= {upTo}", ct);
        var waiting = await pass.Db.Number($"select count(*) from {rows} where {column} > {upTo}", ct);
        if (behind == sealedRows && pass.Differences == 0) return waiting;

        var known = new HashSet<Guid>();
        await foreach (var packed in pass.Db.Stream($"select {list} from seal_block", row => row.Bytes(0), ct)) known.UnionWith(Leaves.Unpack(packed).Select(leaf => leaf.Id));
        await foreach (var id in pass.Db.Stream($"select id from {rows} where {column} <= {upTo} order by {column}", row => row.Guid(0), ct))
            if (!known.Contains(id)) pass.Differs($"{what} {id:D} is in no block: it was put there afterwards.");
        return waiting;
    }
}
