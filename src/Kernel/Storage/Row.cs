using System.Data.Common;
using System.Globalization;

namespace Plug1.Kernel.Storage;

/// <summary>One row of an answer, read by position in the order of the select list, or by name; alike on both engines.</summary>
public readonly ref struct Row(DbDataReader reader, Engine engine)
{
    /// <summary>How many columns the row has.</summary>
    public int Count => reader.FieldCount;

    /// <summary>The name of a column.</summary>
    public string Name(int at) => reader.GetName(at);

    /// <summary>The position of a column.</summary>
    public int At(string name) => reader.GetOrdinal(name);

    /// <summary>Whether the column is null.</summary>
    public bool IsNull(int at) => reader.IsDBNull(at);

    /// <summary>Whatever the column holds, for messages; null when it is null.</summary>
    public object? Value(int at) => IsNull(at) ? null : reader.GetValue(at) is DateOnly day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : reader.GetValue(at);

    /// <summary>An integer of 64 bits; PostgreSQL sums are numeric and must fit.</summary>
    public long Long(int at) => engine == Engine.Sqlite || reader.GetFieldType(at) == typeof(long)
        ? reader.GetInt64(at)
        : Convert.ToInt64(reader.GetValue(at), CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Long(int)"/>
    public long Long(string name) => Long(At(name));

    /// <summary>An integer or null.</summary>
    public long? LongOrNull(int at) => IsNull(at) ? null : Long(at);

    /// <inheritdoc cref="LongOrNull(int)"/>
    public long? LongOrNull(string name) => LongOrNull(At(name));

    /// <summary>An integer of 32 bits.</summary>
    public int Int(int at) => checked((int)Long(at));

    /// <inheritdoc cref="Int(int)"/>
    public int Int(string name) => Int(At(name));

    /// <summary>A text.</summary>
    public string Text(int at) => reader.GetString(at);

    /// <inheritdoc cref="Text(int)"/>
    public string Text(string name) => Text(At(name));

    /// <summary>A text or null.</summary>
    public string? TextOrNull(int at) => IsNull(at) ? null : reader.GetString(at);

    /// <inheritdoc cref="TextOrNull(int)"/>
    public string? TextOrNull(string name) => TextOrNull(At(name));

    /// <summary>An id.</summary>
    public Guid Guid(int at) => engine == Engine.Sqlite ? System.Guid.Parse(reader.GetString(at)) : reader.GetGuid(at);

    /// <inheritdoc cref="Guid(int)"/>
    public Guid Guid(string name) => Guid(At(name));

    /// <summary>An id or null.</summary>
    public Guid? GuidOrNull(int at) => IsNull(at) ? null : Guid(at);

    /// <inheritdoc cref="GuidOrNull(int)"/>
    public Guid? GuidOrNull(string name) => GuidOrNull(At(name));

    /// <summary>Yes or no.</summary>
    public bool Bool(int at) => engine == Engine.Sqlite ? reader.GetInt64(at) != 0 : reader.GetBoolean(at);

    /// <inheritdoc cref="Bool(int)"/>
    public bool Bool(string name) => Bool(At(name));

    /// <summary>A business day.</summary>
    public DateOnly Date(int at) => engine == Engine.Sqlite
        ? DateOnly.ParseExact(reader.GetString(at), "yyyy-MM-dd", CultureInfo.InvariantCulture)
        : reader.GetFieldValue<DateOnly>(at);

    /// <inheritdoc cref="Date(int)"/>
    public DateOnly Date(string name) => Date(At(name));

    /// <summary>A business day or null.</summary>
    public DateOnly? DateOrNull(int at) => IsNull(at) ? null : Date(at);

    /// <inheritdoc cref="DateOrNull(int)"/>
    public DateOnly? DateOrNull(string name) => DateOrNull(At(name));

    /// <summary>An instant in UTC.</summary>
    public DateTimeOffset Instant(int at) => engine == Engine.Sqlite
        ? DateTimeOffset.Parse(reader.GetString(at), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : reader.GetFieldValue<DateTimeOffset>(at);

    /// <inheritdoc cref="Instant(int)"/>
    public DateTimeOffset Instant(string name) => Instant(At(name));

    /// <summary>An instant or null.</summary>
    public DateTimeOffset? InstantOrNull(int at) => IsNull(at) ? null : Instant(at);

    /// <inheritdoc cref="InstantOrNull(int)"/>
    public DateTimeOffset? InstantOrNull(string name) => InstantOrNull(At(name));

    /// <summary>Bytes.</summary>
    public byte[] Bytes(int at) => reader.GetFieldValue<byte[]>(at);

    /// <inheritdoc cref="Bytes(int)"/>
    public byte[] Bytes(string name) => Bytes(At(name));

    /// <summary>Bytes or null.</summary>
    public byte[]? BytesOrNull(int at) => IsNull(at) ? null : Bytes(at);
}
