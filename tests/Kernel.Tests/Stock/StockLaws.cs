using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Tests.Documents;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Stock;

/// <summary>Random receipts, issues, permitted negative issues, fills and reversals: quantity and value agree after every step.</summary>
public sealed class StockLaws
{
    private static readonly Actor Keeper = House.Person();

    public static TheoryData<Engine, int> Seeds => new() { { Engine.Sqlite, 1 }, { Engine.Sqlite, 2 }, { Engine.Sqlite, 3 }, { Engine.Postgres, 1 }, { Engine.Postgres, 2 }, { Engine.Postgres, 3 } };

    [Theory, MemberData(nameof(Seeds))]
    public async Task At_moving_average_quantity_and_value_agree_after_every_step(Engine engine, int seed)
    {
        await using var house = await House.Open(engine);
        var (random, item) = (new Random(seed), await house.Item("AVG"));
        var (onHand, received, documents, undone) = (0L, 0L, new List<(Guid Id, long Quantity, long Value)>(), 0);
        for (var step = 0; step < 80; step++)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(1));
            var quantity = random.Next(1, 12) * 1_000_000L / random.Next(1, 4);
            switch (random.Next(5))
            {
                case 0 or 1:
                    var value = random.NextInt64(0, 2000);
                    documents.Add((await Receive(house, item, quantity, value), quantity, value));
                    (onHand, received) = (onHand + quantity, received + value);
                    break;
                case 2 when documents.Count > 0:
                    var at = random.Next(documents.Count);
                    if (documents[at].Quantity > 0 && documents[at].Quantity > onHand)
                    {
                        // Goods that were sold meanwhile cannot go back to the supplier.
                        Dialect.IsCheckViolation(await Should.ThrowAsync<Exception>(() => Reverse(house, documents[at].Id))).ShouldBeTrue();
                        break;
                    }

                    await Reverse(house, documents[at].Id);
                    (onHand, received) = (onHand - documents[at].Quantity, received - documents[at].Value);
                    documents.RemoveAt(at);
                    undone++;
                    break;
                default:
                    var mayGoNegative = random.Next(2) == 0;
                    var issued = await Issue(house, item, quantity, mayGoNegative);
                    if (quantity > onHand && !mayGoNegative)
                    {
                        (issued.Refusal!.Code, issued.Refusal.Detail!["available"]).ShouldBe(("STOCK_SHORT", new Quantity(onHand).ToString()));
                        break;
                    }

                    documents.Add((issued.Value.Document, -quantity, 0));
                    onHand -= quantity;
                    break;
            }

            (await Balance(house, AccountRoles.Store)).ShouldBe(onHand, $"step {step}");
            var worth = await Balance(house, AccountRoles.Inventory);
            if (onHand == 0) worth.ShouldBe(0, $"step {step}");
            if (onHand > 0) worth.ShouldBeGreaterThanOrEqualTo(0, $"step {step}");
            if (onHand < 0) worth.ShouldBeLessThanOrEqualTo(0, $"step {step}");
            // No cent comes or goes: what was received is in stock, was sold, or was adjusted.
            (worth + await Balance(house, AccountRoles.CostOfSales) + await Balance(house, AccountRoles.InventoryAdjustment)).ShouldBe(received, $"step {step}");
        }

        undone.ShouldBeGreaterThan(3);
        (await house.Broken()).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Seeds))]
    public async Task By_lots_the_oldest_goes_first_at_its_own_cost(Engine engine, int seed)
    {
        await using var house = await House.Open(engine);
        var (random, item) = (new Random(seed), await house.Item("FIFO", fifo: true));
        var (lots, sold) = (new List<(long Quantity, long Value)>(), 0L);
        for (var step = 0; step < 60; step++)
        {
            house.Clock.Advance(TimeSpan.FromHours(5));
            var quantity = random.Next(1, 9) * 1_000_000L;
            if (random.Next(2) == 0)
            {
                var value = random.NextInt64(1, 5000);
                await Receive(house, item, quantity, value);
                lots.Add((quantity, value));
                continue;
            }

            var issued = await Issue(house, item, quantity, mayGoNegative: true);
            if (quantity > lots.Sum(lot => lot.Quantity))
            {
                issued.Refusal!.Code.ShouldBe("STOCK_SHORT", "a lot is never below zero");
                continue;
            }

            var cost = TakeOldest(lots, quantity);
            issued.Value.Cost.ShouldBe(cost, $"step {step}");
            sold += cost;
            (await Balance(house, AccountRoles.Store)).ShouldBe(lots.Sum(lot => lot.Quantity));
            (await Balance(house, AccountRoles.Inventory)).ShouldBe(lots.Sum(lot => lot.Value));
            (await Balance(house, AccountRoles.CostOfSales)).ShouldBe(sold);
        }

        (await house.Broken()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_reversed_issue_goes_back_to_the_lots_it_came_from(Engine engine)
    {
        await using var house = await House.Open(engine);
        var item = await house.Item("FIFO", fifo: true);
        await Receive(house, item, 2_000_000, 600);
        house.Clock.Advance(TimeSpan.FromDays(1));
        await Receive(house, item, 3_000_000, 1200);
        var issued = (await Issue(house, item, 3_000_000, mayGoNegative: false)).Value;
        issued.Cost.ShouldBe(600 + 400);
        await Reverse(house, issued.Document);
        (await Balance(house, AccountRoles.Inventory)).ShouldBe(1800);
        (await Issue(house, item, 2_000_000, mayGoNegative: false)).Value.Cost.ShouldBe(600);
    }

    // 10 at 1.00 and 10 at 9.00, five sold at 5.00 each: taking back the dear ones would leave 5 pieces worth -15.00.
    [Theory, OnBothEngines]
    public async Task A_reversed_receipt_never_leaves_goods_that_are_worth_less_than_nothing(Engine engine)
    {
        await using var house = await House.Open(engine);
        var item = await house.Item("AVG");
        await Receive(house, item, 10_000_000, 1000);
        var dear = await Receive(house, item, 10_000_000, 9000);
        (await Issue(house, item, 5_000_000, mayGoNegative: false)).Value.Cost.ShouldBe(2500);
        await Reverse(house, dear);
        (await Balance(house, AccountRoles.Store)).ShouldBe(5_000_000);
        (await Balance(house, AccountRoles.Inventory)).ShouldBe(0);
        (await Balance(house, AccountRoles.InventoryAdjustment)).ShouldBe(-1500);
        (await house.Broken()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task Lines_of_one_item_are_taken_and_brought_in_one_after_the_other(Engine engine)
    {
        await using var house = await House.Open(engine);
        var item = await house.Item("AVG");
        await Receive(house, item, 3_000_000, 100);
        // 3 pieces worth 1.00 leave as 0.33, 0.34 and 0.33 however many lines they stand on.
        (await Issue(house, item, [1_000_000, 1_000_000, 1_000_000], mayGoNegative: false)).Value.Costs.ShouldBe([33, 34, 33]);
        (await Balance(house, AccountRoles.Inventory)).ShouldBe(0);
        (await Issue(house, item, [1_000_000], mayGoNegative: false)).Refusal!.Code.ShouldBe("STOCK_SHORT");

        // Below zero at the last average, 0.33 a piece; the receipt fills the hole with its first line and goes on with its second.
        (await Issue(house, item, [2_000_000], mayGoNegative: true)).Value.Costs.ShouldBe([66]);
        await Receive(house, item, [(1_000_000, 40), (2_000_000, 80)]);
        (await Balance(house, AccountRoles.Store)).ShouldBe(1_000_000);
        (await Balance(house, AccountRoles.Inventory)).ShouldBe(40);
        (await Balance(house, AccountRoles.InventoryAdjustment)).ShouldBe(14);
        (await house.Broken()).ShouldBeEmpty();
    }

    [Theory, OnBothEngines]
    public async Task A_lot_goes_out_up_to_its_last_day_and_all_lots_of_an_average_share_one_value(Engine engine)
    {
        await using var house = await House.Open(engine);
        var item = await house.Item("LOT") with { UsesLots = true };
        var today = DateOnly.FromDateTime(house.Clock.Now.UtcDateTime);
        await Receive(house, item, [(2_000_000, 100)], today);
        await Receive(house, item, [(2_000_000, 300)], today.AddDays(30));
        // Two of four pieces worth 4.00 together, from the lot that ends first.
        (await Issue(house, item, [2_000_000], mayGoNegative: false)).Value.Costs.ShouldBe([200]);
        await Receive(house, item, [(1_000_000, 100)], today);
        house.Clock.Advance(TimeSpan.FromDays(1));
        (await Issue(house, item, [3_000_000], mayGoNegative: false)).Refusal!.Detail!["available"].ShouldBe("2");
        (await Issue(house, item, [2_000_000], mayGoNegative: false)).Value.Costs.ShouldBe([200]);
        (await Balance(house, AccountRoles.Inventory)).ShouldBe(100);
    }

    [Theory, OnBothEngines]
    public async Task Who_went_below_zero_by_permission_does_not_open_the_way_for_others(Engine engine)
    {
        await using var house = await House.Open(engine);
        var item = await house.Item("AVG");
        await Receive(house, item, 1_000_000, 100);
        (await Issue(house, item, [2_000_000], mayGoNegative: true)).IsRefused.ShouldBeFalse();
        // Past the desk, straight at the balance: the database itself refuses what no permission passed.
        var header = await house.Document(Keeper, Status.Posted);
        var taken = await Should.ThrowAsync<Exception>(() => house.Database.Write(async tx =>
        {
            var posting = new Posting(header.Id, house.StampOf(Keeper).BusinessDate).Move(StockDesk.StoreOf(item, House.Warehouse), new AccountKey(AccountRoles.Customer, item.Unit), 1_000_000);
            await house.Ledger.Post(tx, posting, house.StampOf(Keeper), null);
        }));
        Dialect.IsCheckViolation(taken).ShouldBeTrue(taken.Message);
        (await Balance(house, AccountRoles.Store)).ShouldBe(-1_000_000);
    }

    private static long TakeOldest(List<(long Quantity, long Value)> lots, long quantity)
    {
        long cost = 0;
        while (quantity > 0)
        {
            var (there, worth) = lots[0];
            var take = Math.Min(there, quantity);
            var part = take == there ? worth : (long)Math.Round((decimal)worth * take / there, MidpointRounding.AwayFromZero);
            cost += part;
            quantity -= take;
            if (take == there) lots.RemoveAt(0);
            else lots[0] = (there - take, worth - part);
        }

        return cost;
    }

    private static Task<Guid> Receive(House house, StockItem item, long quantity, long value) => Receive(house, item, [(quantity, value)]);

    private static async Task<Guid> Receive(House house, StockItem item, (long Quantity, long Value)[] lines, DateOnly? expires = null)
    {
        var header = await house.Document(Keeper, Status.Posted);
        await house.Database.Write(async tx =>
        {
            var posting = new Posting(header.Id, house.StampOf(Keeper).BusinessDate);
            await house.Receipts.Receive(tx, posting, [.. lines.Select(line => new ReceiptLine(item, House.Warehouse, line.Quantity, line.Value, ExpiresOn: expires))], AccountRoles.Supplier,
                new AccountKey(AccountRoles.GoodsReceivedNotInvoiced, "EUR"), House.Euro, House.Branch);
            await house.Ledger.Post(tx, posting, house.StampOf(Keeper), null);
        });
        return header.Id;
    }

    private static async Task<Result<(Guid Document, long Cost)>> Issue(House house, StockItem item, long quantity, bool mayGoNegative)
    {
        var issued = await Issue(house, item, [quantity], mayGoNegative);
        return issued.Refusal is { } no ? no : (issued.Value.Document, issued.Value.Costs[0]);
    }

    private static async Task<Result<(Guid Document, long[] Costs)>> Issue(House house, StockItem item, long[] quantities, bool mayGoNegative)
    {
        var header = await house.Document(Keeper, Status.Posted);
        return await house.Database.Write<(Guid, long[])>(async tx =>
        {
            var requests = quantities.Select(quantity => new IssueRequest(item, House.Warehouse, quantity, [], mayGoNegative, "")).ToList();
            var locked = await house.Stock.Lock(tx, requests, House.Euro, House.Branch);
            await tx.Flush();
            var (posting, day) = (new Posting(header.Id, house.StampOf(Keeper).BusinessDate), house.StampOf(Keeper).BusinessDate);
            var costs = new List<long>();
            foreach (var request in requests)
            {
                var taken = await locked.Issue(tx, posting, request, new AccountKey(AccountRoles.Customer, item.Unit), new AccountKey(AccountRoles.CostOfSales, "EUR"), day);
                if (taken.Refusal is { } no) return no;
                costs.Add(taken.Value.Cost);
            }

            await house.Ledger.Post(tx, posting, house.StampOf(Keeper), null);
            return (header.Id, costs.ToArray());
        });
    }

    private static async Task Reverse(House house, Guid document)
    {
        var mirror = await house.Document(Keeper, Status.Posted);
        await house.Database.Write(async tx =>
        {
            await house.Ledger.Mirror(tx, document, mirror.Id, house.StampOf(Keeper), null);
            await StockResidue.Settle(tx, house.Ledger, mirror.Id, "EUR", house.StampOf(Keeper), null, default);
        });
    }

    private static Task<long> Balance(House house, AccountRole role) => house.Database.Read(db => db.Number(
        $"select coalesce(sum(e.amount), 0) from entry e join account a on a.id = e.account_id where a.role = {role.Code}"));
}
