namespace Plug1.Kernel.Documents;

/// <summary>The status words of every document; no function has others.</summary>
public static class Status
{
    /// <summary>Being made; may be changed.</summary>
    public const string Draft = "draft";

    /// <summary>Handed in: lines are frozen, an approval is awaited.</summary>
    public const string Submitted = "submitted";

    /// <summary>Approved, or no approval was asked for.</summary>
    public const string Approved = "approved";

    /// <summary>In the books.</summary>
    public const string Posted = "posted";

    /// <summary>Nothing more is expected of it.</summary>
    public const string Closed = "closed";

    /// <summary>Refused by an approver.</summary>
    public const string Rejected = "rejected";

    /// <summary>Given up before it was posted.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>A reversal waits for approval.</summary>
    public const string ReversalRequested = "reversal-requested";

    /// <summary>Undone by a mirror document.</summary>
    public const string Reversed = "reversed";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Draft, Submitted, Approved, Posted, Closed, Rejected, Cancelled, ReversalRequested, Reversed];
}

/// <summary>The lifecycle verbs.</summary>
public static class Verb
{
    /// <summary>Change a draft, or a rejected document, which becomes a draft again.</summary>
    public const string Edit = "edit";

    /// <summary>Hand in.</summary>
    public const string Submit = "submit";

    /// <summary>Approve.</summary>
    public const string Approve = "approve";

    /// <summary>Refuse.</summary>
    public const string Reject = "reject";

    /// <summary>Give it back to its maker to be changed, instead of deciding on it.</summary>
    public const string SendBack = "send-back";

    /// <summary>Take it back as a draft to change it; what was approved or asked for counts no more.</summary>
    public const string Revise = "revise";

    /// <summary>Write to the ledger.</summary>
    public const string Post = "post";

    /// <summary>Ask for, or carry out, the mirror.</summary>
    public const string Reverse = "reverse";

    /// <summary>Nothing more is expected.</summary>
    public const string Close = "close";

    /// <summary>What closed it is undone.</summary>
    public const string Reopen = "reopen";

    /// <summary>Give up before posting.</summary>
    public const string Cancel = "cancel";

    /// <summary>Refuse a requested reversal: the document stays posted.</summary>
    public const string KeepPosted = "keep-posted";

    /// <summary>All that an endpoint offers.</summary>
    public static readonly IReadOnlyList<string> Offered = [Submit, Approve, Reject, SendBack, Revise, Post, Reverse, Close, Reopen, Cancel];
}

/// <summary>The one table of legal moves of every document.</summary>
public static class Lifecycle
{
    private static readonly Dictionary<(string From, string Verb), string> Moves = new()
    {
        [(Status.Draft, Verb.Edit)] = Status.Draft,
        [(Status.Rejected, Verb.Edit)] = Status.Draft,
        [(Status.Draft, Verb.Submit)] = Status.Submitted,
        [(Status.Draft, Verb.Cancel)] = Status.Cancelled,
        [(Status.Submitted, Verb.Approve)] = Status.Approved,
        [(Status.Submitted, Verb.Reject)] = Status.Rejected,
        [(Status.Submitted, Verb.SendBack)] = Status.Draft,
        [(Status.Submitted, Verb.Revise)] = Status.Draft,
        [(Status.Approved, Verb.Revise)] = Status.Draft,
        [(Status.Rejected, Verb.Revise)] = Status.Draft,
        [(Status.Submitted, Verb.Cancel)] = Status.Cancelled,
        [(Status.Approved, Verb.Post)] = Status.Posted,
        [(Status.Approved, Verb.Cancel)] = Status.Cancelled,
        [(Status.Rejected, Verb.Cancel)] = Status.Cancelled,
        [(Status.Posted, Verb.Close)] = Status.Closed,
        [(Status.Posted, Verb.Reverse)] = Status.ReversalRequested,
        [(Status.Closed, Verb.Reopen)] = Status.Posted,
        [(Status.ReversalRequested, Verb.Approve)] = Status.Reversed,
        [(Status.ReversalRequested, Verb.Reject)] = Status.Posted,
    };

    /// <summary>Where a verb leads from a status.</summary>
    /// <returns>The next status; refused with <c>STATUS_NOT_ALLOWED</c> (409) when the move is not legal.</returns>
    public static Result<string> Next(string from, string verb) => Moves.TryGetValue((from, verb), out var to)
        ? to
        : new Refusal("STATUS_NOT_ALLOWED", $"A document that is {from} cannot take the step '{verb}'.", "/status", 409);

    /// <summary>The verbs that are legal from a status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="revisable">Whether the kind of document can be a draft again.</param>
    public static IEnumerable<string> VerbsFrom(string status, bool revisable) =>
        Moves.Keys.Where(move => move.From == status).Select(move => move.Verb).Where(verb => verb != Verb.Edit && (revisable || verb is not (Verb.Revise or Verb.SendBack)));
}
