using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Sales.PointOfSale;

namespace Plug1.Sales;

/// <summary>Sales and revenue operations: the module's table of contents.</summary>
public static class SalesModule
{
    /// <summary>Code of the module.</summary>
    public const string Code = "sales";

    /// <summary>Name of the module.</summary>
    public const string Name = "Sales & Revenue Operations";

    /// <summary>The module's migrations.</summary>
    public static IReadOnlyList<Migration> Migrations => Migration.Of(Code, typeof(SalesModule).Assembly);

    /// <summary>Registers the module's services by name.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PointOfSaleFunction>();
        services.AddSingleton<Function>(from => from.GetRequiredService<PointOfSaleFunction>());
        services.AddSingleton<Checkout>();
        services.AddSingleton<Parking>();
        services.AddSingleton<ParkedExpiry>();
        services.AddSingleton<IssueVoucher>();
        services.AddSingleton<VoucherExpiry>();
        services.AddSingleton<Shifts>();
        services.AddSingleton<ShiftReports>();
        services.AddSingleton<IPeriodCheck, ShiftCheck>();
        services.AddSingleton<Reversal>();
        services.AddSingleton<Register>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<PastSales.PastSalesImport>();
    }

    /// <summary>Maps the module's own routes.</summary>
    public static void Map(RouteGroupBuilder api) => Endpoints.Map(api);

    /// <summary>Gives up parked baskets that have had their day.</summary>
    /// <returns>How many.</returns>
    public static Task<int> ExpireParked(IServiceProvider services, CancellationToken ct = default) => services.GetRequiredService<ParkedExpiry>().Run(ct);

    /// <summary>Posts what is left on vouchers whose last day is over.</summary>
    /// <returns>How many.</returns>
    public static Task<int> ExpireVouchers(IServiceProvider services, CancellationToken ct = default) => services.GetRequiredService<VoucherExpiry>().Run(ct);

    /// <summary>The tables of sums of this module: emptied when all is to be summed again.</summary>
    public static IReadOnlyList<string> Sums => SaleSums.Declared.Tables;

    /// <summary>What must hold in the books of this module.</summary>
    public static IReadOnlyList<LedgerLaw> Laws(Engine engine) => SaleLaws.All(engine);

    /// <summary>Lifecycle verbs that a function maps itself, by function code.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> OwnVerbs { get; } =
        new Dictionary<string, IReadOnlySet<string>> { [PointOfSaleFunction.FunctionCode] = new HashSet<string> { Kernel.Documents.Verb.Reverse } };
}
