using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Documents;

/// <summary>What was handed in can be taken back or given back to be changed; nothing that was approved before counts for what it says then.</summary>
public sealed class RevisionTests
{
    [Theory, OnBothEngines]
    public async Task What_is_taken_back_loses_its_approvals_and_is_asked_for_anew_by_what_it_says_then(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        await house.Rule(Verb.Submit, "amount", 5000, "board", level: 2);
        var (maker, boss, board) = (House.Person(), House.Person("boss"), House.Person("board"));
        var id = (await house.Document(maker, total: 6000)).Id;
        await house.Step(maker, id, Verb.Submit);
        (await house.Step(boss, id, Verb.Approve)).Value.WaitsFor.ShouldBe("next-level");

        (await house.Step(maker, id, Verb.Revise)).Value.Status.ShouldBe(Status.Draft);
        var draft = await house.Find(id);
        (draft.SubmittedBy, draft.ApprovedBy).ShouldBe((null, null));
        house.Spending.GivenUp.ShouldBe(1);
        (await house.Count("select count(*) from approval_request where state = 'withdrawn'")).ShouldBe(1);
        (await house.Step(board, id, Verb.Approve)).Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED");

        await house.Step(maker, id, Verb.Submit);
        (await house.Step(board, id, Verb.Approve)).Refusal!.Code.ShouldBe("PERMISSION_DENIED", "the first level begins again");
        (await house.Step(boss, id, Verb.Approve)).Value.WaitsFor.ShouldBe("next-level");
        (await house.Step(board, id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);

        (await house.Step(maker, id, Verb.Revise)).Value.Status.ShouldBe(Status.Draft, "also after it was approved, as long as it is not posted");
        (await house.Step(maker, id, Verb.Post)).Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED");
    }

    [Theory, OnBothEngines]
    public async Task Who_handed_it_in_before_or_changed_it_since_does_not_decide_on_it_later(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        var (maker, sender, changer, boss) = (House.Person(), House.Person("boss"), House.Person("boss"), House.Person("boss"));
        var id = (await house.Document(maker)).Id;
        await house.Step(sender, id, Verb.Submit);
        await house.Step(maker, id, Verb.Revise);
        await house.Edit(changer, id);
        await house.Edit(maker, id);
        await house.Step(maker, id, Verb.Submit);
        foreach (var person in new[] { sender, changer, maker }) (await house.Step(person, id, Verb.Approve)).Refusal!.Code.ShouldBe("FOUR_EYES");
        (await house.Step(boss, id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved);
    }

    [Theory, OnBothEngines]
    public async Task It_is_sent_back_with_words_and_its_maker_is_told(Engine engine)
    {
        await using var house = await House.Open(engine);
        await house.Rule(Verb.Submit, "", 0, "boss");
        var (maker, boss) = (await house.Known("clerk"), await house.Known("boss"));
        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        (await house.Step(boss, id, Verb.SendBack, text: " ")).Refusal!.ShouldSatisfyAllConditions(no => no.Code.ShouldBe("TEXT_REQUIRED"), no => no.At.ShouldBe("/text"));
        (await house.Step(House.Person(), id, Verb.SendBack, text: "No.")).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await house.Step(maker, id, Verb.SendBack, text: "No.")).Refusal!.Code.ShouldBe("FOUR_EYES");

        (await house.Step(boss, id, Verb.SendBack, text: "The branch is wrong.")).Value.Status.ShouldBe(Status.Draft);
        (await house.Told(maker)).ShouldBe([$"Spending was sent back to be changed by {boss.Name}"]);
        (await house.Told(boss)).ShouldBeEmpty("it waits for them no more");
        house.Spending.GivenUp.ShouldBe(1);
        (await house.Count("select count(*) from approval_decision where sent_back and decision = 'rejected' and reason_text = 'The branch is wrong.'")).ShouldBe(1);
        (await house.Count("select count(*) from fact where event = 'sent-back'")).ShouldBe(1);
        (await house.Count("select count(*) from fact where event = 'rejected'")).ShouldBe(0);

        await house.Edit(maker, id);
        await house.Step(maker, id, Verb.Submit);
        (await house.Step(boss, id, Verb.Approve)).Value.Status.ShouldBe(Status.Approved, "who asked for the change may decide on it");
    }

    [Theory, OnBothEngines]
    public async Task What_no_page_changes_is_neither_taken_back_nor_sent_back_and_what_is_posted_never(Engine engine)
    {
        await using var house = await House.Open(engine);
        var maker = House.Person();
        await house.Rule(Verb.Submit, "amount", 1000, "boss");
        var receipt = (await house.Document(maker, total: 2000, kind: "receipt")).Id;
        await house.Step(maker, receipt, Verb.Submit);
        (await house.Step(maker, receipt, Verb.Revise)).Refusal!.Code.ShouldBe("NOT_REVISABLE");
        (await house.Step(House.Person("boss"), receipt, Verb.SendBack, text: "No.")).Refusal!.Code.ShouldBe("NOT_REVISABLE");

        var posted = (await house.Document(maker)).Id;
        foreach (var verb in new[] { Verb.Submit, Verb.Post }) await house.Step(maker, posted, verb);
        (await house.Step(maker, posted, Verb.Revise)).Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED");
    }
}
