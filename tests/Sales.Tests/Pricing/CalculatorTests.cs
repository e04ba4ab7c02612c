using Plug1.Kernel;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;
using Plug1.Sales.Pricing;
using Shouldly;
using Xunit;
using static Plug1.Sales.Tests.Pricing.Given;

namespace Plug1.Sales.Tests.Pricing;

public sealed class CalculatorTests
{
    [Fact]
    public void The_net_example_totals_84_88()
    {
        var result = Calculator.Calculate(NetExample()).Value;

        result.Lines.Select(line => line.Amount - line.Manual).ShouldBe([Euro("53.97"), Euro("10.90"), Euro("12.30")]);
        result.Discounts[0].Shares.ShouldBe([Euro("3.50"), Euro("0.70"), Euro("0.80")]);
        result.Lines.Select(line => line.Value).ShouldBe([Euro("50.47"), Euro("10.20"), Euro("11.50")]);
        result.TaxTable[0].Net.ShouldBe(Euro("60.67"));
        result.TaxTable[0].Tax.ShouldBe(Euro("12.13"));
        result.TaxTable[1].Net.ShouldBe(Euro("11.50"));
        result.TaxTable[1].Tax.ShouldBe(Euro("0.58"));
        result.Net.ShouldBe(Euro("72.17"));
        result.Tax.ShouldBe(Euro("12.71"));
        result.Total.ShouldBe(Euro("84.88"));
        result.Amount.ShouldBe(Euro("83.17"));
        result.Discount.ShouldBe(Euro("11.00"));
    }

    [Theory]
    [InlineData(TaxRounding.Document, "17.88", "3.08")]
    [InlineData(TaxRounding.Line, "17.89", "3.07")]
    public void The_gross_example_totals_20_96_in_either_mode(TaxRounding rounding, string net, string tax)
    {
        var result = Calculator.Calculate(GrossExample() with { TaxRounding = rounding }).Value;
        result.Total.ShouldBe(Euro("20.96"));
        result.Net.ShouldBe(Euro(net));
        result.Tax.ShouldBe(Euro(tax));
    }

    [Fact]
    public void The_gross_example_has_tax_of_2_91_and_0_17() =>
        Calculator.Calculate(GrossExample()).Value.TaxTable.Select(row => row.Tax).ShouldBe([Euro("2.91"), Euro("0.17")]);

    [Fact]
    public void Compound_tax_on_80_00_is_4_00_and_8_19()
    {
        var row = Calculator.Calculate(Net(Line("1", "80.00", Compound))).Value.TaxTable.ShouldHaveSingleItem();
        row.Components.Select(component => component.Amount).ShouldBe([Euro("4.00"), Euro("8.19")]);
        row.Components.Select(component => component.Base).ShouldBe([Euro("80.00"), Euro("84.00")]);
        row.Tax.ShouldBe(Euro("12.19"));
    }

    [Fact]
    public void The_promotion_example_totals_62_00_with_the_amounts_of_each_stage()
    {
        var code = Guid.CreateVersion7();
        PromotionAmount Off(PromotionStage stage, int line, string amount) => new(stage, line, code, Euro(amount));
        var basket = Gross(Line("3", "20.00", Twenty), Line("2", "5.00", Twenty), Line("1", "8.00", Twenty)) with
        {
            Promotions = new GivenPromotions(
            [
                Off(PromotionStage.Line, 0, "6.00"),
                Off(PromotionStage.MultiBuy, 1, "2.78"), Off(PromotionStage.MultiBuy, 2, "2.22"),
                Off(PromotionStage.Basket, 0, "4.03"), Off(PromotionStage.Basket, 1, "0.54"), Off(PromotionStage.Basket, 2, "0.43"),
            ]),
        };
        var result = Calculator.Calculate(basket).Value;
        result.Lines.Select(line => line.Value).ShouldBe([Euro("49.97"), Euro("6.68"), Euro("5.35")]);
        result.Total.ShouldBe(Euro("62.00"));
        result.Tax.ShouldBe(Euro("10.33"));
        result.Promotions.Count.ShouldBe(6);
    }

    [Fact]
    public void A_promotion_that_takes_more_than_a_line_has_is_our_bug() =>
        Should.Throw<InvariantBrokenException>(() => Calculator.Calculate(Gross(Line("1", "1.00", Twenty)) with
        {
            Promotions = new GivenPromotions([new(PromotionStage.Line, 0, Guid.CreateVersion7(), Euro("1.01"))]),
        }));

    [Fact]
    public void A_document_discount_sees_its_scope_only()
    {
        var lines = new[]
        {
            Line("1", "80.00", Twenty), Line("1", "40.00", Twenty), Line("1", "10.00", Five), Line("-1", "20.00", Twenty),
            Line("1", "6.00", Twenty) with { Kind = LineKind.Charge }, Line("1", "50.00", Exempt) with { Kind = LineKind.Voucher },
        };
        Shares(new DocumentDiscount { Amount = Euro("30.00"), Scope = DiscountScope.Named(0, 1) }).ShouldBe("20.00 10.00 0.00 0.00 0.00 0.00");
        Shares(new DocumentDiscount { Rate = Rate.Percent(10) }).ShouldBe("8.00 4.00 1.00 0.00 0.00 0.00");
        Shares(new DocumentDiscount { Rate = Rate.Percent(10), Scope = DiscountScope.OfTaxCode("T5") }).ShouldBe("0.00 0.00 1.00 0.00 0.00 0.00");
        Shares(new DocumentDiscount { Amount = Euro("99.00"), Scope = DiscountScope.Named(4) }).ShouldBe("0.00 0.00 0.00 0.00 6.00 0.00");

        string Shares(DocumentDiscount discount) => string.Join(' ',
            Calculator.Calculate(Gross(lines) with { Discounts = [discount] }).Value.Discounts[0].Shares);
    }

    [Fact]
    public void A_voucher_sold_has_no_tax_and_a_text_has_nothing()
    {
        var result = Calculator.Calculate(Gross(
            new BasketLine { Kind = LineKind.Voucher, UnitPrice = UnitPrice.Parse("50") }, new BasketLine { Kind = LineKind.Text })).Value;
        result.Total.ShouldBe(Euro("50.00"));
        result.Tax.IsZero.ShouldBeTrue();
        result.TaxTable.ShouldBeEmpty();
        result.Lines[1].Total.IsZero.ShouldBeTrue();
    }

    [Fact]
    public void Discounts_are_known_without_tax_for_the_facts()
    {
        var line = Calculator.Calculate(Gross(Line("1", "12.00", Twenty, "0.5"))).Value.Lines[0];
        line.NetBeforeDiscounts.ShouldBe(Euro("10.00"));
        line.Net.ShouldBe(Euro("5.00"));
        line.DiscountNet.ShouldBe(Euro("5.00"));
        Calculator.Calculate(GrossExample()).Value.Lines.ShouldAllBe(undiscounted => undiscounted.DiscountNet.IsZero);
    }

    [Fact]
    public void Payable_is_total_less_prepaid_plus_rounding()
    {
        var result = Calculator.Calculate(GrossExample() with { Prepaid = Euro("0.96") }).Value;
        result.Payable.ShouldBe(Euro("20.00"));
        (result with { Rounding = Euro("-0.01") }).Payable.ShouldBe(Euro("19.99"));
    }

    [Fact]
    public void A_currency_without_decimals_and_one_with_three_are_rounded_to_theirs()
    {
        Total("JPY", "1250.50").ShouldBe("1376");
        Total("KWD", "1.2345").ShouldBe("1.359");

        static string Total(string code, string price) =>
            Calculator.Calculate(new Basket(Currencies.Of(code), TaxBasis.Net, TaxRounding.Document,
            [
                new BasketLine
                {
                    UnitPrice = UnitPrice.Parse(price),
                    Tax = new TaxScheme("T10", TaxCategory.S, [new("VAT", "VAT", Rate.Percent(10), Compound: false)]),
                },
            ])).Value.Total.ToText();
    }

    [Fact]
    public void What_cannot_be_calculated_is_refused_with_the_field()
    {
        var line = Line("1", "10.00", Twenty);
        var dollar = Money.Parse("1", Currencies.Of("USD"));
        Refused(Net(line with { Quantity = Quantity.Zero }), "QUANTITY_INVALID", "/lines/0/quantity");
        Refused(Net(line with { PriceBaseQuantity = Quantity.Zero }), "QUANTITY_INVALID", "/lines/0/priceBaseQuantity");
        Refused(Net(line, line with { Tax = null }), "TAX_CODE_MISSING", "/lines/1/taxCodeId");
        Refused(Net(line with { Quantity = new(long.MaxValue), UnitPrice = new(long.MaxValue) }), "AMOUNT_TOO_LARGE", "/lines/0");
        Refused(
            Net([.. Enumerable.Repeat(line with { Quantity = Quantity.Of(900_000_000), UnitPrice = UnitPrice.Of(10_000) }, 2)]),
            "AMOUNT_TOO_LARGE", "/lines");
        Refused(Net(line with { ManualRate = Rate.Parse("1.01") }), "DISCOUNT_EXCEEDS_LINE", "/lines/0/manualRate");
        Refused(Net(line with { ManualAmount = Euro("10.01") }), "DISCOUNT_EXCEEDS_LINE", "/lines/0/manualAmount");
        Refused(Net(line with { ManualAmount = Euro("-0.01") }), "DISCOUNT_EXCEEDS_LINE", "/lines/0/manualAmount");
        Refused(Net(line with { ManualAmount = dollar }), "CURRENCY_MISMATCH", "/lines/0/manualAmount");
        Refused(Net(line) with { Prepaid = dollar }, "CURRENCY_MISMATCH", "/prepaid");
        Refused(Net(line) with { Discounts = [new() { Amount = dollar }] }, "CURRENCY_MISMATCH", "/discounts/0/amount");
        Refused(Net(line) with { Discounts = [new() { Amount = Euro("-1") }] }, "DISCOUNT_EXCEEDS_LINE", "/discounts/0/amount");
        Refused(Net(line) with { Discounts = [new() { Rate = Rate.Parse("-0.1") }] }, "DISCOUNT_EXCEEDS_LINE", "/discounts/0/rate");
        Refused(Net(line) with { Discounts = [new() { Scope = DiscountScope.Named(1) }] }, "DISCOUNT_SCOPE_INVALID", "/discounts/0/scope");

        static void Refused(Basket basket, string code, string at)
        {
            var refusal = Calculator.Calculate(basket).Refusal.ShouldNotBeNull();
            refusal.Code.ShouldBe(code);
            refusal.At.ShouldBe(at);
        }
    }
}
