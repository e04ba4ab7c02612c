using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Reporting.Exports;

namespace Plug1.Http.Functions;

/// <summary>What every function answers to reading, made from its description.</summary>
public static class FunctionEndpoints
{
    private static readonly int[] No = [400, 401, 403, 404, 422];

    /// <summary>Maps the reading endpoints of all functions of the catalogue.</summary>
    public static void MapFunctionReads(this RouteGroupBuilder api, FunctionCatalogue catalogue)
    {
        foreach (var function in catalogue.All)
        {
            var group = api.MapGroup($"/{function.Module}/{function.Slug}").WithTags(function.Name).AddEndpointFilter<RouteGroupBuilder, DatesWithinReach>();
            group.MapDocuments(function);
            group.MapReports(function);
            group.MapAnalytics(function);
        }
    }

    private static void MapDocuments(this RouteGroupBuilder group, Function function)
    {
        group.MapGet("", (HttpRequest request, RequestActor who, Reading reading, int? limit, string? after, string? sort, DateOnly? from, DateOnly? to, string? q, bool? total, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var list = new ListRequest
                {
                    Limit = limit ?? 50,
                    After = after,
                    Sort = sort ?? Lists.DefaultSort,
                    From = from,
                    To = to,
                    Q = q,
                    Total = total ?? false,
                    Filters = Parameters.Filters(request, "limit", "after", "sort", "from", "to", "q", "total", "fields"),
                };
                var page = await Lists.Page(db, function, list, viewer, ct);
                return page.IsRefused ? page.Refusal : (Result<ListAnswer>)Telling.Of(page.Value, viewer);
            })).WithName($"list-{function.Code}").WithSummary($"Lists {function.Name.ToLowerInvariant()}; further parameters filter by column.").Produces<ListAnswer>().Refuses(No);

        group.MapGet("/{id:guid}", (Guid id, RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var detail = await Details.Read(db, function, id, viewer, ct);
            return detail.IsRefused ? detail.Refusal : (Result<DocumentAnswer>)Telling.Of(detail.Value, viewer);
        })).WithName($"detail-{function.Code}").WithSummary("A document with all that its page shows.").Produces<DocumentAnswer>().Refuses(No);

        group.MapGet("/{id:guid}/timeline", (Guid id, RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var header = await Details.Header(db, function, id, viewer, ct);
            return header.IsRefused ? header.Refusal : (Result<TimelineAnswer>)Telling.Of(await Details.Timeline(db, id, ct));
        })).WithName($"timeline-{function.Code}").WithSummary("The steps of a document's life, oldest first.").Produces<TimelineAnswer>().Refuses(No);

        group.MapGet("/{id:guid}/entries", (Guid id, RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var header = await Details.Header(db, function, id, viewer, ct);
            if (header.IsRefused) return header.Refusal;
            var showCost = !function.Actions.Any(action => action.Action == "view-cost") || viewer.Actor.May($"{function.Code}.view-cost", header.Value.BranchId);
            return (Result<EntriesAnswer>)Telling.Of(await LedgerReports.OfDocument(db, id, showCost, ct));
        })).WithName($"entries-{function.Code}").WithSummary("What a document wrote to the ledger.").Produces<EntriesAnswer>().Refuses(No);

        group.MapGet("/{id:guid}/related", (Guid id, RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var header = await Details.Header(db, function, id, viewer, ct);
            return header.IsRefused
                ? header.Refusal
                : (Result<RelatedAnswer>)Telling.Of(await Details.Related(db, reading.Catalogue, header.Value, viewer, ct), viewer.Organisation.Company.Currency);
        })).WithName($"related-{function.Code}").WithSummary("What a document came from, and what came from it.").Produces<RelatedAnswer>().Refuses(No);
    }

    private static void MapReports(this RouteGroupBuilder group, Function function)
    {
        group.MapGet("/reports", (RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer((_, viewer) =>
        {
            var scope = viewer.Scope($"{function.Code}.view");
            return Task.FromResult(scope.IsRefused ? scope.Refusal : (Result<ReportsAnswer>)new ReportsAnswer(
                [.. ReportSet.Of(function, action => viewer.MayAtAll($"{function.Code}.{action}", scope.Value))
                    .Select(report => new ReportItem(report.Code, report.Name, report.Named, report.Bucket, report.GroupBy))]));
        })).WithName($"reports-{function.Code}").WithSummary("The reports that may be run.").Produces<ReportsAnswer>().Refuses(No);

        group.MapGet("/reports/{report}", async (
            string report, HttpRequest request, RequestActor who, Reading reading, string? period, DateOnly? from, DateOnly? to, string? groupBy, string? compare, string? branch,
            string? format, int? limit, string? after, CancellationToken ct) =>
        {
            var file = format is not (null or "" or "json");
            if (file && format is not ("csv" or "xlsx" or "pdf")) return Kernel.Reporting.Refusals.ParameterInvalid("format", format!).ToHttp();
            if (file && function.Actions.Any(action => action.Action == "export") && !who.Actor.MayAnywhere($"{function.Code}.export"))
                return CommandRunner.Denied($"{function.Code}.export").ToHttp();
            var asked = new ReportRequest(report)
            {
                Period = period,
                From = from,
                To = to,
                GroupBy = groupBy,
                Compare = compare,
                Branch = branch,
                After = file ? null : after,
                Limit = file ? FactQuery.MostRows : limit is < 1 or > ReportSet.MostRows ? 0 : limit ?? 500,
                Filters = Parameters.Filters(request, "period", "from", "to", "groupBy", "compare", "branch", "format", "limit", "after"),
            };
            var viewer = await reading.Viewer(who, ct);
            var result = await reading.Read(db => ReportSet.Run(db, function, asked, viewer, reading.Today(who), ct), ct);
            if (result.IsRefused) return result.Refusal.ToHttp();
            var company = viewer.Organisation.Company;
            return file ? new ReportFile(result.Value, format!, company, Sentences(asked), reading.Now) : Results.Ok(Telling.Of(result.Value, company.Currency.Exponent));
        }).WithName($"report-{function.Code}").WithSummary("Runs a report; further parameters filter by dimension. format csv, xlsx or pdf gives the file.").Produces<ReportResult>().Refuses(No);

        group.MapGet("/dashboard", (HttpRequest request, RequestActor who, Reading reading, DateOnly? from, DateOnly? to, string? branch, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var asked = DashboardOf(request, reading.Today(who), from, to, branch);
                var answer = await Dashboards.OfFunction(db, function, asked, viewer, reading.Now, ct);
                return answer.IsRefused ? answer.Refusal : (Result<DashboardResult>)Telling.Of(answer.Value, viewer, asked, asked.Filters);
            })).WithName($"dashboard-{function.Code}").WithSummary("Figures, what waits, exceptions and what happened lately.").Produces<DashboardResult>().Refuses(No);
    }

    /// <summary>What a dashboard was asked: this month so far when nothing else was said.</summary>
    internal static DashboardRequest DashboardOf(HttpRequest request, DateOnly today, DateOnly? from, DateOnly? to, string? branch)
    {
        var last = to ?? today;
        return new DashboardRequest(from ?? new DateOnly(last.Year, last.Month, 1), last, branch, Parameters.Filters(request, "from", "to", "branch"));
    }

    private static string[] Sentences(ReportRequest request) =>
    [
        .. string.IsNullOrEmpty(request.Branch) ? Array.Empty<string>() : [$"branch: {request.Branch}"],
        .. request.Filters.Select(filter => $"{filter.Key}: {filter.Value}"),
    ];
}

/// <summary>A report as a file, written while it is sent.</summary>
internal sealed class ReportFile(ReportAnswer answer, string format, Kernel.Organisation.Company company, IReadOnlyList<string> filters, DateTimeOffset now) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (format == "pdf" && answer.Rows.Count > PdfExport.MaxRows)
        {
            await Kernel.Reporting.Refusals.ReportTooLarge(PdfExport.MaxRows).ToHttp().ExecuteAsync(httpContext);
            return;
        }

        var table = ReportExport.ToTable(answer, company.Name, company.Currency, filters, now);
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = format switch { "csv" => CsvExport.MediaType, "xlsx" => XlsxExport.MediaType, _ => PdfExport.MediaType };
        response.Headers.ContentDisposition = $"attachment; filename=\"{answer.Report}-{Telling.Day(answer.From)}-{Telling.Day(answer.To)}.{format}\"";
        switch (format)
        {
            case "csv": await CsvExport.Write(table, response.Body, null, ct); break;
            case "xlsx": await XlsxExport.Write(table, response.Body, ct); break;
            default: await PdfExport.Write(table, response.Body, ct); break;
        }
    }
}
