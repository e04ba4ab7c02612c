using Microsoft.Extensions.DependencyInjection;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Security;

public sealed class SignInTests
{
    [Theory, OnBothEngines]
    public async Task Whoever_shows_name_and_password_gets_a_session_and_the_name_is_read_without_case(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var signed = (await bench.Sessions.SignIn(" CASHIER ", SecurityBench.Password, address: "10.0.0.7", agent: "Test")).Value;
        signed.Actor.UserId.ShouldBe(bench.Cashier.Id);
        signed.Actor.May(SecurityBench.Sell.Permission, bench.Branch).ShouldBeTrue();
        (await bench.Sessions.Resolve(signed.Token))!.UserId.ShouldBe(bench.Cashier.Id);
        (await bench.Audited("sign-in")).ShouldBe(["done cashier"]);
    }

    [Theory, OnBothEngines]
    public async Task A_session_is_kept_only_as_the_hash_of_its_token(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var token = (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Value.Token;
        var kept = await bench.Database.Read(db => db.Query($"select token_hash, csrf from user_session", row => (row.Text(0), row.Text(1))));
        kept.Single().Item1.ShouldBe(Secrets.Hash(token));
        kept.Single().Item1.ShouldNotContain(token);
        kept.Single().Item2.ShouldNotBe(token);
        token.Length.ShouldBe(43);
    }

    [Theory, OnBothEngines]
    public async Task Five_failed_attempts_lock_the_name_for_a_quarter_of_an_hour(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        for (var attempt = 1; attempt <= 4; attempt++) (await bench.Sessions.SignIn("cashier", "wrong")).Refusal.ShouldBe(SecurityRefusals.SignInFailed);
        (await bench.Sessions.SignIn("cashier", "wrong")).Refusal.ShouldBe(SecurityRefusals.Locked);
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.Locked);
        (await bench.Users.Get(Caller.System, bench.Cashier.Id)).Value.LockedUntil.ShouldBe(bench.Clock.Now.AddMinutes(15));

        bench.Clock.Advance(TimeSpan.FromSeconds(899));
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.Locked);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).IsRefused.ShouldBeFalse();
        (await bench.Audited("sign-in")).Count(line => line == "denied SIGN_IN_FAILED cashier").ShouldBe(4);
        (await bench.Audited("sign-in")).Count(line => line == "denied SIGN_IN_LOCKED cashier").ShouldBe(3);
    }

    [Theory, OnBothEngines]
    public async Task A_success_forgets_the_failures_before_it(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        for (var round = 0; round < 3; round++)
        {
            for (var attempt = 1; attempt <= 4; attempt++) await bench.Sessions.SignIn("cashier", "wrong");
            (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).IsRefused.ShouldBeFalse();
        }
    }

    [Theory, OnBothEngines]
    public async Task Guesses_made_side_by_side_are_all_counted(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var guesses = await Task.WhenAll(Enumerable.Range(0, 40).Select(at => Task.Run(() => bench.Sessions.SignIn("cashier", $"guess {at}"))));
        guesses.Count(guess => guess.Refusal == SecurityRefusals.SignInFailed).ShouldBe(4);
        guesses.Count(guess => guess.Refusal == SecurityRefusals.Locked).ShouldBe(36);
    }

    [Theory, OnBothEngines]
    public async Task A_name_that_does_not_exist_is_answered_and_locked_like_one_that_does(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var unknown = new List<Refusal?>();
        var known = new List<Refusal?>();
        for (var attempt = 0; attempt < 7; attempt++)
        {
            unknown.Add((await bench.Sessions.SignIn("nobody-here", "wrong")).Refusal);
            known.Add((await bench.Sessions.SignIn("cashier", "wrong")).Refusal);
        }

        unknown.ShouldBe(known);
        (await bench.Audited("sign-in")).ShouldAllBe(line => !line.Contains("nobody-here", StringComparison.Ordinal));
    }

    [Theory, OnBothEngines]
    public async Task The_system_and_the_inactive_are_refused_like_strangers(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        (await bench.Users.Deactivate(await bench.As(bench.Admin), bench.Cashier.Id)).IsRefused.ShouldBeFalse();
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.SignInFailed);
        (await bench.Sessions.SignIn("system", "")).Refusal.ShouldBe(SecurityRefusals.SignInFailed);
        (await bench.Sessions.SignIn("system", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.SignInFailed);
        (await Should.ThrowAsync<Exception>(() => bench.Database.Write(tx => tx.Execute($"update app_user set password_hash = 'x' where id = {Actor.SystemId}"))))
            .ShouldSatisfyAllConditions(failure => Dialect.IsCheckViolation(failure).ShouldBeTrue());
    }

    [Theory, OnBothEngines]
    public async Task A_session_ends_twelve_hours_after_its_last_use_and_seven_days_after_its_first(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var token = (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Value.Token;
        bench.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        (await bench.Sessions.Resolve(token)).ShouldNotBeNull();
        bench.Clock.Advance(TimeSpan.FromHours(12));
        (await bench.Sessions.Resolve(token)).ShouldBeNull();

        var used = (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Value.Token;
        for (var hours = 0; hours < 7 * 24 - 6; hours += 6)
        {
            bench.Clock.Advance(TimeSpan.FromHours(6));
            (await bench.Sessions.Resolve(used)).ShouldNotBeNull($"after {hours + 6} hours");
        }

        bench.Clock.Advance(TimeSpan.FromHours(6));
        (await bench.Sessions.Resolve(used)).ShouldBeNull();
        (await bench.Sessions.Purge()).ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task A_session_signed_out_ends_at_once_here_and_within_two_seconds_on_another_node(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var other = bench.AddNode(bench.Test.OpenAgain()).GetRequiredService<Sessions>();
        var signed = (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Value;
        (await bench.Sessions.Resolve(signed.Token)).ShouldNotBeNull();
        (await other.Resolve(signed.Token)).ShouldNotBeNull();

        await bench.Sessions.SignOut(await bench.As(bench.Cashier), signed.Session.Id);
        (await bench.Sessions.Resolve(signed.Token)).ShouldBeNull();
        await Seen(async () => await other.Resolve(signed.Token) is null);
    }

    [Theory, OnBothEngines]
    public async Task A_user_deactivated_loses_sessions_and_rights_at_once_here_and_within_two_seconds_on_another_node(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var other = bench.AddNode(bench.Test.OpenAgain());
        var token = (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Value.Token;
        (await other.GetRequiredService<Sessions>().Resolve(token)).ShouldNotBeNull();
        (await other.GetRequiredService<Actors>().ByUser(bench.Cashier.Id)).ShouldNotBeNull();

        await bench.Users.Deactivate(await bench.As(bench.Admin), bench.Cashier.Id);
        (await bench.Sessions.Resolve(token)).ShouldBeNull();
        (await bench.Actors.ByUser(bench.Cashier.Id)).ShouldBeNull();
        await Seen(async () => await other.GetRequiredService<Sessions>().Resolve(token) is null);
        await Seen(async () => await other.GetRequiredService<Actors>().ByUser(bench.Cashier.Id) is null);
    }

    [Theory, OnBothEngines]
    public async Task A_made_up_token_opens_nothing(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        (await bench.Sessions.Resolve("")).ShouldBeNull();
        (await bench.Sessions.Resolve(Secrets.New())).ShouldBeNull();
        (await bench.Tokens.Resolve("plug1_" + Secrets.New())).ShouldBeNull();
    }

    [Theory, OnBothEngines]
    public async Task Changing_the_password_asks_for_the_present_one_and_ends_the_other_sessions(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var here = (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Value;
        var elsewhere = (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Value;
        var caller = (await bench.As(bench.Cashier)) with { SessionId = here.Session.Id };
        (await bench.Own.ChangePassword(caller, "wrong", "another long one")).Refusal.ShouldBe(SecurityRefusals.PasswordWrong);
        (await bench.Own.ChangePassword(caller, SecurityBench.Password, "short")).Refusal!.Code.ShouldBe("PASSWORD_WEAK");
        (await bench.Own.ChangePassword(caller, SecurityBench.Password, "Cashier")).Refusal!.Code.ShouldBe("PASSWORD_WEAK");
        (await bench.Own.ChangePassword(caller, SecurityBench.Password, SecurityBench.Password)).Refusal!.Code.ShouldBe("PASSWORD_WEAK");
        (await bench.Own.ChangePassword(caller, SecurityBench.Password, "another long one")).IsRefused.ShouldBeFalse();
        (await bench.Sessions.Resolve(here.Token)).ShouldNotBeNull();
        (await bench.Sessions.Resolve(elsewhere.Token)).ShouldBeNull();
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.SignInFailed);
        (await bench.Sessions.SignIn("cashier", "another long one")).IsRefused.ShouldBeFalse();
    }

    [Fact]
    public async Task An_unknown_name_takes_as_long_to_refuse_as_a_wrong_password()
    {
        await using var bench = await SecurityBench.Start(Engine.Sqlite);
        var node = bench.AddNode(bench.Test.OpenAgain(), passwordRounds: 200_000);
        var sessions = node.GetRequiredService<Sessions>();
        var users = new List<string>();
        for (var at = 0; at < 5; at++)
            users.Add((await node.GetRequiredService<Users>().Create(Caller.System, new NewUser($"user{at}", "Somebody", SecurityBench.Password, []))).Value.UserName);
        await sessions.SignIn("warm", "up");
        var (known, unknown) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var at = 0; at < 5; at++)
        {
            known.Add(await Took(() => sessions.SignIn(users[at], "wrong")));
            unknown.Add(await Took(() => sessions.SignIn($"nobody{at}", "wrong")));
        }

        // Without the hash that is reckoned for nobody this would be less than a tenth.
        (unknown.Order().ElementAt(2) / known.Order().ElementAt(2)).ShouldBeInRange(0.5, 2.0);
    }

    private static async Task<TimeSpan> Took(Func<Task> work)
    {
        var started = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(started);
    }

    private static async Task Seen(Func<Task<bool>> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(2));
            await Task.Delay(50);
        }
    }
}
