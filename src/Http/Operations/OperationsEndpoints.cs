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
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Operations;

/// <summary>Reading across functions: dashboards, activity, audit, search.</summary>
public static class OperationsEndpoints
{
    private const int MostRows = 200;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    /// <summary>Adds what the reading endpoints of functions and across functions need.</summary>
    public static IServiceCollection AddPlug1Reads(this IServiceCollection services) => services
        .AddSingleton<Reading>().AddSingleton<Choices>().AddSingleton<Rollups>().AddSingleton<AuditSeals>().AddSingleton<JobJournal>()
        .AddSingleton(all => all.GetRequiredService<Rollups>().Beside).AddSingleton(all => all.GetRequiredService<AuditSeals>().EveryMinute)
        .AddSingleton<ApprovalEscalation>().AddSingleton(all => all.GetRequiredService<ApprovalEscalation>().EveryMinute)
        .AddSingleton(WorkOptions.Usual).AddSingleton<WorkDesk>().AddSingleton(WorkRunnerOf)
        .AddSingleton(all => all.GetRequiredService<WorkRunner>().EverySecond).AddSingleton(all => all.GetRequiredService<WorkRunner>().EveryHour)
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
        api.MapHistory();
        api.MapExceptions();
        api.MapApprovals();
        api.MapApprovalRules();
        api.MapTargets();
        api.MapLedgerReads();
        api.MapAuditProofs();
        api.MapJobs();
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
            (Result<SearchAnswer>)new SearchAnswer(await Find(db, reading, viewer, q?.Trim() ?? "", ct))))
            .WithName("search").WithSummary("Documents by the beginning of their number, items and parties by the beginning of their name.").Produces<SearchAnswer>().Refuses(No);
    }

    private static async Task<IReadOnlyList<SearchItem>> Find(Db db, Reading reading, Viewer viewer, string q, CancellationToken ct)
    {
        if (q.Length < 2) return [];
        var documents = new List<Deferred<List<SearchItem>>>();
        var number = Sql.Raw(db.Engine == Engine.Postgres ? "coalesce(d.number, '') collate \"C\"" : "coalesce(d.number, '')");
        var (low, high) = (q.ToUpperInvariant(), q.ToUpperInvariant() + "\uFFFD");
        foreach (var function in reading.Catalogue.All.Where(viewer.Sees))
        {
            var scope = viewer.Scope($"{function.Code}.view").Value;
            var branches = scope.All ? Sql.Raw("") : $" and d.branch_id {Sql.List(scope.Ids)}";
            documents.Add(db.Later($"""
                select d.id, d.number, d.status, d.business_date from document d
                where d.function = {function.Code} and {number} >= {low} and {number} < {high}{branches} order by {number}, d.id limit 5
                """, row => new SearchItem("document", row.Guid(0), row.Text(1), $"{function.Name}, {row.Text(2)}, {row.Date(3):yyyy-MM-dd}", Telling.PageOf(function.Code, row.Guid(0)))));
        }

        // Names are told to whoever may see any function: registers and lists show them too.
        var like = Sql.Raw(db.Engine == Engine.Postgres ? "ilike" : "like");
        var pattern = q.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_") + "%";
        var items = db.Later($"select id, sku, name from item where active and (sku = {low} or name {like} {pattern} escape '\\') order by name limit 5",
            row => new SearchItem("item", row.Guid(0), row.Text(2), row.Text(1), $"/catalogue/items/{row.Guid(0):D}"));
        var parties = db.Later($"select id, number, name from party where state = 'active' and (number = {low} or name {like} {pattern} escape '\\') order by name limit 5",
            row => new SearchItem("party", row.Guid(0), row.Text(2), row.Text(1), $"/parties/{row.Guid(0):D}"));
        await db.Flush(ct);
        var seesAny = documents.Count > 0;
        return [.. documents.SelectMany(found => found.Value).Take(20), .. seesAny ? items.Value : [], .. seesAny ? parties.Value : []];
    }

    private static Result<(int Limit, long? Before)> Page(int? limit, string? after)
    {
        if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
        if (string.IsNullOrEmpty(after)) return (limit ?? 50, (long?)null);
        return long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? (limit ?? 50, before) : Kernel.Reporting.Refusals.CursorInvalid();
    }

    private static AuditItem Tell(AuditEntry entry, Viewer viewer) => new(
        entry.Id, entry.At, entry.User, entry.Roles.Split(',', StringSplitOptions.RemoveEmptyEntries), entry.BranchId is { } branch ? viewer.BranchCode(branch) : null, entry.Device,
        entry.Address, entry.Function, entry.Action, entry.ObjectKind, entry.ObjectId, entry.Outcome, entry.Reason, entry.ReasonText, Telling.Of(Details.Changes(entry.Diff)),
        entry.BeforeHash, entry.AfterHash);
}
