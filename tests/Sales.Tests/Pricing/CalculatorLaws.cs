using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Sales.Pricing;
using Xunit;

namespace Plug1.Sales.Tests.Pricing;

/// <summary>What holds for every basket.</summary>
public sealed class CalculatorLaws
{
    [Fact]
    public void Net_and_tax_are_the_total_of_the_document_and_of_each_line() => Always(result =>
        result.Total == result.Net + result.Tax
        && result.Net.Minor == result.Lines.Sum(line => line.Net.Minor)
        && result.Tax.Minor == result.Lines.Sum(line => line.Tax.Minor)
        && result.Lines.All(line => line.Tax.Minor == line.Taxes.Sum(tax => tax.Minor)));

    [Fact]
    public void The_tax_of_the_lines_sums_to_the_tax_table_component_by_component() => Always(result =>
        result.Tax.Minor == result.TaxTable.Sum(row => row.Tax.Minor)
        && result.TaxTable.All(row =>
        {
            var lines = Taxed(result).Where(line => line.Line.Tax == row.Scheme).ToList();
            return row.Net.Minor == lines.Sum(line => line.Net.Minor)
                && row.Tax.Minor == row.Components.Sum(component => component.Amount.Minor)
                && row.Components.Select((component, k) => component.Amount.Minor == lines.Sum(line => line.Taxes[k].Minor)).All(same => same);
        }));

    [Fact]
    public void With_gross_prices_the_total_is_the_shelf_prices_less_the_discounts() => Always(result =>
        result.Basket.Basis == TaxBasis.Net
        || (result.Total == result.Amount - result.Discount && result.Lines.All(line => line.Total == line.Value)));

    [Fact]
    public void With_net_prices_the_net_is_the_prices_less_the_discounts() => Always(result =>
        result.Basket.Basis == TaxBasis.Gross
        || (result.Net == result.Amount - result.Discount && result.Lines.All(line => line.Net == line.Value)));

    [Fact]
    public void The_shares_of_a_document_discount_sum_to_it_and_take_no_line_below_zero() => Always(result =>
        result.Discounts.All(discount => discount.Amount.Minor == discount.Shares.Sum(share => share.Minor))
        && result.Lines.All(line => line.Amount == line.Value + line.Manual + line.DocumentDiscount + line.Promotion)
        && result.Lines.All(line => line.DocumentDiscount.IsZero || !line.Value.IsNegative));

    /// <summary>BR-CO-17 for taxes that are not compound, exactly with net prices and within a minor unit a component with gross ones,
    /// and where lines cancel out within half a minor unit a line.</summary>
    [Fact]
    public void Rounded_by_document_each_tax_is_its_rate_of_its_base() => Always(result =>
        result.Basket.TaxRounding == TaxRounding.Line
        || result.TaxTable.All(row => row.Components.All(component =>
        {
            var exact = (Int128)component.Base.Minor * component.Component.Rate.Millionths;
            var difference = Int128.Abs(((Int128)component.Amount.Minor * 1_000_000) - exact);
            var lines = Taxed(result).Count(line => line.Line.Tax == row.Scheme);
            var values = Taxed(result).Where(line => line.Line.Tax == row.Scheme).Sum(line => line.Value.Minor);
            return values == 0 ? difference <= 1_000_000 * lines
                : result.Basket.Basis == TaxBasis.Net ? difference <= 500_000
                : difference <= 2_000_000;
        })));

    /// <summary>EN 16931: BR-CO-10 and 13 (net of the lines), 14 (tax table), 15 (total) and 16 (payable).</summary>
    [Fact]
    public void Rounded_by_document_the_totals_satisfy_the_rules_of_en_16931() => Always(result =>
    {
        // The invoice shows lines before document discounts and the discounts as allowances; with gross prices it shows the nets.
        var net = result.Basket.Basis == TaxBasis.Net;
        var lines = result.Lines.Sum(line => net ? (line.Amount - line.Manual).Minor : line.Net.Minor);
        var allowances = net ? result.Discounts.Sum(discount => discount.Amount.Minor) : 0;
        var withoutTax = lines - allowances;
        var tax = result.TaxTable.Sum(row => row.Tax.Minor);
        return result.Net.Minor == withoutTax
            && result.Tax.Minor == tax
            && result.Total.Minor == withoutTax + tax
            && result.Payable == result.Total - result.Prepaid + result.Rounding;
    });

    [Fact]
    public void Turning_every_quantity_turns_every_amount() =>
        Prop.ForAll(Given.Baskets, basket =>
        {
            var straight = basket with { Discounts = [] };
            var turned = straight with { Lines = [.. basket.Lines.Select(line => line with { Quantity = -line.Quantity })] };
            var (a, b) = (Calculator.Calculate(straight).Value, Calculator.Calculate(turned).Value);
            return a.Total == -b.Total && a.Tax == -b.Tax && a.Net == -b.Net;
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<CalculatedLine> Taxed(Calculation result) =>
        result.Lines.Where(line => line.Line.Kind is not (LineKind.Text or LineKind.Voucher));

    private static void Always(Func<Calculation, bool> holds) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(Given.Baskets, basket => holds(Calculator.Calculate(basket).Value)));
}
