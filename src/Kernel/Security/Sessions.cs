using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Security;

/// <summary>What a browser gets when its user has signed in.</summary>
/// <param name="Token">The cookie's value; nothing but its hash is kept.</param>
/// <param name="Session">The session.</param>
/// <param name="Actor">Who signed in.</param>
public sealed record SignedIn(string Token, ActiveSession Session, Actor Actor);

/// <summary>A browser session in force.</summary>
/// <param name="Id">The session.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Csrf">What the header <c>X-Csrf-Token</c> must say on everything but reading.</param>
/// <param name="CreatedAt">When the user signed in.</param>
/// <param name="SeenAt">When it was used last, to five minutes.</param>
/// <param name="ExpiresAt">When it ends, if it is not used before.</param>
/// <param name="MustChange">True while the user has to choose a new password first.</param>
/// <param name="Address">Where it was opened from.</param>
/// <param name="Agent">The browser's name.</param>
public sealed record ActiveSession(
    Guid Id, Guid UserId, string Csrf, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset ExpiresAt, bool MustChange,
    string? Address, string? Agent);

/// <summary>Browser sessions: signing in and out, and who a cookie belongs to.</summary>
public sealed class Sessions
{
    private const int MostCached = 20_000;
    private static readonly TimeSpan TouchedEvery = TimeSpan.FromMinutes(5);
    private readonly Database database;
    private readonly TimeProvider clock;
    private readonly Credentials credentials;
    private readonly Actors actors;
    private readonly ConfigStamps stamps;
    private readonly SecurityOptions options;
    private readonly ConcurrentDictionary<string, Cached> cache = new(StringComparer.Ordinal);

    private sealed record Cached(long Stamp, ActiveSession Session);

    internal Sessions(Database database, TimeProvider clock, Credentials credentials, Actors actors, ConfigStamps stamps, IOptions<SecurityOptions> options) =>
        (this.database, this.clock, this.credentials, this.actors, this.stamps, this.options) = (database, clock, credentials, actors, stamps, options.Value);

    /// <summary>Opens a session for who shows name, password and, where the account asks for it, a one-time code.</summary>
    /// <returns>Refused with <c>SIGN_IN_FAILED</c>, <c>SIGN_IN_LOCKED</c> or <c>SIGN_IN_CODE_REQUIRED</c>.</returns>
    public async Task<Result<SignedIn>> SignIn(
        string userName, string password, string? totpCode = null, string? address = null, string? agent = null, CancellationToken ct = default)
    {
        var check = await credentials.Check(userName, password, totpCode, address, "kernel.sessions", ct);
        if (check.Refusal is { } no) return no;

        var user = check.Value.User;
        var token = Secrets.New();
        var now = Dialect.Micro(clock.GetUtcNow());
        var session = new ActiveSession(
            Ids.New(clock), user.Id, Secrets.New(), now, now, now + options.SessionIdle, user.MustChange, address, Shorten(agent));
        var opened = await database.Write<ActiveSession>(
            async tx =>
            {
                if ((await credentials.Settle(tx, check.Value, ct)).Refusal is { } changed) return changed;
                tx.Stage($"""
                    insert into user_session (id, token_hash, user_id, csrf, created_at, seen_at, expires_at, address, agent)
                    values ({session.Id}, {Secrets.Hash(token)}, {user.Id}, {session.Csrf}, {now}, {now}, {session.ExpiresAt}, {session.Address}, {session.Agent})
                    """);
                SecurityAudit.StageStranger(tx, clock, user, address, new SecurityEvent("kernel.sessions", "sign-in", "session", session.Id));
                return session;
            },
            ct);
        if (opened.Refusal is { } late) return late;
        return await actors.ByUser(user.Id, ct) is { } actor ? new SignedIn(token, session, actor) : SecurityRefusals.SignInFailed;
    }

    /// <summary>The session of a cookie, or null when there is none in force. Using it pushes its end away.</summary>
    public async Task<ActiveSession?> Resolve(string token, CancellationToken ct = default)
    {
        if (token.Length != 43) return null;
        var hash = Secrets.Hash(token);
        var stamp = await stamps.Current(ConfigStamps.Sessions, ct);
        var now = clock.GetUtcNow();
        if (!cache.TryGetValue(hash, out var cached) || cached.Stamp != stamp || cached.Session.ExpiresAt <= now) cached = await Load(hash, now, ct);
        if (cached is null) return null;
        return now - cached.Session.SeenAt < TouchedEvery ? cached.Session : await Touch(hash, cached, now, ct);
    }

    /// <summary>Ends a session, at once on this node and within two seconds on the others.</summary>
    public Task SignOut(Caller caller, Guid sessionId, CancellationToken ct = default) => database.Write(
        tx =>
        {
            tx.Stage($"delete from user_session where id = {sessionId} and user_id = {caller.Actor.UserId}");
            SecurityAudit.Stage(tx, clock, caller, new SecurityEvent("kernel.sessions", "sign-out", "session", sessionId));
            stamps.Move(tx, ConfigStamps.Sessions);
            return Task.CompletedTask;
        },
        ct);

    /// <summary>The sessions of a user that are in force, latest first.</summary>
    public Task<List<ActiveSession>> Of(Guid userId, CancellationToken ct = default) => database.Read(
        db => db.Query(
            $"{Select} where s.user_id = {userId} and s.expires_at > {clock.GetUtcNow()} order by s.created_at desc", Read, ct),
        ct);

    /// <summary>Forgets sessions that have ended, attempts of yesterday, and words of second persons that nobody used.</summary>
    public async Task<int> Purge(CancellationToken ct = default)
    {
        var gone = 0;
        var now = clock.GetUtcNow();
        await database.Write(
            tx =>
            {
                gone = 0;
                tx.Stage($"delete from user_session where expires_at <= {now}", rows => gone += rows);
                tx.Stage($"delete from sign_in_attempt where last_at <= {now - options.LockedFor - TimeSpan.FromDays(1)}", rows => gone += rows);
                tx.Stage($"delete from approval_grant where used_at is null and expires_at <= {now - TimeSpan.FromDays(1)}", rows => gone += rows);
                return Task.CompletedTask;
            },
            ct);
        return gone;
    }

    /// <summary>Ends a user's sessions but one, within the transaction that takes the ground from under them.</summary>
    internal static void StageEnd(Tx tx, ConfigStamps stamps, Guid userId, Guid? butNot = null)
    {
        tx.Stage($"delete from user_session where user_id = {userId} and id <> {butNot ?? Guid.Empty}");
        stamps.Move(tx, ConfigStamps.Sessions);
    }

    private static readonly Sql Select = Sql.Raw(
        "select s.id, s.user_id, s.csrf, s.created_at, s.seen_at, s.expires_at, u.must_change, s.address, s.agent from user_session s join app_user u on u.id = s.user_id");

    private static ActiveSession Read(Row row) => new(
        row.Guid(0), row.Guid(1), row.Text(2), row.Instant(3), row.Instant(4), row.Instant(5), row.Bool(6), row.TextOrNull(7), row.TextOrNull(8));

    private async Task<Cached?> Load(string hash, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await database.Reader(ct);
        var stamp = ConfigStamps.Before(db, ConfigStamps.Sessions);
        var session = await db.First(
            $"{Select} where s.token_hash = {hash} and s.expires_at > {now} and u.active and u.id <> {Actor.SystemId}", Read, ct);
        if (session is null)
        {
            cache.TryRemove(hash, out _);
            return null;
        }

        if (cache.Count >= MostCached) cache.Clear();
        return cache[hash] = new Cached(stamp.Value[0], session);
    }

    private async Task<ActiveSession> Touch(string hash, Cached cached, DateTimeOffset now, CancellationToken ct)
    {
        var last = cached.Session.CreatedAt + options.SessionLongest;
        var expires = Dialect.Micro(now + options.SessionIdle < last ? now + options.SessionIdle : last);
        var touched = cached with { Session = cached.Session with { SeenAt = Dialect.Micro(now), ExpiresAt = expires } };
        cache[hash] = touched;
        await database.Write(
            tx =>
            {
                tx.Stage($"update user_session set seen_at = {now}, expires_at = {expires} where id = {cached.Session.Id} and seen_at < {now}");
                return Task.CompletedTask;
            },
            ct);
        return touched.Session;
    }

    private static string? Shorten(string? agent) => agent is { Length: > 300 } ? agent[..300] : agent;
}
