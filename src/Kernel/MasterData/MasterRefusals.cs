using Plug1.Kernel.Security;

namespace Plug1.Kernel.MasterData;

/// <summary>Every reason for which master data says no.</summary>
public static class MasterRefusals
{
    /// <summary>A change does not say which version its writer has seen.</summary>
    public static readonly Refusal VersionMissing = new("VERSION_REQUIRED", "Say in If-Match which version you have seen.", Status: 428);

    /// <summary>A code by which other rows name it stays.</summary>
    public static readonly Refusal CodeFixed = new("CODE_FIXED", "This code is used elsewhere and stays as it is.", "/code", 409);

    /// <summary>The time zone is none of the IANA database.</summary>
    public static readonly Refusal TimeZoneUnknown = new("TIME_ZONE_UNKNOWN", "A time zone is a name of the IANA database, such as Europe/Berlin.", "/timeZone");

    /// <summary>No such branch.</summary>
    public static readonly Refusal BranchUnknown = SecurityRefusals.BranchUnknown("/branchId");

    /// <summary>A branch with tills or stores in use is not put out of use.</summary>
    public static readonly Refusal BranchInUse = new("BRANCH_IN_USE", "Put its terminals and warehouses out of use first.", "/active", 409);

    /// <summary>No such warehouse.</summary>
    public static readonly Refusal WarehouseUnknown = new("WAREHOUSE_UNKNOWN", "There is no such warehouse.", "/warehouseId");

    /// <summary>The warehouse serves terminals, or goods are in it.</summary>
    public static readonly Refusal WarehouseInUse = new("WAREHOUSE_IN_USE", "The warehouse serves terminals in use or has goods in it.", Status: 409);

    /// <summary>The warehouse is another branch's.</summary>
    public static readonly Refusal WarehouseElsewhere = new("TERMINAL_WAREHOUSE_ELSEWHERE", "The warehouse belongs to another branch.", "/warehouseId");

    /// <summary>The terminal has a shift that is not closed.</summary>
    public static readonly Refusal TerminalShiftOpen = new("TERMINAL_SHIFT_OPEN", "The terminal has a shift that is not closed.", Status: 409);

    /// <summary>No such currency.</summary>
    public static readonly Refusal CurrencyUnknown = new("CURRENCY_UNKNOWN", "ISO 4217 has no such currency.", "/currency");

    /// <summary>The currency stays once something is booked.</summary>
    public static readonly Refusal CurrencyFixed = new("COMPANY_CURRENCY_FIXED", "The currency cannot change once something has been booked.", "/currency", 409);

    /// <summary>No such category.</summary>
    public static readonly Refusal CategoryUnknown = new("CATEGORY_UNKNOWN", "There is no such category.", "/categoryId");

    /// <summary>A category would be under itself.</summary>
    public static readonly Refusal CategoryCycle = new("CATEGORY_CYCLE", "A category cannot be under itself.", "/parentId");

    /// <summary>No such unit.</summary>
    public static readonly Refusal UnitUnknown = new("UNIT_UNKNOWN", "There is no such unit of measure.", "/unit");

    /// <summary>Items count in the unit.</summary>
    public static readonly Refusal UnitInUse = new("UNIT_IN_USE", "Items are counted in this unit, so its code and decimals stay.", "/decimals", 409);

    /// <summary>No such tax code.</summary>
    public static readonly Refusal TaxCodeUnknown = new("TAX_CODE_UNKNOWN", "There is no such tax code.", "/taxCodeId");

    /// <summary>No such item.</summary>
    public static readonly Refusal ItemUnknown = new("ITEM_UNKNOWN", "There is no such item.", "/itemId");

    /// <summary>The SKU is another item's.</summary>
    public static readonly Refusal ItemSkuTaken = new("ITEM_SKU_TAKEN", "Another item has this SKU.", "/sku", 409);

    /// <summary>The ledger counts the item by its SKU.</summary>
    public static readonly Refusal ItemSkuFixed = new("ITEM_SKU_FIXED", "Goods of this item have been booked, so its SKU stays.", "/sku", 409);

    /// <summary>How goods are tracked and valued stays once some were booked.</summary>
    public static readonly Refusal ItemBooked = new("ITEM_BOOKED", "Goods of this item have been booked, so unit, kind, tracking and valuation stay.", Status: 409);

    /// <summary>The categories keep their inventory on different accounts.</summary>
    public static readonly Refusal ItemCategoryFixed =
        new("ITEM_CATEGORY_FIXED", "Goods of this item have been booked, and the other category keeps them on another account.", "/categoryId", 409);

    /// <summary>First in, first out needs lots.</summary>
    public static readonly Refusal ValuationNeedsGoods = new("ITEM_KIND_NOT_STOCKED", "Only goods are tracked by lot or serial number or valued by FIFO.", "/kind");

    /// <summary>No such price list.</summary>
    public static readonly Refusal PriceListUnknown = new("PRICE_LIST_UNKNOWN", "There is no such price list.", "/priceListId");

    /// <summary>Another list is for everyone.</summary>
    public static readonly Refusal BaseListTaken = new("PRICE_LIST_BASE_TAKEN", "Another price list of this currency is the base list.", "/isBase", 409);

    /// <summary>The base list is for everyone.</summary>
    public static readonly Refusal BaseListForAll = new("PRICE_LIST_BASE_FOR_ALL", "The base list belongs to no branch and no channel.", "/isBase");

    /// <summary>The list has prices in its currency.</summary>
    public static readonly Refusal ListCurrencyFixed = new("PRICE_LIST_CURRENCY_FIXED", "The list has prices, so its currency stays.", "/currency", 409);

    /// <summary>The row is there already.</summary>
    public static readonly Refusal PriceRowTaken = new("PRICE_ROW_TAKEN", "The list has a price of this item from this day and quantity on.", "/validFrom", 409);

    /// <summary>The dates run backwards.</summary>
    public static readonly Refusal PriceDatesInvalid = new("PRICE_DATES_INVALID", "The first day without the price comes after its first day.", "/validTo");

    /// <summary>No such account of the chart.</summary>
    public static readonly Refusal AccountUnknown = new("GL_ACCOUNT_UNKNOWN", "There is no such account in the chart.", "/account");

    /// <summary>An account in use keeps its kind and stays in use.</summary>
    public static readonly Refusal AccountInUse = new("GL_ACCOUNT_IN_USE", "The account is booked on or roles are mapped to it.", Status: 409);

    /// <summary>No such account role.</summary>
    public static readonly Refusal AccountRoleUnknown = new("ACCOUNT_ROLE_UNKNOWN", "No function posts to this role.", "/role");

    /// <summary>Role and account are of different kinds.</summary>
    public static readonly Refusal AccountKindMismatch = new("ACCOUNT_KIND_MISMATCH", "The account is of another kind than the role.", "/account");

    /// <summary>Balances hang on the mapping.</summary>
    public static readonly Refusal AccountRuleInUse = new("ACCOUNT_RULE_IN_USE",
        "Balances that are kept exactly, such as stock or open items, stand on the present account; move them by a posting first.", "/account", 409);

    /// <summary>The month is in no such state.</summary>
    public static readonly Refusal PeriodState = new("PERIOD_STATE_NOT_ALLOWED", "The period is not in a state from which this can be done.", Status: 409);

    /// <summary>Months close in their order.</summary>
    public static readonly Refusal PeriodOrder = new("PERIOD_ORDER", "Close the periods before it first, and reopen the ones after it first.", Status: 409);

    /// <summary>The month is none.</summary>
    public static readonly Refusal PeriodUnknown = new("PERIOD_UNKNOWN", "A period is a month, such as 2026-03.", Status: 404);

    /// <summary>The function does not exist.</summary>
    public static readonly Refusal FunctionUnknown = new("FUNCTION_UNKNOWN", "There is no such function.", "/function");

    /// <summary>The payment method of cash alone is rounded.</summary>
    public static readonly Refusal RoundingOnlyCash = new("PAYMENT_ROUNDING_ONLY_CASH", "Only cash is rounded to a step.", "/roundingStep");

    /// <summary>There is no such thing.</summary>
    public static Refusal Unknown(string thing) => new("NOT_FOUND", $"There is no such {thing.Replace('-', ' ')}.", Status: 404);

    /// <summary>Checks stand in the way of a close.</summary>
    public static Refusal PeriodNotReady(IEnumerable<string> what) => new("PERIOD_NOT_READY", string.Join(" ", what), Status: 409);

    /// <summary>The code has other characters than it may have.</summary>
    public static Refusal CodeInvalid(string at) => new("CODE_INVALID", "A code has 1 to 40 letters, digits and the signs - _ . / without spaces.", at);

    /// <summary>The code is another one's.</summary>
    public static Refusal CodeTaken(string at) => new("CODE_TAKEN", "This code is taken.", at, 409);

    /// <summary>A text is missing, too long or has control characters.</summary>
    public static Refusal TextInvalid(string at, int longest) => new("TEXT_INVALID", $"{at[1..]} has 1 to {longest} characters and no control characters.", at);

    /// <summary>A value is none of those allowed.</summary>
    public static Refusal ChoiceInvalid(string at, IEnumerable<string> choices) => new("CHOICE_INVALID", $"Choose one of: {string.Join(", ", choices)}.", at);

    /// <summary>A number is outside its bounds.</summary>
    public static Refusal NumberOutOfRange(string at, string bounds) => new("NUMBER_OUT_OF_RANGE", $"{at[1..]} lies {bounds}.", at);

    /// <summary>The barcode is another item's, or given twice.</summary>
    public static Refusal BarcodeTaken(string code, int at) => new("BARCODE_TAKEN", $"The barcode {code} is taken.", $"/barcodes/{at}/code", 409);
}
