using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Sales.PointOfSale;

/// <summary>A second person at the till.</summary>
/// <param name="UserName">Who grants.</param>
/// <param name="Password">Their password.</param>
/// <param name="Action">discount, override-price, sell-below-cost, sell-negative, reverse, paid-out or variance.</param>
/// <param name="TerminalId">At which till.</param>
/// <param name="Reason">Why.</param>
/// <param name="Code">One-time code, where the person uses one.</param>
public sealed record AuthoriseRequest(string UserName, string Password, string Action, string? TerminalId = null, string? Reason = null, string? Code = null);

/// <summary>What a second person granted: usable once, for a few minutes.</summary>
public sealed record AuthoriseAnswer(string Token, AuthorisedBy By, DateTimeOffset ExpiresAt);

/// <summary>Who granted.</summary>
public sealed record AuthorisedBy(string UserName, string Name);

/// <summary>Reverses a sale at the till.</summary>
public sealed record ReverseSaleRequest(string? Reason = null, string? Text = null, ApprovalRequestToken? Approval = null);

/// <summary>The routes of the point of sale beside those that every function has.</summary>
internal static class Endpoints
{
    private const string View = "sales.point-of-sale.view";

    private static readonly HashSet<string> Grantable = ["discount", "override-price", "sell-below-cost", "sell-negative", "reverse", "paid-out", "variance"];

    public static void Map(RouteGroupBuilder api)
    {
        var pos = api.MapGroup("/sales/point-of-sale").WithTags("Point of sale");
        MapSelling(pos);
        MapShifts(pos);
        MapVouchers(pos);
        MapReading(pos);
    }

    private static void MapSelling(RouteGroupBuilder pos)
    {
        pos.MapPost("/preview", async (BasketRequest request, RequestActor who, Checkout checkout, CommandRunner runner, CancellationToken ct) =>
            !who.May("sales.point-of-sale.create") ? CommandRunner.Denied("sales.point-of-sale.create").ToHttp()
            : (await checkout.Preview(await runner.StampOf(who.Call(), ct), request, ct)).ToHttp())
            .WithName("previewSale").WithSummary("Calculates a basket; nothing is stored.").Produces<Preview>().Refuses(400, 401, 403, 422);
        pos.MapCommand<BasketRequest, CheckoutAnswer>("/checkout", 201, (call, body, http) => Of<Checkout>(http).Run(call, body, http.RequestAborted))
            .WithName("checkout").WithSummary("Rings up a basket: draft to posted in one transaction.");
        pos.MapCommand<BasketRequest, ParkedBasket>("/park", 201, (call, body, http) => Of<Parking>(http).Park(call, body, http.RequestAborted))
            .WithName("parkBasket").WithSummary("Puts a basket aside for a day.");
        pos.MapOptional<StepRequest, ParkedBasket>("/{id:guid}/resume", 200, (call, _, http) => Of<Parking>(http).Resume(call, LifecycleEndpoints.IdOf(http), http.RequestAborted))
            .WithName("resumeBasket").WithSummary("Takes a parked basket back to the till.");
        pos.MapCommand<ReverseSaleRequest, Kernel.Documents.LifecycleOutcome>("/{id:guid}/reverse", 200, (call, body, http) => Of<Reversal>(http).Run(call, LifecycleEndpoints.IdOf(http), IfMatch.Of(http), body, http.RequestAborted))
            .WithName("reverseSale").WithSummary("Reverses a sale of the open shift: at once with a second person's grant, else it waits for approval.");
        pos.MapPost("/authorise", async (AuthoriseRequest request, RequestActor who, SecondPerson second, CancellationToken ct) =>
        {
            // Who may not sell has no customer waiting, and no reason to try passwords here.
            if (!who.May("sales.point-of-sale.create")) return CommandRunner.Denied("sales.point-of-sale.create").ToHttp();
            if (!Grantable.Contains(request.Action)) return new Kernel.Refusal("POS_GRANT_UNKNOWN", "This cannot be granted at the till.", "/action").ToHttp();
            var action = request.Action == "reverse" ? "grant-reversal" : request.Action;
            var granted = await second.Authorise(request.UserName, request.Password, $"sales.point-of-sale.{action}", who.Branch.Id, request.TerminalId, request.Reason, who.Caller, request.Code, ct);
            return granted.ToHttp(grant => Results.Ok(new AuthoriseAnswer(grant.Token, new AuthorisedBy(grant.By.UserName, grant.By.Name), grant.ExpiresAt)));
        }).WithName("authorise").WithSummary("A second person grants something at the till with their own credentials.").RequireRateLimiting(RateLimits.SignIn).Produces<AuthoriseAnswer>().Refuses(400, 401, 403, 422, 429);
    }

    private static void MapShifts(RouteGroupBuilder pos)
    {
        pos.MapCommand<CashMovementRequest, MovementAnswer>("/cash-movements", 201, (call, body, http) => Of<Shifts>(http).Move(call, body, http.RequestAborted))
            .WithName("moveCash").WithSummary("Puts cash in, pays it out or drops it into the safe.");
        pos.MapCommand<OpenShiftRequest, ShiftAnswer>("/shifts/{terminal}/open", 201, (call, body, http) => Of<Shifts>(http).Open(call, (string)http.Request.RouteValues["terminal"]!, body, http.RequestAborted))
            .WithName("openShift").WithSummary("Opens a shift with a float.");
        pos.MapCommand<CountRequest, ShiftAnswer>("/shifts/{id:guid}/count", 200, (call, body, http) => Of<Shifts>(http).Count(call, LifecycleEndpoints.IdOf(http), body, http.RequestAborted))
            .WithName("countShift").WithSummary("Counts drawer and tenders, blind; the comparison comes after.");
        pos.MapCommand<CloseShiftRequest, MovementAnswer>("/shifts/{id:guid}/close", 200, (call, body, http) => Of<Shifts>(http).Close(call, LifecycleEndpoints.IdOf(http), body, http.RequestAborted))
            .WithName("closeShift").WithSummary("Closes a counted shift and posts its variance.");
        pos.MapCommand<HandoverRequest, ShiftAnswer>("/shifts/{id:guid}/handover", 201, (call, body, http) =>
            Of<Shifts>(http).Handover(call with { RequestHash = CommandEndpoints.HashOf(http, body with { Password = "", Code = null }) }, LifecycleEndpoints.IdOf(http), body, http.RequestAborted))
            .WithName("handOverShift").WithSummary("Counts and closes a shift and opens one for the next cashier with the same cash.");
        pos.MapCommand<OpenDrawerRequest, object>("/drawer/open", 200, (call, body, http) => Of<Shifts>(http).OpenDrawer(call, body, http.RequestAborted))
            .WithName("openDrawer").WithSummary("Opens the drawer without a sale.");
        pos.MapGet("/shifts", async (RequestActor who, Database database, OrganisationBook organisation, CancellationToken ct, string? terminal = null, string? state = null, Guid? after = null, int limit = 50) =>
        {
            if (!who.May(View)) return CommandRunner.Denied(View).ToHttp();
            var currency = (await organisation.Get(ct)).Company.Currency;
            var most = Math.Clamp(limit, 1, 200);
            var found = await database.Read(db => ShiftQueries.List(db, [who.Branch.Id], terminal, state, after, most + 1, currency, ct), ct);
            return Results.Ok(new ListAnswer<ShiftListItem>([.. found.Take(most)], found.Count > most ? found[most - 1].Id.ToString() : null));
        }).WithName("shifts").WithSummary("Shifts of the branch, newest first.").Produces<ListAnswer<ShiftListItem>>().Refuses(400, 401, 403);
        pos.MapGet("/shifts/{id:guid}", async (Guid id, RequestActor who, Shifts shifts, CancellationToken ct) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp()
            : await shifts.Find(id, who.Branch.Id, action => who.May($"sales.point-of-sale.{action}"), ct) is { } shift ? Results.Ok(shift) : Refusals.ShiftUnknown.ToHttp())
            .WithName("shift").WithSummary("One shift.").Produces<ShiftAnswer>().Refuses(401, 403, 404);
        pos.MapGet("/shifts/{id:guid}/report", async (Guid id, RequestActor who, Shifts shifts, ShiftReports reports, CancellationToken ct, string kind = "x") =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp()
            : (await reports.Make(id, kind, who.Branch.Id, action => who.May($"sales.point-of-sale.{action}"), ct)).ToHttp())
            .WithName("shiftReport").WithSummary("The X report of a running shift or the Z report of a closed one.").Produces<ShiftReport>().Refuses(400, 401, 403, 404);
    }

    private static void MapVouchers(RouteGroupBuilder pos)
    {
        pos.MapCommand<VoucherRequest, VoucherIssueAnswer>("/vouchers", 201, (call, body, http) => Of<IssueVoucher>(http).Run(call, body, http.RequestAborted))
            .WithName("issueVoucher").WithSummary("Issues a gift card or store credit that nobody paid for, as redress or reward.");
        pos.MapGet("/vouchers/{code}", async (string code, RequestActor who, Database database, OrganisationBook organisation, CommandRunner runner, CancellationToken ct) =>
        {
            if (!who.May(View)) return CommandRunner.Denied(View).ToHttp();
            var (currency, stamp) = ((await organisation.Get(ct)).Company.Currency, await runner.StampOf(who.Call(), ct));
            return await database.Read(db => Vouchers.Find(db, code, stamp.BusinessDate, currency, ct), ct) is { } voucher ? Results.Ok(voucher) : (Refusals.VoucherUnknown(0) with { At = null, Status = 404 }).ToHttp();
        }).WithName("voucher").WithSummary("What is left on a voucher.").Produces<VoucherAnswer>().Refuses(401, 403, 404);
    }

    private static void MapReading(RouteGroupBuilder pos)
    {
        pos.MapGet("/register", async (string terminal, RequestActor who, Register register, CancellationToken ct) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await register.At(terminal, who, ct)).ToHttp())
            .WithName("register").WithSummary("What the register needs to start: till, shift, methods, reasons.").Produces<RegisterAnswer>().Refuses(401, 403, 422);
        pos.MapGet("/terminals", async (RequestActor who, Register register, CancellationToken ct) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : Results.Ok(await register.Terminals(who.Branch.Id, ct)))
            .WithName("posTerminals").WithSummary("Tills of the branch with their open shifts.").Produces<ListAnswer<RegisterTerminal>>().Refuses(401, 403);
        pos.MapGet("/catalogue", async (RequestActor who, Register register, CancellationToken ct, string? terminal = null, string? q = null, string? barcode = null, Guid? category = null, long? since = null, string? after = null, int limit = 60) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await register.Catalogue(who.Branch, terminal, q, barcode, category, since, after, limit, ct)).ToHttp())
            .WithName("posCatalogue").WithSummary("Items for sale by scan, search or category.").Produces<CatalogueAnswer>().Refuses(400, 401, 403);
        pos.MapGet("/customers", async (string q, RequestActor who, Register register, CancellationToken ct) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : Results.Ok(await register.Customers(q, who, ct)))
            .WithName("posCustomers").WithSummary("Customers by card, phone, number or name.").Produces<ListAnswer<RegisterCustomer>>().Refuses(400, 401, 403);
        pos.MapGet("/parked", async (RequestActor who, Parking parking, CommandRunner runner, CancellationToken ct, string? terminal = null) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : Results.Ok(new ListAnswer<ParkedBasket>(await parking.List(await runner.StampOf(who.Call(), ct), terminal, ct))))
            .WithName("parkedBaskets").WithSummary("Baskets put aside.").Produces<ListAnswer<ParkedBasket>>().Refuses(401, 403);
        pos.MapGet("/{id:guid}/receipt", async (Guid id, RequestActor who, Receipts receipts, HttpContext http, CancellationToken ct, string format = "html") =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : await receipts.Render(id, format, who, http, ct))
            .WithName("receipt").WithSummary("The receipt, 80 mm wide: as a print view, a PDF, or bytes for a printer that understands ESC/POS; or its figures as JSON.").Produces<Receipt>().Refuses(400, 401, 403, 404);
    }

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();
}
