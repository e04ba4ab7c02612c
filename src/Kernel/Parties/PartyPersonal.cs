using Plug1.Kernel.Security;

namespace Plug1.Kernel.Parties;

/// <summary>Who sees how a party is reached, and what the others see instead. It holds wherever parties are shown.</summary>
public static class PartyPersonal
{
    /// <summary>The permission to see telephone numbers, mail addresses and names of contact persons. The customer directory declares it; it holds for every party.</summary>
    public const string Permission = "customers.directory.view-personal";

    /// <summary>Whether somebody sees it at a branch.</summary>
    public static bool IsShown(Actor actor, Guid branch) => actor.May(Permission, branch);

    /// <summary>A telephone number without all but its last two digits.</summary>
    public static string? Phone(string? phone, bool shown) => shown || phone is null ? phone : "•••••" + phone[Math.Max(0, phone.Length - 2)..];

    /// <summary>A mail address without all but its first letter.</summary>
    public static string? Email(string? email, bool shown) => shown || email is null ? email : email[..1] + "•••@•••";

    /// <summary>A name or an address that is not shown at all.</summary>
    public static string? Hidden(string? text, bool shown) => shown || text is null ? text : "•••••";

    /// <summary>A party as somebody sees it.</summary>
    public static Party Of(Party party, bool shown) => shown ? party : party with { Phone = Phone(party.Phone, false), Email = Email(party.Email, false) };
}
