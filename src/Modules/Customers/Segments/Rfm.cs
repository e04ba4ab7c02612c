using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Segments;

/// <summary>One sale or return of a customer.</summary>
/// <param name="Day">The business day.</param>
/// <param name="Net">The net of a sale; of a return, below zero.</param>
internal readonly record struct Purchase(DateOnly Day, Money Net);

/// <summary>What a customer has bought, as the models of purchases see it.</summary>
/// <param name="Repeats">Days with a sale after the first one (x).</param>
/// <param name="LastDays">Days from the first sale to the last one (t_x × 7).</param>
/// <param name="AgeDays">Days from the first sale to the day that is looked at (T × 7).</param>
/// <param name="RepeatNet">Sales of the days after the first one.</param>
internal sealed record PurchaseHistory(int Repeats, int LastDays, int AgeDays, Money RepeatNet);

/// <summary>Recency, frequency and money of a customer.</summary>
/// <param name="RecencyDays">Days since the last day with a sale; less is better.</param>
/// <param name="PurchaseDays">Days with a sale.</param>
/// <param name="Net">Net sales less returns.</param>
internal readonly record struct RfmFigures(int RecencyDays, int PurchaseDays, Money Net);

/// <summary>The scores of a customer, each from 1 to the number of bins.</summary>
internal readonly record struct RfmScore(int R, int F, int M)
{
    /// <summary>Frequency and money together: <c>floor((F + M + 1) ÷ 2)</c>, their mean with a half up.</summary>
    public int FM => (F + M + 1) / 2;

    /// <inheritdoc/>
    public override string ToString() => $"{R}{F}{M}";
}

/// <summary>How values become scores.</summary>
internal enum RfmScoring
{
    /// <summary>By how many customers have a strictly worse value.</summary>
    Rank,

    /// <summary>By fixed limits.</summary>
    Bands,
}

/// <summary>Limits between scores: the values from which the scores 2, 3, ... begin, the worst first.</summary>
/// <param name="RecencyDays">Most days that still have the score; falling.</param>
/// <param name="PurchaseDays">Fewest days; rising.</param>
/// <param name="NetMinor">Least net in minor units; rising.</param>
internal sealed record RfmBands(IReadOnlyList<int> RecencyDays, IReadOnlyList<int> PurchaseDays, IReadOnlyList<long> NetMinor);

/// <summary>A named part of the grid: all customers whose scores lie within, both ends included.</summary>
internal sealed record RfmCell(string Name, int RFrom, int RTo, int FmFrom, int FmTo);

/// <summary>How customers are scored.</summary>
internal sealed record RfmModel
{
    /// <summary>How many scores there are: 3 to 5.</summary>
    public int Bins { get; init; } = 5;

    /// <summary>How values become scores.</summary>
    public RfmScoring Scoring { get; init; }

    /// <summary>How many months count.</summary>
    public int WindowMonths { get; init; } = 12;

    /// <summary>The limits, for fixed ones.</summary>
    public RfmBands? Bands { get; init; }

    /// <summary>The names of the grid; the first that holds counts.</summary>
    public IReadOnlyList<RfmCell> Grid { get; init; } = SeededGrid;

    /// <summary>The grid that a company starts with, for five scores.</summary>
    public static IReadOnlyList<RfmCell> SeededGrid { get; } =
    [
        new("Champions", 4, 5, 4, 5),
        new("Potential loyalist", 4, 5, 2, 3),
        new("New", 5, 5, 1, 1),
        new("Promising", 4, 4, 1, 1),
        new("Loyal", 3, 3, 4, 5),
        new("Needs attention", 3, 3, 2, 3),
        new("About to sleep", 3, 3, 1, 1),
        new("Cannot lose", 1, 2, 5, 5),
        new("At risk", 1, 2, 3, 4),
        new("Hibernating", 2, 2, 1, 2),
        new("Lost", 1, 1, 1, 2),
    ];
}

/// <summary>Recency, frequency and money.</summary>
/// <remarks>Source of the scores by rank: Hughes, <i>Strategic Database Marketing</i> (1994), with equal scores for equal values.</remarks>
internal static class Rfm
{
    /// <summary>The history of a customer up to a day, as the models of purchases see it: several sales on one day are one; returns are left out.</summary>
    /// <param name="purchases">Sales and returns in any order; those after the day are passed over.</param>
    /// <param name="asOf">The day that is looked at.</param>
    /// <returns>Null without a sale.</returns>
    public static PurchaseHistory? History(IEnumerable<Purchase> purchases, DateOnly asOf)
    {
        var sales = purchases.Where(purchase => purchase.Day <= asOf && !purchase.Net.IsNegative).ToList();
        if (sales.Count == 0) return null;
        var first = sales.Min(sale => sale.Day);
        var repeats = sales.FindAll(sale => sale.Day > first);
        return new PurchaseHistory(
            repeats.Select(sale => sale.Day).Distinct().Count(),
            sales.Max(sale => sale.Day).DayNumber - first.DayNumber,
            asOf.DayNumber - first.DayNumber,
            Money.Sum(sales[0].Net.Currency, repeats.Select(sale => sale.Net)));
    }

    /// <summary>Recency, frequency and money of a customer as of a day over the months before it.</summary>
    /// <param name="purchases">Sales and returns in any order.</param>
    /// <param name="asOf">The day that is looked at, included.</param>
    /// <param name="windowMonths">How many months count; the same day that many months before no longer does.</param>
    /// <returns>Null without a sale in that time.</returns>
    public static RfmFigures? Measure(IEnumerable<Purchase> purchases, DateOnly asOf, int windowMonths)
    {
        var after = asOf.AddMonths(-windowMonths);
        var counted = purchases.Where(purchase => purchase.Day > after && purchase.Day <= asOf).ToList();
        var days = counted.Where(purchase => !purchase.Net.IsNegative).Select(purchase => purchase.Day).Distinct().ToList();
        return days.Count == 0 ? null
            : new RfmFigures(asOf.DayNumber - days.Max().DayNumber, days.Count, Money.Sum(counted[0].Net.Currency, counted.Select(purchase => purchase.Net)));
    }

    /// <summary>Scores all customers of a model against each other, or against its limits.</summary>
    /// <remarks>By rank: <c>1 + floor(bins × customers with a strictly worse value ÷ customers)</c>.</remarks>
    /// <param name="figures">One a customer.</param>
    /// <param name="model">How they are scored.</param>
    /// <returns>One a customer, in the same order.</returns>
    public static IReadOnlyList<RfmScore> Score(IReadOnlyList<RfmFigures> figures, RfmModel model)
    {
        if (model.Scoring == RfmScoring.Bands)
        {
            Invariant.Holds(model.Bands is not null, "Scores by limits need limits.");
            var bands = model.Bands;
            return
            [
                .. figures.Select(one => new RfmScore(
                    1 + bands.RecencyDays.Count(limit => one.RecencyDays <= limit),
                    1 + bands.PurchaseDays.Count(limit => one.PurchaseDays >= limit),
                    1 + bands.NetMinor.Count(limit => one.Net.Minor >= limit))),
            ];
        }

        var recency = Ranked([.. figures.Select(one => -(long)one.RecencyDays)], model.Bins);
        var frequency = Ranked([.. figures.Select(one => (long)one.PurchaseDays)], model.Bins);
        var money = Ranked([.. figures.Select(one => one.Net.Minor)], model.Bins);
        return [.. figures.Select((_, at) => new RfmScore(recency[at], frequency[at], money[at]))];
    }

    /// <summary>The name of the part of the grid that a score is in; empty when the grid has none.</summary>
    public static string Cell(RfmScore score, RfmModel model) =>
        model.Grid.FirstOrDefault(cell => score.R >= cell.RFrom && score.R <= cell.RTo && score.FM >= cell.FmFrom && score.FM <= cell.FmTo)?.Name ?? "";

    /// <summary>Scores of values of which more is better: <c>1 + floor(bins × values strictly less ÷ values)</c>.</summary>
    public static int[] Ranked(long[] values, int bins)
    {
        var sorted = values.Order().ToArray();
        var below = new Dictionary<long, int>();
        for (var at = 0; at < sorted.Length; at++) below.TryAdd(sorted[at], at);
        return [.. values.Select(value => 1 + (int)((long)bins * below[value] / sorted.Length))];
    }
}
