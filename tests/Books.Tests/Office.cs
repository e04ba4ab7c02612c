using Microsoft.Extensions.DependencyInjection;
using Plug1.Books.Journals;
using Plug1.Books.Statements;
using Plug1.Books.YearEnd;
using Plug1.Host.Setup;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;

namespace Plug1.Books.Tests;

/// <summary>The office of a company with two branches, on a database of its own; it is Thursday, 15 January 2026.</summary>
internal sealed class Office : IAsyncDisposable
{
    public static readonly Guid Main = Guid.Parse("00000000-0000-7000-8000-00000000b001");
    public static readonly Guid West = Guid.Parse("00000000-0000-7000-8000-00000000b002");
    public static readonly Guid Ada = Guid.Parse("00000000-0000-7000-8000-00000000e001");
    private readonly TestDatabase test;
    private readonly ServiceProvider services;

    private Office(TestDatabase test, ServiceProvider services, FakeClock clock) => (this.test, this.services, Clock) = (test, services, clock);

    public FakeClock Clock { get; }

    public Database Database => test.Database;

    public Actor Anna { get; private set; } = null!;

    public Actor Ben { get; private set; } = null!;

    public Actor Clerk { get; private set; } = null!;

    public T Of<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static async Task<Office> Open(Engine engine)
    {
        var fresh = await TestDatabase.Create(engine, Composition.Migrations);
        var clock = new FakeClock(new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero));
        var provider = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddPlug1(fresh.Database, options =>
        {
            options.KeyFile = Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.key");
            options.PasswordRounds = 1000;
        }).BuildServiceProvider();
        var office = new Office(fresh, provider, clock);
        await fresh.Database.Write(tx => KernelSeed.Apply(tx, office.Of<FunctionCatalogue>(), clock));
        await fresh.Database.Write(office.Furnish);
        office.Anna = await office.Person("accountant", "anna");
        office.Ben = await office.Person("accountant", "ben");
        office.Clerk = await office.Person("sales", "clerk");
        return office;
    }

    public async Task<Actor> Person(string role, string name, Guid? branch = null)
    {
        var made = await Of<Users>().Create(Caller.System with { BranchId = Main }, new NewUser(name, name, "a long password", [new RoleAssignment(role, branch)], MustChange: false));
        return (await Of<Actors>().ByUser(made.Value.Id))!;
    }

    public async Task<Result<T>> As<T>(Actor actor, Func<Tx, Stamp, Task<Result<T>>> work, Guid? branch = null)
    {
        var stamp = await Of<CommandRunner>().StampOf(Call(actor, branch: branch));
        return await Database.Write(tx => work(tx, stamp));
    }

    public CommandCall Call(Actor actor, string? key = null, Guid? branch = null) => new(actor, branch ?? Main, IdempotencyKey: key, RequestHash: "body");

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A line: <c>6400 D 1000.00</c>, then the branch and the subject where they matter.</summary>
    public static JournalLineRequest Line(string text)
    {
        var parts = text.Split(' ');
        return new JournalLineRequest(parts[0], parts[1] == "D" ? parts[2] : null, parts[1] == "C" ? parts[2] : null, parts.Length > 4 ? parts[4] : null, parts.Length > 3 && parts[3] != "-" ? parts[3] : null);
    }

    public static JournalRequest Journal(string day, params string[] lines) => new("journal", Day(day), "Test", [.. lines.Select(Line)]);

    public Task<Result<JournalAnswer>> Enter(JournalRequest request, Actor? by = null, Guid? branch = null) => As(by ?? Anna, (tx, stamp) => Of<JournalDesk>().CreateWithin(tx, stamp, request), branch);

    public Task<Result<LifecycleOutcome>> Step(Actor actor, string verb, Guid id, string? reason = null, string function = "books.journals", Guid? branch = null) =>
        As(actor, (tx, stamp) => Of<LifecycleDesk>().Within(tx, stamp, Of<FunctionCatalogue>().Of(function), new LifecycleStep(verb, id, null, reason)), branch);

    /// <summary>Enters and hands in; where a rule asks for another person, Ben approves.</summary>
    public async Task<Guid> Post(JournalRequest request)
    {
        var entered = await Enter(request);
        entered.Refusal.ShouldBeNull();
        var submitted = await Step(Anna, Verb.Submit, entered.Value.Id);
        submitted.Refusal.ShouldBeNull();
        if (submitted.Value.WaitsFor is not null) (await Step(Ben, Verb.Approve, entered.Value.Id)).Refusal.ShouldBeNull();
        return entered.Value.Id;
    }

    public Task<Guid> Post(string day, params string[] lines) => Post(Journal(day, lines));

    /// <summary>What a sale books at a till, under a document of the stock so that it need not be a whole one: cash against revenue and tax of 20 %.</summary>
    public async Task Sell(string day, long net, Guid? branch = null, long cost = 0)
    {
        (await As<bool>(Actor.System, async (tx, stamp) =>
        {
            var header = Header.Draft(Ids.New(Clock), "kernel.stock", "receipt", stamp, "EUR");
            (header.BusinessDate, header.Total) = (Day(day), net * 6 / 5);
            header.MoveTo(Status.Posted, stamp);
            Headers.Insert(tx, header);
            var posting = new Posting(header.Id, Day(day), "sale").Debit(new AccountKey(AccountRoles.CashDrawer, "EUR", "T1"), net + (net / 5))
                .Credit(new AccountKey(AccountRoles.SalesRevenue, "EUR"), net).Credit(new AccountKey(AccountRoles.OutputTax, "EUR"), net / 5)
                .Debit(new AccountKey(AccountRoles.CostOfSales, "EUR"), cost).Credit(new AccountKey(AccountRoles.Inventory, "EUR", "stock"), cost);
            await Of<LedgerBook>().Post(tx, posting, stamp, null);
            return true;
        }, branch)).Refusal.ShouldBeNull();
    }

    /// <summary>The year 2025 of the guide: opening balances, rent, a sale, and an insurance for both branches.</summary>
    public async Task TheYearOfTheGuide()
    {
        await Post(new JournalRequest("opening", Day("2025-01-01"), "Opening balances", [Line("1050 D 10000.00"), Line("1010 D 500.00"), Line($"1100 D 1200.00 - {Ada}"), Line("3900 C 11700.00")]));
        await Post("2025-01-31", "6400 D 1000.00", "1050 C 1000.00");
        await Sell("2025-02-10", 10_000);
        await Post("2025-03-31", "6500 D 400.00", "6500 D 200.00 WEST", "1050 C 600.00");
    }

    public async Task<Viewer> Viewer(Actor? actor = null) => new(actor ?? Anna, await Of<OrganisationBook>().Get());

    public StatementRequest Request(string from, string to, string compare = "none", bool byBranch = false, params Guid[] branches) =>
        new(Day(from), Day(to), compare, byBranch, branches.Length == 0 ? new BranchScope([Main, West], true) : new BranchScope(branches, false), new Currency("EUR", 2));

    /// <summary>A statement as <c>line: figure|figure</c>, headings left out.</summary>
    public static IReadOnlyList<string> Told(Statement statement) =>
        [.. statement.Lines.Where(line => line.Amounts.Any(amount => amount is not null)).Select(line => $"{line.Label}: {string.Join('|', line.Amounts.Select(amount => amount is { } figure ? new Money(figure, new Currency("EUR", 2)).ToText() : ""))}")];

    public async Task<Statement> Income(StatementRequest request) => await Database.Read(async db => await IncomeStatement.Make(db, request, await Of<OrganisationBook>().Get(), default));

    public async Task<Statement> Balance(StatementRequest request) => await Database.Read(async db => await BalanceSheet.Make(db, request, await Of<OrganisationBook>().Get(), default));

    public Task<Statement> Cash(StatementRequest request) => Database.Read(db => CashMovement.Make(db, request, default));

    public Task<Statement> Ledger(StatementRequest request) => Database.Read(db => GeneralLedger.Make(db, request, default));

    public Task<Statement> Trial(StatementRequest request) => Database.Read(db => GeneralLedger.TrialBalance(db, request, default));

    public Task<IReadOnlyList<TrialLine>> LedgerOfChart(DateOnly day) => Database.Read(db => LedgerReports.TrialBalance(db, day));

    public Task SumUp(int chunk = 50) => Of<Kernel.Reporting.Rollups>().CatchUp(chunk);

    public Task<long> Count(string sql) => Database.Read(db => db.Number(Sql.Raw(sql)));

    public async Task<long> BalanceOf(string account) => await Database.Read(db => db.Number($"select coalesce(sum(e.amount), 0) from entry e join account a on a.id = e.account_id where a.gl_code = {account}"));

    /// <summary>Closes months softly, or for good.</summary>
    public async Task Close(string first, string last, bool softly = true)
    {
        for (var month = Day(first + "-01"); month <= Day(last + "-01"); month = month.AddMonths(1))
        {
            var name = month.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
            var done = await As(Anna, (tx, stamp) => Of<PeriodDesk>().Within(tx, stamp, name, softly ? PeriodStep.SoftClose : PeriodStep.Close, null, null));
            done.Refusal.ShouldBeNull();
        }
    }

    public async Task<IReadOnlyList<string>> Violations() => await Database.Read(async db =>
    {
        var found = new List<string>();
        await foreach (var violation in LedgerCheck.Run(db, Composition.Laws(db.Engine))) found.Add($"{violation.Law.Code}: {violation.Where}");
        return found;
    });

    public Task<Result<Answer>> CloseYear(string lastDay, Actor? by = null) => Of<YearEnds>().Create(Call(by ?? Anna), new YearEndRequest(Day(lastDay)));

    private async Task Furnish(Tx tx)
    {
        KernelSeed.Company(tx, new SeedOptions("Two Shops", new Currency("EUR", 2)), Clock);
        tx.Stage($"insert into branch (id, code, name, time_zone) values ({Main}, 'MAIN', 'Main street', 'Europe/Vienna')");
        tx.Stage($"insert into branch (id, code, name, time_zone) values ({West}, 'WEST', 'West end', 'Europe/Vienna')");
        foreach (var (code, name) in new[] { ("6400", "Rent"), ("6500", "Insurance") })
            tx.Stage($"insert into gl_account (code, name, kind, account_group) values ({code}, {name}, 'expense', 'expenses')");
        tx.Stage($"insert into gl_account (code, name, kind, account_group, active) values ('6999', 'Old costs', 'expense', 'expenses', {false})");
        tx.Stage($"insert into party (id, number, kind, name, created_at) values ({Ada}, 'C-1', 'person', 'Ada Merton', {Clock.GetUtcNow()})");
        await tx.Flush();
        Of<OrganisationBook>().Cache.Touch(tx);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await test.DisposeAsync();
    }
}
