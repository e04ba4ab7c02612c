using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;
using Plug1.Sales.Pricing;
using Shouldly;
using Xunit;
using static Plug1.Sales.Tests.Pricing.Given;

namespace Plug1.Sales.Tests.Pricing;

public sealed class CreditShareTests
{
    private static readonly CreditOrigin ThreeForTen =
        new(TaxBasis.Gross, Quantity.Of(3), Euro("10.00"), [Euro("1.67")], [Euro("2.00")], Euro("5.00"));

    [Fact]
    public void Three_units_returned_one_by_one_are_3_33_3_34_3_33_with_tax_0_56_0_55_0_56()
    {
        var credits = Credits(ThreeForTen, "1", "1", "1");
        credits.Select(credit => credit.Total).ShouldBe([Euro("3.33"), Euro("3.34"), Euro("3.33")]);
        credits.Select(credit => credit.Tax).ShouldBe([Euro("0.56"), Euro("0.55"), Euro("0.56")]);
        credits.Sum(credit => credit.Promotions[0].Minor).ShouldBe(200);
        credits.Sum(credit => credit.Cost.Minor).ShouldBe(500);
    }

    [Fact]
    public void A_net_line_of_10_00_credits_3_33_and_6_67_and_nothing_more()
    {
        var line = new CreditOrigin(TaxBasis.Net, Quantity.Of(3), Euro("10.00"), [Euro("2.00")], [], Euro("0.00"));
        var credits = Credits(line, "1", "2");
        credits.Select(credit => credit.Net).ShouldBe([Euro("3.33"), Euro("6.67")]);
        credits.Select(credit => credit.Total).ShouldBe([Euro("4.00"), Euro("8.00")]);
        CreditShare.OfQuantity(line, credits[0] + credits[1], Quantity.One).Refusal!.Code.ShouldBe("CREDIT_EXCEEDS_ORIGIN");
    }

    [Fact]
    public void A_price_allowance_comes_off_what_the_units_still_bring()
    {
        var allowance = CreditShare.OfAmount(ThreeForTen, Credit.None(ThreeForTen), Euro("1.00")).Value;
        allowance.Quantity.IsZero.ShouldBeTrue();
        var credits = Credits(ThreeForTen, allowance, "1", "2");
        credits.Select(credit => credit.Value).ShouldBe([Euro("3.00"), Euro("6.00")]);
        (allowance.Tax + credits[0].Tax + credits[1].Tax).ShouldBe(Euro("1.67"));
    }

    [Fact]
    public void An_allowance_after_the_first_unit_never_makes_a_later_unit_negative()
    {
        // 3.33 for the first unit, then 6.00 off: the units bring 4.00 in all, of which 0.67 is left; the last unit takes it.
        var first = Credits(ThreeForTen, "1")[0];
        var before = first + CreditShare.OfAmount(ThreeForTen, first, Euro("6.00")).Value;
        Credits(ThreeForTen, before, "1", "1").Select(credit => credit.Value).ShouldBe([Euro("0.00"), Euro("0.67")]);
    }

    [Fact]
    public void What_is_not_left_or_goes_the_wrong_way_is_refused()
    {
        var none = Credit.None(ThreeForTen);
        CreditShare.OfAmount(ThreeForTen, none, Euro("10.01")).Refusal!.Code.ShouldBe("CREDIT_EXCEEDS_ORIGIN");
        CreditShare.OfAmount(ThreeForTen, none, Euro("-1.00")).Refusal!.Code.ShouldBe("CREDIT_EXCEEDS_ORIGIN");
        CreditShare.OfAmount(ThreeForTen, none, Money.Parse("1", Currencies.Of("USD"))).Refusal!.Code.ShouldBe("CURRENCY_MISMATCH");
        CreditShare.OfQuantity(ThreeForTen, none, Quantity.Zero).Refusal!.Code.ShouldBe("QUANTITY_INVALID");
        CreditShare.OfQuantity(ThreeForTen, none, -Quantity.One).Refusal!.Code.ShouldBe("QUANTITY_INVALID");
    }

    [Fact]
    public void Unused_days_of_30_00_cut_after_12_of_30_days_are_18_00_with_tax_3_60()
    {
        var plan = new CreditOrigin(TaxBasis.Net, Quantity.One, Euro("30.00"), [Euro("6.00")], [], Euro("0.00"));
        var credit = CreditShare.OfDays(plan, Credit.None(plan), usedDays: 12, days: 30).Value;
        credit.Net.ShouldBe(Euro("18.00"));
        credit.Tax.ShouldBe(Euro("3.60"));
        CreditShare.OfDays(plan, credit, usedDays: 0, days: 30).Value.Net.ShouldBe(Euro("12.00"));
    }

    [Fact]
    public void The_year_of_1200_00_cut_after_52_days_credits_1029_04()
    {
        var year = new CreditOrigin(TaxBasis.Net, Quantity.One, Euro("1200.00"), [Euro("240.00")], [], Euro("0.00"));
        CreditShare.OfDays(year, Credit.None(year), usedDays: 52, days: 365).Value.Net.ShouldBe(Euro("1029.04"));
    }

    [Fact]
    public void A_line_without_value_gives_its_cost_back_by_quantity()
    {
        var free = new CreditOrigin(TaxBasis.Gross, Quantity.Of(3), Euro("0.00"), [Euro("0.00")], [Euro("9.00")], Euro("1.00"));
        Credits(free, "1", "1", "1").Select(credit => credit.Cost).ShouldBe([Euro("0.33"), Euro("0.34"), Euro("0.33")]);
    }

    [Fact]
    public void Credits_of_any_steps_exhaust_the_line_exactly() =>
        Prop.ForAll(Lines, Gen.Choose(0, 200).ListOf().ToArbitrary(), (line, steps) =>
        {
            var credited = Credit.None(line);
            foreach (var step in steps)
            {
                // Odd steps are allowances of as many cents, even ones are units; what is not left is refused and changes nothing.
                var sign = line.Quantity.IsNegative ? -1 : 1;
                var credit = step % 2 == 1
                    ? CreditShare.OfAmount(line, credited, new Money(step * sign, Eur))
                    : CreditShare.OfQuantity(line, credited, new Quantity(step * 10_000L * sign));
                if (!credit.IsRefused) credited += credit.Value;
            }

            var left = line.Quantity - credited.Quantity;
            if (!left.IsZero) credited += CreditShare.OfQuantity(line, credited, left).Value;
            return credited.Value == line.Value
                && credited.Taxes.SequenceEqual(line.Taxes)
                && credited.Promotions.SequenceEqual(line.Promotions)
                && credited.Cost == line.Cost
                && credited.Total == (line.Basis == TaxBasis.Gross ? line.Value : line.Value + Money.Sum(Eur, line.Taxes));
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<CreditOrigin> Lines => (
        from basis in Gen.Elements(TaxBasis.Net, TaxBasis.Gross)
        from sign in Gen.Elements(1, -1)
        from quantity in Gen.Choose(1, 20)
        from value in Gen.Choose(1, 100_000)
        from tax in Gen.Choose(0, value / 5)
        from other in Gen.Choose(0, value / 10)
        from promotion in Gen.Choose(0, 1000)
        from cost in Gen.Choose(0, 100_000)
        select new CreditOrigin(
            basis, Quantity.Of(quantity * sign), new Money(value * sign, Eur), [new Money(tax * sign, Eur), new Money(other * sign, Eur)],
            [new Money(promotion * sign, Eur)], new Money(cost * sign, Eur))).ToArbitrary();

    private static List<Credit> Credits(CreditOrigin origin, params string[] quantities) =>
        Credits(origin, Credit.None(origin), quantities);

    private static List<Credit> Credits(CreditOrigin origin, Credit before, params string[] quantities)
    {
        var credits = new List<Credit>();
        foreach (var quantity in quantities)
        {
            credits.Add(CreditShare.OfQuantity(origin, before, Quantity.Parse(quantity)).Value);
            before += credits[^1];
        }

        return credits;
    }
}
