using System.Globalization;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>Reads who is in segments.</summary>
internal sealed class Membership(Database database, OrganisationBook organisation) : ISegments
{
    private const int MostChanges = 500;
    private static readonly DateOnly Earliest = new(1990, 1, 1);

    public async Task<bool> IsMember(Db db, string segment, Guid party, DateTimeOffset at, CancellationToken ct = default) => await db.Number($"""
        select count(*) from segment s join segment_member m on m.segment_id = s.id where s.code = {segment} and m.party_id = {party} and m.from_at <= {at} and (m.to_at is null or m.to_at > {at})
        """, ct) > 0;

    public async Task<IReadOnlyList<Guid>> MembersAsOf(Db db, string segment, DateTimeOffset at, CancellationToken ct = default) => await db.Query($"""
        select m.party_id from segment s join segment_member m on m.segment_id = s.id where s.code = {segment} and m.from_at <= {at} and (m.to_at is null or m.to_at > {at}) order by m.party_id
        """, row => row.Guid(0), ct);

    /// <summary>A page of the members at the end of a day; of today, now.</summary>
    /// <param name="stamp">Who asks and where.</param>
    /// <param name="id">Any version of the segment.</param>
    /// <param name="asOf">The day; today when left out.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Only parties after this one.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<Result<MembersAnswer>> Members(Stamp stamp, Guid id, DateOnly? asOf, int limit, Guid? after, CancellationToken ct = default)
    {
        var day = asOf ?? stamp.BusinessDate;
        if (day < Earliest || day > stamp.BusinessDate) return SegmentRefusals.DayInvalid("/asOf");
        var at = await EndOf(stamp, day, ct);
        return await database.Read(async db =>
        {
            if (await SegmentTables.SegmentOf(db, id, ct) is not { } segment) return SegmentRefusals.SegmentUnknown;
            Sql then = $"m.segment_id = {segment} and m.from_at <= {at} and (m.to_at is null or m.to_at > {at})";
            Sql later = after is { } last ? $" and m.party_id > {last}" : Sql.Raw("");
            var count = db.Later($"select count(*) from segment_member m where {then}", row => row.Long(0));
            var rows = db.Later($"select m.party_id, p.number, p.name, m.from_at from segment_member m join party p on p.id = m.party_id where {then}{later} order by m.party_id limit {limit + 1}",
                row => new MemberItem(row.Guid(0), row.Text(1), row.Text(2), row.Instant(3)));
            await db.Flush(ct);
            var more = rows.Value.Count > limit;
            var items = more ? rows.Value.GetRange(0, limit) : rows.Value;
            return Result.Of(new MembersAnswer(day, count.Value[0], items, more ? items[^1].PartyId.ToString("D", CultureInfo.InvariantCulture) : null));
        }, ct);
    }

    /// <summary>Who came and who left on some days.</summary>
    public async Task<Result<ChangesAnswer>> Changes(Stamp stamp, Guid id, DateOnly? from, DateOnly? to, CancellationToken ct = default)
    {
        var last = to ?? stamp.BusinessDate;
        if (last < Earliest || last > stamp.BusinessDate) return SegmentRefusals.DayInvalid("/to");
        var first = from ?? last.AddDays(-30);
        if (first < Earliest || first > last) return SegmentRefusals.DayInvalid("/from");
        var (start, end) = (await EndOf(stamp, first.AddDays(-1), ct), await EndOf(stamp, last, ct));
        return await database.Read(async db =>
        {
            if (await SegmentTables.SegmentOf(db, id, ct) is not { } segment) return SegmentRefusals.SegmentUnknown;
            Sql changes = $"""
                select m.party_id, 'entered' as change, m.from_at as at from segment_member m where m.segment_id = {segment} and m.from_at > {start} and m.from_at <= {end}
                union all select m.party_id, 'left', m.to_at from segment_member m where m.segment_id = {segment} and m.to_at > {start} and m.to_at <= {end}
                """;
            var counts = db.Later($"select count(case when c.change = 'entered' then 1 end), count(case when c.change = 'left' then 1 end) from ({changes}) c", row => (In: row.Long(0), Out: row.Long(1)));
            var rows = db.Later($"select c.party_id, p.number, p.name, c.change, c.at from ({changes}) c join party p on p.id = c.party_id order by c.at desc, c.change, c.party_id limit {MostChanges}",
                row => new ChangeItem(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Instant(4)));
            await db.Flush(ct);
            return Result.Of(new ChangesAnswer(counts.Value[0].In, counts.Value[0].Out, rows.Value));
        }, ct);
    }

    /// <summary>The last instant of a day at the branch; of a day that is not over, now.</summary>
    private async Task<DateTimeOffset> EndOf(Stamp stamp, DateOnly day, CancellationToken ct)
    {
        var zone = (await organisation.Get(ct)).Branch(stamp.BranchId).Zone;
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(30);
        return Dialect.Micro(new DateTimeOffset(midnight, zone.GetUtcOffset(midnight))).AddMicroseconds(-1);
    }
}
