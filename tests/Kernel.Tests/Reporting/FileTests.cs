using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Reporting.Files;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>Files of lists and reports: the same figures in each format, whole, and in memory that does not grow with the rows.</summary>
[Collection("memory")]
public sealed class FileTests
{
    private static readonly DateOnly Today = new(2026, 3, 31);

    private static async Task<(WrittenFile File, byte[] Bytes)> Write(Shop shop, FileOrder order)
    {
        using var files = new ReportFiles(shop.Database, new Choices(new CatalogueBook(shop.Database, shop.Clock)), shop.Clock);
        using var target = new MemoryStream();
        var written = await files.Write(order, shop.Manager, Today, target);
        written.IsRefused.ShouldBeFalse(written.Refusal?.Message);
        return (written.Value, target.ToArray());
    }

    private static List<string[]> Csv(byte[] bytes) =>
        [.. Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))];

    /// <summary>The rows of the first sheet, each cell as the text that stands in it.</summary>
    private static List<string[]> Xlsx(byte[] bytes)
    {
        XNamespace ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        using var zip = new ZipArchive(new MemoryStream(bytes));
        using var sheet = zip.GetEntry("xl/worksheets/sheet1.xml")!.Open();
        return [.. XDocument.Load(sheet).Descendants(ns + "row").Skip(1).Select(row => row.Elements(ns + "c").Select(cell => cell.Value).ToArray())];
    }

    private static long Cents(string text) => (long)(decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture) * 100);

    [Theory, OnBothEngines]
    public async Task The_figures_of_csv_workbook_and_print_are_equal_to_the_cent(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(17, 400);
        var request = new ReportRequest("by-branch") { From = new DateOnly(2026, 2, 1), To = new DateOnly(2026, 2, 28), GroupBy = "branch,channel", Compare = "previous", Subtotals = true };
        var answer = (await shop.Database.Read(db => ReportSet.Run(db, Deliveries.Instance, request, shop.Manager, Today))).Value;
        var net = answer.Columns.ToList().FindIndex(column => column.Key == "net");
        var total = (long)answer.Totals![net]!;
        total.ShouldBe(await shop.Database.Read(db => db.Number($"select sum(amount) from fact where grain = 0 and business_date between {request.From!.Value} and {request.To!.Value}")));

        // Columns of the file: what kind of row, branch, channel, net, net before, change, change %.
        var csv = Csv((await Write(shop, new FileOrder(Deliveries.Instance, "csv", Report: request))).Bytes);
        csv.Where(row => row[0].Length == 0).Sum(row => Cents(row[3])).ShouldBe(total);
        csv.Where(row => row[0] == "Subtotal").Sum(row => Cents(row[3])).ShouldBe(total);
        csv.Where(row => row[0].Length == 0).Sum(row => Cents(row[4])).ShouldBe((long)answer.Compare!.Totals[net]!);
        foreach (var row in csv) Cents(row[5]).ShouldBe(Cents(row[3]) - Cents(row[4]));
        csv.Count.ShouldBe(6);

        var sheet = Xlsx((await Write(shop, new FileOrder(Deliveries.Instance, "xlsx", Report: request))).Bytes);
        sheet.Count.ShouldBe(csv.Count + 1);
        for (var at = 0; at < csv.Count; at++)
        {
            sheet[at][..3].ShouldBe(csv[at][..3]);
            sheet[at][3..].Select(Number).ShouldBe(csv[at][3..].Select(Number));
        }

        (sheet[^1][0], Cents(sheet[^1][3])).ShouldBe(("Total", total));

        var pdf = await Write(shop, new FileOrder(Deliveries.Instance, "pdf", Report: request));
        var text = string.Join(" ", PdfText.Pages(new MemoryStream(pdf.Bytes)).SelectMany(page => page));
        foreach (var row in csv) text.ShouldContain(Cents(row[3]) is var cents ? $"{cents / 100:#,##0}.{Math.Abs(cents % 100):00}" : "");
        text.ShouldContain($"{total / 100:#,##0}.{Math.Abs(total % 100):00}");
        text.ShouldContain("Compared with 2026-01-01 to 2026-01-31");

        static string Number(string text) => text.Length == 0 ? "" : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("G29", CultureInfo.InvariantCulture);
    }

    [Theory, OnBothEngines]
    public async Task A_file_says_how_many_rows_are_too_many_and_what_to_do(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(18, 60);
        await AddDocuments(shop, 60);
        using var files = new ReportFiles(shop.Database, new Choices(new CatalogueBook(shop.Database, shop.Clock)), shop.Clock);
        async Task<Refusal?> Refused(FileOrder order, int most) => (await files.Write(order, shop.Manager, Today, Stream.Null, most: most)).Refusal;
        var report = new FileOrder(Deliveries.Instance, "csv", Report: new ReportRequest("documents") { From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 3, 31) });
        var list = new FileOrder(Deliveries.Instance, "pdf", List: new ListRequest());
        (await Refused(report, 60)).ShouldBeNull();
        (await Refused(report, 59)).ShouldSatisfyAllConditions(no => no!.Code.ShouldBe("EXPORT_TOO_LARGE"), no => no!.Message.ShouldContain("shorter range"));
        (await Refused(list, 60)).ShouldBeNull();
        (await Refused(list, 59)).ShouldSatisfyAllConditions(no => no!.Code.ShouldBe("EXPORT_TOO_LARGE"), no => no!.Message.ShouldContain("XLSX or CSV"));
        ReportFiles.Most("pdf").ShouldBe(50_000);
        ReportFiles.Most("xlsx").ShouldBe(2_000_000);
    }

    [Theory, OnBothEngines]
    public async Task A_named_report_may_be_read_row_by_row(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Deliver(19, 40);
        var function = new Streaming();
        var viewer = shop.Manager;
        await using var db = await shop.Database.Snapshot();
        await using var names = await shop.Database.Reader();
        var rows = (await ReportSet.Stream(db, names, function, new ReportRequest("each") { From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 3, 31) }, viewer, Today)).Value;
        var read = await rows.Rows.ToListAsync();
        (read.Count, rows.Totals().Now![1]).ShouldBe((40, read.Sum(row => (long)row.Now.Cells[1]!)));
        read.ShouldAllBe(row => row.Now.Drill!.ContainsKey("document"));
    }

    [Theory, OnBothEngines]
    public async Task A_hundred_thousand_rows_take_no_more_memory_than_ten_thousand(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await AddDocuments(shop, 100_000);
        using var files = new ReportFiles(shop.Database, new Choices(new CatalogueBook(shop.Database, shop.Clock)), shop.Clock);
        async Task<long> Peak(string format, DateOnly to, int rows)
        {
            var order = new FileOrder(Deliveries.Instance, format, List: new ListRequest { From = Shop.FirstDay, To = to });
            GC.Collect();
            var (before, target) = (GC.GetTotalMemory(forceFullCollection: true), new Watching());
            (await files.Write(order, shop.Manager, Today, target)).Value.Rows.ShouldBe(rows);
            return target.Peak - before;
        }

        foreach (var format in new[] { "csv", "xlsx" })
        {
            var few = await Peak(format, Shop.FirstDay.AddDays(9), 10_000);
            var many = await Peak(format, Shop.FirstDay.AddDays(99), 100_000);
            many.ShouldBeLessThan(Math.Max(few, 0) + (8 * 1024 * 1024), format);
        }
    }

    /// <summary>Documents spread evenly over a hundred days, written in one statement.</summary>
    private static Task AddDocuments(Shop shop, int count) => shop.Database.Write(async tx =>
    {
        var like = shop.Draft(shop.North, Shop.FirstDay);
        (like.Status, like.Number) = (Status.Posted, "L-0");
        Headers.Insert(tx, like);
        await tx.Flush();
        await Rows.Multiply(tx, like.Id, count, Shop.FirstDay, 100);
    });

    /// <summary>Looks at the live memory whenever something arrives.</summary>
    private sealed class Watching : Stream
    {
        private long arrived, looked;

        public long Peak { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => arrived;

        public override long Position { get => arrived; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Look(count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Look(buffer.Length);
            return ValueTask.CompletedTask;
        }

        public override void Flush()
        {
            // Nothing is kept.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void Look(int count)
        {
            arrived += count;
            if (arrived - looked < 1024 * 1024) return;
            looked = arrived;
            Peak = Math.Max(Peak, GC.GetTotalMemory(forceFullCollection: true));
        }
    }

    private sealed class Streaming : Function
    {
        private static readonly IReadOnlyList<ReportField> Fields = [new("event", "Step", "text"), new("net", "Net", "money")];

        public override string Module => "test";

        public override string Slug => "deliveries";

        public override string Name => "Deliveries";

        public override string Summary => "Brings things to people.";

        public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new("delivery", "Delivery")];

        public override IReadOnlyList<ActionDeclaration> Actions { get; } = [new("view", "See", []), new("export", "Export", [])];

        public override IReadOnlyList<NamedReport> Reports { get; } = [new("each", "Each delivery", (_, _) => throw new NotSupportedException()) { Stream = Each }];

        public override Task<Document> Load(Tx tx, Header header, CancellationToken ct) => throw new NotSupportedException();

        public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => throw new NotSupportedException();

        private static NamedReportStream Each(ReportCall call, CancellationToken ct)
        {
            var sum = 0L;
            async IAsyncEnumerable<(object?[] Cells, Guid? Document)> Rows([EnumeratorCancellation] CancellationToken stop = default)
            {
                await foreach (var row in call.Db.Stream($"select event, amount, document_id from fact where grain = 0 and business_date >= {call.From} and business_date <= {call.To}",
                    row => (Event: row.Text(0), Amount: row.Long(1), Document: row.Guid(2)), stop))
                {
                    sum += row.Amount;
                    yield return ([row.Event, row.Amount], row.Document);
                }
            }

            return new NamedReportStream(Fields, Rows(ct), () => [null, sum]);
        }
    }
}
