using Plug1.Kernel.Commands;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Stock;

/// <summary>After a reversal: value that is left where no goods are, or whose sign is not that of the goods, goes to InventoryAdjustment, in the same transaction.</summary>
/// <remarks>
/// One piece sold below zero at 2.00 and a reversed sale that had taken one at 3.00 leave nothing on hand and 1.00 of value. Ten bought at 1.00
/// and ten at 9.00, five of them sold at 5.00: taking the dear ten back would leave five pieces worth -15.00, so they are worth nothing.
/// </remarks>
internal static class StockResidue
{
    /// <summary>Gathers the posting that clears what a mirror has left behind.</summary>
    /// <param name="tx">The transaction; what was gathered is sent first.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="mirrorDocumentId">The mirror.</param>
    /// <param name="currency">Company currency code.</param>
    /// <param name="stamp">Who and when.</param>
    /// <param name="sessionId">Session of the mirror.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task Settle(Tx tx, LedgerBook ledger, Guid mirrorDocumentId, string currency, Stamp stamp, Guid? sessionId, CancellationToken ct)
    {
        var values = await tx.Query($"""
            select distinct a.subject, b.amount from ledger_transaction t join entry e on e.transaction_id = t.id
            join account a on a.id = e.account_id join balance b on b.account_id = a.id
            where t.document_id = {mirrorDocumentId} and a.role = 'Inventory' and b.amount <> 0
            """, row => (Subject: row.Text(0), Amount: row.Long(1)), ct);
        if (values.Count == 0) return;
        var itemIds = values.Select(row => Guid.Parse(row.Subject.AsSpan(0, 36))).Distinct().ToList();
        var items = (await tx.Query($"select id, sku, category_id from item where id {Sql.List(itemIds)}", row => (Id: row.Guid(0), Sku: row.Text(1), Category: row.Guid(2)), ct)).ToDictionary(row => row.Id);
        // All lots of the item count, not only those that the mirror touched: they share one value unless it is FIFO.
        var onHand = values.ConvertAll(value =>
        {
            var (unit, place) = ($"ITEM:{items[Guid.Parse(value.Subject.AsSpan(0, 36))].Sku}", value.Subject[37..]);
            return tx.Later($"""
                select {Sql.Raw(Dialect.SumLong(tx.Engine, "b.amount"))} from account a join unit u on u.id = a.unit_id join balance b on b.account_id = a.id
                where a.role = 'store' and u.code = {unit} and (a.subject = {place} or a.subject like {place + "/%"})
                """, row => row.Long(0));
        });
        await tx.Flush(ct);
        var posting = new Posting(mirrorDocumentId, stamp.BusinessDate, "residue");
        for (var at = 0; at < values.Count; at++)
        {
            var (value, quantity) = (values[at], onHand[at].Value[0]);
            if (Math.Sign(quantity) == Math.Sign(value.Amount)) continue;
            var item = items[Guid.Parse(value.Subject.AsSpan(0, 36))];
            posting.Debit(new AccountKey(AccountRoles.InventoryAdjustment, currency, item.Category.ToString("D"), stamp.BranchId, item.Category), value.Amount)
                .Credit(new AccountKey(AccountRoles.Inventory, currency, value.Subject, stamp.BranchId, item.Category), value.Amount);
        }

        if (posting.Lines.Count > 0) await ledger.Post(tx, posting, stamp, sessionId, ct);
    }
}
