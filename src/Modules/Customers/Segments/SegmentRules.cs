using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>What is told of segments that go wrong.</summary>
internal static class SegmentRules
{
    public const string Jump = "SEGMENTS_JUMP";

    public static IReadOnlyList<ExceptionDeclaration> All { get; } =
    [
        new(Jump, "The size of a segment has changed much", "medium")
        {
            Of = RefreshDocument.Kind,
            Parameters = [new("share", "Change beyond this share of its size", "rate", 300_000, 0, 1_000_000_000), new("least", "Change of at least so many customers", "integer", 10)],
        },
        new("SEGMENTS_STALE", "A segment was not refreshed when it was due", "low")
        {
            Parameters = [new("hours", "Hours after it was due", "integer", 24, 1, 720)],
            Tell = finding => $"{finding.Label} was due {finding.Figure} hours ago",
            Due = question => $"""
                select s.code || '|' || v.document_id as key, v.document_id, cast(null as {Sql.Raw(question.Engine == Engine.Postgres ? "uuid" : "text")}) as session_id, d.branch_id, d.business_date, s.code as label,
                  {question.Seconds(Sql.Raw("s.due_at"), question.Instant(question.Now))} / 3600 as figure
                from segment s join segment_version v on v.document_id = s.current_id join document d on d.id = v.document_id
                where s.due_at < {Dialect.Micro(question.Now.AddHours(-question["hours"]))} and {question.At("d.branch_id")}
                """,
        },
    ];
}
