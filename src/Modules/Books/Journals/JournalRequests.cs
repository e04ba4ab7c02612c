namespace Plug1.Books.Journals;

/// <summary>What is entered of a journal.</summary>
/// <param name="Kind">journal, opening or recurring.</param>
/// <param name="Date">The day it is booked; of a recurring one the first day on which it is due, from which all others are counted.</param>
/// <param name="Text">What it is for.</param>
/// <param name="Lines">At most 500.</param>
/// <param name="ReverseOn">The day on which it reverses itself; only of a journal.</param>
/// <param name="Recurrence">How often it comes; only of a recurring one.</param>
public sealed record JournalRequest(
    string Kind, DateOnly Date, string Text, IReadOnlyList<JournalLineRequest> Lines, DateOnly? ReverseOn = null, RecurrenceRequest? Recurrence = null);

/// <summary>A line of a journal: a debit or a credit in the company's currency.</summary>
/// <param name="Account">Code of the account of the chart.</param>
/// <param name="Debit">Amount, or null.</param>
/// <param name="Credit">Amount, or null.</param>
/// <param name="Subject">Whose it is, where the account is kept by subject: the id of a party, the code of a payment method.</param>
/// <param name="Branch">Code or id of the branch; that of the journal when it is left out.</param>
/// <param name="Text">A word for the reader.</param>
public sealed record JournalLineRequest(string Account, string? Debit = null, string? Credit = null, string? Subject = null, string? Branch = null, string? Text = null);

/// <summary>How often a recurring journal comes. Months are counted from its first day, so one of the 31st comes on the last of shorter months.</summary>
/// <param name="Every">Every so many weeks or months, 1 to 120.</param>
/// <param name="Unit">week or month.</param>
/// <param name="EndsOn">No later than this day, or null.</param>
/// <param name="Times">So many times, or null for ever.</param>
public sealed record RecurrenceRequest(long Every, string Unit, DateOnly? EndsOn = null, long? Times = null);

/// <summary>Where a journal stands.</summary>
/// <param name="Id">Id.</param>
/// <param name="Status">Status.</param>
/// <param name="Version">Version.</param>
/// <param name="Debit">Sum of the debits.</param>
/// <param name="Credit">Sum of the credits.</param>
/// <param name="Difference">Debits less credits; it must be zero before it is handed in.</param>
public sealed record JournalAnswer(Guid Id, string Status, long Version, string Debit, string Credit, string Difference);

/// <summary>An account that journals may name.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Kind">asset, liability, equity, income or expense.</param>
/// <param name="Subject">What its entries hang on: party, method, branch (the line's own) or none.</param>
public sealed record JournalAccountItem(string Code, string Name, string Kind, string Subject);

/// <summary>The accounts that journals may name, by code.</summary>
public sealed record JournalAccountsAnswer(IReadOnlyList<JournalAccountItem> Items);

/// <summary>A journal as it was entered, for the editor.</summary>
/// <param name="Kind">journal, opening or recurring.</param>
/// <param name="Date">The day it is booked.</param>
/// <param name="Text">What it is for.</param>
/// <param name="ReverseOn">The day on which it reverses itself.</param>
/// <param name="Recurrence">How often it comes.</param>
/// <param name="NextOn">When a recurring one is due next.</param>
/// <param name="Lines">Lines.</param>
public sealed record JournalData(
    string Kind, DateOnly Date, string Text, DateOnly? ReverseOn, RecurrenceRequest? Recurrence, DateOnly? NextOn, IReadOnlyList<JournalLineData> Lines);

/// <summary>A line as it was entered.</summary>
public sealed record JournalLineData(string Account, string AccountName, string? Debit, string? Credit, string? Subject, string? SubjectName, string Branch, string? Text);
