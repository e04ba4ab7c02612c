using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>What a named report was narrowed to, as SQL.</summary>
/// <remarks>A filter that is no id matches nothing: a named report has no refusal of its own.</remarks>
internal static class ReportScope
{
    /// <summary>Posted sales, returns and mirrors of the range: conditions on the document <c>d</c>.</summary>
    public static Sql Booked(ReportCall call) => Sql.Join(" and ",
    [
        $"d.function = {PointOfSaleFunction.FunctionCode} and d.business_date >= {call.From} and d.business_date <= {call.To} and d.kind in ('sale', 'return') and d.posted_at is not null",
        Of(call, "d.posted_by"),
    ]);

    /// <summary>Branches and filters on the document <c>d</c> of a sale; the range is not in it.</summary>
    /// <param name="call">What was asked.</param>
    /// <param name="user">The column that holds the cashier; null when the user is not asked here.</param>
    public static Sql Of(ReportCall call, string? user)
    {
        var tests = new List<Sql> { $"d.branch_id {Sql.List(call.Branches)}" };
        if (user is not null && Ids(call, "user") is { } users) tests.Add($"{Sql.Raw(user)} {users}");
        if (Ids(call, "shift") is { } shifts) tests.Add($"d.session_id {shifts}");
        if (Ids(call, "party") is { } parties) tests.Add($"d.party_id {parties}");
        if (Texts(call, "channel") is { } channels) tests.Add($"d.source_channel {channels}");
        if (Ids(call, "category") is { } categories) tests.Add($"exists (select 1 from pos_sale_line l where l.document_id = d.id and l.category_id {categories})");
        if (Ids(call, "item") is { } items) tests.Add($"exists (select 1 from pos_sale_line l where l.document_id = d.id and l.item_id {items})");
        return Sql.Join(" and ", tests);
    }

    /// <summary>Branches, users, shifts and channels on rows of <see cref="SaleSums"/>.</summary>
    public static Sql OfSums(ReportCall call, bool ofUser)
    {
        var tests = new List<Sql> { $"branch_id {Sql.List(call.Branches)}" };
        if (ofUser && Ids(call, "user") is { } users) tests.Add($"user_id {users}");
        if (call.Filters.TryGetValue("shift", out var shifts)) tests.Add($"session_id {Sql.List(Parts(shifts).Select(part => Guid.TryParse(part, out var id) ? id.ToString("D") : null).OfType<string>())}");
        if (Texts(call, "channel") is { } channels) tests.Add($"channel {channels}");
        return Sql.Join(" and ", tests);
    }

    /// <summary>The ids of a filter, or null when it was not given.</summary>
    public static Members? Ids(ReportCall call, string filter) =>
        call.Filters.TryGetValue(filter, out var text) ? Sql.List(Parts(text).Select(part => Guid.TryParse(part, out var id) ? id : (Guid?)null).OfType<Guid>()) : null;

    /// <summary>Shifts that were opened on a business day of the range, in the time of their branch: a condition on <c>w</c>.</summary>
    /// <remarks>An instant has no business day in SQL, so each time zone's range is worked out here; the index by branch and opening serves it.</remarks>
    public static async Task<Sql> OpenedInRange(ReportCall call, CancellationToken ct)
    {
        var zones = await call.Db.Query($"select id, time_zone from branch where id {Sql.List(call.Branches)}", row => (Branch: row.Guid(0), Zone: row.Text(1)), ct);
        if (zones.Count == 0) return Sql.Raw("1 = 0");
        var ranges = zones.GroupBy(branch => branch.Zone, branch => branch.Branch).Select(group =>
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(group.Key);
            return (Sql)$"(w.branch_id {Sql.List(group)} and w.opened_at >= {StartOf(call.From, zone)} and w.opened_at < {StartOf(call.To.AddDays(1), zone)})";
        });
        return $"w.kind = 'shift' and ({Sql.Join(" or ", ranges)})";
    }

    /// <summary>A ratio with as many decimals as the eye wants; null over zero.</summary>
    /// <param name="part">The numerator.</param>
    /// <param name="whole">The denominator, of the same unit.</param>
    /// <param name="decimals">Decimals kept, at most 6; half away from zero, once: 2 over 3 with 4 decimals is 0.6667.</param>
    /// <returns>Millionths.</returns>
    public static long? Ratio(Int128 part, Int128 whole, int decimals)
    {
        if (whole == 0) return null;
        var step = 1L;
        for (var at = decimals; at < 6; at++) step *= 10;
        return checked(Rounding.DivideToLong(part * (1_000_000 / step), whole, Rounding.HalfAwayFromZero) * step);
    }

    /// <summary>The exact sum of a column of an answer.</summary>
    public static long Sum(IEnumerable<object?[]> rows, int column) => rows.Aggregate(0L, (sum, row) => checked(sum + ((long?)row[column] ?? 0)));

    private static Members? Texts(ReportCall call, string filter) => call.Filters.TryGetValue(filter, out var text) ? Sql.List(Parts(text)) : null;

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The first instant of a day; where midnight is skipped by summer time, the first one that there is.</summary>
    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
