using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Ledger;

/// <summary>Writes postings: append-only, balanced in every unit, guarded balances changed in the same transaction.</summary>
public sealed class LedgerBook(Accounts accounts, TimeProvider clock)
{
    internal static readonly Table EntryTable = new("entry",
        ("transaction_id", Kind.Id), ("line", Kind.Long), ("account_id", Kind.Long), ("unit_id", Kind.Long), ("amount", Kind.Long),
        ("business_date", Kind.Date), ("value_date", Kind.Date));

    internal static readonly Table TransactionTable = new("ledger_transaction",
        ("id", Kind.Id), ("document_id", Kind.Id), ("branch_id", Kind.Id), ("user_id", Kind.Id), ("session_id", Kind.Id),
        ("business_date", Kind.Date), ("posted_at", Kind.Instant), ("reversal_of", Kind.Id), ("memo", Kind.Text));

    // Any number, as long as nothing else uses it as a lock.
    private const long PeriodLock = 0x504C_5547_3150_0001;

    /// <summary>Accounts by role.</summary>
    public Accounts Accounts => accounts;

    /// <summary>Gathers all that a posting writes; it is sent with the next flush.</summary>
    /// <returns>The id of the ledger transaction.</returns>
    /// <exception cref="InvariantBrokenException">The posting does not balance or is empty: our bug.</exception>
    public async Task<Guid> Post(Tx tx, Posting posting, Stamp stamp, Guid? sessionId, CancellationToken ct = default) =>
        (await PostAll(tx, [(posting, sessionId)], stamp, ct))[0];

    /// <summary>Gathers what several postings write, as one set: each a transaction of its own, each guarded balance changed once.</summary>
    /// <returns>The ids of the ledger transactions, in the order of the postings.</returns>
    /// <exception cref="InvariantBrokenException">A posting does not balance or is empty: our bug.</exception>
    public async Task<IReadOnlyList<Guid>> PostAll(Tx tx, IReadOnlyList<(Posting Posting, Guid? Session)> postings, Stamp stamp, CancellationToken ct = default)
    {
        Invariant.Holds(postings.All(one => one.Posting.Lines.Count > 0), "A posting has lines.");
        Invariant.Holds(postings.All(one => one.Posting.IsBalanced), "A posting sums to zero in every unit.");
        var found = await accounts.Resolve(tx, postings.SelectMany(one => one.Posting.Lines).Select(line => line.Account).Distinct().ToList(), ct);

        var ids = new Guid[postings.Count];
        var entries = new List<object?[]>(postings.Sum(one => one.Posting.Lines.Count));
        var transactions = new object?[postings.Count][];
        Dictionary<long, (long Delta, bool Passes)>? guarded = null;
        for (var at = 0; at < transactions.Length; at++)
        {
            var (posting, session) = postings[at];
            var id = ids[at] = Ids.New(clock);
            for (var line = 0; line < posting.Lines.Count; line++)
            {
                var (key, amount, passesLimit) = posting.Lines[line];
                var account = found[key];
                entries.Add([id, (long)(line + 1), account.Id, account.UnitId, amount, posting.BusinessDate, posting.BusinessDate]);
                if (!account.Guarded) continue;
                guarded ??= [];
                var (delta, passes) = guarded.GetValueOrDefault(account.Id);
                guarded[account.Id] = (checked(delta + amount), passes || passesLimit);
            }

            transactions[at] = [id, posting.DocumentId, stamp.BranchId, stamp.Actor.UserId, session, posting.BusinessDate, stamp.At, posting.ReversalOf, posting.Memo];
        }

        tx.Insert(EntryTable, entries);
        tx.Insert(TransactionTable, transactions);
        if (guarded is not null) Balances.StageChange(tx, guarded);
        return ids;
    }

    /// <summary>Refuses a business date in a month that is closed, or soft-closed unless the actor may post there.</summary>
    /// <remarks>A month that nobody has closed is open.</remarks>
    public static Deferred<List<string>> PeriodState(Tx tx, DateOnly day)
    {
        // Until this transaction ends no month is closed: what found its month open is in the books before the month is closed. SQLite has one writer anyway.
        if (tx.Engine == Engine.Postgres) tx.Later($"select pg_advisory_xact_lock_shared({PeriodLock})::text", row => 0);
        return tx.Later($"select state from period where start_date <= {day} and end_date > {day}", row => row.Text(0));
    }

    /// <summary>Waits for the postings under way and keeps others waiting until the transaction ends: the state of a month is about to change.</summary>
    public static async Task HoldPostings(Tx tx, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres) await tx.First($"select pg_advisory_xact_lock({PeriodLock})::text", row => 0, ct);
    }

    /// <summary>Reads the answer of <see cref="PeriodState"/>.</summary>
    public static Result MayPost(Deferred<List<string>> state, Stamp stamp, DateOnly day) => state.Value switch
    {
        [] or ["open"] => Result.Done,
        ["soft"] when stamp.Actor.May("kernel.ledger.post-soft-closed", stamp.BranchId) => Result.Done,
        _ => Closed(day),
    };

    /// <summary>The refusal of a day in a month that is closed.</summary>
    public static Refusal Closed(DateOnly day) => new("PERIOD_CLOSED", $"The period of {day:yyyy-MM-dd} is closed.", "/businessDate", 409);

    /// <summary>Mirrors every transaction of a document that has no mirror yet, at the branch where it stands, dated on the given day.</summary>
    public async Task<IReadOnlyList<Guid>> Mirror(Tx tx, Guid documentId, Guid mirrorDocumentId, Stamp stamp, Guid? sessionId, CancellationToken ct = default)
    {
        var lines = await tx.Query($"""
            select t.id, e.account_id, e.unit_id, e.amount, e.line, t.branch_id from ledger_transaction t join entry e on e.transaction_id = t.id
            where t.document_id = {documentId} and t.reversal_of is null
              and not exists (select 1 from ledger_transaction m where m.reversal_of = t.id)
            order by t.id, e.line
            """, row => (Transaction: row.Guid(0), Account: row.Long(1), Unit: row.Long(2), Amount: row.Long(3), Line: row.Long(4), Branch: row.Guid(5)), ct);
        var mirrors = new List<Guid>();
        foreach (var transaction in lines.GroupBy(line => line.Transaction))
        {
            var id = Ids.New(clock);
            tx.Insert(EntryTable, transaction.Select(line => new object?[] { id, line.Line, line.Account, line.Unit, checked(-line.Amount), stamp.BusinessDate, stamp.BusinessDate }).ToArray());
            tx.Insert(TransactionTable, [[id, mirrorDocumentId, transaction.First().Branch, stamp.Actor.UserId, sessionId, stamp.BusinessDate, stamp.At, transaction.Key, "reversal"]]);
            mirrors.Add(id);
        }

        Balances.StageChange(tx, lines.GroupBy(line => line.Account).ToDictionary(group => group.Key, group => (checked(-group.Sum(line => line.Amount)), false)));
        return mirrors;
    }
}
