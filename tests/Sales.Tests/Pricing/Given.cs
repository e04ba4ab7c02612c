using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;
using Plug1.Sales.Pricing;

namespace Plug1.Sales.Tests.Pricing;

/// <summary>Tax codes, lines and baskets that the tests of this folder speak of.</summary>
internal static class Given
{
    public static readonly Currency Eur = Currencies.Of("EUR");
    public static readonly TaxScheme Twenty = Scheme("T20", ("VAT", "0.2", false));
    public static readonly TaxScheme Five = Scheme("T5", ("VAT", "0.05", false));
    public static readonly TaxScheme Compound = Scheme("QC", ("GST", "0.05", false), ("QST", "0.0975", true));
    public static readonly TaxScheme ThreeTaxes = Scheme("US", ("STATE", "0.0625", false), ("COUNTY", "0.01", false), ("CITY", "0.015", false));
    public static readonly TaxScheme Exempt = new("EX", TaxCategory.E, [], "Exempt");

    private static readonly TaxScheme[] Schemes =
        [Twenty, Five, Compound, ThreeTaxes, Exempt, new("ZERO", TaxCategory.Z, [new("VAT", "VAT", Rate.Zero, Compound: false)])];

    /// <summary>Baskets of up to eleven lines of any kind and sign, with manual and document discounts.</summary>
    public static Arbitrary<Basket> Baskets { get; } = (
        from basis in Gen.Elements(TaxBasis.Net, TaxBasis.Gross)
        from rounding in Gen.Elements(TaxRounding.Document, TaxRounding.Line)
        from lines in Lines().ListOf(1, 11)
        from discounts in Discounts().ListOf(0, 3)
        select new Basket(Eur, basis, rounding, [.. lines]) { Discounts = [.. discounts] }).ToArbitrary();

    public static Money Euro(string text) => Money.Parse(text, Eur);

    public static BasketLine Line(string quantity, string price, TaxScheme tax, string discount = "0") => new()
    {
        Quantity = Quantity.Parse(quantity),
        UnitPrice = UnitPrice.Parse(price),
        Tax = tax,
        ManualRate = Rate.Parse(discount),
    };

    public static Basket Net(params BasketLine[] lines) => new(Eur, TaxBasis.Net, TaxRounding.Document, lines);

    public static Basket Gross(params BasketLine[] lines) => new(Eur, TaxBasis.Gross, TaxRounding.Document, lines);

    /// <summary>The gross basket of the worked example: 20.96.</summary>
    public static Basket GrossExample() => Gross(Line("3", "4.99", Twenty), Line("1", "2.49", Twenty), Line("2", "1.75", Five));

    /// <summary>The net basket of the worked example: 84.88.</summary>
    public static Basket NetExample() =>
        Net(Line("3", "19.99", Twenty, "0.1"), Line("2", "5.45", Twenty), Line("1", "12.30", Five)) with
        {
            Discounts = [new DocumentDiscount { Amount = Euro("5.00") }],
        };

    private static Gen<T[]> ListOf<T>(this Gen<T> item, int least, int most) =>
        from size in Gen.Choose(least, most)
        from items in item.ArrayOf(size)
        select items;

    private static Gen<BasketLine> Lines() =>
        from kind in Gen.Frequency(
            (8, Gen.Constant(LineKind.Item)), (2, Gen.Constant(LineKind.Charge)),
            (1, Gen.Elements(LineKind.Voucher, LineKind.Deposit, LineKind.Text)))
        from quantity in Gen.Frequency((6, Gen.Choose(1, 12).Select(whole => whole * 1_000_000)), (2, Gen.Choose(1, 5_000_000)),
            (2, Gen.Choose(-4, -1).Select(whole => whole * 1_000_000)))
        from price in Gen.Choose(0, 50_000)
        from rate in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 1_000_000)))
        from tax in Gen.Elements(Schemes)
        select new BasketLine
        {
            Kind = kind,
            Quantity = new Quantity(quantity),
            UnitPrice = new UnitPrice(price * 10_000L),
            ManualRate = new Rate(rate),
            Tax = tax,
        };

    private static Gen<DocumentDiscount> Discounts() =>
        from amount in Gen.Choose(0, 20_000)
        from rate in Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Choose(0, 500_000)))
        from scope in Gen.Elements(DiscountScope.AllItems, DiscountScope.OfTaxCode("T20"), DiscountScope.OfTaxCode("US"))
        select new DocumentDiscount { Amount = new Money(amount, Eur), Rate = new Rate(rate), Scope = scope };

    private static TaxScheme Scheme(string code, params (string Code, string Rate, bool Compound)[] components) => new(
        code, TaxCategory.S, [.. components.Select(part => new TaxSchemeComponent(part.Code, part.Code, Rate.Parse(part.Rate), part.Compound))]);
}
