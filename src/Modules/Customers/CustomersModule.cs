using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Customers.Directory;
using Plug1.Customers.Loyalty;
using Plug1.Customers.Segments;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Customers;

/// <summary>Customer operations: the module's table of contents.</summary>
public static class CustomersModule
{
    /// <summary>Code of the module.</summary>
    public const string Code = "customers";

    /// <summary>Name of the module.</summary>
    public const string Name = "Customers";

    /// <summary>The module's migrations.</summary>
    public static IReadOnlyList<Migration> Migrations => Migration.Of(Code, typeof(CustomersModule).Assembly);

    /// <summary>Registers the module's services by name.</summary>
    public static void Add(IServiceCollection services)
    {
        AddDirectory(services);
        LoyaltyEndpoints.Add(services);
        AddSegments(services);
    }

    /// <summary>Maps the module's own routes.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        DirectoryEndpoints.Map(api);
        LoyaltyEndpoints.Map(api);
        SegmentEndpoints.Map(api);
    }

    /// <summary>Points that lapse and points that wait no longer, beside the requests.</summary>
    public static Job LoyaltyJob(IServiceProvider services) => LoyaltyEndpoints.Daily(services);

    /// <summary>The tables of sums of this module: emptied when all is to be summed again.</summary>
    public static IReadOnlyList<string> Sums => [];

    /// <summary>What must hold in the books of this module.</summary>
    public static IReadOnlyList<LedgerLaw> Laws(Engine engine) => [.. LoyaltyLaws.All(engine)];

    private static void AddDirectory(IServiceCollection services)
    {
        services.AddSingleton<DirectoryFunction>();
        services.AddSingleton<Function>(from => from.GetRequiredService<DirectoryFunction>());
        services.AddSingleton<CustomerDesk>().AddSingleton<CustomerOverview>().AddSingleton<CustomerGroupMaster>().AddSingleton<CustomerAttributeMaster>();
        services.AddSingleton<IDirectory, CustomerDirectory>();
        services.AddSingleton<IOverviewCards, SalesCards>();
    }

    private static void AddSegments(IServiceCollection services)
    {
        foreach (var source in new[] { SaleMeasures.Bought, SaleMeasures.Variety, SaleMeasures.Rfm, SaleMeasures.Value }) services.AddSingleton(source);
        services.AddSingleton<MeasureCatalogue>().AddSingleton<SegmentFunction>().AddSingleton<SegmentDesk>().AddSingleton<SegmentRuns>().AddSingleton<Membership>().AddSingleton<RfmDesk>().AddSingleton<CustomerValues>();
        services.AddSingleton<Function>(from => from.GetRequiredService<SegmentFunction>());
        services.AddSingleton<ISegments>(from => from.GetRequiredService<Membership>());
        services.AddSingleton<WorkHandler, RefreshWork>().AddSingleton<WorkHandler, FitWork>();
        services.AddSingleton(from => from.GetRequiredService<SegmentRuns>().EveryMinute);
    }
}
