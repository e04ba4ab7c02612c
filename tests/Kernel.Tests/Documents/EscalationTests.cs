using Plug1.Kernel.Approvals;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Documents;

/// <summary>Who is told that something waits for them, what happens when they take too long, and what the queue shows of it.</summary>
public sealed class EscalationTests
{
    [Theory, OnBothEngines]
    public async Task What_is_not_decided_in_time_is_passed_on_once_whoever_runs_the_job(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss", escalateMinutes: 60, escalateRole: "board");
        var (maker, boss, board) = (await house.Known("clerk"), await house.Known("boss"), await house.Known("board"));
        var job = new ApprovalEscalation(house.Database, house.Organisation, house.Clock);
        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        (await house.Told(boss)).ShouldBe(["Spending waits for your approval"]);
        (await house.Told(board)).ShouldBeEmpty();

        house.Clock.Advance(TimeSpan.FromMinutes(59));
        (await job.Escalate()).ShouldBe(0);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(job.Escalate(), job.Escalate());
        await job.Escalate();
        (await house.Told(board)).ShouldBe(["Spending waits for your approval now"]);
        (await house.Count("select count(*) from audit_event where action = 'escalate'")).ShouldBe(1);
        var waiting = (await Queue(house, board, new ApprovalAsk("open", null, LateOnly: true, ByAmount: false, null, 10))).ShouldHaveSingleItem();
        waiting.ShouldSatisfyAllConditions(one => one.Late.ShouldBeTrue(), one => one.MayDecide.ShouldBeTrue());
        var step = waiting.Path.ShouldHaveSingleItem();
        (step.Role, step.NextRole, step.EscalatedAt).ShouldBe(("boss", "board", house.Clock.GetUtcNow()));

        await house.Step(board, id, Verb.Approve);
        (await house.Told(boss)).ShouldBeEmpty("it is settled");
        (await house.Told(board)).ShouldBeEmpty();
        (await house.Told(maker)).ShouldBe([$"Spending was approved by {board.Name}"]);
        // Whoever looks at it later reads how it ended, and no longer that it waits.
        foreach (var person in new[] { boss, board })
            (await house.Database.Read(db => NoticeBook.Page(db, person.UserId, unread: false, null, 50, default))).Select(notice => notice.Title).ShouldBe([$"Spending was approved by {board.Name}"]);
        var path = (await Queue(house, boss, new ApprovalAsk("approved", null, false, false, null, 10))).Single().Path.Single();
        (path.Decision, path.DecidedBy).ShouldBe(("approved", board.UserName));
    }

    [Theory, OnBothEngines]
    public async Task A_chain_of_roles_is_told_one_after_the_other_each_when_the_one_before_has_had_its_time(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss", escalateMinutes: 60, escalateRole: "board", then: "owner:30,bank:1440");
        var (maker, board, owner, bank) = (await house.Known("clerk"), await house.Known("board"), await house.Known("owner"), await house.Known("bank"));
        var job = new ApprovalEscalation(house.Database, house.Organisation, house.Clock);
        var (id, begun) = ((await house.Document(maker)).Id, house.Clock.GetUtcNow());
        await house.Step(maker, id, Verb.Submit);
        async Task At(double minutes, params long[] told)
        {
            house.Clock.Now = begun.AddMinutes(minutes);
            await Task.WhenAll(job.Escalate(), job.Escalate());
            (await job.Escalate()).ShouldBe(0);
            long[] counts = [(await house.Told(board)).Count, (await house.Told(owner)).Count, (await house.Told(bank)).Count];
            counts.ShouldBe(told);
        }

        await At(59.9, 0, 0, 0);
        await At(60, 1, 0, 0);
        await At(89.9, 1, 0, 0);
        (await house.Step(owner, id, Verb.Approve)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        await At(90, 1, 1, 0);
        var path = (await Queue(house, board, new ApprovalAsk("open", null, false, false, null, 10))).Single().Path.Single();
        path.Chain.ShouldBe([new("board", begun.AddMinutes(60), true), new("owner", begun.AddMinutes(90), true), new("bank", begun.AddMinutes(1530), false)]);
        await At(1529.9, 1, 1, 0);
        await At(1530, 1, 1, 1);
        await At(9999, 1, 1, 1);
        (await house.Database.Read(db => db.Query($"select reason_text from audit_event where action = 'escalate' order by seq", row => row.Text(0)))).ShouldBe(
            ["boss did not decide in time; board may decide too.", "board did not decide in time; owner may decide too.", "owner did not decide in time; bank may decide too."]);
        // Each of them may decide, and then it is settled for all.
        (await house.Step(bank, id, Verb.Approve)).Refusal.ShouldBeNull();
        await At(10000, 0, 0, 0);
    }

    [Theory, OnBothEngines]
    public async Task Where_the_server_stood_still_all_whose_time_is_over_are_told(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss", escalateMinutes: 60, escalateRole: "board", then: "owner:30,bank:1440");
        var (maker, board, owner, bank) = (await house.Known("clerk"), await house.Known("board"), await house.Known("owner"), await house.Known("bank"));
        await house.Step(maker, (await house.Document(maker)).Id, Verb.Submit);
        house.Clock.Advance(TimeSpan.FromHours(3));
        (await new ApprovalEscalation(house.Database, house.Organisation, house.Clock).Escalate()).ShouldBe(2);
        ((await house.Told(board)).Count, (await house.Told(owner)).Count, (await house.Told(bank)).Count).ShouldBe((1, 1, 0));
    }

    [Theory, OnBothEngines]
    public async Task The_time_of_a_level_begins_when_the_level_does(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        await house.Rule(Verb.Submit, "", 0, "board", level: 2, escalateMinutes: 60, escalateRole: "owner");
        var (maker, boss, owner) = (House.Person(), House.Person("boss"), await house.Known("owner"));
        var job = new ApprovalEscalation(house.Database, house.Organisation, house.Clock);
        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        house.Clock.Advance(TimeSpan.FromHours(5));
        await job.Escalate();
        await house.Step(boss, id, Verb.Approve);
        (await house.Step(owner, id, Verb.Approve)).Refusal!.Code.ShouldBe("PERMISSION_DENIED", "the second level began just now");
        house.Clock.Advance(TimeSpan.FromMinutes(59));
        await job.Escalate();
        (await house.Told(owner)).ShouldBeEmpty();
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await job.Escalate();
        (await house.Told(owner)).Count.ShouldBe(1);
        (await house.Step(owner, id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);
    }

    [Theory, OnBothEngines]
    public async Task Who_holds_the_role_at_the_branch_is_told_and_who_stands_in_for_them_but_never_the_maker(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "amount", 0, "boss");
        await house.Rule(Verb.Submit, "amount", 9000, "nobody");
        var elsewhere = Guid.CreateVersion7();
        await house.Database.Write(tx => tx.Execute($"insert into branch (id, code, name, time_zone) values ({elsewhere}, 'EL', 'Elsewhere', 'UTC')"));
        var (maker, here, there, away, deputy, admin) =
            (await house.Known("boss"), await house.Known("boss", House.Branch), await house.Known("boss", elsewhere), await house.Known("boss"), await house.Known("clerk"), await house.Known("administrator"));
        var now = house.Clock.GetUtcNow();
        await house.Database.Write(tx => tx.Execute($"""
            insert into delegation (id, from_user, to_user, starts_at, ends_at, created_by, created_at)
            values ({Guid.CreateVersion7()}, {away.UserId}, {deputy.UserId}, {now}, {now.AddHours(1)}, {away.UserId}, {now})
            """));
        await house.Step(maker, (await house.Document(maker)).Id, Verb.Submit);
        foreach (var (person, told) in new[] { (maker, 0), (here, 1), (there, 0), (away, 1), (deputy, 1), (admin, 0) }) (await house.Told(person)).Count.ShouldBe(told);

        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.Step(maker, (await house.Document(maker, total: 9001)).Id, Verb.Submit);
        (await house.Told(deputy)).Count.ShouldBe(1, "the time away is over");
        (await house.Told(admin)).Count.ShouldBe(1, "nobody holds the other role");
        (await house.Told(here)).Count.ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task Notices_are_read_page_by_page_marked_as_read_by_their_own_reader_only_and_forgotten_after_their_time(Engine engine)
    {
        await using var house = await House.Open(engine);
        var (one, other) = (await house.Known("clerk"), await house.Known("clerk"));
        for (var at = 1; at <= 5; at++)
        {
            house.Clock.Advance(TimeSpan.FromDays(10));
            await house.Database.Write(tx =>
            {
                NoticeBook.Stage(tx, new Notice("job", $"Number {at}", new string('x', 2000), "/") { ToRole = "clerk", BranchId = House.Branch }, house.Clock);
                return Task.CompletedTask;
            });
        }

        var first = await house.Database.Read(db => NoticeBook.Page(db, one.UserId, false, null, 3, default));
        first.ConvertAll(notice => notice.Title).ShouldBe(["Number 5", "Number 4", "Number 3"]);
        first[0].Text.Length.ShouldBe(1000);
        (await house.Database.Read(db => NoticeBook.Page(db, one.UserId, false, first[2].Id, 3, default))).ConvertAll(notice => notice.Title).ShouldBe(["Number 2", "Number 1"]);

        await house.Database.Write(tx => Read(tx, [first[0].Id]));
        (await house.Told(one)).ShouldBe(["Number 4", "Number 3", "Number 2", "Number 1"]);
        (await house.Told(other)).Count.ShouldBe(5);
        await house.Database.Write(tx => Read(tx, []));
        (await house.Database.Read(db => NoticeBook.Unread(db, one.UserId, default))).ShouldBe(0);

        house.Clock.Advance(TimeSpan.FromDays(71));
        (await NoticeBook.Forget(house.Database, house.Clock.GetUtcNow(), default)).ShouldBe(3, "those written 111, 101 and 91 days ago");
        (await house.Told(other)).ShouldBe(["Number 5", "Number 4"]);

        Task Read(Tx tx, IReadOnlyCollection<Guid> which)
        {
            NoticeBook.Read(tx, one.UserId, which, house.Clock.GetUtcNow());
            return Task.CompletedTask;
        }
    }

    [Theory, OnBothEngines]
    public async Task The_queue_goes_by_age_or_by_amount_page_by_page(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        var (maker, boss) = (House.Person(), House.Person("boss"));
        foreach (var total in new long[] { 300, 500, 100, 500, 200 })
        {
            house.Clock.Advance(TimeSpan.FromMinutes(1));
            await house.Step(maker, (await house.Document(maker, total: total)).Id, Verb.Submit);
        }

        (await Pages(byAmount: false)).ShouldBe([300, 500, 100, 500, 200]);
        (await Pages(byAmount: true)).ShouldBe([500, 500, 300, 200, 100]);
        (await Queue(house, boss, new ApprovalAsk("open", Guid.CreateVersion7(), false, false, null, 10))).ShouldBeEmpty("of a branch that nobody knows");

        async Task<List<long>> Pages(bool byAmount)
        {
            var (all, mark) = (new List<WaitingApproval>(), (ApprovalMark?)null);
            while (true)
            {
                var page = await Queue(house, boss, new ApprovalAsk("open", null, false, byAmount, mark, 2));
                all.AddRange(page);
                if (page.Count < 2) return all.ConvertAll(one => one.Total);
                mark = new ApprovalMark(page[^1].RequestedAt, Math.Abs(page[^1].Total), page[^1].Id);
            }
        }
    }

    private static async Task<IReadOnlyList<WaitingApproval>> Queue(House house, Actor reader, ApprovalAsk ask)
    {
        var viewer = new Viewer(reader, await house.Organisation.Get());
        return await house.Database.Read(db => ApprovalQueue.Read(db, viewer, [house.Spending], ask, house.Clock.GetUtcNow(), default));
    }
}
