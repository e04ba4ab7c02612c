using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>What the detail pages of the point of sale show.</summary>
internal static class PointOfSaleDetail
{
    public static async Task<DetailView> Sale(Db db, Header header, bool showCost, Currency currency, CancellationToken ct)
    {
        var sale = db.Later($"""
            select t.code, s.basis, s.gross, s.discount, s.net, s.tax, s.rounding, s.change, s.cost, s.units, s.parked_label, s.offline_at, w.number, coalesce(p.name, ''), coalesce(a.name, '')
            from pos_sale s join terminal t on t.id = s.terminal_id left join work_session w on w.id = {header.SessionId} left join party p on p.id = {header.PartyId} left join app_user a on a.id = s.approved_by
            where s.document_id = {header.Id}
            """, row => new
        {
            Terminal = row.Text(0),
            Basis = row.Text(1),
            Gross = row.Long(2),
            Discount = row.Long(3),
            Net = row.Long(4),
            Tax = row.Long(5),
            Rounding = row.Long(6),
            Change = row.Long(7),
            Cost = row.Long(8),
            Units = row.Long(9),
            Label = row.TextOrNull(10),
            OfflineAt = row.InstantOrNull(11),
            Shift = row.TextOrNull(12),
            Customer = row.Text(13),
            ApprovedBy = row.Text(14),
        });
        var lines = db.Later($"select line, sku, name, quantity, list_price, unit_price, amount, amount - value, net, tax, net + tax, cost, coalesce(override_reason, '') from pos_sale_line where document_id = {header.Id} order by line",
            row => new object?[] { row.Long(0), row.Text(1), row.Text(2), row.Long(3), row.Long(4), row.Long(5), row.Long(6), row.Long(7), row.Long(8), row.Long(9), row.Long(10), row.Long(11), row.Text(12) });
        var taxes = db.Later($"select tax_code, component, rate, base, amount from pos_sale_tax where document_id = {header.Id} order by tax_code, component",
            row => new object?[] { row.Text(0), row.Text(1), row.Long(2), row.Long(3), row.Long(4) });
        var tenders = db.Later($"select m.name, t.amount, t.tendered, t.change, coalesce(t.reference, '') from pos_tender t join payment_method m on m.code = t.method where t.document_id = {header.Id} order by t.seq",
            row => new object?[] { row.Text(0), row.Long(1), row.Long(2), row.Long(3), row.Text(4) });
        await db.Flush(ct);
        var s = sale.Value[0];
        var fields = new List<DetailField>
        {
            new("Till", s.Terminal, "text"), new("Shift", s.Shift, "text"), new("Customer", s.Customer.Length > 0 ? s.Customer : null, "text"), new("Prices", s.Basis == "gross" ? "with tax" : "without tax", "text"),
            new("Before discounts", s.Gross, "money"), new("Discounts", s.Discount, "money"), new("Net", s.Net, "money"), new("Tax", s.Tax, "money"), new("Rounding", s.Rounding, "money"), new("Change", s.Change, "money"),
            new("Units", s.Units, "quantity"), new("Granted by", s.ApprovedBy.Length > 0 ? s.ApprovedBy : null, "text"), new("Parked as", s.Label, "text"), new("Sold offline at", s.OfflineAt, "instant"),
        };
        if (showCost)
        {
            fields.Add(new DetailField("Cost", s.Cost, "money"));
            fields.Add(new DetailField("Margin", s.Net - s.Cost, "money"));
        }

        List<ReportField> columns =
        [
            new("line", "Line", "integer"), new("sku", "SKU", "text"), new("name", "Item", "text"), new("quantity", "Quantity", "quantity"), new("listPrice", "List price", "price"), new("unitPrice", "Price", "price"),
            new("amount", "Amount", "money"), new("discount", "Discount", "money"), new("net", "Net", "money"), new("tax", "Tax", "money"), new("total", "Total", "money"), new("cost", "Cost", "money"), new("reason", "Reason", "text"),
        ];
        var rows = lines.Value;
        if (!showCost)
        {
            columns.RemoveAt(11);
            rows = [.. rows.Select(row => row.Where((_, at) => at != 11).ToArray())];
        }

        return new DetailView([new DetailSection("Sale", [.. fields.Where(field => field.Value is not null)])],
        [
            new DetailTable("lines", "Lines", columns, rows),
            new DetailTable("taxes", "Taxes", [new("code", "Tax code", "text"), new("component", "Component", "text"), new("rate", "Rate", "rate"), new("base", "Base", "money"), new("amount", "Amount", "money")], taxes.Value),
            new DetailTable("tenders", "Tenders", [new("method", "Method", "text"), new("amount", "Amount", "money"), new("tendered", "Tendered", "money"), new("change", "Change", "money"), new("reference", "Reference", "text")], tenders.Value),
        ], header.Status == Status.Draft ? "parked" : null);
    }

    public static async Task<DetailView> CashMovement(Db db, Header header, CancellationToken ct)
    {
        var movement = await db.First($"""
            select m.movement, m.amount, coalesce(r.label, m.reason, ''), m.counter_role, t.code, w.number from pos_cash_movement m
            join terminal t on t.id = m.terminal_id join work_session w on w.id = m.session_id
            left join reason r on r.function = {header.Function} and r.action = m.movement and r.code = m.reason where m.document_id = {header.Id}
            """, row => (Movement: row.Text(0), Amount: row.Long(1), Reason: row.Text(2), Role: row.Text(3), Terminal: row.Text(4), Shift: row.Text(5)), ct);
        return new DetailView([new DetailSection("Cash movement",
            [
                new("Movement", movement.Movement, "text"), new("Amount", movement.Amount, "money"), new("Reason", movement.Reason, "text"), new("Account", movement.Role, "text"),
                new("Till", movement.Terminal, "text"), new("Shift", movement.Shift, "text"),
            ])], []);
    }

    /// <summary>A voucher that nobody paid for; its code stays with who has it.</summary>
    public static async Task<DetailView> IssuedVoucher(Db db, Header header, CancellationToken ct)
    {
        var issue = db.Later($"""
            select i.purpose, i.amount, coalesce(r.label, i.reason), i.expires_on, i.code, coalesce(p.name, '') from pos_voucher_issue i
            left join reason r on r.function = {header.Function} and r.action = i.purpose and r.code = i.reason left join party p on p.id = {header.PartyId}
            where i.document_id = {header.ReversalOf ?? header.Id}
            """, row => (Purpose: row.Text(0), Amount: row.Long(1), Reason: row.Text(2), ExpiresOn: row.DateOrNull(3), Code: row.Text(4), Customer: row.Text(5)));
        var left = db.Later($"""
            select -b.amount from voucher v join account a on a.subject = {Sales.IdText("v.id", db.Engine)} and a.role = 'StoredValue' join balance b on b.account_id = a.id
            where v.document_id = {header.ReversalOf ?? header.Id}
            """, row => row.Long(0));
        await db.Flush(ct);
        var voucher = issue.Value[0];
        var fields = new List<DetailField>
        {
            new("Purpose", voucher.Purpose, "text"), new("Amount", voucher.Amount, "money"), new("Reason", voucher.Reason, "text"), new("Customer", voucher.Customer.Length > 0 ? voucher.Customer : null, "text"),
            new("Code", Vouchers.Masked(voucher.Code), "text"), new("Expires", voucher.ExpiresOn, "date"), new("Left", left.Value.Count > 0 ? left.Value[0] : null, "money"),
        };
        return new DetailView([new DetailSection("Voucher", [.. fields.Where(field => field.Value is not null)])], []);
    }

    /// <summary>The vouchers that expired, from the entries themselves.</summary>
    public static async Task<DetailView> ExpiredVouchers(Db db, Header header, CancellationToken ct)
    {
        var vouchers = await db.Query($"""
            select v.code, v.issued_on, v.expires_on, v.amount, e.amount from ledger_transaction t join entry e on e.transaction_id = t.id join account a on a.id = e.account_id and a.role = 'StoredValue'
            join voucher v on {Sales.IdText("v.id", db.Engine)} = a.subject where t.document_id = {header.Id} order by e.line
            """, row => new object?[] { Vouchers.Masked(row.Text(0)), row.Date(1), row.DateOrNull(2), row.Long(3), row.Long(4) }, ct);
        return new DetailView([new DetailSection("Voucher expiry", [new("Vouchers", (long)vouchers.Count, "integer"), new("Expired", header.Total, "money")])],
        [
            new DetailTable("vouchers", "Vouchers", [new("code", "Voucher", "text"), new("issuedOn", "Issued on", "date"), new("expiresOn", "Expires", "date"), new("amount", "Issued for", "money"), new("expired", "Expired", "money")], vouchers),
        ]);
    }

    public static async Task<DetailView> ShiftClose(Db db, Header header, CancellationToken ct)
    {
        var shift = db.Later($"select w.number, t.code, s.float_amount, s.next_float from work_session w join pos_shift s on s.session_id = w.id join terminal t on t.id = w.terminal_id where w.id = {header.SessionId}",
            row => (Number: row.Text(0), Terminal: row.Text(1), Float: row.Long(2), Next: row.LongOrNull(3)));
        var counts = db.Later($"select method, expected, counted, variance from pos_shift_tender where session_id = {header.SessionId} order by method",
            row => new object?[] { row.Text(0), row.Long(1), row.Long(2), row.Long(3) });
        var coins = db.Later($"select value, count, value * count from pos_shift_denomination where session_id = {header.SessionId} order by value desc",
            row => new object?[] { row.Long(0), row.Long(1), row.Long(2) });
        await db.Flush(ct);
        var (number, terminal, floatAmount, next) = shift.Value[0];
        return new DetailView([new DetailSection("Shift close", [new("Shift", number, "text"), new("Till", terminal, "text"), new("Float", floatAmount, "money"), new("Next float", next, "money")])],
        [
            new DetailTable("counts", "Counted", [new("method", "Method", "text"), new("expected", "Expected", "money"), new("counted", "Counted", "money"), new("variance", "Variance", "money")], counts.Value),
            new DetailTable("denominations", "Denominations", [new("value", "Value", "money"), new("count", "Count", "integer"), new("total", "Total", "money")], coins.Value),
        ]);
    }
}
