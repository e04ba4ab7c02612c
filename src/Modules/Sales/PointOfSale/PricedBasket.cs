using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Payments;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Values;
using Plug1.Sales.Pricing;

namespace Plug1.Sales.PointOfSale;

/// <summary>A line of a basket with its item and price found.</summary>
/// <param name="Request">As the till sent it.</param>
/// <param name="Item">What is sold; null for a voucher.</param>
/// <param name="Name">Its name.</param>
/// <param name="Barcode">As scanned.</param>
/// <param name="Quantity">How much, in the item's unit.</param>
/// <param name="ListPrice">The price of the list today; where no list has one, the price charged.</param>
/// <param name="UnitPrice">The price charged.</param>
/// <param name="PriceSource">Code of the list, or <c>override</c>.</param>
/// <param name="VoucherCode">Code of a voucher sold; empty for a new one.</param>
/// <param name="IsAsSold">The price charged is the one that the list had on the day of an offline sale: nobody chose it.</param>
internal sealed record PricedLine(
    BasketLineRequest Request, Item? Item, string Name, string? Barcode, Quantity Quantity, UnitPrice ListPrice, UnitPrice UnitPrice, string PriceSource, string? VoucherCode, bool IsAsSold = false)
{
    public bool IsVoucher => Item is null;

    /// <summary>The price is not the list's of today; also when no list has one.</summary>
    public bool IsOverridden => Item is not null && (UnitPrice != ListPrice || PriceSource == "override");

    /// <summary>Somebody chose the price.</summary>
    public bool IsChosen => IsOverridden && !IsAsSold;

    public bool HasManualDiscount => Request.DiscountRate is { IsZero: false } || Request.DiscountAmount is not null;

    /// <summary>What stock must know of the item; null for a voucher or a service.</summary>
    public StockItem? Stock => Item is { IsStocked: true } item ? StockItems.Of(item) : null;
}

/// <summary>A basket with items, prices, taxes and tenders found and calculated. Pure: it asks only what is in memory.</summary>
internal sealed record PricedBasket(BasketRequest Request, Terminal Terminal, Branch Branch, Currency Currency, DateOnly Day, IReadOnlyList<PricedLine> Lines, Calculation Calculation)
{
    /// <summary>Whether somebody changed a price or gave a discount by hand.</summary>
    public bool HasOverrides => Lines.Any(line => line.IsChosen);

    /// <summary>Whether a discount was given by hand on a line or the basket.</summary>
    public bool HasDiscounts => Lines.Any(line => line.HasManualDiscount) || Request.DiscountRate is { IsZero: false } || Request.DiscountAmount is not null;

    /// <summary>The discount that the maker's authority is compared with.</summary>
    /// <param name="roles">Roles of the maker.</param>
    /// <param name="maySellBelowCost">The maker holds that permission.</param>
    /// <param name="costs">Cost by line in minor units, or null while it is not known.</param>
    public AuthorityDecision Authority(IReadOnlyCollection<string> roles, bool maySellBelowCost, IReadOnlyList<long>? costs)
    {
        var judged = new List<AuthorityLine>(Lines.Count);
        for (var at = 0; at < Lines.Count; at++)
        {
            if (Lines[at].IsVoucher) continue;
            var line = Calculation.Lines[at];
            var list = Money.Of(Lines[at].Quantity, Lines[at].IsAsSold ? Lines[at].UnitPrice : Lines[at].ListPrice, Currency);
            judged.Add(new AuthorityLine(list, line.Value + line.Promotion, line.Net, costs is null ? null : new Money(costs[at], Currency)));
        }

        return DiscountAuthority.Default.Decide(roles, maySellBelowCost, judged);
    }
}

/// <summary>Finds items and prices of a basket and calculates it.</summary>
internal static class BasketPricing
{
    public static Result<PricedBasket> Price(BasketRequest request, Terminal terminal, OrganisationView organisation, CatalogueView catalogue, DateOnly day, Guid? partyPriceList)
    {
        if (request.Lines.Count == 0) return Refusals.LinesEmpty;
        if (request.Lines.Count > Limits.Lines) return Refusals.TooManyLines;
        var currency = organisation.Company.Currency;
        var lines = new List<PricedLine>(request.Lines.Count);
        var basket = new List<BasketLine>(request.Lines.Count);
        for (var at = 0; at < request.Lines.Count; at++)
        {
            var found = request.Lines[at].Voucher is not null
                ? Voucher(request.Lines[at], at, currency)
                : Find(request.Lines[at], at, terminal, catalogue, day, partyPriceList, SoldOn(request, organisation.Branch(terminal.BranchId)));
            if (found.Refusal is { } no) return no;
            var manual = AmountOf(request.Lines[at].DiscountAmount, currency, $"/lines/{at}/discountAmount");
            if (manual.Refusal is { } wrong) return wrong;
            if (found.Value.IsVoucher && (found.Value.HasManualDiscount || found.Value.Quantity != Quantity.One)) return Refusals.VoucherAmountInvalid(at);
            lines.Add(found.Value);
            basket.Add(Line(found.Value, manual.Value, catalogue, day));
        }

        var discount = AmountOf(request.DiscountAmount, currency, "/discountAmount");
        if (discount.Refusal is { } bad) return bad;
        var calculation = Calculator.Calculate(new Basket(currency, terminal.Basis == "net" ? TaxBasis.Net : TaxBasis.Gross,
            organisation.Company.TaxRounding == "line" ? TaxRounding.Line : TaxRounding.Document, basket)
        {
            Discounts = request.DiscountRate is { IsZero: false } || discount.Value is not null
                ? [new DocumentDiscount { Rate = request.DiscountRate ?? Rate.Zero, Amount = discount.Value, Reason = request.DiscountReason }]
                : [],
        });
        if (calculation.Refusal is { } refused) return refused;
        return new PricedBasket(request, terminal, organisation.Branch(terminal.BranchId), currency, day, lines, calculation.Value);
    }

    /// <summary>The tenders with their methods; a customer's account and points need the customer.</summary>
    public static Result<Settlement> Settle(PricedBasket basket, CatalogueView catalogue)
    {
        var requests = basket.Request.Tenders ?? [];
        if (requests.Count > Limits.Tenders) return Refusals.TooManyTenders;
        var tenders = new List<Tender>(requests.Count);
        for (var at = 0; at < requests.Count; at++)
        {
            if (catalogue.PaymentMethod(requests[at].Method) is not { Active: true } method) return Refusals.MethodUnknown(requests[at].Method, at);
            var amount = AmountOf(requests[at].Tendered ?? requests[at].Amount, basket.Currency, $"/tenders/{at}/{(requests[at].Tendered is null ? "amount" : "tendered")}");
            if (amount.Refusal is { } bad) return bad;
            tenders.Add(new Tender(Tenders.Of(method, basket.Currency), amount.Value, requests[at].Reference));
        }

        return TenderSettlement.Settle(basket.Calculation.Total, tenders, new TillState(basket.Request.OfflineAt is not null, basket.Request.CustomerId is not null));
    }

    private static Result<Money?> AmountOf(string? text, Currency currency, string at) =>
        text is null ? (Result<Money?>)(Money?)null
        : Money.TryParse(text, currency, out var amount) && !amount.IsNegative ? (Money?)amount
        : Refusals.AmountInvalid(at);

    private static BasketLine Line(PricedLine line, Money? manual, CatalogueView catalogue, DateOnly day) => new()
    {
        Kind = line.Item is null ? LineKind.Voucher : line.Item.Kind == ItemKind.Charge ? LineKind.Charge : LineKind.Item,
        Quantity = line.Quantity,
        UnitPrice = line.UnitPrice,
        ManualRate = line.Request.DiscountRate ?? Rate.Zero,
        ManualAmount = manual,
        Tax = line.Item is null ? null : catalogue.TaxScheme(line.Item.TaxCodeId, day),
    };

    private static Result<PricedLine> Voucher(BasketLineRequest line, int at, Currency currency)
    {
        if (line.UnitPrice is not { IsPositive: true } price || !Money.TryParse(price.ToString(), currency, out _) || (line.Voucher!.Length > 0 && !Vouchers.IsCode(line.Voucher))) return Refusals.VoucherAmountInvalid(at);
        return new PricedLine(line, null, "Gift card", null, line.Quantity ?? Quantity.One, price, price, "value", line.Voucher);
    }

    /// <summary>The day of the branch on which an offline sale was made; null for one that is made now.</summary>
    private static DateOnly? SoldOn(BasketRequest request, Branch branch) => request.OfflineAt is { } at ? branch.DayAt(at) : null;

    private static Result<PricedLine> Find(BasketLineRequest line, int at, Terminal terminal, CatalogueView catalogue, DateOnly day, Guid? partyPriceList, DateOnly? soldOn)
    {
        var factor = Quantity.One;
        Item? item;
        if (line.Barcode is { } barcode)
        {
            if (catalogue.ByBarcode(barcode) is not { } match) return Refusals.ItemUnknown(barcode, at);
            (item, factor) = (match.Item, match.Factor);
        }
        else
        {
            item = line.Sku is { } sku ? catalogue.BySku(sku) : line.ItemId is { } id ? catalogue.Item(id) : null;
        }

        if (item is null) return Refusals.ItemUnknown(line.Sku ?? line.ItemId?.ToString() ?? "nothing", at);
        if (!item.Active || !item.Sellable) return Refusals.NotSellable(item.Sku, at);
        var packs = line.Quantity ?? Quantity.One;
        var quantity = factor == Quantity.One ? packs : packs.Times(new Rate(factor.Millionths), Rounding.HalfAwayFromZero);
        if (!quantity.IsPositive || !quantity.FitsDecimals(item.Decimals) || quantity > Quantity.Of(1_000_000)) return Refusals.QuantityInvalid(at, item.Decimals);
        var priced = catalogue.PriceOf(item.Id, quantity.Millionths, day, partyPriceList, terminal.PriceListId, "in-store", terminal.BranchId);
        if (priced is null && line.UnitPrice is null) return Refusals.PriceNotFound(item.Sku, at);
        var list = priced is { } row ? row.Row.Amount : line.UnitPrice!.Value;
        var price = line.UnitPrice ?? list;
        if (price.IsNegative) return Refusals.AmountInvalid($"/lines/{at}/unitPrice");
        var asSold = soldOn is { } then && priced is not null && price != list
            && catalogue.PriceOf(item.Id, quantity.Millionths, then, partyPriceList, terminal.PriceListId, "in-store", terminal.BranchId)?.Row.Amount == price;
        return new PricedLine(line, item, item.Name, line.Barcode, quantity, list, price, price == list && priced is { } from ? from.List.Code : "override", null, asSold);
    }
}

/// <summary>Payment methods as a settlement sees them.</summary>
internal static class Tenders
{
    public static TenderMethod Of(PaymentMethod method, Currency currency) => new(method.Code, method.Type switch
    {
        PaymentType.Cash => TenderType.Cash,
        PaymentType.Card => TenderType.Card,
        PaymentType.Voucher => TenderType.Voucher,
        PaymentType.Points => TenderType.Points,
        PaymentType.Account => TenderType.Account,
        PaymentType.Bank => TenderType.Bank,
        _ => TenderType.Other,
    })
    {
        RoundingStep = method.RoundingStep is { } step ? new Money(step, currency) : null,
        RoundingMode = method.RoundingMode,
        NeedsReference = method.NeedsReference || method.Type == PaymentType.Voucher,
        OverTender = method.OverTender,
        MaxAmount = method.MaxAmount is { } most ? new Money(most, currency) : null,
        Offline = method.Offline,
    };
}

/// <summary>Items as stock sees them.</summary>
internal static class StockItems
{
    public static StockItem Of(Item item) => new(item.Id, item.Sku, item.CategoryId, item.Tracking != Tracking.None || item.Valuation == Valuation.Fifo, item.Valuation == Valuation.Fifo, item.Tracking != Tracking.None, item.StandardCost?.Millionths);
}
