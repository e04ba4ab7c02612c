using System.Text.Json;
using System.Text.Json.Nodes;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;

namespace Plug1.Kernel.Tests.MasterData;

/// <summary>A seeded company in euro with one branch, warehouse, terminal, category, tax code, base price list and the item A-1.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private Shop(TestDatabase test)
    {
        Test = test;
        Organisation = new OrganisationBook(test.Database, Clock);
        Runner = new CommandRunner(test.Database, Organisation, Clock, Json);
        Desk = new MasterDesk(Runner, test.Database);
        Catalogue = new CatalogueBook(test.Database, Clock);
        Rules = new StampedCache<AccountRules>(test.Database, "accounts", Clock, AccountRules.Load);
        Parties = new PartyBook(test.Database, Clock);
    }

    public TestDatabase Test { get; }

    public FakeClock Clock { get; } = new();

    public OrganisationBook Organisation { get; }

    public CommandRunner Runner { get; }

    public MasterDesk Desk { get; }

    public CatalogueBook Catalogue { get; }

    public StampedCache<AccountRules> Rules { get; }

    public PartyBook Parties { get; }

    public FunctionCatalogue Functions { get; } = new([new Selling()]);

    public Guid Branch { get; private set; }

    public Guid Warehouse { get; private set; }

    public Guid Terminal { get; private set; }

    public Guid Category { get; private set; }

    public Guid Tax { get; private set; }

    public Guid BaseList { get; private set; }

    public Guid Item { get; private set; }

    public Database Database => Test.Database;

    public CommandCall Call => new(Actor.System, Branch);

    public static async Task<Shop> Open(Engine engine)
    {
        var shop = new Shop(await TestDatabase.Create(engine));
        await shop.Seed();
        shop.Branch = (await shop.Made(new BranchMaster(shop.Organisation), new BranchWrite("HQ", "Head office", "Africa/Nairobi"))).Id;
        shop.Warehouse = (await shop.Made(new WarehouseMaster(shop.Organisation), new WarehouseWrite(shop.Branch, "W1", "Store"))).Id;
        shop.Terminal = (await shop.Made(new TerminalMaster(shop.Organisation), new TerminalWrite(shop.Branch, shop.Warehouse, "T1", "Till 1"))).Id;
        shop.Category = (await shop.Made(new CategoryMaster(shop.Catalogue), new CategoryWrite("FOOD", "Food"))).Id;
        shop.Tax = (await shop.Made(new TaxCodeMaster(shop.Catalogue), new TaxCodeWrite(
            "S20", "Standard", "S", [new TaxComponentWrite("VAT", "VAT", [new TaxRateWrite(new DateOnly(2020, 1, 1), Rate.Parse("0.2"))])]))).Id;
        shop.BaseList = (await shop.Made(new PriceListMaster(shop.Catalogue), new PriceListWrite("BASE", "Base", IsBase: true))).Id;
        shop.Item = (await shop.Made(new ItemMaster(shop.Catalogue), shop.ItemNamed("A-1", "Coffee beans"))).Id;
        return shop;
    }

    public async Task<int> Seed()
    {
        var written = await Database.Write<int>(async tx => await KernelSeed.Apply(tx, new SeedOptions("Corner shop", Currencies.Of("EUR")), Functions, Clock));
        return written.Value;
    }

    public ItemWrite ItemNamed(string sku, string name) => new(sku, name, Category, "EA", Tax);

    public async Task<TView> Made<TView, TWrite>(Master<TView, TWrite> master, TWrite write)
        where TView : class
        where TWrite : class
    {
        var answer = await Desk.Create(master, Call, write);
        answer.Refusal.ShouldBeNull();
        answer.Value.Status.ShouldBe(201);
        return JsonSerializer.Deserialize<TView>(answer.Value.Json, Json)!;
    }

    public async Task<string?> Refused<TView, TWrite>(Master<TView, TWrite> master, TWrite write)
        where TView : class
        where TWrite : class
    {
        var refusal = (await Desk.Create(master, Call, write)).Refusal;
        return refusal is null ? null : $"{refusal.Code} {refusal.At}".TrimEnd();
    }

    public Task<Result<Answer>> Change<TView, TWrite>(Master<TView, TWrite> master, object id, long? version, object change)
        where TView : class
        where TWrite : class =>
        Desk.Change(master, Call, id.ToString()!, version, JsonSerializer.SerializeToNode(change, Json)!.AsObject());

    public async Task<string?> ChangeRefused<TView, TWrite>(Master<TView, TWrite> master, object id, object change)
        where TView : class
        where TWrite : class => (await Change(master, id, null, change)).Refusal is { } no ? $"{no.Code} {no.At}".TrimEnd() : null;

    public Task<long> Number(Sql sql) => Database.Read(db => db.Number(sql));

    /// <summary>Books goods of an item into the warehouse, as a receipt of goods would.</summary>
    public async Task Book(string sku, Guid item, long quantity, long value, Guid? lot = null)
    {
        var ledger = new LedgerBook(new Accounts(Database, Rules), Clock);
        var place = lot is { } one ? $"{Warehouse:D}/{one:D}" : $"{Warehouse:D}";
        await Database.Write(async tx =>
        {
            var stamp = await Runner.StampOf(Call);
            var posting = new Posting(Ids.New(Clock), stamp.BusinessDate)
                .Debit(new AccountKey(AccountRoles.Store, $"ITEM:{sku}", place), quantity)
                .Credit(new AccountKey(AccountRoles.Supplier, $"ITEM:{sku}"), quantity)
                .Debit(new AccountKey(AccountRoles.Inventory, "EUR", $"{item:D}/{place}"), value)
                .Credit(new AccountKey(AccountRoles.OpeningBalance, "EUR"), value);
            await ledger.Post(tx, posting, stamp, null);
        });
    }

    public async ValueTask DisposeAsync()
    {
        Catalogue.Dispose();
        Organisation.Dispose();
        Rules.Dispose();
        await Test.DisposeAsync();
    }

    /// <summary>A function with one reason and one approval rule.</summary>
    private sealed class Selling : Function
    {
        public override string Module => "sales";

        public override string Slug => "selling";

        public override string Name => "Selling";

        public override string Summary => "Sells.";

        public override IReadOnlyList<KindDeclaration> Kinds => [new("sale", "Sale")];

        public override IReadOnlyList<ActionDeclaration> Actions => [new("view", "See sales", ["cashier"])];

        public override IReadOnlyList<ReasonDefault> ReasonDefaults => [new("reverse", "wrong-item", "Wrong item")];

        public override IReadOnlyList<ApprovalDefault> ApprovalDefaults => [new("sale", "reverse", "amount", 5000, "store-manager")];

        public override Task<Document> Load(Tx tx, Header header, CancellationToken ct) => throw new InvariantBrokenException("Nothing is loaded here.");

        public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => throw new InvariantBrokenException("Nothing is shown here.");
    }
}
