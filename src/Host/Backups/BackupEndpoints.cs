using System.Globalization;
using System.Text.Json;
using Plug1.Host.CommandLine;
using Plug1.Http;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Backups;

/// <summary>The last backup that was proved by restoring it beside, wherever it was made.</summary>
internal sealed record VerifiedBackup(
    string File, DateTimeOffset TakenAt, DateTimeOffset VerifiedAt, long Bytes, string Sha256, bool Encrypted, long Documents, long Entries, long AuditEvents, long AuditBlock,
    string AuditDigest, IReadOnlyList<LedgerTotal> Ledger);

/// <summary>The plan, how it stands, and the runs, latest first.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="NextAt">When the next is due.</param>
/// <param name="Folder">The full path of the plan's folder.</param>
/// <param name="Encrypts">Whether backups are encrypted.</param>
/// <param name="Last">The last one that was verified.</param>
/// <param name="Running">How far the one is that this server makes now.</param>
/// <param name="Node">This server.</param>
/// <param name="Items">Runs.</param>
/// <param name="Next">What to give as <c>after</c> for the next page.</param>
internal sealed record BackupsAnswer(
    BackupPlan Plan, DateTimeOffset? NextAt, string? Folder, bool Encrypts, VerifiedBackup? Last, BackupProgress? Running, string Node, IReadOnlyList<BackupRun> Items, string? Next);

/// <summary>Asks for nothing more than that it runs.</summary>
internal sealed record RunBackupRequest;

/// <summary>A backup was asked for.</summary>
internal sealed record BackupAsked(Guid Id);

/// <summary>Backups from the web application: the plan, one now, the list, a file to take away. All of it concerns the whole company.</summary>
internal static class BackupEndpoints
{
    private const string Function = "kernel.backups";
    private const int Most = 50;
    private static readonly int[] No = [400, 401, 403, 404, 409];

    public static void MapBackups(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/operations/backups").WithTags("Operations");
        group.MapGet("", List).WithName("backups").WithSummary("The schedule of backups, the last that was verified, and the runs, latest first.").Produces<BackupsAnswer>().Refuses(No);
        group.MapGet("/{id:guid}/file", Download).WithName("downloadBackup").WithSummary("The file of a backup; needs kernel.backups.download for the whole company, and is on record.")
            .Produces(200, contentType: "application/octet-stream").Refuses(No);
        group.MapCommand<RunBackupRequest, BackupAsked>("/run", 202, (call, _, http) => Command<BackupAsked>(call, http, "run", 202, async (tx, stamp) =>
        {
            var asked = await Of<BackupRuns>(http).Ask(tx, stamp, http.RequestAborted);
            if (asked.IsRefused) return asked.Refusal;
            tx.AfterCommit.Add(() => Of<JobHost>(http).RunNow(BackupJob.Code));
            return new BackupAsked(asked.Value);
        })).WithName("runBackup").WithSummary("Makes a backup now; it runs beside, and the list tells how far it is.");
        group.MapCommand<BackupPlanWrite, BackupPlan>("/plan", 200, (call, body, http) => Command<BackupPlan>(call, http, "configure", 200, async (tx, stamp) =>
        {
            var version = IfMatch.Of(http);
            if (version.IsRefused) return version.Refusal;
            var before = await BackupPlans.Read(tx, http.RequestAborted);
            var changed = await Of<BackupPlans>(http).Change(tx, body, version.Value, http.RequestAborted);
            if (changed.IsRefused) return changed.Refusal;
            AuditTrail.Stage(tx, new AuditEvent(stamp, Function, "configure", "backup-plan", null, Before: JsonSerializer.Serialize(before), After: JsonSerializer.Serialize(changed.Value)), Of<TimeProvider>(http));
            return changed.Value;
        })).WithName("planBackups").WithSummary("Sets when and where backups are made by themselves, and how many are kept.");
    }

    private static async Task<IResult> List(RequestActor who, Database database, BackupPlans plans, BackupJob job, Place place, TimeProvider clock, CancellationToken ct, int? limit = null, string? after = null)
    {
        if (!who.Actor.MayAnywhere(AdministrationPermissions.BackupsView)) return CommandRunner.Denied(AdministrationPermissions.BackupsView).ToHttp();
        if (limit is < 1 or > 200) return Kernel.Reporting.Refusals.LimitInvalid(200).ToHttp();
        if (!TryAfter(after, out var mark)) return Kernel.Reporting.Refusals.CursorInvalid().ToHttp();
        var most = limit ?? Most;
        var file = await LastBackup.Read(place.Folder, ct);
        return Results.Ok(await database.Read(async db =>
        {
            var plan = await BackupPlans.Read(db, ct);
            var found = await BackupRuns.Latest(db, mark, most + 1, ct);
            var told = found.Take(most).ToList();
            var next = found.Count > told.Count ? string.Create(CultureInfo.InvariantCulture, $"{told[^1].AskedAt.UtcTicks}_{told[^1].Id:D}") : null;
            return new BackupsAnswer(plan, BackupPlans.Next(plan, clock.GetUtcNow(), await BackupRuns.LastDay(db, ct)), plans.FolderOf(plan.Folder),
                plan.KeyFile is not null || Environment.GetEnvironmentVariable("PLUG1_BACKUP_KEY") is { Length: > 0 }, Later(file, await BackupRuns.LastDone(db, ct)), job.Progress, JobHost.Node,
                [.. told.Select(run => run with { File = Path.GetFileName(run.File) })], next);
        }, ct));
    }

    private static async Task<IResult> Download(Guid id, RequestActor who, Database database, BackupPlans plans, CommandRunner runner, CancellationToken ct)
    {
        var run = await database.Read(db => BackupRuns.Find(db, id, ct), ct);
        // Through the command's door, so that taking everything away is on record, done or denied.
        var asked = await runner.Run<string>(who.Call(), Function, "download", 200, (tx, stamp) =>
        {
            if (!who.Actor.MayEverywhere(AdministrationPermissions.BackupsDownload)) return Task.FromResult<Result<string>>(CommandRunner.Denied(AdministrationPermissions.BackupsDownload));
            if (run is null) return Task.FromResult<Result<string>>(BackupRefusals.Unknown);
            if (run is not { State: "done", File: { } file, RemovedAt: null } || plans.FolderOf(Path.GetDirectoryName(file) ?? "") is null || !File.Exists(file)) return Task.FromResult<Result<string>>(BackupRefusals.FileGone);
            AuditTrail.Stage(tx, new AuditEvent(stamp, Function, "download", "backup", id), runner.Clock);
            return Task.FromResult<Result<string>>(file);
        }, ct);
        return asked.Refusal is { } no ? no.ToHttp() : Results.File(run!.File!, "application/octet-stream", Path.GetFileName(run.File));
    }

    /// <summary>What concerns the whole company asks for the permission at every branch.</summary>
    private static Task<Result<Answer>> Command<T>(CommandCall call, HttpContext http, string action, int status, Func<Tx, Stamp, Task<Result<T>>> handle) =>
        Of<CommandRunner>(http).Run<T>(call, Function, action, status, (tx, stamp) =>
            call.Actor.MayEverywhere($"{Function}.{action}") ? handle(tx, stamp) : Task.FromResult<Result<T>>(CommandRunner.Denied($"{Function}.{action}")), http.RequestAborted);

    /// <summary>The data folder knows those made on the command line, the runs those of other machines.</summary>
    private static VerifiedBackup? Later(LastBackup? file, BackupRun? run)
    {
        if (run is { TakenAt: { } taken } && (file is null || file.TakenAt < taken))
        {
            return new VerifiedBackup(Path.GetFileName(run.File) ?? "", taken, run.EndedAt ?? taken, run.Bytes ?? 0, run.Sha256 ?? "", run.Encrypted, run.Documents ?? 0, run.Entries ?? 0,
                run.AuditEvents ?? 0, run.AuditBlock ?? 0, run.AuditDigest ?? "", run.Ledger ?? []);
        }

        return file is null ? null : new VerifiedBackup(Path.GetFileName(file.File), file.TakenAt, file.VerifiedAt, file.Bytes, file.Sha256, file.Encrypted, file.Documents, file.Entries, file.AuditEvents,
            file.Audit.Block, file.Audit.Hash, file.Ledger ?? []);
    }

    private static bool TryAfter(string? after, out (DateTimeOffset At, Guid Id)? value)
    {
        value = null;
        if (string.IsNullOrEmpty(after)) return true;
        if (after.Split('_') is not [var ticks, var id] || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > DateTimeOffset.MaxValue.UtcTicks || !Guid.TryParse(id, out var guid)) return false;
        value = (new DateTimeOffset(at, TimeSpan.Zero), guid);
        return true;
    }

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();
}
