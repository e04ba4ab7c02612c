using Plug1.Customers.Directory;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Customers.Tests;

/// <summary>Customers are entered, changed, blocked and found.</summary>
public sealed class DirectoryScenarios
{
    private static readonly CustomerRequest Maria = new(PartyKind.Person, GivenName: "Maria", FamilyName: "Gonzalez", ContactPoints:
    [
        new("phone", "(212) 555-0142", "mobile"), new("email", " Maria.G@Example.org ", "home"), new("address", "5 West 10th Street\nNew York", "home", Postcode: "10011", Country: "US"),
    ], Identifiers: [new("card", "CARD-77"), new("member", "M-9")]);

    [Theory, OnBothEngines]
    public async Task A_customer_is_a_draft_first_and_a_party_with_a_number_once_it_is_handed_in(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var draft = await counter.Enter(Maria);
        draft.Value.Number.ShouldBeNull();
        (await counter.Of<PartyBook>().Find(draft.Value.Id)).ShouldBeNull();

        var done = await counter.Step(counter.Desk, Verb.Submit, draft.Value.Id);
        done.Value.Status.ShouldBe(Status.Posted);
        done.Value.Number.ShouldBe("C-MAIN-000001");
        var party = (await counter.Of<PartyBook>().Find(draft.Value.Id))!;
        (party.Number, party.Name, party.Phone, party.Email, party.Card).ShouldBe(("C-MAIN-000001", "Maria Gonzalez", "+12125550142", "Maria.G@Example.org", "CARD-77"));
        var west = await counter.Quick(new QuickCustomerRequest("Wanjiru", Phone: "0700 123 456"), Counter.West);
        west.Value.Number.ShouldBe("C-WEST-000001");
        (await counter.Of<PartyBook>().Find(west.Value.Id))!.Phone.ShouldBe("+254700123456");
    }

    [Theory, OnBothEngines]
    public async Task Whoever_became_a_customer_elsewhere_is_in_the_list_at_once_and_leaves_it_with_the_party(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var party = await counter.Party(new PartyDraft(PartyKind.Person, "Till Customer", PartyRoles.Customer, Phone: "555-1"));
        await counter.Party(new PartyDraft(PartyKind.Organisation, "Supplier", PartyRoles.Supplier));
        var rows = (await counter.List(counter.Desk)).Rows;
        rows.Single().Id.ShouldBe(party.Id);
        var overview = await counter.Overview(party.Id);
        (overview.Number, overview.Standing, overview.Customer!.AcquisitionSource).ShouldBe((party.Number, "active", "existing"));
        overview.Customer.ContactPoints.Single().ShouldBe(new ContactPointData("phone", "other", "5551", null, true, null, null, null, null));
        await counter.Database.Write(tx =>
        {
            tx.Stage($"delete from party_word where party_id = {party.Id}");
            tx.Stage($"delete from party_role where party_id = {party.Id}");
            tx.Stage($"delete from party where id = {party.Id}");
            return Task.CompletedTask;
        });
        (await counter.List(counter.Desk)).Total.ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task What_must_not_be_is_refused_with_its_code(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        await counter.Active(Maria with { TaxId = "12-345" });
        async Task<string?> Code(CustomerRequest request)
        {
            var made = await counter.Enter(request);
            return made.IsRefused ? made.Refusal.Code : (await counter.Step(counter.Desk, Verb.Submit, made.Value.Id)).Refusal?.Code;
        }

        var ann = new CustomerRequest(GivenName: "Ann");
        (await Code(new CustomerRequest())).ShouldBe("DIRECTORY_NAME_REQUIRED");
        (await Code(ann with { ContactPoints = [new("phone", "12")] })).ShouldBe("DIRECTORY_CONTACT_INVALID");
        (await Code(ann with { ContactPoints = [new("email", "nobody")] })).ShouldBe("DIRECTORY_CONTACT_INVALID");
        (await Code(ann with { ContactPoints = [new("phone", "212 555 0143", "home", true), new("phone", "212 555 0144", "home", true)] })).ShouldBe("DIRECTORY_PRIMARY_CONFLICT");
        (await Code(ann with { TaxId = "12-345" })).ShouldBe("DIRECTORY_TAX_ID_TAKEN");
        (await Code(ann with { TaxId = "12-345", TaxCountry = "DE" })).ShouldBeNull();
        (await Code(ann with { Identifiers = [new("card", "CARD-77")] })).ShouldBe("DIRECTORY_IDENTIFIER_TAKEN");
        (await Code(ann with { Identifiers = [new("external", "CARD-77")] })).ShouldBeNull();
        (await Code(ann with { BirthDate = new DateOnly(2026, 1, 16) })).ShouldBe("DIRECTORY_BIRTH_DATE_FUTURE");
        (await Code(ann with { Attributes = [new("shoe", "42")] })).ShouldBe("DIRECTORY_ATTRIBUTE_INVALID");
        var parent = await counter.Active(new CustomerRequest(PartyKind.Organisation, LegalName: "Parent Ltd"));
        var child = await counter.Active(new CustomerRequest(PartyKind.Organisation, LegalName: "Child Ltd", ParentPartyId: parent));
        (await counter.Edit(parent, new CustomerRequest(PartyKind.Organisation, LegalName: "Parent Ltd", ParentPartyId: child))).Refusal!.Code.ShouldBe("DIRECTORY_PARENT_CYCLE");
    }

    [Theory, OnBothEngines]
    public async Task A_free_change_is_a_version_at_once_and_a_controlled_one_waits_for_the_store_manager(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var id = await counter.Active(Maria);
        var both = Maria with { LanguageCode = "es", TaxId = "99" };
        var changed = await counter.Edit(id, both);
        changed.Refusal.ShouldBeNull();
        changed.Value.WaitsFor.ShouldBe("store-manager");
        var now = await counter.Overview(id);
        (now.Customer!.LanguageCode, now.Customer.TaxId, now.Customer.VersionNo, now.PendingChange).ShouldBe(("es", null, 2, changed.Value.Change));
        (await counter.Edit(id, both)).Refusal!.Code.ShouldBe("DIRECTORY_CHANGE_PENDING");

        // Meanwhile somebody changes the language again: approving the tax identifier does not undo that.
        (await counter.Edit(id, Maria with { LanguageCode = "fr" })).Refusal.ShouldBeNull();
        (await counter.Step(counter.Desk, Verb.Approve, changed.Value.Change!.Value)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await counter.Step(counter.Manager, Verb.Approve, changed.Value.Change!.Value)).Refusal.ShouldBeNull();
        var after = await counter.Overview(id);
        (after.Customer!.LanguageCode, after.Customer.TaxId, after.Customer.VersionNo, after.PendingChange).ShouldBe(("fr", "99", 4, null));
        (await counter.Of<PartyBook>().Find(id))!.TaxId.ShouldBe("99");
        (await counter.Edit(id, Maria with { LanguageCode = "fr", TaxId = "99", TaxCountry = "US" })).Refusal!.Code.ShouldBe("DIRECTORY_CHANGE_NOTHING");
    }

    [Theory, OnBothEngines]
    public async Task A_blocked_customer_is_refused_and_the_attempt_is_told(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var id = await counter.Active(Maria);
        var directory = counter.Of<IDirectory>();
        (await counter.Database.Read(db => directory.RequireActive(db, id, "/customerId"))).Value.Number.ShouldBe("C-MAIN-000001");
        (await counter.Block(id, "NONSENSE")).Refusal!.Code.ShouldBe("REASON_REQUIRED");
        (await counter.Block(id)).Refusal.ShouldBeNull();
        (await counter.Block(id)).Refusal!.Code.ShouldBe("DIRECTORY_STANDING_SAME");
        var refused = (await counter.Database.Read(db => directory.RequireActive(db, id, "/customerId"))).Refusal!;
        (refused.Code, refused.At).ShouldBe(("DIRECTORY_BLOCKED", "/customerId"));
        await directory.Refused(counter.Call(counter.Desk), id, refused);
        (await counter.Database.Read(db => db.Number($"select count(*) from exception_item where rule = 'DIRECTORY_BLOCKED_ATTEMPT' and document_id = {id}"))).ShouldBe(1);
        var overview = await counter.Overview(id);
        (overview.Standing, overview.BlockedFor).ShouldBe(("blocked", "Abuse"));
        (await counter.Block(id, "SETTLED", blocks: false)).Refusal.ShouldBeNull();
        (await counter.Overview(id)).Standing.ShouldBe("active");
        await counter.Database.Write(async tx => await tx.Execute($"update party set state = 'erased' where id = {id}"));
        (await counter.Database.Read(db => directory.RequireActive(db, id, "/customerId"))).Refusal!.Code.ShouldBe("DIRECTORY_ERASED");
    }

    [Theory, OnBothEngines]
    public async Task Whoever_was_merged_is_the_survivor_and_one_timeline_has_the_documents_of_both(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var survivor = await counter.Active(Maria);
        var merged = (await counter.Quick(new QuickCustomerRequest("Maria G."))).Value.Id;
        (await counter.Agree(merged, new ConsentRequest("marketing", "email", true, "Ticked on the form"))).Refusal.ShouldBeNull();
        await counter.Database.Write(async tx => await tx.Execute($"update party set state = 'merged', canonical_id = {survivor} where id = {merged}"));
        (await counter.Database.Read(db => counter.Of<IDirectory>().Resolve(db, merged)))!.Id.ShouldBe(survivor);
        var blocked = await counter.Block(merged);
        (blocked.Refusal!.Code, blocked.Refusal.Detail!["survivor"]).ShouldBe(("DIRECTORY_MERGED", (object)survivor));
        var overview = await counter.Overview(merged);
        (overview.Id, overview.Aliases.Single().Id, overview.Consents.Single().Holds).ShouldBe((survivor, merged, true));

        var viewer = await counter.Viewer(counter.Manager);
        async Task<CustomerTimelineAnswer> Page(string? after) => (await counter.Database.Read(db => CustomerTimeline.Read(db, survivor, null, after, 2, counter.Of<Plug1.Kernel.Functions.FunctionCatalogue>(), viewer, default))).Value;
        var first = await Page(null);
        var second = await Page(first.Next);
        second.Next.ShouldBeNull();
        first.Items.Concat(second.Items).Select(item => item.Kind).Order().ShouldBe(["consent", "customer", "customer"]);
        first.Items.Concat(second.Items).Single(item => item.Kind == "consent").Events.Select(step => step.Action).ShouldBe(["consent"]);
    }

    [Theory, OnBothEngines]
    public async Task Who_does_not_serve_customers_sees_neither_telephone_numbers_nor_mail_addresses(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var id = await counter.Active(Maria);
        (await counter.Overview(id)).Customer!.ContactPoints[0].Value.ShouldBe("(212) 555-0142");
        var masked = (await counter.Overview(id, counter.Auditor)).Customer!;
        (masked.Personal, masked.ContactPoints[0].Value, masked.ContactPoints[1].Value, masked.ContactPoints[2].Value).ShouldBe((false, "•••••42", "M•••@•••", "•••••"));
        (await counter.List(counter.Auditor)).Columns.Select(column => column.Key).ShouldNotContain("phone");
        (await counter.List(counter.Desk)).Columns.Select(column => column.Key).ShouldContain("phone");
        var hits = await counter.Of<CustomerOverview>().Lookup(counter.Call(counter.Auditor), "maria", default);
        (hits.Value.Items[0].Phone, hits.Value.Items[0].Email).ShouldBe(("•••••42", "M•••@•••"));
        var view = await counter.Of<Plug1.Kernel.MasterData.MasterDesk>().Get(counter.Of<PartyMaster>(), counter.Call(counter.Auditor), id.ToString("D"));
        (view.Value.Phone, view.Value.Email).ShouldBe(("•••••42", "M•••@•••"));
    }

    [Theory, OnBothEngines]
    public async Task A_customer_is_found_by_what_a_till_types(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var id = await counter.Active(Maria);
        foreach (var typed in new[] { "2125550142", "(212) 555-01", "+1 212 555 0142", "card-77", "M-9", "gonz", "c-main-000001", "maria.g@example.org" })
        {
            var hits = await counter.Of<CustomerOverview>().Lookup(counter.Call(counter.Desk), typed, default);
            hits.Value.Items.Select(hit => hit.Id).ShouldBe([id], typed);
        }

        (await counter.List(counter.Desk, "gonzalez")).Rows.Single().Id.ShouldBe(id);
        (await counter.List(counter.Desk, "nobody")).Rows.ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Completeness_counts_what_is_known_and_a_consent_only_while_it_holds(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var bare = (await counter.Quick(new QuickCustomerRequest("Bare"))).Value.Id;
        (await counter.Overview(bare)).Completeness.ShouldBe(20);
        var id = await counter.Active(Maria with { BirthDate = new DateOnly(1980, 2, 29) });
        (await counter.Overview(id)).Completeness.ShouldBe(90);
        (await counter.Agree(id, new ConsentRequest("marketing", "email", true))).Refusal!.Code.ShouldBe("DIRECTORY_CONSENT_EVIDENCE");
        (await counter.Agree(id, new ConsentRequest("marketing", "email", true, "Signed form 12", ExpiresOn: new DateOnly(2026, 1, 20)))).Value.Number.ShouldBe("CONSENT-2026-000001");
        (await counter.Overview(id)).Completeness.ShouldBe(100);
        counter.Clock.Advance(TimeSpan.FromDays(6));
        (await counter.Overview(id)).Completeness.ShouldBe(90);
        (await counter.Overview(id)).Consents.Single().Holds.ShouldBeFalse();
    }

    [Theory, OnBothEngines]
    public async Task Very_many_customers_opened_on_one_day_are_told_once(Engine engine)
    {
        await using var counter = await Counter.Open(engine);
        var stamp = await counter.Of<Plug1.Kernel.Commands.CommandRunner>().StampOf(counter.Call(counter.Desk));
        for (var at = 0; at < 202; at++) await counter.Of<CustomerOverview>().Opened(stamp, Guid.CreateVersion7(), default);
        (await counter.Database.Read(db => db.Number($"select count(*) from exception_item where rule = 'DIRECTORY_BULK_VIEW'"))).ShouldBe(1);
    }
}
