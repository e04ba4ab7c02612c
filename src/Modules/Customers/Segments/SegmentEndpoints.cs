using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http;
using Plug1.Http.Functions;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel.Commands;

namespace Plug1.Customers.Segments;

/// <summary>What segments have beside the endpoints of every function.</summary>
internal static class SegmentEndpoints
{
    private const string View = "customers.segments.view", Create = "customers.segments.create", Refresh = "customers.segments.refresh", Fit = "customers.segments.fit";
    private const int MostMembers = 500;

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/customers/segments").WithTags("Segments");
        MapWriting(group);
        MapReading(group);
    }

    private static void MapWriting(RouteGroupBuilder group)
    {
        group.MapCommand<SegmentRequest, DefinitionAnswer>("", 201, (call, body, http) => Of<SegmentDesk>(http).Create(call, body, http.RequestAborted))
            .WithName("enterSegment").WithSummary("Enters a draft of a segment; with a code that is there already, of its next version.").WithMetadata(new AsksFor(Create));
        group.MapCommand<SegmentRequest, DefinitionAnswer>("/{id:guid}/edit", 200, async (call, body, http) =>
        {
            var version = IfMatch.Of(http);
            return version.IsRefused ? version.Refusal : await Of<SegmentDesk>(http).Edit(call, LifecycleEndpoints.IdOf(http), version.Value, body, http.RequestAborted);
        }).WithName("changeSegment").WithSummary("Changes a draft as a whole; one that was rejected becomes a draft again.").WithMetadata(new AsksFor(Create));
        group.MapCommand<PreviewRequest, PreviewAnswer>("/preview", 200, async (call, body, http) =>
        {
            var runner = Of<CommandRunner>(http);
            var stamp = await runner.StampOf(call, http.RequestAborted);
            if (!stamp.May(View)) return await runner.Deny(call, SegmentFunction.FunctionCode, "view", http.RequestAborted);
            var found = await Of<SegmentDesk>(http).Preview(stamp, body.Definition, http.RequestAborted);
            return found.IsRefused ? found.Refusal : new Answer(200, JsonSerializer.Serialize(found.Value, runner.Json));
        }).WithName("previewSegment").WithSummary("Whom a rule would find now: how many, and 20 of them. Nothing is stored.").WithMetadata(new AsksFor(View));
        group.MapCommand<RefreshRequest, RunAnswer>("/{id:guid}/refresh", 202, (call, _, http) => Of<SegmentDesk>(http).Refresh(call, LifecycleEndpoints.IdOf(http), http.RequestAborted))
            .WithName("refreshSegment").WithSummary("Asks for a run that tells anew who is in a segment; a second one is refused while it waits or runs.").WithMetadata(new AsksFor(Refresh));
        group.MapCommand<RfmModelRequest, DefinitionAnswer>("/rfm-models", 201, (call, body, http) => Of<RfmDesk>(http).Create(call, body, http.RequestAborted))
            .WithName("enterRfmModel").WithSummary("Enters a draft of the next version of how customers are scored.").WithMetadata(new AsksFor(Create));
        group.MapCommand<FitRequest, RunAnswer>("/value-models/fit", 202, (call, body, http) => Of<SegmentDesk>(http).Fit(call, body, http.RequestAborted))
            .WithName("fitValueModel").WithSummary("Asks for a fit of the model of value.").WithMetadata(new AsksFor(Fit));
    }

    private static void MapReading(RouteGroupBuilder group)
    {
        group.MapGet("/measures", (RequestActor who, MeasureCatalogue measures) =>
        {
            if (!who.May(View)) return CommandRunner.Denied(View).ToHttp();
            return Results.Ok(new MeasuresAnswer([.. measures.All.Where(measure => measure.Permission is null || who.May($"{SegmentFunction.FunctionCode}.{measure.Permission}"))
                .Select(measure => new MeasureItem(measure.Key, measure.Label, JsonNamingPolicy.CamelCase.ConvertName(measure.Type.ToString()), RuleReader.OpsOf(measure.Type), measures.OptionsOf(measure)))]));
        }).WithName("segmentMeasures").WithSummary("The measures that rules may use.").WithMetadata(new AsksFor(View)).Produces<MeasuresAnswer>().Refuses(401, 403);
        group.MapGet("/{id:guid}/members", async (Guid id, RequestActor who, Membership membership, CommandRunner runner, CancellationToken ct, DateOnly? asOf = null, Guid? after = null, int limit = 50) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await membership.Members(await runner.StampOf(who.Call(), ct), id, asOf, Math.Clamp(limit, 1, MostMembers), after, ct)).ToHttp())
            .WithName("segmentMembers").WithSummary("Who was in a segment at the end of a day; of today, who is now.").WithMetadata(new AsksFor(View)).Produces<MembersAnswer>().Refuses(400, 401, 403, 404);
        group.MapGet("/{id:guid}/changes", async (Guid id, RequestActor who, Membership membership, CommandRunner runner, CancellationToken ct, DateOnly? from = null, DateOnly? to = null) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await membership.Changes(await runner.StampOf(who.Call(), ct), id, from, to, ct)).ToHttp())
            .WithName("segmentChanges").WithSummary("Who came into a segment and who left it on some days.").WithMetadata(new AsksFor(View)).Produces<ChangesAnswer>().Refuses(400, 401, 403, 404);
        group.MapGet("/parties/{id:guid}/value", async (Guid id, RequestActor who, CustomerValues values, CommandRunner runner, CancellationToken ct) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await values.Of(await runner.StampOf(who.Call(), ct), id, ct)).ToHttp())
            .WithName("customerValue").WithSummary("What a customer is expected to bring.").WithMetadata(new AsksFor(View)).Produces<CustomerValueAnswer>().Refuses(401, 403, 404);
    }

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();
}

/// <summary>A run that is asked for says nothing more.</summary>
public sealed record RefreshRequest;
