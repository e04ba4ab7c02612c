using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Plug1.Browser.Tests;

/// <summary>Lists and master data as a clerk uses them: filtered by name, taken away as a file, entered with errors at their fields.</summary>
public sealed class ListTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task A_list_is_filtered_by_a_person_s_name_and_taken_away_as_a_file()
    {
        var page = await counter.SignIn("maria");
        await page.GotoAsync("/sales/point-of-sale/list");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Filter", Exact = true }).ClickAsync();
        var person = page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "Made by" });
        await person.FillAsync("kim");
        await page.GetByRole(AriaRole.Option, new PageGetByRoleOptions { Name = "kim" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("createdBy=[0-9a-f-]{36}"));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Remove Made by" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main").GetByText("kim", new LocatorGetByTextOptions { Exact = true }).First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Export" }).ClickAsync();
        var waiting = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "CSV", Exact = true }).ClickAsync();
        var file = await waiting;
        file.SuggestedFilename.ShouldMatch(@"^point-of-sale-\d{4}-\d{2}-\d{2}\.csv$");
        (await File.ReadAllTextAsync(await file.PathAsync())).ShouldStartWith("Number,Date,Kind,Status,Branch,");
    }

    [Fact]
    public async Task A_new_category_is_refused_at_its_field_and_entered_when_it_is_mended()
    {
        var page = await counter.SignIn("admin");
        await page.GotoAsync("/admin/categories?open=new");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Code").FillAsync("FOOD");
        await dialog.GetByLabel("Name").FillAsync("Food again");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Create" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Code")).ToHaveAttributeAsync("aria-invalid", "true");
        await Screens.Take(page, "admin-category-refused");
        await Axe.Check(page, "a form with an error");
        await dialog.GetByLabel("Code").FillAsync("DRINKS");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Create" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Table).GetByText("DRINKS")).ToBeVisibleAsync();
        (await counter.Count("select count(*) from category where code = 'DRINKS'")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_may_only_look_is_offered_no_change()
    {
        var page = await counter.SignIn("kim");
        await page.GotoAsync("/admin/users");
        await Assertions.Expect(page.GetByText("You may not see this")).ToBeVisibleAsync();
        await page.GotoAsync("/sales/point-of-sale/list");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Filter", Exact = true }).WaitForAsync();
        (await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Export" }).CountAsync()).ShouldBe(0);
    }
}
