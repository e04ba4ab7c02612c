using System.Text.Json;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Jobs;

/// <summary>This node holds the work no longer: its lease ran out and another took it.</summary>
public sealed class WorkLostException() : Exception("Another node has taken this work.");

/// <summary>Work while it runs on this node: what was asked, and how it says how far it has come.</summary>
public sealed class WorkRun
{
    private readonly Database database;
    private readonly TimeProvider clock;
    private readonly WorkOptions options;
    private readonly long turn;
    private readonly Lock guard = new();
    private (long Done, long Total, string Stage)? told;

    internal WorkRun(Database database, TimeProvider clock, WorkOptions options, Work work, long turn, string? checkpoint, Actor actor) =>
        (this.database, this.clock, this.options, Work, this.turn, Checkpoint, Actor) = (database, clock, options, work, turn, checkpoint, actor);

    /// <summary>What was asked.</summary>
    public Work Work { get; }

    /// <summary>Who asked, with what they are granted now.</summary>
    public Actor Actor { get; }

    /// <summary>As a call, for the services that take one.</summary>
    public CommandCall Call => new(Actor, Work.BranchId, "work");

    /// <summary>Where an earlier run of it ended; null when this is the first.</summary>
    public string? Checkpoint { get; private set; }

    /// <summary>Somebody asked for it to stop.</summary>
    internal bool IsCancelled { get; private set; }

    /// <summary>Another node has it.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>What was asked.</summary>
    public T Input<T>() => JsonSerializer.Deserialize<T>(Work.Input, JsonSerializerOptions.Web) ?? throw new InvariantBrokenException("Work was asked for without an input.");

    /// <summary>Says how far it has come; written within a moment.</summary>
    /// <param name="done">Steps done.</param>
    /// <param name="total">Steps in all; zero when that is not known.</param>
    /// <param name="stage">What it is doing.</param>
    public void Tell(long done, long total, string stage)
    {
        lock (guard) told = (done, total, stage);
    }

    /// <summary>Does a step and says how far it has come, in one transaction: when the step counts, so does that it was done.</summary>
    /// <param name="step">The step; answers the checkpoint behind it. Run again from its start when the engine asks for it.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>The refusal of the step, which undoes it.</returns>
    /// <exception cref="OperationCanceledException">Somebody asked for the work to stop; the step was not done.</exception>
    /// <exception cref="WorkLostException">Another node has the work; the step was not done.</exception>
    public async Task<Result> Step(Func<Tx, Task<Result<string>>> step, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var done = await database.Write<string>(async tx =>
        {
            // The row stays locked until the step is on disk, so nobody takes the work in between.
            Heard(await Hold(tx, ct));
            if (IsLost) throw new WorkLostException();
            if (IsCancelled) throw new OperationCanceledException();
            var after = await step(tx);
            if (!after.IsRefused) tx.Stage($"update work set checkpoint = {after.Value} where id = {Work.Id}");
            return after;
        }, ct);
        if (done.IsRefused) return done.Refusal;
        Checkpoint = done.Value;
        return Result.Done;
    }

    /// <summary>Keeps a file that the work produced; one of the same role is replaced.</summary>
    public void Produce(Tx tx, string role, string name, string mediaType, byte[] content) =>
        WorkFiles.Use(tx, Work.Id, role, WorkFiles.Stage(tx, Work.AskedBy, role, name, mediaType, content, clock).Id);

    /// <summary>Says that the node is there, writes what was told and looks whether it is to stop.</summary>
    internal Task Beat(CancellationToken ct) => database.Write(async tx => Heard(await Hold(tx, ct)), ct);

    /// <summary>Ends it, when this node still holds it.</summary>
    /// <returns>Whether it did.</returns>
    internal async Task<bool> End(Tx tx, string state, string? result, Refusal? error, CancellationToken ct)
    {
        await Hold(tx, ct);
        var now = Dialect.Micro(clock.GetUtcNow());
        var message = error?.Message is { Length: > JobJournal.LongestError } text ? text[..JobJournal.LongestError] : error?.Message;
        return await tx.Execute($"""
            update work set state = {state}, result = {result}, error_code = {error?.Code}, error = {message}, ended_at = {now}, lease_until = {(DateTimeOffset?)null}
            where id = {Work.Id} and turn = {turn} and state = 'running'
            """, ct) == 1;
    }

    /// <summary>Gives it back, so that another node goes on with it.</summary>
    internal Task GiveBack() => database.Write(tx => tx.Execute(
        $"update work set state = 'waiting', lease_until = {(DateTimeOffset?)null} where id = {Work.Id} and turn = {turn} and state = 'running'", CancellationToken.None), CancellationToken.None);

    /// <summary>Makes the lease longer. Answers whether it is to stop; null when another node has it.</summary>
    private async Task<bool?> Hold(Tx tx, CancellationToken ct)
    {
        (long Done, long Total, string Stage)? now;
        lock (guard) now = told;
        Sql progress = now is { } far ? (Sql)$", done = {far.Done}, total = {far.Total}, stage = {far.Stage}" : Sql.Raw("");
        var held = await tx.Query($"""
            update work set lease_until = {Dialect.Micro(clock.GetUtcNow() + options.Lease)}{progress} where id = {Work.Id} and turn = {turn} and state = 'running' returning cancel_asked
            """, row => row.Bool(0), ct);
        return held.Count == 0 ? null : held[0];
    }

    private void Heard(bool? stop)
    {
        IsLost |= stop is null;
        IsCancelled |= stop is true;
    }
}
