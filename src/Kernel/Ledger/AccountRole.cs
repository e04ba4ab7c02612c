namespace Plug1.Kernel.Ledger;

/// <summary>What an account of the chart is.</summary>
public static class AccountKinds
{
    /// <summary>Kinds that stand on the financial statements.</summary>
    public static readonly IReadOnlyList<string> Money = ["asset", "liability", "equity", "income", "expense"];
}

/// <summary>A role by which posting code names an account, never the account itself.</summary>
/// <param name="Code">The name in <c>accounts.md</c>, such as <c>SalesRevenue</c>.</param>
/// <param name="Kind">asset, liability, equity, income, expense, location, holding or memorandum.</param>
/// <param name="Guarded">Its balance is kept under lock and may not pass <paramref name="Lower"/>.</param>
/// <param name="OpenItem">Its entries are open items.</param>
/// <param name="Lower">The lowest balance of a guarded account; null for none. Debit is positive, so a guarded liability has an upper limit instead.</param>
/// <param name="Upper">The highest balance of a guarded account; null for none.</param>
/// <param name="Contra">It lowers the group that it stands in.</param>
public sealed record AccountRole(string Code, string Kind, bool Guarded = false, bool OpenItem = false, long? Lower = null, long? Upper = null, bool Contra = false)
{
    /// <inheritdoc/>
    public override string ToString() => Code;
}

/// <summary>The roles that the kernel and the point of sale post to. A module adds its own beside these, in its own list.</summary>
public static class AccountRoles
{
    /// <summary>Cash in the drawer of a terminal.</summary>
    public static readonly AccountRole CashDrawer = new("CashDrawer", "asset");

    /// <summary>Cash in the safe of a branch.</summary>
    public static readonly AccountRole Safe = new("Safe", "asset");

    /// <summary>Money at a bank.</summary>
    public static readonly AccountRole Bank = new("Bank", "asset");

    /// <summary>Card takings that the acquirer still owes; subject is the payment method.</summary>
    public static readonly AccountRole CardClearing = new("CardClearing", "asset");

    /// <summary>Mobile money takings that the provider still owes; subject is the payment method.</summary>
    public static readonly AccountRole MobileClearing = new("MobileClearing", "asset");

    /// <summary>What rounding cash to its smallest coin costs or brings.</summary>
    public static readonly AccountRole CashRounding = new("CashRounding", "expense");

    /// <summary>Cash that was missing (debit) or too much (credit) at a count.</summary>
    public static readonly AccountRole CashOverShort = new("CashOverShort", "expense");

    /// <summary>What a customer owes; subject is the party.</summary>
    public static readonly AccountRole Receivable = new("Receivable", "asset", OpenItem: true);

    /// <summary>Gift cards and store credit not yet used; subject is the voucher. A credit balance, so it may not rise above zero.</summary>
    public static readonly AccountRole StoredValue = new("StoredValue", "liability", Guarded: true, Upper: 0);

    /// <summary>Revenue of sales; subject is the category.</summary>
    public static readonly AccountRole SalesRevenue = new("SalesRevenue", "income");

    /// <summary>Revenue given back; subject is the category.</summary>
    public static readonly AccountRole SalesReturns = new("SalesReturns", "income", Contra: true);

    /// <summary>Tax owed on sales; subject is the tax component.</summary>
    public static readonly AccountRole OutputTax = new("OutputTax", "liability");

    /// <summary>Tax to reclaim on purchases; subject is the tax component.</summary>
    public static readonly AccountRole InputTax = new("InputTax", "asset");

    /// <summary>Value of goods on hand; subject is the item in a warehouse, with the lot for FIFO items.</summary>
    public static readonly AccountRole Inventory = new("Inventory", "asset", Guarded: true);

    /// <summary>Differences of counts, valuations and openings; subject is the category.</summary>
    public static readonly AccountRole InventoryAdjustment = new("InventoryAdjustment", "expense");

    /// <summary>Cost of goods sold; subject is the category.</summary>
    public static readonly AccountRole CostOfSales = new("CostOfSales", "expense");

    /// <summary>Goods received whose invoice is still to come; subject is the supplier.</summary>
    public static readonly AccountRole GoodsReceivedNotInvoiced = new("GoodsReceivedNotInvoiced", "liability", OpenItem: true);

    /// <summary>Money given for goodwill, such as a voucher as redress.</summary>
    public static readonly AccountRole GoodwillExpense = new("GoodwillExpense", "expense");

    /// <summary>Stored value that expired.</summary>
    public static readonly AccountRole BreakageRevenue = new("BreakageRevenue", "income");

    /// <summary>What rewards cost: points paid with, vouchers given as a reward; subject is the programme or the reason.</summary>
    public static readonly AccountRole LoyaltyRedemption = new("LoyaltyRedemption", "income", Contra: true);

    /// <summary>Small costs paid out of the drawer; subject is the reason.</summary>
    public static readonly AccountRole PettyCash = new("PettyCash", "expense");

    /// <summary>Gratuities taken for staff and paid out again.</summary>
    public static readonly AccountRole TipsPayable = new("TipsPayable", "liability");

    /// <summary>What somebody books by hand on an account of the chart that no function posts to.</summary>
    /// <remarks>It is mapped to no account: each line names its own.</remarks>
    public static readonly AccountRole ByHand = new("ByHand", "");

    /// <summary>Opening balances before they are analysed.</summary>
    public static readonly AccountRole OpeningBalance = new("OpeningBalance", "equity");

    /// <summary>Goods ready for sale in a warehouse; subject is the warehouse, with the lot where lots are kept.</summary>
    public static readonly AccountRole Store = new("store", "location", Guarded: true, Lower: 0);

    /// <summary>Goods that customers have bought.</summary>
    public static readonly AccountRole Customer = new("customer", "location");

    /// <summary>Goods that came from suppliers.</summary>
    public static readonly AccountRole Supplier = new("supplier", "location");

    /// <summary>Goods found or missing at a count.</summary>
    public static readonly AccountRole Adjustment = new("adjustment", "location");

    /// <summary>Goods thrown away.</summary>
    public static readonly AccountRole Scrap = new("scrap", "location");

    /// <summary>The roles whose money is what goods cost.</summary>
    public static readonly IReadOnlyList<AccountRole> CostOfGoods = [Inventory, InventoryAdjustment, CostOfSales, GoodsReceivedNotInvoiced];

    /// <summary>All of the above with their default accounts of the chart.</summary>
    public static readonly IReadOnlyList<(AccountRole Role, string Gl, string Name, string Group)> Chart =
    [
        (CashDrawer, "1000", "Cash in tills", "cash"),
        (Safe, "1010", "Cash in safes", "cash"),
        (Bank, "1050", "Bank", "cash"),
        (CardClearing, "1060", "Card clearing", "cash"),
        (MobileClearing, "1070", "Mobile money clearing", "cash"),
        (Receivable, "1100", "Trade receivables", "receivables"),
        (InputTax, "1200", "Input tax", "tax"),
        (Inventory, "1300", "Inventory", "inventory"),
        (OutputTax, "2200", "Output tax", "tax"),
        (StoredValue, "2300", "Gift cards and store credit", "customer-liabilities"),
        (TipsPayable, "2350", "Tips payable", "payables"),
        (GoodsReceivedNotInvoiced, "2100", "Goods received, not invoiced", "payables"),
        (OpeningBalance, "3900", "Opening balances", "equity"),
        (SalesRevenue, "4000", "Sales revenue", "revenue"),
        (SalesReturns, "4100", "Sales returns", "revenue"),
        (BreakageRevenue, "4200", "Breakage of stored value", "revenue"),
        (LoyaltyRedemption, "4300", "Loyalty redemption", "revenue"),
        (CostOfSales, "5000", "Cost of sales", "cost-of-sales"),
        (InventoryAdjustment, "5100", "Inventory adjustments", "cost-of-sales"),
        (CashRounding, "6100", "Cash rounding", "expenses"),
        (CashOverShort, "6110", "Cash over and short", "expenses"),
        (PettyCash, "6200", "Petty cash expenses", "expenses"),
        (GoodwillExpense, "6300", "Goodwill", "expenses"),
        (Store, "9000", "Goods in store", "locations"),
        (Customer, "9100", "Goods with customers", "locations"),
        (Supplier, "9200", "Goods from suppliers", "locations"),
        (Adjustment, "9300", "Goods adjusted", "locations"),
        (Scrap, "9400", "Goods scrapped", "locations"),
    ];
}
