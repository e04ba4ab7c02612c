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
