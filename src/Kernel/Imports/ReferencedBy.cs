using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Imports;

/// <summary>Whether anything names a record: every table of every module whose column has the name by which such records are named.</summary>
/// <remarks>
/// The tables are read from the database itself, so a module that comes later is asked as well. Sums by day are left out, for they repeat the facts.
/// </remarks>
internal static class ReferencedBy
{
    /// <summary>Columns that name an item.</summary>
    public static readonly IReadOnlyList<string> Item = ["item_id"];

    /// <summary>Columns that name a party.</summary>
    public static readonly IReadOnlyList<string> Party = ["party_id", "supplier_id", "customer_id", "canonical_id"];

    /// <summary>Those of the records that something names.</summary>
    /// <param name="db">A session.</param>
    /// <param name="columns">How such records are named.</param>
    /// <param name="except">Tables that belong to the record itself.</param>
    /// <param name="ids">The records.</param>
    /// <param name="horizon">Facts up to here are older than the records.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<HashSet<Guid>> Any(Db db, IReadOnlyList<string> columns, IReadOnlyList<string> except, IReadOnlyList<Guid> ids, long horizon, CancellationToken ct)
    {
        if (ids.Count == 0) return [];
        var named = await db.Query(db.Engine == Engine.Postgres
            ? (Sql)$"""
                select c.table_name, c.column_name from information_schema.columns c join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
                where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.data_type = 'uuid' and c.column_name {Sql.List(columns)}
                """
            : $"select m.name, p.name from sqlite_master m join pragma_table_info(m.name) p where m.type = 'table' and p.name {Sql.List(columns)}",
            row => (Table: row.Text(0), Column: row.Text(1)), ct);
        var found = new List<Deferred<List<Guid>>>();
        foreach (var (table, column) in named.Where(one => !except.Contains(one.Table) && !one.Table.StartsWith("fact_", StringComparison.Ordinal)))
        {
            Sql since = table == "fact" ? $" and tx > {horizon}" : Sql.Raw("");
            found.Add(db.Later($"select distinct {Sql.Raw(column)} from {Sql.Raw(table)} where {Sql.Raw(column)} {Sql.List(ids)}{since}", row => row.Guid(0)));
        }

        await db.Flush(ct);
        return [.. found.SelectMany(rows => rows.Value)];
    }

    /// <summary>Those of the records that facts beyond a horizon name.</summary>
    public static async Task<HashSet<Guid>> Facts(Db db, string column, IReadOnlyList<Guid> ids, long horizon, CancellationToken ct) => ids.Count == 0 ? [] :
        [.. await db.Query($"select distinct {Sql.Raw(column)} from fact where tx > {horizon} and {Sql.Raw(column)} {Sql.List(ids)}", row => row.Guid(0), ct)];
}
