using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>A new secret for an authenticator application, shown once.</summary>
/// <param name="Secret">Base32, to be typed.</param>
/// <param name="Uri">The same with names, for a QR code.</param>
public sealed record TotpSecret(string Secret, string Uri);

/// <summary>What users change about their own signing in.</summary>
public sealed class OwnAccount
{
    private readonly Database database;
    private readonly TimeProvider clock;
    private readonly IdentityCore identity;
    private readonly Credentials credentials;
    private readonly ConfigStamps stamps;

    internal OwnAccount(Database database, TimeProvider clock, IdentityCore identity, Credentials credentials, ConfigStamps stamps) =>
        (this.database, this.clock, this.identity, this.credentials, this.stamps) = (database, clock, identity, credentials, stamps);

    /// <summary>Chooses another password. All other sessions of the user end.</summary>
    /// <returns>Refused with <c>PASSWORD_WRONG</c>, <c>SIGN_IN_LOCKED</c> after too many of them, <c>PASSWORD_WEAK</c>.</returns>
    public async Task<Result> ChangePassword(Caller caller, string current, string password, CancellationToken ct = default)
    {
        var check = await credentials.Check(caller.Actor.UserName, current, null, caller.Address, "kernel.sessions", ct, askCode: false);
        if (check.Refusal is { } no)
            return no.Code == SecurityRefusals.Locked.Code ? no with { Status = 422 } : SecurityRefusals.PasswordWrong;
        var user = check.Value.User;
        if (await identity.Unacceptable(user, password, "/new") is { } weak) return weak;
        if (password == current) return SecurityRefusals.PasswordWeak(0, "/new") with { Message = "Choose a password other than the present one." };
        var hash = identity.Hash(user, password);
        return await database.Write<bool>(
            async tx =>
            {
                if ((await credentials.Settle(tx, check.Value, ct)).IsRefused) return SecurityRefusals.PasswordWrong;
                tx.Stage($"""
                    update app_user set password_hash = {hash}, must_change = {false}, security_stamp = {Secrets.New()}, version = version + 1 where id = {user.Id}
                    """);
                Sessions.StageEnd(tx, stamps, user.Id, butNot: caller.SessionId);
                SecurityAudit.Stage(tx, clock, caller, new SecurityEvent("kernel.sessions", "change-password", "user", user.Id));
                return true;
            },
            ct);
    }

    /// <summary>Makes a secret. Codes are asked for only after one of it was confirmed.</summary>
    public async Task<Result<TotpSecret>> StartTotp(Caller caller, CancellationToken ct = default)
    {
        var secret = identity.NewTotpSecret();
        var pending = identity.Seal(secret, caller.Actor.UserId);
        await database.Write(tx =>
        {
            tx.Stage($"update app_user set totp_pending = {pending} where id = {caller.Actor.UserId} and password_hash is not null");
            return Task.CompletedTask;
        }, ct);
        return new TotpSecret(secret, identity.TotpUri(caller.Actor.UserName, secret));
    }

    /// <summary>Confirms the new secret by a code; from now on signing in asks for one.</summary>
    /// <returns>Refused with <c>TOTP_NOT_STARTED</c> or <c>TOTP_CODE_WRONG</c>.</returns>
    public async Task<Result> ConfirmTotp(Caller caller, string code, CancellationToken ct = default)
    {
        if (await database.Read(db => User.ById(db, caller.Actor.UserId, ct), ct) is not { TotpPending: { } pending } user) return SecurityRefusals.TotpNotStarted;
        if (!await identity.CodeFits(user, pending, code)) return SecurityRefusals.CodeWrong;
        return await database.Write<bool>(
            async tx =>
            {
                var changed = await tx.Execute(
                    $"""
                    update app_user set totp_secret = totp_pending, totp_pending = null, totp_recent = '', security_stamp = {Secrets.New()}, version = version + 1
                    where id = {user.Id} and totp_pending = {pending}
                    """,
                    ct);
                if (changed == 0) return SecurityRefusals.TotpNotStarted;
                SecurityAudit.Stage(tx, clock, caller, new SecurityEvent("kernel.sessions", "enable-totp", "user", user.Id, Changes: [("twoFactor", user.TotpSecret is not null, true)]));
                return true;
            },
            ct);
    }

    /// <summary>Asks for codes no more. Whoever finds a browser that is signed in does not weaken the account: the password is asked for.</summary>
    /// <returns>Refused with <c>PASSWORD_WRONG</c>, <c>SIGN_IN_LOCKED</c> after too many of them.</returns>
    public async Task<Result> RemoveTotp(Caller caller, string password, CancellationToken ct = default)
    {
        var wrong = SecurityRefusals.PasswordWrong with { At = "/password" };
        var check = await credentials.Check(caller.Actor.UserName, password, null, caller.Address, "kernel.sessions", ct, askCode: false);
        if (check.Refusal is { } no) return no.Code == SecurityRefusals.Locked.Code ? no with { Status = 422 } : wrong;
        return await database.Write<bool>(
            async tx =>
            {
                if ((await credentials.Settle(tx, check.Value, ct)).IsRefused) return wrong;
                tx.Stage($"""
                    update app_user set totp_secret = null, totp_pending = null, totp_recent = '', security_stamp = {Secrets.New()}, version = version + 1
                    where id = {caller.Actor.UserId}
                    """);
                SecurityAudit.Stage(tx, clock, caller, new SecurityEvent("kernel.sessions", "disable-totp", "user", caller.Actor.UserId, Changes: [("twoFactor", null, false)]));
                return true;
            },
            ct);
    }
}
