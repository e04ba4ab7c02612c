using Plug1.Kernel.Catalog;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>Sell and take money at a counter in seconds, and prove the drawer.</summary>
internal sealed class PointOfSaleFunction(LedgerBook ledger, CatalogueBook catalogue, OrganisationBook organisation, Kernel.Exceptions.ExceptionBook exceptions, Customers.Loyalty.ILoyalty loyalty) : Function
{
    public const string FunctionCode = "sales.point-of-sale";

    /// <summary>The kind of a credit note: goods that came back for their money. All its figures are below zero.</summary>
    public const string ReturnKind = "return";

    private const string Cashier = "cashier", Clerk = "sales", Manager = "store-manager", Accountant = "accountant", Auditor = "auditor";

    public override string Module => "sales";

    public override string Slug => "point-of-sale";

    public override string Name => "Point of sale";

    public override string Summary => "Sell and take money at a counter in seconds, and prove the drawer.";

    public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new("sale", "Sale"), new(ReturnKind, "Return"), new("cash-movement", "Cash movement"), new("shift-close", "Shift close"),
        new(IssuedVoucher.Kind, "Voucher"), new(ExpiredVouchers.Kind, "Voucher expiry")];

    public override IReadOnlyList<string> Needs { get; } = [Plug1.Kernel.Stock.StockFunction.FunctionCode];

    public override IReadOnlyList<string> SessionKinds { get; } = ["shift"];

    public override IReadOnlyList<ActionDeclaration> Actions { get; } =
    [
        new("view", "See sales, shifts and reports", [Cashier, Clerk, Manager, Accountant, Auditor]),
        new("create", "Ring up sales, park and resume baskets", [Cashier, Clerk, Manager]),
        new("submit", "Hand in and cancel", [Cashier, Clerk, Manager]),
        new("approve", "Approve and reject what waits", [Manager, Accountant]),
        new("post", "Post what was approved", [Manager, Accountant]),
        new("reverse", "Reverse a sale of the open shift", [Cashier, Clerk, Manager]),
        new("close", "Close and reopen documents", [Manager, Accountant]),
        new("export", "Export lists and reports", [Manager, Accountant, Auditor]),
        new("open-shift", "Open a shift", [Cashier, Clerk, Manager]),
        new("move-cash", "Put cash in, pay out, drop into the safe", [Cashier, Clerk, Manager]),
        new("count", "Count the drawer", [Cashier, Clerk, Manager]),
        new("close-shift", "Close a shift", [Cashier, Clerk, Manager]),
        new("open-drawer", "Open the drawer without a sale", [Cashier, Clerk, Manager], true),
        new("override-price", "Change a price", [Clerk, Manager], true),
        new("discount", "Grant discounts beyond a cashier's", [Clerk, Manager], true),
        new("sell-below-cost", "Sell below cost", [Manager], true),
        new("sell-negative", "Sell what is not in stock", [Manager], true),
        new("view-expected", "See what the drawer should hold before the count", [Manager, Accountant, Auditor], true),
        new("view-cost", "See cost and margin", [Manager, Accountant, Auditor], true),
        new("reprint", "Print a receipt again", [Cashier, Clerk, Manager], true),
        new("paid-out", "Grant a paid-out beyond the limit", [Manager], true),
        new("variance", "Grant a cash variance beyond the limit", [Manager, Accountant], true),
        new("issue-voucher", "Issue gift cards and store credit that nobody paid for", [Manager], true),
        new("grant-reversal", "Grant a reversal at the till", [Manager], true),
        new("backdate", "Post on an earlier business day", [Accountant], true),
    ];

    public override string ListSource => "left join pos_sale s on s.document_id = d.id left join terminal t on t.id = s.terminal_id left join past_document x on x.document_id = d.id";

    public override IReadOnlyList<ColumnDeclaration> Columns { get; } =
    [
        new("terminal", "Till", "text", "t.code", Filterable: true, Choices: "terminal"),
        new("lineCount", "Lines", "integer", "s.line_count", Shown: false),
        new("net", "Net", "money", "s.net"),
        new("tax", "Tax", "money", "s.tax", Shown: false),
        new("discount", "Discount", "money", "s.discount", Shown: false),
        new("cost", "Cost", "money", "s.cost", Shown: false, Permission: "view-cost"),
        new("overrides", "Overrides", "integer", "s.overrides", Shown: false),
        new("reference", "Reference", "text", "x.reference", Shown: false),
    ];

    public override IReadOnlyList<MeasureDeclaration> Measures { get; } =
    [
        new("netSales", "Net sales", "money", Traded("amount")),
        new("transactions", "Transactions", "integer", Booked("count"), LineGrain: false),
        new("averageBasket", "Average basket", "money", Traded("amount"), Booked("count"), LineGrain: false),
        new("units", "Units", "quantity", Booked("quantity")),
        new("unitsPerTransaction", "Units per transaction", "quantity", Booked("quantity"), Booked("count"), LineGrain: false),
        new("grossSales", "Gross sales", "money", Booked("m1")),
        new("discounts", "Discounts", "money", Booked("m2"), Better: "down"),
        new("discountRate", "Discount rate", "rate", Booked("m2"), Booked("m1"), Better: "down"),
        new("returns", "Returns", "money", Returned("amount"), Better: "down"),
        new("unitsReturned", "Units returned", "quantity", Returned("quantity"), Better: "down"),
        new("returnRate", "Return rate", "rate", Returned("amount"), Booked("amount"), Better: "down"),
        new("tax", "Tax", "money", Traded("m3"), Better: "none"),
        new("cost", "Cost of sales", "money", Traded("cost"), Better: "down", Permission: "view-cost"),
        new("margin", "Margin", "money", Traded("amount - cost"), Permission: "view-cost"),
        new("marginRate", "Margin %", "rate", Traded("amount - cost"), Traded("amount"), Permission: "view-cost"),
        new("reversals", "Reversals", "integer", "case when kind = 'sale' and event = 'reversed' then -count else 0 end", Better: "down", LineGrain: false),
        new("reversalRate", "Reversal rate", "rate", "case when kind = 'sale' and event = 'reversed' then -count else 0 end", "case when kind = 'sale' and event = 'posted' then count else 0 end", Better: "down", LineGrain: false),
        new("overrides", "Price overrides", "integer", Booked("m5"), Better: "down"),
        new("cashVariance", "Cash variance", "money", "case when kind = 'shift-close' and event = 'posted' then m4 else 0 end", Better: "down", LineGrain: false),
        new("secondsPerSale", "Seconds per sale", "number", "case when kind = 'sale' and event = 'posted' then m6 else 0 end", "case when kind = 'sale' and event = 'posted' then count else 0 end", Better: "down", LineGrain: false),
        new("exceptions", "Exceptions", "integer", "case when event = 'exception' then count else 0 end", Better: "down", LineGrain: false),
    ];

    public override IReadOnlyList<string> KpiMeasures { get; } = ["netSales", "transactions", "averageBasket", "unitsPerTransaction", "marginRate", "discountRate", "reversalRate", "cashVariance"];

    public override IReadOnlyList<DimensionDeclaration> Dimensions { get; } = [new("tender", "Tender", "d1")];

    public override FunctionSums Sums => SaleSums.Declared;

    public override IReadOnlyList<NamedReport> Reports => PointOfSaleReports.Of(this);

    public override IReadOnlyList<ExceptionDeclaration> Exceptions => SaleRules.All;

    public override IReadOnlyList<ApprovalDefault> ApprovalDefaults { get; } =
    [
        new("sale", Verb.Reverse, "", 0, Manager),
        new("cash-movement", Verb.Submit, "paid-out", 5000, Manager),
        new("cash-movement", Verb.Reverse, "", 0, Manager),
        new("shift-close", Verb.Submit, "variance", 1000, Manager),
        new("shift-close", Verb.Submit, "variance-rate", 5000, Manager),
        new("shift-close", Verb.Submit, "variance", 10000, Accountant, 2),
        new(IssuedVoucher.Kind, Verb.Submit, VoucherPurpose.Redress, 5000, Manager),
        new(IssuedVoucher.Kind, Verb.Submit, VoucherPurpose.Reward, 5000, Manager),
        new(IssuedVoucher.Kind, Verb.Reverse, "", 0, Manager),
    ];

    public override IReadOnlyList<FigureDeclaration> Figures => ApprovalFigures.All;

    /// <summary>A sale is in the books when it is paid, and so is a return; what a seller may not do alone is granted at the till.</summary>
    public override bool AsksApproval(string kind, string action) => action switch
    {
        Verb.Submit => kind is "cash-movement" or "shift-close" or IssuedVoucher.Kind,
        Verb.Reverse => kind is "sale" or "cash-movement" or IssuedVoucher.Kind,
        _ => false,
    };

    /// <summary>The float comes with the opening of the shift.</summary>
    public override string AsksApprovalWhen => "not exists (select 1 from pos_cash_movement c where c.document_id = d.id and c.movement = 'float')";

    public override IReadOnlyList<ReasonDefault> ReasonDefaults { get; } =
    [
        new(Verb.Reverse, "WRONG_ITEM", "Wrong item"), new(Verb.Reverse, "CUSTOMER_LEFT", "Customer left"), new(Verb.Reverse, "TRAINING", "Training"), new(Verb.Reverse, "ISSUED_IN_ERROR", "Issued in error"),
        new("override", "DAMAGED", "Damaged"), new("override", "MATCH_PRICE", "Match price"), new("override", "DISPLAY", "Display piece"), new("override", "MANAGER", "Manager's decision"),
        new("paid-out", "PETTY_CASH", "Petty cash"), new("paid-out", "SUPPLIER", "Supplier"), new("paid-out", "TIP", "Tip"),
        new("paid-in", "PETTY_CASH", "Petty cash returned"), new("paid-in", "SAFE", "From the safe"), new("paid-in", "TIP", "Tip"),
        new(VoucherPurpose.Redress, "COMPLAINT", "Complaint"), new(VoucherPurpose.Redress, "FAULTY_GOODS", "Faulty goods"), new(VoucherPurpose.Redress, "LATE", "Late or not delivered"), new(VoucherPurpose.Redress, "GOODWILL", "Goodwill"),
        new(VoucherPurpose.Reward, "LOYALTY", "Loyalty"), new(VoucherPurpose.Reward, "REFERRAL", "Brought a new customer"), new(VoucherPurpose.Reward, "CAMPAIGN", "Campaign"),
        new(Verb.Reject, "NOT_JUSTIFIED", "Not justified"), new(Verb.Reject, "COUNT_AGAIN", "Count again"), new(Verb.Reject, "INCOMPLETE", "Incomplete"),
    ];

    public override IReadOnlyList<QuickAction> QuickActions { get; } =
    [
        new("open-register", "Open register", "/sales/point-of-sale/register", "create"),
        new("parked", "Continue parked basket", "/sales/point-of-sale/parked", "create"),
        new("close-shift", "Close shift", "/sales/point-of-sale/shifts", "close-shift"),
        new("approve", "Approve next sale", "/approvals?function=sales.point-of-sale", "approve"),
        new("export", "Export report", "/sales/point-of-sale/reports", "export"),
    ];

    public override async Task<Document> Load(Tx tx, Header header, CancellationToken ct)
    {
        switch (header.Kind)
        {
            case "cash-movement":
                var data = await tx.First($"select session_id, terminal_id, movement, amount, reason, counter_role from pos_cash_movement where document_id = {header.ReversalOf ?? header.Id}",
                    row => new CashMovementData(row.Guid(0), row.Guid(1), row.Text(2), row.Long(3), row.TextOrNull(4), row.Text(2) == "float" ? AccountRoles.Safe : Shifts.RoleOf(row.Text(5))), ct);
                return new CashMovement(header, data!, ledger);
            case IssuedVoucher.Kind:
                return await IssuedVoucher.Load(tx, header, ledger, ct);
            case ExpiredVouchers.Kind:
                return new ExpiredVouchers(header);
            case "shift-close":
                return await ShiftClose.Load(tx, header, this, ledger, await catalogue.Get(ct), (await organisation.Get(ct)).Company.Currency, exceptions, ct);
            default:
                return new Sale(header, this, exceptions, loyalty);
        }
    }

    public override async Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct)
    {
        var currency = (await organisation.Get(ct)).Company.Currency;
        return header.Kind switch
        {
            "cash-movement" => await PointOfSaleDetail.CashMovement(db, header, ct),
            IssuedVoucher.Kind => await PointOfSaleDetail.IssuedVoucher(db, header, ct),
            ExpiredVouchers.Kind => await PointOfSaleDetail.ExpiredVouchers(db, header, ct),
            "shift-close" => await PointOfSaleDetail.ShiftClose(db, header, ct),
            _ => await PointOfSaleDetail.Sale(db, header, may("view-cost"), currency, ct),
        };
    }

    /// <summary>A measure of sales: what was posted and what was reversed, the latter negative already.</summary>
    private static string Booked(string column) => $"case when kind = 'sale' and event in ('posted', 'reversed') then {column} else 0 end";

    /// <summary>The same with what came back, which is negative: net sales are gross sales less discounts and returns.</summary>
    private static string Traded(string column) => $"case when kind in ('sale', 'return') and event in ('posted', 'reversed') then {column} else 0 end";

    /// <summary>What came back, as a figure above zero.</summary>
    private static string Returned(string column) => $"case when kind = 'return' and event in ('posted', 'reversed') then -{column} else 0 end";
}
