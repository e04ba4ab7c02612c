using Microsoft.Playwright;
using Plug1.Host.Setup;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Browser.Tests;

/// <summary>An owner's first five minutes: from an empty database to the first sale, by keyboard.</summary>
public sealed class SetupTests
{
    private const string Password = "a long first password";

    [Fact]
    public async Task From_the_empty_database_to_the_first_sale_by_keyboard()
    {
        await using var test = await TestDatabase.Create(Engine.Sqlite, Composition.Migrations);
        await using var app = Server.Build(test.Database, "http://127.0.0.1:0", Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.key"));
        await Server.Prepare(test.Database, app.Services);
        await app.StartAsync();
        using var playwright = await Driver.Start();
        await using var browser = await playwright.Chromium.LaunchAsync(Counter.Launch);
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = app.Urls.First(),
            ViewportSize = new ViewportSize { Width = 1440, Height = 900 },
            Locale = "de-AT",
            TimezoneId = "Europe/Vienna",
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        await SetUp(page);
        await FirstItem(page);
        await FirstSale(page);

        (await test.Database.Read(db => db.Number($"select total from document where number = 'MAIN-T1-000001'"))).ShouldBe(1200);
        (await test.Database.Read(db => db.Number($"select count(*) from app_user where user_name in ('admin', 'kim')"))).ShouldBe(2);
        (await test.Database.Read(db => db.Number($"select count(*) from branch where region = 'AT' and time_zone = 'Europe/Vienna'"))).ShouldBe(1);
        await app.StopAsync();
    }

    /// <summary>Only keys: what has the focus is typed into, Tab goes on, Enter takes the next step.</summary>
    private static async Task SetUp(IPage page)
    {
        await page.GotoAsync("/");
        await Step(page, "Step 1 of 5");
        await page.Keyboard.TypeAsync("Corner shop");
        await page.Keyboard.PressAsync("Enter");
        await Step(page, "Step 2 of 5");
        await page.Keyboard.PressAsync("Enter");
        await Step(page, "Step 3 of 5");
        await Keys(page, "Tab", "Tab");
        await page.Keyboard.TypeAsync("20");
        await page.Keyboard.PressAsync("Enter");
        await Step(page, "Step 4 of 5");
        foreach (var (typed, next) in new[] { ("Olga Owner", "Tab"), ("", "Tab") })
        {
            await page.Keyboard.TypeAsync(typed);
            await page.Keyboard.PressAsync(next);
        }

        await page.Keyboard.TypeAsync(Password);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("another password");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("The two passwords differ.").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add a person" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Person 1" }).GetByLabel("Name", new LocatorGetByLabelOptions { Exact = true }).FocusAsync();
        await page.Keyboard.TypeAsync("Kim");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("kim");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await Step(page, "Step 5 of 5");
        await Assertions.Expect(page.GetByText("Corner shop, AT, EUR")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Create the company" }).PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Ready to sell" })).ToBeVisibleAsync();
    }

    private static async Task FirstItem(IPage page)
    {
        await Axe.Check(page, "first steps");
        await Screens.Take(page, "start");
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true }).FocusAsync();
        await page.Keyboard.TypeAsync("Cake");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("CAKE");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("12,00");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("One item was added.")).ToBeVisibleAsync();
        // The form is ready for the next item; only then does the key go where it is meant to.
        await Assertions.Expect(page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true })).ToBeFocusedAsync();
        await page.Enter(page.Link("Open the till"));
    }

    private static async Task FirstSale(IPage page)
    {
        await page.At("/register?terminal=T1");
        await page.OpenShift("100.00");
        await page.Scan("CAKE", "12,00");
        await page.Keyboard.PressAsync("F8");
        await page.GetByText("Still to pay").First.WaitForAsync();
        await page.Keyboard.PressAsync("F9");
        await Assertions.Expect(page.GetByText("MAIN-T1-000001").First).ToBeVisibleAsync();
    }

    private static async Task Step(IPage page, string which)
    {
        await Assertions.Expect(page.GetByText(which)).ToBeVisibleAsync();
        await Screens.Take(page, $"setup-{which.Replace(' ', '-')}");
        await Axe.Check(page, which);
    }

    private static async Task Keys(IPage page, params string[] keys)
    {
        foreach (var key in keys) await page.Keyboard.PressAsync(key);
    }
}
