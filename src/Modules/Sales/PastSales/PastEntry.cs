using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Sales.PointOfSale;
using Plug1.Sales.Pricing;

namespace Plug1.Sales.PastSales;

/// <summary>A document of the past on its way into the books.</summary>
internal sealed class PastEntry
{
    private readonly Stamp stamp;

    private PastEntry(PastDocument document, PastBooks books)
    {
        (Document, Books) = (document, books);
        Items = [.. document.Lines.Select(line => books.Catalogue.BySku(books.Plan.ItemOf(line)!.Sku)!)];
        Costs = new long[Items.Count];
        if (!IsStock) Calculation = books.Plan.Calculate(document).Value;
        stamp = StampOf(document.Time);
        Header = MakeHeader();
        Posting = new Posting(Header.Id, Header.BusinessDate, IsStock ? Header.Kind : null);
    }

    public static PastEntry Of(PastDocument document, PastBooks books) => new(document, books);

    public PastDocument Document { get; }

    public PastBooks Books { get; }

    public IReadOnlyList<Item> Items { get; }

    /// <summary>Cost by line in minor units; of a return below zero.</summary>
    public long[] Costs { get; }

    /// <summary>The calculation of a sale or a return, without the signs of the latter.</summary>
    public Calculation? Calculation { get; }

    public Header Header { get; }

    public Posting Posting { get; }

    /// <summary>Its place in its series.</summary>
    public long Sequence { get; set; }

    public bool IsStock => Document.Kind is PastKind.WriteOff or PastKind.Found;

    /// <summary>1 for a sale, -1 for a return.</summary>
    public int Sign => Document.Kind == PastKind.Return ? -1 : 1;

    /// <summary>The other side of its goods.</summary>
    public AccountRole Location => Document.Kind switch { PastKind.WriteOff => AccountRoles.Scrap, PastKind.Found => AccountRoles.Adjustment, _ => AccountRoles.Customer };

    /// <summary>What is charged with their value, or credited.</summary>
    public AccountRole Charge => IsStock ? AccountRoles.InventoryAdjustment : AccountRoles.CostOfSales;

    /// <summary>The positions that it moves.</summary>
    public IEnumerable<IssueRequest> Moves => Enumerable.Range(0, Items.Count).Where(at => Items[at].IsStocked).Select(Move);

    public IssueRequest Move(int at) => new(StockItem.Of(Items[at]), Books.Place.Terminal.WarehouseId, Math.Abs(Document.Lines[at].Quantity), [], MayGoNegative: true, $"/lines/{at}", AnyStanding: true);

    /// <summary>The money side: of a sale the payment against revenue and tax; of a return the reverse, on SalesReturns.</summary>
    public void PostMoney()
    {
        if (Calculation is not { } calculation) return;
        var (place, code, branch) = (Books.Place, Books.Place.Currency.Code, Books.Place.Branch.Id);
        Posting.Debit(PointOfSale.Sales.MoneyAccount(place.Method, code, branch, place.Terminal.Id, null, Guid.Empty), Sign * calculation.Total.Minor);
        var revenue = Document.Kind == PastKind.Return ? AccountRoles.SalesReturns : AccountRoles.SalesRevenue;
        foreach (var group in Enumerable.Range(0, Items.Count).GroupBy(at => Items[at].CategoryId))
            Posting.Credit(new AccountKey(revenue, code, group.Key.ToString("D"), branch, group.Key), Sign * group.Sum(at => calculation.Lines[at].Net.Minor));
        foreach (var row in calculation.TaxTable)
        {
            foreach (var component in row.Components)
                Posting.Credit(new AccountKey(AccountRoles.OutputTax, code, $"{row.Scheme.Code}/{component.Component.Code}", branch), Sign * component.Amount.Minor);
        }
    }

    /// <summary>The lines of a write-off or of found goods.</summary>
    public IReadOnlyList<StockLine> StockLines() =>
        [.. Items.Select((item, at) => new StockLine(StockItem.Of(item), item.Name, Math.Abs(Document.Lines[at].Quantity), Costs[at]))];

    /// <summary>One fact for the document in the hour in which it began, one a line in the hour of the line.</summary>
    public IEnumerable<(Stamp Stamp, Fact Fact)> Facts()
    {
        if (IsStock) return StockDocument.FactsOf(Header, StockLines()).Select(fact => (stamp, fact));
        var calculation = Calculation!;
        var lines = new List<(Stamp Stamp, Fact Fact)>(Items.Count + 1);
        for (var at = 0; at < Items.Count; at++)
        {
            var (line, calculated) = (Document.Lines[at], calculation.Lines[at]);
            lines.Add((line.Time.Hour == stamp.Hour ? stamp : StampOf(line.Time), new Fact
            {
                Document = Header,
                Event = Status.Posted,
                OfLine = true,
                ItemId = Items[at].Id,
                CategoryId = Items[at].CategoryId,
                Amount = Sign * calculated.Net.Minor,
                Quantity = line.Quantity,
                Cost = Costs[at],
                M1 = Document.Kind == PastKind.Sale ? calculated.NetBeforeDiscounts.Minor : 0,
                M3 = Sign * calculated.Tax.Minor,
            }));
        }

        lines.Insert(0, (stamp, new Fact
        {
            Document = Header,
            Event = Status.Posted,
            Amount = Sign * calculation.Net.Minor,
            Quantity = Document.Lines.Sum(line => line.Quantity),
            Cost = Costs.Sum(),
            M1 = Document.Kind == PastKind.Sale ? calculation.Net.Minor : 0,
            M3 = Sign * calculation.Tax.Minor,
            D1 = Books.Place.Method.Code,
        }));
        return lines;
    }

    private Header MakeHeader()
    {
        var place = Books.Place;
        var (function, kind) = Document.Kind switch
        {
            PastKind.Sale => (PointOfSaleFunction.FunctionCode, "sale"),
            PastKind.Return => (PointOfSaleFunction.FunctionCode, PointOfSaleFunction.ReturnKind),
            PastKind.WriteOff => (StockFunction.FunctionCode, StockDocument.WriteOff),
            _ => (StockFunction.FunctionCode, StockDocument.Found),
        };
        var header = Kernel.Documents.Header.Draft(Document.IdAt(stamp.At), function, kind, stamp, place.Currency.Code);
        header.Channel = place.Mapping.Channel;
        header.Note = $"{place.Mapping.Source} {Document.Reference}";
        header.PartyId = Document.Customer is { } number ? Books.Customers[number] : null;
        foreach (var status in new[] { Status.Submitted, Status.Approved, Status.Posted }) header.MoveTo(status, stamp);
        if (IsStock) return header;
        header.SessionId = PastRows.SessionOf(place, Document.Day);
        header.Total = Sign * Calculation!.Total.Minor;
        header.MoveTo(Status.Closed, stamp);
        return header;
    }

    private Stamp StampOf(DateTime time)
    {
        var (branch, system) = (Books.Place.Branch, Actor.System);
        var at = new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), branch.Zone.GetUtcOffset(time)).ToUniversalTime();
        return new Stamp(system, branch.Id, at, DateOnly.FromDateTime(time), time.Hour);
    }
}
