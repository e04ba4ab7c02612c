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
}
