using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog.Tax;

/// <summary>The tax of the lines of one document that share one tax code. Sales' calculator and Finance's charges both come here.</summary>
/// <remarks>
/// <para>Units: minor units throughout. Rounding: half away from zero on the exact value, once a code (document) or once a line (line);
/// shares of lines by the largest remainder.</para>
/// <para>Lines that cancel out cannot share anything: then each is rounded on its own, in either mode.</para>
/// </remarks>
public static class TaxCalculation
{
    private const int FewLines = 32;

    /// <summary>Calculates net and tax of each line. A document's net and tax are the sums of its lines.</summary>
    /// <param name="scheme">The tax code with the rates of the day.</param>
    /// <param name="basis">Whether <paramref name="values"/> are without or with tax.</param>
    /// <param name="rounding">Where to round.</param>
    /// <param name="values">The value of each line after all discounts.</param>
    /// <param name="nets">Takes the net of each line. Net basis: the value itself.</param>
    /// <param name="taxes">Takes the tax of each line and component, line by line: <c>taxes[line × components + component]</c>.</param>
    /// <exception cref="InvariantBrokenException">The spans do not fit each other.</exception>
    /// <exception cref="OverflowException">An amount does not fit.</exception>
    public static void Lines(
        TaxScheme scheme, TaxBasis basis, TaxRounding rounding, ReadOnlySpan<long> values, Span<long> nets, Span<long> taxes)
    {
        var count = scheme.Components.Count;
        Invariant.Holds(nets.Length == values.Length && taxes.Length == values.Length * count);

        if (rounding == TaxRounding.Line || values.Length == 1 || !CanShare(values))
        {
            for (var i = 0; i < values.Length; i++) nets[i] = OneBase(scheme, basis, values[i], taxes.Slice(i * count, count));
            return;
        }

        long sum = 0;
        foreach (var value in values) sum = checked(sum + value);
        Span<long> total = count <= FewLines ? stackalloc long[count] : new long[count];
        var net = OneBase(scheme, basis, sum, total);
        if (basis == TaxBasis.Net) ShareNet(values, total, nets, taxes);
        else ShareGross(values, net, total, nets, taxes);
    }

    /// <summary>Net and components of one base.</summary>
    private static long OneBase(TaxScheme scheme, TaxBasis basis, long value, Span<long> taxes)
    {
        if (basis == TaxBasis.Gross)
        {
            var net = scheme.NetOf(value);
            if (taxes.Length == 1) taxes[0] = value - net;
            else Split.Largest(value - net, scheme.Effective, taxes);
            return net;
        }

        long before = 0;
        for (var k = 0; k < taxes.Length; k++)
        {
            var component = scheme.Components[k];
            var taxed = (Int128)value + (component.Compound ? before : 0);
            taxes[k] = Rounding.DivideToLong(
                checked(taxed * component.Rate.Millionths), Rate.One.Millionths, Rounding.HalfAwayFromZero);
            before = checked(before + taxes[k]);
        }

        return value;
    }

    private static void ShareNet(ReadOnlySpan<long> values, ReadOnlySpan<long> total, Span<long> nets, Span<long> taxes)
    {
        Span<Int128> weights = values.Length <= FewLines ? stackalloc Int128[values.Length] : new Int128[values.Length];
        Span<long> parts = values.Length <= FewLines ? stackalloc long[values.Length] : new long[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            weights[i] = values[i];
            nets[i] = values[i];
        }

        for (var k = 0; k < total.Length; k++)
        {
            Split.Largest(total[k], weights, parts);
            for (var i = 0; i < parts.Length; i++) taxes[(i * total.Length) + k] = parts[i];
        }
    }

    /// <summary>Shares the net by value; what is left of each line is its tax. Of several components each but the last takes its
    /// total by what is left of the lines, so that lines and components both sum up.</summary>
    private static void ShareGross(ReadOnlySpan<long> values, long net, ReadOnlySpan<long> total, Span<long> nets, Span<long> taxes)
    {
        Span<Int128> weights = values.Length <= FewLines ? stackalloc Int128[values.Length] : new Int128[values.Length];
        Span<long> parts = values.Length <= FewLines ? stackalloc long[values.Length] : new long[values.Length];
        for (var i = 0; i < values.Length; i++) weights[i] = values[i];
        Split.Largest(net, weights, nets);
        for (var i = 0; i < values.Length; i++) weights[i] = values[i] - nets[i];

        for (var k = 0; k < total.Length; k++)
        {
            var last = k == total.Length - 1;
            if (!last) ShareComponent(total[k], weights, parts);
            for (var i = 0; i < values.Length; i++)
            {
                var part = last ? (long)weights[i] : parts[i];
                taxes[(i * total.Length) + k] = part;
                weights[i] -= part;
            }
        }
    }

    private static void ShareComponent(long total, ReadOnlySpan<Int128> left, Span<long> parts)
    {
        // Lines whose taxes cancel out (a sale and a return of cents) leave nothing to share; the last component keeps their cents.
        if (Split.IsPossible(left)) Split.Largest(total, left, parts);
        else parts.Clear();
    }

    private static bool CanShare(ReadOnlySpan<long> values)
    {
        Int128 sum = 0;
        var allZero = true;
        foreach (var value in values)
        {
            sum += value;
            allZero &= value == 0;
        }

        return sum != 0 || allZero;
    }
}
