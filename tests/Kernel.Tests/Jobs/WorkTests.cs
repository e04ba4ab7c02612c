using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Logging.Abstractions;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Tests.MasterData;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Jobs;

/// <summary>Long work: seen while it runs, done by one node at a time, resumed without doing anything twice, cancelled, told why it failed.</summary>
public sealed class WorkTests
{
    [Theory, OnBothEngines]
    public async Task Progress_is_seen_while_the_work_runs_and_the_result_when_it_is_done(Engine engine)
    {
        await using var house = await House.Open(engine);
        var (reached, hold) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        var handler = new Counting(20, async (run, at, ct) =>
        {
            run.Tell(at, 20, $"Step {at}");
            if (at != 7) return;
            reached.Release();
            await hold.WaitAsync(ct);
        });
        var id = await house.Ask(handler);
        (await house.Find(id)).State.ShouldBe(WorkState.Waiting);

        var running = Task.Run(() => house.Node(handler).Run(default));
        await reached.WaitAsync();
        await Until(async () => await house.Find(id) is { State: WorkState.Running, Done: 7, Total: 20, Stage: "Step 7" });
        hold.Release();
        (await running).ShouldBe(1);
        var done = await house.Find(id);
        (done.State, done.Result, done.Done, done.Error).ShouldBe((WorkState.Done, """{"steps":20}""", 19, null));
        (await house.Steps()).ShouldBe([.. Enumerable.Range(0, 20)]);
        (await house.Shop.Number($"select count(*) from notice n join notice_recipient r on r.notice_id = n.id where n.kind = 'job' and n.subject_id = {id} and r.user_id = {house.Asker.UserId}")).ShouldBe(1);
        (await house.Shop.Number($"select count(*) from audit_event where object_id = {id} and outcome = 'done'")).ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task Two_nodes_never_take_the_same_work(Engine engine)
    {
        await using var house = await House.Open(engine);
        var taken = new ConcurrentBag<Guid>();
        var handler = new Counting(3, (run, at, _) =>
        {
            if (at == 0) taken.Add(run.Work.Id);
            return Task.CompletedTask;
        });
        var asked = new List<Guid>();
        for (var at = 0; at < 8; at++) asked.Add(await house.Ask(handler));
        var other = house.Shop.Test.OpenAgain();

        var done = await Task.WhenAll(Task.Run(() => house.Node(handler).Run(default)), Task.Run(() => house.Node(handler, other).Run(default)), Task.Run(() => house.Node(handler, other).Run(default)));
        done.Sum().ShouldBe(8);
        taken.Order().ShouldBe(asked.Order());
        (await house.Steps()).Count.ShouldBe(24);
    }

    [Theory, OnBothEngines]
    public async Task What_a_killed_node_had_begun_is_taken_over_and_nothing_is_done_twice(Engine engine)
    {
        await using var house = await House.Open(engine);
        var (reached, hold) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        var dead = new Counting(10, async (_, at, _) =>
        {
            if (at != 4) return;
            reached.Release();
            await hold.WaitAsync(CancellationToken.None);
        });
        var alive = new Counting(10);
        var id = await house.Ask(dead);
        // The first node says nothing more while it hangs in its fifth step, as one does that was killed or cut off.
        var first = Task.Run(() => house.Node(dead, beat: TimeSpan.FromHours(1)).Run(default));
        await reached.WaitAsync();
        (await house.Node(alive).Run(default)).ShouldBe(0, "the lease still holds");

        house.Shop.Clock.Advance(TimeSpan.FromMinutes(2));
        (await house.Node(alive).Run(default)).ShouldBe(1);
        var done = await house.Find(id);
        (done.State, done.Result).ShouldBe((WorkState.Done, """{"steps":10}"""));
        (await house.Steps()).ShouldBe([.. Enumerable.Range(0, 10)]);

        // It was not dead after all: what it writes now is refused.
        hold.Release();
        await first;
        (await house.Steps()).ShouldBe([.. Enumerable.Range(0, 10)]);
        (await house.Find(id)).EndedAt.ShouldBe(done.EndedAt);
    }

    [Theory, OnBothEngines]
    public async Task A_server_that_stops_gives_its_work_back_and_the_next_goes_on_behind_the_last_step(Engine engine)
    {
        await using var house = await House.Open(engine);
        using var stopping = new CancellationTokenSource();
        var handler = new Counting(10, async (_, at, ct) =>
        {
            if (at == 6) await stopping.CancelAsync();
            ct.ThrowIfCancellationRequested();
        });
        var id = await house.Ask(handler);
        await Should.ThrowAsync<OperationCanceledException>(() => house.Node(handler).Run(stopping.Token));
        (await house.Find(id)).State.ShouldBe(WorkState.Waiting);
        (await house.Steps()).ShouldBe([0, 1, 2, 3, 4, 5]);

        var begun = new List<int>();
        (await house.Node(new Counting(10, (_, at, _) =>
        {
            begun.Add(at);
            return Task.CompletedTask;
        })).Run(default)).ShouldBe(1);
        begun.ShouldBe([6, 7, 8, 9]);
        (await house.Steps()).ShouldBe([.. Enumerable.Range(0, 10)]);
    }

    [Theory, OnBothEngines]
    public async Task Cancelling_ends_what_waits_at_once_and_what_runs_at_its_next_step(Engine engine)
    {
        await using var house = await House.Open(engine);
        Guid id = default;
        var handler = new Counting(10, async (_, at, _) =>
        {
            if (at == 3) (await house.Cancel(id)).Value.Json.ShouldContain("running");
        });
        id = await house.Ask(handler);
        await house.Node(handler).Run(default);
        (await house.Find(id)).State.ShouldBe(WorkState.Cancelled);
        (await house.Steps()).ShouldBe([0, 1, 2]);
        (await house.Cancel(id)).Refusal!.Code.ShouldBe("WORK_ENDED");

        var waits = await house.Ask(handler);
        (await house.Cancel(waits)).Value.Json.ShouldContain("cancelled");
        (await house.Node(handler).Run(default)).ShouldBe(0);

        // Somebody else's is stopped by who runs jobs, and by nobody else.
        var theirs = await house.Ask(handler);
        var stranger = House.Person(house.Shop.Branch, "test.work");
        (await house.Desk(handler).Cancel(new CommandCall(stranger, house.Shop.Branch), await house.Find(theirs))).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await house.Desk(handler).Cancel(new CommandCall(House.Person(house.Shop.Branch, "kernel.jobs.run"), house.Shop.Branch), await house.Find(theirs))).Refusal.ShouldBeNull();
    }

    [Theory, OnBothEngines]
    public async Task Work_that_fails_says_why_and_what_is_our_fault_says_no_more_than_that(Engine engine)
    {
        await using var house = await House.Open(engine);
        var refused = await house.Ask(new Counting(1));
        await house.Node(new Counting(3) { Ending = new Refusal("TEST_SAYS_NO", "There is nothing to count.") }).Run(default);
        var told = await house.Find(refused);
        (told.State, told.ErrorCode, told.Error).ShouldBe((WorkState.Failed, "TEST_SAYS_NO", "There is nothing to count."));
        (await house.Shop.Number($"select count(*) from notice where subject_id = {refused} and title like 'Failed:%'")).ShouldBe(1);

        var broken = await house.Ask(new Counting(1));
        await house.Node(new Counting(1, (_, _, _) => throw new InvalidDataException("a secret"))).Run(default);
        var ours = await house.Find(broken);
        (ours.State, ours.ErrorCode).ShouldBe((WorkState.Failed, "WORK_BROKEN"));
        ours.Error!.ShouldNotContain("secret");
    }

    [Theory, OnBothEngines]
    public async Task The_permission_counts_when_the_work_runs_not_when_it_was_asked_for(Engine engine)
    {
        await using var house = await House.Open(engine);
        var handler = new Counting(2);
        var id = await house.Ask(handler);
        var granted = house.Asker.Grants;
        house.Asker = house.Asker with { Grants = [] };
        await house.Node(handler).Run(default);
        (await house.Find(id)).ErrorCode.ShouldBe("PERMISSION_DENIED");
        (await house.Steps()).ShouldBeEmpty();
        (await house.Shop.Number($"select count(*) from audit_event where object_id = {id} and outcome = 'denied'")).ShouldBe(1);

        house.Asker = house.Asker with { Grants = granted };
        var gone = await house.Ask(handler);
        house.IsGone = true;
        await house.Node(handler).Run(default);
        (await house.Find(gone)).ErrorCode.ShouldBe("WORK_ASKER_GONE");
    }

    [Theory, OnBothEngines]
    public async Task Work_under_which_servers_die_is_given_up_and_nobody_fills_the_queue(Engine engine)
    {
        await using var house = await House.Open(engine);
        var handler = new Counting(2);
        var id = await house.Ask(handler);
        await house.Shop.Database.Write(tx => tx.Execute($"update work set state = 'running', lost = 4, turn = 4, lease_until = {house.Shop.Clock.Now.AddHours(-1)}"));
        await house.Node(handler).Run(default);
        (await house.Find(id)).ErrorCode.ShouldBe("WORK_GIVEN_UP");

        for (var at = 0; at < 10; at++) await house.Ask(handler);
        (await house.TryAsk(handler)).Refusal!.Code.ShouldBe("WORK_TOO_MUCH");
    }

    [Theory, OnBothEngines]
    public async Task Ended_work_is_forgotten_with_its_files_after_a_month(Engine engine)
    {
        await using var house = await House.Open(engine);
        var handler = new Counting(2);
        var id = await house.Ask(handler);
        await house.Node(handler).Run(default);
        var stamp = await house.Shop.Runner.StampOf(new CommandCall(house.Asker, house.Shop.Branch));
        await house.Shop.Database.Write(async tx =>
        {
            WorkFiles.Use(tx, id, "made", WorkFiles.Stage(tx, house.Asker.UserId, "made", "a.csv", "text/csv", [1, 2, 3], house.Shop.Clock).Id);
            var upload = (await WorkFiles.Upload(tx, stamp, "test", "b.csv", "text/csv", [4], house.Shop.Clock, default)).Value;
            upload.Sha256.ShouldBe("e52d9c508c502347344d8c07ad91cbd6068afc75ff6292f062a09ca381c89e71");
        });
        (await house.Shop.Database.Read(db => WorkFiles.Read(db, id, "made", default)))!.Content.ShouldBe([1, 2, 3]);
        (await house.Node(handler).Forget(default)).ShouldBe(0);
        house.Shop.Clock.Advance(TimeSpan.FromDays(31));
        var fresh = await house.Ask(handler);
        (await house.Node(handler).Forget(default)).ShouldBe(1);
        (await house.Shop.Number($"select count(*) from work_file")).ShouldBe(0);
        (await house.Find(fresh)).State.ShouldBe(WorkState.Waiting);
    }

    [Theory, OnBothEngines]
    public async Task An_upload_has_a_name_some_bytes_and_a_limit(Engine engine)
    {
        await using var house = await House.Open(engine);
        var stamp = await house.Shop.Runner.StampOf(new CommandCall(house.Asker, house.Shop.Branch));
        async Task<string?> Upload(string name, int size) =>
            (await house.Shop.Database.Write(tx => WorkFiles.Upload(tx, stamp, "test", name, "text/csv", new byte[size], house.Shop.Clock, default))).Refusal?.Code;
        (await Upload("a.csv", 0)).ShouldBe("WORK_FILE_EMPTY");
        (await Upload("", 1)).ShouldBe("WORK_FILE_NAME_INVALID");
        (await Upload("a.csv", (int)WorkFiles.MostBytes + 1)).ShouldBe("WORK_FILE_TOO_LARGE");
        for (var at = 0; at < WorkFiles.MostUnused; at++) (await Upload("a.csv", 1)).ShouldBeNull();
        (await Upload("a.csv", 1)).ShouldBe("WORK_FILES_TOO_MANY");
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            tries.ShouldBeLessThan(2_000, "It did not come to hold within twenty seconds.");
            await Task.Delay(10);
        }
    }

    /// <summary>Writes a row for each of its steps and goes on behind the last.</summary>
    private sealed class Counting(int steps, Func<WorkRun, int, CancellationToken, Task>? before = null) : WorkHandler
    {
        public Refusal? Ending { get; init; }

        public override string Kind => "count";

        public override string Function => "test";

        public override string Action => "work";

        public override async Task<Result<string>> Run(WorkRun run, CancellationToken ct)
        {
            if (Ending is not null) return Ending;
            for (var at = int.Parse(run.Checkpoint ?? "0", System.Globalization.CultureInfo.InvariantCulture); at < steps; at++)
            {
                if (before is not null) await before(run, at, ct);
                var step = at;
                var done = await run.Step(tx =>
                {
                    tx.Stage($"insert into counted (work_id, step) values ({run.Work.Id}, {step})");
                    return Task.FromResult(Result.Of($"{step + 1}"));
                }, ct);
                if (done.IsRefused) return done.Refusal!;
            }

            return $$"""{"steps":{{steps}}}""";
        }
    }

    private sealed class House(Shop shop) : IAsyncDisposable
    {
        public Shop Shop => shop;

        public Actor Asker { get; set; } = Actor.System;

        public bool IsGone { get; set; }

        public static Actor Person(Guid branch, params string[] permissions) =>
            new(Guid.CreateVersion7(), "ann", "Ann", [new Grant("clerk", branch, permissions.ToFrozenSet())]);

        public static async Task<House> Open(Engine engine)
        {
            var house = new House(await Shop.Open(engine));
            house.Asker = Person(house.Shop.Branch, "test.work");
            await house.Shop.Database.Write(tx =>
            {
                tx.Stage(Sql.Raw(Dialect.Expand(engine, "create table counted (work_id {id} not null, step {long} not null)")));
                tx.Stage($"insert into app_user (id, user_name, user_key, name, security_stamp, active, created_at) values ({house.Asker.UserId}, 'ann', 'ann', 'Ann', 'x', {true}, {house.Shop.Clock.Now})");
                return Task.CompletedTask;
            });
            return house;
        }

        public WorkDesk Desk(WorkHandler handler) => new(shop.Runner, [handler], WorkOptions.Usual);

        public WorkRunner Node(WorkHandler handler, Database? database = null, TimeSpan? beat = null)
        {
            var on = database ?? shop.Database;
            var runner = new CommandRunner(on, new OrganisationBook(on, shop.Clock), shop.Clock, Shop.Json);
            return new WorkRunner(on, runner, [handler], (_, _) => Task.FromResult(IsGone ? null : Asker)!,
                new WorkOptions(TimeSpan.FromSeconds(45), beat ?? TimeSpan.FromMilliseconds(20)), NullLogger<WorkRunner>.Instance);
        }

        public async Task<Result<Answer>> TryAsk(WorkHandler handler)
        {
            shop.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return await shop.Runner.Run(new CommandCall(Actor.System with { UserId = Asker.UserId, Grants = Asker.Grants }, shop.Branch), "test", "work", 202,
                (tx, stamp) => Desk(handler).Ask(tx, stamp, "count", "Count", "{}"));
        }

        public async Task<Guid> Ask(WorkHandler handler)
        {
            var asked = await TryAsk(handler);
            asked.Refusal.ShouldBeNull();
            return Guid.Parse(asked.Value.Json.Trim('"'));
        }

        public async Task<Result<Answer>> Cancel(Guid id) => await Desk(new Counting(1)).Cancel(new CommandCall(Asker, shop.Branch), await Find(id));

        public async Task<Work> Find(Guid id) => (await shop.Database.Read(db => WorkDesk.Find(db, id, default)))!;

        public Task<List<int>> Steps() => shop.Database.Read(db => db.Query($"select step from counted order by work_id, step", row => row.Int(0)));

        public ValueTask DisposeAsync() => shop.DisposeAsync();
    }
}
