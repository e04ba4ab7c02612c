using System.Globalization;
using System.Text.Json;
using Plug1.Kernel.Storage;
using Plug1.Sales.PastSales;
using Plug1.Sales.Tests.Pricing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Plug1.Sales.Tests.PastSales;

/// <summary>Seven months of a real wholesaler, imported with the mapping of the documentation: what the reports tell is what is known of them.</summary>
/// <remarks>
/// Source: UCI Machine Learning Repository, data set 352 <i>Online Retail</i> (Daqing Chen, 2015), CC BY 4.0. The data is no part of the
/// repository: where it is missing the tests say so and compare nothing. Known sums are exact decimals, booked ones pence: they may differ
/// by the lines that the import lists, and by nothing else.
/// </remarks>
public sealed class OnlineRetail(ITestOutputHelper output)
{
    private static readonly DateOnly From = new(2010, 12, 1), To = new(2011, 6, 30);

    [Fact]
    public async Task Its_reports_tell_the_known_totals()
    {
        if (Folder() is not { } folder) return;
        await using var books = await Ledgers.Open(Engine.Sqlite);
        var started = TimeProvider.System.GetTimestamp();
        var outcome = await books.Run(Mapping(), [.. Directory.GetFiles(folder, "lines-*.csv.gz").Order(StringComparer.Ordinal).Select(PastFile.Of)]);
        output.WriteLine($"{outcome.Rows} rows in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s.");

        await Totals(books, outcome, folder);
        await Months(books, outcome, folder);
        await Days(books, folder);
        await Hours(books, folder);
        await Items(books, folder);
        (await books.Violations()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_month_of_it_is_the_same_on_PostgreSQL()
    {
        if (Folder() is not { } folder) return;
        await using var books = await Ledgers.Open(Engine.Postgres);
        var outcome = await books.Run(Mapping(), [PastFile.Of(Path.Combine(folder, "lines-2011-02.csv.gz"))]);

        var known = Table(folder, "by_month.csv").Single(row => row["month"] == "2011-02");
        var month = outcome.Months.ShouldHaveSingleItem();
        (month.Lines, month.Sales, month.Returns, month.ExactSales, month.ExactReturns).ShouldBe(
            (Whole(known["lines"]), Whole(known["sale_invoices"]), Whole(known["return_invoices"]), Exact(known["gross_sales"]), Exact(known["returns"])));
        var told = await books.Told(From, To, ["grossSales", "returns", "netSales", "transactions", "unitsReturned"], "month");
        told["2011-02-01"].ShouldBe([Pence(known["gross_sales"]), Pence(known["returns"]), Pence(known["net_sales"]), Whole(known["sale_invoices"]), Whole(known["units_returned"]) * 1_000_000]);
        (await books.Violations()).ShouldBeEmpty();
    }

    private static async Task Totals(Ledgers books, PastOutcome outcome, string folder)
    {
        using var known = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "known-answers", "totals.json")));
        JsonElement Of(string name) => known.RootElement.GetProperty(name);
        (outcome.Rows, outcome.Documents).ShouldBe((Of("lines").GetInt64(), Of("distinct_documents").GetInt64()));
        (outcome.Months.Sum(month => month.Sales), outcome.Months.Sum(month => month.Returns)).ShouldBe((Of("sale_invoices").GetInt64(), Of("return_documents").GetInt64()));
        outcome.Months.Sum(month => month.ExactSales).ShouldBe(Exact(Of("gross_sales").GetString()!));
        outcome.Months.Sum(month => month.ExactReturns).ShouldBe(Exact(Of("returns").GetString()!));
        outcome.Months.Sum(month => month.ExactSales - month.ExactReturns).ShouldBe(Exact(Of("net_sales").GetString()!));
        (outcome.NewItems.Count, outcome.NewCustomers.Count).ShouldBe((Of("distinct_stock_codes").GetInt32(), Of("distinct_customers").GetInt32()));

        // Four corrections of stock of postage, in one of which five items are counted as well.
        outcome.Refused.GroupBy(row => row.Code).Select(code => (code.Key, code.Count())).Order().ShouldBe([("IMPORT_DOCUMENT_HELD", 5), ("IMPORT_ITEM_NOT_STOCKED", 4)]);

        // One line at a tenth of a penny: booked is exact and the differences that are listed.
        var difference = outcome.Differences.ShouldHaveSingleItem();
        (difference.Document, difference.Sku, difference.Exact, difference.Booked).ShouldBe(("550193", "PADS", 0.001m, 0));
        var told = (await books.Told(From, To, ["grossSales", "returns", "netSales", "transactions"])).Single().Value;
        (told[0] / 100m).ShouldBe(Exact(Of("gross_sales").GetString()!) + outcome.Differences.Sum(line => line.Difference));
        (told[1] / 100m).ShouldBe(Exact(Of("returns").GetString()!));
        (told[2] / 100m).ShouldBe(Exact(Of("net_sales").GetString()!) + outcome.Differences.Sum(line => line.Difference));
        told[3].ShouldBe(Of("sale_invoices").GetInt64());

        // All units that the file moves, less those of the nine rows, are what is sold, returned, lost and found.
        var held = 1000L + 1000 + 800 + (await HeldUnits(folder, outcome));
        var moved = await books.Number("select sum(quantity) from pos_sale_line")
            + await books.Number("select sum(case when d.kind = 'found' then l.quantity else -l.quantity end) from stock_document_line l join document d on d.id = l.document_id where d.kind <> 'opening'");
        (moved / 1_000_000).ShouldBe(Of("units_signed").GetInt64() - held);
        (await books.Number("select count(*) from stock_document_line l join document d on d.id = l.document_id where d.kind = 'write-off'")).ShouldBe(Of("stock_writeoff_lines").GetInt64());
        (await books.Number("select sum(-l.quantity) / 1000000 from stock_document_line l join document d on d.id = l.document_id where d.kind = 'write-off'")).ShouldBe(Of("stock_writeoff_units").GetInt64());
        (await books.Number("select count(*) from pos_sale_line l join document d on d.id = l.document_id where d.kind = 'sale' and unit_price > 0")).ShouldBe(Of("lines_by_kind").GetProperty("sale").GetInt64());
        (await books.Number("select count(*) from pos_sale_line l join document d on d.id = l.document_id where d.kind = 'return'")).ShouldBe(Of("lines_by_kind").GetProperty("return").GetInt64());
    }

    private static async Task Months(Ledgers books, PastOutcome outcome, string folder)
    {
        var told = await books.Told(From, To, ["grossSales", "returns", "netSales", "transactions", "units", "unitsReturned"], "month");
        var given = await books.Database.Read(db => db.Query($"""
            select substr(d.business_date, 1, 7), sum(l.quantity) from document d join pos_sale_line l on l.document_id = d.id where d.kind = 'sale' and l.unit_price = 0 group by 1
            """, row => (Month: row.Text(0), Units: row.Long(1))));
        var lines = await books.Database.Read(db => db.Query($"""
            select substr(d.business_date, 1, 7), count(*) from document d join (select document_id from pos_sale_line union all select document_id from stock_document_line) l on l.document_id = d.id
            where d.kind <> 'opening' group by 1
            """, row => (Month: row.Text(0), Lines: row.Long(1))));
        foreach (var known in Table(folder, "by_month.csv"))
        {
            var month = known["month"];
            var units = (Whole(known["units_sold"]) * 1_000_000) + given.Where(row => row.Month == month).Sum(row => row.Units);
            told[$"{month}-01"].ShouldBe(
                [Pence(known["gross_sales"]), Pence(known["returns"]), Pence(known["net_sales"]), Whole(known["sale_invoices"]), units, Whole(known["units_returned"]) * 1_000_000], month);
            var refused = outcome.Refused.Count(row => row.File.Contains(month, StringComparison.Ordinal));
            lines.Single(row => row.Month == month).Lines.ShouldBe(Whole(known["lines"]) - refused, month);
            (await books.Number($"select count(*) from document where kind = 'return' and substr(business_date, 1, 7) = '{month}'")).ShouldBe(Whole(known["return_invoices"]), month);
            outcome.Months.Single(row => row.Month == month).ExactSales.ShouldBe(Exact(known["gross_sales"]), month);
        }
    }

    private static async Task Days(Ledgers books, string folder)
    {
        var told = await books.Told(From, To, ["grossSales", "returns", "netSales"], "day");
        var known = Table(folder, "daily.csv");
        known.Count.ShouldBeGreaterThan(150);
        foreach (var day in known) told[day["date"]].ShouldBe([Pence(day["gross_sales"]), Pence(day["returns"]), Pence(day["net_sales"])], day["date"]);
        told.Where(day => day.Value.Any(sum => sum != 0)).Select(day => day.Key).Order().ShouldBe(known.Select(day => day["date"]).Order());
    }

    /// <summary>By the hour of each line, as it is known; the report counts a sale in the hour in which it began, which differs for the one that passed from one hour into the next.</summary>
    private static async Task Hours(Ledgers books, string folder)
    {
        var cells = (await books.Database.Read(db => db.Query($"""
            select (cast(strftime('%w', business_date) as integer) + 6) % 7 + 1, hour, count(distinct document_id), sum(m1) from fact
            where function = 'sales.point-of-sale' and kind = 'sale' and grain = 1 group by 1, 2
            """, row => (Weekday: row.Long(0), Hour: row.Long(1), Invoices: row.Long(2), Gross: row.Long(3))))).ToDictionary(row => (row.Weekday, row.Hour), row => (row.Invoices, row.Gross));
        var known = Table(folder, "heatmap_weekday_hour.csv").ToDictionary(row => (Whole(row["weekday"]), Whole(row["hour"])), row => (Whole(row["invoices"]), Pence(row["gross_sales"])));
        cells.ShouldBe(known, ignoreOrder: true);

        var report = await books.Report("hourly-sales", From, To);
        report.Totals![2].ShouldBe(9659L);
        // Each sale is counted once there, and twice in the two hours that one of them passed through.
        known.Sum(cell => cell.Value.Item1).ShouldBe(9659L + 1);
    }

    private static async Task Items(Ledgers books, string folder)
    {
        var told = await books.Told(From, To, ["grossSales", "returns", "netSales", "unitsReturned"], "item");
        var sold = (await books.Database.Read(db => db.Query($"""
            select l.sku, l.item_id, sum(case when l.unit_price > 0 then l.quantity else 0 end), count(distinct case when l.unit_price > 0 then l.document_id end)
            from pos_sale_line l join document d on d.id = l.document_id where d.kind = 'sale' group by l.sku, l.item_id
            """, row => (Sku: row.Text(0), Item: row.Guid(1), Units: row.Long(2), Sales: row.Long(3))))).ToDictionary(row => row.Sku, StringComparer.Ordinal);
        var known = Table(folder, "top100_skus.csv");
        known.Count.ShouldBe(100);
        foreach (var item in known)
        {
            var (sku, id, units, sales) = sold[item["StockCode"]];
            (units, sales).ShouldBe((Whole(item["units_sold"]) * 1_000_000, Whole(item["sale_invoices"])), sku);
            told[$"{id:D}"].ShouldBe([Pence(item["gross_sales"]), Pence(item["returns"]), Pence(item["net_sales"]), Whole(item["units_returned"]) * 1_000_000], sku);
        }
    }

    /// <summary>Units of the refused rows beside the three great ones.</summary>
    private static Task<long> HeldUnits(string folder, PastOutcome outcome)
    {
        outcome.Refused.Select(row => row.Document).Distinct().Order().ShouldBe(["540699", "547966", "552230", "554857"]);
        using var file = new System.IO.Compression.GZipStream(File.OpenRead(Path.Combine(folder, "lines-2011-05.csv.gz")), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        var units = 0L;
        while (reader.ReadLine() is { } line)
            if (line.StartsWith("552230,", StringComparison.Ordinal)) units += Whole(line.Split(',')[^5]);
        return Task.FromResult(units);
    }

    private string? Folder()
    {
        if (DataSet.Folder("online-retail") is { } folder) return folder;
        output.WriteLine("The data set online-retail is not on this machine; nothing was compared.");
        return null;
    }

    private static PastSalesMapping Mapping()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "docs", "examples", "online-retail.mapping.json");
            if (File.Exists(file)) return PastSalesMapping.Parse(File.ReadAllText(file)).Value;
        }

        throw new FileNotFoundException("docs/examples/online-retail.mapping.json");
    }

    /// <summary>The rows of a file of answers; a text in quotes may have commas.</summary>
    private static List<Dictionary<string, string>> Table(string folder, string name)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, "known-answers", name));
        var heading = Cells(lines[0]);
        return [.. lines.Skip(1).Select(line => Cells(line).Zip(heading).ToDictionary(cell => cell.Second, cell => cell.First))];
    }

    private static List<string> Cells(string line)
    {
        var (cells, quoted) = (new List<string> { "" }, false);
        foreach (var letter in line)
        {
            if (letter == '"') quoted = !quoted;
            else if (letter == ',' && !quoted) cells.Add("");
            else cells[^1] += letter;
        }

        return cells;
    }

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static decimal Exact(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>An exact sum in pence; what is below a penny in one line of the whole data set is booked as nothing.</summary>
    private static long Pence(string text) => decimal.ToInt64(Math.Round(Exact(text) * 100, MidpointRounding.AwayFromZero));
}
