using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Analytics;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Operations;

/// <summary>The parts of the operations dashboard beside its figures, and the analytics hub.</summary>
internal static class CentreEndpoints
{
    private const string Books = "kernel.ledger.view", Trail = "kernel.audit.view", Jobs = "kernel.jobs.view";
    private static readonly int[] No = [400, 401, 403, 422];

    public static void MapCentre(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/operations/dashboard").WithTags("Operations");
        group.MapGet("/status", (RequestActor who, Reading reading, JobHost host, string? branch, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var sessions = await StandingNow.Sessions(db, reading.Catalogue.All, viewer, branch, ct);
            if (sessions.IsRefused) return sessions.Refusal;
            return (Result<StatusAnswer>)new StatusAnswer(reading.Now, reading.Today(who),
                [.. sessions.Value.Select(open => new OpenSessionItem(open.Function.Code, open.Kind, viewer.BranchCode(open.BranchId), open.Count, open.Since))],
                viewer.Actor.MayAnywhere(Books) ? await PeriodOf(db, reading.Today(who), ct) : null,
                viewer.Scope(Trail) is { IsRefused: false, Value.All: true } ? await AuditEndpoints.State(db, ct) : null,
                viewer.Actor.MayAnywhere(Jobs) ? new JobsStanding(host.States.Count, [.. host.States.Where(job => job.Last?.Error is not null).Select(job => job.Name)]) : null);
        })).WithName("operationsStatus").WithSummary("How things stand: open sessions, the books, the seals, the jobs, as far as the reader may see them.").Produces<StatusAnswer>().Refuses(No);

        group.MapGet("/waiting", (RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
            (Result<WaitingAnswer>)Tell(await WaitingForOne.Read(db, reading.Catalogue.All, viewer, reading.Now, ct), viewer, reading)))
            .WithName("operationsWaiting").WithSummary("What waits for the reader: approvals, exceptions given to them, notices, what they began and left.").Produces<WaitingAnswer>().Refuses(401);

        group.MapGet("/demand", (RequestActor who, Reading reading, string? branch, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            // The clock is that of the branch looked at; of several, the one worked in.
            var place = branch is null ? who.Branch : viewer.Organisation.FindBranch(branch) ?? who.Branch;
            var local = TimeZoneInfo.ConvertTime(reading.Now, place.Zone);
            var curve = await Demand.Read(db, reading.Catalogue.All, viewer, branch, (DateOnly.FromDateTime(local.DateTime), local.Hour), ct);
            return curve.IsRefused ? curve.Refusal : (Result<DemandAnswer>)Tell(curve.Value, viewer, branch);
        })).WithName("operationsDemand").WithSummary("Today by hour against the same weekday's usual.").Produces<DemandAnswer>().Refuses(No);

        api.MapGet("/analytics", (RequestActor who, Reading reading, string? branch, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var hub = await AnalyticsHub.Read(db, reading.Catalogue.All, viewer, branch, reading.Today(who), ct);
            return hub.IsRefused ? hub.Refusal : (Result<AnalyticsHubAnswer>)Tell(hub.Value, viewer);
        })).WithTags("Operations").WithName("analyticsHub")
            .WithSummary("All measures that the reader may see: their last weeks, what stood out lately and why, and targets missed.").Produces<AnalyticsHubAnswer>().Refuses(No);
    }

    private static async Task<PeriodStanding> PeriodOf(Db db, DateOnly today, CancellationToken ct)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        return new PeriodStanding(month.ToString("yyyy-MM", CultureInfo.InvariantCulture), await PeriodDesk.StateOf(db, month, ct));
    }

    private static WaitingAnswer Tell(WaitingWork work, Viewer viewer, Reading reading) => new(
        new WaitingApprovals(work.Approvals.Count, work.Approvals.More, [.. work.Approvals.First.Select(one => ApprovalEndpoints.Tell(one, viewer, reading.Now))]),
        new WaitingExceptions(work.Exceptions.Count, work.Exceptions.More, [.. work.Exceptions.First.Select(one => Telling.Of(one, viewer))]),
        new WaitingNotices(work.Notices.Count, work.Notices.More, work.Notices.First),
        new WaitingDrafts(work.Drafts.Count, work.Drafts.More, [.. work.Drafts.First.Select(draft => new DraftItem(draft.Id, draft.Number, draft.Function, draft.Kind,
            reading.Catalogue.Find(draft.Function)?.Kinds.FirstOrDefault(kind => kind.Code == draft.Kind)?.Name ?? draft.Kind, viewer.BranchCode(draft.BranchId),
            Shown.Money(draft.Total, Shown.Exponent(draft.Currency, viewer.Organisation.Company.Currency)), draft.Currency, draft.At, Telling.PageOf(draft.Function, draft.Id)))]));

    private static DemandAnswer Tell(DemandCurve curve, Viewer viewer, string? branch)
    {
        var exponent = viewer.Organisation.Company.Currency.Exponent;
        var query = new Dictionary<string, string>(StringComparer.Ordinal) { ["from"] = Telling.Day(curve.Day), ["to"] = Telling.Day(curve.Day), ["groupBy"] = "hour" };
        if (!string.IsNullOrEmpty(branch)) query["branch"] = branch;
        return new DemandAnswer(curve.Day, curve.Hour, [.. curve.Series.Select(series =>
        {
            object? Show(long? value) => Shown.Of(value, series.Measure.Type, exponent);
            return new DemandItem(series.Function.Code, series.Function.Name, series.Measure.Key, series.Measure.Label, series.Measure.Type, series.Weeks, Show(series.SoFar),
                Show(series.UsualSoFar), Share(series.ChangeRate), [.. series.Today.Select((value, hour) => new DemandHour(hour, Show(value), Show(series.Usual[hour])))],
                new DrillAnswer($"/{series.Function.Module}/{series.Function.Slug}/reports/daily", query));
        })]);
    }

    private static AnalyticsHubAnswer Tell(HubAnswer hub, Viewer viewer)
    {
        var exponent = viewer.Organisation.Company.Currency.Exponent;
        object? Show(long? value, MeasureDeclaration measure) => Shown.Of(value, measure.Type, exponent);
        return new AnalyticsHubAnswer(new RangeAnswer(hub.From, hub.To), new RangeAnswer(hub.Since, hub.To),
            [.. hub.Functions.Select(one => new HubFunctionItem(one.Function.Code, one.Function.Module, one.Function.Slug, one.Function.Name, [.. one.Measures.Select(measured => new HubMeasureItem(
                measured.Measure.Key, measured.Measure.Label, measured.Measure.Type, measured.Measure.Better, Show(measured.Value, measured.Measure), Show(measured.Previous, measured.Measure),
                Share(measured.ChangeRate), [.. measured.Weeks.Select(week => Show(week ?? 0, measured.Measure))],
                [.. measured.Anomalies.Select(odd => new HubAnomalyItem(odd.Date, Show(odd.Value, measured.Measure), odd.Score, odd.Reason))]))]))],
            [.. hub.Missed.Select(missed => new MissedTargetItem(missed.Target.Id, missed.Function.Code, missed.Function.Name, missed.Measure.Key, missed.Measure.Label, missed.Measure.Type,
                missed.Measure.Better, missed.Target.BranchId is { } branch ? viewer.BranchCode(branch) : null, new RangeAnswer(missed.Target.From, missed.Target.To),
                new RangeAnswer(missed.From, missed.To), Show(missed.Expected, missed.Measure), Show(missed.Actual, missed.Measure), Share(missed.MissedBy)))]);
    }

    private static string? Share(long? millionths) => millionths is { } rate ? Shown.Millionths(rate) : null;
}
