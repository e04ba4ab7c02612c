using System.Globalization;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Ledger;

/// <summary>Something that is looked at before a month is closed.</summary>
/// <param name="Code">Stable word, such as <c>unposted</c>.</param>
/// <param name="Name">What is looked at.</param>
/// <param name="State">ok; warning: it may be closed all the same; blocking: it may not.</param>
/// <param name="Count">How many stand in the way; zero when it is ok.</param>
/// <param name="Text">One sentence: what was found.</param>
/// <param name="Link">The page that shows them, or null.</param>
public sealed record PeriodCheck(string Code, string Name, string State, long Count, string Text, string? Link);

/// <summary>What must be seen before a month is closed, and whether it may be.</summary>
/// <param name="Id">The month.</param>
/// <param name="Step">The close that was asked about: <c>soft-close</c> or <c>close</c>.</param>
/// <param name="Ready">Whether nothing blocks it.</param>
/// <param name="Items">The checks.</param>
public sealed record PeriodChecksView(string Id, string Step, bool Ready, IReadOnlyList<PeriodCheck> Items);

/// <summary>A month that somebody means to close.</summary>
/// <param name="From">First day.</param>
/// <param name="To">First day after it.</param>
/// <param name="Today">The day on which it is asked.</param>
/// <param name="ForGood">Whether it is closed for everybody, or only softly.</param>
public sealed record ClosingMonth(DateOnly From, DateOnly To, DateOnly Today, bool ForGood)
{
    /// <summary>First and last day as filters of a page.</summary>
    public string Days => string.Create(CultureInfo.InvariantCulture, $"from={From:yyyy-MM-dd}&to={To.AddDays(-1):yyyy-MM-dd}");
}

/// <summary>What one check found.</summary>
/// <param name="Code">Stable word.</param>
/// <param name="Name">What is looked at.</param>
/// <param name="Count">How many stand in the way; zero for none.</param>
/// <param name="Good">One sentence for none.</param>
/// <param name="Bad">One sentence for some.</param>
/// <param name="Blocks">Whether a close for good is refused while there are any; a soft one never is, since it keeps nobody from settling them.</param>
/// <param name="Link">The page that shows them.</param>
public sealed record PeriodFinding(string Code, string Name, long Count, string Good, string Bad, bool Blocks, string? Link = null)
{
    internal PeriodCheck In(ClosingMonth month) =>
        new(Code, Name, Count == 0 ? "ok" : Blocks && month.ForGood ? "blocking" : "warning", Count, Count == 0 ? Good : Bad, Count == 0 ? null : Link);
}

/// <summary>Looks at what a module knows of a month before it is closed; a module declares one.</summary>
public interface IPeriodCheck
{
    /// <summary>Looks.</summary>
    /// <param name="db">A session; that of the close when it is under way.</param>
    /// <param name="month">The month.</param>
    /// <param name="ct">Cancellation.</param>
    Task<IReadOnlyList<PeriodFinding>> Look(Db db, ClosingMonth month, CancellationToken ct);
}

/// <summary>All that is looked at before a month is closed. The page shows this list and the close obeys it: there is no other.</summary>
public sealed class PeriodChecks(FunctionCatalogue functions, LedgerLaws laws, IEnumerable<IPeriodCheck> modules)
{
    /// <summary>The check whose refusal has a code of its own.</summary>
    internal const string Earlier = "earlier-months";

    private const int MostNamed = 6;
    private static readonly string[] Waiting = ["submitted", "approved"];

    /// <summary>The checks that cost little, in the order in which they are shown.</summary>
    public async Task<IReadOnlyList<PeriodCheck>> Quick(Db db, ClosingMonth month, CancellationToken ct)
    {
        var found = new List<PeriodFinding>();
        if (month.ForGood) found.Add(await EarlierMonths(db, month, ct));
        found.Add(NotOver(month));
        found.AddRange(await Documents(db, month, ct));
        foreach (var module in modules) found.AddRange(await module.Look(db, month, ct));
        found.AddRange(await Unsettled(db, month, ct));
        return [.. found.Select(one => one.In(month))];
    }

    /// <summary>Whether the ledger keeps all its laws. Reads all entries, so it is asked outside the transaction that closes.</summary>
    public async Task<PeriodCheck> Ledger(Db db, ClosingMonth month, CancellationToken ct)
    {
        var all = laws.Of(db.Engine);
        var broken = new List<string>();
        await foreach (var violation in LedgerCheck.Run(db, all, ct: ct))
        {
            if (!broken.Contains(violation.Law.Law)) broken.Add(violation.Law.Law);
            if (broken.Count == MostNamed) break;
        }

        return new PeriodFinding("ledger", "Laws of the ledger", broken.Count, $"The ledger keeps all of its {all.Count} laws.", $"The ledger breaks laws: {string.Join(" ", broken)}", Blocks: true, "/admin/trial-balance").In(month);
    }

    private static async Task<PeriodFinding> EarlierMonths(Db db, ClosingMonth month, CancellationToken ct)
    {
        var begun = db.Later($"select min(business_date) from ledger_transaction", row => row.DateOrNull(0));
        var closed = db.Later($"select start_date from period where start_date < {month.From} and state = 'closed'", row => row.Date(0));
        await db.Flush(ct);
        var open = new List<string>();
        if (begun.Value[0] is { } day)
        {
            var known = closed.Value.ToHashSet();
            for (var at = new DateOnly(day.Year, day.Month, 1); at < month.From; at = at.AddMonths(1))
                if (!known.Contains(at)) open.Add(at.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        }

        return new PeriodFinding(Earlier, "Earlier months", open.Count, "All months before it are closed.",
            $"Close the periods before it first: {string.Join(", ", open.Take(MostNamed))}{(open.Count > MostNamed ? ", ..." : "")}.", Blocks: true, "/admin/periods");
    }

    private static PeriodFinding NotOver(ClosingMonth month)
    {
        var left = month.To.DayNumber - Math.Max(month.Today.DayNumber, month.From.DayNumber);
        return new PeriodFinding("month-over", "End of the month", month.To > month.Today ? left : 0, "The month is over.",
            left == 1 ? "One day of it is left, with today." : $"{left} days of it are left, with today.", Blocks: false);
    }

    private async Task<IReadOnlyList<PeriodFinding>> Documents(Db db, ClosingMonth month, CancellationToken ct)
    {
        var undated = functions.All.SelectMany(function => function.Kinds.Where(kind => !kind.Dated).Select(kind => $"{function.Code}/{kind.Code}")).ToList();
        Sql leftOut = undated.Count == 0 ? Sql.Raw("") : $" and not (function || '/' || kind) {Sql.List(undated)}";
        var counts = await db.Query($"""
            select function, status, count(*) from document where function {Sql.List(functions.All.Select(function => function.Code).ToList())} and status in ('draft', 'submitted', 'approved')
              and business_date >= {month.From} and business_date < {month.To}{leftOut} group by function, status order by 3 desc, function, status
            """, row => (Function: row.Text(0), Status: row.Text(1), Count: row.Long(2)), ct);
        return [Told("unposted", "Documents that wait to be posted", Waiting, "Nothing of the month waits to be posted.", "Not posted yet", blocks: true),
            Told("drafts", "Drafts", ["draft"], "There is no draft of the month.", "Drafts", blocks: false)];

        PeriodFinding Told(string code, string name, string[] states, string good, string bad, bool blocks)
        {
            var those = counts.Where(row => states.Contains(row.Status)).ToList();
            var named = those.GroupBy(row => row.Function).Select(group => $"{group.Sum(row => row.Count)} of {functions.Of(group.Key).Name}");
            var link = those is [var most, ..] ? $"/{most.Function[..most.Function.IndexOf('.', StringComparison.Ordinal)]}/{functions.Of(most.Function).Slug}/list?status={most.Status}&{month.Days}" : null;
            return new PeriodFinding(code, name, those.Sum(row => row.Count), good, $"{bad}: {string.Join(", ", named)}.", blocks, link);
        }
    }

    private static async Task<IReadOnlyList<PeriodFinding>> Unsettled(Db db, ClosingMonth month, CancellationToken ct)
    {
        var approvals = db.Later($"""
            select count(*) from approval_request r join document d on d.id = r.document_id where r.state = 'open' and d.business_date >= {month.From} and d.business_date < {month.To}
            """, row => row.Long(0));
        var exceptions = db.Later($"select count(*) from exception_item where state in ('open', 'acknowledged') and business_date >= {month.From} and business_date < {month.To}", row => row.Long(0));
        await db.Flush(ct);
        var (waiting, raised) = (approvals.Value[0], exceptions.Value[0]);
        return
        [
            new PeriodFinding("approvals", "Approvals", waiting, "Nothing of the month waits for a decision.", waiting == 1 ? "One document of the month waits for a decision." : $"{waiting} documents of the month wait for a decision.", Blocks: false, "/approvals"),
            new PeriodFinding("exceptions", "Exceptions", raised, "No exception of the month is open.", raised == 1 ? "One exception of the month is not settled." : $"{raised} exceptions of the month are not settled.", Blocks: false, $"/exceptions?{month.Days}"),
        ];
    }
}
