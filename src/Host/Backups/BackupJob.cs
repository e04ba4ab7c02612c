using System.Globalization;
using Plug1.Host.CommandLine;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Backups;

/// <summary>How far the backup is that this machine makes now.</summary>
internal sealed record BackupProgress(Guid Run, string Step, long Done, long Steps);

/// <summary>Makes backups that are due or were asked for, and deletes those beyond the number that is kept.</summary>
/// <remarks>A planned run that fails is not tried again by itself the same day: administrators get a notice and start it when its cause is gone.</remarks>
internal sealed class BackupJob(IServiceProvider services, Place place, Database database, BackupPlans plans, BackupRuns runs, TimeProvider clock)
{
    /// <summary>The job's code.</summary>
    public const string Code = "backup";

    private bool looked;
    private volatile BackupProgress? progress;

    /// <summary>How far it is; null while none is made here.</summary>
    public BackupProgress? Progress => progress;

    /// <summary>Looks every minute, and at once when somebody asks.</summary>
    public Job EveryMinute => new(Code, "Make backups that are due and prove each by restoring it beside", TimeSpan.FromMinutes(1), Run);

    /// <summary>Does what there is to do.</summary>
    /// <returns>How many backups were made.</returns>
    public async Task<long> Run(CancellationToken ct)
    {
        await runs.GiveUp(started: !looked, ct);
        looked = true;
        var made = 0;
        while (true)
        {
            var plan = await database.Read(db => BackupPlans.Read(db, ct), ct);
            if (await runs.Claim(plan, ct) is not { } run) return made;
            await Make(run, plan, ct);
            made++;
        }
    }

    private async Task Make(Guid run, BackupPlan plan, CancellationToken ct)
    {
        try
        {
            var folder = plans.FolderOf(plan.Folder) ?? throw new CommandFailure(BackupRefusals.FolderOutside.Message);
            var name = string.Create(CultureInfo.InvariantCulture, $"plug1-{clock.GetUtcNow():yyyy-MM-dd-HHmmss}Z-{run.ToString("N")[^6..]}.plug1");
            var made = await Backup.Make(new Workplace(place, database, services), Path.Combine(folder, name), await plans.KeyOf(plan, ct), new Reporter(this, run), ct);
            await runs.Done(run, made, ct);
            await Prune(plan, ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            await runs.Failed(run, failure.Message, CancellationToken.None);
            throw;
        }
        finally
        {
            progress = null;
        }
    }

    /// <summary>Only files that a run of this machine wrote, below a folder that is allowed still.</summary>
    private async Task Prune(BackupPlan plan, CancellationToken ct)
    {
        var gone = new List<Guid>();
        foreach (var (id, file) in await runs.Beyond(plan.Keep, ct))
        {
            if (plans.FolderOf(Path.GetDirectoryName(file) ?? "") is null) continue;
            File.Delete(file);
            gone.Add(id);
        }

        if (gone.Count > 0) await runs.Removed(gone, ct);
    }

    private sealed class Reporter(BackupJob job, Guid run) : IProgress<Step>
    {
        public void Report(Step value) => job.progress = new BackupProgress(run, value.What, value.Done, value.Total);
    }
}
