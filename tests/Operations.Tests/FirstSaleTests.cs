using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>A day at the till over HTTP, from signing in to the Z report, on both engines; and what happens when a call is sent twice or late.</summary>
public sealed class FirstSaleTests
{
    private const string Pos = "/api/v1/sales/point-of-sale";

    private static object Basket(params object[] tenders) => new
    {
        terminalId = "T1",
        lines = new object[] { new { barcode = "5901", quantity = "3" }, new { barcode = "5902" }, new { barcode = "5903", quantity = "2" } },
        tenders,
    };

    [Theory, OnBothEngines]
    public async Task A_first_sale_goes_from_signing_in_to_the_z_report(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var till = await site.SignedIn("cashier");
        var shift = await till.Post($"{Pos}/shifts/T1/open", new { @float = "200.00" }, ("Idempotency-Key", "open"));
        (shift.Status, shift["number"]).ShouldBe((201, "SHIFT-T1-00001"));
        (await till.Get($"{Pos}/register?terminal=T1")).Status.ShouldBe(200);

        var preview = await till.Post($"{Pos}/preview", Basket(new { method = "CASH" }));
        (preview.Status, preview["total"], preview["cashDue"]).ShouldBe((200, "20.96", "20.95"));

        var sale = await till.Post($"{Pos}/checkout", Basket(new { method = "CASH", tendered = "50.00" }), ("Idempotency-Key", "sale"));
        (sale.Status, sale["number"], sale["total"], sale["change"]).ShouldBe((201, "HQ-T1-000001", "20.96", "29.05"));
        var receipt = await till.Get(sale["receiptUrl"]);
        (receipt.Status, receipt.Type).ShouldBe((200, "text/html"));
        receipt.Text.ShouldContain("HQ-T1-000001");
        receipt.Text.ShouldContain("20.96");
        receipt.Text.ShouldContain("<svg");
        (await till.Get($"{Pos}/{sale["id"]}")).Status.ShouldBe(200);

        var id = shift["id"];
        (await till.Post($"{Pos}/shifts/{id}/close", new { nextFloat = "100.00" })).Code.ShouldBe("POS_COUNT_MISSING");
        var counted = await till.Post($"{Pos}/shifts/{id}/count", new
        {
            denominations = new object[] { new { value = "200.00", count = 1 }, new { value = "20.00", count = 1 }, new { value = "0.50", count = 1 }, new { value = "0.05", count = 9 } },
            tenders = Array.Empty<object>(),
        });
        counted.Status.ShouldBe(200, counted.Text);
        counted.Json["tenders"]!.AsArray().Single()!["variance"]!.ToString().ShouldBe("0.00");
        var closed = await till.Post($"{Pos}/shifts/{id}/close", new { nextFloat = "100.00" }, ("Idempotency-Key", "close"));
        closed.Status.ShouldBe(200, closed.Text);
        (await till.Post($"{Pos}/shifts/{id}/close", new { nextFloat = "100.00" }, ("Idempotency-Key", "close"))).Text.ShouldBe(closed.Text);

        var z = await till.Get($"{Pos}/shifts/{id}/report?kind=z");
        (z.Status, z["kind"], z["sales"], z["net"], z["tax"], z["total"], z["firstReceipt"]).ShouldBe((200, "z", "1", "17.88", "3.08", "20.96", "HQ-T1-000001"));
        z.Json["shift"]!["state"]!.ToString().ShouldBe("closed");
        site.Incidents.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_write_without_the_antiforgery_header_is_refused()
    {
        await using var site = await Site.Open();
        using var till = await site.SignedIn("cashier");
        till.Csrf = null;
        (await till.Post($"{Pos}/shifts/T1/open", new { @float = "200.00" })).Code.ShouldBe("CSRF_INVALID");
        till.Csrf = "of another session";
        (await till.Post($"{Pos}/shifts/T1/open", new { @float = "200.00" })).Code.ShouldBe("CSRF_INVALID");
        (await site.Shop.Count("select count(*) from work_session")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task A_call_sent_many_times_at_once_under_one_key_happens_once_and_answers_alike(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var till = await site.SignedIn("cashier");
        await till.Post($"{Pos}/shifts/T1/open", new { @float = "200.00" });
        var basket = Basket(new { method = "CASH" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => till.Post($"{Pos}/checkout", basket, ("Idempotency-Key", "k-1"))));
        answers.Select(answer => answer.Text).Distinct().Count().ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Status == 201);
        (await site.Shop.Count("select count(*) from document where kind = 'sale'")).ShouldBe(1);

        var other = await till.Post($"{Pos}/checkout", Basket(new { method = "CARD" }), ("Idempotency-Key", "k-1"));
        (other.Status, other.Code).ShouldBe((422, "IDEMPOTENCY_KEY_REUSED"));
        (await till.Post($"{Pos}/checkout", basket, ("Idempotency-Key", new string('k', 101)))).Code.ShouldBe("IDEMPOTENCY_KEY_INVALID");
        using var another = await site.SignedIn("store-manager");
        (await another.Post($"{Pos}/checkout", basket, ("Idempotency-Key", "k-1"))).Status.ShouldBe(201, "a key is its user's own");
        (await site.Shop.Count("select count(*) from document where kind = 'sale'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_refused_call_leaves_its_key_free_for_a_better_one()
    {
        await using var site = await Site.Open();
        using var till = await site.SignedIn("cashier");
        (await till.Post($"{Pos}/checkout", Basket(new { method = "CASH" }), ("Idempotency-Key", "k"))).Code.ShouldBe("SHIFT_NOT_OPEN");
        await till.Post($"{Pos}/shifts/T1/open", new { @float = "200.00" });
        (await till.Post($"{Pos}/checkout", Basket(new { method = "CASH" }), ("Idempotency-Key", "k"))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Who_has_seen_an_older_version_is_told_the_present_one()
    {
        await using var site = await Site.Open();
        using var till = await site.SignedIn("cashier");
        await till.Post($"{Pos}/shifts/T1/open", new { @float = "200.00" });
        var sale = await till.Post($"{Pos}/checkout", Basket(new { method = "CASH" }));
        var reverse = $"{Pos}/{sale["id"]}/reverse";

        var stale = await till.Post(reverse, new { reason = "TRAINING" }, ("If-Match", "\"7\""));
        (stale.Status, stale.Code, stale["version"]).ShouldBe((412, "VERSION_CONFLICT", "1"));
        (await till.Post(reverse, new { reason = "TRAINING" }, ("If-Match", "seven"))).Status.ShouldBe(400);
        var asked = await till.Post(reverse, new { reason = "TRAINING" }, ("If-Match", "\"1\""));
        (asked.Status, asked["status"], asked["waitsFor"], asked["version"]).ShouldBe((200, "reversal-requested", "store-manager", "2"));

        (await till.Post($"{Pos}/{sale["id"]}/approve", null, ("If-Match", "\"2\""))).Code.ShouldBe("PERMISSION_DENIED");
        using var manager = await site.SignedIn("store-manager");
        (await manager.Post($"{Pos}/{sale["id"]}/approve", null, ("If-Match", "\"1\""))).Status.ShouldBe(412);
        (await manager.Post($"{Pos}/{sale["id"]}/approve", null, ("If-Match", "\"2\"")))["status"].ShouldBe("reversed");
    }
}
