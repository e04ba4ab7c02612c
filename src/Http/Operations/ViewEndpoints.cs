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
using Plug1.Kernel.Reporting.Views;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Operations;

/// <summary>Views that somebody sees, by name.</summary>
public sealed record ViewsAnswer(IReadOnlyList<SavedView> Items);

/// <summary>Deleting takes nothing but the id in the address.</summary>
public sealed record DeleteRequest;

/// <summary>Whether a page opens with the view.</summary>
/// <param name="On">False to take it back.</param>
public sealed record ViewDefaultRequest(bool On = true);

/// <summary>A page that was opened.</summary>
/// <param name="Page">The page with its query, from the root of the application.</param>
/// <param name="Title">What it is called.</param>
public sealed record VisitRequest(string Page, string Title);

/// <summary>The last pages, the latest first.</summary>
public sealed record RecentsAnswer(IReadOnlyList<RecentPage> Items);

/// <summary>Saved views, and the pages that somebody was on.</summary>
internal static class ViewEndpoints
{
    private const string Function = "kernel.views";
    private const string Permission = $"{Function}.save";

    public static void MapViews(this RouteGroupBuilder api)
    {
        var views = api.MapGroup("/views").WithTags("Views");
        views.MapGet("", (RequestActor who, Reading reading, string? page, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
            (Result<ViewsAnswer>)new ViewsAnswer(await SavedViews.Of(db, reading.Catalogue, viewer, page, ct))))
            .WithName("views").WithSummary("Saved views of a page, or of all: one's own and those shared with a role that one holds.").Produces<ViewsAnswer>().Refuses(401);
        views.MapCommand<SavedViewDraft, SavedView>("", 201, (call, body, http) => Run(call, http, 201, (tx, stamp, viewer) =>
            SavedViews.Save(tx, Of<FunctionCatalogue>(http), viewer, body, stamp, Clock(http), http.RequestAborted)))
            .WithMetadata(new AsksFor(Permission)).WithName("saveView").WithSummary("Keeps a list, a report or an analysis as it is set, under a name.");
        views.MapCommand<SavedViewChange, SavedView>("/{id:guid}/change", 200, (call, body, http) =>
        {
            var version = IfMatch.Of(http);
            return version.Refusal is { } no ? Task.FromResult<Result<Answer>>(no) : Run(call, http, 200, (tx, stamp, viewer) =>
                SavedViews.Alter(tx, Of<FunctionCatalogue>(http), viewer, LifecycleEndpoints.IdOf(http), body, version.Value, stamp, Clock(http), http.RequestAborted));
        }).WithMetadata(new AsksFor(Permission)).WithName("changeView").WithSummary("Renames a view, gives it another query, shares it with a role or with nobody.");
        views.MapOptional<ViewDefaultRequest, SavedView>("/{id:guid}/default", 200, (call, body, http) => Run(call, http, 200, (tx, stamp, viewer) =>
            SavedViews.MakeDefault(tx, Of<FunctionCatalogue>(http), viewer, LifecycleEndpoints.IdOf(http), body?.On ?? true, stamp, http.RequestAborted)))
            .WithMetadata(new AsksFor(Permission)).WithName("defaultView").WithSummary("Opens its page with the view from now on.");
        views.MapOptional<DeleteRequest, SavedView>("/{id:guid}/delete", 200, (call, _, http) => Run(call, http, 200, (tx, stamp, viewer) =>
            SavedViews.Delete(tx, Of<FunctionCatalogue>(http), viewer, LifecycleEndpoints.IdOf(http), stamp, Clock(http), http.RequestAborted)))
            .WithMetadata(new AsksFor(Permission)).WithName("deleteView").WithSummary("Forgets a view of one's own.");

        var recents = api.MapGroup("/me/recents").WithTags("Views");
        recents.MapGet("", (RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, _) =>
            (Result<RecentsAnswer>)new RecentsAnswer(await RecentPages.Of(db, who.Actor.UserId, ct))))
            .WithName("recents").WithSummary("The last pages one was on.").Produces<RecentsAnswer>().Refuses(401);
        // Nothing of the business changes and once more does no harm, so it needs neither record nor key.
        recents.MapPost("", async (VisitRequest body, RequestActor who, Database database, TimeProvider clock, CancellationToken ct) =>
            (await database.Write(tx => Task.FromResult(RecentPages.Visit(tx, who.Actor.UserId, body.Page, body.Title, clock.GetUtcNow()) is { Refusal: { } no } ? no : (Result<VisitRequest>)body), ct)).ToHttp())
            .WithName("visit").WithSummary("Notes that a page was opened.").Produces<VisitRequest>().Refuses(400, 401, 422);
    }

    private static async Task<Result<Answer>> Run<T>(CommandCall call, HttpContext http, int status, Func<Tx, Kernel.Commands.Stamp, Viewer, Task<Result<T>>> handle)
    {
        var viewer = await Of<Reading>(http).Viewer(RequestActor.Of(http)!, http.RequestAborted);
        return await Of<CommandRunner>(http).Run(call, Function, "save", status, (tx, stamp) => handle(tx, stamp, viewer), http.RequestAborted);
    }

    private static TimeProvider Clock(HttpContext http) => Of<CommandRunner>(http).Clock;

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();
}
