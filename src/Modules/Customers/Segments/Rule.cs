using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Segments;

/// <summary>What a segment is made by: a tree of conditions on measures.</summary>
internal abstract record Rule
{
    /// <summary>The most levels of a tree.</summary>
    public const int MostLevels = 6;

    /// <summary>The most conditions of a tree.</summary>
    public const int MostConditions = 100;

    /// <summary>All conditions in it.</summary>
    public IEnumerable<Condition> Conditions => this switch
    {
        Group group => group.Of.SelectMany(one => one.Conditions),
        Negation not => not.Of.Conditions,
        _ => [(Condition)this],
    };
}

/// <summary>All of its parts hold, or any of them.</summary>
internal sealed record Group(bool All, IReadOnlyList<Rule> Of) : Rule;

/// <summary>Its part does not hold.</summary>
internal sealed record Negation(Rule Of) : Rule;

/// <summary>A measure compared with a value. It does not hold for a customer who has no such figure, whatever the operator.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Op">One of <see cref="RuleReader.OpsOf"/>.</param>
/// <param name="Value">A long, a day, a text, or the id of a segment.</param>
internal sealed record Condition(Measure Measure, string Op, object Value) : Rule;

/// <summary>Reads a rule from what was sent, and refuses what is none; nothing of it becomes a part of a statement but as a parameter.</summary>
internal sealed class RuleReader(MeasureCatalogue measures, Currency currency, IReadOnlyDictionary<string, Guid> segments, Func<string, bool> may)
{
    private static readonly string[] Ordered = ["=", "<>", "<", "<=", ">", ">="];
    private static readonly string[] Equal = ["=", "<>"];
    private int conditions;

    /// <summary>The operators that a type of measure may be compared by.</summary>
    public static IReadOnlyList<string> OpsOf(MeasureType type) => type is MeasureType.Text or MeasureType.Segment ? Equal : Ordered;

    /// <summary>Reads a tree.</summary>
    /// <param name="definition">What was sent.</param>
    /// <param name="at">Its pointer.</param>
    public Result<Rule> Read(JsonElement definition, string at = "/definition") => Read(definition, at, 1);

    private Result<Rule> Read(JsonElement node, string at, int level)
    {
        if (level > Rule.MostLevels) return SegmentRefusals.Depth(at);
        if (node.ValueKind != JsonValueKind.Object) return SegmentRefusals.EmptyRule(at);
        var members = node.EnumerateObject().ToList();
        if (members is []) return SegmentRefusals.EmptyRule(at);
        return members[0].Name switch
        {
            "all" or "any" when members.Count == 1 => ReadGroup(members[0], $"{at}/{members[0].Name}", level),
            "not" when members.Count == 1 => Negated(Read(members[0].Value, $"{at}/not", level + 1)),
            _ => ReadCondition(members, at),
        };
    }

    private static Result<Rule> Negated(Result<Rule> inner) => inner.IsRefused ? inner.Refusal : new Negation(inner.Value);

    private Result<Rule> ReadGroup(JsonProperty group, string at, int level)
    {
        if (group.Value.ValueKind != JsonValueKind.Array || group.Value.GetArrayLength() == 0) return SegmentRefusals.EmptyRule(at);
        var parts = new List<Rule>();
        foreach (var part in group.Value.EnumerateArray())
        {
            var read = Read(part, $"{at}/{parts.Count}", level + 1);
            if (read.IsRefused) return read.Refusal;
            parts.Add(read.Value);
        }

        return new Group(group.Name == "all", parts);
    }

    private Result<Rule> ReadCondition(List<JsonProperty> members, string at)
    {
        if (++conditions > Rule.MostConditions) return SegmentRefusals.TooMany(at);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            if (member.Name is not ("measure" or "op" or "value")) return SegmentRefusals.UnknownMember(member.Name, at);
            if (member.Value.ValueKind != JsonValueKind.String || !texts.TryAdd(member.Name, member.Value.GetString()!)) return SegmentRefusals.TypeMismatch($"{at}/{member.Name}", "A text is needed here.");
        }

        if (!texts.TryGetValue("measure", out var key) || measures.Find(key) is not { } measure) return SegmentRefusals.UnknownMeasure($"{at}/measure");
        if (measure.Permission is { } action && !may(action)) return Kernel.Commands.CommandRunner.Denied($"{SegmentFunction.FunctionCode}.{action}");
        var ops = OpsOf(measure.Type);
        if (!texts.TryGetValue("op", out var op) || !ops.Contains(op)) return SegmentRefusals.TypeMismatch($"{at}/op", $"{measure.Label} is compared by one of {string.Join(" ", ops)}.");
        if (!texts.TryGetValue("value", out var text) || Value(measure.Type, text) is not { } value) return SegmentRefusals.TypeMismatch($"{at}/value", $"{measure.Label} is compared with {Needs(measure.Type)}.");
        return new Condition(measure, op, value);
    }

    private object? Value(MeasureType type, string text) => type switch
    {
        MeasureType.Integer => long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var whole) ? whole : null,
        MeasureType.Money => Money.TryParse(text, currency, out var amount) && Int128.Abs(amount.Minor) <= ValueRefusals.GreatestMinor ? amount.Minor : null,
        MeasureType.Rate => Rate.TryParse(text, out var rate) ? rate.Millionths : null,
        MeasureType.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day : null,
        MeasureType.Segment => segments.TryGetValue(text, out var id) ? id : null,
        _ => text.Length is > 0 and <= 100 && Kernel.MasterData.Check.Text(text, "") is null ? text : null,
    };

    private static string Needs(MeasureType type) => type switch
    {
        MeasureType.Integer => "a whole number",
        MeasureType.Money => "an amount of the company's currency",
        MeasureType.Rate => "a share such as 0.25",
        MeasureType.Date => "a day such as 2026-03-31",
        MeasureType.Segment => "the code of a segment",
        _ => "one to 100 characters",
    };
}

/// <summary>A rule as one statement over all customers.</summary>
internal static class RuleSql
{
    /// <summary>The customers for whom a rule holds, with the figures of the measures that it uses: <c>id, v0, v1, ...</c>.</summary>
    /// <param name="rule">The rule; null for all customers.</param>
    /// <param name="measures">All measures.</param>
    /// <param name="question">As of when.</param>
    /// <param name="shown">Measures whose figures come with it.</param>
    public static Sql Of(Rule? rule, MeasureCatalogue measures, MeasureQuestion question, IReadOnlyList<Measure>? shown = null)
    {
        var used = (rule?.Conditions.Select(condition => condition.Measure) ?? []).Concat(shown ?? []);
        var sources = used.Select(measures.SourceOf).OfType<MeasureSource>().DistinctBy(source => source.Name).OrderBy(source => source.Name, StringComparer.Ordinal).ToList();
        var joins = Sql.Join("", sources.Select(source => (Sql)$" left join ({source.Rows(question)}) {Sql.Raw(source.Name)} on {Sql.Raw(source.Name)}.party_id = p.id"));
        var figures = Sql.Join("", (shown ?? []).Select((measure, at) => (Sql)$", {Figure(measure, measures)} as {Sql.Raw($"v{at}")}"));
        var test = rule is null ? Sql.Raw("1 = 1") : Test(rule, measures, question);
        return $"""
            select p.id{figures} from party p{joins}
            where p.state in ('active', 'blocked') and (exists (select 1 from party_role pr where pr.party_id = p.id and pr.role in ('customer', 'member'))
              or not exists (select 1 from party_role pr where pr.party_id = p.id)) and {test}
            """;
    }

    private static Sql Test(Rule rule, MeasureCatalogue measures, MeasureQuestion question) => rule switch
    {
        Group group => $"({Sql.Join(group.All ? " and " : " or ", group.Of.Select(one => Test(one, measures, question)))})",
        Negation not => $"not {Test(not.Of, measures, question)}",
        Condition { Measure.Type: MeasureType.Segment } member => $"{Sql.Raw(member.Op == "=" ? "" : "not ")}{InSegment((Guid)member.Value, question.At)}",
        Condition one => Compared(one, Figure(one.Measure, measures)),
        _ => throw new InvariantBrokenException("A rule is a group, a negation or a condition."),
    };

    private static Sql InSegment(Guid segment, DateTimeOffset at) =>
        $"(exists (select 1 from segment_member sm where sm.segment_id = {segment} and sm.party_id = p.id and sm.from_at <= {at} and (sm.to_at is null or sm.to_at > {at})))";

    /// <summary>Both engines have a third answer for what is not there; here it is no.</summary>
    private static Sql Compared(Condition one, Sql figure)
    {
        var op = Sql.Raw(one.Op);
        return one.Value switch
        {
            long number => $"({figure} is not null and {figure} {op} {number})",
            DateOnly day => $"({figure} is not null and {figure} {op} {day})",
            string text => $"({figure} is not null and {figure} {op} {text})",
            _ => throw new InvariantBrokenException("A condition has a number, a day or a text."),
        };
    }

    private static Sql Figure(Measure measure, MeasureCatalogue measures)
    {
        var column = $"{measures.SourceOf(measure)!.Name}.{measure.Column}";
        return Sql.Raw(measure.ZeroWithout ? $"coalesce({column}, 0)" : column);
    }
}
