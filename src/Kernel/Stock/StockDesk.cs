using Plug1.Kernel.Ledger;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Stock;

/// <summary>What stock needs to know of an item.</summary>
/// <param name="Id">Item.</param>
/// <param name="Sku">Its code, which names its ledger unit.</param>
/// <param name="CategoryId">Category, for the account determination.</param>
/// <param name="UsesLots">Lots or serials are kept, or it is valued by FIFO.</param>
/// <param name="Fifo">Each lot keeps its own cost and the oldest goes first.</param>
/// <param name="LotRequired">The lot (or serial) must be named at issue.</param>
/// <param name="StandardCost">Cost of one unit in millionths of a major currency unit, used while nothing is known.</param>
public sealed record StockItem(Guid Id, string Sku, Guid CategoryId, bool UsesLots, bool Fifo, bool LotRequired, long? StandardCost)
{
    /// <summary>The ledger unit that counts it.</summary>
    public string Unit { get; } = $"ITEM:{Sku}";

    /// <summary>What stock needs to know of an item of the catalogue.</summary>
    public static StockItem Of(Catalog.Item item) => new(
        item.Id, item.Sku, item.CategoryId, item.Tracking != Catalog.Tracking.None || item.Valuation == Catalog.Valuation.Fifo, item.Valuation == Catalog.Valuation.Fifo,
        item.Tracking != Catalog.Tracking.None, item.StandardCost?.Millionths);
}

/// <summary>One issue that is asked for. Quantities in millionths of the stock unit.</summary>
/// <param name="Item">Item.</param>
/// <param name="WarehouseId">From where.</param>
/// <param name="Quantity">How much; more than zero.</param>
/// <param name="Lots">Named lots with quantities; empty when the desk shall choose.</param>
/// <param name="MayGoNegative">The asker holds the permission to go below zero.</param>
/// <param name="Pointer">Where the request names it.</param>
/// <param name="AnyStanding">The goods are thrown away, so lots may be expired or on hold.</param>
public sealed record IssueRequest(StockItem Item, Guid WarehouseId, long Quantity, IReadOnlyList<LotPick> Lots, bool MayGoNegative, string Pointer, bool AnyStanding = false);

/// <summary>A quantity of a lot.</summary>
public sealed record LotPick(string Code, long Quantity);

/// <summary>What an issue took: lots with quantities, cost in minor units, and whether stock fell below zero.</summary>
public sealed record IssueTaken(long Cost, bool WentNegative, IReadOnlyList<(Guid? LotId, string? Lot, long Quantity, long Cost)> Parts);

/// <summary>Stock written in terms of the ledger: positions are guarded balances of a location and of inventory value.</summary>
/// <remarks>
/// <para>Average: an issue costs <c>value × quantity ÷ on hand</c>, half away from zero, once; the issue that empties takes all the value.</para>
/// <para>Below zero goods leave at the last average; the receipt that fills the hole posts the difference to InventoryAdjustment.</para>
/// <para>Source: IAS 2 <i>Inventories</i>, paragraphs 25 and 27.</para>
/// </remarks>
public sealed class StockDesk(LedgerBook ledger)
{
    /// <summary>Where goods of an item stand in a warehouse.</summary>
    public static AccountKey StoreOf(StockItem item, Guid warehouse, Guid? lot = null) =>
        new(AccountRoles.Store, item.Unit, lot is { } id ? $"{warehouse:D}/{id:D}" : warehouse.ToString("D"));

    /// <summary>What goods of an item in a warehouse are worth.</summary>
    public static AccountKey ValueOf(StockItem item, Currency currency, Guid warehouse, Guid branch, Guid? lot = null) =>
        new(AccountRoles.Inventory, currency.Code, lot is { } id ? $"{item.Id:D}/{warehouse:D}/{id:D}" : $"{item.Id:D}/{warehouse:D}", branch, item.CategoryId);

    /// <summary>Locks what the issues need, in account order and with everything else gathered, in one round trip.</summary>
    public async Task<StockLock> Lock(Tx tx, IReadOnlyList<IssueRequest> requests, Currency currency, Guid branch, CancellationToken ct = default)
    {
        var keys = new HashSet<AccountKey>();
        Dictionary<(Guid Item, Guid Warehouse), Deferred<List<LotPosition>>>? lots = null;
        foreach (var request in requests)
        {
            if (request.Item.UsesLots)
            {
                lots ??= [];
                if (!lots.ContainsKey((request.Item.Id, request.WarehouseId))) lots[(request.Item.Id, request.WarehouseId)] = AskLots(tx, request.Item, request.WarehouseId);
            }
            else
            {
                keys.Add(StoreOf(request.Item, request.WarehouseId));
            }

            if (!request.Item.Fifo) keys.Add(ValueOf(request.Item, currency, request.WarehouseId, branch));
        }

        if (lots is not null)
        {
            await tx.Flush(ct);
            foreach (var ((itemId, warehouse), positions) in lots)
            {
                var item = requests.First(request => request.Item.Id == itemId).Item;
                foreach (var lot in positions.Value)
                {
                    keys.Add(StoreOf(item, warehouse, lot.Id));
                    if (item.Fifo) keys.Add(ValueOf(item, currency, warehouse, branch, lot.Id));
                }
            }
        }

        var found = await ledger.Accounts.Resolve(tx, keys, ct);
        var balances = Balances.Lock(tx, [.. found.Values.Select(account => account.Id).Order()]);
        return new StockLock(currency, branch, found, balances, lots?.ToDictionary(pair => pair.Key, pair => pair.Value.Value) ?? []);
    }

    private static Deferred<List<LotPosition>> AskLots(Tx tx, StockItem item, Guid warehouse) => tx.Later($"""
        select l.id, l.code, l.status, l.expires_on from lot l
        join unit u on u.code = {item.Unit}
        join account a on a.unit_id = u.id and a.role = 'store' and a.subject = {warehouse.ToString("D") + "/"} || l.id
        join balance b on b.account_id = a.id
        where l.item_id = {item.Id} and b.amount > 0
        order by case when l.expires_on is null then 1 else 0 end, l.expires_on, l.received_on, l.code
        """, row => new LotPosition(row.Guid(0), row.Text(1), row.Text(2), row.DateOrNull(3)));
}

/// <summary>A lot with stock in a warehouse.</summary>
public sealed record LotPosition(Guid Id, string Code, string Status, DateOnly? ExpiresOn);

/// <summary>Locked positions: issues are decided on them in memory, one after the other.</summary>
public sealed class StockLock(
    Currency currency, Guid branch, IReadOnlyDictionary<AccountKey, Account> accounts, Deferred<List<(long Account, long Amount)>> balances,
    IReadOnlyDictionary<(Guid Item, Guid Warehouse), List<LotPosition>> lots)
{
    private Dictionary<long, long>? amounts;

    private Dictionary<long, long> Amounts => amounts ??= balances.Value.ToDictionary(pair => pair.Account, pair => pair.Amount);

    /// <summary>What is on hand of an item in a warehouse, in millionths.</summary>
    public long OnHand(StockItem item, Guid warehouse) => item.UsesLots
        ? lots[(item.Id, warehouse)].Sum(lot => Amounts[accounts[StockDesk.StoreOf(item, warehouse, lot.Id)].Id])
        : Amounts[accounts[StockDesk.StoreOf(item, warehouse)].Id];

    /// <summary>Takes goods: gathers their entries in the posting and answers what they cost.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="posting">Where the entries go.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="to">The location that takes the goods.</param>
    /// <param name="charge">The account that is charged with their cost.</param>
    /// <param name="day">The business day, for expiry.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused with <c>STOCK_SHORT</c>, <c>STOCK_LOT_NOT_USABLE</c>, <c>STOCK_LOT_REQUIRED</c>.</returns>
    public async Task<Result<IssueTaken>> Issue(Tx tx, Posting posting, IssueRequest request, AccountKey to, AccountKey charge, DateOnly day, CancellationToken ct = default)
    {
        Invariant.Holds(request.Quantity > 0);
        return request.Item.UsesLots
            ? IssueLots(posting, request, to, charge, day)
            : await IssuePlain(tx, posting, request, to, charge, ct);
    }

    /// <summary>Takes goods back, or in, at the average of what is there; at the standard cost where nothing is there.</summary>
    /// <remarks><para>Rounding: <c>value × quantity ÷ on hand</c>, half away from zero, once: of 3 worth 1.00 two more are worth 0.67.</para></remarks>
    /// <param name="posting">Where the entries go.</param>
    /// <param name="item">Item, kept without lots; its position was asked for with an issue of the lock.</param>
    /// <param name="warehouse">Where they go.</param>
    /// <param name="quantity">Millionths of the stock unit; more than zero.</param>
    /// <param name="from">The location that gives them.</param>
    /// <param name="credit">The account that is credited with their value.</param>
    /// <returns>Their value in minor units.</returns>
    public long TakeIn(Posting posting, StockItem item, Guid warehouse, long quantity, AccountKey from, AccountKey credit)
    {
        Invariant.Holds(quantity > 0 && !item.UsesLots);
        var (store, value) = (StockDesk.StoreOf(item, warehouse), StockDesk.ValueOf(item, currency, warehouse, branch));
        var (onHand, worth) = (Amounts[accounts[store].Id], Amounts[accounts[value].Id]);
        var cost = onHand != 0
            ? Rounding.DivideToLong((Int128)worth * quantity, onHand, Rounding.HalfAwayFromZero)
            : Money.Of(new Quantity(quantity), new UnitPrice(item.StandardCost ?? 0), currency).Minor;
        Amounts[accounts[store].Id] = onHand + quantity;
        Amounts[accounts[value].Id] = worth + cost;
        posting.Move(from, store, quantity);
        posting.Debit(value, cost).Credit(credit, cost);
        return cost;
    }

    private async Task<Result<IssueTaken>> IssuePlain(Tx tx, Posting posting, IssueRequest request, AccountKey to, AccountKey charge, CancellationToken ct)
    {
        var item = request.Item;
        var store = StockDesk.StoreOf(item, request.WarehouseId);
        var value = StockDesk.ValueOf(item, currency, request.WarehouseId, branch);
        var (storeId, valueId) = (accounts[store].Id, accounts[value].Id);
        var (onHand, worth) = (Amounts[storeId], Amounts[valueId]);
        if (request.Quantity > onHand && !request.MayGoNegative) return Short(request, onHand);

        long cost;
        if (onHand > 0 && request.Quantity <= onHand)
        {
            cost = request.Quantity == onHand ? worth : Rounding.DivideToLong((Int128)worth * request.Quantity, onHand, Rounding.HalfAwayFromZero);
        }
        else
        {
            // What is there leaves with all its value, what is not there at the last average.
            var (lastValue, lastQuantity) = onHand > 0 ? (worth, onHand) : await LastAverage(tx, item, request.WarehouseId, ct);
            var beyond = onHand > 0 ? request.Quantity - onHand : request.Quantity;
            cost = (onHand > 0 ? worth : 0) + Rounding.DivideToLong((Int128)lastValue * beyond, lastQuantity, Rounding.HalfAwayFromZero);
        }

        if (onHand > 0 && request.Quantity >= onHand)
        {
            tx.Stage($"""
                insert into stock_cost (item_id, warehouse_id, value, quantity) values ({item.Id}, {request.WarehouseId}, {worth}, {onHand})
                on conflict (item_id, warehouse_id) do update set value = excluded.value, quantity = excluded.quantity
                """);
        }

        Amounts[storeId] = onHand - request.Quantity;
        Amounts[valueId] = worth - cost;
        var negative = request.Quantity > onHand;
        posting.Move(store, to, request.Quantity, passesLimit: negative);
        posting.Debit(charge, cost).Credit(value, cost);
        return new IssueTaken(cost, negative, [(null, null, request.Quantity, cost)]);
    }

    private Result<IssueTaken> IssueLots(Posting posting, IssueRequest request, AccountKey to, AccountKey charge, DateOnly day)
    {
        var item = request.Item;
        var there = lots[(item.Id, request.WarehouseId)];
        if (request.Lots.Count == 0 && item.LotRequired)
            return new Refusal("STOCK_LOT_REQUIRED", $"{item.Sku} is sold by lot; name the lot.", request.Pointer + "/lot");
        var picks = request.Lots.Count > 0 ? Named(request, there, day) : Oldest(request, there, day);
        if (picks.IsRefused) return picks.Refusal;

        var parts = new List<(Guid? LotId, string? Lot, long Quantity, long Cost)>();
        long total = 0;
        foreach (var (lot, quantity) in picks.Value)
        {
            var store = StockDesk.StoreOf(item, request.WarehouseId, lot.Id);
            var value = StockDesk.ValueOf(item, currency, request.WarehouseId, branch, item.Fifo ? lot.Id : null);
            var (storeId, valueId) = (accounts[store].Id, accounts[value].Id);
            var onHand = item.Fifo ? Amounts[storeId] : OnHand(item, request.WarehouseId);
            var worth = Amounts[valueId];
            var cost = quantity == onHand ? worth : Rounding.DivideToLong((Int128)worth * quantity, onHand, Rounding.HalfAwayFromZero);
            Amounts[storeId] -= quantity;
            Amounts[valueId] = worth - cost;
            posting.Move(store, to, quantity);
            posting.Debit(charge, cost).Credit(value, cost);
            parts.Add((lot.Id, lot.Code, quantity, cost));
            total += cost;
        }

        Invariant.Holds(parts.Sum(part => part.Quantity) == request.Quantity, "An issue takes what was asked for.");
        return new IssueTaken(total, WentNegative: false, parts);
    }

    private Result<IReadOnlyList<(LotPosition Lot, long Quantity)>> Named(IssueRequest request, List<LotPosition> there, DateOnly day)
    {
        var picks = new List<(LotPosition, long)>();
        foreach (var pick in request.Lots)
        {
            var lot = there.Find(position => position.Code == pick.Code);
            var onHand = lot is null ? 0 : Amounts[accounts[StockDesk.StoreOf(request.Item, request.WarehouseId, lot.Id)].Id];
            if (lot is null || onHand < pick.Quantity) return Short(request, onHand);
            if (!request.AnyStanding && !Usable(lot, day)) return new Refusal("STOCK_LOT_NOT_USABLE", $"Lot {lot.Code} of {request.Item.Sku} is {(lot.Status == "released" ? "expired" : lot.Status)}.", request.Pointer + "/lot");
            picks.Add((lot, pick.Quantity));
        }

        return picks;
    }

    private Result<IReadOnlyList<(LotPosition Lot, long Quantity)>> Oldest(IssueRequest request, List<LotPosition> there, DateOnly day)
    {
        var picks = new List<(LotPosition, long)>();
        var open = request.Quantity;
        foreach (var lot in there.Where(lot => request.AnyStanding || Usable(lot, day)))
        {
            if (open == 0) break;
            var take = Math.Min(open, Amounts[accounts[StockDesk.StoreOf(request.Item, request.WarehouseId, lot.Id)].Id]);
            if (take <= 0) continue;
            picks.Add((lot, take));
            open -= take;
        }

        return open > 0 ? Short(request, request.Quantity - open) : picks;
    }

    private static bool Usable(LotPosition lot, DateOnly day) => lot.Status == "released" && (lot.ExpiresOn is null || lot.ExpiresOn >= day);

    /// <summary>The exact ratio of value to quantity by which goods leave that are not there; nothing when nothing is known.</summary>
    private async Task<(long Value, long Quantity)> LastAverage(Tx tx, StockItem item, Guid warehouse, CancellationToken ct)
    {
        var last = await tx.First($"select value, quantity from stock_cost where item_id = {item.Id} and warehouse_id = {warehouse}", row => (row.Long(0), row.Long(1)), ct);
        if (last.Item2 > 0) return last;
        var scale = 1L;
        for (var decimals = 0; decimals < currency.Exponent; decimals++) scale *= 10;
        // Millionths of a major unit for one unit: times the minor units of a major one, over a million for a million millionths.
        return (checked((item.StandardCost ?? 0) * scale), 1_000_000_000_000);
    }

    private static Refusal Short(IssueRequest request, long onHand) => new("STOCK_SHORT", $"Of {request.Item.Sku} there are only {new Quantity(onHand)}.",
        request.Pointer + "/quantity", 409, new Dictionary<string, object?> { ["sku"] = request.Item.Sku, ["available"] = new Quantity(onHand).ToString() });
}
