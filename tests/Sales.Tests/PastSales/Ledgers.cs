using Microsoft.Extensions.DependencyInjection;
using Plug1.Host.Setup;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PastSales;
using Plug1.Sales.PointOfSale;
using Plug1.Testing;

namespace Plug1.Sales.Tests.PastSales;

/// <summary>An empty company in London with one till, into which past sales are brought.</summary>
internal sealed class Ledgers : IAsyncDisposable
{
    private static readonly Guid BranchId = Guid.Parse("00000000-0000-7000-8000-00000000b009");
    private readonly TestDatabase test;
    private readonly ServiceProvider services;

    private Ledgers(TestDatabase test, ServiceProvider services) => (this.test, this.services) = (test, services);

    public Database Database => test.Database;

    public PastSalesImport Import => Of<PastSalesImport>();

    public PointOfSaleFunction Function => Of<PointOfSaleFunction>();

    public T Of<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static async Task<Ledgers> Open(Engine engine)
    {
        var fresh = await TestDatabase.Create(engine, Composition.Migrations);
        var clock = new FakeClock(new DateTimeOffset(2012, 3, 1, 9, 0, 0, TimeSpan.Zero));
        var key = Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.key");
        var provider = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddPlug1(fresh.Database, options => options.KeyFile = key).BuildServiceProvider();
        await fresh.Database.Write(tx => KernelSeed.Apply(tx, provider.GetRequiredService<FunctionCatalogue>(), clock));
        await fresh.Database.Write(tx =>
        {
            KernelSeed.Company(tx, new SeedOptions("Gift wholesale", Currencies.Of("GBP")), clock);
            var warehouse = Ids.New(clock);
            tx.Stage($"insert into branch (id, code, name, time_zone) values ({BranchId}, 'MAIN', 'Warehouse', 'Europe/London')");
            tx.Stage($"insert into warehouse (id, branch_id, code, name) values ({warehouse}, {BranchId}, 'MAIN', 'Warehouse')");
            tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name) values ({Ids.New(clock)}, {BranchId}, {warehouse}, 'T1', 'Till 1')");
            tx.Stage($"insert into price_list (id, code, name, currency, is_base) values ({Ids.New(clock)}, 'BASE', 'Base prices', 'GBP', {true})");
            var tax = Ids.New(clock);
            tx.Stage($"insert into tax_code (id, code, name, category) values ({tax}, 'S20', 'Standard', 'S')");
            tx.Stage($"insert into tax_component (tax_code_id, seq, code, name, valid_from, rate) values ({tax}, 1, 'VAT', 'VAT', {new DateOnly(2000, 1, 1)}, 200000)");
            return Task.CompletedTask;
        });
        return new Ledgers(fresh, provider);
    }

    /// <summary>Imports, which must not be refused as a whole.</summary>
    public async Task<PastOutcome> Run(PastSalesMapping mapping, IReadOnlyList<PastFile> files, IProgress<PastStep>? progress = null, CancellationToken ct = default)
    {
        var done = await Import.Run(new CommandCall(Actor.System, Guid.Empty), files, mapping, progress, ct);
        Invariant.Holds(!done.IsRefused, done.ToString());
        return done.Value;
    }

    public async Task<PastOutcome> Preview(PastSalesMapping mapping, IReadOnlyList<PastFile> files) => (await Import.Preview(new CommandCall(Actor.System, Guid.Empty), files, mapping)).Value;

    /// <summary>What breaks the laws of the books.</summary>
    public Task<List<string>> Violations() => Database.Read(async db =>
    {
        var found = new List<string>();
        await foreach (var violation in LedgerCheck.Run(db, [.. LedgerCheck.Laws(db.Engine), .. SalesModule.Laws(db.Engine)])) found.Add($"{violation.Law.Code}: {violation.Where}");
        return found;
    });

    public Task<long> Number(string sql) => Database.Read(db => db.Number(Sql.Raw(sql)));

    /// <summary>What a role's accounts moved in all, debit positive.</summary>
    public Task<long> Moved(AccountRole role) => Number($"select {Dialect.SumLong(Database.Engine, "e.amount")} from entry e join account a on a.id = e.account_id where a.role = '{role.Code}'");

    public Task<long> OnHand(string sku) => Number($"select coalesce(sum(b.amount), 0) from balance b join account a on a.id = b.account_id join unit u on u.id = a.unit_id where u.code = 'ITEM:{sku}' and a.role = 'store'");

    /// <summary>Measures of the point of sale as its reports tell them, by the given dimensions; a ratio is its numerator.</summary>
    public Task<Dictionary<string, long[]>> Told(DateOnly from, DateOnly to, IReadOnlyList<string> measures, params IReadOnlyList<string> by) => Database.Read(async db =>
    {
        var plan = new FactQuery(Function, [.. measures.Select(key => Function.Measures.First(measure => measure.Key == key))], by, from, to) { Branches = [BranchId] }.Plan();
        return (await plan.Value.Run(db)).ToDictionary(
            row => string.Join('|', row.Keys.Select(key => key is DateOnly day ? day.ToString("yyyy-MM-dd") : $"{key}")), row => row.Sums.Select(sum => sum.Above).ToArray());
    });

    /// <summary>The answer of a named report over a range.</summary>
    public Task<NamedReportResult> Report(string slug, DateOnly from, DateOnly to) => Database.Read(db =>
        Function.Reports.First(report => report.Code == slug).Run(new ReportCall(db, from, to, [BranchId], new Dictionary<string, string>(), _ => true), default));

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await test.DisposeAsync();
    }
}
