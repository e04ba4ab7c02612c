using Plug1.Kernel.Jobs;

namespace Plug1.Kernel.Audit.Verification;

/// <summary>A verification that somebody asked for in the audit viewer.</summary>
/// <remarks>It reads and has no steps: what is run again after a node was lost begins anew. Its result is kept in one step with the checkpoint, so once.</remarks>
public sealed class VerifyAuditWork(AuditVerifier verifier) : WorkHandler
{
    /// <summary>Its word.</summary>
    public const string Word = "audit-verify";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public override string Function => AuditVerifier.Function;

    /// <inheritdoc/>
    public override string Action => "verify";

    /// <inheritdoc/>
    public override string LinkOf(Guid work) => "/audit";

    /// <inheritdoc/>
    public override async Task<Result<string>> Run(WorkRun run, CancellationToken ct)
    {
        if (run.Checkpoint is { } kept) return kept;
        var (result, _, _) = await verifier.Run(VerifyOrigin.Asked, run.Work.AskedBy, seen: (done, total) => run.Tell(done, total, "Computing blocks again"), ct: ct);
        var told = AuditVerifier.Told(result);
        var step = await run.Step(tx =>
        {
            verifier.Keep(tx, result);
            return Task.FromResult(Plug1.Kernel.Result.Of(told));
        }, ct);
        return step.IsRefused ? step.Refusal : told;
    }
}
