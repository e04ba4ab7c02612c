using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;

namespace Plug1.Customers;

/// <summary>The customers of the company, for every function that sells, bills or serves: who somebody is, and whether anything may be agreed with them.</summary>
public interface IDirectory
{
    /// <summary>Asks who a party is with the next flush, at no further round trip.</summary>
    AskedParty Ask(Db db, Guid partyId);

    /// <summary>The party itself, or the one it was merged into; null when there is none.</summary>
    Task<CanonicalParty?> Resolve(Db db, Guid partyId, CancellationToken ct = default);

    /// <summary>The party with which something new may be agreed.</summary>
    /// <param name="db">A session.</param>
    /// <param name="partyId">A party, or one merged into it.</param>
    /// <param name="at">JSON pointer of the field that names it.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused with <c>DIRECTORY_UNKNOWN</c>, <c>DIRECTORY_BLOCKED</c> or <c>DIRECTORY_ERASED</c>.</returns>
    Task<Result<CanonicalParty>> RequireActive(Db db, Guid partyId, string at, CancellationToken ct = default);

    /// <summary>Tells of an attempt to deal with a blocked customer, when that is why a command was refused. The refusal undid the command, so this is a transaction of its own.</summary>
    /// <param name="call">The call.</param>
    /// <param name="partyId">Whom it named, or null.</param>
    /// <param name="refusal">Why it was refused, or null.</param>
    /// <param name="ct">Cancellation.</param>
    Task Refused(CommandCall call, Guid? partyId, Refusal? refusal, CancellationToken ct = default);
}

/// <summary>A party as it counts: whoever was merged into it is it.</summary>
/// <param name="Id">Id.</param>
/// <param name="Number">Number.</param>
/// <param name="Name">Name.</param>
/// <param name="State">active, blocked or erased.</param>
public sealed record CanonicalParty(Guid Id, string Number, string Name, PartyState State)
{
    /// <summary>Why nothing new may be agreed with it, or null.</summary>
    public Refusal? MayNot(string at) => State switch
    {
        PartyState.Blocked => Directory.DirectoryRefusals.Blocked(at),
        PartyState.Erased => Directory.DirectoryRefusals.Erased(at),
        PartyState.Merged => Directory.DirectoryRefusals.Merged(Id, at),
        _ => null,
    };
}

/// <summary>A party that was asked for; it is there after the next flush.</summary>
public sealed class AskedParty(Deferred<List<CanonicalParty>> asked)
{
    /// <summary>The party, or null when there is none.</summary>
    public CanonicalParty? Party => asked.Value.Count == 0 ? null : asked.Value[0];
}
