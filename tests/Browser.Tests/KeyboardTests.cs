using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Plug1.Browser.Tests;

/// <summary>Work of the office that is done by keyboard alone: deciding what waits.</summary>
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
        await page.WaitForURLAsync("**/approvals");
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
        await page.WaitForURLAsync("**/approvals?open=*");
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

    private static Task PayOut(IPage page, string amount) =>
        page.Do("/sales/point-of-sale/cash-movements", new { terminalId = "T1", movement = "paid-out", amount, reason = "PETTY_CASH" });

    private static string Movements(string status, long amount) =>
        $"select count(*) from document d join pos_cash_movement m on m.document_id = d.id where m.movement = 'paid-out' and d.status = '{status}' and m.amount = {amount}";

    /// <summary>The one who asked opens the notifications and reads what became of it.</summary>
    private static async Task Told(IPage page, string what)
    {
        await page.ReloadAsync();
        await page.Enter(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new Regex("notification", RegexOptions.IgnoreCase) }));
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { NameRegex = new Regex(what) })).ToBeVisibleAsync();
    }
}
