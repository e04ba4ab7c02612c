using System.Text.Json;
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
    public override string Name => "Customers, suppliers and other parties";

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

        return new ImportPlan(created, updated, unchanged, tx => PartyBook.StageAll(tx, [.. writes.Select(write => write.After)]), [.. writes.Select(write => new ImportChange(
            "party", write.After.Id, $"{write.After.Number} {write.After.Name}", write.Before is null ? null : JsonSerializer.Serialize(write.Before, JsonSerializerOptions.Web),
            write.Before is null ? 1 : write.Before.Version + 1))]);
    }

    /// <inheritdoc/>
    /// <remarks>A party that the import made is used when anything names it; one that it changed, when documents named it since.</remarks>
    public override async Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, CancellationToken ct)
    {
        var (ids, horizon) = (changes.Select(change => change.RecordId).ToList(), changes.Min(change => change.Horizon));
        var lockRows = Dialect.ForUpdate(tx.Engine);
        var versions = (await tx.Query($"select id, version from party where id {Sql.List(ids)} order by id{lockRows}", row => (row.Guid(0), row.Long(1)), ct)).ToDictionary(row => row.Item1, row => row.Item2);
        var used = await ReferencedBy.Any(tx, ReferencedBy.Party, ["party_role", "party_word"], [.. changes.Where(change => change.IsNew).Select(change => change.RecordId)], horizon, ct);
        used.UnionWith(await ReferencedBy.Facts(tx, "party_id", [.. changes.Where(change => !change.IsNew).Select(change => change.RecordId)], horizon, ct));
        var kept = Kept(changes, versions, used);
        var back = changes.Where(change => !change.IsNew && !kept.ContainsKey(change.Seq)).Select(change => (change.Seq, Party: JsonSerializer.Deserialize<Party>(change.Before!, JsonSerializerOptions.Web)!)).ToList();
        var cards = await tx.Query($"select card, id from party where card {Sql.List(back.Select(one => one.Party.Card).OfType<string>())}", row => (Card: row.Text(0), Party: row.Guid(1)), ct);
        var backIds = back.Select(one => one.Party.Id).ToHashSet();
        // A card that another party has by now stays with that one.
        foreach (var (seq, _) in back.Where(one => cards.Any(card => card.Card == one.Party.Card && card.Party != one.Party.Id && !backIds.Contains(card.Party)))) kept[seq] = UndoRefusals.Used;
        var gone = changes.Where(change => change.IsNew && !kept.ContainsKey(change.Seq)).Select(change => change.RecordId).ToList();
        tx.Stage($"delete from party_role where party_id {Sql.List(gone)}");
        tx.Stage($"delete from party_word where party_id {Sql.List(gone)}");
        tx.Stage($"delete from party where id {Sql.List(gone)}");
        // Cards are given up before they are taken back, so that two parties may have changed theirs.
        tx.Stage($"update party set card = {(string?)null} where id {Sql.List(back.Where(one => !kept.ContainsKey(one.Seq)).Select(one => one.Party.Id))}");
        PartyBook.StageAll(tx, [.. back.Where(one => !kept.ContainsKey(one.Seq)).Select(one => one.Party)]);
        return kept;
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
