using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>Whose price list it is; the first that has a price wins.</summary>
public enum PriceListOwner
{
    /// <summary>The customer's own list.</summary>
    Party,

    /// <summary>The list of the channel.</summary>
    Channel,

    /// <summary>The list of the branch.</summary>
    Branch,

    /// <summary>The list for everyone.</summary>
    Base,
}

/// <summary>A row of a price list for the item that is asked for.</summary>
/// <param name="Owner">Whose list.</param>
/// <param name="List">Code of the list; the answer names it.</param>
/// <param name="Row">Identifier of the row; the answer names it.</param>
/// <param name="Unit">Unit of measure the price is for.</param>
/// <param name="Currency">Currency of the price.</param>
/// <param name="Price">The price of <see cref="PriceBaseQuantity"/>.</param>
/// <param name="MinQuantity">From this quantity on.</param>
/// <param name="ValidFrom">From this day on.</param>
/// <param name="ValidTo">Up to but without this day; null for no end.</param>
public sealed record PriceRow(
    PriceListOwner Owner, string List, Guid Row, string Unit, Currency Currency, UnitPrice Price,
    Quantity MinQuantity, DateOnly ValidFrom, DateOnly? ValidTo = null)
{
    /// <summary>The quantity that the price is for.</summary>
    public Quantity PriceBaseQuantity { get; init; } = Quantity.One;
}

/// <summary>Chooses the price of an item.</summary>
public static class PriceChoice
{
    /// <summary>The row of the first list that has one for the unit, currency, day and quantity: party's, channel's, branch's, base list;
    /// inside a list the greatest minimum quantity reached, then the latest first day. Never the lowest of all.</summary>
    /// <param name="rows">All rows of the item in the lists that apply to this sale.</param>
    /// <param name="unit">Unit of measure sold.</param>
    /// <param name="currency">Currency of the document.</param>
    /// <param name="quantity">How much; a return is priced like the sale of as much.</param>
    /// <param name="day">Business date.</param>
    /// <param name="at">JSON pointer of the line.</param>
    /// <returns>The row, refused with <c>PRICE_NOT_FOUND</c>.</returns>
    public static Result<PriceRow> Choose(
        IEnumerable<PriceRow> rows, string unit, Currency currency, Quantity quantity, DateOnly day, string at = "/itemId")
    {
        var size = quantity.Absolute;
        PriceRow? best = null;
        foreach (var row in rows)
        {
            var applies = row.Unit == unit && row.Currency == currency && row.MinQuantity <= size
                && row.ValidFrom <= day && (row.ValidTo is null || day < row.ValidTo);
            if (applies && (best is null || Beats(row, best))) best = row;
        }

        return best is null ? PricingRefusals.PriceNotFound(at) : best;
    }

    private static bool Beats(PriceRow row, PriceRow best)
    {
        if (row.Owner != best.Owner) return row.Owner < best.Owner;

        // Two lists of one owner: the lower code, so that the answer never depends on the order of the rows.
        var byList = string.CompareOrdinal(row.List, best.List);
        if (byList != 0) return byList < 0;
        if (row.MinQuantity != best.MinQuantity) return row.MinQuantity > best.MinQuantity;
        return row.ValidFrom != best.ValidFrom ? row.ValidFrom > best.ValidFrom : row.Row.CompareTo(best.Row) < 0;
    }
}
