using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Catalog;

/// <summary>What is on hand of an item in a warehouse, or of one lot of it.</summary>
/// <param name="WarehouseId">The warehouse.</param>
/// <param name="Warehouse">Its code.</param>
/// <param name="LotId">The lot, or null.</param>
/// <param name="Lot">Its code.</param>
/// <param name="LotStatus">released, quarantine, hold or rejected.</param>
/// <param name="ExpiresOn">Its last day.</param>
/// <param name="OnHand">How much, in the item's stock unit; below zero when more was sold than was there.</param>
/// <param name="Value">Its value in the company's currency; null for a lot whose item is valued as a whole.</param>
public sealed record StockPosition(
    Guid WarehouseId, string Warehouse, Guid? LotId, string? Lot, string? LotStatus, DateOnly? ExpiresOn, Quantity OnHand, string? Value);

/// <summary>The stock of one item.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Unit">Its stock unit.</param>
/// <param name="OnHand">In all warehouses.</param>
/// <param name="Value">Of all warehouses, in the company's currency.</param>
/// <param name="Positions">By warehouse and lot.</param>
public sealed record ItemStock(Guid ItemId, string Sku, string Unit, Quantity OnHand, string? Value, IReadOnlyList<StockPosition> Positions);

/// <summary>Reads stock off the guarded balances of the ledger.</summary>
public static class ItemStockQuery
{
    /// <summary>What is on hand of an item by warehouse and lot, with its value.</summary>
    /// <param name="db">The session.</param>
    /// <param name="id">The item.</param>
    /// <param name="mayViewCost">Whether the reader may see values.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused with <c>NOT_FOUND</c>.</returns>
    public static async Task<Result<ItemStock>> Read(Db db, string id, bool mayViewCost, CancellationToken ct = default)
    {
        if (!Guid.TryParse(id, out var key) || await db.First($"select sku, unit_code from item where id = {key}", row => (Sku: row.Text(0), Unit: row.Text(1)), ct) is not { Sku: { } sku } item)
            return MasterRefusals.Unknown("item");

        var company = db.Later($"select currency, exponent from company", row => (Code: row.Text(0), Exponent: row.Int(1)));
        var counted = db.Later($"""
            select a.subject, b.amount from unit u join account a on a.unit_id = u.id join balance b on b.account_id = a.id
            where u.code = {"ITEM:" + sku} and a.role = 'store' order by a.subject
            """, row => (Subject: row.Text(0), Amount: row.Long(1)));
        var valued = db.Later($"""
            select a.subject, b.amount from unit u join account a on a.unit_id = u.id join balance b on b.account_id = a.id
            where u.code = (select currency from company) and a.role = 'Inventory' and a.subject >= {key.ToString("D") + "/"} and a.subject < {key.ToString("D") + "0"}
            """, row => (Subject: row.Text(0)[37..], Amount: row.Long(1)));
        var warehouses = db.Later($"select id, code from warehouse", row => (Id: row.Guid(0), Code: row.Text(1)));
        var lots = db.Later($"select id, code, status, expires_on from lot where item_id = {key}", row => (Id: row.Guid(0), Code: row.Text(1), Status: row.Text(2), ExpiresOn: row.DateOrNull(3)));
        await db.Flush(ct);

        var exponent = company.Value is [var only, ..] ? only.Exponent : 2;
        var values = valued.Value.GroupBy(row => row.Subject).ToDictionary(group => group.Key, group => group.Sum(row => row.Amount));
        var codes = warehouses.Value.ToDictionary(row => row.Id, row => row.Code);
        var lotOf = lots.Value.ToDictionary(row => row.Id);
        var positions = new List<StockPosition>();
        foreach (var (subject, amount) in counted.Value)
        {
            var parts = subject.Split('/');
            var warehouse = Guid.Parse(parts[0]);
            var lot = parts.Length > 1 && lotOf.TryGetValue(Guid.Parse(parts[1]), out var known) ? known : default;
            // A lot whose item is valued as a whole has no value of its own; that stands beside its warehouse.
            long? value = values.TryGetValue(subject, out var worth) ? worth : null;
            if (amount == 0 && value is null or 0) continue;
            positions.Add(new StockPosition(
                warehouse, codes.GetValueOrDefault(warehouse) ?? "", lot.Id == Guid.Empty ? null : lot.Id, lot.Code, lot.Status, lot.ExpiresOn, new Quantity(amount),
                mayViewCost ? Check.Amount(value, exponent) : null));
        }

        return new ItemStock(
            key, sku, item.Unit, Quantity.Sum(positions.Select(position => position.OnHand)), mayViewCost ? Check.Amount(values.Values.Sum(), exponent) : null,
            [.. positions.OrderBy(position => position.Warehouse, StringComparer.Ordinal).ThenBy(position => position.Lot, StringComparer.Ordinal)]);
    }
}
