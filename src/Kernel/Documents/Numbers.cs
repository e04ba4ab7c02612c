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
}
