using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Plug1.Books.YearEnd;
using Shouldly;
using Xunit;

namespace Plug1.Books.Tests;

/// <summary>The close of a year: what must hold before, what it books, and that it can be taken back.</summary>
public class YearEndScenarios
{
    private const string Function = YearEndFunction.FunctionCode;

    [Theory, OnBothEngines]
    public async Task Closing_2025_takes_the_loss_of_the_guide_to_retained_earnings_and_changes_no_statement_of_that_year(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.TheYearOfTheGuide();
        await office.SumUp();
        var income = Office.Told(await office.Income(office.Request("2025-01-01", "2025-12-31")));
        var balance = await office.Balance(office.Request("2025-12-01", "2025-12-31"));
        await office.Close("2025-01", "2025-12");
        var preview = (await office.Of<YearEnds>().Preview(await office.Of<Kernel.Commands.CommandRunner>().StampOf(office.Call(office.Anna)), Office.Day("2025-12-31"))).Value;
        (preview.Income, preview.Expenses, preview.Result, preview.Ready).ShouldBe(("100.00", "1600.00", "-1500.00", true));
        preview.Checks.Select(check => check.Code).ShouldBe(["periods", "unposted", "earlier-year", "ledger"]);
        preview.Lines.Count.ShouldBe(4);

        (await office.CloseYear("2025-12-31")).Refusal.ShouldBeNull();
        var id = await office.Database.Read(db => db.First($"select id from document where function = {Function}", row => row.Guid(0)));
        (await office.Step(office.Anna, Verb.Approve, id, function: Function)).Refusal!.Code.ShouldBe("FOUR_EYES");
        (await office.BalanceOf("3100")).ShouldBe(0);
        var closed = (await office.Step(office.Ben, Verb.Approve, id, function: Function)).Value;
        (closed.Status, closed.Number).ShouldBe(("posted", "YEAR-END-0001"));

        (await office.BalanceOf("3100"), await office.BalanceOf("6400"), await office.BalanceOf("4000")).ShouldBe((150_000, 0, 0));
        Office.Told(await office.Income(office.Request("2025-01-01", "2025-12-31"))).ShouldBe(income);
        var after = await office.Balance(office.Request("2025-12-01", "2025-12-31"));
        after.Checks.ShouldBe(balance.Checks);
        var told = Office.Told(after);
        told.ShouldContain("3100 Retained earnings: -1500.00");
        told.ShouldNotContain(line => line.StartsWith("Result", StringComparison.Ordinal));
        Office.Told(await office.Balance(office.Request("2025-12-01", "2025-12-31", byBranch: true))).ShouldContain("3100 Retained earnings: -1300.00|-200.00|-1500.00");
        (await office.Count("select count(*) from period where state = 'closed'")).ShouldBe(12);
        await office.SumUp();
        Office.Told(await office.Income(office.Request("2025-01-01", "2025-12-31"))).ShouldBe(income);
        (await office.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_year_is_closed_once_in_order_and_taken_back_only_while_the_next_is_open(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.Post("2024-06-30", "6400 D 100.00", "1050 C 100.00");
        await office.Post("2025-06-30", "6400 D 50.00", "1050 C 50.00");
        await office.Close("2024-06", "2024-12");
        await office.Close("2025-01", "2025-12");
        (await office.CloseYear("2025-12-31")).Refusal!.Code.ShouldBe("YEAR_NOT_READY");
        var first = await Closed(office, "2024-12-31");
        (await office.CloseYear("2024-12-31")).Refusal!.Code.ShouldBe("YEAR_CLOSED");
        var second = await Closed(office, "2025-12-31");
        (await office.BalanceOf("3100")).ShouldBe(15_000);
        (await office.Step(office.Anna, Verb.Reverse, first, "LATE_ENTRIES", Function)).Refusal!.Code.ShouldBe("YEAR_LATER_CLOSED");

        (await office.Step(office.Anna, Verb.Reverse, second, "LATE_ENTRIES", Function)).IsRefused.ShouldBeFalse();
        var mirror = (await office.Step(office.Ben, Verb.Approve, second, function: Function)).Value.MirrorId!.Value;
        (await office.Step(office.Anna, Verb.Reverse, mirror, "LATE_ENTRIES", Function)).Refusal!.Code.ShouldBe("YEAR_END_IS_MIRROR");
        (await office.BalanceOf("3100"), await office.BalanceOf("6400")).ShouldBe((10_000, 5_000));
        Office.Told(await office.Balance(office.Request("2025-12-01", "2025-12-31"))).ShouldContain("Result since 2025-01-01, not closed yet: -50.00");
        // Closed again it books the same.
        await Closed(office, "2025-12-31");
        (await office.BalanceOf("3100"), await office.BalanceOf("6400")).ShouldBe((15_000, 0));
        Office.Told(await office.Income(office.Request("2025-01-01", "2025-12-31")))[^1].ShouldBe("Result: -50.00");
        (await office.Violations()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task What_is_not_complete_is_named_and_not_closed(Engine engine)
    {
        await using var office = await Office.Open(engine);
        (await office.CloseYear("2025-12-30")).Refusal!.Code.ShouldBe("YEAR_LAST_DAY_INVALID");
        (await office.CloseYear("2026-01-31")).Refusal!.Code.ShouldBe("YEAR_LAST_DAY_INVALID");
        (await office.CloseYear("2025-12-31")).Refusal!.Code.ShouldBe("YEAR_EMPTY");
        await office.Post("2025-11-30", "6400 D 100.00", "1050 C 100.00");
        await office.Enter(Office.Journal("2025-12-01", "6400 D 1.00", "1050 C 1.00"));
        var no = (await office.CloseYear("2025-12-31")).Refusal!;
        no.Code.ShouldBe("YEAR_NOT_READY");
        no.Message.ShouldBe("These months are open: 2025-11, 2025-12. Not posted yet: 1 of books.journals.");
        (await office.Of<YearEnds>().Create(office.Call(office.Clerk), new YearEndRequest(Office.Day("2025-12-31")))).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await office.Count("select count(*) from book_year_end")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task A_month_of_a_closed_year_is_not_opened_again(Engine engine)
    {
        await using var office = await Office.Open(engine);
        await office.Post("2025-12-15", "6400 D 100.00", "1050 C 100.00");
        await office.Close("2025-12", "2025-12");
        await Closed(office, "2025-12-31");
        var guard = office.Of<IPeriodGuard>();
        (await office.As<bool>(office.Anna, async (tx, _) => await guard.MayReopen(tx, Office.Day("2025-12-01"), default) is { } no ? no : true)).Refusal!.Code.ShouldBe("YEAR_CLOSED");
        (await office.As<bool>(office.Anna, async (tx, _) => await guard.MayReopen(tx, Office.Day("2026-01-01"), default) is { } no ? no : true)).Value.ShouldBeTrue();
    }

    private static async Task<Guid> Closed(Office office, string lastDay)
    {
        (await office.CloseYear(lastDay)).Refusal.ShouldBeNull();
        var id = await office.Database.Read(db => db.First($"select id from document where function = {Function} and status = 'submitted'", row => row.Guid(0)));
        (await office.Step(office.Ben, Verb.Approve, id, function: Function)).Value.Status.ShouldBe("posted");
        return id;
    }
}
