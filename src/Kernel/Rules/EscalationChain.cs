using System.Globalization;
using Plug1.Kernel.MasterData;

namespace Plug1.Kernel.Rules;

/// <summary>A further role in a chain.</summary>
/// <param name="Role">The role.</param>
/// <param name="Minutes">How long the role before it has; at least one.</param>
public sealed record EscalationLink(string Role, int Minutes);

/// <summary>The roles to which something is passed on after the first one, in order, each when the one before it has had its time.</summary>
/// <remarks>Kept as <c>role:minutes,role:minutes</c>; role codes have neither sign.</remarks>
public static class EscalationChain
{
    /// <summary>Most further roles of one rule.</summary>
    public const int Longest = 5;

    private const int MostMinutes = 525_600;

    /// <summary>The chain as it is kept.</summary>
    public static string Write(IEnumerable<EscalationLink> links) => string.Join(',', links.Select(link => string.Create(CultureInfo.InvariantCulture, $"{link.Role}:{link.Minutes}")));

    /// <summary>The chain from how it is kept.</summary>
    public static IReadOnlyList<EscalationLink> Read(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(link => link.Split(':'))
        .Select(parts => new EscalationLink(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)))];

    /// <summary>What is wrong with a chain as it was entered; null for nothing.</summary>
    /// <param name="links">The chain.</param>
    /// <param name="first">The first role of the escalation, without which there is no chain.</param>
    /// <param name="roles">The roles that there are.</param>
    /// <param name="at">Pointer of the list.</param>
    /// <returns>Refused with <c>NUMBER_OUT_OF_RANGE</c> or <c>CHOICE_INVALID</c>.</returns>
    internal static Refusal? Wrong(IReadOnlyList<EscalationLink>? links, string first, IReadOnlyList<string> roles, string at)
    {
        if (links is not { Count: > 0 }) return null;
        if (links.Count > Longest) return MasterRefusals.NumberOutOfRange(at, $"between 0 and {Longest} in number");
        if (first.Length == 0) return MasterRefusals.ChoiceInvalid("/escalateRole", roles);
        for (var place = 0; place < links.Count; place++)
        {
            if (links[place] is not { } link || !roles.Contains(link.Role)) return MasterRefusals.ChoiceInvalid(string.Create(CultureInfo.InvariantCulture, $"{at}/{place}/role"), roles);
            if (Check.Between(link.Minutes, 1, MostMinutes, string.Create(CultureInfo.InvariantCulture, $"{at}/{place}/minutes"), $"between 1 and {MostMinutes}") is { } no) return no;
        }

        return null;
    }
}
