using System.Text.Json;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting.Files;
using Plug1.Kernel.Reporting.Views;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting.Schedules;

/// <summary>Schedules of reports: made and changed by their owners, seen by who is told of them.</summary>
public static class ScheduleBook
{
    /// <summary>The permission to have reports made at set times.</summary>
    public const string Permission = $"{Function}.schedule";

    /// <summary>The most schedules of one user.</summary>
    public const int MostOfUser = 100;

    internal const string Function = "kernel.reports";
    private const int LongestName = 100, LongestQuery = 2_000, MostRecipients = 50, MostBranches = 200, MostListed = 1_000;

    /// <summary>A draft that was checked.</summary>
    private sealed record Checked(PageAddress Page, string Query, Branch Branch, int Minute, IReadOnlyList<string> Branches, IReadOnlyList<(Guid? User, string? Role)> Recipients, ScheduleClock Clock);

    /// <summary>The schedules that a reader sees, with their last runs: their own and those that they are told of; all for who may configure reports.</summary>
    public static Task<IReadOnlyList<Schedule>> Of(Db db, Viewer viewer, CancellationToken ct = default) => Read(db, viewer, Visible(viewer.Actor), ct);

    /// <summary>One that the reader sees, or null.</summary>
    public static async Task<Schedule?> Find(Db db, Viewer viewer, Guid id, CancellationToken ct = default) =>
        await Read(db, viewer, $"s.id = {id} and {Visible(viewer.Actor)}", ct) is [var found] ? found : null;

    /// <summary>Makes a schedule.</summary>
    /// <returns>Refused with <c>SCHEDULE_INVALID</c>, <c>PERMISSION_DENIED</c>, <c>FILTER_INVALID</c> or <c>SCHEDULE_LIMIT</c>.</returns>
    public static async Task<Result<Schedule>> Make(Tx tx, FunctionCatalogue catalogue, Viewer viewer, ScheduleDraft draft, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        var asked = await Check(tx, catalogue, viewer, draft, stamp, ct);
        if (asked.IsRefused) return asked.Refusal;
        if (await tx.Number($"select count(*) from report_schedule where owner_id = {stamp.Actor.UserId}", ct) >= MostOfUser) return ScheduleRefusals.Limit(MostOfUser);
        var (id, fine) = (Ids.New(clock), asked.Value);
        tx.Stage($"""
            insert into report_schedule (id, owner_id, name, function, page, query, view_id, format, every, on_day, at_minute, branch_id, period, branches, keep_days, active, next_at, created_at)
            values ({id}, {stamp.Actor.UserId}, {draft.Name.Trim()}, {fine.Page.Function!.Code}, {PageText(fine.Page)}, {fine.Query}, {draft.ViewId}, {draft.Format}, {draft.Every}, {(long)draft.OnDay},
              {(long)fine.Minute}, {fine.Branch.Id}, {draft.Period}, {string.Join(',', fine.Branches)}, {(long)draft.KeepDays}, {draft.Active}, {fine.Clock.After(stamp.At)}, {stamp.At})
            """);
        StageRecipients(tx, id, fine.Recipients);
        Record(tx, stamp, clock, "schedule", id, null, draft);
        return (await Find(tx, viewer, id, ct))!;
    }

    /// <summary>Replaces what a schedule says.</summary>
    /// <returns>Refused as <see cref="Make"/>, with <c>NOT_FOUND</c> for one that is not the reader's to change, or <c>VERSION_CONFLICT</c>.</returns>
    public static async Task<Result<Schedule>> Alter(
        Tx tx, FunctionCatalogue catalogue, Viewer viewer, Guid id, ScheduleDraft draft, long? version, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        if (await Locked(tx, viewer, id, ct) is not { Mine: true } was) return Refusals.NotFound("schedule");
        if (version is { } seen && seen != was.Version) return Documents.Headers.Conflict(was.Version);
        // It goes on with its owner's permissions, so nobody else may say what it tells.
        if (was.OwnerId != stamp.Actor.UserId) return Refusals.NotFound("schedule");
        var asked = await Check(tx, catalogue, viewer, draft, stamp, ct);
        if (asked.IsRefused) return asked.Refusal;
        var fine = asked.Value;
        tx.Stage($"""
            update report_schedule set name = {draft.Name.Trim()}, function = {fine.Page.Function!.Code}, page = {PageText(fine.Page)}, query = {fine.Query}, view_id = {draft.ViewId}, format = {draft.Format},
              every = {draft.Every}, on_day = {(long)draft.OnDay}, at_minute = {(long)fine.Minute}, branch_id = {fine.Branch.Id}, period = {draft.Period}, branches = {string.Join(',', fine.Branches)},
              keep_days = {(long)draft.KeepDays}, active = {draft.Active}, next_at = {fine.Clock.After(stamp.At)}, version = version + 1 where id = {id}
            """);
        tx.Stage($"delete from schedule_recipient where schedule_id = {id}");
        StageRecipients(tx, id, fine.Recipients);
        Record(tx, stamp, clock, "change-schedule", id, was with { Last = null }, draft);
        return (await Find(tx, viewer, id, ct))!;
    }

    /// <summary>Starts or stops a schedule; an administrator of reports may stop anybody's.</summary>
    /// <returns>Refused with <c>NOT_FOUND</c>.</returns>
    public static async Task<Result<Schedule>> Switch(Tx tx, Viewer viewer, Guid id, bool active, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        if (await Locked(tx, viewer, id, ct) is not { Mine: true } was) return Refusals.NotFound("schedule");
        // What was missed while it stood still stays missed.
        tx.Stage($"update report_schedule set active = {active}, next_at = {ClockOf(was).After(stamp.At)}, version = version + 1 where id = {id}");
        Record(tx, stamp, clock, active ? "start-schedule" : "stop-schedule", id, new { was.Active }, new { Active = active });
        return (await Find(tx, viewer, id, ct))!;
    }

    /// <summary>Forgets a schedule with its runs and files.</summary>
    /// <returns>What it was. Refused with <c>NOT_FOUND</c>.</returns>
    public static async Task<Result<Schedule>> Delete(Tx tx, Viewer viewer, Guid id, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        if (await Locked(tx, viewer, id, ct) is not { Mine: true } was) return Refusals.NotFound("schedule");
        tx.Stage($"delete from report_file_chunk where run_id in (select id from report_run where schedule_id = {id})");
        tx.Stage($"delete from report_run where schedule_id = {id}");
        tx.Stage($"delete from schedule_recipient where schedule_id = {id}");
        tx.Stage($"delete from report_schedule where id = {id}");
        Record(tx, stamp, clock, "delete-schedule", id, was with { Last = null }, null);
        return was;
    }

    /// <summary>Has it run now, beside its set times.</summary>
    /// <returns>The run that waits. Refused with <c>NOT_FOUND</c>.</returns>
    public static async Task<Result<RunBrief>> RunNow(Tx tx, Viewer viewer, Guid id, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        if (await Locked(tx, viewer, id, ct) is not { Mine: true } was) return Refusals.NotFound("schedule");
        var run = Ids.New(clock);
        tx.Stage($"""
            insert into report_run (id, schedule_id, due_at, state, attempt, lease_until, node, title) values ({run}, {id}, {stamp.At}, 'waiting', {0L}, {stamp.At}, '', {was.Name})
            """);
        Record(tx, stamp, clock, "run-schedule", id, null, new { run });
        return new RunBrief(run, stamp.At, "waiting", null, null, null);
    }

    /// <summary>The clock of a schedule.</summary>
    internal static ScheduleClock ClockOf(Schedule schedule) =>
        new(schedule.Every, schedule.OnDay, ScheduleClock.MinuteOf(schedule.At) ?? 0, TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone));

    private static async Task<Result<Checked>> Check(Tx tx, FunctionCatalogue catalogue, Viewer viewer, ScheduleDraft draft, Stamp stamp, CancellationToken ct)
    {
        if (Invalid(draft) is { } wrong) return wrong;
        var (page, query) = (draft.Page, draft.Query ?? "");
        if (draft.ViewId is { } id)
        {
            if (await SavedViews.Find(tx, catalogue, viewer, id, ct) is not { } view) return ScheduleRefusals.ViewGone with { At = "/viewId" };
            (page, query) = (view.Page, view.Query);
        }

        if (page is null || PageAddress.Find(catalogue, page) is not { Part: "list" or "reports", Function: { } function } address) return ScheduleRefusals.Invalid("Only a list or a report can be made into a file.", "/page");
        if (!viewer.Sees(function)) return CommandRunner.Denied(address.Permission);
        var branch = string.IsNullOrEmpty(draft.Branch) ? viewer.Organisation.Branch(stamp.BranchId) : viewer.Organisation.FindBranch(draft.Branch);
        if (branch is null) return Refusals.FilterInvalid("branch", draft.Branch!);
        var branches = new List<string>();
        foreach (var code in draft.Branches ?? [])
        {
            if (viewer.Organisation.FindBranch(code) is not { } known) return Refusals.FilterInvalid("branches", code);
            branches.Add(known.Code);
        }

        // Who may not take the file away now is told at once and not the next morning.
        var order = ScheduledOrder.Of(address, query, draft.Format, branches, (stamp.BusinessDate, stamp.BusinessDate));
        if (viewer.ExportScope(order.Function, order.Branch) is { IsRefused: true } scope) return scope.Refusal;
        var recipients = await Recipients(tx, draft.Recipients ?? [], ct);
        if (recipients.IsRefused) return recipients.Refusal;
        var minute = ScheduleClock.MinuteOf(draft.At)!.Value;
        return new Checked(address, query, branch, minute, branches, recipients.Value, new ScheduleClock(draft.Every, draft.OnDay, minute, branch.Zone));
    }

    private static Refusal? Invalid(ScheduleDraft draft) =>
        draft.Name.Trim() is not { Length: >= 1 and <= LongestName } || draft.Name.Any(char.IsControl) ? ScheduleRefusals.Invalid($"A schedule's name has 1 to {LongestName} characters.", "/name")
        : !FileOrder.Formats.Contains(draft.Format) ? ScheduleRefusals.Invalid("The format is csv, xlsx or pdf.", "/format")
        : draft.Every is not ("daily" or "weekly" or "monthly") ? ScheduleRefusals.Invalid("A schedule is daily, weekly or monthly.", "/every")
        : ScheduleClock.MinuteOf(draft.At) is null ? ScheduleRefusals.Invalid("The time is written as 06:30.", "/at")
        : !ScheduleClock.Periods.Contains(draft.Period) ? ScheduleRefusals.Invalid($"The period is one of {string.Join(", ", ScheduleClock.Periods)}.", "/period")
        : draft.OnDay < 1 || draft.OnDay > (draft.Every == "monthly" ? 31 : 7) ? ScheduleRefusals.Invalid("The day is 1 to 7 of a week, 1 to 31 of a month.", "/onDay")
        : draft.KeepDays is < 1 or > 365 ? ScheduleRefusals.Invalid("Files are kept 1 to 365 days.", "/keepDays")
        : draft.Query is { } query && (query.Length > LongestQuery || query.Any(char.IsControl) || query.StartsWith('?')) ? ScheduleRefusals.Invalid($"A query has at most {LongestQuery} characters and begins after the question mark.", "/query")
        : draft.Branches is { Count: > MostBranches } ? ScheduleRefusals.Invalid($"At most {MostBranches} branches are named.", "/branches")
        : draft.Recipients is { Count: > MostRecipients } ? ScheduleRefusals.Invalid($"At most {MostRecipients} recipients are named.", "/recipients")
        : null;

    private static async Task<Result<IReadOnlyList<(Guid? User, string? Role)>>> Recipients(Tx tx, IReadOnlyList<ScheduleRecipient> wanted, CancellationToken ct)
    {
        var names = wanted.Where(one => one.User is not null).Select(one => User.KeyOf(one.User!)).ToList();
        var users = tx.Later($"select user_key, id from app_user where active and user_key {Sql.List(names)}", row => (Key: row.Text(0), Id: row.Guid(1)));
        var roles = tx.Later($"select code from role where code {Sql.List(wanted.Select(one => one.Role ?? ""))}", row => row.Text(0));
        await tx.Flush(ct);
        var known = users.Value.ToDictionary(one => one.Key, one => one.Id, StringComparer.Ordinal);
        var found = new HashSet<(Guid? User, string? Role)>();
        for (var at = 0; at < wanted.Count; at++)
        {
            var one = wanted[at];
            if (one.User is null == one.Role is null) return ScheduleRefusals.Invalid("A recipient is a user or a role.", $"/recipients/{at}");
            if (one.User is { } name && !known.ContainsKey(User.KeyOf(name))) return ScheduleRefusals.Invalid($"There is no active user '{name}'.", $"/recipients/{at}/user");
            if (one.Role is { } role && !roles.Value.Contains(role)) return ScheduleRefusals.Invalid($"There is no role '{role}'.", $"/recipients/{at}/role");
            found.Add((one.User is null ? null : known[User.KeyOf(one.User)], one.Role));
        }

        return Result.Of<IReadOnlyList<(Guid? User, string? Role)>>([.. found]);
    }

    private static readonly Table RecipientTable = new("schedule_recipient", ("schedule_id", Kind.Id), ("user_id", Kind.Id), ("role", Kind.Text));

    private static void StageRecipients(Tx tx, Guid id, IReadOnlyList<(Guid? User, string? Role)> recipients) =>
        tx.Insert(RecipientTable, [.. recipients.Select(one => new object?[] { id, one.User, one.Role })]);

    private static async Task<Schedule?> Locked(Tx tx, Viewer viewer, Guid id, CancellationToken ct)
    {
        await tx.Query($"select id from report_schedule where id = {id}{Dialect.ForUpdate(tx.Engine)}", row => row.Guid(0), ct);
        return await Find(tx, viewer, id, ct);
    }

    /// <summary>Those that somebody made, is told of by name or by role, or administers, as a test of <c>report_schedule s</c>.</summary>
    internal static Sql Visible(Actor actor)
    {
        if (Administers(actor)) return Sql.Raw("1 = 1");
        var roles = Sql.List(actor.Grants.Select(grant => grant.Role).Distinct(StringComparer.Ordinal));
        return $"(s.owner_id = {actor.UserId} or exists (select 1 from schedule_recipient t where t.schedule_id = s.id and (t.user_id = {actor.UserId} or t.role {roles})))";
    }

    private static bool Administers(Actor actor) => actor.MayAnywhere($"{Function}.configure");

    private static async Task<IReadOnlyList<Schedule>> Read(Db db, Viewer viewer, Sql where, CancellationToken ct)
    {
        var (actor, all) = (viewer.Actor, Administers(viewer.Actor));
        var schedules = db.Later($"""
            select s.id, s.name, s.function, s.page, s.query, s.view_id, s.format, s.every, s.on_day, s.at_minute, s.branch_id, s.period, s.branches, s.keep_days, s.active, s.next_at, s.owner_id, u.name, s.version,
              r.id, r.due_at, r.state, r.ended_at, r.code, r.message
            from report_schedule s join app_user u on u.id = s.owner_id
            left join report_run r on r.id = (select l.id from report_run l where l.schedule_id = s.id order by l.id desc limit 1)
            where {where} order by s.name, s.id limit {MostListed}
            """, row => Read(row, viewer, actor.UserId == row.Guid(16) || all));
        var told = db.Later($"""
            select t.schedule_id, u.user_name, t.role from schedule_recipient t join report_schedule s on s.id = t.schedule_id left join app_user u on u.id = t.user_id where {where} order by u.user_name, t.role
            """, row => (Schedule: row.Guid(0), Recipient: new ScheduleRecipient(row.TextOrNull(1), row.TextOrNull(2))));
        await db.Flush(ct);
        var recipients = told.Value.ToLookup(one => one.Schedule, one => one.Recipient);
        return [.. schedules.Value.Select(schedule => schedule with { Recipients = [.. recipients[schedule.Id]] })];
    }

    private static Schedule Read(Row row, Viewer viewer, bool mine)
    {
        var branch = viewer.Organisation.Branch(row.Guid(10));
        var last = row.IsNull(19) ? null : new RunBrief(row.Guid(19), row.Instant(20), row.Text(21), row.InstantOrNull(22), row.TextOrNull(23), row.TextOrNull(24));
        return new Schedule(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.GuidOrNull(5), row.Text(6), row.Text(7), row.Int(8), ScheduleClock.Text(row.Int(9)), branch.Code,
            branch.TimeZone, row.Text(11), row.Text(12) is { Length: > 0 } codes ? codes.Split(',') : [], row.Int(13), row.Bool(14), row.Bool(14) ? row.Instant(15) : null, row.Guid(16), row.Text(17), mine, [], last, row.Long(18));
    }

    private static string PageText(PageAddress page) => $"/{page.Function!.Module}/{page.Function.Slug}/{page.Part}{(page.Report is null ? "" : $"/{page.Report}")}";

    private static void Record(Tx tx, Stamp stamp, TimeProvider clock, string action, Guid id, object? before, object? after) => AuditTrail.Stage(tx, new AuditEvent(
        stamp, Function, action, "schedule", id, Before: before is null ? null : JsonSerializer.Serialize(before), After: after is null ? null : JsonSerializer.Serialize(after)), clock);
}
