using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Jobs;

/// <summary>Where long work is asked for, looked at and cancelled.</summary>
public sealed class WorkDesk(CommandRunner runner, IEnumerable<WorkHandler> handlers, WorkOptions options)
{
    private const string Columns =
        "w.id, w.kind, w.title, w.asked_by, coalesce(u.name, ''), w.branch_id, w.state, w.stage, w.done, w.total, w.cancel_asked, w.input, w.result, w.error_code, w.error, w.asked_at, w.started_at, w.ended_at, w.node";

    private static readonly Table Table = new("work",
        ("id", Kind.Id), ("kind", Kind.Text), ("title", Kind.Text), ("asked_by", Kind.Id), ("branch_id", Kind.Id), ("input", Kind.Text), ("asked_at", Kind.Instant));

    private readonly Dictionary<string, WorkHandler> handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    /// <summary>Asks for work in the transaction of the caller, who has asked for the permission of its kind. A node begins it within a moment.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="stamp">Who asks, and for which branch.</param>
    /// <param name="kind">Of a handler that is registered.</param>
    /// <param name="title">One line for people.</param>
    /// <param name="input">What is asked, as JSON.</param>
    /// <param name="files">Files by their role.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Its id; refused with <c>WORK_TOO_MUCH</c>.</returns>
    public async Task<Result<Guid>> Ask(Tx tx, Stamp stamp, string kind, string title, string input, IReadOnlyDictionary<string, Guid>? files = null, CancellationToken ct = default)
    {
        var handler = handlers[kind];
        // One user's calls wait for each other here, so that two at once cannot both be the last that is allowed.
        if (tx.Engine == Engine.Postgres) tx.Later($"select pg_advisory_xact_lock(17, hashtext({stamp.Actor.UserId.ToString("D")}))::text", row => 0);
        var open = await tx.Number($"select count(*) from work where ended_at is null and asked_by = {stamp.Actor.UserId}", ct);
        if (open >= options.MostOpen) return WorkRefusals.TooMuch(options.MostOpen);
        var id = Ids.New(runner.Clock);
        tx.Insert(Table, [[id, kind, title, stamp.Actor.UserId, stamp.BranchId, input, stamp.At]]);
        foreach (var (role, file) in files ?? new Dictionary<string, Guid>()) WorkFiles.Use(tx, id, role, file);
        AuditTrail.Stage(tx, new AuditEvent(stamp, handler.Function, "ask", kind, id, After: input, ReasonText: title), runner.Clock);
        return id;
    }

    /// <summary>Asks for work to stop: at once when it waits, at its next step when it runs. One's own, or anybody's with <c>kernel.jobs.run</c>.</summary>
    /// <returns>Refused with <c>NOT_FOUND</c> or <c>WORK_ENDED</c>.</returns>
    public async Task<Result<Answer>> Cancel(CommandCall call, Work work, CancellationToken ct = default)
    {
        var own = work.AskedBy == call.Actor.UserId;
        var (function, action) = own && handlers.TryGetValue(work.Kind, out var handler) ? (handler.Function, handler.Action) : ("kernel.jobs", "run");
        return await runner.Run(own ? call with { BranchId = work.BranchId } : call, function, action, 200, async (tx, stamp) =>
        {
            var lockRow = Dialect.ForUpdate(tx.Engine);
            var state = await tx.First($"select state from work where id = {work.Id}{lockRow}", row => row.Text(0), ct);
            if (state is not (WorkState.Waiting or WorkState.Running)) return WorkRefusals.Ended;
            if (state == WorkState.Waiting) tx.Stage($"update work set state = 'cancelled', cancel_asked = {true}, ended_at = {stamp.At} where id = {work.Id}");
            else tx.Stage($"update work set cancel_asked = {true} where id = {work.Id}");
            AuditTrail.Stage(tx, new AuditEvent(stamp, function, "cancel", work.Kind, work.Id, ReasonText: work.Title), runner.Clock);
            return Result.Of(new CancelledWork(work.Id, state == WorkState.Waiting ? WorkState.Cancelled : WorkState.Running));
        }, ct);
    }

    /// <summary>The handler of a kind; null when this version has none.</summary>
    public WorkHandler? HandlerOf(string kind) => handlers.GetValueOrDefault(kind);

    /// <summary>Work, the latest first.</summary>
    /// <param name="db">A session.</param>
    /// <param name="user">Only what this one asked for; null for everybody's.</param>
    /// <param name="kinds">Only of these kinds; null for all.</param>
    /// <param name="open">Only what waits or runs.</param>
    /// <param name="before">Only those before this one.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Cancellation.</param>
    public static Task<List<Work>> Page(Db db, Guid? user, IReadOnlyList<string>? kinds, bool open, Guid? before, int most, CancellationToken ct)
    {
        Sql mine = user is { } who ? $" and w.asked_by = {who}" : Sql.Raw("");
        Sql ofKind = kinds is null ? Sql.Raw("") : $" and w.kind {Sql.List(kinds)}";
        Sql older = before is { } last ? $" and w.id < {last}" : Sql.Raw("");
        var unended = Sql.Raw(open ? " and w.ended_at is null" : "");
        return db.Query($"select {Sql.Raw(Columns)} from work w left join app_user u on u.id = w.asked_by where 1 = 1{mine}{ofKind}{unended}{older} order by w.id desc limit {most}", Read, ct);
    }

    /// <summary>One piece of work, or null.</summary>
    public static Task<Work?> Find(Db db, Guid id, CancellationToken ct) =>
        db.First($"select {Sql.Raw(Columns)} from work w left join app_user u on u.id = w.asked_by where w.id = {id}", Read, ct);

    private static Work Read(Row row) => new(
        row.Guid(0), row.Text(1), row.Text(2), row.Guid(3), row.Text(4), row.Guid(5), row.Text(6), row.Text(7), row.Long(8), row.Long(9), row.Bool(10), row.Text(11), row.TextOrNull(12),
        row.TextOrNull(13), row.TextOrNull(14), row.Instant(15), row.InstantOrNull(16), row.InstantOrNull(17), row.TextOrNull(18));
}

/// <summary>Work that was asked to stop.</summary>
/// <param name="Id">The work.</param>
/// <param name="State"><c>cancelled</c>, or <c>running</c> when it stops at its next step.</param>
public sealed record CancelledWork(Guid Id, string State);
