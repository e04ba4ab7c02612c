using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Plug1.Browser.Tests;

/// <summary>Work of the office that is done by keyboard alone: deciding what waits, closing a month, following a figure down to its proof.</summary>
public sealed class KeyboardTests(Counter counter) : IClassFixture<Counter>
{
    private static readonly Regex Waits = new(@"^Cash movement CASH-\S+ waits for your approval$");

    [Fact]
    public async Task A_second_person_approves_what_waits_and_rejects_with_a_reason_from_the_list()
    {
        var cashier = await counter.SignIn("kim");
        await cashier.Do("/sales/point-of-sale/shifts/T1/open", new { @float = "200.00" });
        await PayOut(cashier, "60.00");
        (await counter.Count(Movements("submitted", 6000))).ShouldBe(1);

        var page = await counter.SignIn("maria");
        await page.Enter(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new Regex("notification", RegexOptions.IgnoreCase) }));
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { NameRegex = Waits })).ToBeVisibleAsync();
        await Screens.Take(page, "keyboard-notifications");
        await Axe.Check(page, "notifications");
        await page.Keyboard.PressAsync("Escape");

        await page.Enter(page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { NameRegex = new Regex("approval", RegexOptions.IgnoreCase) }));
        await page.At("/approvals");
        await page.Enter(page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { NameRegex = new Regex("^CASH-") }));
        var way = page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "The way of this request" });
        await Assertions.Expect(way).ToContainTextAsync("Store manager");
        await Assertions.Expect(way).ToContainTextAsync("waits");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Paid out over 50.00");
        await Screens.Take(page, "keyboard-decision");
        await Axe.Check(page, "the decision on a request");
        await page.Enter(page.Button("Approve"));
        var asked = page.GetByRole(AriaRole.Dialog, new PageGetByRoleOptions { NameRegex = new Regex(@"^Approve CASH-\S+\?$") });
        await asked.WaitForAsync();
        await Axe.Check(page, "the question before a decision");
        await page.Enter(asked.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Approve", Exact = true }));
        await Assertions.Expect(page.GetByText("Nothing waits for approval")).ToBeVisibleAsync();

        (await counter.Count(Movements("posted", 6000))).ShouldBe(1);
        (await counter.Count("select count(*) from ledger_transaction t join pos_cash_movement m on m.document_id = t.document_id where m.movement = 'paid-out'")).ShouldBe(1);
        await Told(cashier, "was approved by maria");

        await PayOut(cashier, "75.00");
        await Reject(page);
        (await counter.Count(Movements("rejected", 7500))).ShouldBe(1);
        (await counter.Count("select count(*) from approval_decision where decision = 'rejected' and reason = 'NOT_JUSTIFIED'")).ShouldBe(1);
        (await counter.Count("select count(*) from ledger_transaction t join pos_cash_movement m on m.document_id = t.document_id where m.movement = 'paid-out'")).ShouldBe(1);
        await Told(cashier, "was rejected by maria");
    }

    /// <summary>From the notification itself: it leads to the request, which is rejected for a reason that the arrows choose.</summary>
    private static async Task Reject(IPage page)
    {
        await page.ReloadAsync();
        await page.Enter(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new Regex("notification", RegexOptions.IgnoreCase) }));
        await page.Enter(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { NameRegex = Waits }).First);
        await page.At("/approvals?open=");
        await page.Enter(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Reject", Exact = true }));
        var asked = page.GetByRole(AriaRole.Dialog, new PageGetByRoleOptions { NameRegex = new Regex(@"^Reject CASH-\S+\?$") });
        await asked.WaitForAsync();

        // Without a reason it is not taken.
        var reject = asked.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Reject", Exact = true });
        await page.Enter(reject);
        var reason = asked.GetByRole(AriaRole.Combobox, new LocatorGetByRoleOptions { Name = "Reason" });
        await Assertions.Expect(reason).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Reach(reason);
        for (var turn = 0; turn < 6; turn++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
            if (await page.Locator("[data-combobox-selected]").CountAsync() > 0 && await page.Locator("[data-combobox-selected]").InnerTextAsync() == "Not justified") break;
        }

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(reason).ToHaveValueAsync("Not justified");
        await Screens.Take(page, "keyboard-rejection");
        await Axe.Check(page, "a rejection with its reason");
        await page.Enter(reject);
        await Assertions.Expect(page.GetByText("Nothing waits for approval")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_month_is_closed_softly_then_for_good_and_takes_no_posting_until_it_is_opened_again()
    {
        var page = await counter.SignIn("anna");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(TimeProvider.System.GetUtcNow(), "Europe/Vienna").DateTime);
        var (last, before) = (new DateOnly(today.Year, today.Month, 1).AddMonths(-1), new DateOnly(today.Year, today.Month, 1).AddMonths(-2));
        (await Book(page, before)).ShouldBe((200, null));
        (await Book(page, last)).ShouldBe((200, null));

        await page.Enter(page.Link("Administration"));
        await page.At("/admin");
        await page.Enter(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { NameRegex = new Regex("^Periods") }));
        await page.At("/admin/periods");
        await Step(page, last, "Close softly");
        await Assertions.Expect(Line(page, last)).ToContainTextAsync("Soft");
        // Who may post into a month that is closed softly still does.
        (await Book(page, last)).ShouldBe((200, null));

        // The check: an earlier month with postings is open.
        var dialog = await Ask(page, last, "Close");
        await Assertions.Expect(dialog).ToContainTextAsync("Close the periods before it first");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Close", Exact = true })).ToBeDisabledAsync();
        await Screens.Take(page, "keyboard-period-refused");
        await Axe.Check(page, "a month that cannot be closed yet");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        await Step(page, before, "Close");
        await Assertions.Expect(Line(page, before)).ToContainTextAsync("Closed");
        await Step(page, last, "Close");
        await Assertions.Expect(Line(page, last)).ToContainTextAsync("Closed");
        await Screens.Take(page, "keyboard-periods");
        await Axe.Check(page, "periods");
        (await counter.Count("select count(*) from period where state = 'closed'")).ShouldBe(2);
        (await Book(page, last)).ShouldBe((409, "PERIOD_CLOSED"));
        (await counter.Count(Journals)).ShouldBe(3);

        var reopen = await Ask(page, last, "Reopen");
        await page.Enter(reopen.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Reopen", Exact = true }));
        await Assertions.Expect(reopen).ToContainTextAsync("This is required.");
        await reopen.GetByRole(AriaRole.Textbox).FocusAsync();
        await page.Keyboard.TypeAsync("The bank sent a late statement");
        await page.Enter(reopen.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Reopen", Exact = true }));
        await Assertions.Expect(Line(page, last)).ToContainTextAsync("Open");
        (await Book(page, last)).ShouldBe((200, null));
        (await counter.Count(Journals)).ShouldBe(4);
        (await counter.Count("select count(*) from audit_event where function = 'kernel.ledger' and action in ('soft-close', 'close', 'reopen')")).ShouldBe(4);
        (await counter.Count("select count(*) from audit_event where action = 'reopen' and reason_text = 'The bank sent a late statement'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_figure_of_the_daily_report_is_followed_to_its_documents_its_entries_and_the_proof()
    {
        var till = await counter.SignIn("kim");
        await till.GotoAsync("/sales/point-of-sale/register?terminal=T2");
        await till.OpenShift("100.00");
        await till.Scan("ITEM-06", "6.00");
        await till.Keyboard.PressAsync("F8");
        await till.GetByText("Still to pay").First.WaitForAsync();
        await till.Keyboard.PressAsync("F9");
        await Assertions.Expect(till.GetByText("HQ-T2-000001").First).ToBeVisibleAsync();
        await counter.Seal();

        var page = await counter.SignIn("admin");
        await page.GotoAsync("/sales/point-of-sale");
        await page.Enter(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Reports", Exact = true }));
        await page.Enter(page.Link("Daily summary"));
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/reports/daily"));
        // Thirty days, and one of them has sold something: 6.00 with 20 % of tax in it.
        var days = page.GetByRole(AriaRole.Table, new PageGetByRoleOptions { Name = "Daily summary" }).Locator("tbody tr");
        await Assertions.Expect(days).ToHaveCountAsync(30);
        var day = days.Last;
        await Assertions.Expect(day).ToContainTextAsync("5.00");
        await Screens.Take(page, "keyboard-report");
        await Axe.Check(page, "the daily report");
        await page.Enter(day.GetByRole(AriaRole.Link).First);

        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/reports/documents\?from=(\S+)&to=\1$"));
        await Axe.Check(page, "the documents of a day");
        await page.Enter(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "HQ-T2-000001" }).GetByRole(AriaRole.Link).First);
        await page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "HQ-T2-000001" }).WaitForAsync();
        await page.Enter(page.Link("Ledger entries"));
        await Assertions.Expect(page.GetByText("Debit and credit are equal").First).ToBeAttachedAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new PageGetByRoleOptions { Name = "Ledger entries" }).First).ToContainTextAsync("6.00");
        await page.Enter(page.Button("Prove").First);
        await Proven(page, "the entries of a document with their proof");

        await page.Enter(page.Link("Audit trail"));
        await page.At("/audit");
        await page.Enter(page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "Sale" }).GetByRole(AriaRole.Link).First);
        await page.Enter(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Prove" }));
        await Proven(page, "an event with its proof");
    }

    private static async Task Proven(IPage page, string what)
    {
        await Assertions.Expect(page.GetByText(new Regex(@"^Unchanged since block \d+ was sealed"))).ToBeVisibleAsync();
        await Screens.Take(page, $"keyboard-{what.Replace(' ', '-')}");
        await Axe.Check(page, what);
    }

    private static Task PayOut(IPage page, string amount) =>
        page.Do("/sales/point-of-sale/cash-movements", new { terminalId = "T1", movement = "paid-out", amount, reason = "PETTY_CASH" });

    private static string Movements(string status, long amount) =>
        $"select count(*) from document d join pos_cash_movement m on m.document_id = d.id where m.movement = 'paid-out' and d.status = '{status}' and m.amount = {amount}";

    /// <summary>The one who asked opens the notifications and reads what became of it.</summary>
    private static async Task Told(IPage page, string what)
    {
        await page.ReloadAsync();
        await page.Enter(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new Regex("notification", RegexOptions.IgnoreCase) }));
        // In the list that opens; the dashboard behind it tells the same.
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { NameRegex = new Regex(what + "$") })).ToBeVisibleAsync();
    }

    private const string Journals = "select count(*) from document where function = 'books.journals' and status = 'posted'";

    /// <summary>Enters and hands in a journal of 10.00 on the first of a month; the status and the code of a refusal.</summary>
    private static async Task<(int Status, string? Code)> Book(IPage page, DateOnly day)
    {
        var lines = new object[] { new { account = "6200", debit = "10.00" }, new { account = "1050", credit = "10.00" } };
        var (made, draft) = await page.Post("/books/journals", new { kind = "journal", date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), text = "Rent", lines });
        if (made >= 300) return (made, draft.GetProperty("code").GetString());
        var (status, answer) = await page.Post($"/books/journals/{draft.GetProperty("id").GetString()}/submit", version: draft.GetProperty("version").GetInt64());
        return (status, status >= 300 ? answer.GetProperty("code").GetString() : null);
    }

    private static string Name(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static ILocator Line(IPage page, DateOnly month) => page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = Name(month) });

    /// <summary>Goes to a step of a month, waits until its checks are there, and says yes.</summary>
    private static async Task Step(IPage page, DateOnly month, string step)
    {
        var confirm = (await Ask(page, month, step)).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = step, Exact = true });
        await Assertions.Expect(confirm).ToBeEnabledAsync();
        await page.Enter(confirm);
    }

    /// <summary>Opens the menu of a month's row and goes to a step with the arrows.</summary>
    /// <returns>The dialog that asks.</returns>
    private static async Task<ILocator> Ask(IPage page, DateOnly month, string step)
    {
        await page.Enter(Line(page, month).GetByRole(AriaRole.Button));
        var choice = page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = step, Exact = true });
        await choice.WaitForAsync();
        for (var turn = 0; turn < 4 && !await choice.EvaluateAsync<bool>("element => element === document.activeElement"); turn++) await page.Keyboard.PressAsync("ArrowDown");
        await page.Enter(choice);
        var dialog = page.GetByRole(AriaRole.Dialog, new PageGetByRoleOptions { Name = $"{step} {Name(month)}?" });
        await dialog.WaitForAsync();
        return dialog;
    }
}
