namespace Plug1.Kernel.Jobs;

/// <summary>Work that is done again and again beside the requests.</summary>
/// <remarks>Every node runs it; what must not be done twice is guarded by the work itself, by a locked row or by finding nothing left.</remarks>
/// <param name="Code">Stable word, such as <c>seal-audit</c>.</param>
/// <param name="Name">What it does, as administrators read it.</param>
/// <param name="Every">From the end of a run to the start of the next.</param>
/// <param name="Run">Does what is due and answers how many things that was, zero for nothing.</param>
/// <param name="AfterFailure">From a run that failed to the next; <paramref name="Every"/> without it.</param>
/// <param name="StartsAtOnce">Whether it first runs when the server starts, or a pause later.</param>
public sealed record Job(string Code, string Name, TimeSpan Every, Func<CancellationToken, Task<long>> Run, TimeSpan? AfterFailure = null, bool StartsAtOnce = true)
{
    /// <summary>Whether its runs are told apart in the history; what runs every few seconds is told by its last run only.</summary>
    public bool IsTold => Every >= TimeSpan.FromMinutes(1);
}

/// <summary>How a job stands on this node.</summary>
/// <param name="Code">The job.</param>
/// <param name="Name">What it does.</param>
/// <param name="Every">From the end of a run to the start of the next.</param>
/// <param name="Running">Since when it runs now; null while it waits.</param>
/// <param name="Last">Its last run on this node since the server started; null before the first.</param>
/// <param name="Runs">Runs on this node since the server started.</param>
/// <param name="Failures">How many of them failed.</param>
/// <param name="Due">When it runs next; null while it runs or when the server stops.</param>
public sealed record JobState(string Code, string Name, TimeSpan Every, DateTimeOffset? Running, JobRun? Last, long Runs, long Failures, DateTimeOffset? Due);

/// <summary>A run that has ended.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Job">The job's code.</param>
/// <param name="Node">The machine that ran it.</param>
/// <param name="StartedAt">Start.</param>
/// <param name="EndedAt">End.</param>
/// <param name="Done">How many things it did.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record JobRun(Guid Id, string Job, string Node, DateTimeOffset StartedAt, DateTimeOffset EndedAt, long Done, string? Error);
