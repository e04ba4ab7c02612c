using Plug1.Kernel.Commands;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Rules;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Exceptions;

public sealed class ExceptionTests
{
    private static readonly string[] Escalates = ["escalated", "raised"];

    [Theory, OnBothEngines]
    public async Task A_repeat_within_the_quiet_window_is_folded_and_is_a_fact_all_the_same(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        var spent = await house.Spend(2000);
        house.Clock.Advance(TimeSpan.FromMinutes(20));
        await house.Spend(3000, again: spent);
        house.Clock.Advance(TimeSpan.FromMinutes(30));
        await house.Spend(4000, again: spent);
        await house.Spend(5000);

        var items = await house.Items();
        items.Select(item => (item.DocumentId == spent.Id, item.Count, item.Message)).Order().ShouldBe([(false, 1, "5000 was spent."), (true, 3, "4000 was spent.")]);
        items.Single(item => item.Count == 3).LastSeenAt.ShouldBe(house.Clock.Now);
        (await house.History(items.Single(item => item.Count == 3).Id)).Select(step => step.Step).ShouldBe(["repeated", "repeated", "raised"]);
        (await house.Count("select count(*) from fact where event = 'exception' and d1 = 'LARGE'")).ShouldBe(4);

        // One minute past the window it is news again, while the old item stays as it is.
        house.Clock.Advance(TimeSpan.FromMinutes(31));
        await house.Spend(6000, again: spent);
        (await house.Items()).Where(item => item.DocumentId == spent.Id).Select(item => item.Count).Order().ShouldBe([1, 3]);
    }

    [Theory, OnBothEngines]
    public async Task A_rule_folds_by_branch_and_person_when_it_says_so_and_not_into_what_is_resolved(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        var (kim, maria) = (await house.Person("clerk", "kim"), await house.Person("clerk", "maria"));
        foreach (var (who, branch) in new[] { (kim, FlaggedHouse.North), (kim, FlaggedHouse.North), (kim, FlaggedHouse.South), (maria, FlaggedHouse.North), (kim, FlaggedHouse.North) })
            await house.Spend(1, who, branch, rule: Flagged.Hasty);
        var items = await house.Items();
        items.Select(item => item.Count).Order().ShouldBe([1, 1, 3]);
        var folded = items.Single(item => item.Count == 3);
        (await house.History(folded.Id)).Select(step => step.Number).Distinct().Count().ShouldBe(3);

        (await house.Take(maria, folded.Id, new ExceptionMove("resolve", "CHECKED"))).ShouldBeNull();
        await house.Spend(1, kim, FlaggedHouse.North, rule: Flagged.Hasty);
        (await house.Items()).Select(item => item.Count).Order().ShouldBe([1, 1, 1]);
        (await house.Items("resolved")).Single().Count.ShouldBe(3);
    }

    [Theory, OnBothEngines]
    public async Task Many_repeats_at_once_are_one_item_with_the_right_count(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => house.Spend(1, rule: Flagged.Hasty))));
        (await house.Items()).Single().Count.ShouldBe(12);
        (await house.Count("select count(*) from exception_step")).ShouldBe(12);
        (await house.Count("select count(*) from exception_step where step = 'raised'")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task What_is_put_off_comes_back_at_its_instant_without_any_job(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        var kim = await house.Person("clerk", "kim");
        await house.Spend(2000);
        var item = (await house.Items()).Single();
        (await house.Take(kim, item.Id, new ExceptionMove("snooze", Until: house.Clock.Now.AddHours(2)))).ShouldBeNull();
        (await house.Items()).ShouldBeEmpty();
        (await house.Items("snoozed")).Single().SnoozedUntil.ShouldBe(house.Clock.Now.AddHours(2));
        house.Clock.Advance(TimeSpan.FromMinutes(119));
        (await house.Items("open")).ShouldBeEmpty();
        (await house.Escalation.Run()).ShouldBe(0);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        (await house.Items("open")).Single().State.ShouldBe("open");
        (await house.Items("snoozed")).ShouldBeEmpty();

        // Its time until escalation began anew: the rule gives an hour.
        house.Clock.Advance(TimeSpan.FromMinutes(59));
        (await house.Escalation.Run()).ShouldBe(0);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        (await house.Escalation.Run()).ShouldBe(1);

        foreach (var until in new[] { house.Clock.Now, house.Clock.Now.AddDays(91) })
            (await house.Take(kim, item.Id, new ExceptionMove("snooze", Until: until)))!.Code.ShouldBe("SNOOZE_INVALID");
    }

    [Theory, OnBothEngines]
    public async Task What_nobody_answers_goes_along_a_chain_of_roles_each_with_its_time(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        await house.Database.Write(tx => tx.Execute($"insert into role (code, name) values ('owner', 'owner'), ('bank', 'bank')"));
        var made = await house.Masters.Create(house.RuleMaster, new CommandCall(Actor.System, FlaggedHouse.North), new ExceptionRuleWrite(Flagged.Large,
            EscalateThen: [new EscalationLink("owner", 30), new EscalationLink("bank", 1440)]));
        made.Refusal.ShouldBeNull();
        await house.Spend(2000);
        var begun = house.Clock.Now;
        async Task At(double minutes, long passed, string role, params string[] then)
        {
            house.Clock.Now = begun.AddMinutes(minutes);
            (await Task.WhenAll(house.Escalation.Run(), house.Escalation.Run())).Sum().ShouldBe(passed);
            var item = (await house.Items("open")).Single();
            (item.OwnerRole, item.EscalateRole, string.Join(' ', item.EscalateThen.Select(link => $"{link.Role} {link.Minutes}"))).ShouldBe((role, then.Length > 0 ? then[0] : "", string.Join(' ', then.Skip(1))));
        }

        await At(59.9, 0, "clerk", "boss", "owner 30", "bank 1440");
        await At(60, 1, "boss", "owner", "bank 1440");
        await At(89.9, 0, "boss", "owner", "bank 1440");
        await At(90, 1, "owner", "bank");
        await At(1529.9, 0, "owner", "bank");
        await At(1530, 1, "bank");
        await At(9999, 0, "bank");
        var path = await house.History((await house.Items("open")).Single().Id);
        path.Reverse().Select(step => $"{step.Step} {step.FromRole} {step.ToRole}".Trim()).ShouldBe(["raised", "escalated clerk boss", "escalated boss owner", "escalated owner bank"]);

        // A chain that leads nowhere is refused where it is entered.
        async Task<string> Refused(params EscalationLink[] then) => (await house.Masters.Create(house.RuleMaster, new CommandCall(Actor.System, FlaggedHouse.North),
            new ExceptionRuleWrite(Flagged.Large, FlaggedHouse.South, EscalateThen: then))).Refusal is { } no ? $"{no.Code} {no.At}" : "";
        (await Refused(new EscalationLink("nobody", 30))).ShouldBe("CHOICE_INVALID /escalateThen/0/role");
        (await Refused(new EscalationLink("owner", 30), new EscalationLink("bank", 0))).ShouldBe("NUMBER_OUT_OF_RANGE /escalateThen/1/minutes");
        (await Refused([.. Enumerable.Repeat(new EscalationLink("owner", 30), 6)])).ShouldBe("NUMBER_OUT_OF_RANGE /escalateThen");
    }

    [Theory, OnBothEngines]
    public async Task What_nobody_answers_in_time_goes_to_the_next_role_once_and_its_holders_are_told(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        var (kim, boss) = (await house.Person("clerk", "kim"), await house.Person("boss", "maria"));
        await house.Spend(2000);
        await house.Spend(3000);
        var items = await house.Items();
        (await house.Take(kim, items[0].Id, new ExceptionMove("acknowledge"))).ShouldBeNull();
        house.Clock.Advance(TimeSpan.FromMinutes(59));
        (await house.Escalation.Run()).ShouldBe(0);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        // Two nodes at once: one of them finds it.
        (await Task.WhenAll(house.Escalation.Run(), house.Escalation.Run())).Sum().ShouldBe(1);
        (await house.Escalation.Run()).ShouldBe(0);

        var escalated = (await house.Items("open")).Single();
        (escalated.Id, escalated.OwnerRole, escalated.EscalatesAt, escalated.EscalatedAt).ShouldBe((items[1].Id, "boss", null, house.Clock.Now));
        var path = await house.History(escalated.Id);
        path.Select(step => step.Step).ShouldBe(Escalates);
        (path[0].User, path[0].FromRole, path[0].ToRole).ShouldBe(("System", "clerk", "boss"));
        (await house.Count("select count(*) from audit_event where action = 'escalate' and user_name = 'system'")).ShouldBe(1);
        (await house.Database.Read(db => db.Query($"select user_id from notice_recipient where read_at is null", row => row.Guid(0)))).ShouldBe([boss.UserId]);

        (await house.Take(boss, escalated.Id, new ExceptionMove("acknowledge"))).ShouldBeNull();
        (await house.Count("select count(*) from notice_recipient where read_at is null")).ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task Of_two_people_at_once_one_is_first_and_the_other_is_told(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        var (kim, maria) = (await house.Person("clerk", "kim"), await house.Person("clerk", "maria"));
        await house.Spend(2000);
        var item = (await house.Items()).Single();
        var answers = await Task.WhenAll(
            Task.Run(() => house.Take(kim, item.Id, new ExceptionMove("resolve", "CHECKED", "mine"), item.Version)),
            Task.Run(() => house.Take(maria, item.Id, new ExceptionMove("resolve", "CORRECTED", "mine too"), item.Version)));
        answers.Count(answer => answer is null).ShouldBe(1);
        answers.Single(answer => answer is not null)!.Code.ShouldBe("VERSION_CONFLICT");
        (await house.Items("resolved")).Single().Version.ShouldBe(item.Version + 1);
        (await house.History(item.Id)).Count(step => step.Step == "resolved").ShouldBe(1);
        (await house.Count("select count(*) from audit_event where action = 'resolve'")).ShouldBe(1);

        // Without a version the state decides.
        (await house.Take(maria, item.Id, new ExceptionMove("acknowledge")))!.Code.ShouldBe("STATUS_NOT_ALLOWED");
    }

    [Theory, OnBothEngines]
    public async Task Each_step_asks_for_its_permission_its_reason_and_an_owner_who_may(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        var kim = await house.Person("clerk", "kim");
        var (reader, stranger) = (await house.Person("reader", "rita", "test.flagged.view"), await house.Person("stranger", "sam", "test.other.view"));
        await house.Spend(2000);
        var item = (await house.Items()).Single();
        foreach (var verb in new[] { "acknowledge", "assign", "snooze", "resolve" })
        {
            var move = new ExceptionMove(verb, "CHECKED", Until: house.Clock.Now.AddHours(1));
            (await house.Take(reader, item.Id, move))!.Code.ShouldBe("PERMISSION_DENIED");
            (await house.Take(stranger, item.Id, move))!.Code.ShouldBe("NOT_FOUND");
        }

        (await house.Count("select count(*) from audit_event where outcome = 'denied' and object_kind = 'exception'")).ShouldBe(4);
        foreach (var reason in new[] { null, "", "NO_SUCH" }) (await house.Take(kim, item.Id, new ExceptionMove("resolve", reason)))!.Code.ShouldBe("REASON_REQUIRED");
        (await house.Take(kim, item.Id, new ExceptionMove("assign", Owner: reader.UserId)))!.Code.ShouldBe("EXCEPTION_OWNER_INVALID");
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        (await house.Take(kim, item.Id, new ExceptionMove("assign", Owner: kim.UserId))).ShouldBeNull();
        (await house.Items(filter: new ExceptionFilter(Owner: kim.UserId))).Single().Owner.ShouldBe("kim");
        (await house.Items(filter: new ExceptionFilter(Owner: Guid.Empty))).ShouldBeEmpty();
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        (await house.Take(kim, item.Id, new ExceptionMove("resolve", "CHECKED", "All is well"))).ShouldBeNull();
        var resolved = (await house.Items("resolved")).Single();
        (resolved.Reason, resolved.ReasonText, resolved.Owner).ShouldBe(("CHECKED", "All is well", "kim"));
        (await house.History(item.Id)).Select(step => (step.Step, step.User)).ShouldBe([("resolved", "kim"), ("assigned", "kim"), ("raised", "System")]);
    }

    [Theory, OnBothEngines]
    public async Task A_branch_goes_before_the_company_and_the_company_before_the_declaration(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        await house.Set(new ExceptionRuleWrite(Flagged.Large, Severity: "critical", Parameters: new Dictionary<string, string> { ["above"] = "50.00" }, OwnerRole: "boss"));
        await house.Set(new ExceptionRuleWrite(Flagged.Large, FlaggedHouse.South, Severity: "low", Parameters: new Dictionary<string, string> { ["above"] = "20.00" }));
        foreach (var total in new long[] { 1500, 2500, 5500 })
            foreach (var branch in new[] { FlaggedHouse.North, FlaggedHouse.South }) await house.Spend(total, branch: branch);
        (await house.Items()).Select(item => (item.BranchId == FlaggedHouse.South, item.Severity, item.OwnerRole, item.Message)).Order().ShouldBe(
            [(false, "critical", "boss", "5500 was spent."), (true, "low", "boss", "2500 was spent."), (true, "low", "boss", "5500 was spent.")]);

        var south = (await house.Database.Read(db => house.RuleMaster.List(db, new MasterQuery(), default))).Items.Single(rule => rule.BranchId is not null);
        (await house.Masters.Change(house.RuleMaster, new CommandCall(Actor.System, FlaggedHouse.North), $"{south.Id}", south.Version, new System.Text.Json.Nodes.JsonObject { ["active"] = false })).IsRefused.ShouldBeFalse();
        await house.Spend(9900, branch: FlaggedHouse.South);
        (await house.Items()).Count.ShouldBe(3);
        (await house.Count("select count(*) from fact where event = 'exception'")).ShouldBe(3);
        (await house.Count("select count(*) from audit_event where object_kind = 'exception-rule' and action = 'update' and diff like '%active%'")).ShouldBe(1);
    }

    [Theory, OnBothEngines]
    public async Task A_rule_refuses_what_it_does_not_know(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        async Task<string> Refused(ExceptionRuleWrite write) => (await house.Masters.Create(house.RuleMaster, new CommandCall(Actor.System, FlaggedHouse.North), write)).Refusal!.Code;
        static IReadOnlyDictionary<string, string> Of(string name, string value) => new Dictionary<string, string> { [name] = value };
        (await Refused(new ExceptionRuleWrite("NOTHING"))).ShouldBe("EXCEPTION_RULE_UNKNOWN");
        (await Refused(new ExceptionRuleWrite(Flagged.Large, Parameters: Of("below", "1.00")))).ShouldBe("EXCEPTION_PARAMETER_UNKNOWN");
        foreach (var wrong in new[] { "", "x", "1.001", "-1.00", "99999999999999999999" }) (await Refused(new ExceptionRuleWrite(Flagged.Large, Parameters: Of("above", wrong)))).ShouldBe("EXCEPTION_PARAMETER_INVALID");
        (await Refused(new ExceptionRuleWrite(Flagged.Old, Parameters: Of("hours", "0")))).ShouldBe("EXCEPTION_PARAMETER_INVALID");
        (await Refused(new ExceptionRuleWrite(Flagged.Large, OwnerRole: "nobody"))).ShouldBe("CHOICE_INVALID");
        (await Refused(new ExceptionRuleWrite(Flagged.Large, Guid.CreateVersion7()))).ShouldBe("BRANCH_UNKNOWN");
        await house.Set(new ExceptionRuleWrite(Flagged.Large));
        (await Refused(new ExceptionRuleWrite(Flagged.Large))).ShouldBe("CODE_TAKEN");
    }

    [Theory, OnBothEngines]
    public async Task A_scheduled_rule_that_runs_twice_or_on_two_nodes_raises_once(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        await house.Set(new ExceptionRuleWrite(Flagged.Old, FlaggedHouse.South, Parameters: new Dictionary<string, string> { ["hours"] = "8" }));
        var (north, south) = (await house.Draft(FlaggedHouse.North), await house.Draft(FlaggedHouse.South));
        house.Clock.Advance(TimeSpan.FromHours(4));
        (await house.Runs.Run()).ShouldBe(0);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Task.WhenAll(house.Runs.Run(), house.Runs.Run())).Sum().ShouldBe(1);
        (await house.Runs.Run()).ShouldBe(0);
        var item = (await house.Items()).Single();
        (item.DocumentId, item.Severity, item.Message, item.Count).ShouldBe((north.Id, "medium", "A draft has waited: draft", 1));
        house.Clock.Advance(TimeSpan.FromHours(4));
        (await house.Runs.Run()).ShouldBe(1);
        (await house.Items()).Select(one => one.DocumentId).ShouldBe([south.Id, north.Id], ignoreOrder: true);

        // Also when somebody has settled it meanwhile: it was told once.
        (await house.Take(await house.Person("clerk", "kim"), item.Id, new ExceptionMove("resolve", "CHECKED"))).ShouldBeNull();
        (await house.Runs.Run()).ShouldBe(0);
        (await house.Count("select count(*) from fact where event = 'exception'")).ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task A_dry_run_counts_what_was_raised_with_the_same_parameters_and_what_others_would_have_caught(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        await house.Set(new ExceptionRuleWrite(Flagged.Large, FlaggedHouse.South, Parameters: new Dictionary<string, string> { ["above"] = "25.00" }));
        var dice = new Random(14);
        var totals = new List<(long Total, bool South)>();
        for (var at = 0; at < 60; at++)
        {
            totals.Add((dice.Next(0, 5000), dice.Next(2) == 1));
            await house.Spend(totals[^1].Total, branch: totals[^1].South ? FlaggedHouse.South : FlaggedHouse.North);
        }

        var (rule, day) = (house.Function.Exceptions[0], DateOnly.FromDateTime(house.Clock.Now.UtcDateTime));
        Guid[] branches = [FlaggedHouse.North, FlaggedHouse.South];
        Task<DryRun> Try(params (string, long)[] instead) => house.Database.Read(db => house.Runs.Try(db, house.Function, rule, branches, day, day, instead.ToDictionary(pair => pair.Item1, pair => pair.Item2)));
        var same = await Try();
        same.Caught.ShouldBe(totals.Count(one => one.Total > (one.South ? 2500 : 1000)));
        same.Caught.ShouldBe(same.Raised);
        same.Documents.ShouldBe(60);
        same.Branches.Sum(branch => branch.Caught).ShouldBe(same.Caught);
        same.First.Count.ShouldBe(20);
        same.First.ShouldAllBe(found => found.DocumentId != null);
        (await Try(("above", 4000))).Caught.ShouldBe(totals.Count(one => one.Total > 4000));
        (await house.Database.Read(db => house.Runs.Try(db, house.Function, rule, branches, day.AddDays(1), day.AddDays(9), new Dictionary<string, long>()))).Caught.ShouldBe(0);
    }

    [Theory, OnBothEngines]
    public async Task The_report_of_exceptions_tells_the_rate_of_each_rule_over_documents(Engine engine)
    {
        await using var house = await FlaggedHouse.Open(engine);
        var first = await house.Spend(2000);
        await house.Spend(2100, again: first);
        foreach (var total in new long[] { 1200, 300, 400, 500, 600, 700, 800, 900 }) await house.Spend(total);
        var day = DateOnly.FromDateTime(house.Clock.Now.UtcDateTime);
        var viewer = new Viewer(Actor.System, await house.Organisation.Get());
        var report = await house.Database.Read(db => ReportSet.Run(db, house.Function, new ReportRequest("exceptions") { From = day, To = day }, viewer, day));
        var row = report.Value.Rows.Single();
        // Two documents of nine, raised three times: 22.2222 %.
        report.Value.Columns.Select(column => column.Key).Zip(row.Cells).ShouldBe(
            [("rule", "LARGE"), ("name", "Much was spent"), ("severity", "high"), ("raised", 2L), ("open", 2L), ("acknowledged", 0L), ("resolved", 0L), ("times", 3L), ("documents", 2L), ("over", 9L), ("rate", 222_222L)]);
    }
}
