using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Customers.Directory;
using Plug1.Kernel.Functions;
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
        services.AddSingleton<DirectoryFunction>();
        services.AddSingleton<Function>(from => from.GetRequiredService<DirectoryFunction>());
        services.AddSingleton<CustomerDesk>();
        services.AddSingleton<CustomerOverview>();
        services.AddSingleton<CustomerGroupMaster>();
        services.AddSingleton<CustomerAttributeMaster>();
        services.AddSingleton<IDirectory, CustomerDirectory>();
        services.AddSingleton<IOverviewCards, SalesCards>();
        Loyalty.LoyaltyEndpoints.Add(services);
    }

    /// <summary>Maps the module's own routes.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        DirectoryEndpoints.Map(api);
        Loyalty.LoyaltyEndpoints.Map(api);
    }

    /// <summary>Points that lapse and points that wait no longer, beside the requests.</summary>
    public static Kernel.Jobs.Job LoyaltyJob(IServiceProvider services) => Loyalty.LoyaltyEndpoints.Daily(services);

    /// <summary>The tables of sums of this module: emptied when all is to be summed again.</summary>
    public static IReadOnlyList<string> Sums => [];

    /// <summary>What must hold in the books of this module.</summary>
    public static IReadOnlyList<LedgerLaw> Laws(Engine engine) => [.. Loyalty.LoyaltyLaws.All(engine)];
}
