using System.Text.Json;
using System.Text.RegularExpressions;
using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Imports;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Parties;

namespace Plug1.Sales.PastSales;

/// <summary>Says how a file of past sales is read; kept as a JSON file beside the data. <c>docs/import-sales.md</c> tells each member.</summary>
/// <param name="Source">Where the sales come from, such as <c>old-till</c>: with a document's number it names the document for ever.</param>
/// <param name="Columns">Our field and the heading of its column: document, sku, description, quantity, time, price, customer, country.</param>
/// <param name="Tax">The tax of all lines.</param>
/// <param name="Payment">The payment method by which everything was paid: of the type card, bank, mobile or other.</param>
/// <param name="Items">What items are, by their code; the first rule that fits.</param>
/// <param name="Documents">What documents are, by their number; the first rule that fits, else a sale.</param>
/// <param name="Customers">How customers are made.</param>
/// <param name="Branch">Code of the branch; the first when it is left out.</param>
/// <param name="Terminal">Code of the till; the branch's first when it is left out.</param>
/// <param name="Channel">Where the business came from.</param>
/// <param name="PriceList">A list that new items get their median price in; none when it is left out.</param>
/// <param name="CostPercent">What an item costs, in per cent of its median price, 0 to 100.</param>
/// <param name="Constants">Fields that have one value in every row.</param>
/// <param name="Delimiter">What stands between cells; found out when it is left out.</param>
/// <param name="DecimalSeparator">A point or a comma.</param>
/// <param name="DateFormat">Form of the times, which are those of the branch's clock.</param>
public sealed record PastSalesMapping(
    string Source, IReadOnlyDictionary<string, string> Columns, PastTax Tax, string Payment, IReadOnlyList<PastItemRule> Items, IReadOnlyList<PastDocumentRule>? Documents = null,
    PastCustomers? Customers = null, string? Branch = null, string? Terminal = null, string Channel = "in-store", string? PriceList = null, int CostPercent = 60,
    IReadOnlyDictionary<string, string>? Constants = null, string? Delimiter = null, string DecimalSeparator = ".", string DateFormat = "yyyy-MM-dd'T'HH:mm:ss")
{
    /// <summary>The fields of a row.</summary>
    public static IReadOnlyList<ImportField> Fields { get; } =
    [
        new("document", true), new("sku", true), new("description"), new("quantity", true), new("time", true), new("price", true), new("customer"), new("country"),
    ];

    /// <summary>Reads a mapping file. Refused with <c>IMPORT_MAPPING_INVALID</c>.</summary>
    public static Result<PastSalesMapping> Parse(string json)
    {
        try
        {
            if (JsonSerializer.Deserialize<PastSalesMapping>(json, MasterJson.Strict) is not { } mapping) return ImportRefusals.MappingInvalid("it is empty.");
            return mapping.Problem is { } problem ? ImportRefusals.MappingInvalid(problem) : mapping;
        }
        catch (JsonException failure)
        {
            return ImportRefusals.MappingInvalid($"it cannot be read at {failure.Path ?? "its beginning"}.");
        }
        catch (ArgumentException failure)
        {
            return ImportRefusals.MappingInvalid($"a pattern is none: {failure.Message.Split('\n')[0]}");
        }
    }

    /// <summary>How the cells of a file are read.</summary>
    internal ImportMapping Cells => new(Columns, Constants, null, Delimiter, DecimalSeparator, DateFormat);

    /// <summary>The rule of an item code, or null.</summary>
    internal PastItemRule? ItemRule(string sku) => Items.FirstOrDefault(rule => rule.Fits(sku));

    /// <summary>The rule of a document number; null for a sale.</summary>
    internal PastDocumentRule? DocumentRule(string reference) => Documents?.FirstOrDefault(rule => rule.Fits(reference));

    private string? Problem =>
        Source is not { Length: >= 1 and <= 40 } || !Source.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') ? "source has 1 to 40 letters, digits and hyphens."
        : Items.Count == 0 ? "items has no rule."
        : CostPercent is < 0 or > 100 ? "costPercent is 0 to 100."
        : Items.FirstOrDefault(rule => rule.Kind is not (ItemKind.Goods or ItemKind.Charge or ItemKind.Service)) is not null ? "an item is goods, charge or service."
        : Documents?.FirstOrDefault(rule => rule.Kind is not ("sale" or "return" or "refused")) is { } odd ? $"a document is sale, return or refused, not '{odd.Kind}'."
        : null;
}

/// <summary>The tax of past sales.</summary>
/// <param name="Code">The tax code; made when it is missing and a category without rates is given.</param>
/// <param name="Included">Whether prices are with tax.</param>
/// <param name="Name">Name of a code that is made.</param>
/// <param name="Category">EN 16931 category of a code that is made: Z zero rated, O outside the scope.</param>
public sealed record PastTax(string Code, bool Included, string? Name = null, string? Category = null);

/// <summary>What items with certain codes are.</summary>
/// <param name="Category">Code of their category; made when it is missing.</param>
/// <param name="Kind">goods, which are kept in stock, charge or service.</param>
/// <param name="Match">A regular expression on the item code; all codes when it is left out.</param>
/// <param name="Sku">The code under which the item is kept here; its own when it is left out.</param>
/// <param name="CategoryName">Name of a category that is made.</param>
/// <param name="Unit">Unit of stock.</param>
public sealed record PastItemRule(string Category, ItemKind Kind = ItemKind.Goods, string? Match = null, string? Sku = null, string? CategoryName = null, string Unit = "EA")
{
    private readonly Regex? pattern = PastPattern.Of(Match);

    internal bool Fits(string sku) => pattern?.IsMatch(sku) ?? true;
}

/// <summary>What documents with certain numbers are.</summary>
/// <param name="Match">A regular expression on the document's number.</param>
/// <param name="Kind">sale; return, whose quantities are below zero; refused, which is not taken.</param>
/// <param name="Reason">Why it is refused, in words.</param>
public sealed record PastDocumentRule(string Match, string Kind, string? Reason = null)
{
    private readonly Regex? pattern = PastPattern.Of(Match);

    internal bool Fits(string reference) => pattern?.IsMatch(reference) ?? true;
}

/// <summary>How customers are made.</summary>
/// <param name="Kind">person or organisation.</param>
/// <param name="Name">Their name; <c>{number}</c> stands for the number.</param>
/// <param name="Countries">ISO 3166 codes of the countries that the file names; a country without one is left out.</param>
public sealed record PastCustomers(PartyKind Kind = PartyKind.Organisation, string Name = "Customer {number}", IReadOnlyDictionary<string, string>? Countries = null);

/// <summary>Patterns of mappings: their time grows with the text alone, whatever they are.</summary>
internal static class PastPattern
{
    public static Regex? Of(string? pattern) => pattern is null ? null : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
