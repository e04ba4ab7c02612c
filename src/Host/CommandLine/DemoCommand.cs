using System.CommandLine;
using Plug1.Host.Demo;
using Plug1.Kernel.Storage;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 demo</c>: a company with some months of trade, to look at and to try things on.</summary>
internal static class DemoCommand
{
    /// <summary>The command.</summary>
    public static Command Make() => new Command("demo", "Fill a database without a company with the demo company.").Does(async (parsed, ct) =>
    {
        await using var place = Common.Open(Common.PlaceOf(parsed));
        await Setup.Server.Prepare(place.Database, place.Services, ct);
        if (await Setup.FirstCompany.Exists(place.Database, ct)) throw new CommandFailure("There is a company already; the demo company goes into an empty database.");
        await Fill(place.Services, ct);
        return ExitCode.Done;
    });

    /// <summary>Fills a database without a company.</summary>
    public static Task Fill(IServiceProvider services, CancellationToken ct) =>
        Progress.Show("Writing the demo company", progress => DemoCompany.Create(services, progress, ct));

    /// <summary>The demo users with their passwords and roles; none when the company is not the demo company.</summary>
    public static Task<IReadOnlyList<(string Name, string Password, string Role)>> Users(Database database, CancellationToken ct) => DemoCompany.Users(database, ct);
}
