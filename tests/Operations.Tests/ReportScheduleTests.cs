using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>A view is kept and shared, a report is scheduled, made and taken away, all over HTTP.</summary>
public sealed class ReportScheduleTests
{
    private const string Page = "/sales/point-of-sale/reports/by-user";

    [Theory, OnBothEngines]
    public async Task A_scheduled_report_is_made_kept_and_given_to_who_may_have_it(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var manager = await site.SignedIn("store-manager");
        using var cashier = await site.SignedIn("cashier");
        (await manager.Post("/api/v1/sales/point-of-sale/shifts/T1/open", new { @float = "100.00" })).Status.ShouldBe(201);
        (await manager.Post("/api/v1/sales/point-of-sale/checkout", new { terminalId = "T1", lines = new[] { new { sku = "LAMP" } }, tenders = new[] { new { method = "CASH" } } })).Status.ShouldBe(201);

        var view = await manager.Post("/api/v1/views", new { name = "By cashier", page = Page, query = "compare=previous", role = "cashier" });
        view.Status.ShouldBe(201, view.Text);
        (await cashier.Get("/api/v1/views")).Text.ShouldContain("By cashier");
        (await cashier.Post("/api/v1/views", new { name = "Mine", page = Page, query = "", role = "cashier" })).Code.ShouldBe("PERMISSION_DENIED");
        var report = await manager.Get("/api/v1/sales/point-of-sale/reports/by-user?groupBy=user,channel&subtotals=true&compare=previous");
        report.Text.ShouldContain("\"level\":1");
        report.Text.ShouldContain("\"difference\":{\"netSales\"");
        (await manager.Get("/api/v1/reports")).Text.ShouldContain("\"documents\"");

        (await cashier.Post("/api/v1/reports/schedules", new { name = "x", format = "csv", every = "daily", at = "06:30", period = "month-to-date", page = Page })).Code.ShouldBe("PERMISSION_DENIED");
        var made = await manager.Post("/api/v1/reports/schedules",
            new { name = "Cashiers", format = "csv", every = "daily", at = "06:30", period = "month-to-date", viewId = view["id"], recipients = new[] { new { role = "cashier" } } });
        made.Status.ShouldBe(201, made.Text);
        (await manager.Post($"/api/v1/reports/schedules/{made["id"]}/run", new { })).Status.ShouldBe(202);
        var run = await Ended(manager);
        run.GetProperty("state").GetString().ShouldBe("done", run.GetRawText());
        var id = run.GetProperty("id").GetString();
        var file = await manager.Get($"/api/v1/reports/runs/{id}/file");
        file.Status.ShouldBe(200);
        // What reads the text leaves out the mark that it begins with.
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("\uFEFF" + file.Text))).ShouldBe(run.GetProperty("sha256").GetString());
        file.Text.ShouldContain("Net sales (");
        // The cashier is told of it, and may not take it away.
        (await cashier.Get("/api/v1/reports/runs")).Text.ShouldContain(id!);
        (await cashier.Get($"/api/v1/reports/runs/{id}/file")).Code.ShouldBe("PERMISSION_DENIED");
        (await site.Shop.Database.Read(db => db.Number($"select count(*) from audit_event where outcome = 'denied' and function = 'sales.point-of-sale' and action = 'export'"))).ShouldBe(1);
        site.Incidents.ShouldBeEmpty();
    }

    private static async Task<JsonElement> Ended(Browser browser)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var items = JsonSerializer.Deserialize<JsonElement>((await browser.Get("/api/v1/reports/runs")).Text).GetProperty("items");
            if (items.GetArrayLength() > 0 && items[0].GetProperty("state").GetString() is not ("waiting" or "running")) return items[0].Clone();
            await Task.Delay(100);
        }

        throw new TimeoutException("The report was not made.");
    }
}
