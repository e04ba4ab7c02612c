using Microsoft.Extensions.Logging.Abstractions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Jobs;

/// <summary>What runs beside the requests: again and again, now when asked, on after a failure, and written down.</summary>
public sealed class JobTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Never = TimeSpan.FromHours(9);

    [Fact]
    public async Task A_job_runs_when_the_server_starts_and_again_after_each_pause()
    {
        await using var house = await House.Open(Engine.Sqlite);
        var runs = 0;
        await using var host = await house.Start(new Job("count", "Count", Soon, _ => Task.FromResult((long)Interlocked.Increment(ref runs))));

        await Until(() => Volatile.Read(ref runs) >= 4);
        await Until(() => host.State("count") is { Runs: >= 4, Failures: 0, Last.Error: null, Last.Done: > 0 });
    }

    [Fact]
    public async Task A_job_that_waits_runs_now_when_it_is_asked_and_once_more_when_it_is_asked_while_it_runs()
    {
        await using var house = await House.Open(Engine.Sqlite);
        var (runs, hold) = (0, new SemaphoreSlim(0));
        await using var host = await house.Start(new Job("wait", "Wait", Never, async ct =>
        {
            Interlocked.Increment(ref runs);
            await hold.WaitAsync(ct);
            return 0;
        }, StartsAtOnce: false));
        await Until(() => host.State("wait").Due is not null);
        runs.ShouldBe(0);

        host.Host.RunNow("wait").ShouldBeTrue();
        await Until(() => host.State("wait").Running is not null);
        host.Host.RunNow("wait").ShouldBeTrue();
        host.Host.RunNow("wait").ShouldBeTrue();
        hold.Release(9);
        await Until(() => host.State("wait") is { Runs: 2, Running: null, Due: not null });
        host.Host.RunNow("nothing").ShouldBeFalse();
        await Task.Delay(20);
        runs.ShouldBe(2);
    }

    [Theory, OnBothEngines]
    public async Task A_job_that_fails_is_written_down_with_its_reason_and_tried_again_sooner(Engine engine)
    {
        await using var house = await House.Open(engine);
        var runs = 0;
        await using var host = await house.Start(new Job("break", "Break", Never, _ => Interlocked.Increment(ref runs) < 3
            ? throw new IOException("The disk is full: " + new string('x', 900))
            : Task.FromResult(7L), AfterFailure: Soon));

        await Until(() => host.State("break") is { Runs: 3, Failures: 2, Last: { Error: null, Done: 7 }, Due: not null });
        await Until(async () => (await house.Runs()).Count == 3);
        var told = await house.Runs();
        told.Select(run => (run.Done, run.Error is null)).ShouldBe([(7, true), (0, false), (0, false)]);
        told[1].Error!.ShouldStartWith("IOException: The disk is full");
        told[1].Error!.Length.ShouldBe(JobJournal.LongestError);
        (await house.Runs(failed: true)).Count.ShouldBe(2);
        (await house.Runs(job: "another")).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Runs_that_did_nothing_and_runs_of_every_few_seconds_are_not_written_down(Engine engine)
    {
        await using var house = await House.Open(engine);
        await using var host = await house.Start(
            new Job("idle", "Idle", TimeSpan.FromMinutes(1), _ => Task.FromResult(0L)), new Job("often", "Often", TimeSpan.FromSeconds(10), _ => Task.FromResult(5L)),
            new Job("told", "Told", TimeSpan.FromMinutes(1), _ => Task.FromResult(2L)));

        await Until(() => host.Host.States.All(job => job.Due is not null));
        (await house.Runs()).Select(run => run.Job).ShouldBe(["told"]);
    }

    [Theory, OnBothEngines]
    public async Task The_history_is_told_page_by_page_and_forgotten_after_a_month(Engine engine)
    {
        await using var house = await House.Open(engine);
        var now = Dialect.Micro(DateTimeOffset.UnixEpoch.AddYears(50));
        var journal = new JobJournal(house.Test.Database, new FakeClock(now));
        foreach (var days in (int[])[31, 29, 2, 2, 1])
            await journal.Write(new JobRun(Ids.New(TimeProvider.System), "tidy", "node", now.AddDays(-days), now.AddDays(-days).AddSeconds(1), days, null));

        var first = await house.Runs(most: 2);
        first.Select(run => run.Done).ShouldBe([1, 2]);
        var rest = await house.Test.Database.Read(db => JobJournal.Latest(db, null, false, (first[1].StartedAt, first[1].Id), 9, default));
        rest.Select(run => run.Done).ShouldBe([2, 29]);
        rest.Concat(first).Select(run => run.Id).Distinct().Count().ShouldBe(4);
    }

    private static Task Until(Func<bool> holds) => Until(() => Task.FromResult(holds()));

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            tries.ShouldBeLessThan(2_000, "It did not come to hold within twenty seconds.");
            await Task.Delay(10);
        }
    }

    private sealed record House(TestDatabase Test) : IAsyncDisposable
    {
        public static async Task<House> Open(Engine engine) => new(await TestDatabase.Create(engine));

        public async Task<Started> Start(params Job[] jobs)
        {
            var host = new JobHost(jobs, new JobJournal(Test.Database, TimeProvider.System), TimeProvider.System, NullLogger<JobHost>.Instance);
            await host.StartAsync(default);
            return new Started(host);
        }

        public Task<List<JobRun>> Runs(string? job = null, bool failed = false, int most = 50) =>
            Test.Database.Read(db => JobJournal.Latest(db, job, failed, null, most, default));

        public ValueTask DisposeAsync() => Test.DisposeAsync();
    }

    private sealed record Started(JobHost Host) : IAsyncDisposable
    {
        public JobState State(string code) => Host.States.Single(job => job.Code == code);

        public async ValueTask DisposeAsync()
        {
            await Host.StopAsync(default);
            Host.Dispose();
        }
    }
}
