using System.Globalization;
using System.Security.Cryptography;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Audit.Seals;

/// <summary>The head of a sealed block: what its hash is made of, with the hash.</summary>
/// <param name="Number">From 1 on, without a hole.</param>
/// <param name="SealedAt">When it was sealed.</param>
/// <param name="Events">How many events of the audit trail it seals: its first leaves.</param>
/// <param name="Transactions">How many transactions of the ledger: its last leaves.</param>
/// <param name="Root">Root of its Merkle tree, hexadecimal.</param>
/// <param name="Previous">Hash of the block before; 64 zeros for the first.</param>
/// <param name="Hash">Its own, see <see cref="HashOf"/>.</param>
public sealed record SealBlock(long Number, DateTimeOffset SealedAt, long Events, long Transactions, string Root, string Previous, string Hash)
{
    /// <summary>What the first block names as the one before it.</summary>
    public static readonly string Nothing = new('0', 2 * Merkle.HashLength);

    /// <summary>The block with its hash: SHA-256 over the canonical fields <c>plug1-block-1</c>, number, instant, events, transactions, root and the hash of the block before.</summary>
    public static SealBlock Make(long number, DateTimeOffset sealedAt, long events, long transactions, string root, string previous)
    {
        var block = new SealBlock(number, sealedAt, events, transactions, root, previous, "");
        return block with { Hash = HashOf(block) };
    }

    /// <summary>Computes a block's hash again.</summary>
    public static string HashOf(SealBlock block) => Convert.ToHexStringLower(SHA256.HashData(new CanonicalBytes().Begin("plug1-block-1")
        .Add(block.Number).Add(block.SealedAt.UtcDateTime.ToString(Dialect.InstantFormat, CultureInfo.InvariantCulture))
        .Add(block.Events).Add(block.Transactions).Add(block.Root).Add(block.Previous).Data));
}

/// <summary>What is kept elsewhere of the last block: by it the whole trail up to there is bound.</summary>
/// <param name="Company">Whose it is.</param>
/// <param name="Block">The block.</param>
public sealed record SealDigest(string Company, SealBlock Block);
