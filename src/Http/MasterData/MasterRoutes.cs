using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Security;
using Plug1.Kernel.MasterData;

namespace Plug1.Http.MasterData;

/// <summary>The permission that an endpoint asks for, told to the description and to the tests that look for endpoints without one.</summary>
/// <param name="Permission">Code, such as <c>kernel.catalogue.view</c>.</param>
public sealed record AsksFor(string Permission);

/// <summary>List, get, create and change for one kind of master data.</summary>
public static class MasterRoutes
{
    /// <summary>Maps the four.</summary>
    /// <param name="api">Where.</param>
    /// <param name="route">Address, such as <c>/catalogue/items</c>.</param>
    /// <param name="one">What one is called in names of operations, such as <c>item</c>.</param>
    /// <param name="tag">Heading in the description.</param>
    /// <param name="function">Code before the actions of the permissions.</param>
    /// <param name="create">Action that creating asks for.</param>
    /// <param name="update">Action that changing asks for.</param>
    /// <param name="filters">Names of further filters of the list.</param>
    public static RouteGroupBuilder MapMaster<TMaster, TView, TWrite>(
        this RouteGroupBuilder api, string route, string one, string tag, string function, string create, string update, params string[] filters)
        where TMaster : Master<TView, TWrite>
        where TView : class
        where TWrite : class
    {
        var group = api.MapGroup(route).WithTags(tag).WithMetadata(new WithoutBranchAttribute());
        var spoken = one.Replace('-', ' ');
        group.MapGet("/", async (RequestActor who, TMaster master, MasterDesk desk, HttpContext http, CancellationToken ct, string? q = null, bool? active = null,
                    string? after = null, int limit = 50, bool total = false) =>
                (await desk.List(master, who.Call(), new MasterQuery(q, active, after, limit, total, FiltersOf(http, filters)), ct)).ToHttp())
            .WithName($"list-{one}").WithSummary($"A page of: {spoken}.")
            .WithDescription(filters.Length == 0 ? "q looks for words, active for what is in use; at most 200 a page." : $"q looks for words, active for what is in use; further filters: {string.Join(", ", filters)}; at most 200 a page.")
            .WithMetadata(new AsksFor($"{function}.view")).Produces<MasterPage<TView>>().Refuses(400, 401, 403);
        group.MapGet("/{id}", async (string id, RequestActor who, TMaster master, MasterDesk desk, CancellationToken ct) => (await desk.Get(master, who.Call(), id, ct)).ToHttp())
            .WithName($"get-{one}").WithSummary($"One {spoken}.").WithMetadata(new AsksFor($"{function}.view")).Produces<TView>().Refuses(401, 403, 404);
        if (create.Length > 0)
        {
            group.MapPost("/", async (HttpContext http, RequestActor who, TMaster master, MasterDesk desk) =>
                {
                    var bytes = await CommandEndpoints.Read(http);
                    var write = JsonSerializer.Deserialize<TWrite>(bytes, Plug1Json.Options) ?? throw new JsonException("The body is null.");
                    return CommandEndpoints.ToHttp(await desk.Create(master, CommandEndpoints.CallOf(http, who, bytes), write, http.RequestAborted));
                })
                .WithName($"create-{one}").WithSummary($"Enters a {spoken}.").WithMetadata(new AsksFor($"{function}.{create}"))
                .Accepts<TWrite>("application/json").Produces<TView>(201).Refuses(400, 401, 403, 409, 413, 422);
        }

        group.MapPatch("/{id}", (string id, HttpContext http, RequestActor who, TMaster master, MasterDesk desk) => Patch(master, desk, id, http, who))
            .WithName($"change-{one}").WithSummary($"Changes a {spoken}: members left out stay, null clears.").WithMetadata(new AsksFor($"{function}.{update}"))
            .Accepts<TWrite>("application/json", "application/merge-patch+json").Produces<TView>().Refuses(400, 401, 403, 404, 409, 412, 413, 422, 428);
        return group;
    }

    /// <summary>Changes one: version from If-Match, the body merged over what stands.</summary>
    public static async Task<IResult> Patch<TView, TWrite>(Master<TView, TWrite> master, MasterDesk desk, string id, HttpContext http, RequestActor who)
        where TView : class
        where TWrite : class
    {
        if (http.Request.Headers.IfMatch.Count == 0) return MasterRefusals.VersionMissing.ToHttp();
        var version = IfMatch.Of(http);
        if (version.Refusal is { } no) return no.ToHttp();
        var bytes = await CommandEndpoints.Read(http);
        var change = JsonSerializer.Deserialize<JsonNode>(bytes, Plug1Json.Options) as JsonObject ?? throw new JsonException("The body is no object.");
        return CommandEndpoints.ToHttp(await desk.Change(master, CommandEndpoints.CallOf(http, who, bytes), id, version.Value, change, http.RequestAborted));
    }

    private static Dictionary<string, string> FiltersOf(HttpContext http, string[] names)
    {
        var filters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
            if (http.Request.Query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text) filters[name] = text;
        return filters;
    }
}
