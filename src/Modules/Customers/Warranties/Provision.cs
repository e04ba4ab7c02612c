using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Warranties;

/// <summary>A class of defects of an item.</summary>
/// <param name="Probability">The share of units sold that have it.</param>
/// <param name="CostShare">What it costs, as a part of the price.</param>
internal sealed record DefectClass(Rate Probability, Rate CostShare);

/// <summary>What was provided for the sales of one month.</summary>
/// <param name="SaleMonth">Any day of the month.</param>
/// <param name="Accrued">The accrual.</param>
internal readonly record struct MonthAccrual(DateOnly SaleMonth, Money Accrued);

/// <summary>A provision after it was looked at anew.</summary>
/// <param name="Required">What it must hold.</param>
/// <param name="Release">What it holds beyond that; negative for what is missing.</param>
internal readonly record struct TrueUp(Money Required, Money Release);

/// <summary>The provision for warranties, and the income of those sold apart.</summary>
/// <remarks>Sources: IAS 37 <i>Provisions, Contingent Liabilities and Contingent Assets</i>, paragraphs 36, 39 and 59 (not discounted); IFRS 15,
/// paragraphs B28 to B33, for warranties that are sold.</remarks>
internal static class Provision
{
    /// <summary>The share of sales that is provided for: <c>Σ probability × cost share</c>, exact. 0.06 × 0.10 + 0.02 × 0.60 are 0.018.</summary>
    public static Ratio Rate(IEnumerable<DefectClass> classes) => Ratio.Sum(classes.Select(one => Ratio.Of(one.Probability) * Ratio.Of(one.CostShare)));

    /// <summary>The accrual of a month and category: <c>net sales × rate</c>, rounded once, half away from zero. 48,250.00 at 0.018 are 868.50.</summary>
    public static Money Accrual(Money netSales, Ratio rate) => netSales with { Minor = (Ratio.Of(netSales) * rate).Round(Rounding.HalfAwayFromZero) };

    /// <summary>What the provision must hold for sales of earlier months: of each accrual <c>(n − k) ÷ n</c>, rounded half away from zero, k the whole
    /// months since the month of sale; against what it holds.</summary>
    /// <remarks>868.50 for January over 24 months, at December: 13/24 are 470.44; of a balance of 748.50 278.06 are released.</remarks>
    /// <param name="accruals">By month of sale.</param>
    /// <param name="termMonths">Months of the warranty (n); more than zero.</param>
    /// <param name="atMonth">Any day of the month that is looked at.</param>
    /// <param name="balance">What the provision holds.</param>
    public static TrueUp TrueUp(IEnumerable<MonthAccrual> accruals, int termMonths, DateOnly atMonth, Money balance)
    {
        Invariant.Holds(termMonths > 0);
        var required = Money.Sum(balance.Currency, accruals.Select(one =>
        {
            var gone = ((atMonth.Year - one.SaleMonth.Year) * 12) + atMonth.Month - one.SaleMonth.Month;
            return one.Accrued.Share(Math.Clamp(termMonths - gone, 0, termMonths), termMonths, Rounding.HalfAwayFromZero);
        }));
        return new TrueUp(required, balance - required);
    }

    /// <summary>The income of a warranty sold apart that is earned by the end of a day: <c>price × days elapsed ÷ days of term</c>, both ends counted,
    /// rounded half away from zero.</summary>
    /// <remarks>120.00 from 2026-07-01 to 2028-06-30 (731 days): 5.09 by the end of July, 10.18 by that of August.</remarks>
    /// <param name="price">What it was sold for.</param>
    /// <param name="from">The first day of the term.</param>
    /// <param name="to">Its last day.</param>
    /// <param name="on">The day.</param>
    public static Money EarnedToDate(Money price, DateOnly from, DateOnly to, DateOnly on)
    {
        Invariant.Holds(from <= to);
        var days = to.DayNumber - from.DayNumber + 1;
        return price with { Minor = CumulativeShare.ToDate(price.Minor, Math.Clamp(on.DayNumber - from.DayNumber + 1, 0, days), days) };
    }

    /// <summary>What a run posts: earned to date less what was recognised before.</summary>
    public static Money EarnedIncome(Money price, DateOnly from, DateOnly to, DateOnly on, Money recognised) => EarnedToDate(price, from, to, on) - recognised;

    /// <summary>What is given back when it is withdrawn: the part not earned by the end of the day.</summary>
    public static Money Unearned(Money price, DateOnly from, DateOnly to, DateOnly on) => price - EarnedToDate(price, from, to, on);
}
