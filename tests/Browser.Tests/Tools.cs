using System.Text.Json;
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
        if (!await page.EvaluateAsync<bool>("() => typeof window.axe !== 'undefined'"))
            await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Tree.Root, "web", "node_modules", "axe-core", "axe.min.js")));
        var found = await page.EvaluateAsync<JsonElement>("""
            async () => {
              const result = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
              return result.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 120)).join(' | '));
            }
            """);
        found.EnumerateArray().Select(violation => violation.GetString()).ShouldBeEmpty($"axe on {what}");
    }
}
