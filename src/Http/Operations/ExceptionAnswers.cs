using Plug1.Http.Functions;
using Plug1.Kernel.Rules;

namespace Plug1.Http.Operations;

/// <summary>What rules raised, latest first.</summary>
public sealed record ExceptionsAnswer(IReadOnlyList<ExceptionItem> Items, string? Next);

/// <summary>Why an exception is acknowledged or resolved.</summary>
public sealed record ExceptionStep(string? Reason = null, string? Text = null);

/// <summary>Until when an exception is put off.</summary>
public sealed record ExceptionSnooze(DateTimeOffset Until, string? Text = null);

/// <summary>Who looks after an exception from now on.</summary>
/// <param name="Owner">The person's id; null for nobody.</param>
/// <param name="Text">Free text.</param>
public sealed record ExceptionAssign(Guid? Owner, string? Text = null);

/// <summary>An item with the version that was seen.</summary>
public sealed record ExceptionSeen(Guid Id, long Version);

/// <summary>One step with several exceptions.</summary>
/// <param name="Step">acknowledge, assign, snooze or resolve.</param>
/// <param name="Items">The items; at most 200.</param>
/// <param name="Reason">Code of the list of reasons; needed to resolve.</param>
/// <param name="Text">Free text.</param>
/// <param name="Until">Until when; needed to snooze.</param>
/// <param name="Owner">The person who looks after them from now on; null for nobody.</param>
public sealed record ExceptionBulk(string Step, IReadOnlyList<ExceptionSeen> Items, string? Reason = null, string? Text = null, DateTimeOffset? Until = null, Guid? Owner = null);

/// <summary>What became of one of several.</summary>
/// <param name="Id">The item.</param>
/// <param name="Done">Whether the step was taken.</param>
/// <param name="Code">Why not.</param>
/// <param name="Message">Why not, as a sentence.</param>
/// <param name="Item">The item as it stands after the step.</param>
public sealed record ExceptionOutcome(Guid Id, bool Done, string? Code, string? Message, ExceptionItem? Item);

/// <summary>What became of each.</summary>
public sealed record ExceptionOutcomes(IReadOnlyList<ExceptionOutcome> Items);

/// <summary>One step of an item's history.</summary>
public sealed record ExceptionHistoryItem(
    DateTimeOffset At, string User, string Step, string? Text, DocumentLink? Document, string? Reason, string? FromRole, string? ToRole, string? Person, DateTimeOffset? Until);

/// <summary>An item with its history, latest step first.</summary>
public sealed record ExceptionDetail(ExceptionItem Item, string RuleName, IReadOnlyList<ExceptionHistoryItem> History);

/// <summary>A person who may look after exceptions.</summary>
public sealed record ExceptionPerson(Guid Id, string Name, string UserName);

/// <summary>People who may look after exceptions.</summary>
public sealed record ExceptionPeople(IReadOnlyList<ExceptionPerson> Items);

/// <summary>A parameter of a rule with its bounds, as people write them.</summary>
public sealed record ExceptionParameter(string Name, string Label, string Type, string Default, string Least, string Most);

/// <summary>A rule as it holds for the company or at a branch.</summary>
public sealed record ExceptionRuleStanding(
    bool Active, string Severity, IReadOnlyDictionary<string, string> Parameters, string OwnerRole, int EscalateMinutes, string EscalateRole, int QuietMinutes,
    IReadOnlyList<EscalationLink> EscalateThen);

/// <summary>A rule that a function declares.</summary>
/// <param name="Code">The rule.</param>
/// <param name="Name">What it means.</param>
/// <param name="Function">Function code.</param>
/// <param name="FunctionName">Name of the function.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Declared">How it holds where nothing is set.</param>
/// <param name="Company">How it holds for the company.</param>
/// <param name="Scheduled">Whether it is run by schedule, or else at post.</param>
/// <param name="CanTry">Whether it can be tried on history.</param>
/// <param name="FoldedBy">subject, or branchAndUser: what a repeat is known by.</param>
public sealed record ExceptionRuleItem(
    string Code, string Name, string Function, string FunctionName, IReadOnlyList<ExceptionParameter> Parameters, ExceptionRuleStanding Declared, ExceptionRuleStanding Company,
    bool Scheduled, bool CanTry, string FoldedBy);

/// <summary>The rules of all functions.</summary>
public sealed record ExceptionRulesAnswer(IReadOnlyList<ExceptionRuleItem> Items);

/// <summary>A document or session that a rule would have caught.</summary>
/// <param name="Document">The document, if it is one.</param>
/// <param name="Session">The session, if it has no document.</param>
/// <param name="Branch">Code of the branch.</param>
/// <param name="Date">Business day.</param>
/// <param name="Label">Its number.</param>
/// <param name="Figure">What was compared, of the answer's figure type.</param>
public sealed record ExceptionTrialRow(DocumentLink? Document, Guid? Session, string Branch, DateOnly Date, string Label, string Figure);

/// <summary>Caught at a branch.</summary>
public sealed record ExceptionTrialBranch(string Branch, long Caught);

/// <summary>What a rule would have caught.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Period">The days.</param>
/// <param name="Caught">How many documents or sessions.</param>
/// <param name="Documents">How many documents of its kind were posted.</param>
/// <param name="Rate">Caught over documents; null when there were none.</param>
/// <param name="Raised">About how many it was raised in truth.</param>
/// <param name="FigureType">money, price, quantity, integer, or seconds.</param>
/// <param name="Branches">By branch, the most first.</param>
/// <param name="Rows">The latest of them.</param>
public sealed record ExceptionTrialAnswer(
    string Rule, RangeAnswer Period, long Caught, long Documents, string? Rate, long Raised, string FigureType, IReadOnlyList<ExceptionTrialBranch> Branches, IReadOnlyList<ExceptionTrialRow> Rows);
