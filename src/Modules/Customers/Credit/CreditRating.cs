using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Credit;

/// <summary>One item that was paid, or is overdue now.</summary>
/// <param name="Amount">Its amount; more than zero.</param>
/// <param name="DaysLate">How many days late; early ones count as 0.</param>
internal readonly record struct PaidItem(Money Amount, int DaysLate);

/// <summary>The grades, the best first.</summary>
internal enum CreditGrade
{
    /// <summary>80 and more.</summary>
    A,

    /// <summary>65 and more.</summary>
    B,

    /// <summary>50 and more.</summary>
    C,

    /// <summary>35 and more.</summary>
    D,

    /// <summary>Less.</summary>
    E,
}

/// <summary>How a party has behaved.</summary>
/// <param name="DaysBeyondTerms">Mean days late, by <see cref="CreditRating.DaysBeyondTerms"/>.</param>
/// <param name="PeakUse">The largest part of its limit that was used.</param>
/// <param name="MonthsKnown">Months since its first sale.</param>
/// <param name="ReturnedPayments">Payments that came back in 12 months.</param>
/// <param name="OverdueDays">How many days late its oldest open item is now; 0 for none.</param>
internal sealed record CreditBehaviour(Ratio DaysBeyondTerms, Rate PeakUse, int MonthsKnown, int ReturnedPayments, int OverdueDays);

/// <summary>A rating with its parts, exact until shown.</summary>
/// <param name="Payment">0 to 40.</param>
/// <param name="Use">0 to 25.</param>
/// <param name="Tenure">0 to 10.</param>
/// <param name="Conduct">0 to 15.</param>
/// <param name="Overdue">0, 5 or 10.</param>
/// <param name="Score">The sum, rounded half away from zero.</param>
/// <param name="Grade">Its grade.</param>
internal sealed record CreditScore(Ratio Payment, Ratio Use, Ratio Tenure, Ratio Conduct, Ratio Overdue, int Score, CreditGrade Grade);

/// <summary>Rates how a party pays and proposes a limit; a person decides.</summary>
internal static class CreditRating
{
    private const int LatestDays = 60;
    private const int LongestTenure = 36;
    private const int SlightlyOverdueDays = 30;

    /// <summary>Mean days late: <c>Σ amount × days late ÷ Σ amount</c>, exact. 1,000 at 10, 500 at 0 and 500 at 20 are 10.0.</summary>
    /// <param name="items">Those paid in the last 12 months and those overdue now.</param>
    /// <returns>Zero for none.</returns>
    public static Ratio DaysBeyondTerms(IEnumerable<PaidItem> items)
    {
        var (weighted, amount) = (Ratio.Zero, Ratio.Zero);
        foreach (var item in items)
        {
            weighted += Ratio.Of(item.Amount) * Ratio.Of(Math.Max(0, item.DaysLate));
            amount += Ratio.Of(item.Amount);
        }

        return amount.IsZero ? Ratio.Zero : weighted / amount;
    }

    /// <summary>Rates from 0 to 100.</summary>
    /// <remarks>
    /// <para>Payment <c>40 × max(0, 1 − days beyond terms ÷ 60)</c>; use of the limit <c>25 × (1 − clamp((peak − 0.5) ÷ 0.5, 0, 1))</c>; tenure
    /// <c>10 × min(months, 36) ÷ 36</c>; conduct <c>max(0, 15 − 7.5 × returned payments)</c>; overdue now 10 for none, 5 up to 30 days, else 0.
    /// Summed exactly, then rounded half away from zero.</para>
    /// <para>10 days, peak 0.70, 18 months, none returned, 20 days overdue: 33.3 + 15.0 + 5.0 + 15.0 + 5 = 73, grade B.</para>
    /// </remarks>
    public static CreditScore Rate(CreditBehaviour behaviour)
    {
        var half = new Ratio(1, 2);
        var payment = Ratio.Of(40) * Ratio.Max(Ratio.Zero, Ratio.One - (behaviour.DaysBeyondTerms / Ratio.Of(LatestDays)));
        var above = Ratio.Max(Ratio.Zero, Ratio.Min(Ratio.One, (Ratio.Of(behaviour.PeakUse) - half) / half));
        var use = Ratio.Of(25) * (Ratio.One - above);
        var tenure = Ratio.Of(10) * new Ratio(Math.Clamp(behaviour.MonthsKnown, 0, LongestTenure), LongestTenure);
        var conduct = Ratio.Max(Ratio.Zero, Ratio.Of(15) - (new Ratio(15, 2) * Ratio.Of(behaviour.ReturnedPayments)));
        var overdue = Ratio.Of(behaviour.OverdueDays <= 0 ? 10 : behaviour.OverdueDays <= SlightlyOverdueDays ? 5 : 0);
        var score = (int)(payment + use + tenure + conduct + overdue).Round(Rounding.HalfAwayFromZero);
        return new CreditScore(payment, use, tenure, conduct, overdue, score, GradeOf(score));
    }

    /// <summary>The grade of a score: A from 80, B from 65, C from 50, D from 35, else E.</summary>
    public static CreditGrade GradeOf(int score) => score switch
    {
        >= 80 => CreditGrade.A,
        >= 65 => CreditGrade.B,
        >= 50 => CreditGrade.C,
        >= 35 => CreditGrade.D,
        _ => CreditGrade.E,
    };

    /// <summary>A limit to propose: <c>average monthly credit sales × terms in months × factor of the grade</c> (A 2, B 1.5, C 1, D 0.5, E 0), rounded
    /// once, half away from zero. 1,850.00 × 1.5 × 1.5 are 4,162.50.</summary>
    /// <param name="monthlySales">Average credit sales of a month.</param>
    /// <param name="termsMonths">The terms of payment in months; not negative.</param>
    /// <param name="grade">The grade.</param>
    public static Money ProposedLimit(Money monthlySales, Rate termsMonths, CreditGrade grade)
    {
        Invariant.Holds(!termsMonths.IsNegative);
        var halves = grade switch { CreditGrade.A => 4, CreditGrade.B => 3, CreditGrade.C => 2, CreditGrade.D => 1, _ => 0 };
        return monthlySales.Share((Int128)termsMonths.Millionths * halves, (Int128)Kernel.Values.Rate.One.Millionths * 2, Rounding.HalfAwayFromZero);
    }
}
