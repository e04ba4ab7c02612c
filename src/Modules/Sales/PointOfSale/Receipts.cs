using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Plug1.Http;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Templates;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>A line of a receipt.</summary>
public sealed record ReceiptLine(string Sku, string Name, string Quantity, string UnitPrice, string Amount, string Discount);

/// <summary>A payment on a receipt.</summary>
public sealed record ReceiptTender(string Method, string Amount, string Tendered, string Change, string? Reference);

/// <summary>A gift card that was sold: whoever has its code may pay with it.</summary>
public sealed record ReceiptGiftCard(string Code, string Amount, DateOnly? ExpiresOn);

/// <summary>The figures of a receipt.</summary>
public sealed record Receipt(
    Guid Id, string Number, string Status, string Company, string Branch, string Terminal, string Cashier, string? Customer, string SoldAt, string Currency, IReadOnlyList<ReceiptLine> Lines,
    IReadOnlyList<ShiftTax> Taxes, IReadOnlyList<ReceiptTender> Tenders, string Net, string Tax, string Total, string Rounding, string Change, bool Copy, IReadOnlyList<ReceiptGiftCard>? GiftCards = null);

/// <summary>Prints receipts: made after the commit, from what was posted.</summary>
internal sealed class Receipts(Database database, OrganisationBook organisation, CommandRunner runner)
{
    public async Task<IResult> Render(Guid id, string format, RequestActor who, HttpContext http, CancellationToken ct)
    {
        if (format is not ("html" or "json")) return new Refusal("FORMAT_UNKNOWN", "A receipt is made as html or json.", "/format", 400).ToHttp();
        // A receipt belongs to its sale's branch, wherever it is looked at.
        var branchId = await database.Read(db => db.First($"select branch_id from document where id = {id}", row => (Guid?)row.Guid(0), ct), ct);
        var receipt = branchId is { } at && who.Actor.May("sales.point-of-sale.view", at) ? await Find(id, at, ct) : null;
        if (receipt is null) return new Refusal("NOT_FOUND", "There is no such receipt.", Status: 404).ToHttp();
        if (format == "json") return Results.Ok(receipt);
        if (http.Request.Query.ContainsKey("copy"))
        {
            if (!who.Actor.May("sales.point-of-sale.reprint", branchId!.Value)) return CommandRunner.Denied("sales.point-of-sale.reprint").ToHttp();
            var stamp = await runner.StampOf(who.Call(), ct);
            await database.Write(tx =>
            {
                AuditTrail.Stage(tx, new AuditEvent(stamp, PointOfSaleFunction.FunctionCode, "reprint", "sale", id), runner.Clock);
                return Task.CompletedTask;
            }, ct);
            receipt = receipt with { Copy = true };
        }

        return Results.Content(Html(receipt, $"{http.Request.Scheme}://{http.Request.Host}/sales/point-of-sale/{id}"), "text/html; charset=utf-8");
    }

    /// <summary>The figures of a posted sale of a branch.</summary>
    public async Task<Receipt?> Find(Guid id, Guid branchId, CancellationToken ct)
    {
        var view = await organisation.Get(ct);
        var (company, branch) = (view.Company, view.Branch(branchId));
        string Text(long minor) => new Money(minor, company.Currency).ToString();
        return await database.Read(async db =>
        {
            var head = db.Later($"""
                select d.number, d.status, t.code, coalesce(u.name, ''), p.name, d.posted_at, s.net, s.tax, s.rounding, s.change
                from document d join pos_sale s on s.document_id = d.id join terminal t on t.id = s.terminal_id left join app_user u on u.id = d.created_by left join party p on p.id = d.party_id
                where d.id = {id} and d.function = {PointOfSaleFunction.FunctionCode} and d.branch_id = {branchId} and d.number is not null
                """, row => new { Number = row.Text(0), Status = row.Text(1), Terminal = row.Text(2), Cashier = row.Text(3), Customer = row.TextOrNull(4), At = row.Instant(5), Net = row.Long(6), Tax = row.Long(7), Rounding = row.Long(8), Change = row.Long(9) });
            var lines = db.Later($"select sku, name, quantity, unit_price, amount, amount - value from pos_sale_line where document_id = {id} order by line",
                row => new ReceiptLine(row.Text(0), row.Text(1), new Quantity(row.Long(2)).ToString(), new UnitPrice(row.Long(3)).ToString(), Text(row.Long(4)), Text(row.Long(5))));
            var taxes = db.Later($"select tax_code, component, rate, base, amount from pos_sale_tax where document_id = {id} order by tax_code, component",
                row => new ShiftTax(row.Text(0), row.Text(1), new Rate(row.Long(2)).ToString(), Text(row.Long(3)), Text(row.Long(4))));
            var tenders = db.Later($"select m.name, t.amount, t.tendered, t.change, t.reference from pos_tender t join payment_method m on m.code = t.method where t.document_id = {id} order by t.seq",
                row => new ReceiptTender(row.Text(0), Text(row.Long(1)), Text(row.Long(2)), Text(row.Long(3)), row.TextOrNull(4)));
            var giftCards = db.Later($"select code, amount, expires_on from voucher where document_id = {id} order by id", row => new ReceiptGiftCard(row.Text(0), Text(row.Long(1)), row.DateOrNull(2)));
            await db.Flush(ct);
            if (head.Value.Count == 0) return null;
            var h = head.Value[0];
            var soldAt = TimeZoneInfo.ConvertTime(h.At, branch.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            return new Receipt(id, h.Number, h.Status, company.Name, branch.Name, h.Terminal, h.Cashier, h.Customer, soldAt, company.Currency.Code, lines.Value, taxes.Value, tenders.Value,
                Text(h.Net), Text(h.Tax), Text(h.Net + h.Tax), Text(h.Rounding), Text(h.Change), Copy: false, giftCards.Value.Count > 0 ? giftCards.Value : null);
        }, ct);
    }

    private static string Html(Receipt receipt, string address)
    {
        var html = new StringBuilder();
        string E(string? text) => WebUtility.HtmlEncode(text ?? "");
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Receipt ").Append(E(receipt.Number)).Append("</title><style>")
            .Append("@page{size:80mm auto;margin:3mm}body{font:12px/1.4 ui-monospace,monospace;width:74mm;margin:0 auto;color:#000;background:#fff}h1{font-size:15px;text-align:center;margin:0}p{margin:.2em 0;text-align:center}")
            .Append("table{width:100%;border-collapse:collapse}td{vertical-align:top;padding:1px 0}td.n{text-align:right;white-space:nowrap;padding-left:1em}tr.t td{font-weight:bold;font-size:15px;border-top:1px dashed #000;padding-top:4px}")
            .Append("hr{border:0;border-top:1px dashed #000}.q{width:28mm;margin:2mm auto}</style></head><body>");
        html.Append($"<h1>{E(receipt.Company)}</h1><p>{E(receipt.Branch)}</p><p>{E(receipt.Number)} · {E(receipt.SoldAt)}<br>Till {E(receipt.Terminal)} · {E(receipt.Cashier)}</p>");
        if (receipt.Copy) html.Append("<p><strong>COPY</strong></p>");
        if (receipt.Status == "reversed") html.Append("<p><strong>REVERSED</strong></p>");
        if (receipt.Customer is { } customer) html.Append($"<p>{E(customer)}</p>");
        html.Append("<hr><table>");
        foreach (var line in receipt.Lines)
        {
            html.Append($"<tr><td>{E(line.Name)}<br>{E(line.Quantity)} × {E(line.UnitPrice)}</td><td class=\"n\">{E(line.Amount)}</td></tr>");
            if (line.Discount.Any(digit => digit is >= '1' and <= '9')) html.Append($"<tr><td>Discount</td><td class=\"n\">-{E(line.Discount)}</td></tr>");
        }

        html.Append($"<tr class=\"t\"><td>Total {E(receipt.Currency)}</td><td class=\"n\">{E(receipt.Total)}</td></tr>");
        if (receipt.Rounding.Any(digit => digit is >= '1' and <= '9')) html.Append($"<tr><td>Rounding</td><td class=\"n\">{E(receipt.Rounding)}</td></tr>");
        foreach (var tender in receipt.Tenders) html.Append($"<tr><td>{E(tender.Method)}</td><td class=\"n\">{E(tender.Tendered)}</td></tr>");
        html.Append($"<tr><td>Change</td><td class=\"n\">{E(receipt.Change)}</td></tr></table><hr><table>");
        foreach (var tax in receipt.Taxes) html.Append($"<tr><td>{E(tax.Component)} {E(Percent(tax.Rate))}</td><td class=\"n\">{E(tax.Base)}</td><td class=\"n\">{E(tax.Amount)}</td></tr>");
        html.Append("</table>");
        foreach (var card in receipt.GiftCards ?? [])
        {
            html.Append($"<hr><p>Gift card {E(receipt.Currency)} {E(card.Amount)}<br><strong>{E(string.Join(' ', card.Code.Chunk(4).Select(part => new string(part))))}</strong>");
            if (card.ExpiresOn is { } until) html.Append(CultureInfo.InvariantCulture, $"<br>valid until {until:yyyy-MM-dd}");
            html.Append("</p>");
        }

        html.Append($"<div class=\"q\">{QrSvg.Of(address)}</div><p>Thank you</p></body></html>");
        return html.ToString();
    }

    private static string Percent(string rate) => Rate.TryParse(rate, out var value) ? $"{new Quantity(checked(value.Millionths * 100))} %" : rate;
}
