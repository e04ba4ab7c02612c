using Plug1.Kernel.Commands;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Undoes what a document did to lots and debts, once its entries are mirrored in the ledger.</summary>
/// <remarks>
/// What was taken comes back into its lots. What was given is taken from its own lots, then from the oldest, and what is spent becomes debt.
/// Where the mirror takes what has lapsed meanwhile, or takes from pending points what is usable by now, a further posting sets it right.
/// </remarks>
internal static class Undoing
{
    public static async Task Run(Tx tx, LedgerBook ledger, Stamp stamp, Guid document, Guid mirror, TimeProvider clock, CancellationToken ct)
    {
        var moved = tx.Later($"""
            select v.member_id, v.lot_id, v.kind, v.points, coalesce((select -sum(x.points) from loyalty_movement x where x.lot_id = v.lot_id and x.kind = {Movement.Expire}), 0)
            from loyalty_movement v where v.document_id = {document} order by v.id
            """, row => new Moved(row.Guid(0), row.GuidOrNull(1), row.Text(2), new Quantity(row.Long(3)), new Quantity(row.Long(4))));
        await tx.Flush(ct);
        if (moved.Value.Count > 0)
        {
            var (members, lots) = (Members.ById(tx, moved.Value.Select(one => one.Member).Distinct(), locked: true), Members.LotsOf(tx, moved.Value.Select(one => one.Member).Distinct(), document));
            await tx.Flush(ct);
            var posting = new Posting(mirror, stamp.BusinessDate, "points");
            foreach (var row in members.Value)
            {
                var points = new MemberPoints(row.Id, row.Programme, row.Debt, lots.Value.Where(lot => lot.Member == row.Id).Select(lot => lot.Lot), clock);
                Undo(points, [.. moved.Value.Where(one => one.Member == row.Id)], document, posting, stamp.BusinessDate);
                points.Save(tx, mirror, stamp.BusinessDate);
            }

            if (posting.Lines.Count > 0) await ledger.Post(tx, posting, stamp, null, ct);
        }

        LoyaltyTables.Mirror(tx, document, mirror, stamp.BusinessDate);
    }

    private static void Undo(MemberPoints points, IReadOnlyList<Moved> moved, Guid document, Posting posting, DateOnly on)
    {
        var byLot = moved.GroupBy(one => one.Lot).Select(lot => (Lot: lot.Key, lot.First().Kind, Points: Quantity.Sum(lot.Select(one => one.Points)), lot.First().Expired)).ToList();
        foreach (var (lot, kind, taken, _) in byLot.Where(one => one.Points.IsNegative))
        {
            if (lot is { } id) points.GiveBack(id, kind, -taken, on);
            else if (points.Debt >= -taken) points.Forgive(kind, -taken);
            else ForgiveOrGive(points, kind, -taken, document, on);
        }

        var given = byLot.Where(one => one.Points.IsPositive).ToList();
        if (given.Count == 0) return;
        var all = Quantity.Sum(given.Select(one => one.Points));
        // Of what lapsed meanwhile nothing is left to take: the run has taken it already.
        var lapsed = Quantity.Sum(given.Where(one => one.Kind != Movement.Expire && one.Lot is not null).Select(one => Quantity.Min(one.Points, one.Expired)));
        var mirroredPending = Quantity.Sum(given.Where(one => one.Lot is { } lot && points.Find(lot) is var found && found.UsableOn > found.IssuedOn && found.DocumentId == document).Select(one => one.Points));
        var pending = points.TakeBack(given[0].Kind, document, all - lapsed);
        var (member, waiting) = (LoyaltyAccounts.Of(points.Programme, points.MemberId), LoyaltyAccounts.Of(points.Programme, points.MemberId, pending: true));
        posting.Debit(member, lapsed.Millionths).Credit(LoyaltyAccounts.Of(LoyaltyAccounts.Expired, points.Programme), lapsed.Millionths);
        posting.Debit(waiting, (mirroredPending - pending).Millionths).Credit(member, (mirroredPending - pending).Millionths);
    }

    /// <summary>A debt that later points have filled is given back as points.</summary>
    private static void ForgiveOrGive(MemberPoints points, string kind, Quantity owed, Guid document, DateOnly on)
    {
        var rest = owed - points.Debt;
        points.Forgive(kind, points.Debt);
        points.Give(kind, document, rest, on, null);
    }

    private readonly record struct Moved(Guid Member, Guid? Lot, string Kind, Quantity Points, Quantity Expired);
}

/// <summary>Rows beside documents of other functions.</summary>
internal static class LoyaltyTables
{
    private static readonly Table Deferrals = new("loyalty_deferral", ("document_id", Kind.Id), ("programme", Kind.Text), ("cohort", Kind.Date), ("kind", Kind.Text), ("amount", Kind.Long));

    public static void Defer(Tx tx, Guid document, string programme, DateOnly month, string kind, long amount) => tx.Insert(Deferrals, [[document, programme, month, kind, amount]]);

    /// <summary>What a document deferred and recognised, what a sale earned: once more with signs turned.</summary>
    public static void Mirror(Tx tx, Guid document, Guid mirror, DateOnly on)
    {
        tx.Stage($"insert into loyalty_deferral (document_id, programme, cohort, kind, amount) select {mirror}, programme, cohort, kind, -amount from loyalty_deferral where document_id = {document}");
        tx.Stage($"""
            insert into loyalty_sale (document_id, member_id, programme_id, business_date, tier_factor, eligible, earned, redeemed, paid, clawed_back, restored, balance)
            select {mirror}, s.member_id, s.programme_id, {on}, s.tier_factor, -s.eligible, -s.earned, -s.redeemed, -s.paid, 0, 0,
              coalesce((select sum(v.points) from loyalty_movement v where v.member_id = s.member_id), 0) from loyalty_sale s where s.document_id = {document}
            """);
        tx.Stage($"""
            insert into loyalty_rule_points (document_id, member_id, business_date, rule, points)
            select {mirror}, member_id, business_date, rule, -points from loyalty_rule_points where document_id = {document}
            """);
    }
}
