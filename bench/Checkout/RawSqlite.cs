using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Plug1.Kernel;
using Plug1.Kernel.Storage;
using SQLitePCL;

namespace Plug1.Bench.Checkout;

/// <summary>Bare SQLite: one connection with the server's settings, prepared statements, one sale a commit.</summary>
internal sealed class RawSqlite : IDisposable
{
    private readonly SqliteSession session;
    private readonly sqlite3 db;
    private readonly Dictionary<string, sqlite3_stmt> prepared = [];
    private readonly IReadOnlyList<RawSale> sales;
    private int done;

    public RawSqlite(BenchShop shop, IReadOnlyList<RawSale> sales)
    {
        session = SqliteSession.Open(shop.Setting["sqlite:".Length..], readOnly: false, home: null);
        db = session.Connection.Handle!;
        this.sales = sales;
    }

    /// <summary>Writes sales and times each.</summary>
    public Measured Run(int count)
    {
        var times = new double[count];
        var clock = Stopwatch.GetTimestamp();
        for (var at = 0; at < count; at++)
        {
            var started = Stopwatch.GetTimestamp();
            Write(sales[done % sales.Count], FreshIds.Next(0, done++));
            times[at] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return new Measured(1, Stopwatch.GetElapsedTime(clock), times);
    }

    public void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Dispose();
        session.Dispose();
    }

    private void Write(RawSale sale, FreshIds fresh)
    {
        Step(Prepared("begin immediate"));
        foreach (var table in sale.Tables)
        {
            var statement = Prepared(table.Table, table.Columns);
            for (var row = 0; row < table.Rows.Count; row++)
            {
                var (values, marks) = (table.Rows[row], table.Marks[row]);
                for (var at = 0; at < values.Length; at++) Bind(statement, at + 1, marks[at] == Fresh.Same ? values[at] : fresh.Of(marks[at]));
                Step(statement);
            }
        }

        var balance = Prepared("update balance set amount = amount + ? where account_id = ?");
        foreach (var (account, delta) in sale.Balances)
        {
            raw.sqlite3_bind_int64(balance, 1, delta);
            raw.sqlite3_bind_int64(balance, 2, account);
            Step(balance);
        }

        var number = Prepared("update number_series set last_number = last_number + 1 where id = ?");
        raw.sqlite3_bind_text(number, 1, sale.Series);
        Step(number);
        Step(Prepared("commit"));
    }

    private static void Bind(sqlite3_stmt statement, int at, object? value)
    {
        switch (value)
        {
            case null: raw.sqlite3_bind_null(statement, at); break;
            case long number: raw.sqlite3_bind_int64(statement, at, number); break;
            case Guid id: raw.sqlite3_bind_text(statement, at, id.ToString("D")); break;
            case string text: raw.sqlite3_bind_text(statement, at, text); break;
            default: throw new InvariantBrokenException($"{value.GetType().Name} is no value of SQLite.");
        }
    }

    private void Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) throw new SqliteException(raw.sqlite3_errmsg(db).utf8_to_string(), code);
        raw.sqlite3_reset(statement);
    }

    // Looked up by table, so that no text is put together for a row.
    private sqlite3_stmt Prepared(string table, IReadOnlyList<string> columns) => prepared.TryGetValue(table, out var known) ? known
        : prepared[table] = Prepared($"insert into {table} ({string.Join(", ", columns)}) values ({string.Join(", ", columns.Select(_ => "?"))})");

    private sqlite3_stmt Prepared(string text)
    {
        if (prepared.TryGetValue(text, out var known)) return known;
        var code = raw.sqlite3_prepare_v2(db, text, out var statement);
        if (code != raw.SQLITE_OK) throw new SqliteException(raw.sqlite3_errmsg(db).utf8_to_string(), code);
        return prepared[text] = statement;
    }
}
