using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http;
using Plug1.Http.Functions;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel.Commands;

namespace Plug1.Customers.Directory;

/// <summary>What the directory has beside the endpoints of every function.</summary>
internal static class DirectoryEndpoints
{
    private const string View = "customers.directory.view";

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/customers/directory").WithTags("Customers");
        MapWriting(group);
        MapReading(group);
        api.MapMaster<CustomerGroupMaster, CustomerGroupView, CustomerGroupWrite>("/customers/directory/groups", "customer-group", "Customers", DirectoryFunction.FunctionCode, "configure", "configure");
        api.MapMaster<CustomerAttributeMaster, CustomerAttributeView, CustomerAttributeWrite>("/customers/directory/attributes", "customer-attribute", "Customers", DirectoryFunction.FunctionCode, "configure", "configure");
    }

    private static void MapWriting(RouteGroupBuilder group)
    {
        group.MapCommand<CustomerRequest, CustomerAnswer>("", 201, (call, body, http) => Of<CustomerDesk>(http).Create(call, body, http.RequestAborted))
            .WithName("enterCustomer").WithSummary("Enters a customer as a draft.").WithMetadata(new AsksFor("customers.directory.create"));
        group.MapCommand<QuickCustomerRequest, CustomerAnswer>("/quick-create", 201, (call, body, http) => Of<CustomerDesk>(http).QuickCreate(call, body, http.RequestAborted))
            .WithName("quickCreateCustomer").WithSummary("Enters a customer and makes it active, in one call.").WithMetadata(new AsksFor("customers.directory.create"));
        group.MapCommand<CustomerRequest, CustomerAnswer>("/{id:guid}/edit", 200, async (call, body, http) =>
        {
            var version = IfMatch.Of(http);
            return version.IsRefused ? version.Refusal : await Of<CustomerDesk>(http).Edit(call, LifecycleEndpoints.IdOf(http), version.Value, body, http.RequestAborted);
        }).WithName("changeCustomer").WithSummary("Changes a draft as a whole, or makes a new version of an active customer; controlled fields wait for approval.").WithMetadata(new AsksFor("customers.directory.update"));
        group.MapCommand<StandingRequest, CustomerAnswer>("/{id:guid}/block", 200, (call, body, http) => Of<CustomerDesk>(http).SetBlocked(call, LifecycleEndpoints.IdOf(http), true, body, http.RequestAborted))
            .WithName("blockCustomer").WithSummary("Blocks a customer: nothing new is agreed with them.").WithMetadata(new AsksFor("customers.directory.block"));
        group.MapCommand<StandingRequest, CustomerAnswer>("/{id:guid}/unblock", 200, (call, body, http) => Of<CustomerDesk>(http).SetBlocked(call, LifecycleEndpoints.IdOf(http), false, body, http.RequestAborted))
            .WithName("unblockCustomer").WithSummary("Takes a block away.").WithMetadata(new AsksFor("customers.directory.block"));
        group.MapCommand<ConsentRequest, ConsentAnswer>("/{id:guid}/consents", 201, (call, body, http) => Of<CustomerDesk>(http).Consents(call, LifecycleEndpoints.IdOf(http), body, http.RequestAborted))
            .WithName("recordConsent").WithSummary("Records that a consent was given or withdrawn; nothing is overwritten.").WithMetadata(new AsksFor("customers.directory.consent"));
    }

    private static void MapReading(RouteGroupBuilder group)
    {
        group.MapGet("/lookup", async (RequestActor who, CustomerOverview overview, CancellationToken ct, string? q = null) =>
                !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await overview.Lookup(who.Call(), q, ct)).ToHttp())
            .WithName("lookupCustomer").WithSummary("Customers by telephone number, card, number or beginning of the name; at most 20.").WithMetadata(new AsksFor(View))
            .Produces<CustomerLookupAnswer>().Refuses(400, 401, 403, 422);
        group.MapGet("/{id:guid}/overview", async (Guid id, RequestActor who, CustomerOverview overview, CancellationToken ct) =>
                !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await overview.Read(who.Call(), id, ct)).ToHttp())
            .WithName("customerOverview").WithSummary("All of a customer on one page; of a merged one that of the survivor.").WithMetadata(new AsksFor(View))
            .Produces<CustomerOverviewAnswer>().Refuses(401, 403, 404);
        group.MapGet("/{id:guid}/history", (Guid id, RequestActor who, Reading reading, CancellationToken ct, string? functions = null, string? after = null, int limit = 30) =>
                reading.For(who, ct).Answer(async (db, viewer) => !who.May(View) ? CommandRunner.Denied(View) : await CustomerTimeline.Read(
                    db, (await Kernel.Parties.PartyBook.Find(db, id, ct))?.Id ?? id, functions?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), after, limit, reading.Catalogue, viewer, ct)))
            .WithName("customerHistory").WithSummary("Documents of all functions with a customer and all merged into them, the latest first.").WithMetadata(new AsksFor(View))
            .Produces<CustomerTimelineAnswer>().Refuses(400, 401, 403, 422);
    }

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();
}
