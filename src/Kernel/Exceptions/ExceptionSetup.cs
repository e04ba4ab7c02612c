using Microsoft.Extensions.DependencyInjection;
using Plug1.Kernel.Jobs;

namespace Plug1.Kernel.Exceptions;

/// <summary>Registers what exceptions stand on.</summary>
public static class ExceptionSetup
{
    /// <summary>Adds the rules, the book that raises, the desk and the runs; the host adds database, clock, organisation, functions and people.</summary>
    public static IServiceCollection AddExceptions(this IServiceCollection services) => services
        .AddSingleton<ExceptionRules>().AddSingleton<ExceptionBook>().AddSingleton<ExceptionDesk>().AddSingleton<RuleRuns>().AddSingleton<Escalation>();

    /// <summary>Adds the jobs.</summary>
    public static IServiceCollection AddExceptionJobs(this IServiceCollection services) => services
        .AddSingleton(all => new Job("exception-rules", "Run the exception rules that go by schedule", TimeSpan.FromMinutes(1), all.GetRequiredService<RuleRuns>().Run, StartsAtOnce: false))
        .AddSingleton(all => new Job("escalate-exceptions", "Hand exceptions that nobody answered to the next role", TimeSpan.FromMinutes(1), all.GetRequiredService<Escalation>().Run, StartsAtOnce: false));
}
