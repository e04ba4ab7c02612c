using System.Text.Json;
using System.Text.Json.Serialization;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Directory;

/// <summary>A way to reach a customer, as it is kept.</summary>
/// <param name="Type">phone, email or address.</param>
/// <param name="Purpose">home, work, ...</param>
/// <param name="Value">As it was written.</param>
/// <param name="Normal">As it is compared; empty when it cannot be read.</param>
/// <param name="IsPrimary">The first of its type and purpose.</param>
/// <param name="Person">Whom one reaches there.</param>
/// <param name="Postcode">Of an address.</param>
/// <param name="Country">Of an address or a telephone number.</param>
/// <param name="VerifiedAt">When it was made sure of.</param>
internal sealed record ContactPoint(string Type, string Purpose, string Value, string Normal, bool IsPrimary, string? Person, string? Postcode, string? Country, DateTimeOffset? VerifiedAt)
{
    public const string Phone = "phone", Email = "email", Address = "address";

    public static readonly IReadOnlyList<string> Types = [Phone, Email, Address];

    public static readonly IReadOnlyList<string> Purposes = ["home", "work", "mobile", "billing", "delivery", "support", "other"];
}

/// <summary>A number by which a customer is known.</summary>
internal sealed record Identifier(string Scheme, string Value)
{
    public const string Card = "card", Tax = "tax";

    /// <summary>Those that people enter; the tax identifier is kept among them by the directory itself, so that the database knows it once.</summary>
    public static readonly IReadOnlyList<string> Schemes = [Card, "external", "member"];
}

/// <summary>A relation to another party.</summary>
internal sealed record Relation(Guid PartyId, string Role)
{
    public static readonly IReadOnlyList<string> Roles = ["contact", "guardian", "partner", "branch-of", "accountant", "referred-by", "other"];
}

/// <summary>A value of an attribute, checked against its type.</summary>
internal sealed record AttributeValue(Guid AttributeId, string Code, string Value);

/// <summary>All that is kept of a customer.</summary>
internal sealed record CustomerData
{
    public static readonly IReadOnlyList<string> Sources = ["walk-in", "online", "referral", "campaign", "fair", "import", "existing", "other"];

    public PartyKind Kind { get; init; }

    public string Name { get; init; } = "";

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    public string? LegalName { get; init; }

    public string? TradingName { get; init; }

    public DateOnly? BirthDate { get; init; }

    public string? TaxId { get; init; }

    public string? TaxCountry { get; init; }

    public string? Language { get; init; }

    public Guid? GroupId { get; init; }

    public Guid? PriceListId { get; init; }

    public string? PaymentTerms { get; init; }

    public Guid? SalesRepId { get; init; }

    public Guid? ParentId { get; init; }

    public Guid? HouseholdId { get; init; }

    public DateOnly AcquiredOn { get; init; }

    public string Source { get; init; } = "walk-in";

    public IReadOnlyList<ContactPoint> Contacts { get; init; } = [];

    public IReadOnlyList<Identifier> Identifiers { get; init; } = [];

    public IReadOnlyList<Relation> Relations { get; init; } = [];

    public IReadOnlyList<AttributeValue> Attributes { get; init; } = [];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The fields whose change a store manager approves.</summary>
    public IReadOnlyList<string> ControlledChanges(CustomerData after)
    {
        var changed = new List<string>();
        void Note(string field, bool differs)
        {
            if (differs) changed.Add(field);
        }

        Note("taxId", TaxId != after.TaxId || TaxCountry != after.TaxCountry);
        Note("legalName", LegalName != after.LegalName);
        Note("customerGroupId", GroupId != after.GroupId);
        Note("priceListId", PriceListId != after.PriceListId);
        Note("paymentTermsCode", PaymentTerms != after.PaymentTerms);
        Note("parentPartyId", ParentId != after.ParentId);
        return changed;
    }

    /// <summary>This with the controlled fields of another.</summary>
    public CustomerData WithControlledOf(CustomerData other) => this with
    {
        TaxId = other.TaxId,
        TaxCountry = other.TaxCountry,
        LegalName = other.LegalName,
        GroupId = other.GroupId,
        PriceListId = other.PriceListId,
        PaymentTerms = other.PaymentTerms,
        ParentId = other.ParentId,
        // An organisation without a name of its own is called by its legal name.
        Name = Kind == PartyKind.Organisation && Name == LegalName && other.LegalName is { } legal ? legal : Name,
    };

    /// <summary>Whether both say the same.</summary>
    public bool Says(CustomerData other) => Told == other.Told;

    /// <summary>As JSON, for the audit trail and to compare.</summary>
    [JsonIgnore]
    public string Told => JsonSerializer.Serialize(this, Json);

    /// <summary>The contact point of a type by which the customer is reached first.</summary>
    public ContactPoint? First(string type) => Contacts.FirstOrDefault(point => point.Type == type && point.IsPrimary) ?? Contacts.FirstOrDefault(point => point.Type == type);

    /// <summary>What the address book keeps of it.</summary>
    public PartyDraft Over(PartyDraft party) => party with
    {
        Kind = Kind,
        Name = Name,
        Roles = party.Roles | PartyRoles.Customer,
        Phone = First(ContactPoint.Phone) is { } phone ? phone.Normal.Length > 0 ? phone.Normal : PartyText.Phone(phone.Value) : null,
        Email = First(ContactPoint.Email)?.Value,
        Card = Identifiers.FirstOrDefault(identifier => identifier.Scheme == Identifier.Card)?.Value,
        TaxId = TaxId,
        Country = TaxCountry ?? First(ContactPoint.Address)?.Country,
        PriceListId = PriceListId,
    };

    /// <summary>Words by which it is found that the address book does not make of the party itself.</summary>
    public IReadOnlyCollection<string> FurtherWords()
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var point in Contacts.Where(point => point.Normal.Length > 0))
        {
            if (point.Type == ContactPoint.Email) words.Add(SearchText.Fold(point.Normal));
            if (point.Type != ContactPoint.Phone) continue;
            words.Add(point.Normal[1..]);
            words.Add(PhoneNumbers.NationalOf(point.Normal));
        }

        foreach (var identifier in Identifiers) words.Add(SearchText.Fold(identifier.Value));
        foreach (var name in new[] { GivenName, FamilyName, LegalName, TradingName }) words.UnionWith(SearchText.Words(name));
        words.Remove("");
        return words;
    }
}
