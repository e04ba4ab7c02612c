using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Ledger;

/// <summary>Guarded balances: locked in account order, changed by set-based statements, bounded by the database.</summary>
public static class Balances
{
    /// <summary>Locks the balances of accounts until the transaction ends and answers them by account.</summary>
    public static Deferred<List<(long Account, long Amount)>> Lock(Tx tx, IReadOnlyCollection<long> accountIds) =>
        tx.Later($"select account_id, amount from balance where account_id {Sql.List(accountIds)} order by account_id{Dialect.ForUpdate(tx.Engine)}",
            row => (row.Long(0), row.Long(1)));

    /// <summary>Adds to balances; rows of accounts that are not guarded do not exist and are passed over.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="changes">By account: what is added, and whether a named permission lets it pass the limit.</param>
    internal static void StageChange(Tx tx, IReadOnlyDictionary<long, (long Delta, bool Passes)> changes)
    {
        if (changes.Count == 0) return;
        if (tx.Engine == Engine.Sqlite)
        {
            foreach (var (account, (delta, passes)) in changes)
            {
                tx.Stage($"""
                    update balance set amount = amount + {delta},
                      below_ok = ({passes} or (below_ok and {delta} >= 0)) and lower_limit is not null and amount + {delta} < lower_limit
                    where account_id = {account}
                    """);
            }

            return;
        }

        var ordered = changes.OrderBy(change => change.Key).ToList();
        var ids = ordered.Select(change => change.Key).ToArray();
        // The lock is taken in account order before the update touches the rows in whatever order it likes.
        tx.Later($"select 1 from balance where account_id {Sql.List(ids)} order by account_id for update", row => row.Long(0));
        tx.Stage($"""
            update balance b set amount = b.amount + d.delta,
              below_ok = (d.passes or (b.below_ok and d.delta >= 0)) and b.lower_limit is not null and b.amount + d.delta < b.lower_limit
            from unnest({ids}, {ordered.Select(change => change.Value.Delta).ToArray()}, {ordered.Select(change => change.Value.Passes).ToArray()}) as d (id, delta, passes)
            where b.account_id = d.id
            """);
    }
}
