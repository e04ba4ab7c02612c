using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Documents;

/// <summary>Gapless number series: a number is drawn last in its transaction, so one that is undone leaves no gap and the queue is short.</summary>
public static class Numbers
{
    /// <summary>Draws the next number of a series, together with everything gathered so far, in one round trip.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="series">Series id, such as <c>sales.point-of-sale/HQ-T1</c>.</param>
    /// <param name="prefix">What a new series begins its numbers with.</param>
    /// <param name="digits">Least digits of a new series.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>The number as text, such as <c>HQ-T1-000123</c>.</returns>
    public static async Task<string> Draw(Tx tx, string series, string prefix, int digits = 6, CancellationToken ct = default)
    {
        var drawn = tx.Later($"""
            insert into number_series (id, prefix, last_number, digits) values ({series}, {prefix}, 1, {digits})
            on conflict (id) do update set last_number = number_series.last_number + 1
            returning last_number, prefix, digits
            """, row => row.Text(1) + row.Long(0).ToString($"D{row.Long(2)}"));
        await tx.Flush(ct);
        return drawn.Value[0];
    }

    /// <summary>Draws several numbers that follow each other, as one statement: for documents that are written as a set.</summary>
    /// <inheritdoc cref="Draw"/>
    /// <param name="tx">The transaction.</param>
    /// <param name="series">Series id.</param>
    /// <param name="prefix">What a new series begins its numbers with.</param>
    /// <param name="count">How many; more than zero.</param>
    /// <param name="digits">Least digits of a new series.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>The numbers in order, each as text and as its place in the series.</returns>
    public static async Task<IReadOnlyList<(string Text, long Sequence)>> DrawMany(Tx tx, string series, string prefix, int count, int digits = 6, CancellationToken ct = default)
    {
        Invariant.Holds(count > 0);
        var drawn = tx.Later($"""
            insert into number_series (id, prefix, last_number, digits) values ({series}, {prefix}, {(long)count}, {digits})
            on conflict (id) do update set last_number = number_series.last_number + {(long)count}
            returning last_number, prefix, digits
            """, row => (Last: row.Long(0), Prefix: row.Text(1), Digits: row.Long(2)));
        await tx.Flush(ct);
        var (last, begins, width) = drawn.Value[0];
        return [.. Enumerable.Range(0, count).Select(at => last - count + 1 + at).Select(number => (begins + number.ToString($"D{width}"), number))];
    }
}
