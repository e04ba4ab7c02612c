using System.CommandLine;
using Plug1.Host.Setup;

namespace Plug1.Host.CommandLine;

/// <summary>What prepares a database: <c>plug1 migrate</c>, <c>plug1 company</c>; and <c>plug1 openapi</c>, which needs none.</summary>
internal static class SchemaCommands
{
    private static readonly Option<string> CompanyName = new("--name") { Description = "The company's name.", HelpName = "TEXT", DefaultValueFactory = _ => FirstCompany.Default.Name };

    private static readonly Option<string> CurrencyCode = new("--currency")
    {
        Description = "The currency of its books, ISO 4217; it cannot be changed later.",
        HelpName = "CODE",
        DefaultValueFactory = _ => FirstCompany.Default.Currency,
    };

    private static readonly Option<string> BranchName = new("--branch") { Description = "The name of its first branch.", HelpName = "TEXT", DefaultValueFactory = _ => FirstCompany.Default.Branch };

    private static readonly Option<string> Zone = new("--time-zone")
    {
        Description = "The branch's time zone, such as Europe/Berlin.",
        HelpName = "ZONE",
        DefaultValueFactory = _ => FirstCompany.Default.TimeZone,
    };

    private static readonly Option<string?> Out = new("--out") { Description = "The file; without it, standard output.", HelpName = "FILE" };

    /// <summary><c>plug1 migrate</c>.</summary>
    public static Command Migrate() => new Command("migrate", "Bring the database to this version's schema and seeds. Done once, it does nothing.").Does(async (parsed, ct) =>
    {
        await using var at = Common.Open(Common.PlaceOf(parsed));
        var applied = await Progress.Show($"Migrating {at.Place.Shown}.", _ => Server.Prepare(at.Database, at.Services, ct));
        foreach (var name in applied) Console.WriteLine(name);
        Console.WriteLine(applied.Count == 0 ? "The schema is this version's already." : $"{applied.Count} migrations were applied.");
        return ExitCode.Done;
    });

    /// <summary><c>plug1 company</c>.</summary>
    public static Command Company() => new Command("company", "Make an empty company with one branch, one till and the user 'admin'.") { CompanyName, CurrencyCode, BranchName, Zone }.Does(async (parsed, ct) =>
    {
        var wanted = new FirstCompany(parsed.GetRequiredValue(CompanyName), parsed.GetRequiredValue(CurrencyCode), parsed.GetRequiredValue(BranchName), parsed.GetRequiredValue(Zone));
        if (wanted.Problem is { } problem) throw new CommandFailure(problem, ExitCode.Usage);
        await using var at = Common.Open(Common.PlaceOf(parsed));
        await Server.Prepare(at.Database, at.Services, ct);
        if (await FirstCompany.Exists(at.Database, ct)) throw new CommandFailure("There is a company already.");
        Tell(await wanted.Create(at.Services, ct));
        return ExitCode.Done;
    });

    /// <summary><c>plug1 openapi</c>.</summary>
    public static Command OpenApi() => new Command("openapi", "Write the OpenAPI 3.1 description of the API.") { Out }.Does(async (parsed, ct) =>
    {
        var text = await ApiDescription.Write(ct);
        if (parsed.GetValue(Out) is { } file) await File.WriteAllTextAsync(file, text, ct);
        else Console.WriteLine(text);
        return ExitCode.Done;
    });

    /// <summary>Prints the first password, which nobody can look up later.</summary>
    public static void Tell(FirstCompany.Made made)
    {
        Console.WriteLine($"The company '{made.Name}' was made, with branch {made.Branch} and till {made.Terminal}.");
        if (made.Password is { } password) Console.WriteLine($"Sign in as admin with the password {password} - it is shown this once and must be changed.");
    }
}
