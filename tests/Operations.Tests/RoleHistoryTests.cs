using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Operations.Tests;

/// <summary>What a role gained or lost is told against what it began as, and by each change.</summary>
public sealed class RoleHistoryTests
{
    [Theory, OnBothEngines]
    public async Task A_role_tells_what_it_gained_and_lost_against_its_template_and_by_its_last_change(Engine engine)
    {
        await using var site = await Bare.Open(engine);
        using var admin = await site.SetUp();
        async Task<Answered> Standing(string role) => await admin.Get($"/api/v1/roles/{role}/changes");
        var fresh = await Standing("cashier");
        (fresh["template"], fresh.Json["gained"]!.AsArray().Count, fresh.Json["lost"]!.AsArray().Count, fresh.Json["changes"]!.AsArray().Count).ShouldBe(("true", 0, 0, 0));

        async Task Change(string method, string permission) => (await admin.Send(method, $"/api/v1/roles/cashier/permissions/{permission}")).Status.ShouldBe(204);
        await Change("PUT", "sales.point-of-sale.override-price");
        await Change("DELETE", "sales.point-of-sale.reverse");
        await Change("PUT", "kernel.audit.view");
        await Change("DELETE", "kernel.audit.view");
        var changed = await Standing("cashier");
        changed.Json["gained"]!.AsArray().Select(node => node!.ToString()).ShouldBe(["sales.point-of-sale.override-price"]);
        changed.Json["lost"]!.AsArray().Select(node => node!.ToString()).ShouldBe(["sales.point-of-sale.reverse"]);
        var last = changed.Json["changes"]!.AsArray().Single()!;
        (last["by"]!.ToString(), last["granted"]![0]!.ToString(), last["revoked"]![0]!.ToString(), last["granted"]!.AsArray().Count).ShouldBe(("olga", "sales.point-of-sale.override-price", "sales.point-of-sale.reverse", 1));

        (await admin.Post("/api/v1/roles", new { code = "trainee", name = "Trainee" })).Status.ShouldBe(201);
        (await admin.Send("PUT", "/api/v1/roles/trainee/permissions/sales.point-of-sale.view")).Status.ShouldBe(204);
        var own = await Standing("trainee");
        (own["template"], own.Json["gained"]!.AsArray().Count, own.Json["changes"]![0]!["granted"]![0]!.ToString()).ShouldBe(("false", 0, "sales.point-of-sale.view"));
        (await Standing("nobody")).Code.ShouldBe("NOT_FOUND");
    }
}
