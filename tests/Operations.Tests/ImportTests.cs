using System.Text.Json.Nodes;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>Imports over HTTP, as the page makes them: upload, columns, preview, run, undo; and targets of a past period.</summary>
public sealed class ImportTests
{
    private const string Api = "/api/v1";

    [Theory, OnBothEngines]
    public async Task Opening_stock_is_posted_by_its_file_refused_twice_and_reversed_by_the_undo(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var admin = await site.SignedIn("administrator");
        var warehouse = await site.Shop.Database.Read(db => db.First($"select code from warehouse order by code", row => row.Text(0)));
        var before = await site.Shop.OnHand("TEA");
        var file = await Upload(admin, $"sku,warehouse,quantity,unitCost\nTEA,{warehouse},5,1.20\nNONE,{warehouse},1,1\nCUP,{warehouse},2.5,1\nCUP,{warehouse},3,0.90\n");
        var columns = await admin.Get($"{Api}/imports/files/{file}/columns?kind=stock");
        columns.Json["mapping"]!["columns"]!["unitCost"]!.GetValue<string>().ShouldBe("unitCost");
        object body = new { kind = "stock", fileId = file, mapping = new { columns = new { sku = "sku", warehouse = "warehouse", quantity = "quantity", unitCost = "unitCost" } } };

        var seen = await Done(admin, await admin.Post($"{Api}/imports/preview", body));
        seen["result"]!["created"]!.GetValue<long>().ShouldBe(2);
        seen["result"]!["refusedRows"]!.AsArray().Select(row => $"{row!["line"]} {row["field"]} {row["code"]}").ShouldBe(["3 sku STOCK_ITEM_NOT_STOCKED", "4 quantity STOCK_LINE_INVALID"]);
        (await site.Shop.OnHand("TEA")).ShouldBe(before);
        var refused = await admin.Get($"{Api}/operations/work/{seen["id"]}/files/refused");
        refused.Text.ShouldContain($"NONE,{warehouse},1,1,");

        var run = await Done(admin, await admin.Post($"{Api}/imports/run", body));
        run["result"]!["created"]!.GetValue<long>().ShouldBe(2);
        (await site.Shop.OnHand("TEA")).ShouldBe(before + 5_000_000);
        (await admin.Post($"{Api}/imports/run", body)).Code.ShouldBe("IMPORT_FILE_TWICE");
        (await admin.Get($"{Api}/imports")).Json["items"]![0]!["undoable"]!.GetValue<long>().ShouldBe(1);

        var undone = await Done(admin, await admin.Post($"{Api}/imports/{run["id"]}/undo"));
        // The rules of the shop have the reversal of an opening approved, and not by who asked for it.
        undone["result"]!["keptRecords"]!.AsArray().ShouldHaveSingleItem()!["code"]!.GetValue<string>().ShouldBe("IMPORT_UNDO_WAITS");
        (await admin.Post($"{Api}/imports/run", body)).Code.ShouldBe("IMPORT_FILE_TWICE");
        using var accountant = await site.SignedIn("accountant");
        var approval = (await accountant.Get($"{Api}/approvals")).Json["items"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>();
        (await accountant.Post($"{Api}/approvals/{approval}/approve", new { })).Status.ShouldBe(200);
        (await site.Shop.OnHand("TEA")).ShouldBe(before);
        (await admin.Post($"{Api}/imports/{run["id"]}/undo")).Code.ShouldBe("IMPORT_UNDO_NOTHING");
        (await admin.Get($"{Api}/operations/work")).Json["items"]!.AsArray().Count.ShouldBe(3);
        using var cashier = await site.SignedIn("cashier");
        (await cashier.Get($"{Api}/operations/work/{run["id"]}")).Status.ShouldBe(404);
        (await cashier.Get($"{Api}/operations/work?all=true")).Code.ShouldBe("PERMISSION_DENIED");
        site.Incidents.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_with_413_and_a_code()
    {
        await using var site = await Site.Open();
        using var admin = await site.SignedIn("administrator");
        var answer = await admin.Send("POST", $"{Api}/imports/files?name=a.csv", new string('x', 33 * 1_048_576), "text/csv");
        (answer.Status, answer.Code).ShouldBe((413, "WORK_FILE_TOO_LARGE"));
        (await admin.Send("POST", $"{Api}/imports/files?name=a.csv", new string('x', 2 * 1_048_576), "text/csv")).Status.ShouldBe(201);
        (await admin.Send("POST", $"{Api}/imports/files?name=a.csv", "", "text/csv")).Code.ShouldBe("WORK_FILE_EMPTY");
    }

    [Theory, OnBothEngines]
    public async Task Targets_are_imported_undone_and_copied_from_what_was_reached(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var admin = await site.SignedIn("administrator");
        var file = await Upload(admin, "function,measure,from,to,amount\nsales.point-of-sale,netSales,2027-01-01,2027-01-31,1000.00\nsales.point-of-sale,none,2027-01-01,2027-01-31,5\n");
        var columns = new JsonObject();
        foreach (var name in new[] { "function", "measure", "from", "to", "amount" }) columns[name] = name;
        var run = await Done(admin, await admin.Post($"{Api}/imports/run", new { kind = "targets", fileId = file, mapping = new { columns } }));
        (run["result"]!["created"]!.GetValue<long>(), run["result"]!["refusedRows"]![0]!["code"]!.GetValue<string>()).ShouldBe((1, "MEASURE_UNKNOWN"));
        (await admin.Get($"{Api}/targets")).Json["items"]![0]!["amount"]!.GetValue<string>().ShouldBe("1000.00");
        await Done(admin, await admin.Post($"{Api}/imports/{run["id"]}/undo"));
        (await admin.Get($"{Api}/targets")).Json["items"]!.AsArray().ShouldBeEmpty();

        var copy = new { function = "sales.point-of-sale", measure = "netSales", from = "2031-01-01", to = "2031-12-31", sourceFrom = "2024-01-01", sourceTo = "2030-12-31", percent = "5", branches = true };
        (await admin.Post($"{Api}/targets/copy", copy)).Code.ShouldBe("TARGET_COPY_EMPTY");
        using var manager = await site.SignedIn("store-manager");
        (await manager.Post($"{Api}/sales/point-of-sale/shifts/T1/open", new { @float = "100.00" })).Status.ShouldBe(201);
        (await manager.Post($"{Api}/sales/point-of-sale/checkout", new { terminalId = "T1", lines = new[] { new { sku = "TEA" } }, tenders = new[] { new { method = "CASH" } } })).Status.ShouldBe(201);
        var reached = await site.Shop.Database.Read(db => db.Number($"select sum(total) from document where function = 'sales.point-of-sale' and kind = 'sale'"));
        reached.ShouldBeGreaterThan(0);
        var set = await admin.Post($"{Api}/targets/copy", copy);
        set.Status.ShouldBe(200, set.Text);
        var items = set.Json["items"]!.AsArray();
        items.Count.ShouldBe(2);
        items[0]!["amount"]!.GetValue<string>().ShouldBe(items[1]!["amount"]!.GetValue<string>());
        (await admin.Post($"{Api}/targets/copy", new { copy.function, copy.measure, copy.from, copy.to, copy.sourceFrom, copy.sourceTo, percent = "1001", copy.branches })).Code.ShouldBe("TARGET_PERCENT_INVALID");
        site.Incidents.ShouldBeEmpty();
    }

    private static async Task<string> Upload(Browser browser, string text)
    {
        var answer = await browser.Send("POST", $"{Api}/imports/files?name=data.csv", text, "text/csv");
        answer.Status.ShouldBe(201, answer.Text);
        return answer["id"];
    }

    private static async Task<JsonNode> Done(Browser browser, Answered asked)
    {
        asked.Status.ShouldBe(202, asked.Text);
        for (var tries = 0; ; tries++)
        {
            var work = await browser.Get($"{Api}/operations/work/{asked["id"]}");
            if (work["state"] == "done") return work.Json;
            (work["state"] is "waiting" or "running").ShouldBeTrue(work.Text);
            tries.ShouldBeLessThan(600, "It did not end within thirty seconds.");
            await Task.Delay(50);
        }
    }
}
