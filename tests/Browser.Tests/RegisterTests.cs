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
        var opening = page.GetByRole(AriaRole.Textbox).First;
        await opening.WaitForAsync();
        await opening.FillAsync("200.00");
        await page.Keyboard.PressAsync("Enter");
        var scan = page.GetByPlaceholder("Barcode", new PageGetByPlaceholderOptions { Exact = false });
        await scan.WaitForAsync();

        for (var at = 1; at <= 10; at++)
        {
            await page.Keyboard.TypeAsync($"59{at:00000000000}");
            await page.Keyboard.PressAsync("Enter");
        }

        // 1 + 2 + ... + 10 euros.
        await Assertions.Expect(page.GetByText("55.00").First).ToBeVisibleAsync();

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

    private static async Task DiscountReason(IPage page)
    {
        // The dialog's fields in their order: rate, reason; Enter in the last one takes it.
        var reason = page.GetByRole(AriaRole.Dialog).GetByText("Damaged").First;
        if (await reason.CountAsync() > 0) await reason.ClickAsync();
        await page.Keyboard.PressAsync("Enter");
    }
}
