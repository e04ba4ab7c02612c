using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Typed data of a run.</summary>
internal sealed record RunData(string Kind, DateOnly On);

/// <summary>What a run did to all members at once.</summary>
internal sealed class LoyaltyRun(Header header, RunData data, LoyaltyFunction function) : Document(header)
{
    public const string Expire = "expire", ReleasePending = "release-pending", TierReview = "tier-review", Revenue = "revenue";

    public override string Snapshot => Snapshots.Of(new { Header.Number, Header.Status, Header.Total, data.Kind, data.On });

    public override Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct) => throw new InvariantBrokenException("A run is written posted.");

    /// <summary>Only the last of its kind.</summary>
    public override async Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (Header.ReversalOf is not null) return LoyaltyRefusals.MirrorNotReversed;
        if (data.Kind is ReleasePending or TierReview) return LoyaltyRefusals.RunStands;
        var ids = await tx.Query($"select distinct member_id from loyalty_movement where document_id = {Header.Id}", row => row.Guid(0), ct);
        Members.ById(tx, ids, locked: true);
        return await tx.Number($"select count(*) from loyalty_run where run_kind = {data.Kind} and run_on > {data.On} and active", ct) > 0 ? LoyaltyRefusals.RunNotLast : Result.Done;
    }

    public override async Task<Result> Reversed(Tx tx, Header mirror, Stamp stamp, CancellationToken ct)
    {
        tx.Stage($"update loyalty_run set active = {false} where document_id = {Header.Id}");
        await Undoing.Run(tx, function.Ledger, stamp, Header.Id, mirror.Id, function.Clock, ct);
        return Result.Done;
    }
}

/// <summary>Runs over all members: points lapse, wait no longer, tiers are reviewed, revenue is recognised. Each is one document, once a day or month.</summary>
/// <remarks>Several nodes may run it: the database takes one run of a kind and day.</remarks>
internal sealed class LoyaltyRuns(CommandRunner runner, Database database, OrganisationBook organisation, LoyaltyFunction function)
{
    private static readonly Table RunTable = new("loyalty_run", ("document_id", Kind.Id), ("run_kind", Kind.Text), ("run_on", Kind.Date), ("done", Kind.Long), ("active", Kind.Bool));

    /// <summary>Runs as a command of its own.</summary>
    public Task<Result<Answer>> Run(CommandCall call, string kind, RunRequest? request, CancellationToken ct = default) =>
        runner.Run(call, function.Code, "run", 201, (tx, stamp) => Within(tx, stamp, kind, request?.Month, ct), ct);

    /// <summary>Runs inside a transaction that is open already.</summary>
    public async Task<Result<RunAnswer>> Within(Tx tx, Stamp stamp, string kind, DateOnly? month, CancellationToken ct = default)
    {
        if (kind is not (LoyaltyRun.Expire or LoyaltyRun.ReleasePending or LoyaltyRun.TierReview or LoyaltyRun.Revenue)) return LoyaltyRefusals.RunKind;
        var on = stamp.BusinessDate;
        if (kind == LoyaltyRun.Revenue)
        {
            var day = month ?? stamp.BusinessDate.AddMonths(-1);
            on = new DateOnly(day.Year, day.Month, 1);
            if (on > stamp.BusinessDate || on.Year < 1990) return LoyaltyRefusals.RunMonth;
        }

        var period = LedgerBook.PeriodState(tx, stamp.BusinessDate);
        var earlier = tx.Later($"select run_on from loyalty_run where run_kind = {kind} and active and run_on >= {on}", row => row.Date(0));
        await tx.Flush(ct);
        if (LedgerBook.MayPost(period, stamp, stamp.BusinessDate) is { Refusal: { } closed }) return closed;
        if (earlier.Value.Contains(on)) return LoyaltyRefusals.RunExists;
        if (earlier.Value.Count > 0) return LoyaltyRefusals.RunMonth;

        var currency = await function.Currency(ct);
        var header = Header.Draft(Ids.New(runner.Clock), function.Code, LoyaltyFunction.RunKind, stamp, currency.Code);
        var posting = new Posting(header.Id, stamp.BusinessDate, kind);
        var (done, points) = kind switch
        {
            LoyaltyRun.Expire => await Lapse(tx, stamp, posting, ct),
            LoyaltyRun.ReleasePending => await Release(tx, stamp, posting, ct),
            LoyaltyRun.TierReview => (await Review(tx, stamp, currency, ct), Quantity.Zero),
            _ => (await Recognise(tx, stamp, header, posting, on, currency, ct), Quantity.Zero),
        };
        if (posting.Lines.Count > 0) await function.Ledger.Post(tx, posting, stamp, null, ct);
        foreach (var status in new[] { Status.Submitted, Status.Approved, Status.Posted }) header.MoveTo(status, stamp);
        header.Number = await Numbers.Draw(tx, $"{function.Code}/run/{stamp.BusinessDate:yyyy}", $"RUN-{stamp.BusinessDate:yyyy}-", ct: ct);
        Headers.Insert(tx, header);
        tx.Insert(RunTable, [[header.Id, kind, on, done, true]]);
        Facts.Stage(tx, stamp, new Fact { Document = header, Event = Status.Posted, Quantity = 0, M2 = kind == LoyaltyRun.Expire ? points.Millionths : 0, M4 = header.Total });
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "run", header.Kind, header.Id, After: Snapshots.Of(new { header.Number, kind, on, done, points, header.Total })), runner.Clock);
        return new RunAnswer(header.Id, header.Number, kind, on, done, points.ToString(), new Money(header.Total, currency).ToString());
    }

    /// <summary>Lapses and releases what is due, by the clock of the first branch.</summary>
    /// <returns>How many lots.</returns>
    public async Task<long> Daily(CancellationToken ct = default)
    {
        var view = await organisation.Get(ct);
        if (view.Branches.Count == 0) return 0;
        var stamp = await runner.StampOf(new CommandCall(Actor.System, view.Branches[0].Id), ct);
        long all = 0;
        foreach (var kind in (string[])[LoyaltyRun.ReleasePending, LoyaltyRun.Expire])
        {
            var due = kind == LoyaltyRun.Expire
                ? await database.Read(db => db.Number($"select count(*) from loyalty_lot where points_left > 0 and not pending and expires_on < {stamp.BusinessDate}", ct), ct)
                : await database.Read(db => db.Number($"select count(*) from loyalty_lot where pending and usable_on <= {stamp.BusinessDate}", ct), ct);
            if (due == 0) continue;
            try
            {
                var run = await database.Write(tx => Within(tx, stamp, kind, null, ct), ct);
                if (!run.IsRefused) all += run.Value.Done;
            }
            catch (Exception failure) when (Dialect.IsUniqueViolation(failure))
            {
                // Another node was faster.
            }
        }

        return all;
    }

    private static async Task<List<(Guid Member, string Programme, Guid Lot, long Left)>> Due(Tx tx, Sql which, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres)
            tx.Later($"select m.id from loyalty_member m where m.id in (select l.member_id from loyalty_lot l where {which}) order by m.id for update of m", row => row.Guid(0));
        var due = tx.Later($"select l.member_id, m.programme, l.id, l.points_left from loyalty_lot l join loyalty_member m on m.id = l.member_id where {which} order by l.member_id, l.id",
            row => (row.Guid(0), row.Text(1), row.Guid(2), row.Long(3)));
        await tx.Flush(ct);
        return due.Value;
    }

    private async Task<(long Done, Quantity Points)> Lapse(Tx tx, Stamp stamp, Posting posting, CancellationToken ct)
    {
        var due = await Due(tx, $"l.points_left > 0 and not l.pending and l.expires_on < {stamp.BusinessDate}", ct);
        foreach (var member in due.GroupBy(lot => (lot.Member, lot.Programme)))
        {
            var points = member.Sum(lot => lot.Left);
            posting.Debit(LoyaltyAccounts.Of(LoyaltyAccounts.Expired, member.Key.Programme), points).Credit(LoyaltyAccounts.Of(member.Key.Programme, member.Key.Member), points);
        }

        tx.Insert(Movement.Table, [.. due.Select(lot => new object?[] { Ids.New(runner.Clock), lot.Member, lot.Lot, posting.DocumentId, Movement.Expire, -lot.Left, stamp.BusinessDate })]);
        tx.Stage($"update loyalty_lot set points_left = 0 where id {Sql.List(due.Select(lot => lot.Lot))}");
        return (due.Count, new Quantity(due.Sum(lot => lot.Left)));
    }

    private async Task<(long Done, Quantity Points)> Release(Tx tx, Stamp stamp, Posting posting, CancellationToken ct)
    {
        var due = await Due(tx, $"l.pending and l.usable_on <= {stamp.BusinessDate}", ct);
        var ids = due.Select(lot => lot.Member).Distinct().ToList();
        var (members, lots) = (Members.ById(tx, ids, locked: true), Members.LotsOf(tx, ids, Guid.Empty));
        await tx.Flush(ct);
        foreach (var row in members.Value)
        {
            var member = new MemberPoints(row.Id, row.Programme, row.Debt, lots.Value.Where(lot => lot.Member == row.Id).Select(lot => lot.Lot), runner.Clock);
            var mine = due.Where(lot => lot.Member == row.Id && lot.Left > 0).ToList();
            foreach (var lot in mine) member.Release(lot.Lot);
            member.Save(tx, posting.DocumentId, stamp.BusinessDate);
            var points = mine.Sum(lot => lot.Left);
            posting.Debit(LoyaltyAccounts.Of(row.Programme, row.Id), points).Credit(LoyaltyAccounts.Of(row.Programme, row.Id, pending: true), points);
        }

        tx.Stage($"update loyalty_lot set pending = {false} where id {Sql.List(due.Select(lot => lot.Lot))}");
        return (due.Count, new Quantity(due.Sum(lot => lot.Left)));
    }

    /// <summary>Up at once, down where the term is over.</summary>
    private static async Task<long> Review(Tx tx, Stamp stamp, Currency currency, CancellationToken ct)
    {
        var programmes = await tx.Query($"select code, terms from loyalty_programme where active", row => (Code: row.Text(0), Terms: ProgrammeTerms.Of(row.Text(1), currency)), ct);
        long changed = 0;
        foreach (var (code, terms) in programmes.Where(programme => programme.Terms.Tiers.Count > 0))
        {
            var members = tx.Later($"select id, tier, tier_until from loyalty_member where programme = {code} and active{Dialect.ForUpdate(tx.Engine)}", row => (Id: row.Guid(0), Tier: row.TextOrNull(1), Until: row.DateOrNull(2)));
            var days = tx.Later($"""
                select s.member_id, s.business_date, {Sql.Raw(Dialect.SumLong(tx.Engine, "s.eligible"))}, {Sql.Raw(Dialect.SumLong(tx.Engine, "s.earned"))} from loyalty_sale s join loyalty_member m on m.id = s.member_id
                where m.programme = {code} and m.active group by s.member_id, s.business_date
                """, row => (Member: row.Guid(0), Day: row.Date(1), Eligible: row.Long(2), Earned: row.Long(3)));
            await tx.Flush(ct);
            var byMember = days.Value.ToLookup(day => day.Member, day => (day.Day, day.Eligible, day.Earned));
            foreach (var member in members.Value)
            {
                var held = LoyaltyVisit.Held(terms, member.Tier, member.Until);
                var next = Tiers.Review(terms.Tiers, tier => LoyaltyVisit.Measured(byMember[member.Id], tier, stamp.BusinessDate, Money.Zero(currency), Quantity.Zero), held, null, stamp.BusinessDate);
                if (next == held) continue;
                changed++;
                tx.Stage($"update loyalty_member set tier = {(next is null ? null : terms.Tiers[next.Tier].Code)}, tier_until = {next?.ValidUntil} where id = {member.Id}");
            }
        }

        return changed;
    }

    /// <summary>Recognises by cohort what the points used and lapsed until the end of a month, or today, stand for.</summary>
    private static async Task<long> Recognise(Tx tx, Stamp stamp, Header header, Posting posting, DateOnly month, Currency currency, CancellationToken ct)
    {
        var last = month.AddMonths(1).AddDays(-1);
        var cohorts = await Cohorts.Read(tx, last, ct);
        long changed = 0;
        foreach (var cohort in cohorts.Where(cohort => cohort.Deferred != 0 || cohort.Recognised != 0))
        {
            var target = new PointCohort(new Money(cohort.Deferred, currency), cohort.Issued, cohort.Redeemed, cohort.Expired);
            var release = Deferral.Release(target, cohort.Breakage, new Money(cohort.Recognised, currency));
            if (release.IsZero) continue;
            changed++;
            posting.Debit(LoyaltyAccounts.Cohort(currency.Code, cohort.Programme, cohort.Month), release).Credit(new AccountKey(LoyaltyAccounts.Release, currency.Code, cohort.Programme, stamp.BranchId), release);
            LoyaltyTables.Defer(tx, posting.DocumentId, cohort.Programme, cohort.Month, "recognised", release.Minor);
            header.Total = checked(header.Total + release.Minor);
        }

        return changed;
    }
}

/// <summary>The points of a programme that were given in one month, with the revenue behind them.</summary>
internal sealed record Cohort(string Programme, DateOnly Month, Quantity Issued, Quantity Redeemed, Quantity Expired, long Deferred, long Recognised, Rate Breakage)
{
    public Quantity Outstanding => Issued - Redeemed - Expired;
}

/// <summary>Reads cohorts from the movements of lots: given less taken back, used less given back (a debt that is filled was used before), lapsed.</summary>
internal static class Cohorts
{
    public static async Task<IReadOnlyList<Cohort>> Read(Db db, DateOnly until, CancellationToken ct)
    {
        Sql Month(string column) => Sql.Raw(db.Engine == Engine.Postgres ? $"date_trunc('month', {column}::timestamp)::date" : $"date({column}, 'start of month')");
        Sql Sum(string expression) => Sql.Raw(Dialect.SumLong(db.Engine, expression));
        var points = db.Later($"""
            select m.programme, {Month("l.issued_on")} as cohort, {Sum("case when v.kind in ('earn', 'adjust', 'transfer', 'claw-back') then v.points else 0 end")},
              {Sum("case when v.kind in ('redeem', 'restore', 'debt') then -v.points else 0 end")}, {Sum("case when v.kind = 'expire' then -v.points else 0 end")}
            from loyalty_movement v join loyalty_lot l on l.id = v.lot_id join loyalty_member m on m.id = l.member_id where v.business_date <= {until} group by m.programme, {Month("l.issued_on")}
            """, row => (Programme: row.Text(0), Month: row.Date(1), Issued: row.Long(2), Redeemed: row.Long(3), Expired: row.Long(4)));
        var money = db.Later($"""
            select programme, cohort, {Sum("case when kind = 'deferred' then amount else 0 end")}, {Sum("case when kind = 'recognised' then amount else 0 end")} from loyalty_deferral where cohort <= {until} group by programme, cohort
            """, row => (Programme: row.Text(0), Month: row.Date(1), Deferred: row.Long(2), Recognised: row.Long(3)));
        var terms = db.Later($"select code, terms from loyalty_programme where active", row => (Code: row.Text(0), Breakage: ProgrammeTerms.Read(row.Text(1)).BreakageRate ?? Rate.Zero));
        await db.Flush(ct);
        var breakage = terms.Value.ToDictionary(row => row.Code, row => row.Breakage, StringComparer.Ordinal);
        var byCohort = money.Value.ToDictionary(row => (row.Programme, row.Month), row => (row.Deferred, row.Recognised));
        return [.. points.Value.Select(row =>
        {
            var (deferred, recognised) = byCohort.GetValueOrDefault((row.Programme, row.Month));
            return new Cohort(row.Programme, row.Month, new Quantity(row.Issued), new Quantity(row.Redeemed), new Quantity(row.Expired), deferred, recognised, breakage.GetValueOrDefault(row.Programme));
        }).OrderBy(row => row.Programme, StringComparer.Ordinal).ThenBy(row => row.Month)];
    }
}
