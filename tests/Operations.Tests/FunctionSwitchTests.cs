using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>A function that is off is nowhere to be seen; its data stays, and it comes back as it was.</summary>
public sealed class FunctionSwitchTests
{
    private const string Pos = "/api/v1/sales/point-of-sale";
    private const string Switches = "/api/v1/operations/functions";
    private static readonly string[] Till = ["sales.point-of-sale"];

    [Theory, OnBothEngines]
    public async Task Off_it_is_gone_from_meta_dashboards_and_endpoints_and_on_again_its_sales_are_there(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var admin = await site.SignedIn("administrator");
        using var cashier = await site.SignedIn("cashier");
        var (shift, sale) = await Trade(cashier);
        await Close(cashier, shift);
        var audited = await site.Shop.Count("select count(*) from audit_event where outcome = 'denied'");

        var off = await admin.Post($"{Switches}/switch", new { functions = Till, on = false });
        off.Status.ShouldBe(200, off.Text);
        off.Json["items"]!.AsArray().Single(item => item!["code"]!.ToString() == Till[0])!["on"]!.GetValue<bool>().ShouldBeFalse();
        foreach (var who in new[] { admin, cashier })
        {
            (await who.Get(Pos)).Code.ShouldBe("FUNCTION_OFF");
            (await who.Get($"{Pos}/{sale}")).Status.ShouldBe(403);
            (await who.Post($"{Pos}/shifts/T1/open", new { @float = "1.00" })).Code.ShouldBe("FUNCTION_OFF");
            (await who.Get("/api/v1/modules/sales/dashboard")).Code.ShouldBe("FUNCTION_OFF");
            (await who.Get("/api/v1/meta")).Text.ShouldNotContain("point-of-sale");
            (await who.Get("/api/v1/session")).Text.ShouldNotContain("point-of-sale");
            (await who.Get("/api/v1/search?q=HQ-T1")).Text.ShouldNotContain(sale);
        }

        // Being off is no misdeed of whoever asks.
        (await site.Shop.Count("select count(*) from audit_event where outcome = 'denied'")).ShouldBe(audited);
        // Roles are kept in order while it is off: giving one that holds permissions of it is not more than one has.
        var made = await admin.Post("/api/v1/users", new { userName = "newcomer", name = "New", password = Site.Password, roles = new[] { new { role = "cashier" } } });
        made.Status.ShouldBe(201, made.Text);
        (await admin.Send("PUT", "/api/v1/roles/auditor/permissions/sales.point-of-sale.view")).Status.ShouldBe(204);

        var on = await admin.Post($"{Switches}/switch", new { functions = Till, on = true });
        on.Status.ShouldBe(200, on.Text);
        (await cashier.Get($"{Pos}/{sale}"))["id"].ShouldBe(sale);
        (await cashier.Get("/api/v1/meta")).Text.ShouldContain("point-of-sale");
        (await site.Shop.Count("select count(*) from audit_event where function = 'kernel.functions' and action in ('switch-off', 'switch-on')")).ShouldBe(2);
        site.Incidents.ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task What_others_need_or_is_not_finished_is_not_switched_off(Engine engine)
    {
        await using var site = await Site.Open(engine);
        using var admin = await site.SignedIn("administrator");
        using var cashier = await site.SignedIn("cashier");
        var needed = await admin.Post($"{Switches}/switch", new { functions = new[] { "kernel.stock" }, on = false });
        (needed.Status, needed.Code, needed.Json["neededBy"]![0]!.ToString()).ShouldBe((409, "FUNCTION_NEEDED", Till[0]));

        var (shift, _) = await Trade(cashier);
        var open = await admin.Post($"{Switches}/switch", new { functions = Till, on = false });
        (open.Code, open.Json["unfinished"]!["shift"]!.GetValue<int>()).ShouldBe(("FUNCTION_IN_USE", 1));
        (await admin.Get(Switches)).Json["items"]!.AsArray().Single(item => item!["code"]!.ToString() == Till[0])!["unfinished"]!.AsArray().Single()!["what"]!.ToString().ShouldBe("shift");
        await Close(cashier, shift);

        (await admin.Post($"{Switches}/switch", new { functions = new[] { "kernel.stock", Till[0] }, on = false })).Status.ShouldBe(200);
        (await admin.Post($"{Switches}/switch", new { functions = Till, on = true })).Code.ShouldBe("FUNCTION_NEEDS_OTHERS");
        (await admin.Post($"{Switches}/switch", new { functions = new[] { "kernel.stock", Till[0] }, on = true })).Status.ShouldBe(200);
        var unknown = await admin.Post($"{Switches}/switch", new { functions = new[] { Till[0], "no.such" }, on = false });
        (unknown.Code, unknown.Pointers[0]).ShouldBe(("FUNCTION_UNKNOWN", "/functions/1"));
        (await admin.Post($"{Switches}/switch", new { functions = Array.Empty<string>(), on = false })).Code.ShouldBe("FUNCTIONS_REQUIRED");
        (await cashier.Post($"{Switches}/switch", new { functions = Till, on = false })).Code.ShouldBe("PERMISSION_DENIED");
        (await site.Shop.Count("select count(*) from function_off")).ShouldBe(0);
    }

    private static async Task<(string Shift, string Sale)> Trade(Browser cashier)
    {
        var shift = await cashier.Post($"{Pos}/shifts/T1/open", new { @float = "100.00" });
        shift.Status.ShouldBe(201, shift.Text);
        var sale = await cashier.Post($"{Pos}/checkout", new { terminalId = "T1", lines = new[] { new { sku = "TEA" } }, tenders = new[] { new { method = "CASH" } } });
        sale.Status.ShouldBe(201, sale.Text);
        return (shift["id"], sale["id"]);
    }

    /// <summary>100.00 to begin with and 5.00 for tea at 4.99, rounded to five cents.</summary>
    private static async Task Close(Browser cashier, string shift)
    {
        var counted = await cashier.Post($"{Pos}/shifts/{shift}/count", new { denominations = new[] { new { value = "5.00", count = 21 } }, tenders = Array.Empty<object>() });
        counted.Status.ShouldBe(200, counted.Text);
        var closed = await cashier.Post($"{Pos}/shifts/{shift}/close", new { nextFloat = "100.00" });
        closed.Status.ShouldBe(200, closed.Text);
    }
}
