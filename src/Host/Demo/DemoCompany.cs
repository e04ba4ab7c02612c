using Microsoft.Extensions.Options;
using Plug1.Host.CommandLine;
using Plug1.Host.Setup;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;

namespace Plug1.Host.Demo;

/// <summary>A company to look at: three branches with ninety days of trade, written through the commands of the till.</summary>
/// <remarks>The same figures for the same last day: the day before the one that the clock of the services shows, in UTC. Ids differ.</remarks>
internal static class DemoCompany
{
    /// <summary>The demo users with their passwords and roles, in the order in which a start tells them; none when the company is another one.</summary>
    public static async Task<IReadOnlyList<(string Name, string Password, string Role)>> Users(Database database, CancellationToken ct)
    {
        if (await database.Read(db => db.Number($"select count(*) from company where name = {DemoPlan.Company}", ct), ct) == 0) return [];
        return
        [
            ("admin", DemoPlan.Password, "Administrator"),
            .. RoleTemplates.All.Select(role => (role.Code, DemoPlan.Password, role.Name)),
            .. DemoPlan.Branches.Select(branch => ($"manager-{branch.Code.ToLowerInvariant()}", DemoPlan.Password, $"Store manager of {branch.Name}")),
        ];
    }

    /// <summary>Fills an empty business whose schema and seeds are there. A business that has a company is left alone.</summary>
    /// <param name="services">The services of the host: database, clock, security options.</param>
    /// <param name="progress">Told each day of trade.</param>
    /// <param name="ct">Cancellation; what was written until then stays.</param>
    public static async Task Create(IServiceProvider services, IProgress<Step> progress, CancellationToken ct)
    {
        var database = services.GetRequiredService<Database>();
        if (await database.Read(db => db.Number($"select count(*) from company", ct), ct) > 0) return;
        var end = DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime).AddDays(-1);
        var start = end.AddDays(1 - DemoPlan.Days);
        var clock = new DemoClock(new DateTimeOffset(start.AddDays(-1).ToDateTime(new TimeOnly(6, 0)), TimeSpan.Zero));
        await using var own = Services(services, database, clock);

        progress.Report(new Step("Places, goods and people", 0, DemoPlan.Days));
        var dice = new Dice(20_240_501);
        var masters = new DemoMasters(own, clock, dice, start);
        await masters.Write(database, ct);
        var desks = Desks(own, database, clock, dice, masters);
        foreach (var branch in masters.Branches)
        {
            var manager = masters.People[$"manager-{branch.Code.ToLowerInvariant()}"];
            await database.Write(tx => desks.Stock.Deliver(tx, branch, new Stamp(manager, branch.Id, clock.Now, start.AddDays(-1), 8), StockDocument.Opening, ct), ct);
        }

        for (var at = 0; at < DemoPlan.Days; at++)
        {
            var day = start.AddDays(at);
            progress.Report(new Step($"Trade of {day:yyyy-MM-dd}", at, DemoPlan.Days));
            foreach (var branch in masters.Branches.Where(branch => branch.OpenOnSunday || day.DayOfWeek != DayOfWeek.Sunday))
                await new DemoDay(desks, branch, day, at, last: at == DemoPlan.Days - 1).Run(ct);
        }

        await Targets(database, masters, clock, start, end, ct);
        await new Rollups(database, services.GetServices<Function>()).CatchUp(ct: ct);
        progress.Report(new Step("Ninety days of trade", DemoPlan.Days, DemoPlan.Days));
    }

    /// <summary>The same services once more, on a clock of their own, so that what is written is dated when it happened.</summary>
    private static ServiceProvider Services(IServiceProvider host, Database database, DemoClock clock)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        var keyFile = host.GetRequiredService<IOptions<SecurityOptions>>().Value.KeyFile;
        services.AddPlug1(database, options =>
        {
            options.KeyFile = keyFile;
            // The password is printed at the start; a hash of few rounds is renewed at the first sign-in.
            options.PasswordRounds = 2_000;
        });
        return services.BuildServiceProvider();
    }

    private static DemoDesks Desks(ServiceProvider own, Database database, DemoClock clock, Dice dice, DemoMasters masters)
    {
        var stock = new DemoStock(masters, own.GetRequiredService<GoodsReceipts>(), dice);
        var checkout = own.GetRequiredService<Checkout>();
        var baskets = new DemoBaskets(masters, stock, checkout, own.GetRequiredService<CatalogueBook>(), dice);
        return new DemoDesks(database, clock, dice, masters, stock, baskets, checkout, own.GetRequiredService<Shifts>(), own.GetRequiredService<Reversal>(), own.GetRequiredService<Parking>(),
            own.GetRequiredService<LifecycleDesk>(), own.GetRequiredService<PointOfSaleFunction>(), own.GetRequiredService<SecondPerson>());
    }

    /// <summary>A target a branch and month: 104 % of what was sold, in whole hundreds.</summary>
    private static Task Targets(Database database, DemoMasters masters, DemoClock clock, DateOnly start, DateOnly end, CancellationToken ct) => database.Write(async tx =>
    {
        foreach (var branch in masters.Branches)
        {
            for (var month = new DateOnly(start.Year, start.Month, 1); month <= end; month = month.AddMonths(1))
            {
                var net = await tx.Number($"""
                    select {Sql.Raw(Dialect.SumLong(tx.Engine, "amount"))} from fact where function = {PointOfSaleFunction.FunctionCode} and grain = 0 and kind = 'sale'
                      and event in ('posted', 'reversed') and branch_id = {branch.Id} and business_date >= {month} and business_date < {month.AddMonths(1)}
                    """, ct);
                var days = Math.Min(DateTime.DaysInMonth(month.Year, month.Month), end.DayNumber - month.DayNumber + 1) - Math.Max(0, start.DayNumber - month.DayNumber);
                var whole = net * DateTime.DaysInMonth(month.Year, month.Month) / Math.Max(1, days) * 104 / 100 / 10_000 * 10_000;
                tx.Stage($"""
                    insert into target (id, function, measure, branch_id, start_date, end_date, amount)
                    values ({Ids.New(clock)}, {PointOfSaleFunction.FunctionCode}, 'netSales', {branch.Id.ToString("D")}, {month}, {month.AddMonths(1).AddDays(-1)}, {whole})
                    """);
            }
        }
    }, ct);
}
