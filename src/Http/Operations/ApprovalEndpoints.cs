using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Http.Operations;

/// <summary>The document that an approval is about.</summary>
public sealed record ApprovalDocument(Guid Id, string? Number, string Function, string Kind, string Branch, string Total, string Currency);

/// <summary>What waits for a decision, and who may take it.</summary>
public sealed record ApprovalItem(
    Guid Id, ApprovalDocument Document, string Action, string State, string Rule, int Level, int Levels, string Role, string RequestedBy, DateTimeOffset RequestedAt, long AgeMinutes,
    DateTimeOffset? EscalatesAt, string? NextRole, bool MayDecide, long Version);

/// <summary>A page of approvals.</summary>
public sealed record ApprovalsAnswer(IReadOnlyList<ApprovalItem> Items, string? Next);

/// <summary>Delegations in force or to come, the earliest end first.</summary>
public sealed record DelegationsAnswer(IReadOnlyList<Delegation> Items);

/// <summary>The approvals of all functions: what waits, and deciding on it.</summary>
public static class ApprovalEndpoints
{
    private const int MostRows = 200;

    /// <summary>Maps them.</summary>
    public static void MapApprovals(this RouteGroupBuilder api)
    {
        var approvals = api.MapGroup("/approvals").WithTags("Approvals");
        approvals.MapGet("", (RequestActor who, Reading reading, CancellationToken ct, string state = "open", string? function = null, string? after = null, int limit = 50) =>
            reading.For(who, ct).Answer<ApprovalsAnswer>(async (db, viewer) =>
            {
                if (state is not ("open" or "approved" or "rejected" or "withdrawn" or "decided")) return Kernel.Reporting.Refusals.FilterInvalid("state", state);
                if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
                if (!Parameters.TryAfter(after, out var last)) return Kernel.Reporting.Refusals.CursorInvalid();
                var functions = reading.Catalogue.All.Where(known => function is null || known.Code == function).ToList();
                var found = await ApprovalQueue.Read(db, viewer, functions, state, reading.Now, last, limit + 1, ct);
                var page = found.Take(limit).ToList();
                return new ApprovalsAnswer([.. page.Select(waiting => Tell(waiting, viewer, reading.Now))], found.Count > limit ? Parameters.After(page[^1].RequestedAt, page[^1].Id) : null);
            })).WithName("approvals").WithSummary("What waits for approval in the functions that the reader may see, the oldest first; what was decided, the latest first.").Produces<ApprovalsAnswer>().Refuses(400, 401, 403, 422);
        MapDelegations(approvals);
        MapDecision(approvals, Verb.Approve, "Approves; the last level carries the step out.");
        MapDecision(approvals, Verb.Reject, "Rejects, with a reason from the function's list.");
    }

    private static void MapDelegations(RouteGroupBuilder approvals)
    {
        approvals.MapGet("/delegations", async (RequestActor who, Delegations delegations, CancellationToken ct) => Results.Ok(new DelegationsAnswer(await delegations.Standing(who.Actor, ct))))
            .WithName("delegations").WithSummary("Who decides for whom while they are away: one's own and those to oneself.").Produces<DelegationsAnswer>().Refuses(401);
        approvals.MapPost("/delegations", async (NewDelegation body, HttpContext http, RequestActor who, Delegations delegations, CancellationToken ct) =>
            (await delegations.Make(CommandEndpoints.CallerOf(http, who, body), body, ct)).ToHttp(made => Results.Json(made, Plug1Json.Options, statusCode: 201)))
            .WithName("delegate").WithSummary("Has another see and approve in one's place for a time.").Produces<Delegation>(201).Refuses(400, 401, 403, 404, 422);
        approvals.MapPost("/delegations/{id:guid}/revoke", async (Guid id, RequestActor who, Delegations delegations, CancellationToken ct) => (await delegations.Revoke(who.Caller, id, ct)).ToHttp())
            .WithName("revokeDelegation").WithSummary("Takes a delegation back.").Produces<Delegation>().Refuses(401, 403, 404);
    }

    private static void MapDecision(RouteGroupBuilder approvals, string verb, string summary) =>
        approvals.MapOptional<StepRequest, LifecycleOutcome>($"/{{id:guid}}/{verb}", 200, async (call, body, http) =>
        {
            var version = IfMatch.Of(http);
            if (version.Refusal is { } no) return no;
            var (document, function) = await http.RequestServices.GetRequiredService<Database>().Read(db => ApprovalQueue.Find(db, LifecycleEndpoints.IdOf(http), http.RequestAborted), http.RequestAborted);
            if (document == Guid.Empty) return new Refusal("NOT_FOUND", "There is no such approval.", Status: 404);
            return await http.RequestServices.GetRequiredService<LifecycleDesk>().Run(call, function, new LifecycleStep(verb, document, version.Value, body?.Reason, body?.Text), http.RequestAborted);
        }).WithName($"{verb}-approval").WithSummary(summary);

    private static ApprovalItem Tell(WaitingApproval waiting, Kernel.Functions.Viewer viewer, DateTimeOffset now) => new(
        waiting.Id, new ApprovalDocument(waiting.DocumentId, waiting.Number, waiting.Function, waiting.Kind, viewer.BranchCode(waiting.BranchId),
            new Money(waiting.Total, Currencies.TryOf(waiting.Currency, out var currency) ? currency : viewer.Organisation.Company.Currency).ToString(), waiting.Currency),
        waiting.Action, waiting.State, waiting.Rule, waiting.Level, waiting.Levels, waiting.Role, waiting.RequestedBy, waiting.RequestedAt,
        Math.Max(0, (long)(now - waiting.RequestedAt).TotalMinutes), waiting.EscalatesAt, waiting.NextRole, waiting.MayDecide, waiting.Version);
}
