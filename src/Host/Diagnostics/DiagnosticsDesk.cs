using System.Reflection;
using System.Runtime.InteropServices;
using Plug1.Host.CommandLine;
using Plug1.Host.Setup;
using Plug1.Http.Diagnostics;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Diagnostics;

/// <summary>Gathers how the server is. Nothing in it names a person, a customer or what was sold.</summary>
internal sealed class DiagnosticsDesk(Database database, Place place, HealthChecks checks, JobHost jobs, RequestTimes times, IncidentLog incidents, TimeProvider clock)
{
    private const int MostRoutes = 40, MostRuns = 50;
    private readonly DateTimeOffset started = clock.GetUtcNow();

    /// <summary>Gathers.</summary>
    public async Task<DiagnosticsAnswer> Read(CancellationToken ct)
    {
        var found = await checks.Run(ct);
        await using var db = await database.Reader(ct);
        var runs = await JobJournal.Latest(db, null, failed: true, null, MostRuns, ct);
        return new DiagnosticsAnswer(HealthChecks.Worst(found), found, await About(db, ct), await Sizes.Of(db, place, database.File, ct), times.Routes(MostRoutes), times.Slow(), incidents.Count,
            incidents.Latest(), [.. jobs.States.Select(Of)], [.. runs.Select(JobRunLine.Of)]);
    }

    /// <summary>The latest runs of jobs, done and failed.</summary>
    public Task<List<JobRunLine>> Runs(int most, CancellationToken ct) =>
        database.Read(async db => (await JobJournal.Latest(db, null, failed: false, null, most, ct)).ConvertAll(JobRunLine.Of), ct);

    private static JobStanding Of(JobState job) => new(
        job.Code, (long)job.Every.TotalSeconds, job.Runs, job.Failures, job.Last?.EndedAt, job.Last?.Done, Plain.JobError(job.Last?.Error));

    private async Task<AboutProgram> About(Db db, CancellationToken ct)
    {
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        var engine = await db.First(Sql.Raw(db.Engine == Engine.Postgres ? "show server_version" : "select sqlite_version()"), row => row.Text(0), ct) ?? "";
        var applied = await SchemaState.Applied(db, ct);
        return new AboutProgram(version, db.Engine == Engine.Postgres ? "postgres" : "sqlite", engine, RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, Environment.ProcessorCount,
            Environment.WorkingSet, started, JobHost.Node, [.. applied.GroupBy(row => row.Module, StringComparer.Ordinal).Select(module => $"{module.Key}/{module.MaxBy(row => row.Number)!.Name}")]);
    }
}
