using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Reporting.Files;

namespace Plug1.Http.Functions;

/// <summary>What every function answers to reading, made from its description.</summary>
public static class FunctionEndpoints
{
    private static readonly int[] No = [400, 401, 403, 404, 422, 429];

    /// <summary>Maps the reading endpoints of all functions of the catalogue.</summary>
    public static void MapFunctionReads(this RouteGroupBuilder api, FunctionCatalogue catalogue)
    {
        foreach (var function in catalogue.All)
        {
            var group = api.MapGroup($"/{function.Module}/{function.Slug}").WithTags(function.Name).AddEndpointFilter<RouteGroupBuilder, DatesWithinReach>();
            group.MapDocuments(function);
            group.MapAttachments(function);
            group.MapReports(function);
            group.MapAnalytics(function);
        }
    }

    private static void MapDocuments(this RouteGroupBuilder group, Function function)
    {
        group.MapGet("", async (
            HttpRequest request, RequestActor who, Reading reading, ReportFiles files, int? limit, string? after, string? sort, DateOnly? from, DateOnly? to, string? q, bool? total,
            string? fields, string? format, CancellationToken ct) =>
        {
            if (!ExportFile.IsFormat(format)) return Kernel.Reporting.Refusals.ParameterInvalid("format", format!).ToHttp();
            var asked = new ListRequest
            {
                Limit = limit ?? 50,
                After = after,
                Sort = sort ?? Lists.DefaultSort,
                From = from,
                To = to,
                Q = q,
                Total = total ?? false,
                Fields = fields,
                Filters = Parameters.Filters(request, ListRequest.Words),
            };
            if (ExportFile.IsFile(format)) return new ExportFile(new FileOrder(function, format!, List: asked), who, reading, files);
            var viewer = await reading.Viewer(who, ct);
            return (await reading.Read(async db => Telling.Of(await Lists.Page(db, function, asked, viewer, ct), viewer), ct)).ToHttp();
        }).WithName($"list-{function.Code}").WithSummary($"Lists {function.Name.ToLowerInvariant()}; further parameters filter by column or dimension. format csv, xlsx or pdf gives all rows as a file.")
            .Produces<ListAnswer>().Refuses(No);

        group.MapGet("/choices/{kind}", (string kind, RequestActor who, Reading reading, Choices choices, string? q, string? value, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var scope = viewer.Scope($"{function.Code}.view");
            if (scope.IsRefused) return scope.Refusal;
            var found = string.IsNullOrEmpty(value) ? await choices.Find(db, kind, q, scope.Value, viewer, ct)
                : await choices.Name(db, kind, [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(100)], viewer, ct);
            return found.IsRefused ? found.Refusal : (Result<ChoicesAnswer>)new ChoicesAnswer(found.Value);
        })).WithName($"choices-{function.Code}").WithSummary("What a filter may be set to: by words typed, or the names of given values. Kinds: user, shift, category, item, party, terminal, warehouse.")
            .Produces<ChoicesAnswer>().Refuses(No);

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
            var transactions = await LedgerReports.OfDocument(db, id, showCost, ct);
            var subjects = await SubjectNames.For(db, transactions.SelectMany(transaction => transaction.Entries.Select(entry => entry.Subject)), ct);
            return (Result<EntriesAnswer>)Telling.Of(transactions, subjects);
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
            string report, HttpRequest request, RequestActor who, Reading reading, ReportFiles files, string? period, DateOnly? from, DateOnly? to, string? groupBy, string? compare,
            DateOnly? compareFrom, DateOnly? compareTo, bool? subtotals, bool? lines, string? branch, string? format, int? limit, string? after, CancellationToken ct) =>
        {
            if (!ExportFile.IsFormat(format)) return Kernel.Reporting.Refusals.ParameterInvalid("format", format!).ToHttp();
            var asked = new ReportRequest(report)
            {
                Period = period,
                From = from,
                To = to,
                GroupBy = groupBy,
                Compare = compare,
                CompareFrom = compareFrom,
                CompareTo = compareTo,
                Subtotals = subtotals ?? false,
                Lines = lines ?? false,
                Branch = branch,
                After = after,
                Limit = limit ?? 500,
                Filters = Parameters.Filters(request, ReportRequest.Words),
            };
            if (ExportFile.IsFile(format)) return new ExportFile(new FileOrder(function, format!, Report: asked), who, reading, files);
            var viewer = await reading.Viewer(who, ct);
            var result = await reading.Read(db => ReportSet.Run(db, function, asked, viewer, reading.Today(who), ct), ct);
            return result.IsRefused ? result.Refusal.ToHttp() : Results.Ok(Telling.Of(result.Value, viewer.Organisation.Company.Currency.Exponent));
        }).WithName($"report-{function.Code}").WithSummary("Runs a report; further parameters filter by dimension. compare is previous, year or chosen (with compareFrom and compareTo). format csv, xlsx or pdf gives the file.")
            .Produces<ReportResult>().Refuses(No);

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
}
