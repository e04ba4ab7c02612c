using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog;

/// <summary>An item with its barcodes and prices, as one reading found them.</summary>
public sealed class ItemCard
{
    internal ItemCard(Item item, Barcode[] barcodes, Price[] prices, long changed)
    {
        (Item, Barcodes, Changed) = (item, barcodes, changed);
        // Sorted so that the first row of a list that fits is the one to take.
        Array.Sort(prices, static (a, b) =>
        {
            var byList = a.ListId.CompareTo(b.ListId);
            if (byList != 0) return byList;
            var byQuantity = b.MinQuantity.CompareTo(a.MinQuantity);
            return byQuantity != 0 ? byQuantity : b.ValidFrom.CompareTo(a.ValidFrom);
        });
        Prices = prices;
        Searched = SearchText.Fold(item.Sku + " " + item.Name) + (barcodes.Length == 0 ? "" : " " + string.Join(' ', barcodes.Select(barcode => barcode.Code)));
    }

    /// <summary>The item.</summary>
    public Item Item { get; }

    /// <summary>Its barcodes.</summary>
    public IReadOnlyList<Barcode> Barcodes { get; }

    /// <summary>Its prices in all lists.</summary>
    public IReadOnlyList<Price> Prices { get; }

    /// <summary>The stamp of the catalogue when the item, a barcode or a price of it last changed.</summary>
    public long Changed { get; }

    /// <summary>What a search looks at, in searched form.</summary>
    internal string Searched { get; }

    /// <summary>The row of one list for a quantity and a day, or null.</summary>
    internal Price? In(Guid list, long quantity, DateOnly day)
    {
        foreach (ref readonly var row in ((Price[])Prices).AsSpan())
        {
            if (row.ListId == list && row.MinQuantity.Millionths <= quantity && row.ValidFrom <= day && (row.ValidTo is null || day < row.ValidTo)) return row;
        }

        return null;
    }
}

/// <summary>All items with their indexes. A change of some makes a new table that shares whatever it did not touch.</summary>
internal sealed class ItemTable
{
    private readonly ItemCard[] cards;
    private readonly Dictionary<Guid, int> byId;
    private readonly Dictionary<string, int> bySku;
    private readonly Dictionary<string, int> byBarcode;
    private int[]? ordered;

    private ItemTable(ItemCard[] cards, Dictionary<Guid, int> byId, Dictionary<string, int> bySku, Dictionary<string, int> byBarcode, int[]? ordered) =>
        (this.cards, this.byId, this.bySku, this.byBarcode, this.ordered) = (cards, byId, bySku, byBarcode, ordered);

    public static ItemTable Of(IReadOnlyList<ItemCard> cards)
    {
        var table = new ItemTable([.. cards], new(cards.Count), new(cards.Count, StringComparer.Ordinal), new(cards.Count, StringComparer.Ordinal), null);
        for (var at = 0; at < cards.Count; at++) table.Index(at);
        return table;
    }

    public int Count => cards.Length;

    public IReadOnlyList<ItemCard> Cards => cards;

    public ItemCard? Find(Guid id) => byId.TryGetValue(id, out var at) ? cards[at] : null;

    public ItemCard? BySku(string sku) => bySku.TryGetValue(sku, out var at) ? cards[at] : null;

    public ItemCard? ByBarcode(string barcode) => byBarcode.TryGetValue(barcode, out var at) ? cards[at] : null;

    /// <summary>All cards by SKU; the order is made when it is first asked for.</summary>
    public IEnumerable<ItemCard> After(string? sku)
    {
        var order = ordered ??= MakeOrder();
        for (var at = sku is null ? 0 : FirstAfter(order, sku); at < order.Length; at++) yield return cards[order[at]];
    }

    /// <summary>The table with some cards replaced or added.</summary>
    public ItemTable With(IReadOnlyList<ItemCard> changes)
    {
        if (changes.Count == 0) return this;
        var added = changes.Where(change => !byId.ContainsKey(change.Item.Id)).ToList();
        var known = changes.Where(change => byId.ContainsKey(change.Item.Id)).ToList();
        var skusMove = added.Count > 0 || known.Any(change => Find(change.Item.Id)!.Item.Sku != change.Item.Sku);
        var barcodesMove = added.Any(change => change.Barcodes.Count > 0)
            || known.Any(change => !Find(change.Item.Id)!.Barcodes.Select(b => b.Code).SequenceEqual(change.Barcodes.Select(b => b.Code)));

        var now = new ItemCard[cards.Length + added.Count];
        cards.CopyTo(now, 0);
        var table = new ItemTable(
            now, added.Count > 0 ? new(byId) : byId, skusMove ? new(bySku, StringComparer.Ordinal) : bySku,
            barcodesMove ? new(byBarcode, StringComparer.Ordinal) : byBarcode, skusMove ? null : ordered);

        foreach (var change in known)
        {
            if (skusMove) table.bySku.Remove(Find(change.Item.Id)!.Item.Sku);
            if (!barcodesMove) continue;
            foreach (var barcode in Find(change.Item.Id)!.Barcodes) table.byBarcode.Remove(barcode.Code);
        }

        var next = cards.Length;
        foreach (var change in changes)
        {
            var at = byId.TryGetValue(change.Item.Id, out var old) ? old : next++;
            now[at] = change;
            if (added.Count > 0) table.byId[change.Item.Id] = at;
            if (skusMove) table.bySku[change.Item.Sku] = at;
            if (!barcodesMove) continue;
            foreach (var barcode in change.Barcodes) table.byBarcode[barcode.Code] = at;
        }

        return table;
    }

    private void Index(int at)
    {
        var card = cards[at];
        byId[card.Item.Id] = at;
        bySku[card.Item.Sku] = at;
        foreach (var barcode in card.Barcodes) byBarcode[barcode.Code] = at;
    }

    private int[] MakeOrder()
    {
        var order = new int[cards.Length];
        for (var at = 0; at < order.Length; at++) order[at] = at;
        Array.Sort(Array.ConvertAll(order, at => cards[at].Item.Sku), order, StringComparer.Ordinal);
        return order;
    }

    private int FirstAfter(int[] order, string sku)
    {
        var (low, high) = (0, order.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(cards[order[middle]].Item.Sku, sku) <= 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
