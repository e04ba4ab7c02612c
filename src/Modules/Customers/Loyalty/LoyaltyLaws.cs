using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Loyalty;

/// <summary>What must hold between lots, movements and the ledger.</summary>
internal static class LoyaltyLaws
{
    public static IReadOnlyList<LedgerLaw> All(Engine engine)
    {
        var subject = Sql.Raw(engine == Engine.Postgres ? "m.id::text" : "m.id");
        return
        [
            new("points-sum-to-zero", "The points of a programme sum to zero over all accounts.", $"""
                select u.code, sum(e.amount) as points from entry e join unit u on u.id = e.unit_id where u.code like 'PTS:%' group by u.code having sum(e.amount) <> 0
                """),
            new("points-lots", "The lots of a member, less the debt, are the balance of the account; pending lots are that of the pending one.", $"""
                select m.id, x.role, x.lots, coalesce(b.amount, 0) as balance from (
                  select m.id, 'PointsMember' as role, coalesce((select sum(l.points_left) from loyalty_lot l where l.member_id = m.id and not l.pending), 0) - m.debt as lots from loyalty_member m
                  union all
                  select m.id, 'PointsPending', coalesce((select sum(l.points_left) from loyalty_lot l where l.member_id = m.id and l.pending), 0) from loyalty_member m
                ) as x join loyalty_member m on m.id = x.id left join account a on a.role = x.role and a.subject = {subject} left join balance b on b.account_id = a.id
                where x.lots <> coalesce(b.amount, 0)
                """),
            new("points-movements", "What is left of a lot is the sum of its movements.", $"""
                select l.id, l.points_left, coalesce((select sum(v.points) from loyalty_movement v where v.lot_id = l.id), 0) as moved from loyalty_lot l
                where l.points_left <> coalesce((select sum(v.points) from loyalty_movement v where v.lot_id = l.id), 0)
                """),
            new("points-debt", "What a member owes is the sum of the movements without a lot.", $"""
                select m.id, m.debt from loyalty_member m where m.debt <> -coalesce((select sum(v.points) from loyalty_movement v where v.member_id = m.id and v.lot_id is null), 0)
                """),
            new("loyalty-liability", "What is owed for points is what was deferred less what was recognised.", $"""
                select coalesce((select sum(case when kind = 'deferred' then amount else -amount end) from loyalty_deferral), 0) as cohorts,
                  coalesce((select sum(-e.amount) from entry e join account a on a.id = e.account_id where a.role = 'LoyaltyLiability'), 0) as ledger
                where coalesce((select sum(case when kind = 'deferred' then amount else -amount end) from loyalty_deferral), 0)
                   <> coalesce((select sum(-e.amount) from entry e join account a on a.id = e.account_id where a.role = 'LoyaltyLiability'), 0)
                """),
        ];
    }
}
