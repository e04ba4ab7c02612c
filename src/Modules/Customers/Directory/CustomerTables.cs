using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Directory;

/// <summary>A row of the directory: the data of a customer, or of a change of one.</summary>
/// <param name="Data">The data.</param>
/// <param name="OfId">The customer that a change is of; null of a customer.</param>
/// <param name="Version">Of a customer how often it was written; of a change the version that it makes.</param>
/// <param name="Controlled">Whether the change is of controlled fields alone.</param>
internal sealed record CustomerRow(CustomerData Data, Guid? OfId, long Version, bool Controlled);

/// <summary>All the SQL by which customers are kept.</summary>
internal static class CustomerTables
{
    private static readonly Table Customers = new Table("customer",
        ("document_id", Kind.Id), ("of_id", Kind.Id), ("version_no", Kind.Long), ("controlled", Kind.Bool), ("party_type", Kind.Text), ("display_name", Kind.Text), ("given_name", Kind.Text),
        ("family_name", Kind.Text), ("legal_name", Kind.Text), ("trading_name", Kind.Text), ("birth_date", Kind.Date), ("tax_id", Kind.Text), ("tax_country", Kind.Text), ("language", Kind.Text),
        ("group_id", Kind.Id), ("price_list_id", Kind.Id), ("payment_terms", Kind.Text), ("sales_rep_id", Kind.Id), ("parent_id", Kind.Id), ("household_id", Kind.Id), ("acquired_on", Kind.Date), ("source", Kind.Text))
        .On("""
            on conflict (document_id) do update set version_no = excluded.version_no, party_type = excluded.party_type, display_name = excluded.display_name, given_name = excluded.given_name,
              family_name = excluded.family_name, legal_name = excluded.legal_name, trading_name = excluded.trading_name, birth_date = excluded.birth_date, tax_id = excluded.tax_id,
              tax_country = excluded.tax_country, language = excluded.language, group_id = excluded.group_id, price_list_id = excluded.price_list_id, payment_terms = excluded.payment_terms,
              sales_rep_id = excluded.sales_rep_id, parent_id = excluded.parent_id, household_id = excluded.household_id, acquired_on = excluded.acquired_on, source = excluded.source
            """);

    private static readonly Table Contacts = new("customer_contact",
        ("document_id", Kind.Id), ("line", Kind.Long), ("type", Kind.Text), ("purpose", Kind.Text), ("value", Kind.Text), ("normal", Kind.Text), ("is_primary", Kind.Bool), ("person", Kind.Text),
        ("postcode", Kind.Text), ("country", Kind.Text), ("verified_at", Kind.Instant));

    private static readonly Table Identifiers = new("customer_identifier", ("document_id", Kind.Id), ("line", Kind.Long), ("scheme", Kind.Text), ("value", Kind.Text), ("held", Kind.Bool));

    private static readonly Table Relations = new("customer_relation", ("document_id", Kind.Id), ("line", Kind.Long), ("party_id", Kind.Id), ("role", Kind.Text));

    private static readonly Table Attributes = new("customer_attribute_value", ("document_id", Kind.Id), ("attribute_id", Kind.Id), ("value", Kind.Text));

    private static readonly Table FoundBy = new Table("party_word", ("word", Kind.Text), ("party_id", Kind.Id), ("extra", Kind.Bool)).On("on conflict do nothing");

    /// <summary>Writes a row with all that hangs on it, in the place of what was there. Held are the identifiers of a customer in use alone.</summary>
    public static void Write(Tx tx, Guid id, CustomerRow row, bool held)
    {
        var data = row.Data;
        tx.Stage($"delete from customer_contact where document_id = {id}");
        tx.Stage($"delete from customer_identifier where document_id = {id}");
        tx.Stage($"delete from customer_relation where document_id = {id}");
        tx.Stage($"delete from customer_attribute_value where document_id = {id}");
        tx.Insert(Customers, [[
            id, row.OfId, row.Version, row.Controlled, data.Kind.Word(), data.Name, data.GivenName, data.FamilyName, data.LegalName, data.TradingName, data.BirthDate, data.TaxId, data.TaxCountry, data.Language,
            data.GroupId, data.PriceListId, data.PaymentTerms, data.SalesRepId, data.ParentId, data.HouseholdId, data.AcquiredOn, data.Source]]);
        tx.Insert(Contacts, [.. data.Contacts.Select((point, at) => new object?[]
            { id, at + 1L, point.Type, point.Purpose, point.Value, point.Normal, point.IsPrimary, point.Person, point.Postcode, point.Country, point.VerifiedAt })]);
        tx.Insert(Identifiers, [.. data.Identifiers.Concat(TaxOf(data, held)).Select((identifier, at) => new object?[] { id, at + 1L, identifier.Scheme, identifier.Value, held })]);
        tx.Insert(Relations, [.. data.Relations.Select((relation, at) => new object?[] { id, at + 1L, relation.PartyId, relation.Role })]);
        tx.Insert(Attributes, [.. data.Attributes.Select(attribute => new object?[] { id, attribute.AttributeId, attribute.Value })]);
    }

    /// <summary>Gathers the further words by which a customer is found; those of before go.</summary>
    public static void WriteWords(Tx tx, Guid id, CustomerData data)
    {
        tx.Stage($"delete from party_word where party_id = {id} and extra");
        tx.Insert(FoundBy, [.. data.FurtherWords().Select(word => new object?[] { word, id, true })]);
    }

    /// <summary>Asks for a row; what the address book says of a customer in use comes from there. The answer is read after the next flush.</summary>
    public static Func<CustomerRow?> Ask(Db db, Guid id)
    {
        var head = db.Later($"""
            select c.of_id, c.version_no, c.controlled, c.party_type, c.display_name, c.given_name, c.family_name, c.legal_name, c.trading_name, c.birth_date, c.tax_id, c.tax_country, c.language,
              c.group_id, c.price_list_id, c.payment_terms, c.sales_rep_id, c.parent_id, c.household_id, c.acquired_on, c.source, p.kind, p.name, p.tax_id, p.country, p.price_list_id, p.phone, p.email, p.card
            from customer c left join party p on p.id = c.document_id where c.document_id = {id}
            """, row => Head(row));
        var contacts = db.Later($"select type, purpose, value, normal, is_primary, person, postcode, country, verified_at from customer_contact where document_id = {id} order by line",
            row => new ContactPoint(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Bool(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.InstantOrNull(8)));
        var identifiers = db.Later($"select scheme, value from customer_identifier where document_id = {id} and scheme <> 'tax' order by line", row => new Identifier(row.Text(0), row.Text(1)));
        var relations = db.Later($"select party_id, role from customer_relation where document_id = {id} order by line", row => new Relation(row.Guid(0), row.Text(1)));
        var attributes = db.Later($"select v.attribute_id, a.code, v.value from customer_attribute_value v join customer_attribute a on a.id = v.attribute_id where v.document_id = {id} order by a.code",
            row => new AttributeValue(row.Guid(0), row.Text(1), row.Text(2)));
        return () => head.Value.Count == 0 ? null : head.Value[0] is var (row, phone, email, card) ? row with
        {
            Data = row.Data with
            {
                Contacts = WithParty(contacts.Value, phone, email),
                Identifiers = card is null || identifiers.Value.Exists(one => one.Scheme == Identifier.Card && one.Value == card) ? identifiers.Value : [new Identifier(Identifier.Card, card), .. identifiers.Value],
                Relations = relations.Value,
                Attributes = attributes.Value,
            },
        } : null;
    }

    /// <summary>The contact points, with those first that the address book has and the directory has not: a till or a file may have entered them.</summary>
    private static IReadOnlyList<ContactPoint> WithParty(List<ContactPoint> points, string? phone, string? email)
    {
        var all = new List<ContactPoint>(points);
        Add(ContactPoint.Email, email, email?.Trim().ToLowerInvariant());
        Add(ContactPoint.Phone, phone, phone?.StartsWith('+') == true ? PhoneNumbers.Normal(phone, null) : null);
        return all;

        void Add(string type, string? value, string? normal)
        {
            if (value is null || points.Exists(point => point.Type == type && (point.Value == value || (point.Normal.Length > 0 && point.Normal == (normal ?? value))))) return;
            all.Insert(0, new ContactPoint(type, "other", value, normal ?? "", !points.Exists(point => point.Type == type && point.Purpose == "other" && point.IsPrimary), null, null, null, null));
        }
    }

    private static (CustomerRow Row, string? Phone, string? Email, string? Card) Head(Row row)
    {
        // The party of a customer in use says these; of a draft and of a change there is none.
        var party = !row.IsNull(21);
        return (new CustomerRow(new CustomerData
        {
            Kind = (party ? row.Text(21) : row.TextOrNull(3)) == PartyKind.Organisation.Word() ? PartyKind.Organisation : PartyKind.Person,
            Name = party ? row.Text(22) : row.TextOrNull(4) ?? "",
            GivenName = row.TextOrNull(5),
            FamilyName = row.TextOrNull(6),
            LegalName = row.TextOrNull(7),
            TradingName = row.TextOrNull(8),
            BirthDate = row.DateOrNull(9),
            TaxId = party ? row.TextOrNull(23) : row.TextOrNull(10),
            TaxCountry = party && !row.IsNull(23) ? row.TextOrNull(24) : row.TextOrNull(11),
            Language = row.TextOrNull(12),
            GroupId = row.GuidOrNull(13),
            PriceListId = party ? row.GuidOrNull(25) : row.GuidOrNull(14),
            PaymentTerms = row.TextOrNull(15),
            SalesRepId = row.GuidOrNull(16),
            ParentId = row.GuidOrNull(17),
            HouseholdId = row.GuidOrNull(18),
            AcquiredOn = row.Date(19),
            Source = row.Text(20),
        }, row.GuidOrNull(0), row.Long(1), row.Bool(2)), row.TextOrNull(26), row.TextOrNull(27), row.TextOrNull(28));
    }

    private static IEnumerable<Identifier> TaxOf(CustomerData data, bool held) => held && data.TaxId is { } tax ? [new Identifier(Identifier.Tax, $"{data.TaxCountry}:{tax}")] : [];
}
