using System.Collections.Frozen;
using System.Text;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Reporting.Exports;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Reporting;

/// <summary>A list as a file: whole, of the columns and filters of the page, and only of branches where one may export.</summary>
public sealed class ListExportTests
{
    private sealed record Listed(IReadOnlyList<ListRow> Rows, ListRows File);

    private static async Task<Result<Listed>> All(Shop shop, ListRequest request, Viewer? viewer = null, int most = 1_000_000)
    {
        await using var db = await shop.Database.Snapshot();
        var file = await Lists.Stream(db, Deliveries.Instance, request, viewer ?? shop.Manager, most, "csv");
        if (file.IsRefused) return file.Refusal;
        var rows = await file.Value.Rows.ToListAsync();
        return new Listed(rows, file.Value with { Rows = rows.ToAsyncEnumerable() });
    }

    private static async Task<List<Header>> Add(Shop shop, int count, string currency = "EUR")
    {
        var headers = Enumerable.Range(0, count).Select(at =>
        {
            var header = Header.Draft(Guid.CreateVersion7(), Deliveries.Instance.Code, "delivery", shop.StampOf(at % 3 == 0 ? shop.South : shop.North, Shop.FirstDay.AddDays(at % 20)), currency);
            header.Total = 1_000 + at;
            header.Number = $"{currency}-{at:000}";
            header.Status = Status.Posted;
            return header;
        }).ToList();
        await shop.Database.Write(tx =>
        {
            Headers.Insert(tx, headers);
            return Task.CompletedTask;
        });
        return headers;
    }

    [Theory, OnBothEngines]
    public async Task A_file_has_every_row_that_fits_or_says_how_many_are_too_many(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var added = await Add(shop, 450);
        var rows = (await All(shop, new ListRequest { Sort = "number" })).Value.Rows;
        rows.Select(row => row.Id).ShouldBe(added.OrderBy(header => header.Number, StringComparer.Ordinal).Select(header => header.Id));
        (await All(shop, new ListRequest { From = Shop.FirstDay, To = Shop.FirstDay })).Value.Rows.Count.ShouldBe(23);
        (await All(shop, new ListRequest(), most: 450)).Value.Rows.Count.ShouldBe(450);
        (await All(shop, new ListRequest(), most: 449)).Refusal.ShouldSatisfyAllConditions(
            no => no!.Code.ShouldBe("EXPORT_TOO_LARGE"), no => no!.Message.ShouldContain("449"), no => no!.At.ShouldBe("/format"));
    }

    [Theory, OnBothEngines]
    public async Task Who_exports_at_one_branch_and_only_looks_at_another_exports_the_first_alone(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await Add(shop, 30);
        var both = new Viewer(new Actor(Guid.CreateVersion7(), "reader", "Reader",
        [
            new Grant("looker", null, FrozenSet.Create("test.deliveries.view")), new Grant("exporter", shop.North, FrozenSet.Create("test.deliveries.export")),
        ]), shop.Organisation);
        static ListRequest At(string branch) => new() { Filters = new Dictionary<string, string> { ["branch"] = branch } };

        (await shop.Database.Read(db => Lists.Page(db, Deliveries.Instance, new ListRequest(), both))).Value.Rows.Count.ShouldBe(30);
        var refused = (await All(shop, new ListRequest(), both)).Refusal!;
        (refused.Code, refused.Status).ShouldBe(("PERMISSION_DENIED", 403));
        ((List<string>)refused.Detail!["branches"]!).ShouldBe(["S"]);
        (await All(shop, At("S"), both)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await All(shop, At("N,S"), both)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        var allowed = (await All(shop, At("N"), both)).Value;
        (allowed.Rows.Count, allowed.Rows.All(row => row.BranchId == shop.North)).ShouldBe((20, true));
        (await All(shop, new ListRequest(), shop.Southerner)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
    }

    [Theory, OnBothEngines]
    public async Task The_columns_are_those_asked_for_in_their_order(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await Add(shop, 1);
        var page = (await All(shop, new ListRequest { Fields = "total,number,branch,total" })).Value;
        var table = ListExport.ToTable(Deliveries.Instance, page.File, shop.Manager, ["from 2026-01-01"], shop.Clock.GetUtcNow());
        using var file = new MemoryStream();
        await CsvExport.Write(table, file, new CsvOptions(ByteOrderMark: false));
        Encoding.UTF8.GetString(file.ToArray()).ShouldBe("Total (EUR),Number,Branch\r\n10.00,EUR-000,South\r\n");
        (await All(shop, new ListRequest { Fields = "number,moon" })).Refusal!.Code.ShouldBe("FIELD_UNKNOWN");
    }

    [Theory, OnBothEngines]
    public async Task Money_of_several_currencies_keeps_the_decimals_of_each_and_names_it(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        await Add(shop, 1);
        await Add(shop, 1, "JPY");
        var page = (await All(shop, new ListRequest { Fields = "number,total", Sort = "number" })).Value;
        var table = ListExport.ToTable(Deliveries.Instance, page.File, shop.Manager, [], shop.Clock.GetUtcNow());
        using var file = new MemoryStream();
        await CsvExport.Write(table, file, new CsvOptions(ByteOrderMark: false));
        Encoding.UTF8.GetString(file.ToArray()).ShouldBe("Number,Total,Currency\r\nEUR-000,10.00,EUR\r\nJPY-000,1000,JPY\r\n");
    }

    [Theory, OnBothEngines]
    public async Task A_list_is_narrowed_by_what_only_the_facts_of_its_documents_know(Engine engine)
    {
        await using var shop = await Shop.Open(engine);
        var headers = await Add(shop, 6);
        var (item, category, user) = (shop.Items[0], shop.Categories[0], Guid.CreateVersion7());
        await shop.Database.Write(tx =>
        {
            var stamp = shop.StampOf(shop.North, Shop.FirstDay) with { Actor = new Actor(user, "kim", "Kim", []) };
            Facts.Stage(tx, shop.StampOf(shop.North, Shop.FirstDay), new Fact { Document = headers[1], Event = Status.Posted, OfLine = true, ItemId = item, CategoryId = category });
            Facts.Stage(tx, stamp, new Fact { Document = headers[2], Event = Status.Posted, OfLine = true, ItemId = shop.Items[1], CategoryId = category, D1 = "driver 1" });
            return Task.CompletedTask;
        });
        async Task<IEnumerable<string>> Numbers(params (string Key, string Value)[] filters) =>
            (await All(shop, new ListRequest { Sort = "number", Filters = filters.ToDictionary(filter => filter.Key, filter => filter.Value) })).Value.Rows.Select(row => (string)row.Cells[0]!);

        (await Numbers(("item", item.ToString()))).ShouldBe(["EUR-001"]);
        (await Numbers(("category", category.ToString()))).ShouldBe(["EUR-001", "EUR-002"]);
        (await Numbers(("category", category.ToString()), ("user", user.ToString()))).ShouldBe(["EUR-002"]);
        (await Numbers(("driver", "driver 1"))).ShouldBe(["EUR-002"]);
        (await Numbers(("item", Guid.CreateVersion7().ToString()))).ShouldBeEmpty();
        (await All(shop, new ListRequest { Filters = new Dictionary<string, string> { ["item"] = "soap" } })).Refusal!.Code.ShouldBe("FILTER_INVALID");
        (await All(shop, new ListRequest { Filters = new Dictionary<string, string> { ["weekday"] = "1" } })).Refusal!.Code.ShouldBe("FILTER_UNKNOWN");
    }
}
