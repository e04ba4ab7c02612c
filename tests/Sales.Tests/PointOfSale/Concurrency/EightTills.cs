using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Plug1.Sales.Tests.PointOfSale.Concurrency;

/// <summary>Eight tills sell the same twenty items for half a minute; afterwards the books say what the tills were told, to the cent and the piece.</summary>
public sealed class EightTills(ITestOutputHelper output)
{
    private static readonly TimeSpan Opening = TimeSpan.FromSeconds(30);

    [Theory, OnBothEngines]
    public async Task Eight_tills_on_the_same_items_leave_books_that_are_exactly_what_they_were_told(Engine engine)
    {
        var market = await Market.Open(engine);
        await using var shop = market.Shop;
        await shop.Account("store-manager", "maria");
        var until = TimeProvider.System.GetUtcNow() + Opening;
        var tills = new List<TillAtWork>();
        for (var at = 0; at < Market.Tills; at++)
        {
            var cashier = await shop.Person("cashier", $"cashier{at}");
            (await shop.OpenShift(cashier, Market.Till(at))).IsRefused.ShouldBeFalse();
            tills.Add(new TillAtWork(market, at, cashier, until));
        }

        await Task.WhenAll(tills.Select(till => Task.Run(till.Run)));
        var books = tills.Select(till => till.Book).ToList();
        output.WriteLine($"{engine}: {books.Sum(book => book.Sales)} sales, {books.Sum(book => book.Reversed)} reversed, {books.Sum(book => book.Movements)} cash movements, "
            + $"{books.Sum(book => book.Short)} refused for stock, {books.Sum(book => book.SentTwice)} sent twice at once");
        books.ShouldAllBe(book => book.Sales > 10);
        books.Sum(book => book.Reversed).ShouldBeGreaterThan(0);
        books.Sum(book => book.Short).ShouldBeGreaterThan(0);
        books.Sum(book => book.SentTwice).ShouldBeGreaterThan(0);

        await Goods(shop, books);
        await Takings(shop, books);
        await Receipts(shop, books);
        await Laws(shop);
    }

    private static async Task Goods(Shop shop, List<TillBook> books)
    {
        for (var item = 0; item < Market.Items; item++)
        {
            var left = Market.Pieces(item) - books.Sum(book => book.Pieces[item]);
            (await shop.OnHand(Market.Sku(item))).ShouldBe(left * 1_000_000, Market.Sku(item));
            var value = await shop.Database.Read(db => db.Number($"""
                select coalesce(sum(e.amount), 0) from entry e join account a on a.id = e.account_id join item i on i.sku = {Market.Sku(item)}
                where a.role = 'Inventory' and substr(a.subject, 1, 36) = {(shop.Database.Engine == Engine.Postgres ? Sql.Raw("i.id::text") : Sql.Raw("i.id"))}
                """));
            value.ShouldBe(left * Market.Cost(item), Market.Sku(item));
            left.ShouldBeGreaterThanOrEqualTo(0);
        }

        var cost = Enumerable.Range(0, Market.Items).Sum(item => books.Sum(book => book.Pieces[item]) * Market.Cost(item));
        (await shop.Moved(AccountRoles.CostOfSales)).ShouldBe(cost);
        (await shop.Count("select coalesce(sum(cost), 0) from fact where kind = 'sale' and event in ('posted', 'reversed') and grain = 0")).ShouldBe(cost);
        (await shop.Count("select coalesce(sum(quantity), 0) from fact where kind = 'sale' and event in ('posted', 'reversed') and grain = 1")).ShouldBe(books.Sum(book => book.Pieces.Sum()) * 1_000_000);
    }

    private static async Task Takings(Shop shop, List<TillBook> books)
    {
        for (var at = 0; at < books.Count; at++)
        {
            var terminal = await shop.Database.Read(db => db.First($"select id from terminal where code = {Market.Till(at)}", row => row.Guid(0)));
            (await shop.Moved(AccountRoles.CashDrawer, subject: terminal.ToString("D"))).ShouldBe(20_000 + books[at].Cash, Market.Till(at));
        }

        (await shop.Moved(AccountRoles.CardClearing)).ShouldBe(books.Sum(book => book.Card));
        (await shop.Moved(AccountRoles.SalesRevenue)).ShouldBe(-books.Sum(book => book.Net));
        (await shop.Moved(AccountRoles.OutputTax)).ShouldBe(-books.Sum(book => book.Tax));
        (await shop.Count("select coalesce(sum(amount), 0) from fact where kind = 'sale' and event in ('posted', 'reversed') and grain = 0")).ShouldBe(books.Sum(book => book.Net));
        (await shop.Count("select coalesce(sum(amount), 0) from fact where kind = 'sale' and event in ('posted', 'reversed') and grain = 1")).ShouldBe(books.Sum(book => book.Net));
        (await shop.Count("select coalesce(sum(m3), 0) from fact where kind = 'sale' and event in ('posted', 'reversed') and grain = 0")).ShouldBe(books.Sum(book => book.Tax));
        (await shop.Count("select coalesce(sum(count), 0) from fact where kind = 'sale' and event in ('posted', 'reversed') and grain = 0")).ShouldBe(books.Sum(book => book.Sales - book.Reversed));
    }

    private static async Task Receipts(Shop shop, List<TillBook> books)
    {
        for (var at = 0; at < books.Count; at++)
        {
            var gapless = Enumerable.Range(1, books[at].Sales).Select(number => $"HQ-{Market.Till(at)}-{number:D6}").ToList();
            books[at].Numbers.ShouldBe(gapless, ignoreOrder: true);
            var prefix = $"HQ-{Market.Till(at)}-%";
            (await shop.Database.Read(db => db.Query($"select number from document where kind = 'sale' and reversal_of is null and number like {prefix} order by number", row => row.Text(0)))).ShouldBe(gapless);
        }

        (await shop.Count("select count(*) from document where kind = 'sale' and reversal_of is not null")).ShouldBe(books.Sum(book => book.Reversed));
        (await shop.Count("select count(*) from document where kind = 'cash-movement'")).ShouldBe(books.Sum(book => book.Movements) + Market.Tills);
        (await shop.Database.Read(db => db.Query($"select key from idempotency", row => row.Text(0)))).ShouldBe(books.SelectMany(book => book.Keys), ignoreOrder: true);
    }

    private static async Task Laws(Shop shop)
    {
        await shop.Of<Rollups>().CatchUp();
        var broken = await shop.Database.Read(async db =>
        {
            var found = new List<string>();
            await foreach (var violation in LedgerCheck.Run(db, [.. LedgerCheck.Laws(db.Engine), .. SalesModule.Laws(db.Engine)])) found.Add($"{violation.Law.Code}: {violation.Where}");
            return found;
        });
        broken.ShouldBeEmpty();
    }
}
