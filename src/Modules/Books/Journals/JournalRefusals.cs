using Plug1.Kernel;

namespace Plug1.Books.Journals;

/// <summary>Why a journal says no, in the order in which it is checked.</summary>
internal static class JournalRefusals
{
    public static Refusal KindUnknown { get; } = new("JOURNAL_KIND_UNKNOWN", "A journal is a journal, an opening or a recurring one.", "/kind");

    public static Refusal DateInvalid(string at) => new("JOURNAL_DATE_INVALID", "The day lies before 1990, or more than a year ahead.", at);

    public static Refusal ReverseOnInvalid { get; } = new("JOURNAL_REVERSE_ON_INVALID", "Only a journal reverses itself, on a day after its own and at most a year later.", "/reverseOn");

    public static Refusal RecurrenceMissing { get; } = new("JOURNAL_RECURRENCE_MISSING", "A recurring journal says how often it comes, and only such a one does.", "/recurrence");

    public static Refusal RecurrenceInvalid(string at) => new("JOURNAL_RECURRENCE_INVALID", "It comes every 1 to 120 weeks or months, 1 to 1,000 times, and ends no earlier than it starts.", at);

    public static Refusal TooManyLines { get; } = new("JOURNAL_TOO_LONG", $"A journal has at most {Journal.MostLines} lines.", "/lines");

    public static Refusal AccountUnknown(string at) => new("JOURNAL_ACCOUNT_UNKNOWN", "There is no such account of the statements.", at);

    public static Refusal AccountInactive(string account, string at) => new("JOURNAL_ACCOUNT_INACTIVE", $"The account {account} is not in use.", at);

    public static Refusal NotByHand(string account, string at) =>
        new("JOURNAL_ACCOUNT_NOT_BY_HAND", $"The account {account} is kept by the functions that post to it; it takes no entry by hand.", at);

    public static Refusal OneSide(string at) => new("JOURNAL_ONE_SIDE", "A line has a debit or a credit, and not both.", at);

    public static Refusal AmountInvalid(string at) => new("JOURNAL_AMOUNT_INVALID", "The amount is above zero and has no more decimals than the currency.", at);

    public static Refusal SubjectMissing(string account, string at) => new("JOURNAL_SUBJECT_REQUIRED", $"The account {account} is kept by subject: say whose it is.", at);

    public static Refusal SubjectUnknown(string at) => new("JOURNAL_SUBJECT_UNKNOWN", "There is no such subject of this account.", at);

    public static Refusal BranchUnknown(string at) => new("JOURNAL_BRANCH_UNKNOWN", "There is no such branch.", at);

    public static Refusal TooFewLines { get; } = new("JOURNAL_TOO_SHORT", "A journal has at least two lines.", "/lines");

    public static Refusal Unbalanced(string difference) => new("JOURNAL_UNBALANCED", $"Debits and credits differ by {difference}.", "/lines",
        Detail: new Dictionary<string, object?> { ["difference"] = difference });

    public static Refusal OpeningExists { get; } = new("OPENING_EXISTS", "This branch has opening balances of that day; reverse them first.", "/date", 409);

    public static Refusal OpeningIncomplete(string why) => new("OPENING_INCOMPLETE", $"The opening balances of this branch and day are not taken: {why}", "");

    public static Refusal MirrorNotReversed { get; } = new("JOURNAL_IS_MIRROR", "A mirror is not reversed; enter the journal again.", "/status", 409);

    public static Refusal TemplateHasNoEntries { get; } = new("JOURNAL_TEMPLATE_NOT_REVERSED", "A recurring journal has no entries of its own: close it to stop it, and reverse what it posted.", "/status", 409);
}
