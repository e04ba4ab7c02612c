using Plug1.Books.Statements;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Books.Tests;

/// <summary>What holds of the statements whatever was booked, on every day, summed or not.</summary>
public class BookLaws
{
    private static readonly string[] Accounts = ["1050", "1010", "1200", "2200", "2350", "3100", "3900", "4000", "4100", "4200", "5000", "6100", "6400", "6500"];

    /// <summary>Journals of two to five lines over both branches; the last line balances the others.</summary>
    private static List<JournalPlan> Plans(int seed)
    {
        var dice = new Random(seed);
        return [.. Enumerable.Range(0, 12).Select(_ => new JournalPlan(new DateOnly(2025, 9, 1).AddDays(dice.Next(120)), [.. Enumerable.Range(0, 3 * dice.Next(1, 5)).Select(_ => dice.Next(1_000_000))]))];
    }

    [Theory, OnBothEngines]
    public async Task Statements_agree_with_the_trial_balance_and_with_each_other_on_any_day(Engine engine)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            await using var office = await Office.Open(engine);
            var plans = Plans(seed);
            var at = 0;
            foreach (var plan in plans)
            {
                await office.Post(plan.ToRequest());
                if (++at == 5) await office.SumUp(3);
            }

            foreach (var day in plans.Select(plan => plan.Day).Append(new DateOnly(2025, 9, 30)).Append(new DateOnly(2026, 1, 15)).Distinct()) await Agree(office, day);
            (await office.Violations()).ShouldBeEmpty();
        }
    }

    private static async Task Agree(Office office, DateOnly day)
    {
        var text = day.ToString("yyyy-MM-dd");
        foreach (var branches in new Guid[][] { [], [Office.Main], [Office.West] })
        {
            var request = office.Request("2025-09-01", text, branches: branches);
            var balance = await office.Balance(request);
            balance.Checks.ShouldAllBe(check => check.Holds);
            var trial = await office.Trial(request);
            trial.Checks.ShouldAllBe(check => check.Holds);
            var ledger = await office.Ledger(request);
            ledger.Checks.ShouldAllBe(check => check.Holds);
            long Net(Statement of, string key, int plus, int less) => of.Lines.Where(line => line.Key == key).Sum(line => (line.Amounts[plus] ?? 0) - (less < 0 ? 0 : line.Amounts[less] ?? 0));
            foreach (var account in Accounts) Net(ledger, account, 3, -1).ShouldBe(Net(trial, account, 0, 1), $"{account} on {text}");

            // Cash of the balance sheet, an overdrawn account counted below zero, is where the cash movement ends.
            var cash = await office.Cash(request);
            cash.Checks.ShouldAllBe(check => check.Holds);
            var ofLedger = new[] { "1000", "1010", "1050" }.Sum(account => Net(ledger, account, 3, -1));
            cash.Lines[^1].Amounts[2].ShouldBe(ofLedger);
            var middle = office.Request("2025-10-10", day < Office.Day("2025-10-10") ? "2025-10-10" : text, branches: branches);
            (await office.Cash(middle)).Checks.ShouldAllBe(check => check.Holds);

            // What the income statement tells is what the balance sheet has not closed yet.
            var result = (await office.Income(request)).Lines[^1].Amounts[0];
            balance.Lines.Where(line => line.Key == "equity/result").Sum(line => line.Amounts[0] ?? 0).ShouldBe(result ?? 0);
        }

        if (branchesAgree(await office.LedgerOfChart(day), await office.Trial(office.Request("2025-09-01", text))) is { } no) Assert.Fail(no);

        static string? branchesAgree(IReadOnlyList<TrialLine> kernel, Statement books)
        {
            var told = books.Lines.Where(line => line.Kind == "account").ToDictionary(line => line.Key, line => line.Amounts[0]!.Value - line.Amounts[1]!.Value);
            var known = kernel.Where(line => line.Unit == "EUR").ToDictionary(line => line.Account, line => line.Balance);
            return told.OrderBy(line => line.Key, StringComparer.Ordinal).SequenceEqual(known.OrderBy(line => line.Key, StringComparer.Ordinal)) ? null : "The trial balance by branch differs from that of the ledger.";
        }
    }

    private sealed record JournalPlan(DateOnly Day, IReadOnlyList<int> Picks)
    {
        public Books.Journals.JournalRequest ToRequest()
        {
            var lines = new List<Books.Journals.JournalLineRequest>();
            var sum = 0L;
            for (var at = 0; at < Picks.Count; at += 3)
            {
                var amount = Picks[at] + 1L;
                var debit = Picks[at + 1] % 2 == 0;
                sum += debit ? amount : -amount;
                lines.Add(Line(Accounts[Picks[at + 1] / 2 % Accounts.Length], debit ? amount : -amount, Picks[at + 2] % 3 == 0));
            }

            if (sum == 0)
            {
                sum = 100;
                lines.Add(Line("1050", 100, false));
            }

            lines.Add(Line(Accounts[Picks[2] % Accounts.Length], -sum, Picks[0] % 4 == 0));
            return new Books.Journals.JournalRequest("journal", Day, "Random", lines);
        }

        private static Books.Journals.JournalLineRequest Line(string account, long amount, bool west)
        {
            var text = $"{Math.Abs(amount) / 100}.{Math.Abs(amount) % 100:00}";
            return new Books.Journals.JournalLineRequest(account, amount > 0 ? text : null, amount < 0 ? text : null, Branch: west ? "WEST" : "MAIN");
        }
    }
}
