using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>Tax of a shift by code and component.</summary>
public sealed record ShiftTax(string Code, string Component, string Rate, string Base, string Amount);

/// <summary>The X report of a running shift, or the Z report of a closed one.</summary>
public sealed record ShiftReport(
    string Kind, ShiftAnswer Shift, int Sales, int Reversals, string Gross, string Discounts, string Net, string Tax, string Total, string Rounding, string? Cost, string? Margin,
    IReadOnlyList<ShiftTax> Taxes, IReadOnlyList<ShiftTenderAnswer> Tenders, string Float, string PaidIn, string PaidOut, string Drops, int NoSaleOpenings, int Overrides,
    string? FirstReceipt, string? LastReceipt, IReadOnlyList<string> Gaps, DateTimeOffset MadeAt);

/// <summary>Makes the X and Z reports of a shift.</summary>
internal sealed class ShiftReports(Database database, Shifts shifts, OrganisationBook organisation, CatalogueBook catalogue, TimeProvider clock)
{
    public async Task<Result<ShiftReport>> Make(Guid id, string kind, Guid branch, Func<string, bool> may, CancellationToken ct)
    {
        if (kind is not ("x" or "z")) return new Refusal("REPORT_UNKNOWN", "The report of a shift is x or z.", "/kind", 400);
        if (await shifts.Find(id, branch, may, ct) is not { } shift) return Refusals.ShiftUnknown;
        if (kind == "z" && shift.State != "closed") return new Refusal("POS_SHIFT_STILL_OPEN", "A Z report is made of a closed shift.", "/kind", 409);
        var currency = (await organisation.Get(ct)).Company.Currency;
        _ = await catalogue.Get(ct);
        return await database.Read(db => Read(db, id, kind, shift, currency, may, ct), ct);
    }

    private async Task<Result<ShiftReport>> Read(Db db, Guid id, string kind, ShiftAnswer shift, Currency currency, Func<string, bool> may, CancellationToken ct)
    {
        string Text(long minor) => new Money(minor, currency).ToString();
        var sums = db.Later($"""
            select coalesce(sum(case when d.reversal_of is null and d.kind = 'sale' then 1 else 0 end), 0), coalesce(sum(case when d.reversal_of is null then 0 else 1 end), 0), coalesce(sum(s.gross), 0), coalesce(sum(s.discount), 0),
              coalesce(sum(s.net), 0), coalesce(sum(s.tax), 0), coalesce(sum(s.rounding), 0), coalesce(sum(s.cost), 0), coalesce(sum(s.overrides), 0), max(d.branch_id{Sql.Raw(db.Engine == Engine.Postgres ? "::text" : "")})
            from document d join pos_sale s on s.document_id = d.id where d.session_id = {id} and d.kind in ('sale', 'return') and d.status in ('posted', 'closed', 'reversed', 'reversal-requested')
            """, row => new { Sales = row.Int(0), Reversals = row.Int(1), Gross = row.Long(2), Discount = row.Long(3), Net = row.Long(4), Tax = row.Long(5), Rounding = row.Long(6), Cost = row.Long(7), Overrides = row.Int(8) });
        var taxes = db.Later($"""
            select t.tax_code, t.component, t.rate, sum(t.base), sum(t.amount) from document d join pos_sale_tax t on t.document_id = d.id
            where d.session_id = {id} and d.kind in ('sale', 'return') group by t.tax_code, t.component, t.rate order by t.tax_code, t.component
            """, row => new ShiftTax(row.Text(0), row.Text(1), new Rate(row.Long(2)).ToString(), Text(row.Long(3)), Text(row.Long(4))));
        var moves = db.Later($"select movement, sum(amount) from pos_cash_movement where session_id = {id} and posted group by movement", row => (Movement: row.Text(0), Amount: row.Long(1)));
        var openings = db.Later($"select count(*) from pos_drawer_opening where session_id = {id}", row => row.Int(0));
        var receipts = db.Later($"""
            select d.number, s.receipt_seq from document d join pos_sale s on s.document_id = d.id
            where d.session_id = {id} and d.kind = 'sale' and d.reversal_of is null and s.receipt_seq is not null order by s.receipt_seq
            """, row => (Number: row.Text(0), Sequence: row.Long(1)));
        await db.Flush(ct);
        var s = sums.Value[0];
        var moved = moves.Value.ToDictionary(row => row.Movement, row => row.Amount);
        var gaps = receipts.Value.Zip(receipts.Value.Skip(1)).SelectMany(pair => Enumerable.Range(1, (int)Math.Min(100, pair.Second.Sequence - pair.First.Sequence - 1)).Select(step => (pair.First.Sequence + step).ToString())).Take(100).ToList();
        var showCost = may("view-cost");
        return new ShiftReport(kind, shift, s.Sales, s.Reversals, Text(s.Gross), Text(s.Discount), Text(s.Net), Text(s.Tax), Text(s.Net + s.Tax), Text(s.Rounding), showCost ? Text(s.Cost) : null, showCost ? Text(s.Net - s.Cost) : null,
            taxes.Value, shift.Tenders, shift.Float, Text(moved.GetValueOrDefault("paid-in")), Text(moved.GetValueOrDefault("paid-out")), Text(moved.GetValueOrDefault("drop")), openings.Value[0], s.Overrides,
            receipts.Value.Count > 0 ? receipts.Value[0].Number : null, receipts.Value.Count > 0 ? receipts.Value[^1].Number : null, gaps, clock.GetUtcNow());
    }
}
