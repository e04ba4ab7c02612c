using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;

namespace Plug1.Host.Demo;

/// <summary>What is particular about a sale.</summary>
internal enum Turn
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>A price is changed.</summary>
    Override,

    /// <summary>The basket gets a discount that a second person grants.</summary>
    Discount,

    /// <summary>It is reversed some minutes later.</summary>
    Reversed,

    /// <summary>Its reversal is asked for and waits.</summary>
    ReversalAsked,

    /// <summary>A manager sells what is not there.</summary>
    Negative,

    /// <summary>A gift card is sold.</summary>
    GiftCard,
}

/// <summary>A basket with what it took from the shelves.</summary>
internal sealed record FilledBasket(BasketRequest Request, IReadOnlyList<(Shelf Shelf, string? Lot, long Quantity)> Taken);

/// <summary>Fills baskets from the shelves and decides how they are paid.</summary>
internal sealed class DemoBaskets(DemoMasters masters, DemoStock stock, Checkout checkout, CatalogueBook catalogue, Dice dice)
{
    private static readonly int[] LinesOf = Dice.Cumulative([24, 22, 17, 12, 9, 7, 5, 4]);
    private readonly int[] weights = Dice.Cumulative(masters.Goods.Select(item => item.Weight));
    private readonly List<(string Code, long Balance)> giftCards = [];
    private int references = 100_000;

    /// <summary>A basket for a till: lines by popularity, of what is there.</summary>
    public async Task<FilledBasket> Fill(PlannedBranch branch, string terminal, bool net, Turn turn, string? grant, Stamp stamp, CancellationToken ct)
    {
        var view = await catalogue.Get(ct);
        var (lines, taken) = Lines(branch, stamp.BusinessDate, turn);
        PlannedCustomer? customer = net ? dice.Of(masters.Customers.Where(known => known.OnAccount).ToList()) : dice.In1000(300) ? dice.Of(masters.Customers) : null;
        if (turn == Turn.Override) lines[0] = Overridden(lines[0], branch, view, stamp.BusinessDate);
        else if (turn == Turn.Plain && dice.In1000(12) && lines[0] is { UnitPrice: null } first) lines[0] = first with { DiscountRate = Rate.Percent(3) };
        if (turn == Turn.GiftCard) lines = [GiftCard()];
        var request = new BasketRequest(terminal, lines, CustomerId: customer?.Id,
            DiscountRate: turn == Turn.Discount ? Rate.Percent(dice.Between(7, 15)) : null, DiscountReason: turn == Turn.Discount ? dice.Of(["DISPLAY", "MANAGER"]) : null,
            Approval: grant is null ? null : new ApprovalRequestToken(grant), StartedAt: stamp.At.AddSeconds(-20 - (lines.Count * dice.Between(6, 18))));
        return new FilledBasket(request with { Tenders = await Tenders(stamp, request, customer, turn, ct) }, taken);
    }

    private (List<BasketLineRequest> Lines, List<(Shelf, string?, long)> Taken) Lines(PlannedBranch branch, DateOnly day, Turn turn)
    {
        var lines = new List<BasketLineRequest>();
        var taken = new List<(Shelf, string?, long)>();
        var chosen = new HashSet<Guid>();
        if (turn == Turn.GiftCard) return (lines, taken);
        if (turn == Turn.Negative) return BelowZero(branch);
        var wanted = dice.Weighted(LinesOf) + 1;
        for (var attempt = 0; lines.Count < wanted && (attempt < 40 || lines.Count == 0); attempt++)
        {
            var item = masters.Goods[dice.Weighted(weights)];
            if (!chosen.Add(item.Id)) continue;
            var shelf = stock[branch.Warehouse, item.Id];
            var quantity = item.ByWeight ? dice.Between(30, 480) * 5_000 : item.Category.Tracking == Tracking.Serial ? 1_000_000
                : dice.Next(20) switch { < 14 => 1, < 18 => 2, 18 => 3, _ => 6 } * 1_000_000L;
            if (shelf.OnHand < quantity) continue;
            string? lot = null;
            if (item.Category.Tracking != Tracking.None)
            {
                if (shelf.TakeLot(quantity, day) is not { } found) continue;
                lot = found;
            }
            else
            {
                shelf.OnHand -= quantity;
            }

            taken.Add((shelf, lot, quantity));
            lines.Add(Scanned(item, quantity, lot));
        }

        return (lines, taken);
    }

    private BasketLineRequest Scanned(PlannedItem item, long quantity, string? lot)
    {
        var serial = item.Category.Tracking == Tracking.Serial;
        if (quantity == 6_000_000 && item.Category.Code is "PANTRY" or "CLEANING") return new BasketLineRequest(Barcode: DemoMasters.PackOf(item), Quantity: new Quantity(quantity / 6));
        return dice.In1000(750)
            ? new BasketLineRequest(Barcode: item.Barcode, Quantity: new Quantity(quantity), Serials: serial ? [lot!] : null, Lot: serial ? null : lot)
            : new BasketLineRequest(Sku: item.Sku, Quantity: new Quantity(quantity), Serials: serial ? [lot!] : null, Lot: serial ? null : lot);
    }

    /// <summary>One or two more than there are of a plain item.</summary>
    private (List<BasketLineRequest> Lines, List<(Shelf, string?, long)> Taken) BelowZero(PlannedBranch branch)
    {
        var scarce = masters.Goods.Where(item => item.Category is { Tracking: Tracking.None, Valuation: Valuation.Average, Unit: "EA" })
            .OrderBy(item => stock[branch.Warehouse, item.Id].OnHand).ThenBy(item => item.Sku, StringComparer.Ordinal).First();
        var shelf = stock[branch.Warehouse, scarce.Id];
        var quantity = Math.Max(shelf.OnHand, 0) + (dice.Between(1, 2) * 1_000_000);
        shelf.OnHand -= quantity;
        return ([new BasketLineRequest(Sku: scarce.Sku, Quantity: new Quantity(quantity))], [(shelf, null, quantity)]);
    }

    private BasketLineRequest Overridden(BasketLineRequest line, PlannedBranch branch, CatalogueView view, DateOnly day)
    {
        var item = (line.Barcode is { } code ? view.ByBarcode(code)?.Item : view.BySku(line.Sku!))!;
        var list = view.PriceOf(item.Id, line.Quantity!.Value.Millionths, day, null, null, "in-store", branch.Id)!.Value.Row.Amount;
        var cents = list.Millionths / 10_000 * dice.Between(82, 94) / 100;
        return line with { UnitPrice = new UnitPrice(cents * 10_000), OverrideReason = dice.Of(["DAMAGED", "MATCH_PRICE", "DISPLAY"]) };
    }

    private BasketLineRequest GiftCard()
    {
        var worth = dice.Of([20L, 25L, 50L, 100L]);
        var start = $"6{dice.Between(0, 99_999_999_999_999):00000000000000}";
        var code = Enumerable.Range(0, 10).Select(digit => start + digit).First(Vouchers.IsCode);
        giftCards.Add((code, worth * 100));
        return new BasketLineRequest(UnitPrice: UnitPrice.Of(worth), Voucher: code);
    }

    private async Task<IReadOnlyList<TenderRequest>> Tenders(Stamp stamp, BasketRequest request, PlannedCustomer? customer, Turn turn, CancellationToken ct)
    {
        if (turn == Turn.GiftCard) return [new TenderRequest("CARD")];
        if (customer is { OnAccount: true } && dice.In1000(500)) return [new TenderRequest("ACCOUNT")];
        var draw = dice.Next(1000);
        if (draw < 390) return [new TenderRequest("CARD", Reference: $"A{++references}")];
        if (draw < 470) return [new TenderRequest("MOBILE", Reference: $"M{++references}")];
        var total = (await checkout.Price(stamp, request, ct)).Value.Calculation.Total;
        if (turn == Turn.Plain && giftCards.Count > 3 && draw < 500)
        {
            var (code, balance) = giftCards[0];
            var used = Math.Min(balance, total.Minor);
            giftCards[0] = (code, balance - used);
            if (balance == used) giftCards.RemoveAt(0);
            List<TenderRequest> tenders = [new TenderRequest("VOUCHER", new Money(used, total.Currency).ToString(), Reference: code)];
            if (used < total.Minor) tenders.Add(new TenderRequest("CASH"));
            return tenders;
        }

        if (draw < 530 && total.Minor > 2000) return [new TenderRequest("CARD", new Money(total.Minor / 200 * 100, total.Currency).ToString(), Reference: $"A{++references}"), new TenderRequest("CASH")];
        long[] notes = [500, 1000, 2000, 5000, 10000];
        var note = notes.FirstOrDefault(value => value >= total.Minor, 10000);
        return [new TenderRequest("CASH", Tendered: new Money((total.Minor + note - 1) / note * note, total.Currency).ToString())];
    }
}
