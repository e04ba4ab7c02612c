using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Functions;

/// <summary>A parameter of an exception rule, which the company sets for itself or for a branch.</summary>
/// <param name="Name">Name, camelCase; unique in its rule.</param>
/// <param name="Label">What people read.</param>
/// <param name="Type">money (minor units of the company currency), rate or quantity (millionths), integer.</param>
/// <param name="Default">Its value where nobody has set one.</param>
/// <param name="Least">The least value.</param>
/// <param name="Most">The greatest value.</param>
public sealed record RuleParameter(string Name, string Label, string Type, long Default, long Least = 0, long Most = 1_000_000_000_000);

/// <summary>What a repeat has in common with the item that it is folded into.</summary>
public enum FoldBy
{
    /// <summary>The rule and the document, or the session where there is no document.</summary>
    Subject,

    /// <summary>The rule, the branch and the person who did it.</summary>
    BranchAndUser,
}

/// <summary>A rule that raises exceptions: at post, where the function asks for its parameters and raises, or on schedule, where a statement finds what is due.</summary>
/// <param name="Code">Code, such as <c>POS_CASH_VARIANCE</c>; unique over all functions.</param>
/// <param name="Name">What it means.</param>
/// <param name="Severity">critical, high, medium or low, where the company has not chosen another.</param>
public sealed record ExceptionDeclaration(string Code, string Name, string Severity)
{
    /// <summary>The severities, the gravest first.</summary>
    public static readonly IReadOnlyList<string> Severities = ["critical", "high", "medium", "low"];

    /// <summary>Its parameters.</summary>
    public IReadOnlyList<RuleParameter> Parameters { get; init; } = [];

    /// <summary>The kind of document over which its rate is counted; null for the function's main kind.</summary>
    public string? Of { get; init; }

    /// <summary>What a repeat is known by.</summary>
    public FoldBy Fold { get; init; } = FoldBy.Subject;

    /// <summary>So long after the last time a repeat is folded into the item, in minutes; zero for never.</summary>
    public int QuietMinutes { get; init; } = 1440;

    /// <summary>The role that looks after it; empty for none in particular.</summary>
    public string OwnerRole { get; init; } = "";

    /// <summary>After so many minutes without an answer it goes to the next role; zero for never.</summary>
    public int EscalateMinutes { get; init; }

    /// <summary>The next role; empty for none.</summary>
    public string EscalateRole { get; init; } = "";

    /// <summary>Finds what the rule would have caught on some days, for the dry run: one row a document or session. Null when its figures are not kept.</summary>
    public Func<RuleQuestion, Sql>? Caught { get; init; }

    /// <summary>Finds what is due now; a rule that has this is run by schedule. Each row has a key of its own that is raised once.</summary>
    public Func<RuleQuestion, Sql>? Due { get; init; }

    /// <summary>The type of a finding's figure: money, price, quantity, integer, or seconds.</summary>
    public string FigureType { get; init; } = "integer";

    /// <summary>What is told of a row that was due; null for the name of the rule with the row's label.</summary>
    public Func<Finding, string>? Tell { get; init; }
}

/// <summary>What a statement of a rule is asked. It selects <see cref="Select"/> in this order, of rows at the branches of <see cref="At"/>.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Parameters">The parameters in force at these branches, or those of a dry run.</param>
/// <param name="Branches">The branches asked about; null for all.</param>
/// <param name="From">First business day of a dry run.</param>
/// <param name="To">Its last business day, included.</param>
/// <param name="Now">Now.</param>
public sealed record RuleQuestion(Engine Engine, IReadOnlyDictionary<string, long> Parameters, IReadOnlyList<Guid>? Branches, DateOnly From, DateOnly To, DateTimeOffset Now)
{
    /// <summary>The columns of a finding.</summary>
    public const string Select = "key, document_id, session_id, branch_id, business_date, label, figure";

    /// <summary>A parameter.</summary>
    public long this[string name] => Parameters[name];

    /// <summary>The first instant of the range, by the clock of UTC.</summary>
    public DateTimeOffset Start => new(From.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The first instant after the range.</summary>
    public DateTimeOffset End => new(To.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The test whether a column is one of the branches.</summary>
    public Sql At(string column) => Branches is null ? Sql.Raw("1 = 1") : (Sql)$"{Sql.Raw(column)} {Sql.List(Branches)}";

    /// <summary>An expression of the whole seconds between two instants.</summary>
    public Sql Seconds(Sql from, Sql to) => Engine == Engine.Postgres
        ? (Sql)$"cast(extract(epoch from date_trunc('second', {to}) - date_trunc('second', {from})) as bigint)"
        : (Sql)$"(cast(strftime('%s', {to}) as integer) - cast(strftime('%s', {from}) as integer))";

    /// <summary>An expression of the day of an instant, by the clock of UTC.</summary>
    public Sql Day(Sql instant) => Engine == Engine.Postgres ? (Sql)$"cast({instant} at time zone 'UTC' as date)" : (Sql)$"substr({instant}, 1, 10)";

    /// <summary>An instant as an operand of <see cref="Seconds"/>.</summary>
    public Sql Instant(DateTimeOffset at) => Engine == Engine.Postgres ? (Sql)$"cast({at} as timestamptz)" : (Sql)$"{at}";
}

/// <summary>What a rule found.</summary>
/// <param name="Key">What it is about; the same thing has the same key.</param>
/// <param name="DocumentId">The document, or null.</param>
/// <param name="SessionId">The session, or null.</param>
/// <param name="BranchId">The branch.</param>
/// <param name="BusinessDate">The day.</param>
/// <param name="Label">What people call the document or session.</param>
/// <param name="Figure">What was compared, of the rule's figure type: minor units, millionths, seconds or a number.</param>
public sealed record Finding(string Key, Guid? DocumentId, Guid? SessionId, Guid BranchId, DateOnly BusinessDate, string Label, long Figure)
{
    /// <summary>Reads a row of <see cref="RuleQuestion.Select"/>.</summary>
    public static Finding Read(Row row) => new(row.Text(0), row.GuidOrNull(1), row.GuidOrNull(2), row.Guid(3), row.Date(4), row.TextOrNull(5) ?? "", row.LongOrNull(6) ?? 0);
}
