using Plug1.Customers;
using Plug1.Customers.Loyalty;
using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.Pricing;

namespace Plug1.Sales.PointOfSale;

/// <summary>A sale on its way to being posted: what one customer buys at one till, and how they pay.</summary>
/// <remarks>Invariants: one currency, the company's; tenders less change equal total and rounding; nothing changes after posting.</remarks>
internal sealed class SaleDraft(PricedBasket basket, Settlement settlement, Guid freshId, Stamp stamp)
{
    public PricedBasket Basket => basket;

    public Calculation Calculation => basket.Calculation;

    public Settlement Settlement => settlement;

    public Guid Id { get; } = basket.Request.Id ?? freshId;

    public DateOnly Day => basket.Day;

    /// <summary>Value of the goods without tax and what was taken off it, in minor units; vouchers are no goods.</summary>
    public (long Gross, long Discount) GrossAndDiscount
    {
        get
        {
            var goods = Enumerable.Range(0, basket.Lines.Count).Where(at => !basket.Lines[at].IsVoucher).Select(at => Calculation.Lines[at]).ToList();
            var gross = goods.Sum(line => line.NetBeforeDiscounts.Minor);
            return (gross, gross - goods.Sum(line => line.Net.Minor));
        }
    }

    public bool IsOffline => basket.Request.OfflineAt is not null;

    /// <summary>The member that the customer is, as it was asked.</summary>
    public LoyaltyVisit? Visit { get; set; }

    /// <summary>What the sale did to their points.</summary>
    public LoyaltyOutcome? Points { get; set; }

    /// <summary>What is paid in points.</summary>
    public Money PaidInPoints => Money.Sum(basket.Currency, settlement.Tenders.Where(tender => tender.Method.Type == TenderType.Points).Select(tender => tender.Amount));

    /// <summary>The sale as points see it.</summary>
    public LoyaltyBasket LoyaltyBasket() => new(basket.Branch.Id, "in-store", TimeZoneInfo.ConvertTime(basket.Request.OfflineAt ?? stamp.At, basket.Branch.Zone).DateTime, Day, Calculation.Total,
        [.. basket.Lines.Select((line, at) => new LoyaltyBasketLine(line.IsVoucher ? LoyaltyItemKind.Voucher : line.Item!.Kind == ItemKind.Charge ? LoyaltyItemKind.Delivery : LoyaltyItemKind.Item,
            line.Item?.Id, line.Quantity, Calculation.Lines[at].Net, Calculation.Lines[at].Tax))], IsOffline);

    /// <summary>Cost by line in minor units.</summary>
    public long[] Costs { get; } = new long[basket.Lines.Count];

    /// <summary>What was taken from stock, by line.</summary>
    public Dictionary<int, IssueTaken> Taken { get; } = [];

    /// <summary>Issues with the line they are for.</summary>
    public List<(IssueRequest Request, int Line)> Requested { get; } = [];

    /// <summary>Vouchers sold: code and id by line.</summary>
    public Dictionary<int, (Guid Id, string Code)> VouchersSold { get; } = [];

    /// <summary>Gives each voucher sold its id and code.</summary>
    public void IssueVouchers(TimeProvider clock)
    {
        for (var at = 0; at < basket.Lines.Count; at++)
            if (basket.Lines[at].VoucherCode is { } code) VouchersSold[at] = (Ids.New(clock), code.Length > 0 ? code : Vouchers.NewCode());
    }

    /// <summary>Vouchers paid with: id by tender.</summary>
    public Dictionary<int, Guid> VouchersUsed { get; } = [];

    public IReadOnlyList<string>? VoucherCodes() => VouchersSold.Count == 0 ? null : [.. VouchersSold.OrderBy(v => v.Key).Select(v => v.Value.Code)];

    /// <summary>What must leave the store for this sale.</summary>
    public IReadOnlyList<IssueRequest> Issues(Stamp by)
    {
        Requested.Clear();
        var mayGoNegative = IsOffline || by.May("sales.point-of-sale.sell-negative");
        for (var at = 0; at < basket.Lines.Count; at++)
        {
            if (basket.Lines[at].Stock is not { } item) continue;
            var line = basket.Lines[at];
            IReadOnlyList<LotPick> lots = line.Request.Serials is { Count: > 0 } serials
                ? [.. serials.Select(serial => new LotPick(serial, Quantity.One.Millionths))]
                : line.Request.Lot is { } lot ? [new LotPick(lot, line.Quantity.Millionths)] : [];
            Requested.Add((new IssueRequest(item, basket.Terminal.WarehouseId, line.Quantity.Millionths, lots, mayGoNegative, $"/lines/{at}"), at));
        }

        return [.. Requested.Select(pair => pair.Request)];
    }

    /// <summary>The money side of the posting; goods are in it already.</summary>
    public void PostMoney(Posting posting, SaleFacts known)
    {
        var (code, branch) = (basket.Currency.Code, basket.Branch.Id);
        for (var at = 0; at < settlement.Tenders.Count; at++)
        {
            var tender = settlement.Tenders[at];
            var money = tender.Method.Type == TenderType.Points ? new AccountKey(AccountRoles.LoyaltyRedemption, code, Visit!.Programme, branch)
                : Sales.MoneyAccount(tender.Method, code, branch, basket.Terminal.Id, known.PartyId, VouchersUsed.GetValueOrDefault(at));
            posting.Debit(money, tender.Amount);
        }

        posting.Debit(new AccountKey(AccountRoles.CashRounding, code, "", branch), checked(-settlement.Rounding.Minor));
        foreach (var group in Enumerable.Range(0, basket.Lines.Count).Where(at => !basket.Lines[at].IsVoucher).GroupBy(at => basket.Lines[at].Item!.CategoryId))
            posting.Credit(new AccountKey(AccountRoles.SalesRevenue, code, group.Key.ToString("D"), branch, group.Key), group.Sum(at => Calculation.Lines[at].Net.Minor));
        foreach (var component in Calculation.TaxTable.SelectMany(row => row.Components.Select(component => (Key: $"{row.Scheme.Code}/{component.Component.Code}", component.Amount))))
            posting.Credit(new AccountKey(AccountRoles.OutputTax, code, component.Key, branch), component.Amount);
        foreach (var (at, (id, _)) in VouchersSold)
            posting.Credit(Sales.VoucherAccount(code, id), Calculation.Lines[at].Value);
    }

    /// <summary>The header, posted; the customer is whoever they are now, merged or not.</summary>
    public Header Header(Stamp by, SaleFacts known, Guid? approvedBy)
    {
        var header = Kernel.Documents.Header.Draft(Id, PointOfSaleFunction.FunctionCode, "sale", by, basket.Currency.Code);
        header.BusinessDate = Day;
        header.PartyId = known.PartyId;
        header.Total = Calculation.Total.Minor;
        header.SessionId = known.ShiftId;
        header.MoveTo(Status.Submitted, by);
        header.MoveTo(Status.Approved, by);
        header.ApprovedBy = approvedBy ?? header.ApprovedBy;
        header.MoveTo(Status.Posted, by);
        return header;
    }

    /// <summary>Net sales before discounts, less discounts, tax, units and cost: one fact for the sale, one a line.</summary>
    public IReadOnlyList<Fact> Facts(Header header)
    {
        var facts = new List<Fact>(basket.Lines.Count + 1);
        long gross = 0, discount = 0, net = 0, tax = 0, units = 0, cost = 0;
        for (var at = 0; at < basket.Lines.Count; at++)
        {
            if (basket.Lines[at].Item is not { } item) continue;
            var line = Calculation.Lines[at];
            facts.Add(new Fact
            {
                Document = header,
                Event = Status.Posted,
                OfLine = true,
                ItemId = item.Id,
                CategoryId = item.CategoryId,
                Amount = line.Net.Minor,
                Quantity = basket.Lines[at].Quantity.Millionths,
                Cost = Costs[at],
                M1 = line.NetBeforeDiscounts.Minor,
                M2 = line.DiscountNet.Minor,
                M3 = line.Tax.Minor,
                M5 = basket.Lines[at].IsOverridden ? 1 : 0,
            });
            gross += line.NetBeforeDiscounts.Minor;
            discount += line.DiscountNet.Minor;
            net += line.Net.Minor;
            tax += line.Tax.Minor;
            units += basket.Lines[at].Quantity.Millionths;
            cost += Costs[at];
        }

        facts.Insert(0, new Fact
        {
            Document = header,
            Event = Status.Posted,
            Amount = net,
            Quantity = units,
            Cost = cost,
            M1 = gross,
            M2 = discount,
            M3 = tax,
            M5 = basket.Lines.Count(line => line.IsOverridden),
            M6 = Seconds,
            D1 = settlement.Tenders.Count == 1 ? settlement.Tenders[0].Method.Code : settlement.Tenders.Count == 0 ? "NONE" : "MIXED",
        });
        return facts;
    }

    /// <summary>Seconds from the first scan to now, for the till's speed; zero when it was not told.</summary>
    public long Seconds => basket.Request.StartedAt is { } started && started < stamp.At ? Math.Min(86_400, (long)(stamp.At - started).TotalSeconds) : 0;
}

/// <summary>What a sale asks the database before it is decided: shift, period, customer, reasons, vouchers.</summary>
internal sealed class SaleFacts
{
    private readonly Deferred<List<(Guid Id, string State, DateTimeOffset OpenedAt)>> shift;
    private readonly Deferred<List<string>> period;
    private readonly AskedParty? customer;
    private readonly Deferred<List<string>>? reasons;
    private readonly Deferred<List<string>>? taken;
    private readonly List<(int Tender, string Code, Deferred<List<(Guid Id, DateOnly? Expires, long Balance)>> Found)> vouchers = [];

    private SaleFacts(Tx tx, SaleDraft sale, IDirectory directory)
    {
        var request = sale.Basket.Request;
        shift = tx.Later($"select id, state, opened_at from work_session where terminal_id = {sale.Basket.Terminal.Id} and kind = 'shift' and state <> 'closed'{Dialect.ForShare(tx.Engine)}", row => (row.Guid(0), row.Text(1), row.Instant(2)));
        period = LedgerBook.PeriodState(tx, sale.Day);
        if (request.CustomerId is { } id) customer = directory.Ask(tx, id);
        if (sale.Basket.HasOverrides || sale.Basket.HasDiscounts)
            reasons = tx.Later($"select code from reason where function = {PointOfSaleFunction.FunctionCode} and action = 'override' and active", row => row.Text(0));
        if (sale.Basket.Lines.Any(line => line.VoucherCode is { Length: > 0 }))
            taken = tx.Later($"select code from voucher where code {Sql.List(sale.VoucherCodes()!)}", row => row.Text(0));
        for (var at = 0; at < sale.Settlement.Tenders.Count; at++)
        {
            if (sale.Settlement.Tenders[at] is not { Method.Type: TenderType.Voucher, Reference: { } code }) continue;
            vouchers.Add((at, code, tx.Later($"""
                select v.id, v.expires_on, -coalesce(b.amount, 0) from voucher v
                left join account a on a.subject = {Sales.IdText("v.id", tx.Engine)} and a.role = 'StoredValue'
                left join balance b on b.account_id = a.id where v.code = {code}
                """, row => (row.Guid(0), row.DateOrNull(1), row.Long(2)))));
        }
    }

    public Guid ShiftId => shift.Value[0].Id;

    public Guid? PartyId => customer?.Party?.Id;

    public static SaleFacts Ask(Tx tx, SaleDraft sale, IDirectory directory) => new(tx, sale, directory);

    /// <summary>The first rule that says no, in the order of <see cref="Refusals"/>.</summary>
    public Refusal? Refuse(SaleDraft sale, Stamp stamp)
    {
        if (shift.Value.Count == 0 || shift.Value[0].State != "open") return Refusals.ShiftNotOpen;
        if (sale.Basket.Request.OfflineAt is { } offline && (offline < shift.Value[0].OpenedAt || offline < stamp.At - Limits.Offline || offline > stamp.At + Limits.ClockSkew))
            return Refusals.OfflineTimeInvalid;
        if (LedgerBook.MayPost(period, stamp, sale.Day) is { Refusal: { } closed }) return closed;
        if (customer is not null)
        {
            if (customer.Party is not { } party) return Refusals.CustomerUnknown;
            if (party.MayNot("/customerId") is { } not) return not;
        }

        return Reasons(sale) ?? Serials(sale) ?? VouchersSold(sale) ?? VouchersUsed(sale);
    }

    private Refusal? VouchersSold(SaleDraft sale)
    {
        var seen = new HashSet<string>(taken?.Value ?? [], StringComparer.Ordinal);
        foreach (var (line, (_, code)) in sale.VouchersSold.OrderBy(voucher => voucher.Key))
            if (!seen.Add(code)) return Refusals.VoucherCodeTaken(line);
        return null;
    }

    private Refusal? Reasons(SaleDraft sale)
    {
        if (reasons is null) return null;
        for (var at = 0; at < sale.Basket.Lines.Count; at++)
        {
            var line = sale.Basket.Lines[at];
            if (line.IsChosen && (line.Request.OverrideReason is not { } why || !reasons.Value.Contains(why))) return Refusals.ReasonRequired($"/lines/{at}/overrideReason");
        }

        var request = sale.Basket.Request;
        return (request.DiscountRate is { IsZero: false } || request.DiscountAmount is not null) && (request.DiscountReason is not { } reason || !reasons.Value.Contains(reason))
            ? Refusals.ReasonRequired("/discountReason") : null;
    }

    private static Refusal? Serials(SaleDraft sale)
    {
        for (var at = 0; at < sale.Basket.Lines.Count; at++)
        {
            var line = sale.Basket.Lines[at];
            if (line.Item is not { } item) continue;
            if (item.Tracking != Tracking.Serial)
            {
                // Read as lots they would take other goods from stock than the line charges for.
                if (line.Request.Serials is { Count: > 0 }) return Refusals.SerialNotKept(item.Sku, at);
                continue;
            }

            var serials = line.Request.Serials ?? [];
            if (serials.Count * Quantity.One.Millionths != line.Quantity.Millionths || serials.Distinct(StringComparer.Ordinal).Count() != serials.Count) return Refusals.SerialRequired(item.Sku, at);
        }

        return null;
    }

    private Refusal? VouchersUsed(SaleDraft sale)
    {
        var left = new Dictionary<Guid, long>();
        foreach (var (tender, _, found) in vouchers)
        {
            if (found.Value.Count == 0) return Refusals.VoucherUnknown(tender);
            var (id, expires, whole) = found.Value[0];
            var balance = left.GetValueOrDefault(id, whole);
            if (expires is { } last && last < sale.Day) return Refusals.VoucherExpired(last, tender);
            if (balance < sale.Settlement.Tenders[tender].Amount.Minor) return Refusals.VoucherInsufficient(new Money(balance, sale.Basket.Currency), tender);
            left[id] = balance - sale.Settlement.Tenders[tender].Amount.Minor;
            sale.VouchersUsed[tender] = id;
        }

        return null;
    }
}
