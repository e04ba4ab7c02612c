using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Books.Journals;

/// <summary>Posts recurring journals on the days on which they are due, and reverses journals on the days that they name, by the clock of their branch.</summary>
/// <remarks>
/// Several nodes may run it: the header is locked, what is due is read again behind the lock, and the database takes one journal for each day of a
/// recurring one. Days that were missed are made up for in their order. Where a month is closed, softly or for good, or an account is out of use, it
/// stops with an exception, told once, and goes on as soon as it can.
/// </remarks>
internal sealed class DueJournals(Database database, OrganisationBook organisation, JournalFunction function, LifecycleDesk lifecycle, ExceptionBook exceptions, TimeProvider clock)
{
    private const int MostAtOnce = 500;

    /// <summary>Every minute.</summary>
    public Job EveryMinute => new("book-due", "Post recurring journals and reverse those whose day has come", TimeSpan.FromMinutes(1), async ct => await Run(ct), StartsAtOnce: false);

    /// <summary>Does what is due.</summary>
    /// <returns>How many journals were posted or reversed.</returns>
    public async Task<int> Run(CancellationToken ct = default)
    {
        var done = 0;
        // Nobody's day is later than that of the first time zone.
        var latest = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddHours(14));
        var due = await database.Read(db => db.Query($"""
            select r.document_id, d.branch_id from book_recurring r join document d on d.id = r.document_id where r.next_on <= {latest} and d.status = 'posted' order by r.next_on, r.document_id limit {MostAtOnce}
            """, row => (Id: row.Guid(0), Branch: row.Guid(1)), ct), ct);
        foreach (var (id, branch) in due)
        {
            var left = MostAtOnce;
            while (left-- > 0 && await Once(branch, stamp => tx => Make(tx, stamp, id, ct), refusal => Stuck(id, refusal, ct), ct)) done++;
        }

        var mirrors = await database.Read(db => db.Query($"""
            select j.document_id, d.branch_id from book_journal j join document d on d.id = j.document_id where j.reverse_on <= {latest} and d.status = 'posted' and d.reversal_of is null
            order by j.reverse_on, j.document_id limit {MostAtOnce}
            """, row => (Id: row.Guid(0), Branch: row.Guid(1)), ct), ct);
        foreach (var (id, branch) in mirrors)
            if (await Once(branch, stamp => tx => Reverse(tx, stamp, id, ct), refusal => ReversalStuck(id, refusal, ct), ct)) done++;
        return done;
    }

    /// <summary>One step in a transaction of its own; what it was refused for is told in another.</summary>
    /// <returns>False when nothing was due or it was refused.</returns>
    private async Task<bool> Once(Guid branch, Func<Stamp, Func<Tx, Task<Result<bool>>>> step, Func<Refusal, Func<Tx, Stamp, Task>> stuck, CancellationToken ct)
    {
        var stamp = await StampOf(branch, ct);
        try
        {
            var result = await database.Write(step(stamp), ct);
            if (result.Refusal is not { } no) return result.Value;
            await database.Write(tx => stuck(no)(tx, stamp), ct);
            return false;
        }
        catch (Exception failure) when (Dialect.IsUniqueViolation(failure))
        {
            // Another node was faster.
            return false;
        }
    }

    private async Task<Result<bool>> Make(Tx tx, Stamp stamp, Guid id, CancellationToken ct)
    {
        var locked = await Headers.Lock(tx, function.Code, id, null, ct);
        if (locked.IsRefused || locked.Value.Status != Status.Posted) return false;
        var template = (Journal)await function.Load(tx, locked.Value, ct);
        if (template.Recurrence is not { NextOn: { } due } comes || due > stamp.BusinessDate) return false;
        if (await Closed(tx, due, ct) is { } closed) return closed;

        var header = Header.Draft(Ids.New(clock), function.Code, Journal.Kind, stamp, template.Header.Currency);
        (header.BusinessDate, header.Total, header.SourceDocumentId) = (due, template.Header.Total, id);
        var journal = function.Of(header, new JournalFacts(template.Facts.Text, null, id, due), template.Lines, null);
        JournalTables.Insert(tx, header.Id, journal.Facts, journal.Lines, null);
        header.MoveTo(Status.Submitted, stamp);
        header.MoveTo(Status.Approved, stamp);
        var posted = await LifecycleDesk.PostNow(tx, stamp, journal, ct);
        if (posted.IsRefused) return posted.Refusal;
        Headers.Insert(tx, header);
        tx.Stage($"update book_recurring set made = {comes.Made + 1}, next_on = {comes.Due(comes.Made + 1)}, stuck_on = null where document_id = {id}");
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "recur", header.Kind, header.Id, After: journal.Snapshot), clock);
        await tx.Flush(ct);
        return true;
    }

    private async Task<Result<bool>> Reverse(Tx tx, Stamp stamp, Guid id, CancellationToken ct)
    {
        var locked = await Headers.Lock(tx, function.Code, id, null, ct);
        if (locked.IsRefused || locked.Value.Status != Status.Posted) return false;
        var journal = (Journal)await function.Load(tx, locked.Value, ct);
        if (journal.Facts.ReverseOn is not { } on || on > stamp.BusinessDate) return false;
        if (await Closed(tx, on, ct) is { } closed) return closed;
        var before = journal.Snapshot;
        var moved = await lifecycle.ReverseNow(tx, stamp with { BusinessDate = on }, function, journal, ct);
        if (moved.IsRefused) return moved.Refusal;
        Headers.Update(tx, journal.Header);
        tx.Stage($"update book_journal set reversal_stuck = {false} where document_id = {id}");
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, Verb.Reverse, journal.Header.Kind, id, Before: before, After: journal.Snapshot, Reason: "PLANNED"), clock);
        await tx.Flush(ct);
        return true;
    }

    /// <summary>The system may post where others may not; what nobody looks at is not booked there all the same.</summary>
    private static async Task<Refusal?> Closed(Tx tx, DateOnly day, CancellationToken ct)
    {
        var state = LedgerBook.PeriodState(tx, day);
        await tx.Flush(ct);
        return state.Value is [] or ["open"] ? null : new Refusal("BOOKS_DAY_CLOSED", $"The period of {day:yyyy-MM-dd} is closed.", Status: 409);
    }

    private Func<Tx, Stamp, Task> Stuck(Guid id, Refusal refusal, CancellationToken ct) => async (tx, stamp) =>
    {
        var locked = await Headers.Lock(tx, function.Code, id, null, ct);
        if (locked.IsRefused || await tx.Execute($"update book_recurring set stuck_on = next_on where document_id = {id} and next_on is not null and (stuck_on is null or stuck_on <> next_on)", ct) == 0) return;
        await Tell(tx, locked.Value, "JOURNAL_RECURRING_STUCK", $"{locked.Value.Number} could not be posted", refusal, stamp, ct);
    };

    private Func<Tx, Stamp, Task> ReversalStuck(Guid id, Refusal refusal, CancellationToken ct) => async (tx, stamp) =>
    {
        var locked = await Headers.Lock(tx, function.Code, id, null, ct);
        if (locked.IsRefused || await tx.Execute($"update book_journal set reversal_stuck = {true} where document_id = {id} and not reversal_stuck", ct) == 0) return;
        await Tell(tx, locked.Value, "JOURNAL_REVERSAL_STUCK", $"{locked.Value.Number} could not be reversed", refusal, stamp, ct);
    };

    private async Task Tell(Tx tx, Header header, string rule, string what, Refusal refusal, Stamp stamp, CancellationToken ct)
    {
        await exceptions.Raise(tx, function, rule, header, $"{what}: {refusal.Message}", stamp, ct: ct);
        NoticeBook.Stage(tx, new Notice("journal-stuck", what, refusal.Message, $"/books/journals/{header.Id:D}") { ToRole = "accountant", BranchId = header.BranchId }, clock);
    }

    private async Task<Stamp> StampOf(Guid branchId, CancellationToken ct)
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        var local = TimeZoneInfo.ConvertTime(now, (await organisation.Get(ct)).Branch(branchId).Zone);
        return new Stamp(Actor.System, branchId, now, DateOnly.FromDateTime(local.DateTime), local.Hour);
    }
}
