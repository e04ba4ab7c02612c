namespace Plug1.Kernel.Parties;

/// <summary>Every reason for which a party is not taken, in the order they are checked.</summary>
public static class PartyRefusals
{
    /// <summary>No such party.</summary>
    public static readonly Refusal Unknown = new("PARTY_UNKNOWN", "There is no such party.", Status: 404);

    /// <summary>It is merged or erased.</summary>
    public static readonly Refusal Closed = new("PARTY_CLOSED", "This party has been merged or erased and cannot be changed.", Status: 409);

    /// <summary>The name is missing or too long.</summary>
    public static readonly Refusal NameInvalid = new("PARTY_NAME_INVALID", "A name has 1 to 200 characters.", "/name");

    /// <summary>The number is too long or has spaces around it.</summary>
    public static readonly Refusal NumberInvalid = new("PARTY_NUMBER_INVALID", "A number has 1 to 40 characters without spaces at its ends.", "/number");

    /// <summary>The telephone number is none.</summary>
    public static readonly Refusal PhoneInvalid = new("PARTY_PHONE_INVALID", "A telephone number has 3 to 20 digits, with a plus before an international one.", "/phone");

    /// <summary>The mail address is none.</summary>
    public static readonly Refusal EmailInvalid = new("PARTY_EMAIL_INVALID", "A mail address looks like name@example.com.", "/email");

    /// <summary>The card number is too long or has spaces around it.</summary>
    public static readonly Refusal CardInvalid = new("PARTY_CARD_INVALID", "A card number has 1 to 40 characters without spaces at its ends.", "/card");

    /// <summary>The tax identifier is too long.</summary>
    public static readonly Refusal TaxIdInvalid = new("PARTY_TAX_ID_INVALID", "A tax identifier has 1 to 40 characters.", "/taxId");

    /// <summary>The country is no code.</summary>
    public static readonly Refusal CountryInvalid = new("PARTY_COUNTRY_INVALID", "A country is two capital letters, such as DE.", "/country");

    /// <summary>A person sets only active or blocked.</summary>
    public static readonly Refusal StateInvalid = new("PARTY_STATE_INVALID", "A party is set active or blocked; merging and erasing have calls of their own.", "/state");

    /// <summary>The price list does not exist.</summary>
    public static readonly Refusal PriceListUnknown = new("PARTY_PRICE_LIST_UNKNOWN", "There is no such price list.", "/priceListId");

    /// <summary>The number is another party's.</summary>
    public static readonly Refusal NumberTaken = new("PARTY_NUMBER_TAKEN", "Another party has this number.", "/number", 409);

    /// <summary>The card is another party's.</summary>
    public static readonly Refusal CardTaken = new("PARTY_CARD_TAKEN", "Another party has this card.", "/card", 409);
}
