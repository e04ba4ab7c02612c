using System.Text.Json.Serialization;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog;

/// <summary>What an item is.</summary>
[JsonConverter(typeof(WordJsonConverter<ItemKind>))]
public enum ItemKind
{
    /// <summary>Something that is kept in stock.</summary>
    Goods,

    /// <summary>Work done; never in stock.</summary>
    Service,

    /// <summary>A fee beside goods, such as delivery; never in stock.</summary>
    Charge,
}

/// <summary>How single pieces of an item are told apart.</summary>
[JsonConverter(typeof(WordJsonConverter<Tracking>))]
public enum Tracking
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By lot.</summary>
    Lot,

    /// <summary>Each piece by its serial number.</summary>
    Serial,
}

/// <summary>How stock is valued.</summary>
[JsonConverter(typeof(WordJsonConverter<Valuation>))]
public enum Valuation
{
    /// <summary>Moving weighted average of a warehouse.</summary>
    Average,

    /// <summary>First in, first out, by lot.</summary>
    Fifo,
}

/// <summary>Something that is bought, kept, made or sold.</summary>
/// <param name="Id">Id.</param>
/// <param name="Sku">Code of the item, unique; its ledger unit is <c>ITEM:</c> and this.</param>
/// <param name="Name">Name.</param>
/// <param name="CategoryId">Its category.</param>
/// <param name="Unit">Code of its stock unit.</param>
/// <param name="Decimals">How many decimals a quantity of it may have, as its unit says.</param>
/// <param name="TaxCodeId">Its tax code.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Tracking">How pieces are told apart.</param>
/// <param name="Valuation">How stock of it is valued.</param>
/// <param name="StandardCost">Estimated cost of one stock unit, or null.</param>
/// <param name="Sellable">Whether it may be sold.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Version">Version, for changes.</param>
public sealed record Item(
    Guid Id, string Sku, string Name, Guid CategoryId, string Unit, int Decimals, Guid TaxCodeId, ItemKind Kind, Tracking Tracking,
    Valuation Valuation, UnitPrice? StandardCost, bool Sellable, bool Active, long Version = 1)
{
    /// <summary>The code of its ledger unit.</summary>
    public string LedgerUnit => "ITEM:" + Sku;

    /// <summary>Whether it is kept in stock.</summary>
    public bool IsStocked => Kind == ItemKind.Goods;
}

/// <summary>A barcode of an item.</summary>
/// <param name="Code">What is read.</param>
/// <param name="Factor">How many stock units it stands for.</param>
/// <param name="UnitName">What the pack is called, or null.</param>
public readonly record struct Barcode(string Code, Quantity Factor, string? UnitName);

/// <summary>An item as a barcode names it.</summary>
/// <param name="Item">The item.</param>
/// <param name="Factor">How many stock units one scan stands for.</param>
/// <param name="UnitName">What the pack is called, or null.</param>
public readonly record struct ScannedItem(Item Item, Quantity Factor, string? UnitName);

/// <summary>A category of items.</summary>
public sealed record Category(Guid Id, string Code, string Name, Guid? ParentId, bool Active, long Version = 1);

/// <summary>A unit in which items are counted.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Decimals">How many decimals a quantity may have, 0 to 6.</param>
/// <param name="Version">Version, for changes.</param>
public sealed record UnitOfMeasure(string Code, string Name, int Decimals, long Version = 1);

/// <summary>A tax code as it is kept: what calculates, and whether it may still be chosen.</summary>
public sealed record TaxCodeEntry(Guid Id, TaxCode Code, bool Active, long Version = 1);

/// <summary>A price list: for everyone, or for a channel, a branch, or those who name it (a party, a terminal).</summary>
/// <param name="Id">Id.</param>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Currency">Code of the currency of its prices.</param>
/// <param name="Basis">Whether its prices include tax.</param>
/// <param name="IsBase">Whether it is the list for everyone.</param>
/// <param name="BranchId">Only for this branch, or null.</param>
/// <param name="Channel">Only for this channel, or null.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Version">Version, for changes.</param>
public sealed record PriceList(
    Guid Id, string Code, string Name, string Currency, TaxBasis Basis, bool IsBase, Guid? BranchId, string? Channel, bool Active, long Version = 1);

/// <summary>A row of a price list.</summary>
/// <param name="Id">Id of the row; what was charged names it.</param>
/// <param name="ListId">Its list.</param>
/// <param name="Amount">Price of one stock unit.</param>
/// <param name="MinQuantity">From this quantity on.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidTo">First day without it; null for no end.</param>
public readonly record struct Price(Guid Id, Guid ListId, UnitPrice Amount, Quantity MinQuantity, DateOnly ValidFrom, DateOnly? ValidTo);

/// <summary>Why a list was asked for a price; the first in this order that has one wins.</summary>
public enum PriceSource
{
    /// <summary>The customer's own list.</summary>
    Party,

    /// <summary>The list of the terminal.</summary>
    Terminal,

    /// <summary>A list of the channel.</summary>
    Channel,

    /// <summary>A list of the branch.</summary>
    Branch,

    /// <summary>The list for everyone.</summary>
    Base,
}

/// <summary>A price with where it came from.</summary>
/// <param name="Row">The row.</param>
/// <param name="List">Its list, with the basis and currency of the price.</param>
/// <param name="Source">Why that list was asked.</param>
public readonly record struct ChosenPrice(Price Row, PriceList List, PriceSource Source);
