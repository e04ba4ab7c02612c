namespace Plug1.Kernel.Storage;

/// <summary>The column types that both engines share.</summary>
public enum Kind
{
    /// <summary>uuid, or text of 36 characters.</summary>
    Id,

    /// <summary>Text.</summary>
    Text,

    /// <summary>An integer of 64 bits: money in minor units, quantities and rates in millionths.</summary>
    Long,

    /// <summary>A business day.</summary>
    Date,

    /// <summary>An instant in UTC, to the microsecond.</summary>
    Instant,

    /// <summary>Yes or no.</summary>
    Bool,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>A table that is written in bulk: name and columns in the order in which rows give their values.</summary>
/// <remarks>
/// One statement an engine is made when the type starts: with <c>unnest</c> arrays on PostgreSQL, so that any number of rows
/// is one prepared statement and one round trip; with one prepared insert on SQLite, where a call costs no round trip.
/// </remarks>
public sealed class Table
{
    /// <summary>Describes a table.</summary>
    public Table(string name, params (string Name, Kind Kind)[] columns)
    {
        Name = name;
        Columns = columns;
        var names = string.Join(", ", columns.Select(column => column.Name));
        var parameters = string.Join(", ", columns.Select((_, at) => $"@p{at}"));
        OneRow = $"insert into {name} ({names}) values ({parameters})";
        ManyRows = $"insert into {name} ({names}) select * from unnest({string.Join(", ", columns.Select((c, at) => $"@p{at}::{ArrayType(c.Kind)}"))})";
    }

    private Table(Table plain, string conflict)
    {
        (Name, Columns) = (plain.Name, plain.Columns);
        OneRow = $"{plain.OneRow} {conflict}";
        ManyRows = $"{plain.ManyRows} {conflict}";
    }

    /// <summary>The same table, written with what to do when a row is there already.</summary>
    /// <param name="conflict">Of our own text, such as <c>on conflict (sku) do update set name = excluded.name</c>.</param>
    public Table On(string conflict) => new(this, conflict);

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>Its columns, in the order of the values of a row.</summary>
    public IReadOnlyList<(string Name, Kind Kind)> Columns { get; }

    internal string OneRow { get; }

    internal string ManyRows { get; }

    private static string ArrayType(Kind kind) => kind switch
    {
        Kind.Id => "uuid[]",
        Kind.Text => "text[]",
        Kind.Long => "bigint[]",
        Kind.Date => "date[]",
        Kind.Instant => "timestamptz[]",
        Kind.Bool => "boolean[]",
        _ => "bytea[]",
    };

    /// <summary>Turns rows into one typed array a column.</summary>
    internal object ColumnArray(int at, IReadOnlyList<object?[]> rows) => Columns[at].Kind switch
    {
        Kind.Id => Array<Guid?>(at, rows),
        Kind.Text => Array<string?>(at, rows),
        Kind.Long => Array<long?>(at, rows),
        Kind.Date => Array<DateOnly?>(at, rows),
        Kind.Instant => Array<DateTimeOffset?>(at, rows),
        Kind.Bool => Array<bool?>(at, rows),
        _ => Array<byte[]?>(at, rows),
    };

    private static T[] Array<T>(int at, IReadOnlyList<object?[]> rows)
    {
        var array = new T[rows.Count];
        for (var row = 0; row < array.Length; row++)
        {
            var value = rows[row][at];
            array[row] = value is null ? default! : value is int small && typeof(T) == typeof(long?) ? (T)(object)(long)small : (T)value;
        }

        return array;
    }
}
