using Microsoft.Extensions.DependencyInjection;
using Plug1.Host.Setup;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;

namespace Plug1.Sales.Tests.PointOfSale;

/// <summary>One small shop on a database of its own: a branch, two tills, the basket of the specification, people of each role.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public static readonly Guid BranchId = Guid.Parse("00000000-0000-7000-8000-00000000b001");
    public static readonly Guid WarehouseId = Guid.Parse("00000000-0000-7000-8000-00000000a001");
    public static readonly Guid Till1 = Guid.Parse("00000000-0000-7000-8000-00000000c001");
    public static readonly Guid Till2 = Guid.Parse("00000000-0000-7000-8000-00000000c002");
    public static readonly Guid CategoryId = Guid.Parse("00000000-0000-7000-8000-00000000d001");
    public static readonly Guid CustomerId = Guid.Parse("00000000-0000-7000-8000-00000000e001");
    private readonly TestDatabase test;
    private readonly ServiceProvider services;

    private Shop(TestDatabase test, ServiceProvider services, FakeClock clock) => (this.test, this.services, Clock) = (test, services, clock);

    public FakeClock Clock { get; }

    public Database Database => test.Database;

    /// <summary>What opens the same database in another process.</summary>
    public string Setting => test.Setting;

    public Currency Currency { get; } = new("EUR", 2);

    public Checkout Checkout => Of<Checkout>();

    public Shifts Shifts => Of<Shifts>();

    public T Of<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Opens the shop on Monday 2026-03-02 at 10:00 in Vienna, with cash rounded to 0.05.</summary>
    public static async Task<Shop> Open(Engine engine, bool stocked = true)
    {
        var fresh = await TestDatabase.Create(engine, Composition.Migrations);
        var clock = new FakeClock(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        var key = Path.Combine(Path.GetTempPath(), $"plug1-test-{Guid.CreateVersion7():N}.key");
        var provider = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddPlug1(fresh.Database, options =>
        {
            options.KeyFile = key;
            options.PasswordRounds = 1000;
        }).BuildServiceProvider();
        var shop = new Shop(fresh, provider, clock);
        await fresh.Database.Write(tx => KernelSeed.Apply(tx, shop.Of<FunctionCatalogue>(), clock));
        await fresh.Database.Write(shop.Furnish);
        if (stocked) await shop.Receive(("TEA", "1000", "1500.00"), ("CUP", "1000", "900.00"), ("BREAD", "1000", "700.00"));
        return shop;
    }

    /// <summary>Somebody with the default permissions of a role.</summary>
    public async Task<Actor> Person(string role, string name) => (await Of<Actors>().ByUser((await Account(role, name)).Id))!;

    /// <summary>A person who can sign in, for grants at the till.</summary>
    public async Task<UserAccount> Account(string role, string userName)
    {
        var made = await Of<Users>().Create(new Caller(System, BranchId, null, null), new NewUser(userName, userName, "a long password", [new RoleAssignment(role)], MustChange: false));
        return made.Value;
    }

    /// <summary>The system itself.</summary>
    public static Actor System { get; } = new(Actor.SystemId, "system", "System", []);

    public CommandCall Call(Actor actor, string? key = null, string hash = "body") => new(actor, BranchId, IdempotencyKey: key, RequestHash: hash);

    public ValueTask<Stamp> Stamp(Actor actor) => Of<CommandRunner>().StampOf(Call(actor));

    /// <summary>Runs part of a command as the actor, in a transaction of its own.</summary>
    public async Task<Result<T>> As<T>(Actor actor, Func<Tx, Stamp, Task<Result<T>>> work)
    {
        var stamp = await Stamp(actor);
        return await Database.Write(tx => work(tx, stamp));
    }

    public Task<Result<ShiftAnswer>> OpenShift(Actor actor, string till = "T1", string cash = "200.00") => As(actor, (tx, stamp) => Shifts.OpenWithin(tx, stamp, till, cash, null, default));

    public Task<Result<CheckoutAnswer>> Sell(Actor actor, BasketRequest basket) => As(actor, (tx, stamp) => Checkout.Within(tx, stamp, basket));

    /// <summary>The gross basket of the specification: 3 × 4.99 and 1 × 2.49 at 20 %, 2 × 1.75 at 5 %: 20.96.</summary>
    public static BasketRequest Basket(params TenderRequest[] tenders) => new("T1",
        [new("5901", Quantity: Quantity.Of(3)), new("5902", Quantity: Quantity.One), new("5903", Quantity: Quantity.Of(2))], Tenders: tenders);

    public static BasketRequest Single(string sku, string tender = "CASH", string quantity = "1", string till = "T1") =>
        new(till, [new(Sku: sku, Quantity: Quantity.Parse(quantity))], Tenders: [new(tender)]);

    /// <summary>What a role's accounts moved on a document, debit positive, by subject.</summary>
    public async Task<long> Moved(AccountRole role, Guid? document = null, string? subject = null) => await Database.Read(db => db.Number($"""
        select coalesce(sum(e.amount), 0) from entry e join account a on a.id = e.account_id join ledger_transaction t on t.id = e.transaction_id
        where a.role = {role.Code} and ({document is null} or t.document_id = {document ?? Guid.Empty}) and ({subject is null} or a.subject = {subject ?? ""})
        """));

    public Task<long> Count(string sql) => Database.Read(db => db.Number(Sql.Raw(sql)));

    public async Task<long> OnHand(string sku) => await Database.Read(db => db.Number($"""
        select coalesce(sum(b.amount), 0) from balance b join account a on a.id = b.account_id join unit u on u.id = a.unit_id where u.code = {"ITEM:" + sku} and a.role = 'store'
        """));

    /// <summary>Goods from the supplier, at their value.</summary>
    public Task Receive(params (string Sku, string Quantity, string Value)[] goods) => Receive(goods.Select(g => new GoodsIn(g.Sku, g.Quantity, g.Value)).ToArray());

    public async Task Receive(params GoodsIn[] goods)
    {
        var catalogue = await Of<Kernel.Catalog.CatalogueBook>().Get();
        var received = await As<bool>(System, async (tx, stamp) =>
        {
            var header = Header.Draft(Ids.New(Clock), "kernel.stock", "receipt", stamp, "EUR");
            header.MoveTo(Status.Posted, stamp);
            Headers.Insert(tx, header);
            var posting = new Posting(header.Id, stamp.BusinessDate, "goods in");
            var done = await Of<StockReceipts>().Receive(tx, posting, [.. goods.Select(g => new Kernel.Stock.ReceiptLine(StockItems.Of(catalogue.BySku(g.Sku)!), WarehouseId,
                Quantity.Parse(g.Quantity).Millionths, Money.Parse(g.Value, Currency).Minor, g.Lot, g.ExpiresOn, g.Serial))], AccountRoles.Supplier,
                new AccountKey(AccountRoles.GoodsReceivedNotInvoiced, "EUR", "", BranchId), Currency, BranchId);
            if (done.Refusal is { } no) return no;
            await Of<LedgerBook>().Post(tx, posting, stamp, null);
            return true;
        });
        Invariant.Holds(!received.IsRefused, received.ToString());
    }

    private async Task Furnish(Tx tx)
    {
        KernelSeed.Company(tx, new SeedOptions("Corner shop", Currency), Clock);
        tx.Stage($"update payment_method set rounding_step = 5 where code = 'CASH'");
        tx.Stage($"insert into branch (id, code, name, time_zone) values ({BranchId}, 'HQ', 'Main street', 'Europe/Vienna')");
        tx.Stage($"insert into warehouse (id, branch_id, code, name) values ({WarehouseId}, {BranchId}, 'HQ-W', 'Shop floor')");
        tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name) values ({Till1}, {BranchId}, {WarehouseId}, 'T1', 'Till 1')");
        tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name) values ({Till2}, {BranchId}, {WarehouseId}, 'T2', 'Till 2')");
        tx.Stage($"insert into category (id, code, name) values ({CategoryId}, 'FOOD', 'Food')");
        var list = Ids.New(Clock);
        tx.Stage($"insert into price_list (id, code, name, currency, is_base) values ({list}, 'BASE', 'Base prices', 'EUR', true)");
        var standard = Tax(tx, "S20", 200_000);
        var reduced = Tax(tx, "S5", 50_000);
        Item(tx, list, "TEA", "5901", "4.99", standard);
        Item(tx, list, "CUP", "5902", "2.49", standard);
        Item(tx, list, "BREAD", "5903", "1.75", reduced);
        Item(tx, list, "LAMP", "5904", "8.00", standard);
        Item(tx, list, "PHONE", "5905", "300.00", standard, tracking: "serial");
        Item(tx, list, "MILK", "5906", "1.20", reduced, tracking: "lot");
        Item(tx, list, "COIN", "5907", "10.00", standard, valuation: "fifo");
        tx.Stage($"insert into party (id, number, kind, name, phone, card, created_at) values ({CustomerId}, 'C-1', 'person', 'Ada Merton', '+4312345', 'CARD1', {Clock.GetUtcNow()})");
        tx.Stage($"insert into party_role (party_id, role) values ({CustomerId}, 'customer')");
        await tx.Flush();
        Of<OrganisationBook>().Cache.Touch(tx);
        Of<Kernel.Catalog.CatalogueBook>().Touch(tx);
    }

    private Guid Tax(Tx tx, string code, long rate)
    {
        var id = Ids.New(Clock);
        tx.Stage($"insert into tax_code (id, code, name, category) values ({id}, {code}, {code}, 'S')");
        tx.Stage($"insert into tax_component (tax_code_id, seq, code, name, valid_from, rate) values ({id}, 1, 'VAT', 'VAT', {new DateOnly(2020, 1, 1)}, {rate})");
        return id;
    }

    private void Item(Tx tx, Guid list, string sku, string barcode, string price, Guid tax, string tracking = "none", string valuation = "average")
    {
        var id = Ids.New(Clock);
        tx.Stage($"insert into item (id, sku, name, category_id, unit_code, tax_code_id, tracking, valuation) values ({id}, {sku}, {sku}, {CategoryId}, 'EA', {tax}, {tracking}, {valuation})");
        tx.Stage($"insert into item_barcode (barcode, item_id) values ({barcode}, {id})");
        tx.Stage($"insert into price (id, price_list_id, item_id, valid_from, price) values ({Ids.New(Clock)}, {list}, {id}, {new DateOnly(2020, 1, 1)}, {UnitPrice.Parse(price).Millionths})");
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await test.DisposeAsync();
    }
}

/// <summary>Goods that come in.</summary>
internal sealed record GoodsIn(string Sku, string Quantity, string Value, string? Lot = null, DateOnly? ExpiresOn = null, bool Serial = false);
