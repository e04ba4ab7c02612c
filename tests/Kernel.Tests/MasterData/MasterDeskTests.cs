using System.Collections.Frozen;
using System.Text.Json;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Payments;
using Plug1.Kernel.Rules;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.MasterData;

public sealed class MasterDeskTests
{
    [Theory, OnBothEngines]
    public async Task A_start_writes_what_is_missing_and_a_second_one_nothing(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        (await shop.Seed()).ShouldBe(0);
        (await shop.Number($"select count(*) from account_rule")).ShouldBe(AccountRoles.Chart.Count);
        (await shop.Number($"select count(*) from approval_rule")).ShouldBe(1);
        (await shop.Number($"select count(*) from reason")).ShouldBe(1);
        (await shop.Number($"select count(*) from role_permission where permission = 'kernel.catalogue.view' and role = 'cashier'")).ShouldBe(1);
        var view = await shop.Catalogue.Get();
        view.PaymentMethods.Select(method => method.Code).ShouldBe(["CASH", "CARD", "MOBILE", "VOUCHER", "ACCOUNT"]);
        view.PaymentMethod("CASH")!.RoundingStep.ShouldBeNull();
        view.Denominations("EUR").Take(3).ShouldBe([50000, 20000, 10000]);
        view.Unit("KG")!.Decimals.ShouldBe(3);

        await shop.Database.Write(tx => tx.Execute($"update approval_rule set over_value = 100"));
        await shop.Seed();
        (await shop.Number($"select over_value from approval_rule")).ShouldBe(100);
    }

    [Theory, OnBothEngines]
    public async Task Francs_are_rounded_to_five_centimes_from_the_start(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var clock = new FakeClock();
        await test.Database.Write(async tx =>
        {
            await KernelSeed.Apply(tx, new Kernel.Functions.FunctionCatalogue([]), clock);
            KernelSeed.Company(tx, new SeedOptions("Laden", Currencies.Of("CHF")), clock);
        });
        using var book = new CatalogueBook(test.Database, clock);
        (await book.Get()).PaymentMethod("CASH")!.RoundingStep.ShouldBe(5);
        (await book.Get()).Currency.ShouldBe("CHF");
    }

    [Theory, OnBothEngines]
    public async Task A_change_is_merged_by_version_and_leaves_before_and_after_in_the_audit_trail(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var items = new ItemMaster(shop.Catalogue);
        var changed = await shop.Change(items, shop.Item, 1, new { name = "Coffee, ground", standardCost = "3.5" });
        var view = JsonSerializer.Deserialize<ItemView>(changed.Value.Json, Shop.Json)!;
        (view.Name, view.StandardCost!.Value.ToString(), view.Sku, view.Version).ShouldBe(("Coffee, ground", "3.50", "A-1", 2L));
        (await shop.Change(items, shop.Item, 1, new { name = "Tea" })).Refusal!.Code.ShouldBe("VERSION_CONFLICT");
        var cleared = await shop.Change(items, shop.Item, 2, new { standardCost = (string?)null });
        JsonSerializer.Deserialize<ItemView>(cleared.Value.Json, Shop.Json)!.StandardCost.ShouldBeNull();

        var diff = await shop.Database.Read(db => db.Query($"select diff from audit_event where object_id = {shop.Item} order by seq", row => row.Text(0)));
        diff.Count.ShouldBe(3);
        using var second = JsonDocument.Parse(diff[1]);
        second.RootElement.EnumerateArray().Select(change => change.GetProperty("path").GetString()).ShouldBe(["/name", "/standardCost", "/version"], ignoreOrder: true);
        await Should.ThrowAsync<JsonException>(() => shop.Change(items, shop.Item, 3, new { nome = "Tea" }));
        (await shop.Number($"select version from item where id = {shop.Item}")).ShouldBe(3);
    }

    [Theory, OnBothEngines]
    public async Task The_same_key_answers_the_same_and_who_lacks_the_permission_is_denied(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var categories = new CategoryMaster(shop.Catalogue);
        var call = shop.Call with { IdempotencyKey = "k1", RequestHash = "h1" };
        var first = await shop.Desk.Create(categories, call, new CategoryWrite("DRINK", "Drinks"));
        (await shop.Desk.Create(categories, call, new CategoryWrite("DRINK", "Drinks"))).Value.ShouldBe(first.Value);
        (await shop.Desk.Create(categories, call with { RequestHash = "h2" }, new CategoryWrite("DRINK", "Drinks"))).Refusal!.Code.ShouldBe("IDEMPOTENCY_KEY_REUSED");

        var reader = new Actor(Ids.New(shop.Clock), "reader", "Reader", [new Grant("reader", null, FrozenSet.Create("kernel.catalogue.view"))]);
        var denied = await shop.Desk.Create(categories, new CommandCall(reader, shop.Branch), new CategoryWrite("X", "X"));
        denied.Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await shop.Desk.Get(categories, new CommandCall(reader, shop.Branch), shop.Category.ToString())).Value.Code.ShouldBe("FOOD");
        (await shop.Desk.Get(new BranchMaster(shop.Organisation), new CommandCall(reader, shop.Branch), shop.Branch.ToString())).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
    }

    [Theory, OnBothEngines]
    public async Task The_organisation_says_why_it_refuses(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var branches = new BranchMaster(shop.Organisation);
        var warehouses = new WarehouseMaster(shop.Organisation);
        var terminals = new TerminalMaster(shop.Organisation);
        (await shop.Refused(branches, new BranchWrite("B2", "Two", "Mars/Olympus"))).ShouldBe("TIME_ZONE_UNKNOWN /timeZone");
        (await shop.Refused(branches, new BranchWrite("B2", "Two", "../../etc/passwd"))).ShouldBe("TIME_ZONE_UNKNOWN /timeZone");
        (await shop.Refused(branches, new BranchWrite("HQ", "Two", "UTC"))).ShouldBe("CODE_TAKEN /code");
        (await shop.Refused(branches, new BranchWrite("A B", "Two", "UTC"))).ShouldBe("CODE_INVALID /code");
        (await shop.Refused(branches, new BranchWrite("B2", " ", "UTC"))).ShouldBe("TEXT_INVALID /name");
        var two = await shop.Made(branches, new BranchWrite("B2", "Two", "Europe/Berlin"));
        (await shop.Refused(warehouses, new WarehouseWrite(Guid.Empty, "W2", "Store"))).ShouldBe("BRANCH_UNKNOWN /branchId");
        (await shop.Refused(terminals, new TerminalWrite(two.Id, shop.Warehouse, "T2", "Till"))).ShouldBe("TERMINAL_WAREHOUSE_ELSEWHERE /warehouseId");
        (await shop.Refused(terminals, new TerminalWrite(shop.Branch, Guid.Empty, "T2", "Till"))).ShouldBe("WAREHOUSE_UNKNOWN /warehouseId");
        (await shop.Refused(terminals, new TerminalWrite(shop.Branch, shop.Warehouse, "T2", "Till", "mixed"))).ShouldBe("CHOICE_INVALID /basis");
        (await shop.ChangeRefused(branches, shop.Branch, new { active = false })).ShouldBe("BRANCH_IN_USE /active");
        (await shop.ChangeRefused(warehouses, shop.Warehouse, new { active = false })).ShouldBe("WAREHOUSE_IN_USE");
        await shop.Database.Write(tx => tx.Execute($"""
            insert into work_session (id, kind, branch_id, terminal_id, number, user_id, state, opened_at)
            values ({Ids.New(shop.Clock)}, 'shift', {shop.Branch}, {shop.Terminal}, 'S-1', {Actor.SystemId}, 'open', {shop.Clock.Now})
            """));
        (await shop.ChangeRefused(terminals, shop.Terminal, new { basis = "net" })).ShouldBe("TERMINAL_SHIFT_OPEN");
        (await shop.ChangeRefused(terminals, shop.Terminal, new { name = "Till one" })).ShouldBeNull();
        (await shop.Organisation.Get()).FindTerminal("T1")!.Name.ShouldBe("Till one");

        var company = new CompanyMaster(shop.Organisation);
        (await shop.ChangeRefused(company, "company", new { currency = "XXX" })).ShouldBe("CURRENCY_UNKNOWN /currency");
        (await shop.ChangeRefused(company, "company", new { taxRounding = "line" })).ShouldBeNull();
        await shop.Book("A-1", shop.Item, 1_000_000, 100);
        (await shop.ChangeRefused(company, "company", new { currency = "USD" })).ShouldBe("COMPANY_CURRENCY_FIXED /currency");
    }

    [Theory, OnBothEngines]
    public async Task The_catalogue_says_why_it_refuses(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var items = new ItemMaster(shop.Catalogue);
        (await shop.Refused(items, shop.ItemNamed("A-1", "Twice"))).ShouldBe("ITEM_SKU_TAKEN /sku");
        (await shop.Refused(items, shop.ItemNamed("A 1", "Space"))).ShouldBe("CODE_INVALID /sku");
        (await shop.Refused(items, shop.ItemNamed("B", "B") with { Unit = "FURLONG" })).ShouldBe("UNIT_UNKNOWN /unit");
        (await shop.Refused(items, shop.ItemNamed("B", "B") with { CategoryId = Guid.Empty })).ShouldBe("CATEGORY_UNKNOWN /categoryId");
        (await shop.Refused(items, shop.ItemNamed("B", "B") with { TaxCodeId = Guid.Empty })).ShouldBe("TAX_CODE_UNKNOWN /taxCodeId");
        (await shop.Refused(items, shop.ItemNamed("B", "B") with { Kind = ItemKind.Service, Tracking = Tracking.Lot })).ShouldBe("ITEM_KIND_NOT_STOCKED /kind");
        (await shop.Refused(items, shop.ItemNamed("B", "B") with { Barcodes = [new BarcodeWrite("1"), new BarcodeWrite("1")] })).ShouldBe("BARCODE_TAKEN /barcodes/1/code");
        (await shop.Refused(items, shop.ItemNamed("B", "B") with { Barcodes = [new BarcodeWrite("1", Quantity.Zero)] })).ShouldBe("NUMBER_OUT_OF_RANGE /barcodes/0/factor");

        var categories = new CategoryMaster(shop.Catalogue);
        var under = await shop.Made(categories, new CategoryWrite("UNDER", "Under", shop.Category));
        (await shop.ChangeRefused(categories, shop.Category, new { parentId = under.Id })).ShouldBe("CATEGORY_CYCLE /parentId");
        (await shop.ChangeRefused(new UnitMaster(shop.Catalogue), "EA", new { decimals = 2 })).ShouldBe("UNIT_IN_USE /decimals");

        var taxes = new TaxCodeMaster(shop.Catalogue);
        (await shop.Refused(taxes, new TaxCodeWrite("E", "Exempt", "E", []))).ShouldBe("TAX_EXEMPTION_REASON_REQUIRED /exemptionReason");
        (await shop.Refused(taxes, new TaxCodeWrite("S", "None", "S", []))).ShouldBe("TAX_RATE_INVALID /components");
        (await shop.Refused(taxes, new TaxCodeWrite("Q", "Wrong", "Q", []))).ShouldBe("CHOICE_INVALID /category");

        var prices = new PriceMaster(shop.Catalogue);
        await shop.Made(prices, new PriceWrite(shop.BaseList, shop.Item, UnitPrice.Of(1), new DateOnly(2025, 1, 1)));
        (await shop.Refused(prices, new PriceWrite(shop.BaseList, shop.Item, UnitPrice.Of(2), new DateOnly(2025, 1, 1)))).ShouldBe("PRICE_ROW_TAKEN /validFrom");
        (await shop.Refused(prices, new PriceWrite(shop.BaseList, shop.Item, UnitPrice.Of(-1)))).ShouldBe("NUMBER_OUT_OF_RANGE /price");
        (await shop.Refused(prices, new PriceWrite(Guid.Empty, shop.Item, UnitPrice.Of(1)))).ShouldBe("PRICE_LIST_UNKNOWN /priceListId");
        (await shop.Refused(prices, new PriceWrite(shop.BaseList, Guid.Empty, UnitPrice.Of(1)))).ShouldBe("ITEM_UNKNOWN /itemId");
        (await shop.Refused(prices, new PriceWrite(shop.BaseList, shop.Item, UnitPrice.Of(1), new DateOnly(2025, 2, 2), null, new DateOnly(2025, 2, 2)))).ShouldBe("PRICE_DATES_INVALID /validTo");
        var lists = new PriceListMaster(shop.Catalogue);
        (await shop.Refused(lists, new PriceListWrite("B2", "Second", IsBase: true))).ShouldBe("PRICE_LIST_BASE_TAKEN /isBase");
        (await shop.Refused(lists, new PriceListWrite("B2", "Second", IsBase: true, Channel: "web"))).ShouldBe("PRICE_LIST_BASE_FOR_ALL /isBase");
        (await shop.ChangeRefused(lists, shop.BaseList, new { currency = "USD" })).ShouldBe("PRICE_LIST_CURRENCY_FIXED /currency");
    }

    [Theory, OnBothEngines]
    public async Task What_the_ledger_has_counted_keeps_its_name_its_unit_and_its_accounts(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var items = new ItemMaster(shop.Catalogue);
        var other = await shop.Made(new CategoryMaster(shop.Catalogue), new CategoryWrite("OTHER", "Other"));
        (await shop.ChangeRefused(items, shop.Item, new { sku = "A-2" })).ShouldBeNull();
        await shop.Book("A-2", shop.Item, 5_000_000, 1_000);
        (await shop.ChangeRefused(items, shop.Item, new { sku = "A-3" })).ShouldBe("ITEM_SKU_FIXED /sku");
        (await shop.ChangeRefused(items, shop.Item, new { tracking = "lot" })).ShouldBe("ITEM_BOOKED");
        (await shop.ChangeRefused(items, shop.Item, new { categoryId = other.Id })).ShouldBeNull();
        await shop.Database.Write(tx => tx.Execute($"insert into account_rule (role, category_id, gl_code) values ('Inventory', {shop.Category.ToString("D")}, '1300')"));
        (await shop.ChangeRefused(items, shop.Item, new { categoryId = shop.Category })).ShouldBe("ITEM_CATEGORY_FIXED /categoryId");

        var rules = new AccountRuleMaster(shop.Rules, [.. AccountRoles.Chart.Select(row => row.Role)]);
        (await shop.Made(new GlAccountMaster(shop.Rules), new GlAccountWrite("1310", "Inventory, other", "asset"))).Version.ShouldBe(1);
        (await shop.ChangeRefused(rules, "Inventory::", new { account = "1310" })).ShouldBe("ACCOUNT_RULE_IN_USE /account");
        (await shop.ChangeRefused(rules, "SalesRevenue::", new { account = "1310" })).ShouldBe("ACCOUNT_KIND_MISMATCH /account");
        (await shop.Refused(rules, new AccountRuleWrite("Nobody", "1310"))).ShouldBe("ACCOUNT_ROLE_UNKNOWN /role");
        (await shop.Refused(rules, new AccountRuleWrite("Safe", "9999"))).ShouldBe("GL_ACCOUNT_UNKNOWN /account");
        (await shop.Made(rules, new AccountRuleWrite("Safe", "1310", shop.Branch))).Id.ShouldBe($"Safe:{shop.Branch:D}:");
        (await shop.ChangeRefused(new GlAccountMaster(shop.Rules), "1310", new { active = false })).ShouldBe("GL_ACCOUNT_IN_USE");
    }

    [Theory, OnBothEngines]
    public async Task Stock_is_told_by_warehouse_and_lot_and_its_value_to_those_who_may_see_it(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Book("A-1", shop.Item, 5_500_000, 1_234);
        var stock = (await shop.Database.Read(db => ItemStockQuery.Read(db, shop.Item.ToString(), mayViewCost: true))).Value;
        (stock.OnHand.ToString(), stock.Value).ShouldBe(("5.5", "12.34"));
        var position = stock.Positions.ShouldHaveSingleItem();
        (position.Warehouse, position.Lot, position.OnHand.ToString(), position.Value).ShouldBe(("W1", null, "5.5", "12.34"));
        (await shop.Database.Read(db => ItemStockQuery.Read(db, shop.Item.ToString(), mayViewCost: false))).Value.Value.ShouldBeNull();

        var lotted = await shop.Made(new ItemMaster(shop.Catalogue), shop.ItemNamed("L-1", "Milk") with { Tracking = Tracking.Lot, Valuation = Valuation.Fifo });
        var lot = Ids.New(shop.Clock);
        await shop.Database.Write(tx => tx.Execute($"insert into lot (id, item_id, code, expires_on, received_on) values ({lot}, {lotted.Id}, 'L7', {new DateOnly(2025, 2, 1)}, {new DateOnly(2025, 1, 1)})"));
        await shop.Book("L-1", lotted.Id, 2_000_000, 300, lot);
        var byLot = (await shop.Database.Read(db => ItemStockQuery.Read(db, lotted.Id.ToString(), mayViewCost: true))).Value.Positions.ShouldHaveSingleItem();
        (byLot.Lot, byLot.LotStatus, byLot.ExpiresOn, byLot.OnHand.ToString(), byLot.Value).ShouldBe(("L7", "released", new DateOnly(2025, 2, 1), "2", "3.00"));
        (await shop.Database.Read(db => ItemStockQuery.Read(db, "nothing", true))).Refusal!.Code.ShouldBe("NOT_FOUND");
    }

    [Theory, OnBothEngines]
    public async Task Payment_methods_reasons_and_approval_rules_are_checked(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var methods = new PaymentMethodMaster(shop.Catalogue);
        (await shop.Refused(methods, new PaymentMethodWrite("CASH", "Twice", PaymentType.Cash))).ShouldBe("CODE_TAKEN /code");
        (await shop.Refused(methods, new PaymentMethodWrite("X", "X", PaymentType.Card, RoundingStep: "0.05"))).ShouldBe("PAYMENT_ROUNDING_ONLY_CASH /roundingStep");
        (await shop.Refused(methods, new PaymentMethodWrite("X", "X", PaymentType.Card, MaxAmount: "1.005"))).ShouldBe("NUMBER_OUT_OF_RANGE /maxAmount");
        var changed = await shop.Change(methods, "CASH", 1, new { roundingStep = "0.05", roundingMode = "down" });
        JsonSerializer.Deserialize<PaymentMethodView>(changed.Value.Json, Shop.Json)!.RoundingStep.ShouldBe("0.05");
        var cash = (await shop.Catalogue.Get()).PaymentMethod("CASH")!;
        (cash.RoundingStep, cash.RoundingMode).ShouldBe((5L, Rounding.Down));
        var notes = await shop.Desk.Run(shop.Call, "kernel.payments", "configure",
            (tx, stamp) => methods.SetDenominations(tx, shop.Desk, "EUR", new DenominationsWrite(["5.00", "10.00"]), stamp, default));
        notes.Value.Json.ShouldBe("""{"currency":"EUR","values":["10.00","5.00"]}""");
        (await shop.Catalogue.Get()).Denominations("EUR").ShouldBe([1000, 500]);
        (await shop.Seed()).ShouldBe(0);

        var reasons = new ReasonMaster(shop.Functions);
        (await shop.Refused(reasons, new ReasonWrite("sales.nothing", "reverse", "x", "X"))).ShouldBe("FUNCTION_UNKNOWN /function");
        (await shop.ChangeRefused(reasons, "sales.selling:reverse:wrong-item", new { label = "The wrong item", active = false })).ShouldBeNull();
        using var approvals = new Kernel.Approvals.ApprovalDesk(shop.Database, shop.Clock);
        var rules = new ApprovalRuleMaster(shop.Functions, approvals.Rules);
        (await shop.Refused(rules, new ApprovalRuleWrite("sales.selling", "reverse", "nobody"))).ShouldBe("CHOICE_INVALID /role");
        (await shop.Refused(rules, new ApprovalRuleWrite("sales.selling", "reverse", "cashier", "refund"))).ShouldBe("CHOICE_INVALID /kind");
        (await approvals.Rules.Get()).Value.Count.ShouldBe(1);
        var rule = await shop.Made(rules, new ApprovalRuleWrite("sales.selling", "reverse", "accountant", Figure: "amount", Over: 100_000, Level: 2));
        (await approvals.Rules.Get()).Value.Count.ShouldBe(2);
        (await shop.ChangeRefused(rules, rule.Id, new { active = false })).ShouldBeNull();
        (await approvals.Rules.Get()).Value.Count.ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task Months_close_in_their_order_and_open_again_in_the_other(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Book("A-1", shop.Item, 1_000_000, 100);
        // What the shop of this test books has no documents; the laws are looked at where there are some.
        var desk = new PeriodDesk(shop.Desk, new PeriodChecks(shop.Functions, new Plug1.Kernel.Ledger.LedgerLaws(_ => []), []), shop.Database, []);
        Task<Result<Answer>> Do(string step, string month) => desk.Move(shop.Call, month, step, "The books were not complete");
        (await Do(PeriodStep.Close, "2025-02")).Refusal!.Code.ShouldBe("PERIOD_ORDER");
        (await Do(PeriodStep.SoftClose, "2025-01")).Refusal.ShouldBeNull();
        (await Do(PeriodStep.SoftClose, "2025-01")).Refusal!.Code.ShouldBe("PERIOD_STATE_NOT_ALLOWED");
        (await Do(PeriodStep.Close, "2025-01")).Refusal.ShouldBeNull();
        (await Do(PeriodStep.Close, "2025-02")).Refusal.ShouldBeNull();
        (await Do(PeriodStep.Reopen, "2025-01")).Refusal!.Code.ShouldBe("PERIOD_ORDER");
        (await Do(PeriodStep.Reopen, "2025-02")).Refusal.ShouldBeNull();
        (await Do(PeriodStep.Reopen, "2025-01")).Refusal.ShouldBeNull();
        (await Do(PeriodStep.Close, "2025-13")).Refusal!.Code.ShouldBe("PERIOD_UNKNOWN");
        var months = (await shop.Database.Read(db => PeriodDesk.List(db, new DateOnly(2025, 3, 3), default))).Value.Items;
        months.Select(month => $"{month.Id} {month.State}").ShouldBe(["2025-03 open", "2025-02 open", "2025-01 open"]);
        (await shop.Number($"select count(*) from audit_event where object_kind = 'period'")).ShouldBe(5);
    }
}
