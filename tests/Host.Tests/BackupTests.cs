using System.IO.Compression;
using System.Text.Json.Nodes;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Host.Tests;

/// <summary>A backup is a whole business, and a bad one changes nothing.</summary>
public sealed class BackupTests
{
    [Theory, OnBothEngines]
    public async Task What_is_restored_is_what_was_backed_up_and_goes_on_trading(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        var token = await Trade.Make(plug1);
        var file = Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.plug1");
        int before;
        await using (var server = await plug1.Serve())
        {
            var made = await plug1.Run("backup", "--out", file);
            made.ExitCode.ShouldBe(0, made.Error);
            before = await Sales(plug1);
            await Trade.Sell(server, token, new { sku = "TEA", quantity = "2" });
            if (engine == Engine.Sqlite) (await plug1.Run("restore", "--from", file)).Error.ShouldContain("Stop it first");
            await server.Stop();
        }

        (await Sales(plug1)).ShouldBe(before + 1);
        (await plug1.Run("backup", "--out", file)).Error.ShouldContain("exists already");
        if (engine == Engine.Postgres) (await plug1.Run("restore", "--from", file)).Error.ShouldContain("--replace");
        (await Sales(plug1)).ShouldBe(before + 1);

        var restored = await plug1.Run("restore", "--from", file, "--replace");
        restored.ExitCode.ShouldBe(0, restored.Error);
        (await Sales(plug1)).ShouldBe(before);
        if (engine == Engine.Sqlite) restored.Out.ShouldContain(".before-restore-");
        (await plug1.Run("audit", "verify")).ExitCode.ShouldBe(0);
        await using (var server = await plug1.Serve())
        {
            await Trade.Sell(server, token, new { sku = "TEA", quantity = "1" });
            await Task.Delay(1500);
            await server.Stop();
        }

        var check = await plug1.Run("ledger", "check");
        check.ExitCode.ShouldBe(0, check.Out);
        (await Sales(plug1)).ShouldBe(before + 1);
        File.Delete(file);
    }

    [Theory, OnBothEngines]
    public async Task A_backup_goes_into_another_empty_place(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        await Trade.Make(plug1);
        var file = Path.Combine(plug1.Folder, "today.plug1");
        (await plug1.Run("backup", "--out", file)).ExitCode.ShouldBe(0);
        await using var other = await Plug1.At(engine);
        var restored = await other.Run("restore", "--from", file);
        restored.ExitCode.ShouldBe(0, restored.Error);
        (await Sales(other)).ShouldBe(await Sales(plug1));
        (await other.Run("user", "list")).Out.ShouldContain("admin");
    }

    [Theory]
    [InlineData("data")]
    [InlineData("manifest")]
    [InlineData("cut")]
    [InlineData("newer")]
    [InlineData("engine")]
    [InlineData("totals")]
    public async Task A_damaged_or_newer_backup_is_refused_and_the_business_stays_as_it_is(string how)
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await Trade.Make(plug1);
        var file = Path.Combine(plug1.Folder, "today.plug1");
        (await plug1.Run("backup", "--out", file)).ExitCode.ShouldBe(0);
        var before = await File.ReadAllBytesAsync(plug1.SqliteFile);
        await Spoil(file, how);

        var refused = await plug1.Run("restore", "--from", file, "--replace");
        refused.ExitCode.ShouldBe(1, refused.Out + refused.Error);
        refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].ShouldStartWith("plug1: ");
        refused.Error.ShouldContain(how switch { "newer" => "newer", "engine" => "postgres", "totals" => "not what its manifest says", _ => "damaged" });
        (await File.ReadAllBytesAsync(plug1.SqliteFile)).ShouldBe(before);
        Directory.GetFileSystemEntries(plug1.Folder, "*.work").ShouldBeEmpty();
    }

    private static async Task Spoil(string file, string how)
    {
        if (how is "data" or "cut")
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[bytes.Length / 2] ^= 0xFF;
            await File.WriteAllBytesAsync(file, how == "cut" ? bytes[..(bytes.Length * 2 / 3)] : bytes);
            return;
        }

        using var zip = ZipFile.Open(file, ZipArchiveMode.Update);
        var entry = zip.GetEntry("manifest.json")!;
        JsonNode manifest;
        await using (var read = await entry.OpenAsync()) manifest = (await JsonNode.ParseAsync(read))!;
        entry.Delete();
        switch (how)
        {
            case "newer": manifest["migrations"]!.AsArray().Add(new JsonObject { ["module"] = "kernel", ["number"] = 9999, ["name"] = "9999-later.sql", ["hash"] = "x" }); break;
            case "engine": manifest["engine"] = "postgres"; break;
            case "totals": manifest["totals"]!["documents"] = 1_000_000; break;
            default: manifest["sha256"] = new string('0', 64); break;
        }

        await using var written = await zip.CreateEntry("manifest.json").OpenAsync();
        await using var writer = new StreamWriter(written);
        await writer.WriteAsync(manifest.ToJsonString());
    }

    private static async Task<int> Sales(Plug1 plug1)
    {
        await using var database = Database.Open(plug1.Setting);
        return (int)await database.Read(db => db.Number($"select count(*) from pos_sale"));
    }
}
