using System.Diagnostics;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Tests.MasterData;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Plug1.Kernel.Tests.Catalog;

public sealed class CatalogueTests(ITestOutputHelper output)
{
    private static readonly DateOnly Day = new(2025, 1, 15);

    [Theory, OnBothEngines]
    public async Task The_price_is_that_of_the_first_list_that_has_one_and_never_the_lowest(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var lists = new PriceListMaster(shop.Catalogue);
        var party = (await shop.Made(lists, new PriceListWrite("PARTY", "Of a customer"))).Id;
        var terminal = (await shop.Made(lists, new PriceListWrite("TILL", "Of a till"))).Id;
        var channel = (await shop.Made(lists, new PriceListWrite("WEB", "Of the web", Channel: "web"))).Id;
        var branch = (await shop.Made(lists, new PriceListWrite("BRANCH", "Of the branch", BranchId: shop.Branch))).Id;
        var dollars = (await shop.Made(lists, new PriceListWrite("USD", "In dollars", "USD", IsBase: true))).Id;
        foreach (var (list, price) in new[] { (shop.BaseList, "1.00"), (branch, "2.00"), (channel, "3.00"), (terminal, "4.00"), (party, "5.00"), (dollars, "0.10") })
            await shop.Made(new PriceMaster(shop.Catalogue), new PriceWrite(list, shop.Item, UnitPrice.Parse(price), Day));

        var view = await shop.Catalogue.Get();
        string Ask(Guid? ofParty, Guid? ofTerminal, string? on, Guid at, string? currency = null) =>
            view.PriceOf(shop.Item, 1_000_000, Day, ofParty, ofTerminal, on, at, currency) is { } found ? $"{found.Source} {found.List.Code} {found.Row.Amount}" : "none";
        Ask(party, terminal, "web", shop.Branch).ShouldBe("Party PARTY 5.00");
        Ask(null, terminal, "web", shop.Branch).ShouldBe("Terminal TILL 4.00");
        Ask(null, null, "web", shop.Branch).ShouldBe("Channel WEB 3.00");
        Ask(null, null, "in-store", shop.Branch).ShouldBe("Branch BRANCH 2.00");
        Ask(null, null, "in-store", Guid.Empty).ShouldBe("Base BASE 1.00");
        Ask(party, null, null, shop.Branch, "USD").ShouldBe("Base USD 0.10");
        Ask(party, null, null, shop.Branch, "GBP").ShouldBe("none");

        (await shop.Change(lists, party, 1, new { active = false })).Refusal.ShouldBeNull();
        view = await shop.Catalogue.Get();
        Ask(party, null, "web", shop.Branch).ShouldBe("Channel WEB 3.00");
    }

    [Theory, OnBothEngines]
    public async Task Inside_a_list_the_greatest_quantity_reached_wins_then_the_latest_day(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var prices = new PriceMaster(shop.Catalogue);
        await shop.Made(prices, new PriceWrite(shop.BaseList, shop.Item, UnitPrice.Parse("10"), Day));
        await shop.Made(prices, new PriceWrite(shop.BaseList, shop.Item, UnitPrice.Parse("9"), Day.AddDays(10), ValidTo: Day.AddDays(20)));
        await shop.Made(prices, new PriceWrite(shop.BaseList, shop.Item, UnitPrice.Parse("8"), Day, Quantity.Of(12)));

        var view = await shop.Catalogue.Get();
        string? Ask(long pieces, int day) => view.PriceOf(shop.Item, pieces * 1_000_000, Day.AddDays(day), null, null, null, shop.Branch)?.Row.Amount.ToString();
        Ask(1, -1).ShouldBeNull();
        Ask(1, 0).ShouldBe("10.00");
        Ask(11, 9).ShouldBe("10.00");
        Ask(1, 10).ShouldBe("9.00");
        Ask(1, 20).ShouldBe("10.00");
        Ask(12, 10).ShouldBe("8.00");
        Ask(-12, 0).ShouldBe("8.00");
    }

    [Theory, OnBothEngines]
    public async Task After_one_price_changed_only_its_item_is_read_again_and_other_nodes_see_it(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var other = await shop.Made(new ItemMaster(shop.Catalogue), shop.ItemNamed("B-2", "Tea"));
        var price = await shop.Made(new PriceMaster(shop.Catalogue), new PriceWrite(shop.BaseList, shop.Item, UnitPrice.Parse("10"), Day));
        using var elsewhere = new CatalogueBook(shop.Test.OpenAgain(), shop.Clock);
        var before = await elsewhere.Get();
        var here = await shop.Catalogue.Get();

        (await shop.Change(new PriceMaster(shop.Catalogue), price.Id, 1, new { price = "11" })).Refusal.ShouldBeNull();

        var after = await shop.Catalogue.Get();
        after.PriceOf(shop.Item, 1_000_000, Day, null, null, null, shop.Branch)!.Value.Row.Amount.ToString().ShouldBe("11.00");
        after.Card(other.Id).ShouldBeSameAs(here.Card(other.Id));
        after.WholeSince.ShouldBe(here.WholeSince);
        after.ChangedSince(here.Stamp).Select(card => card.Item.Sku).ShouldBe(["A-1"]);
        here.PriceOf(shop.Item, 1_000_000, Day, null, null, null, shop.Branch)!.Value.Row.Amount.ToString().ShouldBe("10.00");

        await Task.Delay(600);
        var seen = await elsewhere.Get();
        seen.Stamp.ShouldBe(after.Stamp);
        seen.PriceOf(shop.Item, 1_000_000, Day, null, null, null, shop.Branch)!.Value.Row.Amount.ToString().ShouldBe("11.00");
        seen.Card(other.Id).ShouldBeSameAs(before.Card(other.Id));
    }

    [Theory, OnBothEngines]
    public async Task A_barcode_names_a_pack_and_may_move_to_another_item(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var items = new ItemMaster(shop.Catalogue);
        var pack = await shop.Made(items, shop.ItemNamed("B-2", "Tea") with { Barcodes = [new BarcodeWrite("4006381", Quantity.Of(6), "six"), new BarcodeWrite("4006382")] });
        var scan = (await shop.Catalogue.Get()).ByBarcode("4006381")!.Value;
        (scan.Item.Sku, scan.Factor, scan.UnitName).ShouldBe(("B-2", Quantity.Of(6), "six"));

        (await shop.Change(items, pack.Id, 1, new { barcodes = new[] { new { code = "4006382" } } })).Refusal.ShouldBeNull();
        (await shop.Change(items, shop.Item, 1, new { barcodes = new[] { new { code = "4006381" } } })).Refusal.ShouldBeNull();
        var view = await shop.Catalogue.Get();
        view.ByBarcode("4006381")!.Value.Item.Sku.ShouldBe("A-1");
        view.ByBarcode("4006382")!.Value.Item.Sku.ShouldBe("B-2");
        view.ByBarcode("400").ShouldBeNull();
        (await shop.ChangeRefused(items, shop.Item, new { barcodes = new[] { new { code = "4006382" } } })).ShouldBe("BARCODE_TAKEN /barcodes/0/code");
    }

    [Theory, OnBothEngines]
    public async Task Items_are_found_by_words_of_name_or_code_without_accents_page_by_page(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var items = new ItemMaster(shop.Catalogue);
        foreach (var (sku, name) in new[] { ("C-3", "Crème brûlée"), ("C-1", "Crème caramel"), ("C-2", "Cream cheese") }) await shop.Made(items, shop.ItemNamed(sku, name));
        var view = await shop.Catalogue.Get();
        view.Search("creme").Select(card => card.Item.Sku).ShouldBe(["C-1", "C-3"]);
        view.Search("BRULEE creme").Select(card => card.Item.Sku).ShouldBe(["C-3"]);

        var first = (await shop.Desk.List(items, shop.Call, new MasterQueryOf { Limit = 2 }.Query)).Value;
        first.Items.Select(item => item.Sku).ShouldBe(["A-1", "C-1"]);
        var second = (await shop.Desk.List(items, shop.Call, new MasterQueryOf { Limit = 2, After = first.Next }.Query)).Value;
        second.Items.Select(item => item.Sku).ShouldBe(["C-2", "C-3"]);
        second.Next.ShouldBeNull();
        first.Total.ShouldBe(4);
    }

    [Theory, OnBothEngines]
    public async Task A_tax_code_is_handed_out_with_the_rates_of_the_day(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var code = await shop.Made(new TaxCodeMaster(shop.Catalogue), new TaxCodeWrite("QC", "Quebec", "S",
        [
            new TaxComponentWrite("GST", "GST", [new TaxRateWrite(new DateOnly(2008, 1, 1), Rate.Parse("0.05"))]),
            new TaxComponentWrite("QST", "QST", [new TaxRateWrite(new DateOnly(2012, 1, 1), Rate.Parse("0.095")), new TaxRateWrite(new DateOnly(2013, 1, 1), Rate.Parse("0.09975"))]),
        ]));
        var view = await shop.Catalogue.Get();
        var scheme = view.TaxScheme(code.Id, Day)!;
        scheme.Components.Select(component => $"{component.Code} {component.Rate}").ShouldBe(["GST 0.05", "QST 0.09975"]);
        view.TaxScheme(code.Id, Day).ShouldBeSameAs(scheme);
        view.TaxScheme(code.Id, new DateOnly(2012, 6, 1))!.Components[1].Rate.ToString().ShouldBe("0.095");
        view.TaxScheme(shop.Item, Day).ShouldBeNull();
    }

    [Theory, OnBothEngines]
    public async Task Twenty_thousand_items_are_read_once_and_then_only_what_moved(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await shop.Database.Write(tx =>
        {
            shop.Catalogue.Touch(tx);
            var ids = Enumerable.Range(0, 20_000).Select(_ => Guid.CreateVersion7(shop.Clock.Now)).ToArray();
            tx.Insert(new Table("item", ("id", Kind.Id), ("sku", Kind.Text), ("name", Kind.Text), ("category_id", Kind.Id), ("unit_code", Kind.Text), ("tax_code_id", Kind.Id)),
                [.. ids.Select((id, at) => new object?[] { id, $"SKU-{at:D6}", $"Item number {at}", shop.Category, "EA", shop.Tax })]);
            tx.Insert(new Table("price", ("id", Kind.Id), ("price_list_id", Kind.Id), ("item_id", Kind.Id), ("valid_from", Kind.Date), ("price", Kind.Long)),
                [.. ids.Select(id => new object?[] { Guid.CreateVersion7(shop.Clock.Now), shop.BaseList, id, Day, 1_990_000L })]);
            tx.Insert(new Table("item_barcode", ("barcode", Kind.Text), ("item_id", Kind.Id)), [.. ids.Select((id, at) => new object?[] { $"20{at:D10}", id })]);
            CatalogueBook.Changed(tx, ids);
            return Task.CompletedTask;
        });
        using var cold = new CatalogueBook(shop.Test.OpenAgain(), shop.Clock);
        var clock = Stopwatch.StartNew();
        (await cold.Get()).Count.ShouldBe(20_001);
        var full = clock.ElapsedMilliseconds;
        await shop.Catalogue.Get();

        var price = await shop.Made(new PriceMaster(shop.Catalogue), new PriceWrite(shop.BaseList, shop.Item, UnitPrice.Parse("10"), Day));
        price.Version.ShouldBe(1);
        clock.Restart();
        var after = await shop.Catalogue.Get();
        var changed = clock.Elapsed.TotalMilliseconds;
        after.PriceOf(shop.Item, 1_000_000, Day, null, null, null, shop.Branch).ShouldNotBeNull();
        after.BySku("SKU-019999")!.Name.ShouldBe("Item number 19999");
        after.ByBarcode("200000000007")!.Value.Item.Sku.ShouldBe("SKU-000007");

        clock.Restart();
        var asked = 0;
        for (var at = 0; at < 20_000; at++)
            if (after.PriceOf(after.ByBarcode($"20{at:D10}")!.Value.Item.Id, 1_000_000, Day, null, null, "in-store", shop.Branch) is not null) asked++;
        asked.ShouldBe(20_000);
        output.WriteLine($"{engine}: 20,001 items read in {full} ms; after one price changed {changed:F1} ms; barcode and price {clock.Elapsed.TotalMicroseconds / 20_000:F2} µs");
    }

    /// <summary>A query with the count asked for.</summary>
    private sealed record MasterQueryOf
    {
        public int Limit { get; init; }

        public string? After { get; init; }

        public Kernel.MasterData.MasterQuery Query => new(After: After, Limit: Limit, Total: true);
    }
}
