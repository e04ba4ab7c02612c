using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>A user who has shown that they are who they say, and what is still to be written about it.</summary>
/// <param name="User">Who.</param>
/// <param name="NewHash">The password under the rounds of today, when its hash was older.</param>
/// <param name="Recent">The one-time codes used lately, with the one used now; null when none was.</param>
internal sealed record Proven(User User, string? NewHash, string? Recent);

/// <summary>Checks name, password and code, and counts what fails.</summary>
/// <remarks>
/// An attempt is counted before it is checked and the count is taken back when it was right, so that guesses made side by side
/// are all counted. Names that do not exist are counted and locked alike, and are checked as long: neither the answer nor
/// its duration tells whether there is such a user.
/// </remarks>
internal sealed class Credentials(Database database, TimeProvider clock, IdentityCore identity, IOptions<SecurityOptions> options)
{
    private const int CodesRemembered = 6;
    private readonly SecurityOptions options = options.Value;

    /// <summary>Checks who it is. What it answers counts only after <see cref="Settle"/> in the transaction that uses it.</summary>
    /// <param name="userName">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="code">One-time code, when the account asks for one.</param>
    /// <param name="address">Where the attempt comes from, for the audit event.</param>
    /// <param name="function">What it is for: <c>kernel.sessions</c>.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="askCode">False for who is signed in already and shows the password once more.</param>
    /// <returns>Refused with <c>SIGN_IN_FAILED</c>, <c>SIGN_IN_LOCKED</c> or <c>SIGN_IN_CODE_REQUIRED</c>.</returns>
    public async Task<Result<Proven>> Check(string userName, string password, string? code, string? address, string function, CancellationToken ct, bool askCode = true)
    {
        var key = User.KeyOf(userName);
        var (failed, user) = await Count(key, ct);
        if (failed > options.AttemptsBeforeLock) return await Refuse(SecurityRefusals.Locked, user, address, function, ct);

        var verified = identity.Verify(user, password);
        var right = user is not null && verified != PasswordVerificationResult.Failed;
        if (right && askCode && user!.TotpSecret is not null && string.IsNullOrWhiteSpace(code))
        {
            await TakeBack(key, ct);
            return SecurityRefusals.CodeRequired;
        }

        string? recent = null;
        if (right && askCode && user!.TotpSecret is { } secret)
        {
            recent = await UseCode(user, secret, code!);
            right = recent is not null;
        }

        if (!right)
            return await Refuse(failed == options.AttemptsBeforeLock ? SecurityRefusals.Locked : SecurityRefusals.SignInFailed, user, address, function, ct);

        return new Proven(user!, verified == PasswordVerificationResult.SuccessRehashNeeded ? identity.Hash(user!, password) : null, recent);
    }

    /// <summary>Forgets the failed attempts and uses up the one-time code.</summary>
    /// <returns>Refused with <c>SIGN_IN_FAILED</c> when the same code was used at the same moment elsewhere, or the account has changed.</returns>
    public async Task<Result> Settle(Tx tx, Proven proven, CancellationToken ct)
    {
        var user = proven.User;
        var recent = proven.Recent ?? user.TotpRecent;
        var hash = proven.NewHash ?? user.PasswordHash;
        var changed = 0;
        tx.Stage($"delete from sign_in_attempt where name_hash = {Secrets.Hash(user.Key)}");
        tx.Stage(
            $"""
            update app_user set totp_recent = {recent}, password_hash = {hash}, last_sign_in_at = {clock.GetUtcNow()}
            where id = {user.Id} and active and security_stamp = {user.SecurityStamp} and totp_recent = {user.TotpRecent}
            """,
            rows => changed = rows);
        await tx.Flush(ct);
        return changed == 1 ? Result.Done : SecurityRefusals.SignInFailed;
    }

    /// <summary>Takes the lock from a name, as an administrator may.</summary>
    public static void StageUnlock(Db tx, string userKey) => tx.Stage($"delete from sign_in_attempt where name_hash = {Secrets.Hash(userKey)}");

    private async Task<(long Failed, User? User)> Count(string key, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var until = now + options.LockedFor;
        var most = options.AttemptsBeforeLock;
        var counted = await database.Write<(long, User?)>(
            async tx =>
            {
                var failed = tx.Later(
                    $"""
                    insert into sign_in_attempt (name_hash, failed, locked_until, last_at) values ({Secrets.Hash(key)}, 1, null, {now})
                    on conflict (name_hash) do update set
                      failed = case when sign_in_attempt.locked_until <= {now} then 1 else sign_in_attempt.failed + 1 end,
                      locked_until = case when sign_in_attempt.locked_until <= {now} then null
                        when sign_in_attempt.locked_until is null and sign_in_attempt.failed + 1 >= {most} then {until}
                        else sign_in_attempt.locked_until end,
                      last_at = {now}
                    returning failed
                    """,
                    row => row.Long(0));
                var user = await User.ByKey(tx, key, ct);
                return (failed.Value[0], user);
            },
            ct);
        return counted.Value;
    }

    private Task TakeBack(string key, CancellationToken ct) => database.Write(
        tx =>
        {
            // Only this attempt: a known password must not wipe out the guesses at the code.
            tx.Stage(
                $"""
                update sign_in_attempt set failed = failed - 1, locked_until = case when failed - 1 < {options.AttemptsBeforeLock} then null else locked_until end
                where name_hash = {Secrets.Hash(key)} and failed > 0
                """);
            return Task.CompletedTask;
        },
        ct);

    private async Task<string?> UseCode(User user, byte[] secret, string code)
    {
        if (!await identity.CodeFits(user, secret, code)) return null;
        var used = Secrets.Hash($"{user.Id:D}:{IdentityCore.Digits(code)}")[..16];
        var before = user.TotpRecent.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return before.Contains(used, StringComparer.Ordinal) ? null : string.Join(' ', before.Append(used).TakeLast(CodesRemembered));
    }

    private async Task<Refusal> Refuse(Refusal refusal, User? user, string? address, string function, CancellationToken ct)
    {
        await database.Write(
            tx =>
            {
                SecurityAudit.StageStranger(tx, clock, user, address, new SecurityEvent(function, "sign-in", "user", user?.Id, "denied", Reason: refusal.Code));
                return Task.CompletedTask;
            },
            ct);
        return refusal;
    }
}
