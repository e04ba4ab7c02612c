using Microsoft.Extensions.DependencyInjection;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;

namespace Plug1.Kernel.Tests.Security;

/// <summary>A database with roles, an administrator and a cashier, and the services as the host has them.</summary>
internal sealed class SecurityBench : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    private readonly List<ServiceProvider> nodes = [];

    private SecurityBench(TestDatabase test, string folder) => (Test, Folder) = (test, folder);

    public TestDatabase Test { get; }

    public string Folder { get; }

    public Database Database => Test.Database;

    public FakeClock Clock { get; } = new();

    public ServiceProvider Node { get; private set; } = null!;

    public Guid Branch { get; } = Guid.CreateVersion7();

    public Guid OtherBranch { get; } = Guid.CreateVersion7();

    public UserAccount Admin { get; private set; } = null!;

    public UserAccount Cashier { get; private set; } = null!;

    public UserAccount Manager { get; private set; } = null!;

    public Sessions Sessions => Node.GetRequiredService<Sessions>();

    public Users Users => Node.GetRequiredService<Users>();

    public Roles Roles => Node.GetRequiredService<Roles>();

    public ApiTokens Tokens => Node.GetRequiredService<ApiTokens>();

    public Actors Actors => Node.GetRequiredService<Actors>();

    public SecondPerson SecondPerson => Node.GetRequiredService<SecondPerson>();

    public OwnAccount Own => Node.GetRequiredService<OwnAccount>();

    public static readonly PermissionDeclaration Discount = new("sales.point-of-sale.discount", "Give a discount", ["store-manager"], Sensitive: true);

    public static readonly PermissionDeclaration Sell = new("sales.point-of-sale.create", "Sell", ["cashier", "store-manager"]);

    public static async Task<SecurityBench> Start(Engine engine)
    {
        var bench = new SecurityBench(await TestDatabase.Create(engine), Directory.CreateTempSubdirectory("plug1-security-").FullName);
        bench.Node = bench.AddNode(bench.Database);
        await bench.Database.Write(async tx =>
        {
            foreach (var (id, code) in new[] { (bench.Branch, "HQ"), (bench.OtherBranch, "NORTH") })
                tx.Stage($"insert into branch (id, code, name, time_zone) values ({id}, {code}, {code}, 'UTC')");
            await RoleTemplates.Seed(tx, [Discount, Sell], bench.Clock);
        });
        bench.Admin = await bench.Add("admin", new RoleAssignment(RoleTemplates.Administrator));
        bench.Cashier = await bench.Add("cashier", new RoleAssignment("cashier", bench.Branch));
        bench.Manager = await bench.Add("manager", new RoleAssignment("store-manager", bench.Branch));
        return bench;
    }

    /// <summary>The services once more, as a second node on the same database has them.</summary>
    public ServiceProvider AddNode(Database database, int passwordRounds = 1_000)
    {
        var services = new ServiceCollection();
        services.AddSingleton(database);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddPlug1Security(options =>
        {
            options.KeyFile = Path.Combine(Folder, "plug1.key");
            options.PasswordRounds = passwordRounds;
        });
        var node = services.BuildServiceProvider(validateScopes: true);
        nodes.Add(node);
        return node;
    }

    public async Task<UserAccount> Add(string userName, params RoleAssignment[] roles) =>
        (await Users.Create(Caller.System, new NewUser(userName, $"The {userName}", Password, roles, MustChange: false))).Value;

    public async Task<Caller> As(UserAccount user) => new((await Actors.ByUser(user.Id))!, Branch, "till-1", "10.0.0.7");

    public Task<List<string>> Audited(string action) => Database.Read(db => db.Query(
        $"select outcome, reason, user_name from audit_event where action = {action} order by seq",
        row => $"{row.Text(0)} {row.TextOrNull(1)} {row.Text(2)}".Replace("  ", " ")));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        await Test.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
