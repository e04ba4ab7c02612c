using System.IO.Compression;
using System.Text;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Sales.PastSales;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Sales.Tests.PastSales;

/// <summary>Past sales from small files: what each row becomes, which are refused, what a second run does.</summary>
public sealed class PastSalesScenarios
{
    private const string Heading = "no,code,text,pieces,at,each,who,land\n";
    private static readonly DateOnly From = new(2011, 1, 1), To = new(2011, 12, 31);

    // Two sales (one with a line given away and one at a thousandth of a pound), a return, goods lost, goods found.
    private const string Trade = """
        S1,CUP,Red cup,6,2011-07-04T10:15:00,2.50,77,France
        S1,POT,Tea pot,1,2011-07-04T10:15:00,9.99,77,France
        S1,POST,Postage,1,2011-07-04T10:15:00,4.00,77,France
        S2,CUP,Red cup,2,2011-07-05T23:30:00,2.50,,France
        S2,MAT,Mat,3,2011-07-05T23:30:00,0.00,,France
        S2,POST,Postage,1,2011-07-05T23:30:00,0.001,,France
        C1,CUP,Red cup,-2,2011-07-06T09:00:00,2.50,77,France
        W1,POT,broken,-1,2011-07-06T10:00:00,0,,
        F1,MAT,found,4,2011-07-07T10:00:00,0,,
        """;

    [Theory, OnBothEngines]
    public async Task Each_document_is_booked_as_what_it_was(Engine engine)
    {
        await using var books = await Ledgers.Open(engine);
        var outcome = await books.Run(Mapping(), [File("a.csv", Trade)]);

        (outcome.Rows, outcome.Documents, outcome.Fresh, outcome.Refused.Count).ShouldBe((9, 5, 5, 0));
        outcome.NewItems.Order().ShouldBe(["CUP", "MAT", "POST", "POT"]);
        outcome.NewCustomers.ShouldBe(["77"]);
        // 6 x 2.50 + 9.99 + 4.00 + 2 x 2.50 = 33.99, and a thousandth that is booked as nothing.
        var month = outcome.Months.ShouldHaveSingleItem();
        (month.Sales, month.Returns, month.WriteOffs, month.Found, month.Lines).ShouldBe((2, 1, 1, 1, 9));
        (month.ExactSales, month.BookedSales, month.ExactReturns, month.BookedReturns).ShouldBe((33.991m, 3399, 5.00m, 500));
        var difference = outcome.Differences.ShouldHaveSingleItem();
        (difference.Line, difference.Document, difference.Sku, difference.Difference).ShouldBe((7, "S2", "POST", -0.001m));

        (await books.Moved(AccountRoles.SalesRevenue)).ShouldBe(-3399);
        (await books.Moved(AccountRoles.SalesReturns)).ShouldBe(500);
        (await books.Moved(AccountRoles.CardClearing)).ShouldBe(2899);
        // Cups cost 1.50 (60 % of 2.50): 8 sold, 2 back. Two pots cost 11.99 (2 x 5.994): one was sold at half of it, one broken. Mats never had a price, so they cost nothing.
        (await books.Moved(AccountRoles.CostOfSales)).ShouldBe((6 * 150) + 600);
        (await books.Moved(AccountRoles.InventoryAdjustment)).ShouldBe(599);
        outcome.Opening.ShouldBe(new Dictionary<string, long> { ["CUP"] = 8_000_000, ["POT"] = 2_000_000, ["MAT"] = 3_000_000 }, ignoreOrder: true);
        (await books.OnHand("CUP"), await books.OnHand("POT"), await books.OnHand("MAT")).ShouldBe((2_000_000, 0, 4_000_000));
        (await books.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Reports_tell_the_day_and_the_hour_of_the_branch_and_take_returns_off(Engine engine)
    {
        await using var books = await Ledgers.Open(engine);
        await books.Run(Mapping(), [File("a.csv", Trade)]);

        var days = await books.Told(From, To, ["netSales", "grossSales", "returns", "transactions", "units", "unitsReturned", "cost"], "day");
        days["2011-07-04"].ShouldBe([2899, 2899, 0, 1, 8_000_000, 0, (6 * 150) + 600]);
        // Half past eleven in a summer night of London is 22:30 in UTC, and still that day.
        days["2011-07-05"].ShouldBe([500, 500, 0, 1, 6_000_000, 0, 2 * 150]);
        days["2011-07-06"].ShouldBe([-500, 0, 500, 0, 0, 2_000_000, -300]);
        (await books.Told(From, To, ["transactions"], "hour")).Where(hour => hour.Value[0] != 0).Select(hour => hour.Key).Order().ShouldBe(["10", "23"]);
        var moment = new DateTimeOffset(2011, 7, 5, 22, 30, 0, TimeSpan.Zero);
        (await books.Database.Read(db => db.Number($"select count(*) from document where posted_at = {moment}"))).ShouldBe(1);
        (await books.Report("tender-summary", From, To)).Rows.ShouldHaveSingleItem().ShouldBe(["CARD", "Card", 2L, 3399L, 0L, 1L, 500L, 2899L]);
        var cashier = (await books.Report("cashier-performance", From, To)).Rows.ShouldHaveSingleItem();
        (cashier[2], cashier[3]).ShouldBe((2L, 2899L));
        var shifts = (await books.Report("shift-register", From, To)).Rows;
        shifts.Select(shift => (shift[0], shift[7], shift[9])).ShouldBe([("old-till-T1-20110704", 1L, 2899L), ("old-till-T1-20110705", 1L, 500L), ("old-till-T1-20110706", 0L, -500L)]);
    }

    [Theory, OnBothEngines]
    public async Task Tax_within_prices_is_taken_out_and_given_back(Engine engine)
    {
        await using var books = await Ledgers.Open(engine);
        await books.Run(Mapping() with { Tax = new PastTax("S20", Included: true) }, [File("a.csv", "S1,CUP,Red cup,3,2011-07-04T10:15:00,4.99,,\nC1,CUP,Red cup,-1,2011-07-05T10:15:00,4.99,,\n")]);

        // 14.97 is 12.48 and 2.49 of tax; 4.99 is 4.16 and 0.83.
        (await books.Moved(AccountRoles.SalesRevenue)).ShouldBe(-1248);
        (await books.Moved(AccountRoles.SalesReturns)).ShouldBe(416);
        (await books.Moved(AccountRoles.OutputTax)).ShouldBe(-249 + 83);
        (await books.Moved(AccountRoles.CardClearing)).ShouldBe(1497 - 499);
        (await books.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_document_is_taken_whole_or_not_at_all_and_each_of_its_rows_is_named(Engine engine)
    {
        await using var books = await Ledgers.Open(engine);
        var rows = """
            B1,CUP,Red cup,six,2011-07-04T10:15:00,2.50,,
            B1,POT,Tea pot,1,2011-07-04T10:15:00,9.99,,
            B2,CUP,Red cup,1,4 July,2.50,,
            B3,CUP,Red cup,1,2011-07-04T10:15:00,-2.50,,
            B4,CUP,Red cup,0,2011-07-04T10:15:00,2.50,,
            B5,CUP,Red cup,-1,2011-07-04T10:15:00,2.50,,
            C6,CUP,Red cup,1,2011-07-04T10:15:00,2.50,,
            A7,CUP,Bad debt,1,2011-07-04T10:15:00,2.50,,
            B8,CUP,Red cup,1,2011-07-04T10:15:00,2.50,1,
            B8,CUP,Red cup,1,2011-07-04T10:15:00,2.50,2,
            B9,CUP,Red cup,1,2031-07-04T10:15:00,2.50,,
            B10,OTHER THING,What,1,2011-07-04T10:15:00,2.50,,
            B11,POST,Postage,5,2011-07-04T10:15:00,0,,
            B12,CUP,Red cup,1.5,2011-07-04T10:15:00,2.50,,
            B13,CUP,Red cup,1,2011-03-27T01:30:00,2.50,,
            ,CUP,Red cup,1,2011-07-04T10:15:00,2.50,,
            B14,CUP,Red cup,1,2011-07-04T10:15:00,2.50,,
            B14,CUP,Red cup,1,2011-07-05T10:15:00,2.50,,
            OK,CUP,Red cup,1,2011-07-04T10:15:00,2.50,,
            """;
        var expected = new[]
        {
            "B1 quantity IMPORT_NUMBER_INVALID", "B1 document IMPORT_DOCUMENT_HELD", "B2 time IMPORT_DATE_INVALID", "B3 price IMPORT_PRICE_NEGATIVE", "B4 quantity IMPORT_QUANTITY_ZERO",
            "B5 quantity IMPORT_QUANTITY_SIGN", "C6 quantity IMPORT_QUANTITY_SIGN", "A7 document IMPORT_DOCUMENT_EXCLUDED", "B8 document IMPORT_DOCUMENT_HELD", "B8 customer IMPORT_DOCUMENT_MIXED",
            "B9 time IMPORT_DATE_FUTURE", "B10 sku IMPORT_SKU_INVALID", "B11 sku IMPORT_ITEM_NOT_STOCKED", "B12 quantity IMPORT_QUANTITY_DECIMALS", "B13 time IMPORT_DATE_INVALID",
            " document IMPORT_CELL_EMPTY", "B14 document IMPORT_DOCUMENT_HELD", "B14 time IMPORT_DOCUMENT_MIXED",
        };

        var preview = await books.Preview(Mapping(), [File("a.csv", rows)]);
        preview.Refused.Select(row => $"{row.Document} {row.Field} {row.Code}").ShouldBe(expected);
        preview.Refused.Select(row => row.Line).ShouldBe(Enumerable.Range(2, 18).Select(line => (long)line));
        (preview.Fresh, await books.Number("select count(*) from document"), await books.Number("select count(*) from item")).ShouldBe((1, 0, 0));

        var outcome = await books.Run(Mapping(), [File("a.csv", rows)]);
        outcome.Refused.ShouldBe(preview.Refused);
        (await books.Moved(AccountRoles.SalesRevenue)).ShouldBe(-250);
        (await books.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_second_run_posts_nothing_and_a_document_that_changed_is_refused(Engine engine)
    {
        await using var books = await Ledgers.Open(engine);
        await books.Run(Mapping(), [File("a.csv", Trade)]);
        var documents = await books.Number("select count(*) from document");

        var again = await books.Run(Mapping(), [File("b.csv", Trade)]);
        (again.Fresh, again.Unchanged, again.Refused.Count, again.NewItems.Count, again.Opening.Count).ShouldBe((0, 5, 0, 0, 0));
        again.Months.Single().BookedSales.ShouldBe(3399);

        var changed = await books.Run(Mapping(), [File("b.csv", Trade.Replace("S2,CUP,Red cup,2", "S2,CUP,Red cup,3", StringComparison.Ordinal))]);
        changed.Refused.Select(row => (row.Line, row.Document, row.Code)).ShouldBe([(5, "S2", "IMPORT_DOCUMENT_CHANGED"), (6, "S2", "IMPORT_DOCUMENT_HELD"), (7, "S2", "IMPORT_DOCUMENT_HELD")]);
        (changed.Fresh, changed.Unchanged).ShouldBe((0, 4));
        (await books.Number("select count(*) from document")).ShouldBe(documents);
        (await books.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_run_that_was_stopped_goes_on_where_it_was(Engine engine)
    {
        await using var books = await Ledgers.Open(engine);
        var file = File("a.csv", string.Concat(Enumerable.Range(1, 900).Select(number => $"S{number},CUP,Red cup,{1 + (number % 3)},2011-07-{1 + (number / 40):00}T10:00:00,2.50,{number % 7},\n")));
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => books.Run(Mapping(), [file], new Told(step =>
        {
            if (step.Done > 0) stop.Cancel();
        }), stop.Token));
        (await books.Number("select count(*) from past_document")).ShouldBe(400);

        var rest = await books.Run(Mapping(), [file]);
        (rest.Fresh, rest.Unchanged, rest.Opening.Count).ShouldBe((500, 400, 0));
        (await books.Number("select count(*) from past_document")).ShouldBe(900);
        (await books.Number("select count(distinct number) from document where kind = 'sale'")).ShouldBe(900);
        (await books.Number("select last_number from number_series where id = 'sales.point-of-sale/past/MAIN'")).ShouldBe(900);
        (await books.OnHand("CUP"), await books.Moved(AccountRoles.SalesRevenue)).ShouldBe((0, -900 * 2 * 250));
        (await books.Violations()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_rows_of_a_document_may_be_spread_over_files_compressed_or_not()
    {
        await using var books = await Ledgers.Open(Engine.Sqlite);
        var outcome = await books.Run(Mapping(),
        [
            File("a.csv", "S1,CUP,Red cup,1,2011-07-04T10:15:00,2.50,,\nS2,CUP,Red cup,1,2011-07-04T10:16:00,2.50,,\n"),
            File("b.csv.gz", "S1,CUP,Red cup,4,2011-07-04T10:15:00,2.50,,\n"),
        ]);
        (outcome.Files, outcome.Documents).ShouldBe((2, 2));
        (await books.Number("select total from document where note = 'old-till S1'")).ShouldBe(1250);
    }

    [Fact]
    public async Task A_closed_month_takes_nothing_and_opening_stock_needs_an_open_day_before()
    {
        await using var books = await Ledgers.Open(Engine.Sqlite);
        await Close(books, new DateOnly(2011, 6, 1));
        var file = File("a.csv", "S1,CUP,Red cup,1,2011-06-30T10:15:00,2.50,,\nS2,CUP,Red cup,1,2011-07-01T10:15:00,2.50,,\n");
        var preview = await books.Preview(Mapping(), [file]);
        preview.Refused.Select(row => (row.Document, row.Code)).ShouldBe([("S1", "PERIOD_CLOSED")]);
        var run = await books.Import.Run(new CommandCall(Actor.System, Guid.Empty), [file], Mapping());
        run.Refusal!.Code.ShouldBe("PERIOD_CLOSED_FOR_OPENING");
        (await books.Number("select count(*) from document")).ShouldBe(0);
    }

    [Fact]
    public async Task The_mapping_names_what_there_is_and_the_caller_may_import()
    {
        await using var books = await Ledgers.Open(Engine.Sqlite);
        var file = File("a.csv", Trade);
        async Task<string?> Code(PastSalesMapping mapping, Actor? actor = null) =>
            (await books.Import.Run(new CommandCall(actor ?? Actor.System, Guid.Empty), [file], mapping)).Refusal?.Code;

        (await Code(Mapping() with { Branch = "NOWHERE" })).ShouldBe("IMPORT_BRANCH_UNKNOWN");
        (await Code(Mapping() with { Terminal = "T9" })).ShouldBe("IMPORT_TERMINAL_UNKNOWN");
        (await Code(Mapping() with { Payment = "CASH" })).ShouldBe("IMPORT_PAYMENT_UNKNOWN");
        (await Code(Mapping() with { PriceList = "SALE" })).ShouldBe("IMPORT_PRICE_LIST_UNKNOWN");
        (await Code(Mapping() with { Tax = new PastTax("S7", true) })).ShouldBe("IMPORT_TAX_CODE_UNKNOWN");
        (await Code(Mapping() with { Items = [new PastItemRule("CUPS", Unit: "MILE")] })).ShouldBe("IMPORT_MASTER_REFUSED");
        (await Code(Mapping(), new Actor(Guid.CreateVersion7(), "nobody", "Nobody", []))).ShouldBe("PERMISSION_DENIED");
        (await books.Number("select count(*) from document")).ShouldBe(0);

        PastSalesMapping.Parse("""{"source":"a b","columns":{},"tax":{"code":"Z","included":true},"payment":"CARD","items":[{"category":"X"}]}""").Refusal!.Code.ShouldBe("IMPORT_MAPPING_INVALID");
        PastSalesMapping.Parse("""{"source":"a","columns":{},"tax":{"code":"Z","included":true},"payment":"CARD","items":[{"category":"X","match":"("}]}""").Refusal!.Message.ShouldContain("pattern");
        PastSalesMapping.Parse("""{"source":"a","columns":{},"tax":{"code":"Z","included":true},"payment":"CARD","items":[],"oops":1}""").Refusal!.Code.ShouldBe("IMPORT_MAPPING_INVALID");
    }

    [Theory, OnBothEngines]
    public async Task Items_that_are_bought_together_are_counted_once_a_sale(Engine engine)
    {
        await using var books = await Ledgers.Open(engine);
        // Of 4 sales, 3 with tea, 2 with cups, 2 with both; tea twice in one of them.
        var rows = "1,TEA\n1,CUP\n1,TEA\n2,TEA\n2,CUP\n3,TEA\n4,POT\n";
        await books.Run(Mapping(), [File("a.csv", string.Concat(rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => $"{row},text,1,2011-07-04T10:15:00,2.50,,\n")))]);
        var pair = (await books.Report("basket-affinity", From, To)).Rows.ShouldHaveSingleItem();
        pair.ShouldBe(["CUP", "text", "TEA", "text", 2L, 500_000L, 1_000_000L, 666_700L, 1_330_000L]);
    }

    private static PastSalesMapping Mapping() => new(
        "old-till",
        new Dictionary<string, string>
        {
            ["document"] = "no",
            ["sku"] = "code",
            ["description"] = "text",
            ["quantity"] = "pieces",
            ["time"] = "at",
            ["price"] = "each",
            ["customer"] = "who",
            ["country"] = "land",
        },
        new PastTax("ZERO", Included: true, "Zero rate", "Z"), "CARD",
        [new PastItemRule("POSTAGE", Kernel.Catalog.ItemKind.Charge, "^POST$"), new PastItemRule("GIFTS", CategoryName: "Gifts")],
        [new PastDocumentRule("^C", "return"), new PastDocumentRule("^A", "refused", "No trade.")],
        new PastCustomers(Countries: new Dictionary<string, string> { ["France"] = "FR" }), PriceList: "BASE");

    private static PastFile File(string name, string rows)
    {
        var bytes = Encoding.UTF8.GetBytes(Heading + rows);
        if (!name.EndsWith(".gz", StringComparison.Ordinal)) return new PastFile(name, () => new MemoryStream(bytes));
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(bytes);
        return new PastFile(name, () => new MemoryStream(packed.ToArray()));
    }

    private static Task Close(Ledgers books, DateOnly month) => books.Database.Write(tx =>
    {
        tx.Stage($"insert into period (start_date, end_date, state) values ({month}, {month.AddMonths(1)}, 'closed')");
        return Task.CompletedTask;
    });

    private sealed class Told(Action<PastStep> tell) : IProgress<PastStep>
    {
        public void Report(PastStep value) => tell(value);
    }
}
