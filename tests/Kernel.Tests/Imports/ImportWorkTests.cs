using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Imports;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Tests.MasterData;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Imports;

/// <summary>Imports as long work: preview, the file of refused rows, the run, and undoing what nobody has touched.</summary>
public sealed class ImportWorkTests
{
    private const string Items = "Article,Text,Group\nB-1,Tea,FOOD\nB-2,\"Sugar, brown\",NOPE\nA-1,Coffee,FOOD\nB-3,Salt,FOOD\n";

    private static readonly ImportMapping Mapping = new(
        new Dictionary<string, string> { ["sku"] = "Article", ["name"] = "Text", ["category"] = "Group" }, new Dictionary<string, string> { ["unit"] = "EA", ["taxCode"] = "S20" });

    [Theory, OnBothEngines]
    public async Task A_preview_counts_the_rows_and_gives_the_refused_ones_to_be_mended_and_sent_again(Engine engine)
    {
        await using var house = await House.Open(engine);
        var preview = await house.Do(ImportPreviewWork.Word, "items", Items, Mapping);
        var report = preview.Report;
        (report.Rows, report.Created, report.Changed, report.Unchanged, report.Refused).ShouldBe((4, 2, 1, 0, 1));
        report.RefusedRows.ShouldHaveSingleItem().ShouldBe(new RefusedRow(3, "category", "CATEGORY_UNKNOWN", report.RefusedRows[0].Reason));
        (await house.Shop.Number($"select count(*) from item")).ShouldBe(1);

        var file = await house.Refused(preview.Id);
        file.ShouldStartWith("\ufeffArticle,Text,Group,Why refused\nB-2,\"Sugar, brown\",NOPE,category: ");
        var mended = await house.Do(ImportRunWork.Word, "items", file.Replace("NOPE", "FOOD"), Mapping);
        (mended.Report.Created, mended.Report.Refused).ShouldBe((1, 0));
        // What is refused once more has its reason once.
        (await house.Refused((await house.Do(ImportPreviewWork.Word, "items", file, Mapping)).Id)).ShouldBe(file);
    }

    [Theory, OnBothEngines]
    public async Task An_import_is_undone_for_the_items_that_nobody_has_changed_or_used_and_the_others_are_named(Engine engine)
    {
        await using var house = await House.Open(engine);
        var shop = house.Shop;
        await shop.Database.Write(tx => tx.Execute($"insert into item_barcode (barcode, item_id, factor, unit_name) values ('900', {shop.Item}, 6000000, 'box')"));
        const string file = "sku,name,category,unit,taxCode,barcodes\nA-1,Coffee,FOOD,EA,S20,901\nB-1,Tea,FOOD,EA,S20,900\nB-2,Sugar,FOOD,EA,S20,\nB-3,Salt,FOOD,EA,S20,\nB-4,Rice,FOOD,EA,S20,\n";
        var plain = new ImportMapping(new[] { "sku", "name", "category", "unit", "taxCode", "barcodes" }.ToDictionary(name => name));
        var import = await house.Do(ImportRunWork.Word, "items", file, plain);
        (import.Report.Created, import.Report.Changed).ShouldBe((4, 1));
        var view = await shop.Catalogue.Get();
        view.ByBarcode("900")!.Value.Item.Sku.ShouldBe("B-1");
        await shop.Change(new ItemMaster(shop.Catalogue), view.BySku("B-2")!.Id, null, new { name = "Cane sugar" });
        await shop.Book("B-3", view.BySku("B-3")!.Id, 5_000_000, 500);
        await shop.Made(new PriceMaster(shop.Catalogue), new PriceWrite(shop.BaseList, view.BySku("B-4")!.Id, UnitPrice.Parse("1"), new DateOnly(2025, 1, 1)));

        var undone = await house.Undo("items", import.Id);
        (undone.TakenAway, undone.SetBack, undone.Kept).ShouldBe((1, 1, 3));
        undone.KeptRecords.Select(kept => $"{kept.Name} {kept.Code}").Order(StringComparer.Ordinal).ShouldBe(["B-2 IMPORT_UNDO_CHANGED", "B-3 IMPORT_UNDO_USED", "B-4 IMPORT_UNDO_USED"]);
        view = await shop.Catalogue.Get();
        (view.BySku("B-1"), view.BySku("A-1")!.Name, view.BySku("B-2")!.Name).ShouldBe((null, "Coffee beans", "Cane sugar"));
        var box = view.ByBarcode("900")!.Value;
        (box.Item.Sku, box.Factor, view.ByBarcode("901")).ShouldBe(("A-1", new Quantity(6_000_000), null));
    }

    [Theory, OnBothEngines]
    public async Task Parties_and_prices_go_back_to_what_they_were(Engine engine)
    {
        await using var house = await House.Open(engine);
        var shop = house.Shop;
        var plain = new ImportMapping(new[] { "number", "name", "phone", "roles", "card" }.ToDictionary(name => name));
        await house.Do(ImportRunWork.Word, "parties", "number,name,phone,roles,card\nC-1,Ada,+25470000001,customer|member,X1\nC-2,Bob,,customer,X2\n", plain);
        // Two change their cards with each other, which no two rows could do one after the other.
        var import = await house.Do(ImportRunWork.Word, "parties", "number,name,phone,roles,card\nC-1,Ada King,,customer,Y1\nC-3,Cyd,,customer,\nC-4,Dan,,customer,\n", plain);
        (import.Report.Created, import.Report.Changed).ShouldBe((2, 1));
        await shop.Database.Write(tx => tx.Execute($"""
            insert into document (id, function, kind, branch_id, status, business_date, party_id, currency, created_at, created_by)
            select {Guid.CreateVersion7()}, 'sales.selling', 'sale', {shop.Branch}, 'draft', {new DateOnly(2025, 1, 15)}, id, 'EUR', {shop.Clock.Now}, {Actor.SystemId} from party where number = 'C-4'
            """));
        var undone = await house.Undo("parties", import.Id);
        (undone.TakenAway, undone.SetBack, undone.Kept).ShouldBe((1, 1, 1));
        undone.KeptRecords.ShouldHaveSingleItem().ShouldBe(new KeptRecord("C-4 Dan", "IMPORT_UNDO_USED", undone.KeptRecords[0].Reason));
        var ada = (await shop.Parties.Search(new PartyQuery("ada"))).Items.ShouldHaveSingleItem();
        (ada.Name, ada.Phone, ada.Card, ada.Roles).ShouldBe(("Ada", "+25470000001", "X1", PartyRoles.Customer | PartyRoles.Member));
        (await shop.Parties.Search(new PartyQuery("cyd"))).Items.ShouldBeEmpty();

        var prices = new ImportMapping(new[] { "sku", "priceList", "price", "validFrom" }.ToDictionary(name => name));
        await house.Do(ImportRunWork.Word, "prices", "sku,priceList,price,validFrom\nA-1,BASE,4.99,2025-01-01\n", prices);
        var dearer = await house.Do(ImportRunWork.Word, "prices", "sku,priceList,price,validFrom\nA-1,BASE,5.99,2025-01-01\nA-1,BASE,6.99,2025-03-01\n", prices);
        (dearer.Report.Created, dearer.Report.Changed).ShouldBe((1, 1));
        var back = await house.Undo("prices", dearer.Id);
        (back.TakenAway, back.SetBack, back.Kept).ShouldBe((1, 1, 0));
        (await shop.Catalogue.Get()).PriceOf(shop.Item, 1_000_000, new DateOnly(2025, 4, 1), null, null, null, shop.Branch)!.Value.Row.Amount.ToString().ShouldBe("4.99");
        (await house.Desk.Undo(shop.Call, dearer.Id)).Refusal!.Code.ShouldBe("IMPORT_UNDO_NOTHING");
    }

    [Theory, OnBothEngines]
    public async Task An_import_that_a_node_lost_goes_on_behind_its_last_step_and_names_every_refused_row(Engine engine)
    {
        await using var house = await House.Open(engine);
        var text = new StringBuilder("number,name\n");
        for (var at = 0; at < 2_500; at++) text.Append(at == 10 ? "N10,\n" : $"N{at},Customer {at}\n");
        var plain = new ImportMapping(new Dictionary<string, string> { ["number"] = "number", ["name"] = "name" });
        var id = await house.Ask(ImportRunWork.Word, "parties", text.ToString(), plain);
        using var stop = new CancellationTokenSource();
        var steps = 0;
        await Should.ThrowAsync<OperationCanceledException>(() => house.Node(target => new Stopping(target, () =>
        {
            if (++steps == 2) stop.Cancel();
        })).Run(stop.Token));
        (await house.Shop.Number($"select count(*) from party")).ShouldBe(999);

        (await house.Node().Run(default)).ShouldBe(1);
        var report = await house.ReportOf(id);
        (report.Rows, report.Created, report.Unchanged, report.Refused).ShouldBe((2_500, 2_499, 0, 1));
        report.RefusedRows.ShouldHaveSingleItem().Line.ShouldBe(12);
        (await house.Shop.Number($"select count(*) from party")).ShouldBe(2_499);
        (await house.Shop.Number($"select count(*) from import_change")).ShouldBe(2_499);
        (await house.Undo("parties", id)).TakenAway.ShouldBe(2_499);
        (await house.Shop.Number($"select count(*) from party")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task The_mapping_of_a_file_is_remembered_for_the_next_with_the_same_headings(Engine engine)
    {
        await using var house = await House.Open(engine);
        var first = await house.Upload(Items);
        var seen = (await house.Shop.Database.Read(db => house.Desk.Columns(db, Actor.SystemId, "items", first))).Value;
        (seen.Headings, seen.Remembered, seen.Samples.Count, seen.Samples[1][1]).ShouldBe((seen.Headings, false, 4, "Sugar, brown"));
        seen.Headings.ShouldBe(["Article", "Text", "Group"]);
        await house.Do(ImportPreviewWork.Word, "items", Items, Mapping);
        var next = await house.Upload(Items.Replace("Tea", "Green tea"));
        var again = (await house.Shop.Database.Read(db => house.Desk.Columns(db, Actor.SystemId, "items", next))).Value;
        (again.Remembered, again.Mapping.Columns["sku"], again.Mapping.Constants!["unit"]).ShouldBe((true, "Article", "EA"));
        (await house.Shop.Database.Read(db => house.Desk.Columns(db, Guid.CreateVersion7(), "items", next))).Refusal!.Code.ShouldBe("WORK_FILE_UNKNOWN");
        (await house.Shop.Database.Read(db => house.Desk.Columns(db, Actor.SystemId, "wishes", next))).Refusal!.Code.ShouldBe("IMPORT_KIND_UNKNOWN");
    }

    /// <summary>Tells before each step of an import.</summary>
    private sealed class Stopping(ImportTarget target, Action step) : ImportTarget
    {
        public override string Kind => target.Kind;

        public override string Name => target.Name;

        public override IReadOnlyList<ImportField> Fields => target.Fields;

        public override void Begin(Tx tx)
        {
            step();
            target.Begin(tx);
        }

        public override string? KeyOf(ImportRow row) => target.KeyOf(row);

        public override Task<ImportPlan> Plan(Db db, IReadOnlyList<ImportRow> rows, Stamp stamp, CancellationToken ct)
        {
            ct.ThrowIfCancellationRequested();
            return target.Plan(db, rows, stamp, ct);
        }

        public override Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, CancellationToken ct) => target.Undo(tx, changes, ct);
    }

    private sealed class House(Shop shop) : IAsyncDisposable
    {
        public Shop Shop => shop;

        public ImportDesk Desk => new(shop.Runner, Kinds(), new WorkDesk(shop.Runner, Handlers(Kinds()), WorkOptions.Usual));

        public static async Task<House> Open(Engine engine) => new(await Shop.Open(engine));

        public WorkRunner Node(Func<ImportTarget, ImportTarget>? around = null) => new(
            shop.Database, shop.Runner, Handlers(Kinds(around)), (_, _) => Task.FromResult<Actor?>(Actor.System), new WorkOptions(TimeSpan.FromSeconds(45), TimeSpan.FromMilliseconds(20)), NullLogger<WorkRunner>.Instance);

        public async Task<Guid> Upload(string text)
        {
            var answer = await Desk.Upload(shop.Call, "data.csv", Encoding.UTF8.GetBytes(text));
            answer.Refusal.ShouldBeNull();
            return JsonSerializer.Deserialize<WorkFile>(answer.Value.Json, Shop.Json)!.Id;
        }

        public async Task<Guid> Ask(string word, string kind, string text, ImportMapping mapping)
        {
            shop.Clock.Advance(TimeSpan.FromMilliseconds(5));
            return Asked(await Desk.Ask(shop.Call, kind, await Upload(text), mapping, write: word == ImportRunWork.Word));
        }

        public async Task<(Guid Id, ImportReport Report)> Do(string word, string kind, string text, ImportMapping mapping)
        {
            var id = await Ask(word, kind, text, mapping);
            (await Node().Run(default)).ShouldBe(1);
            return (id, await ReportOf(id));
        }

        public async Task<UndoReport> Undo(string kind, Guid import)
        {
            shop.Clock.Advance(TimeSpan.FromMilliseconds(5));
            var id = Asked(await Desk.Undo(shop.Call, import));
            (await Node().Run(default)).ShouldBe(1);
            return JsonSerializer.Deserialize<UndoReport>(await ResultOf(id), Shop.Json)!;
        }

        public async Task<ImportReport> ReportOf(Guid id) => JsonSerializer.Deserialize<ImportReport>(await ResultOf(id), Shop.Json)!;

        public async Task<string> Refused(Guid id) => Encoding.UTF8.GetString((await shop.Database.Read(db => WorkFiles.Read(db, id, RefusedFile.Role, default)))!.Content);

        public ValueTask DisposeAsync() => shop.DisposeAsync();

        private static Guid Asked(Result<Answer> answer)
        {
            answer.Refusal.ShouldBeNull();
            return JsonSerializer.Deserialize<ImportAsked>(answer.Value.Json, Shop.Json)!.Id;
        }

        private async Task<string> ResultOf(Guid id)
        {
            var work = (await shop.Database.Read(db => WorkDesk.Find(db, id, default)))!;
            work.State.ShouldBe(WorkState.Done, work.Error);
            return work.Result!;
        }

        private ImportKinds Kinds(Func<ImportTarget, ImportTarget>? around = null) => new(
            new ImportTarget[] { new ItemImport(shop.Catalogue), new PartyImport(), new PriceImport(shop.Catalogue) }
                .Select(target => new RowImport(around?.Invoke(target) ?? target, shop.Database, shop.Runner)));

        private IReadOnlyList<WorkHandler> Handlers(ImportKinds kinds) =>
            [new ImportPreviewWork(kinds, shop.Database), new ImportRunWork(kinds, shop.Database), new ImportUndoWork(kinds, shop.Database)];
    }
}
