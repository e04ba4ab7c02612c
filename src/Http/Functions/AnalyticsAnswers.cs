using System.Text.Json.Serialization;

namespace Plug1.Http.Functions;

/// <summary>A value out of the ordinary.</summary>
public sealed record AnomalyAnswer(double Score, string Reason);

/// <summary>A bucket of a trend.</summary>
public sealed record TrendItem(DateOnly Date, object? Value, object? Average, object? Seasonal, AnomalyAnswer? Anomaly);

/// <summary>A value on a day.</summary>
public sealed record DatedValue(DateOnly Date, object? Value);

/// <summary>How a measure went; <c>weekday</c> has an index for each weekday, Monday first, 1 being usual.</summary>
public sealed record TrendAnswer(
    string Measure, string Label, string Type, IReadOnlyList<TrendItem> Points, IReadOnlyList<DatedValue>? Compare, IReadOnlyList<double> Weekday, string Sentence);

/// <summary>A measure against target and baseline.</summary>
public sealed record VarianceCard(
    string Key, string Label, object? Actual, object? Target, object? Baseline, object? VarianceToTarget, object? VarianceToBaseline,
    object? VolumeEffect, object? PriceEffect, object? MixEffect, string Type);

/// <summary>Measures against their targets and baselines.</summary>
public sealed record VarianceAnswer(IReadOnlyList<VarianceCard> Cards);

/// <summary>Where something concentrates.</summary>
public sealed record HeatmapAnswer(
    IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Cells, string Type, double Gini, double ParetoShare, string Sentence);

/// <summary>A bucket ahead with the ranges that hold the actual value 80 and 95 times in a hundred.</summary>
public sealed record ForecastItem(DateOnly Date, object? Value, object? Low80, object? High80, object? Low95, object? High95);

/// <summary>A forecast with its record in the back-test: <c>smape</c> in per cent, <c>mase</c> below 1 is better than repeating the last season.</summary>
public sealed record ForecastAnswer(
    string Measure, string Label, string Type, IReadOnlyList<DatedValue> History, IReadOnlyList<ForecastItem> Points, string Model,
    [property: JsonPropertyName("smape")] double? Smape, [property: JsonPropertyName("mase")] double? Mase, string Sentence);
