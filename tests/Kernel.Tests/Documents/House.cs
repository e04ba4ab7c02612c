using System.Collections.Frozen;
using System.Text.Json;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;

namespace Plug1.Kernel.Tests.Documents;

/// <summary>A small function whose documents spend money from the safe: with guards that a test can close.</summary>
internal sealed class Spending : Function
{
    public LedgerBook? Ledger { get; set; }

    /// <summary>What the document's guard says to any step.</summary>
    public Refusal? Guard { get; set; }

    public int GivenUp { get; set; }

    public override string Module => "test";

    public override string Slug => "spending";

    public override string Name => "Spending";

    public override string Summary => "Spends money.";

    public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new("spending", "Spending", Revisable: true), new("receipt", "Receipt")];

    public override IReadOnlyList<ActionDeclaration> Actions { get; } =
        [new("view", "See", []), new("submit", "Hand in", []), new("approve", "Approve", []), new("post", "Post", []), new("reverse", "Reverse", []), new("close", "Close", [])];

    public override IReadOnlyList<ReasonDefault> ReasonDefaults { get; } = [new(Verb.Reverse, "WRONG", "Wrong"), new(Verb.Reject, "TOO_DEAR", "Too dear")];

    public override Task<Document> Load(Tx tx, Header header, CancellationToken ct) => Task.FromResult<Document>(new Spent(header, this));

    public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => throw new NotSupportedException();
}

/// <summary>Money spent.</summary>
internal sealed class Spent(Header header, Spending function) : Document(header)
{
    public override Task<Result> MaySubmit(Tx tx, Stamp stamp, CancellationToken ct) => Guarded();

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Guarded();

    public override Task<Result> MayMove(string verb, Tx tx, Stamp stamp, CancellationToken ct) => Guarded();

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var posting = new Posting(Header.Id, Header.BusinessDate).Debit(new AccountKey(AccountRoles.PettyCash, Header.Currency), Header.Total).Credit(new AccountKey(AccountRoles.Safe, Header.Currency), Header.Total);
        await function.Ledger!.Post(tx, posting, stamp, null, ct);
        Kernel.Reporting.Facts.Stage(tx, stamp, FactsOf(Status.Posted, 0));
        return Result.Done;
    }

    public override Task GivenUp(Tx tx, Stamp stamp, CancellationToken ct)
    {
        function.GivenUp++;
        return Task.CompletedTask;
    }

    private Task<Result> Guarded() => Task.FromResult(function.Guard is { } no ? no : Result.Done);
}

/// <summary>The kernel put together on a database of its own: one branch, one warehouse, the chart of accounts, one function.</summary>
internal sealed class House : IAsyncDisposable
{
    public static readonly Guid Branch = Guid.Parse("00000000-0000-7000-8000-00000000b0b0");
    public static readonly Guid Warehouse = Guid.Parse("00000000-0000-7000-8000-00000000a0a0");
    public static readonly Guid Category = Guid.Parse("00000000-0000-7000-8000-00000000c0c0");
    public static readonly Currency Euro = new("EUR", 2);
    private static int people;
    private readonly TestDatabase test;
    private readonly OrganisationBook organisation;
    private readonly StampedCache<AccountRules> rules;

    private House(TestDatabase test)
    {
        this.test = test;
        organisation = new OrganisationBook(test.Database, Clock);
        rules = new StampedCache<AccountRules>(test.Database, "accounts", Clock, AccountRules.Load);
        Ledger = new LedgerBook(new Accounts(test.Database, rules), Clock);
        Stock = new StockDesk(Ledger);
        Receipts = new StockReceipts(Ledger, Clock);
        Spending.Ledger = Ledger;
        Approvals = new ApprovalDesk(test.Database, Clock);
        Functions = new FunctionCatalogue([Spending]);
        Runner = new CommandRunner(test.Database, organisation, Clock, JsonSerializerOptions.Web);
        Desk = new LifecycleDesk(Runner, Functions, Approvals, Ledger);
    }

    public FakeClock Clock { get; } = new();

    public Database Database => test.Database;

    public Engine Engine => test.Engine;

    public LedgerBook Ledger { get; }

    public StockDesk Stock { get; }

    public StockReceipts Receipts { get; }

    public Spending Spending { get; } = new();

    public ApprovalDesk Approvals { get; }

    public FunctionCatalogue Functions { get; }

    public CommandRunner Runner { get; }

    public LifecycleDesk Desk { get; }

    public static async Task<House> Open(Engine engine)
    {
        var house = new House(await TestDatabase.Create(engine));
        await house.Database.Write(async tx =>
        {
            await KernelSeed.Apply(tx, house.Functions, house.Clock);
            KernelSeed.Company(tx, new SeedOptions("House", Euro), house.Clock);
            tx.Stage($"insert into branch (id, code, name, time_zone) values ({Branch}, 'HQ', 'HQ', 'UTC')");
            tx.Stage($"insert into warehouse (id, branch_id, code, name) values ({Warehouse}, {Branch}, 'W', 'W')");
            tx.Stage($"insert into category (id, code, name) values ({Category}, 'C', 'C')");
            tx.Stage($"insert into tax_code (id, code, name, category) values ({Category}, 'T', 'T', 'S')");
        });
        return house;
    }

    /// <summary>Somebody with every permission of the function, who holds a role.</summary>
    public static Actor Person(string role = "clerk") => new(Guid.CreateVersion7(), $"{role}{Interlocked.Increment(ref people)}", role,
        [new Grant(role, null, new[] { "view", "submit", "approve", "post", "reverse", "close" }.Select(action => $"test.spending.{action}").ToFrozenSet())]);

    public Stamp StampOf(Actor actor) => new(actor, Branch, Clock.GetUtcNow(), DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime), Clock.GetUtcNow().Hour);

    /// <summary>A document in a status of a test's choosing.</summary>
    public async Task<Header> Document(Actor maker, string status = Status.Draft, long total = 1000, string kind = "spending")
    {
        var header = Header.Draft(Ids.New(Clock), Spending.Code, kind, StampOf(maker), Euro.Code);
        (header.Total, header.Status) = (total, status);
        await Database.Write(tx =>
        {
            Headers.Insert(tx, header);
            return Task.CompletedTask;
        });
        return header;
    }

    /// <summary>Takes a step in a transaction of its own.</summary>
    public Task<Result<LifecycleOutcome>> Step(Actor actor, Guid id, string verb, string? reason = null, long? version = null, string? text = null) =>
        Database.Write(tx => Desk.Within(tx, StampOf(actor), Spending, new LifecycleStep(verb, id, version, reason, text)));

    /// <summary>Somebody changes a document, as a function does when its draft is saved.</summary>
    public Task Edit(Actor actor, Guid id) => Database.Write(async tx =>
    {
        var header = (await Headers.Lock(tx, Spending.Code, id, null)).Value;
        header.Edit(StampOf(actor));
        Headers.Update(tx, header);
    });

    /// <summary>Somebody with a role who is known to the database, so that notices reach them.</summary>
    public async Task<Actor> Known(string role, Guid? branch = null)
    {
        var person = Person(role);
        await Database.Write(async tx =>
        {
            await tx.Execute($"insert into role (code, name) values ({role}, {role}) on conflict do nothing");
            await tx.Execute($"insert into app_user (id, user_name, user_key, name, security_stamp, created_at) values ({person.UserId}, {person.UserName}, {person.UserName}, {person.UserName}, '', {Clock.GetUtcNow()})");
            await tx.Execute($"insert into user_role (user_id, role, branch_id) values ({person.UserId}, {role}, {branch})");
        });
        return person;
    }

    /// <summary>What somebody was told and has not read, the latest first.</summary>
    public Task<List<string>> Told(Actor person) => Database.Read(async db => (await NoticeBook.Page(db, person.UserId, unread: true, null, 50, default)).ConvertAll(notice => notice.Title));

    public OrganisationBook Organisation => organisation;

    public Task<Header> Find(Guid id) => Database.Read(async db => (await db.First($"select {Sql.Raw(Headers.Columns)} from document d where d.id = {id}", row => Headers.Read(row)))!);

    public Task<long> Count(string sql) => Database.Read(db => db.Number(Sql.Raw(sql)));

    public async Task Rule(string action, string figure, long over, string role, int level = 1, int escalateMinutes = 0, string escalateRole = "", string votes = "any", string then = "")
    {
        await Database.Write(tx =>
        {
            tx.Stage($"""
                insert into approval_rule (id, function, kind, action, figure, over_value, role, level, escalate_minutes, escalate_role, votes, escalate_then)
                values ({Guid.CreateVersion7()}, {Spending.Code}, '', {action}, {figure}, {over}, {role}, {level}, {escalateMinutes}, {escalateRole}, {votes}, {then})
                """);
            return Task.CompletedTask;
        });
        Approvals.Rules.Drop();
    }

    /// <summary>An item and what stock needs to know of it.</summary>
    public async Task<StockItem> Item(string sku, bool fifo = false)
    {
        var id = Ids.New(Clock);
        await Database.Write(tx =>
        {
            tx.Stage($"insert into item (id, sku, name, category_id, unit_code, tax_code_id, tracking, valuation) values ({id}, {sku}, {sku}, {Category}, 'EA', {Category}, 'none', {(fifo ? "fifo" : "average")})");
            return Task.CompletedTask;
        });
        return new StockItem(id, sku, Category, UsesLots: fifo, fifo, LotRequired: false, StandardCost: null);
    }

    /// <summary>The laws that the books break; none.</summary>
    public Task<List<string>> Broken() => Database.Read(async db =>
    {
        var found = new List<string>();
        await foreach (var violation in LedgerCheck.Run(db, LedgerCheck.Laws(db.Engine))) found.Add($"{violation.Law.Code}: {violation.Where}");
        return found;
    });

    public async ValueTask DisposeAsync()
    {
        organisation.Dispose();
        rules.Dispose();
        Approvals.Dispose();
        await test.DisposeAsync();
    }
}
