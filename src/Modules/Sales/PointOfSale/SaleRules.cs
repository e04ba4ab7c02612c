using System.Globalization;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>What the point of sale flags: its exception rules with their parameters, and the statements that find the same in history.</summary>
internal static class SaleRules
{
    public const string CashVariance = "POS_CASH_VARIANCE", ReceiptGap = "POS_RECEIPT_GAP", NegativeStock = "POS_NEGATIVE_STOCK", ReversedAfterTender = "POS_REVERSED_AFTER_TENDER";

    public const string NoSaleOpenings = "POS_NO_SALE_OPENINGS", OfflinePriceDiff = "POS_OFFLINE_PRICE_DIFF", OfflineBeyondAuthority = "POS_OFFLINE_BEYOND_AUTHORITY";

    public const string PriceOverride = "POS_PRICE_OVERRIDE", DiscountHigh = "POS_DISCOUNT_HIGH", ShiftOpenLong = "POS_SHIFT_OPEN_LONG", HeldLong = "POS_HELD_LONG", ApprovalWaits = "POS_APPROVAL_WAITS";

    private const string Manager = "store-manager", Accountant = "accountant", Close = "shift-close";
    private const int Day = 1440;

    public static readonly IReadOnlyList<ExceptionDeclaration> All =
    [
        new(CashVariance, "Cash counted differs from what was expected", "high")
        {
            Parameters = [new("above", "Difference above", "money", 1000)], Of = Close, OwnerRole = Manager, EscalateMinutes = Day, EscalateRole = Accountant, Caught = Variances, FigureType = "money",
        },
        new(ReceiptGap, "A receipt number is missing", "high") { Of = Close, OwnerRole = Manager, EscalateMinutes = Day, EscalateRole = Accountant, Caught = Gaps },
        new(NegativeStock, "Sold below zero stock", "medium") { OwnerRole = Manager, Caught = BelowZero, FigureType = "quantity" },
        new(ReversedAfterTender, "A sale was reversed after it was paid", "medium")
        {
            Parameters = [new("atLeast", "Total of at least", "money", 0)], OwnerRole = Manager, Fold = FoldBy.BranchAndUser, QuietMinutes = 480, Caught = Reversals, FigureType = "money",
        },
        new(NoSaleOpenings, "The drawer was opened often without a sale", "medium")
        {
            Parameters = [new("openings", "Openings of a shift above", "integer", 5, Most: 10_000)], Of = Close, OwnerRole = Manager, Caught = Openings,
        },
        new(OfflinePriceDiff, "Sold offline at another price", "low") { Parameters = [new("above", "Difference of a price above", "money", 0)], OwnerRole = Manager, Caught = OfflinePrices, FigureType = "price" },
        new(OfflineBeyondAuthority, "Sold offline with a discount beyond the seller's authority", "medium") { OwnerRole = Manager },
        new(PriceOverride, "A price was lowered far", "low") { Parameters = [new("above", "Below the list price by more than", "rate", 200_000, Most: 1_000_000)], OwnerRole = Manager, Caught = Overrides, FigureType = "price" },
        new(DiscountHigh, "A sale was discounted far", "medium") { Parameters = [new("above", "Share of the value above", "rate", 300_000, Most: 1_000_000)], OwnerRole = Manager, Caught = Discounts, FigureType = "money" },
        new(ShiftOpenLong, "A shift was open for long", "low")
        {
            Parameters = [new("hours", "Hours above", "integer", 16, 1, 10_000)], Of = Close, OwnerRole = Manager, Due = OpenShifts, Caught = LongShifts, FigureType = "seconds",
            Tell = found => $"{found.Label} is open for {Text(found.Figure / 3600)} hours.",
        },
        new(HeldLong, "A held sale was not taken up", "low")
        {
            Parameters = [new("hours", "Hours above", "integer", 4, 1, 24)], OwnerRole = Manager, Due = HeldNow, Caught = HeldThen, FigureType = "seconds",
            Tell = found => $"The held sale {found.Label} has waited for {Text(found.Figure / 3600)} hours.",
        },
        new(ApprovalWaits, "A document waits for approval beyond its time", "medium")
        {
            Parameters = [new("minutes", "Minutes above", "integer", 480, 1, 525_600)], OwnerRole = Manager, EscalateMinutes = Day, EscalateRole = "administrator", Due = WaitingNow, Caught = WaitingThen, FigureType = "seconds",
            Tell = found => $"{found.Label} waits for approval for {Text(found.Figure / 60)} minutes.",
        },
    ];

    private const string AboutDocument = "cast(d.id as text) as key, d.id as document_id, d.session_id as session_id, d.branch_id as branch_id, d.business_date as business_date, d.number as label";
    private const string ByDocument = "group by d.id, d.session_id, d.branch_id, d.business_date, d.number";

    /// <summary>Whether a part is more than a rate of the whole; both in the same unit, the rate in millionths.</summary>
    public static bool IsAbove(long part, long whole, long rate) => whole > 0 && (Int128)part * 1_000_000 > (Int128)whole * rate;

    /// <summary>An amount in minor units as millionths of the currency, the unit of prices.</summary>
    public static long InMillionths(long minor, Currency currency) => checked(minor * Scale(currency.Exponent));

    private static long Scale(int exponent)
    {
        var scale = 1L;
        for (var at = exponent; at < 6; at++) scale *= 10;
        return scale;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Posted documents of a kind on the days and at the branches asked about.</summary>
    private static Sql Posted(RuleQuestion asked, string kind) =>
        $"d.function = {PointOfSaleFunction.FunctionCode} and d.kind = {kind} and d.posted_at is not null and d.reversal_of is null and d.business_date >= {asked.From} and d.business_date <= {asked.To} and {asked.At("d.branch_id")}";

    private static Sql Variances(RuleQuestion asked) => $"""
        select {Sql.Raw(AboutDocument)}, max(abs(t.variance)) as figure from document d join pos_shift_tender t on t.session_id = d.session_id
        where {Posted(asked, Close)} and abs(t.variance) > {asked["above"]} {Sql.Raw(ByDocument)}
        """;

    private static Sql Gaps(RuleQuestion asked) => $"""
        select {Sql.Raw(AboutDocument)}, g.missing as figure from document d join (
          select session_id, cast(sum(following - seq - 1) as bigint) as missing from (
            select n.session_id, s.receipt_seq as seq, lead(s.receipt_seq) over (partition by n.session_id order by s.receipt_seq) as following
            from document n join pos_sale s on s.document_id = n.id
            where n.kind = 'sale' and n.reversal_of is null and s.receipt_seq is not null and n.session_id in (select d.session_id from document d where {Posted(asked, Close)})) numbered
          where following > seq + 1 group by session_id) g on g.session_id = d.session_id
        where {Posted(asked, Close)}
        """;

    /// <summary>Stock after each entry, in the order in which the entries were booked; the items that went out on these days with all their history.</summary>
    private static Sql BelowZero(RuleQuestion asked) => $"""
        select {Sql.Raw(AboutDocument)}, min(x.standing) as figure from (
          select t.document_id, e.amount, cast(sum(e.amount) over (partition by e.account_id order by t.tx, t.id, e.line) as bigint) as standing
          from entry e join ledger_transaction t on t.id = e.transaction_id join account a on a.id = e.account_id
          where a.role = 'store' and e.account_id in (select o.account_id from entry o where o.business_date >= {asked.From} and o.business_date <= {asked.To} and o.amount < 0)) x
        join document d on d.id = x.document_id
        where x.amount < 0 and x.standing < 0 and {Posted(asked, "sale")} {Sql.Raw(ByDocument)}
        """;

    /// <summary>On the day of the reversal, which the mirror carries.</summary>
    private static Sql Reversals(RuleQuestion asked) => $"""
        select cast(d.id as text) as key, d.id as document_id, d.session_id as session_id, d.branch_id as branch_id, m.business_date as business_date, d.number as label, abs(d.total) as figure
        from document m join document d on d.id = m.reversal_of
        where m.function = {PointOfSaleFunction.FunctionCode} and m.kind = 'sale' and m.business_date >= {asked.From} and m.business_date <= {asked.To} and {asked.At("m.branch_id")}
          and abs(d.total) >= {asked["atLeast"]}
        """;

    private static Sql Shift(RuleQuestion asked, string figure) =>
        $"cast(w.id as text) as key, cast(null as {Sql.Raw(asked.Engine == Engine.Postgres ? "uuid" : "text")}) as document_id, w.id as session_id, w.branch_id as branch_id, {asked.Day(Sql.Raw("w.opened_at"))} as business_date, w.number as label, {Sql.Raw(figure)} as figure";

    private static Sql Opened(RuleQuestion asked) => $"w.kind = 'shift' and w.opened_at >= {asked.Start} and w.opened_at < {asked.End} and {asked.At("w.branch_id")}";

    private static Sql Openings(RuleQuestion asked) => $"""
        select {Shift(asked, "count(*)")} from work_session w join pos_drawer_opening o on o.session_id = w.id
        where {Opened(asked)} group by w.id, w.branch_id, w.opened_at, w.number having count(*) > {asked["openings"]}
        """;

    private static Sql OfflinePrices(RuleQuestion asked) => $"""
        select {Sql.Raw(AboutDocument)}, max(abs(l.list_price - l.unit_price)) as figure from document d join pos_sale s on s.document_id = d.id join pos_sale_line l on l.document_id = d.id, company c
        where {Posted(asked, "sale")} and s.offline_at is not null and l.item_id is not null
          and abs(l.list_price - l.unit_price) > {asked["above"]} * (case c.exponent when 0 then 1000000 when 1 then 100000 when 2 then 10000 when 3 then 1000 when 4 then 100 else 10 end)
        {Sql.Raw(ByDocument)}
        """;

    private static Sql Overrides(RuleQuestion asked) => $"""
        select {Sql.Raw(AboutDocument)}, max(l.list_price - l.unit_price) as figure from document d join pos_sale s on s.document_id = d.id join pos_sale_line l on l.document_id = d.id
        where {Posted(asked, "sale")} and s.offline_at is null and l.item_id is not null and l.list_price > 0
          and cast(l.list_price - l.unit_price as numeric) * 1000000 > cast(l.list_price as numeric) * {asked["above"]} {Sql.Raw(ByDocument)}
        """;

    private static Sql Discounts(RuleQuestion asked) => $"""
        select {Sql.Raw(AboutDocument)}, s.discount as figure from document d join pos_sale s on s.document_id = d.id
        where {Posted(asked, "sale")} and s.gross > 0 and cast(s.discount as numeric) * 1000000 > cast(s.gross as numeric) * {asked["above"]}
        """;

    /// <summary>Shifts that are open for too long, and those closed within the last day that nobody noticed in time.</summary>
    private static Sql OpenShifts(RuleQuestion asked) => OpenFor(asked, $"(w.state <> 'closed' or w.closed_at >= {asked.Now.AddDays(-1)}) and {asked.At("w.branch_id")}");

    private static Sql LongShifts(RuleQuestion asked) => OpenFor(asked, Opened(asked));

    private static Sql OpenFor(RuleQuestion asked, Sql where)
    {
        var seconds = asked.Seconds(Sql.Raw("w.opened_at"), $"coalesce(w.closed_at, {asked.Instant(asked.Now)})");
        return $"""
            select key, document_id, session_id, branch_id, business_date, label, seconds as figure from (
              select {Shift(asked, "0")}, {seconds} as seconds from work_session w where w.kind = 'shift' and {where}) s
            where seconds > {asked["hours"] * 3600}
            """;
    }

    private static Sql HeldNow(RuleQuestion asked) => Held(asked,
        $"d.function = {PointOfSaleFunction.FunctionCode} and d.status = 'draft' and d.created_at < {asked.Now.AddHours(-asked["hours"])} and {asked.At("d.branch_id")}", asked.Instant(asked.Now));

    /// <summary>Held until it was taken up or until it was given up by the clock; when somebody gave it up by hand is not known.</summary>
    private static Sql HeldThen(RuleQuestion asked) => Held(asked, $"""
        d.function = {PointOfSaleFunction.FunctionCode} and d.created_at >= {asked.Start} and d.created_at < {asked.End} and {asked.At("d.branch_id")}
        and (d.status = 'draft' or n.created_at is not null)
        """, (Sql)$"coalesce(n.created_at, {asked.Instant(asked.Now)})");

    private static Sql Held(RuleQuestion asked, Sql where, Sql until) => $"""
        select key, document_id, session_id, branch_id, business_date, label, seconds as figure from (
          select cast(d.id as text) as key, d.id as document_id, d.session_id as session_id, d.branch_id as branch_id, d.business_date as business_date, s.parked_label as label,
            {asked.Seconds(Sql.Raw("d.created_at"), until)} as seconds
          from document d join pos_sale s on s.document_id = d.id left join document_relation r on r.from_id = d.id and r.relation = 'became' left join document n on n.id = r.to_id
          where d.kind = 'sale' and s.basket is not null and {where}) h
        where seconds > {asked["hours"] * 3600}
        """;

    private static Sql WaitingNow(RuleQuestion asked) => Waiting(asked, $"r.state = 'open' and r.requested_at < {asked.Now.AddMinutes(-asked["minutes"])} and {asked.At("r.branch_id")}");

    private static Sql WaitingThen(RuleQuestion asked) => Waiting(asked, $"r.requested_at >= {asked.Start} and r.requested_at < {asked.End} and {asked.At("r.branch_id")}");

    private static Sql Waiting(RuleQuestion asked, Sql where) => $"""
        select key, document_id, session_id, branch_id, business_date, label, seconds as figure from (
          select cast(r.id as text) as key, d.id as document_id, d.session_id as session_id, r.branch_id as branch_id, d.business_date as business_date, coalesce(d.number, d.kind) as label,
            {asked.Seconds(Sql.Raw("r.requested_at"), $"coalesce(r.closed_at, {asked.Instant(asked.Now)})")} as seconds
          from approval_request r join document d on d.id = r.document_id where r.function = {PointOfSaleFunction.FunctionCode} and {where}) w
        where seconds > {asked["minutes"] * 60}
        """;
}
