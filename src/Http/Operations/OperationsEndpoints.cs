using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Audit.Verification;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Reporting.Files;
using Plug1.Kernel.Reporting.Schedules;
using Plug1.Kernel.Search;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Operations;

/// <summary>Reading across functions: dashboards, activity, audit, search.</summary>
public static class OperationsEndpoints
{
    private const int MostRows = 200, LongestQuestion = 200;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    /// <summary>Adds what the reading endpoints of functions and across functions need.</summary>
    public static IServiceCollection AddPlug1Reads(this IServiceCollection services) => services
        .AddSingleton<Reading>().AddSingleton<Choices>().AddSingleton<ReportFiles>().AddSingleton<Rollups>().AddSingleton<AuditSeals>().AddSingleton<JobJournal>()
        .AddSingleton(all => all.GetRequiredService<Rollups>().Beside).AddSingleton(all => all.GetRequiredService<AuditSeals>().EveryMinute)
        .AddSingleton<AuditVerifier>().AddSingleton(all => all.GetRequiredService<AuditVerifier>().EveryHour).AddSingleton<WorkHandler, VerifyAuditWork>()
        .AddSingleton<ApprovalEscalation>().AddSingleton(all => all.GetRequiredService<ApprovalEscalation>().EveryMinute)
        .AddSingleton(WorkOptions.Usual).AddSingleton<WorkDesk>().AddSingleton(WorkRunnerOf)
        .AddSingleton(all => all.GetRequiredService<WorkRunner>().EverySecond).AddSingleton(all => all.GetRequiredService<WorkRunner>().EveryHour)
        .AddSingleton<ScheduleRunner>().AddSingleton(all => all.GetRequiredService<ScheduleRunner>().EveryHalfMinute)
        .AddSingleton<JobHost>().AddHostedService(all => all.GetRequiredService<JobHost>());

    private static WorkRunner WorkRunnerOf(IServiceProvider all) => new(
        all.GetRequiredService<Database>(), all.GetRequiredService<CommandRunner>(), all.GetServices<WorkHandler>(), all.GetRequiredService<Actors>().ByUser,
        all.GetRequiredService<WorkOptions>(), all.GetRequiredService<ILogger<WorkRunner>>());

    /// <summary>Maps all of them, with those of exceptions, targets and the ledger and the description of the functions.</summary>
    public static void MapOperations(this RouteGroupBuilder api)
    {
        api = api.MapGroup("").AddEndpointFilter<RouteGroupBuilder, DatesWithinReach>();
        api.MapMeta();
        api.MapDashboards();
        api.MapCentre();
        api.MapHistory();
        api.MapExceptions();
        api.MapExceptionRules();
        api.MapApprovals();
        api.MapApprovalRules();
        api.MapTargets();
        api.MapLedgerReads();
        api.MapAuditProofs();
        api.MapJobs();
        api.MapViews();
        api.MapAllReports();
        api.MapFunctionSwitches();
        api.MapNotices();
        api.MapWork();
        api.MapImports();
    }

    private static void MapDashboards(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("Operations");
        group.MapGet("/operations/dashboard/summary", (HttpRequest request, RequestActor who, Reading reading, DateOnly? from, DateOnly? to, string? branch, CancellationToken ct) =>
            Dashboard(request, who, reading, from, to, branch, reading.Catalogue.All, (answer, viewer, asked) => Telling.Of(answer, viewer, asked, asked.Filters), ct))
            .WithName("operationsSummary").WithSummary("The dashboard of the whole.").Produces<DashboardResult>().Refuses(No);

        group.MapGet("/operations/dashboard/alerts", (HttpRequest request, RequestActor who, Reading reading, DateOnly? from, DateOnly? to, string? branch, CancellationToken ct) =>
            Dashboard(request, who, reading, from, to, branch, reading.Catalogue.All, (answer, viewer, asked) =>
            {
                var told = Telling.Of(answer, viewer, asked, asked.Filters);
                return new AlertsAnswer(told.Exceptions, told.Queue);
            }, ct)).WithName("operationsAlerts").WithSummary("What waits and what rules raised.").Produces<AlertsAnswer>().Refuses(No);

        group.MapGet("/operations/dashboard/trends", (HttpRequest request, RequestActor who, Reading reading, DateOnly? from, DateOnly? to, string? branch, CancellationToken ct) =>
            Dashboard(request, who, reading, from, to, branch, reading.Catalogue.All, (answer, viewer, _) =>
            {
                var exponent = viewer.Organisation.Company.Currency.Exponent;
                return new TrendsAnswer(new RangeAnswer(answer.From, answer.To), [.. answer.Kpis.Select(kpi => new TrendSeries(kpi.Key, kpi.Label, kpi.Type,
                    [.. kpi.Spark.Select((value, at) => new DatedValue(kpi.SparkDays[at], Shown.Of(value ?? 0, kpi.Type, exponent)))]))]);
            }, ct)).WithName("operationsTrends").WithSummary("The main figures over time.").Produces<TrendsAnswer>().Refuses(No);

        group.MapGet("/modules/{module}/dashboard", async (string module, HttpRequest request, RequestActor who, Reading reading, DateOnly? from, DateOnly? to, string? branch, CancellationToken ct) =>
        {
            var functions = reading.Catalogue.All.Where(function => function.Module == module).ToList();
            if (functions.Count == 0) return Kernel.Reporting.Refusals.NotFound("module").ToHttp();
            if (functions.All(function => who.Actor.IsOff(function.Code))) return FunctionRefusals.Off(functions[0].Code).ToHttp();
            return await Dashboard(request, who, reading, from, to, branch, functions, (answer, viewer, asked) => Telling.Of(answer, viewer, asked, asked.Filters), ct);
        }).WithName("moduleDashboard").WithSummary("The dashboard of a module.").Produces<DashboardResult>().Refuses(No);
    }

    private static Task<IResult> Dashboard<T>(
        HttpRequest request, RequestActor who, Reading reading, DateOnly? from, DateOnly? to, string? branch, IReadOnlyList<Function> functions,
        Func<DashboardAnswer, Viewer, DashboardRequest, T> tell, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var asked = FunctionEndpoints.DashboardOf(request, reading.Today(who), from, to, branch);
            var answer = await Dashboards.OfMany(db, functions, asked, viewer, reading.Now, ct);
            return answer.IsRefused ? answer.Refusal : Result.Of(tell(answer.Value, viewer, asked));
        });

    private static void MapHistory(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("Operations");
        group.MapGet("/activity", (RequestActor who, Reading reading, int? limit, string? after, string? function, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var page = Page(limit, after);
            if (page.IsRefused) return page.Refusal;
            var functions = reading.Catalogue.All.Where(one => function is null || one.Code == function).ToList();
            var entries = await Activity.Recent(db, functions, viewer, page.Value.Limit + 1, page.Value.Before, ct);
            var items = entries.Take(page.Value.Limit).Select(entry => Telling.Of(entry, viewer)).ToList();
            return (Result<ActivityAnswer>)new ActivityAnswer(items, entries.Count > items.Count ? items[^1].Id : null);
        })).WithName("activity").WithSummary("What happened, latest first.").Produces<ActivityAnswer>().Refuses(No);

        group.MapGet("/audit", (RequestActor who, Reading reading, Guid? @object, Guid? user, string? function, DateTimeOffset? from, DateTimeOffset? to, int? limit, string? after, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var scope = viewer.Scope("kernel.audit.view");
                if (scope.IsRefused) return scope.Refusal;
                var page = Page(limit, after);
                if (page.IsRefused) return page.Refusal;
                var entries = await Activity.Trail(db, scope.Value, @object, user, function, from, to, page.Value.Limit + 1, page.Value.Before, ct);
                var told = entries.Take(page.Value.Limit).ToList();
                return (Result<AuditAnswer>)new AuditAnswer([.. told.Select(entry => Tell(entry, viewer))], entries.Count > told.Count ? told[^1].Seq.ToString(CultureInfo.InvariantCulture) : null);
            })).WithName("audit").WithSummary("The audit trail, latest first; needs kernel.audit.view.").Produces<AuditAnswer>().Refuses(No);

        group.MapGet("/search", (RequestActor who, Reading reading, string? q, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
            q is { Length: > LongestQuestion } ? new Refusal("TEXT_TOO_LONG", $"A question has {LongestQuestion} characters at most.", "/q", 400)
                : (Result<SearchAnswer>)new SearchAnswer([.. (await Finder.Find(db, reading.Catalogue, viewer, q ?? "", ct)).Select(hit => Tell(hit, reading))])))
            .WithName("search").WithSummary("Documents by the beginning of their number or by words written on them, items and parties by words of their names.").Produces<SearchAnswer>().Refuses(No);
    }

    private static Result<(int Limit, long? Before)> Page(int? limit, string? after)
    {
        if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
        if (string.IsNullOrEmpty(after)) return (limit ?? 50, (long?)null);
        return long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? (limit ?? 50, before) : Kernel.Reporting.Refusals.CursorInvalid();
    }

    private static SearchItem Tell(Hit hit, Reading reading) => hit.Kind switch
    {
        "document" => new SearchItem(hit.Kind, hit.Id, hit.Title.Length > 0 ? hit.Title : hit.DocumentKind,
            $"{reading.Catalogue.Of(hit.Function).Name}, {hit.Status}, {hit.Date:yyyy-MM-dd}{(hit.Detail.Length > 0 ? $": {hit.Detail}" : "")}", Telling.PageOf(hit.Function, hit.Id)),
        "item" => new SearchItem(hit.Kind, hit.Id, hit.Title, hit.Detail, $"/catalogue/items/{hit.Id:D}"),
        _ => new SearchItem(hit.Kind, hit.Id, hit.Title, hit.Detail, $"/parties/{hit.Id:D}"),
    };

    private static AuditItem Tell(AuditEntry entry, Viewer viewer) => new(
        entry.Id, entry.At, entry.User, entry.Roles.Split(',', StringSplitOptions.RemoveEmptyEntries), entry.BranchId is { } branch ? viewer.BranchCode(branch) : null, entry.Device,
        entry.Address, entry.Function, entry.Action, entry.ObjectKind, entry.ObjectId, entry.Outcome, entry.Reason, entry.ReasonText, Telling.Of(Details.Changes(entry.Diff)),
        entry.BeforeHash, entry.AfterHash);
}
