using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Plug1.Host.Setup;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Xunit;

namespace Plug1.Browser.Tests;

/// <summary>A shop with a real server and a real browser: one branch, two tills, ten items, a cashier, a manager and an accountant.</summary>
public sealed class Counter : IAsyncLifetime
{
    public const string Password = "a long password";
    private readonly Dictionary<string, string> sessions = [];
    private TestDatabase? test;
    private WebApplication? app;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public string Address { get; private set; } = "";

    /// <summary>How the system's Chromium is started.</summary>
    public static BrowserTypeLaunchOptions Launch => new()
    {
        ExecutablePath = Chromium(),
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    };

    public async Task InitializeAsync()
    {
        test = await TestDatabase.Create(Engine.Sqlite, Composition.Migrations);
        app = Server.Build(test.Database, "http://127.0.0.1:0", Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.key"));
        await Server.Prepare(test.Database, app.Services);
        await Furnish();
        await app.StartAsync();
        Address = app.Urls.First();
        playwright = await Driver.Start();
        browser = await playwright.Chromium.LaunchAsync(Launch);
    }

    /// <summary>A page signed in as somebody.</summary>
    public async Task<IPage> SignIn(string user, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        // The clock on the wall of the shop: days of the pages are days of the branch.
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions { BaseURL = Address, ViewportSize = new ViewportSize { Width = width, Height = 900 }, ColorScheme = scheme, TimezoneId = "Europe/Vienna" });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        await page.GotoAsync("/");
        await page.Locator("input").First.FillAsync(user);
        await page.Locator("input[type=password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("nav").First.WaitForAsync();
        return page;
    }

    /// <summary>A page of somebody who has signed in before, in a context of its own: for what only looks.</summary>
    public async Task<IPage> SignedIn(string user)
    {
        if (!sessions.TryGetValue(user, out var state))
        {
            var first = await SignIn(user);
            sessions[user] = state = await first.Context.StorageStateAsync();
            await first.Context.CloseAsync();
        }

        var context = await browser!.NewContextAsync(new BrowserNewContextOptions { BaseURL = Address, ViewportSize = new ViewportSize { Width = 1440, Height = 900 }, TimezoneId = "Europe/Vienna", StorageState = state });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        return page;
    }

    public Task<long> Count(string sql) => test!.Database.Read(db => db.Number(Sql.Raw(sql)));

    /// <summary>The id of a sale by its number.</summary>
    public async Task<Guid> SaleOf(string number) => await test!.Database.Read(db => db.First($"select id from document where number = {number}", row => row.Guid(0)));

    /// <summary>Seals what was written so far, as the job does every minute.</summary>
    public Task Seal() => app!.Services.GetRequiredService<AuditSeals>().CatchUp();

    private static string Chromium() => new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("The browser tests need Chromium: apt-get install chromium.");

    private async Task Furnish()
    {
        var (database, clock) = (test!.Database, app!.Services.GetRequiredService<TimeProvider>());
        var (branch, warehouse, category, list, tax) = (Ids.New(clock), Ids.New(clock), Ids.New(clock), Ids.New(clock), Ids.New(clock));
        await database.Write(async tx =>
        {
            KernelSeed.Company(tx, new SeedOptions("Corner shop", Currencies.Of("EUR"), 5), clock);
            tx.Stage($"insert into branch (id, code, name, time_zone) values ({branch}, 'HQ', 'Main street', 'Europe/Vienna')");
            tx.Stage($"insert into warehouse (id, branch_id, code, name) values ({warehouse}, {branch}, 'HQ-W', 'Shop floor')");
            tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name) values ({Ids.New(clock)}, {branch}, {warehouse}, 'T1', 'Till 1')");
            tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name) values ({Ids.New(clock)}, {branch}, {warehouse}, 'T2', 'Till 2')");
            tx.Stage($"insert into category (id, code, name) values ({category}, 'FOOD', 'Food')");
            tx.Stage($"insert into price_list (id, code, name, currency, is_base) values ({list}, 'BASE', 'Base prices', 'EUR', true)");
            tx.Stage($"insert into tax_code (id, code, name, category) values ({tax}, 'S20', 'Standard', 'S')");
            tx.Stage($"insert into tax_component (tax_code_id, seq, code, name, valid_from, rate) values ({tax}, 1, 'VAT', 'VAT', {new DateOnly(2020, 1, 1)}, 200000)");
            for (var at = 1; at <= 10; at++)
            {
                var (item, sku, name, barcode) = (Ids.New(clock), $"ITEM-{at:00}", $"Item number {at}", $"59{at:00000000000}");
                tx.Stage($"insert into item (id, sku, name, category_id, unit_code, tax_code_id, kind) values ({item}, {sku}, {name}, {category}, 'EA', {tax}, 'service')");
                tx.Stage($"insert into item_barcode (barcode, item_id) values ({barcode}, {item})");
                tx.Stage($"insert into price (id, price_list_id, item_id, valid_from, price) values ({Ids.New(clock)}, {list}, {item}, {new DateOnly(2020, 1, 1)}, {at * 1_000_000L})");
            }

            await tx.Flush();
            app.Services.GetRequiredService<OrganisationBook>().Cache.Touch(tx);
            app.Services.GetRequiredService<CatalogueBook>().Touch(tx);
        });
        var users = app.Services.GetRequiredService<Users>();
        foreach (var (user, role) in new[] { ("kim", "cashier"), ("maria", "store-manager"), ("anna", "accountant"), ("admin", "administrator") })
        {
            var made = await users.Create(Caller.System, new NewUser(user, user, Password, [new RoleAssignment(role)], MustChange: false));
            if (made.Refusal is { } no) throw new InvalidOperationException(no.Message);
        }
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        if (app is not null) await app.DisposeAsync();
        if (test is not null) await test.DisposeAsync();
    }
}
