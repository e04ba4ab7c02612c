using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;

namespace Plug1.Host.Demo;

/// <summary>How a shift ends.</summary>
internal enum Ending
{
    /// <summary>Counted right, or a little off.</summary>
    Plain,

    /// <summary>Off beyond the limit, granted at the till.</summary>
    Granted,

    /// <summary>Off beyond the limit, approved half an hour later.</summary>
    Approved,

    /// <summary>Off beyond the limit, still waiting.</summary>
    Waiting,

    /// <summary>So far off that two people must decide, still waiting.</summary>
    WaitingTwice,
}

/// <summary>One till on one day.</summary>
internal sealed class TillDay(string code, bool net, Actor cashier)
{
    public string Code { get; } = code;

    public bool Net { get; } = net;

    public Actor Cashier { get; } = cashier;

    public Guid Shift { get; set; }

    public Ending Ending { get; set; }

    public string? Grant { get; set; }
}

/// <summary>One sale that is to happen.</summary>
internal sealed record PlannedTurn(DateTimeOffset At, TillDay Till, Turn Turn, Actor By, string? Grant);

/// <summary>What the days of the demo company work with.</summary>
internal sealed record DemoDesks(
    Database Database, DemoClock Clock, Dice Dice, DemoMasters Masters, DemoStock Stock, DemoBaskets Baskets, Checkout Checkout, Shifts Shifts, Reversal Reversal, Parking Parking,
    LifecycleDesk Lifecycle, PointOfSaleFunction Function, SecondPerson SecondPerson);

/// <summary>A day of a branch: delivery, shifts opened, sales by the hour, cash moved, shifts counted and closed.</summary>
/// <remarks>Everything goes through the commands of the till, in the order in which it happens, at the instant at which it happens.</remarks>
internal sealed class DemoDay(DemoDesks desks, PlannedBranch branch, DateOnly day, int at, bool last)
{
    private const string Float = "200.00";
    private readonly List<TillDay> tills = [];
    private readonly string suffix = branch.Code.ToLowerInvariant();

    private Dice Dice => desks.Dice;

    private Actor Manager => desks.Masters.People[$"manager-{suffix}"];

    /// <summary>Runs the day and answers how many sales were rung up.</summary>
    public async Task<int> Run(CancellationToken ct)
    {
        Staff();
        var turns = await Plan(ct);
        await InOne(async tx =>
        {
            if (day.DayOfWeek == DayOfWeek.Monday && at > 0) await Refill(tx, ct);
            foreach (var till in tills) till.Shift = (await Must(desks.Shifts.OpenWithin(tx, At(7, 40, till.Cashier), till.Code, Float, null, ct))).Id;
            foreach (var turn in turns) await Sell(tx, turn, ct);
        }, ct);
        if (at % 30 == 17 && branch.Code == "HB") await OpenDrawerOften(ct);
        await InOne(async tx =>
        {
            foreach (var till in tills) await MoveCash(tx, till, ct);
            foreach (var till in tills) await Close(tx, till, ct);
        }, ct);
        if (last) await Park(ct);
        return turns.Count;
    }

    private void Staff()
    {
        for (var till = 0; till < branch.Terminals.Count; till++)
        {
            var (code, _, net) = branch.Terminals[till];
            // One more cashier than tills, so that people and tills rotate.
            var cashier = desks.Masters.People[$"cashier-{suffix}{((till + at) % (branch.Terminals.Count + 1)) + 1}"];
            tills.Add(new TillDay(code, net, cashier));
        }

        if (last && branch.Code == "NG") tills[2].Ending = Ending.Waiting;
        else if (last && branch.Code == "EF") tills[0].Ending = Ending.WaitingTwice;
        else if (!last && Dice.In1000(60)) tills[0].Ending = Dice.In1000(500) ? Ending.Granted : Ending.Approved;
    }

    private async Task<List<PlannedTurn>> Plan(CancellationToken ct)
    {
        var count = (int)(branch.Sales * (long)DemoPlan.Factor(day, at) * Dice.Between(90, 110) / 1_000_000);
        var times = Enumerable.Range(0, count).Select(_ => (Hour: 8 + Dice.Weighted(DemoPlan.OfHour), Second: Dice.Next(3480), Till: Dice.Next(tills.Count))).Order().ToList();
        var turns = new List<PlannedTurn>(count);
        foreach (var (hour, second, place) in times)
        {
            var till = tills[place];
            var turn = TurnOf(turns.Count, till, hour);
            var by = turn == Turn.Negative ? Manager : Dice.In1000(60) ? desks.Masters.People[$"sales-{suffix}"] : till.Cashier;
            var moment = At(hour, 0, by).At.AddSeconds(second);
            turns.Add(new PlannedTurn(moment, till, turn, by, await GrantFor(turn, till, by, moment, ct)));
        }

        foreach (var till in tills.Where(till => till.Ending == Ending.Granted)) till.Grant = await Grant("variance", till, till.Cashier, At(20, 20, till.Cashier).At, ct);
        return turns;
    }

    private Turn TurnOf(int number, TillDay till, int hour)
    {
        if (last && number == 12 && branch.Code == "HB") return Turn.ReversalAsked;
        if (till.Net) return Turn.Plain;
        var draw = Dice.Next(1000);
        return draw < 12 ? Turn.Override : draw < 22 ? Turn.Discount : draw < 37 && hour < 19 ? Turn.Reversed : draw < 42 ? Turn.GiftCard : draw == 42 && at % 5 == 0 ? Turn.Negative : Turn.Plain;
    }

    private async Task<string?> GrantFor(Turn turn, TillDay till, Actor by, DateTimeOffset moment, CancellationToken ct) => turn switch
    {
        Turn.Override => await Grant("override-price", till, by, moment, ct),
        Turn.Discount => await Grant("discount", till, by, moment, ct),
        Turn.Reversed => await Grant("grant-reversal", till, till.Cashier, moment.AddMinutes(3), ct),
        _ => null,
    };

    private async Task<string> Grant(string action, TillDay till, Actor by, DateTimeOffset moment, CancellationToken ct)
    {
        desks.Clock.Now = moment;
        var granted = await desks.SecondPerson.Authorise(Manager.UserName, DemoPlan.Password, $"{PointOfSaleFunction.FunctionCode}.{action}", branch.Id, till.Code, "demo", new Caller(by, branch.Id, till.Code), ct: ct);
        Invariant.Holds(!granted.IsRefused, $"{action}: {granted.Refusal?.Message}");
        return granted.Value.Token;
    }

    private async Task Refill(Tx tx, CancellationToken ct)
    {
        await desks.Stock.WriteOff(tx, branch, At(6, 10, Manager), ct);
        await desks.Stock.Deliver(tx, branch, At(6, 30, Manager), StockDocument.Receipt, ct);
    }

    private async Task Sell(Tx tx, PlannedTurn turn, CancellationToken ct)
    {
        var stamp = Stamped(turn.At, turn.By, turn.Till.Code);
        var basket = await desks.Baskets.Fill(branch, turn.Till.Code, turn.Till.Net, turn.Turn, turn.Turn == Turn.Reversed ? null : turn.Grant, stamp, ct);
        var sold = await Must(desks.Checkout.Within(tx, stamp, basket.Request, ct));
        if (turn.Turn is not (Turn.Reversed or Turn.ReversalAsked)) return;
        var undone = Stamped(turn.At.AddMinutes(4), turn.Till.Cashier, turn.Till.Code);
        var request = new ReverseSaleRequest(Dice.Of(["WRONG_ITEM", "CUSTOMER_LEFT"]), null, turn.Turn == Turn.Reversed ? new ApprovalRequestToken(turn.Grant!) : null);
        await Must(desks.Reversal.Within(tx, undone, sold.Id, (long?)null, request, ct));
        if (turn.Turn == Turn.ReversalAsked) return;
        foreach (var (shelf, lot, quantity) in basket.Taken) shelf.PutBack(lot, quantity);
    }

    private async Task MoveCash(Tx tx, TillDay till, CancellationToken ct)
    {
        var cash = await Cash(tx, till, ct);
        if (cash > 90_000) await Must(desks.Shifts.MoveWithin(tx, At(19, 50, till.Cashier), new CashMovementRequest(till.Code, "drop", $"{(cash - 50_000) / 10_000 * 100}.00", ""), ct));
        if (Dice.In1000(40)) await Must(desks.Shifts.MoveWithin(tx, At(19, 52, till.Cashier), new CashMovementRequest(till.Code, "paid-out", $"{Dice.Between(4, 39)}.{Dice.Between(10, 99)}", "PETTY_CASH", "Milk and stamps"), ct));
        if (Dice.In1000(12)) await Must(desks.Shifts.MoveWithin(tx, At(19, 54, till.Cashier), new CashMovementRequest(till.Code, "paid-in", $"{Dice.Between(1, 9)}.00", "PETTY_CASH", "Change brought back"), ct));
        if (last && till.Code == "T2") await Must(desks.Shifts.MoveWithin(tx, At(19, 56, till.Cashier), new CashMovementRequest(till.Code, "paid-out", "85.00", "SUPPLIER", "Flowers for the window"), ct));
    }

    private async Task<long> Cash(Tx tx, TillDay till, CancellationToken ct) =>
        (await ShiftQueries.Expected(tx, till.Shift, 20_000, new HashSet<string> { "CASH" }, ct))["CASH"].Amount;

    private async Task Close(Tx tx, TillDay till, CancellationToken ct)
    {
        var expected = await ShiftQueries.Expected(tx, till.Shift, 20_000, new HashSet<string> { "CASH" }, ct);
        var cash = expected["CASH"].Amount;
        var counted = cash + Difference(till, cash);
        var count = new CountRequest(Denominations(counted), [.. expected.Where(pair => pair.Key != "CASH").Select(pair => new TenderCount(pair.Key, Text(pair.Value.Amount)))]);
        await Must(desks.Shifts.CountWithin(tx, At(20, 15, till.Cashier), till.Shift, count, ct));
        var request = new CloseShiftRequest("0.00", Text: till.Ending == Ending.Plain ? null : "Counted twice", Approval: till.Grant is null ? null : new ApprovalRequestToken(till.Grant));
        var closed = await Must(desks.Shifts.CloseWithin(tx, At(20, 20, till.Cashier), till.Shift, request, ct));
        Invariant.Holds(closed.WaitsFor is null == till.Ending is Ending.Plain or Ending.Granted, $"{till.Code} on {day}: the close waits for {closed.WaitsFor ?? "nobody"}.");
        if (till.Ending == Ending.Approved) await Must(desks.Lifecycle.Within(tx, At(20, 50, Manager), desks.Function, new LifecycleStep(Verb.Approve, closed.Id, null), ct));
    }

    /// <summary>In cents: mostly nothing, sometimes less than half a thousandth of the drawer, rarely beyond the limit.</summary>
    private long Difference(TillDay till, long cash) => till.Ending switch
    {
        Ending.Waiting => -1_430,
        Ending.WaitingTwice => -12_000,
        Ending.Plain => Dice.In1000(220) && cash > 60_000 ? Dice.Between(-40, 30) * 5 : 0,
        _ => (Dice.In1000(700) ? -1 : 1) * Dice.Between(1_050, 4_800),
    };

    private static List<DenominationCount> Denominations(long cents)
    {
        long[] values = [10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1];
        var counts = new List<DenominationCount>();
        foreach (var value in values)
        {
            if (cents / value > 0) counts.Add(new DenominationCount(Text(value), (int)(cents / value)));
            cents %= value;
        }

        return counts;
    }

    private async Task OpenDrawerOften(CancellationToken ct)
    {
        for (var time = 0; time < 6; time++)
        {
            desks.Clock.Now = At(15, time * 7, tills[0].Cashier).At;
            await Must(desks.Shifts.OpenDrawer(new CommandCall(tills[0].Cashier, branch.Id, tills[0].Code), new OpenDrawerRequest(tills[0].Code, "Change for a customer"), ct));
        }
    }

    /// <summary>Baskets that customers left at the till; they are kept for a day.</summary>
    private async Task Park(CancellationToken ct)
    {
        var till = tills[1];
        foreach (var label in branch.Code switch { "NG" => ["Lady with the red bag", "Back in ten minutes"], "HB" => new[] { "Forgot the purse" }, _ => [] })
        {
            var stamp = At(20, 40, till.Cashier);
            desks.Clock.Now = stamp.At;
            var lines = desks.Masters.Goods.Where(item => item.Category.Code is "PANTRY" or "PAPER").Skip(label.Length).Take(3).Select(item => new BasketLineRequest(Sku: item.Sku, Quantity: Quantity.Of(2))).ToList();
            await Must(desks.Parking.Park(new CommandCall(till.Cashier, branch.Id, till.Code), new BasketRequest(till.Code, lines, Label: label), ct));
        }
    }

    /// <summary>A moment of the branch's day; the clock is set to it.</summary>
    private Stamp At(int hour, int minute, Actor by)
    {
        var local = day.ToDateTime(new TimeOnly(hour, minute));
        return Stamped(new DateTimeOffset(local, branch.TimeZone.GetUtcOffset(local)).ToUniversalTime(), by, null);
    }

    private Stamp Stamped(DateTimeOffset moment, Actor by, string? device)
    {
        desks.Clock.Now = moment;
        return new Stamp(by, branch.Id, moment, day, TimeZoneInfo.ConvertTime(moment, branch.TimeZone).Hour, device, "127.0.0.1");
    }

    private Task InOne(Func<Tx, Task> work, CancellationToken ct) => desks.Database.Write(work, ct);

    private async Task<T> Must<T>(Task<Result<T>> asked)
    {
        var result = await asked;
        Invariant.Holds(!result.IsRefused, $"{branch.Code} on {day}: {result.Refusal?.Code} {result.Refusal?.Message}");
        return result.Value;
    }

    private static string Text(long cents) => new Money(cents, Currencies.Of("EUR")).ToString();
}
