using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Journals;

/// <summary>What is still to be posted by itself in a month: in a closed one it would stand still for good.</summary>
internal sealed class JournalCheck : IPeriodCheck
{
    public async Task<IReadOnlyList<PeriodFinding>> Look(Db db, ClosingMonth month, CancellationToken ct)
    {
        var recurring = db.Later($"select count(*) from book_recurring r join document d on d.id = r.document_id where r.next_on < {month.To} and d.status = 'posted'", row => row.Long(0));
        var mirrors = db.Later($"""
            select count(*) from book_journal j join document d on d.id = j.document_id where j.reverse_on < {month.To} and d.status = 'posted' and d.reversal_of is null
            """, row => row.Long(0));
        await db.Flush(ct);
        var (due, reversals) = (recurring.Value[0], mirrors.Value[0]);
        return
        [
            new PeriodFinding("recurring", "Recurring journals", due, "All recurring journals of the month are posted.",
                due == 1 ? "One recurring journal is still to be posted by the end of the month." : $"{due} recurring journals are still to be posted by the end of the month.", Blocks: true, "/books/recurring"),
            new PeriodFinding("planned-reversals", "Planned reversals", reversals, "No planned reversal of the month is left.",
                reversals == 1 ? "One journal is still to be reversed by the end of the month." : $"{reversals} journals are still to be reversed by the end of the month.", Blocks: true, "/books/journals/list"),
        ];
    }
}
