using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Security;

public sealed class SecondPersonTests
{
    private static readonly string Discount = SecurityBench.Discount.Permission;

    [Theory, OnBothEngines]
    public async Task A_word_counts_once_though_twenty_try_at_the_same_moment(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var grant = (await Ask(bench)).Value;
        grant.By.UserId.ShouldBe(bench.Manager.Id);
        grant.ExpiresAt.ShouldBe(bench.Clock.Now.AddMinutes(5));
        var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Redeem(bench, grant.Token))));
        tries.Count(redeemed => !redeemed.IsRefused).ShouldBe(1);
        tries.Where(redeemed => redeemed.IsRefused).ShouldAllBe(redeemed => redeemed.Refusal == SecurityRefusals.ApprovalInvalid);
        var used = tries.Single(redeemed => !redeemed.IsRefused).Value;
        (used.GrantedBy, used.UserName, used.Reason).ShouldBe((bench.Manager.Id, "manager", "regular customer"));
        (await bench.Audited("authorise")).ShouldBe(["done regular customer manager"]);
    }

    [Theory, OnBothEngines]
    public async Task A_transaction_that_is_undone_leaves_the_word_unused(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var token = (await Ask(bench)).Value.Token;
        var refused = await bench.Database.Write<RedeemedGrant>(async tx =>
        {
            (await bench.SecondPerson.Redeem(tx, token, Discount, bench.Branch, Guid.CreateVersion7(), bench.Cashier.Id)).IsRefused.ShouldBeFalse();
            return new Refusal("STOCK_SHORT", "Later.");
        });
        refused.IsRefused.ShouldBeTrue();
        (await Redeem(bench, token)).IsRefused.ShouldBeFalse();
    }

    [Theory, OnBothEngines]
    public async Task A_word_counts_only_for_its_permission_branch_and_person_and_for_five_minutes(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var token = (await Ask(bench)).Value.Token;
        (await Redeem(bench, token, permission: "sales.point-of-sale.reverse")).Refusal.ShouldBe(SecurityRefusals.ApprovalInvalid);
        (await Redeem(bench, token, branch: bench.OtherBranch)).Refusal.ShouldBe(SecurityRefusals.ApprovalInvalid);
        (await Redeem(bench, token, by: bench.Manager.Id)).Refusal.ShouldBe(SecurityRefusals.ApprovalInvalid);
        (await Redeem(bench, Secrets.New())).Refusal.ShouldBe(SecurityRefusals.ApprovalInvalid);
        bench.Clock.Advance(TimeSpan.FromMinutes(5));
        (await Redeem(bench, token)).Refusal.ShouldBe(SecurityRefusals.ApprovalInvalid);

        var second = (await Ask(bench)).Value.Token;
        await bench.Users.Deactivate(Caller.System, bench.Manager.Id);
        (await Redeem(bench, second)).Refusal.ShouldBe(SecurityRefusals.ApprovalInvalid);
    }

    [Theory, OnBothEngines]
    public async Task Nobody_is_their_own_second_person_not_even_an_administrator(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        (await Ask(bench, "manager", by: await bench.As(bench.Manager))).Refusal.ShouldBe(SecurityRefusals.FourEyes);
        (await Ask(bench, "admin", by: await bench.As(bench.Admin))).Refusal.ShouldBe(SecurityRefusals.FourEyes);
        (await Ask(bench, "cashier", by: await bench.As(bench.Manager))).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await Ask(bench, "admin")).IsRefused.ShouldBeFalse();
        (await bench.Audited("authorise")).ShouldBe(
            ["denied FOUR_EYES manager", "denied FOUR_EYES admin", "denied PERMISSION_DENIED cashier", "done regular customer admin"]);
    }

    [Theory, OnBothEngines]
    public async Task Guessing_the_second_persons_password_locks_it_everywhere(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        for (var attempt = 1; attempt <= 4; attempt++) (await Ask(bench, password: "wrong")).Refusal.ShouldBe(SecurityRefusals.SignInFailed);
        (await Ask(bench, password: "wrong")).Refusal.ShouldBe(SecurityRefusals.Locked);
        (await bench.Sessions.SignIn("manager", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.Locked);
        await bench.Users.Unlock(await bench.As(bench.Admin), bench.Manager.Id);
        (await Ask(bench)).IsRefused.ShouldBeFalse();
    }

    private static async Task<Result<ApprovalGrant>> Ask(
        SecurityBench bench, string userName = "manager", string password = SecurityBench.Password, Caller? by = null) =>
        await bench.SecondPerson.Authorise(
            userName, password, Discount, bench.Branch, "T1", "regular customer", by ?? await bench.As(bench.Cashier));

    private static Task<Result<RedeemedGrant>> Redeem(SecurityBench bench, string token, string? permission = null, Guid? branch = null, Guid? by = null) =>
        bench.Database.Write(tx => bench.SecondPerson.Redeem(
            tx, token, permission ?? Discount, branch ?? bench.Branch, Guid.CreateVersion7(), by ?? bench.Cashier.Id));
}
