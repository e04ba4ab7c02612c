using System.Globalization;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
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

/// <summary>What moves a month: the words of the addresses and of the audit trail.</summary>
public static class PeriodStep
{
    /// <summary>Closes it for all but those who may still post there.</summary>
    public const string SoftClose = "soft-close";

    /// <summary>Closes it for everybody.</summary>
    public const string Close = "close";

    /// <summary>Opens it again.</summary>
    public const string Reopen = "reopen";
}

/// <summary>Why a month is opened again.</summary>
/// <param name="Reason">In words, one line of at most 500 characters; the audit trail keeps it.</param>
public sealed record ReopenRequest(string? Reason = null);

/// <summary>Closes months and opens them again. A month that nobody has touched is open.</summary>
public sealed class PeriodDesk(MasterDesk desk, PeriodChecks checks, Database database, IEnumerable<IPeriodGuard> guards)
{
    /// <summary>Permissions and audit events name it.</summary>
    public const string Function = "kernel.ledger";

    private const int MostMonths = 600;
    private const int LongestReason = 500;

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

    /// <summary>What must be seen before a month is closed.</summary>
    /// <returns>Refused with <c>PERMISSION_DENIED</c>, <c>PERIOD_UNKNOWN</c> or <c>CHOICE_INVALID</c>.</returns>
    public Task<Result<PeriodChecksView>> Checks(CommandCall call, string month, string? step, DateOnly today, CancellationToken ct = default) =>
        desk.Read<PeriodChecksView>(call, Function, async db =>
        {
            if (Start(month) is not { } start) return MasterRefusals.PeriodUnknown;
            if (Check.OneOf(step, "/step", PeriodStep.SoftClose, PeriodStep.Close) is { } no) return no;
            var closing = new ClosingMonth(start, start.AddMonths(1), today, ForGood: step != PeriodStep.SoftClose);
            IReadOnlyList<PeriodCheck> all = [.. await checks.Quick(db, closing, ct), await checks.Ledger(db, closing, ct)];
            return new PeriodChecksView(month, step ?? PeriodStep.Close, all.All(check => check.State != "blocking"), all);
        }, ct);

    /// <summary>Moves a month.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="month">The month, such as <c>2026-03</c>.</param>
    /// <param name="step">One of <see cref="PeriodStep"/>.</param>
    /// <param name="reason">Why it is opened again; nothing is asked for a close.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused as <see cref="Within"/> is.</returns>
    public async Task<Result<Answer>> Move(CommandCall call, string month, string step, string? reason = null, CancellationToken ct = default)
    {
        // All entries are read before the transaction: that one holds up every posting.
        var ledger = step == PeriodStep.Close && Start(month) is { } start && call.Actor.May($"{Function}.configure", call.BranchId)
            ? await database.Read(db => checks.Ledger(db, new ClosingMonth(start, start.AddMonths(1), start, ForGood: true), ct), ct) : null;
        return await desk.Run(call, Function, "configure", (tx, stamp) => Within(tx, stamp, month, step, reason, ledger, ct), ct);
    }

    /// <summary>Moves a month in the caller's transaction.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="stamp">Who and when.</param>
    /// <param name="month">The month.</param>
    /// <param name="step">One of <see cref="PeriodStep"/>.</param>
    /// <param name="reason">Why it is opened again.</param>
    /// <param name="ledger">What <see cref="PeriodChecks.Ledger"/> found just before; null when nobody looked.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>
    /// Refused with <c>PERIOD_UNKNOWN</c>, <c>REASON_REQUIRED</c>, <c>TEXT_INVALID</c>, <c>PERIOD_STATE_NOT_ALLOWED</c>, <c>PERIOD_ORDER</c> when a month with postings
    /// before it is open or one after it is closed, <c>PERIOD_NOT_READY</c> while a check blocks it, or by what a module guards.
    /// </returns>
    public async Task<Result<PeriodView>> Within(Tx tx, Stamp stamp, string month, string step, string? reason, PeriodCheck? ledger, CancellationToken ct = default)
    {
        if (Start(month) is not { } start) return MasterRefusals.PeriodUnknown;
        if (step == PeriodStep.Reopen && MissingReason(reason) is { } missing) return missing;
        // Months are closed one after the other: the stamp's row is the lock.
        await tx.Execute($"update config_stamp set stamp = stamp + 1 where area = 'accounts'", ct);
        await LedgerBook.HoldPostings(tx, ct);
        var before = await tx.First($"select start_date, end_date, state, changed_at, changed_by, version from period where start_date = {start}", row => Read(row), ct) ?? Untouched(start);
        if (await MayMove(tx, stamp, before, step, ledger, ct) is { } no) return no;

        var state = step switch { PeriodStep.SoftClose => "soft", PeriodStep.Close => "closed", _ => "open" };
        var after = before with { State = state, ChangedAt = stamp.At, ChangedBy = stamp.Actor.UserId, Version = before.Version + 1 };
        tx.Stage($"""
            insert into period (start_date, end_date, state, changed_at, changed_by, version)
            values ({after.From}, {after.To}, {state}, {stamp.At}, {stamp.Actor.UserId}, {after.Version})
            on conflict (start_date) do update set state = excluded.state, changed_at = excluded.changed_at, changed_by = excluded.changed_by, version = excluded.version
            """);
        desk.Audit(tx, Function, step, "period", null, before, after, stamp, step == PeriodStep.Reopen ? reason : null);
        return after;
    }

    private async Task<Refusal?> MayMove(Tx tx, Stamp stamp, PeriodView month, string step, PeriodCheck? ledger, CancellationToken ct)
    {
        var allowed = step switch { PeriodStep.SoftClose => month.State == "open", PeriodStep.Close => month.State != "closed", _ => month.State != "open" };
        if (!allowed) return MasterRefusals.PeriodState;
        if (step == PeriodStep.Reopen)
        {
            if (await tx.Number($"select count(*) from period where start_date > {month.From} and state = 'closed'", ct) > 0) return MasterRefusals.PeriodOrder;
            foreach (var guard in guards)
                if (await guard.MayReopen(tx, month.From, ct) is { } no) return no;
            return null;
        }

        var found = await checks.Quick(tx, new ClosingMonth(month.From, month.To, stamp.BusinessDate, step == PeriodStep.Close), ct);
        var blocking = (ledger is null ? found : [.. found, ledger]).Where(check => check.State == "blocking").ToList();
        return blocking.Count == 0 ? null : blocking.Any(check => check.Code == PeriodChecks.Earlier) ? MasterRefusals.PeriodOrder : MasterRefusals.PeriodNotReady(blocking.Select(check => check.Text));
    }

    private static Refusal? MissingReason(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? Reasons.InWords : Check.Text(reason, "/reason", LongestReason);

    private static DateOnly? Start(string month) =>
        DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) && start.Year is >= 1900 and <= 2999 ? start : null;

    private static DateOnly FirstOf(DateOnly day) => new(day.Year, day.Month, 1);

    private static PeriodView Untouched(DateOnly start) => new(start.ToString("yyyy-MM", CultureInfo.InvariantCulture), start, start.AddMonths(1), "open", null, null, 0);

    private static PeriodView Read(Row row) => new(
        row.Date(0).ToString("yyyy-MM", CultureInfo.InvariantCulture), row.Date(0), row.Date(1), row.Text(2), row.InstantOrNull(3), row.GuidOrNull(4), row.Long(5));
}
