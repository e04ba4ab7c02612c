using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Parties;

/// <summary>What is entered of a party over the API.</summary>
/// <param name="Name">Name.</param>
/// <param name="Kind">person or organisation.</param>
/// <param name="Roles">customer, supplier, employee, member; customer when it is left out.</param>
/// <param name="Number">Number; the next of the series when it is left out.</param>
/// <param name="Phone">Telephone number, written in any way.</param>
/// <param name="Email">Mail address.</param>
/// <param name="Card">Number of its customer card.</param>
/// <param name="TaxId">Tax identifier.</param>
/// <param name="Country">Country, two capital letters.</param>
/// <param name="PriceListId">Its own price list.</param>
/// <param name="State">active or blocked.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record PartyWrite(
    string Name, PartyKind Kind = PartyKind.Person, IReadOnlyList<string>? Roles = null, string? Number = null, string? Phone = null, string? Email = null,
    string? Card = null, string? TaxId = null, string? Country = null, Guid? PriceListId = null, PartyState State = PartyState.Active, Guid? Id = null);

/// <summary>A party as the API tells it.</summary>
public sealed record PartyView(
    Guid Id, string Number, PartyKind Kind, string Name, IReadOnlyList<string> Roles, string? Phone, string? Email, string? Card, string? TaxId, string? Country,
    Guid? PriceListId, PartyState State, DateTimeOffset CreatedAt, long Version);

/// <summary>Parties over the API; the rules are those of <see cref="PartyBook"/>.</summary>
public sealed class PartyMaster(PartyBook book) : Master<PartyView, PartyWrite>
{
    private static readonly string[] RoleWords = [.. Enum.GetValues<PartyRoles>().Where(role => role != PartyRoles.None).Select(role => role.Word())];

    /// <inheritdoc/>
    public override string Function => "kernel.parties";

    /// <inheritdoc/>
    public override string Thing => "party";

    /// <inheritdoc/>
    public override string CreateAction => "create";

    /// <inheritdoc/>
    public override string UpdateAction => "update";

    /// <inheritdoc/>
    public override bool AuditsItself => true;

    /// <inheritdoc/>
    public override void Touch(Tx tx)
    {
        // Parties are read from the database whenever they are asked for.
    }

    /// <inheritdoc/>
    public override PartyView Shown(PartyView view, Security.Actor actor, Guid branch)
    {
        var shown = PartyPersonal.IsShown(actor, branch);
        return view with { Phone = PartyPersonal.Phone(view.Phone, shown), Email = PartyPersonal.Email(view.Email, shown) };
    }

    /// <inheritdoc/>
    public override async Task<PartyView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        Guid.TryParse(id, out var key) && await PartyBook.Find(db, key, ct) is { } party ? ViewOf(party) : null;

    /// <inheritdoc/>
    public override async Task<MasterPage<PartyView>> List(Db db, MasterQuery query, CancellationToken ct)
    {
        var role = Words.TryRead<PartyRoles>(query.Filter("role"), out var wanted) ? wanted : PartyRoles.None;
        var page = await PartyBook.Search(db, new PartyQuery(query.Text, role, query.Active, query.After, query.Limit), ct);
        return new MasterPage<PartyView>([.. page.Items.Select(ViewOf)], page.Next);
    }

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(PartyView view) => (view.Id.ToString(), view.Id, view.Version);

    /// <inheritdoc/>
    public override PartyWrite WriteOf(PartyView view) => new(
        view.Name, view.Kind, view.Roles, view.Number, view.Phone, view.Email, view.Card, view.TaxId, view.Country, view.PriceListId, view.State, view.Id);

    /// <inheritdoc/>
    public override async Task<Result<PartyView>> Insert(Tx tx, PartyWrite write, Stamp stamp, CancellationToken ct)
    {
        var draft = DraftOf(write);
        if (draft.IsRefused) return draft.Refusal;
        var made = await book.Create(tx, draft.Value, stamp, write.Id, ct);
        return made.IsRefused ? made.Refusal : ViewOf(made.Value);
    }

    /// <inheritdoc/>
    public override async Task<Result<PartyView>> Change(Tx tx, PartyView before, PartyWrite write, Stamp stamp, CancellationToken ct)
    {
        var draft = DraftOf(write);
        if (draft.IsRefused) return draft.Refusal;
        var after = await book.Update(tx, before.Id, before.Version, _ => draft.Value, stamp, ct);
        return after.IsRefused ? after.Refusal : ViewOf(after.Value);
    }

    private static Result<PartyDraft> DraftOf(PartyWrite write)
    {
        var roles = write.Roles is null ? PartyRoles.Customer : PartyRoles.None;
        foreach (var word in write.Roles ?? [])
        {
            if (!RoleWords.Contains(word) || !Words.TryRead<PartyRoles>(word, out var role)) return MasterRefusals.ChoiceInvalid("/roles", RoleWords);
            roles |= role;
        }

        return new PartyDraft(
            write.Kind, write.Name, roles, write.Number, write.Phone, write.Email, write.Card, write.TaxId, write.Country, write.PriceListId, write.State);
    }

    private static PartyView ViewOf(Party party) => new(
        party.Id, party.Number, party.Kind, party.Name, party.RoleWords, party.Phone, party.Email, party.Card, party.TaxId, party.Country, party.PriceListId,
        party.State, party.CreatedAt, party.Version);
}
