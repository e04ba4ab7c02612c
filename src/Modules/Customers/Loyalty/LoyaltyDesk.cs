using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Points of sales: earned, used, taken back and given back, in the transaction of the sale.</summary>
internal sealed class LoyaltyDesk(Database database, CatalogueBook catalogue, LedgerBook ledger, TimeProvider clock) : ILoyalty
{
    private static readonly Table SaleTable = new("loyalty_sale",
        ("document_id", Kind.Id), ("member_id", Kind.Id), ("programme_id", Kind.Id), ("business_date", Kind.Date), ("tier_factor", Kind.Long), ("eligible", Kind.Long), ("earned", Kind.Long),
        ("redeemed", Kind.Long), ("paid", Kind.Long), ("clawed_back", Kind.Long), ("restored", Kind.Long), ("balance", Kind.Long));

    private static readonly Table RuleTable = new("loyalty_rule_points", ("document_id", Kind.Id), ("member_id", Kind.Id), ("business_date", Kind.Date), ("rule", Kind.Text), ("points", Kind.Long));

    public LoyaltyVisit Ask(Tx tx, Guid party, DateOnly day) => new(tx, party, day, locked: true, clock);

    public Task<QuoteAnswer?> Quote(Guid party, LoyaltyBasket basket, Money? paidInPoints = null, CancellationToken ct = default) => database.Read(async db =>
    {
        var visit = new LoyaltyVisit(db, party, basket.Day, locked: false, clock);
        await db.Flush(ct);
        if (visit.Terms(basket.Day, basket.Total.Currency) is not { } terms) return null;
        visit.Paid = paidInPoints;
        var (sale, points) = (SaleOf(basket, await catalogue.Get(ct), visit.Paid), visit.Points);
        var (earned, _) = Reckon(visit, terms, sale, basket);
        var usable = terms.Redemption is { } pays ? Points.Redeemable(points.Usable(basket.Day), basket.Total, pays) : new Redeemable(Quantity.Zero, Money.Zero(basket.Total.Currency));
        var next = points.Lots.Where(lot => lot is { Pending: false, Left.IsPositive: true, ExpiresOn: not null } && lot.ExpiresOn >= basket.Day).GroupBy(lot => lot.ExpiresOn!.Value).OrderBy(lots => lots.Key).FirstOrDefault();
        return new QuoteAnswer(earned.Points.ToString(), visit.Row.Tier, points.Usable(basket.Day).ToString(), points.Pending.ToString(), new RedeemablePoints(usable.Points.ToString(), usable.Amount.ToString()),
            next is null ? null : new ExpiringPoints(Quantity.Sum(next.Select(lot => lot.Left)).ToString(), next.Key));
    }, ct);

    public Result<Quantity> Redeem(LoyaltyVisit visit, Posting posting, LoyaltyBasket basket, Money amount)
    {
        if (!visit.IsMember) return LoyaltyRefusals.NotEnrolled("/customerId");
        if (basket.Offline) return LoyaltyRefusals.Offline;
        if (visit.Terms(basket.Day, amount.Currency) is not { } terms) return LoyaltyRefusals.ProgrammeInactive;
        if (terms.Redemption is not { } pays) return LoyaltyRefusals.NoRedemption;
        var member = visit.Points;
        if (member.Balance.IsNegative) return LoyaltyRefusals.NegativeMember(member.Balance);
        var points = Points.PointsFor(amount, pays);
        if (points < pays.MinPoints) return LoyaltyRefusals.BelowMinimum(pays.MinPoints);
        if (amount > basket.Total.Times(pays.MaxShareOfSale, Rounding.Floor)) return LoyaltyRefusals.ShareExceeded(pays.MaxShareOfSale);
        if (!member.TryTake(Movement.Redeem, points, basket.Day)) return LoyaltyRefusals.Insufficient(member.Usable(basket.Day));
        posting.Debit(LoyaltyAccounts.Of(LoyaltyAccounts.Redeemed, member.Programme), points.Millionths).Credit(LoyaltyAccounts.Of(member.Programme, member.MemberId), points.Millionths);
        visit.Redeemed = points;
        visit.Paid = amount;
        return points;
    }

    public async ValueTask<LoyaltyOutcome?> Earn(Tx tx, Stamp stamp, LoyaltyVisit visit, Posting posting, LoyaltyBasket basket, CancellationToken ct = default)
    {
        var currency = basket.Total.Currency;
        if (visit.Terms(basket.Day, currency) is not { } terms) return null;
        var sale = SaleOf(basket, await catalogue.Get(ct), visit.Paid);
        var (earned, factor) = Reckon(visit, terms, sale, basket);
        var (member, document) = (visit.Points, posting.DocumentId);
        var deferred = Money.Zero(currency);
        if (earned.Points.IsPositive)
        {
            member.Give(Movement.Earn, document, earned.Points, basket.Day, Points.LotEnd(terms.Expiry, basket.Day, basket.Day), terms.PendingDays);
            posting.Debit(LoyaltyAccounts.Of(member.Programme, member.MemberId, terms.PendingDays > 0), earned.Points.Millionths)
                .Credit(LoyaltyAccounts.Of(LoyaltyAccounts.Issued, member.Programme), earned.Points.Millionths);
            deferred = Deferred(terms, sale, earned.Points, factor);
            PostDeferral(tx, posting, member.Programme, basket.Branch, basket.Day, deferred);
        }

        if (terms.Expiry.Kind == ExpiryKind.LastMovement) member.Prolong(basket.Day, Points.LotEnd(terms.Expiry, basket.Day, basket.Day)!.Value);
        member.Save(tx, document, basket.Day);
        Retier(tx, visit, terms, basket.Day, earned);
        tx.Insert(SaleTable, [[document, member.MemberId, visit.Row.TermsId, basket.Day, factor.Millionths, earned.Eligible.Minor, earned.Points.Millionths, visit.Redeemed.Millionths,
            visit.Paid?.Minor ?? 0L, 0L, 0L, member.Balance.Millionths]]);
        tx.Insert(RuleTable, [.. earned.ByRule.GroupBy(part => part.Rule).Select(part => new object?[] { document, member.MemberId, basket.Day, part.Key, Quantity.Sum(part.Select(one => one.Points)).Millionths })]);
        Facts.Stage(tx, stamp, FactOf(document, stamp, visit.Row.PartyId, basket) with
        {
            Quantity = earned.Points.Millionths,
            M1 = visit.Redeemed.Millionths,
            M3 = deferred.Minor,
            Amount = visit.Paid?.Minor ?? 0,
            D1 = member.Programme,
        });
        return new LoyaltyOutcome(member.Programme, earned.Points, visit.Redeemed, member.Balance);
    }

    public async Task<Quantity> ClawBack(Tx tx, Stamp stamp, Posting posting, Guid sale, LoyaltyBasket remaining, CancellationToken ct = default)
    {
        if (await Find(tx, sale, ct) is not { } sold) return Quantity.Zero;
        var (terms, member, currency) = (ProgrammeTerms.Of(sold.Terms, remaining.Total.Currency), sold.Points, remaining.Total.Currency);
        var view = await catalogue.Get(ct);
        var left = SaleOf(remaining, view, null);
        var still = Earning.Earn(terms, left, sold.TierFactor).Points;
        var points = Earning.ClawBack(sold.Earned, still, sold.ClawedBack);
        if (!points.IsPositive) return Quantity.Zero;
        var pending = member.TakeBack(Movement.ClawBack, sale, points);
        posting.Debit(LoyaltyAccounts.Of(LoyaltyAccounts.Issued, member.Programme), points.Millionths).Credit(LoyaltyAccounts.Of(member.Programme, member.MemberId), (points - pending).Millionths)
            .Credit(LoyaltyAccounts.Of(member.Programme, member.MemberId, pending: true), pending.Millionths);
        var change = Deferred(terms, left, still, sold.TierFactor) - new Money(sold.Deferred, currency);
        if (terms.Deferral) PostDeferral(tx, posting, member.Programme, remaining.Branch, sold.Day, change);
        member.Save(tx, posting.DocumentId, posting.BusinessDate);
        tx.Stage($"update loyalty_sale set clawed_back = clawed_back + {points.Millionths} where document_id = {sale}");
        Facts.Stage(tx, stamp, FactOf(posting.DocumentId, stamp, sold.Party, remaining) with { Quantity = -points.Millionths, M3 = change.Minor, Count = 0, D1 = member.Programme });
        return points;
    }

    public async Task<Quantity> Restore(Tx tx, Stamp stamp, Posting posting, Guid sale, Money returnedNet, Money saleNet, CancellationToken ct = default)
    {
        if (await Find(tx, sale, ct) is not { Redeemed.IsPositive: true } sold) return Quantity.Zero;
        var member = sold.Points;
        var points = Points.Restore(sold.Redeemed, returnedNet, saleNet, sold.Restored, ProgrammeTerms.Read(sold.Terms).PointDecimals);
        if (!points.IsPositive) return Quantity.Zero;
        var (skip, left) = (sold.Restored, points);
        foreach (var (lot, taken) in sold.Takes)
        {
            var passed = Quantity.Min(skip, taken);
            skip -= passed;
            var back = Quantity.Min(taken - passed, left);
            if (back.IsPositive) member.GiveBack(lot, Movement.Restore, back, posting.BusinessDate);
            left -= back;
        }

        Invariant.Holds(left.IsZero, "No more is given back than was used.");
        posting.Debit(LoyaltyAccounts.Of(member.Programme, member.MemberId), points.Millionths).Credit(LoyaltyAccounts.Of(LoyaltyAccounts.Redeemed, member.Programme), points.Millionths);
        member.Save(tx, posting.DocumentId, posting.BusinessDate);
        tx.Stage($"update loyalty_sale set restored = restored + {points.Millionths} where document_id = {sale}");
        return points;
    }

    public Deferred<List<LoyaltyOutcome>> Of(Db db, Guid sale) => db.Later(
        $"select m.programme, s.earned, s.redeemed, s.balance from loyalty_sale s join loyalty_member m on m.id = s.member_id where s.document_id = {sale}",
        row => new LoyaltyOutcome(row.Text(0), new Quantity(row.Long(1)), new Quantity(row.Long(2)), new Quantity(row.Long(3))));

    public void Hold(Tx tx, Guid document)
    {
        // SQLite has one writer.
        if (tx.Engine == Engine.Postgres)
            tx.Later($"select m.id from loyalty_member m where m.id in (select v.member_id from loyalty_movement v where v.document_id = {document}) order by m.id for update of m", row => row.Guid(0));
    }

    public Task Reverse(Tx tx, Stamp stamp, Guid document, Guid mirror, CancellationToken ct = default) => Undoing.Run(tx, ledger, stamp, document, mirror, clock, ct);

    /// <summary>The points of a sale and the factor of the tier that they were reckoned with.</summary>
    private static (EarnedPoints Earned, Rate Factor) Reckon(LoyaltyVisit visit, LoyaltyProgrammeTerms terms, LoyaltySale sale, LoyaltyBasket basket)
    {
        var held = visit.Held(terms);
        var factor = held is null ? Rate.One : terms.Tiers[held.Tier].EarnFactor;
        var earned = Earning.Earn(terms, sale, factor, visit.GivenToday);
        if (terms.EarnAtTier == EarnTier.Before || terms.Tiers.Count == 0) return (earned, factor);
        var after = Tiers.Review(terms.Tiers, tier => visit.Measured(tier, basket.Day, earned.Eligible, earned.Points), held, null, basket.Day);
        factor = after is null ? Rate.One : terms.Tiers[after.Tier].EarnFactor;
        return (Earning.Earn(terms, sale, factor, visit.GivenToday), factor);
    }

    /// <summary>Up at once; down only by a review.</summary>
    private static void Retier(Tx tx, LoyaltyVisit visit, LoyaltyProgrammeTerms terms, DateOnly on, EarnedPoints earned)
    {
        if (terms.Tiers.Count == 0) return;
        var held = visit.Held(terms);
        var reached = Tiers.Qualified(terms.Tiers, tier => visit.Measured(tier, on, earned.Eligible, earned.Points));
        if (reached <= (held?.Tier ?? Tiers.None)) return;
        var tier = terms.Tiers[reached];
        tx.Stage($"update loyalty_member set tier = {tier.Code}, tier_until = {on.AddMonths(tier.ValidMonths)} where id = {visit.Row.Id}");
    }

    private static Money Deferred(LoyaltyProgrammeTerms terms, LoyaltySale sale, Quantity points, Rate factor) => terms is { Deferral: true, Redemption: { } pays } && points.IsPositive
        ? Deferral.Defer(Earning.Earn(terms with { Basis = PointBasis.Net }, sale, factor).Eligible, points, pays, terms.BreakageRate) : Money.Zero(terms.Currency);

    private static void PostDeferral(Tx tx, Posting posting, string programme, Guid branch, DateOnly issuedOn, Money amount)
    {
        if (amount.IsZero) return;
        var (code, month) = (amount.Currency.Code, new DateOnly(issuedOn.Year, issuedOn.Month, 1));
        posting.Debit(new AccountKey(LoyaltyAccounts.Deferral, code, programme, branch), amount).Credit(LoyaltyAccounts.Cohort(code, programme, month), amount);
        LoyaltyTables.Defer(tx, posting.DocumentId, programme, month, "deferred", amount.Minor);
    }

    private static LoyaltySale SaleOf(LoyaltyBasket basket, CatalogueView view, Money? paid) => new()
    {
        At = basket.At,
        Branch = basket.Branch,
        Channel = basket.Channel,
        PointsTendered = paid,
        Lines = [.. basket.Lines.Select(line =>
        {
            var item = line.ItemId is { } id ? view.Item(id) : null;
            return new LoyaltyLine
            {
                Kind = line.Kind switch { LoyaltyItemKind.Voucher => LoyaltyLineKind.Voucher, LoyaltyItemKind.Deposit => LoyaltyLineKind.Deposit, LoyaltyItemKind.Delivery => LoyaltyLineKind.Delivery, _ => LoyaltyLineKind.Item },
                Item = line.ItemId ?? Guid.Empty,
                Categories = Above(view, item?.CategoryId),
                Quantity = line.Quantity,
                Net = line.Net,
                Tax = line.Tax,
            };
        })],
    };

    /// <summary>A category and all above it.</summary>
    private static HashSet<Guid> Above(CatalogueView view, Guid? category)
    {
        var found = new HashSet<Guid>();
        while (category is { } id && found.Add(id)) category = view.Category(id)?.ParentId;
        return found;
    }

    private static Fact FactOf(Guid document, Stamp stamp, Guid party, LoyaltyBasket basket)
    {
        var header = Header.Draft(document, LoyaltyFunction.FunctionCode, "sale", stamp, basket.Total.Currency.Code);
        (header.PartyId, header.BusinessDate, header.Channel) = (party, basket.Day, basket.Channel);
        return new Fact { Document = header, Event = Status.Posted };
    }

    /// <summary>A sale with points, its member locked.</summary>
    private async Task<SoldPoints?> Find(Tx tx, Guid sale, CancellationToken ct)
    {
        Hold(tx, sale);
        var sold = tx.Later($"""
            select s.member_id, s.business_date, s.tier_factor, s.earned, s.clawed_back, s.redeemed, s.restored, p.terms, m.programme, m.debt, m.party_id,
              coalesce((select sum(d.amount) from loyalty_deferral d where d.document_id = s.document_id and d.kind = 'deferred'), 0)
            from loyalty_sale s join loyalty_programme p on p.document_id = s.programme_id join loyalty_member m on m.id = s.member_id where s.document_id = {sale}
            """, row => (Member: row.Guid(0), Day: row.Date(1), Factor: row.Long(2), Earned: row.Long(3), Clawed: row.Long(4), Redeemed: row.Long(5), Restored: row.Long(6), Terms: row.Text(7), Programme: row.Text(8),
                Debt: row.Long(9), Party: row.Guid(10), Deferred: row.Long(11)));
        var takes = tx.Later($"select lot_id, -points from loyalty_movement where document_id = {sale} and kind = {Movement.Redeem} and lot_id is not null order by id", row => (row.Guid(0), new Quantity(row.Long(1))));
        await tx.Flush(ct);
        if (sold.Value.Count == 0) return null;
        var found = sold.Value[0];
        var lots = Members.LotsOf(tx, [found.Member], sale);
        await tx.Flush(ct);
        return new SoldPoints(new MemberPoints(found.Member, found.Programme, new Quantity(found.Debt), lots.Value.Select(lot => lot.Lot), clock), found.Party, found.Day, new Rate(found.Factor), found.Terms,
            new Quantity(found.Earned), new Quantity(found.Clawed), new Quantity(found.Redeemed), new Quantity(found.Restored), found.Deferred, takes.Value);
    }

    private sealed record SoldPoints(
        MemberPoints Points, Guid Party, DateOnly Day, Rate TierFactor, string Terms, Quantity Earned, Quantity ClawedBack, Quantity Redeemed, Quantity Restored, long Deferred, IReadOnlyList<(Guid Lot, Quantity Points)> Takes);
}
