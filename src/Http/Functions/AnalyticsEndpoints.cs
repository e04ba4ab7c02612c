using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Analytics;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;

namespace Plug1.Http.Functions;

/// <summary>Trend, variance, heatmap and forecast of every function.</summary>
internal static class AnalyticsEndpoints
{
    private static readonly int[] No = [400, 401, 403, 422];
    private static readonly string[] Named = ["measure", "from", "to", "branch", "bucket", "compare", "rows", "columns", "horizon"];

    public static void MapAnalytics(this RouteGroupBuilder functions, Function function)
    {
        var group = functions.MapGroup("/analytics");
        group.MapGet("/trend", (HttpRequest request, RequestActor who, Reading reading, string? measure, string? bucket, DateOnly? from, DateOnly? to, string? compare, string? branch, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var trend = await Of(function, viewer, reading, who).Trend(db, Asked(request, measure, from, to, branch), bucket ?? "day", compare, ct);
                return trend.IsRefused ? trend.Refusal : (Result<TrendAnswer>)Tell(trend.Value, viewer);
            })).WithName($"trend-{function.Code}").WithSummary("How a measure went, with its season and what was out of the ordinary.").Produces<TrendAnswer>().Refuses(No);

        group.MapGet("/variance", (HttpRequest request, RequestActor who, Reading reading, string? measure, DateOnly? from, DateOnly? to, string? branch, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var cards = await Of(function, viewer, reading, who).Variance(db, Asked(request, measure, from, to, branch), ct);
                return cards.IsRefused ? cards.Refusal : (Result<VarianceAnswer>)new VarianceAnswer([.. cards.Value.Select(card => Tell(card, viewer))]);
            })).WithName($"variance-{function.Code}").WithSummary("Measures against target and against the mean of the four periods before.").Produces<VarianceAnswer>().Refuses(No);

        group.MapGet("/heatmap", (HttpRequest request, RequestActor who, Reading reading, string? rows, string? columns, string? measure, DateOnly? from, DateOnly? to, string? branch, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var map = await Of(function, viewer, reading, who).Heatmap(db, Asked(request, measure, from, to, branch), rows ?? "weekday", columns ?? "hour", ct);
                return map.IsRefused ? map.Refusal : (Result<HeatmapAnswer>)Tell(map.Value, viewer);
            })).WithName($"heatmap-{function.Code}").WithSummary("Where exceptions, or a measure, concentrate.").Produces<HeatmapAnswer>().Refuses(No);

        group.MapGet("/forecast", (HttpRequest request, RequestActor who, Reading reading, string? measure, string? bucket, int? horizon, DateOnly? from, DateOnly? to, string? branch, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var forecast = await Of(function, viewer, reading, who).Forecast(db, Asked(request, measure, from, to, branch), bucket ?? "day", horizon, ct);
                return forecast.IsRefused ? forecast.Refusal : (Result<ForecastAnswer>)Tell(forecast.Value, viewer);
            })).WithName($"forecast-{function.Code}").WithSummary("What a measure will be, from its own past.").Produces<ForecastAnswer>().Refuses(No);
    }

    private static MeasureAnalytics Of(Function function, Viewer viewer, Reading reading, RequestActor who) => new(function, viewer, reading.Today(who));

    private static AnalyticsRequest Asked(HttpRequest request, string? measure, DateOnly? from, DateOnly? to, string? branch) =>
        new(string.IsNullOrEmpty(measure) ? null : measure, from, to, branch, Parameters.Filters(request, Named));

    private static TrendAnswer Tell(MeasureTrend trend, Viewer viewer)
    {
        var show = Show(trend.Measure.Type, viewer);
        return new TrendAnswer(trend.Measure.Key, trend.Measure.Label, trend.Measure.Type,
            [.. trend.Points.Select(point => new TrendItem(point.Date, show(point.Value), show(point.Average), show(point.Seasonal),
                point.Score is { } score ? new AnomalyAnswer(score, point.Reason ?? "") : null))],
            trend.Compare is null ? null : [.. trend.Compare.Select(point => new DatedValue(point.Date, show(point.Value)))], trend.Weekday, trend.Sentence);
    }

    private static VarianceCard Tell(MeasureVariance card, Viewer viewer)
    {
        var show = Show(card.Measure.Type, viewer);
        return new VarianceCard(card.Measure.Key, card.Measure.Label, show(card.Actual), show(card.Target), show(card.Baseline),
            show(checked(card.Actual - card.Target)), show(checked(card.Actual - card.Baseline)),
            show(card.Effects?.Volume), show(card.Effects?.Price), show(card.Effects?.Mix), card.Measure.Type);
    }

    private static HeatmapAnswer Tell(MeasureHeatmap map, Viewer viewer)
    {
        var show = Show(map.Type, viewer);
        return new HeatmapAnswer(map.Map.Rows, map.Map.Columns, [.. map.Map.Counts.Select(row => (IReadOnlyList<object?>)[.. row.Select(count => show(count))])],
            map.Type, map.Map.Gini, map.Map.TopFifthShare, map.Sentence);
    }

    private static ForecastAnswer Tell(MeasureForecast forecast, Viewer viewer)
    {
        var show = Show(forecast.Measure.Type, viewer);
        object? Near(double value) => show(checked((long)Math.Round(value, MidpointRounding.AwayFromZero)));
        return new ForecastAnswer(forecast.Measure.Key, forecast.Measure.Label, forecast.Measure.Type,
            [.. forecast.History.Select(point => new DatedValue(point.Date, show(point.Value)))],
            [.. forecast.Forecast.Points.Select((point, at) => new ForecastItem(forecast.Days[at], Near(point.Value), Near(point.Low80), Near(point.High80), Near(point.Low95), Near(point.High95)))],
            forecast.Forecast.Model, forecast.Forecast.Smape, forecast.Forecast.Mase, forecast.Forecast.Reason);
    }

    private static Func<long?, object?> Show(string type, Viewer viewer) => value => Shown.Of(value, type, viewer.Organisation.Company.Currency.Exponent);
}
