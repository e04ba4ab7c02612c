using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Functions;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Audit.Verification;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Operations;

/// <summary>How far the audit trail is sealed.</summary>
/// <param name="Last">The last block; null when nothing is sealed yet.</param>
/// <param name="WaitingEvents">Events that wait for the next block.</param>
/// <param name="WaitingTransactions">Ledger transactions that wait for the next block.</param>
public sealed record SealStateAnswer(SealBlock? Last, long WaitingEvents, long WaitingTransactions);

/// <summary>A verification of the audit trail and the ledger.</summary>
/// <param name="Id">Identity.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Origin">command: by the command line; job: by itself, once a day; asked: by somebody here.</param>
/// <param name="User">Who asked for it; left out for the system.</param>
/// <param name="Block">The last sealed block, up to which all were computed again; zero when nothing was sealed.</param>
/// <param name="Event">Number of the last sealed event.</param>
/// <param name="Events">Sealed events.</param>
/// <param name="Transactions">Sealed ledger transactions.</param>
/// <param name="Unsealed">What waited for the next block.</param>
/// <param name="Digests">How many digests kept elsewhere were compared.</param>
/// <param name="Differences">How many differences were found.</param>
/// <param name="FirstDifference">The first of them.</param>
public sealed record VerificationItem(
    Guid Id, DateTimeOffset StartedAt, DateTimeOffset EndedAt, string Origin, string? User, long Block, long Event, long Events, long Transactions, long Unsealed, long Digests, long Differences,
    string? FirstDifference);

/// <summary>A verification that waits or runs.</summary>
/// <param name="Id">The long work.</param>
/// <param name="Done">Events and ledger transactions verified so far.</param>
/// <param name="Total">How many there are; zero before it is known.</param>
public sealed record VerificationUnderWay(Guid Id, long Done, long Total);

/// <summary>Verifications, the latest first.</summary>
/// <param name="Items">Results.</param>
/// <param name="Running">The one that somebody asked for and that is not done; null for none.</param>
public sealed record VerificationsAnswer(IReadOnlyList<VerificationItem> Items, VerificationUnderWay? Running);

/// <summary>The verification that was asked for, or the one that is under way already.</summary>
/// <param name="Id">The long work.</param>
public sealed record VerifyAsked(Guid Id);

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

        audit.MapGet("/verifications", (RequestActor who, Reading reading, int? limit, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var scope = viewer.Scope(Permission);
            if (scope.IsRefused) return scope.Refusal;
            if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
            return (Result<VerificationsAnswer>)await Verifications(db, limit ?? 10, ct);
        })).WithName("auditVerifications").WithSummary("When the audit trail was verified, by whom, up to where and with what result, latest first.").Produces<VerificationsAnswer>().Refuses(No);

        audit.MapPost("/verify", async (HttpContext http, RequestActor who, CommandRunner runner, WorkDesk desk) =>
                CommandEndpoints.ToHttp(await Verify(runner, desk, CommandEndpoints.CallOf(http, who, await CommandEndpoints.Read(http)), http.RequestAborted)))
            .WithName("verifyAudit").WithSummary("Has the audit trail and the ledger verified as long work; the result is kept.").WithMetadata(new AsksFor(AuditVerifier.Permission)).Produces<VerifyAsked>(202).Refuses(401, 403, 409);

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

    /// <summary>One at a time: whoever asks while it runs is shown that one.</summary>
    private static Task<Result<Answer>> Verify(CommandRunner runner, WorkDesk desk, CommandCall call, CancellationToken ct) => runner.Run(call, AuditVerifier.Function, "verify", 202, async (tx, stamp) =>
    {
        if (await UnderWay(tx, ct) is { } running) return Result.Of(new VerifyAsked(running.Id));
        var asked = await desk.Ask(tx, stamp, VerifyAuditWork.Word, "Verify the audit trail", "{}", ct: ct);
        return asked.IsRefused ? asked.Refusal : Result.Of(new VerifyAsked(asked.Value));
    }, ct);

    private static async Task<VerificationsAnswer> Verifications(Db db, int limit, CancellationToken ct) => new(
        [.. (await AuditVerifier.Latest(db, limit, ct)).Select(told => new VerificationItem(told.Result.Id, told.Result.StartedAt, told.Result.EndedAt, told.Result.Origin, told.User, told.Result.Blocks, told.Result.LastEvent,
            told.Result.Events, told.Result.Transactions, told.Result.Unsealed, told.Result.Digests, told.Result.Differences, told.Result.FirstDifference))], await UnderWay(db, ct));

    private static Task<VerificationUnderWay?> UnderWay(Db db, CancellationToken ct) => db.First(
        $"select id, done, total from work where ended_at is null and kind = {VerifyAuditWork.Word} order by asked_at limit 1", row => new VerificationUnderWay(row.Guid(0), row.Long(1), row.Long(2)), ct);

    internal static async Task<SealStateAnswer> State(Db db, CancellationToken ct)
    {
        var (events, transactions) = await AuditSeals.Waiting(db, ct);
        return new SealStateAnswer(await AuditSeals.Last(db, ct), events, transactions);
    }
}
