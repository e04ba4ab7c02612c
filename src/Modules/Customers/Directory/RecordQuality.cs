namespace Plug1.Customers.Directory;

/// <summary>Which parts of a customer record are filled.</summary>
internal sealed record FilledParts(bool Name, bool Phone, bool Email, bool Address, bool Consent, bool BirthDateOrTaxId);

/// <summary>One side's value of a field in a merge.</summary>
/// <param name="Value">The value; null or empty when the side has none.</param>
/// <param name="Verified">Whether somebody made sure of it.</param>
/// <param name="ChangedAt">When it was last entered.</param>
internal sealed record FieldVersion(string? Value, bool Verified, DateTimeOffset ChangedAt);

/// <summary>How complete a record is, and which value a merge keeps.</summary>
internal static class RecordQuality
{
    /// <summary>Completeness from 0 to 100: name, telephone, mail and address 20 each, consent 10, day of birth or tax id 10.</summary>
    public static int Completeness(FilledParts parts) =>
        (parts.Name ? 20 : 0) + (parts.Phone ? 20 : 0) + (parts.Email ? 20 : 0) + (parts.Address ? 20 : 0) + (parts.Consent ? 10 : 0) + (parts.BirthDateOrTaxId ? 10 : 0);

    /// <summary>Which version of a field a merge keeps unless somebody chooses: a filled one over none, verified over unverified, then the newer,
    /// then the longer, then the one that comes first.</summary>
    /// <param name="versions">The survivor's first, then those of the merged ones; at least one.</param>
    /// <returns>The place in the list.</returns>
    public static int Pick(IReadOnlyList<FieldVersion> versions)
    {
        var best = 0;
        for (var at = 1; at < versions.Count; at++)
        {
            if (Rank(versions[at]).CompareTo(Rank(versions[best])) > 0) best = at;
        }

        return best;
    }

    private static (bool Filled, bool Verified, DateTimeOffset ChangedAt, int Length) Rank(FieldVersion version) =>
        (!string.IsNullOrWhiteSpace(version.Value), version.Verified, version.ChangedAt, version.Value?.Trim().Length ?? 0);
}
