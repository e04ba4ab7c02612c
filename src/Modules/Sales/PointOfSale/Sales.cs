using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Sales.Pricing;

namespace Plug1.Sales.PointOfSale;

/// <summary>All SQL of sales at the counter.</summary>
internal static class Sales
{
    internal static readonly Table SaleTable = new("pos_sale",
        ("document_id", Kind.Id), ("terminal_id", Kind.Id), ("basis", Kind.Text), ("gross", Kind.Long), ("discount", Kind.Long), ("net", Kind.Long), ("tax", Kind.Long), ("rounding", Kind.Long),
        ("change", Kind.Long), ("cost", Kind.Long), ("units", Kind.Long), ("line_count", Kind.Long), ("overrides", Kind.Long), ("seconds", Kind.Long), ("receipt_seq", Kind.Long),
        ("offline_at", Kind.Instant), ("parked_label", Kind.Text), ("basket", Kind.Text), ("approved_by", Kind.Id));

    internal static readonly Table LineTable = new("pos_sale_line",
        ("document_id", Kind.Id), ("line", Kind.Long), ("kind", Kind.Text), ("item_id", Kind.Id), ("category_id", Kind.Id), ("warehouse_id", Kind.Id), ("sku", Kind.Text), ("name", Kind.Text),
        ("barcode", Kind.Text), ("quantity", Kind.Long), ("list_price", Kind.Long), ("unit_price", Kind.Long), ("price_source", Kind.Text), ("override_reason", Kind.Text), ("amount", Kind.Long),
        ("manual", Kind.Long), ("promotion", Kind.Long), ("document_discount", Kind.Long), ("value", Kind.Long), ("net_before", Kind.Long), ("net", Kind.Long), ("tax", Kind.Long),
        ("cost", Kind.Long), ("tax_code", Kind.Text), ("salesperson_id", Kind.Id));

    private static readonly Table LotTable = new("pos_sale_lot", ("document_id", Kind.Id), ("line", Kind.Long), ("lot_id", Kind.Id), ("quantity", Kind.Long), ("cost", Kind.Long));

    internal static readonly Table TaxTable = new("pos_sale_tax",
        ("document_id", Kind.Id), ("tax_code", Kind.Text), ("component", Kind.Text), ("rate", Kind.Long), ("base", Kind.Long), ("amount", Kind.Long));

    internal static readonly Table TenderTable = new("pos_tender",
        ("document_id", Kind.Id), ("seq", Kind.Long), ("session_id", Kind.Id), ("method", Kind.Text), ("amount", Kind.Long), ("tendered", Kind.Long), ("change", Kind.Long),
        ("reference", Kind.Text), ("voucher_id", Kind.Id));

    internal static readonly Table VoucherTable = new("voucher",
        ("id", Kind.Id), ("code", Kind.Text), ("issued_on", Kind.Date), ("expires_on", Kind.Date), ("party_id", Kind.Id), ("document_id", Kind.Id), ("amount", Kind.Long));

    /// <summary>An id column as the text that account subjects hold.</summary>
    public static Sql IdText(string column, Engine engine) => Sql.Raw(engine == Engine.Postgres ? $"{column}::text" : column);

    /// <summary>Where the money of a payment method goes.</summary>
    public static AccountKey MoneyAccount(TenderMethod method, string currency, Guid branch, Guid terminal, Guid? party, Guid voucher) => method.Type switch
    {
        TenderType.Cash => new(AccountRoles.CashDrawer, currency, terminal.ToString("D"), branch),
        TenderType.Card => new(AccountRoles.CardClearing, currency, method.Code, branch),
        TenderType.Voucher => VoucherAccount(currency, voucher),
        TenderType.Account => new(AccountRoles.Receivable, currency, party is { } id ? id.ToString("D") : throw new InvariantBrokenException("An account tender names its customer."), branch),
        TenderType.Bank => new(AccountRoles.Bank, currency, "", branch),
        _ => new(AccountRoles.MobileClearing, currency, method.Code, branch),
    };

    /// <summary>Where a voucher's value stands: of no branch, since it is sold in one and spent in another.</summary>
    public static AccountKey VoucherAccount(string currency, Guid voucher) => new(AccountRoles.StoredValue, currency, voucher.ToString("D"));

    /// <summary>Draws the receipt number, or takes the one given offline from the till's own series.</summary>
    public static async Task<Result<(string Number, long Sequence)>> Number(Tx tx, SaleDraft sale, CancellationToken ct)
    {
        var terminal = sale.Basket.Terminal;
        var (series, prefix) = ($"{PointOfSaleFunction.FunctionCode}/{terminal.Code}", $"{sale.Basket.Branch.Code}-{terminal.Code}-");
        if (sale.Basket.Request.ReceiptNumber is not { } given)
        {
            var number = await Numbers.Draw(tx, series, prefix, ct: ct);
            return (number, long.Parse(number.AsSpan(prefix.Length)));
        }

        if (!sale.IsOffline || !given.StartsWith(prefix, StringComparison.Ordinal) || !long.TryParse(given.AsSpan(prefix.Length), out var sequence) || sequence <= 0 || sequence > 999_999_999)
            return Refusals.ReceiptNumberInvalid;
        var taken = tx.Later($"select id from document where function = {PointOfSaleFunction.FunctionCode} and kind = 'sale' and number = {given}", row => row.Guid(0));
        var last = tx.Later($"select last_number from number_series where id = {series}{Dialect.ForUpdate(tx.Engine)}", row => row.Long(0));
        tx.Stage($"""
            insert into number_series (id, prefix, last_number, digits) values ({series}, {prefix}, {sequence}, 6)
            on conflict (id) do update set last_number = case when number_series.last_number < {sequence} then {sequence} else number_series.last_number end
            """);
        await tx.Flush(ct);
        if (sequence - last.Value.FirstOrDefault() > Limits.NumbersAhead) return Refusals.ReceiptNumberInvalid;
        return taken.Value.Count > 0 ? Refusals.ReceiptNumberTaken(given) : (given, sequence);
    }

    /// <summary>Gathers lines, taxes, tenders and vouchers of a sale.</summary>
    public static void Insert(Tx tx, SaleDraft sale, Header header, long sequence, Guid? approvedBy, TimeProvider clock)
    {
        var (basket, calculation) = (sale.Basket, sale.Calculation);
        var lines = new List<object?[]>(basket.Lines.Count);
        long gross = 0, units = 0;
        for (var at = 0; at < basket.Lines.Count; at++)
        {
            var (line, calculated) = (basket.Lines[at], calculation.Lines[at]);
            lines.Add(
            [
                sale.Id, at + 1L, line.IsVoucher ? "voucher" : line.Item!.Kind.ToString().ToLowerInvariant(), line.Item?.Id, line.Item?.CategoryId, line.Stock is null ? null : basket.Terminal.WarehouseId,
                line.Item?.Sku ?? "VOUCHER", line.Name, line.Barcode, line.Quantity.Millionths, line.ListPrice.Millionths, line.UnitPrice.Millionths, line.PriceSource, line.Request.OverrideReason,
                calculated.Amount.Minor, calculated.Manual.Minor, calculated.Promotion.Minor, calculated.DocumentDiscount.Minor, calculated.Value.Minor, calculated.NetBeforeDiscounts.Minor,
                calculated.Net.Minor, calculated.Tax.Minor, sale.Costs[at], calculated.Line.Tax?.Code, null,
            ]);
            if (line.IsVoucher) continue;
            gross += calculated.NetBeforeDiscounts.Minor;
            units += line.Quantity.Millionths;
        }

        tx.Insert(SaleTable, [[
            sale.Id, basket.Terminal.Id, basket.Terminal.Basis, gross, gross - lines.Where(line => (string)line[2]! != "voucher").Sum(line => (long)line[20]!), calculation.Net.Minor, calculation.Tax.Minor,
            sale.Settlement.Rounding.Minor, sale.Settlement.Change.Minor, sale.Costs.Sum(), units, (long)basket.Lines.Count, (long)basket.Lines.Count(line => line.IsOverridden), sale.Seconds, sequence,
            basket.Request.OfflineAt, null, null, approvedBy]]);
        tx.Insert(LineTable, lines);
        tx.Insert(LotTable, [.. sale.Taken.SelectMany(taken => taken.Value.Parts.Where(part => part.LotId is not null).Select(part => new object?[] { sale.Id, taken.Key + 1L, part.LotId, part.Quantity, part.Cost }))]);
        tx.Insert(TaxTable, [.. calculation.TaxTable.SelectMany(row => row.Components.Select(component => new object?[]
        {
            sale.Id, row.Scheme.Code, component.Component.Code, component.Component.Rate.Millionths, component.Base.Minor, component.Amount.Minor,
        }))]);
        tx.Insert(TenderTable, [.. sale.Settlement.Tenders.Select((tender, at) => new object?[]
        {
            sale.Id, at + 1L, header.SessionId, tender.Method.Code, tender.Amount.Minor, tender.Given.Minor, tender.Change.Minor,
            tender is { Method.Type: TenderType.Voucher, Reference: { } code } ? Vouchers.Masked(code) : tender.Reference,
            sale.VouchersUsed.TryGetValue(at, out var voucher) ? voucher : null,
        })]);
        tx.Insert(VoucherTable, [.. sale.VouchersSold.Select(voucher => new object?[]
        {
            voucher.Value.Id, voucher.Value.Code, sale.Day, null, header.PartyId, sale.Id, calculation.Lines[voucher.Key].Value.Minor,
        })]);
    }

    /// <summary>Mirror rows of a reversed sale, so that tenders, taxes and totals of the shift stay sums.</summary>
    public static void InsertMirror(Tx tx, Guid original, Guid mirror)
    {
        tx.Stage($"""
            insert into pos_sale (document_id, terminal_id, basis, gross, discount, net, tax, rounding, change, cost, units, line_count, overrides, seconds)
            select {mirror}, terminal_id, basis, -gross, -discount, -net, -tax, -rounding, -change, -cost, -units, line_count, 0, 0 from pos_sale where document_id = {original}
            """);
        tx.Stage($"""
            insert into pos_sale_line (document_id, line, kind, item_id, category_id, warehouse_id, sku, name, barcode, quantity, list_price, unit_price, price_source, override_reason,
              amount, manual, promotion, document_discount, value, net_before, net, tax, cost, tax_code, salesperson_id)
            select {mirror}, line, kind, item_id, category_id, warehouse_id, sku, name, barcode, -quantity, list_price, unit_price, price_source, override_reason,
              -amount, -manual, -promotion, -document_discount, -value, -net_before, -net, -tax, -cost, tax_code, salesperson_id from pos_sale_line where document_id = {original}
            """);
        tx.Stage($"insert into pos_sale_tax (document_id, tax_code, component, rate, base, amount) select {mirror}, tax_code, component, rate, -base, -amount from pos_sale_tax where document_id = {original}");
        tx.Stage($"""
            insert into pos_tender (document_id, seq, session_id, method, amount, tendered, change, reference, voucher_id)
            select {mirror}, seq, session_id, method, -amount, -tendered, -change, reference, voucher_id from pos_tender where document_id = {original}
            """);
    }

    /// <summary>Keeps a basket as a draft.</summary>
    public static void InsertParked(Tx tx, Guid id, Guid terminal, string basis, string label, string basket, int lines) => tx.Insert(SaleTable,
        [[id, terminal, basis, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, (long)lines, 0L, 0L, null, null, label, basket, null]]);

    /// <summary>The parked basket has become a sale, or was parked anew: it is parked no more.</summary>
    /// <remarks>It is one of this branch that is still parked, or one that the same person has taken back to the till; and it becomes one sale only.</remarks>
    /// <returns>Refused with <c>POS_NOT_PARKED</c>.</returns>
    public static async Task<Result> TakeUp(Tx tx, Guid parked, Guid next, Stamp stamp, CancellationToken ct)
    {
        var locked = await Headers.Lock(tx, PointOfSaleFunction.FunctionCode, parked, null, ct);
        if (locked.IsRefused || locked.Value is not { Kind: "sale", PostedAt: null } header || header.BranchId != stamp.BranchId) return Refusals.NotParked;
        var taken = header.Status == Status.Cancelled && header.EditedBy == stamp.Actor.UserId;
        if (header.Status != Status.Draft && !taken) return Refusals.NotParked;
        if (await tx.Number($"select count(*) from document_relation where from_id = {parked} and relation = 'became'", ct) > 0) return Refusals.NotParked;
        if (!taken)
        {
            header.MoveTo(Status.Cancelled, stamp);
            header.Edit(stamp);
            Headers.Update(tx, header);
        }

        Headers.Relate(tx, parked, next, "became");
        return Result.Done;
    }
}

/// <summary>What the audit trail keeps of an answer.</summary>
internal static class Snapshots
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Json);
}
