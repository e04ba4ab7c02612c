using Plug1.Kernel.Commands;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Tests.MasterData;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Parties;

public sealed class PartyTests
{
    [Theory]
    [InlineData("+254 (700) 12-34 56", "+254700123456")]
    [InlineData("0700 123456", "0700123456")]
    [InlineData("12", null)]
    [InlineData("12+34", null)]
    [InlineData("Anna 123", null)]
    public void A_telephone_number_is_kept_as_digits(string written, string? kept) => PartyText.Phone(written).ShouldBe(kept);

    [Theory, OnBothEngines]
    public async Task A_party_is_found_by_any_word_number_card_telephone_or_mail(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var jose = await Enter(shop, new PartyDraft(PartyKind.Person, "José Müller-Ortega", PartyRoles.Customer, Phone: "+254 700 123456", Email: "jose@example.com", Card: "C-77"));
        var acme = await Enter(shop, new PartyDraft(PartyKind.Organisation, "Ortega Trading", PartyRoles.Supplier | PartyRoles.Customer, "ACME"));
        jose.Number.ShouldBe("P-000001");
        foreach (var text in new[] { "jose", "MULLER", "ortega jo", "+254 700 123", "0700 123 456", "700123456", "jose@ex", "c-77", "p-000001" })
            (await shop.Parties.Search(new PartyQuery(text))).Items.Select(party => party.Id).ShouldBe([jose.Id], text);
        (await shop.Parties.Search(new PartyQuery("ortega"))).Items.Select(party => party.Id).ShouldBe([jose.Id, acme.Id], ignoreOrder: true);
        (await shop.Parties.Search(new PartyQuery("ortega", PartyRoles.Supplier))).Items.Select(party => party.Id).ShouldBe([acme.Id]);
        (await shop.Parties.Search(new PartyQuery("tega"))).Items.ShouldBeEmpty();
        (await shop.Database.Read(db => PartyBook.ByCard(db, "C-77")))!.Id.ShouldBe(jose.Id);
        (await shop.Database.Read(db => PartyBook.ByPhone(db, "+254700123456"))).ShouldHaveSingleItem().Id.ShouldBe(jose.Id);
        (await shop.Database.Read(db => PartyBook.ByNumber(db, "ACME")))!.RoleWords.ShouldBe(["customer", "supplier"]);
    }

    [Theory, OnBothEngines]
    public async Task Pages_show_everybody_once_by_name_and_by_word(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        for (var at = 0; at < 7; at++) await Enter(shop, new PartyDraft(PartyKind.Person, $"Smith {(char)('G' - at)} Smithson", PartyRoles.Customer));
        foreach (var text in new[] { null, "smi" })
        {
            var seen = new List<string>();
            string? after = null;
            do
            {
                var page = await shop.Parties.Search(new PartyQuery(text, After: after, Limit: 3));
                seen.AddRange(page.Items.Select(party => party.Name));
                after = page.Next;
            }
            while (after is not null);
            seen.Count.ShouldBe(7);
            seen.Distinct().Count().ShouldBe(7);
            if (text is null) seen.ShouldBe(seen.Order(StringComparer.Ordinal));
        }
    }

    [Theory, OnBothEngines]
    public async Task A_merged_party_is_read_as_the_one_it_was_merged_into(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var kept = await Enter(shop, new PartyDraft(PartyKind.Person, "Anna", PartyRoles.Customer));
        var alias = await Enter(shop, new PartyDraft(PartyKind.Person, "Ana", PartyRoles.Customer));
        await shop.Database.Write(tx => tx.Execute($"update party set canonical_id = {kept.Id}, state = 'merged' where id = {alias.Id}"));
        (await shop.Parties.Find(alias.Id))!.Name.ShouldBe("Anna");
        (await shop.Database.Read(db => PartyBook.ByNumber(db, alias.Number)))!.Id.ShouldBe(kept.Id);
        (await shop.Parties.Search(new PartyQuery("an"))).Items.Select(party => party.Id).ShouldBe([kept.Id]);
        var stamp = await shop.Runner.StampOf(shop.Call);
        (await shop.Database.Write<Party>(tx => shop.Parties.Update(tx, alias.Id, null, draft => draft, stamp))).Refusal!.Code.ShouldBe("PARTY_CLOSED");
    }

    [Theory, OnBothEngines]
    public async Task A_party_that_cannot_be_is_refused_with_the_field_to_blame(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var first = await Enter(shop, new PartyDraft(PartyKind.Person, "Anna", PartyRoles.Customer, "A1", Card: "C1"));
        async Task<string> Why(PartyDraft draft)
        {
            var stamp = await shop.Runner.StampOf(shop.Call);
            var no = (await shop.Database.Write<Party>(tx => shop.Parties.Create(tx, draft, stamp))).Refusal!;
            return $"{no.Code} {no.At}";
        }

        var good = new PartyDraft(PartyKind.Person, "Bert", PartyRoles.Customer);
        (await Why(good with { Name = " " })).ShouldBe("PARTY_NAME_INVALID /name");
        (await Why(good with { Number = "A1" })).ShouldBe("PARTY_NUMBER_TAKEN /number");
        (await Why(good with { Number = new string('1', 41) })).ShouldBe("PARTY_NUMBER_INVALID /number");
        (await Why(good with { Card = "C1" })).ShouldBe("PARTY_CARD_TAKEN /card");
        (await Why(good with { Card = "C\u0007" })).ShouldBe("PARTY_CARD_INVALID /card");
        (await Why(good with { Phone = "call me" })).ShouldBe("PARTY_PHONE_INVALID /phone");
        (await Why(good with { Email = "bert at home" })).ShouldBe("PARTY_EMAIL_INVALID /email");
        (await Why(good with { TaxId = new string('1', 41) })).ShouldBe("PARTY_TAX_ID_INVALID /taxId");
        (await Why(good with { Country = "Kenya" })).ShouldBe("PARTY_COUNTRY_INVALID /country");
        (await Why(good with { State = PartyState.Erased })).ShouldBe("PARTY_STATE_INVALID /state");
        (await Why(good with { PriceListId = Guid.Empty })).ShouldBe("PARTY_PRICE_LIST_UNKNOWN /priceListId");

        var at = await shop.Runner.StampOf(shop.Call);
        var changed = (await shop.Database.Write<Party>(tx => shop.Parties.Update(tx, first.Id, 1, draft => draft with { Name = "Berta" }, at))).Value;
        (changed.Name, changed.Number, changed.Version).ShouldBe(("Berta", "A1", 2L));
        (await shop.Parties.Search(new PartyQuery("anna"))).Items.ShouldBeEmpty();
        (await shop.Parties.Search(new PartyQuery("berta"))).Items.ShouldHaveSingleItem();
        (await shop.Database.Write<Party>(tx => shop.Parties.Update(tx, first.Id, 1, draft => draft, at))).Refusal!.Code.ShouldBe("VERSION_CONFLICT");
        (await shop.Database.Write<Party>(tx => shop.Parties.Update(tx, Guid.Empty, 1, draft => draft, at))).Refusal!.Code.ShouldBe("PARTY_UNKNOWN");
    }

    private static async Task<Party> Enter(Shop shop, PartyDraft draft)
    {
        var stamp = await shop.Runner.StampOf(shop.Call);
        var made = await shop.Database.Write<Party>(tx => shop.Parties.Create(tx, draft, stamp));
        made.Refusal.ShouldBeNull();
        return made.Value;
    }
}
