using Plug1.Kernel.Catalog;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Values;
using Plug1.Sales.Pricing;

namespace Plug1.Sales.PastSales;

/// <summary>Where past sales are booked, and how.</summary>
internal sealed record PastPlace(PastSalesMapping Mapping, Branch Branch, Terminal Terminal, Currency Currency, TaxRounding TaxRounding, TenderMethod Method)
{
    public TaxBasis Basis => Mapping.Tax.Included ? TaxBasis.Gross : TaxBasis.Net;
}

/// <summary>An item that past sales name, known or to be made. Price and cost in millionths.</summary>
internal sealed class PastItem(string sku, PastItemRule rule, Item? known)
{
    public string Sku => sku;

    public PastItemRule Rule => rule;

    public Item? Known => known;

    public bool IsStocked => known?.IsStocked ?? rule.Kind == ItemKind.Goods;

    /// <summary>The text that most of its sold rows have; the first of all rows when it was never sold.</summary>
    public string Name { get; set; } = "";

    /// <summary>Half of its rows with a price have no more than this.</summary>
    public long MedianPrice { get; set; }

    public long Cost(int percent) => Rounding.DivideToLong((Int128)MedianPrice * percent, 100, Rounding.HalfAwayFromZero);
}

/// <summary>What the database knows of what the files say.</summary>
/// <param name="Documents">Content of the documents of the source that were taken before, by their number.</param>
/// <param name="Closed">Months that nobody may post in.</param>
/// <param name="Customers">Parties by their number.</param>
/// <param name="Catalogue">The catalogue.</param>
/// <param name="Today">The branch's business day.</param>
internal sealed record PastKnown(
    IReadOnlyDictionary<string, string> Documents, IReadOnlyList<(DateOnly From, DateOnly To)> Closed, IReadOnlyDictionary<string, Guid> Customers, CatalogueView Catalogue, DateOnly Today)
{
    public bool IsClosed(DateOnly day) => Closed.Any(period => period.From <= day && day < period.To);
}

/// <summary>What is to be done with each document: taken as what, left because it is here already, or refused with a reason for each of its rows.</summary>
internal sealed class PastPlan
{
    private readonly PastBook book;
    private readonly PastPlace place;
    private readonly PastKnown known;
    private readonly TaxScheme tax;
    private readonly Dictionary<string, PastMonth> months = new(StringComparer.Ordinal);

    private PastPlan(PastBook book, PastPlace place, PastKnown known)
    {
        (this.book, this.place, this.known) = (book, place, known);
        var wanted = place.Mapping.Tax;
        var code = known.Catalogue.TaxCodes.FirstOrDefault(entry => entry.Code.Code == wanted.Code);
        // A code that is to be made has no rates.
        TaxOf = day => code is null ? tax! : known.Catalogue.TaxScheme(code.Id, day)!;
        tax = new TaxScheme(wanted.Code, TaxCategory.Z, []);
    }

    /// <summary>The tax of a day.</summary>
    public Func<DateOnly, TaxScheme> TaxOf { get; }

    /// <summary>Documents to be made, in the order in which they happened.</summary>
    public IReadOnlyList<PastDocument> Fresh { get; private set; } = [];

    /// <summary>Documents that are here already.</summary>
    public long Unchanged { get; private set; }

    public Dictionary<string, PastItem> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>Customers to be made: number and country of the file.</summary>
    public Dictionary<string, string?> NewCustomers { get; } = new(StringComparer.Ordinal);

    public List<PastDifference> Differences { get; } = [];

    /// <summary>The months of all documents that are taken or here already.</summary>
    public IReadOnlyList<PastMonth> Months => [.. months.Values.OrderBy(month => month.Month, StringComparer.Ordinal)];

    public static PastPlan Of(PastBook book, PastPlace place, PastKnown known)
    {
        var plan = new PastPlan(book, place, known);
        plan.FindItems();
        var fresh = new List<PastDocument>();
        foreach (var document in book.Documents)
        {
            plan.Judge(document);
            if (book.Spoilt.ContainsKey(document)) continue;
            plan.Count(document);
            if (known.Documents.ContainsKey(document.Reference)) plan.Unchanged++;
            else fresh.Add(document);
        }

        plan.HoldRest();
        plan.Fresh = [.. fresh.OrderBy(document => document.Time).ThenBy(document => document.Order)];
        foreach (var document in plan.Fresh)
            if (document.Customer is { } number && !known.Customers.ContainsKey(number)) plan.NewCustomers.TryAdd(number, document.Country);
        return plan;
    }

    /// <summary>The item of a row; null when no rule says what it is.</summary>
    public PastItem? ItemOf(PastLine line) => Items.GetValueOrDefault(line.Sku);

    /// <summary>The calculation of a sale or a return, the latter without its signs.</summary>
    public Kernel.Result<Calculation> Calculate(PastDocument document)
    {
        var scheme = TaxOf(document.Day);
        return Calculator.Calculate(new Basket(place.Currency, place.Basis, place.TaxRounding, [.. document.Lines.Select(line => new BasketLine
        {
            Kind = ItemOf(line)!.IsStocked ? LineKind.Item : LineKind.Charge,
            Quantity = new Quantity(Math.Abs(line.Quantity)),
            UnitPrice = new UnitPrice(line.Price),
            Tax = scheme,
        })]));
    }

    private void FindItems()
    {
        var rows = book.Documents.SelectMany(document => document.Lines).Where(line => line.Sku.Length > 0).GroupBy(line => line.Sku, StringComparer.Ordinal);
        foreach (var group in rows)
        {
            if (place.Mapping.ItemRule(group.Key) is not { } rule) continue;
            var sku = rule.Sku ?? group.Key;
            var item = new PastItem(sku, rule, known.Catalogue.BySku(sku));
            var sold = group.Where(line => line is { Price: > 0, Quantity: > 0 }).ToList();
            var priced = sold.Count > 0 ? sold : [.. group.Where(line => line.Price > 0)];
            if (priced.Count > 0) item.MedianPrice = priced.Select(line => line.Price).Order().ElementAt((priced.Count - 1) / 2);
            var name = (sold.Count > 0 ? sold : [.. group]).Where(line => line.Description.Length > 0)
                .GroupBy(line => line.Description, StringComparer.Ordinal).OrderByDescending(text => text.Count()).FirstOrDefault()?.Key;
            item.Name = name is null ? sku : name.Length <= 200 ? name : name[..200].TrimEnd();
            Items[group.Key] = item;
        }
    }

    private void Judge(PastDocument document)
    {
        if (book.Spoilt.ContainsKey(document)) return;
        var first = document.Lines[0];
        void Refuse(string field, string code, string reason) => book.Refuse(document, first, field, code, reason);
        var rule = place.Mapping.DocumentRule(document.Reference);
        if (rule?.Kind == "refused") Refuse("document", "IMPORT_DOCUMENT_EXCLUDED", rule.Reason ?? "The mapping leaves such documents out.");
        else if (known.Documents.TryGetValue(document.Reference, out var before) && before != document.Hash) Refuse("document", "IMPORT_DOCUMENT_CHANGED", "This document was taken before and said something else; what is posted stays.");
        else if (document.Day > known.Today) Refuse("time", "IMPORT_DATE_FUTURE", "The day is still to come.");
        else if (place.Branch.Zone.IsInvalidTime(document.Time)) Refuse("time", "IMPORT_DATE_INVALID", "The branch's clock never showed this time.");
        else if (document.Customer is { Length: > 40 }) Refuse("customer", "IMPORT_TEXT_INVALID", "A customer's number has at most 40 characters.");
        else if (known.IsClosed(document.Day) && !known.Documents.ContainsKey(document.Reference)) Refuse("time", "PERIOD_CLOSED", $"The period of {document.Day:yyyy-MM-dd} is closed.");
        else Classify(document, rule?.Kind == "return");
        if (book.Spoilt.ContainsKey(document)) return;
        foreach (var line in document.Lines) JudgeItem(document, line);
        if (book.Spoilt.ContainsKey(document) || document.Kind is PastKind.WriteOff or PastKind.Found) return;
        if (Calculate(document).Refusal is { } no) Refuse("price", no.Code, no.Message);
    }

    private void Classify(PastDocument document, bool returned)
    {
        var priced = document.Lines.Exists(line => line.Price > 0);
        var below = document.Lines[0].Quantity < 0;
        document.Kind = returned ? PastKind.Return : priced ? PastKind.Sale : below ? PastKind.WriteOff : PastKind.Found;
        var wanted = document.Kind is PastKind.Return or PastKind.WriteOff ? -1 : 1;
        foreach (var line in document.Lines.Where(line => Math.Sign(line.Quantity) != wanted))
        {
            book.Refuse(document, line, "quantity", "IMPORT_QUANTITY_SIGN", document.Kind switch
            {
                PastKind.Return => "A return's quantities are below zero.",
                PastKind.Sale => "A sale's quantities are above zero; what comes back is a document of its own.",
                _ => "A document without prices is goods lost, all below zero, or goods found, all above.",
            });
        }
    }

    private void JudgeItem(PastDocument document, PastLine line)
    {
        void Refuse(string field, string code, string reason) => book.Refuse(document, line, field, code, reason);
        if (ItemOf(line) is not { } item) Refuse("sku", "IMPORT_ITEM_UNKNOWN", $"No rule of the mapping says what {line.Sku} is.");
        else if (item.Sku.Length > 64 || item.Sku.Contains(' ', StringComparison.Ordinal)) Refuse("sku", "IMPORT_SKU_INVALID", "An item code has at most 64 characters and no blanks; a rule of the mapping may give it another.");
        else if (item.Known is { IsStocked: true } stocked && Kernel.Stock.StockItem.Of(stocked).UsesLots) Refuse("sku", "IMPORT_ITEM_LOTS", $"{item.Sku} is kept by lot or serial number, which the file does not name.");
        else if (!item.IsStocked && document.Kind is PastKind.WriteOff or PastKind.Found) Refuse("sku", "IMPORT_ITEM_NOT_STOCKED", $"Without a price this is a correction of stock, but {item.Sku} is not kept in stock.");
        else if (!new Quantity(line.Quantity).FitsDecimals(Decimals(item))) Refuse("quantity", "IMPORT_QUANTITY_DECIMALS", $"The unit of {item.Sku} has {Decimals(item)} decimals.");
    }

    private int Decimals(PastItem item) => item.Known?.Decimals ?? known.Catalogue.Unit(item.Rule.Unit)?.Decimals ?? 0;

    /// <summary>A document is taken whole or not at all.</summary>
    private void HoldRest()
    {
        var named = book.Refused.Select(refusal => (refusal.FileAt, refusal.Line)).ToHashSet();
        foreach (var (document, culprit) in book.Spoilt)
        {
            foreach (var line in document.Lines.Where(line => !named.Contains((line.File, line.Row))))
            {
                var where = culprit.File == line.File ? $"Line {culprit.Row}" : $"Line {culprit.Row} of {book.Files[culprit.File]}";
                book.Refused.Add(new PastRefusal(line.File, book.Files[line.File], line.Row, document.Reference, "document", "IMPORT_DOCUMENT_HELD", $"{where} of the same document cannot be taken."));
            }
        }

        book.Refused.Sort((one, other) => (one.FileAt, one.Line).CompareTo((other.FileAt, other.Line)));
    }

    private void Count(PastDocument document)
    {
        var key = $"{document.Day:yyyy-MM}";
        if (!months.TryGetValue(key, out var month)) months[key] = month = new PastMonth(key);
        month.Lines += document.Lines.Count;
        switch (document.Kind)
        {
            case PastKind.Sale: month.Sales++; break;
            case PastKind.Return: month.Returns++; break;
            case PastKind.WriteOff: month.WriteOffs++; return;
            default: month.Found++; return;
        }

        var minor = 1m;
        for (var digit = 0; digit < place.Currency.Exponent; digit++) minor *= 10;
        foreach (var line in document.Lines)
        {
            var (exact, booked) = (line.Exact, Money.Of(new Quantity(Math.Abs(line.Quantity)), new UnitPrice(line.Price), place.Currency).Minor);
            if (document.Kind == PastKind.Sale) (month.ExactSales, month.BookedSales) = (month.ExactSales + exact, checked(month.BookedSales + booked));
            else (month.ExactReturns, month.BookedReturns) = (month.ExactReturns + exact, checked(month.BookedReturns + booked));
            var difference = (booked / minor) - exact;
            if (difference == 0) continue;
            var sign = document.Kind == PastKind.Sale ? 1 : -1;
            Differences.Add(new PastDifference(book.Files[line.File], line.Row, document.Reference, line.Sku, sign * exact, sign * booked, sign * difference));
        }
    }
}
