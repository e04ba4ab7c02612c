using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;

namespace Plug1.Browser.Tests;

/// <summary>Screenshots for people to look at, kept out of git.</summary>
internal static class Screens
{
    public static async Task Take(IPage page, string name)
    {
        var folder = Path.Combine(Tree.Root, "artifacts", "screens");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
    }
}

/// <summary>The checkout that these tests stand in.</summary>
internal static class Tree
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Plug1.slnx"))) return folder.FullName;
        throw new InvalidOperationException("These tests run inside the checkout.");
    }
}

/// <summary>The accessibility rules of axe: none may be broken.</summary>
internal static class Axe
{
    public static async Task Check(IPage page, string what)
    {
        // What is still loading is paler than what is there.
        await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        if (!await page.EvaluateAsync<bool>("() => typeof window.axe !== 'undefined'"))
            await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Tree.Root, "web", "node_modules", "axe-core", "axe.min.js")));
        var found = await page.EvaluateAsync<JsonElement>("""
            async () => {
              // What is still fading in has not its colours yet.
              const moving = document.getAnimations().filter(one => one.effect.getComputedTiming().iterations !== Infinity);
              await Promise.race([Promise.allSettled(moving.map(one => one.finished)), new Promise(over => setTimeout(over, 2000))]);
              const result = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
              return result.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 120)).join(' | '));
            }
            """);
        found.EnumerateArray().Select(violation => violation.GetString()).ShouldBeEmpty($"axe on {what}");
    }
}

/// <summary>A person without a mouse: what is to be used has to be reached with Tab, and the key goes to whatever has the focus.</summary>
internal static class Keys
{
    // More stops than any page of these tests has: what is not met by then cannot be reached.
    private const int MostStops = 120;

    /// <summary>Presses Tab until this has the focus.</summary>
    public static async Task Reach(this IPage page, ILocator target)
    {
        await target.WaitForAsync();
        for (var stops = 0; stops < MostStops; stops++)
        {
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement")) return;
            await page.Keyboard.PressAsync("Tab");
        }

        var stuck = await page.EvaluateAsync<string>("() => document.activeElement?.outerHTML.slice(0, 200) ?? 'nothing'");
        throw new ShouldAssertException($"Tab never reaches {target}; the focus is on {stuck}");
    }

    /// <summary>Reaches this with Tab and presses Enter on it.</summary>
    public static async Task Enter(this IPage page, ILocator target)
    {
        await page.Reach(target);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Waits until the address has this in it. Not by waiting for a navigation: within a page there is none that loads, and the wait can miss it.</summary>
    public static Task At(this IPage page, string address) => Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(address)));

    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public static ILocator Link(this IPage page, string name) => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });
}

/// <summary>How the browser of these tests is driven.</summary>
internal static class Driver
{
    /// <summary>Starts it; a machine that builds beside the tests may be slow, so that what is expected has as long as any other step.</summary>
    public static async Task<IPlaywright> Start()
    {
        Assertions.SetDefaultExpectTimeout(15_000);
        return await Playwright.CreateAsync();
    }
}

/// <summary>What a cashier does at the till, each step once the page is ready for it.</summary>
internal static class Till
{
    /// <summary>Opens the shift with what is in the drawer, and waits until a code can be typed.</summary>
    public static async Task OpenShift(this IPage page, string amount)
    {
        await page.GetByLabel("Float in the drawer").FillAsync(amount);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByPlaceholder("Barcode", new PageGetByPlaceholderOptions { Exact = false })).ToBeFocusedAsync();
    }

    /// <summary>Types a code and waits for the sum that the basket then has.</summary>
    public static async Task Scan(this IPage page, string code, string total)
    {
        await page.Keyboard.TypeAsync(code);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByTestId("total")).ToContainTextAsync(total);
    }
}

/// <summary>The API as the page's own user calls it, for what is not the matter of a test.</summary>
internal static class Calls
{
    /// <summary>Posts and answers with the status and the body.</summary>
    public static async Task<(int Status, JsonElement Body)> Post(this IPage page, string path, object? body = null, long? version = null)
    {
        var answer = await page.EvaluateAsync<JsonElement>("""
            async ([path, body, version]) => {
              const session = await (await fetch('/api/v1/session', { headers: { 'X-Branch': 'HQ' } })).json();
              const headers = { 'Content-Type': 'application/json', 'X-Branch': 'HQ', 'X-Csrf-Token': session.csrfToken, 'Idempotency-Key': crypto.randomUUID() };
              if (version) headers['If-Match'] = `"${version}"`;
              const answer = await fetch('/api/v1' + path, { method: 'POST', headers, body });
              return { status: answer.status, body: await answer.json() };
            }
            """, new object?[] { path, JsonSerializer.Serialize(body ?? new { }, JsonSerializerOptions.Web), version?.ToString(CultureInfo.InvariantCulture) });
        return (answer.GetProperty("status").GetInt32(), answer.GetProperty("body"));
    }

    /// <summary>Posts what has to be taken.</summary>
    public static async Task<JsonElement> Do(this IPage page, string path, object? body = null, long? version = null)
    {
        var (status, answer) = await page.Post(path, body, version);
        status.ShouldBeInRange(200, 299, $"{path}: {answer}");
        return answer;
    }
}
