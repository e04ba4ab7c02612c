using Plug1.Host.Demo;
using Plug1.Kernel.Storage;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 demo</c>: a company with some months of trade, to look at and to try things on.</summary>
internal static class DemoCommand
{
    /// <summary>Fills a database without a company.</summary>
    public static Task Fill(IServiceProvider services, CancellationToken ct) =>
        Progress.Show("Writing the demo company", progress => DemoCompany.Create(services, progress, ct));

    /// <summary>The demo users with their passwords and roles; none when the company is not the demo company.</summary>
    public static Task<IReadOnlyList<(string Name, string Password, string Role)>> Users(Database database, CancellationToken ct) => DemoCompany.Users(database, ct);
}
