using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>A table that sums facts by its key.</summary>
/// <param name="Name">Name.</param>
/// <param name="Keys">Columns of its key.</param>
/// <param name="Grain">0 for whole documents, 1 for lines; null for both, with a column <c>grain</c> that tells them apart.</param>
/// <param name="ByMonth">True when <c>business_date</c> is the first day of the month.</param>
internal sealed record RollupTable(string Name, IReadOnlyList<string> Keys, int? Grain = null, bool ByMonth = false)
{
    /// <summary>All dimensions that are kept by day.</summary>
    public static readonly RollupTable Day = new("fact_day",
        ["function", "grain", "business_date", "branch_id", "kind", "event", "hour", "user_id", "session_id", "channel", "category_id", "item_id", "d1"]);

    /// <summary>Whole documents by day, without hour and shift.</summary>
    public static readonly RollupTable DocumentDay = new("fact_document_day", ["function", "business_date", "branch_id", "kind", "event", "user_id", "channel", "d1"], Grain: 0);

    /// <summary>The same by month.</summary>
    public static readonly RollupTable DocumentMonth = new("fact_document_month", DocumentDay.Keys, Grain: 0, ByMonth: true);

    /// <summary>Whole documents by day and hour.</summary>
    public static readonly RollupTable HourDay = new("fact_hour_day", ["function", "business_date", "branch_id", "kind", "event", "hour", "channel"], Grain: 0);

    /// <summary>Lines by day and category.</summary>
    public static readonly RollupTable CategoryDay = new("fact_category_day", ["function", "business_date", "branch_id", "category_id", "kind", "event", "channel"], Grain: 1);

    /// <summary>Lines by month and category.</summary>
    public static readonly RollupTable CategoryMonth = new("fact_category_month", CategoryDay.Keys, Grain: 1, ByMonth: true);

    /// <summary>Lines by day and item.</summary>
    public static readonly RollupTable ItemDay = new("fact_item_day",
        ["function", "business_date", "branch_id", "category_id", "item_id", "kind", "event", "channel"], Grain: 1);

    /// <summary>Lines by month and item.</summary>
    public static readonly RollupTable ItemMonth = new("fact_item_month", ItemDay.Keys, Grain: 1, ByMonth: true);

    /// <summary>All of them: they are filled together, behind one watermark.</summary>
    public static readonly IReadOnlyList<RollupTable> All = [Day, DocumentDay, DocumentMonth, HourDay, CategoryDay, CategoryMonth, ItemDay, ItemMonth];

    /// <summary>By day, with the same by month where it is kept, the coarsest first: a question reads the first that knows all its columns.</summary>
    public static readonly IReadOnlyList<(RollupTable Day, RollupTable? Month)> ByCoarseness =
        [(DocumentDay, DocumentMonth), (HourDay, null), (CategoryDay, CategoryMonth), (ItemDay, ItemMonth), (Day, null)];

    /// <summary>The figures that are summed.</summary>
    public static readonly IReadOnlyList<string> Figures = ["count", "amount", "quantity", "cost", "minutes", "m1", "m2", "m3", "m4", "m5", "m6"];

    /// <summary>Whether it can answer a question about documents or lines that needs some columns.</summary>
    public bool Knows(bool lines, IEnumerable<string> columns) =>
        (Grain is null || Grain == (lines ? 1 : 0)) && columns.All(column => Keys.Contains(column) || Figures.Contains(column));

    /// <summary>The law that its sums are those of the facts behind the watermark, as a statement that finds violations.</summary>
    public Sql Violations(Engine engine)
    {
        var keys = string.Join(", ", Keys);
        var values = string.Join(", ", Keys.Select(key => key == "business_date" && ByMonth ? FactColumns.MonthOf(engine, key) : FactColumns.InFact(key)));
        var lines = Grain is { } grain ? FormattableString.Invariant($" and grain = {grain}") : "";
        return Sql.Raw($"""
            select {keys}, {string.Join(", ", Figures.Select(figure => $"sum({figure}) as {figure}"))} from (
              select {keys}, {string.Join(", ", Figures)} from {Name}
              union all
              select {values}, {string.Join(", ", Figures.Select(figure => $"-{figure}"))} from fact where tx <= (select tx from watermark where name = 'fact'){lines}
            ) as compared group by {keys} having {string.Join(" or ", Figures.Select(figure => $"sum({figure}) <> 0"))}
            """);
    }

    /// <summary>The statement that adds the facts after one <c>tx</c> up to another.</summary>
    public Sql AddFacts(Engine engine, long after, long upTo)
    {
        var keys = string.Join(", ", Keys);
        var figures = string.Join(", ", Figures);
        var values = string.Join(", ", Keys.Select(key => key == "business_date" && ByMonth ? FactColumns.MonthOf(engine, key) : FactColumns.InFact(key)));
        var sums = string.Join(", ", Figures.Select(figure => Exact.Sum(engine, figure)));
        var adding = string.Join(", ", Figures.Select(figure => $"{figure} = {Exact.Add(engine, $"{Name}.{figure}", $"excluded.{figure}")}"));
        var lines = Sql.Raw(Grain is { } grain ? FormattableString.Invariant($" and grain = {grain}") : "");
        var groups = string.Join(", ", Enumerable.Range(1, Keys.Count));
        return $"""
            {Sql.Raw($"insert into {Name} ({keys}, {figures}) select {values}, {sums} from fact")}
            where tx > {after} and tx <= {upTo}{lines}
            {Sql.Raw($"group by {groups} on conflict ({keys}) do update set {adding}")}
            """;
    }
}

/// <summary>The columns of facts, as they are written in the table of facts itself and in its sums.</summary>
internal static class FactColumns
{
    /// <summary>Columns that no sum keeps: a query that needs one reads the facts themselves.</summary>
    public static readonly IReadOnlySet<string> OnlyInFact = new HashSet<string> { "party_id", "engagement_id", "document_id", "d2", "d3", "d4" };

    /// <summary>Every column that a measure, a group or a filter may name.</summary>
    public static readonly IReadOnlySet<string> All = new HashSet<string>(
        [.. RollupTable.Day.Keys, .. RollupTable.Figures, .. OnlyInFact]);

    /// <summary>A column of <c>fact</c> written as its sums keep it: an empty text for none.</summary>
    public static string InFact(string column) => column switch
    {
        "session_id" or "category_id" or "item_id" or "party_id" or "engagement_id" => $"coalesce(cast({column} as text), '')",
        "d1" or "d2" or "d3" or "d4" => $"coalesce({column}, '')",
        _ => column,
    };

    /// <summary>The first day of a day's month.</summary>
    public static string MonthOf(Engine engine, string day) => engine == Engine.Postgres
        ? $"date_trunc('month', {day}::timestamp)::date"
        : $"date({day}, 'start of month')";

    /// <summary>The Monday of a day's week.</summary>
    public static string WeekOf(Engine engine, string day) => engine == Engine.Postgres
        ? $"({day} - (extract(isodow from {day})::int - 1))"
        : $"date({day}, '-6 days', 'weekday 1')";

    /// <summary>1 for Monday to 7 for Sunday.</summary>
    public static string WeekdayOf(Engine engine, string day) => engine == Engine.Postgres
        ? $"extract(isodow from {day})::bigint"
        : $"((cast(strftime('%w', {day}) as integer) + 6) % 7 + 1)";
}
