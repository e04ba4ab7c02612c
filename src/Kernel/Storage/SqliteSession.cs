using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Plug1.Kernel.Storage;

/// <summary>One SQLite connection with its prepared statements, kept for the next user.</summary>
internal sealed class SqliteSession(SqliteConnection connection, Action<SqliteSession>? home) : IDisposable
{
    private const int StatementsKept = 400;
    private readonly Dictionary<string, SqliteCommand> prepared = [];

    /// <summary>Prefers the operating system's SQLite when it is there, since it is newer than the bundled one.</summary>
    static SqliteSession()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, (name, assembly, path) =>
            name == "e_sqlite3" && NativeLibrary.TryLoad("libsqlite3.so.0", out var system) ? system
                : NativeLibrary.TryLoad(name, assembly, path, out var bundled) ? bundled : IntPtr.Zero);
        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());

        // A session serves one thread at a time, so it needs no locks of its own, and nobody reads the counters of memory.
        const int multiThread = 2, memoryStatus = 9;
        SQLitePCL.raw.sqlite3_config(multiThread);
        SQLitePCL.raw.sqlite3_config(memoryStatus, 0);
    }

    public static SqliteSession Open(string file, bool readOnly, Action<SqliteSession>? home)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString());
        connection.Open();
        var session = new SqliteSession(connection, home);
        session.Run("pragma busy_timeout = 15000");
        if (!readOnly) session.Run("pragma journal_mode = wal");
        session.Run("pragma synchronous = full");
        session.Run("pragma cache_size = -65536");
        session.Run("pragma temp_store = memory");
        session.Run($"pragma wal_autocheckpoint = {SqliteCheckpoints.PagesAtMost}");
        session.Run("pragma mmap_size = 2147418112");
        return session;
    }

    public SqliteConnection Connection => connection;

    public void Run(string text)
    {
        var command = Prepared(text);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            // A pragma may answer a row; nothing here needs it.
        }
    }

    public void Run(Db.Pending item, Db db)
    {
        if (item.Table is { } table)
        {
            var insert = Prepared(table.OneRow);
            foreach (var row in item.Rows!)
            {
                Bind(insert, row);
                insert.ExecuteNonQuery();
            }

            return;
        }

        var (text, values) = Dialect.Finish(Engine.Sqlite, item.Sql!);
        var command = Prepared(text);
        Bind(command, values);
        if (item.Read is not null)
        {
            using var reader = command.ExecuteReader();
            item.Read(reader);
        }
        else
        {
            var changed = command.ExecuteNonQuery();
            item.Affected?.Invoke(changed);
        }
    }

    public SqliteCommand Uncached(string text, IReadOnlyList<object?> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        Bind(command, values);
        return command;
    }

    /// <summary>Whether a row refers to one that is not there yet: a deferred foreign key that the commit would refuse.</summary>
    public bool HasOpenReferences
    {
        get
        {
            const int deferredForeignKeys = 10; // SQLITE_DBSTATUS_DEFERRED_FKS: zero when all are resolved.
            SQLitePCL.raw.sqlite3_db_status(connection.Handle, deferredForeignKeys, out var unresolved, out _, 0);
            return unresolved != 0;
        }
    }

    public void Return() => home?.Invoke(this);

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        prepared.Clear();
        connection.Dispose();
    }

    private SqliteCommand Prepared(string text)
    {
        if (prepared.TryGetValue(text, out var known)) return known;
        if (prepared.Count >= StatementsKept)
        {
            foreach (var old in prepared.Values) old.Dispose();
            prepared.Clear();
        }

        var command = connection.CreateCommand();
        command.CommandText = text;
        prepared[text] = command;
        return command;
    }

    private static void Bind(SqliteCommand command, IReadOnlyList<object?> values)
    {
        var parameters = command.Parameters;
        for (var at = 0; at < values.Count; at++)
        {
            var value = Dialect.ToSqlite(values[at]);
            if (at < parameters.Count)
            {
                var parameter = parameters[at];
                parameter.ResetSqliteType();
                parameter.Value = value;
            }
            else
            {
                parameters.Add(new SqliteParameter($"@p{at}", value));
            }
        }
    }
}
