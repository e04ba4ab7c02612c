using System.CommandLine;
using Plug1.Host.Demo;
using Plug1.Kernel.Storage;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 demo</c>: a company with ninety days of trade, to look at and to try things on.</summary>
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

    /// <summary>Fills a database without a company; one that has a company is left alone.</summary>
    public static Task Fill(IServiceProvider services, CancellationToken ct) => Progress.Show("Making the demo company", async progress =>
        await DemoCompany.Create(services, new Parts(progress), ct));

    /// <summary>The demo users with their passwords and roles; none when the company is not the demo company.</summary>
    public static async Task<IReadOnlyList<(string Name, string Password, string Role)>> Users(Database database, CancellationToken ct)
    {
        var name = await database.Read(db => db.First($"select name from company", row => row.Text(0), ct), ct);
        if (name != DemoPlan.Company) return [];
        var there = await database.Read(db => db.Query($"select u.user_name, min(r.role) from app_user u join user_role r on r.user_id = u.id where u.active group by u.user_name", row => (Name: row.Text(0), Role: row.Text(1)), ct), ct);
        return [.. DemoCompany.Users.Join(there, user => user, row => row.Name, (user, row) => (user, DemoCompany.Password, row.Role))];
    }

    private sealed class Parts(IProgress<Step> steps) : IProgress<(string Step, double Done)>
    {
        public void Report((string Step, double Done) value) => steps.Report(new Step(value.Step, (long)(value.Done * 1000), 1000));
    }
}
