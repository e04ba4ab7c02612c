using Microsoft.Extensions.Options;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Security;

/// <summary>A second person's word, to be handed in with the act that it is for.</summary>
/// <param name="Token">The secret; its hash is kept.</param>
/// <param name="By">Who gave it.</param>
/// <param name="ExpiresAt">Until when it may be used.</param>
public sealed record ApprovalGrant(string Token, Actor By, DateTimeOffset ExpiresAt);

/// <summary>A word that was used for a document.</summary>
/// <param name="Id">The grant.</param>
/// <param name="GrantedBy">Who gave it.</param>
/// <param name="UserName">That user's name to sign in.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Reason">Why, as they said.</param>
public sealed record RedeemedGrant(Guid Id, Guid GrantedBy, string UserName, string Name, string? Reason);

/// <summary>Lets a second person allow one act of the first, at the first one's device: a discount, a reversal, a variance.</summary>
public sealed class SecondPerson
{
    private readonly Database database;
    private readonly TimeProvider clock;
    private readonly Credentials credentials;
    private readonly Actors actors;
    private readonly SecurityOptions options;

    internal SecondPerson(Database database, TimeProvider clock, Credentials credentials, Actors actors, IOptions<SecurityOptions> options) =>
        (this.database, this.clock, this.credentials, this.actors, this.options) = (database, clock, credentials, actors, options.Value);

    /// <summary>Takes the second person's name and password and gives a word that counts once, for five minutes.</summary>
    /// <param name="userName">The second person.</param>
    /// <param name="password">Their password.</param>
    /// <param name="permission">What is to be allowed.</param>
    /// <param name="branchId">Where.</param>
    /// <param name="terminalId">At which device.</param>
    /// <param name="reason">Why.</param>
    /// <param name="requestedBy">Who asks, and will use it.</param>
    /// <param name="totpCode">One-time code, when the second person's account asks for one.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Refused, in this order, with the refusals of signing in, <c>FOUR_EYES</c> when both are one, <c>PERMISSION_DENIED</c>.</returns>
    public async Task<Result<ApprovalGrant>> Authorise(
        string userName, string password, string permission, Guid branchId, string? terminalId, string? reason, Caller requestedBy,
        string? totpCode = null, CancellationToken ct = default)
    {
        var check = await credentials.Check(userName, password, totpCode, requestedBy.Address, "kernel.second-person", ct);
        if (check.Refusal is { } failed) return failed;
        var user = check.Value.User;
        if (await actors.ByUser(user.Id, ct) is not { } granter) return SecurityRefusals.SignInFailed;

        var refusal = user.Id == requestedBy.Actor.UserId ? SecurityRefusals.FourEyes
            : granter.May(permission, branchId) ? null
            : SecurityRefusals.Denied(permission);
        var token = Secrets.New();
        var now = Dialect.Micro(clock.GetUtcNow());
        var by = new Caller(granter, branchId, requestedBy.Device, requestedBy.Address);
        var written = await database.Write<bool>(
            async tx =>
            {
                if ((await credentials.Settle(tx, check.Value, ct)).Refusal is { } changed) return changed;
                var id = Ids.New(clock);
                if (refusal is null)
                {
                    tx.Stage($"""
                        insert into approval_grant (id, token_hash, granted_by, requested_by, permission, branch_id, terminal, reason, created_at, expires_at)
                        values ({id}, {Secrets.Hash(token)}, {user.Id}, {requestedBy.Actor.UserId}, {permission}, {branchId}, {terminalId}, {reason}, {now}, {now + options.ApprovalGrantFor})
                        """);
                }

                SecurityAudit.Stage(tx, clock, by, new SecurityEvent("kernel.second-person", "authorise", "approval-grant", refusal is null ? id : null,
                    refusal is null ? "done" : "denied", [("permission", null, permission), ("requestedBy", null, requestedBy.Actor.UserName)],
                    refusal?.Code ?? reason));
                return true;
            },
            ct);
        return (written.Refusal ?? refusal) is { } no ? no : new ApprovalGrant(token, granter, now + options.ApprovalGrantFor);
    }

    /// <summary>Uses a word for a document, in the transaction that does what it allows.</summary>
    /// <remarks>Two that try at the same moment: one succeeds, the other is refused. When the transaction is undone, the word is unused.</remarks>
    /// <param name="tx">The transaction.</param>
    /// <param name="token">The secret that <see cref="Authorise"/> gave.</param>
    /// <param name="permission">What is done.</param>
    /// <param name="branchId">Where.</param>
    /// <param name="documentId">For which document.</param>
    /// <param name="redeemedBy">Who does it; must be the one who asked.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Who allowed it. Refused with <c>APPROVAL_INVALID</c>.</returns>
    public async Task<Result<RedeemedGrant>> Redeem(
        Tx tx, string token, string permission, Guid branchId, Guid documentId, Guid redeemedBy, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        var redeemed = tx.Later(
            $"""
            update approval_grant set used_at = {now}, used_by_document = {documentId}
            where token_hash = {Secrets.Hash(token)} and permission = {permission} and branch_id = {branchId} and requested_by = {redeemedBy}
              and used_at is null and expires_at > {now}
              and exists (select 1 from app_user u where u.id = approval_grant.granted_by and u.active)
            returning id, granted_by, reason
            """,
            row => (Id: row.Guid(0), By: row.Guid(1), Reason: row.TextOrNull(2)));
        var who = tx.Later(
            $"select u.user_name, u.name from approval_grant g join app_user u on u.id = g.granted_by where g.token_hash = {Secrets.Hash(token)}",
            row => (UserName: row.Text(0), Name: row.Text(1)));
        await tx.Flush(ct);
        if (redeemed.Value is not [var grant, ..]) return SecurityRefusals.ApprovalInvalid;
        return new RedeemedGrant(grant.Id, grant.By, who.Value[0].UserName, who.Value[0].Name, grant.Reason);
    }
}
