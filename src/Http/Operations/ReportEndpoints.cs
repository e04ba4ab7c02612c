using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Functions;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Reporting.Schedules;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Operations;

/// <summary>The reports of a function.</summary>
public sealed record FunctionReportsItem(string Code, string Module, string Slug, string Name, IReadOnlyList<ReportItem> Reports);

/// <summary>The reports of all functions that the reader sees.</summary>
public sealed record AllReportsAnswer(IReadOnlyList<FunctionReportsItem> Functions);

/// <summary>Schedules, by name.</summary>
public sealed record SchedulesAnswer(IReadOnlyList<Schedule> Items);

/// <summary>Runs of schedules, the latest first.</summary>
public sealed record ScheduleRunsAnswer(IReadOnlyList<ScheduleRun> Items, string? Next);

/// <summary>Running now takes nothing but the id in the address.</summary>
public sealed record RunScheduleRequest;

/// <summary>Whether a schedule runs.</summary>
/// <param name="Active">False to stop it.</param>
public sealed record SwitchScheduleRequest(bool Active);

/// <summary>Reports across functions: which there are, those made at set times, and the files that were made.</summary>
internal static class ReportEndpoints
{
    private const int MostRows = 200;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapAllReports(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/reports").WithTags("Reports");
        group.MapGet("", (RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer((_, viewer) =>
        {
            var functions = from function in reading.Catalogue.All
                            let scope = viewer.Scope($"{function.Code}.view")
                            where !scope.IsRefused
                            select new FunctionReportsItem(function.Code, function.Module, function.Slug, function.Name,
                                [.. ReportSet.Of(function, action => viewer.MayAtAll($"{function.Code}.{action}", scope.Value)).Select(report => new ReportItem(report.Code, report.Name, report.Named, report.Bucket, report.GroupBy))]);
            return Task.FromResult((Result<AllReportsAnswer>)new AllReportsAnswer([.. functions]));
        })).WithName("allReports").WithSummary("The reports of all functions that one sees.").Produces<AllReportsAnswer>().Refuses(401);
        MapSchedules(group.MapGroup("/schedules"));
        MapRuns(group.MapGroup("/runs"));
    }

    private static void MapSchedules(RouteGroupBuilder schedules)
    {
        schedules.MapGet("", (RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
            (Result<SchedulesAnswer>)new SchedulesAnswer(await ScheduleBook.Of(db, viewer, ct))))
            .WithName("schedules").WithSummary("Reports made at set times: one's own and those one is told of.").Produces<SchedulesAnswer>().Refuses(401);
        schedules.MapCommand<ScheduleDraft, Schedule>("", 201, (call, body, http) => Run(call, http, 201, (tx, stamp, viewer) =>
            ScheduleBook.Make(tx, Of<FunctionCatalogue>(http), viewer, body, stamp, Clock(http), http.RequestAborted)))
            .WithMetadata(new AsksFor(ScheduleBook.Permission)).WithName("makeSchedule").WithSummary("Has a list, a report or a saved view made into a file every day, week or month.");
        schedules.MapCommand<ScheduleDraft, Schedule>("/{id:guid}/change", 200, (call, body, http) =>
        {
            var version = IfMatch.Of(http);
            return version.Refusal is { } no ? Task.FromResult<Result<Answer>>(no) : Run(call, http, 200, (tx, stamp, viewer) =>
                ScheduleBook.Alter(tx, Of<FunctionCatalogue>(http), viewer, LifecycleEndpoints.IdOf(http), body, version.Value, stamp, Clock(http), http.RequestAborted));
        }).WithMetadata(new AsksFor(ScheduleBook.Permission)).WithName("changeSchedule").WithSummary("Replaces what a schedule says.");
        schedules.MapCommand<SwitchScheduleRequest, Schedule>("/{id:guid}/switch", 200, (call, body, http) => Run(call, http, 200, (tx, stamp, viewer) =>
            ScheduleBook.Switch(tx, viewer, LifecycleEndpoints.IdOf(http), body.Active, stamp, Clock(http), http.RequestAborted)))
            .WithMetadata(new AsksFor(ScheduleBook.Permission)).WithName("switchSchedule").WithSummary("Starts or stops a schedule.");
        schedules.MapOptional<DeleteRequest, Schedule>("/{id:guid}/delete", 200, (call, _, http) => Run(call, http, 200, (tx, stamp, viewer) =>
            ScheduleBook.Delete(tx, viewer, LifecycleEndpoints.IdOf(http), stamp, Clock(http), http.RequestAborted)))
            .WithMetadata(new AsksFor(ScheduleBook.Permission)).WithName("deleteSchedule").WithSummary("Forgets a schedule with its runs and files.");
        schedules.MapOptional<RunScheduleRequest, RunBrief>("/{id:guid}/run", 202, (call, _, http) => Run(call, http, 202, (tx, stamp, viewer) =>
        {
            tx.AfterCommit.Add(() => Of<JobHost>(http).RunNow(ScheduleRunner.JobCode));
            return ScheduleBook.RunNow(tx, viewer, LifecycleEndpoints.IdOf(http), stamp, Clock(http), http.RequestAborted);
        })).WithMetadata(new AsksFor(ScheduleBook.Permission)).WithName("runSchedule").WithSummary("Has a schedule run now, beside its set times.");
    }

    private static void MapRuns(RouteGroupBuilder runs)
    {
        runs.MapGet("", (RequestActor who, Reading reading, Guid? schedule, CancellationToken ct, string? after = null, int limit = 50) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
            Guid? last = null;
            if (!string.IsNullOrEmpty(after))
            {
                if (!Guid.TryParse(after, out var id)) return Kernel.Reporting.Refusals.CursorInvalid();
                last = id;
            }

            var found = await RunBook.Page(db, viewer, schedule, last, limit + 1, ct);
            var page = found.Take(limit).ToList();
            return (Result<ScheduleRunsAnswer>)new ScheduleRunsAnswer(page, found.Count > limit ? page[^1].Id.ToString("D") : null);
        })).WithName("scheduleRuns").WithSummary("What schedules made, the latest first, with why not.").Produces<ScheduleRunsAnswer>().Refuses(No);

        runs.MapGet("/{id:guid}/file", async (Guid id, RequestActor who, Reading reading, CommandRunner runner, CancellationToken ct) =>
        {
            var viewer = await reading.Viewer(who, ct);
            var run = await reading.Read(db => RunBook.MayTake(db, viewer, id, ct), ct);
            if (!run.IsRefused) return new KeptFile(run.Value, reading);
            // Who is told of a file need not have what it tells: that they tried stays on record.
            if (run.Refusal is { Status: 403, Detail: { } detail } && detail["permission"] is string permission)
                await runner.Deny(who.Call(), permission[..permission.LastIndexOf('.')], permission[(permission.LastIndexOf('.') + 1)..], ct);
            return run.Refusal.ToHttp();
        }).WithName("scheduleFile").WithSummary("The file that a run made, for who holds what its rows and columns ask for.").Refuses(401, 403, 404, 410);
    }

    private static async Task<Result<Answer>> Run<T>(CommandCall call, HttpContext http, int status, Func<Tx, Stamp, Viewer, Task<Result<T>>> handle)
    {
        var viewer = await Of<Reading>(http).Viewer(RequestActor.Of(http)!, http.RequestAborted);
        return await Of<CommandRunner>(http).Run(call, "kernel.reports", "schedule", status, (tx, stamp) => handle(tx, stamp, viewer), http.RequestAborted);
    }

    private static TimeProvider Clock(HttpContext http) => Of<CommandRunner>(http).Clock;

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();

    /// <summary>A file that is kept, sent piece by piece.</summary>
    private sealed class KeptFile(ScheduleRun run, Reading reading) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
            response.ContentType = run.MediaType;
            response.ContentLength = run.Bytes;
            response.Headers.ContentDisposition = $"attachment; filename=\"{run.FileName}\"";
            response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(run.Sha256!))}:";
            for (var seq = 0L; await reading.Read(db => RunBook.Chunk(db, run.Id, seq, ct), ct) is { } piece; seq++) await response.Body.WriteAsync(piece, ct);
        }
    }
}
