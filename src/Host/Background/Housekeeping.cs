using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Sales;

namespace Plug1.Host.Background;

/// <summary>Puts things in order every minute: parked baskets and vouchers that have had their day, answers that nobody will ask for again, sessions that have ended.</summary>
/// <remarks>Every node may run it: what is done twice finds nothing the second time.</remarks>
internal sealed class Housekeeping(IServiceProvider services, Database database, Sessions sessions, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    /// <summary>How long the answer of a command is kept for when the same call comes again.</summary>
    public static readonly TimeSpan KeysKept = TimeSpan.FromDays(7);

    private const int AtOnce = 2_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Does what is due now.</summary>
    /// <returns>How many baskets were given up, how many vouchers expired, how many answers were forgotten, and how many sessions, sign-in attempts and unused grants.</returns>
    public async Task<(int Baskets, int Vouchers, int Keys, int Sessions)> Tidy(CancellationToken ct = default) =>
        (await SalesModule.ExpireParked(services, ct), await SalesModule.ExpireVouchers(services, ct), await Forget(ct), await sessions.Purge(ct));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, clock, stoppingToken);
                try
                {
                    await Tidy(stoppingToken);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    log.LogError(failure, "Housekeeping failed; it is tried again in a minute.");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

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

/// <summary>Registers what runs beside the requests.</summary>
internal static class BackgroundSetup
{
    /// <summary>Adds the background services.</summary>
    public static IServiceCollection AddPlug1Background(this IServiceCollection services)
    {
        services.AddHostedService<Housekeeping>();
        services.AddHostedService<DigestSender>();
        return services;
    }
}
