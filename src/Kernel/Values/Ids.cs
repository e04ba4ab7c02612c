using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Plug1.Kernel.Values;

/// <summary>New identifiers.</summary>
public static class Ids
{
    /// <summary>A UUIDv7 of the present moment, so that ids sort by the time they were made, to the millisecond.</summary>
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>The same id for the same text, wherever and whenever it is made: the first 122 bits of its SHA-256.</summary>
    /// <remarks>Source: RFC 9562, version 8, the form that is left to applications.</remarks>
    public static Guid Of(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The same id for the same text, sorting among those of <see cref="New"/> by a moment: its milliseconds, then 74 bits of the text's SHA-256.</summary>
    /// <remarks>Source: RFC 9562, version 8, laid out as version 7 is.</remarks>
    public static Guid Of(string text, DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        Of(text).TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = at.ToUnixTimeMilliseconds();
        for (var place = 5; place >= 0; place--, milliseconds >>= 8) bytes[place] = (byte)milliseconds;
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>The identifier of one kind of thing: an <c>Id&lt;Receipt&gt;</c> is no <c>Id&lt;Party&gt;</c>.</summary>
/// <typeparam name="T">What it identifies; never made, only named.</typeparam>
/// <param name="Value">The UUIDv7.</param>
[JsonConverter(typeof(IdJsonConverterFactory))]
public readonly record struct Id<T>(Guid Value) : IComparable<Id<T>>
{
    /// <summary>A new one, of the present moment.</summary>
    public static Id<T> New(TimeProvider clock) => new(Ids.New(clock));

    /// <summary>Reads the form <c>0198c0de-0000-7000-8000-000000000001</c>.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static Id<T> Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no identifier.");

    /// <summary>Reads the form <c>0198c0de-0000-7000-8000-000000000001</c>, if it is that.</summary>
    public static bool TryParse(string? text, out Id<T> id)
    {
        var read = Guid.TryParseExact(text, "D", out var value);
        id = new Id<T>(value);
        return read;
    }

    /// <inheritdoc/>
    public int CompareTo(Id<T> other) => Value.CompareTo(other.Value);

    /// <summary>Thirty-two lower case digits in five groups.</summary>
    public override string ToString() => Value.ToString("D");
}
