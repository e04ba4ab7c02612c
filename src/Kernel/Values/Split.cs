namespace Plug1.Kernel.Values;

/// <summary>Splits a total so that the parts sum to it exactly.</summary>
public static class Split
{
    private const int FewLines = 32;

    /// <summary>Splits by weights, by the method of the largest remainder.</summary>
    /// <remarks>
    /// <para>Each line gets <c>floor(total × weight ÷ sum of weights)</c>, towards minus infinity; the units left over go one each to the
    /// largest fractions, ties to the lower line number. A negative total is the mirror of the positive one. When all weights are zero
    /// they count as equal. Weights may be negative as long as they do not sum to zero.</para>
    /// <para>5.00 over 53.97, 10.90 and 12.30 is 3.50, 0.70 and 0.80.</para>
    /// </remarks>
    /// <param name="total">What is split, in minor units.</param>
    /// <param name="weights">One weight a line, in line order.</param>
    /// <returns>One part a line, in minor units.</returns>
    /// <exception cref="InvariantBrokenException">There is no line but a total, or the weights cancel out.</exception>
    public static long[] Largest(long total, ReadOnlySpan<long> weights)
    {
        var wide = weights.Length <= FewLines ? stackalloc Int128[weights.Length] : new Int128[weights.Length];
        for (var i = 0; i < weights.Length; i++) wide[i] = weights[i];
        return Largest(total, wide);
    }

    /// <inheritdoc cref="Largest(long, ReadOnlySpan{long})"/>
    public static long[] Largest(long total, ReadOnlySpan<Int128> weights)
    {
        var parts = new long[weights.Length];
        Largest(total, weights, parts);
        return parts;
    }

    /// <summary>True when <see cref="Largest(long, ReadOnlySpan{long})"/> can split by these weights: they do not cancel out.</summary>
    public static bool IsPossible(ReadOnlySpan<Int128> weights) => Sum(weights, out var allZero) != 0 || (allZero && weights.Length > 0);

    /// <inheritdoc cref="Largest(long, ReadOnlySpan{long})"/>
    /// <param name="total">What is split, in minor units.</param>
    /// <param name="weights">One weight a line, in line order.</param>
    /// <param name="parts">Takes one part a line; as long as <paramref name="weights"/>.</param>
    public static void Largest(long total, ReadOnlySpan<Int128> weights, Span<long> parts)
    {
        Invariant.Holds(parts.Length == weights.Length);
        if (weights.IsEmpty)
        {
            Invariant.Holds(total == 0, "A total cannot be split over no lines.");
            return;
        }

        var sum = Sum(weights, out var equal);
        if (equal) sum = weights.Length;
        Invariant.Holds(sum != 0, "Weights that cancel out split nothing.");

        // A negative sum of weights turns the sign of each of them; the shares stay the same.
        var turn = sum < 0 ? -1 : 1;
        sum *= turn;
        var mirrored = total < 0;
        var left = mirrored ? -(Int128)total : total;
        var positive = left;
        var fractions = weights.Length <= FewLines ? stackalloc Int128[weights.Length] : new Int128[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var product = checked(positive * (equal ? 1 : weights[i] * turn));
            var floor = Rounding.Divide(product, sum, Rounding.Floor);
            fractions[i] = product - (floor * sum);
            parts[i] = checked((long)floor);
            left -= floor;
        }

        GiveLeftover((int)left, fractions, parts);
        if (!mirrored) return;
        for (var i = 0; i < parts.Length; i++) parts[i] = -parts[i];
    }

    private static Int128 Sum(ReadOnlySpan<Int128> weights, out bool allZero)
    {
        Int128 sum = 0;
        allZero = true;
        foreach (var weight in weights)
        {
            sum = checked(sum + weight);
            allZero &= weight == 0;
        }

        return sum;
    }

    private static void GiveLeftover(int count, Span<Int128> fractions, Span<long> parts)
    {
        if (count == 0) return;
        if (fractions.Length <= FewLines)
        {
            for (; count > 0; count--)
            {
                var best = 0;
                for (var i = 1; i < fractions.Length; i++)
                {
                    if (fractions[i] > fractions[best]) best = i;
                }

                parts[best]++;
                fractions[best] = -1;
            }

            return;
        }

        var order = new (Int128 Fraction, int Line)[fractions.Length];
        for (var i = 0; i < order.Length; i++) order[i] = (fractions[i], i);
        Array.Sort(order, static (a, b) => a.Fraction != b.Fraction ? b.Fraction.CompareTo(a.Fraction) : a.Line.CompareTo(b.Line));
        for (var i = 0; i < count; i++) parts[order[i].Line]++;
    }
}
