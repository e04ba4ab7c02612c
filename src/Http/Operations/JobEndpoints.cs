using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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

/// <summary>Asking for a run takes nothing but the job's code in the address.</summary>
public sealed record RunJobRequest;

/// <summary>A job was asked to run.</summary>
public sealed record JobAsked(string Code);

/// <summary>Background jobs: how they stand, what they did, and running one now.</summary>
internal static class JobEndpoints
{
    private const string See = "kernel.jobs.view";
    private const int MostRows = 200;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapJobs(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/operations/jobs").WithTags("Operations");
        jobs.MapGet("", (RequestActor who, JobHost host) => !who.Actor.MayAnywhere(See) ? CommandRunner.Denied(See).ToHttp() : Results.Ok(new JobsAnswer(
            JobHost.Node,
            [.. host.States.Select(job => new JobItem(job.Code, job.Name, (long)job.Every.TotalSeconds, job.Running, job.Due, job.Last, job.Runs, job.Failures))])))
            .WithName("jobs").WithSummary("How the background jobs stand.").Produces<JobsAnswer>().Refuses(No);

        jobs.MapGet("/runs", (RequestActor who, Reading reading, string? job, bool? failed, int? limit, string? after, CancellationToken ct) => reading.For(who, ct).Answer(async (db, _) =>
        {
            if (!who.Actor.MayAnywhere(See)) return CommandRunner.Denied(See);
            if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
            if (!Parameters.TryAfter(after, out var mark)) return Kernel.Reporting.Refusals.CursorInvalid();
            var most = limit ?? 50;
            var runs = await JobJournal.Latest(db, job, failed ?? false, mark, most + 1, ct);
            var told = runs.Take(most).ToList();
            return (Result<JobRunsAnswer>)new JobRunsAnswer(told, runs.Count > told.Count ? Parameters.After(told[^1].StartedAt, told[^1].Id) : null);
        })).WithName("jobRuns").WithSummary("Runs that did something or failed, latest first, for a month.").Produces<JobRunsAnswer>().Refuses(No);

        jobs.MapOptional<RunJobRequest, JobAsked>("/{code}/run", 202, (call, _, http) =>
        {
            var (host, runner, code) = (Of<JobHost>(http), Of<CommandRunner>(http), (string)http.Request.RouteValues["code"]!);
            return runner.Run(call, "kernel.jobs", "run", 202, (tx, stamp) => Task.FromResult(Ask(tx, stamp, host, code, runner.Clock)), http.RequestAborted);
        }).WithName("runJob").WithSummary("Has a background job run now; asked twice, it runs once more at most.");
    }

    /// <summary>It runs when it is on record that it was asked to.</summary>
    private static Result<JobAsked> Ask(Tx tx, Stamp stamp, JobHost host, string code, TimeProvider clock)
    {
        if (!host.States.Any(job => job.Code == code)) return Kernel.Reporting.Refusals.NotFound("job");
        AuditTrail.Stage(tx, new AuditEvent(stamp, "kernel.jobs", "run", "job", Ids.Of(code), Reason: code), clock);
        tx.AfterCommit.Add(() => host.RunNow(code));
        return new JobAsked(code);
    }

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();
}
