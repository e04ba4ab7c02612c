using Plug1.Kernel;

namespace Plug1.Customers.Directory;

/// <summary>Why the directory says no, in the order in which it is checked.</summary>
internal static class DirectoryRefusals
{
    /// <summary>The code of a blocked customer, by which callers know that an attempt is to be told.</summary>
    public const string BlockedCode = "DIRECTORY_BLOCKED";

    public static Refusal Unknown { get; } = new("DIRECTORY_UNKNOWN", "There is no such customer.", Status: 404);

    public static Refusal Blocked(string at) => new(BlockedCode, "This customer is blocked.", at);

    public static Refusal Erased(string at) => new("DIRECTORY_ERASED", "The personal data of this customer was erased; nothing new is agreed with them.", at);

    public static Refusal Merged(Guid survivor, string at) => new("DIRECTORY_MERGED", "This customer was merged into another.", at, 409, new Dictionary<string, object?> { ["survivor"] = survivor });

    public static Refusal NameRequired(string at) => new("DIRECTORY_NAME_REQUIRED", "A customer has a name of 1 to 200 characters: of a person, or of an organisation.", at);

    public static Refusal ContactInvalid(string at) => new("DIRECTORY_CONTACT_INVALID", "This is no e-mail address and no telephone number of the country.", at);

    public static Refusal ContactsTooMany { get; } = new("DIRECTORY_CONTACTS_TOO_MANY", "A customer has at most 50 contact points, identifiers, relations and attributes each.");

    public static Refusal PrimaryConflict(string at) => new("DIRECTORY_PRIMARY_CONFLICT", "Only one contact point of a type and purpose is the primary one.", at);

    public static Refusal IdentifierTaken(string at) => new("DIRECTORY_IDENTIFIER_TAKEN", "Another customer has this identifier.", at, 409);

    public static Refusal TaxIdTaken { get; } = new("DIRECTORY_TAX_ID_TAKEN", "Another customer has this tax identifier.", "/taxId", 409);

    public static Refusal BirthDateFuture { get; } = new("DIRECTORY_BIRTH_DATE_FUTURE", "A person was born in the past, and after 1850.", "/birthDate");

    public static Refusal ParentCycle { get; } = new("DIRECTORY_PARENT_CYCLE", "A customer cannot belong to itself, also not by way of others.", "/parentPartyId");

    public static Refusal PartyUnknown(string at) => new("DIRECTORY_PARTY_UNKNOWN", "There is no such party.", at);

    public static Refusal GroupUnknown { get; } = new("DIRECTORY_GROUP_UNKNOWN", "There is no such customer group in use.", "/customerGroupId");

    public static Refusal AttributeInvalid(string at) => new("DIRECTORY_ATTRIBUTE_INVALID", "There is no such attribute in use, or the value is not of its type.", at);

    public static Refusal FieldInvalid(string at, string what) => new("DIRECTORY_FIELD_INVALID", what, at);

    public static Refusal ChangePending(Guid change) => new("DIRECTORY_CHANGE_PENDING", "A change of this customer waits for approval; decide on it first.", Status: 409, Detail: new Dictionary<string, object?> { ["change"] = change });

    public static Refusal ChangeNothing { get; } = new("DIRECTORY_CHANGE_NOTHING", "Nothing is different.");

    public static Refusal StandingSame(bool blocks) => new("DIRECTORY_STANDING_SAME", blocks ? "This customer is blocked already." : "This customer is not blocked.", "/standing", 409);

    public static Refusal ConsentEvidence { get; } = new("DIRECTORY_CONSENT_EVIDENCE", "A consent says how it was given: what was signed, ticked or said, and where that is kept.", "/evidence");

    public static Refusal ConsentInvalid(string at, string what) => new("DIRECTORY_CONSENT_INVALID", what, at);

    public static Refusal NotReversed { get; } = new("DIRECTORY_NOT_REVERSED", "Customers, changes, blocks and consents are not reversed: close, change, unblock or withdraw.", "/status", 409);

    public static Refusal QueryTooShort { get; } = new("DIRECTORY_QUERY_MISSING", "Say what to look for: a number, a card, a telephone number or the beginning of a name.", "/q");
}
