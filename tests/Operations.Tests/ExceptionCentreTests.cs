using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>The exceptions centre over HTTP: what is raised at the till is found, read, given away, put off and settled, by whoever may; rules are changed and tried.</summary>
public sealed class ExceptionCentreTests
{
    private const string Api = "/api/v1", Pos = $"{Api}/sales/point-of-sale";

    [Theory, OnBothEngines]
    public async Task What_the_till_flags_is_found_by_its_filters_and_settled_with_its_history(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var manager = await site.SignedIn("store-manager");
        await Flag(manager, 3);
        var all = (await manager.Get($"{Api}/exceptions?rule=POS_NEGATIVE_STOCK&severity=medium&branch=HQ&function=sales.point-of-sale&owner=none&role=store-manager&olderThanMinutes=0")).Json["items"]!.AsArray();
        all.Count.ShouldBe(3);
        foreach (var none in new[] { "severity=critical", "rule=POS_RECEIPT_GAP", "owner=me", "olderThanMinutes=10", "state=snoozed", "role=accountant" })
            (await manager.Get($"{Api}/exceptions?{none}")).Json["items"]!.AsArray().ShouldBeEmpty(none);
        foreach (var (wrong, pointer) in new[] { ("state=asleep", "/state"), ("severity=awful", "/severity"), ("owner=kim", "/owner"), ("olderThanMinutes=-1", "/olderThanMinutes"), ("limit=0", "/limit"), ("after=x", "/after") })
            (await manager.Get($"{Api}/exceptions?{wrong}")).Pointers.ShouldBe([pointer]);
        var (first, next) = await Page(manager, "limit=2");
        first.Concat((await Page(manager, $"limit=2&after={next}")).Ids).ShouldBe(all.Select(item => item!["id"]!.ToString()));

        var id = first[0];
        var me = (await manager.Get($"{Api}/exceptions/people")).Json["items"]!.AsArray().Single(person => person!["userName"]!.ToString() == "store-manager")!["id"]!.ToString();
        (await manager.Post($"{Api}/exceptions/{id}/assign", new { owner = me, text = "Mine" }, ("If-Match", "\"1\""), ("Idempotency-Key", "take")))["owner"].ShouldBe("store-manager");
        (await manager.Post($"{Api}/exceptions/{id}/assign", new { owner = me, text = "Mine" }, ("If-Match", "\"1\""), ("Idempotency-Key", "take"))).Status.ShouldBe(200);
        var stale = await manager.Post($"{Api}/exceptions/{id}/acknowledge", null, ("If-Match", "\"1\""));
        (stale.Status, stale.Code).ShouldBe((412, "VERSION_CONFLICT"));
        (await manager.Post($"{Api}/exceptions/{id}/snooze", new { until = TimeProvider.System.GetUtcNow().AddHours(1) }, ("If-Match", "\"2\"")))["state"].ShouldBe("snoozed");
        (await Page(manager, "owner=me")).Ids.ShouldBeEmpty();
        (await Page(manager, "owner=me&state=snoozed")).Ids.ShouldBe([id]);
        var past = await manager.Post($"{Api}/exceptions/{id}/snooze", new { until = TimeProvider.System.GetUtcNow() });
        (past.Status, past.Code, past.Pointers.Single()).ShouldBe((422, "SNOOZE_INVALID", "/until"));
        var unreasoned = await manager.Post($"{Api}/exceptions/{id}/resolve", new { text = "Counted again" });
        (unreasoned.Status, unreasoned.Code, unreasoned.Pointers.Single()).ShouldBe((422, "REASON_REQUIRED", "/reason"));
        (await manager.Post($"{Api}/exceptions/{id}/resolve", new { reason = "CORRECTED", text = "Counted again" }))["state"].ShouldBe("resolved");
        var detail = await manager.Get($"{Api}/exceptions/{id}");
        detail["ruleName"].ShouldBe("Sold below zero stock");
        detail.Json["history"]!.AsArray().Select(step => step!["step"]!.ToString()).ShouldBe(["resolved", "snoozed", "assigned", "raised"], ignoreOrder: true);
        detail.Json["history"]!.AsArray().Single(step => step!["step"]!.ToString() == "raised")!["document"]!["number"]!.ToString().ShouldStartWith("HQ-T1-");
        site.Incidents.ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Several_are_settled_in_one_call_and_each_says_what_became_of_it(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var manager = await site.SignedIn("store-manager");
        await Flag(manager, 3);
        var ids = (await Page(manager, "")).Ids;
        (await manager.Post($"{Api}/exceptions/{ids[2]}/acknowledge")).Status.ShouldBe(200);
        var nothing = Guid.CreateVersion7().ToString();
        var answer = await manager.Post($"{Api}/exceptions/bulk", new { step = "resolve", reason = "CHECKED", items = new[] { ids[0], ids[1], ids[2], nothing }.Select(id => new { id, version = 1 }) }, ("Idempotency-Key", "bulk"));
        answer.Status.ShouldBe(200, answer.Text);
        answer.Json["items"]!.AsArray().Select(one => (one!["id"]!.ToString(), one["done"]!.GetValue<bool>(), one["code"]?.ToString(), one["item"]?["state"]?.ToString())).ShouldBe(
            [(ids[0], true, null, "resolved"), (ids[1], true, null, "resolved"), (ids[2], false, "VERSION_CONFLICT", null), (nothing, false, "NOT_FOUND", null)]);
        (await Page(manager, "state=resolved")).Ids.ShouldBe([ids[0], ids[1]]);
        (await Page(manager, "state=all")).Ids.Count.ShouldBe(3);
        (await site.Shop.Count("select count(*) from audit_event where action = 'resolve' and object_kind = 'exception'")).ShouldBe(2);
        foreach (var body in new object[] { new { step = "burn", items = new[] { new { id = ids[2], version = 2 } } }, new { step = "resolve", items = Array.Empty<object>() }, new { step = "resolve", items = new object?[] { null } } })
            (await manager.Post($"{Api}/exceptions/bulk", body)).Code.ShouldBeOneOf("CHOICE_INVALID", "ITEMS_COUNT", "BODY_INVALID");

        // Who only sells sees them and may not touch them, and the attempt is on record.
        using var cashier = await site.SignedIn("cashier");
        (await Page(cashier, "")).Ids.ShouldBe([ids[2]]);
        var denied = await cashier.Post($"{Api}/exceptions/bulk", new { step = "resolve", reason = "CHECKED", items = new[] { new { id = ids[2], version = 2 } } });
        (denied.Status, denied.Code).ShouldBe((403, "PERMISSION_DENIED"));
        (await cashier.Post($"{Api}/exceptions/{ids[2]}/resolve", new { reason = "CHECKED" })).Code.ShouldBe("PERMISSION_DENIED");
        (await site.Shop.Count("select count(*) from audit_event where outcome = 'denied' and function = 'kernel.exceptions'")).ShouldBe(2);
        (await Page(manager, "")).Ids.ShouldBe([ids[2]]);
    }

    [Theory, OnBothEngines]
    public async Task A_rule_is_changed_with_its_version_and_tried_on_history(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var admin = await site.SignedIn("administrator");
        using var manager = await site.SignedIn("store-manager");
        await Flag(manager, 2);
        var made = await admin.Post($"{Api}/exception-rules", new { rule = "POS_NEGATIVE_STOCK", severity = "critical", ownerRole = "accountant", escalateMinutes = 30, escalateRole = "administrator" });
        made.Status.ShouldBe(201, made.Text);
        (await manager.Post($"{Api}/exception-rules", new { rule = "POS_CASH_VARIANCE", active = false })).Code.ShouldBe("PERMISSION_DENIED");
        var rule = (await manager.Get($"{Api}/exceptions/rules")).Json["items"]!.AsArray().Single(one => one!["code"]!.ToString() == "POS_NEGATIVE_STOCK")!;
        (rule["declared"]!["severity"]!.ToString(), rule["company"]!["severity"]!.ToString(), rule["canTry"]!.GetValue<bool>(), rule["scheduled"]!.GetValue<bool>()).ShouldBe(("medium", "critical", true, false));
        await Sell(manager);
        (await Page(manager, "severity=critical&role=accountant")).Ids.Count.ShouldBe(1);
        (await manager.Get($"{Api}/operations/dashboard/alerts")).Json["exceptions"]!["critical"]!.GetValue<long>().ShouldBe(1);
        var off = await admin.Send("PATCH", $"{Api}/exception-rules/{made["id"]}", """{"active":false}""", headers: [("If-Match", "\"1\"")]);
        off.Status.ShouldBe(200, off.Text);
        (await admin.Send("PATCH", $"{Api}/exception-rules/{made["id"]}", """{"active":true}""", headers: [("If-Match", "\"1\"")])).Code.ShouldBe("VERSION_CONFLICT");
        await Sell(manager);
        (await Page(manager, "rule=POS_NEGATIVE_STOCK")).Ids.Count.ShouldBe(3);

        // Four sales were below zero, three of them raised; it is off since.
        var tried = await manager.Get($"{Api}/exceptions/rules/POS_NEGATIVE_STOCK/dry-run?branch=HQ");
        tried.Status.ShouldBe(200, tried.Text);
        (tried["caught"], tried["raised"], tried["documents"], tried["rate"]).ShouldBe(("4", "3", "4", "1"));
        tried.Json["rows"]!.AsArray().Count.ShouldBe(4);
        tried.Json["rows"]![0]!["document"]!["number"]!.ToString().ShouldBe("HQ-T1-000004");
        (tried.Json["rows"]![0]!["figure"]!.ToString(), tried["figureType"]).ShouldBe(("-4", "quantity"));
        foreach (var (query, code, pointer) in new[] { ("POS_CASH_VARIANCE/dry-run?above=x", "EXCEPTION_PARAMETER_INVALID", "/above"), ("POS_CASH_VARIANCE/dry-run?below=1", "EXCEPTION_PARAMETER_UNKNOWN", "/below"),
            ("POS_CASH_VARIANCE/dry-run?from=2026-03-02&to=2026-03-01", "RANGE_INVALID", "/from"), ("POS_OFFLINE_BEYOND_AUTHORITY/dry-run", "EXCEPTION_RULE_NOT_TRIABLE", null), ("NOTHING/dry-run", "NOT_FOUND", null) })
        {
            var refused = await manager.Get($"{Api}/exceptions/rules/{query}");
            refused.Code.ShouldBe(code);
            if (pointer is not null) refused.Pointers.ShouldBe([pointer]);
        }

        using var cashier = await site.SignedIn("cashier");
        (await cashier.Get($"{Api}/exceptions/rules")).Code.ShouldBe("PERMISSION_DENIED");
        (await cashier.Get($"{Api}/exceptions/rules/POS_NEGATIVE_STOCK/dry-run")).Code.ShouldBe("PERMISSION_DENIED");
        site.Incidents.ShouldBeEmpty();
    }

    private static async Task<(List<string> Ids, string? Next)> Page(Browser browser, string query)
    {
        var page = await browser.Get($"{Api}/exceptions?{query}");
        page.Status.ShouldBe(200, page.Text);
        return ([.. page.Json["items"]!.AsArray().Select(item => item!["id"]!.ToString())], page.Json["next"]?.ToString());
    }

    /// <summary>Sells what is not in stock so many times: each sale is flagged.</summary>
    private static async Task Flag(Browser manager, int times)
    {
        (await manager.Post($"{Pos}/shifts/T1/open", new { @float = "100.00" })).Status.ShouldBe(201);
        for (var at = 0; at < times; at++) await Sell(manager);
    }

    private static async Task Sell(Browser manager)
    {
        var sale = await manager.Post($"{Pos}/checkout", new { terminalId = "T1", lines = new[] { new { sku = "LAMP" } }, tenders = new[] { new { method = "CASH" } } });
        sale.Status.ShouldBe(201, sale.Text);
    }
}
