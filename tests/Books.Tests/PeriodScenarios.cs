using Plug1.Books.Journals;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Books.Tests;

/// <summary>The close of a month: what is shown before, what it is refused for, and why it is opened again.</summary>
public class PeriodScenarios
{
    [Theory, OnBothEngines]
    public async Task What_stands_in_the_way_of_a_close_is_told_with_its_count_and_the_close_obeys_the_same_list(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.Post("2025-11-30", "6400 D 100.00", "1050 C 100.00");
        var (waits, template) = await Unsettled(office);

        (await Told(office, "close")).ShouldBe([
            "earlier-months blocking 1", "month-over ok 0", "unposted blocking 1", "drafts warning 2", "shifts blocking 1", "recurring blocking 1", "planned-reversals blocking 1", "approvals warning 2",
            "exceptions warning 1", "ledger ok 0"]);
        (await Told(office, "soft-close")).ShouldBe([
            "month-over ok 0", "unposted warning 1", "drafts warning 2", "shifts warning 1", "recurring warning 1", "planned-reversals warning 1", "approvals warning 2", "exceptions warning 1", "ledger ok 0"]);
        var checks = await Checks(office, "2025-12", "close");
        checks.Ready.ShouldBeFalse();
        var unposted = checks.Items.Single(check => check.Code == "unposted");
        (unposted.Text, unposted.Link).ShouldBe(("Not posted yet: 1 of Journals.", "/books/journals/list?status=submitted&from=2025-12-01&to=2025-12-31"));
        checks.Items.Single(check => check.Code == "shifts").Text.ShouldBe("Not closed yet: S-1.");
        (await Move(office, "2025-12", "close")).ShouldBe("PERIOD_ORDER");
        (await Move(office, "2025-11", "close")).ShouldBeNull();
        var no = await office.Of<PeriodDesk>().Move(office.Call(office.Anna), "2025-12", PeriodStep.Close);
        (no.Refusal!.Code, no.Refusal.Message).ShouldBe(("PERIOD_NOT_READY",
            "Not posted yet: 1 of Journals. Not closed yet: S-1. One recurring journal is still to be posted by the end of the month. One journal is still to be reversed by the end of the month."));

        // What blocks is settled; what only warns stays.
        (await office.Step(office.Ben, Verb.Approve, waits)).Refusal.ShouldBeNull();
        await office.Database.Write(tx => tx.Execute($"update work_session set state = 'closed' where number = 'S-1'"));
        (await office.Of<DueJournals>().Run()).ShouldBe(2);
        (await Told(office, "close")).ShouldBe([
            "earlier-months ok 0", "month-over ok 0", "unposted ok 0", "drafts warning 2", "shifts ok 0", "recurring ok 0", "planned-reversals ok 0", "approvals warning 1", "exceptions warning 1", "ledger ok 0"]);
        (await Checks(office, "2025-12", "close")).Ready.ShouldBeTrue();
        (await Move(office, "2025-12", "close")).ShouldBeNull();
        (await office.Count($"select count(*) from book_recurring where document_id = '{template}' and next_on is null")).ShouldBe(1);
        (await Told(office, "close", "2026-01"))[1].ShouldBe("month-over warning 17");
    }

    [Theory, OnBothEngines]
    public async Task Books_that_break_a_law_are_not_closed_for_good(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.Post("2025-12-10", "6400 D 100.00", "1050 C 100.00");
        // On PostgreSQL a transaction that runs in any database of the server holds the horizon of the sums back.
        do await office.SumUp();
        while (await office.Count("select count(*) from account_day") == 0);
        await office.Database.Write(tx => tx.Execute($"update account_day set amount = amount + 1, debit = debit + 1 where amount > 0"));
        (await Told(office, "close"))[^1].ShouldBe("ledger blocking 2");
        var no = (await office.Of<PeriodDesk>().Move(office.Call(office.Anna), "2025-12", PeriodStep.Close)).Refusal!;
        (no.Code, no.Message).ShouldBe(("PERIOD_NOT_READY", "The ledger breaks laws: The sums by day are those of the entries behind the watermark. The sums by day and account of the chart are those of the accounts."));
        (await Move(office, "2025-12", "soft-close")).ShouldBeNull();
        await office.Database.Write(tx => tx.Execute($"update account_day set amount = amount - 1, debit = debit - 1 where amount > 0"));
        (await Move(office, "2025-12", "close")).ShouldBeNull();
    }

    [Theory, OnBothEngines]
    public async Task A_month_is_opened_again_for_a_reason_that_the_audit_trail_keeps(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.Post("2025-12-10", "6400 D 100.00", "1050 C 100.00");
        (await Move(office, "2025-12", "close")).ShouldBeNull();
        (await Move(office, "2025-12", "reopen")).ShouldBe("REASON_REQUIRED");
        (await Move(office, "2025-12", "reopen", "  ")).ShouldBe("REASON_REQUIRED");
        (await Move(office, "2025-12", "reopen", "two\nlines")).ShouldBe("TEXT_INVALID");
        (await Move(office, "2025-12", "reopen", new string('x', 501))).ShouldBe("TEXT_INVALID");
        (await Move(office, "2025-12", "reopen", "The bank sent a late statement", office.Clerk)).ShouldBe("PERMISSION_DENIED");
        (await Move(office, "2025-12", "reopen", "The bank sent a late statement")).ShouldBeNull();
        (await office.Database.Read(db => db.Query($"select action, outcome, coalesce(reason_text, '-') from audit_event where function = 'kernel.ledger' order by seq", row => $"{row.Text(0)} {row.Text(1)} {row.Text(2)}")))
            .ShouldBe(["close done -", "configure denied -", "reopen done The bank sent a late statement"]);
        (await office.Of<PeriodDesk>().Checks(office.Call(office.Anna), "2025-13", null, Office.Day("2026-01-15"))).Refusal!.Code.ShouldBe("PERIOD_UNKNOWN");
        (await office.Of<PeriodDesk>().Checks(office.Call(office.Anna), "2025-12", "reopen", Office.Day("2026-01-15"))).Refusal!.Code.ShouldBe("CHOICE_INVALID");
        (await office.Of<PeriodDesk>().Checks(office.Call(office.Clerk), "2025-12", null, Office.Day("2026-01-15"))).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
    }

    /// <summary>One of each that is looked at, all in December 2025; and a shift of the New Year, which by UTC began in December.</summary>
    private static async Task<(Guid Waits, Guid Template)> Unsettled(Office office)
    {
        await office.Enter(Office.Journal("2025-12-01", "6400 D 1.00", "1050 C 1.00"));
        await office.Enter(Office.Journal("2025-12-31", "6400 D 1.00"));
        await office.Enter(Office.Journal("2026-01-02", "6400 D 1.00", "1050 C 1.00"));
        var waits = (await office.Enter(Office.Journal("2025-12-05", "6400 D 2000.00", "1050 C 2000.00"))).Value.Id;
        (await office.Step(office.Anna, Verb.Submit, waits)).Value.WaitsFor.ShouldBe("accountant");
        var template = await office.Post(Office.Journal("2025-12-31", "6400 D 100.00", "1050 C 100.00") with { Kind = "recurring", Recurrence = new RecurrenceRequest(1, "month", Times: 1) });
        // A recurring journal that is not approved yet posts nothing: it waits for a decision and is not told as unposted.
        var asked = (await office.Enter(Office.Journal("2025-12-20", "6400 D 100.00", "1050 C 100.00") with { Kind = "recurring", Recurrence = new RecurrenceRequest(1, "month") })).Value.Id;
        (await office.Step(office.Anna, Verb.Submit, asked)).Refusal.ShouldBeNull();
        await office.Post(Office.Journal("2025-12-10", "6500 D 70.00", "1050 C 70.00") with { ReverseOn = Office.Day("2025-12-31") });
        await office.Database.Write(async tx =>
        {
            foreach (var (number, at) in new[] { ("S-1", "2025-12-31T22:30:00"), ("S-2", "2025-12-31T23:30:00") })
                tx.Stage($"insert into work_session (id, kind, branch_id, number, user_id, state, opened_at) values ({Guid.CreateVersion7()}, 'shift', {Office.Main}, {number}, {office.Clerk.UserId}, 'open', {DateTimeOffset.Parse(at + "Z", System.Globalization.CultureInfo.InvariantCulture)})");
            foreach (var state in new[] { "open", "resolved" })
                tx.Stage($"""
                    insert into exception_item (id, rule, function, severity, branch_id, message, raised_at, business_date, hour, state, last_seen_at)
                    values ({Guid.CreateVersion7()}, 'X', 'books.journals', 'high', {Office.Main}, 'x', {office.Clock.Now}, {Office.Day("2025-12-09")}, 9, {state}, {office.Clock.Now})
                    """);
            await tx.Flush();
        });
        return (waits, template);
    }

    private static async Task<string?> Move(Office office, string month, string step, string? reason = null, Actor? by = null) =>
        (await office.Of<PeriodDesk>().Move(office.Call(by ?? office.Anna), month, step, reason)).Refusal?.Code;

    private static async Task<PeriodChecksView> Checks(Office office, string month, string step) =>
        (await office.Of<PeriodDesk>().Checks(office.Call(office.Anna), month, step, (await office.Of<CommandRunner>().StampOf(office.Call(office.Anna))).BusinessDate)).Value;

    private static async Task<IReadOnlyList<string>> Told(Office office, string step, string month = "2025-12") =>
        [.. (await Checks(office, month, step)).Items.Select(check => $"{check.Code} {check.State} {check.Count}")];
}
