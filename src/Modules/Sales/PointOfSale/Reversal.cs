using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>Reverses a sale of the open shift: at once with a second person's grant, else by the approval that the rules ask for.</summary>
internal sealed class Reversal(CommandRunner runner, PointOfSaleFunction function, LifecycleDesk lifecycle, SecondPerson secondPerson)
{
    public Task<Result<Answer>> Run(CommandCall call, Guid id, Result<long?> version, ReverseSaleRequest request, CancellationToken ct = default) =>
        runner.Run(call, function.Code, Verb.Reverse, 200, (tx, stamp) => Within(tx, stamp, id, version, request, ct), ct);

    /// <summary>Reverses inside a transaction that is open already.</summary>
    public async Task<Result<LifecycleOutcome>> Within(Tx tx, Stamp stamp, Guid id, Result<long?> version, ReverseSaleRequest request, CancellationToken ct = default)
    {
        if (version.Refusal is { } bad) return bad;
        if (request.Approval is not { } grant)
            return await lifecycle.Within(tx, stamp, function, new LifecycleStep(Verb.Reverse, id, version.Value, request.Reason, request.Text), ct);

        var locked = await Headers.Lock(tx, function.Code, id, version.Value, ct);
        if (locked.Refusal is { } gone) return gone;
        var header = locked.Value;
        // The grant was given in the branch worked in, and counts there only.
        if (header.BranchId != stamp.BranchId) return Headers.Unknown;
        if (Lifecycle.Next(header.Status, Verb.Reverse) is { Refusal: { } illegal }) return illegal;
        var reason = Reasons.Find(tx, function.Code, Verb.Reverse, request.Reason);
        await tx.Flush(ct);
        if (reason.Value.Count == 0) return Reasons.Required(Verb.Reverse);
        var document = await function.Load(tx, header, ct);
        if ((await document.MayReverse(tx, stamp, ct)).Refusal is { } no) return no;
        var granted = await secondPerson.Redeem(tx, grant.Token, $"{function.Code}.grant-reversal", stamp.BranchId, id, stamp.Actor.UserId, ct);
        if (granted.Refusal is { } refused) return refused;
        var moved = await lifecycle.ReverseNow(tx, stamp, function, document, ct);
        if (moved.Refusal is { } failed) return failed;
        Headers.Update(tx, header);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, Verb.Reverse, header.Kind, header.Id, After: Snapshots.Of(new { header.Status, grantedBy = granted.Value.UserName }), Reason: request.Reason, ReasonText: request.Text), runner.Clock);
        return new LifecycleOutcome(header.Id, header.Number, header.Status, header.Version, moved.Value.Mirror);
    }
}
