using System.Text.Json;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Parties;

/// <summary>What parties are looked for by.</summary>
/// <param name="Text">Beginnings of words of the name, or of the number, card, telephone number or mail address; null for all.</param>
/// <param name="Role">Only those with this role, or None for all.</param>
/// <param name="Active">Only active ones, only others, or null for all; merged ones never come.</param>
/// <param name="After">The cursor of the page before, or null.</param>
/// <param name="Limit">How many at most, 1 to 200.</param>
public sealed record PartyQuery(string? Text = null, PartyRoles Role = PartyRoles.None, bool? Active = null, string? After = null, int Limit = 50);

/// <summary>A page of parties.</summary>
/// <param name="Items">The parties, by name; of a search in the order of the word that was found.</param>
/// <param name="Next">The cursor of the next page, or null at the end.</param>
public sealed record PartyPage(IReadOnlyList<Party> Items, string? Next);

/// <summary>All the SQL of parties: found by id, number, telephone, card or beginning of a name; entered and changed.</summary>
public sealed class PartyBook(Database database, TimeProvider clock)
{
    private const string Columns = """
        p.id, p.number, p.kind, p.name, p.phone, p.email, p.card, p.tax_id, p.country, p.price_list_id, p.state, p.created_at, p.version, p.canonical_id,
        (select coalesce(sum(case r.role when 'customer' then 1 when 'supplier' then 2 when 'employee' then 4 else 8 end), 0) from party_role r where r.party_id = p.id)
        """;

    private static readonly Table Parties = new("party",
        ("id", Kind.Id), ("number", Kind.Text), ("kind", Kind.Text), ("name", Kind.Text), ("phone", Kind.Text), ("email", Kind.Text), ("card", Kind.Text),
        ("tax_id", Kind.Text), ("country", Kind.Text), ("price_list_id", Kind.Id), ("state", Kind.Text), ("created_at", Kind.Instant));

    private static readonly Table PartiesOver = Parties.On("""
        on conflict (id) do update set kind = excluded.kind, name = excluded.name, phone = excluded.phone, email = excluded.email, card = excluded.card,
          tax_id = excluded.tax_id, country = excluded.country, price_list_id = excluded.price_list_id, state = excluded.state, version = party.version + 1
        """);

    private static readonly Table RoleRows = new("party_role", ("party_id", Kind.Id), ("role", Kind.Text));
    // A word that somebody else has added for the party is its own from now on.
    private static readonly Table WordRows = new Table("party_word", ("word", Kind.Text), ("party_id", Kind.Id)).On("on conflict (word, party_id) do update set extra = false");

    private static readonly JsonSerializerOptions AuditJson = new(JsonSerializerDefaults.Web);

    /// <summary>A party by its id or by that of one merged into it, or null.</summary>
    public Task<Party?> Find(Guid id, CancellationToken ct = default) => database.Read(db => Find(db, id, ct), ct);

    /// <inheritdoc cref="Find(Guid, CancellationToken)"/>
    public static async Task<Party?> Find(Db db, Guid id, CancellationToken ct = default) =>
        await Resolved(db, await db.First($"select {Sql.Raw(Columns)} from party p where p.id = {id}", row => Found(row), ct), ct);

    /// <summary>A party by its number, or null.</summary>
    public static async Task<Party?> ByNumber(Db db, string number, CancellationToken ct = default) =>
        await Resolved(db, await db.First($"select {Sql.Raw(Columns)} from party p where p.number = {number}", row => Found(row), ct), ct);

    /// <summary>A party by the number of its card, or null.</summary>
    public static async Task<Party?> ByCard(Db db, string card, CancellationToken ct = default) =>
        await Resolved(db, await db.First($"select {Sql.Raw(Columns)} from party p where p.card = {card}", row => Found(row), ct), ct);

    /// <summary>The parties with a telephone number, written in any way; at most 20.</summary>
    public static async Task<IReadOnlyList<Party>> ByPhone(Db db, string phone, CancellationToken ct = default) =>
        PartyText.Phone(phone) is not { } digits ? []
        : await db.Query($"select {Sql.Raw(Columns)} from party p where p.phone = {digits} and p.state <> 'merged' order by p.name, p.id limit 20", row => Found(row).Party, ct);

    /// <summary>A page of parties; each word that is looked for must begin a word of theirs.</summary>
    public Task<PartyPage> Search(PartyQuery query, CancellationToken ct = default) => database.Read(db => Search(db, query, ct), ct);

    /// <inheritdoc cref="Search(PartyQuery, CancellationToken)"/>
    public static async Task<PartyPage> Search(Db db, PartyQuery query, CancellationToken ct = default)
    {
        var limit = Math.Clamp(query.Limit, 1, 200);
        Sql filter = $"p.state <> 'merged'";
        if (query.Active is { } active) filter = active ? (Sql)$"{filter} and p.state = 'active'" : (Sql)$"{filter} and p.state <> 'active'";
        if (query.Role != PartyRoles.None)
        {
            var role = query.Role.Word();
            filter = (Sql)$"{filter} and exists (select 1 from party_role pr where pr.party_id = p.id and pr.role = {role})";
        }

        return string.IsNullOrWhiteSpace(query.Text) ? await ByName(db, filter, query.After, limit, ct) : await ByWord(db, query.Text, filter, query.After, limit, ct);
    }

    /// <summary>A test whether a party is found by a text, over an expression of its id; null when there is nothing to look for.</summary>
    public static Sql? FoundBy(string text, string id)
    {
        var words = PartyText.LookedFor(text);
        return words.Count == 0 ? null : Sql.Join(" and ", words.Select(word => (Sql)$"{Sql.Raw(id)} in (select w.party_id from party_word w where {Begins("w", word)})"));
    }

    private static async Task<PartyPage> ByName(Db db, Sql filter, string? after, int limit, CancellationToken ct)
    {
        if (ReadCursor(after) is ({ } name, var id)) filter = (Sql)$"{filter} and (p.name, p.id) > ({name}, {id})";
        var rows = await db.Query($"select {Sql.Raw(Columns)} from party p where {filter} order by p.name, p.id limit {limit + 1}", row => Found(row).Party, ct);
        return new PartyPage([.. rows.Take(limit)], rows.Count > limit ? CursorOf(rows[limit - 1].Name, rows[limit - 1].Id) : null);
    }

    private static async Task<PartyPage> ByWord(Db db, string text, Sql filter, string? after, int limit, CancellationToken ct)
    {
        var words = PartyText.LookedFor(text);
        if (words.Count == 0) return new PartyPage([], null);
        foreach (var more in words.Skip(1))
            filter = (Sql)$"{filter} and exists (select 1 from party_word x where x.party_id = p.id and {Begins("x", more)})";
        if (ReadCursor(after) is ({ } word, var id)) filter = (Sql)$"{filter} and (w.word, w.party_id) > ({word}, {id})";

        // A party is found once for each word that fits: its first one counts, so that no page shows it again.
        var rows = await db.Query($"""
            select {Sql.Raw(Columns)}, w.word from party_word w join party p on p.id = w.party_id
            where {Begins("w", words[0])} and {filter}
              and not exists (select 1 from party_word e where e.party_id = w.party_id and e.word < w.word and {Begins("e", words[0])})
            order by w.word, w.party_id limit {limit + 1}
            """, row => (Found(row).Party, Word: row.Text(15)), ct);
        return new PartyPage([.. rows.Take(limit).Select(row => row.Party)], rows.Count > limit ? CursorOf(rows[limit - 1].Word, rows[limit - 1].Party.Id) : null);
    }

    /// <summary>Enters a party, with a number of the series when it brings none.</summary>
    public async Task<Result<Party>> Create(Tx tx, PartyDraft entered, Stamp stamp, Guid? id = null, CancellationToken ct = default)
    {
        var draft = PartyText.Tidy(entered);
        if (PartyText.Check(draft) is { IsRefused: true } checkedBy) return checkedBy.Refusal;
        var party = new Party(
            id ?? Ids.New(clock), draft.Number ?? "", draft.Kind, draft.Name, draft.Roles, draft.Phone, draft.Email, draft.Card, draft.TaxId, draft.Country,
            draft.PriceListId, draft.State, Dialect.Micro(stamp.At));
        if (await MayTake(tx, party, ct) is { IsRefused: true } taken) return taken.Refusal;
        if (party.Number.Length == 0) party = party with { Number = await Numbers.Draw(tx, "kernel.parties", "P-", ct: ct) };
        Stage(tx, Parties, party);
        Audit(tx, stamp, "create", party.Id, null, party);
        return party;
    }

    /// <summary>Changes a party to what the draft says; a draft without a number keeps it.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="id">The party.</param>
    /// <param name="version">The version that the writer has seen; null when any will do.</param>
    /// <param name="change">Makes the new draft of the present one.</param>
    /// <param name="stamp">Who and when.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<Result<Party>> Update(Tx tx, Guid id, long? version, Func<PartyDraft, PartyDraft> change, Stamp stamp, CancellationToken ct = default)
    {
        var found = await tx.First($"select {Sql.Raw(Columns)} from party p where p.id = {id}{Dialect.ForUpdate(tx.Engine)}", row => Found(row), ct);
        if (found.Party is not { } before) return PartyRefusals.Unknown;
        if (version is { } seen && seen != before.Version) return Headers.Conflict(before.Version);
        if (before.State is PartyState.Merged or PartyState.Erased) return PartyRefusals.Closed;

        var draft = PartyText.Tidy(change(before.Draft));
        if (PartyText.Check(draft) is { IsRefused: true } checkedBy) return checkedBy.Refusal;
        var after = before with
        {
            Number = draft.Number ?? before.Number,
            Kind = draft.Kind,
            Name = draft.Name,
            Roles = draft.Roles,
            Phone = draft.Phone,
            Email = draft.Email,
            Card = draft.Card,
            TaxId = draft.TaxId,
            Country = draft.Country,
            PriceListId = draft.PriceListId,
            State = draft.State,
            Version = before.Version + 1,
        };
        if (await MayTake(tx, after, ct) is { IsRefused: true } taken) return taken.Refusal;
        tx.Stage($"""
            update party set number = {after.Number}, kind = {after.Kind.Word()}, name = {after.Name}, phone = {after.Phone}, email = {after.Email},
              card = {after.Card}, tax_id = {after.TaxId}, country = {after.Country}, price_list_id = {after.PriceListId}, state = {after.State.Word()},
              version = {after.Version}
            where id = {id}
            """);
        tx.Stage($"delete from party_role where party_id = {id}");
        tx.Stage($"delete from party_word where party_id = {id} and not extra");
        StageRolesAndWords(tx, [after]);
        Audit(tx, stamp, "update", id, before, after);
        return after;
    }

    /// <summary>The parties of several numbers, by number; merged ones as they are.</summary>
    internal static async Task<Dictionary<string, Party>> ByNumbers(Db db, IReadOnlyList<string> numbers, CancellationToken ct) =>
        (await db.Query($"select {Sql.Raw(Columns)} from party p where p.number {Sql.List(numbers)}", row => Found(row).Party, ct))
        .ToDictionary(party => party.Number, StringComparer.Ordinal);

    /// <summary>Gathers parties, new or changed, with their roles and words, in sets; nothing is checked.</summary>
    internal static void StageAll(Tx tx, IReadOnlyList<Party> parties)
    {
        if (parties.Count == 0) return;
        var ids = parties.Select(party => party.Id).ToList();
        tx.Stage($"delete from party_role where party_id {Sql.List(ids)}");
        tx.Stage($"delete from party_word where party_id {Sql.List(ids)} and not extra");
        Stage(tx, PartiesOver, parties);
    }

    private static void Stage(Db db, Table table, params IReadOnlyList<Party> parties)
    {
        db.Insert(table, [.. parties.Select(party => new object?[]
        {
            party.Id, party.Number, party.Kind.Word(), party.Name, party.Phone, party.Email, party.Card, party.TaxId, party.Country, party.PriceListId,
            party.State.Word(), party.CreatedAt,
        })]);
        StageRolesAndWords(db, parties);
    }

    private static void StageRolesAndWords(Db db, IReadOnlyList<Party> parties)
    {
        db.Insert(RoleRows, [.. parties.SelectMany(party => party.RoleWords.Select(role => new object?[] { party.Id, role }))]);
        db.Insert(WordRows, [.. parties.SelectMany(party => PartyText.FoundBy(party.Name, party.Number, party.Phone, party.Email, party.Card)
            .Select(word => new object?[] { word, party.Id }))]);
    }

    private static async Task<Result> MayTake(Tx tx, Party party, CancellationToken ct)
    {
        var number = tx.Later($"select id from party where number = {party.Number} and id <> {party.Id}", row => row.Guid(0));
        var card = tx.Later($"select id from party where card = {party.Card ?? ""} and id <> {party.Id}", row => row.Guid(0));
        var list = party.PriceListId is { } id ? tx.Later($"select id from price_list where id = {id}", row => row.Guid(0)) : null;
        await tx.Flush(ct);
        return list?.Value.Count == 0 ? PartyRefusals.PriceListUnknown
            : party.Number.Length > 0 && number.Value.Count > 0 ? PartyRefusals.NumberTaken
            : card.Value.Count > 0 ? PartyRefusals.CardTaken
            : Result.Done;
    }

    private void Audit(Tx tx, Stamp stamp, string action, Guid id, Party? before, Party after) =>
        AuditTrail.Stage(tx, new AuditEvent(stamp, "kernel.parties", action, "party", id,
            Before: before is null ? null : JsonSerializer.Serialize(Told(before), AuditJson), After: JsonSerializer.Serialize(Told(after), AuditJson)), clock);

    private static object Told(Party party) => new
    {
        party.Number,
        Kind = party.Kind.Word(),
        party.Name,
        Roles = party.RoleWords,
        party.Phone,
        party.Email,
        party.Card,
        party.TaxId,
        party.Country,
        party.PriceListId,
        State = party.State.Word(),
        party.Version,
    };

    private static Sql Begins(string table, IReadOnlyList<string> beginnings) => (Sql)$"({Sql.Join(" or ", beginnings.Select(word =>
        (Sql)$"{Sql.Raw(table)}.word >= {word} and {Sql.Raw(table)}.word < {SearchText.EndOf(word)}"))})";

    private static async Task<Party?> Resolved(Db db, (Party? Party, Guid? Canonical) found, CancellationToken ct)
    {
        // A merge points its earlier aliases at the new party, so that one step is the rule; the bound is for broken data.
        for (var step = 0; step < 8 && found is { Party: not null, Canonical: { } canonical }; step++)
            found = await db.First($"select {Sql.Raw(Columns)} from party p where p.id = {canonical}", row => Found(row), ct);
        return found.Party;
    }

    private static (Party Party, Guid? Canonical) Found(Row row) => (new Party(
        row.Guid(0), row.Text(1), Words.Read<PartyKind>(row.Text(2)), row.Text(3), (PartyRoles)row.Int(14), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6),
        row.TextOrNull(7), row.TextOrNull(8), row.GuidOrNull(9), Words.Read<PartyState>(row.Text(10)), row.Instant(11), row.Long(12)), row.GuidOrNull(13));

    private static string CursorOf(string text, Guid id) => Cursor.Of($"{id:D}{text}");

    private static (string? Text, Guid Id) ReadCursor(string? cursor) =>
        Cursor.Read(cursor) is { Length: >= 36 } text && Guid.TryParseExact(text[..36], "D", out var id) ? (text[36..], id) : default;
}
