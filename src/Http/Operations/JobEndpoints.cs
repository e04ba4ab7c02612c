using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Http.Operations;

/// <summary>How a job stands on the node that answers.</summary>
/// <param name="Code">The job.</param>
/// <param name="Name">What it does.</param>
/// <param name="EverySeconds">From the end of a run to the start of the next.</param>
/// <param name="RunningSince">Since when it runs now.</param>
/// <param name="DueAt">When it runs next.</param>
/// <param name="Last">Its last run since the server started.</param>
/// <param name="Runs">Runs since the server started.</param>
/// <param name="Failures">How many of them failed.</param>
public sealed record JobItem(string Code, string Name, long EverySeconds, DateTimeOffset? RunningSince, DateTimeOffset? DueAt, JobRun? Last, long Runs, long Failures);

/// <summary>The jobs of the node that answers.</summary>
public sealed record JobsAnswer(string Node, IReadOnlyList<JobItem> Items);

/// <summary>Runs of jobs, latest first.</summary>
public sealed record JobRunsAnswer(IReadOnlyList<JobRun> Items, string? Next);

/// <summary>A job was asked to run.</summary>
public sealed record JobAsked(string Code);

/// <summary>Background jobs: how they stand, what they did, and running one now.</summary>
internal static class JobEndpoints
{
    private const string See = "kernel.jobs.view";
    private const string Run = "kernel.jobs.run";
    private const int MostRows = 200;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapJobs(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/operations/jobs").WithTags("Operations");
        jobs.MapGet("", (RequestActor who, JobHost host) => !who.Actor.MayAnywhere(See) ? CommandRunner.Denied(See).ToHttp() : Results.Ok(new JobsAnswer(
            Environment.MachineName,
            [.. host.States.Select(job => new JobItem(job.Code, job.Name, (long)job.Every.TotalSeconds, job.Running, job.Due, job.Last, job.Runs, job.Failures))])))
            .WithName("jobs").WithSummary("How the background jobs stand.").Produces<JobsAnswer>().Refuses(No);

        jobs.MapGet("/runs", (RequestActor who, Reading reading, string? job, bool? failed, int? limit, string? after, CancellationToken ct) => reading.For(who, ct).Answer(async (db, _) =>
        {
            if (!who.Actor.MayAnywhere(See)) return CommandRunner.Denied(See);
            if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
            if (!TryMark(after, out var mark)) return Kernel.Reporting.Refusals.CursorInvalid();
            var most = limit ?? 50;
            var runs = await JobJournal.Latest(db, job, failed ?? false, mark, most + 1, ct);
            var told = runs.Take(most).ToList();
            return (Result<JobRunsAnswer>)new JobRunsAnswer(told, runs.Count > told.Count ? MarkOf(told[^1]) : null);
        })).WithName("jobRuns").WithSummary("Runs that did something or failed, latest first, for a month.").Produces<JobRunsAnswer>().Refuses(No);

        jobs.MapPost("/{code}/run", async (string code, RequestActor who, JobHost host, Database database, CommandRunner runner, CancellationToken ct) =>
        {
            if (!who.Actor.MayAnywhere(Run)) return CommandRunner.Denied(Run).ToHttp();
            if (!host.RunNow(code)) return Kernel.Reporting.Refusals.NotFound("job").ToHttp();
            var stamp = await runner.StampOf(who.Call(), ct);
            await database.Write(tx =>
            {
                AuditTrail.Stage(tx, new AuditEvent(stamp, "kernel.jobs", "run", "job", Ids.Of(code), Reason: code), runner.Clock);
                return Task.CompletedTask;
            }, ct);
            return Results.Accepted(value: new JobAsked(code));
        }).WithName("runJob").WithSummary("Has a background job run now; asked twice, it runs once more at most.").Produces<JobAsked>(202).Refuses(No);
    }

    private static string MarkOf(JobRun run) => string.Create(CultureInfo.InvariantCulture, $"{run.StartedAt.UtcTicks}.{run.Id:N}");

    private static bool TryMark(string? after, out (DateTimeOffset At, Guid Id)? mark)
    {
        mark = null;
        if (string.IsNullOrEmpty(after)) return true;
        if (after.Split('.') is not [var ticks, var id] || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || at > DateTimeOffset.MaxValue.Ticks || !Guid.TryParseExact(id, "N", out var run)) return false;
        mark = (new DateTimeOffset(at, TimeSpan.Zero), run);
        return true;
    }
}
