namespace Plug1.Kernel.Analytics;

/// <summary>How many fell into one cell, and what share of all that is.</summary>
public sealed record HeatmapCell(string Row, string Column, long Count, double Share);

/// <summary>Where things concentrate on two dimensions: weekday and hour, branch and rule.</summary>
/// <param name="Rows">Names of the rows.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Counts">By row and column.</param>
/// <param name="Total">All of them.</param>
/// <param name="Gini">0 when all cells hold the same, towards 1 when one cell holds all.</param>
/// <param name="TopFifthShare">The share of all that the fullest fifth of the cells holds (rounded up to whole cells).</param>
/// <param name="CellsForMost">How many of the fullest cells hold four fifths of all: few of many is a Pareto pattern.</param>
/// <param name="Fullest">The fullest cells, at most ten, ties by name.</param>
public sealed record Heatmap(
    IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<long>> Counts, long Total,
    double Gini, double TopFifthShare, int CellsForMost, IReadOnlyList<HeatmapCell> Fullest)
{
    private const int FullestShown = 10;

    /// <summary>The days of the week, Monday first.</summary>
    public static IReadOnlyList<string> Weekdays { get; } = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>The hours of the day, 00 to 23.</summary>
    public static IReadOnlyList<string> Hours { get; } = [.. Enumerable.Range(0, 24).Select(hour => $"{hour:00}")];

    /// <summary>Lays counts out in a grid and measures how concentrated they are.</summary>
    /// <remarks>Gini = Σ (2i − n − 1) x(i) ÷ (n Σ x), x in rising order. Source: Gini (1912); Sen, <i>On Economic Inequality</i> (1973).</remarks>
    /// <param name="entries">Row, column and count; the same cell may come more than once. No count is negative.</param>
    /// <param name="rows">All rows in order, the empty ones too; null for those that occur, in order of name.</param>
    /// <param name="columns">All columns in order; null for those that occur.</param>
    /// <exception cref="ArgumentException">A count is negative, or an entry is in no row or column given.</exception>
    public static Heatmap Of(
        IEnumerable<(string Row, string Column, long Count)> entries, IReadOnlyList<string>? rows = null, IReadOnlyList<string>? columns = null)
    {
        var all = entries.ToList();
        rows ??= [.. all.Select(entry => entry.Row).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        columns ??= [.. all.Select(entry => entry.Column).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var rowAt = rows.Select((name, at) => (name, at)).ToDictionary(pair => pair.name, pair => pair.at, StringComparer.Ordinal);
        var columnAt = columns.Select((name, at) => (name, at)).ToDictionary(pair => pair.name, pair => pair.at, StringComparer.Ordinal);
        var counts = rows.Select(_ => new long[columnAt.Count]).ToArray();
        foreach (var (row, column, count) in all)
        {
            if (count < 0) throw new ArgumentException($"The count of {row}, {column} is negative.", nameof(entries));
            if (!rowAt.TryGetValue(row, out var r) || !columnAt.TryGetValue(column, out var c))
                throw new ArgumentException($"{row}, {column} is not on the map.", nameof(entries));
            counts[r][c] = checked(counts[r][c] + count);
        }

        var total = counts.Sum(row => row.Sum());
        var falling = counts.SelectMany(row => row).OrderDescending().ToArray();
        var fullest = counts.SelectMany((row, r) => row.Select((count, c) => new HeatmapCell(rows[r], columns[c], count, total == 0 ? 0 : (double)count / total)))
            .Where(cell => cell.Count > 0).OrderByDescending(cell => cell.Count)
            .ThenBy(cell => cell.Row, StringComparer.Ordinal).ThenBy(cell => cell.Column, StringComparer.Ordinal).Take(FullestShown).ToList();
        var fifth = falling.Take((falling.Length + 4) / 5).Sum();
        return new Heatmap(rows, columns, counts, total, GiniOf(falling, total), total == 0 ? 0 : (double)fifth / total, ForMost(falling, total), fullest);
    }

    private static double GiniOf(long[] falling, long total)
    {
        if (total == 0) return 0;
        var sum = 0.0;
        for (var at = 0; at < falling.Length; at++) sum += (falling.Length - 1.0 - (2.0 * at)) * falling[at];
        return sum / ((double)falling.Length * total);
    }

    private static int ForMost(long[] falling, long total)
    {
        long sum = 0;
        var cells = 0;
        // Five times against four times keeps the comparison in whole numbers.
        while (cells < falling.Length && (Int128)sum * 5 < (Int128)total * 4) sum += falling[cells++];
        return cells;
    }
}
