using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Imports;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Books.Tests;

/// <summary>Opening balances out of a file: previewed, refused branch by branch, handed in, approved, undone.</summary>
public class OpeningImportScenarios
{
    /// <summary>The opening balances of the guide for Main, and some of West.</summary>
    private const string Balances = """
        date,account,debit,credit,branch,subject,text
        2025-01-01,1050,10000.00,0.00,,,Bank
        2025-01-01,1010,500.00,,,,
        2025-01-01,1100,1200.00,,MAIN,C-1,Ada
        2025-01-01,3900,0,11700.00,MAIN,,
        2025-01-01,1050,40.50,,WEST,,
        2025-01-01,3900,,40.50,WEST,,

        """;

    private static readonly ImportMapping Mapping = ImportMapping.Plain([new("date"), new("account"), new("debit"), new("credit"), new("branch"), new("subject"), new("text")]);

    [Theory, OnBothEngines]
    public async Task Balances_of_two_branches_are_previewed_handed_in_approved_and_stand_in_the_books(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var desk = await Desk.Open(office);
        var preview = await desk.Do(ImportPreviewWork.Word, Balances);
        (preview.Report.Rows, preview.Report.Created, preview.Report.Refused).ShouldBe((6, 6, 0));
        (await office.Count("select count(*) from document")).ShouldBe(0);

        var run = await desk.Do(ImportRunWork.Word, Balances);
        (run.Report.Rows, run.Report.Created, run.Report.Refused).ShouldBe((6, 6, 0));
        var waiting = await office.Database.Read(db => db.Query($"select id, branch_id, kind, status, total from document order by total desc", row => (Id: row.Guid(0), Branch: row.Guid(1), Told: $"{row.Text(2)} {row.Text(3)} {row.Long(4)}")));
        waiting.Select(one => (one.Branch, one.Told)).ShouldBe([(Office.Main, "opening submitted 1170000"), (Office.West, "opening submitted 4050")]);
        (await office.BalanceOf("1050")).ShouldBe(0, "another person approves opening balances");

        foreach (var one in waiting) (await office.Step(office.Ben, Verb.Approve, one.Id)).Value.Status.ShouldBe("posted");
        (await office.BalanceOf("1050"), await office.BalanceOf("1010"), await office.BalanceOf("1100"), await office.BalanceOf("3900")).ShouldBe((1_004_050, 50_000, 120_000, -1_174_050));
        (await office.Count($"select count(*) from account where gl_code = '1100' and subject = '{Office.Ada:D}'")).ShouldBe(1);
        Office.Told(await office.Balance(office.Request("2025-01-01", "2025-01-01", byBranch: true))).ShouldContain("1050 Bank: 10000.00|40.50|10040.50");
        (await office.Violations()).ShouldBeEmpty();

        // The same file, or the same balances in another file, are not taken a second time.
        (await desk.Ask(ImportRunWork.Word, Balances)).ShouldBe("IMPORT_FILE_TWICE");
        (await desk.Do(ImportPreviewWork.Word, Balances.Replace("Bank", "Bank account", StringComparison.Ordinal))).Report.RefusedRows.Select(row => row.Code).Distinct().ShouldBe(["OPENING_EXISTS"]);
    }

    [Theory, OnBothEngines]
    public async Task A_branch_with_one_wrong_row_is_refused_whole_and_the_other_is_taken(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var desk = await Desk.Open(office);
        var wrong = Balances.Replace("C-1", "C-9", StringComparison.Ordinal);
        var run = await desk.Do(ImportRunWork.Word, wrong);
        (run.Report.Created, run.Report.Refused).ShouldBe((2, 4));
        run.Report.RefusedRows.Select(row => $"{row.Line} {row.Field} {row.Code}").ShouldBe(["2  OPENING_INCOMPLETE", "3  OPENING_INCOMPLETE", "4 subject JOURNAL_SUBJECT_UNKNOWN", "5  OPENING_INCOMPLETE"]);
        (await office.Database.Read(db => db.Query($"select branch_id from document", row => row.Guid(0)))).ShouldBe([Office.West]);

        // The refused rows come back as a file, which is mended and sent again.
        var refused = await desk.Refused(run.Id);
        refused.ShouldContain("2025-01-01,1100,1200.00,,MAIN,C-9,Ada,\"subject: There is no such subject of this account. (JOURNAL_SUBJECT_UNKNOWN)\"".Replace("\"", "", StringComparison.Ordinal));
        (await desk.Do(ImportRunWork.Word, refused.Replace("C-9", "C-1", StringComparison.Ordinal))).Report.Created.ShouldBe(4);
        (await office.Count("select count(*) from document where status = 'submitted'")).ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task Each_thing_that_is_wrong_is_named_at_its_row(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var desk = await Desk.Open(office);
        async Task<string> Fault(params string[] rows)
        {
            var report = (await desk.Do(ImportPreviewWork.Word, "date,account,debit,credit,branch,subject,text\n" + string.Join('\n', rows) + "\n")).Report;
            report.Created.ShouldBe(0);
            return string.Join(", ", report.RefusedRows.Where(row => row.Code != "OPENING_INCOMPLETE").Select(row => $"{row.Line} {row.Field} {row.Code}"));
        }

        (await Fault("2025-01-01,1050,10.00,,,,", "2025-01-01,3900,,9.99,,,")).ShouldBe("2  JOURNAL_UNBALANCED, 3  JOURNAL_UNBALANCED");
        (await Fault("2025-01-01,1050,10.00,,,,")).ShouldBe("2  JOURNAL_TOO_SHORT");
        (await Fault("2025-01-01,1050,10.00,10.00,,,", "2025-01-01,3900,0,0,,,")).ShouldBe("2  JOURNAL_ONE_SIDE, 3  JOURNAL_ONE_SIDE");
        (await Fault("2025-01-01,1300,10.00,,,,", "2025-01-01,6999,,10.00,,,", "2025-01-01,7777,,10.00,,,")).ShouldBe("2 account JOURNAL_ACCOUNT_NOT_BY_HAND, 3 account JOURNAL_ACCOUNT_INACTIVE, 4 account JOURNAL_ACCOUNT_UNKNOWN");
        (await Fault("2025-01-01,1050,10.005,,,,", "2025-01-01,3900,,ten,,,")).ShouldBe("2 debit JOURNAL_AMOUNT_INVALID, 3 credit IMPORT_NUMBER_INVALID");
        (await Fault("01.01.2025,1050,10.00,,,,", "1980-01-01,3900,,10.00,,,", "2025-01-01,3900,,10.00,NOWHERE,,")).ShouldBe("2 date IMPORT_DATE_INVALID, 3 date JOURNAL_DATE_INVALID, 4 branch JOURNAL_BRANCH_UNKNOWN");
        await office.Close("2024-12", "2024-12", softly: false);
        (await Fault("2024-12-31,1050,10.00,,,,", "2024-12-31,3900,,10.00,,,")).ShouldBe("2  PERIOD_CLOSED, 3  PERIOD_CLOSED");
    }

    [Theory, OnBothEngines]
    public async Task It_is_undone_while_nobody_has_touched_it(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var desk = await Desk.Open(office);
        var run = await desk.Do(ImportRunWork.Word, Balances);
        var ids = await office.Database.Read(db => db.Query($"select id from document order by total", row => row.Guid(0)));
        // Main waits and is cancelled; West is posted, so it is reversed, which another person approves.
        (await office.Step(office.Ben, Verb.Approve, ids[0])).Value.Status.ShouldBe("posted");
        var undone = await desk.Undo(run.Id);
        (undone.TakenAway, undone.Kept).ShouldBe((1, 1));
        undone.KeptRecords.Single().ShouldBe(new KeptRecord("WEST 2025-01-01", "IMPORT_UNDO_WAITS", "Its reversal was asked for and waits for approval by accountant."));
        (await desk.Ask(ImportRunWork.Word, Balances)).ShouldBe("IMPORT_FILE_TWICE");
        (await office.Step(office.Ben, Verb.Approve, ids[0])).Value.Status.ShouldBe("reversed");
        (await office.Database.Read(db => db.Query($"select status from document where reversal_of is null order by total", row => row.Text(0)))).ShouldBe(["reversed", "cancelled"]);
        (await office.BalanceOf("1050"), await office.BalanceOf("3900")).ShouldBe((0, 0));

        // Now the file may come again. What somebody has sent back and changed since stays as it is.
        var again = await desk.Do(ImportRunWork.Word, Balances);
        (again.Report.Created, again.Report.Refused).ShouldBe((6, 0));
        await office.Database.Write(tx => tx.Execute($"update document set edited_by = {office.Anna.UserId} where status = 'submitted' and branch_id = {Office.Main}"));
        var second = await desk.Undo(again.Id);
        (second.TakenAway, second.Kept).ShouldBe((1, 1));
        second.KeptRecords.Single().ShouldBe(new KeptRecord("MAIN 2025-01-01", "IMPORT_UNDO_CHANGED", "It was changed after the import."));
        (await office.Violations()).ShouldBeEmpty();
    }

    /// <summary>Somebody who may import, with a node that does the work at once.</summary>
    private sealed class Desk(Office office, Actor admin)
    {
        private readonly WorkRunner node = new(
            office.Database, office.Of<CommandRunner>(), office.Of<IEnumerable<WorkHandler>>(), (_, _) => Task.FromResult<Actor?>(admin), WorkOptions.Usual, NullLogger<WorkRunner>.Instance);

        public static async Task<Desk> Open(Office office) => new(office, await office.Person("administrator", "root"));

        public async Task<string> Ask(string word, string text)
        {
            var file = JsonDocument.Parse((await office.Of<ImportDesk>().Upload(office.Call(admin), "balances.csv", Encoding.UTF8.GetBytes(text))).Value.Json).RootElement.GetProperty("id").GetGuid();
            var asked = await office.Of<ImportDesk>().Ask(office.Call(admin), "opening-balances", file, Mapping, write: word == ImportRunWork.Word);
            return asked.Refusal?.Code ?? JsonDocument.Parse(asked.Value.Json).RootElement.GetProperty("id").GetString()!;
        }

        public async Task<(Guid Id, ImportReport Report)> Do(string word, string text)
        {
            var id = Guid.Parse(await Ask(word, text));
            return (id, JsonSerializer.Deserialize<ImportReport>(await Result(id), JsonSerializerOptions.Web)!);
        }

        public async Task<UndoReport> Undo(Guid import)
        {
            var asked = await office.Of<ImportDesk>().Undo(office.Call(admin), import);
            return JsonSerializer.Deserialize<UndoReport>(await Result(JsonDocument.Parse(asked.Value.Json).RootElement.GetProperty("id").GetGuid()), JsonSerializerOptions.Web)!;
        }

        public async Task<string> Refused(Guid work) => Encoding.UTF8.GetString((await office.Database.Read(db => WorkFiles.Read(db, work, RefusedFile.Role, default)))!.Content);

        private async Task<string> Result(Guid id)
        {
            await node.Run(default);
            var work = (await office.Database.Read(db => WorkDesk.Find(db, id, default)))!;
            work.State.ShouldBe("done", work.Error);
            return work.Result!;
        }
    }
}
