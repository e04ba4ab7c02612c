using System.Text.Json;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Rules;

namespace Plug1.Http.Functions;

/// <summary>A page of a list; items are objects keyed by column, with <c>id</c>, <c>kind</c>, <c>status</c> and <c>version</c>.</summary>
public sealed record ListAnswer(IReadOnlyList<IReadOnlyDictionary<string, object?>> Items, string? Next, long? Total);

/// <summary>What a filter may be set to.</summary>
public sealed record ChoicesAnswer(IReadOnlyList<Choice> Items);

/// <summary>A branch as documents name it.</summary>
public sealed record BranchName(Guid Id, string Code, string Name);

/// <summary>A person or a party as documents name it.</summary>
public sealed record NamedId(Guid Id, string Name);

/// <summary>A labelled value.</summary>
public sealed record FieldAnswer(string Label, object? Value, string Type);

/// <summary>A headed group of values.</summary>
public sealed record SectionAnswer(string Title, IReadOnlyList<FieldAnswer> Fields);

/// <summary>A column of a table or report.</summary>
public sealed record ColumnAnswer(string Key, string Label, string Type);

/// <summary>A table of a document; rows are objects keyed by column.</summary>
public sealed record TableAnswer(string Key, string Title, IReadOnlyList<ColumnAnswer> Columns, IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows);

/// <summary>A document with all that its page shows.</summary>
public sealed record DocumentAnswer(
    Guid Id, string? Number, string Function, string Kind, string Status, string? Standing, long Version, BranchName Branch, DateOnly BusinessDate, NamedId? Party,
    string Currency, string Total, string Channel, string? Note, DateTimeOffset CreatedAt, NamedId CreatedBy, DateTimeOffset? SubmittedAt, NamedId? SubmittedBy,
    DateTimeOffset? ApprovedAt, NamedId? ApprovedBy, DateTimeOffset? PostedAt, NamedId? PostedBy, DateTimeOffset? ClosedAt, NamedId? ClosedBy,
    DateTimeOffset? ReversedAt, NamedId? ReversedBy, Guid? ReversalOf, Guid? SourceDocument, IReadOnlyList<SectionAnswer> Sections, IReadOnlyList<TableAnswer> Tables,
    IReadOnlyList<string> Actions, object? Data);

/// <summary>A member that became different.</summary>
public sealed record ChangeAnswer(string Path, JsonElement? Before, JsonElement? After);

/// <summary>A step of a document's life.</summary>
public sealed record TimelineItem(DateTimeOffset At, string User, string Action, string? Reason, string? Text, IReadOnlyList<ChangeAnswer>? Diff, string? From, string? To);

/// <summary>A document's life, oldest first.</summary>
public sealed record TimelineAnswer(IReadOnlyList<TimelineItem> Items);

/// <summary>An entry; amounts in the unit's own decimals; <c>subjectName</c> is what people call the subject.</summary>
public sealed record EntryItem(string Account, string AccountName, string Role, string? Subject, string? SubjectName, string Unit, string Amount, string? Debit, string? Credit);

/// <summary>A ledger transaction.</summary>
public sealed record TransactionItem(Guid Id, DateOnly BusinessDate, DateTimeOffset PostedAt, Guid? ReversalOf, IReadOnlyList<EntryItem> Entries);

/// <summary>What a document wrote to the ledger.</summary>
public sealed record EntriesAnswer(IReadOnlyList<TransactionItem> Transactions);

/// <summary>A related document.</summary>
public sealed record RelatedNode(Guid Id, string? Number, string Function, string Kind, string Status, string Total, string Currency);

/// <summary>How two documents are related.</summary>
public sealed record RelatedLink(Guid From, Guid To, string Relation);

/// <summary>The graph of related documents.</summary>
public sealed record RelatedAnswer(IReadOnlyList<RelatedNode> Nodes, IReadOnlyList<RelatedLink> Edges);

/// <summary>A report that may be run.</summary>
public sealed record ReportItem(string Code, string Name, bool Named, string? Period, string? GroupBy);

/// <summary>The reports of a function.</summary>
public sealed record ReportsAnswer(IReadOnlyList<ReportItem> Items);

/// <summary>A row of a report; <c>level</c> is 1 for the subtotal of the rows before it.</summary>
public sealed record ReportRow(string? Key, IReadOnlyDictionary<string, object?> Cells, IReadOnlyDictionary<string, string>? Drill, int? Level);

/// <summary>What a row is compared with: its figures, how far the row is from them, and that as a share of them.</summary>
public sealed record ReportCompareRow(
    string? Key, IReadOnlyDictionary<string, object?> Cells, IReadOnlyDictionary<string, object?> Difference, IReadOnlyDictionary<string, object?> ChangeRate,
    IReadOnlyDictionary<string, string>? Drill, int? Level);

/// <summary>The range compared with; its rows stand against the report's one by one.</summary>
public sealed record ReportCompare(
    DateOnly From, DateOnly To, IReadOnlyList<ReportCompareRow> Rows, IReadOnlyDictionary<string, object?> Totals,
    IReadOnlyDictionary<string, object?> Difference, IReadOnlyDictionary<string, object?> ChangeRate);

/// <summary>A report.</summary>
public sealed record ReportResult(
    string Report, string Title, DateOnly From, DateOnly To, IReadOnlyList<ColumnAnswer> Columns, IReadOnlyList<ReportRow> Rows,
    IReadOnlyDictionary<string, object?>? Totals, IReadOnlyDictionary<string, string>? TotalsDrill, ReportCompare? Compare, string? Next);

/// <summary>First and last day of a range.</summary>
public sealed record RangeAnswer(DateOnly From, DateOnly To);

/// <summary>Where a figure leads.</summary>
public sealed record DrillAnswer(string Page, IReadOnlyDictionary<string, string> Query);

/// <summary>A figure on a dashboard.</summary>
public sealed record KpiAnswer(
    string Key, string Label, string Type, object? Value, object? Previous, string? ChangeRate, string Better, IReadOnlyList<object?> Spark, DrillAnswer Drill);

/// <summary>A document that waits.</summary>
public sealed record QueueItem(Guid Id, string? Number, string Function, string What, string Amount, string Currency, long AgeMinutes, string Page);

/// <summary>The document that something is about.</summary>
public sealed record DocumentLink(Guid Id, string? Number, string Function);

/// <summary>Something that a rule raised.</summary>
/// <param name="Id">The item.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">critical, high, medium or low.</param>
/// <param name="Function">Function code.</param>
/// <param name="Document">The document, if there is one.</param>
/// <param name="Branch">Code of the branch.</param>
/// <param name="RaisedAt">When it was raised first.</param>
/// <param name="Message">What was told last.</param>
/// <param name="State">open, acknowledged, snoozed or resolved.</param>
/// <param name="Owner">Name of who looks after it.</param>
/// <param name="Reason">Why it was resolved.</param>
/// <param name="Text">Free text beside it.</param>
/// <param name="Version">Version, of the steps that people took.</param>
/// <param name="OwnerId">Who looks after it.</param>
/// <param name="OwnerRole">The role that looks after it now.</param>
/// <param name="Count">How many times it was raised.</param>
/// <param name="LastSeenAt">When last.</param>
/// <param name="SnoozedUntil">Until when it is put off.</param>
/// <param name="EscalatesAt">When it goes to the next role.</param>
/// <param name="EscalateRole">The next role.</param>
/// <param name="EscalatedAt">When it went to its present role.</param>
/// <param name="EscalateThen">The roles after the next one, each with how long the one before it has.</param>
public sealed record ExceptionItem(
    Guid Id, string Rule, string Severity, string Function, DocumentLink? Document, string Branch, DateTimeOffset RaisedAt, string Message, string State, string? Owner,
    string? Reason, string? Text, long Version, Guid? OwnerId, string? OwnerRole, long Count, DateTimeOffset LastSeenAt, DateTimeOffset? SnoozedUntil, DateTimeOffset? EscalatesAt,
    string? EscalateRole, DateTimeOffset? EscalatedAt, IReadOnlyList<EscalationLink> EscalateThen);

/// <summary>How many exceptions are neither resolved nor put off, and the gravest.</summary>
public sealed record ExceptionSummary(long Critical, long High, long Medium, long Low, IReadOnlyList<ExceptionItem> Top);

/// <summary>Something that happened.</summary>
public sealed record ActivityItem(
    string Id, DateTimeOffset At, string User, string Function, string Action, string What, DocumentLink? Document, string? Branch, string Outcome, string? Page);

/// <summary>A button.</summary>
public sealed record QuickActionItem(string Code, string Label, string Page, string Permission);

/// <summary>A dashboard.</summary>
public sealed record DashboardResult(
    RangeAnswer Period, IReadOnlyList<KpiAnswer> Kpis, IReadOnlyList<QueueItem> Queue, ExceptionSummary Exceptions, IReadOnlyList<ActivityItem> Timeline,
    IReadOnlyList<QuickActionItem> QuickActions);
