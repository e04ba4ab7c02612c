using System.Globalization;
using System.Text;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>Something that facts are told by.</summary>
/// <param name="Key">Name in requests, camelCase.</param>
/// <param name="Label">Heading.</param>
/// <param name="Type">Type of its cells.</param>
/// <param name="Column">Column of the facts.</param>
public sealed record Dimension(string Key, string Label, string Type, string Column)
{
    /// <summary>What a filter says for facts that have none, such as sales outside a shift.</summary>
    public const string None = "none";

    /// <summary>The buckets of time; never more than one of them in a query.</summary>
    public static readonly IReadOnlyList<Dimension> Time =
    [
        new("day", "Day", "date", "business_date"),
        new("week", "Week", "date", "business_date"),
        new("month", "Month", "date", "business_date"),
    ];

    /// <summary>What the facts of every function are told by.</summary>
    public static readonly IReadOnlyList<Dimension> Common =
    [
        new("branch", "Branch", "branch", "branch_id"),
        new("user", "User", "user", "user_id"),
        new("shift", "Shift", "text", "session_id"),
        new("category", "Category", "text", "category_id"),
        new("item", "Item", "item", "item_id"),
        new("channel", "Channel", "text", "channel"),
        new("party", "Party", "party", "party_id"),
        new("kind", "Kind", "text", "kind"),
        new("status", "Step", "status", "event"),
        new("hour", "Hour", "integer", "hour"),
        new("weekday", "Weekday", "integer", "business_date"),
        new("document", "Document", "text", "document_id"),
    ];

    /// <summary>True for a bucket of time.</summary>
    public bool IsTime => Column == "business_date" && Key != "weekday";

    /// <summary>True when only lines know it.</summary>
    public bool OfLines => Column is "category_id" or "item_id";

    /// <summary>True when its keys are ids, for which a name is looked up.</summary>
    public bool IsId => Column.EndsWith("_id", StringComparison.Ordinal);

    /// <summary>True when the facts and their sums keep it as an id that is always there, not as a text.</summary>
    private bool IsUuid => Column is "branch_id" or "user_id" or "document_id";

    /// <summary>Where its filter's values are looked up: one of <see cref="Functions.Choices.Kinds"/>, or null.</summary>
    public string? Choices => Column switch
    {
        "user_id" => "user",
        "session_id" => "shift",
        "category_id" => "category",
        "item_id" => "item",
        "party_id" => "party",
        _ => null,
    };

    /// <summary>Those of a function: the common ones and its own.</summary>
    public static IReadOnlyList<Dimension> Of(Function function) =>
        [.. Common, .. function.Dimensions.Select(own => new Dimension(own.Key, own.Label, "text", own.Column))];

    /// <summary>One of a function by its key, or null; <c>event</c> is another word for <c>status</c>.</summary>
    public static Dimension? Find(Function function, string key) =>
        Time.Concat(Of(function)).FirstOrDefault(dimension => dimension.Key == key || (key == "event" && dimension.Key == "status"));

    /// <summary>The expression that a query groups by; ids come as text.</summary>
    internal string Expression(Engine engine) => Key switch
    {
        "week" => FactColumns.WeekOf(engine, Column),
        "month" => FactColumns.MonthOf(engine, Column),
        "weekday" => FactColumns.WeekdayOf(engine, Column),
        _ => IsId ? $"cast({Column} as text)" : Column,
    };

    /// <summary>The expression that a filter asks about, with the column written as a table keeps it.</summary>
    internal string Filtered(Engine engine, Func<string, string> write) => Key == "weekday" ? FactColumns.WeekdayOf(engine, write(Column)) : write(Column);

    /// <summary>Reads a key from an answer: a <see cref="DateOnly"/>, a <see cref="long"/> or a text.</summary>
    internal object Read(Row row, int at) => IsTime ? row.Date(at) : Type == "integer" ? row.Long(at) : row.Text(at);

    /// <summary>A filter's values, separated by commas, as the column holds them.</summary>
    /// <returns>Refused with <c>FILTER_INVALID</c> when one is not of its type, <c>FILTER_UNKNOWN</c> when it cannot be filtered by.</returns>
    internal Result<Members> Values(string text)
    {
        var parts = Split(text);
        if (IsTime) return Refusals.FilterUnknown(Key);
        if (parts.Count is 0 or > 200) return Refusals.FilterInvalid(Key, text);
        if (Type == "integer")
            return parts.All(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (Key != "weekday" || number is >= 1 and <= 7))
                ? Sql.List(parts.Select(part => long.Parse(part, CultureInfo.InvariantCulture)))
                : Refusals.FilterInvalid(Key, text);
        if (!IsId) return Sql.List(parts.Select(part => part == None ? "" : part));
        if (!parts.All(part => (part == None && !IsUuid) || Guid.TryParse(part, out _))) return Refusals.FilterInvalid(Key, text);
        return IsUuid
            ? Sql.List(parts.Select(Guid.Parse))
            : Sql.List(parts.Select(part => part == None ? "" : Guid.Parse(part).ToString("D")));
    }

    /// <summary>A value that has a comma of its own, as a filter writes it: <c>Smith\, J.</c></summary>
    internal static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);

    private static List<string> Split(string text)
    {
        var (parts, part, escaped) = (new List<string>(), new StringBuilder(), false);
        foreach (var letter in text)
        {
            if (!escaped && letter == ',')
            {
                parts.Add(part.ToString().Trim());
                part.Clear();
                continue;
            }

            escaped = !escaped && letter == '\\';
            if (!escaped) part.Append(letter);
        }

        parts.Add(part.ToString().Trim());
        parts.RemoveAll(one => one.Length == 0);
        return parts;
    }
}
