namespace Plug1.Host.Backups;

/// <summary>Writes content as closed chunks. Only <see cref="Complete"/> writes the last one: what was broken off is not whole.</summary>
internal sealed class ClosingStream(Stream to, ChunkSeal seal, int chunkBytes) : Stream
{
    private readonly byte[] content = new byte[chunkBytes];
    private readonly byte[] closed = new byte[chunkBytes + ChunkSeal.TagLength];
    private int filled;
    private uint number;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Writes the last chunk.</summary>
    public async Task Complete(CancellationToken ct) => await to.WriteAsync(Close(last: true), ct);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            // A full chunk waits until there is more: it may be the last.
            if (filled == chunkBytes) to.Write(Close(last: false).Span);
            var part = Math.Min(buffer.Length, chunkBytes - filled);
            buffer[..part].CopyTo(content.AsSpan(filled));
            filled += part;
            buffer = buffer[part..];
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (filled == chunkBytes) await to.WriteAsync(Close(last: false), cancellationToken);
            var part = Math.Min(buffer.Length, chunkBytes - filled);
            buffer[..part].CopyTo(content.AsMemory(filled));
            filled += part;
            buffer = buffer[part..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private ReadOnlyMemory<byte> Close(bool last)
    {
        seal.Close(number, last, content.AsSpan(0, filled), closed);
        var length = filled + ChunkSeal.TagLength;
        (number, filled) = (checked(number + 1), 0);
        return closed.AsMemory(0, length);
    }
}

/// <summary>Reads closed chunks as their content; nothing of a chunk is given out before all of it was found unchanged.</summary>
/// <remarks>Which chunk is the last the length of the file tells, so that one that was cut off or has more behind it does not open.</remarks>
internal sealed class OpeningStream(Stream from, ChunkSeal seal, int chunkBytes) : Stream
{
    private readonly byte[] content = new byte[chunkBytes];
    private readonly byte[] closed = new byte[chunkBytes + ChunkSeal.TagLength];
    private int filled;
    private int given;
    private uint number;
    private bool ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        while (given == filled && !ended) Open(from.ReadAtLeast(closed, closed.Length, throwOnEndOfStream: false));
        return Give(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (given == filled && !ended) Open(await from.ReadAtLeastAsync(closed, closed.Length, throwOnEndOfStream: false, cancellationToken));
        return Give(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Open(int length)
    {
        var last = from.Position == from.Length;
        if (length < ChunkSeal.TagLength || !seal.TryOpen(number, last, closed.AsSpan(0, length), content))
            throw new InvalidDataException($"its chunk {number + 1} is not as it was written, or the file is cut short");
        (number, filled, given, ended) = (checked(number + 1), length - ChunkSeal.TagLength, 0, last);
    }

    private int Give(Span<byte> buffer)
    {
        var part = Math.Min(buffer.Length, filled - given);
        content.AsSpan(given, part).CopyTo(buffer);
        given += part;
        return part;
    }
}
