using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Host.Tests;

/// <summary>The books against themselves.</summary>
public sealed class LedgerTests
{
    [Theory, OnBothEngines]
    public async Task The_check_is_clean_until_a_row_is_tampered_with_and_then_names_it(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        await Trade.Make(plug1);
        var clean = await plug1.Run("ledger", "check");
        clean.ExitCode.ShouldBe(0, clean.Out);
        clean.Out.ShouldStartWith("The books are in order: ");

        await Trade.Tamper(plug1, "entry", "entry_never_updated",
            "update entry set amount = amount + 1 where account_id = (select min(id) from account where role = 'OutputTax') and line = (select min(line) from entry where account_id = (select min(id) from account where role = 'OutputTax'))");
        var found = await plug1.Run("ledger", "check");
        found.ExitCode.ShouldBe(1);
        foreach (var law in new[] { "transactions-balance", "pos-tax" }) found.Out.ShouldContain($" x {law} broken");
        found.Out.ShouldNotContain("pos-revenue");
    }

    [Theory]
    [InlineData("update balance set amount = amount + 1 where account_id = (select min(account_id) from balance)", "guarded-balances")]
    [InlineData("insert into account_day (account_id, business_date, amount, debit, credit, entries) values (1, '2000-01-01', 5, 5, 0, 1)", "daily-balances")]
    [InlineData("insert into account_month (account_id, business_date, amount, debit, credit, entries) values (1, '2000-01-01', 5, 5, 0, 1)", "monthly-balances")]
    [InlineData("insert into chart_day (gl_code, unit_id, business_date, amount, debit, credit, entries) values ('1000', 1, '2000-01-01', 5, 5, 0, 1)", "daily-chart")]
    [InlineData("insert into chart_month (gl_code, unit_id, business_date, amount, debit, credit, entries) values ('1000', 1, '2000-01-01', 5, 5, 0, 1)", "monthly-chart")]
    [InlineData("insert into pos_tender_day (business_date, branch_id, session_id, user_id, channel, method, kind, mirror, count, amount, change) values ('2000-01-01', 'b', '', 'u', '', 'CASH', 'sale', 0, 1, 5, 0)", "pos-tender-sums")]
    [InlineData("update fact set amount = amount - 1 where grain = 0 and event = 'posted' and kind = 'sale'", "pos-facts")]
    [InlineData("update pos_sale_line set net = net + 1", "pos-lines")]
    [InlineData("update pos_sale_tax set amount = amount + 1", "pos-tax")]
    [InlineData("update balance set amount = 0, lower_limit = null where account_id = (select min(id) from account where role = 'store')", "stock-values")]
    [InlineData("delete from document where function = 'kernel.stock'", "transactions-have-documents")]
    public async Task Whatever_is_changed_by_hand_is_found(string change, string law)
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await Trade.Make(plug1);
        await using (var database = Database.Open(plug1.Setting)) await database.Write(tx => tx.Execute(Sql.Raw(change)));
        var found = await plug1.Run("ledger", "check");
        found.ExitCode.ShouldBe(1, found.Out);
        found.Out.ShouldContain($" x {law} broken");
    }

    [Theory]
    [InlineData("entry_never_deleted", "delete from entry where line = 2", "transactions-balance")]
    [InlineData("entry_never_updated", "update entry set business_date = '2001-01-01' where line = 1", "entry-units")]
    [InlineData("transaction_never_updated", "update ledger_transaction set reversal_of = (select min(id) from ledger_transaction) where tx = 3", "mirrors")]
    public async Task Whatever_is_changed_past_the_triggers_is_found(string trigger, string change, string law)
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await Trade.Make(plug1);
        await Trade.Tamper(plug1, "", trigger, change);
        (await plug1.Run("ledger", "check")).Out.ShouldContain($" x {law} broken");
    }

    [Fact]
    public async Task Events_that_wait_for_their_block_verify_until_one_is_changed_or_taken_out()
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await Trade.Make(plug1);
        await using (var database = Database.Open(plug1.Setting))
            await database.Write(async tx =>
            {
                tx.Stage($"drop trigger seal_never_deleted");
                tx.Stage($"delete from seal_block");
                tx.Stage($"update watermark set tx = 0 where name like 'audit%'");
                await tx.Flush();
            });
        var clean = await plug1.Run("audit", "verify");
        clean.ExitCode.ShouldBe(0, clean.Out);
        clean.Out.ShouldContain("Without a digest kept elsewhere");

        await Trade.Tamper(plug1, "audit_event", "audit_never_updated", "update audit_event set diff = replace(diff, '\"total\":\"', '\"total\":\"9') where action = 'checkout'");
        (await plug1.Run("audit", "verify")).Out.ShouldContain("its hash is not that of the object it shows.");
        await Trade.Tamper(plug1, "audit_event", "audit_never_deleted", "delete from audit_event where seq in (2, (select max(seq) from audit_event))");
        var holes = await plug1.Run("audit", "verify");
        holes.ExitCode.ShouldBe(1);
        holes.Out.ShouldContain("event 2 is missing.");
        holes.Out.ShouldContain("is missing at the end.");
    }

    [Theory, OnBothEngines]
    public async Task A_digest_kept_elsewhere_and_a_proof_taken_along_outlive_a_restored_backup(Engine engine)
    {
        await using var plug1 = await Plug1.At(engine);
        var token = await Trade.Make(plug1);
        var (digest, proof, backup) = (Path.Combine(plug1.Folder, "digest.json"), Path.Combine(plug1.Folder, "proof.json"), Path.Combine(plug1.Folder, "books.plug1"));
        (await plug1.Run("audit", "digest", "--out", digest)).ExitCode.ShouldBe(0);
        var verified = await plug1.Run("audit", "verify", "--digest", digest);
        verified.ExitCode.ShouldBe(0, verified.Out);
        verified.Out.ShouldContain("0 differences.");
        verified.Out.ShouldContain("1 digests kept elsewhere were compared.");

        Guid transaction;
        await using (var database = Database.Open(plug1.Setting)) transaction = await database.Read(db => db.First($"select id from ledger_transaction order by tx limit 1", row => row.Guid(0)));
        using (var told = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(digest)))
            (await plug1.Run("audit", "proof", "--transaction", transaction.ToString("D"), "--out", proof, "--until", $"{told.RootElement.GetProperty("block").GetProperty("number").GetInt64()}")).ExitCode.ShouldBe(0);
        var holds = await plug1.Run("audit", "prove", proof, "--digest", digest);
        holds.ExitCode.ShouldBe(0, holds.Error);
        holds.Out.ShouldContain("The proof holds: leaf ");
        await File.WriteAllTextAsync(proof, (await File.ReadAllTextAsync(proof)).Replace("\"index\": ", "\"index\": 1", StringComparison.Ordinal));
        (await plug1.Run("audit", "prove", proof)).Error.ShouldContain("do not lead to the root of the block.");

        (await plug1.Run("backup", "--out", backup)).ExitCode.ShouldBe(0);
        (await plug1.Run("restore", "--from", backup, "--replace")).ExitCode.ShouldBe(0);
        var restored = await plug1.Run("audit", "verify", "--digest", digest);
        restored.ExitCode.ShouldBe(0, restored.Out);
        await using (var server = await plug1.Serve()) await Trade.Sell(server, token, new { sku = "TEA", quantity = "1" });
        (await plug1.Run("audit", "digest")).ExitCode.ShouldBe(0);
        var later = await plug1.Run("audit", "verify", "--digest", digest);
        later.ExitCode.ShouldBe(0, later.Out);
        later.Out.ShouldContain("0 wait for the next block");
    }

    [Fact]
    public void Names_for_other_programs_are_legal_and_never_shared()
    {
        LedgerNames.Account("asset", "1300", "Inventory", "0192ab/0192cd").ShouldBe("Assets:1300-Inventory:0192ab:0192cd");
        string[] subjects = ["a", "A", "Z0061", "Z", "Za", "a/b", "a-b", "a b", "", "ab/", "/ab", "-", "ü", "Z0041"];
        subjects.Select(subject => LedgerNames.Account("location", "9000", "store", subject)).Distinct().Count().ShouldBe(subjects.Length);
        subjects.Select(subject => LedgerNames.Account("location", "9000", "store", subject)).ShouldAllBe(name => name.Split(':').All(part => char.IsAsciiDigit(part[0]) || char.IsAsciiLetterUpper(part[0])));
        LedgerNames.Hledger("EUR").ShouldBe("EUR");
        LedgerNames.Hledger("ITEM:\"x\";%").ShouldBe("\"ITEM:%0022x%0022%003B%0025\"");
        LedgerNames.Beancount("ITEM:TEA", 7).ShouldBe("ITEM.TEA");
        LedgerNames.Beancount("ITEM:tea", 7).ShouldBe("UNIT.7");
        LedgerNames.Beancount("ITEM.TEA", 8).ShouldBe("UNIT.8");
    }
}
