using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>What kind of value a measure has, and so which operators and values a rule may use with it.</summary>
public enum MeasureType
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>An amount in minor units of the company's currency.</summary>
    Money,

    /// <summary>A share in millionths.</summary>
    Rate,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A word.</summary>
    Text,

    /// <summary>A segment by its code: whether a customer is in it.</summary>
    Segment,
}

/// <summary>A figure of each customer that rules may use.</summary>
/// <param name="Key">Name in rules, camelCase.</param>
/// <param name="Label">What people read.</param>
/// <param name="Type">Its type.</param>
/// <param name="Column">Column of its source's rows.</param>
/// <param name="ZeroWithout">Whether a customer without a row has zero; otherwise they have none, and no condition on it holds for them.</param>
/// <param name="Permission">Action of the function without which nobody uses it, such as <c>view-cost</c>.</param>
public sealed record Measure(string Key, string Label, MeasureType Type, string Column, bool ZeroWithout = false, string? Permission = null);

/// <summary>What a source of measures is asked.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="AsOf">The day that is looked at, included.</param>
/// <param name="At">The instant of the question.</param>
public sealed record MeasureQuestion(Engine Engine, DateOnly AsOf, DateTimeOffset At)
{
    /// <summary>The model of scores in force.</summary>
    internal RfmModel Rfm { get; init; } = new();

    /// <summary>An expression of the whole days from a column's day to the day that is looked at.</summary>
    public Sql DaysSince(string column) => Engine == Engine.Postgres
        ? (Sql)$"cast(cast({AsOf} as date) - {Sql.Raw(column)} as bigint)"
        : (Sql)$"cast(julianday({AsOf}) - julianday({Sql.Raw(column)}) as integer)";
}

/// <summary>Where measures come from: a statement with one row a customer. A function brings its measures by registering one.</summary>
/// <param name="Name">Unique name, a word that SQL takes as an alias.</param>
/// <param name="Measures">The measures that its columns are.</param>
/// <param name="Rows">A select with <c>party_id</c>, unique, and the columns of the measures; values as parameters only.</param>
public sealed record MeasureSource(string Name, IReadOnlyList<Measure> Measures, Func<MeasureQuestion, Sql> Rows);

/// <summary>All measures that are there, by key.</summary>
internal sealed class MeasureCatalogue
{
    /// <summary>The measure that asks whether a customer is in another segment.</summary>
    public static readonly Measure InSegment = new("segment", "Segment", MeasureType.Segment, "");

    private readonly Dictionary<string, (MeasureSource? Source, Measure Measure)> byKey = new(StringComparer.Ordinal) { [InSegment.Key] = (null, InSegment) };

    public MeasureCatalogue(IEnumerable<MeasureSource> sources)
    {
        foreach (var source in sources)
            foreach (var measure in source.Measures) byKey.Add(measure.Key, (source, measure));
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Measure> All => [.. byKey.Values.Select(one => one.Measure)];

    /// <summary>One by its key; null when there is none.</summary>
    public Measure? Find(string key) => byKey.TryGetValue(key, out var found) ? found.Measure : null;

    /// <summary>The values that it has, when they are few: the cells of the seeded grid.</summary>
    public IReadOnlyList<string>? OptionsOf(Measure measure) => measure.Type == MeasureType.Text && SourceOf(measure)?.Name == SaleMeasures.Rfm.Name ? [.. RfmModel.SeededGrid.Select(cell => cell.Name)] : null;

    /// <summary>Where it comes from.</summary>
    public MeasureSource? SourceOf(Measure measure) => byKey[measure.Key].Source;
}
