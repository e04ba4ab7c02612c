using Plug1.Kernel;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Warranties;

/// <summary>How the cover runs over the term.</summary>
internal enum WarrantyShape
{
    /// <summary>All of it until the end.</summary>
    Full,

    /// <summary>All of it for some months, then less with each completed month.</summary>
    StraightLine,
}

/// <summary>What is covered how long.</summary>
/// <param name="Length">How long.</param>
/// <param name="Shape">How the cover runs.</param>
/// <param name="FullMonths">How many months are covered in full, where it falls.</param>
/// <param name="UsageLimit">The use at which it ends, if before its day; null for none.</param>
internal sealed record WarrantyTerms(Length Length, WarrantyShape Shape = WarrantyShape.Full, int FullMonths = 0, Quantity? UsageLimit = null);

/// <summary>How a registration stands on a day.</summary>
internal enum WarrantyStanding
{
    /// <summary>Its term has not begun.</summary>
    NotStarted,

    /// <summary>The policy's term runs.</summary>
    UnderWarranty,

    /// <summary>An extension runs.</summary>
    Extended,

    /// <summary>It is over.</summary>
    Expired,
}

/// <summary>How long the unit is covered that replaces another.</summary>
internal enum ReplacementRule
{
    /// <summary>As long as the old one was.</summary>
    Remaining,

    /// <summary>A whole term from hand-over.</summary>
    Restart,

    /// <summary>As long as the old one was, and some days at least.</summary>
    AtLeast,
}

/// <summary>A stay in the workshop.</summary>
/// <param name="TakenIn">The day the unit was taken in.</param>
/// <param name="Ready">The day it was ready.</param>
internal readonly record struct Downtime(DateOnly TakenIn, DateOnly Ready)
{
    /// <summary>Calendar days from one to the other.</summary>
    public int Days => Math.Max(0, Ready.DayNumber - TakenIn.DayNumber);
}

/// <summary>Until when a unit is covered, and by how much.</summary>
internal static class Warranty
{
    /// <summary>Within how many days of failing a claim must be reported for the day of failing to count.</summary>
    public const int ReportWithinDays = 60;

    /// <summary>The last day of a term, that day included, moved by the days in the workshop: 24 months from 2026-03-15 last until 2028-03-15, with
    /// 9 days of downtime until 2028-03-24.</summary>
    /// <param name="start">The day it begins.</param>
    /// <param name="length">How long.</param>
    /// <param name="rule">How the last day is found.</param>
    /// <param name="downtimes">Stays in the workshop, where they extend it.</param>
    public static DateOnly End(DateOnly start, Length length, EndRule rule = EndRule.SameDay, IEnumerable<Downtime>? downtimes = null) =>
        Term.End(start, length, rule).AddDays(downtimes?.Sum(downtime => downtime.Days) ?? 0);

    /// <summary>How a registration stands on a day.</summary>
    /// <param name="start">The first day of the term.</param>
    /// <param name="end">Its last day.</param>
    /// <param name="extendedEnd">The last day of an extension; null for none.</param>
    /// <param name="on">The day.</param>
    public static WarrantyStanding Standing(DateOnly start, DateOnly end, DateOnly? extendedEnd, DateOnly on) =>
        on < start ? WarrantyStanding.NotStarted
        : on <= end ? WarrantyStanding.UnderWarranty
        : on <= extendedEnd ? WarrantyStanding.Extended : WarrantyStanding.Expired;

    /// <summary>Whether a unit has been used beyond its limit, counted from the use at the start.</summary>
    public static bool IsUsedUp(WarrantyTerms terms, Quantity usageAtStart, Quantity usage) => terms.UsageLimit is { } limit && usage - usageAtStart > limit;

    /// <summary>The day that decides on a claim: that of failing when it was reported within 60 days of it, else that of reporting.</summary>
    public static DateOnly DecidingDay(DateOnly failedOn, DateOnly reportedOn) =>
        reportedOn.DayNumber - failedOn.DayNumber <= ReportWithinDays ? failedOn : reportedOn;

    /// <summary>The covered share on a day within the term: 1 in full; falling 1 within the full months, then <c>(n − k) ÷ (n − full)</c>, n the months
    /// of the term and k those completed.</summary>
    /// <remarks>36 months, 12 of them full, failing after 20: 16/24, shown as 0.666667; 180.00 are covered with 120.00.</remarks>
    /// <param name="terms">The policy's; a falling one is given in months or years.</param>
    /// <param name="start">The first day of the term.</param>
    /// <param name="on">The day that decides.</param>
    public static Fraction Share(WarrantyTerms terms, DateOnly start, DateOnly on)
    {
        if (terms.Shape == WarrantyShape.Full) return new Fraction(1, 1);
        Invariant.Holds(terms.Length.Unit is PeriodUnit.Month or PeriodUnit.Year, "Cover that falls by months has a term in months.");
        var months = terms.Length.Unit == PeriodUnit.Year ? 12 * terms.Length.Amount : terms.Length.Amount;
        return Share(months, terms.FullMonths, Term.MonthsCompleted(start, on));
    }

    /// <summary>The covered share after some completed months, by straight line.</summary>
    /// <param name="months">Months of the term (n).</param>
    /// <param name="fullMonths">Those covered in full; not more than all.</param>
    /// <param name="completed">Those completed (k).</param>
    public static Fraction Share(int months, int fullMonths, int completed)
    {
        Invariant.Holds(fullMonths >= 0 && fullMonths <= months);
        return completed < fullMonths || fullMonths == months ? new Fraction(1, 1) : new Fraction(Math.Max(0, months - completed), months - fullMonths);
    }

    /// <summary>The last day of the unit that replaces another.</summary>
    /// <param name="rule">The policy's rule.</param>
    /// <param name="oldEnd">The last day of the unit that is replaced.</param>
    /// <param name="handedOver">The day the new one is handed over.</param>
    /// <param name="length">The policy's whole term.</param>
    /// <param name="atLeastDays">How many days it has at least.</param>
    /// <param name="endRule">How the last day of a whole term is found.</param>
    public static DateOnly Replacement(
        ReplacementRule rule, DateOnly oldEnd, DateOnly handedOver, Length length, int atLeastDays = 0, EndRule endRule = EndRule.SameDay) => rule switch
        {
            ReplacementRule.Restart => Term.End(handedOver, length, endRule),
            ReplacementRule.AtLeast => Later(oldEnd, handedOver.AddDays(atLeastDays)),
            _ => oldEnd,
        };

    /// <summary>The last day of a part that was repaired: that of the unit, or some days from the repair if that is later.</summary>
    public static DateOnly RepairedPartEnd(DateOnly unitEnd, DateOnly repairedOn, int repairWarrantyDays) => Later(unitEnd, repairedOn.AddDays(repairWarrantyDays));

    /// <summary>What the supplier gives back: <c>round(covered cost × supplier share)</c>, half away from zero, if its term, from the receipt of the
    /// goods, still ran on the day of failing; else nothing.</summary>
    public static Money SupplierRecovery(Money coveredCost, Rate supplierShare, DateOnly receivedOn, int supplierMonths, DateOnly failedOn, EndRule rule = EndRule.SameDay) =>
        failedOn <= Term.End(receivedOn, Length.Months(supplierMonths), rule) ? coveredCost.Times(supplierShare) : Money.Zero(coveredCost.Currency);

    private static DateOnly Later(DateOnly left, DateOnly right) => left > right ? left : right;
}
