using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Reads members and quotes sales.</summary>
internal sealed class MemberCards(Database database, LoyaltyFunction function, LoyaltyDesk desk, TimeProvider clock)
{
    private const int MostMovements = 50, MostExpiries = 3;

    /// <summary>A member with lots, the next tier and the last movements.</summary>
    public async Task<Result<MemberAnswer>> Member(Guid party, DateOnly on, CancellationToken ct)
    {
        var currency = await function.Currency(ct);
        return await database.Read<Result<MemberAnswer>>(async db =>
        {
            var visit = new LoyaltyVisit(db, party, on, locked: false, clock);
            var moves = db.Later($"""
                select v.business_date, v.kind, v.points, v.document_id, d.number from loyalty_movement v join document d on d.id = v.document_id
                where v.member_id in (select m.id from loyalty_member m where m.active and m.party_id = (select coalesce(canonical_id, id) from party where id = {party}))
                order by v.business_date desc, v.id desc limit {MostMovements}
                """, row => new MovementItem(row.Date(0), row.Text(1), new Quantity(row.Long(2)).ToString(), row.Guid(3), row.TextOrNull(4)));
            await db.Flush(ct);
            if (!visit.IsMember) return LoyaltyRefusals.MemberUnknown;
            var (row, points, terms) = (visit.Row, visit.Points, visit.Terms(on, currency));
            var usable = terms?.Redemption is { } pays ? Points.Redeemable(points.Usable(on), null, pays) : (Redeemable?)null;
            var lots = points.Lots.Where(lot => lot.Left.IsPositive).OrderBy(lot => lot.ExpiresOn ?? DateOnly.MaxValue).ThenBy(lot => lot.IssuedOn).ToList();
            return new MemberAnswer(row.Id, row.PartyId, row.PartyName, row.Programme, row.ProgrammeName, row.Card, row.EnrolledOn, points.Usable(on).ToString(), points.Pending.ToString(), points.Debt.ToString(),
                usable is { } most ? new RedeemablePoints(most.Points.ToString(), most.Amount.ToString()) : null,
                [.. lots.Where(lot => !lot.Pending && lot.ExpiresOn >= on).GroupBy(lot => lot.ExpiresOn!.Value).OrderBy(day => day.Key).Take(MostExpiries).Select(day => new ExpiringPoints(Quantity.Sum(day.Select(lot => lot.Left)).ToString(), day.Key))],
                row.Tier, row.TierUntil, terms is null ? null : Gap(visit, terms, on, currency),
                [.. lots.Select(lot => new LotItem(lot.Id, lot.IssuedOn, lot.ExpiresOn, lot.UsableOn, lot.Pending, lot.Left.ToString()))], moves.Value);
        }, ct);
    }

    /// <summary>What a sale would earn.</summary>
    public async Task<Result<QuoteAnswer>> Quote(Stamp stamp, QuoteRequest request, CancellationToken ct)
    {
        var currency = await function.Currency(ct);
        if (request.Lines.Count > 500) return LoyaltyRefusals.TooMany("/lines", 500);
        var lines = new List<LoyaltyBasketLine>(request.Lines.Count);
        for (var at = 0; at < request.Lines.Count; at++)
        {
            var line = request.Lines[at];
            if (!IsAmount(line.Net, currency, out var net)) return LoyaltyRefusals.Amount($"/lines/{at}/net");
            if (!IsAmount(line.Tax ?? "0", currency, out var tax)) return LoyaltyRefusals.Amount($"/lines/{at}/tax");
            if (line.Quantity is { } quantity && (!quantity.IsPositive || quantity > Quantity.Of(1_000_000))) return LoyaltyRefusals.Number($"/lines/{at}/quantity", "above zero");
            lines.Add(new LoyaltyBasketLine(line.ItemId is null ? LoyaltyItemKind.Voucher : LoyaltyItemKind.Item, line.ItemId, line.Quantity ?? Quantity.One, net, tax));
        }

        var total = lines.Aggregate(Money.Zero(currency), (sum, line) => sum + line.Net + line.Tax);
        if (request.Total is not null && !IsAmount(request.Total, currency, out total)) return LoyaltyRefusals.Amount("/total");
        Money? paid = null;
        if (request.PointsAmount is not null)
        {
            if (!IsAmount(request.PointsAmount, currency, out var amount)) return LoyaltyRefusals.Amount("/pointsAmount");
            paid = amount;
        }

        var basket = new LoyaltyBasket(stamp.BranchId, "in-store", stamp.BusinessDate.ToDateTime(new TimeOnly(stamp.Hour, 0)), stamp.BusinessDate, total, lines);
        return await desk.Quote(request.PartyId, basket, paid, ct) is { } answer ? answer : LoyaltyRefusals.NotEnrolled("/partyId");
    }

    /// <summary>The programmes in force.</summary>
    public Task<ProgrammesAnswer> Programmes(CancellationToken ct) => database.Read(async db => new ProgrammesAnswer(await db.Query($"""
        select p.document_id, p.code, p.name, p.revision, (select count(*) from loyalty_member m where m.programme = p.code and m.active) from loyalty_programme p where p.active order by p.code
        """, row => new ProgrammeItem(row.Guid(0), row.Text(1), row.Text(2), row.Long(3), row.Long(4)), ct)), ct);

    private static bool IsAmount(string text, Currency currency, out Money amount) => Money.TryParse(text, currency, out amount) && !amount.IsNegative && amount.Minor <= ValueRefusals.GreatestMinor;

    private static TierGap? Gap(LoyaltyVisit visit, LoyaltyProgrammeTerms terms, DateOnly on, Currency currency)
    {
        var next = (visit.Held(terms)?.Tier ?? Tiers.None) + 1;
        if (next >= terms.Tiers.Count) return null;
        var tier = terms.Tiers[next];
        var gap = Quantity.Max(Quantity.Zero, tier.Threshold - visit.Measured(tier, on, Money.Zero(currency), Quantity.Zero));
        return new TierGap(tier.Code, gap.ToString(), tier.Basis switch { TierBasis.Points => "points", TierBasis.Visits => "visits", _ => "spend" });
    }
}
