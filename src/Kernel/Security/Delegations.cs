using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Security;

/// <summary>Somebody who is away has another see and approve in their place.</summary>
/// <param name="To">User name of the deputy.</param>
/// <param name="StartsAt">From when on; now when null.</param>
/// <param name="EndsAt">Up to when, that instant no longer.</param>
/// <param name="Note">Why, or what to look after.</param>
/// <param name="From">User name of who is away; only who may change users names another than themselves.</param>
public sealed record NewDelegation(string To, DateTimeOffset? StartsAt, DateTimeOffset EndsAt, string Note = "", string? From = null);

/// <summary>A delegation.</summary>
/// <param name="Id">Identity.</param>
/// <param name="From">Who is away.</param>
/// <param name="FromName">Their name.</param>
/// <param name="To">Their deputy.</param>
/// <param name="ToName">The deputy's name.</param>
/// <param name="StartsAt">From when on.</param>
/// <param name="EndsAt">Up to when.</param>
/// <param name="Note">Why.</param>
/// <param name="RevokedAt">When it was taken back before its end.</param>
public sealed record Delegation(Guid Id, Guid From, string FromName, Guid To, string ToName, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Note, DateTimeOffset? RevokedAt);

/// <summary>Delegations while somebody is away: the deputy gains their seeing and approving, nothing else, and passes none of it on.</summary>
public sealed class Delegations
{
    private readonly Database database;
    private readonly ConfigStamps stamps;
    private readonly Gate gate;
    private readonly TimeProvider clock;

    internal Delegations(Database database, TimeProvider clock, Gate gate, ConfigStamps stamps) =>
        (this.database, this.clock, this.gate, this.stamps) = (database, clock, gate, stamps);

    /// <summary>Longest delegation.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Longest note, in characters.</summary>
    public const int LongestNote = 500;

    private const string Function = "kernel.delegations";

    private const string Columns = """
        select d.id, d.from_user, f.name, d.to_user, t.name, d.starts_at, d.ends_at, d.note, d.revoked_at
        from delegation d join app_user f on f.id = d.from_user join app_user t on t.id = d.to_user
        """;

    /// <summary>Delegates.</summary>
    /// <returns>Refused with <c>DELEGATION_INVALID</c> for a span that is empty, over or too long, or to oneself.</returns>
    public async Task<Result<Delegation>> Make(Caller caller, NewDelegation asked, CancellationToken ct = default)
    {
        var made = await database.Write(tx => Make(tx, caller, asked, ct), ct);
        return made.Refusal is { Status: 403 } beyond ? await gate.Deny(caller, KernelPermissions.UsersUpdate, beyond, ct) : made;
    }

    private async Task<Result<Delegation>> Make(Tx tx, Caller caller, NewDelegation asked, CancellationToken ct)
    {
        var earlier = await CallKeys.Made(tx, caller, ct);
        if (earlier.Refusal is { } reused) return reused;
        if (earlier.Value is { } made) return (await Find(tx, Guid.Parse(made), ct))!;
        var now = Dialect.Micro(clock.GetUtcNow());
        var starts = Dialect.Micro(asked.StartsAt is { } wished && wished > now ? wished : now);
        var ends = Dialect.Micro(asked.EndsAt);
        if (ends <= starts) return Invalid("It would be over before it begins.", "/endsAt");
        if (ends - starts > Longest) return Invalid("A delegation lasts a year at most.", "/endsAt");
        if (asked.Note.Length > LongestNote) return Invalid($"A note has {LongestNote} characters at most.", "/note");
        var from = caller.Actor.UserId;
        if (asked.From is { } other)
        {
            if (await UserOf(tx, other, ct) is not { } away) return SecurityRefusals.UserNamedUnknown with { At = "/from" };
            if (away != from && !caller.Actor.MayEverywhere(KernelPermissions.UsersUpdate)) return SecurityRefusals.Denied(KernelPermissions.UsersUpdate);
            from = away;
        }

        if (await UserOf(tx, asked.To, ct) is not { } to) return SecurityRefusals.UserNamedUnknown with { At = "/to" };
        if (to == from) return Invalid("Nobody is their own deputy.", "/to");
        var id = Ids.New(clock);
        tx.Stage($"""
            insert into delegation (id, from_user, to_user, starts_at, ends_at, note, created_by, created_at)
            values ({id}, {from}, {to}, {starts}, {ends}, {asked.Note.Trim()}, {caller.Actor.UserId}, {now})
            """);
        stamps.Move(tx, ConfigStamps.Security);
        CallKeys.Keep(tx, caller, id.ToString("D"), now);
        SecurityAudit.Stage(tx, clock, caller, new SecurityEvent(Function, "delegate", "delegation", id, Changes: [("from", null, from), ("to", null, to), ("startsAt", null, starts), ("endsAt", null, ends)]));
        await tx.Flush(ct);
        return (await Find(tx, id, ct))!;
    }

    /// <summary>Takes a delegation back, from now on.</summary>
    public Task<Result<Delegation>> Revoke(Caller caller, Guid id, CancellationToken ct = default) => database.Write<Delegation>(async tx =>
    {
        if (await Find(tx, id, ct) is not { } found || (found.From != caller.Actor.UserId && !caller.Actor.MayEverywhere(KernelPermissions.UsersUpdate)))
            return new Refusal("NOT_FOUND", "There is no such delegation.", Status: 404);
        if (found.RevokedAt is not null) return found;
        var now = Dialect.Micro(clock.GetUtcNow());
        tx.Stage($"update delegation set revoked_at = {now} where id = {id}");
        stamps.Move(tx, ConfigStamps.Security);
        SecurityAudit.Stage(tx, clock, caller, new SecurityEvent(Function, "revoke", "delegation", id));
        await tx.Flush(ct);
        return found with { RevokedAt = now };
    }, ct);

    /// <summary>What is in force or to come, the earliest end first: one's own and those to oneself, of everybody for who may see users.</summary>
    public Task<List<Delegation>> Standing(Actor actor, CancellationToken ct = default) => database.Read(db =>
    {
        Sql mine = actor.MayEverywhere(KernelPermissions.UsersView) ? Sql.Raw("") : $" and (d.from_user = {actor.UserId} or d.to_user = {actor.UserId})";
        return db.Query($"{Sql.Raw(Columns)} where d.revoked_at is null and d.ends_at > {Dialect.Micro(clock.GetUtcNow())}{mine} order by d.ends_at, d.id limit 500", row => Read(row), ct);
    }, ct);

    private static Task<Delegation?> Find(Db db, Guid id, CancellationToken ct) => db.First($"{Sql.Raw(Columns)} where d.id = {id}", row => Read(row), ct);

    private static Task<Guid?> UserOf(Db db, string userName, CancellationToken ct) =>
        db.First($"select id from app_user where user_key = {User.KeyOf(userName)} and active", row => (Guid?)row.Guid(0), ct);

    private static Delegation Read(Row row) => new(row.Guid(0), row.Guid(1), row.Text(2), row.Guid(3), row.Text(4), row.Instant(5), row.Instant(6), row.Text(7), row.InstantOrNull(8));

    private static Refusal Invalid(string text, string at) => new("DELEGATION_INVALID", text, at);
}
