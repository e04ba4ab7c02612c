using Plug1.Kernel;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Values;

namespace Plug1.Customers.AfterSales;

/// <summary>An amount shared between who covers it and the customer; sums to the whole.</summary>
/// <param name="Covered">The part of warranty, contract or goodwill.</param>
/// <param name="Customer">The customer's part.</param>
internal readonly record struct ServiceShare(Money Covered, Money Customer);

/// <summary>How a repair came out, as far as its fee cares.</summary>
internal enum RepairOutcome
{
    /// <summary>The estimate was accepted.</summary>
    Accepted,

    /// <summary>It was declined.</summary>
    Declined,

    /// <summary>It could not be repaired.</summary>
    NotRepairable,
}

/// <summary>What an accepted estimate may be exceeded by.</summary>
/// <param name="Share">A part of it.</param>
/// <param name="Amount">An amount.</param>
internal sealed record EstimateTolerance(Rate Share, Money Amount);

/// <summary>One repair, for the share of those that held.</summary>
internal readonly record struct RepairDone(string Serial, string Symptom, DateOnly On);

/// <summary>The figures of a service order.</summary>
internal static class Service
{
    /// <summary>How long a repair must hold.</summary>
    public const int HoldsDays = 30;

    /// <summary>Shares a line: covered = <c>round(amount × covered share)</c>, half away from zero; the customer pays the rest. Cost is shared alike.</summary>
    /// <remarks>A part of 84.00 at a cost of 51.30, covered by 16/24: 56.00 and 28.00; cost 34.20 and 17.10.</remarks>
    /// <param name="amount">Net or cost of the line.</param>
    /// <param name="coveredShare">0 to 1: the fraction of the claim, or the rate as entered by <see cref="Entered"/>.</param>
    public static ServiceShare Split(Money amount, Fraction coveredShare)
    {
        Invariant.Holds(coveredShare.Numerator >= 0 && coveredShare.Numerator <= coveredShare.Denominator, "A line is covered from nothing to all.");
        var covered = amount.Share(coveredShare.Numerator, coveredShare.Denominator, Rounding.HalfAwayFromZero);
        return new ServiceShare(covered, amount - covered);
    }

    /// <summary>A share as it was entered.</summary>
    public static Fraction Entered(Rate share) => new(share.Millionths, Rate.One.Millionths);

    /// <summary>Spreads a discount of the header over what is not covered, by the largest remainder; no more than that comes to.</summary>
    /// <param name="discount">Not negative.</param>
    /// <param name="customerShares">The customer's share of each line; not negative.</param>
    /// <returns>One part a line.</returns>
    public static IReadOnlyList<Money> SpreadDiscount(Money discount, IReadOnlyList<Money> customerShares)
    {
        var given = Money.Min(discount, Money.Sum(discount.Currency, customerShares));
        if (given.IsZero) return [.. customerShares.Select(_ => given)];
        return [.. Kernel.Values.Split.Largest(given.Minor, [.. customerShares.Select(share => share.Minor)]).Select(minor => new Money(minor, discount.Currency))];
    }

    /// <summary>Whether a final customer share needs to be accepted anew: more than a part, or more than an amount, above what was accepted.</summary>
    public static bool IsExceeded(Money accepted, Money final, EstimateTolerance tolerance) =>
        final - accepted is { IsPositive: true } more && (more > tolerance.Amount || more > accepted.Times(tolerance.Share, Rounding.Floor));

    /// <summary>The diagnostic fee that is billed: all of it when the estimate was declined or nothing could be done; when it was accepted, nothing is
    /// left of it.</summary>
    public static Money FeeBilled(Money fee, RepairOutcome outcome) => outcome == RepairOutcome.Accepted ? Money.Zero(fee.Currency) : fee;

    /// <summary>When planned visits are due: start + k × period, counted from the start, k from 1; from a closed day moved as the rule says.</summary>
    /// <param name="start">The day the plan begins.</param>
    /// <param name="every">The period; more than zero.</param>
    /// <param name="calendar">The working calendar of the branch.</param>
    /// <param name="rule">Where a closed day goes.</param>
    /// <param name="count">How many visits at most; null for no limit but the last day.</param>
    /// <param name="until">The last day that a visit may be due before it is moved; null for no limit but the count.</param>
    public static IReadOnlyList<DateOnly> PlannedDates(
        DateOnly start, Length every, WorkingCalendar calendar, BusinessDayRule rule = BusinessDayRule.Preceding, int? count = null, DateOnly? until = null)
    {
        Invariant.Holds(every.Amount > 0 && (count is not null || until is not null), "A plan has a period and an end.");
        var dates = new List<DateOnly>();
        for (var k = 1; count is null || k <= count; k++)
        {
            var due = Period.Boundary(start, k, every.Amount, every.Unit);
            if (due > until) break;
            dates.Add(calendar.Adjust(due, rule));
        }

        return dates;
    }

    /// <summary>Working minutes from the receipt until it is ready, pauses left out, seconds floored.</summary>
    public static int Turnaround(WorkingCalendar calendar, DateTimeOffset receivedAt, DateTimeOffset readyAt, IReadOnlyList<Pause> pauses) =>
        calendar.WorkingMinutesBetween(receivedAt, readyAt, pauses);

    /// <summary>The share of repairs after which the same serial did not come back with the same symptom within 30 days.</summary>
    /// <returns>Null without a repair.</returns>
    public static Ratio? FirstTimeFix(IEnumerable<RepairDone> repairs)
    {
        var (all, held) = (0, 0);
        foreach (var unit in repairs.GroupBy(repair => (repair.Serial, repair.Symptom)))
        {
            var days = unit.Select(repair => repair.On).Order().ToList();
            all += days.Count;
            held += days.Where((day, at) => at == days.Count - 1 || days[at + 1].DayNumber - day.DayNumber > HoldsDays).Count();
        }

        return all == 0 ? null : new Ratio(held, all);
    }
}
