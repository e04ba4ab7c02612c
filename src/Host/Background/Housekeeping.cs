using Microsoft.Extensions.DependencyInjection.Extensions;
using Plug1.Books;
using Plug1.Customers;
using Plug1.Host.Backups;
using Plug1.Host.Diagnostics;
using Plug1.Http.Diagnostics;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Sales;

namespace Plug1.Host.Background;

/// <summary>Puts things in order every minute: parked baskets and vouchers that have had their day, answers that nobody will ask for again, sessions that have ended, old notices.</summary>
/// <remarks>Every node may run it: what is done twice finds nothing the second time.</remarks>
internal sealed class Housekeeping(IServiceProvider services, Database database, Sessions sessions, TimeProvider clock)
{
    /// <summary>How long the answer of a command is kept for when the same call comes again.</summary>
    public static readonly TimeSpan KeysKept = TimeSpan.FromDays(7);

    private const int AtOnce = 2_000;

    /// <summary>Every minute.</summary>
    public Job EveryMinute => new("tidy", "Tidy up baskets, vouchers and sessions that have had their time", TimeSpan.FromMinutes(1), async ct =>
    {
        var (baskets, vouchers, keys, ended) = await Tidy(ct);
        return baskets + vouchers + keys + ended + await NoticeBook.Forget(database, clock.GetUtcNow(), ct);
    }, StartsAtOnce: false);

    /// <summary>Does what is due now.</summary>
    /// <returns>How many baskets were given up, how many vouchers expired, how many answers were forgotten, and how many sessions, sign-in attempts and unused grants.</returns>
    public async Task<(int Baskets, int Vouchers, int Keys, int Sessions)> Tidy(CancellationToken ct = default) =>
        (await SalesModule.ExpireParked(services, ct), await SalesModule.ExpireVouchers(services, ct), await Forget(ct), await sessions.Purge(ct));

    /// <summary>In pieces, so that no till waits long for the writer.</summary>
    private async Task<int> Forget(CancellationToken ct)
    {
        var before = Dialect.Micro(clock.GetUtcNow() - KeysKept);
        var all = 0;
        while (true)
        {
            var gone = 0;
            await database.Write(async tx => gone = await tx.Execute($"""
                delete from idempotency where (user_id, key) in (select user_id, key from idempotency where at < {before} order by at limit {AtOnce})
                """, ct), ct);
            all += gone;
            if (gone < AtOnce) return all;
        }
    }
}

/// <summary>Registers the host's jobs beside those of the kernel.</summary>
internal static class BackgroundSetup
{
    /// <summary>Adds what tells how the server is.</summary>
    public static IServiceCollection AddPlug1Diagnostics(this IServiceCollection services)
    {
        services.TryAddSingleton<RequestTimes>();
        services.TryAddSingleton<IncidentLog>();
        return services.AddSingleton<HealthChecks>().AddSingleton<DiagnosticsDesk>().AddSingleton<SupportBundle>();
    }

    /// <summary>Adds them.</summary>
    public static IServiceCollection AddPlug1Background(this IServiceCollection services)
    {
        services.AddSingleton<Housekeeping>().AddSingleton(all => all.GetRequiredService<Housekeeping>().EveryMinute);
        services.AddExceptionJobs();
        services.AddSingleton<BackupPlans>().AddSingleton<BackupRuns>().AddSingleton<BackupJob>().AddSingleton(all => all.GetRequiredService<BackupJob>().EveryMinute);
        services.AddSingleton(BooksModule.Due);
        services.AddSingleton(CustomersModule.LoyaltyJob);
        if (DigestSender.Address is { } address)
            services.AddSingleton<DigestSender>().AddSingleton(all => all.GetRequiredService<DigestSender>().EveryHour(address));
        return services;
    }
}
