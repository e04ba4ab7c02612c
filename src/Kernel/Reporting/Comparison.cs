using System.Globalization;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>The range that a report is compared with, and how its days, weeks and months meet those of the report.</summary>
/// <remarks>
/// Every day of the other range is counted once: 29 February meets the 28th of a year that has none, and what lies beyond the report's
/// own range (the 29th to 31st of January beside February) stands in a row of its own. So the rows of the other range sum to its total.
/// </remarks>
internal sealed record Comparison
{
    /// <summary>The bucket of what has nothing to be set against.</summary>
    public static readonly DateOnly Beyond = new(9999, 12, 31);

    private readonly string? bucket;
    private readonly DateOnly firstStart, lastStart;
    private readonly (int Count, bool Months) shift;

    private Comparison(string kind, string? bucket, DateOnly from, DateOnly to, DateOnly otherFrom, DateOnly otherTo)
    {
        this.bucket = bucket;
        (From, To) = (otherFrom, otherTo);
        if (bucket is null) return;
        (firstStart, lastStart) = (Buckets.Of(bucket, from).From, Buckets.Of(bucket, to).From);
        var otherStart = Buckets.Of(bucket, otherFrom).From;
        shift = (kind, bucket) switch
        {
            ("year", "week") => (364, false),
            ("year", _) => (12, true),
            (_, "month") => (((firstStart.Year - otherStart.Year) * 12) + firstStart.Month - otherStart.Month, true),
            _ => (firstStart.DayNumber - otherStart.DayNumber, false),
        };
    }

    /// <summary>First day.</summary>
    public DateOnly From { get; }

    /// <summary>Last day, included.</summary>
    public DateOnly To { get; }

    /// <summary>The comparison that a request asks for, or null.</summary>
    /// <returns>Refused with <c>RANGE_INVALID</c> when the chosen range is none.</returns>
    public static Result<Comparison?> Of(ReportRequest request, string? bucket, DateOnly from, DateOnly to)
    {
        if (string.IsNullOrEmpty(request.Compare)) return Result.Of<Comparison?>(null);
        var other = request.Compare == "chosen" ? (From: request.CompareFrom ?? from, To: request.CompareTo ?? to) : Buckets.Compared(request.Compare, bucket, from, to);
        if (request.Compare == "chosen" && (request.CompareFrom is null || request.CompareTo is null || other.To < other.From || other.To.DayNumber - other.From.DayNumber > FactQuery.LongestDays))
            return Refusals.RangeInvalid() with { At = "/compareFrom" };
        return Result.Of<Comparison?>(new Comparison(request.Compare, bucket, from, to, other.From, other.To));
    }

    /// <summary>The report's bucket that one of the other range is set against, as SQL.</summary>
    public Sql Met(Engine engine, string start)
    {
        var moved = Moved(engine, start);
        return engine == Engine.Postgres
            ? (Sql)$"case when {Sql.Raw(moved)} > {lastStart} then date '9999-12-31' when {Sql.Raw(moved)} < {firstStart} then {firstStart} else {Sql.Raw(moved)} end"
            : $"case when {Sql.Raw(moved)} > {lastStart} then '9999-12-31' when {Sql.Raw(moved)} < {firstStart} then {firstStart} else {Sql.Raw(moved)} end";
    }

    /// <summary>The days of the other range that stand against a bucket; null when there are none.</summary>
    public (DateOnly From, DateOnly To)? Days(DateOnly start)
    {
        if (start == Beyond) return Within(Back(Buckets.Of(bucket!, lastStart).To), To);
        var first = start == firstStart ? From : Back(start);
        // The day before the one that the next bucket begins with: so 28 February of a short year has both days of a long one.
        var next = Buckets.Of(bucket!, start).To;
        if (shift.Months && bucket == "day" && Back(next) == Back(start)) return Within(first, Back(start));
        if (shift.Months && bucket == "day" && start != firstStart && Back(start) == Back(start.AddDays(-1))) return null;
        return Within(first, Back(next).AddDays(-1));
    }

    private (DateOnly From, DateOnly To)? Within(DateOnly first, DateOnly last)
    {
        var (from, to) = (first < From ? From : first, last > To ? To : last);
        return from <= to ? (from, to) : null;
    }

    private DateOnly Back(DateOnly start) => shift.Months ? start.AddMonths(-shift.Count) : start.AddDays(-shift.Count);

    // SQLite lets 29 February run over into March; PostgreSQL, and so we, take the 28th.
    private string Moved(Engine engine, string start)
    {
        var by = shift.Count.ToString("+0;-0;+0", CultureInfo.InvariantCulture);
        if (engine == Engine.Postgres) return shift.Months ? $"({start} + interval '{by} months')::date" : $"({start} + ({by}))";
        if (!shift.Months) return $"date({start}, '{by} days')";
        var moved = $"date({start}, '{by} months')";
        return bucket == "day" ? $"case when substr({start}, 6) = '02-29' then date({start}, '-1 day', '{by} months') else {moved} end" : moved;
    }
}

/// <summary>How far a figure is from the one it is compared with.</summary>
public static class FigureChange
{
    /// <summary>The difference, in the figure's own unit; null when either is not there.</summary>
    public static long? Difference(object? now, object? before) => now is long here && before is long there ? checked(here - there) : null;

    /// <summary>The difference as a share of the other's amount, in millionths of one, rounded half away from zero; null over zero.</summary>
    /// <remarks>From -200 to -100 is +50 %: the share is of 200. From 3 to 4 is 0.333333.</remarks>
    public static long? Rate(object? now, object? before)
    {
        if (now is not long here || before is not long there || there == 0) return null;
        var share = Rounding.Divide(((Int128)here - there) * 1_000_000, there < 0 ? -(Int128)there : there, Rounding.HalfAwayFromZero);
        return share >= long.MinValue && share <= long.MaxValue ? (long)share : null;
    }
}
