using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Jobs;

/// <summary>Runs the jobs, each in a loop of its own, and knows how they stand.</summary>
public sealed class JobHost : BackgroundService
{
    private readonly IReadOnlyList<Loop> loops;
    private readonly JobJournal journal;
    private readonly TimeProvider clock;
    private readonly ILogger<JobHost> log;

    /// <summary>Takes the jobs that are registered.</summary>
    public JobHost(IEnumerable<Job> jobs, JobJournal journal, TimeProvider clock, ILogger<JobHost> log)
    {
        (this.journal, this.clock, this.log) = (journal, clock, log);
        loops = [.. jobs.Select(job => new Loop(job))];
    }

    /// <summary>The machine that runs them here.</summary>
    public static string Node { get; } = Environment.MachineName;

    /// <summary>How the jobs stand on this node, in the order in which they were registered.</summary>
    public IReadOnlyList<JobState> States => [.. loops.Select(loop => loop.State)];

    /// <summary>Has a job run now instead of when it is due; while it runs, once more after.</summary>
    /// <returns>False when there is no such job.</returns>
    public bool RunNow(string code)
    {
        if (loops.FirstOrDefault(loop => loop.Job.Code == code) is not { } loop) return false;
        loop.Wake();
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (var loop in loops) loop.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(loops.Select(loop => Go(loop, stoppingToken)));

    private async Task Go(Loop loop, CancellationToken ct)
    {
        // The server starts listening first.
        await Task.Yield();
        try
        {
            if (!loop.Job.StartsAtOnce) await loop.Wait(loop.Job.Every, clock, ct);
            while (true)
            {
                var failed = await Once(loop, ct);
                await loop.Wait(failed ? loop.Job.AfterFailure ?? loop.Job.Every : loop.Job.Every, clock, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task<bool> Once(Loop loop, CancellationToken ct)
    {
        var started = Dialect.Micro(clock.GetUtcNow());
        loop.Started(started);
        var (done, error) = (0L, (string?)null);
        try
        {
            done = await loop.Job.Run(ct);
        }
        catch (Exception failure) when (!(failure is OperationCanceledException && ct.IsCancellationRequested))
        {
            log.LogError(failure, "The job {Job} failed; it is tried again.", loop.Job.Code);
            error = $"{failure.GetType().Name}: {failure.Message}";
            if (error.Length > JobJournal.LongestError) error = error[..JobJournal.LongestError];
        }

        var run = new JobRun(Ids.New(clock), loop.Job.Code, Node, started, Dialect.Micro(clock.GetUtcNow()), done, error);
        loop.Ended(run);
        if (error is not null || (done > 0 && loop.Job.IsTold)) await Tell(run, ct);
        return error is not null;
    }

    /// <summary>A history that cannot be written stops no job.</summary>
    private async Task Tell(JobRun run, CancellationToken ct)
    {
        try
        {
            await journal.Write(run, ct);
        }
        catch (Exception failure) when (!(failure is OperationCanceledException && ct.IsCancellationRequested))
        {
            log.LogError(failure, "The run of {Job} could not be written down.", run.Job);
        }
    }

    /// <summary>A job with how it stands; its own loop writes, others read.</summary>
    private sealed class Loop(Job job) : IDisposable
    {
        private readonly SemaphoreSlim asked = new(0, 1);
        private volatile JobState state = new(job.Code, job.Name, job.Every, null, null, 0, 0, null);

        public Job Job => job;

        public JobState State => state;

        public void Started(DateTimeOffset at) => state = state with { Running = at, Due = null };

        public void Ended(JobRun run) =>
            state = state with { Running = null, Last = run, Runs = state.Runs + 1, Failures = state.Failures + (run.Error is null ? 0 : 1) };

        public void Dispose() => asked.Dispose();

        public void Wake()
        {
            try
            {
                asked.Release();
            }
            catch (SemaphoreFullException)
            {
                // It has been asked already.
            }
        }

        public async Task Wait(TimeSpan pause, TimeProvider clock, CancellationToken ct)
        {
            state = state with { Due = Dialect.Micro(clock.GetUtcNow() + pause) };
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var call = asked.WaitAsync(woken.Token);
            await Task.WhenAny(call, Task.Delay(pause, clock, woken.Token));
            await woken.CancelAsync();
            try
            {
                await call;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                // Nobody asked: the pause is over.
            }
        }
    }
}
