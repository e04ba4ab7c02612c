using MathNet.Numerics;
using Plug1.Kernel;
using Plug1.Kernel.Analytics;

namespace Plug1.Customers.Segments;

/// <summary>Parameters of the model of purchases, all more than zero.</summary>
/// <param name="R">Shape of the rate of purchases over customers.</param>
/// <param name="Alpha">Its scale, in weeks.</param>
/// <param name="A">First shape of the chance to leave after a purchase.</param>
/// <param name="B">Its second shape.</param>
internal sealed record BgNbdParameters(double R, double Alpha, double A, double B);

/// <summary>A fitted model.</summary>
/// <param name="Parameters">Its parameters.</param>
/// <param name="LogLikelihood">Of all customers together.</param>
/// <param name="Customers">How many there were.</param>
internal sealed record BgNbdFit(BgNbdParameters Parameters, double LogLikelihood, int Customers);

/// <summary>How often customers will buy, who may leave unseen after any purchase.</summary>
/// <remarks>
/// <para>Time is in weeks; x are the repeat purchases, t_x the time of the last one, T the time since the first. Nothing of it is booked, so
/// binary fractions are right.</para>
/// <para>Source: Fader, Hardie and Lee, <i>"Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model</i>, Marketing
/// Science 24 (2005).</para>
/// </remarks>
internal static class BgNbd
{
    private const double DaysAWeek = 7;
    private const double WidestLog = 7;
    private const double Singular = 1e-6;
    private const double SeriesEnd = 1e-13;
    private const int LongestSeries = 100_000;

    /// <summary>Fits the model by maximum likelihood: Nelder–Mead on the logarithms of the parameters from (1, 1, 1, 1), begun anew around the
    /// point found until it stays. Customers with equal histories are reckoned once.</summary>
    /// <param name="histories">All customers, those who came once only too; at least one.</param>
    public static BgNbdFit Fit(IEnumerable<PurchaseHistory> histories)
    {
        var groups = histories
            .GroupBy(one => (one.Repeats, one.LastDays, one.AgeDays))
            .Select(group => new Group(group.Key.Repeats, group.Key.LastDays / DaysAWeek, group.Key.AgeDays / DaysAWeek, group.Count()))
            .ToArray();
        Invariant.Holds(groups.Length > 0, "A model needs customers.");
        var most = groups.Max(group => group.X);
        var best = LogSearch.Minimise(4, WidestLog, point => -LogLikelihood(Read(point), groups, most));
        var parameters = Read(best);
        return new BgNbdFit(parameters, LogLikelihood(parameters, groups, most), groups.Sum(group => group.Count));
    }

    /// <summary>The logarithm of the likelihood of histories.</summary>
    public static double LogLikelihood(BgNbdParameters parameters, IEnumerable<PurchaseHistory> histories)
    {
        var groups = histories.Select(one => new Group(one.Repeats, one.LastDays / DaysAWeek, one.AgeDays / DaysAWeek, 1)).ToArray();
        return LogLikelihood(parameters, groups, groups.Max(group => group.X));
    }

    /// <summary>The chance that a customer still is one: 1 without a repeat purchase, else
    /// <c>1 ÷ (1 + a ÷ (b + x − 1) × ((α + T) ÷ (α + t_x))^(r + x))</c>.</summary>
    /// <param name="parameters">The model.</param>
    /// <param name="repeats">x.</param>
    /// <param name="lastWeeks">t_x.</param>
    /// <param name="ageWeeks">T.</param>
    public static double Alive(BgNbdParameters parameters, int repeats, double lastWeeks, double ageWeeks) => 1 / (1 + Gone(parameters, repeats, lastWeeks, ageWeeks));

    /// <summary>The purchases to be expected of a customer in the weeks to come.</summary>
    /// <remarks>
    /// <para><c>(a + b + x − 1) ÷ (a − 1) × [1 − ((α + T) ÷ (α + T + w))^(r + x) × ₂F₁(r + x, b + x; a + b + x − 1; w ÷ (α + T + w))]</c>,
    /// divided by what <see cref="Alive"/> divides by.</para>
    /// <para>By Euler's transformation the power and ₂F₁ together are <c>(1 − z)^(a − 1) × ₂F₁(a + b − 1 − r, a − 1; a + b + x − 1; z)</c>, whose
    /// terms stay small however many purchases there were.</para>
    /// </remarks>
    /// <param name="parameters">The model.</param>
    /// <param name="repeats">x.</param>
    /// <param name="lastWeeks">t_x.</param>
    /// <param name="ageWeeks">T.</param>
    /// <param name="weeks">w, the weeks to come; not negative.</param>
    public static double Expected(BgNbdParameters parameters, int repeats, double lastWeeks, double ageWeeks, double weeks)
    {
        // At a = 1 the formula is 0 ÷ 0; right beside it is as good.
        var a = Math.Abs(parameters.A - 1) < Singular ? 1 + Singular : parameters.A;
        var (r, b) = (parameters.R, parameters.B);
        var z = weeks / (parameters.Alpha + ageWeeks + weeks);
        var all = a + b + repeats - 1;
        var stay = Math.Pow(1 - z, a - 1) * Hypergeometric(a + b - 1 - r, a - 1, all, z);
        return all / (a - 1) * (1 - stay) / (1 + Gone(parameters, repeats, lastWeeks, ageWeeks));
    }

    private static double Gone(BgNbdParameters parameters, int repeats, double lastWeeks, double ageWeeks) => repeats == 0 ? 0
        : parameters.A / (parameters.B + repeats - 1) * Math.Pow((parameters.Alpha + ageWeeks) / (parameters.Alpha + lastWeeks), parameters.R + repeats);

    private static double LogLikelihood(BgNbdParameters parameters, Group[] groups, int most)
    {
        var (r, alpha, a, b) = parameters;
        var ofCount = new double[most + 1];
        var common = (r * Math.Log(alpha)) - SpecialFunctions.GammaLn(r) + SpecialFunctions.GammaLn(a + b) - SpecialFunctions.GammaLn(b);
        for (var x = 0; x <= most; x++)
            ofCount[x] = common + SpecialFunctions.GammaLn(r + x) + SpecialFunctions.GammaLn(b + x) - SpecialFunctions.GammaLn(a + b + x);

        var sum = 0.0;
        foreach (var (x, last, age, count) in groups)
        {
            var stayed = -(r + x) * Math.Log(alpha + age);
            if (x > 0)
            {
                // The logarithm of a sum of two powers, taken around the greater one.
                var left = Math.Log(a) - Math.Log(b + x - 1) - ((r + x) * Math.Log(alpha + last));
                var greater = Math.Max(stayed, left);
                stayed = greater + Math.Log(Math.Exp(stayed - greater) + Math.Exp(left - greater));
            }

            sum += count * (ofCount[x] + stayed);
        }

        return sum;
    }

    private static double Hypergeometric(double a, double b, double c, double z)
    {
        var (term, sum) = (1.0, 1.0);
        for (var n = 0; n < LongestSeries; n++)
        {
            term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
            sum += term;
            if (Math.Abs(term) <= SeriesEnd * Math.Abs(sum)) break;
        }

        return sum;
    }

    private static BgNbdParameters Read(double[] logs) => new(Math.Exp(logs[0]), Math.Exp(logs[1]), Math.Exp(logs[2]), Math.Exp(logs[3]));

    private readonly record struct Group(int X, double Last, double Age, int Count);
}

/// <summary>Finds the parameters of a model, all more than zero, by their logarithms.</summary>
internal static class LogSearch
{
    private const int Evaluations = 500;
    private const int MostRounds = 8;
    private const double Tolerance = 1e-7;
    private static readonly double[] Reaches = [0.5, 0.1];

    /// <summary>The logarithms of the parameters at which a function is smallest, from (1, 1, ...) on.</summary>
    /// <remarks>A simplex that has become flat can stop beside the low point, so it is set up anew around the best point until that gains no more
    /// than 1e-7. Each round looks at the gain on the round before plus one, so that a tolerance relative to the value is one of the gain.</remarks>
    /// <param name="parameters">How many there are.</param>
    /// <param name="widest">How far the logarithms may be from zero.</param>
    /// <param name="value">What is to be small.</param>
    public static double[] Minimise(int parameters, double widest, Func<double[], double> value)
    {
        var best = NelderMead.Minimise(value, new double[parameters], Wall(parameters, -widest), Wall(parameters, widest), Evaluations);
        var lowest = value(best);
        for (var round = 0; round < MostRounds; round++)
        {
            var (reach, before) = (Reaches[Math.Min(round, Reaches.Length - 1)], lowest);
            var found = NelderMead.Minimise(
                point => value(point) - before + 1,
                best,
                [.. best.Select(log => Math.Max(-widest, log - reach))],
                [.. best.Select(log => Math.Min(widest, log + reach))],
                Evaluations);
            if (value(found) is var low && low < lowest) (best, lowest) = (found, low);
            if (round >= Reaches.Length - 1 && before - lowest <= Tolerance) break;
        }

        return best;
    }

    private static double[] Wall(int parameters, double at) => [.. Enumerable.Repeat(at, parameters)];
}
