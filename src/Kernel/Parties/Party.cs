using System.Text.Json.Serialization;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Parties;

/// <summary>What a party is.</summary>
[JsonConverter(typeof(WordJsonConverter<PartyKind>))]
public enum PartyKind
{
    /// <summary>A human being.</summary>
    Person,

    /// <summary>A company, an office, a club.</summary>
    Organisation,
}

/// <summary>How a party stands.</summary>
[JsonConverter(typeof(WordJsonConverter<PartyState>))]
public enum PartyState
{
    /// <summary>In use.</summary>
    Active,

    /// <summary>Nothing new is to be agreed with it.</summary>
    Blocked,

    /// <summary>It was found to be another party, under whose id it is read.</summary>
    Merged,

    /// <summary>Its personal data has been erased.</summary>
    Erased,
}

/// <summary>What a party is to the company.</summary>
[Flags]
public enum PartyRoles
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    /// <summary>Buys.</summary>
    Customer = 1,

    /// <summary>Delivers.</summary>
    Supplier = 2,

    /// <summary>Works here.</summary>
    Employee = 4,

    /// <summary>Belongs to it.</summary>
    Member = 8,
}

/// <summary>What is entered of a party.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Name.</param>
/// <param name="Roles">What it is to the company.</param>
/// <param name="Number">Number; null for the next of the series.</param>
/// <param name="Phone">Telephone number, written in any way.</param>
/// <param name="Email">Mail address.</param>
/// <param name="Card">Number of its customer card; no other party has it.</param>
/// <param name="TaxId">Tax identifier.</param>
/// <param name="Country">Country, two capital letters of ISO 3166.</param>
/// <param name="PriceListId">Its own price list.</param>
/// <param name="State">Active or blocked.</param>
public sealed record PartyDraft(
    PartyKind Kind, string Name, PartyRoles Roles, string? Number = null, string? Phone = null, string? Email = null, string? Card = null,
    string? TaxId = null, string? Country = null, Guid? PriceListId = null, PartyState State = PartyState.Active);

/// <summary>Somebody whom the company deals with. Whoever was merged into another is read as that other.</summary>
/// <param name="Id">Id of the party that stands for all merged into it.</param>
/// <param name="Number">Number, unique.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Name.</param>
/// <param name="Roles">What it is to the company.</param>
/// <param name="Phone">Telephone number: digits, with a plus before an international one.</param>
/// <param name="Email">Mail address.</param>
/// <param name="Card">Number of its customer card.</param>
/// <param name="TaxId">Tax identifier.</param>
/// <param name="Country">Country, two capital letters of ISO 3166.</param>
/// <param name="PriceListId">Its own price list, or null.</param>
/// <param name="State">How it stands.</param>
/// <param name="CreatedAt">When it was entered.</param>
/// <param name="Version">Version, for changes.</param>
public sealed record Party(
    Guid Id, string Number, PartyKind Kind, string Name, PartyRoles Roles, string? Phone, string? Email, string? Card, string? TaxId,
    string? Country, Guid? PriceListId, PartyState State, DateTimeOffset CreatedAt, long Version = 1)
{
    /// <summary>The roles as words: <c>customer</c>, <c>supplier</c>, <c>employee</c>, <c>member</c>.</summary>
    public IReadOnlyList<string> RoleWords => WordsOf(Roles);

    /// <summary>What was entered, to change a part of it.</summary>
    public PartyDraft Draft => new(Kind, Name, Roles, Number, Phone, Email, Card, TaxId, Country, PriceListId, State);

    /// <summary>The words of roles.</summary>
    public static IReadOnlyList<string> WordsOf(PartyRoles roles) =>
        [.. Enum.GetValues<PartyRoles>().Where(role => role != PartyRoles.None && roles.HasFlag(role)).Select(role => role.Word())];
}
