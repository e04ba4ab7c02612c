namespace Plug1.Kernel.Analytics;

/// <summary>The candidates mixed by how well they did in the back-test, or one alone where it did clearly better.</summary>
internal sealed class Mixture
{
    // Found on the M4 and M3 series, flat around here: a method with twice the error gets about a thirtieth of the weight.
    private const double Sharpness = 5;
    private const int MostMethods = 8;
    private const double ClearlyBetter = 0.75;

    private Mixture(string name, IReadOnlyList<ForecastShare> shares, double[][] past, double[] ahead)
    {
        Name = name;
        Shares = shares;
        Past = past;
        Ahead = ahead;
    }

    public string Name { get; }
    public IReadOnlyList<ForecastShare> Shares { get; }

    /// <summary>What it would have forecast at each origin, weighted by what the other origins taught, so that its error is honest.</summary>
    public double[][] Past { get; }

    public double[] Ahead { get; }

    public static Mixture Of(BackTest trial, IReadOnlyList<Candidate> candidates)
    {
        var origins = Enumerable.Range(0, trial.Origins.Length).ToArray();
        var scores = candidates.Select((_, index) => origins.Select(at => trial.ErrorsAt(trial.Past[index], at)).ToArray()).ToArray();
        var weights = Weights(scores, without: -1);
        double[][] past = [.. origins.Select(at => Sum(Weights(scores, without: origins.Length > 1 ? at : -1), index => trial.Past[index][at]))];

        var best = Array.IndexOf(weights, weights.Max());
        var mixed = trial.Errors(past);
        var alone = trial.Errors(trial.Past[best]);
        if (origins.Length > 2 && alone.Absolute + alone.Smape > 0 && (alone.Absolute / mixed.Absolute) + (alone.Smape / mixed.Smape) < 2 * ClearlyBetter)
        {
            return new Mixture(candidates[best].Name, [new ForecastShare(candidates[best].Name, 1)], trial.Past[best], trial.Ahead[best]);
        }

        var shares = candidates.Select((candidate, index) => new ForecastShare(candidate.Name, weights[index]))
            .Where(share => share.Weight > 0).OrderByDescending(share => share.Weight).ToList();
        var name = shares.Count == 1 ? shares[0].Method : $"Mix led by {shares[0].Method}";
        return new Mixture(name, shares, past, Sum(weights, index => trial.Ahead[index]));
    }

    // Errors count relative to those of the last value repeated, the absolute and the symmetric one alike.
    private static double[] Weights((double Absolute, double Smape)[][] scores, int without)
    {
        (double Absolute, double Smape) Total((double Absolute, double Smape)[] errors)
        {
            double absolute = 0, smape = 0;
            for (var at = 0; at < errors.Length; at++)
            {
                if (at == without) continue;
                absolute += errors[at].Absolute;
                smape += errors[at].Smape;
            }

            return (absolute, smape);
        }

        var (naiveAbsolute, naiveSmape) = Total(scores[0]);
        var relative = scores.Select(errors => Total(errors))
            .Select(total => (total.Absolute / Math.Max(naiveAbsolute, 1e-12)) + (total.Smape / Math.Max(naiveSmape, 1e-12))).ToArray();
        var limit = relative.Order().ElementAt(Math.Min(MostMethods, relative.Length) - 1);
        var weights = relative.Select(score => score <= limit ? Math.Pow(Math.Max(score, 1e-6), -Sharpness) : 0).ToArray();
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    private static double[] Sum(double[] weights, Func<int, double[]> forecast)
    {
        double[]? result = null;
        for (var index = 0; index < weights.Length; index++)
        {
            if (weights[index] == 0) continue;
            var part = forecast(index);
            result ??= new double[part.Length];
            for (var j = 0; j < part.Length; j++) result[j] += weights[index] * part[j];
        }

        return result!;
    }
}
