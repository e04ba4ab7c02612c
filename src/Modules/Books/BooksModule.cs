using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Books.Journals;
using Plug1.Books.Statements;
using Plug1.Books.YearEnd;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Imports;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Books;

/// <summary>The books of the company: the module's table of contents.</summary>
public static class BooksModule
{
    /// <summary>Code of the module.</summary>
    public const string Code = "books";

    /// <summary>Name of the module.</summary>
    public const string Name = "Books";

    /// <summary>The module's migrations.</summary>
    public static IReadOnlyList<Migration> Migrations => Migration.Of(Code, typeof(BooksModule).Assembly);

    /// <summary>Registers the module's services by name.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<JournalFunction>();
        services.AddSingleton<Function>(from => from.GetRequiredService<JournalFunction>());
        services.AddSingleton<JournalDesk>();
        services.AddSingleton<DueJournals>();
        services.AddSingleton<ImportKind, OpeningImport>();
        services.AddSingleton<YearEndChecks>();
        services.AddSingleton<YearEndFunction>();
        services.AddSingleton<Function>(from => from.GetRequiredService<YearEndFunction>());
        services.AddSingleton<YearEnds>();
        services.AddSingleton<IPeriodGuard, YearGuard>();
        services.AddSingleton<IPeriodCheck, JournalCheck>();
    }

    /// <summary>Maps the module's own routes.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        JournalEndpoints.Map(api);
        RecurringEndpoints.Map(api);
        YearEndEndpoints.Map(api);
        StatementEndpoints.Map(api);
    }

    /// <summary>What is done beside the requests.</summary>
    public static Job Due(IServiceProvider services) => services.GetRequiredService<DueJournals>().EveryMinute;

    /// <summary>The tables of sums of this module: emptied when all is to be summed again.</summary>
    public static IReadOnlyList<string> Sums => BookSums.Declared.Tables;

    /// <summary>What must hold in the books of this module.</summary>
    public static IReadOnlyList<LedgerLaw> Laws(Engine engine) => [.. BookSums.Laws(engine), .. JournalLaws.All];
}
