using Microsoft.Extensions.DependencyInjection;
using Plug1.Customers.Directory;
using Plug1.Host.Setup;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;

namespace Plug1.Customers.Tests;

/// <summary>The service counter of a company with two branches, on a database of its own; it is Thursday, 15 January 2026.</summary>
internal sealed class Counter : IAsyncDisposable
{
    public static readonly Guid Main = Guid.Parse("00000000-0000-7000-8000-00000000b001");
    public static readonly Guid West = Guid.Parse("00000000-0000-7000-8000-00000000b002");
    private readonly TestDatabase test;
    private readonly ServiceProvider services;

    private Counter(TestDatabase test, ServiceProvider services, FakeClock clock) => (this.test, this.services, Clock) = (test, services, clock);

    public FakeClock Clock { get; }

    public Database Database => test.Database;

    public Actor Desk { get; private set; } = null!;

    public Actor Manager { get; private set; } = null!;

    public Actor Auditor { get; private set; } = null!;

    public T Of<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static async Task<Counter> Open(Engine engine)
    {
        var fresh = await TestDatabase.Create(engine, Composition.Migrations);
        var clock = new FakeClock(new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero));
        var provider = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddPlug1(fresh.Database, options =>
        {
            options.KeyFile = Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.key");
            options.PasswordRounds = 1000;
        }).BuildServiceProvider();
        var counter = new Counter(fresh, provider, clock);
        await fresh.Database.Write(tx => KernelSeed.Apply(tx, counter.Of<FunctionCatalogue>(), clock));
        await fresh.Database.Write(async tx =>
        {
            KernelSeed.Company(tx, new SeedOptions("Market", new Currency("USD", 2)), clock);
            tx.Stage($"insert into branch (id, code, name, time_zone, region, active) values ({Main}, 'MAIN', 'Main', 'America/New_York', 'US-NY', {true})");
            tx.Stage($"insert into branch (id, code, name, time_zone, region, active) values ({West}, 'WEST', 'West', 'Africa/Nairobi', 'KE', {true})");
            await tx.Flush();
            counter.Of<OrganisationBook>().Cache.Touch(tx);
        });
        counter.Desk = await counter.Person("service-desk", "desk");
        counter.Manager = await counter.Person("store-manager", "manager");
        counter.Auditor = await counter.Person("auditor", "auditor");
        return counter;
    }

    public async Task<Actor> Person(string role, string name, Guid? branch = null)
    {
        var made = await Of<Users>().Create(Caller.System with { BranchId = Main }, new NewUser(name, name, "a long password", [new RoleAssignment(role, branch)], MustChange: false));
        made.Refusal.ShouldBeNull();
        return (await Of<Actors>().ByUser(made.Value.Id))!;
    }

    public CommandCall Call(Actor actor, Guid? branch = null) => new(actor, branch ?? Main);

    public async Task<Result<T>> As<T>(Actor actor, Func<Tx, Stamp, Task<Result<T>>> work, Guid? branch = null)
    {
        var stamp = await Of<CommandRunner>().StampOf(Call(actor, branch));
        return await Database.Write(tx => work(tx, stamp));
    }

    public Task<Result<CustomerAnswer>> Enter(CustomerRequest request, Guid? branch = null) => As(Desk, (tx, stamp) => Of<CustomerDesk>().CreateWithin(tx, stamp, request), branch);

    public Task<Result<CustomerAnswer>> Quick(QuickCustomerRequest request, Guid? branch = null) => As(Desk, (tx, stamp) => Of<CustomerDesk>().QuickCreateWithin(tx, stamp, request), branch);

    /// <summary>An active customer.</summary>
    public async Task<Guid> Active(CustomerRequest request)
    {
        var made = await Enter(request);
        made.Refusal.ShouldBeNull();
        (await Step(Desk, Verb.Submit, made.Value.Id)).Refusal.ShouldBeNull();
        return made.Value.Id;
    }

    public Task<Result<CustomerAnswer>> Edit(Guid id, CustomerRequest request, Actor? by = null) => As(by ?? Desk, (tx, stamp) => Of<CustomerDesk>().EditWithin(tx, stamp, id, null, request));

    public Task<Result<CustomerAnswer>> Block(Guid id, string? reason = "ABUSE", bool blocks = true, Actor? by = null) =>
        As(by ?? Manager, (tx, stamp) => Of<CustomerDesk>().SetBlockedWithin(tx, stamp, id, blocks, new StandingRequest(reason)));

    public Task<Result<ConsentAnswer>> Agree(Guid id, ConsentRequest request) => As(Desk, (tx, stamp) => Of<CustomerDesk>().ConsentWithin(tx, stamp, id, request));

    public Task<Result<LifecycleOutcome>> Step(Actor actor, string verb, Guid id, string? reason = null) =>
        As(actor, (tx, stamp) => Of<LifecycleDesk>().Within(tx, stamp, Of<DirectoryFunction>(), new LifecycleStep(verb, id, null, reason)));

    public async Task<CustomerOverviewAnswer> Overview(Guid id, Actor? by = null)
    {
        var read = await Of<CustomerOverview>().Read(Call(by ?? Desk), id, default);
        read.Refusal.ShouldBeNull();
        return read.Value;
    }

    /// <summary>A party that a till or a file entered, without the directory.</summary>
    public async Task<Party> Party(PartyDraft draft) => (await As(Actor.System, (tx, stamp) => Of<PartyBook>().Create(tx, draft, stamp))).Value;

    public async Task<Viewer> Viewer(Actor? actor = null) => new(actor ?? Desk, await Of<OrganisationBook>().Get());

    public async Task<ListPage> List(Actor actor, string? q = null, params (string Key, string Value)[] filters)
    {
        var viewer = await Viewer(actor);
        var request = new ListRequest { Q = q, Filters = filters.ToDictionary(filter => filter.Key, filter => filter.Value, StringComparer.Ordinal), Total = true };
        var page = await Database.Read(db => Lists.Page(db, Of<DirectoryFunction>(), request, viewer));
        page.Refusal.ShouldBeNull();
        return page.Value;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await test.DisposeAsync();
    }
}
