using System.Diagnostics;
using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Storage;

namespace Plug1.Bench.Checkout;

/// <summary>What to measure.</summary>
/// <param name="Engine">On which engine.</param>
/// <param name="Sales">Sales for each number of clients.</param>
/// <param name="Grow">How many sales the growing database gets; 0 leaves it out.</param>
/// <param name="Json">Whether the last line is one JSON object.</param>
internal sealed record CheckoutOptions(Engine Engine, int Sales, int Grow, bool Json);

/// <summary>Three-line cash sales through the real API beside the very same rows written straight to the engine.</summary>
internal static class CheckoutBenchmark
{
    private const int WarmUp = 4_000;
    private const int Slices = 3;

    public static async Task<int> Run(CheckoutOptions options)
    {
        Console.WriteLine($"{options.Engine}: {BenchShop.Items} items, {BenchShop.Tills} tills, three-line cash sales; synchronous commits");
        var figures = new Dictionary<string, object>(StringComparer.Ordinal) { ["engine"] = options.Engine == Engine.Sqlite ? "sqlite" : "postgres" };
        await Checkouts(options, figures);
        if (options.Grow > 0) await Growth(options, figures);
        if (options.Json) Console.WriteLine(JsonSerializer.Serialize(figures));
        return 0;
    }

    private static async Task Checkouts(CheckoutOptions options, Dictionary<string, object> figures)
    {
        await using var shop = await BenchShop.Open(options.Engine);
        using var server = await ServerProcess.Start(shop.Setting);
        using var tills = new TillDriver(server.Address, shop.Token, BenchShop.Tills);
        await WarmUpOf(shop, tills);
        ProveThatNothingIsLeftOut(shop, tills);

        foreach (var clients in (int[])[1, 4])
        {
            var measured = Measure(server, () => tills.Run(clients, options.Sales));
            if (clients == 4) figures["p95_ms_4_clients"] = Math.Round(measured.Percentile(0.95), 2);
        }

        // Turn and turn about, so that what else the machine does meets both alike.
        using var raw = RawOf(shop);
        raw.Run(WarmUp / 2);
        var (real, bare) = (new List<Measured>(), new List<Measured>());
        var trips = await server.RoundTrips();
        var worked = server.Worked;
        for (var slice = 0; slice < Slices; slice++)
        {
            real.Add(tills.Run(BenchShop.Tills, options.Sales / Slices));
            bare.Add(raw.Run(options.Sales / Slices));
        }

        var (checkout, straight) = (Measured.Together(real), Measured.Together(bare));
        Print($"{checkout.Clients} clients", checkout, (server.Worked - worked) / checkout.Milliseconds.Length);
        Print(options.Engine == Engine.Sqlite ? "raw, 1 writer" : "raw, 16 connections", straight, null);
        var roundTrips = (double)(await server.RoundTrips() - trips) / checkout.Milliseconds.Length;
        if (raw.RunFour?.Invoke(options.Sales) is { } four)
        {
            Print("raw, 4 connections", four, null);
            figures["raw_p95_ms_4_clients"] = Math.Round(four.Percentile(0.95), 2);
        }

        var ratio = checkout.PerSecond / straight.PerSecond;
        Console.WriteLine(FormattableString.Invariant($"ratio to raw {ratio:0.000}; {roundTrips:0.00} {(options.Engine == Engine.Sqlite ? "batches" : "round trips")} a sale"));
        (figures["sales_per_second"], figures["raw_sales_per_second"]) = (Math.Round(checkout.PerSecond, 1), Math.Round(straight.PerSecond, 1));
        (figures["ratio_to_raw"], figures["round_trips_per_sale"]) = (Math.Round(ratio, 3), Math.Round(roundTrips, 2));
    }

    /// <summary>Until the code is compiled and PostgreSQL knows its tables: statements planned for empty ones cost twice as much, until the server's own maintenance comes by in its first minute.</summary>
    private static async Task WarmUpOf(BenchShop shop, TillDriver tills)
    {
        tills.Run(BenchShop.Tills, WarmUp / 2);
        if (shop.Engine == Engine.Postgres) await BenchShop.Execute(shop.Setting, "analyze");
        tills.Run(BenchShop.Tills, WarmUp / 2);
    }

    /// <summary>A sale's rows, read back, are as many as the database has grown by. Accounts are made at an item's first sale, so the shop has been at work.</summary>
    private static void ProveThatNothingIsLeftOut(BenchShop shop, TillDriver tills)
    {
        var before = RawSales.CountRows(shop);
        tills.SellOne();
        var grown = RawSales.CountRows(shop) - before;
        var sale = RawSales.OfTill(shop, BenchShop.TillOf(0), 1)[0];
        Console.WriteLine($"A sale inserts {sale.RowCount} rows ({string.Join(", ", sale.Tables.Select(table => $"{table.Table} {table.Rows.Count}"))}) and updates {sale.Balances.Count + 1}.");
        Invariant.Holds(grown == sale.RowCount, $"The database grew by {grown} rows, the raw driver writes {sale.RowCount}.");
    }

    private static RawDriver RawOf(BenchShop shop)
    {
        var perTill = Enumerable.Range(0, BenchShop.Tills).Select(till => RawSales.OfTill(shop, BenchShop.TillOf(till), 40)).ToList();
        if (shop.Engine == Engine.Postgres)
        {
            var postgres = new RawPostgres(shop, perTill);
            return new RawDriver(postgres.Run, count => postgres.Run(count, 4), postgres);
        }

        var sqlite = new RawSqlite(shop, [.. Enumerable.Range(0, perTill.Min(till => till.Count)).SelectMany(at => perTill.Select(till => till[at]))]);
        return new RawDriver(sqlite.Run, null, sqlite);
    }

    private sealed record RawDriver(Func<int, Measured> Run, Func<int, Measured>? RunFour, IDisposable Resource) : IDisposable
    {
        public void Dispose() => Resource.Dispose();
    }

    private static async Task Growth(CheckoutOptions options, Dictionary<string, object> figures)
    {
        await using var shop = await BenchShop.Open(options.Engine);
        using var server = await ServerProcess.Start(shop.Setting);
        using var tills = new TillDriver(server.Address, shop.Token, BenchShop.Tills);

        // The compiler must be through with the code before the first window, or its work would make the later ones look cheap.
        await WarmUpOf(shop, tills);
        var window = Math.Min(10_000, options.Grow / 4);
        Console.WriteLine($"Growing from {WarmUp} to {WarmUp + options.Grow} sales:");
        var first = Measure(server, () => tills.Run(BenchShop.Tills, window));
        var clock = Stopwatch.GetTimestamp();
        for (var left = options.Grow - (2 * window); left > 0; left -= window) tills.Run(BenchShop.Tills, Math.Min(window, left));
        Console.WriteLine(FormattableString.Invariant($"... {options.Grow - (2 * window)} sales in {Stopwatch.GetElapsedTime(clock).TotalSeconds:0} s ..."));
        var last = Measure(server, () => tills.Run(BenchShop.Tills, window));
        var growth = last.Elapsed / first.Elapsed;
        Console.WriteLine(FormattableString.Invariant($"growth ratio {growth:0.000}: mean cost of the last {window} sales over that of the first"));
        figures["growth_ratio"] = Math.Round(growth, 3);
    }

    private static Measured Measure(ServerProcess server, Func<Measured> run)
    {
        var worked = server.Worked;
        var measured = run();
        Print($"{measured.Clients} client{(measured.Clients == 1 ? "" : "s")}", measured, (server.Worked - worked) / measured.Milliseconds.Length);
        return measured;
    }

    private static void Print(string what, Measured measured, TimeSpan? worked) => Console.WriteLine(
        FormattableString.Invariant($"{what,-20} {measured.PerSecond,8:0.0} sales/s   p50 {measured.Percentile(0.5),7:0.00} ms   p95 {measured.Percentile(0.95),7:0.00} ms   p99 {measured.Percentile(0.99),7:0.00} ms")
        + (worked is { } time ? FormattableString.Invariant($"   server {time.TotalMilliseconds:0.00} ms of processor a sale") : ""));
}
