using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>Who somebody is, for all functions.</summary>
internal sealed class CustomerDirectory(Database database, CommandRunner runner, DirectoryFunction function, ExceptionBook exceptions) : IDirectory
{
    /// <inheritdoc/>
    public AskedParty Ask(Db db, Guid partyId) => new(db.Later($"""
        select c.id, c.number, c.name, c.state from party p join party c on c.id = coalesce(p.canonical_id, p.id) where p.id = {partyId}
        """, row => new CanonicalParty(row.Guid(0), row.Text(1), row.Text(2), StateOf(row.Text(3)))));

    /// <inheritdoc/>
    public async Task<CanonicalParty?> Resolve(Db db, Guid partyId, CancellationToken ct = default)
    {
        var asked = Ask(db, partyId);
        await db.Flush(ct);
        return asked.Party;
    }

    /// <inheritdoc/>
    public async Task<Result<CanonicalParty>> RequireActive(Db db, Guid partyId, string at, CancellationToken ct = default) =>
        await Resolve(db, partyId, ct) is not { } party ? DirectoryRefusals.Unknown with { At = at } : party.MayNot(at) is { } no ? no : party;

    /// <inheritdoc/>
    public async Task Refused(CommandCall call, Guid? partyId, Refusal? refusal, CancellationToken ct = default)
    {
        if (refusal?.Code != DirectoryRefusals.BlockedCode || partyId is not { } id) return;
        var stamp = await runner.StampOf(call, ct);
        var currency = (await function.Organisation.Get(ct)).Company.Currency.Code;
        await database.Write(async tx =>
        {
            if (await Resolve(tx, id, ct) is not { State: PartyState.Blocked } party) return;
            var about = Header.Draft(party.Id, function.Code, Customer.Kind, stamp, currency);
            about.Number = party.Number;
            await exceptions.Raise(tx, function, DirectoryMeasures.BlockedAttempt, about, $"Somebody tried to deal with {party.Number}, who is blocked.", stamp, ct: ct);
        }, ct);
    }

    private static PartyState StateOf(string word) => word switch
    {
        "active" => PartyState.Active,
        "blocked" => PartyState.Blocked,
        "merged" => PartyState.Merged,
        _ => PartyState.Erased,
    };
}
