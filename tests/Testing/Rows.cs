using Plug1.Kernel.Storage;

namespace Plug1.Testing;

/// <summary>Makes many rows of one in the database itself, since writing them one by one would take longer than what is tested.</summary>
public static class Rows
{
    /// <summary>Copies a document so often that there are <paramref name="count"/> of it, with ids, numbers and totals of their own, spread evenly over days.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="document">The document to copy; it becomes the first.</param>
    /// <param name="count">How many there are in the end.</param>
    /// <param name="first">The first day.</param>
    /// <param name="days">Over how many days.</param>
    public static async Task Multiply(Tx tx, Guid document, int count, DateOnly first, int days)
    {
        var postgres = tx.Engine == Engine.Postgres;
        var columns = (await tx.Query(Sql.Raw(postgres
            ? "select column_name::text from information_schema.columns where table_schema = current_schema() and table_name = 'document' and is_generated = 'NEVER' order by ordinal_position"
            : "select name from pragma_table_info('document')"), row => row.Text(0))).ToList();
        string Copied(string column) => column switch
        {
            "id" => postgres ? "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid" : "printf('00000000-0000-7000-8000-%012x', n)",
            "number" => "'M-' || n",
            "total" => "d.total + n % 100000",
            "business_date" => postgres ? "(@day + (n % @days)::int)" : "date(@day, '+' || (n % @days) || ' days')",
            _ => $"d.{column}",
        };
        var shown = string.Join(", ", columns.Select(column => Copied(column)
            .Replace("@days", days.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@day", postgres ? $"date '{first:yyyy-MM-dd}'" : $"'{first:yyyy-MM-dd}'", StringComparison.Ordinal)));
        var numbers = postgres ? $"generate_series(1, {count - 1}) as s(n)" : "s";
        var with = postgres ? "" : $"with recursive s(n) as (select 1 union all select n + 1 from s where n < {count - 1}) ";
        await tx.Execute($"{Sql.Raw($"insert into document ({string.Join(", ", columns)}) {with}select {shown} from document d cross join {numbers} where d.id =")} {document}");
    }
}
