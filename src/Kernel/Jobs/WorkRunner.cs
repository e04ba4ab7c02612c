using Microsoft.Extensions.Logging;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Jobs;

/// <summary>Does the work that waits, one piece after the other; every node has one.</summary>
/// <remarks>
/// A node takes work by a lease in its row. It makes the lease longer while it lives; when it dies the lease runs out and another node takes the
/// work with the next turn. What the first still writes under its own turn finds no row, and its transaction is undone.
/// </remarks>
public sealed class WorkRunner(
    Database database, CommandRunner runner, IEnumerable<WorkHandler> handlers, Func<Guid, CancellationToken, Task<Actor?>> actors, WorkOptions options, ILogger<WorkRunner> log)
{
    /// <summary>How long ended work and its files are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int ForgottenAtOnce = 200;
    private readonly Dictionary<string, WorkHandler> handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    /// <summary>Looks for work every second.</summary>
    public Job EverySecond => new("work", "Long work that people asked for", TimeSpan.FromSeconds(1), Run);

    /// <summary>Forgets what ended a month ago, every hour.</summary>
    public Job EveryHour => new("forget-work", "Forget long work that ended a month ago", TimeSpan.FromHours(1), Forget, StartsAtOnce: false);

    /// <summary>Does what waits until nothing does.</summary>
    /// <returns>How many pieces.</returns>
    public async Task<long> Run(CancellationToken ct)
    {
        var done = 0L;
        while (await Take(ct) is { } taken)
        {
            await Do(taken, ct);
            done++;
        }

        return done;
    }

    /// <summary>Forgets what ended longer ago than <see cref="Kept"/>, and files that nothing uses.</summary>
    /// <returns>How many pieces of work.</returns>
    public async Task<long> Forget(CancellationToken ct)
    {
        var (before, all) = (Dialect.Micro(runner.Clock.GetUtcNow() - Kept), 0L);
        while (true)
        {
            var gone = 0;
            await database.Write(async tx =>
            {
                var old = await tx.Query($"select id from work where ended_at < {before} order by ended_at limit {ForgottenAtOnce}", row => row.Guid(0), ct);
                tx.Stage($"delete from import_change where work_id {Sql.List(old)}");
                tx.Stage($"delete from work_file_use where work_id {Sql.List(old)}");
                tx.Stage($"delete from work where id {Sql.List(old)}");
                tx.Stage($"delete from work_file where created_at < {before} and not exists (select 1 from work_file_use u where u.file_id = work_file.id)");
                await tx.Flush(ct);
                gone = old.Count;
            }, ct);
            all += gone;
            if (gone < ForgottenAtOnce) return all;
        }
    }

    private async Task<Taken?> Take(CancellationToken ct)
    {
        var now = Dialect.Micro(runner.Clock.GetUtcNow());
        var kinds = Sql.List(handlers.Keys.ToList());
        Sql due = $"from work where ended_at is null and kind {kinds} and (state = 'waiting' or lease_until < {now}) order by asked_at, id limit 1";
        // Nodes that have nothing to do only read.
        if (await database.Read(db => db.First($"select 1 {due}", row => row.Int(0), ct), ct) == 0) return null;
        var skip = Sql.Raw(database.Engine == Engine.Postgres ? " for update skip locked" : "");
        var taken = await database.Write<Taken?>(async tx =>
        {
            var found = await tx.Query($"select id, state, turn, lost, checkpoint {due}{skip}",
                row => (Id: row.Guid(0), Lost: row.Text(1) == WorkState.Running, Turn: row.Long(2) + 1, Times: row.Long(3), Checkpoint: row.TextOrNull(4)), ct);
            if (found.Count == 0) return Result.Of<Taken?>(null);
            var (id, lost, turn, times, checkpoint) = found[0];
            if (lost) times++;
            await tx.Execute($"""
                update work set state = 'running', turn = {turn}, lost = {times}, node = {JobHost.Node}, started_at = coalesce(started_at, {now}),
                  lease_until = {Dialect.Micro(now + options.Lease)} where id = {id}
                """, ct);
            return new Taken((await WorkDesk.Find(tx, id, ct))!, turn, times, checkpoint);
        }, ct);
        return taken.Value;
    }

    private async Task Do(Taken taken, CancellationToken ct)
    {
        var (work, handler) = (taken.Work, handlers[taken.Work.Kind]);
        var actor = await actors(work.AskedBy, ct);
        var run = new WorkRun(database, runner.Clock, options, work, taken.Turn, taken.Checkpoint, actor ?? Nobody(work));
        if (taken.Lost > options.MostLost) await End(run, handler, WorkRefusals.GivenUp(taken.Lost));
        else if (actor is null) await End(run, handler, WorkRefusals.AskerGone);
        // What was granted when it was asked for may have been taken away since.
        else if (!actor.May(handler.Permission, work.BranchId)) await End(run, handler, CommandRunner.Denied(handler.Permission));
        else if (work.CancelAsked) await End(run, handler, Result.Of<string?>(null), cancelled: true);
        else await Handle(run, handler, ct);
    }

    private async Task Handle(WorkRun run, WorkHandler handler, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var over = new CancellationTokenSource();
        var beats = Beats(run, stop.CancelAsync, over.Token);
        Result<string?>? outcome = null;
        try
        {
            var handled = await handler.Run(run, stop.Token);
            outcome = handled.IsRefused ? handled.Refusal : Result.Of<string?>(handled.Value);
        }
        catch (WorkLostException)
        {
            // The other node ends it.
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || run.IsCancelled)
        {
            // Asked to stop, lost, or the server stops: told apart below.
        }
        catch (Exception failure) when (Dialect.IsLostConnection(failure))
        {
            // Nothing is wrong with the work: it goes on when the database is back.
            log.LogWarning(failure, "The work {Work} lost its database.", run.Work.Id);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "The work {Work} of kind {Kind} broke.", run.Work.Id, run.Work.Kind);
            outcome = WorkRefusals.Broken(run.Work.Id);
        }

        await over.CancelAsync();
        await beats;
        if (outcome is { } ended) await End(run, handler, ended);
        else if (run.IsLost) log.LogWarning("The work {Work} was taken over by another node.", run.Work.Id);
        else if (run.IsCancelled) await End(run, handler, Result.Of<string?>(null), cancelled: true);
        else await run.GiveBack();
    }

    private async Task Beats(WorkRun run, Func<Task> stop, CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(options.Beat, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested) return;
            try
            {
                await run.Beat(CancellationToken.None);
            }
            catch (Exception failure)
            {
                // Steps hold the lease as well; without either it runs out.
                log.LogWarning(failure, "The work {Work} could not say that it runs.", run.Work.Id);
            }

            if (run.IsLost || run.IsCancelled) await stop();
        }
    }

    private async Task End(WorkRun run, WorkHandler handler, Result<string?> outcome, bool cancelled = false)
    {
        var work = run.Work;
        var state = cancelled ? WorkState.Cancelled : outcome.IsRefused ? WorkState.Failed : WorkState.Done;
        var stamp = await runner.StampOf(run.Call, CancellationToken.None);
        await database.Write(async tx =>
        {
            if (!await run.End(tx, state, outcome.IsRefused ? null : outcome.Value, outcome.Refusal, CancellationToken.None)) return;
            var denied = outcome.Refusal?.Code == "PERMISSION_DENIED";
            AuditTrail.Stage(tx, new AuditEvent(stamp, handler.Function, handler.Action, work.Kind, work.Id, denied ? "denied" : "done",
                After: outcome.IsRefused ? null : outcome.Value, Reason: state == WorkState.Done ? null : outcome.Refusal?.Code ?? state, ReasonText: work.Title), runner.Clock);
            if (state == WorkState.Failed || (state == WorkState.Done && handler.TellsWhenDone))
            {
                NoticeBook.Stage(tx, new Notice("job", state == WorkState.Done ? $"Done: {work.Title}" : $"Failed: {work.Title}", outcome.Refusal?.Message ?? "", handler.LinkOf(work.Id))
                {
                    ToUser = work.AskedBy,
                    Subject = work.Id,
                }, runner.Clock);
            }
        }, CancellationToken.None);
    }

    /// <summary>Who asked, when they are active no more: nothing is granted.</summary>
    private static Actor Nobody(Work work) => new(work.AskedBy, "", work.Asker, []);

    private sealed record Taken(Work Work, long Turn, long Lost, string? Checkpoint);
}
