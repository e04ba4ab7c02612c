using System.Globalization;
using Plug1.Host.Backups;
using Plug1.Host.CommandLine;
using Plug1.Host.Setup;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Diagnostics;

/// <summary>What an administrator would look at, one after the other; each with a sentence that says what to do.</summary>
internal sealed class HealthChecks(Database database, Place place, JobHost jobs, TimeProvider clock)
{
    private const string Good = "good", Look = "look", Bad = "bad";
    private const int MostCounted = 100_000;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs all.</summary>
    public async Task<IReadOnlyList<HealthCheck>> Run(CancellationToken ct)
    {
        var checks = new List<HealthCheck>();
        await using var db = await database.Reader(ct);
        checks.Add(await OfDatabase(db, ct));
        checks.Add(OfDisk(Sizes.FreeOf(place.Folder)));
        checks.Add(await OfClock(db, ct));
        checks.Add(SchemaState.Compare(await SchemaState.Applied(db, ct)) is { IsCurrent: false } state ? new HealthCheck("schema", Bad, state.Sentence) : new HealthCheck("schema", Good, "The schema is this version's."));
        checks.Add(OfJobs());
        checks.Add(await OfAudit(db, ct));
        checks.Add(await OfSums(db, ct));
        checks.Add(await OfBackups(db, ct));
        return checks;
    }

    /// <summary>The worst state among them.</summary>
    public static string Worst(IEnumerable<HealthCheck> checks) => checks.Select(check => check.State).Aggregate(Good, (worst, state) => state == Bad || worst == Bad ? Bad : state == Look ? Look : worst);

    /// <summary>How a disk is judged by what is free on it.</summary>
    public static HealthCheck OfDisk((long Free, long Total) disk)
    {
        var percent = disk.Total > 0 ? 100 * disk.Free / disk.Total : 100;
        var text = string.Create(CultureInfo.InvariantCulture, $"{disk.Free >> 20} MB ({percent} %) are free where the data folder is.");
        return percent < 3 || disk.Free < 512L << 20 ? new HealthCheck("disk", Bad, $"{text} Make room now: without it nothing can be posted.")
            : percent < 10 || disk.Free < 2048L << 20 ? new HealthCheck("disk", Look, $"{text} Make room soon.") : new HealthCheck("disk", Good, text);
    }

    private async Task<HealthCheck> OfDatabase(Db db, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        await db.Number($"select count(*) from config_stamp", ct);
        var took = clock.GetElapsedTime(began);
        var text = string.Create(CultureInfo.InvariantCulture, $"The database answered in {took.Ticks / TimeSpan.TicksPerMillisecond} ms.");
        return new HealthCheck("database", took < Slow ? Good : Look, text);
    }

    private async Task<HealthCheck> OfClock(Db db, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (db.Engine == Engine.Postgres)
        {
            var micros = await db.Number(Sql.Raw("select (extract(epoch from clock_timestamp()) * 1000000)::bigint"), ct);
            var apart = (DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond) - now).Duration();
            if (apart > TimeSpan.FromSeconds(2))
                return new HealthCheck("clock", apart > TimeSpan.FromSeconds(30) ? Bad : Look, $"The clocks of this server and of the database are {(long)apart.TotalSeconds} s apart. Set both by a time server.");
        }

        var last = await db.First($"select max(at) from audit_event where at > {Dialect.Micro(now.AddMinutes(-5))}", row => row.InstantOrNull(0), ct);
        return last is { } latest && latest > now.AddSeconds(5)
            ? new HealthCheck("clock", Bad, $"The clock went back: the last event is {(long)(latest - now).TotalSeconds} s ahead of it.")
            : new HealthCheck("clock", Good, "The clock runs forward.");
    }

    private HealthCheck OfJobs()
    {
        var failing = jobs.States.Where(job => job.Last?.Error is not null).Select(job => job.Code).ToList();
        return failing.Count == 0 ? new HealthCheck("jobs", Good, $"{jobs.States.Count} background jobs run.")
            : new HealthCheck("jobs", Bad, $"The last run failed: {string.Join(", ", failing)}. Background jobs tells why.");
    }

    private async Task<HealthCheck> OfAudit(Db db, CancellationToken ct)
    {
        var (last, waiting) = (await AuditSeals.Last(db, ct), await AuditSeals.Waiting(db, ct));
        var text = last is null ? "Nothing is sealed yet" : string.Create(CultureInfo.InvariantCulture, $"Sealed up to block {last.Number} at {last.SealedAt:yyyy-MM-dd HH:mm} UTC");
        text += string.Create(CultureInfo.InvariantCulture, $"; {waiting.Events} events and {waiting.Transactions} ledger transactions wait.");
        // It is sealed each minute; what waits much longer waits for a job that does not run.
        var late = waiting.Events + waiting.Transactions > 0 && (last is null ? waiting.Events > 1000 : clock.GetUtcNow() - last.SealedAt > TimeSpan.FromMinutes(15));
        return new HealthCheck("audit", late ? Look : Good, text);
    }

    private static async Task<HealthCheck> OfSums(Db db, CancellationToken ct)
    {
        var behind = await db.Number($"""
            select (select count(*) from (select 1 from fact where tx > (select tx from watermark where name = 'fact') limit {MostCounted}) f)
              + (select count(*) from (select 1 from ledger_transaction where tx > (select tx from watermark where name = 'ledger') limit {MostCounted}) t)
            """, ct);
        var text = string.Create(CultureInfo.InvariantCulture, $"{behind} facts and ledger transactions are not summed yet.");
        return behind < 20_000 ? new HealthCheck("sums", Good, text) : new HealthCheck("sums", Look, $"{text} Reports are right but slower until they are.");
    }

    private async Task<HealthCheck> OfBackups(Db db, CancellationToken ct)
    {
        var (plan, run, latest, file) = (await BackupPlans.Read(db, ct), await BackupRuns.LastDone(db, ct), await BackupRuns.Latest(db, null, 1, ct), await LastBackup.Read(place.Folder, ct));
        var taken = run?.TakenAt is { } ofRun && (file is null || ofRun > file.TakenAt) ? ofRun : file?.TakenAt;
        if (latest is [{ State: "failed" }]) return new HealthCheck("backup", Bad, "The last backup failed. Backups tells why.");
        if (taken is not { } at) return new HealthCheck("backup", Bad, "There is no verified backup. Make one now and schedule one a day.");
        var hours = (long)(clock.GetUtcNow() - at).TotalHours;
        var text = string.Create(CultureInfo.InvariantCulture, $"The last verified backup is {hours} h old.");
        return hours >= 7 * 24 || (plan.Active && hours > 49) ? new HealthCheck("backup", Bad, text)
            : !plan.Active || hours > 26 ? new HealthCheck("backup", Look, plan.Active ? text : $"{text} None is scheduled.") : new HealthCheck("backup", Good, text);
    }
}
