using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Plug1.Bench.Checkout;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;

namespace Plug1.Bench.Export;

/// <summary>What to measure.</summary>
/// <param name="Engine">On which engine.</param>
/// <param name="Rows">How many documents there are.</param>
/// <param name="Json">Whether the last line is one JSON object.</param>
internal sealed record ExportOptions(Engine Engine, int Rows, bool Json);

/// <summary>How fast a list and a report of a million rows are exported over HTTP, and how much memory the server takes meanwhile.</summary>
/// <remarks>
/// The server is a process of its own; its memory is looked at every few milliseconds: the working set, and of it what is no mapped file
/// (SQLite maps the database, whose pages the system takes back when it needs them), and its managed heap with garbage that is not collected yet. Each is told for a tenth of the rows too: what does not
/// grow with the rows is the same. Reading raw is the same select by the same driver, every cell touched and nothing made of it.
/// </remarks>
internal static class ExportBenchmark
{
    private const int Days = 365;
    private const string Raw = """
        select d.id, coalesce(d.number, ''), d.business_date, d.kind, d.status, d.branch_id, hp.name, d.total, d.currency, d.source_channel, hs.number, hu.name, d.created_at, d.posted_at,
          t.code, s.line_count, s.net, s.tax, s.discount, s.cost, s.overrides, x.reference
        from document d left join party hp on hp.id = d.party_id left join app_user hu on hu.id = d.created_by left join work_session hs on hs.id = d.session_id
          left join pos_sale s on s.document_id = d.id left join terminal t on t.id = s.terminal_id left join past_document x on x.document_id = d.id
        where d.function = 'sales.point-of-sale' order by d.business_date desc, d.id desc
        """;

    private sealed record Figure(string What, long Rows, double Seconds, long Bytes, double WorkingSet, double Private, double Managed);

    public static async Task<int> Run(ExportOptions options)
    {
        await using var shop = await BenchShop.Open(options.Engine);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var first = today.AddDays(1 - Days);
        var watch = Stopwatch.StartNew();
        await Fill(shop, options.Rows, first);
        Console.WriteLine(Told($"{options.Engine}: {options.Rows} documents with their facts made in {watch.Elapsed.TotalSeconds:0.0} s"));
        if (options.Engine == Engine.Postgres) await BenchShop.Execute(shop.Setting, "vacuum analyze");

        var raw = await ReadRaw(shop, options.Rows);
        Console.WriteLine(Told($"reading raw                  {options.Rows / raw,10:0} rows/s"));
        using var server = await ServerProcess.Start(shop.Setting);
        using var client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", shop.OfficeToken);
        const string list = "/api/v1/sales/point-of-sale?format=", report = "/api/v1/sales/point-of-sale/reports/documents?format=";
        var days = $"&from={first:yyyy-MM-dd}&to={today:yyyy-MM-dd}";
        var tenth = $"&from={first:yyyy-MM-dd}&to={first.AddDays((Days / 10) - 1):yyyy-MM-dd}";
        await Fetch(client, server, "warm-up", $"{list}csv&from={first:yyyy-MM-dd}&to={first.AddDays(1):yyyy-MM-dd}");
        var figures = new List<Figure>();
        foreach (var (what, address) in new[]
        {
            ("list csv, a tenth", $"{list}csv{tenth}"), ("list csv", $"{list}csv{days}"), ("list xlsx, a tenth", $"{list}xlsx{tenth}"), ("list xlsx", $"{list}xlsx{days}"),
            ("report csv, a tenth", $"{report}csv{tenth}"), ("report csv", $"{report}csv{days}"), ("report xlsx, a tenth", $"{report}xlsx{tenth}"), ("report xlsx", $"{report}xlsx{days}"),
        })
        {
            var figure = await Fetch(client, server, what, address) with { Rows = what.EndsWith("tenth", StringComparison.Ordinal) ? options.Rows / 10 : options.Rows };
            figures.Add(figure);
            Console.WriteLine(Told($"{what,-24} {figure.Rows / figure.Seconds,14:0} rows/s  {figure.Bytes / 1e6,7:0.0} MB  ratio to raw {figure.Rows / figure.Seconds * raw / options.Rows:0.00}  peak {figure.WorkingSet,6:0} MB, without mapped files {figure.Private,6:0} MB, managed {figure.Managed,6:0} MB"));
        }

        if (options.Json)
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                engine = options.Engine == Engine.Sqlite ? "sqlite" : "postgres",
                rows = options.Rows,
                raw_rows_per_second = Math.Round(options.Rows / raw),
                exports = figures.ToDictionary(figure => figure.What, figure => new
                {
                    rows = figure.Rows,
                    rows_per_second = Math.Round(figure.Rows / figure.Seconds),
                    ratio_to_raw = Math.Round(figure.Rows / figure.Seconds * raw / options.Rows, 2),
                    megabytes = Math.Round(figure.Bytes / 1e6, 1),
                    peak_working_set_mb = Math.Round(figure.WorkingSet),
                    peak_private_mb = Math.Round(figure.Private),
                    peak_managed_mb = Math.Round(figure.Managed),
                }),
            }));
        return 0;
    }

    private static async Task Fill(BenchShop shop, int rows, DateOnly first)
    {
        await using var database = Database.Open(shop.Setting);
        var (branch, user) = await database.Read(async db => (await db.First($"select id from branch order by code limit 1", row => row.Guid(0)), await db.First($"select id from app_user where user_name = 'office' or user_name <> 'system' limit 1", row => row.Guid(0))));
        var stamp = new Stamp(new Actor(user, "bench", "Bench", []), branch, TimeProvider.System.GetUtcNow(), first, 9);
        var header = Header.Draft(Guid.CreateVersion7(), "sales.point-of-sale", "sale", stamp, "EUR");
        (header.Status, header.Total, header.Number) = (Status.Posted, 1_000, "M-0");
        await database.WriteMuch(async tx =>
        {
            Headers.Insert(tx, header);
            await tx.Flush();
            await Rows.Multiply(tx, header.Id, rows, first, Days);
            await tx.Execute($"""
                insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, session_id, channel, category_id, item_id, party_id, engagement_id, document_id,
                  count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6)
                select function, kind, 'posted', 0, business_date, 9, branch_id, created_by, session_id, source_channel, null, null, party_id, null, id, 1, total, 1000000, total / 2, 0, total, 0, 0, 0, 0, 0
                from document where function = 'sales.point-of-sale' and number like 'M-%'
                """);
        });
    }

    private static async Task<double> ReadRaw(BenchShop shop, int rows)
    {
        await using var database = Database.Open(shop.Setting);
        var best = double.MaxValue;
        for (var round = 0; round < 2; round++)
        {
            await using var db = await database.Snapshot();
            var (watch, read, cells) = (Stopwatch.StartNew(), 0, 0L);
            await foreach (var touched in db.Stream(Sql.Raw(Raw), Touch))
            {
                read++;
                cells += touched;
            }

            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            Kernel.Invariant.Holds(read >= rows && cells > read);
        }

        return best;

        static long Touch(Row row)
        {
            var there = 0L;
            for (var at = 0; at < row.Count; at++)
                if (row.Value(at) is not null) there++;
            return there;
        }
    }

    private static async Task<Figure> Fetch(HttpClient client, ServerProcess server, string what, string address)
    {
        await Task.Delay(1_500);
        await server.PeakManaged();
        using var stop = new CancellationTokenSource();
        var watching = Watch(server.Id, stop.Token);
        var watch = Stopwatch.StartNew();
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (buffer, bytes) = (new byte[1 << 16], 0L);
        while (await body.ReadAsync(buffer) is > 0 and var read) bytes += read;
        var seconds = watch.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        var (working, own) = await watching;
        return new Figure(what, 0, seconds, bytes, working, own, await server.PeakManaged() / (1024.0 * 1024));
    }

    private static async Task<(double Working, double Private)> Watch(int process, CancellationToken stop)
    {
        var (working, own) = (0L, 0L);
        while (!stop.IsCancellationRequested)
        {
            foreach (var line in await File.ReadAllLinesAsync($"/proc/{process}/status", CancellationToken.None))
            {
                if (line.StartsWith("VmRSS:", StringComparison.Ordinal)) working = Math.Max(working, Kilobytes(line));
                if (line.StartsWith("RssAnon:", StringComparison.Ordinal)) own = Math.Max(own, Kilobytes(line));
            }

            await Task.Delay(20, CancellationToken.None);
        }

        return (working / 1024.0, own / 1024.0);
    }

    private static long Kilobytes(string line) => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static string Told(FormattableString text) => FormattableString.Invariant(text);
}
