using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Security;

public sealed class RightsTests
{
    [Theory, OnBothEngines]
    public async Task What_is_not_granted_is_denied_and_the_attempt_is_on_record(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var cashier = await bench.As(bench.Cashier);
        cashier.Actor.May(SecurityBench.Sell.Permission, bench.Branch).ShouldBeTrue();
        cashier.Actor.May(SecurityBench.Sell.Permission, bench.OtherBranch).ShouldBeFalse();
        cashier.Actor.May(SecurityBench.Discount.Permission, bench.Branch).ShouldBeFalse();
        cashier.Actor.May("sales.point-of-sale.never-declared", bench.Branch).ShouldBeFalse();

        var denied = new[]
        {
            (await bench.Users.List(cashier)).Refusal,
            (await bench.Users.Get(cashier, bench.Admin.Id)).Refusal,
            (await bench.Users.Create(cashier, new NewUser("eve", "Eve", SecurityBench.Password, []))).Refusal,
            (await bench.Users.Rename(cashier, bench.Manager.Id, "Mallory")).Refusal,
            (await bench.Users.SetPassword(cashier, bench.Admin.Id, "a new password")).Refusal,
            (await bench.Users.AssignRoles(cashier, bench.Cashier.Id, [new RoleAssignment(RoleTemplates.Administrator)])).Refusal,
            (await bench.Users.Deactivate(cashier, bench.Admin.Id)).Refusal,
            (await bench.Users.Activate(cashier, bench.Admin.Id)).Refusal,
            (await bench.Users.Unlock(cashier, bench.Admin.Id)).Refusal,
            (await bench.Users.ResetTotp(cashier, bench.Admin.Id)).Refusal,
            (await bench.Roles.List(cashier)).Refusal,
            (await bench.Roles.Matrix(cashier)).Refusal,
            (await bench.Roles.Create(cashier, "mine", "Mine")).Refusal,
            (await bench.Roles.Grant(cashier, "cashier", SecurityBench.Discount.Permission)).Refusal,
            (await bench.Roles.Revoke(cashier, "cashier", SecurityBench.Sell.Permission)).Refusal,
            (await bench.Tokens.Create(cashier, "mine", bench.Cashier.Id, null)).Refusal,
            (await bench.Tokens.Revoke(cashier, Guid.CreateVersion7())).Refusal,
            (await bench.Tokens.List(cashier)).Refusal,
        };
        denied.ShouldAllBe(refusal => refusal!.Code == "PERMISSION_DENIED" && refusal.Status == 403);
        (await bench.Database.Read(db => db.Number($"select count(*) from audit_event where outcome = 'denied' and user_id = {bench.Cashier.Id}")))
            .ShouldBe(denied.Length);
    }

    [Theory, OnBothEngines]
    public async Task A_grant_counts_at_once_and_a_revocation_too(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var admin = await bench.As(bench.Admin);
        (await bench.Roles.Grant(admin, "cashier", SecurityBench.Discount.Permission)).IsRefused.ShouldBeFalse();
        (await bench.As(bench.Cashier)).Actor.May(SecurityBench.Discount.Permission, bench.Branch).ShouldBeTrue();
        (await bench.Roles.Revoke(admin, "cashier", SecurityBench.Discount.Permission)).IsRefused.ShouldBeFalse();
        (await bench.As(bench.Cashier)).Actor.May(SecurityBench.Discount.Permission, bench.Branch).ShouldBeFalse();
        (await bench.Roles.Revoke(admin, RoleTemplates.Administrator, SecurityBench.Sell.Permission)).Refusal.ShouldBe(SecurityRefusals.RoleFixed);
        (await bench.Roles.Grant(admin, "no-such", SecurityBench.Sell.Permission)).Refusal.ShouldBe(SecurityRefusals.RoleUnknown);
        (await bench.Roles.Grant(admin, "cashier", "no.such")).Refusal.ShouldBe(SecurityRefusals.PermissionUnknown);
        (await bench.Audited("grant")).ShouldBe(["done admin"]);
    }

    [Theory, OnBothEngines]
    public async Task Default_grants_are_given_once_and_never_again_after_they_were_taken_away(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        await bench.Roles.Revoke(await bench.As(bench.Admin), "cashier", SecurityBench.Sell.Permission);
        var later = new PermissionDeclaration("sales.returns.create", "Take goods back", ["cashier"]);
        await bench.Database.Write(tx => RoleTemplates.Seed(tx, [SecurityBench.Discount, SecurityBench.Sell, later], bench.Clock));
        bench.Actors.Invalidate();
        var cashier = (await bench.As(bench.Cashier)).Actor;
        cashier.May(SecurityBench.Sell.Permission, bench.Branch).ShouldBeFalse();
        cashier.May(later.Permission, bench.Branch).ShouldBeTrue();
        (await bench.As(bench.Admin)).Actor.MayEverywhere(later.Permission).ShouldBeTrue();
        RoleTemplates.All.Count.ShouldBe(22);
        (await bench.Roles.List(Caller.System)).Value.Count.ShouldBe(22);
        await Should.ThrowAsync<InvariantBrokenException>(() =>
            bench.Database.Write(tx => RoleTemplates.Seed(tx, [later with { Roles = ["no-such"] }], bench.Clock)));
        await Should.ThrowAsync<InvariantBrokenException>(() => bench.Database.Write(tx => RoleTemplates.Seed(tx, [later, later], bench.Clock)));
    }

    [Theory, OnBothEngines]
    public async Task Nobody_gives_away_or_takes_over_more_than_they_have(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var admin = await bench.As(bench.Admin);
        await bench.Roles.Create(admin, "help-desk", "Help desk");
        foreach (var permission in new[] { KernelPermissions.UsersView, KernelPermissions.UsersCreate, KernelPermissions.UsersUpdate, KernelPermissions.RolesConfigure, KernelPermissions.TokensCreate })
            (await bench.Roles.Grant(admin, "help-desk", permission)).IsRefused.ShouldBeFalse();
        var helper = await bench.As(await bench.Add("helper", new RoleAssignment("help-desk")));
        var plain = await bench.Add("plain");

        (await bench.Users.Rename(helper, plain.Id, "Plain Jane")).Value.Name.ShouldBe("Plain Jane");
        (await bench.Users.SetPassword(helper, bench.Admin.Id, "a new password")).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await bench.Users.Deactivate(helper, bench.Manager.Id)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await bench.Users.AssignRoles(helper, plain.Id, [new RoleAssignment(RoleTemplates.Administrator)])).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await bench.Users.Create(helper, new NewUser("eve", "Eve", SecurityBench.Password, [new RoleAssignment("cashier", bench.Branch)]))).Refusal!.Code
            .ShouldBe("PERMISSION_DENIED");
        (await bench.Tokens.Create(helper, "admin's", bench.Admin.Id, null)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await bench.Roles.Grant(helper, "help-desk", SecurityBench.Sell.Permission)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await bench.Sessions.SignIn("admin", SecurityBench.Password)).IsRefused.ShouldBeFalse();
    }

    [Theory, OnBothEngines]
    public async Task The_last_administrator_stays_and_nobody_sets_their_own_roles(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var admin = await bench.As(bench.Admin);
        (await bench.Users.AssignRoles(admin, bench.Admin.Id, [])).Refusal.ShouldBe(SecurityRefusals.FourEyes);
        (await bench.Users.Deactivate(admin, bench.Admin.Id)).Refusal.ShouldBe(SecurityRefusals.LastAdministrator);
        (await bench.Users.AssignRoles(Caller.System, bench.Admin.Id, [new RoleAssignment("cashier")])).Refusal.ShouldBe(SecurityRefusals.LastAdministrator);

        var second = await bench.Add("second", new RoleAssignment(RoleTemplates.Administrator));
        var other = await bench.As(second);
        var others = await Task.WhenAll(
            Task.Run(async () => await bench.Users.Deactivate(admin, second.Id)),
            Task.Run(async () => await bench.Users.Deactivate(other, bench.Admin.Id)));
        others.Count(result => result.IsRefused).ShouldBe(1, "one of two who push each other out stays");
        (await bench.Users.Deactivate(admin, Actor.SystemId)).Refusal.ShouldBe(SecurityRefusals.SystemUser);
    }

    [Theory, OnBothEngines]
    public async Task A_user_is_made_with_a_name_of_their_own_and_a_password_of_some_length(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var admin = await bench.As(bench.Admin);
        Task<Result<UserAccount>> Make(string userName, string password, params RoleAssignment[] roles) =>
            bench.Users.Create(admin, new NewUser(userName, "Somebody", password, roles));

        (await Make("CASHIER", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.UserExists);
        (await Make("with blank", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.UserNameInvalid);
        (await Make("fresh", "1234567")).Refusal!.Code.ShouldBe("PASSWORD_WEAK");
        (await Make("fresh", new string('x', 129))).Refusal!.Code.ShouldBe("PASSWORD_WEAK");
        (await Make("fresh", SecurityBench.Password, new RoleAssignment("no-such"))).Refusal!.At.ShouldBe("/roles/0/role");
        (await Make("fresh", SecurityBench.Password, new RoleAssignment("cashier", Guid.CreateVersion7()))).Refusal!.At.ShouldBe("/roles/0/branchId");
        var made = (await Make("fresh", SecurityBench.Password, new RoleAssignment("cashier", bench.Branch))).Value;
        made.Roles.ShouldBe([new RoleAssignment("cashier", bench.Branch)]);
        made.MustChange.ShouldBeTrue();
        (await bench.Users.Rename(admin, made.Id, "Else", version: made.Version + 1)).Refusal!.Code.ShouldBe("VERSION_CONFLICT");
        (await bench.Users.List(admin, "FRES")).Value.Select(user => user.UserName).ShouldBe(["fresh"]);
        (await bench.Users.List(admin, after: "cashier", limit: 2)).Value.Select(user => user.UserName).ShouldBe(["fresh", "manager"]);
        (await bench.Users.List(admin, "%")).Value.ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_token_is_shown_once_kept_as_a_hash_and_stops_when_revoked_or_run_out(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var admin = await bench.As(bench.Admin);
        var made = (await bench.Tokens.Create(admin, "web shop", bench.Cashier.Id, bench.Clock.Now.AddDays(1))).Value;
        made.Token.ShouldStartWith("plug1_");
        made.Details.Prefix.ShouldBe(made.Token[..12]);
        (await bench.Database.Read(db => db.Query($"select token_hash from api_token", row => row.Text(0)))).ShouldBe([Secrets.Hash(made.Token)]);
        (await bench.Tokens.Resolve(made.Token))!.UserId.ShouldBe(bench.Cashier.Id);
        (await bench.Tokens.List(admin)).Value.Single().LastUsedAt.ShouldBe(bench.Clock.Now);

        (await bench.Tokens.Revoke(admin, made.Details.Id)).IsRefused.ShouldBeFalse();
        (await bench.Tokens.Resolve(made.Token)).ShouldBeNull();

        var second = (await bench.Tokens.Create(admin, "till", bench.Cashier.Id, bench.Clock.Now.AddDays(1))).Value;
        (await bench.Tokens.Resolve(second.Token)).ShouldNotBeNull();
        bench.Clock.Advance(TimeSpan.FromDays(1));
        (await bench.Tokens.Resolve(second.Token)).ShouldBeNull();
        (await bench.Tokens.Create(admin, "late", bench.Cashier.Id, bench.Clock.Now)).Refusal.ShouldBe(SecurityRefusals.ExpiryPast);
        (await bench.Tokens.Create(admin, "system", Actor.SystemId, null)).Refusal.ShouldBe(SecurityRefusals.SystemUser);
        (await bench.Tokens.Revoke(admin, Guid.CreateVersion7())).Refusal.ShouldBe(SecurityRefusals.TokenUnknown);
    }
}
