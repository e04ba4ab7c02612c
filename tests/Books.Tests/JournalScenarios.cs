using Plug1.Books.Journals;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Books.Tests;

/// <summary>Journals from draft to mirror: what is refused, who decides, what the ledger has.</summary>
public class JournalScenarios
{
    [Theory, OnBothEngines]
    public async Task A_journal_below_the_limit_is_posted_when_it_is_handed_in(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var entered = (await office.Enter(Office.Journal("2026-01-10", "6400 D 1000.00", "1050 C 1000.00"))).Value;
        (entered.Status, entered.Debit, entered.Credit, entered.Difference).ShouldBe(("draft", "1000.00", "1000.00", "0.00"));
        var handed = (await office.Step(office.Anna, Verb.Submit, entered.Id)).Value;
        (handed.Status, handed.Number).ShouldBe(("posted", "JOURNAL-2026-000001"));
        (await office.BalanceOf("6400"), await office.BalanceOf("1050")).ShouldBe((100_000, -100_000));
        (await office.Count("select count(*) from account where role = 'Bank'")).ShouldBe(1);
        (await office.Count("select count(*) from account where role = 'ByHand' and gl_code = '6400'")).ShouldBe(1);
        (await office.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Above_the_limit_another_accountant_decides_and_the_mirror_brings_every_account_back(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var id = (await office.Enter(Office.Journal("2026-01-10", "6400 D 1000.01", "1050 C 1000.01"))).Value.Id;
        var handed = (await office.Step(office.Anna, Verb.Submit, id)).Value;
        (handed.Status, handed.WaitsFor).ShouldBe(("submitted", "accountant"));
        (await office.BalanceOf("6400")).ShouldBe(0);
        (await office.Step(office.Anna, Verb.Approve, id)).Refusal!.Code.ShouldBe("FOUR_EYES");
        (await office.Step(office.Clerk, Verb.Approve, id)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await office.Step(office.Ben, Verb.Approve, id)).Value.Status.ShouldBe("posted");
        (await office.BalanceOf("6400")).ShouldBe(100_001);

        (await office.Step(office.Anna, Verb.Reverse, id)).Refusal!.Code.ShouldBe("REASON_REQUIRED");
        (await office.Step(office.Anna, Verb.Reverse, id, "WRONG_ACCOUNT")).Value.Status.ShouldBe("reversal-requested");
        var reversed = (await office.Step(office.Ben, Verb.Approve, id)).Value;
        reversed.Status.ShouldBe("reversed");
        (await office.BalanceOf("6400"), await office.BalanceOf("1050")).ShouldBe((0, 0));
        (await office.Step(office.Anna, Verb.Reverse, reversed.MirrorId!.Value, "WRONG_ACCOUNT")).Refusal!.Code.ShouldBe("JOURNAL_IS_MIRROR");
        (await office.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Over_two_branches_each_branch_balances_and_the_clearing_is_nothing_in_all(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var id = await office.Post("2026-01-10", "6500 D 400.00", "6500 D 200.00 WEST", "1050 C 600.00");
        (await office.Count("select count(*) from ledger_transaction")).ShouldBe(2);
        (await office.BalanceOf("1900")).ShouldBe(0);
        (await office.Database.Read(db => db.Number($"""
            select sum(e.amount) from entry e join account a on a.id = e.account_id join ledger_transaction t on t.id = e.transaction_id where a.role = 'BranchClearing' and t.branch_id = {Office.West}
            """))).ShouldBe(-20_000);
        (await office.Violations()).ShouldBeEmpty();

        (await office.Step(office.Anna, Verb.Reverse, id, "DUPLICATE")).Value.Status.ShouldBe("reversed");
        (await office.Database.Read(db => db.Number($"select count(*) from ledger_transaction where branch_id = {Office.West}"))).ShouldBe(2);
        (await office.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Every_reason_to_say_no_is_told_with_its_place(Engine engine)
    {
        await using var office = await Office.Open(engine);
        async Task<string> Refused(JournalRequest request)
        {
            var entered = await office.Enter(request);
            var no = entered.Refusal ?? (await office.Step(office.Anna, Verb.Submit, entered.Value.Id)).Refusal!;
            return $"{no.Code} {no.At}";
        }

        JournalRequest With(params string[] lines) => Office.Journal("2026-01-10", lines);
        (await Refused(With("6400 D 1.00", "1050 C 1.00") with { Kind = "memo" })).ShouldBe("JOURNAL_KIND_UNKNOWN /kind");
        (await Refused(Office.Journal("1989-12-31", "6400 D 1.00", "1050 C 1.00"))).ShouldBe("JOURNAL_DATE_INVALID /date");
        (await Refused(Office.Journal("2027-01-16", "6400 D 1.00", "1050 C 1.00"))).ShouldBe("JOURNAL_DATE_INVALID /date");
        (await Refused(With("6400 D 1.00", "1050 C 1.00") with { Text = " " })).ShouldBe("TEXT_INVALID /text");
        (await Refused(With("6400 D 1.00", "1050 C 1.00") with { ReverseOn = Office.Day("2026-01-10") })).ShouldBe("JOURNAL_REVERSE_ON_INVALID /reverseOn");
        (await Refused(With("6400 D 1.00", "1050 C 1.00") with { Kind = "recurring" })).ShouldBe("JOURNAL_RECURRENCE_MISSING /recurrence");
        (await Refused(With("6400 D 1.00", "1050 C 1.00") with { Kind = "recurring", Recurrence = new(0, "month") })).ShouldBe("JOURNAL_RECURRENCE_INVALID /recurrence/every");
        (await Refused(With("6400 D 1.00", "1050 C 1.00") with { Kind = "recurring", Recurrence = new(1, "day") })).ShouldBe("JOURNAL_RECURRENCE_INVALID /recurrence/unit");
        (await Refused(With("6400 D 1.00", "1050 C 1.00") with { Lines = [.. Enumerable.Range(0, 501).Select(_ => Office.Line("6400 D 1.00"))] })).ShouldBe("JOURNAL_TOO_LONG /lines");
        (await Refused(With("6400 D 1.00", "7777 C 1.00"))).ShouldBe("JOURNAL_ACCOUNT_UNKNOWN /lines/1/account");
        (await Refused(With("6400 D 1.00", "9000 C 1.00"))).ShouldBe("JOURNAL_ACCOUNT_UNKNOWN /lines/1/account");
        (await Refused(With("6999 D 1.00", "1050 C 1.00"))).ShouldBe("JOURNAL_ACCOUNT_INACTIVE /lines/0/account");
        foreach (var kept in new[] { "1000", "1300", "2300", "1900" }) (await Refused(With($"{kept} D 1.00", "1050 C 1.00"))).ShouldBe("JOURNAL_ACCOUNT_NOT_BY_HAND /lines/0/account");
        (await Refused(With("6400 D 1.00", "1050 C 1.00") with { Lines = [new JournalLineRequest("6400", "1.00", "1.00")] })).ShouldBe("JOURNAL_ONE_SIDE /lines/0");
        (await Refused(With("6400 D 1.00") with { Lines = [new JournalLineRequest("6400")] })).ShouldBe("JOURNAL_ONE_SIDE /lines/0");
        foreach (var amount in new[] { "0.00", "-1.00", "1.001", "x" }) (await Refused(With($"6400 D {amount}", "1050 C 1.00"))).ShouldBe("JOURNAL_AMOUNT_INVALID /lines/0/debit");
        (await Refused(With("6400 D 1.00", "1050 C 10000000000000.01"))).ShouldBe("AMOUNT_TOO_LARGE /lines/1/credit");
        (await Refused(With("1100 D 1.00", "1050 C 1.00"))).ShouldBe("JOURNAL_SUBJECT_REQUIRED /lines/0/subject");
        (await Refused(With($"1100 D 1.00 - {Office.West}", "1050 C 1.00"))).ShouldBe("JOURNAL_SUBJECT_UNKNOWN /lines/0/subject");
        (await Refused(With("6400 D 1.00 EAST", "1050 C 1.00"))).ShouldBe("JOURNAL_BRANCH_UNKNOWN /lines/0/branch");
        (await Refused(With("6400 D 1.00"))).ShouldBe("JOURNAL_TOO_SHORT /lines");
        (await Refused(With("6400 D 1.00", "1050 C 1.01"))).ShouldBe("JOURNAL_UNBALANCED /lines");
        (await office.Count("select count(*) from entry")).ShouldBe(0);

        await office.Close("2026-01", "2026-01", softly: false);
        (await Refused(With("6400 D 1.00", "1050 C 1.00"))).ShouldBe("PERIOD_CLOSED /businessDate");
    }

    [Theory, OnBothEngines]
    public async Task A_branch_is_booked_only_by_who_enters_journals_there(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var west = await office.Person("accountant", "wes", Office.West);
        (await office.Enter(Office.Journal("2026-01-10", "6400 D 1.00", "1050 C 1.00"), west, Office.West)).IsRefused.ShouldBeFalse();
        (await office.Enter(Office.Journal("2026-01-10", "6400 D 1.00 MAIN", "1050 C 1.00"), west, Office.West)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await office.Of<JournalDesk>().Create(office.Call(office.Clerk), Office.Journal("2026-01-10", "6400 D 1.00", "1050 C 1.00"))).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
    }

    [Theory, OnBothEngines]
    public async Task A_draft_and_a_rejected_journal_are_changed_as_a_whole_and_nothing_else_is(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var journals = office.Of<JournalDesk>();
        var id = (await office.Enter(Office.Journal("2026-01-10", "6400 D 2000.00", "1050 C 1999.00"))).Value.Id;
        (await journals.Edit(office.Call(office.Anna), id, 9, Office.Journal("2026-01-11", "6400 D 2000.00", "1050 C 2000.00"))).Refusal!.Code.ShouldBe("VERSION_CONFLICT");
        (await journals.Edit(office.Call(office.Anna), id, 1, Office.Journal("2026-01-11", "6400 D 2000.00", "1050 C 2000.00"))).Refusal.ShouldBeNull();
        (await office.Step(office.Anna, Verb.Submit, id)).Value.WaitsFor.ShouldBe("accountant");
        (await journals.Edit(office.Call(office.Anna), id, null, Office.Journal("2026-01-11", "6400 D 3.00", "1050 C 3.00"))).Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED");
        (await office.Step(office.Ben, Verb.Reject, id, "NO_VOUCHER")).Value.Status.ShouldBe("rejected");
        // Who has changed it does not approve it either.
        (await journals.Edit(office.Call(office.Ben), id, null, Office.Journal("2026-01-11", "6400 D 1500.00", "1050 C 1500.00"))).Refusal.ShouldBeNull();
        (await office.Step(office.Anna, Verb.Submit, id)).IsRefused.ShouldBeFalse();
        (await office.Step(office.Ben, Verb.Approve, id)).Refusal!.Code.ShouldBe("FOUR_EYES");
        (await office.Count("select sum(amount) from book_journal_line where amount > 0")).ShouldBe(150_000);
    }

    [Theory, OnBothEngines]
    public async Task A_branch_opens_its_books_once_for_a_day_unless_that_is_reversed(Engine engine)
    {
        await using var office = await Office.Open(engine);
        JournalRequest Opening() => new("opening", Office.Day("2025-12-31"), "Opening", [Office.Line("1050 D 10000.00"), Office.Line($"1100 D 1200.00 - {Office.Ada}"), Office.Line("3900 C 11200.00")]);
        var first = await office.Post(Opening());
        (await office.Count("select count(*) from document where number = 'OPENING-2025-000001'")).ShouldBe(1);
        (await office.Count("select count(*) from account where role = 'Receivable' and open_item")).ShouldBe(1);
        var again = (await office.Enter(Opening())).Value.Id;
        (await office.Step(office.Anna, Verb.Submit, again)).Refusal!.Code.ShouldBe("OPENING_EXISTS");
        (await office.Step(office.Anna, Verb.Reverse, first, "WRONG_AMOUNT")).IsRefused.ShouldBeFalse();
        (await office.Step(office.Ben, Verb.Approve, first)).Value.Status.ShouldBe("reversed");
        (await office.Step(office.Anna, Verb.Submit, again)).IsRefused.ShouldBeFalse();
        (await office.Step(office.Ben, Verb.Approve, again)).Value.Status.ShouldBe("posted");
        (await office.BalanceOf("1050"), await office.BalanceOf("3900")).ShouldBe((1_000_000, -1_120_000));
        (await office.Violations()).ShouldBeEmpty();
    }
}
