using System.Data.Common;
using Npgsql;
using Plug1.Kernel;
using Plug1.Kernel.Storage;

namespace Plug1.Bench.Checkout;

/// <summary>What of a row is new each time it is written again.</summary>
internal enum Fresh
{
    /// <summary>Nothing: the value that was read.</summary>
    Same,
    Document,
    Transaction,
    Audit,
    Key,
    Number,
}

/// <summary>The rows that one sale wrote to one table.</summary>
internal sealed record RawRows(string Table, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows, IReadOnlyList<Fresh[]> Marks);

/// <summary>All that one real checkout wrote: rows by table, changes of guarded balances, the number drawn.</summary>
internal sealed record RawSale(IReadOnlyList<RawRows> Tables, IReadOnlyList<(long Account, long Delta)> Balances, string Series)
{
    public int RowCount => Tables.Sum(table => table.Rows.Count);
}

/// <summary>The new identities of one raw sale.</summary>
internal readonly record struct FreshIds(Guid Document, Guid Transaction, Guid Audit, string Key, string Number)
{
    public static FreshIds Next(int worker, int sale)
    {
        var now = TimeProvider.System.GetUtcNow();
        var document = Guid.CreateVersion7(now);
        return new FreshIds(document, Guid.CreateVersion7(now), Guid.CreateVersion7(now), document.ToString("D"), $"RAW-{worker}-{sale}");
    }

    public object Of(Fresh fresh) => fresh switch
    {
        Fresh.Document => Document,
        Fresh.Transaction => Transaction,
        Fresh.Audit => Audit,
        Fresh.Key => Key,
        _ => Number,
    };
}

/// <summary>Reads back what real sales wrote, so that the raw driver writes the very same.</summary>
internal static class RawSales
{
    // In the order in which the triggers want them: entries before their transaction.
    private static readonly (string Table, string Where)[] Written =
    [
        ("entry", "transaction_id in (select id from ledger_transaction where document_id = @id)"),
        ("ledger_transaction", "document_id = @id"),
        ("document", "id = @id"),
        ("pos_sale", "document_id = @id"),
        ("pos_sale_line", "document_id = @id"),
        ("pos_sale_tax", "document_id = @id"),
        ("pos_tender", "document_id = @id"),
        ("fact", "document_id = @id"),
        ("audit_event", "object_id = @id"),
        ("idempotency", "key = @text"),
    ];

    // Given by the database itself.
    private static readonly HashSet<string> Given = ["fact.tx", "ledger_transaction.tx", "audit_event.seq"];

    /// <summary>Opens the database of a shop as its engine's own connection.</summary>
    public static DbConnection Connect(BenchShop shop)
    {
        if (shop.Engine == Engine.Sqlite) return SqliteSession.Open(shop.Setting["sqlite:".Length..], readOnly: true, home: null).Connection;
        var connection = new NpgsqlConnection(shop.Setting);
        connection.Open();
        return connection;
    }

    /// <summary>The latest sales of a till.</summary>
    public static IReadOnlyList<RawSale> OfTill(BenchShop shop, string till, int most)
    {
        using var connection = Connect(shop);
        var ids = Read(connection, $"select d.id from document d join pos_sale s on s.document_id = d.id join terminal t on t.id = s.terminal_id where t.code = '{till}' order by d.id desc limit {most}", null).Rows;
        return [.. ids.Select(row => Of(connection, row[0]!, till))];
    }

    /// <summary>Proves that nothing is left out: how many rows the tables of the database have together.</summary>
    /// <remarks>What the server sums and seals beside the sales is none of a sale's rows.</remarks>
    public static long CountRows(BenchShop shop)
    {
        using var connection = Connect(shop);
        var tables = Read(connection, shop.Engine == Engine.Sqlite
            ? "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
            : "select table_name::text from information_schema.tables where table_schema = 'public'", null).Rows;
        return tables.Where(table => table[0] is string name && !name.EndsWith("_day", StringComparison.Ordinal) && !name.EndsWith("_month", StringComparison.Ordinal) && name is not ("seal_block" or "job_run"))
            .Sum(table => Convert.ToInt64(Read(connection, $"select count(*) from {table[0]}", null).Rows[0][0], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static RawSale Of(DbConnection connection, object id, string till)
    {
        var transaction = Read(connection, "select id from ledger_transaction where document_id = @id", id).Rows[0][0]!;
        var tables = new List<RawRows>();
        foreach (var (table, where) in Written)
        {
            var (columns, rows) = Read(connection, $"select * from {table} where {where}", id);
            Invariant.Holds(rows.Count > 0, table);
            var kept = Enumerable.Range(0, columns.Count).Where(at => !Given.Contains($"{table}.{columns[at]}")).ToArray();
            var values = rows.Select(row => kept.Select(at => row[at]).ToArray()).ToList();
            var names = kept.Select(at => columns[at]).ToList();
            tables.Add(new RawRows(table, names, values, [.. values.Select(row => row.Select((value, at) => MarkOf(table, names[at], value, id, transaction)).ToArray())]));
        }

        var balances = Read(connection, """
            select e.account_id, sum(e.amount) from entry e join balance b on b.account_id = e.account_id
            where e.transaction_id in (select id from ledger_transaction where document_id = @id) group by e.account_id order by e.account_id
            """, id).Rows.Select(row => (Convert.ToInt64(row[0], null), Convert.ToInt64(row[1], null))).ToList();
        return new RawSale(tables, balances, $"sales.point-of-sale/{till}");
    }

    private static Fresh MarkOf(string table, string column, object? value, object id, object transaction) => (table, column) switch
    {
        ("audit_event", "id") => Fresh.Audit,
        ("idempotency", "key") => Fresh.Key,
        ("document", "number") => Fresh.Number,
        _ when Equals(value, id) => Fresh.Document,
        _ when Equals(value, transaction) => Fresh.Transaction,
        _ => Fresh.Same,
    };

    private static (List<string> Columns, List<object?[]> Rows) Read(DbConnection connection, string text, object? id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        if (id is not null)
        {
            Add(command, "id", id);
            if (text.Contains("@text", StringComparison.Ordinal)) command.Parameters.RemoveAt(0);
            if (text.Contains("@text", StringComparison.Ordinal)) Add(command, "text", id.ToString()!);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add([.. row.Select(value => value is DBNull ? null : value)]);
        }

        return ([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)], rows);
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
