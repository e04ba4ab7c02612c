using Plug1.Customers;
using Plug1.Customers.Loyalty;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Stock;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>Rings up a basket: draft to posted in one transaction, or nothing at all.</summary>
/// <remarks>Three round trips on PostgreSQL: what must be known and locked; lines, entries and facts with the number drawn; header, audit, key and commit.</remarks>
internal sealed class Checkout(
    CommandRunner runner, PointOfSaleFunction function, OrganisationBook organisation, CatalogueBook catalogue, Kernel.Parties.PartyBook parties, LedgerBook ledger, StockDesk stock, SecondPerson secondPerson, Actors actors, ExceptionBook exceptions, IDirectory directory, ILoyalty loyalty)
{
    /// <summary>Runs as a command of its own.</summary>
    public async Task<Result<Answer>> Run(CommandCall call, BasketRequest request, CancellationToken ct = default)
    {
        var sold = await runner.Run(call, PointOfSaleFunction.FunctionCode, "create", 201, (tx, stamp) => Within(tx, stamp, request, ct), ct);
        await directory.Refused(call, request.CustomerId, sold.Refusal, ct);
        return sold;
    }

    /// <summary>A basket calculated with all that refuses it; nothing is stored and the database is not asked.</summary>
    public async Task<Result<Preview>> Preview(Stamp stamp, BasketRequest request, CancellationToken ct = default)
    {
        var priced = await Price(stamp, request, ct);
        if (priced.Refusal is { } no) return no;
        return Previews.Of(priced.Value, await catalogue.Get(ct), stamp);
    }

    /// <summary>Finds prices and calculates.</summary>
    public async ValueTask<Result<PricedBasket>> Price(Stamp stamp, BasketRequest request, CancellationToken ct)
    {
        var view = await organisation.Get(ct);
        if (view.FindTerminal(request.TerminalId) is not { Active: true } terminal || terminal.BranchId != stamp.BranchId) return Refusals.TerminalUnknown(request.TerminalId);
        var list = request.CustomerId is { } customer ? (await parties.Find(customer, ct))?.PriceListId : null;
        return BasketPricing.Price(request, terminal, view, await catalogue.Get(ct), request.BusinessDate ?? stamp.BusinessDate, list);
    }

    /// <summary>Rings up inside a transaction that is open already.</summary>
    public async Task<Result<CheckoutAnswer>> Within(Tx tx, Stamp stamp, BasketRequest request, CancellationToken ct = default)
    {
        if (request.BusinessDate is { } day && day != stamp.BusinessDate && !stamp.May("sales.point-of-sale.backdate")) return CommandRunner.Denied("sales.point-of-sale.backdate");
        if (request.BusinessDate > stamp.BusinessDate) return Refusals.BusinessDateInvalid;
        var priced = await Price(stamp, request, ct);
        if (priced.Refusal is { } unpriced) return unpriced;
        var basket = priced.Value;
        if (request.ExpectedTotal is { } expected && expected != basket.Calculation.Total.ToString())
            return Refusals.TotalChanged(Previews.Of(basket, await catalogue.Get(ct), stamp));
        var settled = BasketPricing.Settle(basket, await catalogue.Get(ct));
        if (settled.Refusal is { } unpaid) return unpaid;

        var sale = new SaleDraft(basket, settled.Value, Ids.New(runner.Clock), stamp);
        sale.IssueVouchers(runner.Clock);
        // The member before the goods: all who touch both lock them in this order.
        if (request.CustomerId is { } customer) sale.Visit = loyalty.Ask(tx, customer, sale.Day);
        var known = SaleFacts.Ask(tx, sale, directory);
        var locks = await stock.Lock(tx, sale.Issues(stamp), basket.Currency, basket.Branch.Id, ct);
        await tx.Flush(ct);
        if (known.Refuse(sale, stamp) is { } refusal) return refusal;

        var posting = new Posting(sale.Id, sale.Day);
        var taken = await Take(tx, sale, posting, locks, ct);
        if (taken.Refusal is { } missing) return missing;
        var approved = await Approve(tx, stamp, sale, ct);
        if (approved.Refusal is { } waits) return waits;
        if (request.ParkedId is { } parked && (await Sales.TakeUp(tx, parked, sale.Id, stamp, ct)).Refusal is { } notParked) return notParked;
        var (member, paid) = (sale.LoyaltyBasket(), sale.PaidInPoints);
        if (paid.IsPositive && loyalty.Redeem(sale.Visit!, posting, member, paid).Refusal is { } noPoints) return noPoints;
        sale.PostMoney(posting, known);
        if (sale.Visit is { IsMember: true } visit) sale.Points = await loyalty.Earn(tx, stamp, visit, posting, member, ct);
        return await Write(tx, stamp, sale, posting, known, approved.Value, ct);
    }

    private static async Task<Result> Take(Tx tx, SaleDraft sale, Posting posting, StockLock locks, CancellationToken ct)
    {
        var (basket, costs) = (sale.Basket, sale.Costs);
        foreach (var (request, at) in sale.Requested)
        {
            var line = basket.Lines[at];
            var issued = await locks.Issue(tx, posting, request,
                new AccountKey(AccountRoles.Customer, request.Item.Unit),
                new AccountKey(AccountRoles.CostOfSales, basket.Currency.Code, line.Item!.CategoryId.ToString("D"), basket.Branch.Id, line.Item.CategoryId), sale.Day, ct);
            if (issued.Refusal is { } no) return line.Item.Tracking == Tracking.Serial && no.Code == "STOCK_SHORT" ? Refusals.SerialNotInStock(request.Lots[0].Code, at) : no;
            costs[at] = issued.Value.Cost;
            sale.Taken[at] = issued.Value;
        }

        return Result.Done;
    }

    /// <summary>Asks whether the maker may give what was given, or redeems the second person's grant.</summary>
    private async Task<Result<Guid?>> Approve(Tx tx, Stamp stamp, SaleDraft sale, CancellationToken ct)
    {
        var roles = stamp.Actor.IsSystem ? (IReadOnlyCollection<string>)["administrator"] : [.. stamp.Actor.RolesAt(stamp.BranchId)];
        var decision = sale.Basket.Authority(roles, stamp.May("sales.point-of-sale.sell-below-cost"), sale.Costs);
        var permission = decision.Reasons.Any(reason => reason.Code == "BELOW_COST_NEEDS_APPROVAL") ? "sell-below-cost" : sale.Basket.HasOverrides ? "override-price" : "discount";
        var overridesFreely = !sale.Basket.HasOverrides || stamp.May("sales.point-of-sale.override-price");
        if (decision.IsAllowed && overridesFreely) return (Guid?)null;
        if (sale.Basket.Request.Approval is not { } grant)
        {
            return decision.IsAllowed
                ? Refusals.ApprovalRequired("Changing a price needs a second person.", "override-price", ["store-manager"])
                : decision.Reasons[0] with { Detail = new Dictionary<string, object?> { ["permission"] = permission, ["roles"] = new[] { decision.NeededRole } } };
        }

        var granted = await secondPerson.Redeem(tx, grant.Token, $"{PointOfSaleFunction.FunctionCode}.{permission}", stamp.BranchId, sale.Id, stamp.Actor.UserId, ct);
        if (granted.Refusal is { } no) return no;
        if (await actors.ByUser(granted.Value.GrantedBy, ct) is not { } granter) return CommandRunner.Denied($"{PointOfSaleFunction.FunctionCode}.{permission}");
        var theirs = sale.Basket.Authority([.. granter.RolesAt(stamp.BranchId)], granter.May("sales.point-of-sale.sell-below-cost", stamp.BranchId), sale.Costs);
        return theirs.IsAllowed ? granter.UserId : theirs.Reasons[0];
    }

    private async Task<Result<CheckoutAnswer>> Write(Tx tx, Stamp stamp, SaleDraft sale, Posting posting, SaleFacts known, Guid? approvedBy, CancellationToken ct)
    {
        var header = sale.Header(stamp, known, approvedBy);
        // A service given away moves neither money nor goods.
        if (posting.Lines.Count > 0) await ledger.Post(tx, posting, stamp, known.ShiftId, ct);
        var numbered = await Sales.Number(tx, sale, ct);
        if (numbered.Refusal is { } taken) return taken;
        header.Number = numbered.Value.Number;
        Headers.Insert(tx, header);
        Sales.Insert(tx, sale, header, numbered.Value.Sequence, approvedBy, runner.Clock);
        Kernel.Reporting.Facts.Stage(tx, stamp, sale.Facts(header));
        await RaiseExceptions(tx, stamp, sale, header, ct);
        var answer = new CheckoutAnswer(header.Id, header.Number, header.Status, sale.Calculation.Net.ToString(), sale.Calculation.Tax.ToString(), sale.Calculation.Total.ToString(),
            sale.Settlement.Rounding.ToString(), sale.Settlement.Change.ToString(), $"/api/v1/sales/point-of-sale/{header.Id}/receipt", sale.VoucherCodes(),
            sale.Points is { } points ? new LoyaltyAnswer(points.Programme, points.Earned.ToString(), points.Redeemed.ToString(), points.Balance.ToString()) : null);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function.Code, "checkout", "sale", header.Id, After: Snapshots.Of(answer with { Vouchers = answer.Vouchers is { } codes ? [.. codes.Select(Vouchers.Masked)] : null })), runner.Clock);
        return answer;
    }

    private async ValueTask RaiseExceptions(Tx tx, Stamp stamp, SaleDraft sale, Header header, CancellationToken ct)
    {
        var basket = sale.Basket;
        foreach (var (at, taken) in sale.Taken)
        {
            if (taken.WentNegative)
                await exceptions.Raise(tx, function, SaleRules.NegativeStock, header, $"{basket.Lines[at].Item!.Sku} was sold below zero on {header.Number}.", stamp, ct: ct);
        }

        var high = await exceptions.Rule(function, SaleRules.DiscountHigh, header.BranchId, ct);
        var (gross, discount) = sale.GrossAndDiscount;
        if (SaleRules.IsAbove(discount, gross, high["above"]))
            exceptions.Raise(tx, function, high, [new ExceptionBook.Caught(header, $"{header.Number} was given {new Money(discount, basket.Currency)} off {new Money(gross, basket.Currency)}.")], stamp);
        if (sale.IsOffline) await RaiseOffline(tx, stamp, sale, header, ct);
        else await RaiseOverrides(tx, stamp, sale, header, ct);
    }

    private async ValueTask RaiseOverrides(Tx tx, Stamp stamp, SaleDraft sale, Header header, CancellationToken ct)
    {
        var rule = await exceptions.Rule(function, SaleRules.PriceOverride, header.BranchId, ct);
        exceptions.Raise(tx, function, rule, [.. sale.Basket.Lines.Where(line => line.Item is not null && SaleRules.IsAbove(line.ListPrice.Millionths - line.UnitPrice.Millionths, line.ListPrice.Millionths, rule["above"]))
            .Select(line => new ExceptionBook.Caught(header, $"{line.Item!.Sku} was sold at {line.UnitPrice} on {header.Number}, the price is {line.ListPrice}."))], stamp);
    }

    private async ValueTask RaiseOffline(Tx tx, Stamp stamp, SaleDraft sale, Header header, CancellationToken ct)
    {
        var decision = sale.Basket.Authority([.. stamp.Actor.RolesAt(stamp.BranchId)], stamp.May("sales.point-of-sale.sell-below-cost"), sale.Costs);
        if (!stamp.Actor.IsSystem && !decision.IsAllowed)
            await exceptions.Raise(tx, function, SaleRules.OfflineBeyondAuthority, header, $"{header.Number} was sold offline with what only {decision.NeededRole} may give.", stamp, ct: ct);
        var rule = await exceptions.Rule(function, SaleRules.OfflinePriceDiff, header.BranchId, ct);
        var above = SaleRules.InMillionths(rule["above"], sale.Basket.Currency);
        exceptions.Raise(tx, function, rule, [.. sale.Basket.Lines.Where(line => line.Item is not null && Math.Abs(line.ListPrice.Millionths - line.UnitPrice.Millionths) > above)
            .Select(line => new ExceptionBook.Caught(header,
                $"{line.Item!.Sku} was sold offline at {line.UnitPrice}, the price was {line.ListPrice}: a difference of {line.ListPrice - line.UnitPrice}."))], stamp);
    }
}
