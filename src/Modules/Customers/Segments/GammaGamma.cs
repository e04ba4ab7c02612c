using MathNet.Numerics;
using Plug1.Kernel;

namespace Plug1.Customers.Segments;

/// <summary>Parameters of the model of spend, all more than zero.</summary>
/// <param name="P">Shape of the spend of a day.</param>
/// <param name="Q">Shape of its scale over customers.</param>
/// <param name="V">Scale of that, in major units.</param>
internal sealed record GammaGammaParameters(double P, double Q, double V);

/// <summary>A fitted model.</summary>
/// <param name="Parameters">Its parameters.</param>
/// <param name="LogLikelihood">Of all customers together.</param>
/// <param name="Customers">How many had a repeat purchase with value.</param>
internal sealed record GammaGammaFit(GammaGammaParameters Parameters, double LogLikelihood, int Customers);

/// <summary>How much customers will spend on a day on which they buy.</summary>
/// <remarks>Amounts are in major units; nothing of it is booked. Source: Fader and Hardie, <i>The Gamma-Gamma Model of Monetary Value</i> (2013).</remarks>
internal static class GammaGamma
{
    private const double WidestLog = 9;

    /// <summary>Fits the model by maximum likelihood, as <see cref="BgNbd.Fit"/> does, on customers with a repeat purchase and a value above zero.</summary>
    /// <param name="histories">Customers; at least one with a repeat purchase.</param>
    public static GammaGammaFit Fit(IEnumerable<PurchaseHistory> histories)
    {
        var groups = histories
            .Where(one => one.Repeats > 0 && one.RepeatNet.IsPositive)
            .GroupBy(one => (one.Repeats, one.RepeatNet))
            .Select(group => new Group(group.Key.Repeats, MeanSpend(group.First()), group.Count()))
            .ToArray();
        Invariant.Holds(groups.Length > 0, "A model of spend needs customers who came back.");
        var best = LogSearch.Minimise(3, WidestLog, point => -LogLikelihood(Read(point), groups));
        var parameters = Read(best);
        return new GammaGammaFit(parameters, LogLikelihood(parameters, groups), groups.Sum(group => group.Count));
    }

    /// <summary>The spend to be expected of a customer on a day: <c>(1 − ω) × v × p ÷ (q − 1) + ω × m</c> with <c>ω = p × x ÷ (p × x + q − 1)</c>.</summary>
    /// <remarks>p 6, q 4, v 15, x 4, m 48.50: 46.44. For q not above 1 the mean over all customers does not exist; the customer's own counts
    /// then, and nothing can be said of one without repeat.</remarks>
    /// <param name="parameters">The model.</param>
    /// <param name="repeats">x.</param>
    /// <param name="meanSpend">m, the mean over the repeat days, in major units.</param>
    public static double Spend(GammaGammaParameters parameters, int repeats, double meanSpend)
    {
        var (p, q, v) = parameters;
        if (q <= 1) return meanSpend;
        var own = p * repeats / ((p * repeats) + q - 1);
        return ((1 - own) * v * p / (q - 1)) + (own * meanSpend);
    }

    /// <summary>The mean spend of a customer's repeat days, in major units; zero without one.</summary>
    public static double MeanSpend(PurchaseHistory history) => history.Repeats == 0 ? 0
        : history.RepeatNet.Minor / Math.Pow(10, history.RepeatNet.Currency.Exponent) / history.Repeats;

    private static double LogLikelihood(GammaGammaParameters parameters, Group[] groups)
    {
        var (p, q, v) = parameters;
        var common = (q * Math.Log(v)) - SpecialFunctions.GammaLn(q);
        var ofCount = new Dictionary<int, double>();
        var sum = 0.0;
        foreach (var (x, mean, count) in groups)
        {
            if (!ofCount.TryGetValue(x, out var fixedPart))
                ofCount[x] = fixedPart = common + SpecialFunctions.GammaLn((p * x) + q) - SpecialFunctions.GammaLn(p * x) + (p * x * Math.Log(x));
            sum += count * (fixedPart + (((p * x) - 1) * Math.Log(mean)) - (((p * x) + q) * Math.Log(v + (mean * x))));
        }

        return sum;
    }

    private static GammaGammaParameters Read(double[] logs) => new(Math.Exp(logs[0]), Math.Exp(logs[1]), Math.Exp(logs[2]));

    private readonly record struct Group(int X, double Mean, int Count);
}
