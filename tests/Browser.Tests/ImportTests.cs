using System.Text;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Plug1.Browser.Tests;

/// <summary>An import as an administrator makes it at the keyboard.</summary>
public sealed class ImportTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task An_import_with_errors_is_mended_and_run_by_keyboard()
    {
        var page = await counter.SignIn("admin");
        await page.GotoAsync("/admin/imports");
        await Send(page, "Choose a CSV file", "items.csv", "sku,name,category,unit,taxCode\nNEW-1,Green tea,FOOD,EA,S20\nNEW-2,Black tea,NOPE,EA,S20\n");
        await Press(page, "Preview");
        var refused = page.GetByRole(AriaRole.Table, new PageGetByRoleOptions { Name = "Refused rows" });
        await Assertions.Expect(refused.GetByText("CATEGORY_UNKNOWN")).ToBeVisibleAsync();
        await Screens.Take(page, "import-refused");
        await Axe.Check(page, "an import with refused rows");
        (await counter.Count("select count(*) from item where sku like 'NEW-%'")).ShouldBe(0);

        var download = await page.RunAndWaitForDownloadAsync(() => Press(page, "Refused rows"));
        download.SuggestedFilename.ShouldBe("items-refused.csv");
        var rows = await File.ReadAllTextAsync(await download.PathAsync());
        rows.ShouldContain("NEW-2,Black tea,NOPE,EA,S20,");
        await Press(page, "Import 1 row");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "What it did" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Import another file")).ToBeVisibleAsync();
        await Press(page, "Import another file");

        await Send(page, "Choose a CSV file", "mended.csv", rows.Replace("NOPE", "FOOD", StringComparison.Ordinal));
        await Press(page, "Preview");
        await Press(page, "Import 1 row");
        await Assertions.Expect(page.GetByText("Import another file")).ToBeVisibleAsync();
        for (var tries = 0; await counter.Count("select count(*) from item where sku like 'NEW-%'") < 2; tries++)
        {
            tries.ShouldBeLessThan(100);
            await Task.Delay(100);
        }

        await page.GotoAsync("/work");
        await Assertions.Expect(page.GetByText("Import: Items, mended.csv")).ToBeVisibleAsync();
        await Screens.Take(page, "my-work");
        await Axe.Check(page, "my work");
    }

    private static async Task Send(IPage page, string button, string name, string text)
    {
        var chooser = await page.RunAndWaitForFileChooserAsync(() => Press(page, button));
        await chooser.SetFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Columns" })).ToBeVisibleAsync();
    }

    private static async Task Press(IPage page, string button)
    {
        var found = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = true });
        await found.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }
}
