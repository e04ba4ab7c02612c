using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>Gives up parked baskets that nobody took back within their day.</summary>
internal sealed class ParkedExpiry(Database database, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>Cancels what is due.</summary>
    /// <returns>How many baskets.</returns>
    public async Task<int> Run(CancellationToken ct = default)
    {
        var all = 0;
        while (true)
        {
            var given = 0;
            await database.Write(async tx => given = await Some(tx, ct), ct);
            all += given;
            if (given < AtOnce) return all;
        }
    }

    private async Task<int> Some(Tx tx, CancellationToken ct)
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        var due = await tx.Query($"""
            select id, branch_id from document
            where function = {PointOfSaleFunction.FunctionCode} and kind = 'sale' and status = {Status.Draft} and created_at <= {now - Limits.Parked}
            order by id limit {AtOnce}{Dialect.ForUpdate(tx.Engine)}
            """, row => (Id: row.Guid(0), Branch: row.Guid(1)), ct);
        if (due.Count == 0) return 0;
        tx.Stage($"update document set status = {Status.Cancelled}, version = version + 1, edited_by = {Actor.SystemId} where id {Sql.List(due.Select(basket => basket.Id))}");
        foreach (var (id, branch) in due)
        {
            var stamp = new Stamp(Actor.System, branch, now, DateOnly.FromDateTime(now.UtcDateTime), now.Hour, null, null);
            AuditTrail.Stage(tx, new AuditEvent(stamp, PointOfSaleFunction.FunctionCode, "expire", "sale", id,
                Before: Snapshots.Of(new { Status = Status.Draft }), After: Snapshots.Of(new { Status = Status.Cancelled })), clock);
        }

        await tx.Flush(ct);
        return due.Count;
    }
}
