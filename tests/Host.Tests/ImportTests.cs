using Plug1.Kernel.Storage;
using Shouldly;
using Xunit;

namespace Plug1.Host.Tests;

/// <summary>Master data from files, by the command line.</summary>
public sealed class ImportTests
{
    [Fact]
    public async Task Items_are_previewed_then_taken_once_and_a_bad_row_is_named()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        (await plug1.Run("company", "--currency", "EUR")).ExitCode.ShouldBe(0);
        await using (var database = Database.Open(plug1.Setting)) await database.Write(tx => Goods(tx));
        var file = Path.Combine(plug1.Folder, "items.csv");
        await File.WriteAllTextAsync(file, "sku,name,category,unit,taxCode\nA-1,Apples,FOOD,KG,S20\nA-2,Pears,FOOD,KG,S20\nA-3,Air,FOOD,MILE,S20\n");

        var preview = await plug1.Run("import", "items", file, "--preview");
        preview.ExitCode.ShouldBe(1, preview.Error);
        preview.Out.ShouldContain("line 4: unit: ");
        preview.Out.ShouldContain("3 rows: 2 would be created, 0 updated, 0 unchanged, 1 refused.");
        (await Count(plug1)).ShouldBe(0);
        (await plug1.Run("import", "items", file)).Out.ShouldContain("3 rows: 2 were created");
        (await Count(plug1)).ShouldBe(2);
        var missing = await plug1.Run("import", "parties", "nowhere.csv");
        missing.ExitCode.ShouldBe(3);
        missing.Error.ShouldBe("plug1: There is no file nowhere.csv.\n");
    }

    [Fact]
    public async Task Past_sales_are_previewed_posted_once_and_every_row_that_is_not_taken_is_in_the_file_of_refusals()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        (await plug1.Run("company", "--currency", "GBP", "--time-zone", "Europe/London")).ExitCode.ShouldBe(0);
        var (sales, mapping, refused) = (Path.Combine(plug1.Folder, "sales.csv"), Path.Combine(plug1.Folder, "mapping.json"), Path.Combine(plug1.Folder, "refused.csv"));
        await File.WriteAllTextAsync(sales, "document,sku,quantity,time,price\nS1,CUP,2,2011-07-04T10:15:00,2.50\nC1,CUP,-1,2011-07-05T10:15:00,2.50\nS2,CUP,\"=1,5\",2011-07-05T10:15:00,2.50\n");
        await File.WriteAllTextAsync(mapping, """
            {
              "source": "old-till", "payment": "CARD", "tax": { "code": "ZERO", "included": true, "category": "Z" },
              "columns": { "document": "document", "sku": "sku", "quantity": "quantity", "time": "time", "price": "price" },
              "documents": [{ "match": "^C", "kind": "return" }], "items": [{ "category": "GIFTS" }]
            }
            """);

        var preview = await plug1.Run("import", "sales", sales, "--mapping", mapping, "--preview", "--refused", refused);
        preview.ExitCode.ShouldBe(1, preview.Error);
        preview.Out.ShouldContain("sales.csv: line 4: S2: quantity: ");
        preview.Out.ShouldContain("3 rows in 1 files, 3 documents: 2 would be posted, 0 were here already, 1 rows refused.");
        (await File.ReadAllTextAsync(refused)).ShouldStartWith("file,line,document,field,code,reason\nsales.csv,4,S2,quantity,IMPORT_NUMBER_INVALID,\"'=1,5' is no");
        (await Count(plug1)).ShouldBe(0);

        var done = await plug1.Run("import", "sales", sales, "--mapping", mapping);
        done.ExitCode.ShouldBe(1, done.Error);
        done.Out.ShouldMatch(@"2011-07 +1 +1 +0 +0 +2 +5\.00 +5\.00 +2\.50 +2\.50 +2\.50\n");
        done.Out.ShouldContain("2 were posted, 0 were here already");
        (await plug1.Run("import", "sales", sales, "--mapping", mapping)).Out.ShouldContain("0 were posted, 2 were here already");
        (await plug1.Run("ledger", "check")).Out.ShouldContain("The books are in order: 37 laws");
        (await plug1.Run("import", "sales", sales, sales, "--mapping", mapping)).Error.ShouldContain("is named twice");
    }

    private static Task Goods(Tx tx)
    {
        tx.Stage($"insert into category (id, code, name) values ({Guid.CreateVersion7()}, {"FOOD"}, {"Food"}) on conflict (code) do nothing");
        tx.Stage($"insert into tax_code (id, code, name, category) values ({Guid.CreateVersion7()}, {"S20"}, {"Standard"}, {"S"}) on conflict (code) do nothing");
        return Task.CompletedTask;
    }

    private static async Task<long> Count(Plug1 plug1)
    {
        await using var database = Database.Open(plug1.Setting);
        return await database.Read(db => db.Number($"select count(*) from item"));
    }
}
