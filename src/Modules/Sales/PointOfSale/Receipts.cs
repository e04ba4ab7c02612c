using System.Globalization;
using Microsoft.AspNetCore.Http;
using Plug1.Http;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>A line of a receipt.</summary>
public sealed record ReceiptLine(string Sku, string Name, string Quantity, string UnitPrice, string Amount, string Discount);

/// <summary>A payment on a receipt.</summary>
public sealed record ReceiptTender(string Method, string Amount, string Tendered, string Change, string? Reference);

/// <summary>A gift card that was sold.</summary>
/// <param name="Code">Its code, in full only for the one who sold it, until the card is used or the shift is counted.</param>
/// <param name="Amount">What it was sold for.</param>
/// <param name="ExpiresOn">Its last day.</param>
public sealed record ReceiptGiftCard(string Code, string Amount, DateOnly? ExpiresOn);

/// <summary>The figures of a receipt.</summary>
public sealed record Receipt(
    Guid Id, string Number, string Status, string Company, string Branch, string Terminal, string Cashier, string? Customer, string SoldAt, string Currency, IReadOnlyList<ReceiptLine> Lines,
    IReadOnlyList<ShiftTax> Taxes, IReadOnlyList<ReceiptTender> Tenders, string Net, string Tax, string Total, string Rounding, string Change, bool Copy, IReadOnlyList<ReceiptGiftCard>? GiftCards = null, LoyaltyAnswer? Points = null);

/// <summary>Prints receipts: made after the commit, from what was posted.</summary>
internal sealed class Receipts(Database database, OrganisationBook organisation, CommandRunner runner, Customers.Loyalty.ILoyalty loyalty)
{
    public async Task<IResult> Render(Guid id, string format, RequestActor who, HttpContext http, CancellationToken ct)
    {
        if (format is not ("html" or "pdf" or "escpos" or "json")) return new Refusal("FORMAT_UNKNOWN", "A receipt is made as html, pdf, escpos or json.", "/format", 400).ToHttp();
        // A receipt belongs to its sale's branch, wherever it is looked at.
        var branchId = await database.Read(db => db.First($"select branch_id from document where id = {id}", row => (Guid?)row.Guid(0), ct), ct);
        var receipt = branchId is { } at && who.Actor.May("sales.point-of-sale.view", at) ? await Find(id, at, who.Actor.UserId, ct) : null;
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

        var address = $"{http.Request.Scheme}://{http.Request.Host}/sales/point-of-sale/{id}";
        if (format == "html") return Results.Content(ReceiptHtml.Of(receipt, address), ReceiptHtml.MediaType);
        var (bytes, type, ending) = format == "pdf"
            ? (ReceiptPdf.Of(receipt, address, runner.Clock.GetUtcNow()), ReceiptPdf.MediaType, "pdf")
            : (ReceiptEscPos.Of(receipt, address), ReceiptEscPos.MediaType, "bin");
        var name = string.Concat(receipt.Number.Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '-'));
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}.{ending}\"";
        return Results.Bytes(bytes, type);
    }

    /// <summary>The figures of a posted sale of a branch.</summary>
    /// <remarks>
    /// Whoever has the code of a gift card may pay with it: it is told in full to the one who sold it, while the shift of the
    /// sale is open and nothing of it is spent. To all others it is told by its last signs.
    /// </remarks>
    /// <param name="id">The sale.</param>
    /// <param name="branchId">Its branch.</param>
    /// <param name="reader">Who asks.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<Receipt?> Find(Guid id, Guid branchId, Guid? reader, CancellationToken ct)
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
            var giftCards = db.Later($"""
                select v.code, v.amount, v.expires_on, d.created_by, w.state, coalesce(b.amount, 0) from voucher v join document d on d.id = v.document_id left join work_session w on w.id = d.session_id
                left join account a on a.subject = {Sales.IdText("v.id", db.Engine)} and a.role = 'StoredValue' left join balance b on b.account_id = a.id where v.document_id = {id} order by v.id
                """, row => new ReceiptGiftCard(
                    row.Guid(3) == reader && row.TextOrNull(4) == "open" && -row.Long(5) == row.Long(1) ? row.Text(0) : Vouchers.Masked(row.Text(0)), Text(row.Long(1)), row.DateOrNull(2)));
            var points = loyalty.Of(db, id);
            await db.Flush(ct);
            if (head.Value.Count == 0) return null;
            var h = head.Value[0];
            var soldAt = TimeZoneInfo.ConvertTime(h.At, branch.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            return new Receipt(id, h.Number, h.Status, company.Name, branch.Name, h.Terminal, h.Cashier, h.Customer, soldAt, company.Currency.Code, lines.Value, taxes.Value, tenders.Value,
                Text(h.Net), Text(h.Tax), Text(h.Net + h.Tax), Text(h.Rounding), Text(h.Change), Copy: false, giftCards.Value.Count > 0 ? giftCards.Value : null,
                points.Value is [{ } member] ? new LoyaltyAnswer(member.Programme, member.Earned.ToString(), member.Redeemed.ToString(), member.Balance.ToString()) : null);
        }, ct);
    }
}
