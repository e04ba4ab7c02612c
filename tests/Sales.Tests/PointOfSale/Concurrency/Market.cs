using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;

namespace Plug1.Sales.Tests.PointOfSale.Concurrency;

/// <summary>The corner shop with eight tills and twenty items: fifteen in plenty, five that run out.</summary>
/// <remarks>Each item's cost is a whole number of cents, so its average never moves and the value of what is left is exact.</remarks>
internal sealed class Market(Shop shop)
{
    public const int Tills = 8;
    public const int Items = 20;
    public const int Scarce = 5;

    public Shop Shop => shop;

    public static string Till(int at) => $"M{at}";

    public static string Sku(int at) => $"ITEM{at:D2}";

    /// <summary>Cents that one piece of an item costs.</summary>
    public static long Cost(int item) => 37 + (item * 13);

    /// <summary>Pieces of an item at the beginning.</summary>
    public static long Pieces(int item) => item < Scarce ? 60 : 1_000_000;

    public static async Task<Market> Open(Engine engine)
    {
        var shop = await Shop.Open(engine, stocked: false);
        var list = await shop.Database.Read(db => db.First($"select id from price_list where code = 'BASE'", row => row.Guid(0)));
        var taxes = await shop.Database.Read(db => db.Query($"select id from tax_code order by code", row => row.Guid(0)));
        await shop.Database.Write(async tx =>
        {
            for (var till = 0; till < Tills; till++)
                tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name) values ({Ids.New(shop.Clock)}, {Shop.BranchId}, {Shop.WarehouseId}, {Till(till)}, {Till(till)})");
            for (var item = 0; item < Items; item++)
            {
                var id = Ids.New(shop.Clock);
                tx.Stage($"insert into item (id, sku, name, category_id, unit_code, tax_code_id, tracking, valuation) values ({id}, {Sku(item)}, {Sku(item)}, {Shop.CategoryId}, 'EA', {taxes[item % taxes.Count]}, 'none', 'average')");
                tx.Stage($"insert into price (id, price_list_id, item_id, valid_from, price) values ({Ids.New(shop.Clock)}, {list}, {id}, {new DateOnly(2020, 1, 1)}, {UnitPrice.Parse($"{2 + item}.{item:D2}").Millionths})");
            }

            await tx.Flush();
            shop.Of<OrganisationBook>().Cache.Touch(tx);
            shop.Of<CatalogueBook>().Touch(tx);
        });
        await shop.Receive([.. Enumerable.Range(0, Items).Select(item => (Sku(item), $"{Pieces(item)}", new Money(Pieces(item) * Cost(item), shop.Currency).ToString()))]);
        return new Market(shop);
    }
}

/// <summary>What one till was told: the only source of the figures that the books are compared with.</summary>
internal sealed class TillBook
{
    public long[] Pieces { get; } = new long[Market.Items];

    public long Cash { get; set; }

    public long Card { get; set; }

    public long Net { get; set; }

    public long Tax { get; set; }

    public int Sales { get; set; }

    public int Reversed { get; set; }

    public int Movements { get; set; }

    public int Short { get; set; }

    public int SentTwice { get; set; }

    public List<string> Numbers { get; } = [];

    public HashSet<string> Keys { get; } = [];
}

/// <summary>One till at work: sells, reverses, moves cash, and sends some calls twice at once.</summary>
internal sealed class TillAtWork(Market market, int till, Actor cashier, DateTimeOffset until)
{
    private readonly Random random = new(1000 + till);
    private readonly List<(CheckoutAnswer Answer, List<(int Item, int Pieces)> Lines, bool Cash)> sold = [];
    private readonly Checkout checkout = market.Shop.Checkout;
    private int step;

    public TillBook Book { get; } = new();

    public async Task Run()
    {
        while (TimeProvider.System.GetUtcNow() < until)
        {
            switch (random.Next(20))
            {
                case 0 when sold.Count > 0: await Reverse(); break;
                case 1: await Move(); break;
                default: await Sell(); break;
            }
        }
    }

    private async Task Sell()
    {
        var lines = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (Item: random.Next(Market.Items), Pieces: random.Next(1, 4))).DistinctBy(line => line.Item).ToList();
        var cash = random.Next(3) > 0;
        var basket = new BasketRequest(Market.Till(till), [.. lines.Select(line => new BasketLineRequest(Sku: Market.Sku(line.Item), Quantity: Quantity.Of(line.Pieces)))], Tenders: [new(cash ? "CASH" : "CARD")]);
        if (await Send(key => checkout.Run(market.Shop.Call(cashier, key), basket)) is not { } answer) return;
        var told = System.Text.Json.JsonSerializer.Deserialize<CheckoutAnswer>(answer.Json, Plug1.Http.Plug1Json.Options)!;
        Count(told, lines, cash, 1);
        Book.Sales++;
        Book.Numbers.Add(told.Number);
        sold.Add((told, lines, cash));
    }

    private void Count(CheckoutAnswer told, List<(int Item, int Pieces)> lines, bool cash, int sign)
    {
        foreach (var (item, pieces) in lines) Book.Pieces[item] += sign * pieces;
        Book.Net += sign * Minor(told.Net);
        Book.Tax += sign * Minor(told.Tax);
        if (cash) Book.Cash += sign * (Minor(told.Total) + Minor(told.Rounding));
        else Book.Card += sign * Minor(told.Total);
    }

    private async Task Reverse()
    {
        var at = random.Next(sold.Count);
        var (told, lines, cash) = sold[at];
        var grant = await market.Shop.Of<SecondPerson>().Authorise("maria", "a long password", "sales.point-of-sale.grant-reversal", Shop.BranchId, Market.Till(till), null, new Caller(cashier, Shop.BranchId, null, null));
        var request = new ReverseSaleRequest("WRONG_ITEM", null, new(grant.Value.Token));
        if (await Send(key => market.Shop.Of<Reversal>().Run(market.Shop.Call(cashier, key), told.Id, (long?)null, request)) is null)
            throw new InvalidOperationException("A reversal was refused.");
        sold.RemoveAt(at);
        Count(told, lines, cash, -1);
        Book.Reversed++;
    }

    private async Task Move()
    {
        var (into, cents) = (random.Next(2) == 0, random.Next(1, 5000));
        var request = new CashMovementRequest(Market.Till(till), into ? "paid-in" : "paid-out", new Money(cents, market.Shop.Currency).ToString(), "PETTY_CASH");
        if (await Send(key => market.Shop.Shifts.Move(market.Shop.Call(cashier, key), request)) is null) throw new InvalidOperationException("A cash movement was refused.");
        Book.Cash += into ? cents : -cents;
        Book.Movements++;
    }

    /// <summary>Sends a call, one in four twice at once and one in eight once more afterwards; the answers must be the same.</summary>
    /// <returns>The answer; null when stock was short.</returns>
    private async Task<Answer?> Send(Func<string, Task<Result<Answer>>> call)
    {
        var key = $"{till}-{step++}";
        var times = random.Next(4) == 0 ? 2 : 1;
        var results = await Task.WhenAll(Enumerable.Range(0, times).Select(_ => Task.Run(() => call(key))));
        var accepted = results.Where(result => !result.IsRefused).Select(result => result.Value).ToList();
        foreach (var refusal in results.Where(result => result.IsRefused).Select(result => result.Refusal!))
            if (refusal.Code != "STOCK_SHORT") throw new InvalidOperationException($"{refusal.Code}: {refusal.Message}");
        if (accepted.Count == 0)
        {
            Book.Short++;
            return null;
        }

        // Of two at once the second may have looked while the stock was gone and the first not yet kept: its repeat tells.
        if (accepted.Count < times || random.Next(8) == 0) accepted.Add((await call(key)).Value);
        if (accepted.Distinct().Count() != 1) throw new InvalidOperationException($"The key {key} was answered in two ways.");
        Book.Keys.Add(key);
        if (times > 1) Book.SentTwice++;
        return accepted[0];
    }

    private long Minor(string text) => Money.Parse(text, market.Shop.Currency).Minor;
}
