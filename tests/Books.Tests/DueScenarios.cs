using Plug1.Books.Journals;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Books.Tests;

/// <summary>Journals that come again and journals that reverse themselves: on their days, once, whoever runs them.</summary>
public class DueScenarios
{
    [Theory, OnBothEngines]
    public async Task A_monthly_journal_of_the_31st_makes_up_for_missed_days_and_keeps_to_the_end_of_the_month(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var id = await Recurring(office, "2025-10-31", new RecurrenceRequest(1, "month"));
        (await office.Of<DueJournals>().Run()).ShouldBe(3);
        (await office.Of<DueJournals>().Run()).ShouldBe(0);
        (await Days(office)).ShouldBe(["2025-10-31", "2025-11-30", "2025-12-31"]);
        office.Clock.Now = new DateTimeOffset(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);
        (await office.Of<DueJournals>().Run()).ShouldBe(3);
        (await Days(office))[3..].ShouldBe(["2026-01-31", "2026-02-28", "2026-03-31"]);
        (await office.BalanceOf("6400")).ShouldBe(600_00);
        (await office.Database.Read(db => db.Number($"select count(*) from document where source_document_id = {id} and created_by <> {office.Anna.UserId}"))).ShouldBe(6);

        // Stopped it makes no more; opened again it goes on where it was.
        (await office.Step(office.Anna, Verb.Close, id)).Value.Status.ShouldBe("closed");
        office.Clock.Now = new DateTimeOffset(2026, 4, 30, 12, 0, 0, TimeSpan.Zero);
        (await office.Of<DueJournals>().Run()).ShouldBe(0);
        (await office.Step(office.Anna, Verb.Reopen, id)).Value.Status.ShouldBe("posted");
        (await office.Of<DueJournals>().Run()).ShouldBe(1);
        (await office.Step(office.Anna, Verb.Reverse, id, "DUPLICATE")).Refusal!.Code.ShouldBe("JOURNAL_TEMPLATE_NOT_REVERSED");
        (await office.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task It_ends_after_its_times_or_on_its_last_day(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await Recurring(office, "2025-12-01", new RecurrenceRequest(2, "week", Times: 3));
        await Recurring(office, "2025-12-02", new RecurrenceRequest(1, "week", EndsOn: Office.Day("2025-12-10")));
        await office.Of<DueJournals>().Run();
        (await Days(office)).ShouldBe(["2025-12-01", "2025-12-02", "2025-12-09", "2025-12-15", "2025-12-29"]);
        (await office.Count("select count(*) from book_recurring where next_on is null")).ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task Several_runs_at_once_post_each_day_once(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await Recurring(office, "2025-07-15", new RecurrenceRequest(1, "month"));
        await Recurring(office, "2025-11-03", new RecurrenceRequest(1, "week"));
        var reversing = await office.Post(Office.Journal("2025-12-31", "6500 D 70.00", "1050 C 70.00") with { ReverseOn = Office.Day("2026-01-01") });
        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => office.Of<DueJournals>().Run())));
        (await office.Of<DueJournals>().Run()).ShouldBe(0);
        done.Sum().ShouldBe(7 + 11 + 1);
        (await Days(office)).Count.ShouldBe(18);
        (await office.Count("select count(*) from (select template_id, due_on from book_journal where template_id is not null group by template_id, due_on having count(*) > 1) as twice")).ShouldBe(0);
        (await office.Database.Read(db => db.Number($"select count(*) from document where reversal_of = {reversing}"))).ShouldBe(1);
        (await office.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task In_a_closed_month_it_stops_with_one_exception_and_goes_on_when_the_month_is_open(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await Recurring(office, "2025-10-31", new RecurrenceRequest(1, "month"));
        await office.Close("2025-11", "2025-11");
        (await office.Of<DueJournals>().Run()).ShouldBe(1);
        (await office.Of<DueJournals>().Run()).ShouldBe(0);
        (await Days(office)).ShouldBe(["2025-10-31"]);
        (await office.Count("select count(*) from exception_item where rule = 'JOURNAL_RECURRING_STUCK'")).ShouldBe(1);
        (await office.As(office.Anna, (tx, stamp) => office.Of<PeriodDesk>().Within(tx, stamp, "2025-11", PeriodStep.Reopen, "It was closed too early", null))).Refusal.ShouldBeNull();
        (await office.Of<DueJournals>().Run()).ShouldBe(2);
        (await office.Count("select count(*) from book_recurring where stuck_on is null")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_journal_reverses_itself_on_its_day_and_the_two_sum_to_nothing(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var id = await office.Post(Office.Journal("2025-12-31", "6500 D 400.00", "6500 D 200.00 WEST", "1050 C 600.00") with { ReverseOn = Office.Day("2026-01-20") });
        (await office.Of<DueJournals>().Run()).ShouldBe(0);
        await office.Close("2026-01", "2026-01");
        office.Clock.Now = new DateTimeOffset(2026, 2, 3, 12, 0, 0, TimeSpan.Zero);
        (await office.Of<DueJournals>().Run()).ShouldBe(0);
        (await office.Of<DueJournals>().Run()).ShouldBe(0);
        (await office.Count("select count(*) from exception_item where rule = 'JOURNAL_REVERSAL_STUCK'")).ShouldBe(1);
        (await office.As(office.Anna, (tx, stamp) => office.Of<PeriodDesk>().Within(tx, stamp, "2026-01", PeriodStep.Reopen, "It was closed too early", null))).Refusal.ShouldBeNull();
        (await office.Of<DueJournals>().Run()).ShouldBe(1);
        (await office.Database.Read(db => db.Query($"select business_date from document where reversal_of = {id}", row => row.Date(0)))).ShouldBe([Office.Day("2026-01-20")]);
        (await office.Database.Read(db => db.Number($"select count(*) from document_relation where from_id = {id} and relation = 'reversed-by'"))).ShouldBe(1);
        (await office.BalanceOf("6500"), await office.BalanceOf("1050"), await office.BalanceOf("1900")).ShouldBe((0, 0, 0));
        Office.Told(await office.Income(office.Request("2025-12-01", "2025-12-31")))[^1].ShouldBe("Result: -600.00");
        Office.Told(await office.Income(office.Request("2026-01-01", "2026-01-31")))[^1].ShouldBe("Result: 600.00");
        (await office.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task The_page_lists_what_recurs_with_its_next_days_and_what_each_has_made(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var monthly = await Recurring(office, "2025-10-31", new RecurrenceRequest(1, "month"));
        var twice = await Recurring(office, "2026-01-05", new RecurrenceRequest(2, "week", Times: 2));
        var ended = await Recurring(office, "2025-12-01", new RecurrenceRequest(1, "week", Times: 1));
        var draft = (await office.Enter(Office.Journal("2026-02-01", "6400 D 7.00", "1050 C 7.00") with { Kind = "recurring", Recurrence = new RecurrenceRequest(1, "month") })).Value.Id;
        await office.Of<DueJournals>().Run();
        var viewer = await office.Viewer();
        async Task<IReadOnlyList<RecurringItem>> List(params Guid[] branches) =>
            await office.Database.Read(db => RecurringEndpoints.List(db, viewer, branches.Length == 0 ? new Kernel.Functions.BranchScope([], true) : new Kernel.Functions.BranchScope(branches, false), default));
        var items = (await List()).ToDictionary(item => item.Id);
        (await List())[0].Id.ShouldBe(twice, "it is due first");
        (items[monthly].Made, items[monthly].LastOn, items[monthly].NextOn, items[monthly].Amount, items[monthly].Status).ShouldBe((3, Office.Day("2025-12-31"), Office.Day("2026-01-31"), "100.00", "posted"));
        items[monthly].Upcoming.ShouldBe([Office.Day("2026-01-31"), Office.Day("2026-02-28"), Office.Day("2026-03-31")]);
        items[twice].Upcoming.ShouldBe([Office.Day("2026-01-19")]);
        (items[ended].NextOn, items[ended].Made, items[ended].Upcoming.Count).ShouldBe((null, 1, 0));
        (items[draft].Status, items[draft].NextOn, items[draft].Number).ShouldBe(("draft", null, null));
        (await List(Office.West)).ShouldBeEmpty();
        var runs = await office.Database.Read(db => RecurringEndpoints.Runs(db, viewer, monthly, default));
        runs.Select(run => $"{run.DueOn:yyyy-MM-dd} {run.Status} {run.Amount}").ShouldBe(["2025-12-31 posted 100.00", "2025-11-30 posted 100.00", "2025-10-31 posted 100.00"]);

        // Paused it has no next day, resumed it has again.
        await office.Step(office.Anna, Verb.Close, monthly);
        (await List()).Single(item => item.Id == monthly).ShouldSatisfyAllConditions(item => item.NextOn.ShouldBeNull(), item => item.Status.ShouldBe("closed"));
        await office.Step(office.Anna, Verb.Reopen, monthly);
        (await List()).Single(item => item.Id == monthly).NextOn.ShouldBe(Office.Day("2026-01-31"));
    }

    private static async Task<Guid> Recurring(Office office, string day, RecurrenceRequest recurrence)
    {
        var id = await office.Post(Office.Journal(day, "6400 D 100.00", "1050 C 100.00") with { Kind = "recurring", Recurrence = recurrence });
        (await office.Database.Read(db => db.Number($"select count(*) from ledger_transaction where document_id = {id}"))).ShouldBe(0);
        return id;
    }

    private static Task<List<string>> Days(Office office) => office.Database.Read(db =>
        db.Query($"select d.business_date from document d join book_journal j on j.document_id = d.id where j.template_id is not null order by d.business_date", row => row.Date(0).ToString("yyyy-MM-dd")));
}
