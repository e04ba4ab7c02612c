using Plug1.Books.Statements;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Books.Tests;

/// <summary>The figures of the guide (docs/books.md), read from entries and from sums alike.</summary>
public class StatementScenarios
{
    [Theory, OnBothEngines]
    public async Task The_statements_of_the_guide_have_its_figures_whether_summed_or_not(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.TheYearOfTheGuide();
        await Figures(office);
        await office.SumUp(2);
        (await office.Count("select count(*) from book_month")).ShouldBeGreaterThan(0);
        await Figures(office);
        await office.Post("2025-04-30", "6400 D 1.00", "1050 C 1.00");
        await office.Post("2025-04-30", "6400 C 1.00", "1050 D 1.00");
        await Figures(office);
        (await office.Violations()).ShouldBeEmpty();
    }

    private static async Task Figures(Office office)
    {
        Office.Told(await office.Income(office.Request("2025-01-01", "2025-12-31"))).ShouldBe(
        [
            "Revenue: 100.00", "4000 Sales revenue: 100.00", "Total income: 100.00", "Expenses: 1600.00", "6400 Rent: 1000.00", "6500 Insurance: 600.00", "Total expenses: 1600.00", "Result: -1500.00",
        ]);
        Office.Told(await office.Balance(office.Request("2025-12-01", "2025-12-31"))).ShouldBe(
        [
            "Cash: 9020.00", "1000 Cash in tills: 120.00", "1010 Cash in safes: 500.00", "1050 Bank: 8400.00", "Receivables: 1200.00", "1100 Trade receivables: 1200.00", "Total assets: 10220.00",
            "Tax: 20.00", "2200 Output tax: 20.00", "Total liabilities: 20.00", "Equity: 11700.00", "3900 Opening balances: 11700.00", "Result not closed yet: -1500.00", "Total equity: 10200.00", "Total liabilities and equity: 10220.00",
        ]);
        var cash = await office.Cash(office.Request("2025-01-02", "2025-03-31"));
        Office.Told(cash).ShouldBe(
        [
            "Cash at the beginning: ||10500.00", "Clearing: 0.00|200.00|-200.00", "1900 Clearing between branches: 0.00|200.00|-200.00", "Tax: 20.00|0.00|20.00", "2200 Output tax: 20.00|0.00|20.00",
            "Revenue: 100.00|0.00|100.00", "4000 Sales revenue: 100.00|0.00|100.00", "Expenses: 0.00|1400.00|-1400.00", "6400 Rent: 0.00|1000.00|-1000.00", "6500 Insurance: 0.00|400.00|-400.00",
            "Movement of cash: 120.00|1600.00|-1480.00", "Cash at the end: ||9020.00",
        ]);
        cash.Checks.ShouldAllBe(check => check.Holds);
        var ledger = await office.Ledger(office.Request("2025-02-01", "2025-03-31"));
        Office.Told(ledger).ShouldContain("1050 Bank: 9000.00|0.00|600.00|8400.00");
        Office.Told(ledger)[^1].ShouldBe("Total: 0.00|920.00|920.00|0.00");
        Office.Told(await office.Trial(office.Request("2025-12-01", "2025-12-31")))[^1].ShouldBe("Total: 11820.00|11820.00");
    }

    [Theory, OnBothEngines]
    public async Task Branches_stand_side_by_side_and_each_of_them_balances(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.TheYearOfTheGuide();
        await office.Sell("2025-05-05", 5_000, Office.West);
        Office.Told(await office.Income(office.Request("2025-01-01", "2025-12-31", byBranch: true)))[^1].ShouldBe("Result: -1300.00|-150.00|-1450.00");
        var balance = Office.Told(await office.Balance(office.Request("2025-12-01", "2025-12-31", byBranch: true)));
        balance.ShouldContain("Total assets: 10420.00|60.00|10280.00");
        // What one branch owes the other stands on either side, and is nothing in all.
        balance.Where(line => line.StartsWith("1900", StringComparison.Ordinal)).ShouldBe(["1900 Clearing between branches: 200.00|0.00|0.00", "1900 Clearing between branches: 0.00|200.00|0.00"]);
        balance[^1].ShouldBe("Total liabilities and equity: 10420.00|60.00|10280.00");
        Office.Told(await office.Income(office.Request("2025-01-01", "2025-12-31", branches: Office.West)))[^1].ShouldBe("Result: -150.00");
        Office.Told(await office.Cash(office.Request("2025-01-01", "2025-12-31", branches: Office.West)))[^1].ShouldBe("Cash at the end: ||60.00");
    }

    [Theory, OnBothEngines]
    public async Task A_period_is_compared_with_the_one_before_and_with_a_year_ago(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.TheYearOfTheGuide();
        var months = await office.Income(office.Request("2025-03-01", "2025-03-31", "previous"));
        months.Columns[1].From.ShouldBe(Office.Day("2025-02-01"));
        months.Columns[1].To.ShouldBe(Office.Day("2025-02-28"));
        Office.Told(months)[^1].ShouldBe("Result: -600.00|100.00");
        Office.Told(await office.Income(office.Request("2026-01-01", "2026-01-31", "year-ago")))[^1].ShouldBe("Result: 0.00|-1000.00");
        var days = await office.Income(office.Request("2025-02-05", "2025-02-14", "previous"));
        (days.Columns[1].From, days.Columns[1].To).ShouldBe((Office.Day("2025-01-26"), Office.Day("2025-02-04")));
        Office.Told(days)[^1].ShouldBe("Result: 100.00|-1000.00");
        Office.Told(await office.Balance(office.Request("2025-03-01", "2025-03-31", "previous"))).ShouldContain("1050 Bank: 8400.00|9000.00");
        StatementParts.Compared("year-ago", Office.Day("2024-02-01"), Office.Day("2024-02-29")).ShouldBe((Office.Day("2023-02-01"), Office.Day("2023-02-28")));
    }

    [Theory, OnBothEngines]
    public async Task An_overdrawn_bank_is_a_liability_and_goods_with_their_cost_move_no_cash(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.Post("2025-06-01", "6400 D 300.00", "1050 C 300.00");
        await office.Sell("2025-06-02", 10_000, cost: 6_000);
        var balance = Office.Told(await office.Balance(office.Request("2025-06-01", "2025-06-30", "previous")));
        balance.ShouldContain("1050 Bank: 300.00|0.00");
        balance.ShouldContain("Total liabilities: 320.00|0.00");
        balance.ShouldContain("1300 Inventory: -60.00|0.00");
        Office.Told(await office.Income(office.Request("2025-06-01", "2025-06-30"))).ShouldContain("Gross profit: 40.00");
        var cash = Office.Told(await office.Cash(office.Request("2025-06-01", "2025-06-30")));
        cash.ShouldNotContain(line => line.Contains("Goods", StringComparison.Ordinal));
        cash[^1].ShouldBe("Cash at the end: ||-180.00");
    }

    [Theory, OnBothEngines]
    public async Task A_figure_leads_to_its_entries_and_they_to_their_documents(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.TheYearOfTheGuide();
        for (var time = 0; time < 3; time++) await office.Post("2025-07-01", "6400 D 10.00", "1050 C 10.00");
        var viewer = await office.Viewer();
        EntriesRequest Asked(int limit, string? after = null, params string[] accounts) => new(accounts.Length == 0 ? ["6400"] : accounts, Office.Day("2025-01-31"), Office.Day("2025-12-31"), new BranchScope([Office.Main, Office.West], true), true, false, limit, after);
        Task<BookEntriesAnswer> Read(EntriesRequest request) => office.Database.Read(async db => (await BookEntries.Read(db, request, viewer, default)).Value);
        var (first, seen) = (await Read(Asked(2)), new List<string>());
        (first.Opening, first.Movement, first.Items.Count).ShouldBe(("0.00", "1030.00", 2));
        first.Items[0].Document.Number.ShouldBe("JOURNAL-2025-000001");
        first.Items[0].Debit.ShouldBe("1000.00");
        for (var page = first; ; page = await Read(Asked(2, page.Next)))
        {
            seen.AddRange(page.Items.Select(item => $"{item.Transaction}/{item.Line}"));
            if (page.Next is null) break;
        }

        seen.Count.ShouldBe(4);
        seen.Distinct().Count().ShouldBe(4);
        (await office.Database.Read(db => BookEntries.Read(db, Asked(2, "nonsense"), viewer, default))).Refusal!.Code.ShouldBe("CURSOR_INVALID");
        var cash = await Read(Asked(10, null, "4000", "2200") with { CashOnly = true });
        cash.Movement.ShouldBe("-120.00");
        (await Read(Asked(10, null, "6500") with { Scope = new BranchScope([Office.West], false) })).Movement.ShouldBe("200.00");
    }
}
