using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Values;
using Plug1.Sales.PointOfSale;

namespace Plug1.Sales.Tests.PointOfSale.Misuse;

/// <summary>What the tests of misuse share: a second branch, people of one branch, grants and steps.</summary>
internal static class Abuse
{
    public const string Function = "sales.point-of-sale";

    public static readonly Guid North = Guid.Parse("00000000-0000-7000-8000-00000000b002");

    /// <summary>A second branch with a till N1.</summary>
    public static Task OpenNorth(this Shop shop) => shop.Database.Write(async tx =>
    {
        var (warehouse, till) = (Guid.Parse("00000000-0000-7000-8000-00000000a002"), Guid.Parse("00000000-0000-7000-8000-00000000c003"));
        tx.Stage($"insert into branch (id, code, name, time_zone) values ({North}, 'NORTH', 'North road', 'Asia/Tokyo')");
        tx.Stage($"insert into warehouse (id, branch_id, code, name) values ({warehouse}, {North}, 'N-W', 'North floor')");
        tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name) values ({till}, {North}, {warehouse}, 'N1', 'Till north')");
        await tx.Flush();
        shop.Of<OrganisationBook>().Cache.Touch(tx);
    });

    /// <summary>Somebody who holds a role at one branch only.</summary>
    public static async Task<Actor> PersonAt(this Shop shop, string role, string name, Guid branch)
    {
        var made = await shop.Of<Users>().Create(new Caller(Shop.System, Shop.BranchId), new NewUser(name, name, "a long password", [new RoleAssignment(role, branch)], MustChange: false));
        return (await shop.Of<Actors>().ByUser(made.Value.Id))!;
    }

    public static CommandCall CallAt(Actor actor, Guid branch, string? key = null) => new(actor, branch, IdempotencyKey: key, RequestHash: "body");

    /// <summary>A grant of a second person for the one who asks.</summary>
    public static async Task<ApprovalRequestToken> Grant(this Shop shop, string granter, string action, Actor asker, Guid? branch = null)
    {
        var at = branch ?? Shop.BranchId;
        return new((await shop.Of<SecondPerson>().Authorise(granter, "a long password", $"{Function}.{action}", at, null, null, new Caller(asker, at))).Value.Token);
    }

    public static Task<Result<Answer>> Step(this Shop shop, Actor actor, string verb, Guid id, string? reason = null, Guid? branch = null) =>
        shop.Of<LifecycleDesk>().Run(CallAt(actor, branch ?? Shop.BranchId), Function, new LifecycleStep(verb, id, null, reason));

    public static Task<Result<LifecycleOutcome>> Reverse(this Shop shop, Actor actor, Guid id, ApprovalRequestToken? grant = null) =>
        shop.As(actor, (tx, stamp) => shop.Of<Reversal>().Within(tx, stamp, id, (long?)null, new ReverseSaleRequest("WRONG_ITEM", null, grant)));

    public static Task<Result<ShiftAnswer>> Count(this Shop shop, Actor actor, Guid shift, params TenderCount[] tenders) =>
        shop.As(actor, (tx, stamp) => shop.Shifts.CountWithin(tx, stamp, shift, new CountRequest(null, tenders), default));

    public static Task<Result<MovementAnswer>> Close(this Shop shop, Actor actor, Guid shift, string nextFloat = "0.00") =>
        shop.As(actor, (tx, stamp) => shop.Shifts.CloseWithin(tx, stamp, shift, new CloseShiftRequest(nextFloat), default));

    public static Task<Result<MovementAnswer>> Move(this Shop shop, Actor actor, string movement, string amount, string reason = "PETTY_CASH") =>
        shop.As(actor, (tx, stamp) => shop.Shifts.MoveWithin(tx, stamp, new CashMovementRequest("T1", movement, amount, reason), default));

    /// <summary>Sells a gift card and tells its code.</summary>
    public static async Task<(Guid Sale, string Code)> GiftCard(this Shop shop, Actor actor, string value)
    {
        var sold = (await shop.Sell(actor, new BasketRequest("T1", [new(Voucher: "", UnitPrice: UnitPrice.Parse(value))], Tenders: [new("CASH")]))).Value;
        return (sold.Id, sold.Vouchers!.Single());
    }
}
