using System.Globalization;
using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Ledger;

/// <summary>A month of the books.</summary>
/// <param name="Id">The month, such as <c>2026-03</c>.</param>
/// <param name="From">First day.</param>
/// <param name="To">First day after it.</param>
/// <param name="State">open; soft: only who holds the permission posts; closed: nobody does.</param>
/// <param name="ChangedAt">When it was last closed or reopened.</param>
/// <param name="ChangedBy">By whom.</param>
/// <param name="Version">Version; 0 while nobody has touched it.</param>
public sealed record PeriodView(string Id, DateOnly From, DateOnly To, string State, DateTimeOffset? ChangedAt, Guid? ChangedBy, long Version);

/// <summary>Closes months and opens them again. A month that nobody has touched is open.</summary>
public static class PeriodDesk
{
    /// <summary>Permissions and audit events name it.</summary>
    public const string Function = "kernel.ledger";

    private const int MostMonths = 600;

    /// <summary>The months from the first posting to the present one, the latest first.</summary>
    public static async Task<Result<MasterPage<PeriodView>>> List(Db db, DateOnly today, CancellationToken ct)
    {
        var first = db.Later($"select min(business_date) from ledger_transaction", row => row.DateOrNull(0));
        var known = db.Later($"select start_date, end_date, state, changed_at, changed_by, version from period", row => Read(row));
        await db.Flush(ct);
        var touched = known.Value.ToDictionary(period => period.From);
        var from = touched.Keys.Append(first.Value[0] ?? today).Append(today).Min();
        var to = touched.Keys.Append(today).Max();
        var months = new List<PeriodView>();
        for (var month = FirstOf(to); month >= FirstOf(from) && months.Count < MostMonths; month = month.AddMonths(-1))
            months.Add(touched.GetValueOrDefault(month) ?? Untouched(month));
        return new MasterPage<PeriodView>(months);
    }

    /// <summary>How a month stands: open, soft or closed.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="month">Its first day.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<string> StateOf(Db db, DateOnly month, CancellationToken ct = default) =>
        await db.First($"select state from period where start_date = {month}", row => row.Text(0), ct) ?? "open";

    /// <summary>Closes a month for all but those who may still post there.</summary>
    /// <returns>Refused with <c>PERIOD_UNKNOWN</c> or <c>PERIOD_STATE_NOT_ALLOWED</c>.</returns>
    public static Task<Result<PeriodView>> SoftClose(Tx tx, MasterDesk desk, string month, Stamp stamp, CancellationToken ct) =>
        Move(tx, desk, month, "soft", "soft-close", stamp, ct);

    /// <summary>Closes a month for everybody.</summary>
    /// <returns>Refused with <c>PERIOD_UNKNOWN</c>, <c>PERIOD_STATE_NOT_ALLOWED</c>, or <c>PERIOD_ORDER</c> when a month before it with postings is not closed.</returns>
    public static Task<Result<PeriodView>> Close(Tx tx, MasterDesk desk, string month, Stamp stamp, CancellationToken ct) =>
        Move(tx, desk, month, "closed", "close", stamp, ct);

    /// <summary>Opens a month again.</summary>
    /// <returns>Refused with <c>PERIOD_UNKNOWN</c>, <c>PERIOD_STATE_NOT_ALLOWED</c>, or <c>PERIOD_ORDER</c> when a month after it is closed.</returns>
    public static Task<Result<PeriodView>> Reopen(Tx tx, MasterDesk desk, string month, Stamp stamp, CancellationToken ct) =>
        Move(tx, desk, month, "open", "reopen", stamp, ct);

    private static async Task<Result<PeriodView>> Move(Tx tx, MasterDesk desk, string month, string state, string action, Stamp stamp, CancellationToken ct)
    {
        if (!DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) || start.Year is < 1900 or > 2999)
            return MasterRefusals.PeriodUnknown;
        // Months are closed one after the other: the stamp's row is the lock.
        await tx.Execute($"update config_stamp set stamp = stamp + 1 where area = 'accounts'", ct);
        await LedgerBook.HoldPostings(tx, ct);
        var before = await tx.First($"select start_date, end_date, state, changed_at, changed_by, version from period where start_date = {start}", row => Read(row), ct) ?? Untouched(start);
        var allowed = state switch { "soft" => before.State == "open", "closed" => before.State != "closed", _ => before.State != "open" };
        if (!allowed) return MasterRefusals.PeriodState;
        if (state == "closed" && await OpenBefore(tx, start, ct)) return MasterRefusals.PeriodOrder;
        if (state == "open" && await tx.Number($"select count(*) from period where start_date > {start} and state = 'closed'", ct) > 0) return MasterRefusals.PeriodOrder;

        var after = before with { State = state, ChangedAt = stamp.At, ChangedBy = stamp.Actor.UserId, Version = before.Version + 1 };
        tx.Stage($"""
            insert into period (start_date, end_date, state, changed_at, changed_by, version)
            values ({after.From}, {after.To}, {state}, {stamp.At}, {stamp.Actor.UserId}, {after.Version})
            on conflict (start_date) do update set state = excluded.state, changed_at = excluded.changed_at, changed_by = excluded.changed_by, version = excluded.version
            """);
        desk.Audit(tx, Function, action, "period", null, before, after, stamp);
        return after;
    }

    private static async Task<bool> OpenBefore(Tx tx, DateOnly start, CancellationToken ct)
    {
        var first = await tx.First($"select min(business_date) from ledger_transaction", row => row.DateOrNull(0), ct);
        if (first is not { } day || FirstOf(day) >= start) return false;
        var closed = await tx.Number($"select count(*) from period where start_date >= {FirstOf(day)} and start_date < {start} and state = 'closed'", ct);
        return closed < ((start.Year - day.Year) * 12) + start.Month - day.Month;
    }

    private static DateOnly FirstOf(DateOnly day) => new(day.Year, day.Month, 1);

    private static PeriodView Untouched(DateOnly start) => new(start.ToString("yyyy-MM", CultureInfo.InvariantCulture), start, start.AddMonths(1), "open", null, null, 0);

    private static PeriodView Read(Row row) => new(
        row.Date(0).ToString("yyyy-MM", CultureInfo.InvariantCulture), row.Date(0), row.Date(1), row.Text(2), row.InstantOrNull(3), row.GuidOrNull(4), row.Long(5));
}
