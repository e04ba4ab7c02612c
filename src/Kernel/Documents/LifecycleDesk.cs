using Plug1.Kernel.Approvals;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Search;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Documents;

/// <summary>A step of the lifecycle, as it is asked for.</summary>
/// <param name="Verb">One of <see cref="Verb.Offered"/>.</param>
/// <param name="Id">The document.</param>
/// <param name="Version">The version that the asker has seen; null for whichever it is.</param>
/// <param name="Reason">Reason code; needed to reject, reverse and cancel.</param>
/// <param name="Text">Free text beside it.</param>
public sealed record LifecycleStep(string Verb, Guid Id, long? Version, string? Reason = null, string? Text = null);

/// <summary>Where a document stands after a step.</summary>
public sealed record LifecycleOutcome(Guid Id, string? Number, string Status, long Version, Guid? MirrorId = null, string? WaitsFor = null);

/// <summary>Moves documents of every function through the one lifecycle: guards, approvals, posting, mirror, facts, audit.</summary>
public sealed class LifecycleDesk(CommandRunner runner, FunctionCatalogue functions, ApprovalDesk approvals, LedgerBook ledger)
{
    /// <summary>Approvals, for commands that gate themselves.</summary>
    public ApprovalDesk Approvals => approvals;

    /// <summary>Runs a step as a command of its own.</summary>
    public Task<Result<Answer>> Run(CommandCall call, string functionCode, LifecycleStep step, CancellationToken ct = default) =>
        runner.Run(call, functionCode, PermissionOf(step.Verb), 200, (tx, stamp) => Within(tx, stamp, functions.Of(functionCode), step, ct), ct);

    /// <summary>The action that a verb needs.</summary>
    public static string PermissionOf(string verb) => verb switch
    {
        Verb.Reject or Verb.SendBack => Verb.Approve,
        Verb.Reopen => Verb.Close,
        Verb.Cancel or Verb.Revise => Verb.Submit,
        _ => verb,
    };

    /// <summary>Takes a step inside a transaction that is open already.</summary>
    public async Task<Result<LifecycleOutcome>> Within(Tx tx, Stamp stamp, Function function, LifecycleStep step, CancellationToken ct = default)
    {
        var locked = await Headers.Lock(tx, function.Code, step.Id, step.Version, ct);
        if (locked.IsRefused) return locked.Refusal;
        var header = locked.Value;
        if (!stamp.Actor.May($"{function.Code}.{PermissionOf(step.Verb)}", header.BranchId)) return CommandRunner.Denied($"{function.Code}.{PermissionOf(step.Verb)}");
        stamp = await runner.StampAt(stamp, header.BranchId, ct);
        var next = Lifecycle.Next(header.Status, step.Verb);
        if (next.IsRefused) return next.Refusal;
        if (step.Verb is Verb.SendBack or Verb.Revise && !function.Kinds.Any(kind => kind.Code == header.Kind && kind.Revisable)) return NotRevisable;
        if (step.Verb == Verb.SendBack && string.IsNullOrWhiteSpace(step.Text)) return TextRequired;
        if (step.Verb is Verb.Reject or Verb.Reverse && await MissingReason(tx, function, step, ct) is { } missing) return missing;

        var document = await function.Load(tx, header, ct);
        var before = document.Snapshot;
        var from = header.Status;
        var moved = step.Verb switch
        {
            Verb.Submit => await Submit(tx, stamp, document, ct),
            Verb.Approve => await Approve(tx, stamp, function, document, step, ct),
            Verb.Reject or Verb.SendBack => await Reject(tx, stamp, document, step, ct),
            Verb.Revise => await Revise(tx, stamp, document, from, ct),
            Verb.Post => await PostNow(tx, stamp, document, ct),
            Verb.Reverse => await AskReverse(tx, stamp, function, document, step, ct),
            _ => await Move(tx, stamp, document, step.Verb, next.Value, ct),
        };
        if (moved.IsRefused) return moved.Refusal;
        Headers.Update(tx, header);
        if (step.Text is { } said) SearchIndex.Stage(tx, new SearchEntry("document", header.Id, $"{step.Verb}-{header.Version}", said));
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, step.Verb, header.Kind, header.Id, "done", before ?? Status0(from), document.Snapshot ?? Status0(header.Status), step.Reason, step.Text), runner.Clock);
        return new LifecycleOutcome(header.Id, header.Number, header.Status, header.Version, moved.Value.Mirror, moved.Value.WaitsFor);
    }

    /// <summary>Hands a document in: asks its guard and the approval rules. Without a matching rule it is approved at once.</summary>
    public async Task<Result<Moved>> Submit(Tx tx, Stamp stamp, Document document, CancellationToken ct = default)
    {
        var may = await document.MaySubmit(tx, stamp, ct);
        if (may.IsRefused) return may.Refusal;
        var header = document.Header;
        header.MoveTo(Status.Submitted, stamp);
        Facts.Stage(tx, stamp, document.FactsOf(Status.Submitted, Minutes(header.CreatedAt, stamp)));
        var rules = await approvals.Matching(tx, document, Verb.Submit, ct);
        if (rules.Count > 0)
        {
            approvals.Open(tx, document, Verb.Submit, rules, stamp);
            return new Moved(WaitsFor: rules[0].Role);
        }

        header.MoveTo(Status.Approved, stamp);
        return document.PostsWhenApproved ? await PostNow(tx, stamp, document, ct) : new Moved();
    }

    /// <summary>Writes an approved document to the ledger.</summary>
    public static async Task<Result<Moved>> PostNow(Tx tx, Stamp stamp, Document document, CancellationToken ct = default)
    {
        var header = document.Header;
        var period = LedgerBook.PeriodState(tx, header.BusinessDate);
        await tx.Flush(ct);
        if (!document.PassesClosedPeriods && LedgerBook.MayPost(period, stamp, header.BusinessDate) is { IsRefused: true } closed) return closed.Refusal;
        header.MoveTo(Status.Posted, stamp);
        var posted = await document.Post(tx, stamp, ct);
        return posted.IsRefused ? posted.Refusal : new Moved();
    }

    /// <summary>Reverses a posted document at once: the mirror of every entry, dated today or on the document's own day of reversal, linked both ways.</summary>
    /// <remarks>For callers that have asked guards, permission and approval already.</remarks>
    public async Task<Result<Moved>> ReverseNow(Tx tx, Stamp stamp, Function function, Document document, CancellationToken ct = default)
    {
        var header = document.Header;
        stamp = stamp with { BusinessDate = document.MirrorDate(stamp) };
        var period = LedgerBook.PeriodState(tx, stamp.BusinessDate);
        await tx.Flush(ct);
        if (!document.PassesClosedPeriods && LedgerBook.MayPost(period, stamp, stamp.BusinessDate) is { IsRefused: true } closed) return closed.Refusal;
        var mirror = function.MirrorOf(header, Ids.New(runner.Clock), stamp);
        mirror.Number = header.Number is null ? null : $"{header.Number}/R";
        foreach (var status in new[] { Status.Submitted, Status.Approved, Status.Posted }) mirror.MoveTo(status, stamp);
        await ledger.Mirror(tx, header.Id, mirror.Id, stamp, header.SessionId, ct);
        await Stock.StockResidue.Settle(tx, ledger, mirror.Id, header.Currency, stamp, header.SessionId, ct);
        var undone = await document.Reversed(tx, mirror, stamp, ct);
        if (undone.IsRefused) return undone.Refusal;
        Headers.Insert(tx, mirror);
        Headers.Relate(tx, header.Id, mirror.Id, "reversed-by");
        Facts.StageMirror(tx, header.Id, mirror.Id, stamp);
        header.MoveTo(Status.Reversed, stamp);
        return new Moved(Mirror: mirror.Id);
    }

    private async Task<Result<Moved>> Approve(Tx tx, Stamp stamp, Function function, Document document, LifecycleStep step, CancellationToken ct)
    {
        var header = document.Header;
        if (await ApprovalDesk.Find(tx, header.Id, ct) is not { } request) return new Refusal("NOTHING_TO_APPROVE", "No approval is waiting for this document.", Status: 409);
        var seat = ApprovalDesk.MayDecide(request, header, stamp);
        if (seat.IsRefused) return seat.Refusal;
        // What stood in nobody's way when it was asked for may do so by now: the shift was counted, goods came back.
        if (request.Action == Verb.Reverse && await document.MayReverse(tx, stamp, ct) is { IsRefused: true } late) return late.Refusal;
        if (!approvals.Decide(tx, request, header, seat.Value, new Decision(Verb.Approve, step.Reason, step.Text), stamp)) return new Moved(WaitsFor: "next-level");
        if (request.Action == Verb.Reverse) return await ReverseNow(tx, stamp, function, document, ct);
        header.MoveTo(Status.Approved, stamp);
        Facts.Stage(tx, stamp, document.FactsOf(Status.Approved, Minutes(header.SubmittedAt ?? header.CreatedAt, stamp)));
        return document.PostsWhenApproved ? await PostNow(tx, stamp, document, ct) : new Moved();
    }

    private async Task<Result<Moved>> Reject(Tx tx, Stamp stamp, Document document, LifecycleStep step, CancellationToken ct)
    {
        var header = document.Header;
        if (await ApprovalDesk.Find(tx, header.Id, ct) is not { } request) return new Refusal("NOTHING_TO_APPROVE", "No approval is waiting for this document.", Status: 409);
        var seat = ApprovalDesk.MayDecide(request, header, stamp);
        if (seat.IsRefused) return seat.Refusal;
        approvals.Decide(tx, request, header, seat.Value, new Decision(step.Verb, step.Reason, step.Text), stamp);
        if (request.Action == Verb.Reverse)
        {
            header.MoveTo(Status.Posted, stamp);
            return new Moved();
        }

        var minutes = Minutes(header.SubmittedAt ?? header.CreatedAt, stamp);
        if (step.Verb == Verb.SendBack) header.BackToDraft(stamp);
        else header.MoveTo(Status.Rejected, stamp);
        await document.GivenUp(tx, stamp, ct);
        Facts.Stage(tx, stamp, document.FactsOf(step.Verb == Verb.SendBack ? "sent-back" : Status.Rejected, minutes));
        return new Moved();
    }

    /// <summary>Takes it back as a draft. Who asked for it, who approved it: none of that counts for what it will say.</summary>
    private static async Task<Result<Moved>> Revise(Tx tx, Stamp stamp, Document document, string from, CancellationToken ct)
    {
        var may = await document.MayMove(Verb.Revise, tx, stamp, ct);
        if (may.IsRefused) return may.Refusal;
        var minutes = Minutes(document.Header.SubmittedAt ?? document.Header.CreatedAt, stamp);
        document.Header.BackToDraft(stamp);
        ApprovalDesk.Withdraw(tx, document.Header, stamp);
        if (from != Status.Rejected) await document.GivenUp(tx, stamp, ct);
        Facts.Stage(tx, stamp, document.FactsOf("revised", minutes));
        return new Moved();
    }

    private async Task<Result<Moved>> AskReverse(Tx tx, Stamp stamp, Function function, Document document, LifecycleStep step, CancellationToken ct)
    {
        var may = await document.MayReverse(tx, stamp, ct);
        if (may.IsRefused) return may.Refusal;
        var header = document.Header;
        var rules = await approvals.Matching(tx, document, Verb.Reverse, ct);
        if (rules.Count == 0) return await ReverseNow(tx, stamp, function, document, ct);
        header.MoveTo(Status.ReversalRequested, stamp);
        approvals.Open(tx, document, Verb.Reverse, rules, stamp, step.Reason, step.Text);
        return new Moved(WaitsFor: rules[0].Role);
    }

    private static async Task<Result<Moved>> Move(Tx tx, Stamp stamp, Document document, string verb, string to, CancellationToken ct)
    {
        var may = await document.MayMove(verb, tx, stamp, ct);
        if (may.IsRefused) return may.Refusal;
        var header = document.Header;
        header.MoveTo(to, stamp);
        if (verb == Verb.Cancel)
        {
            ApprovalDesk.Withdraw(tx, header, stamp);
            await document.GivenUp(tx, stamp, ct);
        }

        // Opened again it is posted as it was: another fact of posting would count it twice.
        Facts.Stage(tx, stamp, document.FactsOf(verb == Verb.Reopen ? "reopened" : to, Minutes(header.PostedAt ?? header.CreatedAt, stamp)));
        return new Moved();
    }

    private static async Task<Refusal?> MissingReason(Tx tx, Function function, LifecycleStep step, CancellationToken ct)
    {
        var known = Reasons.Find(tx, function.Code, step.Verb, step.Reason);
        await tx.Flush(ct);
        return known.Value.Count == 0 ? Reasons.Required(step.Verb) : null;
    }

    private static Refusal NotRevisable { get; } = new("NOT_REVISABLE", "Documents of this kind are not changed after they were handed in; it can be rejected or cancelled.", "/status", 409);

    private static Refusal TextRequired { get; } = new("TEXT_REQUIRED", "Say what should be changed.", "/text");

    private static long Minutes(DateTimeOffset since, Stamp stamp) => Math.Max(0, (long)(stamp.At - since).TotalMinutes);

    private static string Status0(string status) => $$"""{"status":"{{status}}"}""";

    /// <summary>What a move led to.</summary>
    /// <param name="Mirror">The mirror document of a reversal.</param>
    /// <param name="WaitsFor">The role that must decide now.</param>
    public readonly record struct Moved(Guid? Mirror = null, string? WaitsFor = null);
}
