using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Plug1.Kernel.Storage;

/// <summary>The few places where the two engines differ.</summary>
public static class Dialect
{
    /// <summary>The format in which SQLite keeps an instant: sorts as text.</summary>
    public const string InstantFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    /// <summary>The column types by which migrations are written: <c>{id}</c>, <c>{instant}</c>, ...</summary>
    public static string Expand(Engine engine, string sql) => engine == Engine.Postgres
        ? sql.Replace("{id}", "uuid").Replace("{instant}", "timestamptz").Replace("{date}", "date").Replace("{bool}", "boolean")
            .Replace("{bytes}", "bytea").Replace("{long}", "bigint").Replace("{serial}", "bigint generated always as identity primary key")
            .Replace("{tx}", "tx bigint not null default (pg_current_xact_id()::text::bigint)")
        : sql.Replace("{id}", "text").Replace("{instant}", "text").Replace("{date}", "text").Replace("{bool}", "integer")
            .Replace("{bytes}", "blob").Replace("{long}", "integer").Replace("{serial}", "integer primary key autoincrement")
            .Replace("{tx}", "tx integer primary key autoincrement");

    /// <summary>The highest <c>tx</c> that can never be joined by a lower one still to commit: how far a watermark may move.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="table">A table with a <c>{tx}</c> column.</param>
    public static string SafeHorizon(Engine engine, string table) => engine == Engine.Postgres
        ? "(pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)"
        : $"(select coalesce(max(tx), 0) from {table})";

    /// <summary>The row lock of a select: SQLite has one writer and needs none.</summary>
    public static Sql ForUpdate(Engine engine) => Sql.Raw(engine == Engine.Postgres ? " for update" : "");

    /// <summary>The shared row lock of a select.</summary>
    public static Sql ForShare(Engine engine) => Sql.Raw(engine == Engine.Postgres ? " for share" : "");

    /// <summary>A column that SQLite does not choose an index by. It keeps no statistics, and takes any column that is compared with given values for a rare one.</summary>
    public static Sql Common(Engine engine, string column) => Sql.Raw(engine == Engine.Postgres ? column : $"+{column}");

    /// <summary>A cast that makes PostgreSQL's numeric sums integers again; they must fit.</summary>
    public static string SumLong(Engine engine, string expression) =>
        engine == Engine.Postgres ? $"coalesce(sum({expression}), 0)::bigint" : $"coalesce(sum({expression}), 0)";

    internal static object ToSqlite(object? value) => value switch
    {
        null => DBNull.Value,
        Guid id => id.ToString("D"),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture),
        bool flag => flag ? 1L : 0L,
        string text => Storable(text),
        Enum or DateTime or decimal => throw Unstorable(value),
        _ => value,
    };

    internal static NpgsqlParameter ToPostgres(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        long number => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
        int number => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
        Guid id => new NpgsqlParameter<Guid> { TypedValue = id, NpgsqlDbType = NpgsqlDbType.Uuid },
        string text => new NpgsqlParameter<string> { TypedValue = Storable(text), NpgsqlDbType = NpgsqlDbType.Text },
        bool flag => new NpgsqlParameter<bool> { TypedValue = flag, NpgsqlDbType = NpgsqlDbType.Boolean },
        DateOnly day => new NpgsqlParameter<DateOnly> { TypedValue = day, NpgsqlDbType = NpgsqlDbType.Date },
        DateTimeOffset instant => new NpgsqlParameter<DateTimeOffset> { TypedValue = Micro(instant), NpgsqlDbType = NpgsqlDbType.TimestampTz },
        DateTimeOffset[] instants => new NpgsqlParameter { Value = Array.ConvertAll(instants, Micro) },
        DateTimeOffset?[] instants => new NpgsqlParameter { Value = instants.Select(i => i is { } at ? Micro(at) : (DateTimeOffset?)null).ToArray() },
        string?[] texts => new NpgsqlParameter { Value = Array.ConvertAll(texts, text => text is null ? null : Storable(text)) },
        Enum or DateTime or decimal => throw Unstorable(value),
        _ => new NpgsqlParameter { Value = value },
    };

    /// <summary>A text that both engines keep: with half a surrogate pair it has no UTF-8, and PostgreSQL has no U+0000.</summary>
    /// <remarks>
    /// It is refused here and not left to the server: one that fails while it binds a value has already told the driver that the
    /// statement is prepared, and the driver then keeps a statement of which it does not know that it answers rows.
    /// </remarks>
    /// <exception cref="UnstorableTextException">It has such a character.</exception>
    private static string Storable(string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Suspect) is >= 0 and var at)
        {
            if (rest[at] == '\0' || Rune.DecodeFromUtf16(rest[at..], out _, out var taken) != OperationStatus.Done) throw new UnstorableTextException();
            rest = rest[(at + taken)..];
        }

        return text;
    }

    /// <summary>U+0000 and the halves of surrogate pairs.</summary>
    private static readonly SearchValues<char> Suspect = SearchValues.Create(['\0', .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    /// <summary>The engines would each keep it in a way of their own, so neither may.</summary>
    private static InvalidOperationException Unstorable(object value) => new(value switch
    {
        Enum => $"{value.GetType().Name} must be written as text by its column's words.",
        DateTime => "A DateTime has no place in the store: an instant is a DateTimeOffset, a business day a DateOnly.",
        _ => "A decimal has no place in the store: money is minor units, quantities and rates are millionths.",
    });

    /// <summary>Instants have microseconds and no offset.</summary>
    public static DateTimeOffset Micro(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % 10), TimeSpan.Zero);

    /// <summary>Writes the membership tests of a statement in the engine's way and gives its plain parameters.</summary>
    internal static (string Text, IReadOnlyList<object?> Values) Finish(Engine engine, Sql sql)
    {
        if (!sql.Values.Any(value => value is Members)) return (sql.Text, sql.Values);

        var text = sql.Written((mark, value) => value is not Members ? mark
            : engine == Engine.Postgres ? $"= any({mark})"
            : $"in (select value from json_each({mark}))");
        var values = sql.Values.Select(value => value is not Members members ? value
            : engine == Engine.Postgres ? TypedArray(members)
            : JsonSerializer.Serialize(members.Items.Select(Plain)));
        return (text, [.. values]);
    }

    private static object? Plain(object? value) => ToSqlite(value) is var plain and not DBNull ? plain : null;

    private static Array TypedArray(Members members)
    {
        var array = Array.CreateInstance(members.Type, members.Items.Length);
        for (var at = 0; at < members.Items.Length; at++) array.SetValue(members.Items[at], at);
        return array;
    }

    /// <summary>Whether an exception says that a unique key stands already.</summary>
    public static bool IsUniqueViolation(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067 or 2579,
        _ => false,
    };

    /// <summary>Whether an exception says that a check constraint was broken; what a trigger refuses is no check.</summary>
    public static bool IsCheckViolation(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.CheckViolation,
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode == 275,
        _ => false,
    };

    /// <summary>The table or index that a violation names, or the code with which a trigger refuses, as far as the engine tells.</summary>
    public static string ViolatedName(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.RaiseException } raised => raised.MessageText,
        PostgresException postgres => postgres.ConstraintName ?? postgres.TableName ?? "",
        SqliteException sqlite => sqlite.Message,
        _ => "",
    };

    /// <summary>Whether the engine undid the work for no fault of its own, so that it may be tried again: a deadlock, a serialisation failure.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6,
        _ => false,
    };

    /// <summary>Whether the server went away. Work may be tried again only when its commit had not been sent.</summary>
    internal static bool IsLostConnection(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        NpgsqlException lost => lost.InnerException is IOException or System.Net.Sockets.SocketException,
        _ => false,
    };
}
