using Plug1.Kernel.Values;

namespace Plug1.Customers.Directory;

/// <summary>What is compared of two records.</summary>
internal enum MatchField
{
    /// <summary>Mail address.</summary>
    Email,

    /// <summary>Telephone number.</summary>
    Phone,

    /// <summary>Name, by its similarity.</summary>
    Name,

    /// <summary>Day of birth.</summary>
    BirthDate,

    /// <summary>Postcode.</summary>
    Postcode,

    /// <summary>Tax id with its country.</summary>
    TaxId,
}

/// <summary>What a score means.</summary>
internal enum MatchVerdict
{
    /// <summary>Two records of different parties, as far as can be told.</summary>
    None,

    /// <summary>Perhaps the same: somebody should look.</summary>
    Suspect,

    /// <summary>The same.</summary>
    Duplicate,
}

/// <summary>One level of a comparison.</summary>
/// <param name="Code">How answers name it: <c>equal</c>, <c>>=0.92</c>, <c>differ</c>.</param>
/// <param name="AtLeast">The similarity from which it holds: 1 for equal, 0 for the last level.</param>
/// <param name="M">How often it is seen between two records of one party; more than zero.</param>
/// <param name="U">How often it is seen between records of two parties; more than zero.</param>
internal sealed record MatchLevel(string Code, Rate AtLeast, Rate M, Rate U);

/// <summary>The weights of one field: its levels, the most alike first; the last one always holds.</summary>
/// <param name="Field">What is compared.</param>
/// <param name="Levels">Its levels.</param>
internal sealed record MatchComparison(MatchField Field, IReadOnlyList<MatchLevel> Levels);

/// <summary>The weights of all fields, as they are kept and edited.</summary>
/// <param name="Prior">The chance that two records taken blindly are of one party (λ).</param>
/// <param name="Comparisons">One a field.</param>
/// <param name="DuplicateFrom">The probability from which two records are the same.</param>
/// <param name="SuspectFrom">The probability from which somebody should look.</param>
internal sealed record MatchWeights(Rate Prior, IReadOnlyList<MatchComparison> Comparisons, Rate DuplicateFrom, Rate SuspectFrom)
{
    /// <summary>The weights that a company starts with.</summary>
    public static MatchWeights Seeded { get; } = new(
        new Rate(100),
        [
            Exact(MatchField.Email, 800_000, 5),
            Exact(MatchField.Phone, 750_000, 500),
            new MatchComparison(MatchField.Name,
            [
                new MatchLevel("equal", Rate.One, new Rate(660_000), new Rate(2_000)),
                new MatchLevel(">=0.92", new Rate(920_000), new Rate(160_000), new Rate(10_000)),
                new MatchLevel(">=0.85", new Rate(850_000), new Rate(60_000), new Rate(40_000)),
                new MatchLevel("else", Rate.Zero, new Rate(120_000), new Rate(948_000)),
            ]),
            Exact(MatchField.BirthDate, 950_000, 300),
            Exact(MatchField.Postcode, 800_000, 10_000),
            Exact(MatchField.TaxId, 980_000, 1),
        ],
        Rate.Percent(90),
        Rate.Percent(50));

    private static MatchComparison Exact(MatchField field, long m, long u) => new(field,
    [
        new MatchLevel("equal", Rate.One, new Rate(m), new Rate(u)),
        new MatchLevel("differ", Rate.Zero, new Rate(1_000_000 - m), new Rate(1_000_000 - u)),
    ]);
}

/// <summary>What is compared of one record, each in its normalised form; null where there is none.</summary>
internal sealed record MatchSubject
{
    /// <summary>Name by <see cref="Normalise.Name"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Mail address by <see cref="Normalise.Email"/>.</summary>
    public string? Email { get; init; }

    /// <summary>Telephone number by <see cref="Normalise.Phone"/>.</summary>
    public string? Phone { get; init; }

    /// <summary>Day of birth.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Postcode.</summary>
    public string? Postcode { get; init; }

    /// <summary>Country and tax id in one text.</summary>
    public string? TaxId { get; init; }

    /// <summary>Family name, or trading name of an organisation, normalised.</summary>
    public string? FamilyName { get; init; }

    /// <summary>Keys that candidates share at least one of: mail address, telephone, tax id, first 4 letters of the family name with the
    /// postcode, day of birth with the first letter of the family name.</summary>
    public IEnumerable<string> Keys()
    {
        if (Email is { Length: > 0 }) yield return "email:" + Email;
        if (Phone is { Length: > 0 }) yield return "phone:" + Phone;
        if (TaxId is { Length: > 0 }) yield return "tax:" + TaxId;
        if (FamilyName is not { Length: > 0 } family) yield break;
        if (Postcode is { Length: > 0 }) yield return $"name:{family[..Math.Min(4, family.Length)]}:{Postcode}";
        if (BirthDate is { } born) yield return $"born:{born:yyyy-MM-dd}:{family[0]}";
    }
}

/// <summary>What one field adds to a score.</summary>
/// <param name="Field">The field.</param>
/// <param name="Level">The level that holds.</param>
/// <param name="Bits">log2(m/u), not rounded.</param>
internal sealed record MatchPart(MatchField Field, string Level, double Bits);

/// <summary>How sure it is that two records are of one party, and why.</summary>
/// <param name="Bits">The sum, not rounded; shown with 2 decimals.</param>
/// <param name="Probability">From 0 to 1, not rounded; shown with 4 decimals.</param>
/// <param name="Verdict">What it means.</param>
/// <param name="Parts">What each field adds; fields that one of the two lacks are left out.</param>
internal sealed record MatchResult(double Bits, double Probability, MatchVerdict Verdict, IReadOnlyList<MatchPart> Parts);

/// <summary>Scores whether two records are of one party.</summary>
/// <remarks>
/// <para><c>bits = log2(λ ÷ (1 − λ)) + Σ log2(m ÷ u)</c>, <c>probability = 1 ÷ (1 + 2^−bits)</c>. A value that one side lacks adds nothing.
/// Binary fractions are right here: nothing of it is booked.</para>
/// <para>Source: Fellegi and Sunter, <i>A theory for record linkage</i>, JASA 64 (1969).</para>
/// </remarks>
internal static class MatchScore
{
    /// <summary>The bits of a prior and the levels that hold.</summary>
    /// <param name="prior">The chance that two records taken blindly are of one party; between 0 and 1.</param>
    /// <param name="levels">The level that holds for each field compared.</param>
    public static double Bits(Rate prior, IEnumerable<MatchLevel> levels) =>
        Math.Log2((double)prior.Millionths / (Rate.One - prior).Millionths) + levels.Sum(BitsOf);

    /// <summary>The probability of so many bits: 7.59 bits are 0.9948.</summary>
    public static double Probability(double bits) => 1 / (1 + Math.Pow(2, -bits));

    /// <summary>Compares two records.</summary>
    public static MatchResult Of(MatchSubject left, MatchSubject right, MatchWeights weights)
    {
        var parts = new List<MatchPart>();
        var levels = new List<MatchLevel>();
        foreach (var comparison in weights.Comparisons)
        {
            if (Similarity(comparison.Field, left, right) is not { } similarity) continue;
            var level = comparison.Levels.FirstOrDefault(level => similarity >= level.AtLeast.Millionths / 1e6) ?? comparison.Levels[^1];
            levels.Add(level);
            parts.Add(new MatchPart(comparison.Field, level.Code, BitsOf(level)));
        }

        var bits = Bits(weights.Prior, levels);
        var probability = Probability(bits);
        var verdict = probability >= weights.DuplicateFrom.Millionths / 1e6 ? MatchVerdict.Duplicate
            : probability >= weights.SuspectFrom.Millionths / 1e6 ? MatchVerdict.Suspect : MatchVerdict.None;
        return new MatchResult(bits, probability, verdict, parts);
    }

    private static double BitsOf(MatchLevel level) => Math.Log2((double)level.M.Millionths / level.U.Millionths);

    private static double? Similarity(MatchField field, MatchSubject left, MatchSubject right) => field switch
    {
        MatchField.Email => Equal(left.Email, right.Email),
        MatchField.Phone => Equal(left.Phone, right.Phone),
        MatchField.Postcode => Equal(left.Postcode, right.Postcode),
        MatchField.TaxId => Equal(left.TaxId, right.TaxId),
        MatchField.BirthDate => left.BirthDate is { } a && right.BirthDate is { } b ? (a == b ? 1 : 0) : null,
        _ => string.IsNullOrEmpty(left.Name) || string.IsNullOrEmpty(right.Name) ? null : JaroWinkler.Similarity(left.Name, right.Name),
    };

    private static double? Equal(string? left, string? right) =>
        string.IsNullOrEmpty(left) || string.IsNullOrEmpty(right) ? null : string.Equals(left, right, StringComparison.Ordinal) ? 1 : 0;
}
