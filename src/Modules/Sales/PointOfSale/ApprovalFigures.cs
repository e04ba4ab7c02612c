using Plug1.Kernel.Functions;

namespace Plug1.Sales.PointOfSale;

/// <summary>What approval rules of the point of sale compare, as SQL over documents that are there: the same figures as the documents themselves give.</summary>
internal static class ApprovalFigures
{
    private const string IsCash = "not exists (select 1 from payment_method p where p.code = c.method and p.type <> 'cash')";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FigureDeclaration> All { get; } =
    [
        new("sale", "amount", "Amount", "money", "abs(d.total)"),
        .. new[] { ("float", "Float"), ("paid-in", "Paid in"), ("paid-out", "Paid out"), ("drop", "Dropped into the safe") }.Select(movement => new FigureDeclaration("cash-movement", movement.Item1, movement.Item2, "money",
            $"(select c.amount from pos_cash_movement c where c.document_id = coalesce(d.reversal_of, d.id) and c.movement = '{movement.Item1}')")),
        new("shift-close", "variance", "Greatest difference of a tender", "money", "(select max(abs(c.counted - c.expected)) from pos_shift_tender c where c.session_id = d.session_id)"),
        // The share of cash takings in millionths, cut off; all of it when nothing was taken.
        new("shift-close", "variance-rate", "Cash difference in cash takings", "rate", $"""
            (select case when t.amount > 0 then v.amount * 1000000 / t.amount when v.amount > 0 then 1000000 else 0 end from
              (select cast(coalesce(sum(abs(c.counted - c.expected)), 0) as bigint) as amount from pos_shift_tender c where c.session_id = d.session_id and {IsCash}) v,
              (select cast(coalesce(sum(c.amount), 0) as bigint) as amount from pos_tender c join payment_method p on p.code = c.method and p.type = 'cash' where c.session_id = d.session_id) t)
            """),
        .. new[] { (VoucherPurpose.Redress, "Redress"), (VoucherPurpose.Reward, "Reward") }.Select(purpose => new FigureDeclaration(IssuedVoucher.Kind, purpose.Item1, purpose.Item2, "money",
            $"(select c.amount from pos_voucher_issue c where c.document_id = coalesce(d.reversal_of, d.id) and c.purpose = '{purpose.Item1}')")),
    ];
}
