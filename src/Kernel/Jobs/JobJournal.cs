using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Jobs;

/// <summary>The history of jobs: what did something or failed, kept for a month.</summary>
public sealed class JobJournal(Database database, TimeProvider clock)
{
    /// <summary>How long runs are remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Longest reason of a failure that is kept, in characters.</summary>
    public const int LongestError = 500;

    private static readonly Table Runs = new("job_run",
        ("id", Kind.Id), ("job", Kind.Text), ("node", Kind.Text), ("started_at", Kind.Instant), ("ended_at", Kind.Instant), ("done", Kind.Long), ("error", Kind.Text));

    /// <summary>Writes a run down and forgets what is older than a month.</summary>
    public Task Write(JobRun run, CancellationToken ct = default) => database.Write(async tx =>
    {
        tx.Insert(Runs, [run.Id, run.Job, run.Node, run.StartedAt, run.EndedAt, run.Done, run.Error]);
        tx.Stage($"delete from job_run where started_at < {Dialect.Micro(clock.GetUtcNow() - Kept)}");
        await tx.Flush(ct);
    }, ct);

    /// <summary>Runs of all jobs or of one, latest first.</summary>
    /// <param name="db">Session.</param>
    /// <param name="job">Only of this job.</param>
    /// <param name="failed">Only those that failed.</param>
    /// <param name="before">Only those after this one in the order.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Cancellation.</param>
    public static Task<List<JobRun>> Latest(Db db, string? job, bool failed, (DateTimeOffset At, Guid Id)? before, int most, CancellationToken ct)
    {
        Sql ofJob = job is null ? Sql.Raw("") : $" and job = {job}";
        Sql older = before is { } mark ? (Sql)$" and (started_at < {mark.At} or started_at = {mark.At} and id < {mark.Id})" : Sql.Raw("");
        var onlyFailed = Sql.Raw(failed ? " and error is not null" : "");
        return db.Query($"""
            select id, job, node, started_at, ended_at, done, error from job_run where 1 = 1{ofJob}{onlyFailed}{older} order by started_at desc, id desc limit {most}
            """, row => new JobRun(row.Guid(0), row.Text(1), row.Text(2), row.Instant(3), row.Instant(4), row.Long(5), row.TextOrNull(6)), ct);
    }
}
