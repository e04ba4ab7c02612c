using System.Text.Json;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Audit.Verification;

/// <summary>Verifies the audit trail and the ledger and keeps the result, whoever asked for it.</summary>
/// <remarks>
/// All blocks are computed again and the events behind them looked at as of one moment, while others go on writing. Each kept result has an event of
/// its own, so that it is sealed as well. Differences are told to the administrators and the auditors.
/// </remarks>
public sealed class AuditVerifier(Database database, TimeProvider clock)
{
    /// <summary>Permissions and events name it.</summary>
    public const string Function = "kernel.audit";

    /// <summary>The permission to have it verified.</summary>
    public const string Permission = "kernel.audit.verify";

    /// <summary>How old the last result may be before a node verifies by itself.</summary>
    public static readonly TimeSpan Daily = TimeSpan.FromHours(24);

    private const int LongestDifference = 500;
    private const string Columns = "v.id, v.started_at, v.ended_at, v.origin, v.user_id, v.blocks, v.events, v.transactions, v.last_event, v.unsealed, v.digests, v.differences, v.first_difference";

    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(6);

    private static readonly Table Table = new("audit_verification",
        ("id", Kind.Id), ("started_at", Kind.Instant), ("ended_at", Kind.Instant), ("origin", Kind.Text), ("user_id", Kind.Id), ("blocks", Kind.Long), ("events", Kind.Long), ("transactions", Kind.Long),
        ("last_event", Kind.Long), ("unsealed", Kind.Long), ("digests", Kind.Long), ("differences", Kind.Long), ("first_difference", Kind.Text));

    /// <summary>Looks every hour whether the last result is a day old; so a server that is started again each morning verifies as well.</summary>
    public Job EveryHour => new("verify-audit", "Verify the audit trail and the ledger once a day", TimeSpan.FromHours(1), async ct => await WhenDue(ct), StartsAtOnce: false);

    /// <summary>Verifies without keeping the result; <see cref="Keep"/> does.</summary>
    /// <param name="origin">One of <see cref="VerifyOrigin"/>.</param>
    /// <param name="by">Who asked.</param>
    /// <param name="digests">Digests that were kept elsewhere.</param>
    /// <param name="differs">Told of each difference.</param>
    /// <param name="seen">Told how many events and transactions of how many were verified.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The result, with what the two passes found.</returns>
    public async Task<(AuditVerification Result, SealFindings Seals, AuditFindings Waiting)> Run(
        string origin, Guid by, IReadOnlyList<SealDigest>? digests = null, Action<string>? differs = null, Action<long, long>? seen = null, CancellationToken ct = default)
    {
        var started = Dialect.Micro(clock.GetUtcNow());
        var (differences, first) = (0L, (string?)null);
        void Differs(string what)
        {
            if (differences++ == 0) first = what.Length > LongestDifference ? what[..LongestDifference] : what;
            differs?.Invoke(what);
        }

        var (seals, rest, lastEvent) = await Moment.Read(database, async db =>
        {
            var head = await db.Query($"select coalesce(sum(events + transactions), 0), coalesce(max(last_seq), 0) from seal_block", row => (Rows: row.Long(0), Last: row.Long(1)), ct);
            var found = await SealCheck.Run(db, digests ?? [], Differs, done => seen?.Invoke(done, head[0].Rows), ct);
            return (found, await AuditCheck.Run(db, Differs, ct: ct), head[0].Last);
        }, ct);
        var result = new AuditVerification(Ids.New(clock), started, Dialect.Micro(clock.GetUtcNow()), origin, by, seals.Last?.Number ?? 0, seals.Events, seals.Transactions, lastEvent, seals.Unsealed,
            digests?.Count ?? 0, differences, first);
        return (result, seals, rest);
    }

    /// <summary>Gathers what keeps a result: its row, and a notice when something differs.</summary>
    public void Keep(Tx tx, AuditVerification result)
    {
        tx.Insert(Table, [[result.Id, result.StartedAt, result.EndedAt, result.Origin, result.UserId, result.Blocks, result.Events, result.Transactions, result.LastEvent, result.Unsealed, result.Digests,
            result.Differences, result.FirstDifference]]);
        if (result.Differences == 0) return;
        var title = result.Differences == 1 ? "The audit trail differs from what was sealed in one place" : $"The audit trail differs from what was sealed in {result.Differences} places";
        foreach (var role in new[] { RoleTemplates.Administrator, "auditor" })
            NoticeBook.Stage(tx, new Notice("audit", title, result.FirstDifference ?? "", "/audit") { ToRole = role, Subject = result.Id }, clock);
    }

    /// <summary>Keeps a result with an event that tells it, in a transaction of its own.</summary>
    public Task KeepApart(AuditVerification result, CancellationToken ct = default) => database.Write(async tx =>
    {
        Keep(tx, result);
        var at = result.EndedAt;
        AuditTrail.Stage(tx, new AuditEvent(new Stamp(Actor.System, Guid.Empty, at, DateOnly.FromDateTime(at.UtcDateTime), at.Hour), Function, "verify", "audit-verification", result.Id, After: Told(result)), clock);
        await tx.Flush(ct);
    }, ct);

    /// <summary>The result as events and long work tell it.</summary>
    public static string Told(AuditVerification result) =>
        JsonSerializer.Serialize(new { result.Origin, result.Blocks, result.LastEvent, result.Events, result.Transactions, result.Differences, result.FirstDifference }, JsonSerializerOptions.Web);

    /// <summary>Verifies when the last result is a day old, on one node.</summary>
    /// <returns>How many differences were found, at least one; zero when it was not due.</returns>
    public async Task<long> WhenDue(CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        var mine = await database.Write<bool>(async tx =>
        {
            var last = await tx.First($"select max(ended_at) from audit_verification where ended_at > {Dialect.Micro(now - Daily)}", row => row.InstantOrNull(0), ct);
            // A node that died while it verified is waited for some hours, then another does it.
            return last is null && await tx.Execute($"update watermark set tx = {now.ToUnixTimeSeconds()} where name = 'audit-verified' and tx < {(now - GivenUpAfter).ToUnixTimeSeconds()}", ct) == 1;
        }, ct);
        if (!mine.Value) return 0;
        var (result, _, _) = await Run(VerifyOrigin.Job, Actor.SystemId, ct: ct);
        await KeepApart(result, ct);
        return Math.Max(1, result.Differences);
    }

    /// <summary>Results, the latest first.</summary>
    public static Task<List<ToldVerification>> Latest(Db db, int most, CancellationToken ct = default) => db.Query(
        $"select {Sql.Raw(Columns)}, u.name from audit_verification v left join app_user u on u.id = v.user_id order by v.ended_at desc, v.id desc limit {most}", row => new ToldVerification(Read(row), row.TextOrNull(13)), ct);

    private static AuditVerification Read(Row row) => new(
        row.Guid(0), row.Instant(1), row.Instant(2), row.Text(3), row.Guid(4), row.Long(5), row.Long(6), row.Long(7), row.Long(8), row.Long(9), row.Long(10), row.Long(11), row.TextOrNull(12));
}
