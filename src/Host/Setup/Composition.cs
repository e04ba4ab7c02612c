using Microsoft.Extensions.DependencyInjection.Extensions;
using Plug1.Books;
using Plug1.Customers;
using Plug1.Http;
using Plug1.Http.MasterData;
using Plug1.Http.Operations;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Imports;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Security;
using Plug1.Kernel.Setup;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Sales;

namespace Plug1.Host.Setup;

/// <summary>Which modules run and what they stand on, by name.</summary>
internal static class Composition
{
    /// <summary>All migrations in the order in which modules depend on each other.</summary>
    public static IReadOnlyList<Migration> Migrations => [.. Migration.Of("kernel", typeof(Database).Assembly), .. CustomersModule.Migrations, .. SalesModule.Migrations, .. BooksModule.Migrations];

    /// <summary>What must hold in the books of all modules.</summary>
    public static IReadOnlyList<LedgerLaw> Laws(Engine engine) => [.. LedgerCheck.Laws(engine), .. CustomersModule.Laws(engine), .. SalesModule.Laws(engine), .. BooksModule.Laws(engine)];

    /// <summary>The tables of sums of all modules beside the kernel's.</summary>
    public static IReadOnlyList<string> Sums => [.. CustomersModule.Sums, .. SalesModule.Sums, .. BooksModule.Sums];

    /// <summary>Registers everything but the HTTP pipeline.</summary>
    public static IServiceCollection AddPlug1(this IServiceCollection services, Database database, Action<SecurityOptions>? security = null)
    {
        services.AddSingleton(database);
        services.TryAddSingleton(TimeProvider.System);
        services.AddPlug1Security(security);
        services.AddSingleton(from => new StampedCache<AccountRules>(database, "accounts", from.GetRequiredService<TimeProvider>(), AccountRules.Load));
        services.AddSingleton<Accounts>();
        services.AddSingleton<LedgerBook>();
        services.AddSingleton<StockDesk>();
        services.AddSingleton<StockReceipts>();
        services.AddSingleton<StockPosting>();
        services.AddSingleton<StockFunction>();
        services.AddSingleton<Function>(from => from.GetRequiredService<StockFunction>());
        services.AddSingleton<GoodsReceipts>();
        services.AddSingleton<OrganisationBook>();
        services.AddSingleton<CatalogueBook>();
        services.AddSingleton<PartyBook>();
        services.AddSingleton<ApprovalDesk>();
        services.AddExceptions();
        services.AddSingleton(from => new CommandRunner(database, from.GetRequiredService<OrganisationBook>(), from.GetRequiredService<TimeProvider>(), Plug1Json.Options));
        services.AddSingleton<FunctionSwitches>();
        services.AddSingleton<FirstRun>();
        services.AddSingleton<LifecycleDesk>();
        services.AddSingleton<Kernel.Attachments.AttachmentBook>();
        services.AddSingleton<Importer>();
        services.AddImports(database);
        services.AddPlug1Reads();
        services.AddMasterData();
        services.AddSingleton(new LedgerLaws(Laws));
        CustomersModule.Add(services);
        SalesModule.Add(services);
        BooksModule.Add(services);
        services.AddSingleton(from => new FunctionCatalogue([.. from.GetServices<Function>().OrderBy(function => function.Module == "kernel")]));
        return services;
    }

    /// <summary>The kinds of data that files bring, and the long work that brings them.</summary>
    private static void AddImports(this IServiceCollection services, Database database)
    {
        Rows(from => new ItemImport(from.GetRequiredService<CatalogueBook>()));
        Rows(_ => new PartyImport());
        Rows(from => new PriceImport(from.GetRequiredService<CatalogueBook>()));
        Rows(from => new TargetImport(from.GetRequiredService<FunctionCatalogue>, from.GetRequiredService<OrganisationBook>()));
        services.AddSingleton<ImportKind, StockImport>();
        services.AddSingleton<ImportKinds>().AddSingleton<ImportDesk>();
        services.AddSingleton<WorkHandler, ImportPreviewWork>().AddSingleton<WorkHandler, ImportRunWork>().AddSingleton<WorkHandler, ImportUndoWork>();

        void Rows(Func<IServiceProvider, ImportTarget> target) =>
            services.AddSingleton<ImportKind>(from => new RowImport(target(from), database, from.GetRequiredService<CommandRunner>()));
    }
}
