using Plug1.Kernel.Parties;

namespace Plug1.Customers.Directory;

/// <summary>A way to reach a customer.</summary>
/// <param name="Type">phone, email or address.</param>
/// <param name="Value">As it was written; of an address several lines.</param>
/// <param name="Purpose">home, work, mobile, billing, delivery, support or other.</param>
/// <param name="IsPrimary">The first of its type and purpose.</param>
/// <param name="Person">Whom one reaches there, of an organisation.</param>
/// <param name="Postcode">Of an address.</param>
/// <param name="Country">Of an address, and of a number that does not say its own; two letters.</param>
/// <param name="VerifiedAt">When somebody made sure of it.</param>
public sealed record ContactPointRequest(string Type, string Value, string Purpose = "other", bool IsPrimary = false, string? Person = null, string? Postcode = null, string? Country = null, DateTimeOffset? VerifiedAt = null);

/// <summary>A number by which a customer is known.</summary>
/// <param name="Scheme">card, external or member.</param>
/// <param name="Value">The number.</param>
public sealed record IdentifierRequest(string Scheme, string Value);

/// <summary>A relation to another party.</summary>
/// <param name="PartyId">The other.</param>
/// <param name="Role">contact, guardian, partner, branch-of, accountant, referred-by or other.</param>
public sealed record RelationRequest(Guid PartyId, string Role);

/// <summary>A value of a defined attribute.</summary>
/// <param name="Code">Code of the attribute.</param>
/// <param name="Value">Its value as text: a number with a point, a day as 2026-03-31, true or false.</param>
public sealed record AttributeRequest(string Code, string Value);

/// <summary>What is entered of a customer, as a whole.</summary>
/// <param name="PartyType">person or organisation.</param>
/// <param name="DisplayName">What people call it; made of the names when it is left out.</param>
/// <param name="GivenName">Of a person.</param>
/// <param name="FamilyName">Of a person.</param>
/// <param name="LegalName">Of an organisation.</param>
/// <param name="TradingName">Of an organisation.</param>
/// <param name="BirthDate">Of a person.</param>
/// <param name="TaxId">Tax identifier; with its country no other customer has it.</param>
/// <param name="TaxCountry">Country of the tax identifier, two letters; the company's when it is left out.</param>
/// <param name="LanguageCode">Language, such as en or pt-BR.</param>
/// <param name="CustomerGroupId">Group.</param>
/// <param name="PriceListId">Its own price list.</param>
/// <param name="PaymentTermsCode">Terms of payment.</param>
/// <param name="SalesRepUserId">Who looks after it.</param>
/// <param name="ParentPartyId">The party whose legal group it belongs to.</param>
/// <param name="HouseholdId">The household; customers with the same id share it.</param>
/// <param name="AcquiredOn">Since when; today when it is left out.</param>
/// <param name="AcquisitionSource">walk-in, online, referral, campaign, fair, import or other.</param>
/// <param name="ContactPoints">Ways to reach it.</param>
/// <param name="Identifiers">Numbers by which it is known.</param>
/// <param name="Relations">Relations to other parties.</param>
/// <param name="Attributes">Values of defined attributes.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null; only when it is entered.</param>
public sealed record CustomerRequest(
    PartyKind PartyType = PartyKind.Person, string? DisplayName = null, string? GivenName = null, string? FamilyName = null, string? LegalName = null, string? TradingName = null,
    DateOnly? BirthDate = null, string? TaxId = null, string? TaxCountry = null, string? LanguageCode = null, Guid? CustomerGroupId = null, Guid? PriceListId = null,
    string? PaymentTermsCode = null, Guid? SalesRepUserId = null, Guid? ParentPartyId = null, Guid? HouseholdId = null, DateOnly? AcquiredOn = null, string? AcquisitionSource = null,
    IReadOnlyList<ContactPointRequest>? ContactPoints = null, IReadOnlyList<IdentifierRequest>? Identifiers = null, IReadOnlyList<RelationRequest>? Relations = null,
    IReadOnlyList<AttributeRequest>? Attributes = null, Guid? Id = null);

/// <summary>A customer in as few words as a till has time for.</summary>
/// <param name="DisplayName">Name.</param>
/// <param name="Phone">Telephone number, or null.</param>
/// <param name="Email">Mail address, or null.</param>
/// <param name="Card">Number of a customer card, or null.</param>
/// <param name="PartyType">person or organisation.</param>
/// <param name="AcquisitionSource">walk-in when it is left out.</param>
/// <param name="Id">Made by the sender (UUIDv7), or null.</param>
public sealed record QuickCustomerRequest(string DisplayName, string? Phone = null, string? Email = null, string? Card = null, PartyKind PartyType = PartyKind.Person, string? AcquisitionSource = null, Guid? Id = null);

/// <summary>Blocks or unblocks.</summary>
/// <param name="Reason">Reason code of the list.</param>
/// <param name="Text">A word beside it.</param>
public sealed record StandingRequest(string? Reason = null, string? Text = null);

/// <summary>A consent that was given or withdrawn.</summary>
/// <param name="Purpose">What for: marketing, profiling, service, newsletter or third-party.</param>
/// <param name="Channel">How: email, sms, phone, post or any.</param>
/// <param name="Granted">Given, or withdrawn.</param>
/// <param name="Evidence">What proves it.</param>
/// <param name="Source">Where: counter, web, phone, paper or import; counter when it is left out.</param>
/// <param name="At">When it was said; now when it is left out.</param>
/// <param name="ExpiresOn">The last day on which it holds, or null.</param>
public sealed record ConsentRequest(string Purpose, string Channel, bool Granted, string? Evidence = null, string Source = "counter", DateTimeOffset? At = null, DateOnly? ExpiresOn = null);

/// <summary>Where a customer stands.</summary>
/// <param name="Id">Id, which is that of the party.</param>
/// <param name="Number">Customer number; null of a draft.</param>
/// <param name="Status">Status of the document.</param>
/// <param name="Version">Version.</param>
/// <param name="Change">The change that was made or asked for, or null.</param>
/// <param name="WaitsFor">The role that has to approve first, or null.</param>
public sealed record CustomerAnswer(Guid Id, string? Number, string Status, long Version, Guid? Change = null, string? WaitsFor = null);

/// <summary>A consent that was recorded.</summary>
public sealed record ConsentAnswer(Guid Id, string? Number, string Purpose, string Channel, bool Granted);
