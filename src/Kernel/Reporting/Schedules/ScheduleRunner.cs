using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting.Files;
using Plug1.Kernel.Reporting.Views;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting.Schedules;

/// <summary>Makes the files that are due, with the permissions that the owner has then, keeps them and tells who waits for them.</summary>
/// <remarks>
/// Every node looks. A due time is claimed by a row with a unique key in the transaction that moves the schedule on, so one node has it; of
/// several that were missed the last is made up for. A node that dies leaves a claim that runs out, and another takes it up; whoever
/// comes back late finds that the claim is no longer theirs, and throws away what they made.
/// </remarks>
public sealed class ScheduleRunner(
    Database database, FunctionCatalogue catalogue, OrganisationBook organisation, Actors actors, ReportFiles files, TimeProvider clock, ILogger<ScheduleRunner> log)
{
    /// <summary>The largest file that is kept, in bytes.</summary>
    public const long MostBytes = 64L * 1024 * 1024;

    /// <summary>The job's code.</summary>
    public const string JobCode = "report-schedules";

    internal const int ChunkBytes = 1024 * 1024;
    private const int MostAttempts = 3, LongestMessage = 500, AtOnce = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10), Lease = TimeSpan.FromMinutes(15), RunsKept = TimeSpan.FromDays(400);
    private readonly string node = $"{JobHost.Node} {Path.GetRandomFileName()}";

    private sealed record Claim(Guid Run, Guid Schedule, DateTimeOffset Due, long Attempt);

    /// <summary>A file with what somebody needs to take it away.</summary>
    private sealed record Made(WrittenFile File, string Sha256, long Bytes, IReadOnlyList<string> Needs, IReadOnlyList<Guid> Branches);

    /// <summary>Looks every half minute.</summary>
    public Job EveryHalfMinute => new(JobCode, "Make reports that are due, and forget files that have had their time", TimeSpan.FromSeconds(30), RunDue);

    /// <summary>Makes all that is due now and forgets what has had its time.</summary>
    /// <returns>How many runs ended here and how many files were forgotten.</returns>
    public async Task<long> RunDue(CancellationToken ct = default)
    {
        var done = 0L;
        while (await ClaimNext(ct) is { } claim)
        {
            await Run(claim, ct);
            done++;
        }

        return done + await Forget(ct);
    }

    private async Task<Claim?> ClaimNext(CancellationToken ct)
    {
        var claim = await database.Write<Claim?>(async tx =>
        {
            var (now, skip) = (Dialect.Micro(clock.GetUtcNow()), Sql.Raw(tx.Engine == Engine.Postgres ? " for update skip locked" : ""));
            var open = await tx.Query($"""
                select id, schedule_id, due_at, attempt from report_run where state in ('waiting', 'running') and lease_until <= {now} order by lease_until limit 1{skip}
                """, row => new Claim(row.Guid(0), row.Guid(1), row.Instant(2), row.Long(3) + 1), ct);
            if (open is [var left])
            {
                tx.Stage($"update report_run set state = 'running', attempt = {left.Attempt}, lease_until = {now + Lease}, node = {node}, started_at = {now} where id = {left.Run}");
                return Result.Of<Claim?>(left);
            }

            var due = await tx.Query($"select id from report_schedule where active and next_at <= {now} order by next_at limit 1{skip}", row => row.Guid(0), ct);
            if (due is not [var id]) return Result.Of<Claim?>(null);
            var schedule = (await ScheduleBook.Find(tx, await Everybody(ct), id, ct))!;
            var (times, run) = (ScheduleBook.ClockOf(schedule), Ids.New(clock));
            var at = times.UpTo(now);
            tx.Stage($"update report_schedule set next_at = {times.After(now)} where id = {id}");
            tx.Stage($"""
                insert into report_run (id, schedule_id, due_at, state, attempt, lease_until, node, started_at, title) values ({run}, {id}, {at}, 'running', {1L}, {now + Lease}, {node}, {now}, {schedule.Name})
                """);
            return Result.Of<Claim?>(new Claim(run, id, at, 1));
        }, ct);
        return claim.Value;
    }

    private async Task Run(Claim claim, CancellationToken ct)
    {
        if (await database.Read(async db => await ScheduleBook.Find(db, await Everybody(ct), claim.Schedule, ct), ct) is not { } schedule) return;
        var times = ScheduleBook.ClockOf(schedule);
        var days = times.Days(schedule.Period, claim.Due);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        await using var spool = SpoolFile.Open();
        (string State, string? Code, string? Message, Made? Made) outcome;
        try
        {
            var made = claim.Attempt > MostAttempts
                ? new Refusal("REPORT_ABANDONED", "The server stopped each time while this report was made.")
                : await Make(schedule, days, times, claim.Due, spool, limit.Token);
            outcome = made.Refusal is { } no ? ("refused", no.Code, no.Message, null) : ("done", null, null, made.Value);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            outcome = ("failed", "REPORT_TOO_SLOW", $"It took longer than {Patience.TotalMinutes:0} minutes. Choose a shorter period or fewer branches.", null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "The scheduled report {Run} failed.", claim.Run);
            outcome = ("failed", "REPORT_FAILED", $"{failure.GetType().Name}: {failure.Message}", null);
        }

        await End(claim, schedule, days, outcome, spool, ct);
    }

    private async Task<Result<Made>> Make(
        Schedule schedule, (DateOnly From, DateOnly To) days, ScheduleClock times, DateTimeOffset due, FileStream spool, CancellationToken ct)
    {
        if (await actors.ByUser(schedule.OwnerId, ct) is not { } owner) return ScheduleRefusals.OwnerGone;
        if (!owner.MayAnywhere(ScheduleBook.Permission)) return CommandRunner.Denied(ScheduleBook.Permission);
        var viewer = new Viewer(owner, await organisation.Get(ct));
        var (page, query) = (schedule.Page, schedule.Query);
        if (schedule.ViewId is { } id)
        {
            if (await database.Read(db => SavedViews.Find(db, catalogue, viewer, id, ct), ct) is not { } view) return ScheduleRefusals.ViewGone;
            (page, query) = (view.Page, view.Query);
        }

        if (PageAddress.Find(catalogue, page) is not { Part: "list" or "reports" } address) return Refusals.NotFound("report");
        var order = ScheduledOrder.Of(address, query, schedule.Format, schedule.Branches, days);
        var scope = viewer.ExportScope(order.Function, order.Branch);
        if (scope.IsRefused) return scope.Refusal;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(due, times.Zone).DateTime);
        var written = await files.Write(order, viewer, today, spool, ct: ct);
        if (written.IsRefused) return written.Refusal;
        await spool.FlushAsync(ct);
        if (spool.Length > MostBytes) return ScheduleRefusals.FileTooLarge(MostBytes);
        spool.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(spool, ct));
        return new Made(written.Value, hash, spool.Length, Needs(order.Function, viewer, scope.Value), scope.Value.Ids);
    }

    /// <summary>What somebody must hold at each branch of a file to take it away: to see and to export, and whatever showed its owner more than others see.</summary>
    private static IReadOnlyList<string> Needs(Function function, Viewer viewer, BranchScope scope)
    {
        var gates = function.Measures.Select(measure => measure.Permission).Concat(function.Columns.Select(column => column.Permission)).Concat(function.Reports.Select(report => report.Permission))
            .Concat(function.Actions.Select(action => action.Action).Where(action => action.StartsWith("view-", StringComparison.Ordinal))).OfType<string>().Distinct(StringComparer.Ordinal)
            .Where(action => viewer.MayAtAll($"{function.Code}.{action}", scope));
        var export = function.Actions.Any(action => action.Action == "export") ? ["export"] : Array.Empty<string>();
        return [.. new[] { "view" }.Concat(export).Concat(gates).Select(action => $"{function.Code}.{action}")];
    }

    private Task End(
        Claim claim, Schedule schedule, (DateOnly From, DateOnly To) days, (string State, string? Code, string? Message, Made? Made) outcome, FileStream spool, CancellationToken ct) => database.WriteMuch(async tx =>
    {
        var (now, made) = (Dialect.Micro(clock.GetUtcNow()), outcome.Made);
        var expires = made is null ? (DateTimeOffset?)null : now.AddDays(schedule.KeepDays);
        var message = outcome.Message is { Length: > LongestMessage } longer ? longer[..LongestMessage] : outcome.Message;
        var mine = await tx.Execute($"""
            update report_run set state = {outcome.State}, ended_at = {now}, code = {outcome.Code}, message = {message}, from_date = {days.From}, to_date = {days.To}, file_name = {made?.File.Name},
              media_type = {made?.File.MediaType}, rows = {made?.File.Rows}, bytes = {made?.Bytes}, sha256 = {made?.Sha256}, needs = {(made is null ? null : string.Join(',', made.Needs))},
              branches = {(made is null ? null : string.Join(',', made.Branches.Select(branch => branch.ToString("D"))))}, expires_at = {expires}
            where id = {claim.Run} and state = 'running' and node = {node} and attempt = {claim.Attempt}
            """, ct);
        if (mine == 0) return;
        if (made is not null) await Keep(tx, claim.Run, spool, ct);
        Tell(tx, claim, schedule, outcome.State, message, made);
        var stamp = new Stamp(Actor.System, Guid.Empty, now, DateOnly.FromDateTime(now.UtcDateTime), now.Hour);
        AuditTrail.Stage(tx, new AuditEvent(stamp, ScheduleBook.Function, outcome.State == "done" ? "produce" : "fail-to-produce", "schedule", schedule.Id, outcome.State == "refused" ? "denied" : "done",
            Reason: outcome.Code, ReasonText: made is null ? message : $"{made.File.Name} {made.Sha256}"), clock);
    }, ct);

    private static async Task Keep(Tx tx, Guid run, FileStream spool, CancellationToken ct)
    {
        spool.Position = 0;
        var buffer = new byte[ChunkBytes];
        for (var seq = 0L; await spool.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, ct) is > 0 and var read; seq++)
            await tx.Execute($"insert into report_file_chunk (run_id, seq, content) values ({run}, {seq}, {buffer[..read]})", ct);
    }

    private void Tell(Tx tx, Claim claim, Schedule schedule, string state, string? message, Made? made)
    {
        var link = $"/reports?run={claim.Run:D}";
        var notice = made is not null
            ? new Notice("report", $"{schedule.Name} is ready", $"{made.File.Title}, {made.File.Rows:N0} rows as {schedule.Format.ToUpperInvariant()}.", link) { Subject = claim.Run }
            : new Notice("report", state == "refused" ? $"{schedule.Name} was refused" : $"{schedule.Name} failed", message ?? "", link) { Subject = claim.Run };
        NoticeBook.Stage(tx, notice with { ToUser = schedule.OwnerId }, clock);
        if (made is null) return;
        // Only who runs the schedule is told of what went wrong; the others of what is there.
        tx.Stage($"""
            insert into notice_recipient (user_id, notice_id)
            select u.id, n.id from notice n join app_user u on u.active and u.id <> {Actor.SystemId} and (
              u.id in (select user_id from schedule_recipient where schedule_id = {schedule.Id} and user_id is not null)
              or u.id in (select r.user_id from user_role r join schedule_recipient t on t.role = r.role and t.schedule_id = {schedule.Id}))
            where n.subject_id = {claim.Run} and not exists (select 1 from notice_recipient k where k.notice_id = n.id and k.user_id = u.id)
            """);
    }

    /// <summary>Forgets files that have had their time, and runs of more than a year ago.</summary>
    private async Task<long> Forget(CancellationToken ct)
    {
        var (now, gone) = (Dialect.Micro(clock.GetUtcNow()), 0L);
        await database.Write(async tx =>
        {
            gone = 0;
            var old = await tx.Query($"select id from report_run where expires_at <= {now} and sha256 is not null order by expires_at limit {AtOnce}", row => row.Guid(0), ct);
            if (old.Count > 0)
            {
                tx.Stage($"delete from report_file_chunk where run_id {Sql.List(old)}");
                tx.Stage($"update report_run set expires_at = null where id {Sql.List(old)}");
                gone = old.Count;
            }

            tx.Stage($"delete from report_run where due_at < {now - RunsKept} and expires_at is null and state not in ('waiting', 'running')");
            await tx.Flush(ct);
        }, ct);
        return gone;
    }

    private async Task<Viewer> Everybody(CancellationToken ct) => new(Actor.System, await organisation.Get(ct));
}
