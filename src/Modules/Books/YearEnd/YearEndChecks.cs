using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Books.Statements;
using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Books.YearEnd;

/// <summary>A year that is to be closed: its days, and what each account brought at each branch.</summary>
/// <param name="FirstDay">First day.</param>
/// <param name="LastDay">Last day.</param>
/// <param name="Sums">Income and expense accounts with their balances, debit above zero; none is zero.</param>
internal sealed record Year(DateOnly FirstDay, DateOnly LastDay, IReadOnlyList<(Guid Branch, string Account, string Name, string Kind, long Amount)> Sums)
{
    /// <summary>What was earned less what was spent.</summary>
    public long Result => -Sums.Sum(sum => sum.Amount);
}

/// <summary>Works out what a year brought, and whether it may be closed.</summary>
internal sealed class YearEndChecks(OrganisationBook organisation, IServiceProvider services)
{
    private const int LongestMonths = 18;
    private static readonly BranchScope Everywhere = new([], true);

    /// <summary>The year that ends on a day.</summary>
    /// <returns>Refused with <c>YEAR_LAST_DAY_INVALID</c>, <c>YEAR_CLOSED</c> or <c>YEAR_TOO_LONG</c>.</returns>
    public async Task<Result<Year>> Year(Db db, DateOnly lastDay, DateOnly today, CancellationToken ct)
    {
        if (lastDay.Year < 1990 || lastDay >= today || lastDay.AddDays(1).Day != 1) return YearEndRefusals.LastDayInvalid;
        var last = await db.First($"select max(last_day) from book_year_end where active", row => row.DateOrNull(0), ct);
        if (last >= lastDay) return YearEndRefusals.Closed;
        var first = last?.AddDays(1) ?? lastDay.AddDays(1).AddYears(-1);
        if (first.AddMonths(LongestMonths) <= lastDay) return YearEndRefusals.TooLong(first);
        var currency = (await organisation.Get(ct)).Company.Currency;
        var chart = (await LedgerReports.Chart(db, ct)).Where(account => account.Kind is "income" or "expense").ToDictionary(account => account.Code, StringComparer.Ordinal);
        var sums = await BookSums.Read(db, currency.Code, Everywhere, [(null, lastDay)], ct);
        return new Year(first, lastDay, [.. sums.Where(sum => chart.ContainsKey(sum.Account)).GroupBy(sum => (sum.Branch, sum.Account))
            .Select(group => (group.Key.Branch, group.Key.Account, chart[group.Key.Account].Name, chart[group.Key.Account].Kind, group.Sum(sum => sum.Amount))).Where(sum => sum.Item5 != 0)
            .OrderBy(sum => sum.Branch).ThenBy(sum => sum.Account, StringComparer.Ordinal)]);
    }

    /// <summary>The checks that cost little: months, documents, the year before.</summary>
    public async Task<IReadOnlyList<YearEndCheck>> Quick(Db db, Year year, CancellationToken ct)
    {
        var functions = services.GetRequiredService<FunctionCatalogue>().All.Select(function => function.Code).Where(code => code != YearEndFunction.FunctionCode);
        var begun = db.Later($"select min(business_date) from ledger_transaction", row => row.DateOrNull(0));
        var months = db.Later($"select start_date, state from period where start_date <= {year.LastDay}", row => (From: row.Date(0), State: row.Text(1)));
        var unposted = db.Later($"""
            select function, count(*) from document where function {Sql.List(functions)} and status in ('draft', 'submitted', 'approved', 'reversal-requested')
              and business_date >= {year.FirstDay} and business_date <= {year.LastDay} and not (function = {Journals.JournalFunction.FunctionCode} and kind = {Journals.Journal.RecurringKind}) group by function order by function
            """, row => $"{row.Long(1)} of {row.Text(0)}");
        await db.Flush(ct);
        var currency = (await organisation.Get(ct)).Company.Currency;
        var chart = (await LedgerReports.Chart(db, ct)).Where(account => account.Kind is "income" or "expense").Select(account => account.Code).ToHashSet(StringComparer.Ordinal);
        var earlier = (await BookSums.Read(db, currency.Code, Everywhere, [(null, year.FirstDay.AddDays(-1))], ct)).Where(sum => chart.Contains(sum.Account))
            .GroupBy(sum => (sum.Branch, sum.Account)).Where(group => group.Sum(sum => sum.Amount) != 0).Select(group => group.Key.Account).Distinct().ToList();
        var states = months.Value.ToDictionary(month => month.From, month => month.State);
        var open = new List<string>();
        if (begun.Value[0] is { } day)
        {
            for (var month = new DateOnly(day.Year, day.Month, 1); month <= year.LastDay; month = month.AddMonths(1))
                if (states.GetValueOrDefault(month, "open") == "open") open.Add(month.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        }

        return
        [
            Check("periods", open.Count == 0, "All months up to the end of the year are closed, softly or for good.", $"These months are open: {string.Join(", ", open.Take(12))}{(open.Count > 12 ? ", ..." : "")}."),
            Check("unposted", unposted.Value.Count == 0, "Nothing of the year waits to be posted.", $"Not posted yet: {string.Join(", ", unposted.Value)}."),
            Check("earlier-year", earlier.Count == 0, "The year before is closed.", $"Before {year.FirstDay:yyyy-MM-dd} there is income or expense that was not closed: {string.Join(", ", earlier.Take(8))}."),
        ];
    }

    /// <summary>Whether the ledger keeps all its laws. Reads all entries.</summary>
    public async Task<YearEndCheck> Ledger(Db db, CancellationToken ct)
    {
        var laws = services.GetRequiredService<LedgerLaws>().Of(db.Engine);
        var broken = new List<string>();
        await foreach (var violation in LedgerCheck.Run(db, laws, ct: ct))
        {
            if (!broken.Contains(violation.Law.Law)) broken.Add(violation.Law.Law);
            if (broken.Count == 5) break;
        }

        return Check("ledger", broken.Count == 0, $"The ledger keeps all of its {laws.Count} laws.", $"The ledger breaks laws: {string.Join(" ", broken)}");
    }

    private static YearEndCheck Check(string code, bool holds, string good, string bad) => new(code, holds, holds ? good : bad);
}

/// <summary>A month of a closed year stays closed.</summary>
internal sealed class YearGuard : IPeriodGuard
{
    public async Task<Refusal?> MayReopen(Tx tx, DateOnly from, CancellationToken ct) =>
        await tx.Number($"select count(*) from book_year_end where active and last_day >= {from}", ct) > 0 ? YearEndRefusals.Closed with { At = null } : null;
}
