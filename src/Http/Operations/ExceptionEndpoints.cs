using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Reporting;

namespace Plug1.Http.Operations;

/// <summary>What rules raised: listed, read with its history, acknowledged, assigned, put off, resolved.</summary>
internal static class ExceptionEndpoints
{
    private const int MostRows = 200;
    private static readonly int[] No = [400, 401, 403, 404, 422];
    private static readonly string[] States = ["open", "acknowledged", "snoozed", "resolved", "all"];
    private static readonly string[] Verbs = ["acknowledge", "assign", "snooze", "resolve"];

    public static void MapExceptions(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/exceptions").WithTags("Exceptions");
        group.MapGet("", (RequestActor who, Reading reading, string? function, string? state, string? severity, string? rule, string? branch, string? owner, string? role, int? olderThanMinutes,
            int? limit, string? after, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
            {
                if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
                if (state is not null && !States.Contains(state)) return Kernel.Reporting.Refusals.FilterInvalid("state", state);
                if (severity is not null && !ExceptionDeclaration.Severities.Contains(severity)) return Kernel.Reporting.Refusals.FilterInvalid("severity", severity);
                if (olderThanMinutes is < 0 or > 5_256_000) return Kernel.Reporting.Refusals.FilterInvalid("olderThanMinutes", $"{olderThanMinutes}");
                if (!TryOwner(owner, who, out var person)) return Kernel.Reporting.Refusals.FilterInvalid("owner", owner!);
                if (!Parameters.TryAfter(after, out var last)) return Kernel.Reporting.Refusals.CursorInvalid();
                var scopes = Scopes(reading, viewer, function, branch);
                if (scopes.IsRefused) return scopes.Refusal;
                var count = limit ?? 50;
                var filter = new ExceptionFilter(state, severity, rule, person, role, olderThanMinutes is { } minutes ? reading.Now.AddMinutes(-minutes) : null);
                var entries = await RaisedExceptions.Page(db, scopes.Value, filter, reading.Now, count + 1, last, ct);
                var told = entries.Take(count).ToList();
                return (Result<ExceptionsAnswer>)new ExceptionsAnswer([.. told.Select(entry => Telling.Of(entry, viewer))],
                    entries.Count > count ? Parameters.After(told[^1].RaisedAt, told[^1].Id) : null);
            })).WithName("exceptions").WithSummary("What rules raised, latest first; without a state what is open or acknowledged and not put off. Owner is an id, 'me' or 'none'.")
            .Produces<ExceptionsAnswer>().Refuses(No);

        group.MapGet("/{id:guid}", (Guid id, RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            if (await RaisedExceptions.Find(db, id, viewer, reading.Now, ct) is not { } entry) return Kernel.Reporting.Refusals.NotFound("exception");
            var history = await RaisedExceptions.History(db, id, ct);
            var name = reading.Catalogue.Find(entry.Function)?.Exceptions.FirstOrDefault(rule => rule.Code == entry.Rule)?.Name ?? entry.Rule;
            return (Result<ExceptionDetail>)new ExceptionDetail(Telling.Of(entry, viewer), name, [.. history.Select(step => new ExceptionHistoryItem(
                step.At, step.User, step.Step, step.Text, step.DocumentId is { } document && step.Number is not null ? new DocumentLink(document, step.Number, entry.Function) : null,
                step.Reason, step.FromRole, step.ToRole, step.Person, step.Until))]);
        })).WithName("exception").WithSummary("One exception with its history.").Produces<ExceptionDetail>().Refuses(No);

        group.MapGet("/people", (RequestActor who, Reading reading, string? q, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var scope = viewer.Scope(ExceptionDesk.Permission);
            if (scope.IsRefused) return scope.Refusal;
            var people = await ExceptionPeopleQuery.Read(db, scope.Value, q, ct);
            return (Result<ExceptionPeople>)new ExceptionPeople([.. people.Select(person => new ExceptionPerson(person.Id, person.Name, person.UserName))]);
        })).WithName("exceptionPeople").WithSummary("People who may look after exceptions at the branches where the reader may.").Produces<ExceptionPeople>().Refuses(No);

        group.MapOptional<ExceptionStep, ExceptionItem>("/{id:guid}/acknowledge", 200, (call, body, http) => One(call, http, new ExceptionMove("acknowledge", body?.Reason, body?.Text)))
            .WithName("acknowledgeException").WithSummary("Says that somebody looks after it.");
        group.MapOptional<ExceptionStep, ExceptionItem>("/{id:guid}/resolve", 200, (call, body, http) => One(call, http, new ExceptionMove("resolve", body?.Reason, body?.Text)))
            .WithName("resolveException").WithSummary("Says what became of it; needs a reason of the list 'exception' of its function.");
        group.MapCommand<ExceptionSnooze, ExceptionItem>("/{id:guid}/snooze", 200, (call, body, http) => One(call, http, new ExceptionMove("snooze", null, body.Text, body.Until)))
            .WithName("snoozeException").WithSummary("Puts it off until an instant, at most 90 days; it is back by itself.");
        group.MapCommand<ExceptionAssign, ExceptionItem>("/{id:guid}/assign", 200, (call, body, http) => One(call, http, new ExceptionMove("assign", null, body.Text, null, body.Owner)))
            .WithName("assignException").WithSummary("Gives it to somebody, oneself included, or to nobody.");
        group.MapCommand<ExceptionBulk, ExceptionOutcomes>("/bulk", 200, Bulk)
            .WithName("handleExceptions").WithSummary("One step with several exceptions; says of each what became of it.");
    }

    private static async Task<Result<Answer>> One(CommandCall call, HttpContext http, ExceptionMove move)
    {
        var (reading, ct) = (http.RequestServices.GetRequiredService<Reading>(), http.RequestAborted);
        var (runner, desk) = (http.RequestServices.GetRequiredService<CommandRunner>(), http.RequestServices.GetRequiredService<ExceptionDesk>());
        var version = IfMatch.Of(http);
        if (version.IsRefused) return version.Refusal;
        var viewer = await reading.Viewer(RequestActor.Of(http)!, ct);
        var id = LifecycleEndpoints.IdOf(http);
        // It is settled at the branch where it was raised, wherever the reader works now. Who may nowhere is refused before they hear whether it is there.
        var branch = call.BranchId;
        if (viewer.Actor.MayAnywhere(ExceptionDesk.Permission))
        {
            if (await reading.Read(db => RaisedExceptions.Find(db, id, viewer, reading.Now, ct), ct) is not { } entry) return Kernel.Reporting.Refusals.NotFound("exception");
            branch = entry.BranchId;
        }

        return await runner.Run(call with { BranchId = branch }, "kernel.exceptions", "resolve", 200, async (tx, stamp) =>
        {
            var taken = await desk.Take(tx, [(id, version.Value)], move, stamp, ct);
            if (taken.IsRefused) return taken.Refusal;
            if (taken.Value[0].Refusal is { } no) return no;
            return (Result<ExceptionItem>)Telling.Of((await RaisedExceptions.Of(tx, [id], stamp.At, ct))[0], viewer);
        }, ct);
    }

    private static async Task<Result<Answer>> Bulk(CommandCall call, ExceptionBulk body, HttpContext http)
    {
        var (reading, ct) = (http.RequestServices.GetRequiredService<Reading>(), http.RequestAborted);
        var (runner, desk) = (http.RequestServices.GetRequiredService<CommandRunner>(), http.RequestServices.GetRequiredService<ExceptionDesk>());
        var viewer = await reading.Viewer(RequestActor.Of(http)!, ct);
        // Each item is asked about at its own branch; the call as a whole is one of any branch where the permission is held.
        var branch = viewer.Actor.May(ExceptionDesk.Permission, call.BranchId) ? call.BranchId
            : viewer.Organisation.Branches.FirstOrDefault(one => viewer.Actor.May(ExceptionDesk.Permission, one.Id))?.Id ?? call.BranchId;
        return await runner.Run(call with { BranchId = branch }, "kernel.exceptions", "resolve", 200, async (tx, stamp) =>
        {
            if (!Verbs.Contains(body.Step)) return MasterRefusals.ChoiceInvalid("/step", Verbs);
            if (body.Items.Count is 0 or > ExceptionDesk.MostAtOnce)
                return Kernel.Reporting.Refusals.ItemsCount(ExceptionDesk.MostAtOnce, "exceptions", "/items");
            var taken = await desk.Take(tx, [.. body.Items.Select(item => (item.Id, (long?)item.Version))], new ExceptionMove(body.Step, body.Reason, body.Text, body.Until, body.Owner), stamp, ct);
            if (taken.IsRefused) return taken.Refusal;
            var after = (await RaisedExceptions.Of(tx, taken.Value.Where(one => one.Refusal is null).Select(one => one.Id), stamp.At, ct)).ToDictionary(entry => entry.Id);
            return (Result<ExceptionOutcomes>)new ExceptionOutcomes([.. taken.Value.Select(one => new ExceptionOutcome(
                one.Id, one.Refusal is null, one.Refusal?.Code, one.Refusal?.Message, one.Refusal is null ? Telling.Of(after[one.Id], viewer) : null))]);
        }, ct);
    }

    private static bool TryOwner(string? text, RequestActor who, out Guid? owner)
    {
        owner = text switch { null or "" => null, "me" => who.Actor.UserId, "none" => Guid.Empty, _ => Guid.TryParse(text, out var id) ? id : null };
        return owner is not null || string.IsNullOrEmpty(text);
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
