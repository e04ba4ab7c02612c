using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>A contact point as somebody sees it.</summary>
public sealed record ContactPointData(string Type, string Purpose, string? Value, string? Normal, bool IsPrimary, string? Person, string? Postcode, string? Country, DateTimeOffset? VerifiedAt);

/// <summary>A relation with the name of the other.</summary>
public sealed record RelationData(Guid PartyId, string? Name, string Role);

/// <summary>A customer as it stands, or as a change would have it.</summary>
/// <remarks><c>OfId</c> names the customer that a change is of. When <c>Personal</c> is false, how the customer is reached is masked and must not be sent back.</remarks>
public sealed record CustomerDetailData(
    Guid? OfId, long VersionNo, bool Controlled, bool Personal, PartyKind PartyType, string DisplayName, string? GivenName, string? FamilyName, string? LegalName, string? TradingName, DateOnly? BirthDate,
    string? TaxId, string? TaxCountry, string? LanguageCode, Guid? CustomerGroupId, string? CustomerGroup, Guid? PriceListId, string? PaymentTermsCode, Guid? SalesRepUserId, string? SalesRep,
    Guid? ParentPartyId, string? Parent, Guid? HouseholdId, DateOnly AcquiredOn, string AcquisitionSource, IReadOnlyList<ContactPointData> ContactPoints, IReadOnlyList<IdentifierRequest> Identifiers,
    IReadOnlyList<RelationData> Relations, IReadOnlyList<AttributeRequest> Attributes);

/// <summary>What the page of a document of the directory shows.</summary>
internal static class CustomerDetail
{
    public static async Task<DetailView> Read(Db db, Header header, Func<string, bool> may, CancellationToken ct) => header.Kind switch
    {
        CustomerBlock.Kind => await Block(db, header, ct),
        Consent.Kind => await OfConsent(db, header, ct),
        _ => await OfCustomer(db, header, may("view-personal"), ct),
    };

    /// <summary>The data of a customer or a change, masked where it must be; null when there is none.</summary>
    public static async Task<CustomerDetailData?> Data(Db db, Guid id, bool personal, CancellationToken ct)
    {
        var asked = CustomerTables.Ask(db, id);
        await db.Flush(ct);
        if (asked() is not { } row) return null;
        var data = row.Data;
        var named = data.Relations.Select(relation => relation.PartyId).Append(data.ParentId ?? Guid.Empty).ToList();
        var names = db.Later($"select id, name from party where id {Sql.List(named)}", found => (Id: found.Guid(0), Name: found.Text(1)));
        var group = db.Later($"select name from customer_group where id = {data.GroupId ?? Guid.Empty}", found => found.Text(0));
        var rep = db.Later($"select name from app_user where id = {data.SalesRepId ?? Guid.Empty}", found => found.Text(0));
        await db.Flush(ct);
        var people = names.Value.ToDictionary(one => one.Id, one => one.Name);
        return new CustomerDetailData(
            row.OfId, row.Version, row.Controlled, personal, data.Kind, data.Name, data.GivenName, data.FamilyName, data.LegalName, data.TradingName,
            personal ? data.BirthDate : null, data.TaxId, data.TaxCountry, data.Language, data.GroupId, group.Value.FirstOrDefault(), data.PriceListId, data.PaymentTerms, data.SalesRepId, rep.Value.FirstOrDefault(),
            data.ParentId, people.GetValueOrDefault(data.ParentId ?? Guid.Empty), data.HouseholdId, data.AcquiredOn, data.Source, [.. data.Contacts.Select(point => Shown(point, personal))],
            [.. data.Identifiers.Select(identifier => new IdentifierRequest(identifier.Scheme, identifier.Value))],
            [.. data.Relations.Select(relation => new RelationData(relation.PartyId, relation.Role == "contact" ? PartyPersonal.Hidden(people.GetValueOrDefault(relation.PartyId), personal) : people.GetValueOrDefault(relation.PartyId), relation.Role))],
            [.. data.Attributes.Select(attribute => new AttributeRequest(attribute.Code, attribute.Value))]);
    }

    private static ContactPointData Shown(ContactPoint point, bool personal) => new(
        point.Type, point.Purpose,
        point.Type switch
        {
            ContactPoint.Phone => PartyPersonal.Phone(point.Value, personal),
            ContactPoint.Email => PartyPersonal.Email(point.Value, personal),
            _ => PartyPersonal.Hidden(point.Value, personal),
        },
        personal && point.Normal.Length > 0 ? point.Normal : null, point.IsPrimary, PartyPersonal.Hidden(point.Person, personal), PartyPersonal.Hidden(point.Postcode, personal), point.Country, point.VerifiedAt);

    private static async Task<DetailView> OfCustomer(Db db, Header header, bool personal, CancellationToken ct)
    {
        var data = (await Data(db, header.Id, personal, ct))!;
        var state = await db.First($"select state from party where id = {data.OfId ?? header.Id}", row => row.Text(0), ct);
        var sections = new List<DetailSection>
        {
            new("Identity",
            [
                new("Type", data.PartyType == PartyKind.Person ? "Person" : "Organisation", "text"), new("Name", data.DisplayName, "text"), new("Given name", data.GivenName, "text"), new("Family name", data.FamilyName, "text"),
                new("Legal name", data.LegalName, "text"), new("Trading name", data.TradingName, "text"), new("Date of birth", data.BirthDate, "date"), new("Tax identifier", data.TaxId is null ? null : $"{data.TaxCountry} {data.TaxId}".Trim(), "text"),
                new("Language", data.LanguageCode, "text"),
            ]),
            new("Terms",
            [
                new("Customer group", data.CustomerGroup, "text"), new("Payment terms", data.PaymentTermsCode, "text"), new("Sales representative", data.SalesRep, "text"), new("Parent", data.Parent, "text"),
                new("Customer since", data.AcquiredOn, "date"), new("Source", data.AcquisitionSource, "text"), new("Version", data.VersionNo, "integer"),
            ]),
        };
        var tables = new List<DetailTable>
        {
            new("contactPoints", "Contact points", [new("type", "Type", "text"), new("purpose", "Purpose", "text"), new("value", "Value", "text"), new("person", "Person", "text"), new("primary", "Primary", "boolean"), new("verifiedAt", "Verified", "instant")],
                [.. data.ContactPoints.Select(point => new object?[] { point.Type, point.Purpose, point.Value, point.Person, point.IsPrimary, point.VerifiedAt })]),
            new("identifiers", "Identifiers", [new("scheme", "Kind", "text"), new("value", "Number", "text")], [.. data.Identifiers.Select(one => new object?[] { one.Scheme, one.Value })]),
            new("relations", "Relations", [new("role", "Role", "text"), new("name", "Party", "text")], [.. data.Relations.Select(one => new object?[] { one.Role, one.Name })]),
            new("attributes", "Attributes", [new("code", "Attribute", "text"), new("value", "Value", "text")], [.. data.Attributes.Select(one => new object?[] { one.Code, one.Value })]),
        };
        return new DetailView(sections, [.. tables.Where(table => table.Rows.Count > 0)], header.Kind == Customer.Kind ? header.Status == Status.Closed ? "retired" : state : null, data);
    }

    private static async Task<DetailView> Block(Db db, Header header, CancellationToken ct)
    {
        var found = await db.First($"""
            select b.blocks, coalesce(r.label, b.reason) from customer_block b
            left join reason r on r.function = {header.Function} and r.code = b.reason and r.action = case when b.blocks then 'block' else 'unblock' end where b.document_id = {header.Id}
            """, row => (Blocks: row.Bool(0), Reason: row.Text(1)), ct);
        return new DetailView([new DetailSection("Standing", [new(found.Blocks ? "Blocked" : "Unblocked", found.Reason, "text"), new("Note", header.Note, "text")])], [], found.Blocks ? "blocked" : "active");
    }

    private static async Task<DetailView> OfConsent(Db db, Header header, CancellationToken ct)
    {
        var data = (await db.First($"select purpose, channel, granted, at, source, evidence, expires_on from customer_consent where document_id = {header.Id}", row => Consent.Read(row), ct))!;
        return new DetailView([new DetailSection("Consent",
        [
            new("Purpose", data.Purpose, "text"), new("Channel", data.Channel, "text"), new("Given", data.Granted, "boolean"), new("Said", data.At, "instant"), new("Source", data.Source, "text"),
            new("Evidence", data.Evidence, "text"), new("Until", data.ExpiresOn, "date"),
        ])], [], data.Granted ? "granted" : "withdrawn");
    }
}
