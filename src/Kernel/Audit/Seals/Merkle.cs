using System.Numerics;
using System.Security.Cryptography;

namespace Plug1.Kernel.Audit.Seals;

/// <summary>The Merkle tree of RFC 6962 with SHA-256: a leaf is hashed behind the byte 0, a node behind the byte 1, so that neither passes for the other.</summary>
/// <remarks>Hashes stand one behind the other, <see cref="HashLength"/> bytes each.</remarks>
public static class Merkle
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    internal const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>The root over leaf hashes (RFC 6962, 2.1); of no leaves the hash of nothing.</summary>
    public static byte[] Root(ReadOnlySpan<byte> leaves)
    {
        var root = new byte[HashLength];
        if (leaves.IsEmpty) SHA256.HashData([], root);
        else Root(leaves, root);
        return root;
    }

    /// <summary>The hashes beside the way from a leaf to the root, lowest first (RFC 6962, 2.1.1).</summary>
    /// <param name="leaves">All leaf hashes.</param>
    /// <param name="index">Which leaf, from 0.</param>
    public static IReadOnlyList<byte[]> Path(ReadOnlySpan<byte> leaves, int index)
    {
        var path = new List<byte[]>();
        var rest = leaves;
        while (rest.Length > HashLength)
        {
            var left = LeftOf(rest.Length / HashLength);
            if (index < left)
            {
                path.Add(Root(rest[(left * HashLength)..]));
                rest = rest[..(left * HashLength)];
            }
            else
            {
                path.Add(Root(rest[..(left * HashLength)]));
                rest = rest[(left * HashLength)..];
                index -= left;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>The root that a leaf and its path lead to (RFC 9162, 2.1.3.2); null when the path is not one of a tree of that size.</summary>
    /// <param name="leafHash">Hash of the leaf.</param>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="size">How many leaves the tree has.</param>
    /// <param name="path">As <see cref="Path"/> gives it.</param>
    public static byte[]? RootOf(byte[] leafHash, long index, long size, IReadOnlyList<byte[]> path)
    {
        if (index < 0 || index >= size) return null;
        var (at, last, hash) = (index, size - 1, leafHash);
        foreach (var beside in path)
        {
            if (last == 0 || beside.Length != HashLength) return null;
            if ((at & 1) == 1 || at == last)
            {
                hash = Node(beside, hash);
                while ((at & 1) == 0 && at != 0) (at, last) = (at >> 1, last >> 1);
            }
            else
            {
                hash = Node(hash, beside);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 ? hash : null;
    }

    private static void Root(ReadOnlySpan<byte> leaves, Span<byte> into)
    {
        if (leaves.Length == HashLength)
        {
            leaves.CopyTo(into);
            return;
        }

        Span<byte> node = stackalloc byte[1 + (2 * HashLength)];
        node[0] = NodePrefix;
        var left = LeftOf(leaves.Length / HashLength) * HashLength;
        Root(leaves[..left], node.Slice(1, HashLength));
        Root(leaves[left..], node.Slice(1 + HashLength, HashLength));
        SHA256.HashData(node, into);
    }

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([NodePrefix, .. left, .. right]);

    /// <summary>Leaves of the left subtree: the greatest power of two below their number.</summary>
    private static int LeftOf(int leaves) => 1 << BitOperations.Log2((uint)(leaves - 1));
}
