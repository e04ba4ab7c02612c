using System.Buffers.Binary;

namespace Plug1.Kernel.Audit.Seals;

/// <summary>A leaf of a block: what it is of, and its hash.</summary>
/// <param name="Id">Id of the event or of the ledger transaction.</param>
/// <param name="Hash">Hash of the leaf.</param>
/// <param name="Parts">Of a ledger transaction the first four bytes of the hash of its head and of each entry: enough to name what differs.</param>
internal readonly record struct Leaf(Guid Id, byte[] Hash, byte[] Parts);

/// <summary>The leaves of a block as they are kept: id, hash, number of parts (four bytes, most significant first), parts.</summary>
internal static class Leaves
{
    public const int PartLength = 4;
    private const int IdLength = 16;

    public static byte[] Pack(IReadOnlyList<Leaf> leaves)
    {
        var packed = new byte[leaves.Sum(leaf => IdLength + Merkle.HashLength + 4 + leaf.Parts.Length)];
        var rest = packed.AsSpan();
        foreach (var leaf in leaves)
        {
            leaf.Id.TryWriteBytes(rest, bigEndian: true, out _);
            leaf.Hash.CopyTo(rest[IdLength..]);
            BinaryPrimitives.WriteInt32BigEndian(rest[(IdLength + Merkle.HashLength)..], leaf.Parts.Length / PartLength);
            leaf.Parts.CopyTo(rest[(IdLength + Merkle.HashLength + 4)..]);
            rest = rest[(IdLength + Merkle.HashLength + 4 + leaf.Parts.Length)..];
        }

        return packed;
    }

    /// <summary>Reads packed leaves; what is no packing of leaves gives those before the damage.</summary>
    public static List<Leaf> Unpack(ReadOnlySpan<byte> packed)
    {
        const int head = IdLength + Merkle.HashLength + 4;
        var leaves = new List<Leaf>();
        while (packed.Length >= head)
        {
            var parts = (long)BinaryPrimitives.ReadUInt32BigEndian(packed[(IdLength + Merkle.HashLength)..]) * PartLength;
            if (packed.Length < head + parts) break;
            leaves.Add(new Leaf(new Guid(packed[..IdLength], bigEndian: true), packed.Slice(IdLength, Merkle.HashLength).ToArray(), packed.Slice(head, (int)parts).ToArray()));
            packed = packed[(head + (int)parts)..];
        }

        return leaves;
    }

    /// <summary>The hashes one behind the other, as the tree takes them.</summary>
    public static byte[] Hashes(IReadOnlyCollection<Leaf> leaves)
    {
        var hashes = new byte[leaves.Count * Merkle.HashLength];
        var at = 0;
        foreach (var leaf in leaves)
        {
            leaf.Hash.CopyTo(hashes, at);
            at += Merkle.HashLength;
        }

        return hashes;
    }
}
