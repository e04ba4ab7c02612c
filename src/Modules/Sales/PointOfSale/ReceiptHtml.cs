using System.Globalization;
using System.Net;
using System.Text;
using Plug1.Kernel.Templates;

namespace Plug1.Sales.PointOfSale;

/// <summary>A receipt as a page that prints 80 mm wide.</summary>
internal static class ReceiptHtml
{
    /// <summary>The media type.</summary>
    public const string MediaType = "text/html; charset=utf-8";

    /// <summary>Makes the page.</summary>
    /// <param name="receipt">The figures.</param>
    /// <param name="address">Where its QR code leads.</param>
    public static string Of(Receipt receipt, string address)
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
            if (ReceiptSlip.IsSome(line.Discount)) html.Append($"<tr><td>Discount</td><td class=\"n\">-{E(line.Discount)}</td></tr>");
        }

        html.Append($"<tr class=\"t\"><td>Total {E(receipt.Currency)}</td><td class=\"n\">{E(receipt.Total)}</td></tr>");
        if (ReceiptSlip.IsSome(receipt.Rounding)) html.Append($"<tr><td>Rounding</td><td class=\"n\">{E(receipt.Rounding)}</td></tr>");
        foreach (var tender in receipt.Tenders) html.Append($"<tr><td>{E(tender.Method)}</td><td class=\"n\">{E(tender.Tendered)}</td></tr>");
        html.Append($"<tr><td>Change</td><td class=\"n\">{E(receipt.Change)}</td></tr></table><hr><table>");
        foreach (var tax in receipt.Taxes) html.Append($"<tr><td>{E(tax.Component)} {E(ReceiptSlip.Percent(tax.Rate))}</td><td class=\"n\">{E(tax.Base)}</td><td class=\"n\">{E(tax.Amount)}</td></tr>");
        html.Append("</table>");
        foreach (var card in receipt.GiftCards ?? [])
        {
            html.Append($"<hr><p>Gift card {E(receipt.Currency)} {E(card.Amount)}<br><strong>{E(ReceiptSlip.Grouped(card.Code))}</strong>");
            if (card.ExpiresOn is { } until) html.Append(CultureInfo.InvariantCulture, $"<br>valid until {until:yyyy-MM-dd}");
            html.Append("</p>");
        }

        if (receipt.Points is { } points)
        {
            html.Append("<hr><table>");
            if (ReceiptSlip.IsSome(points.Redeemed)) html.Append($"<tr><td>Points used</td><td class=\"n\">{E(points.Redeemed)}</td></tr>");
            html.Append($"<tr><td>Points earned</td><td class=\"n\">{E(points.Earned)}</td></tr><tr><td>Points balance</td><td class=\"n\">{E(points.Balance)}</td></tr></table>");
        }

        html.Append($"<div class=\"q\">{QrSvg.Of(address)}</div><p>Thank you</p></body></html>");
        return html.ToString();
    }
}
