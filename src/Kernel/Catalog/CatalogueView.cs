using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Payments;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog;

/// <summary>The whole catalogue as it stood at one reading: items, prices, taxes, payment methods. It never changes.</summary>
/// <remarks>A command takes one view and keeps it to its end, so that a basket is never priced half by old and half by new rows.</remarks>
public sealed class CatalogueView
{
    private readonly CatalogueParts parts;
    private readonly ItemTable items;

    internal CatalogueView(CatalogueParts parts, ItemTable items, long stamp, long wholeSince)
    {
        (this.parts, this.items) = (parts, items);
        (Stamp, WholeSince) = (stamp, wholeSince);
    }

    /// <summary>The stamp of the area <c>catalogue</c> that the view was read at.</summary>
    public long Stamp { get; }

    /// <summary>Who knows the catalogue of this stamp or later needs only the items changed since; who knows an older one reads all,
    /// because units, categories, taxes or lists have changed.</summary>
    public long WholeSince { get; }

    /// <summary>The company's currency code.</summary>
    public string Currency => parts.Currency;

    /// <summary>How many items there are.</summary>
    public int Count => items.Count;

    /// <summary>All categories by code.</summary>
    public IReadOnlyList<Category> Categories => parts.Categories;

    /// <summary>All units by code.</summary>
    public IReadOnlyList<UnitOfMeasure> Units => parts.Units;

    /// <summary>All tax codes.</summary>
    public IReadOnlyCollection<TaxCodeEntry> TaxCodes => parts.TaxCodes.Values;

    /// <summary>All price lists by code.</summary>
    public IReadOnlyList<PriceList> PriceLists => parts.PriceLists;

    /// <summary>All payment methods, in the order in which refunds go to them, then by code.</summary>
    public IReadOnlyList<PaymentMethod> PaymentMethods => parts.Methods;

    internal CatalogueParts Parts => parts;

    internal ItemTable Items => items;

    /// <summary>An item, or null.</summary>
    public Item? Item(Guid id) => items.Find(id)?.Item;

    /// <summary>An item with its barcodes and prices, or null.</summary>
    public ItemCard? Card(Guid id) => items.Find(id);

    /// <summary>An item by its SKU as written, or null.</summary>
    public Item? BySku(string sku) => items.BySku(sku)?.Item;

    /// <summary>An item with how many stock units a scan of the barcode stands for, or null.</summary>
    public ScannedItem? ByBarcode(string barcode)
    {
        if (items.ByBarcode(barcode) is not { } card) return null;
        foreach (var known in card.Barcodes)
        {
            if (known.Code == barcode) return new ScannedItem(card.Item, known.Factor, known.UnitName);
        }

        return null;
    }

    /// <summary>A category, or null.</summary>
    public Category? Category(Guid id) => parts.CategoryById.GetValueOrDefault(id);

    /// <summary>A unit, or null.</summary>
    public UnitOfMeasure? Unit(string code) => parts.UnitByCode.GetValueOrDefault(code);

    /// <summary>A tax code, or null.</summary>
    public TaxCodeEntry? TaxCode(Guid id) => parts.TaxCodes.GetValueOrDefault(id);

    /// <summary>A tax code with the rates of a day, the same object for all who ask this view; null when there is no such code.</summary>
    public TaxScheme? TaxScheme(Guid taxCodeId, DateOnly day) => parts.Scheme(taxCodeId, day);

    /// <summary>A price list, or null.</summary>
    public PriceList? PriceList(Guid id) => parts.ListById.GetValueOrDefault(id);

    /// <summary>A payment method, or null.</summary>
    public PaymentMethod? PaymentMethod(string code) => parts.MethodByCode.GetValueOrDefault(code);

    /// <summary>The notes and coins of a currency in minor units, the greatest first.</summary>
    public IReadOnlyList<long> Denominations(string currency) =>
        [.. parts.Denominations.Where(known => known.Currency == currency).Select(known => known.Value).OrderDescending()];

    /// <summary>The price of one stock unit: the row of the first list that has one, never the lowest of all.</summary>
    /// <remarks>
    /// <para>Lists are asked in this order: the party's, the terminal's, the channel's, the branch's, the base list; two of one kind by
    /// code. Inside a list the row with the greatest minimum quantity reached wins, then the latest first day. Lists that are
    /// not in use or have another currency are passed over.</para>
    /// </remarks>
    /// <param name="itemId">The item.</param>
    /// <param name="quantityMillionths">How much, in millionths of the stock unit; a return is priced like the sale of as much.</param>
    /// <param name="day">Business day.</param>
    /// <param name="partyList">The price list of the customer, or null.</param>
    /// <param name="terminalList">The price list of the terminal, or null.</param>
    /// <param name="channel">The channel, or null.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="currency">Currency of the document; null for the company's.</param>
    /// <returns>The row with its list and why it was asked; null when no list has a price.</returns>
    public ChosenPrice? PriceOf(
        Guid itemId, long quantityMillionths, DateOnly day, Guid? partyList, Guid? terminalList, string? channel, Guid branch, string? currency = null)
    {
        if (items.Find(itemId) is not { } card) return null;
        var quantity = new Quantity(quantityMillionths).Absolute.Millionths;
        foreach (var (list, source) in parts.Asked(partyList, terminalList, channel, branch, currency ?? parts.Currency))
        {
            if (card.In(list.Id, quantity, day) is { } row) return new ChosenPrice(row, list, source);
        }

        return null;
    }

    /// <summary>Items by SKU whose SKU, name or barcodes contain every word that is looked for.</summary>
    /// <param name="text">Words, or null for all.</param>
    /// <param name="category">Only this category and those under it, or null.</param>
    /// <param name="active">Only those in use or not, or null for all.</param>
    /// <param name="sellable">Only those that may be sold, or not, or null for all.</param>
    /// <param name="after">Only those with a SKU after this, or null.</param>
    public IEnumerable<ItemCard> Search(string? text, Guid? category = null, bool? active = true, bool? sellable = null, string? after = null)
    {
        var words = SearchText.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var categories = category is { } top ? Under(top) : null;
        return items.After(after).Where(card =>
            (active is null || card.Item.Active == active) && (sellable is null || card.Item.Sellable == sellable)
            && (categories is null || categories.Contains(card.Item.CategoryId))
            && Array.TrueForAll(words, word => card.Searched.Contains(word, StringComparison.Ordinal)));
    }

    /// <summary>What changed after a stamp that somebody has: all items when it is older than <see cref="WholeSince"/>.</summary>
    public IEnumerable<ItemCard> ChangedSince(long stamp) => stamp < WholeSince ? items.Cards : items.Cards.Where(card => card.Changed > stamp);

    /// <summary>A category with all under it.</summary>
    public IReadOnlySet<Guid> Under(Guid category)
    {
        var found = new HashSet<Guid> { category };
        var children = parts.Categories.ToLookup(known => known.ParentId);
        var open = new Queue<Guid>(found);
        while (open.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                if (found.Add(child.Id)) open.Enqueue(child.Id);
            }
        }

        return found;
    }
}
