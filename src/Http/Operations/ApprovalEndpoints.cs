using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Commands;
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
    DateTimeOffset? EscalatesAt, string? NextRole, bool MayDecide, bool MaySendBack, long Version, bool Late, IReadOnlyList<ApprovalPathStep> Path);

/// <summary>Decides on several requests, each by itself.</summary>
/// <param name="Decision">approve, reject or send-back.</param>
/// <param name="Items">The requests, 100 at most.</param>
/// <param name="Reason">Reason code, needed to reject.</param>
/// <param name="Text">Free text beside it, needed to send back.</param>
public sealed record DecideManyRequest(string Decision, IReadOnlyList<DecideOne> Items, string? Reason = null, string? Text = null);

/// <summary>One of several requests.</summary>
/// <param name="Id">The request.</param>
/// <param name="Version">The version of the document that was seen.</param>
public sealed record DecideOne(Guid Id, long? Version = null);

/// <summary>What became of one: where its document stands, or why it was refused.</summary>
public sealed record DecidedOne(Guid Id, bool Done, LifecycleOutcome? Outcome = null, string? Code = null, string? Detail = null);

/// <summary>What became of each.</summary>
public sealed record DecideManyAnswer(int Done, int Refused, IReadOnlyList<DecidedOne> Items);

/// <summary>A page of approvals.</summary>
public sealed record ApprovalsAnswer(IReadOnlyList<ApprovalItem> Items, string? Next);

/// <summary>Delegations in force or to come, the earliest end first.</summary>
public sealed record DelegationsAnswer(IReadOnlyList<Delegation> Items);

/// <summary>The approvals of all functions: what waits, and deciding on it.</summary>
public static class ApprovalEndpoints
{
    private const int MostRows = 200, MostAtOnce = 100;

    /// <summary>Maps them.</summary>
    public static void MapApprovals(this RouteGroupBuilder api)
    {
        var approvals = api.MapGroup("/approvals").WithTags("Approvals");
        approvals.MapGet("", (RequestActor who, Reading reading, CancellationToken ct, string state = "open", string? function = null, string? branch = null, bool late = false, string order = "age", string? after = null, int limit = 50) =>
            reading.For(who, ct).Answer<ApprovalsAnswer>(async (db, viewer) =>
            {
                if (state is not ("open" or "approved" or "rejected" or "withdrawn" or "decided")) return Kernel.Reporting.Refusals.FilterInvalid("state", state);
                if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
                if (order is not ("age" or "amount")) return Kernel.Reporting.Refusals.FilterInvalid("order", order);
                var at = branch is null ? null : viewer.Organisation.FindBranch(branch);
                if (branch is not null && at is null) return Kernel.Reporting.Refusals.FilterInvalid("branch", branch);
                if (!TryMark(after, out var last)) return Kernel.Reporting.Refusals.CursorInvalid();
                var functions = reading.Catalogue.All.Where(known => function is null || known.Code == function).ToList();
                var found = await ApprovalQueue.Read(db, viewer, functions, new ApprovalAsk(state, at?.Id, late, order == "amount", last, limit + 1), reading.Now, ct);
                var page = found.Take(limit).ToList();
                return new ApprovalsAnswer([.. page.Select(waiting => Tell(waiting, viewer, reading.Now))], found.Count > limit ? MarkOf(page[^1]) : null);
            })).WithName("approvals").WithSummary("What waits for approval in the functions that the reader may see, the oldest first; what was decided, the latest first.").Produces<ApprovalsAnswer>().Refuses(400, 401, 403, 422);
        MapDelegations(approvals);
        MapDecision(approvals, Verb.Approve, "Approves; the last level carries the step out.");
        MapDecision(approvals, Verb.Reject, "Rejects, with a reason from the function's list.");
        MapDecision(approvals, Verb.SendBack, "Gives it back to its maker to be changed, and says what.");
        approvals.MapCommand<DecideManyRequest, DecideManyAnswer>("/decide", 200, DecideMany).WithName("decideApprovals")
            .WithSummary("Decides on several requests, each by itself: one that is refused does not hold up the others.");
    }

    /// <summary>Each is a command of its own with a key of its own, so that the whole may be sent again.</summary>
    private static async Task<Result<Answer>> DecideMany(CommandCall call, DecideManyRequest body, HttpContext http)
    {
        if (body.Decision is not (Verb.Approve or Verb.Reject or Verb.SendBack)) return Kernel.MasterData.MasterRefusals.ChoiceInvalid("/decision", [Verb.Approve, Verb.Reject, Verb.SendBack]);
        if (body.Items.Count is 0 or > MostAtOnce) return Kernel.Reporting.Refusals.ItemsCount(MostAtOnce, "requests", "/items");
        var (lifecycle, ct) = (http.RequestServices.GetRequiredService<LifecycleDesk>(), http.RequestAborted);
        var items = body.Items.DistinctBy(item => item.Id).ToList();
        var found = await http.RequestServices.GetRequiredService<Database>().Read(db => ApprovalQueue.Find(db, [.. items.Select(item => item.Id)], ct), ct);
        var answers = new List<DecidedOne>();
        foreach (var item in items)
        {
            if (!found.TryGetValue(item.Id, out var about))
            {
                answers.Add(new DecidedOne(item.Id, false, Code: Unknown.Code, Detail: Unknown.Message));
                continue;
            }

            var own = call with { IdempotencyKey = call.IdempotencyKey is { } key ? $"{key}:{item.Id:N}" : null };
            var decided = await lifecycle.Run(own, about.Function, new LifecycleStep(body.Decision, about.Document, item.Version, body.Reason, body.Text), ct);
            answers.Add(decided.Refusal is { } no ? new DecidedOne(item.Id, false, Code: no.Code, Detail: no.Message)
                : new DecidedOne(item.Id, true, JsonSerializer.Deserialize<LifecycleOutcome>(decided.Value.Json, Plug1Json.Options)));
        }

        var done = answers.Count(answer => answer.Done);
        return new Answer(200, JsonSerializer.Serialize(new DecideManyAnswer(done, answers.Count - done, answers), Plug1Json.Options));
    }

    private static Refusal Unknown { get; } = new("NOT_FOUND", "There is no such approval.", Status: 404);

    private static string MarkOf(WaitingApproval last) => $"{Parameters.After(last.RequestedAt, last.Id)}.{Math.Abs(last.Total).ToString(CultureInfo.InvariantCulture)}";

    private static bool TryMark(string? text, out ApprovalMark? mark)
    {
        mark = null;
        if (string.IsNullOrEmpty(text)) return true;
        var cut = text.LastIndexOf('.');
        if (cut < 0 || !long.TryParse(text[(cut + 1)..], CultureInfo.InvariantCulture, out var amount) || !Parameters.TryAfter(text[..cut], out var last) || last is not { } at) return false;
        mark = new ApprovalMark(at.At, amount, at.Id);
        return true;
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
            var id = LifecycleEndpoints.IdOf(http);
            var found = await http.RequestServices.GetRequiredService<Database>().Read(db => ApprovalQueue.Find(db, [id], http.RequestAborted), http.RequestAborted);
            if (!found.TryGetValue(id, out var about)) return Unknown;
            return await http.RequestServices.GetRequiredService<LifecycleDesk>().Run(call, about.Function, new LifecycleStep(verb, about.Document, version.Value, body?.Reason, body?.Text), http.RequestAborted);
        }).WithName($"{verb}-approval").WithSummary(summary);

    internal static ApprovalItem Tell(WaitingApproval waiting, Kernel.Functions.Viewer viewer, DateTimeOffset now) => new(
        waiting.Id, new ApprovalDocument(waiting.DocumentId, waiting.Number, waiting.Function, waiting.Kind, viewer.BranchCode(waiting.BranchId),
            new Money(waiting.Total, Currencies.TryOf(waiting.Currency, out var currency) ? currency : viewer.Organisation.Company.Currency).ToString(), waiting.Currency),
        waiting.Action, waiting.State, waiting.Rule, waiting.Level, waiting.Levels, waiting.Role, waiting.RequestedBy, waiting.RequestedAt,
        Math.Max(0, (long)(now - waiting.RequestedAt).TotalMinutes), waiting.EscalatesAt, waiting.NextRole, waiting.MayDecide, waiting.MaySendBack, waiting.Version,
        waiting.Late, waiting.Path);
}
