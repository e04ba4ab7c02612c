namespace Plug1.Kernel.Analytics;

/// <summary>One item of a comparison. Quantities in millionths, amounts in minor units of one currency.</summary>
/// <param name="Key">The item, such as a SKU or category.</param>
/// <param name="Quantity">What was sold or made, and what was meant to be.</param>
/// <param name="Amount">What it brought or cost, and what it was meant to.</param>
public sealed record VarianceLine(string Key, (long Actual, long Target) Quantity, (long Actual, long Target) Amount);

/// <summary>Where a difference comes from, in minor units; the three sum to the whole exactly.</summary>
/// <param name="Volume">More or less of everything, at target mix and target prices.</param>
/// <param name="Mix">More of one and less of another, at target prices.</param>
/// <param name="Price">Other prices than meant, on what was really sold.</param>
public sealed record VarianceEffects(long Volume, long Mix, long Price)
{
    /// <summary>The whole difference.</summary>
    public long Total => checked(Volume + Mix + Price);
}

/// <summary>A difference taken apart.</summary>
/// <param name="Actual">The actual amount, minor units.</param>
/// <param name="Target">The target or baseline amount, minor units.</param>
/// <param name="Difference">Actual less target.</param>
/// <param name="Share">The difference as a share of the absolute target; null when that is zero. For display only.</param>
/// <param name="Effects">Where it comes from; null when there is no target quantity to measure volume by.</param>
/// <param name="Lines">The effects of each item; they sum to those of the whole.</param>
public sealed record VarianceResult(
    long Actual, long Target, long Difference, double? Share, VarianceEffects? Effects, IReadOnlyList<(string Key, VarianceEffects Effects)> Lines);

/// <summary>Actual against target or baseline, in exact integers.</summary>
public static class Variance
{
    /// <summary>Compares two amounts.</summary>
    /// <exception cref="OverflowException">The difference is no long.</exception>
    public static VarianceResult Of(long actual, long target)
    {
        var difference = checked(actual - target);
        return new VarianceResult(actual, target, difference, target == 0 ? null : difference / Math.Abs((double)target), null, []);
    }

    /// <summary>Compares items with quantity and amount, and takes the difference apart into volume, mix and price.</summary>
    /// <remarks>
    /// <para>For each item: price = actual amount − actual quantity × target price; volume = target amount × (all actual quantity ÷
    /// all target quantity − 1); mix = the rest. Target price = target amount ÷ target quantity.</para>
    /// <para>Rounding: volume and price half away from zero, once per item; mix takes what is left, so that every item and the
    /// whole sum exactly. An item without target quantity has no target price: all of it is mix.</para>
    /// <para>Worked: tea 10 at 2.00 meant, 15 sold for 27.00; coffee 10 at 4.00 meant, 5 sold for 20.00. Difference −13.00 = volume
    /// 0.00, mix −10.00, price −3.00.</para>
    /// <para>Source: Horngren, Datar and Rajan, <i>Cost Accounting</i>, chapter on sales variances.</para>
    /// </remarks>
    /// <param name="lines">One an item; quantities in the same unit of measure.</param>
    /// <exception cref="OverflowException">A sum is no long.</exception>
    public static VarianceResult Of(IReadOnlyList<VarianceLine> lines)
    {
        long actual = 0, target = 0, actualQuantity = 0, targetQuantity = 0;
        foreach (var line in lines)
        {
            checked
            {
                actual += line.Amount.Actual;
                target += line.Amount.Target;
                actualQuantity += line.Quantity.Actual;
                targetQuantity += line.Quantity.Target;
            }
        }

        var whole = Of(actual, target);
        if (targetQuantity == 0) return whole;
        var parts = lines.Select(line => (line.Key, Effects: Effects(line, actualQuantity, targetQuantity))).ToList();
        var effects = new VarianceEffects(
            parts.Sum(part => part.Effects.Volume), parts.Sum(part => part.Effects.Mix), parts.Sum(part => part.Effects.Price));
        return whole with { Effects = effects, Lines = parts };
    }

    /// <summary>The mean of earlier periods as a baseline, minor units, half away from zero.</summary>
    /// <exception cref="ArgumentException">There are no periods.</exception>
    public static long TrailingMean(IReadOnlyList<long> periods)
    {
        if (periods.Count == 0) throw new ArgumentException("A mean needs at least one period.", nameof(periods));
        Int128 sum = 0;
        foreach (var period in periods) sum += period;
        return Ratio(sum, 1, periods.Count);
    }

    private static VarianceEffects Effects(VarianceLine line, long actualQuantity, long targetQuantity)
    {
        var difference = checked(line.Amount.Actual - line.Amount.Target);
        var volume = checked(Ratio(line.Amount.Target, actualQuantity, targetQuantity) - line.Amount.Target);
        var price = line.Quantity.Target == 0
            ? 0
            : checked(line.Amount.Actual - Ratio(line.Quantity.Actual, line.Amount.Target, line.Quantity.Target));
        return new VarianceEffects(volume, checked(difference - volume - price), price);
    }

    // a × b ÷ c, half away from zero. The product of two longs always fits.
    private static long Ratio(Int128 a, Int128 b, Int128 c)
    {
        var product = checked(a * b);
        var (quotient, rest) = Int128.DivRem(product, c);
        var up = Int128.Abs(rest) * 2 >= Int128.Abs(c);
        return checked((long)(up ? quotient + (Int128.IsNegative(product) == Int128.IsNegative(c) ? 1 : -1) : quotient));
    }
}
