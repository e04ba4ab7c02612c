using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;

namespace Plug1.Http.Operations;

/// <summary>What rules raised: listed, acknowledged, resolved.</summary>
internal static class ExceptionEndpoints
{
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapExceptions(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/exceptions").WithTags("Exceptions");
        group.MapGet("", (RequestActor who, Reading reading, string? function, string? state, string? severity, string? rule, string? branch, int? limit, string? after, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                if (limit is < 1 or > 200) return Kernel.Reporting.Refusals.LimitInvalid(200);
                if (state is not (null or "open" or "acknowledged" or "resolved")) return Kernel.Reporting.Refusals.FilterInvalid("state", state);
                if (severity is not (null or "high" or "medium" or "low")) return Kernel.Reporting.Refusals.FilterInvalid("severity", severity);
                if (!Parameters.TryAfter(after, out var last)) return Kernel.Reporting.Refusals.CursorInvalid();
                var scopes = Scopes(reading, viewer, function, branch);
                if (scopes.IsRefused) return scopes.Refusal;
                var count = limit ?? 50;
                var entries = await RaisedExceptions.Page(db, scopes.Value, state, severity, rule, count + 1, last, ct);
                var told = entries.Take(count).ToList();
                return (Result<ExceptionsAnswer>)new ExceptionsAnswer([.. told.Select(entry => Telling.Of(entry, viewer))],
                    entries.Count > count ? Parameters.After(told[^1].RaisedAt, told[^1].Id) : null);
            })).WithName("exceptions").WithSummary("What rules raised and nobody has resolved, latest first.").Produces<ExceptionsAnswer>().Refuses(No);

        group.MapOptional<ExceptionStep, ExceptionItem>("/{id:guid}/acknowledge", 200, (call, body, http) => Move(call, body, http, "acknowledged"))
            .WithName("acknowledgeException").WithSummary("Says that somebody looks after it.");
        group.MapOptional<ExceptionStep, ExceptionItem>("/{id:guid}/resolve", 200, (call, body, http) => Move(call, body, http, "resolved"))
            .WithName("resolveException").WithSummary("Says what became of it; needs a reason.");
    }

    private static async Task<Result<Answer>> Move(CommandCall call, ExceptionStep? step, HttpContext http, string state)
    {
        var (reading, ct) = (http.RequestServices.GetRequiredService<Reading>(), http.RequestAborted);
        var runner = http.RequestServices.GetRequiredService<CommandRunner>();
        var viewer = await reading.Viewer(RequestActor.Of(http)!, ct);
        if (!viewer.Actor.MayAnywhere("kernel.exceptions.resolve")) return CommandRunner.Denied("kernel.exceptions.resolve");
        var id = LifecycleEndpoints.IdOf(http);
        if (await reading.Read(db => RaisedExceptions.Find(db, id, viewer, ct), ct) is not { } entry) return Kernel.Reporting.Refusals.NotFound("exception");
        // It is settled at the branch where it was raised, wherever the reader works now.
        return await runner.Run(call with { BranchId = entry.BranchId }, "kernel.exceptions", "resolve", 200, async (tx, stamp) =>
        {
            var moved = await RaisedExceptions.Move(tx, id, state, step?.Reason, step?.Text, stamp, reading.Clock, ct);
            return moved.IsRefused ? moved.Refusal : (Result<ExceptionItem>)Telling.Of(moved.Value, viewer);
        }, ct);
    }

    private static Result<IReadOnlyList<(Function Function, BranchScope Scope)>> Scopes(Reading reading, Viewer viewer, string? function, string? branch)
    {
        var scopes = new List<(Function, BranchScope)>();
        foreach (var one in reading.Catalogue.All.Where(one => (function is null || one.Code == function) && viewer.Sees(one)))
        {
            var scope = viewer.Scope($"{one.Code}.view", branch);
            if (!scope.IsRefused) scopes.Add((one, scope.Value));
            else if (scope.Refusal.Code != "PERMISSION_DENIED") return scope.Refusal;
        }

        return Result.Of<IReadOnlyList<(Function, BranchScope)>>(scopes);
    }
}
