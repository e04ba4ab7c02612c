using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Plug1.Browser.Tests;

/// <summary>The register as a cashier with a queue uses it: by keyboard alone.</summary>
public sealed class RegisterTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task Ten_items_by_barcode_a_discount_a_split_tender_and_the_receipt_without_a_mouse()
    {
        var page = await counter.SignIn("kim");
        await page.GotoAsync("/sales/point-of-sale/register?terminal=T1");

        // No shift yet: the float is asked for.
        await page.OpenShift("200.00");

        for (var at = 1; at <= 10; at++)
        {
            await page.Keyboard.TypeAsync($"59{at:00000000000}");
            await page.Keyboard.PressAsync("Enter");
        }

        // 1 + 2 + ... + 10 euros.
        await Assertions.Expect(page.GetByTestId("total")).ToContainTextAsync("55.00");

        await page.Keyboard.PressAsync("%");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.WaitForAsync();
        await page.Keyboard.TypeAsync("5");
        await Screens.Take(page, "register-discount");
        await DiscountReason(page);

        // 5 % off the last item of 10.00.
        await Assertions.Expect(page.GetByText("54.50").First).ToBeVisibleAsync();
        await Screens.Take(page, "register-selling");
        await Axe.Check(page, "register while selling");

        await page.Keyboard.PressAsync("F8");
        await page.GetByText("Still to pay").First.WaitForAsync();
        await page.Keyboard.TypeAsync("20.00");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("34.50").First).ToBeVisibleAsync();
        await Screens.Take(page, "register-tendering");
        await page.Keyboard.PressAsync("F9");
        await Assertions.Expect(page.GetByText("HQ-T1-000001").First).ToBeVisibleAsync();
        await Screens.Take(page, "register-posted");
        await Axe.Check(page, "register after posting");

        (await counter.Count("select total from document where number = 'HQ-T1-000001'")).ShouldBe(5450);
        (await counter.Count("select count(*) from pos_sale_line l join document d on d.id = l.document_id where d.number = 'HQ-T1-000001'")).ShouldBe(10);
        (await counter.Count("select sum(t.amount) from pos_tender t join document d on d.id = t.document_id where d.number = 'HQ-T1-000001'")).ShouldBe(5450);
    }

    [Fact]
    public async Task A_gift_card_is_sold_stands_on_the_receipt_and_pays_for_the_next_sale_until_it_is_empty()
    {
        var page = await counter.SignIn("maria");
        await page.GotoAsync("/sales/point-of-sale/register?terminal=T2");
        await page.OpenShift("100.00");

        await page.Keyboard.PressAsync("F3");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Enter the value of the card.")).ToBeVisibleAsync();
        await page.Keyboard.TypeAsync("30");
        await Screens.Take(page, "register-gift-card");
        await Axe.Check(page, "selling a gift card");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("total")).ToContainTextAsync("30.00");
        await page.Keyboard.PressAsync("F9");
        await Assertions.Expect(page.GetByText("HQ-T2-000001").First).ToBeVisibleAsync();
        var code = await page.Locator("[aria-label='The gift card sold'] .mono").InnerTextAsync();
        code.ShouldMatch(@"^\d{4} \d{4} \d{4} \d{4}$");
        await Screens.Take(page, "register-gift-card-sold");
        var receipt = await (await page.APIRequest.GetAsync($"{counter.Address}/api/v1/sales/point-of-sale/{await counter.SaleOf("HQ-T2-000001")}/receipt")).TextAsync();
        receipt.ShouldContain(code);
        receipt.ShouldContain("Gift card EUR 30.00");

        // 10 + 10 + 10 + 2 euros: the card pays 30 of them, cash the rest.
        foreach (var at in new[] { 10, 10, 10, 2 })
        {
            await page.Keyboard.TypeAsync($"59{at:00000000000}");
            await page.Keyboard.PressAsync("Enter");
        }

        await Assertions.Expect(page.GetByTestId("total")).ToContainTextAsync("32.00");
        await page.Keyboard.PressAsync("F8");
        await page.GetByText("Still to pay").First.WaitForAsync();
        var method = page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Voucher" });
        for (var turn = 0; turn < 8 && await method.GetAttributeAsync("aria-checked") != "true"; turn++) await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.GetByLabel("Amount", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("32.00");
        await page.Keyboard.TypeAsync("6011000990139424");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("There is no such voucher.").First).ToBeVisibleAsync();
        await page.GetByLabel("Code of the card").FillAsync(code);
        await Screens.Take(page, "register-paying-with-a-gift-card");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Take back Voucher" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("F9");
        await Assertions.Expect(page.GetByText("HQ-T2-000002").First).ToBeVisibleAsync();

        const string Tenders = "select sum(t.amount) from pos_tender t join document d on d.id = t.document_id where d.number = 'HQ-T2-000002' and t.method = ";
        (await counter.Count(Tenders + "'VOUCHER'")).ShouldBe(3000);
        (await counter.Count(Tenders + "'CASH'")).ShouldBe(200);
        (await counter.Count("select coalesce(sum(b.amount), 0) from balance b join account a on a.id = b.account_id where a.role = 'StoredValue'")).ShouldBe(0);
    }

    private static async Task DiscountReason(IPage page)
    {
        // The dialog's fields in their order: rate, reason; Enter in the last one takes it.
        var reason = page.GetByRole(AriaRole.Dialog).GetByText("Damaged").First;
        if (await reason.CountAsync() > 0) await reason.ClickAsync();
        await page.Keyboard.PressAsync("Enter");
    }
}
