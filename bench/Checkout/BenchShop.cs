using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Plug1.Host.Setup;
using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;

namespace Plug1.Bench.Checkout;

/// <summary>A shop on a database of its own: a branch, a till for each client with its shift open, 1,000 items with stock, a cashier's token.</summary>
internal sealed class BenchShop : IAsyncDisposable
{
    public const int Items = 1_000;
    public const int Tills = 16;
    private const int Categories = 10;
    private static readonly Currency Euro = new("EUR", 2);
    private readonly Func<Task> drop;

    private BenchShop(Engine engine, string setting, Func<Task> drop) => (Engine, Setting, this.drop) = (engine, setting, drop);

    public Engine Engine { get; }

    /// <summary>What <see cref="Database.Open"/> takes.</summary>
    public string Setting { get; }

    /// <summary>The cashier's API token.</summary>
    public string Token { get; private set; } = "";

    /// <summary>The API token of one who may do everything, earlier business days and reading among it.</summary>
    public string OfficeToken { get; private set; } = "";

    public static string BarcodeOf(int item) => $"{20_000_000 + item}";

    public static string TillOf(int client) => $"T{client + 1}";

    /// <summary>Makes the shop: SQLite in a temporary folder, PostgreSQL as a new database on the server that <c>PLUG1_TEST_POSTGRES</c> names.</summary>
    /// <param name="engine">On which engine.</param>
    /// <param name="keep">A folder in which a SQLite database is to stand instead; with it, neither engine's database is dropped at the end.</param>
    public static async Task<BenchShop> Open(Engine engine, string? keep = null)
    {
        var name = $"plug1_bench_{Guid.CreateVersion7():N}";
        var shop = engine == Engine.Sqlite ? OnDisk(keep ?? Directory.CreateTempSubdirectory(name).FullName, keep is null) : await OnServer(name, keep is null);
        await shop.Furnish();
        return shop;
    }

    /// <summary>A shop that an earlier run has made and kept.</summary>
    public static BenchShop Reopen(Engine engine, string setting, string officeToken) => new(engine, setting, () => Task.CompletedTask) { OfficeToken = officeToken };

    public static async Task Execute(string connectionString, string text)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await drop();

    private static BenchShop OnDisk(string folder, bool dropped) => new(Engine.Sqlite, $"sqlite:{Path.Combine(folder, "plug1.db")}", () =>
    {
        if (dropped) Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    });

    private static async Task<BenchShop> OnServer(string name, bool dropped)
    {
        var server = Environment.GetEnvironmentVariable("PLUG1_TEST_POSTGRES") ?? throw new InvalidOperationException("Run ./bench.sh, which starts PostgreSQL, or name a server in PLUG1_TEST_POSTGRES.");
        await Execute(server, $"create database {name}");
        return new BenchShop(Engine.Postgres, new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString(),
            () => dropped ? Execute(server, $"drop database {name} with (force)") : Task.CompletedTask);
    }

    private async Task Furnish()
    {
        await using var database = Database.Open(Setting);
        var key = Path.Combine(Path.GetTempPath(), $"plug1-bench-{Environment.ProcessId}.key");
        await using var services = new ServiceCollection().AddPlug1(database, options => options.KeyFile = key).BuildServiceProvider();
        await Server.Prepare(database, services);
        var (branch, warehouse) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
        await database.Write(tx =>
        {
            Company(tx, branch, warehouse);
            Catalogue(tx, branch);
            return Task.CompletedTask;
        });
        await Stock(services, database, branch, warehouse);
        var caller = new Caller(Actor.System, branch);
        var cashier = await services.GetRequiredService<Users>().Create(caller, new NewUser("cashier", "Cashier", "a long password", [new RoleAssignment("cashier")], MustChange: false));
        Token = (await services.GetRequiredService<ApiTokens>().Create(caller, "benchmark", cashier.Value.Id, null)).Value.Token;
        var office = await services.GetRequiredService<Users>().Create(caller, new NewUser("office", "Office", "a long password", [new RoleAssignment("administrator")], MustChange: false));
        OfficeToken = (await services.GetRequiredService<ApiTokens>().Create(caller, "benchmark", office.Value.Id, null)).Value.Token;
        var actor = (await services.GetRequiredService<Actors>().ByUser(cashier.Value.Id))!;
        var stamp = await services.GetRequiredService<CommandRunner>().StampOf(new CommandCall(actor, branch));
        for (var client = 0; client < Tills; client++)
        {
            var till = TillOf(client);
            var opened = await database.Write(tx => services.GetRequiredService<Shifts>().OpenWithin(tx, stamp, till, "200.00", null, default));
            Invariant.Holds(!opened.IsRefused, opened.ToString());
        }

        File.Delete(key);
    }

    private static void Company(Tx tx, Guid branch, Guid warehouse)
    {
        KernelSeed.Company(tx, new SeedOptions("Benchmark", Euro), TimeProvider.System);
        tx.Stage($"insert into branch (id, code, name, time_zone) values ({branch}, 'HQ', 'Main street', 'Europe/Vienna')");
        tx.Stage($"insert into warehouse (id, branch_id, code, name) values ({warehouse}, {branch}, 'HQ-W', 'Shop floor')");
        for (var client = 0; client < Tills; client++)
            tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name) values ({Ids.New(TimeProvider.System)}, {branch}, {warehouse}, {TillOf(client)}, {TillOf(client)})");
    }

    private static void Catalogue(Tx tx, Guid branch)
    {
        var clock = TimeProvider.System;
        var first = new DateOnly(2020, 1, 1);
        var list = Ids.New(clock);
        tx.Stage($"insert into price_list (id, code, name, currency, is_base) values ({list}, 'BASE', 'Base prices', 'EUR', true)");
        var taxes = new[] { ("S20", 200_000L), ("S5", 50_000L) }.Select(tax =>
        {
            var id = Ids.New(clock);
            tx.Stage($"insert into tax_code (id, code, name, category) values ({id}, {tax.Item1}, {tax.Item1}, 'S')");
            tx.Stage($"insert into tax_component (tax_code_id, seq, code, name, valid_from, rate) values ({id}, 1, 'VAT', 'VAT', {first}, {tax.Item2})");
            return id;
        }).ToArray();
        var categories = Enumerable.Range(0, Categories).Select(_ => Ids.New(clock)).ToArray();
        for (var at = 0; at < Categories; at++)
        {
            var code = $"C{at:00}";
            tx.Stage($"insert into category (id, code, name) values ({categories[at]}, {code}, {code})");
        }

        for (var item = 0; item < Items; item++)
        {
            var (id, sku, price) = (Ids.New(clock), $"SKU-{item:0000}", 1_000_000L + (item * 19_000_000L / Items / 10_000 * 10_000));
            tx.Stage($"insert into item (id, sku, name, category_id, unit_code, tax_code_id, tracking, valuation) values ({id}, {sku}, {sku}, {categories[item % Categories]}, 'EA', {taxes[item % 2]}, 'none', 'average')");
            tx.Stage($"insert into item_barcode (barcode, item_id) values ({BarcodeOf(item)}, {id})");
            tx.Stage($"insert into price (id, price_list_id, item_id, valid_from, price) values ({Ids.New(clock)}, {list}, {id}, {first}, {price})");
        }
    }

    /// <summary>A million pieces of each item at 0.60, so that no number of sales sells out.</summary>
    private static async Task Stock(ServiceProvider services, Database database, Guid branch, Guid warehouse)
    {
        var stamp = await services.GetRequiredService<CommandRunner>().StampOf(new CommandCall(Actor.System, branch));
        var catalogue = await services.GetRequiredService<CatalogueBook>().Get();
        foreach (var part in Enumerable.Range(0, Items).Chunk(250))
        {
            var done = await database.Write<bool>(async tx =>
            {
                var header = Header.Draft(Ids.New(TimeProvider.System), "kernel.stock", "receipt", stamp, Euro.Code);
                header.MoveTo(Status.Posted, stamp);
                Headers.Insert(tx, header);
                var posting = new Posting(header.Id, stamp.BusinessDate, "goods in");
                var received = await services.GetRequiredService<StockReceipts>().Receive(tx, posting,
                    [.. part.Select(item => new Plug1.Kernel.Stock.ReceiptLine(StockItems.Of(catalogue.ByBarcode(BarcodeOf(item))!.Value.Item), warehouse, 1_000_000_000_000, 60_000_000))],
                    AccountRoles.Supplier, new AccountKey(AccountRoles.GoodsReceivedNotInvoiced, Euro.Code, "", branch), Euro, branch);
                if (received.Refusal is { } no) return no;
                await services.GetRequiredService<LedgerBook>().Post(tx, posting, stamp, null);
                return true;
            });
            Invariant.Holds(!done.IsRefused, done.ToString());
        }
    }
}
