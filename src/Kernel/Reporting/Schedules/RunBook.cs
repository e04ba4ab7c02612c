using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting.Schedules;

/// <summary>What schedules made: their runs, and the files that are still kept.</summary>
public static class RunBook
{
    /// <summary>Runs of the schedules that a reader sees, the latest first.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="viewer">Who reads.</param>
    /// <param name="schedule">Only of this one, or null.</param>
    /// <param name="after">The last of the page before, or null.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="ct">Cancellation.</param>
    public static Task<List<ScheduleRun>> Page(Db db, Viewer viewer, Guid? schedule, Guid? after, int limit, CancellationToken ct = default)
    {
        Sql of = schedule is { } one ? $" and r.schedule_id = {one}" : Sql.Raw("");
        Sql older = after is { } last ? $" and r.id < {last}" : Sql.Raw("");
        return db.Query($"{Columns} where {ScheduleBook.Visible(viewer.Actor)}{of}{older} order by r.id desc limit {limit}", Read, ct);
    }

    /// <summary>One run that the reader sees, or null.</summary>
    public static Task<ScheduleRun?> Find(Db db, Viewer viewer, Guid id, CancellationToken ct = default) =>
        db.First($"{Columns} where r.id = {id} and {ScheduleBook.Visible(viewer.Actor)}", Read, ct);

    /// <summary>Whether a reader may take a file away: they hold what its rows and columns ask for at every branch that it tells.</summary>
    /// <returns>Refused with <c>NOT_FOUND</c>, <c>FILE_GONE</c> or <c>PERMISSION_DENIED</c>.</returns>
    public static async Task<Result<ScheduleRun>> MayTake(Db db, Viewer viewer, Guid id, CancellationToken ct = default)
    {
        if (await Find(db, viewer, id, ct) is not { State: "done" } run) return Refusals.NotFound("file");
        if (run.ExpiresAt is null) return ScheduleRefusals.FileGone;
        var (needs, branches) = await db.First($"select needs, branches from report_run where id = {id}", row => (row.Text(0).Split(','), row.Text(1).Split(',')), ct);
        foreach (var permission in needs)
        {
            var missing = branches.Select(Guid.Parse).Where(branch => !viewer.Actor.May(permission, branch)).Select(viewer.BranchCode).ToList();
            if (missing.Count > 0)
                return new Refusal("PERMISSION_DENIED", $"You lack the permission {permission} at {string.Join(", ", missing)}, which this file tells of.", Status: 403,
                    Detail: new Dictionary<string, object?> { ["permission"] = permission, ["branches"] = missing });
        }

        return run;
    }

    /// <summary>A piece of a file, or null behind the last. Each is read by itself, so that a slow network holds no session.</summary>
    public static Task<byte[]?> Chunk(Db db, Guid run, long seq, CancellationToken ct = default) =>
        db.First($"select content from report_file_chunk where run_id = {run} and seq = {seq}", row => row.Bytes(0), ct);

    private static Sql Columns => Sql.Raw("""
        select r.id, r.schedule_id, r.title, s.function, r.due_at, r.state, r.ended_at, r.from_date, r.to_date, r.code, r.message, r.file_name, r.media_type, r.rows, r.bytes, r.sha256, r.expires_at
        from report_run r join report_schedule s on s.id = r.schedule_id
        """);

    private static ScheduleRun Read(Row row) => new(row.Guid(0), row.Guid(1), row.Text(2), row.Text(3), row.Instant(4), row.Text(5), row.InstantOrNull(6), row.DateOrNull(7), row.DateOrNull(8), row.TextOrNull(9),
        row.TextOrNull(10), row.TextOrNull(11), row.TextOrNull(12), row.LongOrNull(13), row.LongOrNull(14), row.TextOrNull(15), row.InstantOrNull(16));
}
