using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Host.Backups;

/// <summary>A backup that was asked for or planned.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Due">The day of the plan; null when somebody asked for it.</param>
/// <param name="State">waiting, running, done or failed.</param>
/// <param name="Node">The machine.</param>
/// <param name="AskedBy">Who asked.</param>
/// <param name="AskedAt">When.</param>
/// <param name="StartedAt">Start.</param>
/// <param name="EndedAt">End.</param>
/// <param name="File">Name of the file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Encrypted">Whether it needs a key.</param>
/// <param name="TakenAt">The moment it shows.</param>
/// <param name="Documents">Documents in it.</param>
/// <param name="Entries">Ledger entries in it.</param>
/// <param name="AuditEvents">Audit events in it.</param>
/// <param name="AuditBlock">The last sealed block in it.</param>
/// <param name="AuditDigest">The hash of that block.</param>
/// <param name="Ledger">Its money, by currency.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="RemovedAt">When its file was deleted.</param>
internal sealed record BackupRun(
    Guid Id, DateOnly? Due, string State, string Node, string AskedBy, DateTimeOffset AskedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? File, long? Bytes, string? Sha256,
    bool Encrypted, DateTimeOffset? TakenAt, long? Documents, long? Entries, long? AuditEvents, long? AuditBlock, string? AuditDigest, IReadOnlyList<LedgerTotal>? Ledger, string? Error,
    DateTimeOffset? RemovedAt);

/// <summary>The runs: all their SQL.</summary>
internal sealed class BackupRuns(Database database, TimeProvider clock)
{
    private const int LongestError = 500;

    private const string Columns = """
        select id, due, state, node, asked_by, asked_at, started_at, ended_at, file, bytes, sha256, encrypted, taken_at, documents, entries, audit_events, audit_block, audit_digest, ledger, error, removed_at
        from backup_run
        """;

    /// <summary>Runs, latest first.</summary>
    public static Task<List<BackupRun>> Latest(Db db, (DateTimeOffset At, Guid Id)? before, int most, CancellationToken ct)
    {
        Sql older = before is { } mark ? (Sql)$" where asked_at < {mark.At} or (asked_at = {mark.At} and id < {mark.Id})" : Sql.Raw("");
        return db.Query($"{Sql.Raw(Columns)}{older} order by asked_at desc, id desc limit {most}", Read, ct);
    }

    /// <summary>One run with the full path of its file, or null.</summary>
    public static Task<BackupRun?> Find(Db db, Guid id, CancellationToken ct) => db.First($"{Sql.Raw(Columns)} where id = {id}", Read, ct);

    /// <summary>The last day that had its run.</summary>
    public static Task<DateOnly?> LastDay(Db db, CancellationToken ct) => db.First($"select max(due) from backup_run", row => row.DateOrNull(0), ct);

    /// <summary>The last run that was verified, or null.</summary>
    public static Task<BackupRun?> LastDone(Db db, CancellationToken ct) => db.First($"{Sql.Raw(Columns)} where state = 'done' order by asked_at desc, id desc limit 1", Read, ct);

    /// <summary>Gathers a run for this machine; it begins as soon as the transaction is over.</summary>
    public async Task<Result<Guid>> Ask(Tx tx, Stamp stamp, CancellationToken ct)
    {
        await tx.Number($"select stamp from config_stamp where area = 'organisation'{Dialect.ForUpdate(tx.Engine)}", ct);
        if (await tx.Number($"select count(*) from backup_run where state in ('waiting', 'running')", ct) > 0) return BackupRefusals.Running;
        var id = Ids.New(clock);
        tx.Stage($"insert into backup_run (id, state, node, asked_by, asked_at) values ({id}, 'waiting', {JobHost.Node}, {stamp.Actor.UserName}, {stamp.At})");
        AuditTrail.Stage(tx, new AuditEvent(stamp, "kernel.backups", "run", "backup", id), clock);
        return id;
    }

    /// <summary>Takes what this machine is to do next: what is due by the plan, else what somebody asked for; null for nothing.</summary>
    public async Task<Guid?> Claim(BackupPlan plan, CancellationToken ct)
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        Guid? claimed = null;
        await database.Write(async tx =>
        {
            claimed = null;
            if (await BackupPlansDue(tx, plan, now, ct) is { } day)
            {
                // Of several nodes the one whose row is there first makes it.
                var id = Ids.New(clock);
                if (await tx.Execute($"""
                    insert into backup_run (id, due, state, node, asked_by, asked_at, started_at) values ({id}, {day}, 'running', {JobHost.Node}, {Actor.System.UserName}, {now}, {now})
                    on conflict (due) do nothing
                    """, ct) == 1)
                {
                    claimed = id;
                    return;
                }
            }

            var waiting = await tx.First($"select id from backup_run where state = 'waiting' and node = {JobHost.Node} order by asked_at limit 1", row => (Guid?)row.Guid(0), ct);
            if (waiting is { } next && await tx.Execute($"update backup_run set state = 'running', started_at = {now} where id = {next} and state = 'waiting'", ct) == 1) claimed = next;
        }, ct);
        return claimed;
    }

    /// <summary>What this machine had begun when it was stopped, and what nobody has done within a day, counts as failed.</summary>
    public Task GiveUp(bool started, CancellationToken ct) => database.Write(async tx =>
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        if (started) tx.Stage($"update backup_run set state = 'failed', ended_at = {now}, error = 'The server stopped while it was made.' where state = 'running' and node = {JobHost.Node}");
        tx.Stage($"update backup_run set state = 'failed', ended_at = {now}, error = 'No server made it within a day.' where state in ('waiting', 'running') and asked_at < {Dialect.Micro(now.AddDays(-1))}");
        await tx.Flush(ct);
    }, ct);

    /// <summary>Writes down that a run has verified.</summary>
    public Task Done(Guid id, LastBackup made, CancellationToken ct) => database.Write(tx =>
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        tx.Stage($"""
            update backup_run set state = 'done', ended_at = {now}, file = {made.File}, bytes = {made.Bytes}, sha256 = {made.Sha256}, encrypted = {made.Encrypted}, taken_at = {made.TakenAt},
              documents = {made.Documents}, entries = {made.Entries}, audit_events = {made.AuditEvents}, audit_block = {made.Audit.Block}, audit_digest = {made.Audit.Hash},
              ledger = {JsonSerializer.Serialize(made.Ledger ?? [])}, error = {(string?)null}
            where id = {id}
            """);
        AuditTrail.Stage(tx, new AuditEvent(System(now), "kernel.backups", "made", "backup", id, After: JsonSerializer.Serialize(new { made.Sha256, made.Bytes, made.Entries })), clock);
        return Task.CompletedTask;
    }, ct);

    /// <summary>Writes down that a run has failed, and tells the administrators.</summary>
    public Task Failed(Guid id, string error, CancellationToken ct) => database.Write(tx =>
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        var told = error.Length <= LongestError ? error : error[..LongestError];
        tx.Stage($"update backup_run set state = 'failed', ended_at = {now}, error = {told} where id = {id}");
        NoticeBook.Stage(tx, new Notice("backup-failed", "The backup failed", told, "/admin/backups") { ToRole = RoleTemplates.Administrator, Subject = id }, clock);
        AuditTrail.Stage(tx, new AuditEvent(System(now), "kernel.backups", "failed", "backup", id, ReasonText: told), clock);
        return Task.CompletedTask;
    }, ct);

    /// <summary>The files of this machine beyond those that are kept, oldest last.</summary>
    public Task<List<(Guid Id, string File)>> Beyond(long keep, CancellationToken ct) => database.Read(db => db.Query($"""
        select id, file from backup_run where state = 'done' and node = {JobHost.Node} and removed_at is null and file is not null order by taken_at desc, id desc limit 1000 offset {keep}
        """, row => (row.Guid(0), row.Text(1)), ct), ct);

    /// <summary>Writes down whose files are gone.</summary>
    public Task Removed(IReadOnlyCollection<Guid> runs, CancellationToken ct) => database.Write(tx =>
    {
        tx.Stage($"update backup_run set removed_at = {Dialect.Micro(clock.GetUtcNow())} where id {Sql.List(runs)}");
        return Task.CompletedTask;
    }, ct);

    private static async Task<DateOnly?> BackupPlansDue(Db db, BackupPlan plan, DateTimeOffset now, CancellationToken ct)
    {
        if (!plan.Active || BackupPlans.Next(plan, now, await LastDay(db, ct)) is not { } next || next > now) return null;
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(plan.TimeZone)).DateTime);
    }

    private static Stamp System(DateTimeOffset now) => new(Actor.System, Guid.Empty, now, DateOnly.FromDateTime(now.UtcDateTime), now.Hour);

    private static BackupRun Read(Row row) => new(
        row.Guid(0), row.DateOrNull(1), row.Text(2), row.Text(3), row.Text(4), row.Instant(5), row.InstantOrNull(6), row.InstantOrNull(7), row.TextOrNull(8), row.LongOrNull(9), row.TextOrNull(10),
        row.Bool(11), row.InstantOrNull(12), row.LongOrNull(13), row.LongOrNull(14), row.LongOrNull(15), row.LongOrNull(16), row.TextOrNull(17),
        row.TextOrNull(18) is { } ledger ? JsonSerializer.Deserialize<List<LedgerTotal>>(ledger) : null, row.TextOrNull(19), row.InstantOrNull(20));
}
