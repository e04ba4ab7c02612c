using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Audit.Seals;

/// <summary>Writes a row as bytes whose form never changes, so that its hash can be computed again by anybody, on any engine.</summary>
/// <remarks>
/// A field is its length in UTF-8 as four bytes, most significant first, and its text; a field that is null is <c>FF FF FF FF</c>.
/// Ids are lower case with hyphens, instants UTC with microseconds, days ISO 8601, numbers decimal. The first field names the form.
/// </remarks>
internal sealed class CanonicalBytes
{
    private const int PrefixLength = 1;
    private byte[] buffer = new byte[4096];
    private int length = PrefixLength;

    /// <summary>The bytes since the form was begun.</summary>
    public ReadOnlySpan<byte> Data => buffer.AsSpan(PrefixLength, length - PrefixLength);

    /// <summary>Where the next field begins.</summary>
    public int Position => length - PrefixLength;

    /// <summary>Begins the bytes of another row.</summary>
    /// <param name="form">Name and version of the form.</param>
    public CanonicalBytes Begin(string form)
    {
        // Before the data stands the byte by which RFC 6962 tells a leaf from a node.
        buffer[0] = Merkle.LeafPrefix;
        length = PrefixLength;
        return Add(form);
    }

    /// <summary>Adds a text.</summary>
    public CanonicalBytes Add(string? text)
    {
        if (text is null)
        {
            Room(4);
            BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(length), uint.MaxValue);
            length += 4;
            return this;
        }

        Room(4 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var written = Encoding.UTF8.GetBytes(text, buffer.AsSpan(length + 4));
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(length), written);
        length += 4 + written;
        return this;
    }

    /// <summary>Adds an integer.</summary>
    public CanonicalBytes Add(long number)
    {
        Room(4 + 20);
        number.TryFormat(buffer.AsSpan(length + 4), out var written, default, CultureInfo.InvariantCulture);
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(length), written);
        length += 4 + written;
        return this;
    }

    /// <summary>Adds a column whose text on SQLite is its canonical form already, so that there a changed spelling shows too.</summary>
    public CanonicalBytes Add(Row row, int at, Engine engine)
    {
        if (row.IsNull(at)) return Add(null);
        return engine == Engine.Sqlite ? Add(row.Text(at)) : Add(row.Value(at) switch
        {
            Guid id => id.ToString("D"),
            DateTime instant => instant.ToUniversalTime().ToString(Dialect.InstantFormat, CultureInfo.InvariantCulture),
            DateTimeOffset instant => instant.UtcDateTime.ToString(Dialect.InstantFormat, CultureInfo.InvariantCulture),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Hash of the leaf: RFC 6962, 2.1.</summary>
    public void LeafHash(Span<byte> into) => SHA256.HashData(buffer.AsSpan(0, length), into);

    /// <summary>Hash of the leaf with those data.</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> data)
    {
        var leaf = new byte[PrefixLength + data.Length];
        leaf[0] = Merkle.LeafPrefix;
        data.CopyTo(leaf.AsSpan(PrefixLength));
        return SHA256.HashData(leaf);
    }

    private void Room(int more)
    {
        if (length + more > buffer.Length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
    }
}
