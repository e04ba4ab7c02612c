using System.Text.Json;
using System.Text.Json.Nodes;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.MasterData;

/// <summary>The doors to master data: reading asks for view, writing is a command with key, version and audit.</summary>
public sealed class MasterDesk(CommandRunner runner, Database database)
{
    /// <summary>The clock of its commands.</summary>
    public TimeProvider Clock => runner.Clock;

    /// <summary>Reads a page.</summary>
    public async Task<Result<MasterPage<TView>>> List<TView, TWrite>(Master<TView, TWrite> master, CommandCall call, MasterQuery query, CancellationToken ct = default)
        where TView : class
        where TWrite : class
    {
        if (Unseen(master.Function, call) is { } denied) return denied;
        var page = await database.Read(db => master.List(db, query with { Limit = Math.Clamp(query.Limit, 1, 200) }, ct), ct);
        return page with { Items = [.. page.Items.Select(view => master.Shown(view, call.Actor, call.BranchId))] };
    }

    /// <summary>Reads one. Refused with <c>NOT_FOUND</c>.</summary>
    public async Task<Result<TView>> Get<TView, TWrite>(Master<TView, TWrite> master, CommandCall call, string id, CancellationToken ct = default)
        where TView : class
        where TWrite : class
    {
        if (Unseen(master.Function, call) is { } denied) return denied;
        return await database.Read(db => master.Find(db, id, locked: false, ct), ct) is { } found ? master.Shown(found, call.Actor, call.BranchId) : MasterRefusals.Unknown(master.Thing);
    }

    /// <summary>Enters one.</summary>
    public Task<Result<Answer>> Create<TView, TWrite>(Master<TView, TWrite> master, CommandCall call, TWrite write, CancellationToken ct = default)
        where TView : class
        where TWrite : class =>
        runner.Run(call, master.Function, master.CreateAction, 201, async (tx, stamp) =>
        {
            master.Touch(tx);
            var made = await master.Insert(tx, write, stamp, ct);
            if (made.IsRefused) return made;
            Audit(tx, master, "create", null, made.Value, stamp);
            return master.Shown(made.Value, call.Actor, call.BranchId);
        }, ct);

    /// <summary>Changes one: what was sent is merged over what stands, when that is of the version that the writer has seen; null when any will do.</summary>
    /// <exception cref="JsonException">The change has members that cannot be entered.</exception>
    public Task<Result<Answer>> Change<TView, TWrite>(Master<TView, TWrite> master, CommandCall call, string id, long? version, JsonObject change, CancellationToken ct = default)
        where TView : class
        where TWrite : class =>
        runner.Run(call, master.Function, master.UpdateAction, 200, async (tx, stamp) =>
        {
            // The stamp first: its row is the lock under which changes of one area follow each other.
            master.Touch(tx);
            if (await master.Find(tx, id, locked: true, ct) is not { } before) return (Result<TView>)MasterRefusals.Unknown(master.Thing);
            if (version is { } seen && master.KeyOf(before).Version != seen) return Headers.Conflict(master.KeyOf(before).Version);
            var after = await master.Change(tx, before, MasterJson.Merge(master.WriteOf(before), change), stamp, ct);
            if (after.IsRefused) return after;
            Audit(tx, master, "update", before, after.Value, stamp);
            return master.Shown(after.Value, call.Actor, call.BranchId);
        }, ct);

    /// <summary>Runs a command of its own on master data.</summary>
    public Task<Result<Answer>> Run<T>(CommandCall call, string function, string action, Func<Tx, Stamp, Task<Result<T>>> handle, CancellationToken ct = default) =>
        runner.Run(call, function, action, 200, handle, ct);

    /// <summary>Reads with a permission.</summary>
    public async Task<Result<T>> Read<T>(CommandCall call, string function, Func<Db, Task<Result<T>>> read, CancellationToken ct = default) =>
        Unseen(function, call) is { } denied ? denied : await database.Read(read, ct);

    /// <summary>Gathers the audit event of a change.</summary>
    internal void Audit(Tx tx, string function, string action, string thing, Guid? id, object? before, object after, Stamp stamp, string? why = null) =>
        AuditTrail.Stage(tx, new AuditEvent(stamp, function, action, thing, id, Before: Json(before), After: Json(after), ReasonText: why), Clock);

    private void Audit<TView, TWrite>(Tx tx, Master<TView, TWrite> master, string action, TView? before, TView after, Stamp stamp)
        where TView : class
        where TWrite : class
    {
        if (master.AuditsItself) return;
        Audit(tx, master.Function, action, master.Thing, master.KeyOf(after).Object, before, after, stamp);
    }

    private static string? Json(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), MasterJson.Strict);

    private static Refusal? Unseen(string function, CommandCall call) =>
        call.Actor.May($"{function}.view", call.BranchId) ? null : CommandRunner.Denied($"{function}.view");
}
