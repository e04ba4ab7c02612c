using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Imports;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PastSales;

/// <summary>Makes the items, customers, categories and the tax code that past sales name and nobody has entered, as the import of master data does it: in sets, with its checks.</summary>
internal sealed class PastMasters(Database database, CatalogueBook catalogue, TimeProvider clock)
{
    private const int ChunkRows = 1000;
    private static readonly ImportMapping Plain = ImportMapping.Plain(PastSalesMapping.Fields);

    /// <summary>Writes what is missing; what is there is never changed.</summary>
    public async Task<Result> Write(PastPlan plan, PastPlace place, Stamp stamp, DateOnly first, CancellationToken ct)
    {
        var items = plan.Fresh.SelectMany(document => document.Lines).Select(line => plan.ItemOf(line)!).Where(item => item.Known is null).DistinctBy(item => item.Sku).ToList();
        var beginning = await Begin(items, place.Mapping.Tax, ct);
        if (beginning.IsRefused) return beginning.Refusal!;
        var mapping = place.Mapping;
        var done = await Import(new ItemImport(catalogue), [.. items.Select(item => Cells(
            ("sku", item.Sku), ("name", item.Name), ("category", item.Rule.Category), ("unit", item.Rule.Unit), ("taxCode", mapping.Tax.Code), ("kind", item.Rule.Kind.Word()),
            ("standardCost", item.IsStocked ? new UnitPrice(item.Cost(mapping.CostPercent)).ToString() : "")))], stamp, ct);
        if (done.IsRefused) return done;
        if (mapping.PriceList is { } list)
        {
            done = await Import(new PriceImport(catalogue), [.. items.Where(item => item.MedianPrice > 0).Select(item => Cells(
                ("sku", item.Sku), ("priceList", list), ("price", new UnitPrice(item.MedianPrice).ToString()), ("validFrom", $"{first:yyyy-MM-dd}")))], stamp, ct);
            if (done.IsRefused) return done;
        }

        var made = mapping.Customers ?? new PastCustomers();
        return await Import(new PartyImport(), [.. plan.NewCustomers.Select(customer => Cells(
            ("number", customer.Key), ("name", made.Name.Replace("{number}", customer.Key, StringComparison.Ordinal)), ("kind", made.Kind.Word()), ("roles", "customer"),
            ("country", customer.Value is { } country ? made.Countries?.GetValueOrDefault(country) ?? "" : "")))], stamp, ct);
    }

    /// <summary>The tax code and the categories; items come after them.</summary>
    private async Task<Result> Begin(IReadOnlyList<PastItem> items, PastTax tax, CancellationToken ct)
    {
        var view = await catalogue.Get(ct);
        var hasTax = view.TaxCodes.Any(entry => entry.Code.Code == tax.Code);
        if (!hasTax && tax.Category is not ("Z" or "O")) return PastRefusals.TaxCodeUnknown(tax.Code);
        var categories = items.Select(item => item.Rule).DistinctBy(rule => rule.Category).Where(rule => view.Categories.All(known => known.Code != rule.Category)).ToList();
        if (hasTax && categories.Count == 0) return Result.Done;
        await database.Write(tx =>
        {
            catalogue.Touch(tx);
            if (!hasTax)
            {
                var reason = tax.Category == "O" ? "Outside the scope of tax" : null;
                tx.Stage($"insert into tax_code (id, code, name, category, exemption_reason) values ({Ids.New(clock)}, {tax.Code}, {tax.Name ?? tax.Code}, {tax.Category}, {reason})");
            }

            foreach (var rule in categories) tx.Stage($"insert into category (id, code, name) values ({Ids.New(clock)}, {rule.Category}, {rule.CategoryName ?? rule.Category})");
            return Task.CompletedTask;
        }, ct);
        return Result.Done;
    }

    private async Task<Result> Import(ImportTarget target, IReadOnlyList<IReadOnlyDictionary<string, string>> rows, Stamp stamp, CancellationToken ct)
    {
        foreach (var chunk in rows.Chunk(ChunkRows))
        {
            var taken = chunk.Select((cells, at) => new ImportRow(at + 1, cells, Plain)).ToList();
            var done = await database.Write<bool>(async tx =>
            {
                target.Begin(tx);
                var plan = await target.Plan(tx, taken, stamp, ct);
                if (taken.Find(row => row.Fault is not null) is { Fault: { } fault } bad) return PastRefusals.MasterRefused(target.Kind, string.Join(", ", chunk[bad.Line - 1].Values), fault);
                plan.Write(tx);
                AuditTrail.Stage(tx, new AuditEvent(stamp, PastSalesImport.Function, "run", $"import-{target.Kind}", null, After: $$"""{"created":{{plan.Created}}}"""), clock);
                return true;
            }, ct);
            if (done.IsRefused) return done.Refusal;
        }

        return Result.Done;
    }

    private static Dictionary<string, string> Cells(params IEnumerable<(string Field, string Cell)> cells) => cells.ToDictionary(cell => cell.Field, cell => cell.Cell, StringComparer.Ordinal);
}

/// <summary>Every reason for which an import of past sales as a whole says no; those of rows are in <see cref="PastPlan"/> and <see cref="PastReader"/>.</summary>
internal static class PastRefusals
{
    public static Refusal BranchUnknown(string code) => new("IMPORT_BRANCH_UNKNOWN", $"There is no branch {code}, or it has no till.");

    public static Refusal TerminalUnknown(string code) => new("IMPORT_TERMINAL_UNKNOWN", $"There is no till {code} in the branch.");

    public static Refusal PaymentUnknown(string code) => new("IMPORT_PAYMENT_UNKNOWN", $"There is no payment method {code} of the type card, bank, mobile or other: a drawer or an account cannot be settled for a day that is over.");

    public static Refusal PriceListUnknown(string code) => new("IMPORT_PRICE_LIST_UNKNOWN", $"There is no price list {code}.");

    public static Refusal TaxCodeUnknown(string code) => new("IMPORT_TAX_CODE_UNKNOWN", $"There is no tax code {code}; one without rates is made when the mapping gives its category, Z or O.");

    public static Refusal MasterRefused(string kind, string row, Kernel.Imports.RefusedRow fault) => new("IMPORT_MASTER_REFUSED", $"One of the {kind} cannot be made ({row}): {fault.Field}: {fault.Reason} ({fault.Code})");

    public static Refusal OpeningClosed(DateOnly day) => new("PERIOD_CLOSED_FOR_OPENING", $"Goods that were sold must have been there: opening stock would be dated {day:yyyy-MM-dd}, whose period is closed.", Status: 409);
}
