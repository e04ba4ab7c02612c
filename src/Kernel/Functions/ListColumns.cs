using System.Globalization;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Functions;

/// <summary>The columns of a function's list: the header's own and those that the function adds.</summary>
public static class ListColumns
{
    /// <summary>What the columns of the header need, after <c>from document d</c>.</summary>
    internal const string HeaderSource = " left join party hp on hp.id = d.party_id left join app_user hu on hu.id = d.created_by left join work_session hs on hs.id = d.session_id";

    private static readonly IReadOnlyList<ColumnDeclaration> Header =
    [
        new("number", "Number", "text", "coalesce(d.number, '')", Filterable: true, Sortable: true),
        new("businessDate", "Date", "date", "d.business_date", Filterable: true, Sortable: true),
        new("kind", "Kind", "text", "d.kind", Filterable: true),
        new("status", "Status", "status", "d.status", Filterable: true, Options: Status.All),
        new("branch", "Branch", "branch", "d.branch_id", Filterable: true),
        new("party", "Party", "party", "hp.name", Filterable: true, Choices: "party"),
        new("total", "Total", "money", "d.total", Filterable: true, Sortable: true),
        new("currency", "Currency", "text", "d.currency", Filterable: true, Shown: false),
        new("channel", "Channel", "text", "d.source_channel", Filterable: true, Shown: false),
        new("session", "Shift", "text", "hs.number", Filterable: true, Shown: false, Choices: "shift"),
        new("createdBy", "Made by", "user", "hu.name", Filterable: true, Choices: "user"),
        new("createdAt", "Made at", "instant", "d.created_at", Sortable: true, Shown: false),
        new("postedAt", "Posted at", "instant", "d.posted_at", Sortable: true, Shown: false),
    ];

    /// <summary>All columns that a reader may see; a function's own column takes the place of the header's of the same key.</summary>
    public static IReadOnlyList<ColumnDeclaration> Of(Function function, Func<string, bool> may)
    {
        var own = function.Columns.Where(column => column.Permission is null || may(column.Permission)).ToList();
        return [.. Header.Where(column => !function.Columns.Any(other => other.Key == column.Key)), .. own];
    }

    /// <summary>Whether an index stands behind the order by a column; others are sorted within a range of days.</summary>
    internal static bool IsIndexed(ColumnDeclaration column) => column.Sql is "d.business_date" or "coalesce(d.number, '')";

    /// <summary>A document's number as its index has it: by its bytes, empty for none.</summary>
    internal static string Number(Engine engine) => engine == Engine.Postgres ? "coalesce(d.number, '') collate \"C\"" : "coalesce(d.number, '')";

    /// <summary>The expression that is filtered on: ids rather than the names shown.</summary>
    private static string FilterExpression(ColumnDeclaration column) => column.Sql switch
    {
        "hp.name" => "d.party_id",
        "hu.name" => "d.created_by",
        "hs.number" => "d.session_id",
        _ => column.Sql,
    };

    /// <summary>A test for equality with one of the values, separated by commas.</summary>
    /// <returns>Refused with <c>FILTER_INVALID</c> when a value is not of the column's type.</returns>
    internal static Result<Sql> Filter(ColumnDeclaration column, string text, int exponent)
    {
        var values = new List<object>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Parse(column, part, exponent) is not { } value) return Refusals.FilterInvalid(column.Key, part);
            values.Add(value);
        }

        if (values.Count is 0 or > 100) return Refusals.FilterInvalid(column.Key, text);
        var expression = Sql.Raw(FilterExpression(column));
        return Sql.Join(" or ", values.Select(value => (Sql)$"{expression} = {value}")) is var tests && values.Count == 1 ? tests : (Result<Sql>)(Sql)$"({tests})";
    }

    private static object? Parse(ColumnDeclaration column, string text, int exponent)
    {
        var isId = column.Type is "id" || FilterExpression(column) != column.Sql || (column.Type is "party" or "item" or "branch" or "user" && column.Sql.EndsWith("_id", StringComparison.Ordinal));
        if (isId) return Guid.TryParse(text, out var id) ? id : null;
        switch (column.Type)
        {
            case "integer": return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
            case "money": return Values.DecimalText.TryParse(text, exponent, out var minor) ? minor : null;
            case "quantity" or "price" or "rate" or "number": return Values.DecimalText.TryParse(text, 6, out var millionths) ? millionths : null;
            case "date": return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
            case "instant": return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
            case "boolean": return bool.TryParse(text, out var yes) ? yes : null;
            default: return text;
        }
    }

    /// <summary>Reads a cell as its raw value.</summary>
    internal static object? Read(Row row, int at, string type)
    {
        if (row.IsNull(at)) return null;
        return type switch
        {
            "integer" or "money" or "quantity" or "price" or "rate" or "number" => row.Long(at),
            "date" => row.Date(at),
            "instant" => row.Instant(at),
            "boolean" => row.Bool(at),
            _ => row.Text(at),
        };
    }

    /// <summary>The expression shown; ids come as text, so that both engines answer alike.</summary>
    internal static string Shown(ColumnDeclaration column) =>
        column.Type is "id" or "branch" || (column.Type is "party" or "item" or "user" && column.Sql.EndsWith("_id", StringComparison.Ordinal)) ? $"cast({column.Sql} as text)" : column.Sql;

    /// <summary>What stands for nothing when a column is sorted by, so that every row has a place.</summary>
    internal static string Sorted(ColumnDeclaration column, Engine engine) => column.Type switch
    {
        "date" when IsIndexed(column) => column.Sql,
        "text" when IsIndexed(column) => Number(engine),
        "integer" or "money" or "quantity" or "price" or "rate" or "number" => $"coalesce({column.Sql}, -9223372036854775807)",
        "date" => engine == Engine.Postgres ? $"coalesce({column.Sql}, date '0001-01-01')" : $"coalesce({column.Sql}, '0001-01-01')",
        "instant" => engine == Engine.Postgres ? $"coalesce({column.Sql}, timestamptz '0001-01-01 00:00:00+00')" : $"coalesce({column.Sql}, '0001-01-01T00:00:00.000000Z')",
        "boolean" => engine == Engine.Postgres ? $"coalesce({column.Sql}, false)" : $"coalesce({column.Sql}, 0)",
        _ => $"coalesce({Shown(column)}, '')",
    };
}
