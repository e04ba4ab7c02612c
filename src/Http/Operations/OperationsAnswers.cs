using Plug1.Http.Functions;

namespace Plug1.Http.Operations;

/// <summary>A figure's values over time.</summary>
public sealed record TrendSeries(string Key, string Label, string Type, IReadOnlyList<DatedValue> Points);

/// <summary>The figures of all functions over time.</summary>
public sealed record TrendsAnswer(RangeAnswer Period, IReadOnlyList<TrendSeries> Series);

/// <summary>What waits and what rules raised.</summary>
public sealed record AlertsAnswer(ExceptionSummary Exceptions, IReadOnlyList<QueueItem> Queue);

/// <summary>What happened, latest first.</summary>
public sealed record ActivityAnswer(IReadOnlyList<ActivityItem> Items, string? Next);

/// <summary>One event of the audit trail.</summary>
public sealed record AuditItem(
    Guid Id, DateTimeOffset At, string User, IReadOnlyList<string> Roles, string? Branch, string? Device, string? Address, string Function, string Action, string ObjectKind,
    Guid? Object, string Outcome, string? Reason, string? Text, IReadOnlyList<ChangeAnswer>? Diff, string? BeforeHash, string? AfterHash);

/// <summary>The audit trail, latest first.</summary>
public sealed record AuditAnswer(IReadOnlyList<AuditItem> Items, string? Next);

/// <summary>Something that was found.</summary>
public sealed record SearchItem(string Kind, Guid Id, string Title, string? Subtitle, string Page);

/// <summary>What was found.</summary>
public sealed record SearchAnswer(IReadOnlyList<SearchItem> Items);

/// <summary>What a measure should reach in a period. The amount is of the measure's type; without a branch it is the company's.</summary>
public sealed record TargetItem(Guid Id, string Function, string Measure, string? Branch, DateOnly From, DateOnly To, string Amount, string Type, long Version);

/// <summary>Targets.</summary>
public sealed record TargetsAnswer(IReadOnlyList<TargetItem> Items);

/// <summary>A target to set; one of the same function, measure, branch and days is changed.</summary>
public sealed record TargetRequest(string Function, string Measure, DateOnly From, DateOnly To, string Amount, string? Branch = null);

/// <summary>Sets targets to what a past period reached, and some per cent.</summary>
/// <param name="Function">Function.</param>
/// <param name="Measure">Its measure; a sum, not a ratio.</param>
/// <param name="From">First day of the targets.</param>
/// <param name="To">Last day.</param>
/// <param name="SourceFrom">First day of the past period.</param>
/// <param name="SourceTo">Last day.</param>
/// <param name="Percent">What is added, such as <c>5</c> or <c>-2.5</c>; nothing when left out.</param>
/// <param name="Branches">Whether each branch gets its target too; they sum to the company's.</param>
public sealed record CopyTargetsRequest(string Function, string Measure, DateOnly From, DateOnly To, DateOnly SourceFrom, DateOnly SourceTo, string? Percent = null, bool Branches = true);

/// <summary>An account of the chart.</summary>
public sealed record LedgerAccount(string Code, string Name, string Kind, string Group, bool Contra, bool Active);

/// <summary>The chart of accounts.</summary>
public sealed record LedgerAccountsAnswer(IReadOnlyList<LedgerAccount> Items);

/// <summary>An entry of an account.</summary>
public sealed record AccountEntryItem(
    Guid Transaction, DateOnly BusinessDate, DateTimeOffset PostedAt, DocumentLink Document, string Branch, string Role, string? Subject, string? SubjectName, string Unit, string Amount,
    string? Debit, string? Credit, string? Memo);

/// <summary>A balance in one unit.</summary>
public sealed record UnitBalance(string Unit, string Balance);

/// <summary>Entries of an account, oldest first, with its balances before them.</summary>
public sealed record AccountEntriesAnswer(RangeAnswer Period, IReadOnlyList<UnitBalance> Opening, IReadOnlyList<AccountEntryItem> Items, string? Next);

/// <summary>A line of the trial balance: a debit or a credit balance.</summary>
public sealed record TrialBalanceLine(string Account, string Name, string Kind, string Group, string Unit, string Balance, string? Debit, string? Credit);

/// <summary>The sums of one unit; both sides are alike.</summary>
public sealed record TrialBalanceTotal(string Unit, string Debit, string Credit);

/// <summary>The trial balance at the end of a day.</summary>
public sealed record TrialBalanceAnswer(DateOnly At, IReadOnlyList<TrialBalanceLine> Lines, IReadOnlyList<TrialBalanceTotal> Totals);

/// <summary>A code with its name.</summary>
public sealed record MetaName(string Code, string Name);

/// <summary>A code with its label.</summary>
public sealed record MetaLabel(string Code, string Label);

/// <summary>A key with its label; <c>choices</c> says where the values of its filter are looked up.</summary>
public sealed record MetaKey(string Key, string Label, string? Choices);

/// <summary>A column of a list; <c>choices</c> says where the values of its filter are looked up.</summary>
public sealed record MetaColumn(string Key, string Label, string Type, bool Filterable, bool Sortable, IReadOnlyList<string>? Options, bool DefaultShown, string? Choices);

/// <summary>A measure.</summary>
public sealed record MetaMeasure(string Key, string Label, string Type, string Better);

/// <summary>A report.</summary>
public sealed record MetaReport(string Code, string Name, bool Named);

/// <summary>A function as pages are drawn from it.</summary>
public sealed record MetaFunction(
    string Code, string Module, string Slug, string Name, string Summary, string Route, IReadOnlyList<string> Actions, IReadOnlyList<MetaName> Kinds,
    IReadOnlyList<MetaColumn> Columns, IReadOnlyList<MetaKey> Dimensions, IReadOnlyList<MetaMeasure> Measures, IReadOnlyList<MetaReport> Reports,
    IReadOnlyList<QuickActionItem> QuickActions, IReadOnlyDictionary<string, IReadOnlyList<string>> Lifecycle,
    IReadOnlyDictionary<string, IReadOnlyList<MetaLabel>> Reasons, IReadOnlyList<MetaLabel> Exceptions);

/// <summary>A module with the functions that the reader may see.</summary>
public sealed record MetaModule(string Code, string Name, IReadOnlyList<MetaFunction> Functions);

/// <summary>The description of all functions that the reader may see.</summary>
public sealed record MetaAnswer(IReadOnlyList<MetaModule> Modules);
