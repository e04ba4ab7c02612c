using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Customers.Segments;
using Plug1.Host.Setup;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;

namespace Plug1.Customers.Tests.Segments;

/// <summary>A company whose customers buy, on a database of its own; it is Tuesday, 31 March 2026, at noon.</summary>
internal sealed class Market : IAsyncDisposable
{
    public static readonly Guid Main = Guid.Parse("00000000-0000-7000-8000-00000000b001");
    public static readonly Guid West = Guid.Parse("00000000-0000-7000-8000-00000000b002");
    public static readonly DateOnly Today = new(2026, 3, 31);
    private static readonly Currency Euro = new("EUR", 2);
    private readonly TestDatabase test;
    private readonly ServiceProvider services;

    private Market(TestDatabase test, ServiceProvider services, FakeClock clock) => (this.test, this.services, Clock) = (test, services, clock);

    public FakeClock Clock { get; }

    public Database Database => test.Database;

    public Actor Manager { get; private set; } = null!;

    public T Of<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static async Task<Market> Open(Engine engine)
    {
        var fresh = await TestDatabase.Create(engine, Composition.Migrations);
        var clock = new FakeClock(new DateTimeOffset(2026, 3, 31, 10, 0, 0, TimeSpan.Zero));
        var provider = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddPlug1(fresh.Database, options =>
        {
            options.KeyFile = Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.key");
            options.PasswordRounds = 1000;
        }).BuildServiceProvider();
        var market = new Market(fresh, provider, clock);
        await fresh.Database.Write(tx => KernelSeed.Apply(tx, market.Of<FunctionCatalogue>(), clock));
        await fresh.Database.Write(market.Furnish);
        var made = await market.Of<Users>().Create(Caller.System with { BranchId = Main }, new NewUser("mia", "mia", "a long password", [new RoleAssignment("store-manager", null)], MustChange: false));
        market.Manager = (await market.Of<Actors>().ByUser(made.Value.Id))!;
        return market;
    }

    public async Task<Stamp> Stamp() => await Of<CommandRunner>().StampOf(new CommandCall(Manager, Main));

    public async Task<Result<T>> Write<T>(Func<Tx, Stamp, Task<Result<T>>> work)
    {
        var stamp = await Stamp();
        return await Database.Write(tx => work(tx, stamp));
    }

    /// <summary>Customers by name, in that order.</summary>
    public async Task<IReadOnlyList<Guid>> Customers(params string[] names)
    {
        var ids = names.Select(_ => Guid.CreateVersion7()).ToList();
        await Database.Write(tx =>
        {
            for (var at = 0; at < ids.Count; at++)
            {
                var number = "C-" + ids[at].ToString("N");
                tx.Stage($"insert into party (id, number, kind, name, created_at) values ({ids[at]}, {number}, 'person', {names[at]}, {Clock.GetUtcNow()})");
                tx.Stage($"insert into party_role (party_id, role) values ({ids[at]}, 'customer')");
            }

            return Task.CompletedTask;
        });
        return ids;
    }

    /// <summary>Posts sales and returns (below zero) as documents with their facts.</summary>
    /// <returns>The documents.</returns>
    public async Task<IReadOnlyList<Guid>> Sell(params IReadOnlyList<(Guid Party, DateOnly Day, long Net)> sales)
    {
        var stamp = await Stamp();
        var made = new List<Guid>();
        foreach (var chunk in sales.Chunk(2000))
        {
            await Database.Write(tx =>
            {
                var facts = new List<Fact>();
                foreach (var (party, day, net) in chunk)
                {
                    var header = Header.Draft(Guid.CreateVersion7(), "sales.point-of-sale", net < 0 ? "return" : "sale", stamp, "EUR");
                    (header.BusinessDate, header.Total, header.PartyId) = (day, net, party);
                    header.MoveTo(Status.Posted, stamp);
                    facts.Add(new Fact { Document = header, Event = Status.Posted, Amount = net, Cost = net / 2 });
                    made.Add(header.Id);
                }

                Headers.Insert(tx, [.. facts.Select(fact => fact.Document)]);
                Facts.Stage(tx, stamp, facts);
                return Task.CompletedTask;
            });
        }

        return made;
    }

    /// <summary>Takes a sale back on a day, as the kernel's mirror does.</summary>
    public async Task Reverse(Guid sale, DateOnly day)
    {
        var stamp = (await Stamp()) with { BusinessDate = day };
        await Database.Write(async tx =>
        {
            var locked = await Headers.Lock(tx, "sales.point-of-sale", sale, null);
            var mirror = Of<FunctionCatalogue>().Of("sales.point-of-sale").MirrorOf(locked.Value, Guid.CreateVersion7(), stamp);
            mirror.MoveTo(Status.Posted, stamp);
            Headers.Insert(tx, mirror);
            Facts.StageMirror(tx, sale, mirror.Id, stamp);
        });
    }

    public static JsonElement Rule(string json) => JsonDocument.Parse(json).RootElement;

    public static SegmentRequest Request(string code, string rule, string type = "rule") => new(code, code, type, Rule(rule));

    public async Task<Result<LifecycleOutcome>> Step(string verb, Guid id, string? reason = null) =>
        await Write((tx, stamp) => Of<LifecycleDesk>().Within(tx, stamp, Of<SegmentFunction>(), new LifecycleStep(verb, id, null, reason)));

    /// <summary>Enters a version and brings it into force.</summary>
    public async Task<Guid> Define(string code, string rule, string type = "rule")
    {
        var entered = await Write((tx, stamp) => Of<SegmentDesk>().CreateWithin(tx, stamp, Request(code, rule, type)));
        entered.Refusal.ShouldBeNull();
        var submitted = await Step(Verb.Submit, entered.Value.Id);
        submitted.Refusal.ShouldBeNull();
        submitted.Value.Status.ShouldBe(Status.Posted);
        return entered.Value.Id;
    }

    public async Task<RefreshAnswer> Refresh(Guid version)
    {
        var done = await Write(async (tx, stamp) => await Of<SegmentRuns>().Refresh(tx, stamp, (await SegmentTables.SegmentOf(tx, version, default))!.Value));
        done.Refusal.ShouldBeNull();
        return done.Value;
    }

    public async Task<PreviewAnswer> Preview(string rule)
    {
        var found = await Of<SegmentDesk>().Preview(await Stamp(), Rule(rule));
        found.Refusal.ShouldBeNull();
        return found.Value;
    }

    public async Task<string?> RefusalOf(string rule) => (await Of<SegmentDesk>().Preview(await Stamp(), Rule(rule))).Refusal?.Code;

    public async Task<IReadOnlyList<Guid>> Members(string code, DateTimeOffset? at = null) => await Database.Read(db => Of<ISegments>().MembersAsOf(db, code, at ?? Clock.GetUtcNow()));

    public async Task Score() => await Write<int>(async (tx, stamp) => await SegmentRuns.Scores(tx, stamp));

    /// <summary>The standing scores, as <c>555 Champions</c>.</summary>
    public async Task<string> Standing(Guid party) => (await Database.Read(db => db.First(
        $"select r, f, m, cell from rfm_standing where party_id = {party} and to_at is null", row => $"{row.Long(0)}{row.Long(1)}{row.Long(2)} {row.Text(3)}")))!;

    public async Task<NamedReportResult> Report(string code, DateOnly from, DateOnly to) => await Database.Read(db =>
        Of<SegmentFunction>().Reports.First(report => report.Code == code).Run(new ReportCall(db, from, to, [Main, West], new Dictionary<string, string>(), _ => true), default));

    private async Task Furnish(Tx tx)
    {
        KernelSeed.Company(tx, new SeedOptions("Two Shops", Euro), Clock);
        tx.Stage($"insert into branch (id, code, name, time_zone) values ({Main}, 'MAIN', 'Main street', 'Europe/Vienna')");
        tx.Stage($"insert into branch (id, code, name, time_zone) values ({West}, 'WEST', 'West end', 'Europe/Vienna')");
        await tx.Flush();
        Of<Kernel.Organisation.OrganisationBook>().Cache.Touch(tx);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await test.DisposeAsync();
    }
}
