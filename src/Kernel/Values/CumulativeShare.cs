namespace Plug1.Kernel.Values;

/// <summary>Takes a whole in steps so that the steps sum to it exactly, whatever their sizes.</summary>
/// <remarks>Used by returns, credits, deposits, earned commission and recognition. 10.00 in three equal steps: 3.33, 3.34, 3.33.</remarks>
public static class CumulativeShare
{
    /// <summary>What is due of the whole to date: <c>round(whole × cumulative ÷ total)</c>, half away from zero.</summary>
    /// <param name="whole">In minor units; may be negative.</param>
    /// <param name="cumulative">The measure so far, this step included: quantity, value or days.</param>
    /// <param name="total">The measure of the whole; when the cumulative measure reaches it, the whole is due, also at zero.</param>
    /// <exception cref="InvariantBrokenException"><paramref name="total"/> is zero and <paramref name="cumulative"/> is not.</exception>
    public static long ToDate(long whole, Int128 cumulative, Int128 total) =>
        cumulative == total ? whole : Rounding.DivideToLong(checked(whole * cumulative), total, Rounding.HalfAwayFromZero);

    /// <summary>What this step takes: what is due to date less what earlier steps took. The last step takes the rest.</summary>
    /// <param name="whole">In minor units; may be negative.</param>
    /// <param name="cumulative">The measure so far, this step included.</param>
    /// <param name="total">The measure of the whole.</param>
    /// <param name="taken">What earlier steps took, in minor units.</param>
    public static long Step(long whole, Int128 cumulative, Int128 total, long taken) => checked(ToDate(whole, cumulative, total) - taken);
}
