using System.Text;
using Plug1.Kernel.Imports;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Tests.MasterData;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Imports;

public sealed class ImportTests
{
    private const string Items = """
        Article;Text;Group;Cost;Codes
        B-1;Tea, green;FOOD;1,25;400|401
        B-2;Sugar;NOPE;0,80;
        A-1;Coffee beans;FOOD;;
        B-3;Salt;FOOD;1.000,5;
        B-1;Tea again;FOOD;;
        B-4;"Broken;FOOD;;
        B-5;Pepper;FOOD;2;401
        """;

    private static readonly ImportMapping Mapping = ImportMapping.Parse("""
        {"columns":{"sku":"Article","name":"Text","category":"Group","standardCost":"Cost","barcodes":"Codes"},"constants":{"unit":"EA","taxCode":"S20"},"decimalSeparator":","}
        """).Value;

    [Theory, OnBothEngines]
    public async Task A_preview_names_every_refused_row_and_writes_nothing(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var importer = new Importer(shop.Database, shop.Runner, shop.Catalogue);
        var seen = (await importer.Preview(shop.Call, "items", File(Items), Mapping)).Value;
        (seen.Rows, seen.Created, seen.Updated, seen.Unchanged, seen.Refused).ShouldBe((7, 1, 0, 1, 5));
        seen.RefusedRows.Select(row => $"{row.Line} {row.Field} {row.Code}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "3 category CATEGORY_UNKNOWN", "5 standardCost IMPORT_NUMBER_INVALID", "6 sku IMPORT_ROW_TWICE", "7  IMPORT_ROW_BROKEN", "8 barcodes BARCODE_TAKEN",
        ]);
        (await shop.Number($"select count(*) from item")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task An_import_takes_the_good_rows_and_does_nothing_the_second_time(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var importer = new Importer(shop.Database, shop.Runner, shop.Catalogue);
        var first = (await importer.Run(shop.Call, "items", File(Items), Mapping)).Value;
        (first.Created, first.Refused).ShouldBe((1, 5));
        var tea = (await shop.Catalogue.Get()).ByBarcode("401")!.Value.Item;
        (tea.Sku, tea.Name, tea.StandardCost).ShouldBe(("B-1", "Tea, green", UnitPrice.Parse("1.25")));

        var again = (await importer.Run(shop.Call, "items", File(Items), Mapping)).Value;
        (again.Created, again.Updated, again.Unchanged, again.Refused).ShouldBe((0, 0, 2, 5));
        var changed = (await importer.Run(shop.Call, "items", File(Items.Replace("Tea, green;FOOD;1,25;400|401", "Tea;FOOD;;402")), Mapping)).Value;
        (changed.Created, changed.Updated).ShouldBe((1, 1));
        var view = await shop.Catalogue.Get();
        view.BySku("B-1")!.StandardCost.ShouldBeNull();
        (view.ByBarcode("400"), view.ByBarcode("402")!.Value.Item.Sku).ShouldBe((null, "B-1"));
        view.ByBarcode("401")!.Value.Item.Sku.ShouldBe("B-5");
        (await shop.Number($"select version from item where sku = 'B-1'")).ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task An_import_that_was_stopped_goes_on_where_it_ended(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var importer = new Importer(shop.Database, shop.Runner, shop.Catalogue);
        var text = new StringBuilder("number,name,phone\n");
        for (var at = 0; at < 2_500; at++) text.Append($"N{at},Customer {at},+2547{at:D8}\n");
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() =>
            importer.Run(shop.Call, "parties", File(text.ToString()), progress: new Told(_ => stop.Cancel()), ct: stop.Token));
        (await shop.Number($"select count(*) from party")).ShouldBe(1_000);

        var rest = (await importer.Run(shop.Call, "parties", File(text.ToString()))).Value;
        (rest.Rows, rest.Created, rest.Unchanged, rest.ResumedAfter).ShouldBe((2_500, 2_500, 0, 1_000));
        (await shop.Number($"select count(*) from party")).ShouldBe(2_500);
        (await shop.Parties.Search(new PartyQuery("customer 2499"))).Items.ShouldHaveSingleItem().Phone.ShouldBe("+254700002499");
        var again = (await importer.Run(shop.Call, "parties", File(text.ToString()))).Value;
        (again.Created, again.Updated, again.Unchanged, again.ResumedAfter).ShouldBe((0, 0, 2_500, 0));
    }

    [Theory, OnBothEngines]
    public async Task Prices_are_known_again_by_list_item_day_and_quantity(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var importer = new Importer(shop.Database, shop.Runner, shop.Catalogue);
        const string file = "sku,priceList,price,minQuantity,validFrom,validTo\nA-1,BASE,4.99,,2025-01-01,\nA-1,BASE,4.50,10,2025-01-01,\nX,BASE,1,,,\nA-1,NONE,1,,,\nA-1,BASE,-1,5,,\nA-1,BASE,1,,2025-02-01,2025-01-01\n";
        var done = (await importer.Run(shop.Call, "prices", File(file))).Value;
        (done.Created, done.Refused).ShouldBe((2, 4));
        done.RefusedRows.Select(row => $"{row.Line} {row.Code}").ShouldBe(["4 ITEM_UNKNOWN", "5 PRICE_LIST_UNKNOWN", "6 NUMBER_OUT_OF_RANGE", "7 PRICE_DATES_INVALID"]);
        (await shop.Catalogue.Get()).PriceOf(shop.Item, 10_000_000, new DateOnly(2025, 1, 15), null, null, null, shop.Branch)!.Value.Row.Amount.ToString().ShouldBe("4.50");
        var changed = (await importer.Run(shop.Call, "prices", File(file.Replace("4.99", "5.49")))).Value;
        (changed.Created, changed.Updated, changed.Unchanged).ShouldBe((0, 1, 1));
        (await shop.Catalogue.Get()).PriceOf(shop.Item, 1_000_000, new DateOnly(2025, 1, 15), null, null, null, shop.Branch)!.Value.Row.Amount.ToString().ShouldBe("5.49");
    }

    [Theory, OnBothEngines]
    public async Task A_file_or_mapping_that_does_not_fit_is_refused_as_a_whole(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var importer = new Importer(shop.Database, shop.Runner, shop.Catalogue);
        (await importer.Preview(shop.Call, "wishes", File(""))).Refusal!.Code.ShouldBe("IMPORT_KIND_UNKNOWN");
        (await importer.Preview(shop.Call, "items", File(""))).Refusal!.Code.ShouldBe("IMPORT_EMPTY");
        (await importer.Preview(shop.Call, "items", File("sku,name\nA,B\n"))).Refusal!.Code.ShouldBe("IMPORT_COLUMN_MISSING");
        (await importer.Preview(shop.Call, "items", File(Items), Mapping with { DecimalSeparator = ";" })).Refusal!.Code.ShouldBe("IMPORT_MAPPING_INVALID");
        ImportMapping.Parse("""{"colums":{}}""").Refusal!.Code.ShouldBe("IMPORT_MAPPING_INVALID");
    }

    private static MemoryStream File(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Tells at once, on the same thread.</summary>
    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
