using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Catalog;

public sealed class TaxTests
{
    private static readonly Currency Eur = Currencies.Of("EUR");
    private static readonly DateOnly Start = new(2020, 1, 1);
    private static readonly DateOnly Today = new(2025, 6, 1);

    private static readonly TaxScheme Twenty = Scheme("0.2");
    private static readonly TaxScheme Compound = Scheme("0.05", "+0.0975");
    private static readonly TaxScheme Three = Scheme("0.06", "0.0125", "+0.03");

    private static Money Euro(string text) => Money.Parse(text, Eur);

    private static TaxComponent Component(string code, string rate) =>
        new(code, code, rate.StartsWith('+'), [new DatedRate(Start, Rate.Parse(rate.TrimStart('+')))]);

    private static TaxScheme Scheme(params string[] rates) =>
        new TaxCode("T", "Tax", TaxCategory.S, [.. rates.Select((rate, k) => Component($"C{k}", rate))]).On(Today);

    [Fact]
    public void Tax_on_a_net_base_is_rounded_half_away_from_zero()
    {
        Twenty.OnNet(Euro("60.67")).Tax.ShouldBe(Euro("12.13"));
        Scheme("0.05").OnNet(Euro("11.50")).Tax.ShouldBe(Euro("0.58"));
        Scheme("0.05").OnNet(Euro("-11.50")).Tax.ShouldBe(Euro("-0.58"));
    }

    [Fact]
    public void A_compound_component_is_taken_on_the_ones_before_it() =>
        Compound.OnNet(Euro("80.00")).Components.ShouldBe([Euro("4.00"), Euro("8.19")]);

    [Fact]
    public void A_gross_amount_holds_its_base_and_tax()
    {
        Twenty.OnGross(Euro("17.46")).Net.ShouldBe(Euro("14.55"));
        Twenty.OnGross(Euro("10.00")).Tax.ShouldBe(Euro("1.67"));
        var taxed = Compound.OnGross(Euro("92.19"));
        taxed.Net.ShouldBe(Euro("80.00"));
        taxed.Components.ShouldBe([Euro("4.00"), Euro("8.19")]);
        taxed.Total.ShouldBe(Euro("92.19"));
    }

    [Fact]
    public void A_code_without_components_has_no_tax()
    {
        var outside = new TaxScheme("O", TaxCategory.O, [], "Outside the scope");
        outside.OnNet(Euro("10.00")).Tax.IsZero.ShouldBeTrue();
        outside.OnGross(Euro("10.00")).Net.ShouldBe(Euro("10.00"));
    }

    [Fact]
    public void A_rate_holds_from_its_day_until_the_next_one()
    {
        var standard = new TaxCode("S", "Standard", TaxCategory.S,
        [
            new TaxComponent("VAT", "VAT", Compound: false,
                [new(Start, Rate.Percent(19)), new(new DateOnly(2020, 7, 1), Rate.Percent(16)), new(new DateOnly(2021, 1, 1), Rate.Percent(19))]),
        ]);
        standard.On(new DateOnly(2020, 6, 30)).Components[0].Rate.ShouldBe(Rate.Percent(19));
        standard.On(new DateOnly(2020, 7, 1)).Components[0].Rate.ShouldBe(Rate.Percent(16));
        standard.On(new DateOnly(2020, 12, 31)).Components[0].Rate.ShouldBe(Rate.Percent(16));
        standard.On(new DateOnly(2021, 1, 1)).Components[0].Rate.ShouldBe(Rate.Percent(19));
        standard.On(new DateOnly(2019, 12, 31)).Components.ShouldBeEmpty();
        standard.Check().IsRefused.ShouldBeFalse();
    }

    [Fact]
    public void A_code_that_contradicts_itself_is_refused()
    {
        Refused(TaxCategory.S, "-0.1", "TAX_RATE_INVALID");
        Refused(TaxCategory.S, "10.1", "TAX_RATE_INVALID");
        Refused(TaxCategory.S, "0", "TAX_RATE_INVALID");
        Refused(TaxCategory.Z, "0.1", "TAX_RATE_INVALID");
        Refused(TaxCategory.AE, "0", "TAX_EXEMPTION_REASON_REQUIRED");
        new TaxCode("X", "X", TaxCategory.S, [new("C", "C", Compound: false, [new(Today, Rate.One), new(Today, Rate.One)])])
            .Check().Refusal!.Code.ShouldBe("TAX_DATES_INVALID");
        new TaxCode("X", "X", TaxCategory.E, [], "Small business").Check().IsRefused.ShouldBeFalse();

        static void Refused(TaxCategory category, string rate, string code) =>
            new TaxCode("X", "X", category, [new("C", "C", Compound: false, [new(Start, Rate.Parse(rate))])])
                .Check().Refusal!.Code.ShouldBe(code);
    }

    [Fact]
    public void Categories_ask_for_what_the_standard_asks()
    {
        TaxCategory.K.NeedsBuyerTaxId().ShouldBeTrue();
        TaxCategory.G.NeedsBuyerTaxId().ShouldBeFalse();
        TaxCategory.G.NeedsReason().ShouldBeTrue();
        TaxCategory.Z.NeedsReason().ShouldBeFalse();
        TaxRefusals.BuyerTaxIdRequired(TaxCategory.K).Code.ShouldBe("BUYER_TAX_ID_REQUIRED");
    }

    [Theory]
    [InlineData(TaxRounding.Document, "0.20", "1.00")]
    [InlineData(TaxRounding.Line, "0.21", "0.99")]
    public void Tax_is_rounded_by_document_or_by_line(TaxRounding rounding, string tax, string net)
    {
        // Three lines of 0.40 with tax in them: 1.20 holds 0.20; each line alone holds 0.07.
        var (nets, taxes) = Lines(Twenty, TaxBasis.Gross, rounding, 40, 40, 40);
        new Money(taxes.Sum(), Eur).ShouldBe(Euro(tax));
        new Money(nets.Sum(), Eur).ShouldBe(Euro(net));
    }

    [Fact]
    public void Lines_that_cancel_out_are_rounded_each_on_its_own()
    {
        var (nets, taxes) = Lines(Twenty, TaxBasis.Gross, TaxRounding.Document, 1000, -1000);
        nets.ShouldBe([833L, -833]);
        taxes.ShouldBe([167L, -167]);
    }

    [Fact]
    public void A_component_of_lines_sums_to_the_component_of_their_sum() =>
        Prop.ForAll(Values(0), Schemes, (values, scheme) =>
        {
            var sum = new Money(values.Sum(), Eur);
            return new[] { TaxBasis.Net, TaxBasis.Gross }.All(basis =>
            {
                var (nets, taxes) = Lines(scheme, basis, TaxRounding.Document, values);
                var whole = basis == TaxBasis.Net ? scheme.OnNet(sum) : scheme.OnGross(sum);
                var components = scheme.Components.Count;
                return nets.Sum() == whole.Net.Minor
                    && Enumerable.Range(0, components).All(k =>
                        taxes.Where((_, i) => i % components == k).Sum() == whole.Components[k].Minor);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Net_and_tax_of_each_line_are_its_gross_value() =>
        Prop.ForAll(Values(-50_000), Schemes, (values, scheme) => Enum.GetValues<TaxRounding>().All(rounding =>
        {
            var (nets, taxes) = Lines(scheme, TaxBasis.Gross, rounding, values);
            var components = scheme.Components.Count;
            return values.Select((value, i) => nets[i] + taxes.Skip(i * components).Take(components).Sum() == value).All(same => same);
        })).QuickCheckThrowOnFailure();

    private static Arbitrary<TaxScheme> Schemes => Gen.Elements(Twenty, Compound, Three).ToArbitrary();

    private static Arbitrary<long[]> Values(int least) =>
        Gen.Choose(least, 50_000).Select(value => (long)value).NonEmptyListOf().Select(values => values.ToArray()).ToArbitrary();

    private static (long[] Nets, long[] Taxes) Lines(TaxScheme scheme, TaxBasis basis, TaxRounding rounding, params long[] values)
    {
        var nets = new long[values.Length];
        var taxes = new long[values.Length * scheme.Components.Count];
        TaxCalculation.Lines(scheme, basis, rounding, values, nets, taxes);
        return (nets, taxes);
    }
}
