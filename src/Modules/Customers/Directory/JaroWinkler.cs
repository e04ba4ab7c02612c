namespace Plug1.Customers.Directory;

/// <summary>How alike two texts are.</summary>
/// <remarks>Source: Jaro, <i>Advances in record-linkage methodology</i>, JASA 84 (1989); Winkler, <i>String comparator metrics</i> (1990).</remarks>
internal static class JaroWinkler
{
    private const double Boost = 0.1;
    private const double BoostAbove = 0.7;
    private const int LongestPrefix = 4;

    /// <summary>The similarity of Jaro: <c>(m/|a| + m/|b| + (m − t)/m) ÷ 3</c>, m the letters in common within half the longer text, t half of
    /// those out of order.</summary>
    /// <returns>From 0 to 1; 1 for two equal texts, two empty ones too. <c>MARTHA</c> and <c>MARHTA</c>: 0.9444.</returns>
    public static double Jaro(string left, string right)
    {
        if (left == right) return 1;
        if (left.Length == 0 || right.Length == 0) return 0;

        // Walked from the shorter text, so that both orders find the same letters.
        var (a, b) = Ordered(left, right);
        var reach = Math.Max(0, (b.Length / 2) - 1);
        var taken = new bool[b.Length];
        var found = new List<char>(a.Length);
        for (var at = 0; at < a.Length; at++)
        {
            for (var other = Math.Max(0, at - reach); other <= Math.Min(b.Length - 1, at + reach); other++)
            {
                if (taken[other] || a[at] != b[other]) continue;
                taken[other] = true;
                found.Add(a[at]);
                break;
            }
        }

        if (found.Count == 0) return 0;
        var (outOfOrder, next) = (0, 0);
        for (var other = 0; other < b.Length; other++)
        {
            if (taken[other] && found[next++] != b[other]) outOfOrder++;
        }

        double common = found.Count;
        return ((common / a.Length) + (common / b.Length) + ((common - (outOfOrder / 2.0)) / common)) / 3;
    }

    /// <summary>Jaro's similarity, raised for a common beginning: <c>j + p × 0.1 × (1 − j)</c>, p the common first letters, at most 4.</summary>
    /// <remarks>Raised only above 0.7, as Winkler's own program does.</remarks>
    /// <returns>From 0 to 1. <c>gonzales maria</c> and <c>gonzalez maria</c>: 0.9714.</returns>
    public static double Similarity(string left, string right)
    {
        var jaro = Jaro(left, right);
        if (jaro <= BoostAbove) return jaro;
        var prefix = 0;
        while (prefix < LongestPrefix && prefix < left.Length && prefix < right.Length && left[prefix] == right[prefix]) prefix++;
        return jaro + (prefix * Boost * (1 - jaro));
    }

    private static (string Short, string Long) Ordered(string left, string right) =>
        left.Length < right.Length || (left.Length == right.Length && string.CompareOrdinal(left, right) <= 0) ? (left, right) : (right, left);
}
