using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Jobs;

namespace Plug1.Customers.Loyalty;

/// <summary>What loyalty has beside the endpoints of every function.</summary>
internal static class LoyaltyEndpoints
{
    private const string View = "customers.loyalty.view", Create = "customers.loyalty.create", Adjust = "customers.loyalty.adjust";

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/customers/loyalty").WithTags("Loyalty");
        group.MapCommand<ProgrammeRequest, ProgrammeAnswer>("/programmes", 201, (call, body, http) => Of<MemberDesk>(http).Enter(call, body, http.RequestAborted))
            .WithName("enterProgramme").WithSummary("Enters a programme, or the next version of one, as a draft.").WithMetadata(new AsksFor("customers.loyalty.configure"));
        group.MapGet("/programmes", async (RequestActor who, MemberCards cards, CancellationToken ct) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : Results.Ok(await cards.Programmes(ct)))
            .WithName("programmes").WithSummary("The programmes in force.").WithMetadata(new AsksFor(View)).Produces<ProgrammesAnswer>().Refuses(401, 403);
        group.MapCommand<EnrolRequest, EnrolAnswer>("/enrolments", 201, (call, body, http) => Of<MemberDesk>(http).Enrol(call, body, http.RequestAborted))
            .WithName("enrolMember").WithSummary("A customer joins a programme.").WithMetadata(new AsksFor(Create));
        group.MapGet("/members/{partyId:guid}", async (Guid partyId, RequestActor who, MemberCards cards, CommandRunner runner, CancellationToken ct) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await cards.Member(partyId, (await runner.StampOf(who.Call(), ct)).BusinessDate, ct)).ToHttp())
            .WithName("member").WithSummary("A member: balance, pending, debt, next expiries, tier and what the next one takes.").WithMetadata(new AsksFor(View)).Produces<MemberAnswer>().Refuses(401, 403, 404);
        group.MapPost("/quote", async (QuoteRequest request, RequestActor who, MemberCards cards, CommandRunner runner, CancellationToken ct) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await cards.Quote(await runner.StampOf(who.Call(), ct), request, ct)).ToHttp())
            .WithName("quotePoints").WithSummary("What a sale would earn, and what could be used on it.").WithMetadata(new AsksFor(View)).Produces<QuoteAnswer>().Refuses(400, 401, 403, 422);
        group.MapCommand<AdjustRequest, AdjustAnswer>("/adjustments", 201, (call, body, http) => Of<MemberDesk>(http).Adjust(call, body, http.RequestAborted))
            .WithName("adjustPoints").WithSummary("Gives or takes points by hand; above the limit it waits for approval.").WithMetadata(new AsksFor(Adjust));
        group.MapCommand<TransferRequest, AdjustAnswer>("/transfers", 201, (call, body, http) => Of<MemberDesk>(http).Transfer(call, body, http.RequestAborted))
            .WithName("transferPoints").WithSummary("Hands points to another member, once approved.").WithMetadata(new AsksFor(Adjust));
        group.MapOptional<RunRequest, RunAnswer>("/runs/{kind}", 201, (call, body, http) => Of<LoyaltyRuns>(http).Run(call, (string)http.Request.RouteValues["kind"]!, body, http.RequestAborted))
            .WithName("runLoyalty").WithSummary("Runs expire, release-pending, tier-review or revenue over all members.").WithMetadata(new AsksFor("customers.loyalty.run"));
    }

    /// <summary>Registers what loyalty needs.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<LoyaltyFunction>();
        services.AddSingleton<Function>(from => from.GetRequiredService<LoyaltyFunction>());
        services.AddSingleton<LoyaltyDesk>();
        services.AddSingleton<ILoyalty>(from => from.GetRequiredService<LoyaltyDesk>());
        services.AddSingleton<MemberDesk>();
        services.AddSingleton<MemberCards>();
        services.AddSingleton<LoyaltyRuns>();
    }

    /// <summary>Points lapse and become usable without anybody asking.</summary>
    public static Job Daily(IServiceProvider services) => new("loyalty", "Release and expire loyalty points that are due", TimeSpan.FromMinutes(10), services.GetRequiredService<LoyaltyRuns>().Daily, StartsAtOnce: false);

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();
}
