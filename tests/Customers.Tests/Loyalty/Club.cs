using Plug1.Customers.Loyalty;
using Plug1.Host.Setup;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;
using Plug1.Sales.Tests.PointOfSale;
using Shouldly;

namespace Plug1.Customers.Tests.Loyalty;

/// <summary>A shop with a loyalty programme in force and Ada as its member.</summary>
internal sealed class Club(Shop shop) : IAsyncDisposable
{
    public Shop Shop => shop;

    public Actor Cashier { get; private set; } = null!;

    public Actor Manager { get; private set; } = null!;

    public Actor Accountant { get; private set; } = null!;

    public static Guid Ada => Shop.CustomerId;

    /// <summary>One point for 1.00 net, 100 points pay 1.00; the terms may be changed.</summary>
    public static ProgrammeRequest Terms => new("CLUB", "The club", new DateOnly(2020, 1, 1), Redemption: new RedemptionRequest("1.00", Quantity.Of(100)),
        Rules: [new RuleRequest("BASE", "base", Quantity.One, "1.00")]);

    public static async Task<Club> Open(Engine engine, ProgrammeRequest? terms = null)
    {
        var club = new Club(await Shop.Open(engine));
        club.Cashier = await club.Shop.Person("cashier", "carla");
        club.Manager = await club.Shop.Person("store-manager", "mona");
        club.Accountant = await club.Shop.Person("accountant", "anton");
        await club.Enter(terms ?? Terms);
        (await club.Shop.As(club.Cashier, (tx, stamp) => club.Shop.Of<MemberDesk>().EnrolWithin(tx, stamp, new EnrolRequest(Ada, Card: "CARD1")))).Value.Status.ShouldBe("posted");
        (await club.Shop.OpenShift(club.Cashier)).Refusal.ShouldBeNull();
        return club;
    }

    /// <summary>A programme entered, approved by both levels, in force.</summary>
    public async Task<Guid> Enter(ProgrammeRequest terms)
    {
        var made = (await shop.As(Shop.System, (tx, stamp) => shop.Of<MemberDesk>().EnterWithin(tx, stamp, terms))).Value;
        await Step(Shop.System, Verb.Submit, made.Id);
        if (await Status(made.Id) == "submitted")
        {
            await Step(Manager, Verb.Approve, made.Id);
            await Step(Accountant, Verb.Approve, made.Id);
        }

        (await Status(made.Id)).ShouldBe("posted");
        return made.Id;
    }

    public async Task Step(Actor actor, string verb, Guid id, string? reason = null) => (await TryStep(actor, verb, id, reason)).Refusal.ShouldBeNull();

    public Task<Result<LifecycleOutcome>> TryStep(Actor actor, string verb, Guid id, string? reason = null, string function = "customers.loyalty") => shop.As(actor, (tx, stamp) =>
        shop.Of<LifecycleDesk>().Within(tx, stamp, shop.Of<FunctionCatalogue>().Of(function), new LifecycleStep(verb, id, null, reason)));

    public async Task<string> Status(Guid id) => (await shop.Database.Read(db => db.First($"select status from document where id = {id}", row => row.Text(0))))!;

    /// <summary>Ten TEA at 4.99 with 20 % of tax: 49.90, of which 41.58 are net.</summary>
    public Task<Result<CheckoutAnswer>> Sell(params TenderRequest[] tenders) => Sell("T1", tenders);

    public Task<Result<CheckoutAnswer>> Sell(string till, TenderRequest[] tenders) =>
        shop.Sell(Cashier, new BasketRequest(till, [new(Sku: "TEA", Quantity: Quantity.Of(10))], CustomerId: Ada, Tenders: tenders));

    /// <summary>Points given by hand, approved by whom the rules ask.</summary>
    public async Task<Guid> Give(long points, string? expires = null)
    {
        var made = (await shop.As(Shop.System, (tx, stamp) => shop.Of<MemberDesk>().AdjustWithin(tx, stamp,
            new AdjustRequest(Ada, Quantity.Of(points), "PROMOTION", expires is null ? null : Day(expires))))).Value;
        if (made.WaitsFor is not null) await Step(Manager, Verb.Approve, made.Id);
        if (await Status(made.Id) == "submitted") await Step(Accountant, Verb.Approve, made.Id);
        (await Status(made.Id)).ShouldBe("posted");
        return made.Id;
    }

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public async Task<MemberAnswer> Member() => (await shop.Of<MemberCards>().Member(Ada, DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime), default)).Value;

    /// <summary>Points of the member's account in the ledger.</summary>
    public async Task<long> Ledger(string role = "PointsMember") => await shop.Database.Read(db => db.Number($"""
        select coalesce(sum(e.amount), 0) / 1000000 from entry e join account a on a.id = e.account_id where a.role = {role}
        """));

    /// <summary>What breaks a law of the books; the points among them.</summary>
    public Task<List<string>> Violations() => shop.Database.Read(async db =>
    {
        var found = new List<string>();
        await foreach (var violation in LedgerCheck.Run(db, Composition.Laws(db.Engine))) found.Add($"{violation.Law.Code}: {violation.Where}");
        return found;
    });

    /// <summary>A document of no function's own that carries a posting, as a sale or a return would.</summary>
    public Task<Result<T>> Document<T>(Func<Tx, Stamp, Posting, Task<Result<T>>> work) => shop.As<T>(Shop.System, async (tx, stamp) =>
    {
        await tx.Flush();
        var header = Header.Draft(Ids.New(shop.Clock), "kernel.stock", "receipt", stamp, "EUR");
        header.MoveTo("posted", stamp);
        Headers.Insert(tx, header);
        var posting = new Posting(header.Id, stamp.BusinessDate);
        var done = await work(tx, stamp, posting);
        if (!done.IsRefused && posting.Lines.Count > 0) await shop.Of<LedgerBook>().Post(tx, posting, stamp, null);
        return done;
    });

    /// <summary>A sale at the interface that earns: each line an item with its net.</summary>
    public async Task<(Guid Id, Quantity Earned)> Earn(params (string? Sku, string Net)[] lines)
    {
        var basket = await Basket(lines);
        var id = Guid.Empty;
        var earned = await Document<Quantity>(async (tx, stamp, posting) =>
        {
            id = posting.DocumentId;
            var visit = shop.Of<ILoyalty>().Ask(tx, Ada, stamp.BusinessDate);
            await tx.Flush();
            return (await shop.Of<ILoyalty>().Earn(tx, stamp, visit, posting, basket with { Day = stamp.BusinessDate }))!.Earned;
        });
        return (id, earned.Value);
    }

    /// <summary>A sale at the interface of which an amount is paid in points; its goods earn nothing.</summary>
    public async Task<Result<(Guid Id, Quantity Points)>> Redeem(string amount)
    {
        var basket = await Basket((null, "1000.00"));
        return await Document<(Guid, Quantity)>(async (tx, stamp, posting) =>
        {
            var visit = shop.Of<ILoyalty>().Ask(tx, Ada, stamp.BusinessDate);
            await tx.Flush();
            var sale = basket with { Day = stamp.BusinessDate };
            var used = shop.Of<ILoyalty>().Redeem(visit, posting, sale, Money.Parse(amount, shop.Currency));
            if (used.Refusal is { } no) return no;
            await shop.Of<ILoyalty>().Earn(tx, stamp, visit, posting, sale);
            return (posting.DocumentId, used.Value);
        });
    }

    /// <summary>The mirror of a document of <see cref="Document"/> with its points.</summary>
    public async Task Undo(Guid document) => (await shop.As<bool>(Shop.System, async (tx, stamp) =>
    {
        shop.Of<ILoyalty>().Hold(tx, document);
        await tx.Flush();
        var mirror = Header.Draft(Ids.New(shop.Clock), "kernel.stock", "receipt", stamp, "EUR");
        mirror.MoveTo("posted", stamp);
        mirror.ReversalOf = document;
        Headers.Insert(tx, mirror);
        await shop.Of<LedgerBook>().Mirror(tx, document, mirror.Id, stamp, null);
        await shop.Of<ILoyalty>().Reverse(tx, stamp, document, mirror.Id);
        return true;
    })).Refusal.ShouldBeNull();

    /// <summary>A basket; a line without an item is a gift card.</summary>
    public async Task<LoyaltyBasket> Basket(params (string? Sku, string Net)[] lines)
    {
        var view = await shop.Of<Kernel.Catalog.CatalogueBook>().Get();
        var of = lines.Select(line => new LoyaltyBasketLine(line.Sku is null ? LoyaltyItemKind.Voucher : LoyaltyItemKind.Item, line.Sku is null ? null : view.BySku(line.Sku)!.Id, Quantity.One,
            Money.Parse(line.Net, shop.Currency), Money.Zero(shop.Currency))).ToList();
        return new LoyaltyBasket(Shop.BranchId, "in-store", shop.Clock.Now.DateTime, default, Money.Sum(shop.Currency, of.Select(line => line.Net)), of);
    }

    public async Task<Result<RunAnswer>> Run(string kind, DateOnly? month = null) => await shop.As(Accountant, (tx, stamp) => shop.Of<LoyaltyRuns>().Within(tx, stamp, kind, month));

    public ValueTask DisposeAsync() => shop.DisposeAsync();
}
