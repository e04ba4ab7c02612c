using Plug1.Kernel.Commands;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Imports;

/// <summary>Parties by their number.</summary>
public sealed class PartyImport : ImportTarget
{
    private const PartyRoles None = PartyRoles.None;

    /// <inheritdoc/>
    public override string Kind => "parties";

    /// <inheritdoc/>
    public override IReadOnlyList<ImportField> Fields { get; } =
    [
        new("number", true), new("name", true), new("kind"), new("roles"), new("phone"), new("email"), new("card"), new("taxId"), new("country"), new("priceList"), new("state"),
    ];

    /// <inheritdoc/>
    public override void Begin(Tx tx)
    {
        // Parties are read from the database whenever they are asked for.
    }

    /// <inheritdoc/>
    public override string? KeyOf(ImportRow row) => row.Required("number") is { Length: > 0 } number ? number : null;

    /// <inheritdoc/>
    public override async Task<ImportPlan> Plan(Db db, IReadOnlyList<ImportRow> rows, Stamp stamp, CancellationToken ct)
    {
        var known = await PartyBook.ByNumbers(db, [.. rows.Select(row => row.Text("number")!)], ct);
        var cards = rows.Select(row => row.Text("card")).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var owners = db.Later($"select card, number from party where card {Sql.List(cards)}", row => (Card: row.Text(0), Number: row.Text(1)));
        var lists = db.Later($"select code, id from price_list", row => (Code: row.Text(0), Id: row.Guid(1)));
        await db.Flush(ct);
        var ownerOf = owners.Value.ToDictionary(row => row.Card, row => row.Number, StringComparer.Ordinal);
        var listOf = lists.Value.ToDictionary(row => row.Code, row => row.Id, StringComparer.Ordinal);

        var (created, updated, unchanged) = (0, 0, 0);
        var writes = new List<(Party? Before, Party After)>();
        foreach (var row in rows)
        {
            var before = known.GetValueOrDefault(row.Text("number")!);
            var draft = Read(row, before, listOf);
            if (before is { State: PartyState.Merged or PartyState.Erased }) row.Refuse("number", PartyRefusals.Closed);
            if (PartyText.Check(draft) is { IsRefused: true } no) row.Refuse(no.Refusal.At is { } at ? at[1..] : "", no.Refusal);
            if (draft.Card is { } card && ownerOf.TryGetValue(card, out var owner) && owner != draft.Number) row.Refuse("card", PartyRefusals.CardTaken);
            if (row.Fault is not null) continue;

            if (draft.Card is not null) ownerOf[draft.Card] = draft.Number!;
            var after = new Party(
                before?.Id ?? Guid.CreateVersion7(stamp.At), draft.Number!, draft.Kind, draft.Name, draft.Roles, draft.Phone, draft.Email, draft.Card, draft.TaxId, draft.Country,
                draft.PriceListId, draft.State, before?.CreatedAt ?? Dialect.Micro(stamp.At), before?.Version ?? 1);
            if (after == before)
            {
                unchanged++;
                continue;
            }

            if (before is null) created++;
            else updated++;
            writes.Add((before, after));
        }

        return new ImportPlan(created, updated, unchanged, tx => PartyBook.StageAll(tx, [.. writes.Select(write => write.After)]));
    }

    /// <summary>What a row says, over what stands: a field that the file does not have stays.</summary>
    private static PartyDraft Read(ImportRow row, Party? before, Dictionary<string, Guid> listOf)
    {
        var roles = None;
        foreach (var word in row.List("roles") ?? [])
        {
            if (Words.TryRead<PartyRoles>(word.ToLowerInvariant(), out var role) && role != None) roles |= role;
            else row.Refuse("roles", "IMPORT_CHOICE_INVALID", $"'{word}' is none of customer, supplier, employee, member.");
        }

        Guid? list = before?.PriceListId;
        if (row.Has("priceList"))
        {
            list = null;
            if (row.Text("priceList") is { } code && !listOf.TryGetValue(code, out var found)) row.Refuse("priceList", PartyRefusals.PriceListUnknown);
            else if (row.Text("priceList") is { } named) list = listOf[named];
        }

        string? Over(string field, string? standing) => row.Has(field) ? row.Text(field) : standing;
        return PartyText.Tidy(new PartyDraft(
            row.Word<PartyKind>("kind") ?? before?.Kind ?? PartyKind.Person, row.Required("name"), row.Has("roles") && roles != None ? roles : before?.Roles ?? PartyRoles.Customer,
            row.Text("number"), Over("phone", before?.Phone), Over("email", before?.Email), Over("card", before?.Card), Over("taxId", before?.TaxId), Over("country", before?.Country),
            list, row.Word<PartyState>("state") ?? before?.State ?? PartyState.Active));
    }
}
