using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>Receipts and vouchers over HTTP: formats, copies, and who may have them.</summary>
public sealed class ReceiptTests
{
    private const string Pos = "/api/v1/sales/point-of-sale";

    [Theory, OnBothEngines]
    public async Task A_receipt_comes_in_every_format_and_a_copy_needs_the_right_to_print_again(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var till = await site.SignedIn("cashier");
        await till.Post($"{Pos}/shifts/T1/open", new { @float = "0.00" });
        var sale = await till.Post($"{Pos}/checkout", new { terminalId = "T1", lines = new[] { new { sku = "TEA" } }, tenders = new[] { new { method = "CARD" } } });
        var address = $"{Pos}/{sale["id"]}/receipt";
        foreach (var (format, type, name) in new[] { ("html", "text/html", null), ("json", "application/json", null), ("pdf", "application/pdf", "HQ-T1-000001.pdf"), ("escpos", "application/vnd.escpos", "HQ-T1-000001.bin") })
        {
            var answer = await till.Get($"{address}?format={format}");
            (answer.Status, answer.Type).ShouldBe((200, type));
            answer.Message.Content.Headers.ContentDisposition?.FileName?.Trim('"').ShouldBe(name);
        }

        (await till.Get($"{address}?format=escpos")).Text.ShouldContain("4.99");
        (await till.Get($"{address}?format=docx")).Code.ShouldBe("FORMAT_UNKNOWN");

        // An auditor sees receipts, and prints none again.
        using var auditor = await site.SignedIn("auditor");
        foreach (var format in new[] { "html", "pdf", "escpos" })
        {
            (await auditor.Get($"{address}?format={format}")).Status.ShouldBe(200);
            (await auditor.Get($"{address}?format={format}&copy")).Code.ShouldBe("PERMISSION_DENIED");
            (await till.Get($"{address}?format={format}&copy")).Status.ShouldBe(200);
        }

        (await till.Get($"{address}?format=escpos&copy")).Text.ShouldContain("COPY");
        (await till.Get($"{address}?format=json&copy")).Text.ShouldContain("\"copy\":false");
        (await site.Shop.Count("select count(*) from audit_event where action = 'reprint'")).ShouldBe(4);
        site.Incidents.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_voucher_is_issued_by_a_manager_once_for_a_key_and_by_no_cashier()
    {
        await using var site = await Site.Open();
        using var till = await site.SignedIn("cashier");
        using var manager = await site.SignedIn("store-manager");
        var body = new { purpose = "redress", amount = "25.00", reason = "COMPLAINT", expiresOn = "2099-12-31" };
        (await till.Post($"{Pos}/vouchers", body)).Code.ShouldBe("PERMISSION_DENIED");
        var issued = await manager.Post($"{Pos}/vouchers", body, ("Idempotency-Key", "v"));
        (issued.Status, issued["status"], issued["amount"], issued["expiresOn"]).ShouldBe((201, "posted", "25.00", "2099-12-31"));
        (await manager.Post($"{Pos}/vouchers", body, ("Idempotency-Key", "v"))).Text.ShouldBe(issued.Text);
        var found = await till.Get($"{Pos}/vouchers/{issued["code"]}");
        (found["balance"], found["usable"]).ShouldBe(("25.00", "true"));
        (await till.Get($"{Pos}/{issued["id"]}")).Text.ShouldNotContain(issued["code"]);
        (await till.Get($"{Pos}/register?terminal=T1")).Text.ShouldContain("COMPLAINT");
        site.Incidents.ShouldBeEmpty();
    }
}
