using System.Buffers.Binary;
using System.Text;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Audit.Seals;

/// <summary>The proof that one event or ledger transaction is sealed: everything that is needed to compute it again without the database.</summary>
/// <param name="Form">The form of this proof, <c>plug1-proof-1</c>.</param>
/// <param name="Data">The canonical bytes, base64.</param>
/// <param name="Index">Place among the leaves of the block, from 0.</param>
/// <param name="Path">The hashes beside the way to the root, lowest first, hexadecimal.</param>
/// <param name="Block">The block.</param>
/// <param name="Chain">The blocks after it, up to the last one at the time of the proof or to the number asked for.</param>
public sealed record SealProof(string Form, string Data, long Index, IReadOnlyList<string> Path, SealBlock Block, IReadOnlyList<SealBlock> Chain);

/// <summary>Makes proofs, and verifies them without a database.</summary>
public static class SealProofs
{
    /// <summary>The present form.</summary>
    public const string Form = "plug1-proof-1";

    /// <summary>Blocks that a proof carries at most behind its own.</summary>
    public const int LongestChain = 1_000;

    private static readonly Refusal NotSealed = new("AUDIT_NOT_SEALED", "It is not sealed yet: blocks are made every minute.", Status: 409);

    /// <summary>The proof of an event.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="id">The event.</param>
    /// <param name="until">Number of the block up to which the chain is told; only its own block without it.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Refused with <c>NOT_FOUND</c> or <c>AUDIT_NOT_SEALED</c>.</returns>
    public static async Task<Result<SealProof>> OfEvent(Db db, Guid id, long? until = null, CancellationToken ct = default)
    {
        var bytes = new CanonicalBytes();
        var found = await db.First($"select {Sql.Raw(SealedRows.EventColumns)} from audit_event e where e.id = {id}",
            row => new { Seq = row.Long(0), Data = SealedRows.Write(bytes, row, db.Engine).Data.ToArray() }, ct);
        return found is null ? Documents.Headers.Unknown : await Of(db, id, found.Data, $"b.first_seq <= {found.Seq} and b.last_seq >= {found.Seq}", until, ct);
    }

    /// <summary>The proof of a ledger transaction with all its entries.</summary>
    /// <inheritdoc cref="OfEvent"/>
    public static async Task<Result<SealProof>> OfTransaction(Db db, Guid id, long? until = null, CancellationToken ct = default) =>
        await SealedRows.TransactionData(db, id, ct) is not { } data ? Documents.Headers.Unknown
            : await Of(db, id, data, $"b.first_transaction <= {id} and b.last_transaction >= {id}", until, ct);

    private static async Task<Result<SealProof>> Of(Db db, Guid id, byte[] data, Sql where, long? until, CancellationToken ct)
    {
        var blocks = await db.Query($"select {Sql.Raw(SealRows.Columns)}, b.event_leaves, b.transaction_leaves from seal_block b where {where} order by b.number",
            row => (Block: SealRows.Block(row), Events: row.Bytes(7), Transactions: row.Bytes(8)), ct);
        foreach (var (block, events, transactions) in blocks)
        {
            List<Leaf> leaves = [.. Leaves.Unpack(events), .. Leaves.Unpack(transactions)];
            var index = leaves.FindIndex(leaf => leaf.Id == id);
            if (index >= 0) return await Make(db, data, leaves, index, block, until, ct);
        }

        return NotSealed;
    }

    /// <summary>Verifies a proof by itself.</summary>
    /// <param name="proof">The proof.</param>
    /// <param name="digest">A digest that was kept elsewhere: of the block of the proof or of one in its chain.</param>
    /// <returns>What does not hold; null when all does.</returns>
    public static string? Flaw(SealProof proof, SealDigest? digest)
    {
        if (proof.Form != Form) return $"The form {proof.Form} is not known.";
        byte[] leaf;
        List<byte[]> path;
        try
        {
            leaf = CanonicalBytes.LeafHash(Convert.FromBase64String(proof.Data));
            path = [.. proof.Path.Select(Convert.FromHexString)];
        }
        catch (FormatException)
        {
            return "It cannot be read.";
        }

        var root = Merkle.RootOf(leaf, proof.Index, proof.Block.Events + proof.Block.Transactions, path);
        if (root is null || Convert.ToHexStringLower(root) != proof.Block.Root) return "Its data do not lead to the root of the block.";
        var before = proof.Block;
        if (SealBlock.HashOf(before) != before.Hash) return $"The hash of block {before.Number} is not that of its head.";
        foreach (var next in proof.Chain)
        {
            if (next.Number != before.Number + 1 || next.Previous != before.Hash || SealBlock.HashOf(next) != next.Hash) return $"Block {next.Number} does not follow block {before.Number}.";
            before = next;
        }

        if (digest is null) return null;
        var named = proof.Chain.Prepend(proof.Block).FirstOrDefault(block => block.Number == digest.Block.Number);
        if (named is null) return $"The digest is of block {digest.Block.Number}, which the proof does not reach. Ask for a proof up to that block.";
        return named == digest.Block && SealBlock.HashOf(digest.Block) == digest.Block.Hash ? null : $"Block {named.Number} is not the one of the digest.";
    }

    /// <summary>The fields of the canonical bytes of a proof.</summary>
    /// <exception cref="FormatException">They are no canonical bytes.</exception>
    public static IReadOnlyList<string?> FieldsOf(SealProof proof)
    {
        var rest = Convert.FromBase64String(proof.Data).AsSpan();
        var fields = new List<string?>();
        while (rest.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            rest = rest[4..];
            if (length == uint.MaxValue)
            {
                fields.Add(null);
                continue;
            }

            if (length > rest.Length) throw new FormatException("A field is longer than the data.");
            fields.Add(Encoding.UTF8.GetString(rest[..(int)length]));
            rest = rest[(int)length..];
        }

        return rest.IsEmpty ? fields : throw new FormatException("The data end inside a field.");
    }

    private static async Task<Result<SealProof>> Make(Db db, byte[] data, List<Leaf> leaves, int index, SealBlock block, long? until, CancellationToken ct)
    {
        var upTo = Math.Min(until ?? block.Number, block.Number + LongestChain);
        var chain = await db.Query($"select {Sql.Raw(SealRows.Columns)} from seal_block b where b.number > {block.Number} and b.number <= {upTo} order by b.number", row => SealRows.Block(row), ct);
        return new SealProof(Form, Convert.ToBase64String(data), index, [.. Merkle.Path(Leaves.Hashes(leaves), index).Select(Convert.ToHexStringLower)], block, chain);
    }
}
