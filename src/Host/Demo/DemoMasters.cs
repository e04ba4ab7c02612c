using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Security;
using Plug1.Kernel.Search;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Host.Demo;

/// <summary>A customer as the generator knows them.</summary>
internal sealed record PlannedCustomer(Guid Id, bool OnAccount);

/// <summary>Writes the master data of the demo company: places, taxes, goods, prices, people.</summary>
internal sealed class DemoMasters(IServiceProvider services, DemoClock clock, Dice dice, DateOnly start)
{
    private static readonly Table Items = new("item",
        ("id", Kind.Id), ("sku", Kind.Text), ("name", Kind.Text), ("category_id", Kind.Id), ("unit_code", Kind.Text), ("tax_code_id", Kind.Id), ("tracking", Kind.Text), ("valuation", Kind.Text), ("standard_cost", Kind.Long));

    private static readonly Table Barcodes = new("item_barcode", ("barcode", Kind.Text), ("item_id", Kind.Id), ("factor", Kind.Long), ("unit_name", Kind.Text));

    private static readonly Table Prices = new("price",
        ("id", Kind.Id), ("price_list_id", Kind.Id), ("item_id", Kind.Id), ("valid_from", Kind.Date), ("min_quantity", Kind.Long), ("price", Kind.Long));

    private readonly Dictionary<string, Guid> taxes = [];
    private readonly Dictionary<string, Guid> lists = [];

    public List<PlannedBranch> Branches { get; } = [];

    public IReadOnlyList<PlannedItem> Goods { get; private set; } = [];

    public List<PlannedCustomer> Customers { get; } = [];

    public List<Guid> Suppliers { get; } = [];

    /// <summary>Who works where, by user name.</summary>
    public Dictionary<string, Actor> People { get; } = [];

    public async Task Write(Database database, CancellationToken ct)
    {
        await database.Write(tx =>
        {
            KernelSeed.Company(tx, new SeedOptions(DemoPlan.Company, Currencies.Of("EUR")), clock);
            Places(tx);
            Taxes(tx);
            Catalogue(tx);
            return Task.CompletedTask;
        }, ct);
        await database.Write<bool>(tx => Parties(tx, ct), ct);
        await Users(ct);
    }

    private void Places(Tx tx)
    {
        foreach (var (list, name, basis, isBase) in new[] { ("BASE", "Shop prices", "gross", true), ("CLUB", "Club members", "gross", false), ("TRADE", "Trade counter, without tax", "net", false), ("HARBOUR", "Harbour branch", "gross", false) })
        {
            lists[list] = Ids.New(clock);
            if (list != "HARBOUR") tx.Stage($"insert into price_list (id, code, name, currency, basis, is_base) values ({lists[list]}, {list}, {name}, 'EUR', {basis}, {isBase})");
        }

        foreach (var planned in DemoPlan.Branches)
        {
            var branch = planned with { Id = Ids.New(clock), Warehouse = Ids.New(clock) };
            Branches.Add(branch);
            tx.Stage($"insert into branch (id, code, name, time_zone, region) values ({branch.Id}, {branch.Code}, {branch.Name}, {branch.Zone}, {branch.Region})");
            tx.Stage($"insert into warehouse (id, branch_id, code, name) values ({branch.Warehouse}, {branch.Id}, {branch.Code + "-W"}, {branch.Name + " stock room"})");
            foreach (var (code, name, net) in branch.Terminals)
                tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name, basis, price_list_id) values ({Ids.New(clock)}, {branch.Id}, {branch.Warehouse}, {code}, {branch.Name + " " + name}, {(net ? "net" : "gross")}, {(net ? lists["TRADE"] : (Guid?)null)})");
        }

        tx.Stage($"insert into price_list (id, code, name, currency, basis, branch_id) values ({lists["HARBOUR"]}, 'HARBOUR', 'Harbour branch', 'EUR', 'gross', {Branches[1].Id})");
    }

    private void Taxes(Tx tx)
    {
        foreach (var (code, name, category, rate) in new[] { ("STANDARD", "Standard rate", "S", 200_000L), ("REDUCED", "Reduced rate", "S", 100_000L), ("ZERO", "Zero rate", "Z", 0L) })
        {
            taxes[code] = Ids.New(clock);
            tx.Stage($"insert into tax_code (id, code, name, category) values ({taxes[code]}, {code}, {name}, {category})");
            if (rate > 0) tx.Stage($"insert into tax_component (tax_code_id, seq, code, name, valid_from, rate) values ({taxes[code]}, 1, 'VAT', 'VAT', {start.AddYears(-3)}, {rate})");
        }
    }

    private void Catalogue(Tx tx)
    {
        var departments = DemoPlan.Departments.ToDictionary(department => department.Code, _ => Ids.New(clock));
        foreach (var (code, name) in DemoPlan.Departments) tx.Stage($"insert into category (id, code, name) values ({departments[code]}, {code}, {name})");
        var categories = DemoPlan.Categories.Select(category => category with { Id = Ids.New(clock) }).ToList();
        foreach (var category in categories) tx.Stage($"insert into category (id, code, name, parent_id) values ({category.Id}, {category.Code}, {category.Name}, {departments[category.Parent]})");

        Goods = DemoPlan.Items(categories, clock, dice);
        tx.Insert(Items, [.. Goods.Select(item => new object?[]
        {
            item.Id, item.Sku, item.Name, item.Category.Id, item.Category.Unit, taxes[item.Category.Tax], item.Category.Tracking.Word(), item.Category.Valuation.Word(), item.Cost * 10_000L,
        })]);
        SearchIndex.Stage(tx, [.. Goods.SelectMany((item, at) => new[]
        {
            ItemMaster.Named(item.Id, item.Sku, item.Name), ItemMaster.Coded(item.Id, item.Sku, BarcodesOf(item, at).Select(row => (string)row[0]!)),
        })]);
        tx.Insert(Barcodes, [.. Goods.SelectMany((item, at) => BarcodesOf(item, at))]);
        tx.Insert(Prices, [.. Goods.SelectMany(PricesOf)]);
        tx.Stage($"update config_stamp set stamp = stamp + 1 where area = {CatalogueBook.Area}");
        tx.Stage($"update item set changed = (select stamp from config_stamp where area = {CatalogueBook.Area})");
    }

    private static IEnumerable<object?[]> BarcodesOf(PlannedItem item, int at)
    {
        yield return [item.Barcode, item.Id, 1_000_000L, null];
        // A second code of the maker for every third item, and packs of six of what is bought in packs.
        if (at % 3 == 0) yield return [DemoPlan.Ean(500_000 + at), item.Id, 1_000_000L, null];
        if (item.Category.Code is "PANTRY" or "CLEANING") yield return [PackOf(item), item.Id, 6_000_000L, "pack of 6"];
    }

    /// <summary>The barcode of a pack of six.</summary>
    public static string PackOf(PlannedItem item) => DemoPlan.Ean(900_000 + int.Parse(item.Sku.AsSpan(2)));

    private IEnumerable<object?[]> PricesOf(PlannedItem item)
    {
        var from = start.AddYears(-1);
        object?[] Row(string list, long minQuantity, long cents) => [Ids.New(clock), lists[list], item.Id, from, minQuantity, cents * 10_000];
        yield return Row("BASE", 0, item.Price);
        if (item.Category.Code is "PANTRY" or "CLEANING" or "PAPER" or "COFFEE") yield return Row("BASE", 6_000_000, item.Price * 95 / 100);
        if (item.Category.Parent is "HOME" or "READ") yield return Row("CLUB", 0, item.Price * 94 / 100);
        if (item.Category.Code is "FRUIT" or "BAKERY") yield return Row("HARBOUR", 0, item.Price + 10);
        var tax = item.Category.Tax switch { "STANDARD" => 120, "REDUCED" => 110, _ => 100 };
        yield return Row("TRADE", 0, item.Price * 97 / tax);
    }

    private async Task<Result<bool>> Parties(Tx tx, CancellationToken ct)
    {
        var book = services.GetRequiredService<PartyBook>();
        var stamp = new Stamp(Actor.System, Guid.Empty, clock.Now, start.AddDays(-1), 6);
        for (var at = 0; at < 300; at++)
        {
            var business = at % 12 == 0;
            var name = business ? $"{DemoPlan.Family(dice)} {dice.Of(["Trading", "Catering", "Studio", "Workshop"])}" : DemoPlan.Person(dice);
            var made = await book.Create(tx, new PartyDraft(business ? PartyKind.Organisation : PartyKind.Person, name, PartyRoles.Customer,
                Phone: $"+99 555 {at:000} {dice.Between(1000, 9999)}", Email: $"customer{at + 1}@example.org", Card: at % 3 == 2 ? null : $"77{at + 1:000000}",
                PriceListId: at % 15 == 7 ? lists["CLUB"] : null), stamp, ct: ct);
            if (made.Refusal is { } no) return no;
            Customers.Add(new PlannedCustomer(made.Value.Id, business));
        }

        foreach (var name in new[] { "Field & Mill", "Valley Dairy", "Northern Goods", "Paper House", "Bright Devices" })
        {
            var made = await book.Create(tx, new PartyDraft(PartyKind.Organisation, name, PartyRoles.Supplier, Email: $"orders@{name.Split(' ')[0].ToLowerInvariant()}.example.org"), stamp, ct: ct);
            if (made.Refusal is { } no) return no;
            Suppliers.Add(made.Value.Id);
        }

        return true;
    }

    private async Task Users(CancellationToken ct)
    {
        foreach (var (code, name) in RoleTemplates.All) await User(code, $"{name} (demo)", new RoleAssignment(code), ct);
        await User("admin", "Administrator of the demo", new RoleAssignment(RoleTemplates.Administrator), ct);
        foreach (var branch in Branches)
        {
            var suffix = branch.Code.ToLowerInvariant();
            await User($"manager-{suffix}", DemoPlan.Person(dice), new RoleAssignment("store-manager", branch.Id), ct);
            await User($"sales-{suffix}", DemoPlan.Person(dice), new RoleAssignment("sales", branch.Id), ct);
            for (var at = 1; at <= branch.Terminals.Count + 1; at++) await User($"cashier-{suffix}{at}", DemoPlan.Person(dice), new RoleAssignment("cashier", branch.Id), ct);
        }
    }

    private async Task User(string userName, string name, RoleAssignment role, CancellationToken ct)
    {
        var made = await services.GetRequiredService<Users>().Create(Caller.System, new NewUser(userName, name, DemoPlan.Password, [role], MustChange: false), ct);
        Invariant.Holds(!made.IsRefused, $"{userName}: {made.Refusal?.Message}");
        People[userName] = (await services.GetRequiredService<Actors>().ByUser(made.Value.Id, ct))!;
    }
}
