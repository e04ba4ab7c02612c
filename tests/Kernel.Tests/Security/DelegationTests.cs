using Microsoft.Extensions.DependencyInjection;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Security;

/// <summary>Somebody who is away has a deputy: for a time, to see and to approve, and for nothing else.</summary>
public sealed class DelegationTests
{
    private static readonly PermissionDeclaration Approve = new("sales.point-of-sale.approve", "Approve", ["store-manager"]);
    private static readonly PermissionDeclaration View = new("sales.point-of-sale.view", "See", ["store-manager"]);

    [Theory, OnBothEngines]
    public async Task A_deputy_sees_and_approves_from_the_first_instant_to_the_last_and_gains_nothing_else(Engine engine)
    {
        await using var bench = await Start(engine);
        var (delegations, noon) = (bench.Node.GetRequiredService<Delegations>(), bench.Clock.Now.AddHours(3));
        (await delegations.Make(await bench.As(bench.Manager), new NewDelegation(" Cashier ", noon, noon.AddDays(2), "Fair in Lagos"))).Value.ToName.ShouldBe("The cashier");

        await Gained(false);
        bench.Clock.Now = noon.AddTicks(-10);
        await Gained(false);
        bench.Clock.Now = noon;
        await Gained(true);
        var deputy = (await bench.As(bench.Cashier)).Actor;
        deputy.May(SecurityBench.Discount.Permission, bench.Branch).ShouldBeFalse("granting discounts is neither seeing nor approving");
        deputy.May(Approve.Permission, bench.OtherBranch).ShouldBeFalse("the manager has no role there");
        deputy.Grants.Single(grant => grant.OnBehalfOf is not null).OnBehalfOf.ShouldBe(bench.Manager.Id);
        bench.Clock.Now = noon.AddDays(2).AddTicks(-10);
        await Gained(true);
        bench.Clock.Now = noon.AddDays(2);
        await Gained(false);

        async Task Gained(bool expected)
        {
            var now = (await bench.As(bench.Cashier)).Actor;
            (now.May(Approve.Permission, bench.Branch), now.May(View.Permission, bench.Branch), now.Has("store-manager", bench.Branch)).ShouldBe((expected, expected, expected), $"at {bench.Clock.Now:O}");
        }
    }

    [Theory, OnBothEngines]
    public async Task What_is_taken_back_ends_at_once_on_every_node_and_a_deputy_passes_nothing_on(Engine engine)
    {
        await using var bench = await Start(engine);
        await using var second = bench.Test.OpenAgain();
        var (delegations, other) = (bench.Node.GetRequiredService<Delegations>(), bench.AddNode(second).GetRequiredService<Actors>());
        var third = await bench.Add("third", new RoleAssignment("cashier", bench.Branch));
        var made = (await delegations.Make(await bench.As(bench.Manager), new NewDelegation("cashier", null, bench.Clock.Now.AddDays(9)))).Value;
        await delegations.Make(await bench.As(bench.Cashier), new NewDelegation("third", null, bench.Clock.Now.AddDays(9)));

        (await other.ByUser(bench.Cashier.Id))!.May(Approve.Permission, bench.Branch).ShouldBeTrue();
        (await other.ByUser(third.Id))!.May(Approve.Permission, bench.Branch).ShouldBeFalse("it was lent to the cashier, not given");
        (await delegations.Revoke(await bench.As(bench.Cashier), made.Id)).Refusal!.Code.ShouldBe("NOT_FOUND");
        (await delegations.Standing((await bench.As(bench.Cashier)).Actor)).Count.ShouldBe(2);
        (await delegations.Standing((await bench.As(third)).Actor)).Count.ShouldBe(1);
        (await delegations.Revoke(await bench.As(bench.Manager), made.Id)).Value.RevokedAt.ShouldBe(bench.Clock.Now);
        other.Invalidate();
        (await other.ByUser(bench.Cashier.Id))!.May(Approve.Permission, bench.Branch).ShouldBeFalse();
        (await delegations.Standing((await bench.As(bench.Admin)).Actor)).Select(standing => standing.ToName).ShouldBe(["The third"]);
        (await bench.Audited("delegate")).ShouldBe(["done manager", "done cashier"], ignoreOrder: true);
        (await bench.Audited("revoke")).ShouldBe(["done manager"]);
    }

    [Theory, OnBothEngines]
    public async Task Only_who_may_change_users_delegates_for_another_and_spans_must_make_sense(Engine engine)
    {
        await using var bench = await Start(engine);
        var (delegations, now) = (bench.Node.GetRequiredService<Delegations>(), bench.Clock.Now);
        var manager = await bench.As(bench.Manager);
        async Task<string?> Refused(NewDelegation asked, Plug1.Kernel.Security.Caller? who = null) =>
            (await delegations.Make(who ?? manager, asked)).Refusal is { } no ? $"{no.Code} {no.At}" : null;

        (await Refused(new NewDelegation("cashier", null, now))).ShouldBe("DELEGATION_INVALID /endsAt");
        (await Refused(new NewDelegation("cashier", null, now.AddDays(367)))).ShouldBe("DELEGATION_INVALID /endsAt");
        (await Refused(new NewDelegation("cashier", now.AddDays(3), now.AddDays(2)))).ShouldBe("DELEGATION_INVALID /endsAt");
        (await Refused(new NewDelegation("cashier", null, now.AddDays(2), new string('n', 501)))).ShouldBe("DELEGATION_INVALID /note");
        (await Refused(new NewDelegation("manager", null, now.AddDays(2)))).ShouldBe("DELEGATION_INVALID /to");
        (await Refused(new NewDelegation("nobody", null, now.AddDays(2)))).ShouldBe("USER_UNKNOWN /to");
        (await Refused(new NewDelegation("cashier", null, now.AddDays(2), From: "admin"))).ShouldBe("PERMISSION_DENIED ");
        (await bench.Audited("update")).ShouldBe(["denied PERMISSION_DENIED manager"]);
        (await Refused(new NewDelegation("cashier", null, now.AddDays(2), From: "manager"), await bench.As(bench.Admin))).ShouldBeNull();
        (await bench.As(bench.Cashier)).Actor.May(Approve.Permission, bench.Branch).ShouldBeTrue();
    }

    private static async Task<SecurityBench> Start(Engine engine)
    {
        var bench = await SecurityBench.Start(engine);
        await bench.Database.Write(async tx => await RoleTemplates.Seed(tx, [SecurityBench.Discount, SecurityBench.Sell, Approve, View], bench.Clock));
        bench.Actors.Invalidate();
        return bench;
    }
}
