using Plug1.Kernel.Approvals;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Documents;

/// <summary>Who may decide on what waits: levels, four eyes, escalation by time, withdrawal.</summary>
public sealed class ApprovalTests
{
    [Theory, OnBothEngines]
    public async Task Below_the_rule_nothing_waits_and_above_it_the_role_decides(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "amount", 1000, "boss");
        var (maker, boss) = (House.Person(), House.Person("boss"));
        (await house.Step(maker, (await house.Document(maker, total: 1000)).Id, Verb.Submit)).Value.Status.ShouldBe(Status.Approved);

        var id = (await house.Document(maker, total: 1001)).Id;
        var waits = (await house.Step(maker, id, Verb.Submit)).Value;
        (waits.Status, waits.WaitsFor).ShouldBe((Status.Submitted, "boss"));
        (await house.Step(House.Person(), id, Verb.Approve)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await house.Step(boss, id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);
        (await house.Find(id)).ApprovedBy.ShouldBe(boss.UserId);
    }

    [Theory, OnBothEngines]
    public async Task Two_levels_are_decided_one_after_the_other(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "amount", 0, "boss");
        await house.Rule(Verb.Submit, "amount", 5000, "board", level: 2);
        var (maker, boss, board) = (House.Person(), House.Person("boss"), House.Person("board"));
        var small = (await house.Document(maker, total: 5000)).Id;
        await house.Step(maker, small, Verb.Submit);
        (await house.Step(boss, small, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);

        var id = (await house.Document(maker, total: 5001)).Id;
        await house.Step(maker, id, Verb.Submit);
        (await house.Step(board, id, Verb.Approve)).Refusal!.Code.ShouldBe("PERMISSION_DENIED", "the first level is not decided yet");
        var first = (await house.Step(boss, id, Verb.Approve)).Value;
        (first.Status, first.WaitsFor).ShouldBe((Status.Submitted, "next-level"));
        (await house.Step(boss, id, Verb.Approve)).Refusal!.Code.ShouldBe("FOUR_EYES", "one person decides one level");
        (await house.Step(House.Person("boss"), id, Verb.Approve)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await house.Step(board, id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);
        (await house.Count("select count(*) from approval_decision where decision = 'approved'")).ShouldBe(3);
        (await house.Count("select count(*) from approval_request where state = 'open'")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task Neither_who_made_nor_who_edited_nor_who_asked_decides_whatever_their_role(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        await house.Rule(Verb.Reverse, "", 0, "boss");
        var (maker, editor, sender, asker, boss) = (House.Person("boss"), House.Person("boss"), House.Person("boss"), House.Person("administrator"), House.Person("boss"));
        var id = (await house.Document(maker)).Id;
        var earlier = House.Person("boss");
        await house.Edit(earlier, id);
        await house.Edit(editor, id);
        await house.Step(sender, id, Verb.Submit);
        foreach (var person in new[] { maker, earlier, editor, sender })
        {
            (await house.Step(person, id, Verb.Approve)).Refusal!.Code.ShouldBe("FOUR_EYES", person.UserName);
            (await house.Step(person, id, Verb.Reject, "TOO_DEAR")).Refusal!.Code.ShouldBe("FOUR_EYES", person.UserName);
        }

        (await house.Step(boss, id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);
        await house.Step(boss, id, Verb.Post);
        (await house.Step(asker, id, Verb.Reverse, "WRONG")).Value.Status.ShouldBe(Status.ReversalRequested);
        (await house.Step(asker, id, Verb.Approve)).Refusal!.Code.ShouldBe("FOUR_EYES");
        (await house.Step(boss, id, Verb.Reject, "TOO_DEAR")).Value.Status.ShouldBe(Status.Posted);
        (await house.Step(asker, id, Verb.Reverse, "WRONG")).Value.Status.ShouldBe(Status.ReversalRequested);
        (await house.Step(boss, id, Verb.Approve)).Value.Status.ShouldBe(Status.Reversed);
    }

    [Theory, OnBothEngines]
    public async Task After_its_time_the_next_role_may_decide_too_and_not_a_minute_before(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss", escalateMinutes: 60, escalateRole: "board");
        var (maker, board) = (House.Person(), House.Person("board"));
        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        house.Clock.Advance(TimeSpan.FromMinutes(59));
        (await house.Step(board, id, Verb.Approve)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        (await house.Step(board, id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);
    }

    [Theory, OnBothEngines]
    public async Task A_rejection_needs_a_reason_ends_the_request_and_gives_up_what_was_held(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        await house.Rule(Verb.Submit, "", 0, "board", level: 2);
        var (maker, boss) = (House.Person(), House.Person("boss"));
        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        (await house.Step(boss, id, Verb.Reject)).Refusal!.Code.ShouldBe("REASON_REQUIRED");
        (await house.Step(boss, id, Verb.Reject, "TOO_DEAR")).Value.Status.ShouldBe(Status.Rejected);
        house.Spending.GivenUp.ShouldBe(1);
        (await house.Count("select count(*) from approval_request where state = 'rejected' and closed_at is not null")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task What_stands_in_the_way_of_a_reversal_by_the_time_it_is_approved_stops_it(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Reverse, "", 0, "boss");
        var (maker, boss) = (House.Person(), House.Person("boss"));
        var id = (await house.Document(maker)).Id;
        foreach (var verb in new[] { Verb.Submit, Verb.Post }) await house.Step(maker, id, verb);
        (await house.Step(maker, id, Verb.Reverse, "WRONG")).Value.Status.ShouldBe(Status.ReversalRequested);
        house.Spending.Guard = new Refusal("CAME_BACK", "It came back meanwhile.");
        (await house.Step(boss, id, Verb.Approve)).Refusal!.Code.ShouldBe("CAME_BACK");
        (await house.Count("select count(*) from ledger_transaction where reversal_of is not null")).ShouldBe(0);
        (await house.Count("select count(*) from approval_request where state = 'open'")).ShouldBe(1);
        (await house.Step(boss, id, Verb.Reject, "TOO_DEAR")).Value.Status.ShouldBe(Status.Posted);
    }

    [Theory, OnBothEngines]
    public async Task A_cancelled_document_withdraws_what_waited(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        var (maker, boss) = (House.Person(), House.Person("boss"));
        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        (await house.Step(maker, id, Verb.Cancel)).Value.Status.ShouldBe(Status.Cancelled);
        (await house.Count("select count(*) from approval_request where state = 'withdrawn'")).ShouldBe(1);
        house.Spending.GivenUp.ShouldBe(1);
        (await house.Step(boss, id, Verb.Approve)).Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED");
    }

    [Theory, OnBothEngines]
    public async Task Of_several_roles_at_a_level_one_suffices_unless_each_vote_is_needed(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "amount", 0, "boss");
        await house.Rule(Verb.Submit, "amount", 0, "buyer");
        await house.Rule(Verb.Submit, "amount", 5000, "board", votes: "all");
        await house.Rule(Verb.Submit, "amount", 9000, "auditor", votes: "all");
        var (maker, boss, buyer, board, auditor) = (House.Person(), House.Person("boss"), House.Person("buyer"), House.Person("board"), House.Person("auditor"));

        (await Asked(1000, buyer)).ShouldBe(["approved"]);
        (await Asked(1000, boss)).ShouldBe(["approved"]);
        (await Asked(6000, board, boss)).ShouldBe(["submitted", "approved"]);
        (await Asked(6000, buyer, boss, board)).ShouldBe(["submitted", "PERMISSION_DENIED", "approved"]);
        (await Asked(9001, auditor, buyer, board)).ShouldBe(["submitted", "submitted", "approved"]);
        (await Asked(9001, auditor, auditor, board)).ShouldBe(["submitted", "FOUR_EYES", "submitted"]);

        async Task<List<string>> Asked(long total, params Actor[] deciding)
        {
            var id = (await house.Document(maker, total: total)).Id;
            await house.Step(maker, id, Verb.Submit);
            var told = new List<string>();
            foreach (var person in deciding)
            {
                var step = await house.Step(person, id, Verb.Approve);
                told.Add(step.Refusal?.Code ?? step.Value.Status);
            }

            return told;
        }
    }

    [Theory, OnBothEngines]
    public async Task Somebody_with_two_roles_has_one_vote_at_a_level_and_one_level_of_a_document(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss", votes: "all");
        await house.Rule(Verb.Submit, "", 0, "board", votes: "all");
        await house.Rule(Verb.Submit, "", 0, "auditor", level: 2);
        var (maker, all) = (House.Person(), House.Person("administrator"));
        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        (await house.Step(all, id, Verb.Approve)).Value.WaitsFor.ShouldBe("next-level");
        (await house.Step(all, id, Verb.Approve)).Refusal!.Code.ShouldBe("FOUR_EYES");
        (await house.Step(House.Person("boss"), id, Verb.Approve)).Value.WaitsFor.ShouldBe("next-level");
        (await house.Step(all, id, Verb.Approve)).Refusal!.Code.ShouldBe("FOUR_EYES");
        (await house.Step(House.Person("auditor"), id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);
    }

    [Theory, OnBothEngines]
    public async Task A_rule_counts_what_its_maker_handed_in_today_and_what_was_found_about_the_document(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, ApprovalDesk.CountToday, 2, "boss");
        await house.Rule(Verb.Submit, ApprovalDesk.OpenExceptions, 0, "auditor");
        var (maker, other) = (House.Person(), House.Person());
        var told = new List<string>();
        foreach (var who in new[] { maker, maker, other, maker, maker })
            told.Add((await house.Step(who, (await house.Document(who)).Id, Verb.Submit)).Value.Status);
        told.ShouldBe(["approved", "approved", "approved", "submitted", "submitted"]);
        house.Clock.Advance(TimeSpan.FromDays(1));
        (await house.Step(maker, (await house.Document(maker)).Id, Verb.Submit)).Value.Status.ShouldBe(Status.Approved);

        var odd = (await house.Document(other)).Id;
        await house.Database.Write(tx => tx.Execute($"""
            insert into exception_item (id, rule, function, severity, branch_id, document_id, message, raised_at, last_seen_at, business_date, hour, state)
            values ({Guid.CreateVersion7()}, 'ODD', 'test.spending', 'low', {House.Branch}, {odd}, 'Odd', {house.Clock.GetUtcNow()}, {house.Clock.GetUtcNow()}, {new DateOnly(2025, 1, 16)}, 9, 'open')
            """));
        (await house.Step(other, odd, Verb.Submit)).Value.WaitsFor.ShouldBe("auditor");
    }

    [Theory, OnBothEngines]
    public async Task A_deputy_decides_for_who_is_away_but_not_on_what_either_of_them_made(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        var (maker, boss) = (House.Person(), House.Person("boss"));
        var deputy = House.Person() is var clerk ? clerk with { Grants = [.. clerk.Grants, boss.Grants[0] with { OnBehalfOf = boss.UserId }] } : null!;

        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        (await house.Step(deputy, id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);
        (await house.Count($"select count(*) from approval_decision where role = 'boss' and on_behalf_of = '{boss.UserId}' and decided_by = '{deputy.UserId}'")).ShouldBe(1);

        var ofBoss = (await house.Document(boss)).Id;
        await house.Step(boss, ofBoss, Verb.Submit);
        (await house.Step(deputy, ofBoss, Verb.Approve)).Refusal!.Code.ShouldBe("PERMISSION_DENIED", "who is away could not decide on it either");
        var ofDeputy = (await house.Document(deputy)).Id;
        await house.Step(deputy, ofDeputy, Verb.Submit);
        (await house.Step(deputy, ofDeputy, Verb.Approve)).Refusal!.Code.ShouldBe("FOUR_EYES");
    }

    [Theory, OnBothEngines]
    public async Task Who_decided_and_for_whom_it_was_decided_have_no_second_decision_through_a_deputy(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        await house.Rule(Verb.Submit, "", 0, "boss", level: 2);
        var (maker, boss, other) = (House.Person(), House.Person("boss"), House.Person("boss"));
        var deputy = House.Person() is var clerk ? clerk with { Grants = [.. clerk.Grants, boss.Grants[0] with { OnBehalfOf = boss.UserId }] } : null!;

        var first = (await house.Document(maker)).Id;
        await house.Step(maker, first, Verb.Submit);
        (await house.Step(boss, first, Verb.Approve)).Value.WaitsFor.ShouldBe("next-level");
        (await house.Step(deputy, first, Verb.Approve)).Refusal!.Code.ShouldBe("PERMISSION_DENIED", "for the boss it was decided by the boss");
        (await house.Step(other, first, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);

        var second = (await house.Document(maker)).Id;
        await house.Step(maker, second, Verb.Submit);
        (await house.Step(deputy, second, Verb.Approve)).Value.WaitsFor.ShouldBe("next-level");
        (await house.Step(boss, second, Verb.Approve)).Refusal!.Code.ShouldBe("FOUR_EYES", "it was decided for the boss already");
        (await house.Step(other, second, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);
    }
}
