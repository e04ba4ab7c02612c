using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Operations;

/// <summary>Long work, as who asked for it sees it.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Kind">What kind of work.</param>
/// <param name="Title">One line.</param>
/// <param name="Asker">Who asked for it.</param>
/// <param name="Mine">Whether that is who reads.</param>
/// <param name="State">waiting, running, done, failed or cancelled.</param>
/// <param name="Stage">What it is doing.</param>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps in all; zero while nobody knows.</param>
/// <param name="CancelAsked">Somebody asked for it to stop.</param>
/// <param name="Result">What came out.</param>
/// <param name="ErrorCode">Stable code of the reason for which it failed.</param>
/// <param name="Error">The reason in words.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="StartedAt">When it first began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Node">The machine that runs it, or ran it last.</param>
/// <param name="Link">The page on which its result is shown.</param>
/// <param name="Files">Its files.</param>
public sealed record WorkItem(
    Guid Id, string Kind, string Title, string Asker, bool Mine, string State, string Stage, long Done, long Total, bool CancelAsked, JsonElement? Result, string? ErrorCode, string? Error,
    DateTimeOffset AskedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Node, string Link, IReadOnlyList<WorkFile> Files);

/// <summary>A page of long work, the latest first.</summary>
public sealed record WorkAnswer(IReadOnlyList<WorkItem> Items, string? Next);

/// <summary>Cancelling takes nothing but the work's id in the address.</summary>
public sealed record CancelWorkRequest;

/// <summary>Long work: one's own, anybody's for who may see jobs; its progress, its files, and stopping it.</summary>
internal static class WorkEndpoints
{
    private const string See = "kernel.jobs.view";
    private const int MostRows = 200;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapWork(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/operations/work").WithTags("Operations");
        group.MapGet("", (RequestActor who, Reading reading, WorkDesk desk, CancellationToken ct, bool all = false, bool open = false, string? kind = null, int limit = 50, string? after = null) =>
            reading.For(who, ct).Answer(async (db, _) =>
            {
                if (all && !who.Actor.MayAnywhere(See)) return CommandRunner.Denied(See);
                if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
                Guid? last = null;
                if (!string.IsNullOrEmpty(after))
                {
                    if (!Guid.TryParse(after, out var id)) return Kernel.Reporting.Refusals.CursorInvalid();
                    last = id;
                }

                var kinds = string.IsNullOrEmpty(kind) ? null : kind.Split(',');
                var found = await WorkDesk.Page(db, all ? null : who.Actor.UserId, kinds, open, last, limit + 1, ct);
                var page = found.Take(limit).ToList();
                return (Result<WorkAnswer>)new WorkAnswer(await Tell(db, desk, who, page, ct), found.Count > limit ? page[^1].Id.ToString("D") : null);
            })).WithName("work").WithSummary("Long work, the latest first: one's own, or all of it with kernel.jobs.view.").Produces<WorkAnswer>().Refuses(No);

        group.MapGet("/{id:guid}", (Guid id, RequestActor who, Reading reading, WorkDesk desk, CancellationToken ct) => reading.For(who, ct).Answer(async (db, _) =>
            await Seen(db, who, id, ct) is { } work ? Result.Of((await Tell(db, desk, who, [work], ct))[0]) : Kernel.Reporting.Refusals.NotFound("work")))
            .WithName("workItem").WithSummary("How a piece of long work stands.").Produces<WorkItem>().Refuses(No);

        group.MapGet("/{id:guid}/files/{role}", async (Guid id, string role, RequestActor who, Reading reading, WorkDesk desk, CancellationToken ct) =>
        {
            var file = await reading.Read(async db => await Seen(db, who, id, ct) is { } work && MayRead(desk, who, work) ? await WorkFiles.Read(db, id, role, ct) : null, ct);
            return file is null ? Kernel.Reporting.Refusals.NotFound("file").ToHttp() : Results.Bytes(file.Content, file.File.MediaType, file.File.Name);
        }).WithName("workFile").WithSummary("A file of a piece of long work.").Produces(200, contentType: "application/octet-stream").Refuses(No);

        group.MapOptional<CancelWorkRequest, CancelledWork>("/{id:guid}/cancel", 200, async (call, _, http) =>
        {
            var (who, ct) = (RequestActor.Of(http)!, http.RequestAborted);
            var id = Guid.Parse((string)http.Request.RouteValues["id"]!);
            var work = await Of<Reading>(http).Read(db => Seen(db, who, id, ct), ct);
            return work is null ? Kernel.Reporting.Refusals.NotFound("work") : await Of<WorkDesk>(http).Cancel(call, work, ct);
        }).WithName("cancelWork").WithSummary("Has long work stop at its next step: one's own, or anybody's with kernel.jobs.run.");
    }

    /// <summary>Work that the reader may see; null when there is none.</summary>
    public static async Task<Work?> Seen(Db db, RequestActor who, Guid id, CancellationToken ct) =>
        await WorkDesk.Find(db, id, ct) is { } work && (work.AskedBy == who.Actor.UserId || who.Actor.MayAnywhere(See)) ? work : null;

    /// <summary>Whether the reader may have its files: who asked for it, or who might have.</summary>
    private static bool MayRead(WorkDesk desk, RequestActor who, Work work) =>
        work.AskedBy == who.Actor.UserId || (desk.HandlerOf(work.Kind) is { } handler && who.Actor.May(handler.Permission, work.BranchId));

    private static async Task<IReadOnlyList<WorkItem>> Tell(Db db, WorkDesk desk, RequestActor who, IReadOnlyList<Work> works, CancellationToken ct)
    {
        var files = await WorkFiles.Of(db, [.. works.Select(work => work.Id)], ct);
        return [.. works.Select(work => new WorkItem(
            work.Id, work.Kind, work.Title, work.Asker, work.AskedBy == who.Actor.UserId, work.State, work.Stage, work.Done, work.Total, work.CancelAsked,
            work.Result is null ? null : JsonElement.Parse(work.Result), work.ErrorCode, work.Error, work.AskedAt, work.StartedAt, work.EndedAt, work.Node,
            desk.HandlerOf(work.Kind)?.LinkOf(work.Id) ?? "", MayRead(desk, who, work) ? [.. files[work.Id]] : []))];
    }

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();
}
