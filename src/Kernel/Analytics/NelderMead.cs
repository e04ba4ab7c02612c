namespace Plug1.Kernel.Analytics;

/// <summary>A small deterministic minimiser for the two to four parameters of a smoothing model, within a box.</summary>
/// <remarks>Source: Nelder and Mead, <i>A simplex method for function minimization</i>, Computer Journal 7 (1965). Points outside the box are pulled to its wall.</remarks>
public static class NelderMead
{
    /// <summary>Finds a low point near a start.</summary>
    /// <param name="value">What to make small.</param>
    /// <param name="start">Where to begin, inside the box.</param>
    /// <param name="low">Lower wall of each parameter.</param>
    /// <param name="high">Upper wall of each parameter.</param>
    /// <param name="evaluations">How often the function may be asked.</param>
    /// <returns>The best point seen.</returns>
    public static double[] Minimise(Func<double[], double> value, double[] start, double[] low, double[] high, int evaluations)
    {
        var size = start.Length;
        var points = new double[size + 1][];
        var values = new double[size + 1];
        for (var at = 0; at <= size; at++)
        {
            points[at] = [.. start];
            if (at > 0)
            {
                var step = 0.2 * (high[at - 1] - low[at - 1]);
                points[at][at - 1] += start[at - 1] + step > high[at - 1] ? -step : step;
            }

            values[at] = Ask(points[at]);
        }

        var used = size + 1;
        while (used < evaluations)
        {
            Array.Sort(values, points);
            if (values[size] - values[0] <= 1e-7 * Math.Abs(values[0])) break;
            var centre = new double[size];
            for (var at = 0; at < size; at++)
                for (var i = 0; i < size; i++) centre[i] += points[at][i] / size;

            var (reflected, reflectedValue) = Along(-1);
            if (reflectedValue < values[0])
            {
                var (further, furtherValue) = Along(-2);
                Replace(furtherValue < reflectedValue ? (further, furtherValue) : (reflected, reflectedValue));
            }
            else if (reflectedValue < values[size - 1]) Replace((reflected, reflectedValue));
            else
            {
                var (inner, innerValue) = Along(reflectedValue < values[size] ? -0.5 : 0.5);
                if (innerValue < Math.Min(reflectedValue, values[size])) Replace((inner, innerValue));
                else Shrink();
            }

            (double[] Point, double Value) Along(double factor)
            {
                var point = new double[size];
                for (var i = 0; i < size; i++) point[i] = centre[i] + (factor * (points[size][i] - centre[i]));
                used++;
                return (point, Ask(point));
            }
        }

        Array.Sort(values, points);
        return points[0];

        void Replace((double[] Point, double Value) better) => (points[size], values[size]) = better;

        void Shrink()
        {
            for (var at = 1; at <= size; at++)
            {
                for (var i = 0; i < size; i++) points[at][i] = (points[at][i] + points[0][i]) / 2;
                values[at] = Ask(points[at]);
            }

            used += size;
        }

        double Ask(double[] point)
        {
            for (var i = 0; i < size; i++) point[i] = Math.Clamp(point[i], low[i], high[i]);
            var result = value(point);
            return double.IsFinite(result) ? result : double.MaxValue;
        }
    }

    /// <summary>Finds a low point of a function of one parameter by a grid and a golden section around its best cell.</summary>
    public static double Minimise(Func<double, double> value, double low, double high, int cells = 12, int refinements = 10)
    {
        var best = low;
        var bestValue = double.MaxValue;
        var width = (high - low) / cells;
        for (var at = 0; at <= cells; at++)
        {
            var point = low + (at * width);
            if (value(point) is var found && found < bestValue) (best, bestValue) = (point, found);
        }

        const double golden = 0.6180339887498949;
        var (from, to) = (Math.Max(low, best - width), Math.Min(high, best + width));
        for (var at = 0; at < refinements; at++)
        {
            var (left, right) = (to - (golden * (to - from)), from + (golden * (to - from)));
            if (value(left) < value(right)) to = right;
            else from = left;
        }

        var middle = (from + to) / 2;
        return value(middle) < bestValue ? middle : best;
    }
}
