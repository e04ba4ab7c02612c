using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Security;

public sealed class TotpTests
{
    [Theory, OnBothEngines]
    public async Task After_a_code_was_confirmed_signing_in_asks_for_one_and_takes_each_once(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var caller = await bench.As(bench.Cashier);
        (await bench.Own.ConfirmTotp(caller, "123456")).Refusal.ShouldBe(SecurityRefusals.TotpNotStarted);
        var secret = (await bench.Own.StartTotp(caller)).Value;
        secret.Uri.ShouldStartWith("otpauth://totp/Plug1%20Operations:cashier?secret=");
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).IsRefused.ShouldBeFalse("nothing is asked for before it is confirmed");
        (await bench.Own.ConfirmTotp(caller, Wrong(secret.Secret))).Refusal.ShouldBe(SecurityRefusals.CodeWrong);
        (await bench.Own.ConfirmTotp(caller, Code(secret.Secret))).IsRefused.ShouldBeFalse();

        (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.CodeRequired);
        (await bench.Sessions.SignIn("cashier", "wrong")).Refusal.ShouldBe(SecurityRefusals.SignInFailed);
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password, Wrong(secret.Secret))).Refusal.ShouldBe(SecurityRefusals.SignInFailed);
        var code = Code(secret.Secret);
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password, $"{code[..3]} {code[3..]}")).IsRefused.ShouldBeFalse();
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password, code)).Refusal.ShouldBe(SecurityRefusals.SignInFailed, "each code counts once");
    }

    [Theory, OnBothEngines]
    public async Task Wrong_codes_lock_the_name_though_the_password_is_known(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var secret = await Enable(bench);
        var wrong = Wrong(secret);
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            (await bench.Sessions.SignIn("cashier", SecurityBench.Password, wrong)).Refusal.ShouldBe(SecurityRefusals.SignInFailed);
            (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).Refusal.ShouldBe(SecurityRefusals.CodeRequired, "which forgives no wrong code");
        }

        (await bench.Sessions.SignIn("cashier", SecurityBench.Password, wrong)).Refusal.ShouldBe(SecurityRefusals.Locked);
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password, Code(secret))).Refusal.ShouldBe(SecurityRefusals.Locked);
    }

    [Theory, OnBothEngines]
    public async Task One_code_used_at_the_same_moment_by_many_opens_one_session(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var code = Code(await Enable(bench));
        var attempts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => bench.Sessions.SignIn("cashier", SecurityBench.Password, code))));
        attempts.Count(attempt => !attempt.IsRefused).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task The_secret_is_unreadable_in_the_database_and_in_the_row_of_another(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        var secret = await Enable(bench);
        var kept = await bench.Database.Read(db => db.First($"select totp_secret from app_user where id = {bench.Cashier.Id}", row => row.Bytes(0)));
        Convert.ToHexString(kept!).ShouldNotContain(Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(secret)));
        var box = SecretBox.FromFile(Path.Combine(bench.Folder, "plug1.key"));
        box.Open(kept!, bench.Cashier.Id).ShouldBe(secret);
        Should.Throw<CryptographicException>(() => box.Open(kept!, bench.Manager.Id));
        Should.Throw<CryptographicException>(() => SecretBox.FromFile(Path.Combine(bench.Folder, "other.key")).Open(kept!, bench.Cashier.Id));
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(bench.Folder, "plug1.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory, OnBothEngines]
    public async Task An_administrator_resets_the_codes_of_somebody_who_has_lost_the_device(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        await Enable(bench);
        (await bench.Users.ResetTotp(await bench.As(bench.Admin), bench.Cashier.Id)).Value.TwoFactor.ShouldBeFalse();
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).IsRefused.ShouldBeFalse();
    }

    [Theory, OnBothEngines]
    public async Task Codes_are_given_up_only_with_the_password(Engine engine)
    {
        await using var bench = await SecurityBench.Start(engine);
        await Enable(bench);
        var caller = await bench.As(bench.Cashier);
        (await bench.Own.RemoveTotp(caller, "a guess of mine")).Refusal!.Code.ShouldBe("PASSWORD_WRONG");
        (await bench.Database.Read(db => db.Number($"select count(*) from app_user where id = {bench.Cashier.Id} and totp_secret is not null"))).ShouldBe(1);
        (await bench.Own.RemoveTotp(caller, SecurityBench.Password)).IsRefused.ShouldBeFalse();
        (await bench.Sessions.SignIn("cashier", SecurityBench.Password)).IsRefused.ShouldBeFalse();
        (await bench.Database.Read(db => db.Number($"select count(*) from audit_event where action = 'disable-totp'"))).ShouldBe(1);
    }

    private static async Task<string> Enable(SecurityBench bench)
    {
        var caller = await bench.As(bench.Cashier);
        var secret = (await bench.Own.StartTotp(caller)).Value.Secret;
        (await bench.Own.ConfirmTotp(caller, Code(secret))).IsRefused.ShouldBeFalse();
        return secret;
    }

    private static string Wrong(string secret)
    {
        // Not the code of any step that counts now.
        var right = Enumerable.Range(-3, 7).Select(step => Code(secret, step)).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(0, 1_000_000).Select(number => $"{number:000000}").First(code => !right.Contains(code));
    }

    /// <summary>RFC 6238 with RFC 4226: an authenticator application of our own, by the clock of the machine as Identity goes by it.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The standard of authenticator applications is HMAC-SHA-1.")]
    private static string Code(string secret, int steps = 0)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(secret.TrimEnd('=').Select(sign => Convert.ToString(alphabet.IndexOf(sign, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(at => Convert.ToByte(bits.Substring(at * 8, 8), 2)).ToArray();
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30 + steps);
        var hash = HMACSHA1.HashData(key, counter);
        var offset = hash[^1] & 0xf;
        return $"{(BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset, 4)) & 0x7fffffff) % 1_000_000:000000}";
    }
}
