using Plug1.Kernel.Commands;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Stock;

/// <summary>After a reversal: value that is left where no goods are goes to InventoryAdjustment, in the same transaction.</summary>
/// <remarks>One piece sold below zero at 2.00 and a reversed sale that had taken one at 3.00 leave nothing on hand and 1.00 of value.</remarks>
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
        var touched = await tx.Query($"""
            select distinct a.role, a.subject, u.code, b.amount from ledger_transaction t join entry e on e.transaction_id = t.id
            join account a on a.id = e.account_id join unit u on u.id = a.unit_id join balance b on b.account_id = a.id
            where t.document_id = {mirrorDocumentId} and a.role in ('store', 'Inventory')
            """, row => (Role: row.Text(0), Subject: row.Text(1), Unit: row.Text(2), Amount: row.Long(3)), ct);
        var values = touched.Where(row => row.Role == AccountRoles.Inventory.Code && row.Amount != 0).ToList();
        if (values.Count == 0) return;
        var itemIds = values.Select(row => Guid.Parse(row.Subject.AsSpan(0, 36))).Distinct().ToList();
        var items = (await tx.Query($"select id, sku, category_id from item where id {Sql.List(itemIds)}", row => (Id: row.Guid(0), Sku: row.Text(1), Category: row.Guid(2)), ct)).ToDictionary(row => row.Id);
        var posting = new Posting(mirrorDocumentId, stamp.BusinessDate, "residue");
        foreach (var value in values)
        {
            var item = items[Guid.Parse(value.Subject.AsSpan(0, 36))];
            var place = value.Subject[37..];
            var there = touched.Where(row => row.Role == AccountRoles.Store.Code && row.Unit == $"ITEM:{item.Sku}" && (row.Subject == place || row.Subject.StartsWith(place + "/", StringComparison.Ordinal)));
            if (there.Any(row => row.Amount != 0)) continue;
            posting.Debit(new AccountKey(AccountRoles.InventoryAdjustment, currency, item.Category.ToString("D"), stamp.BranchId, item.Category), value.Amount)
                .Credit(new AccountKey(AccountRoles.Inventory, currency, value.Subject, stamp.BranchId, item.Category), value.Amount);
        }

        if (posting.Lines.Count > 0) await ledger.Post(tx, posting, stamp, sessionId, ct);
    }
}
