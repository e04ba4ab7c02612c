using System.Collections.Frozen;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Rules;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;

namespace Plug1.Kernel.Tests.Exceptions;

/// <summary>A function whose spendings are flagged: large ones at post, old drafts on schedule.</summary>
internal sealed class Flagged : Function
{
    public const string Large = "LARGE", Hasty = "HASTY", Old = "OLD";

    public override string Module => "test";

    public override string Slug => "flagged";

    public override string Name => "Flagged";

    public override string Summary => "Spends money and is watched.";

    public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new("spending", "Spending")];

    public override IReadOnlyList<ActionDeclaration> Actions { get; } = [new("view", "See", [])];

    public override IReadOnlyList<ExceptionDeclaration> Exceptions { get; } =
    [
        new(Large, "Much was spent", "high")
        {
            Parameters = [new("above", "Above", "money", 1000)], OwnerRole = "clerk", EscalateMinutes = 60, EscalateRole = "boss", QuietMinutes = 30, FigureType = "money",
            Caught = asked => $"""
                select cast(d.id as text) as key, d.id as document_id, d.session_id, d.branch_id, d.business_date, d.number as label, d.total as figure from document d
                where d.function = 'test.flagged' and d.posted_at is not null and d.business_date >= {asked.From} and d.business_date <= {asked.To} and {asked.At("d.branch_id")} and d.total > {asked["above"]}
                """,
        },
        new(Hasty, "Again and again", "low") { Fold = FoldBy.BranchAndUser, QuietMinutes = 30 },
        new(Old, "A draft has waited", "medium")
        {
            Parameters = [new("hours", "Hours", "integer", 4, 1, 100)],
            Due = asked => $"""
                select cast(d.id as text) as key, d.id as document_id, d.session_id, d.branch_id, d.business_date, coalesce(d.number, 'draft') as label, 0 as figure from document d
                where d.function = 'test.flagged' and d.status = 'draft' and d.created_at < {asked.Now.AddHours(-asked["hours"])} and {asked.At("d.branch_id")}
                """,
        },
    ];

    public override Task<Document> Load(Tx tx, Header header, CancellationToken ct) => throw new NotSupportedException();

    public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => throw new NotSupportedException();
}

/// <summary>Two branches whose spendings are flagged, with the book, the desk and the runs of exceptions.</summary>
internal sealed class FlaggedHouse : IAsyncDisposable
{
    public static readonly Guid North = Guid.Parse("00000000-0000-7000-8000-00000000b0b1"), South = Guid.Parse("00000000-0000-7000-8000-00000000b0b2");
    private readonly TestDatabase test;
    private readonly ConfigStamps stamps;

    private FlaggedHouse(TestDatabase test)
    {
        this.test = test;
        Organisation = new OrganisationBook(test.Database, Clock);
        Functions = new FunctionCatalogue([Function]);
        (Rules, stamps) = (new ExceptionRules(test.Database, Clock), new ConfigStamps(test.Database, Clock));
        Book = new ExceptionBook(Rules, Clock);
        Actors = new Actors(test.Database, stamps, Clock);
        Desk = new ExceptionDesk(Actors, Clock);
        Runs = new RuleRuns(test.Database, Rules, Book, Organisation, Functions, Clock);
        Escalation = new Escalation(test.Database, Organisation, Clock);
        Runner = new CommandRunner(test.Database, Organisation, Clock, System.Text.Json.JsonSerializerOptions.Web);
        Masters = new MasterDesk(Runner, test.Database);
        RuleMaster = new ExceptionRuleMaster(Functions, Organisation, Rules);
    }

    public FakeClock Clock { get; } = new();

    public Database Database => test.Database;

    public Flagged Function { get; } = new();

    public OrganisationBook Organisation { get; }

    public FunctionCatalogue Functions { get; }

    public ExceptionRules Rules { get; }

    public ExceptionBook Book { get; }

    public Actors Actors { get; }

    public ExceptionDesk Desk { get; }

    public RuleRuns Runs { get; }

    public Escalation Escalation { get; }

    public CommandRunner Runner { get; }

    public MasterDesk Masters { get; }

    public ExceptionRuleMaster RuleMaster { get; }

    public static async Task<FlaggedHouse> Open(Engine engine)
    {
        var house = new FlaggedHouse(await TestDatabase.Create(engine));
        await house.Database.Write(async tx =>
        {
            await KernelSeed.Apply(tx, house.Functions, house.Clock);
            KernelSeed.Company(tx, new SeedOptions("House", new Currency("EUR", 2)), house.Clock);
            tx.Stage($"insert into branch (id, code, name, time_zone) values ({North}, 'N', 'North', 'UTC')");
            tx.Stage($"insert into branch (id, code, name, time_zone) values ({South}, 'S', 'South', 'UTC')");
            foreach (var role in new[] { "clerk", "boss" }) tx.Stage($"insert into role (code, name) values ({role}, {role})");
        });
        return house;
    }

    /// <summary>A user who holds a role at all branches; the role may see and settle unless it is told otherwise.</summary>
    public async Task<Actor> Person(string role, string name, params string[] permissions)
    {
        var id = Guid.CreateVersion7();
        if (permissions.Length == 0) permissions = ["test.flagged.view", ExceptionDesk.Permission];
        await Database.Write(tx =>
        {
            tx.Stage($"insert into app_user (id, user_name, user_key, name, security_stamp, created_at) values ({id}, {name}, {name.ToUpperInvariant()}, {name}, 'none', {Clock.GetUtcNow()})");
            tx.Stage($"insert into role (code, name) values ({role}, {role}) on conflict (code) do nothing");
            foreach (var permission in permissions) tx.Stage($"insert into role_permission (role, permission) values ({role}, {permission}) on conflict do nothing");
            tx.Stage($"insert into user_role (user_id, role) values ({id}, {role})");
            return Task.CompletedTask;
        });
        return new Actor(id, name, name, [new Grant(role, null, permissions.ToFrozenSet())]);
    }

    public Stamp StampOf(Actor actor, Guid? branch = null) =>
        new(actor, branch ?? North, Dialect.Micro(Clock.GetUtcNow()), DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime), Clock.GetUtcNow().Hour);

    /// <summary>Posts a spending as a function does: what it costs above the rule's figure raises.</summary>
    public async Task<Header> Spend(long total, Actor? by = null, Guid? branch = null, Header? again = null, string rule = Flagged.Large)
    {
        var stamp = StampOf(by ?? Actor.System, branch);
        var header = again ?? Header.Draft(Ids.New(Clock), Function.Code, "spending", stamp, "EUR");
        header.Total = total;
        await Database.Write(async tx =>
        {
            if (again is null)
            {
                header.Number = $"F-{header.Id:N}";
                header.MoveTo(Status.Posted, stamp);
                Headers.Insert(tx, header);
                Facts.Stage(tx, stamp, new Fact { Document = header, Event = Status.Posted, Amount = total });
            }

            var inForce = await Book.Rule(Function, rule, header.BranchId);
            if (rule == Flagged.Hasty || total > inForce["above"]) await Book.Raise(tx, Function, rule, header, $"{total} was spent.", stamp);
        });
        return header;
    }

    /// <summary>A draft that is made now.</summary>
    public async Task<Header> Draft(Guid? branch = null)
    {
        var header = Header.Draft(Ids.New(Clock), Function.Code, "spending", StampOf(Actor.System, branch), "EUR");
        await Database.Write(tx =>
        {
            Headers.Insert(tx, header);
            return Task.CompletedTask;
        });
        return header;
    }

    public async Task<IReadOnlyList<ExceptionEntry>> Items(string? state = null, ExceptionFilter? filter = null)
    {
        var scope = new BranchScope([North, South], true);
        return await Database.Read(db => RaisedExceptions.Page(db, [(Function, scope)], filter ?? new ExceptionFilter(state), Clock.GetUtcNow(), 100, null));
    }

    public Task<IReadOnlyList<ExceptionStepEntry>> History(Guid id) => Database.Read(db => RaisedExceptions.History(db, id));

    /// <summary>Takes a step with one item.</summary>
    public async Task<Refusal?> Take(Actor actor, Guid id, ExceptionMove move, long? version = null)
    {
        var taken = await Database.Write(tx => Desk.Take(tx, [(id, version)], move, StampOf(actor)));
        return taken.IsRefused ? taken.Refusal : taken.Value[0].Refusal;
    }

    /// <summary>Sets a rule, as the system.</summary>
    public async Task Set(ExceptionRuleWrite write)
    {
        var set = await Masters.Create(RuleMaster, new CommandCall(Actor.System, North), write);
        Invariant.Holds(!set.IsRefused, set.ToString());
    }

    public Task<long> Count(string sql) => Database.Read(db => db.Number(Sql.Raw(sql)));

    public async ValueTask DisposeAsync()
    {
        Organisation.Dispose();
        Rules.Dispose();
        stamps.Dispose();
        await test.DisposeAsync();
    }
}
