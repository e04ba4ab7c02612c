using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Operations;

/// <summary>How far the audit trail is sealed.</summary>
/// <param name="Last">The last block; null when nothing is sealed yet.</param>
/// <param name="WaitingEvents">Events that wait for the next block.</param>
/// <param name="WaitingTransactions">Ledger transactions that wait for the next block.</param>
public sealed record SealStateAnswer(SealBlock? Last, long WaitingEvents, long WaitingTransactions);

/// <summary>Sealed blocks, latest first.</summary>
public sealed record SealBlocksAnswer(IReadOnlyList<SealBlock> Items, string? Next);

/// <summary>What proves that nothing was changed afterwards; needs <c>kernel.audit.view</c>, for the ledger <c>kernel.ledger.view</c>.</summary>
internal static class AuditEndpoints
{
    private const string Permission = "kernel.audit.view";
    private const string Ledger = "kernel.ledger.view";
    private const int MostRows = 200;
    private static readonly int[] No = [400, 401, 403, 404, 409, 422];

    public static void MapAuditProofs(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit");
        audit.MapGet("/seals", (RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var scope = viewer.Scope(Permission);
            return scope.IsRefused ? scope.Refusal : (Result<SealStateAnswer>)await State(db, ct);
        })).WithName("sealState").WithSummary("How far the audit trail and the ledger are sealed.").Produces<SealStateAnswer>().Refuses(No);

        audit.MapGet("/blocks", (RequestActor who, Reading reading, int? limit, long? after, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var scope = viewer.Scope(Permission);
            if (scope.IsRefused) return scope.Refusal;
            if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
            var blocks = await AuditSeals.Blocks(db, after ?? long.MaxValue, (limit ?? 50) + 1, ct);
            var told = blocks.Take(limit ?? 50).ToList();
            return (Result<SealBlocksAnswer>)new SealBlocksAnswer(told, blocks.Count > told.Count ? $"{told[^1].Number}" : null);
        })).WithName("sealBlocks").WithSummary("The heads of sealed blocks, latest first.").Produces<SealBlocksAnswer>().Refuses(No);

        audit.MapGet("/{id:guid}/proof", (Guid id, RequestActor who, Reading reading, long? until, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var scope = viewer.Scope(Permission);
            if (scope.IsRefused) return scope.Refusal;
            if (!scope.Value.All && !scope.Value.Ids.Contains(await db.First($"select branch_id from audit_event where id = {id}", row => row.GuidOrNull(0), ct) ?? Guid.Empty)) return Headers.Unknown;
            return await SealProofs.OfEvent(db, id, until, ct);
        })).WithName("eventProof").WithSummary("The proof that an event is sealed, verified without the database by plug1 audit prove.").Produces<SealProof>().Refuses(No);

        api.MapGroup("/ledger").WithTags("Ledger").MapGet("/transactions/{id:guid}/proof", (Guid id, RequestActor who, Reading reading, long? until, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var scope = viewer.Scope(Ledger);
                if (scope.IsRefused) return scope.Refusal;
                if (!scope.Value.All) return CommandRunner.Denied(Ledger);
                return await SealProofs.OfTransaction(db, id, until, ct);
            })).WithName("transactionProof").WithSummary("The proof that a ledger transaction is sealed with its entries; needs kernel.ledger.view.").Produces<SealProof>().Refuses(No);
    }

    internal static async Task<SealStateAnswer> State(Db db, CancellationToken ct)
    {
        var (events, transactions) = await AuditSeals.Waiting(db, ct);
        return new SealStateAnswer(await AuditSeals.Last(db, ct), events, transactions);
    }
}
