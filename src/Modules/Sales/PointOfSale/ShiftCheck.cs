using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>Shifts of a month that are not closed: their drawers are not counted, and a till that is offline may still bring sales of them.</summary>
internal sealed class ShiftCheck(OrganisationBook organisation) : IPeriodCheck
{
    public async Task<IReadOnlyList<PeriodFinding>> Look(Db db, ClosingMonth month, CancellationToken ct)
    {
        var view = await organisation.Get(ct);
        // Few: a terminal has one shift that is not closed. On which day it was opened is told by the clock of its branch.
        var open = await db.Query($"select number, branch_id, opened_at from work_session where kind = 'shift' and state <> 'closed' order by opened_at, number",
            row => (Number: row.Text(0), Branch: row.Guid(1), At: row.Instant(2)), ct);
        var shifts = open.Where(shift => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(shift.At, view.Branch(shift.Branch).Zone).DateTime) < month.To).Select(shift => shift.Number).ToList();
        return
        [
            new PeriodFinding("shifts", "Shifts", shifts.Count, "All shifts of the month are closed.",
                $"Not closed yet: {string.Join(", ", shifts.Take(6))}{(shifts.Count > 6 ? ", ..." : "")}.", Blocks: true, "/sales/point-of-sale/shifts"),
        ];
    }
}
