using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>A customer as the lookup tells it.</summary>
public sealed record CustomerHit(Guid Id, string Number, string Name, PartyKind Type, string? Phone, string? Email, string? Card, PartyState Standing);

/// <summary>What the lookup found, in the order of the word that was found.</summary>
public sealed record CustomerLookupAnswer(IReadOnlyList<CustomerHit> Items);

/// <summary>A consent that counts; it holds when it was given and has not expired.</summary>
public sealed record CustomerConsent(string Purpose, string Channel, bool Granted, bool Holds, DateTimeOffset At, string Source, DateOnly? ExpiresOn);

/// <summary>Somebody merged into the customer.</summary>
public sealed record CustomerAlias(Guid Id, string Number, string Name);

/// <summary>All of a customer on one page.</summary>
/// <param name="Id">Id of the party that counts.</param>
/// <param name="AskedId">Id that was asked for; another one when that was merged.</param>
/// <param name="Number">Number.</param>
/// <param name="Name">Name.</param>
/// <param name="Standing">active, blocked, retired, erased, or the status of a draft.</param>
/// <param name="BlockedFor">Why it is blocked.</param>
/// <param name="Status">Status of the record.</param>
/// <param name="Version">Version, for changes.</param>
/// <param name="Customer">The record; null of somebody erased.</param>
/// <param name="Consents">Consents that count.</param>
/// <param name="Completeness">0 to 100.</param>
/// <param name="PendingChange">A change that waits for approval.</param>
/// <param name="Aliases">Those merged into it.</param>
/// <param name="Cards">Figures of all functions.</param>
/// <param name="Actions">What the reader may do now.</param>
public sealed record CustomerOverviewAnswer(
    Guid Id, Guid AskedId, string? Number, string Name, string Standing, string? BlockedFor, string Status, long Version, CustomerDetailData? Customer, IReadOnlyList<CustomerConsent> Consents, long Completeness,
    Guid? PendingChange, IReadOnlyList<CustomerAlias> Aliases, IReadOnlyList<OverviewCard> Cards, IReadOnlyList<string> Actions);

/// <summary>Reads customers for their pages and for tills.</summary>
internal sealed class CustomerOverview(
    Database database, CommandRunner runner, DirectoryFunction function, ExceptionBook exceptions, IEnumerable<IOverviewCards> cards)
{
    private const int MostHits = 20;

    /// <summary>Customers by telephone number, card, number or beginnings of words of the name; blocked ones too.</summary>
    public async Task<Result<CustomerLookupAnswer>> Lookup(CommandCall call, string? q, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(q) || q.Length > 200) return DirectoryRefusals.QueryTooShort;
        var found = await database.Read(db => PartyBook.Search(db, new PartyQuery(q, PartyRoles.Customer, Limit: MostHits), ct), ct);
        var shown = PartyPersonal.IsShown(call.Actor, call.BranchId);
        return new CustomerLookupAnswer([.. found.Items.Where(party => party.State != PartyState.Erased).Select(party => PartyPersonal.Of(party, shown))
            .Select(party => new CustomerHit(party.Id, party.Number, party.Name, party.Kind, party.Phone, party.Email, party.Card, party.State))]);
    }

    /// <summary>All of a customer; whoever was merged is read as the survivor.</summary>
    public async Task<Result<CustomerOverviewAnswer>> Read(CommandCall call, Guid id, CancellationToken ct)
    {
        var stamp = await runner.StampOf(call, ct);
        var personal = PartyPersonal.IsShown(call.Actor, call.BranchId);
        var answer = await database.Read(db => Read(db, call, stamp, id, personal, ct), ct);
        if (answer is { IsRefused: false, Value.Customer: not null } && personal) await Opened(stamp, answer.Value.Id, ct);
        return answer;
    }

    private async Task<Result<CustomerOverviewAnswer>> Read(Db db, CommandCall call, Stamp stamp, Guid asked, bool personal, CancellationToken ct)
    {
        var party = await PartyBook.Find(db, asked, ct);
        var id = party?.Id ?? asked;
        var header = await db.First($"select {Sql.Raw(Headers.Columns)} from document d where d.id = {id} and d.function = {function.Code} and d.kind = {Customer.Kind}", row => Headers.Read(row), ct);
        if (header is null) return DirectoryRefusals.Unknown;
        var erased = party?.State == PartyState.Erased;
        var data = erased ? null : await CustomerDetail.Data(db, id, personal, ct);
        var aliases = await CustomerTimeline.Aliases(db, id, ct);
        var merged = db.Later($"select id, number, name from party where canonical_id = {id} order by number limit 100", row => new CustomerAlias(row.Guid(0), row.Text(1), row.Text(2)));
        var consents = Consent.Standing(db, aliases);
        var pending = db.Later($"select d.id from customer c join document d on d.id = c.document_id where c.of_id = {id} and c.controlled and d.status = 'submitted' limit 1", row => row.Guid(0));
        var blocked = db.Later($"""
            select coalesce(r.label, b.reason) from customer_block b join document d on d.id = b.document_id left join reason r on r.function = {function.Code} and r.action = 'block' and r.code = b.reason
            where d.party_id = {id} and b.blocks order by d.created_at desc, d.id desc limit 1
            """, row => row.Text(0));
        var complete = db.Later($"select {Completeness.Of(stamp.BusinessDate)} from customer c join document d on d.id = c.document_id left join party p on p.id = c.document_id where c.document_id = {id}", row => row.Long(0));
        await db.Flush(ct);
        var shown = new List<OverviewCard>();
        foreach (var source in cards) shown.AddRange(await source.Cards(db, aliases, call.Actor, stamp, ct));
        var standing = header.Status == Status.Closed ? "retired" : party is null ? header.Status : party.State switch { PartyState.Blocked => "blocked", PartyState.Erased => "erased", _ => "active" };
        return new CustomerOverviewAnswer(
            id, asked, header.Number, erased ? "" : party?.Name ?? data!.DisplayName, standing, standing == "blocked" ? blocked.Value.FirstOrDefault() : null, header.Status, header.Version, data,
            [.. consents.Value.Select(one => new CustomerConsent(one.Purpose, one.Channel, one.Granted, one.HoldsOn(stamp.BusinessDate), one.At, one.Source, one.ExpiresOn))],
            complete.Value.FirstOrDefault(), pending.Value is [var change] ? change : null, merged.Value, shown, Actions(call, header, standing, personal));
    }

    private IReadOnlyList<string> Actions(CommandCall call, Header header, string standing, bool personal)
    {
        bool May(string action) => call.Actor.May($"{function.Code}.{action}", call.BranchId);
        var actions = new List<string>();
        // Who sees masked values would send them back as they are.
        if (May("update") && personal && standing is not ("retired" or "erased")) actions.Add("edit");
        if (standing == "active" && May("block")) actions.Add(CustomerBlock.Block);
        if (standing == "blocked" && May("block")) actions.Add(CustomerBlock.Unblock);
        if (standing is "active" or "blocked" && May("consent")) actions.Add("consent");
        actions.AddRange(Lifecycle.VerbsFrom(header.Status, revisable: true).Where(verb => verb is not Verb.Reverse && May(LifecycleDesk.PermissionOf(verb))));
        return actions;
    }

    /// <summary>Notes that somebody opened personal data, once a day for each customer; of very many on one day it is told.</summary>
    internal async Task Opened(Stamp stamp, Guid id, CancellationToken ct)
    {
        var (user, day) = (stamp.Actor.UserId, stamp.BusinessDate);
        if (stamp.Actor.IsSystem || await database.Read(db => db.Number($"select count(*) from customer_view where user_id = {user} and day = {day} and opened_id = {id}", ct), ct) > 0) return;
        var currency = (await function.Organisation.Get(ct)).Company.Currency.Code;
        await database.Write(async tx =>
        {
            if (await tx.Execute($"insert into customer_view (user_id, day, opened_id) values ({user}, {day}, {id}) on conflict do nothing", ct) == 0) return;
            var opened = await tx.Number($"select count(*) from customer_view where user_id = {user} and day = {day}", ct);
            var rule = await exceptions.Rule(function, DirectoryMeasures.BulkView, stamp.BranchId, ct);
            if (opened != rule["above"] + 1) return;
            var about = Header.Draft(Kernel.Values.Ids.Of($"{user:D} {day:yyyy-MM-dd}"), function.Code, Customer.Kind, stamp, currency);
            exceptions.Raise(tx, function, rule, [new ExceptionBook.Caught(about, $"{stamp.Actor.UserName} opened the personal data of more than {rule["above"]} customers on {day:yyyy-MM-dd}.", false)], stamp);
        }, ct);
    }
}

/// <summary>How much of what should be known of a customer is known.</summary>
internal static class Completeness
{
    /// <summary>An expression over customer <c>c</c> and party <c>p</c>: name 20, telephone 20, e-mail 20, address 20, a consent that holds 10, date of birth or tax identifier 10.</summary>
    public static Sql Of(DateOnly day) => $"""
        (case when coalesce(p.name, c.display_name, '') <> '' then 20 else 0 end
          + case when p.phone is not null or exists (select 1 from customer_contact k where k.document_id = c.document_id and k.type = 'phone') then 20 else 0 end
          + case when p.email is not null or exists (select 1 from customer_contact k where k.document_id = c.document_id and k.type = 'email') then 20 else 0 end
          + case when exists (select 1 from customer_contact k where k.document_id = c.document_id and k.type = 'address') then 20 else 0 end
          + case when exists (select 1 from customer_consent s where s.party_id = c.document_id and s.granted and (s.expires_on is null or s.expires_on >= {day})
              and not exists (select 1 from customer_consent w where w.party_id = s.party_id and w.purpose = s.purpose and w.channel = s.channel and (w.at > s.at or (w.at = s.at and w.document_id > s.document_id)))) then 10 else 0 end
          + case when c.birth_date is not null or coalesce(p.tax_id, c.tax_id) is not null then 10 else 0 end)
        """;
}
