using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Plug1.Browser.Tests;

/// <summary>Every page at three widths, in light and dark: it shows, it fits, it breaks no rule of accessibility, nothing answers an error.</summary>
public sealed class PageTests(Counter counter) : IClassFixture<Counter>
{
    public static TheoryData<string> Pages =>
    [
        "/", "/sales", "/sales/point-of-sale", "/sales/point-of-sale/list", "/sales/point-of-sale/shifts", "/sales/point-of-sale/approvals", "/sales/point-of-sale/reports",
        "/sales/point-of-sale/analytics", "/sales/point-of-sale/register", "/sales/point-of-sale/parked", "/approvals", "/exceptions", "/activity", "/audit", "/admin", "/admin/company", "/admin/items", "/admin/approval-rules",
        "/admin/functions", "/admin/backups", "/admin/diagnostics", "/admin/roles", "/start", "/notices", "/reports", "/analytics", "/admin/imports", "/books/statements/balance-sheet",
        "/customers", "/customers/directory", "/customers/segments/new", "/customers/loyalty/list", "/customers/directory/list", "/customers/directory/find", "/customers/directory/new", "/customers/directory/{customer}", "/customers/directory/{customer}/edit",
    ];

    [Theory, MemberData(nameof(Pages))]
    public async Task A_page_shows_at_every_width_in_light_and_dark(string path)
    {
        var page = await counter.SignedIn("admin");
        var address = await Named(page, path);
        var failed = new List<string>();
        page.Response += (_, response) =>
        {
            if (response.Status >= 400) failed.Add($"{response.Status} {response.Url}");
        };
        page.PageError += (_, error) => failed.Add(error);
        foreach (var width in new[] { 1440, 820, 390 })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.GotoAsync(address);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            // An administrator sees every page: none may be taken for one that is missing or forbidden.
            foreach (var state in new[] { "You may not see this", "This page does not exist", "Something went wrong on this page" })
                (await page.GetByText(state).CountAsync()).ShouldBe(0, $"{path}: {state}");
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0, $"{path} at {width} scrolls sideways");
            // The page follows the system from light to dark without being loaded again.
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                await Assertions.Expect(page.Locator($"html[data-mantine-color-scheme={scheme.ToString().ToLowerInvariant()}]")).ToHaveCountAsync(1);
                await Screens.Take(page, $"{path.Trim('/').Replace('/', '-').Replace("{", "").Replace("}", "")}-{width}-{scheme}".ToLowerInvariant());
                if (width != 820) await Axe.Check(page, $"{path} at {width} {scheme}");
            }
        }

        failed.ShouldBeEmpty(path);
        await page.Context.CloseAsync();
    }

    /// <summary>The address with the id of a customer.</summary>
    private static async Task<string> Named(IPage page, string path)
    {
        if (!path.Contains("{customer}", StringComparison.Ordinal)) return path;
        if (page.Url == "about:blank") await page.GotoAsync("/customers/directory/find");
        var (status, made) = await page.Post("/customers/directory/quick-create", new { displayName = "Ada Merton", email = "ada@example.org" });
        status.ShouldBe(201);
        return path.Replace("{customer}", made.GetProperty("id").GetString(), StringComparison.Ordinal);
    }
}
