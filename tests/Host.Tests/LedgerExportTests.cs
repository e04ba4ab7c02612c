using System.Globalization;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Plug1.Host.Tests;

/// <summary>The whole multi-unit ledger against what hledger and Beancount make of it.</summary>
public sealed class LedgerExportTests(ITestOutputHelper output)
{
    private static readonly LedgerFormat[] Formats = [LedgerFormat.Hledger, LedgerFormat.Beancount];

    [Theory, OnBothEngines]
    public async Task Both_programs_accept_every_period_and_have_our_balances_at_its_end(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        await Trade.Make(plug1);
        await AnotherDay(plug1);
        foreach (var format in Formats)
        {
            await Compare(plug1, format, "5 transactions", null, null);
            await Compare(plug1, format, "1 transactions", null, "2001-02-03");
            await Compare(plug1, format, "4 transactions", "2001-02-04", null);
            await Compare(plug1, format, "0 transactions", "2001-02-04", "2001-02-05");
            await Compare(plug1, format, "0 transactions", "2999-01-01", null);
            await Compare(plug1, format, "0 transactions", null, "1999-12-31");
        }

        (await plug1.Run("ledger", "export")).Out.ShouldBe(await File.ReadAllTextAsync(FileOf(plug1, LedgerFormat.Hledger, null, null)));
        (await plug1.Run("ledger", "export", "--from", "2001-02-04", "--to", "2001-02-03")).ExitCode.ShouldBe(2);
        (await plug1.Run("ledger", "export", "--from", "tomorrow")).Error.ShouldContain("'tomorrow' is no day");
    }

    [Theory]
    [InlineData(LedgerFormat.Hledger)]
    [InlineData(LedgerFormat.Beancount)]
    public async Task A_transaction_that_is_taken_out_of_the_file_is_missed_by_the_other_program(LedgerFormat format)
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await Trade.Make(plug1);
        var file = await Export(plug1, format, "5 transactions", null, null);
        if (!OtherBooks.Has(format, output)) return;
        (await OtherBooks.Check(format, file)).ShouldBe("");
        var parts = (await File.ReadAllTextAsync(file)).Split("\n\n");
        parts.Length.ShouldBeGreaterThan(6);
        await File.WriteAllTextAsync(file, string.Join("\n\n", parts.Where((_, at) => at != 3)));
        (await OtherBooks.Check(format, file)).ShouldStartWith("refused: ");
    }

    /// <remarks>Source of the data: UCI Machine Learning Repository, data set 352 <i>Online Retail</i> (Daqing Chen, 2015), CC BY 4.0; it is no part of the repository.</remarks>
    [Fact]
    public async Task The_retail_year_has_our_balances_in_both_programs()
    {
        if (DataSet("online-retail") is not { } folder)
        {
            output.WriteLine("The data set online-retail is not on this machine; nothing was compared.");
            return;
        }

        await using var plug1 = await Plug1.At(Engine.Sqlite);
        (await plug1.Run("company", "--currency", "GBP", "--name", "Gift wholesale")).ExitCode.ShouldBe(0);
        var imported = await plug1.Run(["import", "sales", .. Directory.GetFiles(folder, "lines-*.csv.gz").Order(StringComparer.Ordinal), "--mapping", Mapping()]);
        imported.Out.ShouldContain("12791 were posted", customMessage: imported.Error);

        // Each takes most of a minute, on a core of its own.
        var whole = await Task.WhenAll(Formats.Select(format => Compare(plug1, format, "12793 transactions", null, null)));
        whole[0].Sum(held => held.Unit == "GBP" ? held.Amount : 0).ShouldBe(0);
        whole[0].Count(held => held.Unit.StartsWith("ITEM:", StringComparison.Ordinal)).ShouldBeGreaterThan(7_000);
        whole[1].Count.ShouldBe(whole[0].Count);
        await Task.WhenAll(Formats.Select(format => Compare(plug1, format, "736 transactions", "2011-06-20", "2011-06-30")));
    }

    /// <summary>Exports, has the program check the file and compares every account in every unit.</summary>
    private async Task<List<Held>> Compare(Plug1 plug1, LedgerFormat format, string transactions, string? from, string? to)
    {
        var file = await Export(plug1, format, transactions, from, to);
        var ours = await OtherBooks.Ours(plug1, format, to is null ? null : DateOnly.ParseExact(to, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (!OtherBooks.Has(format, output)) return ours;
        (await OtherBooks.Check(format, file)).ShouldBe("", $"{format} {from} {to}");
        var theirs = await OtherBooks.Balances(format, file);
        theirs.Count.ShouldBe(ours.Count);
        theirs.Except(ours).Take(5).ShouldBeEmpty();
        output.WriteLine($"{format}, {from ?? "beginning"} to {to ?? "end"}: {ours.Count} balances are the same.");
        return ours;
    }

    private static async Task<string> Export(Plug1 plug1, LedgerFormat format, string transactions, string? from, string? to)
    {
        var file = FileOf(plug1, format, from, to);
        string[] period = [.. from is null ? [] : new[] { "--from", from }, .. to is null ? [] : new[] { "--to", to }];
        var exported = await plug1.Run(["ledger", "export", "--format", format == LedgerFormat.Hledger ? "hledger" : "beancount", "--out", file, .. period]);
        exported.ExitCode.ShouldBe(0, exported.Error);
        exported.Out.ShouldStartWith(transactions);
        return file;
    }

    private static string FileOf(Plug1 plug1, LedgerFormat format, string? from, string? to) =>
        Path.Combine(plug1.Folder, $"books-{from}-{to}.{(format == LedgerFormat.Hledger ? "journal" : "beancount")}");

    /// <summary>Moves the first transaction to a day long ago, so that the books have two.</summary>
    private static async Task AnotherDay(Plug1 plug1)
    {
        await using var database = Database.Open(plug1.Setting);
        var sqlite = database.Engine == Engine.Sqlite;
        await database.Write(async tx =>
        {
            foreach (var (table, trigger) in new[] { ("entry", "entry_never_updated"), ("ledger_transaction", "transaction_never_updated") })
                tx.Stage(Sql.Raw(sqlite ? $"drop trigger {trigger}" : $"alter table {table} disable trigger user"));
            foreach (var (table, key) in new[] { ("entry", "transaction_id"), ("ledger_transaction", "id") })
                tx.Stage($"update {Sql.Raw(table)} set business_date = {new DateOnly(2001, 2, 3)} where {Sql.Raw(key)} = (select id from ledger_transaction order by tx limit 1)");
            await tx.Flush();
        });
    }

    private static string? DataSet(string name)
    {
        if (Environment.GetEnvironmentVariable("PLUG1_DATA") is { Length: > 0 } root) return Directory.Exists(Path.Combine(root, name)) ? Path.Combine(root, name) : null;
        return Above("shared", "data", name).FirstOrDefault(Directory.Exists);
    }

    private static string Mapping() => Above("docs", "examples", "online-retail.mapping.json").First(File.Exists);

    private static IEnumerable<string> Above(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent) yield return Path.Combine([folder.FullName, .. path]);
    }
}
