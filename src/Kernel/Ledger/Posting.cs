using Plug1.Kernel.Values;

namespace Plug1.Kernel.Ledger;

/// <summary>One line of a ledger transaction: debit positive, credit negative.</summary>
/// <param name="Account">The account by its role.</param>
/// <param name="Amount">Minor units of a currency, millionths of an item or holding.</param>
/// <param name="PassesLimit">A named permission lets this entry take a guarded balance past its limit.</param>
public readonly record struct PostingLine(AccountKey Account, long Amount, bool PassesLimit = false);

/// <summary>What a document writes to the ledger on one business date: built first, written once, balanced in every unit.</summary>
public sealed class Posting
{
    private readonly List<PostingLine> lines = [];

    /// <summary>Starts a posting of a document.</summary>
    /// <param name="documentId">The document that owns it.</param>
    /// <param name="businessDate">The day the business counts it for.</param>
    /// <param name="memo">A word for the reader, or null.</param>
    public Posting(Guid documentId, DateOnly businessDate, string? memo = null) =>
        (DocumentId, BusinessDate, Memo) = (documentId, businessDate, memo);

    /// <summary>The document that owns it.</summary>
    public Guid DocumentId { get; }

    /// <summary>The day the business counts it for.</summary>
    public DateOnly BusinessDate { get; }

    /// <summary>A word for the reader.</summary>
    public string? Memo { get; }

    /// <summary>The transaction that this one mirrors, if it is a reversal.</summary>
    public Guid? ReversalOf { get; init; }

    /// <summary>The lines so far; none is zero.</summary>
    public IReadOnlyList<PostingLine> Lines => lines;

    /// <summary>Adds a debit; a negative amount is a credit, zero nothing.</summary>
    public Posting Debit(AccountKey account, long amount, bool passesLimit = false)
    {
        if (amount != 0) lines.Add(new PostingLine(account, amount, passesLimit));
        return this;
    }

    /// <summary>Adds a debit in money.</summary>
    public Posting Debit(AccountKey account, Money amount) => Debit(account, amount.Minor);

    /// <summary>Adds a credit; a negative amount is a debit, zero nothing.</summary>
    public Posting Credit(AccountKey account, long amount) => Debit(account, checked(-amount));

    /// <summary>Adds a credit in money.</summary>
    public Posting Credit(AccountKey account, Money amount) => Debit(account, checked(-amount.Minor));

    /// <summary>Moves goods from one location to another.</summary>
    /// <param name="from">Location that gives.</param>
    /// <param name="to">Location that takes.</param>
    /// <param name="quantity">Millionths of the item's stock unit.</param>
    /// <param name="passesLimit">The giving location may fall below its limit.</param>
    public Posting Move(AccountKey from, AccountKey to, long quantity, bool passesLimit = false) =>
        Debit(from, checked(-quantity), passesLimit).Debit(to, quantity);

    /// <summary>The same posting with one line for all debits and one for all credits of an account, in the order in which accounts appear.</summary>
    public Posting Merged()
    {
        var merged = new Posting(DocumentId, BusinessDate, Memo) { ReversalOf = ReversalOf };
        var at = new Dictionary<(AccountKey Account, bool Debit), int>(lines.Count);
        foreach (var line in lines)
        {
            var key = (line.Account, line.Amount > 0);
            if (at.TryGetValue(key, out var place))
            {
                var before = merged.lines[place];
                merged.lines[place] = new PostingLine(line.Account, checked(before.Amount + line.Amount), before.PassesLimit || line.PassesLimit);
                continue;
            }

            at[key] = merged.lines.Count;
            merged.lines.Add(line);
        }

        return merged;
    }

    /// <summary>Whether every unit sums to zero.</summary>
    public bool IsBalanced
    {
        get
        {
            // Most postings are short: a linear look beats a dictionary.
            if (lines.Count > 64) return SumsByUnit().Values.All(sum => sum == 0);
            for (var at = 0; at < lines.Count; at++)
            {
                var unit = lines[at].Account.Unit;
                Int128 sum = 0;
                var first = true;
                for (var other = 0; other < lines.Count; other++)
                {
                    if (lines[other].Account.Unit != unit) continue;
                    if (other < at) first = false;
                    sum += lines[other].Amount;
                }

                if (first && sum != 0) return false;
            }

            return true;
        }
    }

    private Dictionary<string, Int128> SumsByUnit()
    {
        var sums = new Dictionary<string, Int128>(StringComparer.Ordinal);
        foreach (var line in lines) sums[line.Account.Unit] = sums.GetValueOrDefault(line.Account.Unit) + line.Amount;
        return sums;
    }
}
