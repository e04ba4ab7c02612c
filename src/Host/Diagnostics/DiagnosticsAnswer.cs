using Plug1.Http.Diagnostics;
using Plug1.Kernel.Jobs;

namespace Plug1.Host.Diagnostics;

/// <summary>One thing that is looked at.</summary>
/// <param name="Code">What, such as <c>disk</c>.</param>
/// <param name="State">good, look or bad.</param>
/// <param name="Text">One sentence, without anything personal.</param>
internal sealed record HealthCheck(string Code, string State, string Text);

/// <summary>The program and what it runs on.</summary>
/// <param name="Version">This program's version.</param>
/// <param name="Engine">sqlite or postgres.</param>
/// <param name="EngineVersion">The engine's version.</param>
/// <param name="Runtime">.NET.</param>
/// <param name="System">The operating system.</param>
/// <param name="Processors">How many.</param>
/// <param name="MemoryBytes">What the process holds.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Node">The machine.</param>
/// <param name="LastMigration">The last migration of each module.</param>
internal sealed record AboutProgram(
    string Version, string Engine, string EngineVersion, string Runtime, string System, int Processors, long MemoryBytes, DateTimeOffset StartedAt, string Node, IReadOnlyList<string> LastMigration);

/// <summary>A table of the database.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">About how many rows, as the engine estimates them; null when it does not know.</param>
/// <param name="Bytes">With its indexes; null where counting them would read the whole file.</param>
internal sealed record TableSize(string Name, long? Rows, long? Bytes);

/// <summary>How large the database is.</summary>
/// <param name="DatabaseBytes">The whole.</param>
/// <param name="LogBytes">What SQLite has not written back yet; null on PostgreSQL.</param>
/// <param name="DiskFreeBytes">Free where the data folder is.</param>
/// <param name="Tables">The largest tables.</param>
internal sealed record SizesAnswer(long DatabaseBytes, long? LogBytes, long DiskFreeBytes, IReadOnlyList<TableSize> Tables);

/// <summary>A job's standing, without what its errors said.</summary>
internal sealed record JobStanding(string Code, long EverySeconds, long Runs, long Failures, DateTimeOffset? LastEndedAt, long? LastDone, string? LastError);

/// <summary>A run of a job, its error with the program's own words alone.</summary>
internal sealed record JobRunLine(string Job, string Node, DateTimeOffset StartedAt, DateTimeOffset EndedAt, long Done, string? Error)
{
    public static JobRunLine Of(JobRun run) => new(run.Job, run.Node, run.StartedAt, run.EndedAt, run.Done, Plain.JobError(run.Error));
}

/// <summary>How the server is.</summary>
/// <param name="State">The worst of the checks.</param>
/// <param name="Checks">What was looked at.</param>
/// <param name="About">The program.</param>
/// <param name="Sizes">The database.</param>
/// <param name="Routes">The routes that take longest since the start.</param>
/// <param name="Slow">The last slow requests.</param>
/// <param name="IncidentCount">Errors of ours since the start.</param>
/// <param name="Incidents">The last of them.</param>
/// <param name="Jobs">How jobs stand.</param>
/// <param name="FailedRuns">Runs of jobs that failed within a month, the latest.</param>
internal sealed record DiagnosticsAnswer(
    string State, IReadOnlyList<HealthCheck> Checks, AboutProgram About, SizesAnswer Sizes, IReadOnlyList<RouteTimes> Routes, IReadOnlyList<SlowRequest> Slow, long IncidentCount,
    IReadOnlyList<IncidentItem> Incidents, IReadOnlyList<JobStanding> Jobs, IReadOnlyList<JobRunLine> FailedRuns);
