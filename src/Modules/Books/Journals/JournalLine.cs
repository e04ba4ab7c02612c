using Plug1.Kernel.Storage;

namespace Plug1.Books.Journals;

/// <summary>A line of a journal as it is stored.</summary>
/// <param name="Account">Account of the chart.</param>
/// <param name="Role">Role under which it is booked.</param>
/// <param name="Subject">What its account hangs on; empty for nothing.</param>
/// <param name="Branch">Branch.</param>
/// <param name="Amount">Minor units of the company's currency, debit above zero; never zero.</param>
/// <param name="Text">A word for the reader.</param>
internal sealed record JournalLine(string Account, string Role, string Subject, Guid Branch, long Amount, string Text);

/// <summary>What a journal has beside its header and lines.</summary>
/// <param name="Text">What it is for.</param>
/// <param name="ReverseOn">The day on which it reverses itself.</param>
/// <param name="Template">The recurring journal that it was made from.</param>
/// <param name="DueOn">The day for which that one made it.</param>
internal sealed record JournalFacts(string Text, DateOnly? ReverseOn, Guid? Template = null, DateOnly? DueOn = null);

/// <summary>Journals in the database.</summary>
internal static class JournalTables
{
    private static readonly Table Journals = new("book_journal",
        ("document_id", Kind.Id), ("text", Kind.Text), ("reverse_on", Kind.Date), ("template_id", Kind.Id), ("due_on", Kind.Date), ("reversal_stuck", Kind.Bool));

    private static readonly Table Lines = new("book_journal_line",
        ("document_id", Kind.Id), ("line", Kind.Long), ("account", Kind.Text), ("role", Kind.Text), ("subject", Kind.Text), ("branch_id", Kind.Id), ("amount", Kind.Long), ("text", Kind.Text));

    private static readonly Table Recurring = new("book_recurring",
        ("document_id", Kind.Id), ("every", Kind.Long), ("unit", Kind.Text), ("starts_on", Kind.Date), ("ends_on", Kind.Date), ("times", Kind.Long), ("made", Kind.Long), ("next_on", Kind.Date), ("stuck_on", Kind.Date));

    private static readonly Table Openings = new("book_opening", ("document_id", Kind.Id), ("branch_id", Kind.Id), ("opened_on", Kind.Date), ("active", Kind.Bool));

    public static void Insert(Tx tx, Guid id, JournalFacts facts, IReadOnlyList<JournalLine> lines, Recurrence? recurrence)
    {
        tx.Insert(Journals, [[id, facts.Text, facts.ReverseOn, facts.Template, facts.DueOn, false]]);
        tx.Insert(Lines, [.. lines.Select((line, at) => new object?[] { id, (long)(at + 1), line.Account, line.Role, line.Subject, line.Branch, line.Amount, line.Text })]);
        if (recurrence is { } r) tx.Insert(Recurring, [[id, r.Every, r.Unit, r.StartsOn, r.EndsOn, r.Times, 0L, null, null]]);
    }

    public static void Delete(Tx tx, Guid id)
    {
        tx.Stage($"delete from book_journal_line where document_id = {id}");
        tx.Stage($"delete from book_recurring where document_id = {id}");
        tx.Stage($"delete from book_journal where document_id = {id}");
    }

    public static void Open(Tx tx, Guid id, DateOnly day, IEnumerable<Guid> branches) =>
        tx.Insert(Openings, [.. branches.Select(branch => new object?[] { id, branch, day, true })]);

    public static Deferred<List<JournalFacts>> Facts(Db db, Guid id) => db.Later($"select text, reverse_on, template_id, due_on from book_journal where document_id = {id}",
        row => new JournalFacts(row.Text(0), row.DateOrNull(1), row.GuidOrNull(2), row.DateOrNull(3)));

    public static Deferred<List<JournalLine>> LinesOf(Db db, Guid id) =>
        db.Later($"select account, role, subject, branch_id, amount, text from book_journal_line where document_id = {id} order by line",
            row => new JournalLine(row.Text(0), row.Text(1), row.Text(2), row.Guid(3), row.Long(4), row.Text(5)));

    public static Deferred<List<Recurrence>> RecurrenceOf(Db db, Guid id) =>
        db.Later($"select every, unit, starts_on, ends_on, times, made, next_on, stuck_on from book_recurring where document_id = {id}", row =>
            new Recurrence(row.Long(0), row.Text(1), row.Date(2), row.DateOrNull(3), row.LongOrNull(4))
            {
                Made = row.Long(5),
                NextOn = row.DateOrNull(6),
                StuckOn = row.DateOrNull(7),
            });
}

/// <summary>How often a recurring journal comes, and how often it has come.</summary>
internal sealed record Recurrence(long Every, string Unit, DateOnly StartsOn, DateOnly? EndsOn, long? Times)
{
    private const int LastYear = 2199;

    /// <summary>How many journals it has made.</summary>
    public long Made { get; init; }

    /// <summary>When it is due next; null when it has ended or is stopped.</summary>
    public DateOnly? NextOn { get; init; }

    /// <summary>The day that could not be posted, told already.</summary>
    public DateOnly? StuckOn { get; init; }

    /// <summary>The days of the journals that come next, as many as there are.</summary>
    public IReadOnlyList<DateOnly> Next(int most) => [.. Enumerable.Range(0, most).Select(place => Due(Made + place)).OfType<DateOnly>()];

    /// <summary>The day of the journal with this place, counted from zero; null when there is none.</summary>
    /// <remarks>Each is counted from the first day, never from the one before: from 31 January every month gives 28 February and 31 March.</remarks>
    public DateOnly? Due(long place)
    {
        if (place >= Times || (LastYear - StartsOn.Year) * 12L < place * Every / (Unit == "month" ? 1 : 4)) return null;
        var day = Unit == "month" ? StartsOn.AddMonths((int)(place * Every)) : StartsOn.AddDays((int)(place * Every * 7));
        return day > EndsOn ? null : day;
    }
}
