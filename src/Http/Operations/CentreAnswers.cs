using Plug1.Http.Functions;
using Plug1.Kernel.Notices;

namespace Plug1.Http.Operations;

/// <summary>Sessions, such as shifts, that are open in a branch.</summary>
public sealed record OpenSessionItem(string Function, string Kind, string Branch, long Count, DateTimeOffset Since);

/// <summary>The month of the books that the present day is in: <c>2026-03</c>, and open, soft or closed.</summary>
public sealed record PeriodStanding(string Id, string State);

/// <summary>How many background jobs there are, and the names of those whose last run failed.</summary>
public sealed record JobsStanding(int All, IReadOnlyList<string> Failing);

/// <summary>How things stand. What the reader may not see is left out.</summary>
/// <param name="At">When this was read.</param>
/// <param name="Today">The business day of the branch worked in.</param>
/// <param name="Sessions">Open sessions by branch.</param>
/// <param name="Period">Needs <c>kernel.ledger.view</c>.</param>
/// <param name="Seal">Needs <c>kernel.audit.view</c> at every branch.</param>
/// <param name="Jobs">Needs <c>kernel.jobs.view</c>.</param>
public sealed record StatusAnswer(
    DateTimeOffset At, DateOnly Today, IReadOnlyList<OpenSessionItem> Sessions, PeriodStanding? Period, SealStateAnswer? Seal, JobsStanding? Jobs);

/// <summary>The first of the requests that the reader may decide; <c>more</c> says that <c>count</c> is not all.</summary>
public sealed record WaitingApprovals(long Count, bool More, IReadOnlyList<ApprovalItem> Items);

/// <summary>The first of the exceptions given to the reader.</summary>
public sealed record WaitingExceptions(long Count, bool More, IReadOnlyList<ExceptionItem> Items);

/// <summary>The first of what the reader was told and has not read.</summary>
public sealed record WaitingNotices(long Count, bool More, IReadOnlyList<ReceivedNotice> Items);

/// <summary>A document that the reader began and left.</summary>
public sealed record DraftItem(Guid Id, string? Number, string Function, string Kind, string KindName, string Branch, string Amount, string Currency, DateTimeOffset At, string Page);

/// <summary>The first of the documents that the reader began and left.</summary>
public sealed record WaitingDrafts(long Count, bool More, IReadOnlyList<DraftItem> Items);

/// <summary>What waits for the reader.</summary>
public sealed record WaitingAnswer(WaitingApprovals Approvals, WaitingExceptions Exceptions, WaitingNotices Notices, WaitingDrafts Drafts);

/// <summary>An hour of a day, 0 to 23; no value when it is still to come.</summary>
public sealed record DemandHour(int Hour, object? Value, object? Usual);

/// <summary>A function's day by hour against the median of as many of the eight same weekdays before as <c>weeks</c> says.</summary>
public sealed record DemandItem(
    string Function, string Name, string Measure, string Label, string Type, int Weeks, object? SoFar, object? UsualSoFar, string? ChangeRate, IReadOnlyList<DemandHour> Hours,
    DrillAnswer Drill);

/// <summary>Today by hour; <c>hour</c> is the one that runs.</summary>
public sealed record DemandAnswer(DateOnly Day, int Hour, IReadOnlyList<DemandItem> Series);

/// <summary>A day that was out of the ordinary.</summary>
public sealed record HubAnomalyItem(DateOnly Date, object? Value, double Score, string Reason);

/// <summary>A measure: of the last thirty days, of the thirty before, and of thirteen weeks.</summary>
public sealed record HubMeasureItem(
    string Key, string Label, string Type, string Better, object? Value, object? Previous, string? ChangeRate, IReadOnlyList<object?> Weeks, IReadOnlyList<HubAnomalyItem> Anomalies);

/// <summary>A function with its measures.</summary>
public sealed record HubFunctionItem(string Code, string Module, string Slug, string Name, IReadOnlyList<HubMeasureItem> Measures);

/// <summary>A target that the days counted did not reach; <c>missedBy</c> is a share of what was expected of them.</summary>
public sealed record MissedTargetItem(
    Guid Id, string Function, string FunctionName, string Measure, string Label, string Type, string Better, string? Branch, RangeAnswer Target, RangeAnswer Counted, object? Expected,
    object? Actual, string? MissedBy);

/// <summary>Analytics across functions: <c>period</c> holds the thirteen weeks, <c>lately</c> the last thirty days.</summary>
public sealed record AnalyticsHubAnswer(RangeAnswer Period, RangeAnswer Lately, IReadOnlyList<HubFunctionItem> Functions, IReadOnlyList<MissedTargetItem> Missed);
