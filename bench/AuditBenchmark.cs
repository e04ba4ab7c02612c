using System.Diagnostics;
using System.Text.Json;
using Plug1.Bench.Checkout;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Bench;

/// <summary>How many events of the audit trail are sealed, and computed again, in a second: events as a checkout writes them, on one thread.</summary>
internal static class AuditBenchmark
{
    private const int AtOnce = 5_000;
    private const int Rounds = 3;

    public static async Task<int> Run(Engine engine, int events, bool json)
    {
        await using var shop = await BenchShop.Open(engine);
        await using var database = Database.Open(shop.Setting);
        var clock = TimeProvider.System;
        await new AuditSeals(database, clock).CatchUp();
        var stamp = new Stamp(new Actor(Guid.CreateVersion7(), "cashier", "Cashier", []), Guid.CreateVersion7(), clock.GetUtcNow(), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), 9, "T1", "127.0.0.1");
        for (var done = 0; done < events; done += AtOnce)
            await database.WriteMuch(tx =>
            {
                AuditTrail.StageAll(tx, Enumerable.Range(done, AtOnce).Select(at => new AuditEvent(stamp, "sales.point-of-sale", "checkout", "sale", Guid.CreateVersion7(), After: After(at))), clock);
                return Task.CompletedTask;
            });

        var watch = Stopwatch.StartNew();
        var blocks = await new AuditSeals(database, clock).CatchUp();
        var sealing = events / watch.Elapsed.TotalSeconds;
        var verifying = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            watch.Restart();
            var wrong = 0;
            var findings = await database.Read(db => SealCheck.Run(db, [], _ => wrong++));
            Invariant(findings.Unsealed == 0 && wrong == 0);
            verifying = Math.Max(verifying, findings.Events / watch.Elapsed.TotalSeconds);
        }

        Console.WriteLine(FormattableString.Invariant($"{engine}: {events} events in {blocks} blocks: sealed {sealing:0} a second, computed again {verifying:0} a second (best of {Rounds})"));
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { engine = engine == Engine.Sqlite ? "sqlite" : "postgres", events, sealed_per_second = Math.Round(sealing), verified_per_second = Math.Round(verifying) }));
        return 0;
    }

    private static void Invariant(bool holds) => Kernel.Invariant.Holds(holds, "What was just sealed verifies.");

    private static string After(int at) => $$"""{"id":"{{Guid.CreateVersion7():D}}","number":"HQ-T1-{{at:000000}}","status":"posted","net":"41.20","tax":"8.24","total":"49.44","rounding":"0.00","change":"450.56","receiptUrl":"/api/v1/sales/point-of-sale/{{Guid.CreateVersion7():D}}/receipt"}""";
}
