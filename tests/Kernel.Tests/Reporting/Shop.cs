using System.Collections.Frozen;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>A small function with a measure of money, one of units, and a ratio.</summary>
internal sealed class Deliveries : Function
{
    public static readonly Deliveries Instance = new();

    public override string Module => "test";

    public override string Slug => "deliveries";

    public override string Name => "Deliveries";

    public override string Summary => "Brings things to people.";

    public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new("delivery", "Delivery")];

    public override IReadOnlyList<ActionDeclaration> Actions { get; } = [new("view", "See", []), new("export", "Export", []), new("view-cost", "See cost", []), new("reverse", "Reverse", [])];

    public override IReadOnlyList<MeasureDeclaration> Measures { get; } =
    [
        new("net", "Net", "money", "amount"),
        new("units", "Units", "quantity", "case when event = 'posted' then quantity else 0 end"),
        new("deliveries", "Deliveries", "integer", "count", LineGrain: false),
        new("average", "Average", "money", "amount", "count", LineGrain: false),
        new("margin", "Margin", "money", "amount - cost", Permission: "view-cost"),
    ];

    public override IReadOnlyList<DimensionDeclaration> Dimensions { get; } = [new("driver", "Driver", "d1"), new("street", "Street", "d2")];

    public override IReadOnlyList<QuickAction> QuickActions { get; } = [new("new", "New delivery", "/test/deliveries/new", "view")];

    public override Task<Document> Load(Tx tx, Header header, CancellationToken ct) => throw new NotSupportedException();

    public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) =>
        Task.FromResult(new DetailView([new DetailSection("Way", [new DetailField("Total", header.Total, "money")])], []));
}

/// <summary>Two branches, three drivers, a handful of items, and deliveries that a seed decides.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public static readonly DateOnly FirstDay = new(2026, 1, 1);
    private static readonly string[] Channels = ["in-store", "online"];
    private readonly TestDatabase test;

    private Shop(TestDatabase test) => this.test = test;

    public Database Database => test.Database;

    public Engine Engine => test.Engine;

    public FakeClock Clock { get; } = new(new DateTimeOffset(2026, 3, 31, 12, 0, 0, TimeSpan.Zero));

    public Guid North { get; } = Guid.CreateVersion7();

    public Guid South { get; } = Guid.CreateVersion7();

    public IReadOnlyList<Guid> Items { get; } = [.. Enumerable.Range(0, 7).Select(_ => Guid.CreateVersion7())];

    public IReadOnlyList<Guid> Categories { get; } = [Guid.CreateVersion7(), Guid.CreateVersion7()];

    public Rollups Rollups => new(Database);

    public OrganisationView Organisation => new(new Company("Shop", new Currency("EUR", 2), "document"),
        [new Branch(North, "N", "North", "UTC", "", true), new Branch(South, "S", "South", "UTC", "", true)], [], []);

    public Viewer Manager => new(Holder(null, "test.deliveries.view", "test.deliveries.export", "test.deliveries.view-cost", "test.deliveries.reverse"), Organisation);

    public Viewer Southerner => new(Holder(South, "test.deliveries.view"), Organisation);

    public Database Again() => test.OpenAgain();

    public static async Task<Shop> Open(Engine engine)
    {
        var shop = new Shop(await TestDatabase.Create(engine));
        await shop.Database.Write(tx =>
        {
            tx.Stage($"insert into branch (id, code, name, time_zone) values ({shop.North}, 'N', 'North', 'UTC'), ({shop.South}, 'S', 'South', 'UTC')");
            return Task.CompletedTask;
        });
        return shop;
    }

    public Stamp StampOf(Guid branch, DateOnly day, int hour = 9) =>
        new(new Actor(Actor.SystemId, "system", "System", []), branch, new DateTimeOffset(day.ToDateTime(new TimeOnly(hour, 0)), TimeSpan.Zero), day, hour);

    public Header Draft(Guid branch, DateOnly day, int hour = 9) => Header.Draft(Ids.New(Clock), Deliveries.Instance.Code, "delivery", StampOf(branch, day, hour), "EUR");

    /// <summary>Facts of so many deliveries within the first days: one of the whole and two of lines each.</summary>
    public void Deliver(Tx tx, Random random, int count, int days = 90)
    {
        for (var at = 0; at < count; at++)
        {
            var (branch, day, hour) = (random.Next(2) == 0 ? North : South, FirstDay.AddDays(random.Next(days)), random.Next(8, 20));
            var header = Draft(branch, day, hour);
            header.Channel = Channels[random.Next(2)];
            var (first, second) = (random.Next(1, 5_000), random.Next(1, 5_000));
            var reversed = random.Next(20) == 0 ? -1 : 1;
            var step = reversed > 0 ? Status.Posted : Status.Reversed;
            Fact Whole(long amount) => new()
            {
                Document = header,
                Event = step,
                Count = reversed,
                Amount = reversed * amount,
                Quantity = reversed * 2_000_000L,
                Cost = reversed * amount / 2,
                D1 = random.Next(3) == 0 ? null : $"driver {random.Next(3)}",
                D2 = $"street {random.Next(4)}",
            };
            Fact Line(long amount)
            {
                var item = random.Next(Items.Count);
                return Whole(amount) with { OfLine = true, ItemId = Items[item], CategoryId = Categories[item % 2], Quantity = reversed * 1_000_000L };
            }

            Facts.Stage(tx, StampOf(branch, day, hour), Whole(first + second), Line(first), Line(second));
        }
    }

    public Task Deliver(int seed, int count, int days = 90) => Database.Write(tx =>
    {
        Deliver(tx, new Random(seed), count, days);
        return Task.CompletedTask;
    });

    /// <summary>Sums until nothing is left. A transaction of another test on the same server may hold the horizon back for a while.</summary>
    public async Task Settle(int chunk = 50_000)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            await Rollups.CatchUp(chunk);
            if (await Database.Read(db => db.Number($"select count(*) from fact where tx > (select tx from watermark where name = 'fact')")) == 0) return;
            await Task.Delay(50);
        }

        throw new TimeoutException("Something has held the horizon back for half a minute.");
    }

    public static FactQuery Ask(DateOnly from, DateOnly to, string measure, params IReadOnlyList<string> groups) =>
        new(Deliveries.Instance, [Deliveries.Instance.Measures.First(m => m.Key == measure)], groups, from, to);

    public ValueTask DisposeAsync() => test.DisposeAsync();

    private static Actor Holder(Guid? branch, params string[] permissions) =>
        new(Guid.CreateVersion7(), "reader", "Reader", [new Grant("reader", branch, permissions.ToFrozenSet())]);
}
