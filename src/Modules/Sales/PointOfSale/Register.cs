using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Payments;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>A till with its open shift.</summary>
public sealed record RegisterTerminal(Guid Id, string Code, string Name, string Branch, RegisterShift? Shift);

/// <summary>The open shift of a till.</summary>
public sealed record RegisterShift(Guid Id, string Number, string State, DateTimeOffset OpenedAt, string OpenedBy, string Float);

/// <summary>How a till sells.</summary>
public sealed record RegisterProfile(string Basis, string Currency, int Exponent);

/// <summary>A payment method as the till offers it.</summary>
public sealed record RegisterMethod(string Code, string Name, string Type, bool OverTender, bool NeedsReference, string? RoundingStep, string? RoundingMode, IReadOnlyList<string>? Denominations);

/// <summary>A reason of a list.</summary>
public sealed record RegisterReason(string Code, string Label);

/// <summary>What the register needs to start.</summary>
public sealed record RegisterAnswer(RegisterTerminal Terminal, RegisterProfile Profile, RegisterShift? Shift, IReadOnlyList<RegisterMethod> Methods, int Parked, IReadOnlyDictionary<string, IReadOnlyList<RegisterReason>> Reasons);

/// <summary>A category of an item.</summary>
public sealed record RegisterCategory(Guid Id, string Name);

/// <summary>An item for sale, with today's price for one unit.</summary>
public sealed record RegisterItem(Guid Id, string Sku, string Name, RegisterCategory Category, string Unit, int UnitDecimals, IReadOnlyList<string> Barcodes, string? Price, string PriceBasis, string? TaxCode, string Tracking);

/// <summary>A page of items for sale.</summary>
public sealed record CatalogueAnswer(IReadOnlyList<RegisterItem> Items, string? Next, long Stamp, IReadOnlyList<RegisterCategory> Categories);

/// <summary>A customer as the till finds them.</summary>
public sealed record RegisterCustomer(Guid Id, string Number, string Name, string? Phone, string? Card, string? Email);

/// <summary>What a till reads: itself, items for sale, customers.</summary>
internal sealed class Register(Database database, OrganisationBook organisation, CatalogueBook catalogue, PartyBook parties, Parking parking, Kernel.Commands.CommandRunner runner)
{
    private const int MostItems = 200;

    public async Task<Result<RegisterAnswer>> At(string terminalCode, RequestActor who, CancellationToken ct)
    {
        var view = await organisation.Get(ct);
        if (view.FindTerminal(terminalCode) is not { Active: true } terminal || terminal.BranchId != who.Branch.Id) return Refusals.TerminalUnknown(terminalCode);
        var items = await catalogue.Get(ct);
        var currency = view.Company.Currency;
        var reasons = await database.Read(db => db.Query($"select action, code, label from reason where function = {PointOfSaleFunction.FunctionCode} and active order by action, label", row => (Action: row.Text(0), new RegisterReason(row.Text(1), row.Text(2))), ct), ct);
        var known = (await Terminals(who.Branch.Id, ct)).Items.First(t => t.Id == terminal.Id);
        var parked = await parking.List(await runner.StampOf(who.Call(), ct), terminal.Code, ct);
        var methods = items.PaymentMethods.Where(method => method.Active).Select(method => new RegisterMethod(method.Code, method.Name, method.Type.ToString().ToLowerInvariant(), method.OverTender,
            method.NeedsReference || method.Type == PaymentType.Voucher, method.RoundingStep is { } step ? new Money(step, currency).ToString() : null, method.RoundingStep is null ? null : PaymentMethod.WordOf(method.RoundingMode),
            method.Type == PaymentType.Cash ? [.. items.Denominations(currency.Code).Select(value => new Money(value, currency).ToString())] : null)).ToList();
        return new RegisterAnswer(known, new RegisterProfile(terminal.Basis, currency.Code, currency.Exponent), known.Shift, methods, parked.Count,
            reasons.GroupBy(row => row.Action).ToDictionary(group => Camel(group.Key), group => (IReadOnlyList<RegisterReason>)[.. group.Select(row => row.Item2)]));
    }

    public async Task<ListAnswer<RegisterTerminal>> Terminals(Guid branch, CancellationToken ct)
    {
        var view = await organisation.Get(ct);
        var shifts = await database.Read(db => db.Query($"""
            select w.terminal_id, w.id, w.number, w.state, w.opened_at, coalesce(u.name, ''), s.float_amount from work_session w join pos_shift s on s.session_id = w.id left join app_user u on u.id = w.user_id
            where w.branch_id = {branch} and w.kind = 'shift' and w.state <> 'closed'
            """, row => (Terminal: row.Guid(0), Shift: new RegisterShift(row.Guid(1), row.Text(2), row.Text(3), row.Instant(4), row.Text(5), new Money(row.Long(6), view.Company.Currency).ToString())), ct), ct);
        var open = shifts.ToDictionary(row => row.Terminal, row => row.Shift);
        return new ListAnswer<RegisterTerminal>([.. view.Terminals.Where(terminal => terminal.Active && terminal.BranchId == branch)
            .Select(terminal => new RegisterTerminal(terminal.Id, terminal.Code, terminal.Name, view.Branch(branch).Code, open.GetValueOrDefault(terminal.Id)))]);
    }

    public async Task<Result<CatalogueAnswer>> Catalogue(Branch branch, string? terminal, string? q, string? barcode, Guid? category, long? since, string? after, int limit, CancellationToken ct)
    {
        if (limit is < 1 or > MostItems) return Kernel.Reporting.Refusals.LimitInvalid(MostItems);
        var till = terminal is null ? null : (await organisation.Get(ct)).FindTerminal(terminal);
        if (terminal is not null && till?.BranchId != branch.Id) return Refusals.TerminalUnknown(terminal);
        var view = await catalogue.Get(ct);
        var today = branch.DayAt(runner.Clock.GetUtcNow());
        IEnumerable<ItemCard> cards = barcode is not null
            ? view.ByBarcode(barcode) is { } scanned ? [view.Card(scanned.Item.Id)!] : []
            : since is { } stamp ? view.ChangedSince(stamp) : view.Search(q, category, active: true, sellable: true, after);
        var page = cards.Take(limit + 1).ToList();
        var items = page.Take(limit).Select(card =>
        {
            var item = card.Item;
            var price = view.PriceOf(item.Id, Quantity.One.Millionths, today, null, till?.PriceListId, "in-store", branch.Id);
            return new RegisterItem(item.Id, item.Sku, item.Name, new RegisterCategory(item.CategoryId, view.Category(item.CategoryId)?.Name ?? ""), item.Unit, item.Decimals, [.. card.Barcodes.Select(code => code.Code)],
                price?.Row.Amount.ToString(), price?.List.Basis == Kernel.Catalog.Tax.TaxBasis.Net ? "net" : "gross", view.TaxCode(item.TaxCodeId)?.Code.Code, item.Tracking.ToString().ToLowerInvariant());
        }).ToList();
        return new CatalogueAnswer(items, page.Count > limit ? items[^1].Sku : null, view.Stamp, after is null && since is null && barcode is null ? [.. view.Categories.Where(known => known.Active).Select(known => new RegisterCategory(known.Id, known.Name))] : []);
    }

    public async Task<ListAnswer<RegisterCustomer>> Customers(string q, RequestActor who, CancellationToken ct)
    {
        var shown = PartyPersonal.IsShown(who.Actor, who.Branch.Id);
        var found = await parties.Search(new PartyQuery(q, PartyRoles.Customer, Active: true, Limit: 20), ct);
        return new ListAnswer<RegisterCustomer>([.. found.Items.Select(party => PartyPersonal.Of(party, shown)).Select(party => new RegisterCustomer(party.Id, party.Number, party.Name, party.Phone, party.Card, party.Email))]);
    }

    private static string Camel(string action)
    {
        var parts = action.Split('-');
        return parts[0] + string.Concat(parts.Skip(1).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
    }
}
