namespace Plug1.Kernel.Reporting.Exports;

/// <summary>
/// A small buffer between writers that only write at once (zip, XML) and a target that only takes asynchronous writes
/// (an HTTP response). Writers fill it, the export drains it every few rows, so that memory stays bounded.
/// </summary>
internal sealed class DrainStream(Stream target) : Stream
{
    private const int DrainAtBytes = 64 * 1024;
    private readonly MemoryStream buffer = new(2 * DrainAtBytes);
    private long drained;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => drained + buffer.Length;
    public override long Position { get => Length; set => throw new NotSupportedException(); }

    /// <summary>Sends on what has gathered, when it is worth a write.</summary>
    public ValueTask DrainWhenFull(CancellationToken ct) => buffer.Length < DrainAtBytes ? ValueTask.CompletedTask : Drain(ct);

    /// <summary>Sends on all that has gathered.</summary>
    public async ValueTask Drain(CancellationToken ct)
    {
        await target.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), ct);
        drained += buffer.Length;
        buffer.SetLength(0);
    }

    public override void Write(byte[] bytes, int offset, int count) => buffer.Write(bytes, offset, count);
    public override void Write(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);
    public override void WriteByte(byte value) => buffer.WriteByte(value);
    public override void Flush()
    {
        // What is here leaves by Drain only.
    }

    public override int Read(byte[] bytes, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) buffer.Dispose();
        base.Dispose(disposing);
    }
}
