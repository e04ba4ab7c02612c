using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Documents;

/// <summary>The one table of legal moves, every status against every verb: as the specification draws it, and as the desk carries it out.</summary>
public sealed class LifecycleTests
{
    // Status, verb, and where it leads. What does not stand here is refused.
    private static readonly (string From, string Verb, string To)[] Drawn =
    [
        ("draft", "edit", "draft"), ("draft", "submit", "submitted"), ("draft", "cancel", "cancelled"),
        ("submitted", "approve", "approved"), ("submitted", "reject", "rejected"), ("submitted", "cancel", "cancelled"), ("submitted", "send-back", "draft"), ("submitted", "revise", "draft"),
        ("approved", "post", "posted"), ("approved", "cancel", "cancelled"), ("approved", "revise", "draft"),
        ("rejected", "edit", "draft"), ("rejected", "cancel", "cancelled"), ("rejected", "revise", "draft"),
        ("posted", "close", "closed"), ("posted", "reverse", "reversal-requested"),
        ("closed", "reopen", "posted"),
        ("reversal-requested", "approve", "reversed"), ("reversal-requested", "reject", "posted"),
    ];

    public static TheoryData<string, string> EveryPair => Pairs([.. Verb.Offered, Verb.Edit, "no-such-verb"]);

    [Theory, MemberData(nameof(EveryPair))]
    public void Every_status_takes_the_verbs_that_are_drawn_and_refuses_all_others(string from, string verb)
    {
        var next = Lifecycle.Next(from, verb);
        var drawn = Drawn.FirstOrDefault(move => move.From == from && move.Verb == verb).To;
        if (drawn is null)
        {
            (next.Refusal!.Code, next.Refusal.Status).ShouldBe(("STATUS_NOT_ALLOWED", 409));
            return;
        }

        next.Value.ShouldBe(drawn);
        Status.All.ShouldContain(drawn);
        if (verb != Verb.Edit) Lifecycle.VerbsFrom(from, revisable: true).ShouldContain(verb);
        Lifecycle.VerbsFrom(from, revisable: false).Contains(verb).ShouldBe(verb is not (Verb.Edit or Verb.Revise or Verb.SendBack));
    }

    [Fact]
    public void Only_a_cancelled_and_a_reversed_document_have_come_to_their_end() =>
        Status.All.Where(status => !Lifecycle.VerbsFrom(status, revisable: true).Any()).ShouldBe([Status.Cancelled, Status.Reversed]);

    [Theory, OnBothEngines]
    public async Task The_desk_refuses_every_move_that_is_not_drawn_and_leaves_the_document_as_it_was(Engine engine)
    {
        await using var house = await House.Open(engine);
        var (maker, other) = (House.Person(), House.Person());
        var refused = 0;
        foreach (var from in Status.All)
        {
            var header = await house.Document(maker, from);
            foreach (var verb in Verb.Offered.Where(verb => !Drawn.Any(move => move.From == from && move.Verb == verb)))
            {
                var step = await house.Step(other, header.Id, verb, verb == Verb.Reverse ? "WRONG" : "TOO_DEAR");
                step.Refusal!.Code.ShouldBe("STATUS_NOT_ALLOWED", $"{verb} of a document that is {from}");
                refused++;
            }

            var kept = await house.Find(header.Id);
            (kept.Status, kept.Version).ShouldBe((from, 1L));
        }

        refused.ShouldBe((Status.All.Count * Verb.Offered.Count) - Drawn.Count(move => move.Verb != Verb.Edit));
        (await house.Count("select count(*) from ledger_transaction")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task A_document_goes_through_its_life_and_each_step_leaves_its_stamp_its_fact_and_its_audit(Engine engine)
    {
        await using var house = await House.Open(engine);
        var (maker, other) = (House.Person(), House.Person());
        var id = (await house.Document(maker)).Id;

        (await house.Step(maker, id, Verb.Submit, version: 1)).Value.ShouldBe(new LifecycleOutcome(id, null, Status.Approved, 2));
        (await house.Step(other, id, Verb.Post, version: 1)).Refusal!.Code.ShouldBe("VERSION_CONFLICT");
        (await house.Step(other, id, Verb.Post, version: 2)).Value.Status.ShouldBe(Status.Posted);
        var posted = (await house.Find(id)).PostedAt;
        house.Clock.Advance(TimeSpan.FromHours(1));
        (await house.Step(other, id, Verb.Close)).Value.Status.ShouldBe(Status.Closed);
        (await house.Step(maker, id, Verb.Reopen)).Value.Status.ShouldBe(Status.Posted);
        (await house.Step(other, id, Verb.Reverse)).Refusal!.Code.ShouldBe("REASON_REQUIRED");
        (await house.Step(other, id, Verb.Reverse, "NOT_ON_THE_LIST")).Refusal!.Code.ShouldBe("REASON_REQUIRED");
        var reversed = (await house.Step(other, id, Verb.Reverse, "WRONG")).Value;
        reversed.Status.ShouldBe(Status.Reversed);

        var header = await house.Find(id);
        header.PostedAt.ShouldBe(posted, "opening again is no posting");
        (header.SubmittedBy, header.PostedBy, header.ClosedBy, header.ReversedBy).ShouldBe((maker.UserId, other.UserId, other.UserId, other.UserId));
        var mirror = await house.Find(reversed.MirrorId!.Value);
        (mirror.ReversalOf, mirror.Total, mirror.Status).ShouldBe((id, -1000L, Status.Posted));
        (await house.Database.Read(db => db.Query($"select from_id, to_id, relation from document_relation", row => (row.Guid(0), row.Guid(1), row.Text(2))))).ShouldBe([(id, mirror.Id, "reversed-by")]);
        // Posted once and undone once, however often it was closed and opened again.
        (await house.Database.Read(db => db.Query($"select event, amount from fact order by event, amount", row => (row.Text(0), row.Long(1)))))
            .ShouldBe([("closed", 1000L), ("posted", 1000L), ("reopened", 1000L), ("reversed", -1000L), ("submitted", 1000L)]);
        (await house.Count("select count(*) from ledger_transaction where reversal_of is not null")).ShouldBe(1);
        (await house.Count("select count(*) from account a where (select coalesce(sum(e.amount), 0) from entry e where e.account_id = a.id) <> 0")).ShouldBe(0);
        (await house.Count("select count(*) from audit_event where outcome = 'done'")).ShouldBe(5);
        (await house.Step(other, mirror.Id, Verb.Close)).IsRefused.ShouldBeFalse();
        (await house.Broken()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_guard_of_the_document_refuses_the_step_and_undoes_all_of_it(Engine engine)
    {
        await using var house = await House.Open(engine);
        var maker = House.Person();
        var id = (await house.Document(maker)).Id;
        house.Spending.Guard = new Refusal("NOT_TODAY", "Not today.");
        foreach (var verb in new[] { Verb.Submit, Verb.Cancel }) (await house.Step(maker, id, verb)).Refusal!.Code.ShouldBe("NOT_TODAY");
        (await house.Find(id)).Status.ShouldBe(Status.Draft);
        (await house.Count("select count(*) from fact")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task Nothing_is_posted_into_a_closed_month(Engine engine)
    {
        await using var house = await House.Open(engine);
        var maker = House.Person();
        var id = (await house.Document(maker)).Id;
        await house.Step(maker, id, Verb.Submit);
        await house.Database.Write(tx =>
        {
            tx.Stage($"insert into period (start_date, end_date, state) values ({new DateOnly(2025, 1, 1)}, {new DateOnly(2025, 2, 1)}, 'closed')");
            return Task.CompletedTask;
        });
        (await house.Step(maker, id, Verb.Post)).Refusal!.Code.ShouldBe("PERIOD_CLOSED");
        await house.Database.Write(tx => tx.Execute($"update period set state = 'soft'"));
        (await house.Step(maker, id, Verb.Post)).Refusal!.Code.ShouldBe("PERIOD_CLOSED");
        await house.Database.Write(tx => tx.Execute($"update period set state = 'open'"));
        (await house.Step(maker, id, Verb.Post)).Value.Status.ShouldBe(Status.Posted);
    }

    private static TheoryData<string, string> Pairs(IReadOnlyList<string> verbs)
    {
        var pairs = new TheoryData<string, string>();
        foreach (var status in Status.All)
            foreach (var verb in verbs) pairs.Add(status, verb);
        return pairs;
    }
}
