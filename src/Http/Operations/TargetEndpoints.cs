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

/// <summary>Targets of measures.</summary>
internal static class TargetEndpoints
{
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapTargets(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/targets").WithTags("Targets");
        group.MapGet("", (RequestActor who, Reading reading, string? function, string? measure, DateOnly? from, DateOnly? to, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var targets = await Targets.Page(db, function, measure, from, to, ct);
                return (Result<TargetsAnswer>)new TargetsAnswer([.. targets.Select(target => Tell(target, reading, viewer)).OfType<TargetItem>()]);
            })).WithName("targets").WithSummary("Targets of the functions that may be seen.").Produces<TargetsAnswer>().Refuses(No);

        group.MapCommand<TargetRequest, TargetItem>("", 200, async (call, body, http) =>
        {
            var (reading, ct) = (http.RequestServices.GetRequiredService<Reading>(), http.RequestAborted);
            var runner = http.RequestServices.GetRequiredService<CommandRunner>();
            var viewer = await reading.Viewer(RequestActor.Of(http)!, ct);
            return await runner.Run(call, "kernel.targets", "configure", 200, async (tx, stamp) =>
            {
                var set = await Targets.Set(tx, reading.Catalogue, viewer, new TargetDraft(body.Function, body.Measure, body.Branch, body.From, body.To, body.Amount), stamp, reading.Clock, ct);
                return set.IsRefused ? set.Refusal : (Result<TargetItem>)Tell(set.Value, reading, viewer)!;
            }, ct);
        }).WithName("setTarget").WithSummary("Sets what a measure should reach; needs kernel.targets.configure.");

        group.MapCommand<CopyTargetsRequest, TargetsAnswer>("/copy", 200, async (call, body, http) =>
        {
            var (reading, ct) = (http.RequestServices.GetRequiredService<Reading>(), http.RequestAborted);
            var viewer = await reading.Viewer(RequestActor.Of(http)!, ct);
            var draft = new TargetCopyDraft(body.Function, body.Measure, body.From, body.To, body.SourceFrom, body.SourceTo, body.Percent ?? "0", body.Branches);
            return await http.RequestServices.GetRequiredService<CommandRunner>().Run(call, "kernel.targets", "configure", 200, async (tx, stamp) =>
            {
                var set = await TargetCopy.Run(tx, reading.Catalogue, viewer, draft, stamp, reading.Clock, ct);
                return set.IsRefused ? set.Refusal : Result.Of(new TargetsAnswer([.. set.Value.Select(target => Tell(target, reading, viewer)).OfType<TargetItem>()]));
            }, ct);
        }).WithName("copyTargets").WithSummary("Sets targets to what a past period reached, and some per cent; needs kernel.targets.configure.");
    }

    private static TargetItem? Tell(TargetEntry target, Reading reading, Viewer viewer)
    {
        if (reading.Catalogue.Find(target.Function) is not { } function || !viewer.Sees(function)) return null;
        if (target.BranchId is { } branch && !viewer.Actor.May($"{function.Code}.view", branch)) return null;
        if (function.Measures.FirstOrDefault(measure => measure.Key == target.Measure) is not { } declared) return null;
        if (declared.Permission is { } action && !viewer.Actor.MayAnywhere($"{function.Code}.{action}")) return null;
        return new TargetItem(target.Id, target.Function, target.Measure, target.BranchId is { } id ? viewer.BranchCode(id) : null, target.From, target.To,
            $"{Shown.Of(target.Amount, declared.Type, viewer.Organisation.Company.Currency.Exponent)}", declared.Type, target.Version);
    }
}
