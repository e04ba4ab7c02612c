using Plug1.Kernel.Commands;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Documents;

/// <summary>A business record of one function: its data, its guards and what it posts. The kernel moves it; it decides.</summary>
public abstract class Document(Header header)
{
    /// <summary>What all documents have.</summary>
    public Header Header { get; } = header;

    /// <summary>Whether posting follows the approval at once, without a further step.</summary>
    public virtual bool PostsWhenApproved => false;

    /// <summary>Whether it is booked, and taken back, in a month that is closed for all others: the close of a year.</summary>
    public virtual bool PassesClosedPeriods => false;

    /// <summary>The day on which the mirror of a reversal is booked; that of the reversal unless the document says another.</summary>
    public virtual DateOnly MirrorDate(Stamp stamp) => stamp.BusinessDate;

    /// <summary>Figures that approval rules compare, by the name that rules use: <c>amount</c>, <c>variance</c>, <c>discount-rate</c>, ...</summary>
    public virtual IReadOnlyDictionary<string, long> ApprovalFigures => new Dictionary<string, long> { ["amount"] = Math.Abs(Header.Total) };

    /// <summary>The document as JSON for the audit trail.</summary>
    public virtual string? Snapshot => null;

    /// <summary>Whether it may be handed in.</summary>
    public virtual Task<Result> MaySubmit(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult(Result.Done);

    /// <summary>Whether it may be reversed.</summary>
    public virtual Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult(Result.Done);

    /// <summary>Whether it may be closed, reopened or cancelled.</summary>
    public virtual Task<Result> MayMove(string verb, Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult(Result.Done);

    /// <summary>Decides and gathers what posting writes; sets the number when it is due.</summary>
    public abstract Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct);

    /// <summary>Gathers what a function must undo beside the mirror of the ledger.</summary>
    public virtual Task<Result> Reversed(Tx tx, Header mirror, Stamp stamp, CancellationToken ct) => Task.FromResult(Result.Done);

    /// <summary>What is gathered when it is cancelled, rejected or taken back, such as releasing what it held.</summary>
    public virtual Task GivenUp(Tx tx, Stamp stamp, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Facts of a step other than posting.</summary>
    public virtual IReadOnlyList<Fact> FactsOf(string step, long minutes) =>
        [new Fact { Document = Header, Event = step, Amount = Header.Total, Minutes = minutes }];
}
