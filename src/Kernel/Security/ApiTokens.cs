using System.Collections.Concurrent;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Security;

/// <summary>The token of a program, without the secret.</summary>
/// <param name="Id">The token.</param>
/// <param name="Prefix">Its first twelve characters, by which a person recognises it.</param>
/// <param name="Name">What it is for.</param>
/// <param name="UserId">As whom the program acts.</param>
/// <param name="UserName">That user's name to sign in.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends; null when it does not.</param>
/// <param name="RevokedAt">When it was taken back.</param>
/// <param name="LastUsedAt">When it was used last, to a minute.</param>
public sealed record ApiToken(
    Guid Id, string Prefix, string Name, Guid UserId, string UserName, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt);

/// <summary>A token on the one occasion on which its secret is shown.</summary>
/// <param name="Token">The secret, starting with <c>plug1_</c>.</param>
/// <param name="Details">The rest.</param>
public sealed record CreatedToken(string Token, ApiToken Details);

/// <summary>Tokens by which programs sign in: shown once, kept as a hash, taken back at any time.</summary>
public sealed class ApiTokens
{
    /// <summary>How every token starts, so that a scanner finds one that was left in a file.</summary>
    public const string Prefix = "plug1_";

    private const int MostCached = 5_000;
    private static readonly TimeSpan TouchedEvery = TimeSpan.FromMinutes(1);
    private readonly Database database;
    private readonly TimeProvider clock;
    private readonly Gate gate;
    private readonly ConfigStamps stamps;
    private readonly ConcurrentDictionary<string, (long Stamp, ApiToken Token)> cache = new(StringComparer.Ordinal);

    internal ApiTokens(Database database, TimeProvider clock, Gate gate, ConfigStamps stamps) =>
        (this.database, this.clock, this.gate, this.stamps) = (database, clock, gate, stamps);

    /// <summary>Makes a token by which a program acts as a user.</summary>
    /// <returns>Refused with <c>TOKEN_MADE</c> when the call comes again: the secret is not kept, so it is not told twice. With <c>PERMISSION_DENIED</c> also when that user may do what the caller may not.</returns>
    public async Task<Result<CreatedToken>> Create(Caller caller, string name, Guid userId, DateTimeOffset? expiresAt, CancellationToken ct = default)
    {
        if (await gate.Denies(caller, KernelPermissions.TokensCreate, ct) is { } denied) return denied;
        if (name.Trim() is not { Length: >= 1 and <= 200 } trimmed) return SecurityRefusals.NameInvalid("/name");
        var now = Dialect.Micro(clock.GetUtcNow());
        if (expiresAt <= now) return SecurityRefusals.ExpiryPast;
        if (userId == Actor.SystemId) return SecurityRefusals.SystemUser;

        var token = Prefix + Secrets.New();
        var made = await database.Write<CreatedToken>(
            async tx =>
            {
                var earlier = await CallKeys.Made(tx, caller, ct);
                if (earlier.Refusal is { } reused) return reused;
                if (earlier.Value is { } kept) return SecurityRefusals.TokenMade(kept);
                if ((await Actors.Read(tx, userId, clock.GetUtcNow(), ct)).Actor is not { } user) return SecurityRefusals.UserNamedUnknown;
                if (caller.Actor.FirstBeyond(user.Grants) is { } beyond) return SecurityRefusals.Denied(beyond);
                var details = new ApiToken(Ids.New(clock), token[..12], trimmed, userId, user.UserName, now, expiresAt, null, null);
                tx.Stage($"""
                    insert into api_token (id, token_hash, prefix, name, user_id, created_at, created_by, expires_at)
                    values ({details.Id}, {Secrets.Hash(token)}, {details.Prefix}, {details.Name}, {userId}, {now}, {caller.Actor.UserId}, {expiresAt})
                    """);
                SecurityAudit.Stage(tx, clock, caller, new SecurityEvent("kernel.tokens", "create", "token", details.Id,
                    Changes: [("name", null, trimmed), ("user", null, user.UserName), ("expiresAt", null, expiresAt)]));
                CallKeys.Keep(tx, caller, details.Id.ToString("D"), now);
                return new CreatedToken(token, details);
            },
            ct);
        return made.Refusal is { Status: 403 } beyondOwn ? await gate.Deny(caller, KernelPermissions.TokensCreate, beyondOwn, ct) : made;
    }

    /// <summary>Takes a token back: at once on this node, within two seconds on the others.</summary>
    public async Task<Result> Revoke(Caller caller, Guid tokenId, CancellationToken ct = default)
    {
        if (await gate.Denies(caller, KernelPermissions.TokensRevoke, ct) is { } denied) return denied;
        return await database.Write<bool>(
            async tx =>
            {
                var known = await tx.Number($"select count(*) from api_token where id = {tokenId}", ct);
                if (known == 0) return SecurityRefusals.TokenUnknown;
                tx.Stage($"update api_token set revoked_at = {clock.GetUtcNow()} where id = {tokenId} and revoked_at is null");
                SecurityAudit.Stage(tx, clock, caller, new SecurityEvent("kernel.tokens", "revoke", "token", tokenId));
                stamps.Move(tx, ConfigStamps.Sessions);
                return true;
            },
            ct);
    }

    /// <summary>All tokens, latest first; those that ended too.</summary>
    public async Task<Result<IReadOnlyList<ApiToken>>> List(Caller caller, CancellationToken ct = default)
    {
        if (await gate.Denies(caller, KernelPermissions.TokensView, ct) is { } denied) return denied;
        return Result.Of<IReadOnlyList<ApiToken>>(await database.Read(db => db.Query($"{Select} order by t.created_at desc, t.id", Read, ct), ct));
    }

    /// <summary>The token behind a secret, or null when none is in force.</summary>
    public async Task<ApiToken?> Resolve(string token, CancellationToken ct = default)
    {
        if (token.Length != Prefix.Length + 43 || !token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var hash = Secrets.Hash(token);
        var stamp = await stamps.Current(ConfigStamps.Sessions, ct);
        var now = clock.GetUtcNow();
        if (!cache.TryGetValue(hash, out var known) || known.Stamp != stamp)
        {
            if (await Load(hash, ct) is not { } loaded) return null;
            known = loaded;
        }

        if (known.Token.ExpiresAt <= now) return null;
        return known.Token.LastUsedAt is { } used && now - used < TouchedEvery ? known.Token : await Touch(hash, known, now, ct);
    }

    private static readonly Sql Select = Sql.Raw(
        "select t.id, t.prefix, t.name, t.user_id, u.user_name, t.created_at, t.expires_at, t.revoked_at, t.last_used_at from api_token t join app_user u on u.id = t.user_id");

    private static ApiToken Read(Row row) => new(
        row.Guid(0), row.Text(1), row.Text(2), row.Guid(3), row.Text(4), row.Instant(5), row.InstantOrNull(6), row.InstantOrNull(7), row.InstantOrNull(8));

    private async Task<(long Stamp, ApiToken Token)?> Load(string hash, CancellationToken ct)
    {
        await using var db = await database.Reader(ct);
        var stamp = ConfigStamps.Before(db, ConfigStamps.Sessions);
        var token = await db.First($"{Select} where t.token_hash = {hash} and t.revoked_at is null and u.active and u.id <> {Actor.SystemId}", Read, ct);
        cache.TryRemove(hash, out _);
        if (token is null) return null;
        if (cache.Count >= MostCached) cache.Clear();
        return cache[hash] = (stamp.Value[0], token);
    }

    private async Task<ApiToken> Touch(string hash, (long Stamp, ApiToken Token) known, DateTimeOffset now, CancellationToken ct)
    {
        var touched = known.Token with { LastUsedAt = now };
        cache[hash] = (known.Stamp, touched);
        await database.Write(
            tx =>
            {
                tx.Stage($"update api_token set last_used_at = {now} where id = {known.Token.Id}");
                return Task.CompletedTask;
            },
            ct);
        return touched;
    }
}
